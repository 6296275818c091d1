"""Bad networks and a server that has forgotten: each signed sheet arrives exactly once, and the screen says what
is so within ten seconds."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, Route, expect

from core.settings import Settings
from tests.browser.tablets import (
    all_stored,
    base_of,
    enrol,
    mark_dish,
    pins_for,
    rows,
    sign,
    sign_by_session,
    sign_in,
    stored_sheets,
    tablet_page,
    until,
)
from tests.factories_contests import SmallContest, small_contest
from tests.fixtures.processes import Server, environment_of
from tests.fixtures.weather import CALM, Network, Weather

pytestmark = pytest.mark.browser
MARKS = {"look": "18.5", "taste": "32", "care": "2"}
STALE_SECONDS = 10


@pytest.fixture
def behind(storage: Settings, start_server: Callable[..., Server], network: Network) -> Server:
    """A server that tablets reach through the network only."""
    server = start_server({**environment_of(storage), "JIANGXIN_ORIGIN": network.url})
    network.upstream = server.url
    return server


async def ready(browser: Browser, network: Network) -> tuple[Page, SmallContest]:
    """A tablet on the sheet of the first judge."""
    small = await small_contest()
    await pins_for(small.judges[0].account)
    page = await tablet_page(browser)
    await enrol(page, network.url, small)
    await sign_in(page, small.judges[0])
    await expect(page.locator("#link")).to_have_attribute("data-link", "online")
    return page, small


async def test_a_sheet_that_is_signed_while_something_else_is_sent_goes_right_after_it(
    database: Settings, behind: Server, network: Network, browser: Browser
) -> None:
    """A picture is under way when the judge signs: no timer, no event and no further tap is needed."""
    page, small = await ready(browser, network)
    await page.evaluate(
        """async (base) => {
          const [{ app }, real] = [await import(base + "app.js"), window.fetch];
          const released = new Promise((resolve) => (window.release = resolve));
          window.fetch = async (address, options) => {
            if (String(address).includes("/pictures/")) {
              window.held = true;
              await released;
            }
            return real(address, options);
          };
          const canvas = Object.assign(document.createElement("canvas"), { width: 8, height: 8 });
          const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg"));
          await app.session.addPhoto("look", blob);
        }""",
        await base_of(page),
    )
    await until(lambda: page.evaluate("window.held"), page=page)
    await mark_dish(page)
    await sign(page)
    await page.evaluate("window.release()")

    await all_stored(page)
    assert len(await stored_sheets(small)) == 1


async def test_a_tablet_that_is_told_to_come_back_later_does_and_loses_nothing(
    database: Settings, behind: Server, network: Network, browser: Browser
) -> None:
    page, small = await ready(browser, network)
    asked: list[float] = []

    async def busy(route: Route) -> None:
        asked.append(time.monotonic())
        if len(asked) > 1:
            await route.continue_()
            return
        await route.fulfill(
            status=429,
            headers={"Retry-After": "6", "Content-Type": "application/problem+json"},
            body='{"type": "/problems/too-many", "status": 429, "detail": "Too many requests."}',
        )

    await page.route("**/api/v1/judging/revisions", busy)
    await mark_dish(page)
    await sign(page)
    await until(lambda: _truth(len(asked) == 1), page=page)
    await page.evaluate("window.dispatchEvent(new Event('focus'))")

    await all_stored(page)
    assert asked[1] - asked[0] >= 6
    assert len(await stored_sheets(small)) == 1


async def _truth(value: bool) -> bool:
    return value


@pytest.mark.parametrize("trouble", ["portal", "hung", "down"])
async def test_a_dead_connection_is_said_within_ten_seconds_and_nothing_false_is_believed(
    database: Settings, behind: Server, network: Network, browser: Browser, trouble: str
) -> None:
    page, small = await ready(browser, network)

    network.weather = Weather(portal=trouble == "portal", down=trouble == "down",
                              hung=1.0 if trouble == "hung" else 0.0)  # fmt: skip
    began = time.monotonic()
    await expect(page.locator("#link")).not_to_have_attribute("data-link", "online", timeout=15_000)
    took = time.monotonic() - began
    if trouble != "hung":
        await mark_dish(page)
        await sign(page)
        await page.wait_for_timeout(3000)
        assert [row["receipt"] for row in await rows(page, "outbox")] == [""]
        assert await stored_sheets(small) == []

    network.weather = CALM
    await expect(page.locator("#link")).to_have_attribute("data-link", "online", timeout=40_000)
    if trouble != "hung":
        await all_stored(page)
        assert len(await stored_sheets(small)) == 1
    assert took <= STALE_SECONDS


async def test_lost_and_repeated_answers_store_each_sheet_exactly_once(
    database: Settings, behind: Server, network: Network, browser: Browser
) -> None:
    page, small = await ready(browser, network)
    network.weather = Weather(lost=0.2, unanswered=0.5, repeated=0.4)

    await sign_by_session(page, MARKS)
    await all_stored(page, seconds=120)

    stored = await stored_sheets(small)
    assert sorted(payload.seq for payload in stored) == [1, 2, 3, 4]
    assert len({payload.rid for payload in stored}) == 4
    assert network.happened["unanswered"] > 0


async def test_a_server_that_was_restored_from_an_older_copy_gets_everything_again(
    database: Settings, behind: Server, network: Network, browser: Browser, tmp_path: Path
) -> None:
    if database.database_url:
        pytest.skip("the copy is a SQLite file")
    page, _ = await ready(browser, network)
    codes = [work["code"] for work in await works(page)]
    await sign_by_session(page, MARKS, codes[:1])
    await all_stored(page)
    copy = tmp_path / "copy.sqlite"
    behind.stop()
    _copy(database.sqlite_path, copy)
    behind.start()
    await sign_by_session(page, MARKS, codes[1:])
    await all_stored(page)
    before = {row["rid"]: row["receipt"] for row in await rows(page, "outbox")}

    behind.stop()
    _copy(copy, database.sqlite_path)
    behind.start()

    await expect(page.locator("#message")).to_contain_text("restored", timeout=30_000)
    await all_stored(page)
    after = await rows(page, "outbox")
    again = [row for row in after if row.get("receipts_before")]
    assert len(again) == 3
    assert all(row["receipts_before"] == [before[row["rid"]]] for row in again)
    assert len(after) == 4


async def test_fast_switching_between_two_judges_on_a_slow_network_mixes_nothing_up(
    database: Settings, behind: Server, network: Network, browser: Browser
) -> None:
    small = await small_contest()
    first, second = small.judges[:2]
    await pins_for(first.account, second.account)
    page = await tablet_page(browser)
    await enrol(page, network.url, small)
    for judge, value in ((first, "11"), (second, "22")):
        await sign_in(page, judge)
        await set_all(page, value)
        await page.locator("#switch").tap()
    network.weather = Weather(delay=1.5, lost=0.1)
    turns = max(20, round(1000 * float(os.environ.get("JIANGXIN_TEST_SCALE", "0.05"))))

    wrong = await page.evaluate(SWITCHING, [str(first.account), str(second.account), turns])

    assert wrong == []
    network.weather = CALM
    await page.locator("#switch").tap()
    for judge, value in ((first, "11"), (second, "22")):
        await sign_in(page, judge)
        await expect(page.locator('[data-aspect="taste"] .value')).to_have_value(value)
        await page.locator("#switch").tap()
    drafts = await rows(page, "drafts")
    assert {(row["account"], row["marks"]["taste"]["value"]) for row in drafts} == {
        (str(first.account), "11"),
        (str(second.account), "22"),
    }
    assert page.errors == []  # type: ignore[attr-defined]


SWITCHING = """async ([first, second, turns]) => {
  const base = document.querySelector('script[type="module"]').src.replace("main.js", "");
  const { app } = await import(base + "app.js");
  const { enter } = await import(base + "unlocked.js");
  const store = await import(base + "store.js");
  const own = { [first]: "11", [second]: "22" };
  const wrong = [];
  const people = { [first]: await store.person(first), [second]: await store.person(second) };
  for (let turn = 0; turn < turns; turn += 1) {
    const account = turn % 2 ? second : first;
    const entered = enter(people[account]);
    if (turn % 3 === 0) enter(people[account === first ? second : first]);   // changed his mind
    if (turn % 3 === 0) await enter(people[account]);
    else await entered;
    const { session } = app;
    const shown = document.querySelector('[data-aspect="taste"] .value')?.value;
    if (session?.account !== account || shown !== own[account]) wrong.push([turn, account, session?.account, shown]);
    await session.mark("taste", { value: own[account] });
    if (turn % 5 === 0) await new Promise((done) => setTimeout(done, 30));
  }
  return wrong;
}"""


async def set_all(page: Page, value: str) -> None:
    await page.evaluate(
        """async ([value]) => {
          const base = document.querySelector('script[type="module"]').src.replace("main.js", "");
          const { app } = await import(base + "app.js");
          await app.session.mark("taste", { value });
        }""",
        [value],
    )


async def works(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = await page.evaluate(
        """async () => {
          const base = document.querySelector('script[type="module"]').src.replace("main.js", "");
          const { app } = await import(base + "app.js");
          return app.session.parts()[0].codes.map(({ code, sheet }) => ({ code, sheet }));
        }"""
    )
    return found


def _copy(source: Path, target: Path) -> None:
    """A database file of a server that has ended, its journal included."""
    for end in ("", "-wal", "-shm"):
        old, new = source.with_name(source.name + end), target.with_name(target.name + end)
        new.unlink(missing_ok=True)
        if old.exists():
            shutil.copyfile(old, new)
