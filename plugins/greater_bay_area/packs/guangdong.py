"""Guangdong: provincial classes 1 and 2 (省一类, 省二类), the workers' programme, and the medals that
the Greater Bay Area workers' contest leads to."""

from __future__ import annotations

from plugins import Choice, PrizePlan, text
from plugins.greater_bay_area.packs.asking import (
    level_question,
    level_rule,
    places_question,
    title_rule,
    yes_question,
)
from plugins.greater_bay_area.packs.conditions import (
    AskedPrize,
    AskedYes,
    FirstNamed,
    FromGuangdong,
    Group,
    Held,
    Place,
    Prize,
    StandardLevel,
)
from plugins.greater_bay_area.packs.model import Pack, Rule
from plugins.greater_bay_area.packs.names import LEVELS, MEDAL, PRIZES, PRIZES_AND_MERIT, WORKERS

GBA, CLASS_1, CLASS_2, WORKERS_PROGRAMME = (
    "gba",
    "provincial_1",
    "provincial_2",
    "provincial_worker",
)
SINCE_2022 = "2022-01-01"
RULES_OF_2022 = "广东省职业技能竞赛管理办法; gd-lighting.org.cn/Home/NewsDetail/894 (2022)"
WORKERS_GROUP = text("职工组", "職工組", "the workers' group", "o grupo de trabalhadores")
EXPERT = text(
    "广东省技术能手", "廣東省技術能手", "Guangdong technical expert", "Perito técnico de Guangdong"
)
HIGHER = text(
    "获省技术能手且已具有技师的，可晋升下一等级",
    "獲省技術能手且已具有技師的，可晉升下一等級",
    "technical experts who hold level 2 may be proposed for the next level",
    "peritos técnicos que já têm o nível 2 podem ser propostos para o nível seguinte",
)

PACK = Pack(
    code="guangdong",
    version="2022-1",
    title=text("广东省", "廣東省", "Guangdong Province", "Província de Guangdong"),
    classes=(
        Choice(GBA, text("粤港澳大湾区职工职业技能大赛", "粵港澳大灣區職工職業技能大賽", "Greater Bay Area workers' contest", "Concurso dos trabalhadores da Grande Baía")),
        Choice(CLASS_1, text("省级一类", "省級一類", "Provincial, class 1", "Provincial, classe 1")),
        Choice(CLASS_2, text("省级二类", "省級二類", "Provincial, class 2", "Provincial, classe 2")),
        Choice(WORKERS_PROGRAMME, text("全省职工职业技能竞赛", "全省職工職業技能競賽", "Provincial workers' programme", "Programa provincial de trabalhadores")),
    ),
    rules=(
        Rule(
            kind="level",
            code="level:3",
            grade="3",
            title=LEVELS["3"],
            authority="assessment_body",
            classes=(GBA,),
            conditions=(AskedPrize("level_3_prizes"), StandardLevel("3")),
            clause=text(
                "赛项按国家职业标准三级命题。未见公开文本规定哪些奖项可晋升职业技能等级，由主办方填写，由已备案的评价机构核定。",
                "賽項按國家職業標準三級命題。未見公開文本規定哪些獎項可晉升職業技能等級，由主辦方填寫，由已備案的評價機構核定。",
                "The contest was set at level 3 of the national standard. No published text says which of its prizes lead to a level: the organiser states it, and the filed assessment body decides.",
                "A prova seguiu o nível 3 da norma nacional. Nenhum texto publicado diz que prémios dão direito a nível: o organizador indica-o e a entidade de avaliação registada decide.",
            ),
            source="工人日报 2024-10-14 (level-3 standard of the 4th contest); which prizes: no source found",
            valid_from="2023-01-01",
        ),
        Rule(
            kind="medal",
            code="guangdong_may_day_medal",
            title=MEDAL,
            authority="guangdong_ftu",
            classes=(GBA,),
            conditions=(Place(1), FromGuangdong(),),
            clause=text(
                "第一名若属广东省选手，按程序申报广东省五一劳动奖章。",
                "第一名若屬廣東省選手，按程序申報廣東省五一勞動獎章。",
                "First place, if an entrant of Guangdong, may apply for the medal by the usual procedure.",
                "O primeiro lugar, se for concorrente de Guangdong, pode candidatar-se à medalha segundo o procedimento próprio.",
            ),
            source="265xx.com/w417/521241.html (3rd Greater Bay Area contest, 2023)",
            valid_from="2023-01-01",
        ),
        Rule(
            kind="level",
            code="level:2",
            grade="2",
            title=LEVELS["2"],
            authority="assessment_body",
            classes=(CLASS_2,),
            conditions=(Prize(PRIZES_AND_MERIT),),
            clause=text(
                "优胜奖及以上选手，经核准由承办单位颁发技师（二级）职业技能等级证书。",
                "優勝獎及以上選手，經核准由承辦單位頒發技師（二級）職業技能等級證書。",
                "Merit award and above: a level 2 (technician) certificate from the host, once approved.",
                "Menção honrosa ou superior: certificado de nível 2 (técnico) da entidade executora, após aprovação.",
            ),
            source="广东省职业技能竞赛管理办法; gd-lighting.org.cn/Home/NewsDetail/894 (2022)",
            valid_from="2022-01-01",
        ),
        Rule(
            kind="title",
            code="guangdong_technical_expert",
            title=text("广东省技术能手", "廣東省技術能手", "Guangdong technical expert", "Perito técnico de Guangdong"),
            authority="guangdong_hr",
            classes=(CLASS_2,),
            conditions=(Prize(PRIZES), Group(WORKERS, WORKERS_GROUP),),
            clause=text(
                "职工组获奖选手，经人社部门核准授予广东省技术能手称号；已获得者不重复授予。",
                "職工組獲獎選手，經人社部門核准授予廣東省技術能手稱號；已獲得者不重複授予。",
                "Worker prize winners, once the human resources department approves; not granted twice.",
                "Premiados do grupo de trabalhadores, após aprovação do departamento de recursos humanos; não se repete.",
            ),
            source="广东省职业技能竞赛管理办法; gd-lighting.org.cn/Home/NewsDetail/894 (2022)",
            valid_from="2022-01-01",
        ),
        Rule(
            kind="medal",
            code="guangdong_may_day_medal",
            title=MEDAL,
            authority="guangdong_ftu",
            classes=(CLASS_2,),
            conditions=(Place(1), FromGuangdong(), FirstNamed(),),
            clause=text(
                "第一名可于次年申报广东省五一劳动奖章；双人赛项限排名第一的主力选手；不重复授予。",
                "第一名可於次年申報廣東省五一勞動獎章；雙人賽項限排名第一的主力選手；不重複授予。",
                "First place may apply the following year; in an event of two only the first-named; not granted twice.",
                "O primeiro lugar pode candidatar-se no ano seguinte; em provas de dois, só o primeiro nomeado; não se repete.",
            ),
            source="广东省职业技能竞赛管理办法; gd-lighting.org.cn/Home/NewsDetail/894 (2022)",
            valid_from="2022-01-01",
        ),
        Rule(
            kind="medal",
            code="guangdong_may_day_medal",
            title=MEDAL,
            authority="guangdong_ftu",
            classes=(WORKERS_PROGRAMME,),
            conditions=(Place(1), FromGuangdong(),),
            clause=text(
                "列入全省职工职业技能竞赛计划的项目，第一名按程序申报广东省五一劳动奖章。",
                "列入全省職工職業技能競賽計劃的項目，第一名按程序申報廣東省五一勞動獎章。",
                "In events of the provincial workers' programme first place may apply for the medal.",
                "Nas provas do programa provincial de trabalhadores, o primeiro lugar pode candidatar-se à medalha.",
            ),
            source="gdftu.org.cn/xwzx/ghyw/content/post_990794",
            valid_from="2005-01-01",
        ),
        Rule(
            kind="level",
            code="level:1",
            grade="1",
            title=LEVELS["1"],
            authority="assessment_body",
            classes=(CLASS_2,),
            conditions=(Prize(PRIZES), Group(WORKERS, WORKERS_GROUP), Held("2"), AskedYes("provincial_2_next_level", HIGHER)),
            clause=text(
                "获广东省技术能手且已具有技师的选手晋升等级：公开文本此处不完整，由主办方核对原文后确认。",
                "獲廣東省技術能手且已具有技師的選手晉升等級：公開文本此處不完整，由主辦方核對原文後確認。",
                "Technical experts who hold level 2 and the next level: the published copy breaks off here; the organiser confirms it from the original.",
                "Peritos técnicos que têm o nível 2 e o nível seguinte: a cópia publicada está cortada; o organizador confirma pelo original.",
            ),
            source=RULES_OF_2022,
            valid_from=SINCE_2022,
        ),
        title_rule("guangdong_technical_expert", EXPERT, "guangdong_hr", CLASS_1, SINCE_2022, option="provincial_1_places"),
        level_rule("2", CLASS_1, SINCE_2022),
        level_rule("3", CLASS_1, SINCE_2022),
    ),
    prizes={
        CLASS_2: (
            PrizePlan(
                "provincial_ratio",
                text("1:2:3，获奖不超过20%，优胜奖至前50%", "1:2:3，獲獎不超過20%，優勝獎至前50%", "1:2:3, at most 20 % of entrants, merit awards to 50 %", "1:2:3, no máximo 20 % dos concorrentes, menções até 50 %"),
                "ratio",
                (("first", "1"), ("second", "2"), ("third", "3")),
                text("一、二、三等奖按1:2:3设置，获奖人数不超过参赛人数的20%；其余在前50%以内的获优胜奖。", "一、二、三等獎按1:2:3設置，獲獎人數不超過參賽人數的20%；其餘在前50%以內的獲優勝獎。", "First, second and third prizes in the ratio 1:2:3, at most 20 % of the entrants; others within the first half get a merit award.", "Primeiros, segundos e terceiros prémios na proporção 1:2:3, no máximo 20 % dos concorrentes; os restantes até metade recebem menção honrosa."),
                RULES_OF_2022,
                SINCE_2022,
                cap="0.2",
                merit="0.5",
            ),
        ),
    },
    asks={
        GBA: (level_question("3"),),
        CLASS_1: (places_question("provincial_1_places", EXPERT), level_question("2"), level_question("3")),
        CLASS_2: (yes_question("provincial_2_next_level", HIGHER),),
    },
)  # fmt: skip
