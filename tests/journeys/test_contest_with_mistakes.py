"""A new user's first contest in Chinese, in which everything that is handed in is wrong at first: an Excel
file full of mistakes, a judge too few, prizes beyond all who compete, an end of marking with sheets missing.

Each is said where it stands, with the way to put it right; then the contest goes on to its certificates.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from core.settings import Settings
from tests.browser.kit import violations
from tests.fixtures.processes import Server, environment_of
from tests.journeys import certificates_kit, judging_kit
from tests.journeys.console_kit import (
    CHIEF,
    Desk,
    a_desk,
    bring_judges,
    found_contest,
    hand_in,
    open_codes,
    person_by_link,
    second_account,
    set_up,
    share_duties,
    shorten_notice,
    start_marking,
    to_final,
    to_import,
)
from tests.journeys.office_tables import (
    ENTRANTS,
    FOUND,
    JUDGES,
    LONGEST,
    SHORTEST,
    WARNED,
    corrected_file,
    corrections,
    judges_file,
    spoiled_file,
)

pytestmark = pytest.mark.browser


async def test_a_contest_full_of_mistakes_comes_to_its_certificates(
    storage: Settings, start_server: Callable[..., Server], browser: Browser, tmp_path: Path
) -> None:
    server = start_server({**environment_of(storage)})
    desk = await a_desk(browser, "zh-Hans")
    await set_up(desk, server)
    await found_contest(
        desk, title="珠海菜肴", competition="珠海市职业技能竞赛", kind="中式烹饪与面点"
    )
    for name in ("香洲区", "斗门区"):
        await add_delegation(desk, name)
    await everything_wrong_is_said_at_once(desk, spoiled_file(tmp_path))
    await mended_on_the_page_all_come_in(desk)
    await the_corrected_file_brings_one_change(desk, corrected_file(tmp_path))
    await bring_judges(desk, judges_file(tmp_path, range(1, JUDGES)), JUDGES - 1)
    chief = await second_account(desk, CHIEF, "tang")
    await desk.to_contest()
    await share_duties(desk)
    await a_judge_is_missing(desk, judges_file(tmp_path, range(JUDGES, JUDGES + 1)))
    await too_many_prizes(desk)
    await shorten_notice(desk)
    await start_marking(desk)

    tablet = await judging_kit.shared_tablet(desk)
    for judge in range(1, JUDGES + 1):
        if judge == JUDGES:
            await marking_does_not_end_early(desk)
        await judging_kit.sit_down(tablet, judge)
        await judging_kit.sign_the_rest(tablet, judge)
    await judging_kit.everything_stored(tablet)

    await open_codes(desk, chief)
    await to_final(desk, chief, await person_by_link(desk, "林评委"))
    winners = await certificates_kit.winners(desk)
    await certificates_kit.choose_layout(desk, longest=LONGEST, shortest=SHORTEST)
    await certificates_kit.let_it_sign(desk)
    await certificates_kit.all_issued(desk, winners)
    await certificates_kit.one_is_valid(desk)


async def add_delegation(desk: Desk, name: str) -> None:
    if not await desk.button("Add").count():
        await desk.page.locator(".crumbs a").nth(1).click()
        await desk.to_room("Delegations")
    form = desk.page.locator("form.card").last
    await form.get_by_label(desk.word("Delegation"), exact=True).fill(name)
    await desk.press("Add")


async def everything_wrong_is_said_at_once(desk: Desk, file: Path) -> None:
    """Each finding with its cell; nothing is entered by looking."""
    page = desk.page
    await desk.to_contest()
    await to_import(desk, "Import entrants")
    await hand_in(desk, file)
    assert await found_in(desk) == FOUND
    listed = await page.locator(".cells a").all_inner_texts()
    assert sorted(listed) == sorted(FOUND - WARNED)
    await expect(page.locator("summary", has_text="I 衣服尺码")).to_be_visible()
    assert await violations(page) == []
    await desk.to_contest()
    await expect(page.locator(".title")).to_contain_text(desk.word("{count} entries", count=0))


async def found_in(desk: Desk) -> set[str]:
    """The cells at which the page says something."""
    return set(await desk.page.locator("table.draft [id$='-why'] small").all_inner_texts())


async def mended_on_the_page_all_come_in(desk: Desk) -> None:
    page = desk.page
    await to_import(desk, "Import entrants")
    await desk.link("Go on with it").click()
    await expect(
        desk.button("Import {count}", count=ENTRANTS - len(corrections()))
    ).to_be_disabled()
    for name, value in corrections().items():
        await page.locator(f"[name='{name}']").fill(value)
    await desk.press("Check again")
    await desk.press("Import {count}", count=ENTRANTS)
    await expect(
        page.get_by_text(desk.word("{count} are entered.", count=ENTRANTS))
    ).to_be_visible()


async def the_corrected_file_brings_one_change(desk: Desk, file: Path) -> None:
    page = desk.page
    await to_import(desk, "Import entrants")
    await hand_in(desk, file)
    changed = page.locator(".diff li")
    await expect(changed).to_have_count(1)
    await expect(changed.locator("del")).to_have_text("珠海第一酒店")
    await expect(changed.locator("ins")).to_have_text("珠海第二酒店")
    await desk.press("Import {count}", count=1)
    await expect(
        page.get_by_text(desk.word("{count} are entered.", count=ENTRANTS))
    ).to_be_visible()


async def a_judge_is_missing(desk: Desk, file: Path) -> None:
    """The contest's page says which, and leads to where judges are appointed."""
    page = desk.page
    await desk.to_contest()
    said = page.locator(".cures li", has_text=str(JUDGES - 1))
    await said.get_by_role("link").click()
    await expect(page.locator(".rooms [aria-current]")).to_have_text(desk.word("The judges"))
    await bring_judges(desk, file, 1)


async def too_many_prizes(desk: Desk) -> None:
    """Shares beyond a hundred per cent are refused, numbers beyond the entrants are remarked on."""
    page = desk.page
    amounts = page.locator("[name^='award-0-prize-'][name$='-amount']")
    await desk.to_room("Rules")
    was = [await amounts.nth(n).input_value() for n in range(3)]
    await page.locator("[name='award-0-method']").select_option("shares")
    for n, share in enumerate(("50", "40", "30")):
        await amounts.nth(n).fill(share)
    await desk.button("Save the rules").click()
    await expect(page.locator(".wrong", has_text="120%")).to_be_visible()
    assert [await amounts.nth(n).input_value() for n in range(3)] == ["50", "40", "30"]
    await page.locator("[name='award-0-method']").select_option("counts")
    await desk.press("Save the rules")
    await desk.to_contest()
    await page.locator(".cures li", has_text="120").get_by_role("link").click()
    for n, count in enumerate(was):
        await amounts.nth(n).fill(count)
    await desk.press("Save the rules")


async def marking_does_not_end_early(desk: Desk) -> None:
    """What is missing is named by judge and work, with the way to the control room."""
    page = desk.page
    await desk.to_contest()
    await desk.state_is("judging")
    assert await desk.button("End marking").count() == 0
    await page.locator(".next-step details > summary").click()
    said = page.locator(".cures li", has_text=f"J{JUDGES}")
    await expect(said).to_have_count(ENTRANTS)
    await said.first.get_by_role("link").click()
    await expect(page.get_by_role("heading", name=desk.word("Missing sheets"))).to_be_visible()
