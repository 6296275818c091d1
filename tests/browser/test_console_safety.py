"""The rooms that keep things safe, in a real Chromium: nothing for axe to find, all by keys."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, expect

from contests.tables import Contest
from core.security import SYSTEM, Role
from core.settings import Settings
from core.tables import OutboxMessage
from credentials.actions import create_issuer, retire_key
from credentials.layouts import layout_of
from credentials.status import Status
from credentials.tables import Certificate, CertificateVersion, SigningKey
from tests.browser.kit import enter, violations
from tests.factories_accounts import make_account
from tests.factories_contests import SmallContest, make_organisation, small_contest
from tests.fixtures.processes import Server

pytestmark = pytest.mark.browser


async def final_contest() -> SmallContest:
    await make_organisation("federation")
    await create_issuer(SYSTEM, "federation")
    small = await small_contest()
    await small.judge_everything()
    await small.close()
    await small.finish()
    return small


async def test_certificates_appear_by_themselves_and_become_one_file(
    database: Settings, server: Server, page: Page
) -> None:
    small = await final_contest()
    await enter(
        page,
        server,
        small.accounts["organiser"],
        f"/console/contests/{small.contest}/certificates?lang=en",
    )

    await expect(page.locator("#issuance progress")).to_have_attribute("value", re.compile("[1-9]"))
    while await Certificate.count() < 2:
        await page.wait_for_timeout(100)
    await page.reload()
    assert await violations(page) == []
    await page.get_by_role("button", name="Make one file of all").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("link", name="Download certificates.zip")).to_be_visible(
        timeout=60_000
    )

    assert await violations(page) == []


async def test_the_pages_of_an_administrator_are_clean(
    database: Settings, server: Server, page: Page
) -> None:
    await small_contest(until="draft")
    assert await Contest.count() == 1
    administrator = await make_account(Role.ADMINISTRATOR)
    for room in ("audit", "undo", "jobs", "copies", "rehearsal"):
        await enter(page, server, administrator, f"/console/{room}")

        assert await violations(page) == [], room
        assert await page.locator("script:not([src])").count() == 0


async def issued_contest(page: Page, server: Server, rest: str = "") -> SmallContest:
    """At the room of a contest whose two certificates are there."""
    small = await final_contest()
    while await Certificate.count() < 2:
        await page.wait_for_timeout(100)
    target = f"/console/contests/{small.contest}/certificates?lang=en{rest}"
    await enter(page, server, small.accounts["organiser"], target)
    return small


async def test_a_layout_is_looked_at_kept_and_found_again_by_keys(
    database: Settings, server: Server, page: Page
) -> None:
    small = await issued_contest(page, server)
    picture = page.locator("#pictures img").first

    await page.get_by_label("Upright").focus()
    await page.keyboard.press("Space")
    await expect(picture).to_have_attribute("src", re.compile("form=portrait"))
    await page.get_by_label("Language 1").focus()
    await page.keyboard.type("Por")
    await expect(picture).to_have_attribute("src", re.compile("language-1=pt"))
    assert await picture.evaluate("i => i.decode().then(() => i.naturalHeight > i.naturalWidth)")
    assert (await layout_of(small.contest, "federation")).form == "landscape"  # only looked at
    await page.get_by_role("button", name="Keep this layout").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("The layout is kept.")).to_be_visible()

    assert await page.get_by_label("Upright").is_checked()
    assert (await layout_of(small.contest, "federation")).languages == ("pt", "en")
    assert await violations(page) == []


async def test_a_failed_certificate_says_why_and_is_tried_again(
    database: Settings, server: Server, page: Page
) -> None:
    await make_organisation("federation")
    small = await small_contest()
    await small.judge_everything()
    await small.close()
    await small.finish()
    failed = (OutboxMessage.handler == "credentials.issue_final") & OutboxMessage.done_at.is_null()
    while await OutboxMessage.exists().where(failed, OutboxMessage.attempts == 0):
        await page.wait_for_timeout(100)
    await OutboxMessage.update(
        {OutboxMessage.stuck_at: small.at, OutboxMessage.attempts: 12}
    ).where(failed)
    await create_issuer(SYSTEM, "federation")
    await retire_key(SYSTEM, await certificate_key_in_use())

    target = f"/console/contests/{small.contest}/certificates?lang=en"
    await enter(page, server, small.accounts["organiser"], target)
    await expect(page.locator("#held li")).to_have_count(2)
    reason = page.locator("#held").get_by_text("Take a new key into use, then try again.")
    await expect(reason.first).to_be_visible()
    assert await violations(page) == []
    await create_issuer(SYSTEM, "federation")
    await page.reload()
    await page.get_by_role("button", name="Try again: 1").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("1 are being tried again.")).to_be_visible()
    await expect(page.locator("#held li")).to_have_count(1)
    await page.get_by_role("button", name="Try again: 1").press("Enter")
    while await Certificate.count() < 2:
        await page.wait_for_timeout(100)
    await page.reload()

    await expect(page.locator("#held")).to_have_count(0)


async def certificate_key_in_use() -> str:
    row = (
        await SigningKey.select(SigningKey.kid)
        .where(SigningKey.purpose == "certificate", SigningKey.state == "active")
        .first()
    )
    assert row is not None
    return str(row["kid"])


async def test_many_are_withdrawn_for_good_and_taken_back_in_time(
    database: Settings, server: Server, page: Page
) -> None:
    await issued_contest(page, server)
    boxes = page.locator("input.choose")

    for n in range(2):
        await boxes.nth(n).focus()
        await page.keyboard.press("Space")
    form = page.locator("#many")
    await form.get_by_label("Reason").fill("issued by mistake")
    await form.get_by_label("Type how many").fill("1")
    await page.get_by_role("button", name="Withdraw them for good").press("Enter")
    await expect(page.get_by_text("Type the number 2").first).to_be_visible()
    assert await boxes.evaluate_all("all => all.every(one => one.checked)")
    assert await violations(page) == []
    await form.get_by_label("Type how many").fill("2")
    await page.get_by_role("button", name="Withdraw them for good").press("Enter")
    await expect(page.get_by_text("It takes effect by itself on")).to_be_visible()
    assert await Certificate.count().where(Certificate.state == "suspended") == 2
    assert await violations(page) == []
    await page.get_by_role("button", name="Take back").press("Enter")
    await page.wait_for_load_state("networkidle")

    assert await Certificate.count().where(Certificate.state == "issued") == 2


async def test_a_name_is_corrected_in_six_steps_by_two_persons(
    database: Settings, server: Server, page: Page
) -> None:
    small = await issued_contest(page, server)

    row = page.locator("tr.changes").first
    await row.get_by_text("Correct the name").press("Enter")  # 1
    await row.get_by_label("The right name").fill("欧阳娜娜")  # 2
    await row.get_by_label("Reason, kept sealed").fill("typing mistake")  # 3
    assert await violations(page) == []
    await row.get_by_role("button", name="Ask for the correction").press("Enter")  # 4
    await expect(page.get_by_text("countersigns under")).to_be_visible()
    await page.context.clear_cookies()
    await enter(page, server, small.accounts["chief"], "/console/approvals?lang=en")  # 5
    await expect(page.get_by_text("欧阳娜娜")).to_be_visible()
    assert await violations(page) == []
    await page.get_by_role("button", name="Approve").press("Enter")  # 6
    while not await Certificate.exists().where(Certificate.version == 2):
        await page.wait_for_timeout(100)
    statuses = await CertificateVersion.select(CertificateVersion.status).order_by(
        CertificateVersion.n
    )

    assert sorted(one["status"] for one in statuses) == [0, 0, int(Status.REPLACED)]
