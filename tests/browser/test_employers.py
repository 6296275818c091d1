"""An employer in a real Chromium: invited, in, a key, a list; on a phone and a desktop; nothing for axe."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from core.security import Role
from core.settings import Settings, use
from tests.browser.kit import enter, violations
from tests.credentials.facts import issued, issuers
from tests.factories_accounts import make_account
from tests.fixtures.processes import Server

pytestmark = pytest.mark.browser
WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


async def fits(page: Page) -> None:
    for width in (390, 1280):
        await page.set_viewport_size({"width": width, "height": 900})
        assert not await page.evaluate(WIDER), width
        assert await violations(page) == []


async def test_from_an_invitation_to_a_checked_list(
    database: Settings, server: Server, page: Page, tmp_path: Path
) -> None:
    use(replace(database, certificate_origin=server.url))  # this process issues for that server
    await issuers()
    good = await issued(name="欧阳晓明")
    await enter(page, server, await make_account(Role.ADMINISTRATOR), "/console/employers?lang=en")
    await page.get_by_label("Name of the employer").fill("示例饮食集团")
    await page.get_by_role("button", name="Make the invitation").press("Enter")
    link = await page.get_by_label("Link", exact=True).input_value()
    await page.goto(f"{server.url}/console/employers")
    await fits(page)
    await page.get_by_role("button", name="Log out").click()

    await page.goto(f"{server.url}{re.sub('^https?://[^/]+', '', link)}?lang=zh-Hans")
    await fits(page)
    await page.locator("#login").fill("hr@example.cn")
    await page.locator("#password").fill("wheel barrow lantern 7")
    await page.locator("main button").press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text("示例饮食集团")

    await page.locator("#certificate").fill(good["public_id"])
    await page.locator("#holder").fill("欧阳晓明")
    await page.locator("#holder").press("Enter")
    await expect(page.get_by_role("link", name=good["public_id"])).to_be_visible()
    await page.locator("#name").fill("人事系统")
    await page.locator("#name").press("Enter")
    await expect(page.locator("#secret")).to_have_value(re.compile("jx_.+"))
    await page.get_by_role("link", name="我已保存").press("Enter")
    await page.locator("#keys summary").first.press("Enter")
    await fits(page)

    file = tmp_path / "list.csv"
    file.write_text(f"证书编号,姓名\n{good['public_id']},欧阳晓明\n", "utf-8")
    await page.locator("#file").set_input_files(file)
    async with page.expect_download() as made:
        await page.get_by_role("button", name="开始查验").press("Enter")
    checked = tmp_path / "checked.csv"
    await (await made.value).save_as(checked)
    assert "姓名相符" in checked.read_text("utf-8")
