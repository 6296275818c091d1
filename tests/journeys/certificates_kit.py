"""From final results to certificates in hand: layout, issuing, the file, a check by whoever asks."""

from __future__ import annotations

import csv
import io
import re
import zipfile

from playwright.async_api import expect

from tests.fixtures.chromium import downloaded
from tests.journeys.console_kit import Desk

LOADED = """() => {
  const pictures = [...document.querySelectorAll("#pictures figure img")];
  return pictures.length === 2 && pictures.every((one) => one.complete && one.naturalWidth > 300);
}"""


async def winners(desk: Desk) -> set[str]:
    """Who has a prize by the standings."""
    await desk.to_room("Results")
    lines = desk.page.locator(".place", has=desk.page.locator(".medal"))
    names = await lines.locator(".who").all_inner_texts()
    return {name.split()[0] for name in names}


async def choose_layout(desk: Desk, *, longest: str, shortest: str) -> None:
    """Both forms are seen with both names before one is kept."""
    await desk.to_room("Certificates")
    await _seen(desk, longest, shortest)
    was = await desk.page.locator("#pictures img").first.get_attribute("src")
    await desk.label("Upright").check()
    await expect(desk.page.locator("#pictures img").first).not_to_have_attribute("src", was or "")
    await _seen(desk, longest, shortest)
    await desk.press("Keep this layout")


async def _seen(desk: Desk, longest: str, shortest: str) -> None:
    figures = desk.page.locator("#pictures figure")
    await expect(figures).to_have_text([re.compile(longest), re.compile(shortest)])
    for picture in await figures.locator("img").all():
        await picture.scroll_into_view_if_needed()
    await desk.page.wait_for_function(LOADED)


async def let_it_sign(desk: Desk) -> None:
    """What waited for the key goes on with one click more."""
    await desk.press("Let it sign certificates")
    if await desk.button("Try all of them again").count():
        await desk.press("Try all of them again")


async def all_issued(desk: Desk, winners: set[str]) -> None:
    """The bar reaches its end by itself; then each stands there with its name and its state."""
    bar = desk.page.locator("#issuance progress")
    end = await bar.get_attribute("max") or ""
    await expect(bar).to_have_attribute("value", end, timeout=30_000)
    await desk.to_room("Certificates")
    lines = desk.page.locator("tbody tr", has_text=desk.word("in force"))
    await expect(lines).to_have_count(len(winners))
    assert {name for name in winners if await lines.filter(has_text=name).count() == 1} == winners


async def take_the_file(desk: Desk, winners: set[str]) -> None:
    """One archive of all, made in the background, and one picture alone."""
    page = desk.page
    async with page.expect_download() as picture:
        await page.locator("tbody").get_by_role("link", name="SVG").first.click()
    assert "<svg" in (await downloaded(await picture.value)).decode()
    await desk.press("Make one file of all")
    download = page.get_by_role("link", name="certificates.zip")
    await expect(download).to_be_visible(timeout=60_000)
    async with page.expect_download() as archive:
        await download.click()
    with zipfile.ZipFile(io.BytesIO(await downloaded(await archive.value))) as file:
        table = list(csv.reader(io.StringIO(file.read("list.csv").decode("utf-8-sig"))))
        names = file.namelist()
        printed = file.read("print/certificates-00001.pdf")
    assert {row[1] for row in table[1:]} == winners
    assert sum(name.endswith(".svg") for name in names) == len(winners)
    assert printed.startswith(b"%PDF")


async def one_is_valid(desk: Desk) -> None:
    """The page that an employer sees, opened from the certificate's number."""
    page = desk.page
    await desk.to_contest()
    await desk.to_room("Certificates")
    number = page.locator("tbody a[href^='/c/']").first
    wanted = await number.inner_text()
    await number.click()
    await expect(page.locator(".state.good h1")).to_have_text(desk.word("Genuine and valid"))
    digits = re.sub(r"\W", "", await page.inner_text("main"))
    assert re.sub(r"\W", "", wanted) in digits
