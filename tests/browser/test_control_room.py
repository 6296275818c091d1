"""The control room in a real Chromium: what happens in the hall is seen here within seconds."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from contests.judging.actions import accept_revision, enrol_device
from contests.judging.signing import SoftwareDevice
from contests.tables import Device, JudgePin, MarkRound, TabletMessage
from core.settings import Settings
from core.tables import Grant
from tests.browser.kit import LANDSCAPE, PORTRAIT, enter, violations
from tests.factories_contests import Seat, SmallContest, small_contest
from tests.fixtures.processes import Server

pytestmark = pytest.mark.browser

MARKS = {"look": "18", "taste": "30", "care": "2"}
PHONE = {"width": 390, "height": 844}
SOON = 5_000
TITLES = {"zh-Hans": "控制室", "zh-Hant": "控制室", "en": "Control room", "pt": "Sala de controlo"}


async def enter_room(page: Page, server: Server, small: SmallContest, name: str = "chief") -> None:
    await enter(page, server, small.accounts[name], f"/judging/control/{small.contest}")
    await expect(page.locator("#link")).to_have_attribute("data-tone", "good")
    await page.evaluate("window.same = true")


async def a_code(small: SmallContest, place: int = 0) -> str:
    return sorted((await small.codes())["dish"])[place]


def cell(page: Page, code: str, judge: int = 0) -> Locator:
    return page.locator(f'tr[data-key="{code}-1"] td').nth(judge)


async def add_tablet(small: SmallContest, label: str = "03", **facts: Any) -> str:
    """A shared tablet that has just been heard of."""
    device = SoftwareDevice()
    now = datetime.now(UTC)
    told = {
        "app": "0.1.0",
        "waiting": 0,
        "battery": 80,
        "charging": False,
        "fit": True,
        "unfit": [],
    }
    await Device.insert(
        Device(
            id=uuid4(), kid=device.kid, kind="tablet", label=label, account=None,
            competition=small.competition, contest=small.contest, facts=json.dumps(told | facts),
            public_jwk=json.dumps(device.public_jwk), enrolled_at=now, last_seen_at=now,
        )
    )  # fmt: skip
    return device.kid


async def two_versions(small: SmallContest, seat: Seat, code: str) -> None:
    """The judge has marked the same work on two devices, neither knowing of the other."""
    await small.submit(seat, code, MARKS)
    other = SoftwareDevice()
    await enrol_device(seat.actor, public_jwk=other.public_jwk, label="Spare")
    spare = Seat(seat.name, seat.account, seat.actor, seat.appointment, other)
    jws = small.sign_sheet(spare, code, MARKS | {"look": "12.5"})
    await accept_revision(jws, account=seat.account, now=small.at)


async def test_a_sheet_appears_within_five_seconds_without_a_reload(
    database: Settings, server: Server, page: Page
) -> None:
    small = await small_contest(entrants=8)
    code = await a_code(small, 1)
    await enter_room(page, server, small)
    await expect(cell(page, code)).to_have_attribute("data-state", "open")
    button = page.locator(f'tr[data-key="{code}-1"] button')
    await button.focus()
    await button.evaluate("(node) => { window.held = node; }")

    await small.submit(small.judges[0], code, MARKS)

    await expect(cell(page, code)).to_have_attribute("data-state", "stored", timeout=SOON)
    await expect(page.locator("ul.missing").first).to_contain_text(f"J2: {code}", timeout=SOON)
    assert await page.evaluate("window.same && window.held === document.activeElement")


async def test_when_the_stream_is_cut_the_page_says_so_and_catches_up(
    database: Settings, server: Server, page: Page
) -> None:
    small = await small_contest()
    code = await a_code(small)
    await enter_room(page, server, small)

    server.kill()
    await expect(page.locator("#link")).to_have_attribute("data-tone", "warn", timeout=25_000)
    await small.submit(small.judges[0], code, MARKS)
    server.start()

    await expect(cell(page, code)).to_have_attribute("data-state", "stored", timeout=15_000)
    await expect(page.locator("#link")).to_have_attribute("data-tone", "good", timeout=15_000)
    assert await page.evaluate("window.same")
    other = await a_code(small, 1)
    await expect(page.locator("#link")).to_have_text("Live", timeout=20_000)
    await small.submit(small.judges[0], other, MARKS)
    await expect(cell(page, other)).to_have_attribute("data-state", "stored", timeout=SOON)


async def test_a_gap_is_an_alarm_until_the_sheet_arrives(
    database: Settings, server: Server, page: Page
) -> None:
    small = await small_contest()
    judge = small.judges[0]
    kept_back = small.sign_sheet(judge, await a_code(small, 0), MARKS)
    await enter_room(page, server, small, "clerk")

    await small.submit(judge, await a_code(small, 1), MARKS)
    alarm = page.locator(".alarms .notice")
    await expect(alarm).to_contain_text("Tablet J1: sheet 1 is missing.", timeout=SOON)
    await accept_revision(kept_back, account=judge.account, now=small.at)

    await expect(alarm).to_have_count(0, timeout=SOON)


async def test_a_new_tablet_is_shown_a_code_and_appears_by_itself(
    database: Settings, server: Server, page: Page, tmp_path: Path
) -> None:
    small = await small_contest()
    await enter_room(page, server, small)
    await page.get_by_role("button", name="Add a tablet").click()
    await page.get_by_label("Name on its sticker").fill("07")
    await page.get_by_role("button", name="Make a code").click()

    picture = page.locator(".qr svg")
    await expect(picture).to_be_visible()
    box = await picture.bounding_box()
    assert box is not None
    assert box["width"] >= 380
    assert re.fullmatch(
        r"[0-9A-Z]{5} [0-9A-Z]{5}", await page.locator("#d-add .spoken").inner_text()
    )
    await expect(page.locator("#d-add .left")).to_contain_text("14 minutes")
    assert await violations(page) == []
    await page.screenshot(path=tmp_path / "add.png")
    kid = await add_tablet(small, "07")

    await expect(page.locator("#d-add .left")).to_have_text("The tablet is there.", timeout=SOON)
    await expect(picture).to_have_count(0)
    await page.keyboard.press("Escape")
    await expect(page.locator(f'.tablets > [data-key="{kid}"]')).to_contain_text("07")


async def test_a_tablet_is_written_to_and_revoked_after_a_question(
    database: Settings, server: Server, page: Page
) -> None:
    small = await small_contest()
    kid = await add_tablet(small, waiting=3, battery=12)
    await enter_room(page, server, small)
    row = page.locator(f'.tablets > [data-key="{kid}"]')
    await expect(row).to_contain_text("battery 12 %")
    await expect(row).to_contain_text("3 to send")
    await row.locator("summary").click()

    await row.get_by_role("button", name="Send a message").click()
    await page.get_by_label("What the judge is to read").fill("Please bring it to the desk.")
    await page.get_by_role("button", name="Send", exact=True).click()
    await expect(page.locator("#d-message")).to_be_hidden()
    await expect(row).to_contain_text("not shown yet", timeout=SOON)
    assert await TabletMessage.exists().where(TabletMessage.text == "Please bring it to the desk.")

    await row.get_by_role("button", name="Revoke").click()
    dialog = page.locator("#d-revoke")
    await expect(dialog).to_contain_text("Signed sheets that are still on it: 3.")
    await expect(dialog).to_contain_text("can't be undone")
    assert await violations(page) == []
    await dialog.get_by_role("button", name="Revoke for good").click()
    await expect(row).to_have_attribute("data-state", "revoked", timeout=SOON)


async def test_a_tablets_sentence_is_shown_until_it_is_dealt_with(
    database: Settings, server: Server, page: Page
) -> None:
    small = await small_contest()
    kid = await add_tablet(small)
    await enter_room(page, server, small, "clerk")
    device = await Device.select(Device.id).where(Device.kid == kid).first()
    assert device is not None
    await TabletMessage.insert(
        TabletMessage(id=uuid4(), device=device["id"], contest=small.contest, from_tablet=True,
                      text="<b>Which</b> code?", sent_at=datetime.now(UTC))
    )  # fmt: skip

    alarm = page.locator(".alarms .notice")
    await expect(alarm).to_contain_text("<b>Which</b> code?", timeout=SOON)
    await alarm.get_by_role("button", name="Dealt with").click()

    await expect(alarm).to_have_count(0, timeout=SOON)


async def test_a_forgotten_pin_is_replaced_in_two_taps(
    database: Settings, server: Server, page: Page
) -> None:
    small = await small_contest()
    await enter_room(page, server, small, "leader")
    await page.get_by_role("button", name="New PIN for J2").click()
    await page.get_by_role("button", name="Make a new PIN").click()

    shown = page.locator("#d-pin .spoken")
    await expect(shown).to_have_text(re.compile(r"^\d{3} \d{3}$"))
    assert await violations(page) == []
    await page.locator("#d-pin .pin").get_by_role("button", name="Close").click()
    await expect(page.locator(".people")).to_contain_text("first PIN, not used yet", timeout=SOON)
    await expect(shown).to_have_text("")
    row = await JudgePin.select().where(JudgePin.id == small.judges[1].account).first()
    assert row is not None
    assert row["first"]


async def test_slips_are_printed_once_with_the_way_in_four_languages(
    database: Settings, server: Server, page: Page, tmp_path: Path
) -> None:
    small = await small_contest()
    await enter_room(page, server, small, "organiser")
    async with page.context.expect_page() as opened:
        await page.get_by_role("button", name="Print PIN slips").click()
    slips = await opened.value

    await expect(slips.locator(".slip")).to_have_count(6)
    first = slips.locator(".slip").filter(has_text="J1")
    await expect(first.locator(".pin")).to_have_text(re.compile(r"^\d{3} \d{3}$"))
    for language in TITLES:
        await expect(first.locator(f'p[lang="{language}"]')).not_to_be_empty()
    assert await violations(slips) == []
    await slips.screenshot(path=tmp_path / "slips.png", full_page=True)
    await slips.close()
    async with page.context.expect_page() as opened:
        await page.get_by_role("button", name="Print PIN slips").click()
    await expect((await opened.value).locator(".slip")).to_have_count(0)


async def test_the_leader_sees_both_versions_side_by_side_and_decides(
    database: Settings, server: Server, page: Page, tmp_path: Path
) -> None:
    small = await small_contest()
    code = await a_code(small)
    await enter_room(page, server, small, "leader")
    await two_versions(small, small.judges[0], code)
    await expect(cell(page, code)).to_have_attribute("data-state", "conflict", timeout=SOON)
    await page.get_by_role("button", name="Compare and decide").click()

    dialog = page.locator("#d-conflicts")
    look = dialog.locator("tr", has_text="look").first
    await expect(look).to_have_attribute("data-differs", "")
    await expect(look).to_contain_text("12.5")
    await expect(dialog).to_contain_text("Spare")
    assert await violations(page) == []
    await page.screenshot(path=tmp_path / "conflict.png")
    await dialog.get_by_label("Reason").fill("The judge says so.")
    await dialog.get_by_role("button", name="Version 2 counts").click()

    await expect(dialog).to_contain_text("Nothing is in conflict any more.")
    await expect(cell(page, code)).to_have_attribute("data-state", "stored", timeout=SOON)


async def test_what_was_kept_apart_is_looked_at_and_left_aside(
    database: Settings, server: Server, page: Page
) -> None:
    small = await small_contest()
    code = await a_code(small)
    wrong = small.sign_sheet(small.judges[0], code, MARKS, rules="0" * 64)
    await accept_revision(wrong, account=small.judges[0].account, now=small.at)
    await enter_room(page, server, small, "leader")
    await page.get_by_role("button", name="Look at them and decide").click()

    dialog = page.locator("#d-quarantine")
    await expect(dialog).to_contain_text(code)
    assert await violations(page) == []
    await dialog.get_by_label("Reason").fill("Old rules.")
    await dialog.get_by_role("button", name="Leave it aside").click()

    await expect(dialog).to_contain_text("Nothing is kept apart any more.")
    await expect(page.locator(".alarms .notice")).to_have_count(0, timeout=SOON)


async def test_a_work_is_called_back_by_keyboard_alone(
    database: Settings, server: Server, page: Page
) -> None:
    small = await small_contest()
    code = await a_code(small)
    for seat in small.judges:
        await small.submit(seat, code, MARKS)
    await enter_room(page, server, small)
    await page.locator(f'tr[data-key="{code}-1"] button').focus()
    await page.keyboard.press("Enter")
    dialog = page.locator("#d-again")
    await expect(dialog).to_contain_text(f"Have work {code} marked again")
    await expect(dialog.locator("fieldset:visible")).to_have_count(1)
    assert await violations(page) == []
    await page.keyboard.press("Space")  # the first aspect
    for _ in range(3):
        await page.keyboard.press("Tab")
    await page.keyboard.type("The spread is too large.")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")

    await expect(dialog).to_be_hidden()
    await expect(cell(page, code)).to_have_attribute("data-state", "again", timeout=SOON)
    row = await MarkRound.select().first()
    assert row is not None
    assert json.loads(row["aspects"]) == ["look"]


async def test_a_clerk_is_offered_nothing_that_a_leader_decides(
    database: Settings, server: Server, page: Page
) -> None:
    small = await small_contest()
    await two_versions(small, small.judges[0], await a_code(small))
    await enter_room(page, server, small, "clerk")

    await expect(page.locator(".alarms")).to_contain_text("The group leader or the chief referee")
    await expect(page.locator("[data-open=conflicts], [data-open=again]")).to_have_count(0)
    await expect(page.locator("#d-conflicts")).to_have_count(0)


async def test_without_a_script_the_page_is_a_snapshot_that_comes_anew(
    database: Settings, server: Server, browser: Browser
) -> None:
    small = await small_contest()
    code = await a_code(small)
    await small.submit(small.judges[0], code, MARKS)
    context = await browser.new_context(viewport={"width": 1180, "height": 820},
                                        java_script_enabled=False)  # fmt: skip
    page = await context.new_page()
    await enter(page, server, small.accounts["chief"], f"/judging/control/{small.contest}")

    await expect(cell(page, code)).to_have_attribute("data-state", "stored")
    await expect(page.locator("#link")).to_contain_text("As of")
    assert '<meta http-equiv="refresh" content="15">' in await page.content()
    await context.close()


@pytest.mark.parametrize("size", [LANDSCAPE, PORTRAIT, PHONE], ids=["wide", "tall", "phone"])
async def test_the_room_is_accessible_and_every_target_is_large_enough(
    database: Settings, server: Server, page: Page, size: Any, tmp_path: Path
) -> None:
    small = await small_contest(entrants=12, judges=6)
    await two_versions(small, small.judges[0], await a_code(small))
    for place in range(1, 5):
        for seat in small.judges[: 6 - place]:
            await small.submit(seat, await a_code(small, place), MARKS)
    await add_tablet(small, waiting=2, fit=False, unfit=["space"])
    await add_tablet(small, "04", charging=True)
    await page.set_viewport_size(size)
    await enter_room(page, server, small)
    await page.locator(".tablets summary").first.click()

    narrow = await page.evaluate(
        """() => [...document.querySelectorAll("main button, main summary, main a")]
          .filter((node) => node.offsetParent)
          .map((node) => [node.outerHTML.slice(0, 80), node.getBoundingClientRect()])
          .filter(([, box]) => box.height < 48).map(([html]) => html)"""
    )
    sideways = await page.evaluate("document.documentElement.scrollWidth > innerWidth")
    await page.screenshot(path=tmp_path / f"room-{size['width']}.png", full_page=True)

    assert await violations(page) == []
    assert narrow == []
    assert not sideways


async def test_the_list_leads_to_the_room_in_every_language(
    database: Settings, server: Server, page: Page, tmp_path: Path
) -> None:
    small = await small_contest()
    for language, title in TITLES.items():
        await page.context.clear_cookies()
        await enter(page, server, small.accounts["clerk"], f"/judging/control?lang={language}")
        await expect(page.locator("h1")).to_have_text(title)
        assert await violations(page) == []
        await page.locator(".rooms a").click()
        await expect(page.locator("#link")).to_have_attribute("data-tone", "good")
        await page.screenshot(path=tmp_path / f"lang-{language}.png")


async def test_without_events_the_page_asks_every_few_seconds(
    database: Settings, server: Server, page: Page
) -> None:
    small = await small_contest()
    code = await a_code(small)
    await page.route("**/events", lambda route: route.abort())
    await enter_room(page, server, small)

    await expect(page.locator("#link")).to_contain_text("asking every few seconds", timeout=20_000)
    await small.submit(small.judges[0], code, MARKS)

    await expect(cell(page, code)).to_have_attribute("data-state", "stored", timeout=8_000)


async def test_the_page_says_when_the_role_has_ended(
    database: Settings, server: Server, page: Page
) -> None:
    small = await small_contest()
    await enter_room(page, server, small, "clerk")

    await Grant.update({Grant.revoked_at: small.at}).where(Grant.account == small.accounts["clerk"])

    await expect(page.locator("#link")).to_contain_text("no longer have this role", timeout=15_000)
