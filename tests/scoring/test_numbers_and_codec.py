"""Numbers as text, and every dataclass as canonical JSON."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.scoring import model, score
from core.scoring.codec import UnreadableError, canonical, exists, from_json, load, read, to_json
from core.scoring.model import (
    Aspect,
    AttemptRuling,
    AwardMethod,
    AwardRule,
    Calculation,
    Control,
    Defect,
    EntryFacts,
    Finding,
    FoundDefect,
    Gate,
    Kind,
    Mark,
    Outcome,
    OverTime,
    Penalty,
    PlaceRuling,
    Prize,
    Record,
    Results,
    Rules,
    Scheme,
    Section,
    StatusFact,
    TeamFormula,
    TeamRule,
    TieBreak,
    TieKey,
    Timing,
    Trim,
)
from core.scoring.numbers import (
    Typed,
    decimal_text,
    exact,
    half_up,
    milli_text,
    parse_api,
    parse_typed,
    plain_decimal,
    rounded_text,
)
from tests.scoring.build import module, record, sheet, text

# --- numbers ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "value", "changed"),
    [
        ("7.25", 7250, False),
        ("７．２５", 7250, True),
        ("1,25", 1250, True),
        ("1，25", 1250, True),
        (" 8 ", 8000, True),
        ("１０", 10_000, True),
        ("−0.5", -500, True),
        ("+3", 3000, True),
        (".5", 500, True),
        ("7。5", 7500, True),
    ],
)
def test_what_people_type_is_understood_and_shown(typed: str, value: int, changed: bool) -> None:
    assert parse_typed(typed) == Typed(value, milli_text(value), changed)


@pytest.mark.parametrize(
    "typed", ["", "abc", "1,000.5", "1,2,3", "1.2.3", "1e3", "0x10", "½", "∞", "1.2345"]
)
def test_what_cannot_be_understood_is_a_finding(typed: str) -> None:
    assert isinstance(parse_typed(typed), Finding)


@pytest.mark.parametrize(
    "given_",
    ["７", "1,25", " 1", "1e3", "01", "+1", ".5", "1.", "1.2345", "", "NaN", 7, 7.5, True, None],
)
def test_the_api_refuses_everything_but_plain_decimal_text(given_: object) -> None:
    assert isinstance(parse_api(given_), Finding)


@given(st.integers(-(10**12), 10**12))
def test_thousandths_come_back_from_their_text(value: int) -> None:
    assert parse_api(milli_text(value)) == value


@given(st.fractions())
def test_fractions_come_back_from_their_text(value: Fraction) -> None:
    if abs(value.numerator) < 10**40:
        assert exact(decimal_text(value)) == value


@given(st.fractions(min_value=-1000, max_value=1000), st.integers(0, 4))
def test_rounding_is_never_further_than_half_a_step_and_a_half_goes_away_from_zero(
    value: Fraction, decimals: int
) -> None:
    rounded = half_up(value, decimals)

    assert abs(rounded - value) * 10**decimals <= Fraction(1, 2)
    assert half_up(-value, decimals) == -rounded
    if abs(rounded - value) * 10**decimals == Fraction(1, 2):
        assert abs(rounded) > abs(value)


def test_texts_of_numbers() -> None:
    assert [rounded_text(Fraction(7), 2), rounded_text(Fraction("-0.005"), 2)] == ["7.00", "-0.01"]
    assert rounded_text(Fraction("2.5"), 0) == "3"
    assert [decimal_text(Fraction(1, 3)), decimal_text(Fraction(-1, 8))] == ["1/3", "-0.125"]
    assert [plain_decimal("００1,50"), plain_decimal("1,50"), plain_decimal("x")] == [
        None,
        "1.5",
        None,
    ]


# --- codec --------------------------------------------------------------------------------------


def full_scheme() -> Scheme:
    """Every field of every dataclass is something else than its default."""
    aspect = Aspect(
        "A1",
        Kind.MEASUREMENT,
        text("A1"),
        10_000,
        minimum=-500,
        step=250,
        panel="tasters",
        judges=3,
        top=4000,
        descriptors=(text("0"),),
        spread=0,
        trim=Trim(1, 2, 9),
        calculation=Calculation("X", 2, {"a": "1.5", "bands": [{"limit": "1"}], "flag": True}),
        unit="mm",
        factor=Fraction(2, 3),
        round_panel=0,
        round_award=None,
        missing=model.MissingPolicy.ZERO,
        defects=(Defect("d", text("d"), 1, 2, 3, repeatable=True),),
        applies_to=("E1",),
        section="1",
        requirement="r",
        control=Control("choice", 5, "s", ("a",), (text("b"),), ("c",)),
    )
    whole = module(
        "M",
        aspect,
        maximum="10",
        weight=Fraction(1, 7),
        blind=False,
        process=True,
        round_to=1,
        attempts=model.AttemptRule.BEST,
        over_time=OverTime(60, 500, 30, "full", 90, Outcome.VOID),
        missing=model.MissingPolicy.UNRANKED,
    )
    return Scheme("s", text("s"), (whole,), (Section("1", text("1"), 10_000),))


def full_rules() -> Rules:
    return Rules(
        round_total=None,
        gates=(Gate("M", 60_000, 35, carried=False),),
        tie_breaks=(TieBreak(TieKey.TIME, "M", descending=False),),
        awards=(
            AwardRule(
                "p",
                text("p"),
                AwardMethod.RATIO,
                (Prize("first", text("1"), Fraction(1, 3)),),
                cap=Fraction(1, 5),
            ),
        ),
        team=TeamRule("t", text("t"), TeamFormula.PLACE_POINTS, points=(5000, 2500)),
        group_titles={"a": text("A")},
        recusal_trim=Trim(0, 1, 3),
        dnf=model.MissingPolicy.PRESENT,
    )


def full_record() -> Record:
    marks = {"A1": Mark(None, "1.5", (FoundDefect("d", 500),), Outcome.SCORED, "n", "s")}
    return record(
        [EntryFacts("E1", "g", "d", trial=True, reserve=True)],
        [sheet("E1", "J1", marks, attempt=2, round=3, counted=False, reason="recusal")],
        penalties=(Penalty("p", "E1", "points", "M", 1500, "r"),),
        timings=(Timing("E1", "M", 10, 3, 2),),
        statuses=(StatusFact("E1", Outcome.DNF, "M"),),
        rulings=(AttemptRuling("E1", "M", 2),),
        places=(PlaceRuling(("E1",), "r"),),
        votes={"tasters": {"E1": 7}},
        registered={"g": 4},
    )


@pytest.mark.parametrize("value", [full_scheme(), full_rules(), full_record(), Rules()])
def test_every_value_comes_back_as_it_went_in(value: Scheme | Rules | Record) -> None:
    parsed, findings = load(canonical(value))

    assert findings == []
    assert from_json(type(value), parsed) == value


def test_results_come_back_as_they_went_in() -> None:
    whole = module("M", Aspect("A1", Kind.POINTS, text("A1"), 10_000, judges=3, round_award=None))
    given_ = [sheet("E1", f"J{i}", {"A1": v}) for i, v in enumerate("778")]
    results = score(Scheme("s", text("s"), (whole,)), Rules(round_total=None), record("E1", given_))

    assert results.standings[0].total == Fraction(22, 3)
    assert from_json(Results, load(canonical(results))[0]) == results


def test_a_field_with_its_default_is_left_out() -> None:
    assert to_json(Mark(7250)) == {"value": "7.25"}
    assert canonical(Trim(1, 1)) == b'{"high":1,"low":1}'


def test_everything_wrong_is_named_at_once_with_its_place() -> None:
    data = {
        "entries": [{"id": 5}, {"group": "a"}],
        "sheets": [
            {
                "entry": "E",
                "module": "M",
                "judge": "J",
                "marks": {"a/b~c": {"value": 7.5, "outcome": "gone"}},
            }
        ],
        "penalties": {},
        "timings": [{"entry": "E", "module": "M", "gross": True}],
        "votes": {"p": {"E": "many"}},
        "nonsense": 1,
    }

    value, findings = read(Record, data)

    assert value is None
    assert {(f.pointer, f.code) for f in findings} == {
        ("/entries/0/id", "wrong-type"),
        ("/entries/1", "missing-key"),
        ("/sheets/0/marks/a~1b~0c/value", "number-not-text"),
        ("/sheets/0/marks/a~1b~0c/outcome", "unknown-value"),
        ("/penalties", "wrong-type"),
        ("/timings/0/gross", "wrong-type"),
        ("/votes/p/E", "wrong-type"),
        ("/nonsense", "unknown-key"),
    }


def test_the_error_of_a_careless_reader_holds_the_findings() -> None:
    with pytest.raises(UnreadableError, match="missing-key"):
        from_json(Mark, {"defects": [{}]})


def test_a_float_is_refused_on_the_way_out_and_on_the_way_in() -> None:
    with pytest.raises(ValueError, match="float"):
        canonical({"a": [1.5]})
    assert [f.code for f in load('{"a": 1.5}')[1]] == ["json-unreadable"]
    assert [f.code for f in read(Calculation, {"name": "X", "parameters": {"a": 1.5}})[1]] == [
        "wrong-type"
    ]


@pytest.mark.parametrize(
    "data", ['{"a":1,"a":2}', "{", "[NaN]", "[Infinity]", b"\xff", "[" * 100_000]
)
def test_json_that_means_two_things_or_nothing_is_a_finding(data: str | bytes) -> None:
    value, findings = load(data)

    assert (value, len(findings)) == (None, 1)


def test_canonical_bytes_depend_on_nothing_but_the_content() -> None:
    assert (
        canonical({"b": "面点", "a": [1, None, True]}) == '{"a":[1,null,true],"b":"面点"}'.encode()
    )


def test_a_pointer_exists_or_it_does_not() -> None:
    given_ = sheet("E1", "J1", {"a/b": Mark(5)})

    assert exists(given_, "")
    assert exists(given_, "/marks/a~1b/value")
    assert exists([given_], "/0/judge")
    assert not exists(given_, "/marks/a~1c")
    assert not exists([given_], "/1")
    assert not exists(given_, "marks")


def test_every_dataclass_of_the_model_can_be_written_and_read() -> None:
    classes = [
        c for c in vars(model).values() if isinstance(c, type) and dataclasses.is_dataclass(c)
    ]

    for cls in classes:
        assert read(cls, [])[1][0].code == "wrong-type"
    assert len(classes) >= 30
