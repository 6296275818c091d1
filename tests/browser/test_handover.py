"""Sheets leave a tablet that has no network by another tablet's camera or by a file, each stored once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from contests.judging.actions import accept_revisions
from core.settings import Settings
from tests.browser.handover_kit import content_of, opened, picture, texts
from tests.browser.handover_tablets import (
    MARKS,
    choose,
    filmed_browser,
    hand_over,
    judges_tablet,
    pictures,
    play,
    signed_in_record,
)
from tests.browser.kit import PORTRAIT
from tests.browser.tablets import rows, sign_by_session, until
from tests.factories_contests import small_contest
from tests.fixtures.chromium import downloaded
from tests.fixtures.processes import Server

pytestmark = pytest.mark.browser
LONG = 60_000


async def signed_texts(page: Page, store: str = "outbox") -> list[str]:
    return sorted(row["jws"] for row in await rows(page, store))


async def test_fifty_sheets_go_by_the_camera_and_their_receipts_come_back(
    database: Settings, server: Server, tmp_path: Path
) -> None:
    small = await small_contest(entrants=50)
    reel = tmp_path / "film.mjpeg"
    async with filmed_browser(reel) as browser:
        first = await judges_tablet(browser, server, small, small.judges[0])
        second = await judges_tablet(browser, server, small, small.judges[1], viewport=PORTRAIT)

        # nobody has a network: fifty sheets wait, are shown, and are taken
        server.kill()
        await sign_by_session(first, MARKS)
        signed = await signed_texts(first)
        assert len(signed) == 50
        assert all(len(jws) >= 600 for jws in signed)
        await hand_over(first)
        await expect(first.locator(".handover")).to_contain_text("Sheets that wait here: 50")
        await choose(first, "Show as pictures")
        shown = await pictures(first)
        read = [text for each in shown for text in texts(picture(each))]
        assert sorted(content_of(map(opened, read))[1]) == signed
        play(reel, shown)
        await hand_over(second)
        await choose(second, "Take with the camera")
        result = second.locator(".handover-result")
        await expect(result).to_contain_text("Sheets taken: 50", timeout=LONG)
        assert await signed_texts(second, "courier") == signed

        # the courier meets the network; the first tablet stays without
        await first.context.set_offline(True)
        server.start()

        async def answered() -> bool:
            return all(row["receipt"] for row in await rows(second, "courier"))

        await until(answered, page=second, seconds=60)
        assert await signed_in_record(small) == signed
        assert not any(row["answer"] for row in await rows(first, "outbox"))

        # the receipts go back as pictures, as stills this time, and the first tablet believes them
        await choose(second, "‹ Back")
        await choose(second, "Show the receipts")
        stills = []
        for number, each in enumerate(await pictures(second)):
            stills.append(tmp_path / f"still-{number}.png")
            picture(each).save(stills[-1])
        await choose(first, "‹ Back")
        await choose(first, "Take with the camera")
        await first.locator(".handover input[type=file]").set_input_files(stills)
        result = first.locator(".handover-result")
        await expect(result).to_contain_text("Receipts taken: 50", timeout=LONG)
        assert {row["answer"] for row in await rows(first, "outbox")} == {"accepted"}

        # and nothing happens twice when the first tablet meets the network too
        await first.context.set_offline(False)
        await first.reload()
        await first.wait_for_timeout(3000)
        assert await signed_in_record(small) == signed
        assert first.errors == second.errors == []  # type: ignore[attr-defined]


async def test_pictures_file_and_network_together_store_each_sheet_once(
    database: Settings, server: Server, tmp_path: Path
) -> None:
    small = await small_contest(entrants=4)
    reel = tmp_path / "film.mjpeg"
    async with filmed_browser(reel) as browser:
        first = await judges_tablet(browser, server, small, small.judges[0])
        second = await judges_tablet(browser, server, small, small.judges[1])
        server.kill()
        await sign_by_session(first, MARKS)
        signed = await signed_texts(first)

        await hand_over(first)
        async with first.expect_download() as saving:
            await choose(first, "Save as a file")
        saved = tmp_path / "tablet.json"
        await (await saving.value).save_as(saved)
        content = json.loads(saved.read_text("utf-8"))
        assert (content["format"], content["kind"]) == ("jiangxin-handover", "sheets")
        assert sorted(content["revisions"]) == signed
        await choose(first, "Show as pictures")
        play(reel, await pictures(first))

        await hand_over(second)
        await second.locator(".handover input[type=file]").set_input_files([saved, saved])
        result = second.locator(".handover-result")
        await expect(result).to_contain_text("Sheets taken: 4")
        await expect(result).to_contain_text("Sheets that were here already: 4")
        await choose(second, "Take with the camera")
        await expect(second.locator(".handover-result")).to_contain_text(
            "Sheets that were here already: 4", timeout=LONG
        )
        assert await signed_texts(second, "courier") == signed

        server.start()
        clerk = small.accounts["clerk"]
        await accept_revisions(content["revisions"], account=clerk)
        for page, store in ((first, "outbox"), (second, "courier")):

            async def answered(page: Page = page, store: str = store) -> bool:
                return all(row["receipt"] for row in await rows(page, store))

            await until(answered, page=page, seconds=60)
        assert await signed_in_record(small) == signed


async def test_a_foreign_a_damaged_and_the_tablets_own_hand_over_are_named_with_the_remedy(
    database: Settings, server: Server, tmp_path: Path
) -> None:
    small = await small_contest(entrants=4)
    async with filmed_browser(tmp_path / "none.mjpeg") as browser:
        first = await judges_tablet(browser, server, small, small.judges[0])
        second = await judges_tablet(browser, server, small, small.judges[1])
        server.kill()
        await sign_by_session(first, MARKS)
        signed = await signed_texts(first)
        await hand_over(first)
        async with first.expect_download() as saving:
            await choose(first, "Save as a file")
        whole = (await downloaded(await saving.value)).decode()
        listed = json.loads(whole)["revisions"]
        forged = listed[3][:-6] + ("AAAAAA" if not listed[3].endswith("AAAAAA") else "BBBBBB")
        files = {
            "whole": whole,
            "cut": whole[: whole.index(listed[2]) + 200],
            "forged": whole.replace(listed[3], forged),
            "foreign": '{"results": [1, 2, 3]}',
            "receipts": json.dumps({"format": "jiangxin-handover", "version": 1,
                                    "kind": "receipts", "receipts": [signed[0], "no"]}),
        }  # fmt: skip
        paths = {name: tmp_path / f"{name}.json" for name in files}
        for name, text in files.items():
            paths[name].write_text(text, "utf-8")

        async def told(page: Page, name: str) -> str:
            await page.locator(".handover input[type=file]").set_input_files(paths[name])
            result = page.locator(".handover-result")
            await expect(result).to_contain_text(f"{name}.json")
            return await result.inner_text()

        await hand_over(second)
        assert "This is no file of a hand-over. Save one" in await told(second, "foreign")
        forged_words = await told(second, "forged")
        assert "The file is not as it was saved" in forged_words
        assert "Damaged and not taken: 1. They are still on the other tablet" in forged_words
        assert "Sheets taken: 3" in forged_words
        assert await signed_texts(second, "courier") == sorted(listed[:3])
        assert "Sheets that were here already: 2" in await told(second, "cut")
        assert "Sheets taken: 1" in await told(second, "whole")
        assert await signed_texts(second, "courier") == signed
        assert "Without the server's signature and not believed: 2" in await told(
            second, "receipts"
        )
        assert "Sheets that this tablet signed itself: 4" in await told(first, "whole")
        assert await rows(first, "courier") == []
        assert not any(row["answer"] for row in await rows(first, "outbox"))
        assert first.errors == second.errors == []  # type: ignore[attr-defined]
