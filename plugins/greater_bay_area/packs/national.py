"""National contests: class 1 (国家一类) as in the first national contest of 2020, class 2 (国家二类), and
the industry contests whose notices give figures of their own."""

from __future__ import annotations

from plugins import Choice, PrizePlan, Text, text
from plugins.greater_bay_area.packs.asking import (
    level_question,
    level_rule,
    places_question,
    title_rule,
)
from plugins.greater_bay_area.packs.conditions import Condition, Held, Place, Prize
from plugins.greater_bay_area.packs.model import Pack, Rule
from plugins.greater_bay_area.packs.names import LEVELS

CLASS_1, CLASS_2, INDUSTRY = "national_1", "national_2", "national_industry"
SINCE_2020, SINCE_PRINTING = "2020-07-05", "2013-01-01"
EXPERT = text(
    "全国技术能手", "全國技術能手", "National technical expert", "Perito técnico nacional"
)
OF_2020 = "人民日报 2020-07-05 (mirror scsqw.cn), 第一届全国技能大赛"
PRINTING = (
    "fsou.com …/chl/1733/173315_2 (第三届全国印刷行业职业技能大赛; the notice names no class)"
)
TOP_FIVE = Place(5, sizes={2: 3, 3: 2})

TITLE = text(
    "单人赛项前5名、双人赛项前3名、三人赛项前2名，经核准授予全国技术能手。",
    "單人賽項前5名、雙人賽項前3名、三人賽項前2名，經核准授予全國技術能手。",
    "The first five, the first three pairs or the first two teams of three, once approved.",
    "Os cinco primeiros, os três primeiros pares ou as duas primeiras equipas de três, após aprovação.",
)
TECHNICIAN = text(
    "优胜奖及以上选手晋升技师（二级）；已具有技师的晋升高级技师（一级）。",
    "優勝獎及以上選手晉升技師（二級）；已具有技師的晉升高級技師（一級）。",
    "Merit award and above: level 2 (technician); holders of it: level 1 (senior technician).",
    "Menção honrosa ou superior: nível 2 (técnico); quem já o tem: nível 1 (técnico sénior).",
)
TOP = text(
    "前5名授予全国技术能手并晋升技师；已具有技师的晋升高级技师。",
    "前5名授予全國技術能手並晉升技師；已具有技師的晉升高級技師。",
    "The first five: the title and level 2 (technician); holders of it: level 1.",
    "Os cinco primeiros: o título e o nível 2 (técnico); quem já o tem: nível 1.",
)
NEXT = text(
    "第6至20名晋升高级工；已具有高级工的晋升技师。",
    "第6至20名晉升高級工；已具有高級工的晉升技師。",
    "Places 6 to 20: level 3 (senior worker); holders of it: level 2 (technician).",
    "Do 6.º ao 20.º lugar: nível 3 (trabalhador sénior); quem já o tem: nível 2 (técnico).",
)


def _level(
    grade: str,
    contest_class: str,
    conditions: tuple[Condition, ...],
    clause: Text,
    source: str,
    since: str,
) -> Rule:
    return Rule(
        kind="level",
        code=f"level:{grade}",
        grade=grade,
        title=LEVELS[grade],
        authority="assessment_body",
        classes=(contest_class,),
        conditions=conditions,
        clause=clause,
        source=source,
        valid_from=since,
    )


def _expert(contest_class: str, place: Place, clause: Text, source: str, since: str) -> Rule:
    return Rule(
        kind="title",
        code="national_technical_expert",
        title=EXPERT,
        authority="mohrss",
        classes=(contest_class,),
        conditions=(place,),
        clause=clause,
        source=source,
        valid_from=since,
    )


PACK = Pack(
    code="national",
    version="2020-1",
    title=text("国家级竞赛", "國家級競賽", "National contests", "Provas nacionais"),
    classes=(
        Choice(CLASS_1, text("国家一类", "國家一類", "National, class 1", "Nacional, classe 1")),
        Choice(CLASS_2, text("国家二类", "國家二類", "National, class 2", "Nacional, classe 2")),
        Choice(INDUSTRY, text("全国行业赛（按印刷行业通知）", "全國行業賽（按印刷行業通知）", "National industry contest (printing notice)", "Prova nacional de setor (aviso da indústria gráfica)")),
    ),
    rules=(
        _expert(CLASS_1, TOP_FIVE, TITLE, OF_2020, SINCE_2020),
        _level("2", CLASS_1, (Prize(),), TECHNICIAN, OF_2020, SINCE_2020),
        _level("1", CLASS_1, (Prize(), Held("2")), TECHNICIAN, OF_2020, SINCE_2020),
        _expert(INDUSTRY, Place(5), TOP, PRINTING, SINCE_PRINTING),
        _level("2", INDUSTRY, (Place(5),), TOP, PRINTING, SINCE_PRINTING),
        _level("1", INDUSTRY, (Place(5), Held("2")), TOP, PRINTING, SINCE_PRINTING),
        _level("3", INDUSTRY, (Place(20, first=6),), NEXT, PRINTING, SINCE_PRINTING),
        _level("2", INDUSTRY, (Place(20, first=6), Held("3")), NEXT, PRINTING, SINCE_PRINTING),
        title_rule("national_technical_expert", EXPERT, "mohrss", CLASS_2, SINCE_2020, option="national_2_places"),
        level_rule("2", CLASS_2, SINCE_2020),
        level_rule("3", CLASS_2, SINCE_2020),
    ),
    prizes={
        CLASS_1: (
            PrizePlan(
                "national_shares",
                text("国赛比例 10 %、20 %、30 %", "國賽比例 10 %、20 %、30 %", "National shares 10 %, 20 %, 30 %", "Percentagens nacionais: 10 %, 20 %, 30 %"),
                "shares",
                (("first", "0.1"), ("second", "0.2"), ("third", "0.3")),
                text("一等奖10%、二等奖20%、三等奖30%（按本组参赛人数）。", "一等獎10%、二等獎20%、三等獎30%（按本組參賽人數）。", "First prizes 10 %, second 20 %, third 30 % of the group's entrants.", "Primeiros prémios 10 %, segundos 20 %, terceiros 30 % dos concorrentes do grupo."),
                "fsou.com/html/text/chl/1764/176474_2 (人社部 2012); robotxin.com/rengong/972283",
                "2012-01-01",
            ),
        ),
    },
    asks={
        CLASS_2: (
            places_question("national_2_places", EXPERT),
            level_question("2"),
            level_question("3"),
        ),
    },
)  # fmt: skip
