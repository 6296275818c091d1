"""Robotics: a total worked out by hand, ties by time, and the controller's log."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest

from core.scoring.engine import score
from core.scoring.model import Record, Timing
from plugins import EntryFacts, FoundDefect, Mark, Reading, Sheet, read_options
from plugins.robotics import Robotics
from plugins.robotics.instrument import INSTRUMENT

TYPE = Robotics()
ANSWERS, _ = read_options(TYPE, {})
SCHEME, RULES = TYPE.scheme(ANSWERS), TYPE.rules(ANSWERS)


def sheets(entry: str, *, placed: str = "5") -> list[Sheet]:
    judged = {
        "A": ("A2.1", (2, 2, 3)),  # × 5 = 3.89
        "B": ("B2.1", (3, 3, 3)),  # × 5 = 5
        "C": ("C2.1", (1, 2, 2)),  # × 4 = 2.22
    }
    found = [
        Sheet(entry, module, f"J{n}", {aspect: Mark(value=level * 1000)})
        for module, (aspect, levels) in judged.items()
        for n, level in enumerate(levels)
    ]
    measured = {
        "A": {"A1.1": "7", "A1.2": "0.2"},  # 10 × 7/8 = 8.75, 80 % of 10 = 8
        "B": {"B1.1": "2", "B1.2": "true"},  # 60 % of 12.5 = 7.5, 7.5
        "C": {"C1.1": "true", "C1.2": placed, "C1.3": "18.75", "C1.4": "0.12"},  # 8, 10, 8, 6.4
    }
    found += [
        Sheet(entry, module, "leader", {aspect: Mark(raw=raw) for aspect, raw in raws.items()})
        for module, raws in measured.items()
    ]
    lost = (FoundDefect("tidiness", 500), FoundDefect("protection", 1000))
    return [*found, Sheet(entry, "D", "leader", {"D1.1": Mark(defects=lost)})]


def test_four_modules_add_up_to_a_hundred_with_a_tenth_for_safety_and_conduct() -> None:
    assert [(m.id, m.maximum) for m in SCHEME.modules] == [
        ("A", 25_000),
        ("B", 25_000),
        ("C", 40_000),
        ("D", 10_000),
    ]
    assert all(m.maximum == sum(a.maximum or 0 for a in m.aspects()) for m in SCHEME.modules)
    assert sum(m.over_time.limit for m in SCHEME.modules if m.over_time) == 60 * 60


@pytest.mark.parametrize("marks", ["33.33", "0.01", "29.99"])
def test_the_parts_of_a_module_add_up_however_its_marks_are_chosen(marks: str) -> None:
    rest = Fraction(65) - Fraction(marks)
    options = {"gripper_marks": marks, "programming_marks": f"{float(rest):.2f}"}
    answers, findings = read_options(TYPE, options)

    if Fraction(marks) < 1:
        assert [f.code for f in findings] == ["option-too-small"]
        return
    assert findings == []
    module = TYPE.scheme(answers).modules[0]
    assert module.maximum == sum(a.maximum or 0 for a in module.aspects())
    assert all((a.maximum or 0) % 10 == 0 for a in module.aspects())


def test_a_known_contest_comes_to_its_known_total() -> None:
    found = score(SCHEME, RULES, Record((EntryFacts("a"),), tuple(sheets("a"))))

    modules = {module.module: module.score for module in found.modules}
    assert modules == {
        "A": Fraction("20.64"),
        "B": Fraction("20"),
        "C": Fraction("34.62"),
        "D": Fraction("8.5"),
    }
    assert found.standings[0].total == Fraction("83.76")


def test_of_two_equal_totals_the_quicker_one_comes_first() -> None:
    record = Record(
        (EntryFacts("a"), EntryFacts("b")),
        (*sheets("a"), *sheets("b")),
        timings=tuple(
            Timing(entry, module, seconds)
            for entry, times in (("a", (900, 800, 1700)), ("b", (900, 700, 1600)))
            for module, seconds in zip("ABC", times, strict=True)
        ),
    )

    first, second = score(SCHEME, RULES, record).standings

    assert (first.entry, second.entry) == ("b", "a")
    assert first.decided_by.startswith("time")


def test_marks_that_do_not_add_up_and_bands_that_fall_are_named() -> None:
    options = {
        "conduct_marks": "9.75",
        "cycle_bands": [{"limit": "20", "share": "50"}, {"limit": "20", "share": "60"}],
        "position_bands": [],
        "signals": [
            {"signal": "a", "aspect": "C1.1"},
            {"signal": "b", "aspect": "C1.1"},
            {"signal": "c", "aspect": "A1.1"},
        ],
    }

    _, findings = read_options(TYPE, options)

    assert {(f.pointer, f.code) for f in findings} == {
        ("/gripper_marks", "option-sum"),
        ("/cycle_bands/1/limit", "option-band-limit"),
        ("/cycle_bands/1/share", "option-band-share"),
        ("/position_bands", "option-no-band"),
        ("/signals/1/aspect", "option-code-twice"),
        ("/signals/2/aspect", "robotics-aspect-unknown"),
    }
    assert next(f for f in findings if f.code == "option-sum").params["difference"] == "-0.25"


# --- the log ------------------------------------------------------------------------------------


async def read(data: bytes, options: dict[str, Any] | None = None) -> Reading:
    answers, findings = read_options(TYPE, options or {})
    assert findings == []
    return await INSTRUMENT.read(data, answers, TYPE.scheme(answers))


def raws(reading: Reading) -> dict[str, str | None]:
    return {aspect: mark.raw for aspect, mark in reading.marks.items()}


EXPECTED = {"C1.1": "true", "C1.2": "2", "C1.3": "18.75", "C1.4": "0.12"}


async def test_the_sample_log_measures_function_count_longest_cycle_and_largest_error() -> None:
    reading = await read(INSTRUMENT.sample)

    assert reading.findings == ()
    assert raws(reading) == EXPECTED
    assert ("cycle", "18.75") in reading.figures


async def test_the_same_log_as_json_measures_the_same_without_a_float() -> None:
    lines = INSTRUMENT.sample.decode().splitlines()[1:]
    rows = [
        dict(zip(("timestamp", "signal", "value"), line.split(","), strict=True)) for line in lines
    ]
    text_numbers = json.dumps(rows).encode()
    plain_numbers = text_numbers.replace(b'"0.08"', b"0.08").replace(
        b'"value": "1"', b'"value": true'
    )

    assert raws(await read(text_numbers)) == raws(await read(plain_numbers)) == EXPECTED


async def test_a_signal_that_is_off_at_the_end_has_failed() -> None:
    reading = await read(INSTRUMENT.sample + b"40,task_done,0\n")

    assert raws(reading)["C1.1"] == "false"


async def test_every_wrong_line_is_named_and_nothing_is_measured() -> None:
    reading = await read(
        b"timestamp,signal,value\n0,cycle,on\n5,,1\n3,cycle,1\nnow,cycle,0\n4,cycle,0\n"
    )

    assert reading.marks == {}
    assert [(f.pointer, f.code) for f in reading.findings] == [
        ("/2/value", "table-number"),
        ("/3/signal", "log-no-signal"),
        ("/5/timestamp", "table-number"),
    ]
    backwards = await read(b"timestamp,signal,value\n5,cycle,1\n3,cycle,0\n")
    assert [(f.pointer, f.code) for f in backwards.findings] == [
        ("/3/timestamp", "log-runs-backwards")
    ]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "table-columns"),
        (b"time,signal\n0,cycle\n", "table-columns"),
        (b"timestamp,signal,value\n0,cycle,1\n1,cycle,0\n", "log-signal-missing"),
        ("timestamp,signal,value\n0,节拍,1\n".encode("gb18030"), "table-not-utf8"),
        (b"[1, 2", "table-unreadable"),
        (b'{"timestamp": 0}', "log-not-a-list"),
        (b'[{"timestamp": 0}]', "table-columns"),
        (b"[" * 100_000, "table-unreadable"),
        (INSTRUMENT.sample.replace(b",cycle,0\n", b",cycle,1\n"), "log-no-cycle"),
    ],
)
async def test_a_log_that_cannot_be_used_says_why(data: bytes, code: str) -> None:
    reading = await read(data)

    assert reading.marks == {}
    assert code in {finding.code for finding in reading.findings}


async def test_full_width_digits_and_a_decimal_comma_are_understood_in_a_file() -> None:
    data = (
        INSTRUMENT.sample.decode()
        .replace(",", ";")
        .replace("0.08", "0,08")
        .replace("9.75", "９.75")
    )

    assert raws(await read(data.encode("utf-8-sig"))) == EXPECTED
