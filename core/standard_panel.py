"""Options of a panel that marks points, and of a time limit, with their reading into the scheme."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from core.options import Choice, Option, Options, text
from core.scoring.model import Aspect, Control, Finding, Kind, OverTime, Text, Trim
from core.scoring.numbers import decimal_text
from core.standard_rules import milli


def panel_options(*, judges: int = 5, step: str = "0.5") -> tuple[Option, ...]:
    """How many judges, what is dropped, the step of a mark and the decimals of the mean."""
    return (
        Option("judges", "int", text("评委人数", "評委人數", "Judges", "Juízes"), judges, minimum="1", maximum="99"),
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


def over_time_of(minutes: int, options: Options) -> OverTime | None:
    """None when there is no limit."""
    if not minutes:
        return None
    return OverTime(
        limit=minutes * 60,
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
