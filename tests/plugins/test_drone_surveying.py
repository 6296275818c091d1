"""Drone surveying: accuracy exactly at its limits, who may leave a point out, a known total."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from core.scoring.engine import score
from core.scoring.model import Penalty, Record, Timing
from plugins import EntryFacts, FoundDefect, Mark, Outcome, Reading, Sheet, read_options
from plugins.drone_surveying import DroneSurveying
from plugins.drone_surveying.check_points import COLUMNS
from plugins.drone_surveying.instrument import INSTRUMENT
from plugins.drone_surveying.limits import limits

TYPE = DroneSurveying()


def table(*rows: str) -> bytes:
    return "\n".join([",".join(COLUMNS), *rows]).encode()


def point(n: int, dx: str = "0", dy: str = "0", dz: str = "0", tail: str = ",") -> str:
    x, y, z = (Fraction(1000 + n) + Fraction(d) for d in (dx, dy, dz))
    measured = ",".join(f"{int(v * 1000) // 1000}.{int(v * 1000) % 1000:03d}" for v in (x, y, z))
    return f"K{n},{1000 + n},{1000 + n},{1000 + n},{measured},{tail}"


def points(n: int = 20, **differences: str) -> list[str]:
    return [point(i, **differences) for i in range(1, n + 1)]


async def read(data: bytes, **options: Any) -> Reading:
    answers, findings = read_options(TYPE, options)
    assert findings == []
    return await INSTRUMENT.read(data, answers, TYPE.scheme(answers))


async def award(aspect: str, data: bytes, **options: Any) -> Fraction | None:
    reading = await read(data, **options)
    assert reading.findings == ()
    answers, _ = read_options(TYPE, options)
    record = Record((EntryFacts("a"),), (Sheet("a", "P", "leader", reading.marks),))
    found = score(TYPE.scheme(answers), TYPE.rules(answers), record)
    return next(a.award for a in found.aspects if a.aspect == aspect)


# --- limits -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "plan", "height"),
    [
        ({}, "0.3", "0.15"),
        ({"terrain": "mountain"}, "0.4", "0.15"),
        ({"hidden": True}, "0.45", "0.225"),
        ({"scale": "1000"}, "0.6", "0.15"),
        ({"scale": "2000", "height_limit": "0.4"}, "1.2", "0.4"),
        ({"plan_limit": "0.175", "hidden": True}, "0.175", "0.225"),
    ],
)
def test_limits_follow_scale_terrain_and_cover(options: Any, plan: str, height: str) -> None:
    answers, findings = read_options(TYPE, options)

    assert findings == []
    assert (limits(answers).plan, limits(answers).height) == (Fraction(plan), Fraction(height))


def test_a_scale_without_a_published_height_limit_asks_for_one() -> None:
    _, findings = read_options(TYPE, {"scale": "2000"})

    assert [(f.pointer, f.code) for f in findings] == [
        ("/height_limit", "drone-height-limit-missing")
    ]


# --- accuracy -----------------------------------------------------------------------------------


async def test_an_error_exactly_at_a_band_still_earns_it_and_a_millimetre_more_does_not() -> None:
    at = points(dx="0.150")
    above = [*points(19, dx="0.150"), point(20, dx="0.151")]

    assert await award("P1.1", table(*at)) == 40
    assert await award("P1.1", table(*above)) == 32
    assert await award("P1.1", table(*points(dx="0.300"))) == 24
    assert await award("P1.1", table(*points(19, dx="0.300"), point(20, dx="0.301"))) == 0


async def test_plan_takes_both_coordinates_and_height_its_own() -> None:
    # 0.09² + 0.12² = 0.15²
    both = table(*points(dx="0.090", dy="-0.120", dz="0.075"))
    higher = table(*points(19, dz="0.075"), point(20, dz="-0.076"))

    assert await award("P1.1", both) == 40
    assert await award("P1.2", both) == 30
    assert await award("P1.2", higher) == 24


async def test_equal_accuracy_divides_by_twice_the_number() -> None:
    # Σd² = n (0.15² + 0.15²) = 2n 0.15²: exactly at the first band
    at = table(*points(dx="0.150", dy="0.150"))
    above = table(*points(19, dx="0.150", dy="0.150"), point(20, dx="0.151", dy="0.150"))

    assert await award("P1.1", at, accuracy="equal") == 40
    assert await award("P1.1", above, accuracy="equal") == 32
    assert await award("P1.1", at, accuracy="higher") == 32


async def test_the_shown_error_is_rounded_half_up_to_the_millimetre() -> None:
    reading = await read(table(*points(dx="0.001", dz="0.002")))
    figures = dict(reading.figures)

    assert figures["RMSE in plan (m)"] == "0.001"
    assert figures["RMSE in height (m)"] == "0.002"
    assert figures["Check points counted"] == "20"
    assert {m.raw for m in reading.marks.values()} == {"0.00002;20", "0.00008;20"}


# --- what is refused ----------------------------------------------------------------------------


async def test_nineteen_points_are_refused_and_twenty_are_enough() -> None:
    nineteen = await read(table(*points(19)))
    twenty = await read(table(*points(20)))

    assert nineteen.marks == {}
    assert [(f.code, dict(f.params)) for f in nineteen.findings] == [
        ("check-points-too-few", {"counted": "19", "minimum": "20"})
    ]
    assert twenty.findings == ()


async def test_a_point_left_out_no_longer_counts_towards_the_twenty() -> None:
    gross = point(20, dx="2", tail="destroyed,J1")

    reading = await read(table(*points(19), gross))

    assert [f.code for f in reading.findings] == ["check-points-too-few"]


@pytest.mark.parametrize(
    ("tail", "dx", "codes"),
    [
        ("destroyed,J1", "2", []),
        ("destroyed,", "2", ["check-point-not-signed"]),
        (",J1", "2", ["check-point-no-reason"]),
        ("destroyed,J1", "0.6", ["check-point-not-gross"]),
        ("destroyed,J1", "0.601", []),
        ("destroyed,", "0.1", ["check-point-not-signed", "check-point-not-gross"]),
    ],
)
async def test_only_a_gross_error_is_left_out_and_only_with_reason_and_signature(
    tail: str, dx: str, codes: list[str]
) -> None:
    reading = await read(table(*points(20), point(21, dx=dx, tail=tail)))

    assert [f.code for f in reading.findings] == codes
    assert bool(reading.marks) is (codes == [])


async def test_a_gross_error_that_nobody_leaves_out_counts_and_is_shown() -> None:
    data = table(*points(20), point(21, dx="2"))

    figures = dict((await read(data)).figures)

    assert figures["Counted points beyond twice the limit"] == "K21"
    assert await award("P1.1", data) == 0


async def test_every_wrong_cell_is_named_with_its_line() -> None:
    reading = await read(table("K1,a,2,3,1,2,3,,", ",1,2,3,1,2,3,,", point(3), point(3), ""))

    assert [(f.pointer, f.code) for f in reading.findings] == [
        ("/2/known_x", "table-number"),
        ("/3/id", "check-point-no-id"),
        ("/5/id", "check-point-twice"),
    ]


async def test_numbers_too_fine_and_places_too_far_are_mistakes_of_the_export() -> None:
    fine = "K1,1,2,3,1.0000001,2,3,,"
    swapped = "K2,500000,2500000,3,2500000,500000,3,,"

    reading = await read(table(fine, swapped))

    assert [(f.pointer, f.code) for f in reading.findings] == [
        ("/2/measured_x", "check-point-too-fine"),
        ("/3/measured_x", "check-point-far"),
    ]


@pytest.mark.parametrize("data", [b"", b"id,x\n1,2\n", b"\xff\xfe1", b"id\x00\n"])
async def test_a_file_that_is_no_table_of_check_points_says_so(data: bytes) -> None:
    reading = await read(data)

    assert reading.marks == {}
    assert reading.findings[0].code in {"table-columns", "table-not-utf8", "table-unreadable"}


# --- the whole contest --------------------------------------------------------------------------


async def sheets(entry: str, paper: int = 80_000, *defects: FoundDefect) -> list[Sheet]:
    reading = await read(INSTRUMENT.sample)  # 40 and 30
    lost = defects or (FoundDefect("out_of_area", 10_000), FoundDefect("photos", 5000))
    return [
        Sheet(entry, "T", "leader", {"T1.1": Mark(value=paper)}),
        Sheet(entry, "F", "leader", {"F1.1": Mark(defects=lost)}),  # 70 - 15 = 55
        Sheet(entry, "P", "leader", {**reading.marks, "P2.1": Mark(raw="3")}),  # 15 × 0.7 = 10.5
        *(
            Sheet(entry, "P", f"J{n}", {"P2.2": Mark(value=level)})  # (2, 3, 3) × 15 = 13.33
            for n, level in enumerate((2000, 3000, 3000))
        ),
    ]


def scored(given: list[Sheet], seconds: int = 200, penalties: Any = (), **options: Any) -> Any:
    answers, findings = read_options(TYPE, options)
    assert findings == []
    record = Record(
        (EntryFacts("a"),),
        tuple(given),
        timings=(Timing("a", "F", seconds),),
        penalties=penalties,
    )
    return score(TYPE.scheme(answers), TYPE.rules(answers), record)


async def test_a_known_contest_comes_to_its_known_total() -> None:
    found = scored(await sheets("a"))

    assert {m.module: m.score for m in found.modules} == {
        "T": 80,
        "F": 79,  # 55 + 80 % of 30 for 200 seconds
        "P": Fraction("93.83"),
    }
    assert found.standings[0].exact == Fraction("85.232")
    assert found.standings[0].total == Fraction("85.23")


@pytest.mark.parametrize(
    ("seconds", "flight"), [(180, 85), (181, 79), (240, 79), (300, 73), (301, 55)]
)
async def test_flight_time_earns_by_band_to_the_second(seconds: int, flight: int) -> None:
    found = scored(await sheets("a"), seconds)

    assert next(m.score for m in found.modules if m.module == "F") == flight


async def test_theory_may_decide_who_is_ranked_without_counting() -> None:
    gate = {
        "theory_weight": "0",
        "flight_weight": "50",
        "processing_weight": "50",
        "theory_gate": True,
    }

    passed = scored(await sheets("a", 60_000), **gate).standings[0]
    failed = scored(await sheets("a", 59_500), **gate).standings[0]

    assert passed.total == (79 + Fraction("93.83")) / 2 + Fraction("0.005")
    assert (failed.rank, failed.status) == (None, Outcome.NOT_QUALIFIED)


async def test_a_crash_costs_the_whole_flight_and_voids_its_module() -> None:
    crash = FoundDefect("crash", 70_000)
    void = (Penalty("p1", "a", "module", module="F", reason="crash"),)

    found = scored(await sheets("a", 80_000, crash), penalties=void)

    assert next(m for m in found.modules if m.module == "F").outcome is Outcome.VOID
    assert found.standings[0].exact == 24 + Fraction("37.532")


def test_everything_wrong_between_the_options_is_told_at_once() -> None:
    options = {
        "theory_weight": "29.75",
        "plan_marks": "39",
        "time_bands": [{"limit": "10", "share": "50"}, {"limit": "5", "share": "40"}],
        "faults": [{"code": "crash", "title_en": "Crash"}],
    }

    _, findings = read_options(TYPE, options)

    assert {(f.pointer, f.code) for f in findings} == {
        ("/theory_weight", "option-sum"),
        ("/plan_marks", "option-sum"),
        ("/time_bands/1/limit", "option-band-limit"),
        ("/faults/0/code", "option-code-twice"),
    }
