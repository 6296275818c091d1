"""Check-point tables: known against measured coordinates, exact from the file to the figures.

Every sum is a sum of squares in `Fraction`; a root is only ever shown, rounded half up to the
millimetre by whole-number arithmetic.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt

from plugins import Finding, decimal_text, plain_decimal, read_csv_table, rounded_text
from plugins.drone_surveying.limits import Limits

COORDINATES = ("known_x", "known_y", "known_z", "measured_x", "measured_y", "measured_z")
COLUMNS = ("id", *COORDINATES, "excluded", "signature")
DECIMALS = 3


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
    excluded = [
        f"{point.id} ({point.excluded}; {point.signature})" for point in points if point.excluded
    ]
    beyond = [point.id for point in counted if point.is_gross(limits)]
    number = max(1, len(counted)) * (2 if equal_accuracy else 1)

    def rmse(square: Callable[[Point], Fraction]) -> str:
        return root(sum((square(point) for point in counted), Fraction(0)) / number)

    return (
        ("Check points counted", str(len(counted))),
        ("Check points excluded", ", ".join(excluded)),
        ("Counted points beyond twice the limit", ", ".join(beyond)),
        ("RMSE in x (m)", rmse(lambda point: point.dx**2)),
        ("RMSE in y (m)", rmse(lambda point: point.dy**2)),
        ("RMSE in plan (m)", rmse(lambda point: point.plan_squared)),
        ("Limit in plan (m)", decimal_text(limits.plan)),
        ("RMSE in height (m)", rmse(lambda point: point.dz**2)),
        ("Limit in height (m)", decimal_text(limits.height)),
        ("Largest difference in plan (m)", root(max((p.plan_squared for p in counted), default=Fraction(0)))),
        ("Largest difference in height (m)", root(max((p.dz**2 for p in counted), default=Fraction(0)))),
    )  # fmt: skip


def root(square: Fraction, decimals: int = DECIMALS) -> str:
    """A square root for display, rounded half up without ever being a float."""
    scaled = 4 * square * 100**decimals
    doubled = isqrt(scaled.numerator // scaled.denominator)
    return rounded_text(Fraction((doubled + 1) // 2, 10**decimals), decimals)


def _read_row(line: int, row: Mapping[str, str]) -> tuple[Point | None, list[Finding]]:
    numbers = {name: plain_decimal(row[name]) for name in COORDINATES}
    findings = [
        Finding(f"/{line}/{name}", "table-number", {"line": str(line), "column": name})
        for name, number in numbers.items()
        if number is None
    ]
    if not row["id"]:
        findings.append(Finding(f"/{line}/id", "check-point-no-id", {"line": str(line)}))
    if findings:
        return None, findings
    exact = {name: Fraction(number) for name, number in numbers.items() if number is not None}
    dx, dy, dz = (exact[f"measured_{axis}"] - exact[f"known_{axis}"] for axis in "xyz")
    return Point(line, row["id"], dx, dy, dz, row["excluded"], row["signature"]), []
