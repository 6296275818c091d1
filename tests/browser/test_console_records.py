"""Occupations, lists, recognitions, evidence and public notices in a real browser: on a phone and on a desk."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from playwright.async_api import Browser, ConsoleMessage, Page

from core.security import INSTALLATION, SYSTEM, Role, Scope
from core.settings import Settings
from credentials.objecting.notices import Typed, object_publicly
from credentials.occupations.loading import load_list
from credentials.occupations.reading import read_list
from credentials.records.honours import deciding
from credentials.records.levels.recognition import propose_recognition
from credentials.records.notices import today_in_china
from credentials.records.papers.of_records import add_to_honour
from tests.browser.kit import enter, violations
from tests.credentials.facts import BODY
from tests.credentials.records.kit import PROVINCE, organiser_of, proposed
from tests.credentials.records.test_direct_recognition import PROOF, ZHUHAI, bodies
from tests.credentials.records.test_issued_numbers import two
from tests.credentials.records.test_lists_taken_back import granted_unsigned
from tests.credentials.test_occupations import SAMPLE
from tests.factories_accounts import make_account
from tests.fixtures.processes import Server

FACES = (("zh-CN", {"width": 390, "height": 844}), ("pt-PT", {"width": 1280, "height": 820}))
WIDE = ("recognition", "notice")
"""Looked at on a desk as well."""
OPEN_ALL = "document.querySelectorAll('.room details').forEach((one) => { one.open = true })"
WIDER = "document.documentElement.scrollWidth - innerWidth"


async def everything() -> tuple[UUID, dict[str, str]]:
    """An account that may enter, and the address of each page."""
    await two()
    job = await granted_unsigned()
    await bodies()
    await propose_recognition(await organiser_of("test-unit"), PROOF)
    await load_list(
        SYSTEM, read_list(SAMPLE.read_bytes()), "大典 2022", only_right=False, whole=False
    )
    by = await organiser_of(PROVINCE)
    case = await proposed(by)
    until = (today_in_china() + timedelta(days=5)).isoformat()
    await deciding.open_notice(by, case, until=until)
    await add_to_honour(by, case, "证明.pdf", b"%PDF-1.7")
    await object_publicly(case, Typed("材料有误", "李四", "li@example.org"))
    account = await make_account(
        (Role.ADMINISTRATOR, INSTALLATION),
        *((Role.ORGANISER, Scope("issuer", code)) for code in (BODY, PROVINCE, ZHUHAI)),
    )
    return account, {
        "occupations": "/console/occupations?q=无人机",
        "lists": "/console/levels/lists",
        "list": f"/console/levels/lists/{job}",
        "recognition": "/console/levels/recognition",
        "honour": f"/console/honours/{case}",
        "notice": f"/notices/{case}",
    }


async def test_the_rooms_are_legible_and_accessible_and_a_code_is_offered(
    database: Settings, server: Server, browser: Browser
) -> None:
    account, pages = await everything()
    found = {}
    for locale, size in FACES:
        context = await browser.new_context(locale=locale, viewport=size, bypass_csp=True)  # type: ignore[arg-type]
        page = await context.new_page()
        await enter(page, server, account, "/console/levels")
        for name, address in pages.items():
            if locale == "pt-PT" and name not in WIDE:
                continue
            await page.goto(server.url + address)
            assert await page.locator("h1").count() == 1
            await page.evaluate(OPEN_ALL)
            wider = max(0, await page.evaluate(WIDER))
            found[name, locale] = (await violations(page), wider)
        await context.close()

    assert {place: one for place, one in found.items() if one != ([], 0)} == {}
    await _code_is_offered(await browser.new_page(), server, account)


async def _code_is_offered(page: Page, server: Server, account: UUID) -> None:
    """Under the page's own policy, which nothing of it breaks."""
    said: list[ConsoleMessage] = []
    page.on("console", lambda message: said.append(message))
    await enter(page, server, account, "/console/levels")
    await page.evaluate(OPEN_ALL)
    await page.locator("#occupation").press_sequentially("测绘")
    offered = page.locator("#occupations option")
    await offered.first.wait_for(state="attached")

    assert await offered.first.get_attribute("value") == "4-08-03-07"
    assert [one.text for one in said if one.type == "error"] == []
    await page.close()
