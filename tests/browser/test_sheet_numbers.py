"""The tablet reads numbers and computes points exactly as the server does, and never with floats."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.async_api import Page

from core.scoring.calculators import STANDARD
from core.scoring.model import Finding
from core.scoring.numbers import decimal_text, milli_text, parse_api, parse_typed, plain_decimal
from core.settings import Settings
from tests.browser.tablets import base_of
from tests.fixtures.processes import Server

pytestmark = pytest.mark.browser

TYPED = [
    *("7", "7.5", "7.50", "07", "0.125", "-3", "+4", " 8 ", "７．５", "１２，５", "1,25", ".5", "5。5"),
    *("", "abc", "1e3", "1.2.3", "1,2,3", "--1", "0x10", "1 2", "٣", "7.1234", "999999999999"),
    *("-0", "-0.00", "0,0", "−2.5", "﹣1", "1234567890123.5", "0.123456789012", "5.", "，5", "7.0001000"),
]  # fmt: skip
BY_NAME = {calculator.name: calculator for calculator in STANDARD}
ROUNDS = 90


async def app_of(page: Page, server: Server) -> str:
    await page.goto(f"{server.url}/judging/")
    return await base_of(page)


async def test_the_tablet_and_the_server_understand_the_same(
    database: Settings, server: Server, page: Page
) -> None:
    base = await app_of(page, server)

    told = await page.evaluate(
        """async ([base, typed]) => {
          const { milli, milliText, typedDecimal } = await import(base + "sheet/numbers.js");
          return typed.map((text) => {
            const plain = typedDecimal(text);
            const value = plain == null ? null : milli(plain);
            return [plain, value == null ? null : milliText(value)];
          });
        }""",
        [base, TYPED],
    )

    points = [None if isinstance(v, Finding) else v.understood for v in map(parse_typed, TYPED)]
    expected = [[plain_decimal(text), shown] for text, shown in zip(TYPED, points, strict=True)]
    assert dict(zip(TYPED, told, strict=True)) == dict(zip(TYPED, expected, strict=True))


async def test_every_step_of_a_grid_is_exact(
    database: Settings, server: Server, page: Page
) -> None:
    base = await app_of(page, server)
    texts = [milli_text(value) for value in range(-300, 40_001, 50)]

    told = await page.evaluate(
        "async ([base, texts]) => texts.map((await import(base + 'sheet/numbers.js')).milli)",
        [base, texts],
    )

    assert told == [parse_api(text) for text in texts]


async def test_durations_and_times_of_day_are_seconds(
    database: Settings, server: Server, page: Page
) -> None:
    base = await app_of(page, server)
    texts = [
        "754.5",
        "12:34.5",
        "1:02:03",
        "１２：３４",
        "0:59.999",
        "1:60",
        "1:2:3:4",
        "x",
        "-1:00",
    ]

    told = await page.evaluate(
        """async ([base, texts]) => {
          const { clockText, typedSeconds } = await import(base + "sheet/numbers.js");
          return [texts.map(typedSeconds), clockText(754_567), clockText(3_723_000, 0)];
        }""",
        [base, texts],
    )

    seconds = ["754.5", "754.5", "3723", "754", "59.999", None, None, None, None]
    assert told == [seconds, "12:34.56", "1:02:03"]


async def test_the_tablet_computes_the_points_that_the_engine_computes(
    database: Settings, server: Server, page: Page
) -> None:
    """Over hundreds of generated parameters and values, unreadable ones among them."""
    base = await app_of(page, server)
    cases = list(_cases(random.Random("calculators")))
    asked = [
        [name, parameters, milli_text(maximum), raw] for name, parameters, maximum, raw in cases
    ]

    told = await page.evaluate(
        """async ([base, cases]) => {
          const { computed } = await import(base + "sheet/calculators.js");
          const { decimalText } = await import(base + "sheet/fraction.js");
          return cases.map(([name, parameters, maximum, raw]) => {
            const found = computed({ name, version: 1, parameters, maximum }, raw);
            return found.points ? decimalText(found.points) : Object.keys(found)[0];
          });
        }""",
        [base, asked],
    )

    wrong = [
        (case, answer, expected)
        for case, answer in zip(cases, told, strict=True)
        if answer != (expected := _expected(*case))
    ]
    assert wrong == []
    assert len(cases) > 600
    assert len(set(told)) > 100


async def test_what_a_third_party_computes_is_left_to_the_server(
    database: Settings, server: Server, page: Page
) -> None:
    base = await app_of(page, server)

    told = await page.evaluate(
        """async (base) => {
          const { computed } = await import(base + "sheet/calculators.js");
          const of = (name, version) => computed({ name, version, parameters: {}, maximum: "5" }, "1");
          return [of("GEMSTONE_CUT", 1), of("PASS_FAIL", 2)];
        }""",
        base,
    )

    assert told == [{"unknown": True}, {"unknown": True}]


def _expected(name: str, parameters: dict[str, Any], maximum: int, raw: str) -> str:
    try:
        return decimal_text(BY_NAME[name].calculate(raw, maximum, parameters))
    except (ValueError, KeyError, ZeroDivisionError):
        return "unreadable"


Case = tuple[str, dict[str, Any], int, str]


def _cases(chance: random.Random) -> Iterator[Case]:
    for name, make in _MAKERS.items():
        made = 0
        while made < ROUNDS:
            parameters, raw = make(chance)
            maximum = chance.choice([500, 1000, 2500, 3330, 10_000, 25_000])
            if any(
                f.code != "band-above-maximum" for f in BY_NAME[name].check(parameters, maximum)
            ):
                continue
            made += 1
            yield (
                name,
                parameters,
                maximum,
                chance.choice([raw, raw, raw, raw, "", "x", "1;", "1e3"]),
            )


def _decimal(chance: random.Random, least: int, most: int, places: int = 3) -> str:
    return milli_text(
        chance.randint(least * 1000, most * 1000) // 10 ** (3 - places) * 10 ** (3 - places)
    )


def _per(chance: random.Random) -> dict[str, Any]:
    return chance.choice([{}, {"per": "unit"}, {"per": "percent"}])


def _pass_fail(chance: random.Random) -> tuple[dict[str, Any], str]:
    parameters = _per(chance)
    if chance.random() < 0.5:
        parameters |= {"deduction": _decimal(chance, 0, 30)}
    return parameters, chance.choice(["true", "false", "yes"])


def _number_completed(chance: random.Random) -> tuple[dict[str, Any], str]:
    parameters = {**_per(chance), "total": _decimal(chance, 1, 20, chance.choice([0, 1]))}
    if chance.random() < 0.5:
        parameters |= {"each": _decimal(chance, 1, 3)}
    return parameters, str(chance.randint(0, 25))


def _choice(chance: random.Random) -> tuple[dict[str, Any], str]:
    parameters = _per(chance)
    for n in range(1, chance.randint(2, 5)):
        parameters |= {
            f"choice{n}_label": f"kind {n}",
            f"choice{n}_deduction": _decimal(chance, 0, 20),
        }
    return parameters, f"choice{chance.randint(1, 5)}"


def _ranged(chance: random.Random) -> tuple[dict[str, Any], str]:
    parameters = _per(chance)
    for n in range(1, chance.randint(2, 12)):
        parameters[f"range{n}_deduction"] = _decimal(chance, 0, 10)
        low = chance.randint(-20, 20)
        if chance.random() < 0.8:
            parameters[f"range{n}_from"] = str(low)
        if chance.random() < 0.8:
            parameters[f"range{n}_to"] = str(low + chance.randint(0, 10))
    return parameters, _decimal(chance, -25, 35)


def _difference(chance: random.Random) -> tuple[dict[str, Any], str]:
    parameters: dict[str, Any] = {
        **_per(chance),
        "difference": _decimal(chance, 0, 4),
        "deduction": _decimal(chance, 0, 3),
    }
    if chance.random() < 0.7:
        parameters |= {"target_value": _decimal(chance, -20, 20)}
        parameters |= {"difference_type": chance.choice(["UNIT", "PERCENT", "PERCENTAGE"])}
    if chance.random() < 0.5:
        parameters |= {"counting": chance.choice(["full", "started"])}
    return parameters, _decimal(chance, -30, 30)


def _per_error(chance: random.Random) -> tuple[dict[str, Any], str]:
    if chance.random() < 0.5:
        parameters = {**_per(chance), "hit": _decimal(chance, 1, 3)}
        if chance.random() < 0.5:
            parameters |= {"false_alarm": _decimal(chance, 0, 2)}
        return parameters, f"{chance.randint(0, 12)};{chance.randint(0, 12)}"
    parameters = {**_per(chance), "deduction": _decimal(chance, 0, 3)}
    if chance.random() < 0.5:
        parameters |= {"start": _decimal(chance, 0, 12)}
    return parameters, str(chance.randint(0, 15))


def _bands(chance: random.Random) -> list[dict[str, str]]:
    limits = sorted(chance.sample(range(1, 400), chance.randint(1, 5)))
    points = sorted((chance.randint(0, 1000) for _ in limits), reverse=True)
    return [
        {"limit": milli_text(limit * 10), "points": milli_text(point * 10)}
        for limit, point in zip(limits, points, strict=True)
    ]


def _tolerance(chance: random.Random) -> tuple[dict[str, Any], str]:
    parameters = {**_per(chance), "bands": _bands(chance)}
    if chance.random() < 0.5:
        parameters |= {"mode": chance.choice(["step", "linear"])}
    if chance.random() < 0.5:
        parameters |= {"target": _decimal(chance, -3, 3)}
    return parameters, _decimal(chance, -6, 6)


def _rmse(chance: random.Random) -> tuple[dict[str, Any], str]:
    parameters: dict[str, Any] = {**_per(chance), "bands": _bands(chance)}
    if chance.random() < 0.5:
        parameters |= {"mode": chance.choice(["step", "linear"])}
    if chance.random() < 0.5:
        parameters |= {"accuracy": chance.choice(["higher", "equal"])}
    if chance.random() < 0.3:
        parameters |= {"minimum": str(chance.randint(1, 30)), "decimals": str(chance.randint(0, 6))}
    return parameters, f"{_decimal(chance, 0, 300)};{chance.randint(0, 40)}"


_MAKERS: dict[str, Callable[[random.Random], tuple[dict[str, Any], str]]] = {
    "PASS_FAIL": _pass_fail,
    "NUMBER_COMPLETED": _number_completed,
    "CHOICE": _choice,
    "RANGED_SCORE": _ranged,
    "REGULAR_DIFFERENCE_DEDUCTION": _difference,
    "PER_ERROR": _per_error,
    "TOLERANCE_BANDS": _tolerance,
    "RMSE_BANDS": _rmse,
}
