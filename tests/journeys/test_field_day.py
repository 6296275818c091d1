"""A day in a field: tablets mark for hours over a network that loses, delays, repeats and reorders;
the server dies twice, two browsers die, and every sheet is there exactly once, as it was tapped.

At full scale: twelve tablets, fifty sheets each, four hours on the tablets' clocks.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import jwt
import pytest
from playwright.async_api import Browser, Page, expect

from contests.judging.signing import receipt_public_jwk
from contests.log import read
from contests.packages.signatures import check_signatures
from contests.sheets import jws_hash, payload_of
from core.settings import Settings
from tests.browser.tablets import (
    PersistentTablet,
    all_stored,
    code_of,
    enrol,
    pins_for,
    rows,
    sign,
    sign_in,
    tablet_page,
)
from tests.factories_contests import Seat, SmallContest, small_contest
from tests.fixtures.processes import Server, environment_of
from tests.fixtures.weather import CALM, STORM, Network, Weather
from tests.journeys.crowd import SCALE

pytestmark = pytest.mark.browser

TABLETS = max(round(12 * SCALE), 3)
SHEETS = max(round(50 * SCALE), 4)
HOURS = 4
STEP = min(HOURS * 3600 // SHEETS, 290)
"""Seconds that a tablet's clock jumps between two sheets; after 300 it would lock itself."""

DISTURBANCES = ("lost", "unanswered", "repeated", "portal")

Marks = dict[str, str]


@dataclass(slots=True)
class Judge:
    """One judge at one tablet, and what the finger did: code -> aspect -> value."""

    number: int
    seat: Seat
    page: Page
    tablet: PersistentTablet | None = None
    tapped: dict[str, Marks] = field(default_factory=dict)

    async def tap_one(self, chance: random.Random) -> None:
        """Marks and signs the open sheet."""
        code = await code_of(self.page)
        assert code not in self.tapped
        wanted = {
            "look": str(chance.randrange(0, 20)),
            "taste": str(chance.randrange(0, 40)),
            "care": str(chance.randrange(2, 4)),
        }
        await tap_points(self.page, "look", int(wanted["look"]))
        if self.tablet is not None and len(self.tapped) == SHEETS // 2:
            await self.battery_empty("look", wanted["look"])
        await tap_points(self.page, "taste", int(wanted["taste"]))
        await self.page.locator('[data-aspect="care"] .levels .chip').nth(int(wanted["care"])).tap()
        self.tapped[code] = wanted
        await sign(self.page)

    async def battery_empty(self, aspect: str, value: str) -> None:
        """The browser is killed in the middle of a sheet; what was on the tablet is still there."""
        assert self.tablet is not None
        address = self.page.url
        await expect(self.page.locator("#saved")).to_contain_text("On this tablet")
        await self.tablet.kill()
        self.page = await self.tablet.start(address)
        await sign_in(self.page, self.seat)
        kept = self.page.locator(f'[data-aspect="{aspect}"] input.value')
        await expect(kept).to_have_value(value)

    async def work_through(self, network: Network) -> None:
        chance = random.Random(self.number)
        await self.page.clock.install()
        while len(self.tapped) < SHEETS:
            if self.number == 0:
                network.weather = self.weather()
            await self.tap_one(chance)
            await self.page.clock.fast_forward(STEP * 1000)
            if self.number == 0 and network.weather.portal:
                await self.stays_until(network, "portal")
        if self.number == 0:
            await self.stays_until(network, *DISTURBANCES)

    def weather(self) -> Weather:
        """The first judge's progress is the day's: a portal after a third, nothing at noon."""
        if len(self.tapped) == SHEETS // 3:
            return replace(STORM, portal=True)
        return replace(STORM, down=len(self.tapped) == SHEETS // 2)

    async def stays_until(self, network: Network, *what: str) -> None:
        """Keeps the weather until each of these was met."""
        for _ in range(60):
            if all(network.happened[one] for one in what):
                return
            await self.page.clock.run_for(5_000)
            await asyncio.sleep(0.5)


async def tap_points(page: Page, aspect: str, value: int) -> None:
    card = page.locator(f'[data-aspect="{aspect}"]')
    await card.locator(".ten", has_text=str(value // 10 * 10)).first.tap()
    await card.locator(".row .chip", has_text=f"+{value % 10}").tap()


async def test_every_sheet_of_a_bad_day_is_stored_exactly_once_as_it_was_tapped(
    database: Settings,
    start_server: Callable[..., Server],
    network: Network,
    browser: Browser,
    tmp_path: Path,
) -> None:
    environment = {**environment_of(database), "JIANGXIN_ORIGIN": network.url}
    server = start_server(environment)
    network.upstream = server.url
    small = await small_contest(entrants=SHEETS, judges=TABLETS)
    await pins_for(*(seat.account for seat in small.judges))

    async with AsyncExitStack() as stack:
        judges = [
            await sit_down(n, small, browser, network, tmp_path, stack) for n in range(TABLETS)
        ]
        ends = asyncio.create_task(power_cuts(server, judges))
        await together([judge.work_through(network) for judge in judges])
        await ends
        network.weather = CALM
        for judge in judges:
            await judge.page.clock.run_for(31_000)
            await all_stored(judge.page, seconds=90)
        outboxes = [await rows(judge.page, "outbox") for judge in judges]

    assert [what for what in DISTURBANCES if not network.happened[what]] == []
    lines = await read(small.contest)
    stored = [payload_of(json.loads(line.body)["jws"]) for line in lines if line.kind == "sheet"]
    assert len(stored) == len({one.sheet for one in stored}) == TABLETS * SHEETS
    found = {(p.judge, p.code): {a: points(m) for a, m in p.marks.items()} for p in stored}
    assert found == {
        (judge.seat.appointment, code): {a: int(v) * 1000 for a, v in marks.items()}
        for judge in judges
        for code, marks in judge.tapped.items()
    }
    assert check_signatures(lines, small.rules_hash) == []
    for outbox in outboxes:
        assert len(outbox) == SHEETS
        for row in outbox:
            assert receipt_of(row)["jws_hash"] == jws_hash(row["jws"])


async def sit_down(
    n: int,
    small: SmallContest,
    browser: Browser,
    network: Network,
    folder: Path,
    stack: AsyncExitStack,
) -> Judge:
    """Enrols a tablet and signs its judge in, while the network is still good. Two have a folder of
    their own, so that they can be killed."""
    tablet = None
    if n < 2:
        tablet = await stack.enter_async_context(PersistentTablet(folder / f"tablet-{n}"))
        page = tablet.page
    else:
        page = await tablet_page(browser)
    await enrol(page, network.url, small, f"Tablet {n + 1}")
    await sign_in(page, small.judges[n])
    return Judge(n, small.judges[n], page, tablet)


async def power_cuts(server: Server, judges: list[Judge]) -> None:
    """Two, when a third and two thirds of all sheets are signed."""
    for share in (1 / 3, 2 / 3):
        while sum(len(judge.tapped) for judge in judges) < share * TABLETS * SHEETS:
            await asyncio.sleep(0.1)
        server.kill()
        await asyncio.sleep(2)
        await asyncio.to_thread(server.start)


async def together(work: list[Coroutine[Any, Any, None]]) -> None:
    """All at once; the first failure ends the others."""
    async with asyncio.TaskGroup() as group:
        for one in work:
            group.create_task(one)


def points(mark: Any) -> int:
    return int(mark.value)


def receipt_of(row: dict[str, Any]) -> dict[str, Any]:
    """The receipt's content, once its signature is verified."""
    key = jwt.PyJWK({**receipt_public_jwk(), "alg": "ES256"})
    found: dict[str, Any] = jwt.decode(row["receipt"], key, algorithms=["ES256"])
    return found
