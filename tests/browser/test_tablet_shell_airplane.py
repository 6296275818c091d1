"""The app without a network: after one visit it opens in airplane mode, and nothing that was tapped is lost when
the browser is killed or the app is updated in the middle."""

from __future__ import annotations

import asyncio
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.async_api import expect

from core.settings import Settings
from tests.browser.tablets import (
    PersistentTablet,
    all_stored,
    enrol,
    kept_for_airplane_mode,
    mark_dish,
    pins_for,
    rows,
    sign,
    sign_in,
    stored_sheets,
    until,
)
from tests.factories_contests import small_contest
from tests.fixtures.processes import Server

pytestmark = pytest.mark.browser


async def test_after_one_visit_the_app_opens_marks_and_signs_in_airplane_mode(
    database: Settings, server: Server, tmp_path: Path
) -> None:
    small = await small_contest()
    judge = small.judges[0]
    await pins_for(judge.account)
    async with PersistentTablet(tmp_path / "tablet") as tablet:
        await enrol(tablet.page, server.url, small)
        await sign_in(tablet.page, judge)
        await kept_for_airplane_mode(tablet.page)

        server.kill()
        await tablet.context.set_offline(True)
        await tablet.page.reload()
        await sign_in(tablet.page, judge)
        await mark_dish(tablet.page)
        await sign(tablet.page)
        await expect(tablet.page.locator("#queue")).to_have_attribute("data-state", "tablet")

        await tablet.end()
        page = await tablet.start()
        await tablet.context.set_offline(True)
        await page.goto(f"{server.url}/judging/")
        await sign_in(page, judge)
        await expect(page.locator("#queue")).to_contain_text("1")
        assert page.errors == []  # type: ignore[attr-defined]

        server.start()
        await tablet.context.set_offline(False)
        await all_stored(page)
    assert len(await stored_sheets(small)) == 1


async def test_killing_the_browser_in_the_middle_loses_nothing_that_was_said_to_be_saved(
    database: Settings, server: Server, tmp_path: Path
) -> None:
    small = await small_contest()
    judge = small.judges[0]
    await pins_for(judge.account)
    async with PersistentTablet(tmp_path / "tablet") as tablet:
        await enrol(tablet.page, server.url, small)
        await sign_in(tablet.page, judge)
        await kept_for_airplane_mode(tablet.page)
        server.kill()
        await mark_dish(tablet.page)
        await sign(tablet.page)
        await tablet.page.locator('[data-aspect="look"] .ten', has_text="20").tap()
        await tablet.page.locator('[data-aspect="care"] .levels .chip').nth(1).tap()
        await expect(tablet.page.locator("#saved")).to_contain_text("✓")
        before = await rows(tablet.page, "drafts")
        waiting = await rows(tablet.page, "outbox")

        await tablet.kill()
        page = await tablet.start(f"{server.url}/judging/")
        await sign_in(page, judge)

        assert await rows(page, "drafts") == before
        assert await rows(page, "outbox") == waiting
        await expect(page.locator('[data-aspect="look"] .value')).to_have_value("20")
        chosen = page.locator('[data-aspect="care"] .levels .chip').nth(1)
        await expect(chosen).to_have_attribute("aria-checked", "true")
        server.start()
        await all_stored(page)
    assert len(await stored_sheets(small)) == 1


async def test_an_update_waits_for_a_tap_and_keeps_what_waits(
    database: Settings, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = await small_contest()
    judge = small.judges[0]
    await pins_for(judge.account)
    async with PersistentTablet(tmp_path / "tablet") as tablet:
        page = tablet.page
        await enrol(page, server.url, small)
        await sign_in(page, judge)
        await kept_for_airplane_mode(page)
        server.kill()
        await mark_dish(page)
        await sign(page)
        waiting = await rows(page, "outbox")
        await page.locator('[data-aspect="look"] .ten', has_text="10").tap()

        newer = NewerApp(server)
        await newer.start()
        try:
            await page.evaluate(
                "navigator.serviceWorker.getRegistration('/judging').then((r) => r.update())"
            )
            await expect(page.locator("#update")).to_be_visible(timeout=15_000)
            await page.evaluate("window.same = true")
            await page.locator("#update").tap()  # a sheet is open and not signed
            await expect(page.locator(".toast")).to_contain_text("Sign or clear")
            assert await page.evaluate("window.same") is True

            await page.locator("#undo").tap()
            await expect(page.locator("#saved")).to_contain_text("✓")
            async with page.expect_navigation():
                await page.locator("#update").tap()
            version = await until(
                lambda: page.evaluate("document.querySelector('#app')?.dataset.newer")
            )
            assert version == "yes"
            assert await rows(page, "outbox") == waiting
        finally:
            await newer.stop()
        server.start()
        await page.reload()
        await sign_in(page, judge)
        await all_stored(page)
    assert len(await stored_sheets(small)) == 1


async def test_nothing_is_answered_by_a_redirect(database: Settings, server: Server) -> None:
    import httpx

    async with httpx.AsyncClient(base_url=server.url) as client:
        for address in ("/judging", "/judging/", "/judging/sw.js", "/judging/manifest.webmanifest"):
            answer = await client.get(address)
            assert (answer.status_code, answer.headers.get("set-cookie")) == (200, None)
    assert urlsplit(server.url).hostname == "127.0.0.1"


class NewerApp:
    """On the server's port: the same app in a later version, and nothing behind it."""

    def __init__(self, server: Server) -> None:
        self._port = server.port
        self._files: dict[str, tuple[str, bytes]] = {}

    async def start(self) -> None:
        from contests.judging.routes import register
        from contests.judging.shell import precache

        register()
        page = precache.page().replace(b'id="app"', b'id="app" data-newer="yes"')
        worker = precache.service_worker().replace(precache.version().encode(), b"a-newer-version!")
        for name in ("shell", "more"):
            address = precache.bundle_address(name)
            kept = precache.bundle(name).replace(
                b'id=\\"app\\"', b'id=\\"app\\" data-newer=\\"yes\\"'
            )
            self._files[address] = (_kind(address), kept)
        self._files["/judging/"] = ("text/html; charset=utf-8", page)
        self._files["/judging/sw.js"] = ("text/javascript", worker)
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self._port)

    async def stop(self) -> None:
        self._server.close()
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:  # a connection that the browser opened ahead
            return
        kind, body = self._files.get(head.split(b" ", 2)[1].decode(), ("text/html", b"not found"))
        found = b"200 OK" if body != b"not found" else b"503 Gone"
        writer.write(
            b"HTTP/1.1 %s\r\ncontent-type: %s\r\ncontent-length: %d\r\nconnection: close\r\n"
            b"service-worker-allowed: /judging\r\n\r\n" % (found, kind.encode(), len(body)) + body
        )
        await writer.drain()
        writer.close()


def _kind(address: str) -> str:
    ends = {"css": "text/css", "json": "application/json", "svg": "image/svg+xml"}
    return ends.get(address.partition("?")[0].rpartition(".")[2], "text/javascript")
