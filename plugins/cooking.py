"""Chinese dishes and pastry: cards of the trade, works with shares, hygiene, over-time, tasting.

Referees mark each work blind on a card of 100. Hygiene and waste are watched at the station and
only take points away. Invited tasters are a panel of their own that counts nothing unless the
organiser gives it a weight; their votes lead to an award of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from plugins import (
    TITLE_COLUMNS,
    Aspect,
    AwardMethod,
    AwardRule,
    Choice,
    ContestType,
    Control,
    Criterion,
    Finding,
    Kind,
    MissingPolicy,
    Module,
    Option,
    Options,
    Prize,
    Rules,
    Scheme,
    SubCriterion,
    Template,
    Text,
    Trim,
    check_faults,
    check_panel_options,
    check_titles,
    defects_of,
    fault,
    faults_option,
    hookimpl,
    milli,
    over_time_of,
    over_time_options,
    panel_aspect,
    panel_options,
    per_cent,
    register_findings,
    standard_options,
    standard_rules,
    text,
    title_of,
    title_row,
)

register_findings(
    {
        "cooking-no-work": "There is no work to judge. Add at least one.",
    }
)

WORKS = "W"
CONDUCT = "H"
TASTING = "T"

LOOK = text("观感", "觀感", "Look", "Aspeto visual")
TASTE = text("味感", "味感", "Taste", "Sabor")
TEXTURE = text("质感", "質感", "Texture", "Textura")
HYGIENE = text("营养卫生", "營養衛生", "Nutrition and hygiene", "Nutrição e higiene")
USE = text("实用性", "實用性", "Practicality", "Utilidade prática")

CARDS: Mapping[str, tuple[tuple[Text, str], ...]] = {
    "dish": ((LOOK, "20"), (TASTE, "40"), (HYGIENE, "20"), (USE, "20")),
    "pastry": ((LOOK, "10"), (TASTE, "40"), (TEXTURE, "20"), (HYGIENE, "10"), (USE, "20")),
}


def _work(title: Text, share: str = "1") -> dict[str, Any]:
    return {**title_row(title), "share": share}


DESIGNATED = text("指定作品", "指定作品", "Designated work", "Obra obrigatória")
FREE = text("自选作品", "自選作品", "Free work", "Obra livre")
SNACK = text("小吃", "小食", "Snack", "Petisco")
DISH = text("菜肴", "菜餚", "Dish", "Prato")

PASTRY_2024 = Template(
    "pastry_2024",
    text("中式面点制作（三件岭南作品）", "中式麵點製作（三件嶺南作品）", "Chinese pastry (three Lingnan works)", "Pastelaria chinesa (três obras de Lingnan)"),
    {"card": "pastry", "minutes": 150, "works": [_work(DESIGNATED), _work(FREE), _work(SNACK)]},
)  # fmt: skip

OPTIONS: tuple[Option, ...] = (
    Option(
        "card",
        "choice",
        text("评分卡", "評分卡", "Card", "Ficha"),
        "dish",
        choices=(
            Choice("dish", text("菜肴：观感20 味感40 营养卫生20 实用性20", "菜餚：觀感20 味感40 營養衛生20 實用性20", "Dish: look 20, taste 40, nutrition and hygiene 20, practicality 20", "Prato: aspeto 20, sabor 40, nutrição e higiene 20, utilidade 20")),
            Choice("pastry", text("面点：观感10 味感40 质感20 营养卫生10 实用性20", "麵點：觀感10 味感40 質感20 營養衛生10 實用性20", "Pastry: look 10, taste 40, texture 20, nutrition and hygiene 10, practicality 20", "Pastelaria: aspeto 10, sabor 40, textura 20, nutrição e higiene 10, utilidade 20")),
        ),
        first=True,
    ),
    Option(
        "works",
        "table",
        text("作品", "作品", "Works", "Obras"),
        [_work(DISH)],
        text(
            "每件作品按 100 分评定，总分按份数加权平均。",
            "每件作品按 100 分評定，總分按份數加權平均。",
            "Each work is marked out of 100; the total is their mean weighted by shares.",
            "Cada obra vale 100; o total é a média ponderada pelas partes.",
        ),
        columns=(
            *TITLE_COLUMNS,
            Option("share", "decimal", text("份数", "份數", "Share", "Partes"), "1", minimum="0.001", maximum="100"),
        ),
        first=True,
    ),
    Option("minutes", "int", text("时限（分钟，0 为不限）", "時限（分鐘，0 為不限）", "Time limit (minutes, 0: none)", "Limite de tempo (minutos, 0: nenhum)"), 120, minimum="0", maximum="1440", first=True),
    *over_time_options(points="0.5", exclude=30),
    *panel_options(judges=5, step="0.5"),
    Option("blind", "bool", text("按作品编号匿名品评", "按作品編號匿名品評", "Works are judged blind by code", "Obras avaliadas às cegas por código"), True),
    faults_option(
        "faults",
        text("卫生与节约扣分表", "衛生與節約扣分表", "Deductions for hygiene and waste", "Descontos por higiene e desperdício"),
        [
            fault("dress", text("着装、指甲或饰物不合要求", "衣着、指甲或飾物不合要求", "Clothes, nails or jewellery against the rules", "Vestuário, unhas ou adornos incorretos"), "1", "5"),
            fault("hygiene", text("操作或台面不卫生", "操作或檯面不衛生", "Unhygienic work or table", "Trabalho ou bancada sem higiene"), "1", "5"),
            fault("waste", text("浪费原料", "浪費原料", "Waste of ingredients", "Desperdício de ingredientes"), "1", "5"),
            fault("brought", text("自带半成品", "自帶半製成品", "Semi-finished goods brought in", "Produtos semiacabados trazidos de fora"), "10", "10"),
        ],
        text(
            "扣分数值由主办方确定，从总分中扣除；清空表格即不设此项。",
            "扣分數值由主辦方確定，從總分中扣除；清空表格即不設此項。",
            "The numbers are the organiser's and come off the total; an empty table leaves the module out.",
            "Os valores são da entidade organizadora e descontam-se do total; tabela vazia elimina o módulo.",
        ),
    ),
    Option("faults_limit", "decimal", text("卫生与节约最多共扣", "衛生與節約最多共扣", "Most points off for hygiene and waste together", "Desconto total máximo por higiene e desperdício"), "20", minimum="0", maximum="100"),
    Option("tasters", "int", text("品鉴官人数（0 为不设）", "品鑑官人數（0 為不設）", "Tasters (0: none)", "Provadores (0: nenhum)"), 0, minimum="0", maximum="999"),
    Option(
        "taster_weight",
        "decimal",
        text("品鉴官评分权重（%）", "品鑑官評分權重（%）", "Weight of the tasters' marks (%)", "Peso das notas dos provadores (%)"),
        "0",
        text(
            "默认 0：品鉴官评分与裁判评分分开，只产生单独的投票奖。",
            "預設 0：品鑑官評分與裁判評分分開，只產生單獨的投票獎。",
            "0 by default: kept apart from the referees, leading to a vote award only.",
            "0 por defeito: à parte dos juízes, dá só um prémio por votação.",
        ),
        minimum="0",
        maximum="50",
    ),
)  # fmt: skip


class Cooking(ContestType):
    """Works on a card of the trade, hygiene at the station, tasters apart."""

    code = "cooking"
    version = 1
    title = text("中式烹饪与面点", "中式烹飪與麵點", "Chinese cookery and pastry", "Cozinha e pastelaria chinesas")  # fmt: skip
    summary = text(
        "五名裁判匿名品评，去掉最高分和最低分；超时扣分；品鉴官另行投票。",
        "五名裁判匿名品評，去掉最高分和最低分；超時扣分；品鑑官另行投票。",
        "Five referees judge blind, highest and lowest dropped; over-time costs points; tasters vote apart.",
        "Cinco juízes avaliam às cegas sem a nota mais alta e a mais baixa; o tempo a mais desconta; os provadores votam à parte.",
    )
    options = (*OPTIONS, *standard_options([{"key": "unrounded"}, {"key": "time", "id": WORKS}]))
    templates = (PASTRY_2024,)

    def scheme(self, options: Options) -> Scheme:
        parts = (_works(options), _conduct(options), _tasting(options))
        return Scheme("cooking", self.title, tuple(part for part in parts if part))

    def rules(self, options: Options) -> Rules:
        return standard_rules(options, awards=_vote(options))

    def check_options(self, options: Options) -> list[Finding]:
        return [
            *_check_works(options),
            *check_faults("faults", options["faults"]),
            *check_panel_options(options),
        ]


@hookimpl
def contest_types() -> Iterable[ContestType]:
    return [Cooking()]


def _works(options: Options) -> Module:
    shares = [Fraction(work["share"]) for work in options["works"]]
    works = zip(options["works"], shares, strict=True)
    return Module(
        id=WORKS,
        title=text("作品", "作品", "Works", "Obras"),
        maximum=100_000,
        criteria=tuple(
            _criterion(n, title_of(work), share / sum(shares), options)
            for n, (work, share) in enumerate(works, 1)
        ),
        weight=1 - per_cent(options["taster_weight"]) if options["tasters"] else Fraction(1),
        blind=options["blind"],
        over_time=over_time_of(options["minutes"] * 60, options),
    )


def _criterion(n: int, title: Text, share: Fraction, options: Options) -> Criterion:
    lines = enumerate(CARDS[options["card"]], 1)
    card = tuple(
        panel_aspect(f"{WORKS}{n}.{line}", name, maximum, options, factor=share)
        for line, (name, maximum) in lines
    )
    return Criterion(f"{WORKS}{n}", title, (SubCriterion(f"{WORKS}{n}", title, card),))


def _conduct(options: Options) -> Module | None:
    """Takes away and never gives: full is 0, the floor is minus the limit."""
    if not options["faults"]:
        return None
    title = text("卫生与节约", "衛生與節約", "Hygiene and waste", "Higiene e desperdício")
    aspect = Aspect(
        id=f"{CONDUCT}1.1",
        kind=Kind.DEDUCTION,
        title=title,
        maximum=0,
        minimum=-milli(options["faults_limit"]),
        step=500,
        defects=defects_of(options["faults"]),
        control=Control("defects", 500),
    )
    criterion = Criterion(CONDUCT, title, (SubCriterion(f"{CONDUCT}1", title, (aspect,)),))
    return Module(CONDUCT, title, 0, (criterion,), blind=False, process=True)


def _tasting(options: Options) -> Module | None:
    if not options["tasters"]:
        return None
    title = text("品鉴", "品鑑", "Tasting", "Prova")
    aspect = Aspect(
        id=f"{TASTING}1.1",
        kind=Kind.POINTS,
        title=text("品鉴官总体评价", "品鑑官總體評價", "Tasters' overall mark", "Nota global dos provadores"),
        maximum=100_000,
        step=1000,
        panel="tasters",
        judges=options["tasters"],
        trim=Trim(),
        round_panel=2,
        missing=MissingPolicy.PRESENT,
        control=Control("grid", 1000),
    )  # fmt: skip
    criterion = Criterion(TASTING, title, (SubCriterion(f"{TASTING}1", title, (aspect,)),))
    weight = per_cent(options["taster_weight"])
    missing = MissingPolicy.BLOCK if weight else MissingPolicy.ZERO
    return Module(TASTING, title, 100_000, (criterion,), weight=weight, missing=missing)


def _vote(options: Options) -> tuple[AwardRule, ...]:
    if not options["tasters"]:
        return ()
    title = text("最佳人气奖", "最佳人氣獎", "Most popular work", "Prémio da popularidade")
    prize = Prize("popular", title, Fraction(1))
    return (AwardRule("popular", title, AwardMethod.VOTE, (prize,), panel="tasters"),)


def _check_works(options: Options) -> list[Finding]:
    if not options["works"]:
        return [Finding("/works", "cooking-no-work", {})]
    return check_titles("works", options["works"])
