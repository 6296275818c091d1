"""Tablets in one Chromium whose camera shows a film that the test makes of another tablet's screen."""

from __future__ import annotations

import json
import os
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from contests.log import read
from tests.browser.handover_kit import film, picture
from tests.browser.tablets import enrolled, pins_for, sign_in, until
from tests.factories_contests import Seat, SmallContest
from tests.fixtures.processes import Server

MARKS = {"look": "18.5", "taste": "32", "care": "2"}
READER_KEPT = """async () => {
  for (const name of await caches.keys()) {
    const kept = await (await caches.open(name)).keys();
    if (kept.some((one) => one.url.endsWith("zxing_reader.wasm"))) return true;
  }
  navigator.serviceWorker.controller?.postMessage({ type: "extras" });
  return false;
}"""
"""The reader is the last and largest of what is kept after the shell."""


@asynccontextmanager
async def filmed_browser(reel: Path, *, asks: bool = False) -> AsyncIterator[Browser]:
    """A Chromium whose camera plays `reel`; the file is opened with the camera, not before. `asks`:
    the camera needs a permission, which headless nobody gives."""
    path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    if not Path(path).exists():
        pytest.skip("apt-get install chromium")
    arguments = [
        "--disable-dev-shm-usage",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={reel}",
        *([] if asks else ["--use-fake-ui-for-media-stream"]),
        *(["--no-sandbox"] if os.getuid() == 0 else []),
    ]
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=path, args=arguments)
        yield launched
        await launched.close()


async def judges_tablet(
    browser: Browser, server: Server, small: SmallContest, seat: Seat, **more: Any
) -> Page:
    """A shared tablet on which this judge is signed in, and which holds everything for airplane mode."""
    page = await enrolled(browser, server, small, f"Tablet of {seat.name}", **more)
    await pins_for(seat.account)
    await sign_in(page, seat)
    await until(lambda: page.evaluate(READER_KEPT), page=page, seconds=30)
    return page


async def hand_over(page: Page) -> None:
    await page.locator("#menu").tap()
    await page.locator("dialog .entry", has_text="Hand over").tap()
    await expect(page.locator(".handover h2")).to_have_text("Hand over")


async def choose(page: Page, words: str) -> None:
    await page.locator(".handover").get_by_role("button", name=words, exact=True).tap()


async def pictures(page: Page) -> list[str]:
    """Every picture of the sequence as a data: address, each once; paused."""
    dialog = page.locator(".handover")
    place = dialog.locator(".handover-place").first
    await expect(place).to_have_text(re.compile(r"^Picture \d+ of \d+$"))
    count = int((await place.inner_text()).split()[-1])
    if count > 1:
        await dialog.get_by_role("button", name="Pause").click()
    seen: dict[str, str] = {}
    while len(seen) < count:
        drawn = await dialog.locator("canvas").evaluate("canvas => canvas.toDataURL()")
        if (words := await place.inner_text()).startswith("Picture"):
            seen[words] = drawn
        if count > 1:
            await dialog.get_by_role("button", name="Next picture").click()
    return list(seen.values())


def play(reel: Path, shown: Sequence[str]) -> None:
    """Puts another tablet's pictures before the camera."""
    film([picture(each) for each in shown], reel)


async def signed_in_record(small: SmallContest) -> list[str]:
    """The record's signed sheets, to the character, sorted."""
    lines = await read(small.contest)
    return sorted(json.loads(line.body)["jws"] for line in lines if line.kind == "sheet")
