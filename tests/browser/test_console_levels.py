"""The room of skill levels and a body's filing in a real browser: on a phone and on a desk, for everybody."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from playwright.async_api import Browser, Page

from core.security import INSTALLATION, Role, Scope
from core.settings import Settings
from core.tables import Organisation
from credentials.records.levels.holding import enter_level
from credentials.records.levels.issued.reading import empty_table
from tests.browser.kit import enter, violations
from tests.credentials.facts import BODY
from tests.credentials.records.kit import UNIT, organisations, organiser_of
from tests.credentials.records.test_held_levels import ENTRY, TODAY
from tests.credentials.records.test_issued_numbers import SECOND, line, two
from tests.factories_accounts import make_account
from tests.fixtures.processes import Server

FACES = (("zh-CN", {"width": 390, "height": 844}), ("pt-PT", {"width": 1180, "height": 820}))
OPEN_ALL = "document.querySelectorAll('.room details').forEach((one) => { one.open = true })"
WIDER = "document.documentElement.scrollWidth - innerWidth"


async def faults(page: Page) -> tuple[object, int]:
    assert await page.locator(".room h1").count() == 1  # no page of an error
    await page.evaluate(OPEN_ALL)
    return await violations(page), max(0, await page.evaluate(WIDER))


async def test_levels_lists_and_filings_are_legible_and_accessible(
    database: Settings, server: Server, browser: Browser, tmp_path: Path
) -> None:
    await two()
    await organisations()
    await enter_level(await organiser_of(UNIT), replace(ENTRY, number="2444000000301234"), TODAY)
    body = await Organisation.select(Organisation.id).where(Organisation.code == BODY).first()
    assert body is not None
    account = await make_account(
        (Role.ADMINISTRATOR, INSTALLATION),
        (Role.ORGANISER, Scope("issuer", BODY)),
        (Role.ORGANISER, Scope("issuer", UNIT)),
    )
    file = tmp_path / "list.xlsx"
    file.write_bytes(empty_table("zh-Hans", [line(granted_on="2025-01-02"), replace(SECOND, number="7")]))  # fmt: skip
    found = {}
    for locale, size in FACES:
        context = await browser.new_context(locale=locale, viewport=size, bypass_csp=True)  # type: ignore[arg-type]
        page = await context.new_page()
        await enter(page, server, account, "/console/levels")
        found["levels", locale] = await faults(page)
        await page.goto(f"{server.url}/console/organisations/{body['id']}")
        found["filing", locale] = await faults(page)
        await page.goto(f"{server.url}/console/levels/issued")
        await page.select_option("#body", BODY)
        await page.set_input_files("#file", file)
        await page.click("form[enctype] button")
        await page.wait_for_selector("input[name=lines]", state="attached")
        found["issued", locale] = await faults(page)
        await context.close()

    assert {place: one for place, one in found.items() if one != ([], 0)} == {}
