"""An option table that says what a measured error earns: limits rising, shares of the marks falling."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

from core.options import Option, text
from core.scoring.model import Finding, Text
from core.scoring.numbers import decimal_text


def bands_option(
    code: str, title: Text, limit: Text, default: Sequence[tuple[str, str]], help: Text
) -> Option:
    """Rows of (limit, per cent of the marks); beyond the last limit nothing is earned."""
    return Option(
        code,
        "table",
        title,
        [{"limit": within, "share": share} for within, share in default],
        help,
        columns=(
            Option("limit", "decimal", limit, "0", minimum="0", required=True),
            Option(
                "share",
                "decimal",
                text("得分比例（%）", "得分比例（%）", "Share of the marks (%)", "Percentagem da pontuação"),
                "100",
                minimum="0",
                maximum="100",
                required=True,
            ),
        ),
    )  # fmt: skip


def bands_of(
    rows: Sequence[Mapping[str, Any]], unit: Fraction = Fraction(1)
) -> list[dict[str, str]]:
    """`bands` of a calculator with `per` = "percent"; limits multiplied by `unit`."""
    return [
        {"limit": decimal_text(Fraction(row["limit"]) * unit), "points": row["share"]}
        for row in rows
    ]


def check_bands(code: str, rows: Sequence[Mapping[str, Any]]) -> list[Finding]:
    """At least one band; limits rise, shares don't."""
    if not rows:
        return [Finding(f"/{code}", "option-no-band")]
    findings = []
    for n, (before, after) in enumerate(pairwise(rows), 1):
        if Fraction(after["limit"]) <= Fraction(before["limit"]):
            findings.append(Finding(f"/{code}/{n}/limit", "option-band-limit"))
        if Fraction(after["share"]) > Fraction(before["share"]):
            findings.append(Finding(f"/{code}/{n}/share", "option-band-share"))
    return findings
