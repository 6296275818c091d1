"""Whether the tables of indicators fit together; everything that does not is told at once."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from plugins import (
    Finding,
    Options,
    check_codes,
    check_panel_options,
    check_sum,
    check_titles,
    decimal_text,
)
from plugins.craftsman_index.questions import COUNTED, SCORED


def check(options: Options) -> list[Finding]:
    return [
        *_first_level(options),
        *_below(options),
        *_second_level(options),
        *check_panel_options(options),
        *_shares(options),
    ]


def _first_level(options: Options) -> list[Finding]:
    rows = options["first_level"]
    if not rows:
        return [Finding("/first_level", "index-no-indicator", {})]
    return [
        *check_codes("first_level", rows),
        *check_titles("first_level", rows),
        *check_sum("/first_level", [row["weight"] for row in rows]),
        *(
            Finding(f"/first_level/{n}/minimum", "index-minimum-above-weight", dict(row))
            for n, row in enumerate(_named(options))
            if Fraction(row["minimum"]) > Fraction(row["weight"])
        ),
    ]


def _named(options: Options) -> list[dict[str, str]]:
    names = ("code", "weight", "minimum")
    return [{name: row[name] for name in names} for row in options["first_level"]]


def _below(options: Options) -> Iterator[Finding]:
    """Under each indicator the weights are parts of its own or per cent of it."""
    for n, row in enumerate(options["first_level"]):
        parts = [
            Fraction(line["weight"])
            for line in options["second_level"]
            if line["parent"] == row["code"]
        ]
        total = sum(parts, Fraction(0))
        if not parts:
            yield Finding(f"/first_level/{n}/code", "index-nothing-below", {"code": row["code"]})
        elif total not in (Fraction(row["weight"]), 100):
            params = {"code": row["code"], "sum": decimal_text(total), "weight": row["weight"]}
            yield Finding(f"/first_level/{n}/weight", "index-weights-below", params)


def _second_level(options: Options) -> Iterator[Finding]:
    known = [row["code"] for row in options["first_level"]]
    yield from check_titles("second_level", options["second_level"])
    for n, line in enumerate(options["second_level"]):
        if line["parent"] not in known:
            params = {"parent": line["parent"], "known": ", ".join(known)}
            yield Finding(f"/second_level/{n}/parent", "index-parent-unknown", params)
        scale, at = Fraction(line["scale"]), f"/second_level/{n}/scale"
        if line["kind"] == COUNTED and scale.denominator != 1:
            yield Finding(at, "index-count-not-whole", {"scale": line["scale"]})
        if line["kind"] == SCORED and scale % Fraction(options["step"]):
            params = {"scale": line["scale"], "step": options["step"]}
            yield Finding(at, "index-scale-off-step", params)


def _shares(options: Options) -> list[Finding]:
    together = Fraction(options["selected_share"]) + Fraction(options["shortlisted_share"])
    if options["selection_method"] != "shares" or together <= 100:
        return []
    params = {"sum": decimal_text(together)}
    return [Finding("/shortlisted_share", "index-shares-over-all", params)]
