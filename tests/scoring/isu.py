"""The ISU protocols of 2016-17 as schemes, rules and records: one programme, one contest.

Data: BuzzFeed News, figure-skating-scores, CC BY 4.0; see the README beside it.
"""

from __future__ import annotations

import csv
import os
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import pytest

from core.scoring.model import (
    Aspect,
    Criterion,
    EntryFacts,
    Kind,
    Mark,
    MissingPolicy,
    Module,
    Record,
    Rules,
    Scheme,
    Sheet,
    SubCriterion,
    TieBreak,
    TieKey,
    Trim,
)

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("JIANGXIN_SHARED", ROOT.parent / "shared"))


def shared(*parts: str) -> Path:
    """A file of the shared data: absent it fails under CI and skips elsewhere."""
    path = SHARED.joinpath("data", *parts)
    if not path.exists():
        line = f"{path} is not there: set JIANGXIN_SHARED to the folder that holds data/"
        if os.environ.get("CI") == "true":
            pytest.fail(line)
        pytest.skip(line)
    return path


@dataclass(frozen=True, slots=True)
class Performance:
    entry: str
    rank: int
    total: Fraction
    components: Fraction


@dataclass(frozen=True, slots=True)
class Programme:
    name: str
    scheme: Scheme
    rules: Rules
    record: Record
    published: dict[str, Performance]
    panels: dict[str, Fraction]
    """aspect -> mark of the panel as published."""


def programmes() -> Iterator[Programme]:
    """112 of them."""
    performances: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    components: dict[str, list[dict[str, str]]] = defaultdict(list)
    marks: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for row in _rows("performances.csv"):
        performances[row["competition"], row["program"]].append(row)
    for row in _rows("components.csv"):
        components[row["performance_id"]].append(row)
    for row in _rows("marks.csv"):
        marks[row["aspect_id"]].append((row["judge"], int(Fraction(row["score"]) * 1000)))
    for (competition, name), rows in performances.items():
        yield _programme(f"{competition}: {name}", rows, components, marks)


def _rows(name: str) -> Iterator[dict[str, str]]:
    with shared("isu", name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _programme(
    name: str,
    rows: list[dict[str, str]],
    components: dict[str, list[dict[str, str]]],
    marks: dict[str, list[tuple[str, int]]],
) -> Programme:
    aspects, given, sheets = [], [], []
    for row in rows:
        entry = row["performance_id"]
        own = components[entry]
        aspects += [_component(entry, c["aspect_id"], c["aspect_desc"], c["factor"]) for c in own]
        given += [_given(entry, "elements"), _given(entry, "deductions")]
        sheets += _sheets(entry, own, marks)
        sheets.append(_protocol(entry, row))
    module = Module(
        "segment",
        {"en": name},
        None,
        (
            Criterion("components", {"en": "Components"}, (_sub("components", aspects),)),
            Criterion("elements", {"en": "Elements"}, (_sub("elements", given),)),
        ),
    )
    key = "elements" if "SHORT" in name else "components"
    return Programme(
        name,
        Scheme("isu", {"en": name}, (module,)),
        Rules(tie_breaks=(TieBreak(TieKey.CRITERION, key),)),
        Record(tuple(EntryFacts(row["performance_id"]) for row in rows), tuple(sheets)),
        {
            row["performance_id"]: Performance(
                row["performance_id"],
                int(row["rank"]),
                Fraction(row["total_segment_score"]),
                Fraction(row["total_component_score"]),
            )
            for row in rows
        },
        {
            c["aspect_id"]: Fraction(c["scores_of_panel"])
            for r in rows
            for c in components[r["performance_id"]]
        },
    )


def _sub(name: str, aspects: list[Aspect]) -> SubCriterion:
    return SubCriterion(name, {"en": name}, tuple(aspects))


def _component(entry: str, aspect_id: str, title: str, factor: str) -> Aspect:
    return Aspect(
        aspect_id,
        Kind.POINTS,
        {"en": title},
        10_000,
        step=250,
        judges=9,
        trim=Trim(1, 1, 3),
        factor=Fraction(factor),
        round_panel=2,
        missing=MissingPolicy.PRESENT,
        applies_to=(entry,),
    )


def _given(entry: str, name: str) -> Aspect:
    return Aspect(
        f"{entry}-{name}", Kind.GIVEN, {"en": name}, None, panel="protocol", applies_to=(entry,)
    )


def _sheets(
    entry: str, own: list[dict[str, str]], marks: dict[str, list[tuple[str, int]]]
) -> Iterator[Sheet]:
    """In marks.csv 0.0 means that the judge's mark is missing."""
    by_judge: dict[str, dict[str, Mark]] = defaultdict(dict)
    for component in own:
        for judge, value in marks[component["aspect_id"]]:
            if value:
                by_judge[judge][component["aspect_id"]] = Mark(value)
    for judge, given in by_judge.items():
        yield Sheet(entry, "segment", judge, given)


def _protocol(entry: str, row: dict[str, str]) -> Sheet:
    elements, deductions = row["total_element_score"], row["total_deductions"]
    return Sheet(
        entry,
        "segment",
        "protocol",
        {
            f"{entry}-elements": Mark(_milli(elements), source="elements"),
            f"{entry}-deductions": Mark(-abs(_milli(deductions)), source="deductions"),
        },
        panel="protocol",
    )


def _milli(text: str) -> int:
    return int(Fraction(text) * 1000)
