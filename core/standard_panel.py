"""Options of panels, time limits and tables of faults, with their reading into aspects."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from core.options import Choice, Option, Options, text
from core.scoring.model import Aspect, Control, Defect, Finding, Kind, Milli, OverTime, Text, Trim
from core.scoring.numbers import decimal_text
from core.standard_options import TITLE_COLUMNS, check_codes, check_titles, title_of, title_row
from core.standard_rules import milli


def panel_options(*, judges: int = 5, step: str = "0.5") -> tuple[Option, ...]:
    """How many judges, what is dropped, the step of a mark and the decimals of the mean."""
    return (
        Option("judges", "int", text("评委人数", "評委人數", "Judges", "Juízes"), judges, minimum="1", maximum="99", first=True),
        Option("drop_high", "int", text("去掉最高分个数", "去掉最高分個數", "Highest marks dropped", "Notas mais altas excluídas"), 1, minimum="0", maximum="20"),
        Option("drop_low", "int", text("去掉最低分个数", "去掉最低分個數", "Lowest marks dropped", "Notas mais baixas excluídas"), 1, minimum="0", maximum="20"),
        Option(
            "drop_minimum",
            "int",
            text("至少几个分数才去高低分", "至少幾個分數才去高低分", "Marks needed before any is dropped", "Notas necessárias para excluir alguma"),
            5,
            text(
                "到场评委不足此数时取全部分数的平均分。",
                "到場評委不足此數時取全部分數的平均分。",
                "With fewer marks than this the mean of all of them counts.",
                "Com menos notas do que estas conta a média de todas.",
            ),
            minimum="0",
            maximum="99",
        ),
        Option("step", "decimal", text("打分步长", "評分步長", "Step of a mark", "Intervalo da nota"), step, minimum="0.001", maximum="50"),
        Option("decimals", "int", text("平均分小数位数", "平均分小數位數", "Decimals of the mean", "Casas decimais da média"), 2, minimum="0", maximum="6"),
        Option("spread", "decimal", text("允许的最大分差（0 为不限）", "允許的最大分差（0 為不限）", "Largest accepted spread (0: any)", "Amplitude máxima aceite (0: qualquer)"), "0", minimum="0", maximum="100"),
    )  # fmt: skip


def over_time_options(*, points: str = "0", exclude: int = 0) -> tuple[Option, ...]:
    """Points per started or full minute over the limit, and when the entrant is out."""
    return (
        Option("over_time_points", "decimal", text("每超时一分钟扣分", "每超時一分鐘扣分", "Points off per minute over time", "Pontos descontados por minuto a mais"), points, minimum="0", maximum="100"),
        Option(
            "over_time_per",
            "choice",
            text("超时分钟的计法", "超時分鐘的計法", "Minutes over time are counted", "Contagem dos minutos a mais"),
            "started",
            choices=(
                Choice("started", text("不足一分钟按一分钟计", "不足一分鐘按一分鐘計", "When started", "Quando iniciados")),
                Choice("full", text("满一分钟才计", "滿一分鐘才計", "When full", "Quando completos")),
            ),
        ),
        Option("over_time_exclude", "int", text("超时超过几分钟淘汰（0 为不淘汰）", "超時超過幾分鐘淘汰（0 為不淘汰）", "Out when more minutes over time (0: never)", "Eliminação acima de tantos minutos a mais (0: nunca)"), exclude, minimum="0", maximum="1440"),
    )  # fmt: skip


def faults_option(
    code: str, title: Text, default: Sequence[Mapping[str, str]], help: Text
) -> Option:
    """A table of what may be found wrong and the range that it costs."""
    return Option(
        code,
        "table",
        title,
        [dict(row) for row in default],
        help,
        columns=(
            Option("code", "text", text("编号", "編號", "Code", "Código"), "", required=True),
            *TITLE_COLUMNS,
            Option("minimum", "decimal", text("最少扣分", "最少扣分", "Least points off", "Desconto mínimo"), "0.5", minimum="0", maximum="100"),
            Option("maximum", "decimal", text("最多扣分", "最多扣分", "Most points off", "Desconto máximo"), "5", minimum="0.5", maximum="100"),
        ),
    )  # fmt: skip


def fault(code: str, title: Text, minimum: str, maximum: str) -> dict[str, str]:
    """A default row of `faults_option`."""
    return {"code": code, **title_row(title), "minimum": minimum, "maximum": maximum}


def defects_of(rows: Sequence[Mapping[str, Any]]) -> tuple[Defect, ...]:
    return tuple(
        Defect(row["code"], title_of(row), milli(row["minimum"]), milli(row["maximum"]))
        for row in rows
    )


def check_faults(code: str, rows: Sequence[Mapping[str, Any]]) -> list[Finding]:
    """Codes, titles and ranges of a table of faults."""
    reversed_ranges = [
        Finding(
            f"/{code}/{n}/minimum",
            "option-range-reversed",
            {"minimum": row["minimum"], "maximum": row["maximum"]},
        )
        for n, row in enumerate(rows)
        if Fraction(row["minimum"]) > Fraction(row["maximum"])
    ]
    return [*check_codes(code, rows), *check_titles(code, rows), *reversed_ranges]


def panel_aspect(
    aspect_id: str, title: Text, maximum: str, options: Options, *, factor: Fraction = Fraction(1)
) -> Aspect:
    """One line of a card, marked by every judge. With a factor the award stays exact, so that
    shares such as a third of the card still add up to the whole."""
    step = milli(options["step"])
    return Aspect(
        id=aspect_id,
        kind=Kind.POINTS,
        title=title,
        maximum=milli(maximum),
        step=step,
        judges=options["judges"],
        spread=milli(options["spread"]) or None,
        trim=Trim(options["drop_high"], options["drop_low"], options["drop_minimum"]),
        factor=factor,
        round_panel=options["decimals"],
        round_award=options["decimals"] if factor == 1 else None,
        control=Control("grid", step),
    )


def judgement_aspect(
    aspect_id: str, title: Text, maximum: Milli, descriptors: tuple[Text, ...], *, judges: int = 3
) -> Aspect:
    """评价分: each referee gives 0 to 3 alone by four written descriptions; spread at most 1."""
    return Aspect(
        id=aspect_id,
        kind=Kind.JUDGEMENT,
        title=title,
        maximum=maximum,
        step=1000,
        judges=judges,
        descriptors=descriptors,
        spread=1000,
        control=Control("levels", 1000),
    )


def over_time_of(seconds: int, options: Options) -> OverTime | None:
    """What `over_time_options` say about a limit; None when there is no limit."""
    if not seconds:
        return None
    return OverTime(
        limit=seconds,
        points=milli(options["over_time_points"]),
        per=options["over_time_per"],
        exclude_after=options["over_time_exclude"] * 60 or None,
    )


def check_panel_options(options: Options) -> list[Finding]:
    """Dropping must leave at least one mark."""
    dropped = options["drop_high"] + options["drop_low"]
    if dropped and options["drop_minimum"] <= dropped:
        params = {"dropped": str(dropped), "judges": str(options["judges"])}
        return [Finding("/drop_minimum", "option-drops-everything", params)]
    return []


def check_sum(pointer: str, parts: Iterable[str], expected: str = "100") -> list[Finding]:
    """The parts must add up; the finding names the difference."""
    total = sum((Fraction(part) for part in parts), Fraction(0))
    if total == Fraction(expected):
        return []
    params = {
        "sum": decimal_text(total),
        "expected": expected,
        "difference": decimal_text(total - Fraction(expected)),
    }
    return [Finding(pointer, "option-sum", params)]
