"""The engine's properties on generated schemes and rules, and beside a plain reckoning."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from core.contest_type import ContestType, Options
from core.scoring import score, standings
from core.scoring.codec import canonical
from core.scoring.model import (
    Aspect,
    AttemptRule,
    Calculation,
    Defect,
    EntryFacts,
    Gate,
    Kind,
    Mark,
    MissingPolicy,
    Module,
    Outcome,
    OverTime,
    Penalty,
    Record,
    Rules,
    Scheme,
    Sheet,
    StatusFact,
    TieBreak,
    TieKey,
    TiePolicy,
    Timing,
    Trim,
)
from core.scoring.numbers import half_up
from plugins.conformance import check_type
from tests.scoring.build import module, text

DECIMALS = st.one_of(st.none(), st.integers(0, 3))
DEFECTS = (Defect("a", text("a"), 500, 1500), Defect("b", text("b"), 1000, 1000))


@st.composite
def aspects(draw: st.DrawFn, name: str) -> Aspect:
    kind = draw(
        st.sampled_from(
            [Kind.POINTS, Kind.POINTS, Kind.JUDGEMENT, Kind.DEDUCTION, Kind.MEASUREMENT]
        )
    )
    judges = draw(st.integers(1, 7)) if kind is not Kind.MEASUREMENT else 1
    high, low = draw(st.integers(0, 2)), draw(st.integers(0, 2))
    return Aspect(
        name,
        kind,
        text(name),
        draw(st.sampled_from([1000, 2500, 10_000, 40_000])),
        step=draw(st.sampled_from([10, 250, 500])) if kind is Kind.POINTS else 10,
        judges=judges,
        trim=Trim(high, low, high + low + 1) if kind is Kind.POINTS else Trim(),
        factor=draw(
            st.sampled_from([Fraction(1), Fraction(8, 5), Fraction(1, 3), Fraction(7, 10)])
        ),
        round_panel=draw(DECIMALS),
        round_award=draw(DECIMALS),
        missing=draw(st.sampled_from(MissingPolicy)),
        defects=DEFECTS if kind is Kind.DEDUCTION else (),
        calculation=Calculation("PER_ERROR", 1, {"deduction": "0.3"})
        if kind is Kind.MEASUREMENT
        else None,
    )


@st.composite
def modules(draw: st.DrawFn, name: str) -> Module:
    own = [draw(aspects(f"{name}{i}")) for i in range(draw(st.integers(1, 3)))]
    over_time = OverTime(
        600, 500, per=draw(st.sampled_from(["started", "full"])), exclude_after=900
    )
    return module(
        name,
        *own,
        weight=draw(st.sampled_from([Fraction(1), Fraction(3, 10), Fraction(1, 3)])),
        round_to=draw(DECIMALS),
        over_time=draw(st.sampled_from([None, over_time])),
        missing=draw(st.sampled_from(MissingPolicy)),
        attempts=draw(st.sampled_from(AttemptRule)),
    )


@st.composite
def contest_types(draw: st.DrawFn) -> ContestType:
    parts = tuple(draw(modules(name)) for name in ("A", "B")[: draw(st.integers(1, 2))])
    ties = [
        TieBreak(TieKey.MODULE, "A"),
        TieBreak(TieKey.UNROUNDED),
        TieBreak(TieKey.TIME),
        TieBreak(TieKey.WEIGHTED_MODULES),
        TieBreak(TieKey.COUNT_BEST),
    ]
    rules = Rules(
        round_total=draw(DECIMALS),
        gates=draw(st.sampled_from([(), (Gate("A", minimum=2000),), (Gate("A", top=3),)])),
        tie_breaks=tuple(draw(st.lists(st.sampled_from(ties), max_size=3, unique=True))),
        tie_policy=draw(st.sampled_from(TiePolicy)),
        tie_within=draw(st.sampled_from([0, 2000])),
    )
    return generated(Scheme("generated", text("Generated"), parts), rules)


def generated(scheme_: Scheme, rules_: Rules) -> ContestType:
    class Generated(ContestType):
        code = "generated"
        title = text("Generated")

        def scheme(self, options: Options) -> Scheme:
            return scheme_

        def rules(self, options: Options) -> Rules:
            return rules_

    return Generated()


@settings(max_examples=25, deadline=None, derandomize=True)
@given(contest_types(), st.integers(0, 2**32))
def test_every_property_holds_whatever_the_scheme_and_the_rules(of: ContestType, seed: int) -> None:
    assert check_type(of, contests=1, entrants=20, seed=seed) == []


# --- a plain reckoning --------------------------------------------------------------------------


@st.composite
def cards(draw: st.DrawFn) -> tuple[Scheme, Rules, Record]:
    """One panel, points only: what the bulk path takes, with some sheets that it must not take."""
    judges, trim = draw(st.integers(1, 7)), draw(st.sampled_from([(0, 0), (1, 1), (2, 1), (0, 1)]))
    own = [
        Aspect(
            f"A{i}",
            Kind.POINTS,
            text(f"A{i}"),
            10_000,
            step=10,
            judges=judges,
            trim=Trim(*trim, sum(trim) + 1 if sum(trim) else 0),
            factor=draw(st.sampled_from([Fraction(1), Fraction(8, 5), Fraction(1, 3)])),
            round_panel=draw(DECIMALS),
            round_award=draw(DECIMALS),
            missing=draw(st.sampled_from(MissingPolicy)),
        )
        for i in range(draw(st.integers(1, 3)))
    ]
    over_time = draw(st.sampled_from([None, OverTime(600, 500)]))
    whole = Scheme(
        "card", text("Card"), (module("M", *own, round_to=draw(DECIMALS), over_time=over_time),)
    )
    entries = tuple(
        EntryFacts(f"E{i}", draw(st.sampled_from(["", "g"])))
        for i in range(draw(st.integers(1, 5)))
    )
    sheets = [
        Sheet(
            e.id,
            "M",
            f"J{j}",
            {a.id: draw(marks()) for a in own},
            counted=draw(mostly(True)),
            round=draw(mostly(1, 2)),
        )
        for e in entries
        for j in range(judges)
    ]
    timings = tuple(
        Timing(e.id, "M", draw(st.integers(500, 900))) for e in entries if draw(st.booleans())
    )
    penalties = tuple(
        Penalty(f"p{e.id}", e.id, "points", draw(st.sampled_from(["", "M"])), 500)
        for e in entries
        if draw(mostly(False))
    )
    statuses = tuple(StatusFact(e.id, Outcome.DNF, "M") for e in entries if draw(mostly(False)))
    rules = Rules(
        round_total=draw(DECIMALS),
        dnf=draw(
            st.sampled_from([MissingPolicy.PRESENT, MissingPolicy.ZERO, MissingPolicy.UNRANKED])
        ),
        tie_breaks=(TieBreak(TieKey.COUNT_BEST),),
    )
    return whole, rules, Record(entries, tuple(sheets), penalties, timings, statuses)


def marks() -> st.SearchStrategy[Mark]:
    value = st.integers(0, 1000).map(lambda n: Mark(n * 10))
    odd = st.sampled_from(
        [
            Mark(outcome=Outcome.MISSING),
            Mark(outcome=Outcome.VOID),
            Mark(5000, outcome=Outcome.VOID),
            Mark(),
        ]
    )
    return st.one_of(*[value] * 19, odd)


def mostly(usual: object, unusual: object = None) -> st.SearchStrategy[object]:
    other = (not usual) if isinstance(usual, bool) else unusual
    return st.sampled_from([usual] * 19 + [other])


@settings(max_examples=300, deadline=None, derandomize=True)
@given(cards())
def test_the_bulk_path_and_the_full_path_are_one(contest: tuple[Scheme, Rules, Record]) -> None:
    whole, rules, record = contest

    assert standings(whole, rules, record) == score(whole, rules, record).standings


@settings(max_examples=150, deadline=None, derandomize=True)
@given(cards())
def test_totals_are_those_of_a_plain_reckoning_with_fractions(
    contest: tuple[Scheme, Rules, Record],
) -> None:
    whole, rules, record = contest
    plain = replace(
        record,
        statuses=(),
        penalties=(),
        timings=(),
        sheets=tuple(_usual(s) for s in record.sheets),
    )

    for standing in score(whole, rules, plain).standings:
        assert standing.total == _reckoned(whole, rules, plain, standing.entry)


def _usual(sheet: Sheet) -> Sheet:
    values = {a: Mark(m.value or 0) for a, m in sheet.marks.items()}
    return replace(sheet, marks=values, counted=True, round=1)


def _reckoned(whole: Scheme, rules: Rules, record: Record, entry: str) -> Fraction:
    total = Fraction(0)
    for aspect in whole.modules[0].aspects():
        values = sorted(
            Fraction(s.marks[aspect.id].value or 0, 1000) for s in record.sheets if s.entry == entry
        )
        trim = aspect.trim
        if len(values) > trim.high + trim.low and len(values) >= trim.minimum:
            values = values[trim.low : len(values) - trim.high]
        mean = _round(sum(values, Fraction(0)) / len(values), aspect.round_panel)
        total += _round(mean * aspect.factor, aspect.round_award)
    return _round(_round(total, whole.modules[0].round_to), rules.round_total)


def _round(value: Fraction, decimals: int | None) -> Fraction:
    return value if decimals is None else half_up(value, decimals)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(cards(), st.randoms())
def test_the_order_of_everything_that_was_recorded_never_matters(
    contest: tuple[Scheme, Rules, Record], chance: object
) -> None:
    whole, rules, record = contest
    mixed = replace(
        record,
        entries=_mixed(record.entries, chance),
        sheets=_mixed(record.sheets, chance),
        penalties=_mixed(record.penalties, chance),
        timings=_mixed(record.timings, chance),
        statuses=_mixed(record.statuses, chance),
    )

    assert canonical(score(whole, rules, mixed)) == canonical(score(whole, rules, record))


def _mixed(items, chance):  # type: ignore[no-untyped-def]
    found = list(items)
    chance.shuffle(found)
    return tuple(found)
