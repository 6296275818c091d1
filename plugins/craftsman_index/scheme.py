"""From the table of indicators to the marking scheme. Weights become points: nothing is rounded on
the way, so full marks are exactly 100 however the weights divide."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from plugins import (
    Aspect,
    Calculation,
    Control,
    Criterion,
    Kind,
    Module,
    Options,
    Scheme,
    SubCriterion,
    milli,
    panel_aspect,
    text,
    title_of,
)
from plugins.craftsman_index.questions import COUNTED, SCORED, VERIFIERS

TITLE = text("工匠量化指标评选", "工匠量化指標評選", "Craftsman selection by index", "Seleção de artesãos por índice")  # fmt: skip
REFEREES = "referees"
FULL = 100
"""Counted evidence is turned into points out of so many before it is weighted, as a mark is."""


def scheme(options: Options) -> Scheme:
    return Scheme(
        "craftsman_index", TITLE, tuple(_module(row, options) for row in options["first_level"])
    )


def _module(row: Mapping[str, Any], options: Options) -> Module:
    code, title, weight = row["code"], title_of(row), Fraction(row["weight"])
    lines = [line for line in options["second_level"] if line["parent"] == code]
    parts = [Fraction(line["weight"]) for line in lines]
    aspects = tuple(
        _aspect(f"{code}1.{n}", line, weight * part / sum(parts), options)
        for n, (line, part) in enumerate(zip(lines, parts, strict=True), 1)
    )
    criterion = Criterion(code, title, (SubCriterion(f"{code}1", title, aspects),))
    return Module(code, title, milli(row["weight"]), (criterion,), blind=options["blind"])


def _aspect(aspect: str, line: Mapping[str, Any], worth: Fraction, options: Options) -> Aspect:
    """worth: the points of the total that full marks earn."""
    scale = Fraction(line["scale"])
    if line["kind"] == SCORED:
        return panel_aspect(aspect, title_of(line), line["scale"], options, factor=worth / scale)
    panel = VERIFIERS if options["verified_by"] == VERIFIERS else REFEREES
    if line["kind"] == COUNTED:
        return Aspect(
            aspect,
            Kind.MEASUREMENT,
            title_of(line),
            FULL * 1000,
            panel=panel,
            calculation=Calculation("NUMBER_COMPLETED", 1, {"total": line["scale"]}),
            factor=worth / FULL,
            round_award=None,
            control=Control("count"),
        )
    return Aspect(
        aspect,
        Kind.GIVEN,
        title_of(line),
        milli(line["scale"]),
        panel=panel,
        factor=worth / scale,
        round_award=None,
        control=Control("number"),
    )
