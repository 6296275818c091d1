"""The rooms of honours and applications in a real browser: on a phone and on a desk, for everybody."""

from __future__ import annotations

from datetime import timedelta

from playwright.async_api import Browser

from core.settings import Settings
from credentials.records.honours import deciding
from credentials.records.notices import today_in_china
from tests.browser.kit import enter, violations
from tests.credentials.records.applying import agree, filed
from tests.credentials.records.kit import (
    CITY,
    PROVINCE,
    ZHANG,
    account_of,
    organiser_of,
    proposed,
)
from tests.fixtures.processes import Server

FACES = (("zh-CN", {"width": 390, "height": 844}), ("pt-PT", {"width": 1180, "height": 820}))
OPEN_ALL = "document.querySelectorAll('.room details').forEach((one) => { one.open = true })"
WIDER = "document.documentElement.scrollWidth - innerWidth"


async def test_honours_and_applications_are_legible_and_accessible(
    database: Settings, server: Server, browser: Browser
) -> None:
    application, unit = await filed()
    await agree(application, unit)
    by = await organiser_of(PROVINCE)
    case = await proposed(by, "nanyue_craftsman", ZHANG)
    until = (today_in_china() + timedelta(days=7)).isoformat()
    await deciding.open_notice(by, case, until=until)
    await deciding.object_to(by, case, "资料不全")
    rooms = {
        await account_of(PROVINCE): (
            "/console/honours",
            "/console/honours/new",
            f"/console/honours/{case}",
        ),
        await account_of(CITY): ("/console/applications", f"/console/applications/{application}"),
    }
    wrong = {}
    for account, addresses in rooms.items():
        for locale, size in FACES:
            context = await browser.new_context(locale=locale, viewport=size, bypass_csp=True)  # type: ignore[arg-type]
            page = await context.new_page()
            await enter(page, server, account, addresses[0])
            for address in addresses:
                await page.goto(server.url + address)
                await page.evaluate(OPEN_ALL)
                found = await violations(page)
                wider = await page.evaluate(WIDER)
                if found or wider > 0:
                    wrong[address, locale] = (found, wider)
            await context.close()

    assert wrong == {}
