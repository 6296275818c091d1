"""The faces of a hand-over and the scanner: without a camera, by keyboard, accessible, in every shape."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import qrcode
from PIL import Image
from playwright.async_api import Page, expect

from core.settings import Settings
from tests.browser.handover_kit import film
from tests.browser.handover_tablets import (
    MARKS,
    choose,
    filmed_browser,
    hand_over,
    judges_tablet,
)
from tests.browser.kit import LANDSCAPE, PORTRAIT, violations
from tests.browser.tablets import (
    base_of,
    enrolment_link,
    sign_by_session,
    tablet_page,
)
from tests.factories_contests import small_contest
from tests.fixtures.processes import Server

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
SCAN = """async ([base, wanted]) => {
  const { scan } = await import(`${base}handover/index.js`);
  window.scanned = null;
  scan({ title: "Scan", accept: (text) => text === wanted || `Not ${text}` })
    .then((text) => (window.scanned = text));
}"""
SMALL = """() => [...document.querySelectorAll(".handover button, .handover-file, .handover summary, .handover input:not([type=file])")]
  .filter((node) => node.offsetParent)
  .filter((node) => node.getBoundingClientRect().width < 52 || node.getBoundingClientRect().height < 52)
  .map((node) => node.outerHTML.slice(0, 90))"""
SIDEWAYS = """() => [...document.querySelectorAll(".handover, .handover-face, .handover-beside")]
  .some((node) => node.scrollWidth > node.clientWidth + 1)"""


def qr(text: str, path: Path) -> Path:
    qrcode.make(text, box_size=8).save(path)
    return path


async def scanning(page: Page, wanted: str = "GOOD") -> None:
    await page.evaluate(SCAN, [await base_of(page), wanted])
    await expect(page.locator(".handover h2")).to_have_text("Scan")


async def scanned(page: Page) -> Any:
    await expect(page.locator(".handover")).to_have_count(0)
    return await page.evaluate("window.scanned")


async def test_the_camera_reads_the_code_that_enrols_a_tablet(
    database: Settings, server: Server, tmp_path: Path
) -> None:
    small = await small_contest()
    reel = tmp_path / "film.mjpeg"
    link = await enrolment_link(small, server.url, "Tablet 9")
    async with filmed_browser(reel) as browser:
        page = await tablet_page(browser)
        await page.goto(f"{server.url}/judging/")
        code = qr(link, tmp_path / "code.png")
        film([Image.open(code).convert("L")] * 6, reel)

        await page.get_by_role("button", name="Scan the code").tap()

        heading = page.get_by_role("heading", name="Who is marking?")
        await expect(heading).to_be_visible(timeout=40_000)


async def test_without_a_permission_a_code_is_typed_or_a_picture_chosen_by_keyboard_alone(
    database: Settings, server: Server, tmp_path: Path
) -> None:
    small = await small_contest()
    reel = film([Image.new("L", (400, 400))], tmp_path / "film.mjpeg")
    async with filmed_browser(reel, asks=True) as browser:
        page = await judges_tablet(browser, server, small, small.judges[0])
        await scanning(page)
        dialog = page.locator(".handover")

        await expect(dialog).to_contain_text("The camera may not be used. Allow it")
        assert await violations(page) == []
        assert await page.evaluate(SMALL) == []
        await page.keyboard.press("Tab")
        for _ in range(12):
            if await page.evaluate("document.activeElement?.id") == "handover-code":
                break
            await page.keyboard.press("Tab")
        await page.keyboard.type("BAD")
        await page.keyboard.press("Enter")
        await expect(dialog.get_by_role("alert")).to_have_text("Not BAD")
        await page.keyboard.press("Control+a")
        await page.keyboard.type("GOOD")
        await page.keyboard.press("Enter")
        assert await scanned(page) == "GOOD"

        await scanning(page)
        stills = [qr("ELSE", tmp_path / "else.png"), qr("GOOD", tmp_path / "good.png")]
        blank = tmp_path / "blank.png"
        blank.write_bytes(b"no picture")
        await dialog.locator("input[type=file]").set_input_files(blank)
        await expect(dialog).to_contain_text("No QR picture was found in 1 of 1 files.")
        await dialog.locator("input[type=file]").set_input_files(stills[0])
        await expect(dialog.get_by_role("alert")).to_have_text("Not ELSE")
        await dialog.locator("input[type=file]").set_input_files(stills)
        assert await scanned(page) == "GOOD"

        await scanning(page)
        await page.keyboard.press("Escape")
        assert await scanned(page) == ""
        assert page.errors == []  # type: ignore[attr-defined]


async def test_a_browser_without_any_camera_says_so(
    database: Settings, server: Server, page: Page
) -> None:
    small = await small_contest()
    await page.goto(await enrolment_link(small, server.url))
    await expect(page.get_by_role("heading", name="Who is marking?")).to_be_visible(timeout=15_000)

    await scanning(page)

    await expect(page.locator(".handover")).to_contain_text("No camera was found.")


@pytest.mark.parametrize(
    ("shape", "theme"),
    [(LANDSCAPE, "day"), (PORTRAIT, "outdoor"), (PHONE, "day")],
    ids=["landscape", "portrait", "phone"],
)
async def test_every_face_is_accessible_large_and_never_scrolls_sideways(
    database: Settings, server: Server, tmp_path: Path, shape: Any, theme: str
) -> None:
    small = await small_contest(entrants=12)
    async with filmed_browser(tmp_path / "film.mjpeg", asks=True) as browser:
        page = await judges_tablet(browser, server, small, small.judges[0], viewport=shape)
        server.kill()
        await sign_by_session(page, MARKS)
        await page.evaluate("theme => (document.documentElement.dataset.theme = theme)", theme)
        await hand_over(page)

        for face in ("menu", "Show as pictures", "Take with the camera"):
            if face != "menu":
                await choose(page, face)
                await expect(page.locator(".handover h2")).to_have_text(face)
                if face == "Show as pictures":
                    await expect(page.locator(".handover-place").first).not_to_be_empty()
            await page.screenshot(path=tmp_path / f"{face}.png")
            assert await violations(page) == [], face
            assert await page.evaluate(SMALL) == [], face
            assert not await page.evaluate(SIDEWAYS), face
            await page.evaluate("document.documentElement.style.fontSize = '200%'")
            assert not await page.evaluate(SIDEWAYS), f"{face} at 200 %"
            await page.evaluate("document.documentElement.style.fontSize = ''")
            if face != "menu":
                await choose(page, "‹ Back")
        assert page.errors == []  # type: ignore[attr-defined]


async def test_the_pictures_keep_calm_for_who_wants_less_motion_and_change_pace_and_size(
    database: Settings, server: Server, tmp_path: Path
) -> None:
    small = await small_contest(entrants=40)
    async with filmed_browser(tmp_path / "film.mjpeg") as browser:
        page = await judges_tablet(browser, server, small, small.judges[0], reduced_motion="reduce")
        server.kill()
        await sign_by_session(page, MARKS)
        await hand_over(page)
        await choose(page, "Show as pictures")
        places = page.locator(".handover-place")

        await expect(places.nth(1)).to_have_text("Pictures a second: 2")
        before = int((await places.first.inner_text()).split()[-1])
        await choose(page, "Faster")
        await expect(places.nth(1)).to_have_text("Pictures a second: 3")
        await choose(page, "Larger squares")
        await expect(places.first).to_contain_text(" of ")
        assert int((await places.first.inner_text()).split()[-1]) > before
        await choose(page, "Pause")
        still = await places.first.inner_text()
        await page.wait_for_timeout(1200)
        assert await places.first.inner_text() == still
        await choose(page, "Play on")
        await expect(places.first).not_to_have_text(still)

        await page.keyboard.press("Escape")
        await expect(page.locator(".handover")).to_have_count(0)
        assert page.errors == []  # type: ignore[attr-defined]
