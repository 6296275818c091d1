"""The instrument "check_points": from a table of check points to plan and height accuracy."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from plugins import Instrument, Mark, Options, Reading, Scheme, decimal_text, text
from plugins.drone_surveying.check_points import (
    COLUMNS,
    check_exclusions,
    check_number,
    figures,
    read_points,
)
from plugins.drone_surveying.limits import limits
from plugins.drone_surveying.scheme import HEIGHT, PLAN


async def read_check_points(data: bytes, options: Options, scheme: Scheme) -> Reading:
    """Marks only when the whole table is right. The raw value is the exact sum of squares and the
    number of points: the scheme's bands compare squares, so no root is ever rounded on the way."""
    points, findings = read_points(data)
    within = limits(options)
    counted = [point for point in points if not point.excluded]
    findings += check_exclusions(points, within)
    if not findings:
        findings += check_number(counted, options["minimum_points"])
    if findings:
        return Reading({}, tuple(findings))
    known = {aspect.id for module in scheme.modules for aspect in module.aspects()}
    raws = {
        PLAN: _raw([point.plan_squared for point in counted]),
        HEIGHT: _raw([point.dz**2 for point in counted]),
    }
    return Reading(
        {
            aspect: Mark(raw=raw, source=INSTRUMENT.code)
            for aspect, raw in raws.items()
            if aspect in known
        },
        figures=figures(points, within, equal_accuracy=options["accuracy"] == "equal"),
    )


def _raw(squares: Sequence[Fraction]) -> str:
    return f"{decimal_text(sum(squares, Fraction(0)))};{len(squares)}"


def _sample() -> bytes:
    """Twenty good points and one gross error, left out with a reason and a signature."""
    rows = [
        f"K{n:02d},{500000 + n}.000,{2500000 + n}.000,{n}.000,"
        f"{500000 + n}.{80 + n:03d},{2500000 + n}.{60 + n:03d},{n}.{40 + n:03d},,"
        for n in range(1, 21)
    ]
    gross = "K21,500021.000,2500021.000,21.000,500023.500,2500021.000,21.000,point destroyed,Lee"
    return "\n".join([",".join(COLUMNS), *rows, gross, ""]).encode()


INSTRUMENT = Instrument(
    "check_points",
    text("检查点成果表", "檢查點成果表", "Check-point table", "Tabela de pontos de verificação"),
    (".csv",),
    read_check_points,
    sample=_sample(),
)
