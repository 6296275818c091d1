"""An employer's stack in a real Chromium: files chosen and dropped, progress, result; nothing for axe to find."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.async_api import FilePayload, Page, expect

from core.security import INSTALLATION, Role
from core.settings import Settings, use
from tests.browser.kit import enter, violations
from tests.credentials.facts import issued, issuers
from tests.credentials.stacks.kit import blank, pdf_of, rows_in
from tests.factories_accounts import make_account
from tests.fixtures.chromium import downloaded
from tests.fixtures.processes import Server

pytestmark = pytest.mark.browser
WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


async def fits(page: Page, *widths: int) -> None:
    for width in widths:
        await page.set_viewport_size({"width": width, "height": 900})
        assert not await page.evaluate(WIDER), width
        assert await violations(page) == []


async def test_an_office_makes_a_link_and_an_employer_has_a_stack_checked(
    database: Settings, server: Server, page: Page
) -> None:
    use(replace(database, certificate_origin=server.url))
    await issuers()
    pdf = await pdf_of(await issued(name="欧阳晓明"))
    administrator = await make_account((Role.ADMINISTRATOR, INSTALLATION))
    await enter(page, server, administrator, "/console/stacks?lang=zh-Hans")
    await page.get_by_label("用人单位名称").fill("示例酒店")
    await page.get_by_label("用人单位名称").press("Enter")
    address = await page.get_by_label("请立即复制").input_value()
    await fits(page, 390, 1280)

    await page.context.clear_cookies()
    await page.goto(f"{address}?lang=zh-Hans")
    await fits(page, 390, 1280)
    await page.get_by_role("button", name="开始一叠").press("Enter")
    files: list[FilePayload] = [
        {"name": "证书.pdf", "mimeType": "application/pdf", "buffer": pdf},
        {"name": "空白.png", "mimeType": "image/png", "buffer": blank()},
        {"name": "空.png", "mimeType": "image/png", "buffer": b""},
    ]
    await page.get_by_label("证书的扫描件和照片").set_input_files(files)
    await expect(page.locator(".wrong-files")).to_contain_text("空.png 是空的")
    await expect(page.get_by_text("此叠中的文件：2")).to_be_visible()
    await fits(page, 390, 1280)
    await page.get_by_role("button", name="核验 2 个文件").press("Enter")
    await expect(page.get_by_role("link", name="逐张结论的 Excel")).to_be_visible(timeout=60_000)
    await fits(page, 390, 1280)
    async with page.expect_download() as made:
        await page.get_by_role("link", name="逐张结论的 Excel").press("Enter")

    rows = rows_in(await downloaded(await made.value))
    assert [(row["文件"], row["结论"]) for row in rows] == [
        ("证书.pdf", "真实"),
        ("空白.png", "读不到二维码"),
    ]
