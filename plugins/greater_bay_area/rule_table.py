"""Which results let which level, title, medal or honour be proposed: data, each row with its source.

Contest classes: "gba" (Greater Bay Area workers' contest), "provincial_2" (Guangdong class 2,
省级二类), "provincial_worker" (events of the provincial workers' programme), "xiangshan_cup"
(Zhongshan 香山工匠杯). Where no published text gives a figure, the clause says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from plugins import Text, text

VERSION = "1"
PRIZES = ("first", "second", "third")
PRIZES_AND_MERIT = (*PRIZES, "merit")
WORKERS = ("", "workers")
"""Groups whose entrants are employed workers: the only group, or the one called "workers"."""

AUTHORITIES: Mapping[str, Text] = {
    "assessment_body": text("已备案的评价机构", "已備案的評價機構", "The filed assessment body", "A entidade de avaliação registada"),
    "guangdong_ftu": text("广东省总工会", "廣東省總工會", "Guangdong Federation of Trade Unions", "Federação dos Sindicatos de Guangdong"),
    "guangdong_hr": text("广东省人力资源和社会保障厅", "廣東省人力資源和社會保障廳", "Human Resources and Social Security Department of Guangdong", "Departamento de Recursos Humanos e Segurança Social de Guangdong"),
    "zhongshan_ftu": text("中山市总工会", "中山市總工會", "Zhongshan Federation of Trade Unions", "Federação dos Sindicatos de Zhongshan"),
    "zhongshan_hr": text("中山市人力资源和社会保障局", "中山市人力資源和社會保障局", "Human Resources and Social Security Bureau of Zhongshan", "Gabinete de Recursos Humanos e Segurança Social de Zhongshan"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rule:
    """One row. Every condition that is set must hold; a fact that is not known does not hold.

    prizes: the entry won one of them. first_place: rank 1. standard_level: the contest was set at
    this level. held_level: the member already holds it in this occupation. guangdong: the
    delegation is one of Guangdong's. first_of_two: of two members only the first-named.
    once: not for who holds this very title already. issuer: who would sign after the grant.
    """

    kind: str
    code: str
    grade: str
    title: Text
    authority: str
    classes: tuple[str, ...]
    clause: Text
    source: str
    prizes: tuple[str, ...] = ()
    first_place: bool = False
    groups: tuple[str, ...] = ()
    standard_level: str = ""
    held_level: str = ""
    guangdong: bool = False
    first_of_two: bool = False
    once: bool = False
    issuer: str = ""


LEVEL_3 = text("三级/高级工", "三級/高級工", "Level 3 (senior)", "Nível 3 (operário sénior)")
LEVEL_2 = text("二级/技师", "二級/技師", "Level 2 (technician)", "Nível 2 (técnico)")
MEDAL = text("广东省五一劳动奖章", "廣東省五一勞動獎章", "Guangdong May Day Labour Medal", "Medalha do Trabalho do 1.º de Maio de Guangdong")  # fmt: skip

RULES: tuple[Rule, ...] = (
    Rule(
        kind="level",
        code="level:3",
        grade="3",
        title=LEVEL_3,
        authority="assessment_body",
        classes=("gba",),
        prizes=PRIZES_AND_MERIT,
        standard_level="3",
        clause=text(
            "赛项按国家职业标准三级命题。未见公开文本规定哪些奖项可晋升职业技能等级，由已备案的评价机构核定。",
            "賽項按國家職業標準三級命題。未見公開文本規定哪些獎項可晉升職業技能等級，由已備案的評價機構核定。",
            "The contest was set at level 3 of the national standard. No published text says which of its prizes lead to a level: the filed assessment body decides.",
            "A prova seguiu o nível 3 da norma nacional. Nenhum texto publicado diz que prémios dão direito a nível: decide a entidade de avaliação registada.",
        ),
        source="工人日报 2024-10-14 (level-3 standard of the 4th contest); which prizes: no source found",
    ),
    Rule(
        kind="medal",
        code="guangdong_may_day_medal",
        grade="",
        title=MEDAL,
        authority="guangdong_ftu",
        classes=("gba",),
        first_place=True,
        guangdong=True,
        once=True,
        clause=text(
            "第一名若属广东省选手，按程序申报广东省五一劳动奖章。",
            "第一名若屬廣東省選手，按程序申報廣東省五一勞動獎章。",
            "First place, if an entrant of Guangdong, may apply for the medal by the usual procedure.",
            "O primeiro lugar, se for concorrente de Guangdong, pode candidatar-se à medalha segundo o procedimento próprio.",
        ),
        source="265xx.com/w417/521241.html (3rd Greater Bay Area contest, 2023)",
    ),
    Rule(
        kind="level",
        code="level:2",
        grade="2",
        title=LEVEL_2,
        authority="assessment_body",
        classes=("provincial_2",),
        prizes=PRIZES_AND_MERIT,
        clause=text(
            "优胜奖及以上选手，经核准由承办单位颁发技师（二级）职业技能等级证书。",
            "優勝獎及以上選手，經核准由承辦單位頒發技師（二級）職業技能等級證書。",
            "Merit award and above: a level 2 (technician) certificate from the host, once approved.",
            "Menção honrosa ou superior: certificado de nível 2 (técnico) da entidade executora, após aprovação.",
        ),
        source="广东省职业技能竞赛管理办法; gd-lighting.org.cn/Home/NewsDetail/894 (2022)",
    ),
    Rule(
        kind="title",
        code="guangdong_technical_expert",
        grade="",
        title=text("广东省技术能手", "廣東省技術能手", "Guangdong technical expert", "Perito técnico de Guangdong"),
        authority="guangdong_hr",
        classes=("provincial_2",),
        prizes=PRIZES,
        groups=WORKERS,
        once=True,
        clause=text(
            "职工组获奖选手，经人社部门核准授予广东省技术能手称号；已获得者不重复授予。",
            "職工組獲獎選手，經人社部門核准授予廣東省技術能手稱號；已獲得者不重複授予。",
            "Worker prize winners, once the human resources department approves; not granted twice.",
            "Premiados do grupo de trabalhadores, após aprovação do departamento de recursos humanos; não se repete.",
        ),
        source="广东省职业技能竞赛管理办法; gd-lighting.org.cn/Home/NewsDetail/894 (2022)",
    ),
    Rule(
        kind="medal",
        code="guangdong_may_day_medal",
        grade="",
        title=MEDAL,
        authority="guangdong_ftu",
        classes=("provincial_2",),
        first_place=True,
        guangdong=True,
        first_of_two=True,
        once=True,
        clause=text(
            "第一名可于次年申报广东省五一劳动奖章；双人赛项限排名第一的主力选手；不重复授予。",
            "第一名可於次年申報廣東省五一勞動獎章；雙人賽項限排名第一的主力選手；不重複授予。",
            "First place may apply the following year; in an event of two only the first-named; not granted twice.",
            "O primeiro lugar pode candidatar-se no ano seguinte; em provas de dois, só o primeiro nomeado; não se repete.",
        ),
        source="广东省职业技能竞赛管理办法; gd-lighting.org.cn/Home/NewsDetail/894 (2022)",
    ),
    Rule(
        kind="medal",
        code="guangdong_may_day_medal",
        grade="",
        title=MEDAL,
        authority="guangdong_ftu",
        classes=("provincial_worker",),
        first_place=True,
        guangdong=True,
        once=True,
        clause=text(
            "列入全省职工职业技能竞赛计划的项目，第一名按程序申报广东省五一劳动奖章。",
            "列入全省職工職業技能競賽計劃的項目，第一名按程序申報廣東省五一勞動獎章。",
            "In events of the provincial workers' programme first place may apply for the medal.",
            "Nas provas do programa provincial de trabalhadores, o primeiro lugar pode candidatar-se à medalha.",
        ),
        source="gdftu.org.cn/xwzx/ghyw/content/post_990794",
    ),
    Rule(
        kind="level",
        code="level:3",
        grade="3",
        title=LEVEL_3,
        authority="assessment_body",
        classes=("xiangshan_cup",),
        prizes=PRIZES_AND_MERIT,
        clause=text(
            "优胜奖及以上选手，按程序核发高级工（三级）职业技能等级证书。",
            "優勝獎及以上選手，按程序核發高級工（三級）職業技能等級證書。",
            "Merit award and above: a level 3 (senior) certificate by the usual procedure.",
            "Menção honrosa ou superior: certificado de nível 3 (operário sénior), segundo o procedimento próprio.",
        ),
        source="中山日报, 2023 香山工匠杯 红木雕刻 (mirror perkinsmuseum.org, id 717387)",
    ),
    Rule(
        kind="level",
        code="level:2",
        grade="2",
        title=LEVEL_2,
        authority="assessment_body",
        classes=("xiangshan_cup",),
        prizes=("first",),
        held_level="3",
        clause=text(
            "一等奖选手已持有高级工（三级）证书的，按程序核发技师（二级）职业技能等级证书。",
            "一等獎選手已持有高級工（三級）證書的，按程序核發技師（二級）職業技能等級證書。",
            "First prize winners who already hold level 3: a level 2 (technician) certificate.",
            "Primeiros prémios que já têm o nível 3: certificado de nível 2 (técnico).",
        ),
        source="中山日报, 2023 香山工匠杯 红木雕刻 (mirror perkinsmuseum.org, id 717387)",
    ),
    Rule(
        kind="title",
        code="zhongshan_technical_expert",
        grade="",
        title=text("中山市技术能手", "中山市技術能手", "Zhongshan technical expert", "Perito técnico de Zhongshan"),
        authority="zhongshan_hr",
        classes=("xiangshan_cup",),
        prizes=("first",),
        once=True,
        clause=text(
            "一等奖选手，经市人社局核准授予中山市技术能手称号。",
            "一等獎選手，經市人社局核准授予中山市技術能手稱號。",
            "First prize winners, once the city's human resources bureau approves.",
            "Primeiros prémios, após aprovação do gabinete municipal de recursos humanos.",
        ),
        source="中山日报, 2023 香山工匠杯 红木雕刻 (mirror perkinsmuseum.org, id 717387)",
    ),
    Rule(
        kind="honour",
        code="xiangshan_craftsman",
        grade="",
        title=text("年度“香山工匠”", "年度「香山工匠」", "Xiangshan Craftsman of the year", "Artesão de Xiangshan do ano"),
        authority="zhongshan_ftu",
        classes=("xiangshan_cup",),
        first_place=True,
        groups=WORKERS,
        once=True,
        clause=text(
            "职工选手第一名，由市总工会按程序命名为年度“香山工匠”。",
            "職工選手第一名，由市總工會按程序命名為年度「香山工匠」。",
            "The worker in first place may be named by the city's federation of trade unions.",
            "O trabalhador em primeiro lugar pode ser nomeado pela federação municipal dos sindicatos.",
        ),
        source="中山日报, 2023 香山工匠杯 红木雕刻 (mirror perkinsmuseum.org, id 717387)",
    ),
)  # fmt: skip

DECLARED_LEVEL = text(
    "赛项规程已载明可申报的职业技能等级及评价机构，由该机构核定。",
    "賽項規程已載明可申報的職業技能等級及評價機構，由該機構核定。",
    "The contest's regulations name the level and the assessment body, which decides.",
    "O regulamento da prova indica o nível e a entidade de avaliação, que decide.",
)
