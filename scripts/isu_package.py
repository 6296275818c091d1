"""ISU figure-skating protocols as contest packages, one a programme (competition and segment).

Element scores and deductions are taken as published; component marks go through the real rule:
drop the highest and the lowest of the marks present, mean, 0.01, times the factor, 0.01, sum.
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path

from contests.packages.archive import write_folder
from contests.packages.format import FORMAT, ContestFacts, JudgeFacts, Package, TypeReference
from contests.packages.writing import files_of
from core.scoring.model import (
    Aspect,
    Control,
    Criterion,
    EntryFacts,
    Kind,
    Mark,
    MissingPolicy,
    Module,
    Outcome,
    Record,
    Rules,
    Scheme,
    Sheet,
    SubCriterion,
    TieBreak,
    TieKey,
    Trim,
)

Row = dict[str, str]
SEGMENT, ELEMENTS, COMPONENTS, DEDUCTIONS = "segment", "elements", "components", "deductions"
PROTOCOL = "protocol"
JUDGES, STEP, TOP = 9, 250, 10_000
SOURCE = (
    "ISU protocols 2016-17, collected by BuzzFeed News (figure-skating-scores), CC BY 4.0;"
    " names of the skaters left out"
)


def main(arguments: Sequence[str]) -> int:
    if len(arguments) != 2:
        sys.stderr.write("usage: scripts/isu-package FOLDER OUT\n")
        return 2
    source, out = Path(arguments[0]), Path(arguments[1])
    tables = {}
    for name in ("performances", "components", "marks"):
        path = source / f"{name}.csv"
        if not path.is_file():
            sys.stderr.write(f"{path} is not there; FOLDER must hold the three ISU tables.\n")
            return 2
        with path.open(encoding="utf-8-sig", newline="") as lines:
            tables[name] = list(csv.DictReader(lines))
    made = list(packages(tables["performances"], tables["components"], tables["marks"]))
    for package in made:
        write_folder(out / package.contest.code, files_of(package))
    sys.stdout.write(f"{len(made)} packages in {out}\n")
    return 0


def packages(
    performances: Iterable[Row], components: Iterable[Row], marks: Iterable[Row]
) -> Iterable[Package]:
    """One package per (competition, program), in the order of the file."""
    programmes: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in performances:
        programmes[row["competition"], row["program"]].append(row)
    by_performance: dict[str, list[Row]] = defaultdict(list)
    for row in components:
        by_performance[row["performance_id"]].append(row)
    by_aspect: dict[str, list[Row]] = defaultdict(list)
    for row in marks:
        by_aspect[row["aspect_id"]].append(row)
    for number, ((competition, program), rows) in enumerate(programmes.items(), start=1):
        parts = [part for row in rows for part in by_performance[row["performance_id"]]]
        code = f"isu-{number:03d}-{program.lower().replace(' ', '-')}"
        yield _package(code, competition, program, rows, parts, by_aspect)


def _package(
    code: str,
    competition: str,
    program: str,
    performances: list[Row],
    components: list[Row],
    marks: dict[str, list[Row]],
) -> Package:
    title = {"en": f"{competition}: {program.title()}"}
    tie = ELEMENTS if "SHORT" in program else COMPONENTS
    sheets = [*_published(performances), *_judged(components, marks)]
    return Package(
        contest=ContestFacts(
            FORMAT, 1, code, title, TypeReference("panel", 1), state="judging", source=SOURCE
        ),
        scheme=Scheme(code, title, (_segment(components),)),
        rules=Rules(round_total=2, tie_breaks=(TieBreak(TieKey.CRITERION, tie),)),
        record=Record(
            entries=tuple(
                EntryFacts(row["performance_id"], delegation=row["nation"]) for row in performances
            ),
            sheets=tuple(sheets),
        ),
        judges=tuple(
            [JudgeFacts(f"J{n}", seat=f"J{n}") for n in range(1, JUDGES + 1)]
            + [JudgeFacts(PROTOCOL, role="clerk", panel=PROTOCOL)]
        ),
    )


def _segment(components: list[Row]) -> Module:
    aspects = tuple(_component(row) for row in components)
    return Module(
        SEGMENT,
        {"en": "Segment"},
        maximum=None,
        blind=False,
        criteria=(
            _criterion(ELEMENTS, "Elements", (_given(ELEMENTS, "Elements, as published"),)),
            _criterion(COMPONENTS, "Programme components", aspects),
            _criterion(DEDUCTIONS, "Deductions", (_given(DEDUCTIONS, "Deductions"),)),
        ),
    )


def _criterion(code: str, title: str, aspects: tuple[Aspect, ...]) -> Criterion:
    words = {"en": title}
    return Criterion(code, words, (SubCriterion(code, words, aspects),))


def _given(code: str, title: str) -> Aspect:
    return Aspect(
        code,
        Kind.GIVEN,
        {"en": title},
        maximum=None,
        panel=PROTOCOL,
        control=Control(widget="number"),
    )


def _component(row: Row) -> Aspect:
    """Each component of each performance has its own id in the data."""
    return Aspect(
        id=row["aspect_id"],
        kind=Kind.POINTS,
        title={"en": row["aspect_desc"]},
        maximum=TOP,
        step=STEP,
        judges=JUDGES,
        trim=Trim(high=1, low=1, minimum=3),
        factor=Fraction(row["factor"]),
        round_panel=2,
        round_award=2,
        missing=MissingPolicy.PRESENT,
        applies_to=(row["performance_id"],),
    )


def _published(performances: list[Row]) -> Iterable[Sheet]:
    """Deductions are printed as positive numbers and taken off."""
    for row in performances:
        values = {
            ELEMENTS: _milli(row["total_element_score"]),
            DEDUCTIONS: -_milli(row["total_deductions"]),
        }
        marks = {a: Mark(value=v, source="ISU protocol") for a, v in values.items()}
        yield Sheet(row["performance_id"], SEGMENT, PROTOCOL, marks, panel=PROTOCOL)


def _judged(components: list[Row], marks: dict[str, list[Row]]) -> Iterable[Sheet]:
    found: dict[tuple[str, str], dict[str, Mark]] = defaultdict(dict)
    for component in components:
        for row in marks[component["aspect_id"]]:
            value = _milli(row["score"])
            mark = Mark(value=value) if value else Mark(outcome=Outcome.MISSING)
            found[component["performance_id"], row["judge"]][component["aspect_id"]] = mark
    for (performance, judge), sheet in found.items():
        yield Sheet(performance, SEGMENT, judge, sheet)


def _milli(text: str) -> int:
    return int(Fraction(text) * 1000)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
