"""The control room's page for a tablet's file, in a real browser and in every shape."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from core.settings import Settings
from tests.browser.handover_tablets import signed_in_record
from tests.browser.kit import LANDSCAPE, PORTRAIT, enter, violations
from tests.contests.test_handover_file import signed, written
from tests.factories_contests import small_contest
from tests.fixtures.processes import Server

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}


@pytest.mark.parametrize(
    "shape", [LANDSCAPE, PORTRAIT, PHONE], ids=["landscape", "portrait", "phone"]
)
async def test_a_clerk_takes_a_file_in_and_sees_every_row(
    database: Settings, server: Server, page: Page, tmp_path: Path, shape: Any
) -> None:
    small = await small_contest()
    sheets = await signed(small)
    forged = sheets[3][:-6] + ("AAAAAA" if not sheets[3].endswith("AAAAAA") else "BBBBBB")
    file = tmp_path / "tablet.json"
    file.write_bytes(written([*sheets[:3], forged]))
    await page.set_viewport_size(shape)

    await enter(page, server, small.accounts["clerk"], f"/judging/control/{small.contest}/file")
    assert await violations(page) == []
    await page.get_by_label("The tablet's file").set_input_files(file)
    await page.get_by_role("button", name="Take in").tap()

    await expect(page.locator("tbody tr")).to_have_count(4)
    await expect(page.locator("main")).to_contain_text("Newly stored: 3")
    await expect(page.locator("tbody tr").last).to_contain_text("Look at it")
    assert await signed_in_record(small) == sorted(sheets[:3])
    assert await violations(page) == []
    assert not await page.evaluate("document.documentElement.scrollWidth > innerWidth")
    await page.screenshot(path=tmp_path / "file.png")
