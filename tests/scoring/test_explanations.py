"""Explanations that an entrant can follow, and the sentences of every code in four languages."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

import core.scoring
from core.explaining import render_step
from core.findings import sentences
from core.messages import EXPLAIN, FINDINGS
from core.scoring import explain, score
from core.scoring.explain import clock, shown
from core.scoring.model import (
    Calculation,
    EntryFacts,
    FoundDefect,
    Gate,
    Kind,
    Mark,
    MissingPolicy,
    Outcome,
    OverTime,
    Penalty,
    Record,
    Rules,
    Scheme,
    StatusFact,
    TieBreak,
    TieKey,
    Timing,
)
from core.web.i18n import catalogue
from tests.scoring.build import aspect, module, panel, record, scheme, sheet, sheets, totals
from tests.scoring.test_checks import SALT

PLACE = re.compile(r"\{(\w+)\}")


def told(
    whole: Scheme, rules: Rules, given: Record, entry: str = "A", language: str = "en"
) -> list[str]:
    results = score(whole, rules, given)
    return [render_step(step, language) for step in explain(whole, rules, results, entry)]


def test_a_panel_mark_is_told_from_the_marks_to_the_place() -> None:
    third = Fraction(1, 3)
    works = module(
        "M", panel("Taste", "40", factor=third, round_award=None), over_time=OverTime(60, 500)
    )
    given = record(
        "A",
        sheets("A", "Taste", ("30", "31", "31", "32.5", "20")),
        timings=(Timing("A", "M", 100, 30),),
    )
    penalties = (Penalty("p", "A", "points", points=1000), Penalty("q", "A", "points", "M", 500))

    assert told(scheme(works), Rules(), replace(given, penalties=penalties)) == [
        "M",
        "Taste: ≈10.2233 of ≈13.3333",
        "Marks: 30, 31, 31",
        "Dropped as highest and lowest: 32.5, 20",
        "Mean: 92 ÷ 3 = ≈30.6667",
        "Rounded to 2 decimals: ≈30.6667 → 30.67",
        "30.67 × ≈0.3333 = ≈10.2233",
        "Time 1:40, compensation 0:30, net 1:10",
        "0:10 over time, 1 started units of 1:00, 0.5 points each: −0.5",
        "M: the aspects add up to ≈10.2233",
        "M: penalties −1",
        "M: ≈9.2233 points",
        "Penalties on the total: ≈9.2233 − 1",
        "Rounded to 2 decimals: ≈8.2233 → 8.22",
        "Total: 8.22",
        "Place 1",
    ]


def test_judgement_measured_values_defects_and_weights_are_told() -> None:
    errors = Calculation("PER_ERROR", 1, {"deduction": "2"})
    whole = scheme(
        module(
            "M",
            aspect("J", Kind.JUDGEMENT, "2", judges=3),
            aspect("E", Kind.MEASUREMENT, "10", calculation=errors, unit="errors"),
            aspect("D", Kind.DEDUCTION, "5", defects=(SALT,)),
            aspect("G", Kind.GIVEN, None),
            weight=Fraction(1, 2),
        )
    )
    marks = [sheet("A", f"J{i}", {"J": v}) for i, v in enumerate((2, 2, 3))]
    group = {"E": Mark(raw="3"), "D": Mark(defects=(FoundDefect("salt", 1500),)), "G": Mark(-1000)}
    lines = told(whole, Rules(), record("A", marks, [sheet("A", "J1", group)]))

    for line in (
        "Mean ≈2.3333 of 3, times 2 points = ≈1.5556",
        "Rounded to 2 decimals: ≈1.5556 → 1.56",
        "Measured 3 errors: 4 points",
        "Too salty: −1.5",
        "G: -1, as decided elsewhere",
        "M: 8.06 × 0.5 = 4.03",
    ):
        assert line in lines


@pytest.mark.parametrize(
    ("rules", "facts", "last"),
    [
        (Rules(), {}, "The place is shared: nothing in the rules separates equal results"),
        (Rules(tie_breaks=(TieBreak(TieKey.TIME),)), {"timings": (Timing("A", "M", 9),)}, "Equal totals: less time decided"),
        (Rules(tie_breaks=(TieBreak(TieKey.TIME, "M"),)), {"timings": (Timing("A", "M", 9),)}, "Equal totals: less time in M decided"),
        (Rules(gates=(Gate("M", minimum=90_000),)), {}, "Not ranked: M did not reach what admission asks"),
        (Rules(gates=(Gate("", minimum=90_000),)), {}, "Not ranked: the total did not reach what the rules ask"),
        (Rules(), {"statuses": (StatusFact("A", Outcome.DNS),)}, "Not ranked: did not start"),
        (Rules(), {"penalties": (Penalty("p1", "A", "disqualify"),)}, "Not ranked: disqualified (penalty p1)"),
        (Rules(), {"penalties": (Penalty("p1", "A", "project"),)}, "Not ranked: the result was declared void (penalty p1)"),
    ],
)  # fmt: skip
def test_the_last_line_says_why_the_place_is_what_it_is(
    rules: Rules, facts: dict[str, object], last: str
) -> None:
    given, whole = totals({"A": 80, "B": 80}, **facts)

    assert told(whole, rules, given)[-1] == last


def test_what_stands_in_the_place_of_a_number_is_told() -> None:
    whole = scheme(module("M", aspect("A1", judges=3), aspect("A2")))
    given = record("A", [sheet("A", "J1", {"A1": 5})])
    lines = told(whole, Rules(), given)

    assert "A1: marks are still missing" in lines
    assert "A2: not marked" in lines
    assert lines[-2:] == ["M: no score", "Not ranked: marks are missing"]
    unfinished = replace(given, statuses=(StatusFact("A", Outcome.DNF, "M"),))
    assert "M: not finished; what was marked counts: 5" in told(
        whole, Rules(dnf=MissingPolicy.PRESENT), unfinished
    )


def test_a_place_in_a_group_names_the_group_in_the_readers_language() -> None:
    given, whole = totals({"A": 80}, facts=[EntryFacts("A", "workers")])
    rules = Rules(group_titles={"workers": {"en": "Workers", "zh-Hans": "职工组"}})

    assert told(whole, rules, given)[-1] == "Place 1 in group Workers"
    assert told(whole, rules, given, language="zh-Hans")[-1] == "职工组第 1 名"


def test_who_has_no_standing_has_no_explanation() -> None:
    given, whole = totals({"A": 80})

    with pytest.raises(KeyError, match="nobody"):
        explain(whole, Rules(), score(whole, Rules(), given), "nobody")


def test_values_that_never_end_say_so() -> None:
    assert [shown(Fraction(1, 3)), shown(Fraction(1, 8)), shown(Fraction(-2, 3))] == [
        "≈0.3333",
        "0.125",
        "≈-0.6667",
    ]
    assert [clock(59), clock(3723), clock(-61)] == ["0:59", "1:02:03", "-1:01"]


# --- sentences ----------------------------------------------------------------------------------

SOURCE = "\n".join(
    p.read_text(encoding="utf-8") for p in Path(core.scoring.__file__).parent.glob("*.py")
)


def test_every_finding_of_the_engine_has_its_sentence() -> None:
    codes = set(re.findall(r'Finding\(\s*[^,()]*(?:\([^()]*\)[^,()]*)*,\s*"([a-z-]+)"', SOURCE))

    assert len(codes) > 40
    assert codes <= set(FINDINGS)
    assert FINDINGS.items() <= sentences().items()


def test_every_step_has_its_sentence() -> None:
    codes = set(re.findall(r'Step\(\s*"([a-z-]+)"', SOURCE))

    assert len(codes) > 20
    assert codes <= set(EXPLAIN)


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "pt"])
def test_every_sentence_is_complete_in_every_language(language: str) -> None:
    known = catalogue(language)

    for sentence in [*FINDINGS.values(), *EXPLAIN.values()]:
        assert sentence in known
        assert set(PLACE.findall(known[sentence])) == set(PLACE.findall(sentence)), sentence
