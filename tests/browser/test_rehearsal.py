"""A rehearsal from its first button to its last in a real Chromium, beside a live contest that it never
touches: started, filled, played on in, ended, gone on with, wiped."""

from __future__ import annotations

import asyncio
import hashlib
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from admin.rehearsal import running
from core.security import Actor, Role, actor_of
from core.settings import Settings
from core.tables import OutboxMessage
from tests.browser.kit import enter, violations
from tests.factories_accounts import make_account
from tests.factories_contests import small_contest
from tests.fixtures.processes import Server

pytestmark = pytest.mark.browser
FILLED_MS = 900_000
START_MS = 240_000
OURS = {"session", "login_link", "audit_entry", "sqlite_sequence"}
"""Tables that this test's own log-in and its buttons in the live console write to."""


@pytest_asyncio.fixture
async def administrator(database: Settings) -> AsyncIterator[Actor]:
    by = await actor_of(await make_account(Role.ADMINISTRATOR))
    yield by
    if running.running() is not None:
        await running.stop(by, forget=True)


def live_rows(settings: Settings) -> dict[str, str]:
    """Every table of the real database: how many rows, and a fingerprint of all that stands in them."""
    with closing(sqlite3.connect(settings.sqlite_path)) as found:
        tables = [
            name
            for (name,) in found.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if name not in OURS
        ]
        return {name: _print(found, name) for name in tables}


async def delivered() -> None:
    """The live server has done what the contest's own steps asked for."""
    async with asyncio.timeout(60):
        while await OutboxMessage.exists().where(OutboxMessage.done_at.is_null()):
            await asyncio.sleep(0.1)


def _print(found: sqlite3.Connection, table: str) -> str:
    rows = found.execute(f'SELECT * FROM "{table}" ORDER BY rowid').fetchall()
    return f"{len(rows)} {hashlib.sha256(repr(rows).encode()).hexdigest()}"


def live_files(settings: Settings) -> dict[str, bytes]:
    """What lies beside the database and the rehearsal."""
    own = running.place(settings)
    return {
        str(path.relative_to(settings.data)): path.read_bytes()
        for path in sorted(settings.data.rglob("*"))
        if path.is_file() and not path.is_relative_to(own) and ".sqlite" not in path.name
    }


async def go_in(page: Page) -> Page:
    """By the link of the live console, as an administrator does: it opens beside."""
    await page.get_by_role("button", name="Make a link into it").click()
    async with page.context.expect_page() as opened:
        await page.get_by_role("link", name="Go to the rehearsal").click()
    there = await opened.value
    await there.locator("main button").click()
    await there.wait_for_url("**/console")
    return there


async def press(page: Page, name: str) -> None:
    """A server that has to be started first may take its time on a busy machine."""
    await page.get_by_role("button", name=name).click(timeout=START_MS)


async def started(page: Page) -> Page:
    """Begins it in the live console, and stands in it."""
    await press(page, "Start a rehearsal")
    await expect(page.get_by_role("heading", name="A rehearsal is running")).to_be_visible(
        timeout=START_MS
    )
    return await go_in(page)


def rehearsed(settings: Settings) -> dict[str, int]:
    """What stands in the rehearsal's own store."""
    path = running.place(settings) / "jiangxin.sqlite"
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as found:
        return {
            name: found.execute(f"SELECT COUNT(*) FROM {name}").fetchone()[0]
            for name in ("contest", "entry", "sheet_row", "account")
        }


async def test_a_rehearsal_is_filled_once_and_live_data_stays_as_it_was(
    administrator: Actor, database: Settings, server: Server, page: Page
) -> None:
    assert administrator.account is not None
    page.context.set_default_timeout(START_MS)
    await small_contest(until="judging")
    await enter(page, server, administrator.account, "/console/rehearsal?lang=en")
    await delivered()
    before = (live_rows(database), live_files(database))
    there = await started(page)

    await press(page, "Fill it with sample marks")
    await expect(page.locator("#filling")).to_be_visible(timeout=START_MS)
    await expect(page.locator("#filled")).to_be_visible(timeout=FILLED_MS)
    await press(page, "Fill it with sample marks")
    await expect(page.get_by_role("alert")).to_contain_text("are here already", timeout=START_MS)
    await there.reload()

    found = rehearsed(database)
    assert found["contest"] >= 5
    assert found["entry"] > 100
    assert found["sheet_row"] > 500
    assert await there.locator("main a[href*='/console/contests/']").count() > 0
    await expect(there.locator(".rehearsal-banner")).to_be_visible()
    assert (live_rows(database), live_files(database)) == before


async def test_a_rehearsal_is_ended_gone_on_with_and_wiped_and_live_data_stays_as_it_was(
    administrator: Actor, database: Settings, server: Server, page: Page
) -> None:
    assert administrator.account is not None
    page.context.set_default_timeout(START_MS)
    await small_contest(until="judging")
    await enter(page, server, administrator.account, "/console/rehearsal?lang=en")
    await delivered()
    before = (live_rows(database), live_files(database))

    there = await started(page)
    await expect(there.locator(".rehearsal-banner")).to_be_visible()
    await expect(page.locator(".rehearsal-banner")).to_have_count(0)
    assert urlsplit(there.url).port not in (None, urlsplit(server.url).port)
    assert await violations(page) == []
    found = rehearsed(database)
    await press(page, "End the rehearsal")
    await expect(page.get_by_text("It goes on where the last one ended.")).to_be_visible(
        timeout=START_MS
    )
    await started(page)
    assert rehearsed(database) == found

    await page.get_by_label("Delete everything that was done there").check()
    await press(page, "End the rehearsal")
    await expect(page.get_by_role("button", name="Start a rehearsal")).to_be_visible(
        timeout=START_MS
    )
    assert not running.place(database).exists()
    assert (live_rows(database), live_files(database)) == before
