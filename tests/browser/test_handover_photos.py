"""Photos travel with the file of a hand-over, checked against what their sheet was signed with."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from contests.tables import Picture
from core.settings import Settings
from tests.browser.handover_tablets import choose, filmed_browser, hand_over, judges_tablet
from tests.browser.tablets import base_of, mark_dish, sign, until
from tests.factories_contests import small_contest
from tests.fixtures.processes import Server

pytestmark = pytest.mark.browser
PHOTO = """async (base) => {
  const { app } = await import(base + "app.js");
  const canvas = Object.assign(document.createElement("canvas"), { width: 8, height: 8 });
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg"));
  await app.session.addPhoto("look", blob);
}"""


async def saved_by(page: Page, path: Path) -> dict[str, Any]:
    await hand_over(page)
    async with page.expect_download() as saving:
        await choose(page, "Save as a file")
    await (await saving.value).save_as(path)
    content: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return content


async def test_a_photo_leaves_a_tablet_by_the_file_and_a_changed_one_does_not(
    database: Settings, server: Server, tmp_path: Path
) -> None:
    small = await small_contest()
    async with filmed_browser(tmp_path / "none.mjpeg") as browser:
        first = await judges_tablet(browser, server, small, small.judges[0])
        second = await judges_tablet(browser, server, small, small.judges[1])
        server.kill()
        await first.evaluate(PHOTO, await base_of(first))
        await mark_dish(first)
        await sign(first)

        content = await saved_by(first, tmp_path / "tablet.json")
        (photo,) = content["photos"]
        await expect(first.locator(".handover-photos")).to_contain_text(
            "Photos and files of these sheets: 1,"
        )
        changed = {**content, "photos": [{**photo, "data": "AAAA" + photo["data"][4:]}]}
        (tmp_path / "changed.json").write_text(json.dumps(changed), "utf-8")

        await hand_over(second)
        chosen = second.locator(".handover input[type=file]")
        await chosen.set_input_files(tmp_path / "changed.json")
        result = second.locator(".handover-result")
        await expect(result).to_contain_text(
            "not what their sheet was signed with, and not taken: 1"
        )
        await chosen.set_input_files(tmp_path / "tablet.json")
        await expect(result).to_contain_text("Photos and files taken along: 1")

        await first.close()
        server.start()

        async def arrived() -> bool:
            return await Picture.count() == 1

        await until(arrived, page=second, seconds=60)
    row = await Picture.select().first()
    assert row is not None
    assert row["sha256"] == photo["sha"] == hashlib.sha256(row["content"]).hexdigest()
