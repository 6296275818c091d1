"""Check-point tables: known against measured coordinates, exact from the file to the figures.

Every sum is a sum of squares in `Fraction`; a root is only ever shown, rounded half up to the
millimetre by whole-number arithmetic.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from plugins import Finding, decimal_text, plain_decimal, read_csv_table, rmse_text
from plugins.drone_surveying.limits import Limits

COORDINATES = ("known_x", "known_y", "known_z", "measured_x", "measured_y", "measured_z")
COLUMNS = ("id", *COORDINATES, "excluded", "signature")
DECIMALS = 3
FINEST = 6
"""Decimals of a metre: finer is a mistake of the export, not a measurement."""
FARTHEST = 1000
"""Metres between known and measured: more is another point, or axes exchanged."""


@dataclass(frozen=True, slots=True)
class Point:
    """One check point. Differences in metres, measured minus known."""

    line: int
    id: str
    dx: Fraction
    dy: Fraction
    dz: Fraction
    excluded: str = ""
    signature: str = ""

    @property
    def plan_squared(self) -> Fraction:
        return self.dx**2 + self.dy**2

    def is_gross(self, limits: Limits) -> bool:
        """Beyond the limit of a single difference in plan or in height."""
        return (
            self.plan_squared > (limits.gross * limits.plan) ** 2
            or abs(self.dz) > limits.gross * limits.height
        )


def read_points(data: bytes) -> tuple[list[Point], list[Finding]]:
    """Points of a UTF-8 file with the columns of `COLUMNS`, comma or semicolon between them.

    Pointers are "/line/column" with the line number of the file. Full-width digits and, in a
    file with semicolons, a decimal comma are understood.
    """
    rows, findings = read_csv_table(data, COLUMNS)
    points: dict[str, Point] = {}
    for row in rows:
        point, wrong = _read_row(row.line, row.values)
        findings += wrong
        if point and point.id in points:
            params = {"line": str(row.line), "point": point.id}
            findings.append(Finding(f"/{row.line}/id", "check-point-twice", params))
        elif point:
            points[point.id] = point
    return list(points.values()), findings


def check_exclusions(points: Sequence[Point], limits: Limits) -> list[Finding]:
    """A point may be left out only as a gross error, with a reason and a signature."""
    findings = []
    for point in points:
        place = {"line": str(point.line), "point": point.id}
        if point.signature and not point.excluded:
            findings.append(Finding(f"/{point.line}/excluded", "check-point-no-reason", place))
        if point.excluded and not point.signature:
            findings.append(Finding(f"/{point.line}/signature", "check-point-not-signed", place))
        if point.excluded and not point.is_gross(limits):
            findings.append(Finding(f"/{point.line}/excluded", "check-point-not-gross", place))
    return findings


def check_number(counted: Sequence[Point], minimum: int) -> list[Finding]:
    if len(counted) >= minimum:
        return []
    params = {"counted": str(len(counted)), "minimum": str(minimum)}
    return [Finding("", "check-points-too-few", params)]


def figures(
    points: Sequence[Point], limits: Limits, *, equal_accuracy: bool
) -> tuple[tuple[str, str], ...]:
    """What is shown beside the marks; names are msgids of the catalogues, lengths in metres."""
    counted = [point for point in points if not point.excluded]
    excluded = [point for point in points if point.excluded]
    beyond = [point.id for point in counted if point.is_gross(limits)]
    plan = [point.plan_squared for point in counted]
    height = [point.dz**2 for point in counted]

    def rmse(squares: Sequence[Fraction]) -> str:
        raw = f"{decimal_text(sum(squares, Fraction(0)))};{len(squares)}"
        return rmse_text(raw, equal_accuracy=equal_accuracy, decimals=DECIMALS)

    return (
        ("Check points counted", str(len(counted))),
        ("Check points left out", "; ".join(f"{p.id}: {p.excluded}" for p in excluded)),
        ("Counted points beyond twice the limit", ", ".join(beyond)),
        ("RMSE in x (m)", rmse([point.dx**2 for point in counted])),
        ("RMSE in y (m)", rmse([point.dy**2 for point in counted])),
        ("RMSE in plan (m)", rmse(plan)),
        ("Limit in plan (m)", decimal_text(limits.plan)),
        ("RMSE in height (m)", rmse(height)),
        ("Limit in height (m)", decimal_text(limits.height)),
        ("Largest difference in plan (m)", _root(max(plan))),
        ("Largest difference in height (m)", _root(max(height))),
    )  # fmt: skip


def _root(square: Fraction) -> str:
    return rmse_text(f"{decimal_text(square)};1", decimals=DECIMALS)


def _read_row(line: int, row: Mapping[str, str]) -> tuple[Point | None, list[Finding]]:
    numbers = {name: plain_decimal(row[name]) for name in COORDINATES}
    findings = [
        Finding(f"/{line}/{name}", code, {"line": str(line), "column": name})
        for name, number in numbers.items()
        if (code := _wrong_number(number))
    ]
    if not row["id"]:
        findings.append(Finding(f"/{line}/id", "check-point-no-id", {"line": str(line)}))
    if findings:
        return None, findings
    exact = {name: Fraction(number) for name, number in numbers.items() if number is not None}
    dx, dy, dz = (exact[f"measured_{axis}"] - exact[f"known_{axis}"] for axis in "xyz")
    if max(abs(dx), abs(dy), abs(dz)) > FARTHEST:
        params = {"line": str(line), "point": row["id"]}
        return None, [Finding(f"/{line}/measured_x", "check-point-far", params)]
    return Point(line, row["id"], dx, dy, dz, row["excluded"], row["signature"]), []


def _wrong_number(number: str | None) -> str:
    if number is None:
        return "table-number"
    return "check-point-too-fine" if len(number.partition(".")[2]) > FINEST else ""
