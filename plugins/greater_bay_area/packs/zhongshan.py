"""Zhongshan: 香山工匠杯, by the published results of 2023 (红木雕刻)."""

from __future__ import annotations

from plugins import Choice, PrizePlan, text
from plugins.greater_bay_area.packs.conditions import Group, Held, Place, Prize
from plugins.greater_bay_area.packs.model import Pack, Rule
from plugins.greater_bay_area.packs.names import LEVELS, PRIZES_AND_MERIT, WORKERS

CUP = "xiangshan_cup"
SINCE = "2023-01-01"
SOURCE = "中山日报, 2023 香山工匠杯 红木雕刻 (mirror perkinsmuseum.org, id 717387)"

PACK = Pack(
    code="zhongshan",
    version="2023-1",
    title=text("中山市", "中山市", "Zhongshan", "Zhongshan"),
    classes=(
        Choice(CUP, text("香山工匠杯", "香山工匠杯", "Xiangshan Craftsman Cup", "Taça Artesão de Xiangshan")),
    ),
    rules=(
        Rule(
            kind="level",
            code="level:3",
            grade="3",
            title=LEVELS["3"],
            authority="assessment_body",
            classes=(CUP,),
            conditions=(Prize(PRIZES_AND_MERIT),),
            clause=text(
                "优胜奖及以上选手，按程序核发高级工（三级）职业技能等级证书。",
                "優勝獎及以上選手，按程序核發高級工（三級）職業技能等級證書。",
                "Merit award and above: a level 3 (senior worker) certificate by the usual procedure.",
                "Menção honrosa ou superior: certificado de nível 3 (trabalhador sénior), segundo o procedimento próprio.",
            ),
            source=SOURCE,
            valid_from=SINCE,
        ),
        Rule(
            kind="level",
            code="level:2",
            grade="2",
            title=LEVELS["2"],
            authority="assessment_body",
            classes=(CUP,),
            conditions=(Prize(("first",)), Held("3")),
            clause=text(
                "一等奖选手已持有高级工（三级）证书的，按程序核发技师（二级）职业技能等级证书。",
                "一等獎選手已持有高級工（三級）證書的，按程序核發技師（二級）職業技能等級證書。",
                "First prize winners who already hold level 3: a level 2 (technician) certificate.",
                "Primeiros prémios que já têm o nível 3: certificado de nível 2 (técnico).",
            ),
            source=SOURCE,
            valid_from=SINCE,
        ),
        Rule(
            kind="title",
            code="zhongshan_technical_expert",
            title=text("中山市技术能手", "中山市技術能手", "Zhongshan technical expert", "Perito técnico de Zhongshan"),
            authority="zhongshan_hr",
            classes=(CUP,),
            conditions=(Prize(("first",)),),
            clause=text(
                "一等奖选手，经市人社局核准授予中山市技术能手称号。",
                "一等獎選手，經市人社局核准授予中山市技術能手稱號。",
                "First prize winners, once the city's human resources bureau approves.",
                "Primeiros prémios, após aprovação do gabinete municipal de recursos humanos.",
            ),
            source=SOURCE,
            valid_from=SINCE,
        ),
        Rule(
            kind="honour",
            code="xiangshan_craftsman",
            title=text("年度“香山工匠”", "年度「香山工匠」", "Xiangshan Craftsman of the year", "Artesão de Xiangshan do ano"),
            authority="zhongshan_ftu",
            classes=(CUP,),
            conditions=(Place(1), Group(WORKERS, text("职工组", "職工組", "the workers' group", "o grupo de trabalhadores"))),
            clause=text(
                "职工选手第一名，由市总工会按程序命名为年度“香山工匠”。",
                "職工選手第一名，由市總工會按程序命名為年度「香山工匠」。",
                "The worker in first place may be named by the city's federation of trade unions.",
                "O trabalhador em primeiro lugar pode ser nomeado pela federação municipal dos sindicatos.",
            ),
            source=SOURCE,
            valid_from=SINCE,
        ),
    ),
    prizes={
        CUP: (
            PrizePlan(
                "xiangshan_2023",
                text("2023 香山工匠杯：2、4、6、18", "2023 香山工匠杯：2、4、6、18", "2023 cup: 2, 4, 6 and 18", "Taça de 2023: 2, 4, 6 e 18"),
                "counts",
                (("first", "2"), ("second", "4"), ("third", "6"), ("merit", "18")),
                text("一等奖2名、二等奖4名、三等奖6名、优胜奖18名。", "一等獎2名、二等獎4名、三等獎6名、優勝獎18名。", "2 first, 4 second and 6 third prizes, 18 merit awards.", "2 primeiros, 4 segundos e 6 terceiros prémios, 18 menções honrosas."),
                SOURCE,
                SINCE,
                "2023-12-31",
            ),
        ),
    },
)  # fmt: skip
