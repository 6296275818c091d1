"""Every kind of aspect in a real Chromium: tapped, typed, timed, photographed, and stored as it was said."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Browser, FilePayload, expect

from core.settings import Settings
from plugins.robotics.instrument import SAMPLE
from tests.browser.sheet_kit import (
    EVERY_CONTROL,
    card,
    chip,
    contest_of,
    judged,
    on_the_sheet,
    points,
)
from tests.browser.tablets import all_stored, rows, sign, sign_in, stored_sheets
from tests.contests.tablets.robots import robots
from tests.fixtures.processes import Server

pytestmark = pytest.mark.browser


async def test_each_kind_of_aspect_is_marked_by_its_control_and_stored_as_it_was_said(
    database: Settings, server: Server, browser: Browser
) -> None:
    small = await contest_of(*EVERY_CONTROL)
    page = await on_the_sheet(browser, server, small)

    await chip(page, "A1", "2").tap()
    await chip(page, "A2", "10").tap()
    await chip(page, "A2", "+8").tap()
    await card(page, "A2").locator(".step").last.tap()
    await chip(page, "A3", "7").tap()
    for name in ("+0.1", "+0.1", "+0.01"):
        await chip(page, "A3", name).tap()
    await chip(page, "A4", "1.5").tap()

    typed = card(page, "B1").locator("input.measured")
    await typed.fill("１２，２５")
    await typed.blur()
    await expect(card(page, "B1")).to_contain_text("Understood as 12.25 mm")
    await expect(card(page, "B1").locator(".worth")).to_have_text("= 2.5 of 10 points")
    await chip(page, "B2", "4").tap()
    await card(page, "B3").get_by_role("radio", name="Pass").tap()
    await card(page, "B4").get_by_role("radio", name="bent").tap()
    for field, value in zip(
        await card(page, "B5").locator("input.measured").all(), ("9", "3"), strict=True
    ):
        await field.fill(value)
        await field.blur()
    await expect(card(page, "B5").locator(".worth")).to_have_text("= 7.5 of 10 points")
    clock = card(page, "C2").locator("input.measured")
    await clock.fill("10:01:30")
    await clock.blur()
    await expect(card(page, "C2").locator(".worth")).to_have_text("= 6.5 of 10 points")
    watch = card(page, "C1").locator("input.measured")
    await watch.fill("1:02.5")
    await watch.blur()
    dress = card(page, "D1").get_by_role("group", name="Clothes").get_by_role("button")
    await dress.last.tap()
    await dress.last.tap()
    waste = card(page, "D1").get_by_role("group", name="Waste").get_by_role("button")
    await waste.last.tap()
    await waste.last.tap()
    await expect(card(page, "D1").locator(".sum")).to_have_text("−2.5 · 7.5")
    given = card(page, "E1").locator("input.measured")
    await given.fill("-2.5")
    await given.blur()
    await sign(page)
    await all_stored(page)

    (stored,) = await stored_sheets(small)
    said = {
        aspect: mark.raw if mark.raw is not None else mark.value
        for aspect, mark in stored.marks.items()
    }
    assert said | {"D1": None} == {
        "A1": 2000,
        "A2": 18_500,
        "A3": 7210,
        "A4": 1500,
        "E1": -2500,
        "D1": None,
        "B1": "12.25",
        "B2": "4",
        "B3": "true",
        "B4": "choice2",
        "B5": "9;3",
        "C1": "62.5",
        "C2": "36090",
    }
    found = [(defect.code, defect.points) for defect in stored.marks["D1"].defects]
    assert found == [("dress", 1500), ("waste", 500), ("waste", 500)]
    assert page.errors == []  # type: ignore[attr-defined]


async def test_a_value_off_the_grid_is_refused_with_what_is_possible(
    database: Settings, server: Server, browser: Browser
) -> None:
    page = await on_the_sheet(browser, server, await contest_of(points("A2", 20_000)))
    field = card(page, "A2").locator(".value")

    await field.fill("17.3")
    await field.blur()
    await expect(card(page, "A2")).to_contain_text("Only 0 to 20 in steps of 0.5.")
    await expect(field).to_have_attribute("aria-invalid", "true")
    await field.fill("１７，５")
    await field.blur()

    await expect(card(page, "A2")).to_contain_text("Understood as 17.5")
    await expect(field).to_have_value("17.5")


async def test_a_second_tap_on_the_neighbour_asks_which_was_meant(
    database: Settings, server: Server, browser: Browser
) -> None:
    page = await on_the_sheet(browser, server, await contest_of(judged("A1"), judged("A2")))

    async def taps(aspect: str, first: int, second: int) -> None:
        nodes = card(page, aspect).locator(".levels .chip")
        one, two = [await nodes.nth(n).bounding_box() for n in (first, second)]
        assert one is not None
        assert two is not None
        await page.touchscreen.tap(one["x"] + 20, one["y"] + 20)
        await page.touchscreen.tap(two["x"] + 20, two["y"] + 20)

    await taps("A1", 1, 2)
    dialog = page.locator("dialog")
    await expect(dialog).to_contain_text("Which one is meant?")
    await expect(card(page, "A1").locator('[aria-checked="true"]')).to_contain_text("1")
    await dialog.locator(".which").last.tap()
    await expect(card(page, "A1").locator('[aria-checked="true"]')).to_contain_text("2")

    await taps("A2", 0, 3)
    await expect(card(page, "A2").locator('[aria-checked="true"]')).to_contain_text("3")
    await page.wait_for_timeout(350)
    await card(page, "A2").locator(".levels .chip").nth(2).tap()
    await expect(card(page, "A2").locator('[aria-checked="true"]')).to_contain_text("2")
    await expect(dialog).to_have_count(0)


async def test_the_stop_watch_runs_through_a_reload_and_never_signs(
    database: Settings, server: Server, browser: Browser
) -> None:
    small = await contest_of(*(a for a in EVERY_CONTROL if a.id == "C1"))
    page = await on_the_sheet(browser, server, small)
    watch = card(page, "C1")

    await watch.get_by_role("button", name="Start").tap()
    await page.wait_for_timeout(600)
    await watch.get_by_role("button", name="Lap").tap()
    await expect(page.locator("#saved")).to_contain_text("✓")
    await page.reload()
    await sign_in(page, small.judges[0])
    await expect(watch.locator(".shown")).to_have_class("shown runs")
    await watch.get_by_role("button", name="Stop").tap()

    read = watch.locator("input.measured")
    await expect(read).not_to_have_value("")
    value = float(await read.input_value())
    assert value > 0.6
    await expect(watch.locator(".laps li")).to_have_count(1)
    await expect(watch.locator(".worth")).to_contain_text("= 10 of 10")
    await watch.get_by_role("button", name="Resume").tap()
    await expect(page.locator("#sign")).to_be_disabled()
    await watch.get_by_role("button", name="Stop").tap()
    await expect(read).not_to_have_value("")
    assert float(await read.input_value()) > value
    assert await rows(page, "outbox") == []


async def test_photo_note_and_doubt_go_with_the_mark(
    database: Settings, server: Server, browser: Browser, tmp_path: Path
) -> None:
    small = await contest_of(judged("A1"), judged("A2"))
    page = await on_the_sheet(browser, server, small)
    big = tmp_path / "bench.png"
    Image.effect_noise((2400, 1800), 80).convert("RGB").save(big)
    small_picture = tmp_path / "small.png"
    Image.effect_noise((40, 40), 60).convert("RGB").save(small_picture)

    await chip(page, "A1", "1").tap()
    await chip(page, "A2", "3").tap()
    await card(page, "A1").locator(".dots").tap()
    await card(page, "A1").get_by_role("button", name="? Unsure").tap()
    await card(page, "A1").locator(".note").fill("scratch at the hinge")
    await card(page, "A1").locator(".note").blur()
    for count, file in enumerate((big, small_picture), 1):
        await card(page, "A1").locator('input[type="file"]').set_input_files(file)
        await expect(card(page, "A1").locator(".thumb")).to_have_count(count, timeout=15_000)
    await card(page, "A1").locator(".thumb").last.tap()
    await page.get_by_role("button", name="Remove this photo").tap()
    await expect(card(page, "A1").locator(".thumb")).to_have_count(1)

    sizes = await page.evaluate(
        """async () => {
          const open = indexedDB.open("jiangxin-judging");
          const base = await new Promise((done) => (open.onsuccess = () => done(open.result)));
          const asked = base.transaction("pictures").objectStore("pictures").getAll();
          const found = await new Promise((done) => (asked.onsuccess = () => done(asked.result)));
          base.close();
          return Promise.all(found.map(async ({ blob }) => {
            const image = await createImageBitmap(blob);
            return [blob.type, Math.max(image.width, image.height), blob.size];
          }));
        }"""
    )
    assert all(
        kind == "image/jpeg" and side <= 1600 and size < 2_000_000 for kind, side, size in sizes
    )

    await page.locator("#sign").tap()
    heading = page.locator("dialog .doubt")
    await expect(heading).to_contain_text("Unsure")
    await expect(page.locator("dialog .summary").first).to_contain_text("scratch at the hinge")
    await expect(page.locator("dialog .summary").first).to_contain_text("Photos: 1")
    await page.locator("dialog .confirm").first.tap()
    await all_stored(page)

    (stored,) = await stored_sheets(small)
    assert stored.about["A1"].unsure
    assert len(stored.about["A1"].photos) == 1
    assert (stored.marks["A1"].note, "A2" in stored.about) == ("scratch at the hinge", False)


async def test_an_instruments_file_is_kept_read_and_its_values_are_taken_over(
    database: Settings, server: Server, browser: Browser
) -> None:
    small = await robots()
    page = await on_the_sheet(browser, server, small)
    await page.locator(".module", has_text="C").first.tap()
    cycle = card(page, "C1.3")

    picked = cycle.locator('.measure input[type="file"]')
    await picked.set_input_files(_log(b"timestamp,signal\n1,x\n"))
    await expect(cycle.locator(".figures .wrong li").first).to_be_visible(timeout=15_000)
    await picked.set_input_files(_log(SAMPLE))
    await expect(cycle.locator(".figures")).to_contain_text("18.75", timeout=15_000)
    await cycle.locator(".take").tap()
    await expect(card(page, "C1.4").locator("input.measured")).to_have_value("0.12")
    await expect(card(page, "C1.1").locator('[aria-checked="true"]')).to_contain_text("Yes")
    await card(page, "C2.1").locator(".levels .chip").nth(2).tap()
    await sign(page)
    await all_stored(page)

    (stored,) = await stored_sheets(small)
    kept = hashlib.sha256(SAMPLE).hexdigest()
    logged = ("C1.1", "C1.2", "C1.3", "C1.4")
    assert {stored.about[aspect].file for aspect in logged} == {kept}
    assert [stored.marks[aspect].raw for aspect in logged] == ["true", "2", "18.75", "0.12"]
    assert stored.marks["C1.3"].source == "plc_log"


def _log(content: bytes) -> FilePayload:
    return {"name": "log.csv", "mimeType": "text/csv", "buffer": content}
