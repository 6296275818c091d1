"""The rooms about people in a real Chromium: a table from file to record and back by the keyboard alone, a zip
of photos, and nothing that axe finds on any page."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import FileChooser, Page, TimeoutError, expect

from contests.entering.carrying import carry_out
from contests.entering.importing import start_import
from contests.entering.load import entries_of
from core.settings import Settings
from tests.browser.kit import enter, violations
from tests.contests.entering.tables import Rows, mainland, text, xlsx
from tests.factories_contests import SmallContest, small_contest
from tests.fixtures.chromium import downloaded
from tests.fixtures.processes import Server

pytestmark = pytest.mark.browser

PICTURES = os.environ.get("JIANGXIN_TEST_PICTURES", "")
"""A folder for pictures to look at."""
SIZES = ((1440, 900), (820, 1180))
ROWS: Rows = [
    ["编号", "姓名", "身份证号", "代表队", "工作单位", "手机"],
    ["001", "张伟", mainland(1), "dongguan", "甲厂", "13800138000"],
    ["002", "李娜", mainland(2), "火星队", "乙厂", "13800138001"],
    ["003", "ZHANG Wei", mainland(5)[:-2], "zhongshan", "丙厂", "138"],
]
JUDGES: Rows = [
    ["姓名", "工作单位", "有效期至", "级别", "可任组长"],
    ["王五", "酒店", "2030-03-01", "省级", "是"],
    ["WANG Wu", "饭店", "someday", "galactic", ""],
]


async def tab_to(page: Page, selector: str) -> None:
    """From where the focus is, by the tabulator."""
    for _ in range(120):
        if await page.evaluate("(s) => document.activeElement.matches(s)", selector):
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {selector}")


async def press(page: Page, selector: str) -> None:
    await tab_to(page, selector)
    await page.keyboard.press("Enter")


async def file_chooser(page: Page) -> FileChooser:
    """A busy browser may swallow a key; who sits before it presses once more."""
    for _ in range(3):
        try:
            async with page.expect_file_chooser(timeout=10_000) as chosen:
                await page.keyboard.press("Enter")
            return await chosen.value
        except TimeoutError:
            continue
    raise AssertionError("the key opens no chooser of files")


async def seen(small: SmallContest) -> list[str]:
    entries = await entries_of(small.contest)
    return sorted(m.name for e in entries if e.status != "withdrawn" for m in e.members)


def photo() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (300, 400), "gray").save(made, "JPEG")
    return made.getvalue()


async def test_a_table_goes_in_and_out_by_the_keyboard_and_a_zip_brings_the_photos(
    database: Settings, server: Server, page: Page, tmp_path: Path
) -> None:
    small = await small_contest(until="draft")
    base = f"/console/contests/{small.contest}/people"
    before = await seen(small)
    table = tmp_path / "名单.xlsx"
    table.write_bytes(xlsx(ROWS))
    await enter(page, server, small.accounts["organiser"], base)

    await press(page, f"a[href='{base}/import']")
    await page.wait_for_url("**/people/import")
    await tab_to(page, "#file")
    await (await file_chooser(page)).set_files(table)
    await press(page, "form[action$='/people/import'] button")
    await page.wait_for_url("**/console/imports/*")
    await expect(page.locator("tr.is-wrong")).to_have_count(2)
    assert await seen(small) == before

    await tab_to(page, "[id='f3-delegation']")
    await page.keyboard.press("Control+A")
    await page.keyboard.type("zhongshan")
    await tab_to(page, "[id='f4-document_number']")
    await page.keyboard.press("Control+A")
    await page.keyboard.type(mainland(5))
    await press(page, "form[action$='/mend'] button:not([disabled])")
    await expect(page.locator("tr.is-wrong")).to_have_count(0)
    await press(page, "form[action$='/carry-out'] button")
    await page.wait_for_url(f"**{base}")
    assert await seen(small) == sorted([*before, "张伟", "李娜", "ZHANG Wei"])

    await page.goto(f"{server.url}{base}/photos")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        for name in ("001.jpg", "李娜.jpg", "nobody.jpg"):
            made.writestr(name, photo())
        made.writestr("003.jpg", b"no picture")
    zipped = {"name": "photos.zip", "mimeType": "application/zip", "buffer": packed.getvalue()}
    await page.set_input_files("#file", zipped)
    await press(page, "form[action$='/photos'] button")
    await expect(page.locator("section[aria-labelledby='taken'] li")).to_contain_text(
        ["nobody.jpg", "003.jpg"]
    )
    assert await violations(page) == []
    await look(page, "photos-taken")

    await page.goto(f"{server.url}{base}")
    await page.locator("main details summary").first.click()
    async with page.expect_download() as arriving:
        await page.locator("form[action$='/badges'] button").click()
    assert (await downloaded(await arriving.value)).startswith(b"%PDF")

    await page.goto(f"{server.url}{base}/import")
    await press(page, "form[action$='/undo'] button")
    await page.wait_for_url(f"**{base}")
    assert await seen(small) == before


async def look(page: Page, name: str) -> None:
    """Nothing sideways in either size; pictures where somebody wants them."""
    for width, height in SIZES:
        await page.set_viewport_size({"width": width, "height": height})
        wide = await page.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert not wide, f"{name} scrolls sideways at {width}"
        if PICTURES:
            target = Path(PICTURES) / f"{name}-{width}.png"
            await page.screenshot(path=target, full_page=True)


async def prepared(small: SmallContest) -> dict[str, str]:
    """Addresses of every page of the rooms: a name for each."""
    by = await small.actor("organiser")
    base = f"/console/contests/{small.contest}/people"
    judges = f"/console/competitions/{small.competition}/judges"
    pasted = text(ROWS, "\t")
    waiting = await start_import(by, "entrants", contest=small.contest, pasted=pasted)
    done = await start_import(by, "entrants", contest=small.contest, data=xlsx(ROWS[:2]))
    await carry_out(by, done)
    table = text(JUDGES, "\t")
    pool = await start_import(by, "pool", competition=small.competition, pasted=table)
    entry = next(e.id for e in await entries_of(small.contest) if e.number == "001")
    return {
        "list": base,
        "start": f"{base}/import",
        "draft": f"/console/imports/{waiting}",
        "draft-all": f"/console/imports/{waiting}?show=all",
        "done": f"/console/imports/{done}",
        "form": f"{base}/new",
        "entry": f"{base}/{entry}",
        "photos": f"{base}/photos",
        "staff": f"{base}/staff",
        "delegations": f"/console/competitions/{small.competition}/delegations",
        "pool": judges,
        "pool-start": f"{judges}/import",
        "pool-draft": f"/console/imports/{pool}",
    }


async def test_no_page_about_people_has_a_defect_that_axe_sees(
    database: Settings, server: Server, page: Page
) -> None:
    small = await small_contest(until="draft")
    pages = await prepared(small)
    await enter(page, server, small.accounts["organiser"], pages["list"])
    for language in ("zh-Hans", "pt") if PICTURES else ("zh-Hans", "en"):
        for name, path in pages.items():
            mark = "&" if "?" in path else "?"
            answer = await page.goto(f"{server.url}{path}{mark}lang={language}")
            assert answer is not None
            assert answer.ok, f"{name} in {language}"
            for details in await page.locator("main details").all():
                await details.evaluate("(one) => one.open = true")
            assert await violations(page) == [], f"{name} in {language}"
            if PICTURES or language == "zh-Hans":
                await look(page, f"{name}-{language}")
