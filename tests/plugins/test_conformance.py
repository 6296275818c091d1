"""Deliberately broken types and engines: each fails exactly the property it breaks."""

from __future__ import annotations

import itertools
import time
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from core.contest_type import ContestType, Instrument, Reading
from core.options import Option, Options
from core.scoring import score
from core.scoring.calculators import Calculator
from core.scoring.model import (
    Aspect,
    Calculation,
    Control,
    Criterion,
    Defect,
    Finding,
    Gate,
    Kind,
    Mark,
    Milli,
    MissingPolicy,
    Module,
    Outcome,
    Record,
    Results,
    Rules,
    Scheme,
    Section,
    Sheet,
    Standing,
    SubCriterion,
    TieBreak,
    TieKey,
    Trim,
)
from plugins import cooking, craftsman_index, drone_surveying, panel, robotics
from plugins.conformance import PROPERTIES, Engine, assert_conforms, check_type


def title(name: str) -> dict[str, str]:
    return {"en": name}


def calculate(raw: str, maximum: Milli, parameters: Any) -> Fraction:
    """A point for each, to the maximum."""
    if not raw.isdecimal():
        raise ValueError(f"{raw!r} is no number")
    return min(Fraction(raw), Fraction(maximum, 1000))


def parse(raw: str, parameters: Any) -> str | list[Finding]:
    return raw.lstrip("0") or "0" if raw.isdecimal() else [Finding("", "count-unreadable", {})]


COUNT = Calculator("COUNT", 1, title("Count"), calculate, lambda p, m: [], parse, "up")


class Fair(ContestType):
    """A small type that keeps every promise; what is broken below is always this one."""

    code = "fair"
    title = title("Fair")

    def scheme(self, options: Options) -> Scheme:
        card = tuple(
            Aspect(name, Kind.POINTS, title(name), maximum, step=500, judges=5, trim=Trim(1, 1, 5))
            for name, maximum in (("A1", 20_000), ("A2", 40_000))
        )
        judged = Aspect("B1", Kind.JUDGEMENT, title("B1"), 10_000, step=1000, judges=3)
        counted = Aspect(
            "B2", Kind.MEASUREMENT, title("B2"), 20_000, calculation=Calculation("COUNT")
        )
        conduct = Aspect("B3", Kind.DEDUCTION, title("B3"), 10_000, defects=DEFECTS)
        return Scheme(
            "fair",
            title("Fair"),
            (_module("A", 60_000, *card), _module("B", 40_000, judged, counted, conduct)),
        )

    def rules(self, options: Options) -> Rules:
        return Rules(tie_breaks=(TieBreak(TieKey.MODULE, "B"), TieBreak(TieKey.TIME, "")))

    def calculators(self) -> Sequence[Calculator]:
        return (COUNT,)


DEFECTS = (Defect("late", title("Late"), 500, 2000), Defect("dirt", title("Dirt"), 1000, 1000))


def _module(name: str, maximum: Milli, *aspects: Aspect) -> Module:
    sub = SubCriterion(f"{name}.1", title(name), aspects)
    return Module(name, title(name), maximum, (Criterion(f"{name}.C", title(name), (sub,)),))


# --- broken types -------------------------------------------------------------------------------


class SumsTo9975(Fair):
    def scheme(self, options: Options) -> Scheme:
        first, second = super().scheme(options).modules
        return Scheme("fair", title("Fair"), (replace(first, maximum=59_750), second))


class GateOfNoModule(Fair):
    def rules(self, options: Options) -> Rules:
        return Rules(gates=(Gate("theory", minimum=60_000),))


class UnknownCalculator(Fair):
    def calculators(self) -> Sequence[Calculator]:
        return (replace(COUNT, version=2),)


class SilentQuestion(Fair):
    """A column that nobody could name on a form."""

    options = (
        Option("works", "table", title("Works"), [], columns=(Option("name", "text", {}, ""),)),
    )


class NeverAsked(Fair):
    options = (Option("share", "int", title("Share"), 1, when=("method", ("shares",))),)


class OtherSchemeEachTime(Fair):
    calls = itertools.count()

    def scheme(self, options: Options) -> Scheme:
        return replace(super().scheme(options), code=f"fair-{next(self.calls)}")


class LosesItsShape(Fair):
    """A section that is a list comes back from JSON as a tuple: the hash would be of another."""

    def scheme(self, options: Options) -> Scheme:
        sections: Any = [Section("", title("All"), 100_000)]
        return replace(super().scheme(options), sections=sections)


class FloatWeight(Fair):
    def scheme(self, options: Options) -> Scheme:
        weight: Any = 0.3
        first, second = super().scheme(options).modules
        return Scheme("fair", title("Fair"), (replace(first, weight=weight), second))


def with_calculator(**changes: Any) -> type[Fair]:
    class Changed(Fair):
        def calculators(self) -> Sequence[Calculator]:
            return (replace(COUNT, **changes),)

    return Changed


FloatPoints = with_calculator(calculate=lambda r, m, p: float(calculate(r, m, p)))
FallingCalculator = with_calculator(calculate=lambda r, m, p: 20 - calculate(r, m, p))
GenerousCalculator = with_calculator(calculate=lambda r, m, p: calculate(r, m, p) * 3 / 2)
MissingIsZeroCalculator = with_calculator(calculate=lambda r, m, p: calculate(r or "0", m, p))
ForgetfulParse = with_calculator(parse=lambda r, p: f"0{r}" if r.isdecimal() else parse(r, p))

_calls = itertools.count()
CountsItsCalls = with_calculator(
    calculate=lambda r, m, p: min(calculate(r, m, p), 19) + next(_calls) % 2
)


class RefusesTheHighest(Fair):
    def check(self, scheme: Scheme, sheet: Sheet) -> list[Finding]:
        found = super().check(scheme, sheet)
        return found or [
            Finding("/marks", "too-good", {}) for m in sheet.marks.values() if m.value == 20_000
        ]


class AcceptsAnything(Fair):
    def check(self, scheme: Scheme, sheet: Sheet) -> list[Finding]:
        return []


class PointsNowhere(Fair):
    def check(self, scheme: Scheme, sheet: Sheet) -> list[Finding]:
        return [replace(f, pointer=f"/scores{f.pointer}") for f in super().check(scheme, sheet)]


class PanelPointsNowhere(Fair):
    def check_panel(self, scheme: Scheme, aspect: Aspect, sheets: Sequence[Sheet]) -> list[Finding]:
        return [
            replace(f, pointer="/99/marks") for f in super().check_panel(scheme, aspect, sheets)
        ]


class KnowsTheEntrant(Fair):
    def check(self, scheme: Scheme, sheet: Sheet) -> list[Finding]:
        favourite = sheet.entry == "x001"
        return [Finding("/entry", "favourite", {})] if favourite else super().check(scheme, sheet)


class UnusableSample(Fair):
    def instruments(self) -> Sequence[Instrument]:
        async def read(data: bytes, options: Options, scheme: Scheme) -> Reading:
            return Reading({"B2": Mark(raw="01")})

        return (Instrument("counter", title("Counter"), (".csv",), read, sample=b"1"),)


def with_control(aspect_id: str, **declared: Any) -> type[Fair]:
    class Changed(Fair):
        def scheme(self, options: Options) -> Scheme:
            control = Control(**declared)
            return _each_aspect(
                super().scheme(options),
                lambda aspect: (
                    replace(aspect, control=control) if aspect.id == aspect_id else aspect
                ),
            )

    return Changed


UNUSABLE_CONTROLS = (
    with_control("B2", widget="file"),
    with_control("B2", widget="file", instrument="balance"),
    with_control("B2", widget="choice"),
    with_control("B2", widget="choice", choices=("1", "many")),
    with_control("B2", widget="choice", choices=("1", "2"), labels=(title("one"),)),
    with_control("B2", widget="stopwatch", unit="min"),
    with_control("B2", widget="number", columns=("hits", "alarms")),
    with_control("A1", widget="clock"),
    with_control("A1", widget="choice", choices=("0", "0.3")),
)


# --- broken engines -----------------------------------------------------------------------------


def penalty_switches_off_trimming(
    scheme: Scheme, rules: Rules, record: Record, calculators: Sequence[Calculator] = ()
) -> Results:
    """One penalty switches off trimming for everybody after it."""
    results = score(scheme, rules, record, calculators)
    if not record.penalties:
        return results
    after = {entry.id for entry in record.entries if entry.id >= record.penalties[0].entry}
    plain = score(_untrimmed(scheme), rules, record, calculators)
    pairs = zip(results.aspects, plain.aspects, strict=True)
    return replace(results, aspects=tuple(p if p.entry in after else a for a, p in pairs))


def _untrimmed(scheme: Scheme) -> Scheme:
    return _each_aspect(scheme, lambda aspect: replace(aspect, trim=Trim()))


def _each_aspect(scheme: Scheme, change: Any) -> Scheme:
    modules = []
    for module in scheme.modules:
        (criterion,) = module.criteria
        (sub,) = criterion.sub_criteria
        changed = replace(sub, aspects=tuple(change(aspect) for aspect in sub.aspects))
        modules.append(replace(module, criteria=(replace(criterion, sub_criteria=(changed,)),)))
    return replace(scheme, modules=tuple(modules))


def float_total(
    scheme: Scheme, rules: Rules, record: Record, calculators: Sequence[Calculator] = ()
) -> Results:
    def changed(standing: Standing) -> Standing:
        total: Any = None if standing.total is None else float(standing.total)
        return replace(standing, total=total)

    return _each_standing(score(scheme, rules, record, calculators), changed)


def _each_standing(results: Results, change: Any) -> Results:
    return replace(results, standings=tuple(change(s) for s in results.standings))


def missing_is_zero(
    scheme: Scheme, rules: Rules, record: Record, calculators: Sequence[Calculator] = ()
) -> Results:
    """A judge who gave no mark gave 0."""

    def filled(sheet: Sheet) -> Sheet:
        marks = {
            a: Mark(0) if m.outcome is Outcome.MISSING and a in ("A1", "A2") else m
            for a, m in sheet.marks.items()
        }
        return replace(sheet, marks=marks)

    given = replace(record, sheets=tuple(filled(sheet) for sheet in record.sheets))
    return score(scheme, rules, given, calculators)


def unmarked_is_ranked_last(
    scheme: Scheme, rules: Rules, record: Record, calculators: Sequence[Calculator] = ()
) -> Results:
    free = replace(
        scheme, modules=tuple(replace(m, missing=MissingPolicy.ZERO) for m in scheme.modules)
    )
    return score(free, rules, record, calculators)


def first_judges_only(
    scheme: Scheme, rules: Rules, record: Record, calculators: Sequence[Calculator] = ()
) -> Results:
    """Looks at the first sheet of the list for a bonus: the order matters."""
    first = record.sheets[0].entry

    def changed(standing: Standing) -> Standing:
        bonus = standing.entry == first and standing.exact is not None
        return replace(standing, exact=(standing.exact or 0) - 1) if bonus else standing

    return _each_standing(score(scheme, rules, record, calculators), changed)


def dense_places(
    scheme: Scheme, rules: Rules, record: Record, calculators: Sequence[Calculator] = ()
) -> Results:
    """1, 2, 2, 3: nobody is skipped after a shared place."""
    results = score(scheme, rules, record, calculators)
    places = {
        g: sorted({s.rank for s in results.standings if s.group == g and s.rank is not None})
        for g in {s.group for s in results.standings}
    }
    return _each_standing(
        results,
        lambda s: s if s.rank is None else replace(s, rank=places[s.group].index(s.rank) + 1),
    )


def silent_shared_places(
    scheme: Scheme, rules: Rules, record: Record, calculators: Sequence[Calculator] = ()
) -> Results:
    results = score(scheme, rules, record, calculators)
    return _each_standing(results, lambda s: replace(s, shared=False))


def penalties_are_bonuses(
    scheme: Scheme, rules: Rules, record: Record, calculators: Sequence[Calculator] = ()
) -> Results:
    turned = tuple(replace(p, points=-p.points) for p in record.penalties)
    return score(scheme, rules, replace(record, penalties=turned), calculators)


def best_mark_backfires(
    scheme: Scheme, rules: Rules, record: Record, calculators: Sequence[Calculator] = ()
) -> Results:
    """Marks of the upper half are taken for slips and halved."""

    def halved(sheet: Sheet) -> Sheet:
        marks = {
            a: replace(m, value=m.value // 4) if a == "A2" and m.value and m.value > 20_000 else m
            for a, m in sheet.marks.items()
        }
        return replace(sheet, marks=marks)

    bounded = replace(record, sheets=tuple(halved(sheet) for sheet in record.sheets))
    results = score(scheme, rules, bounded, calculators)
    full = score(scheme, rules, record, calculators)
    top = {a.entry for a in full.aspects if a.aspect == "A2" and a.award == 40}
    if top:  # what a missing mark does is another property's business
        return full
    return results


def bonus_beyond_the_maximum(
    scheme: Scheme, rules: Rules, record: Record, calculators: Sequence[Calculator] = ()
) -> Results:
    results = score(scheme, rules, record, calculators)
    return _each_standing(
        results, lambda s: s if s.total is None else replace(s, total=s.total + 60)
    )


def neighbour_pays(
    scheme: Scheme, rules: Rules, record: Record, calculators: Sequence[Calculator] = ()
) -> Results:
    """Each penalty is booked on the next entrant as well."""
    ids = sorted(entry.id for entry in record.entries)
    also = tuple(
        replace(p, id=f"{p.id}+", entry=ids[(ids.index(p.entry) + 1) % len(ids)])
        for p in record.penalties
    )
    given = replace(record, penalties=(*record.penalties, *also))
    return score(scheme, rules, given, calculators)


def home_delegation_first(
    scheme: Scheme, rules: Rules, record: Record, calculators: Sequence[Calculator] = ()
) -> Results:
    home = {entry.id for entry in record.entries if entry.delegation == "delegation-1"}
    results = score(scheme, rules, record, calculators)
    return replace(
        results,
        aspects=tuple(
            replace(a, award=min(a.award + 1, Fraction(10)))
            if a.entry in home and a.aspect == "B3" and a.award is not None
            else a
            for a in results.aspects
        ),
    )


def slow(
    scheme: Scheme, rules: Rules, record: Record, calculators: Sequence[Calculator] = ()
) -> Results:
    until = time.process_time() + (3 if len(record.entries) > 50 else 0)
    while time.process_time() < until:
        pass
    return score(scheme, rules, record, calculators)


_flips = itertools.count()


def flips_a_coin(
    scheme: Scheme, rules: Rules, record: Record, calculators: Sequence[Calculator] = ()
) -> Results:
    results = score(scheme, rules, record, calculators)
    return _each_standing(
        results, lambda s: replace(s, decided_by=f"{s.decided_by}{next(_flips) % 7}")
    )


BROKEN: list[tuple[type[Fair], Engine, str]] = [
    (SumsTo9975, score, "complete"),
    (GateOfNoModule, score, "complete"),
    (UnknownCalculator, score, "complete"),
    (SilentQuestion, score, "questions"),
    (NeverAsked, score, "questions"),
    (OtherSchemeEachTime, score, "frozen"),
    (LosesItsShape, score, "frozen"),
    (FloatWeight, score, "exact"),
    (FloatPoints, score, "exact"),
    (FallingCalculator, score, "monotony"),
    (GenerousCalculator, score, "bounds"),
    (MissingIsZeroCalculator, score, "missing"),
    (CountsItsCalls, score, "repeatable"),
    (ForgetfulParse, score, "checks"),
    (RefusesTheHighest, score, "checks"),
    (AcceptsAnything, score, "checks"),
    (PointsNowhere, score, "pointers"),
    (PanelPointsNowhere, score, "pointers"),
    (KnowsTheEntrant, score, "blind"),
    (UnusableSample, score, "instruments"),
    *((broken, score, "controls") for broken in UNUSABLE_CONTROLS),
    (Fair, penalty_switches_off_trimming, "isolation"),
    (Fair, neighbour_pays, "isolation"),
    (Fair, float_total, "exact"),
    (Fair, missing_is_zero, "missing"),
    (Fair, unmarked_is_ranked_last, "missing"),
    (Fair, first_judges_only, "order"),
    (Fair, dense_places, "ranking"),
    (Fair, silent_shared_places, "ranking"),
    (Fair, penalties_are_bonuses, "monotony"),
    (Fair, best_mark_backfires, "monotony"),
    (Fair, bonus_beyond_the_maximum, "bounds"),
    (Fair, home_delegation_first, "blind"),
    (Fair, flips_a_coin, "repeatable"),
    (Fair, slow, "time"),
]


@pytest.mark.parametrize(
    ("broken", "engine", "property_"),
    BROKEN,
    ids=[f"{p}-{e.__name__ if e is not score else t.__name__}" for t, e, p in BROKEN],
)
def test_a_broken_type_fails_exactly_the_property_that_it_breaks(
    broken: type[Fair], engine: Engine, property_: str
) -> None:
    failures = check_type(broken(), engine=engine, entrants=60, seconds=2.0)

    assert [failure.property for failure in failures] == [property_], failures


def test_every_property_is_broken_by_somebody() -> None:
    assert {p for *_, p in BROKEN} == set(PROPERTIES)


def test_a_fair_type_keeps_every_promise() -> None:
    assert check_type(Fair(), entrants=60) == []


@pytest.mark.parametrize("plugin", [panel, cooking, craftsman_index, robotics, drone_surveying])
def test_every_type_that_ships_conforms(plugin: Any) -> None:
    for contest_type in plugin.contest_types():
        assert_conforms(contest_type, entrants=100)
        for template in contest_type.templates:
            assert_conforms(contest_type, template.options, entrants=100)


def test_a_control_that_fits_its_aspect_conforms() -> None:
    for declared in (
        with_control(
            "B2", widget="choice", choices=("1", "2"), labels=(title("one"), title("two"))
        ),
        with_control("B2", widget="stopwatch", unit="s"),
        with_control("B2", widget="count"),
        with_control("A1", widget="choice", choices=("0", "7.5", "20")),
    ):
        assert check_type(declared(), entrants=20, contests=2) == []


def test_the_failure_says_what_was_promised_and_what_was_seen() -> None:
    with pytest.raises(AssertionError, match=r"(?s)complete: .*59\.75.*no findings"):
        assert_conforms(SumsTo9975())


def test_options_with_findings_are_named() -> None:
    (failure,) = check_type(cooking.Cooking(), {"works": []})

    assert (failure.property, "cooking-no-work" in failure.message) == ("complete", True)
