"""Shared tablets in a real browser: enrolled once, judges take turns by PIN, marks are tapped.

tablet = await enrolled(browser, server, small)      # a page on "Who is marking?"
await sign_in(tablet, small.judges[0])               # stands on the sheet
await mark_dish(tablet)
await sign(tablet)
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.async_api import Browser, BrowserContext, Error, Page, async_playwright, expect

from contests.judging.tablets.codes import make_code
from contests.log import read
from contests.sheets import Payload, payload_of
from tests.browser.kit import LANDSCAPE
from tests.contests.tablets.kit import PIN, give_pin
from tests.factories_contests import Seat, SmallContest
from tests.fixtures.processes import Server

LEADER_PIN = "730194"
ROWS = """async (name) => {
  const open = indexedDB.open("jiangxin-judging");
  const base = await new Promise((done) => (open.onsuccess = () => done(open.result)));
  const asked = base.transaction(name).objectStore(name).getAll();
  const rows = await new Promise((done) => (asked.onsuccess = () => done(asked.result)));
  base.close();
  return rows.map(({ secret, blob, ...row }) => row);
}"""
KEPT = """async () => {
  const worker = navigator.serviceWorker?.controller;
  if (!worker) return null;
  const { port1, port2 } = new MessageChannel();
  const told = new Promise((done) => (port1.onmessage = (event) => done(event.data)));
  worker.postMessage({ type: "status" }, [port2]);
  return told;
}"""
APP = "document.querySelector('script[type=\"module\"]').src.replace('main.js', '')"
"""Where the app's modules are: `await import(base + "app.js")`."""


# --- browsers ---------------------------------------------------------------------------------


async def tablet_page(browser: Browser, **more: Any) -> Page:
    """A tablet of its own; what its scripts throw is in `page.errors`."""
    context = await browser.new_context(
        **{"viewport": LANDSCAPE, "has_touch": True, "locale": "en-GB", **more}
    )
    return await watched(context)


async def watched(context: BrowserContext) -> Page:
    page = await context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.errors = errors  # type: ignore[attr-defined]
    return page


class PersistentTablet:
    """A browser with a folder of its own, which may be ended, killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.page: Page

    async def __aenter__(self) -> PersistentTablet:
        self._playwright = await async_playwright().start()
        await self.start()
        return self

    async def start(self, url: str = "") -> Page:
        path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        if not Path(path).exists():
            pytest.skip("apt-get install chromium")
        self.context = await self._playwright.chromium.launch_persistent_context(
            self.folder,
            executable_path=path,
            viewport=LANDSCAPE,  # type: ignore[arg-type]
            has_touch=True,
            locale="en-GB",
            args=["--disable-dev-shm-usage", *(["--no-sandbox"] if os.getuid() == 0 else [])],
        )
        self.page = await watched(self.context)
        if url:
            await self.page.goto(url)
        return self.page

    async def end(self) -> None:
        await self.context.close()

    async def kill(self) -> None:
        """As a battery that is empty would. Its processes are found by the folder's name."""
        own = [pid for pid in _pids() if str(self.folder) in _command(pid)]
        for pid in own:
            try:
                os.kill(pid, 9)
            except ProcessLookupError:
                continue
        try:
            await self.context.close()
        except Error:  # the connection to it is gone, as it must be
            return

    async def __aexit__(self, *_: object) -> None:
        try:
            await self.context.close()
        finally:
            await self._playwright.stop()


def _pids() -> list[int]:
    return [int(found.name) for found in Path("/proc").iterdir() if found.name.isdigit()]


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


# --- enrolment and signing in -----------------------------------------------------------------


async def enrolment_link(
    small: SmallContest, server_url: str, label: str = "Tablet 1", *, competition: bool = False
) -> str:
    organiser = await small.actor("organiser")
    made = await make_code(
        organiser, small.contest, label=label, competition=competition, now=datetime.now(UTC)
    )
    return f"{server_url}/judging/#enrol={made.code}"


async def enrol(page: Page, url: str, small: SmallContest, label: str = "Tablet 1") -> None:
    """Opens the one-time link and stands on the question who is marking."""
    await page.goto(await enrolment_link(small, url, label))
    await expect(page.get_by_role("heading", name="Who is marking?")).to_be_visible(timeout=15_000)


async def enrolled(
    browser: Browser, server: Server, small: SmallContest, label: str = "Tablet 1", **more: Any
) -> Page:
    page = await tablet_page(browser, **more)
    await enrol(page, server.url, small, label)
    return page


async def pins_for(*accounts: UUID, pin: str = PIN) -> None:
    for account in accounts:
        await give_pin(account, pin)


async def enter_pin(page: Page, pin: str = PIN) -> None:
    for digit in pin:
        await page.locator(".pad .key", has_text=digit).tap()


async def sign_in(page: Page, seat: Seat, pin: str = PIN) -> None:
    """From "Who is marking?" to the sheet."""
    await page.locator(f'[data-account="{seat.account}"]').tap()
    await enter_pin(page, pin)
    await expect(page.locator(".card").first).to_be_visible(timeout=15_000)


async def switch(page: Page) -> None:
    await page.locator("#switch").tap()
    await expect(page.get_by_role("heading", name="Who is marking?")).to_be_visible()


# --- marking ----------------------------------------------------------------------------------


async def mark_dish(page: Page) -> None:
    """18.5 for the look, 32 for the taste, 2 for the care."""
    look, taste, care = (page.locator(f'[data-aspect="{a}"]') for a in ("look", "taste", "care"))
    await look.locator(".ten", has_text="10").tap()
    await look.locator(".row .chip", has_text="+8").tap()
    await look.locator(".step").last.tap()
    await taste.locator(".ten", has_text="30").tap()
    await taste.locator(".row .chip", has_text="+2").tap()
    await care.locator(".levels .chip").nth(2).tap()


async def sign(page: Page) -> None:
    """The open sheet, by two taps; comes back when it is on disk."""
    before = len(await rows(page, "outbox"))
    await page.locator("#sign").tap()
    await page.locator("dialog .confirm").first.tap()
    await expect(page.locator("dialog")).to_have_count(0)

    async def queued() -> bool:
        return len(await rows(page, "outbox")) > before

    await until(queued, page=page)


async def code_of(page: Page) -> str:
    """Of the work that is open."""
    found: str = await page.evaluate(
        f"async () => (await import({APP} + 'app.js')).app.session.work.code"
    )
    return found


async def sign_by_session(
    page: Page, marks: dict[str, str], codes: list[str] | None = None
) -> None:
    """Marks and signs these works (all of the first part) without taps, for tests of what follows."""
    await page.evaluate(
        """async ([base, codes, marks]) => {
          const { app } = await import(base + "app.js");
          const part = app.session.parts()[0];
          for (const work of part.codes.filter((one) => !codes || codes.includes(one.code))) {
            await app.session.open(part, work);
            for (const [aspect, value] of Object.entries(marks)) await app.session.mark(aspect, { value });
            await app.session.sign();
          }
        }""",
        [await base_of(page), codes, marks],
    )


async def base_of(page: Page) -> str:
    found: str = await page.evaluate(APP)
    return found


# --- what is kept -----------------------------------------------------------------------------


async def rows(page: Page, store: str) -> list[dict[str, Any]]:
    """A store of the tablet's database, without keys and pictures."""
    found: list[dict[str, Any]] = await page.evaluate(ROWS, store)
    return found


async def until(
    check: Callable[[], Awaitable[Any]], *, seconds: float = 20, page: Page | None = None
) -> Any:
    """The first truthy answer of `check`. Without `wait_for_function`, which the CSP forbids."""
    for _ in range(int(seconds * 10)):
        if found := await check():
            return found
        await asyncio.sleep(0.1)
    if page is not None:
        pytest.fail(f"still not so after {seconds} s:\n{await page.inner_text('body')}")
    pytest.fail(f"still not so after {seconds} s")


async def kept_for_airplane_mode(page: Page) -> None:
    """Waits until the service worker holds the whole shell."""

    async def whole() -> bool:
        told = await page.evaluate(KEPT)
        return bool(told) and not told["missing"]

    await until(whole, page=page)


async def all_stored(page: Page, *, seconds: float = 40) -> None:
    """Every signed sheet of the tablet has a receipt."""

    async def answered() -> bool:
        found = await rows(page, "outbox")
        return bool(found) and all(row["receipt"] for row in found)

    await until(answered, seconds=seconds, page=page)


async def stored_sheets(small: SmallContest) -> list[Payload]:
    """What the contest's record holds, in its order."""
    lines = [line for line in await read(small.contest) if line.kind == "sheet"]
    return [payload_of(json.loads(line.body)["jws"]) for line in lines]
