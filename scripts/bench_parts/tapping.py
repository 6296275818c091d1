"""A judge's tap on a tablet that holds 500 signed sheets: how long until "On this tablet" is painted.

Chromium by Playwright with a folder on disk, the app as it is served, every tap a durable transaction of
IndexedDB. From the browser's own time of the click to the frame after the words have changed; the 99th
percentile counts. Beside it a bare durable write of a row of the same size in the same page.
"""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import Any

from _served import installed, serving
from playwright.async_api import Locator, Page
from table import Row

from core.settings import Settings
from tests.browser.tablets import (
    PersistentTablet,
    base_of,
    enrol,
    pins_for,
    rows,
    sign_by_session,
    sign_in,
)
from tests.factories_contests import small_contest

SHEETS, TAPS, LEFT = 500, 300, 3
CHUNK = 25
ALLOWED = 50.0
"""Milliseconds."""
_WATCH = """() => {
  window.tapTimes = [];
  let began = 0;
  addEventListener("click", (event) => {
    if (event.target.closest("[data-aspect]")) began = event.timeStamp;
  }, { capture: true });
  const saved = document.querySelector("#saved");
  new MutationObserver(() => {
    if (saved.dataset.tone !== "good" || !began) return;
    const from = began;
    began = 0;
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => window.tapTimes.push(performance.now() - from);
      port2.postMessage(0);
    });
  }).observe(saved, { attributes: true, attributeFilter: ["data-tone"] });
}"""
_CODES = """async (base) => {
  const { app } = await import(base + "app.js");
  return app.session.parts()[0].codes.map((work) => work.code);
}"""
_BARE = """async (count) => {
  const base = await new Promise((done) => {
    const open = indexedDB.open("bench", 1);
    open.onupgradeneeded = () => open.result.createObjectStore("rows");
    open.onsuccess = () => done(open.result);
  });
  const times = [];
  for (let n = 0; n < count; n += 1) {
    const began = performance.now();
    await new Promise((done) => {
      const change = base.transaction("rows", "readwrite", { durability: "strict" });
      change.objectStore("rows").put("x".repeat(600), "draft");
      change.oncomplete = done;
    });
    times.push(performance.now() - began);
  }
  base.close();
  return times;
}"""


def run(scale: float = 1.0) -> list[Row]:
    sheets, taps = max(int(SHEETS * scale), 20), max(int(TAPS * scale), 30)
    tapped, bare = installed("", lambda settings: _measure(settings, sheets, taps))
    slow = _percentile(tapped, 99)
    return [
        Row(
            f"tap to “On this tablet”, {sheets} sheets on it, 99 % of {taps}",
            f"{slow:.1f} ms",
            f"{ALLOWED:.0f} ms",
            slow / ALLOWED,
            "≤ 1",
        ),
        Row(
            "… half of them · a bare durable write",
            f"{_percentile(tapped, 50):.1f} ms",
            f"{_percentile(bare, 50):.1f} ms",
            None,
        ),
    ]


async def _measure(settings: Settings, sheets: int, taps: int) -> tuple[list[float], list[float]]:
    small = await small_contest(entrants=sheets + LEFT)
    judge = small.judges[0]
    await pins_for(judge.account)
    with serving(settings) as port, tempfile.TemporaryDirectory() as folder:
        async with PersistentTablet(Path(folder)) as tablet:
            page = tablet.page
            await enrol(page, f"http://127.0.0.1:{port}", small)
            await sign_in(page, judge)
            await _fill(page, sheets)
            await page.evaluate(_WATCH)
            tapped = await _tap(page, taps)
            bare: list[float] = await page.evaluate(_BARE, taps)
    return tapped, bare


async def _fill(page: Page, sheets: int) -> None:
    """Signs so many; what is left is open, and everything has been sent."""
    base = await base_of(page)
    codes: list[str] = await page.evaluate(_CODES, base)
    marks = {"look": "18", "taste": "35.5", "care": "2"}
    for start in range(0, sheets, CHUNK):
        await sign_by_session(page, marks, codes[start : min(start + CHUNK, sheets)])
        await page.locator("#progress").tap()  # a tablet that nobody touches locks itself
    while not _all_sent(await rows(page, "outbox"), sheets):
        await asyncio.sleep(1)
    await page.locator("#codes .work").last.tap()


def _all_sent(outbox: list[dict[str, Any]], sheets: int) -> bool:
    return len(outbox) == sheets and all(row["receipt"] for row in outbox)


async def _tap(page: Page, taps: int) -> list[float]:
    """One aspect after the other, so that no tap is asked about."""
    care, look, taste = (
        page.locator('[data-aspect="care"] .levels .chip'),
        page.locator('[data-aspect="look"] .ten'),
        page.locator('[data-aspect="taste"] .ten'),
    )
    chips = [care.nth(0), look.nth(0), care.nth(2), taste.nth(1),
             care.nth(1), look.nth(1), care.nth(3), taste.nth(2)]  # fmt: skip
    places = [await _middle(chip) for chip in chips]
    for n in range(taps):
        await page.touchscreen.tap(*places[n % len(places)])
        for _ in range(500):
            if await page.evaluate("window.tapTimes.length") > n:
                break
            await asyncio.sleep(0.01)
        else:
            raise RuntimeError(f"tap {n + 1} was never shown as saved")
        await asyncio.sleep(0.2)
    found: list[float] = await page.evaluate("window.tapTimes")
    return found


async def _middle(chip: Locator) -> tuple[float, float]:
    """Where a finger goes: Playwright's own tap asks the page questions while it is measured."""
    await chip.wait_for()
    box = await chip.bounding_box()
    if box is None:
        raise RuntimeError("a control is not on the screen")
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def _percentile(times: list[float], percent: int) -> float:
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]
