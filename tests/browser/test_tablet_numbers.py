"""The tablet reads typed numbers exactly as the server does, and never as floats."""

from __future__ import annotations

import pytest
from playwright.async_api import Page

from core.scoring.model import Finding
from core.scoring.numbers import milli_text, parse_api, parse_typed
from core.settings import Settings
from tests.browser.kit import enter
from tests.factories_contests import small_contest
from tests.fixtures.processes import Server

pytestmark = pytest.mark.browser

TYPED = [
    *(
        "7",
        "7.5",
        "7.50",
        "07",
        "0.125",
        "-3",
        "+4",
        " 8 ",
        "７．５",
        "１２，５",
        "1,25",
        ".5",
        "5。5",
    ),
    *("", "abc", "1e3", "1.2.3", "1,2,3", "--1", "0x10", "1 2", "٣", "7.1234", "999999999999"),
]


async def test_the_tablet_and_the_server_understand_the_same(
    database: Settings, server: Server, page: Page
) -> None:
    small = await small_contest()
    await enter(page, server, small.judges[0].account, f"/judging/{small.contest}")

    told = await page.evaluate(
        """async (typed) => {
          const main = document.querySelector('script[type="module"]').src;
          const { milli, milliText, typedDecimal } = await import(main.replace("main", "numbers"));
          return typed.map((text) => {
            const plain = typedDecimal(text);
            const value = plain == null ? null : milli(plain);
            return value == null ? null : milliText(value);
          });
        }""",
        TYPED,
    )

    expected = [None if isinstance(v, Finding) else v.understood for v in map(parse_typed, TYPED)]
    assert dict(zip(TYPED, told, strict=True)) == dict(zip(TYPED, expected, strict=True))


async def test_every_step_of_a_grid_is_exact(
    database: Settings, server: Server, page: Page
) -> None:
    small = await small_contest()
    await enter(page, server, small.judges[0].account, f"/judging/{small.contest}")
    texts = [milli_text(value) for value in range(-300, 40_001, 50)]

    told = await page.evaluate(
        """async (texts) => {
          const main = document.querySelector('script[type="module"]').src;
          const { milli } = await import(main.replace("main", "numbers"));
          return texts.map(milli);
        }""",
        texts,
    )

    assert told == [parse_api(text) for text in texts]
