"""How papers come before the scanner: by the camera, one by one or as a stack, and by pictures where there is none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import qrcode
from PIL import Image
from playwright.async_api import Page, expect

from core.settings import Settings
from tests.browser.handover_kit import film
from tests.browser.handover_tablets import filmed_browser
from tests.browser.kit import violations
from tests.browser.scan_kit import papers, phone, qr, ready, serve
from tests.fixtures.processes import Server

pytestmark = pytest.mark.browser

FELT = "navigator.vibrate = (pattern) => (window.felt = [...(window.felt ?? []), pattern]);"
SPOKEN = "speechSynthesis.speak = (said) => (window.said = [...(window.said ?? []), said.text]);"


def picture(text: str) -> Image.Image:
    return qrcode.make(text, border=4).get_image().convert("L")


async def test_a_stack_of_papers_goes_past_the_camera_with_the_network_cut(
    database: Settings, start_server: Callable[..., Server], tmp_path: Path
) -> None:
    server = serve(start_server, database)
    texts = await papers()
    reel = tmp_path / "papers.mjpeg"
    film([picture(texts["valid"])], reel)
    async with filmed_browser(reel) as browser:
        page = await phone(browser, server, reduced_motion="reduce")
        await page.add_init_script(FELT + SPOKEN)
        await ready(page)
        server.kill()
        await page.context.set_offline(True)
        await page.reload()

        await _one_paper_waits_for_the_next(page)
        film(
            [picture(texts[name]) for name in ("valid", "revoked", "foreign_host", "in_notice")],
            reel,
        )
        await _a_stack_needs_no_tap(page)
        await _pictures_are_read_where_there_is_no_camera(page, texts, tmp_path)
        assert page.errors == []  # type: ignore[attr-defined]
    async with filmed_browser(reel, asks=True) as browser:
        server.start()
        page = await phone(browser, server)
        await page.get_by_role("button", name="Start the camera").tap()
        await expect(page.locator(".message")).to_contain_text("The camera may not be used.")
        within = await phone(browser, server, user_agent="Mozilla/5.0 MicroMessenger/8.0.68")
        await expect(within.locator(".notice")).to_contain_text("Open in browser")


async def _one_paper_waits_for_the_next(page: Page) -> None:
    await page.get_by_role("button", name="Start the camera").tap()
    card = page.locator(".verdict")
    await expect(card).to_have_attribute("data-state", "valid", timeout=20_000)
    following = page.get_by_role("button", name="Next paper", exact=True)
    await expect(following).to_be_focused()
    assert await card.evaluate("node => getComputedStyle(node).animationName") == "none"
    assert await violations(page) == []
    await page.keyboard.press("Enter")
    await expect(card).to_have_count(0)
    await page.wait_for_timeout(600)
    await expect(card).to_have_count(0)  # the same paper still lies there
    await page.get_by_role("button", name="Stop the camera").tap()


async def _a_stack_needs_no_tap(page: Page) -> None:
    for name in ("Stack: next paper without a tap", "Vibrate", "Say the verdict aloud"):
        await page.get_by_role("button", name=name).tap()
    await page.wait_for_timeout(2600)
    await page.get_by_role("button", name="Start the camera").tap()
    counted = page.locator(".tally li b")
    await expect(counted).to_have_text(["1", "1", "0", "2", "0"], timeout=30_000)
    assert sorted(map(str, await page.evaluate("window.felt"))) == [
        "[500]", "[500]", "[60, 60, 60]", "[60]",
    ]  # fmt: skip
    assert sorted(await page.evaluate("window.said")) == [
        "Another address", "Genuine and valid", "Genuine, in public notice", "Withdrawn",
    ]  # fmt: skip
    await expect(page.get_by_role("button", name="Next paper", exact=True)).to_be_hidden()
    assert await violations(page) == []
    await page.get_by_role("button", name="Stop the camera").tap()
    await page.get_by_role("button", name="New stack").tap()
    await expect(counted).to_have_text(["0"] * 5)


async def _pictures_are_read_where_there_is_no_camera(
    page: Page, texts: dict[str, str], folder: Path
) -> None:
    blank = folder / "blank.png"
    Image.new("RGB", (400, 300), "white").save(blank)
    (folder / "text.png").write_text("no picture")
    both = Image.new("L", (1600, 800), 255)
    for place, name in ((0, "valid"), (800, "altered")):
        both.paste(picture(texts[name]).resize((700, 700)), (place + 50, 50))
    both.save(folder / "two.jpg", quality=70)
    files = [
        blank,
        folder / "text.png",
        folder / "two.jpg",
        qr(texts["replaced"], folder / "one.png"),
    ]

    await page.locator("input[type=file][multiple]").set_input_files(files)

    await expect(page.locator(".message")).to_contain_text(
        "No QR picture was found in 2 of 4 files."
    )
    await expect(page.locator(".tally li b")).to_have_text(["1", "0", "1", "1", "0"])
    await page.locator("input[type=file][capture]").set_input_files(folder / "one.png")
    await expect(page.locator(".message")).to_have_text("Pictures read: 1")
    await expect(page.locator(".again")).to_contain_text("One certificate, two papers")
