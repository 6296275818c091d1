"""A rehearsal is another installation: nothing done in it touches the real one, and every page says so."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from litestar import Litestar, Response, get

from admin.rehearsal import running
from core import db
from core.app import create_app
from core.engines.sqlite import Sqlite
from core.errors import Forbidden
from core.security import Actor, Role, actor_of
from core.settings import SECRETS_FILE, Settings, use
from core.tables import Account, AuditEntry
from core.web.rehearsal import banner_in, with_banner
from tests.factories_accounts import log_in_browser, make_account
from tests.factories_contests import small_contest
from tests.fixtures.processes import free_port

HTML = {"Accept": "text/html"}
BANNER = "rehearsal-banner"


@pytest_asyncio.fixture
async def started(database: Settings) -> AsyncIterator[tuple[Settings, Actor]]:
    """This installation, and its administrator; a rehearsal that was left is ended."""
    use(replace(database, port=free_port(), host="127.0.0.1"))
    by = await actor_of(await make_account(Role.ADMINISTRATOR))
    yield database, by
    if running.running() is not None:
        await running.stop(by, forget=True)


def live_bytes(settings: Settings) -> dict[str, str]:
    """Every file of the real installation but the rehearsal's own folder, and but the index that SQLite
    shares between this installation's own readers: it holds no data and changes when we look."""
    own = running.place(settings)
    return {
        str(path.relative_to(settings.data)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(settings.data.rglob("*"))
        if path.is_file() and not path.is_relative_to(own) and path.suffix != ".sqlite-shm"
    }


async def settled() -> None:
    """The log of the database written back, so that its file says everything."""
    found = db.engine()
    if isinstance(found, Sqlite):
        await db.scrub()


async def enter(link: str, origin: str) -> httpx.AsyncClient:
    client = httpx.AsyncClient(base_url=origin, headers=HTML, timeout=60)
    entered = await client.post(link)
    assert entered.status_code == 303
    return client


def token_in(page: str) -> str:
    found = re.search(r'name="csrf_token" value="(\w+)"', page)
    assert found is not None
    return found.group(1)


async def test_what_is_done_in_a_rehearsal_leaves_every_byte_of_the_real_one_as_it_was(
    started: tuple[Settings, Actor],
) -> None:
    settings, by = started
    await small_contest(until="draft")
    found = await running.start(by)
    link = await running.enter(by)
    await settled()
    before = live_bytes(settings)

    client = await enter(link, found.origin)
    page = await client.get("/console/audit")
    written = await client.post(
        "/console/audit/export", data={"csrf_token": token_in(page.text), "kind": ""}
    )
    await settled()

    assert (page.status_code, written.status_code) == (200, 303)
    assert BANNER in page.text
    assert live_bytes(settings) == before
    rehearsed = running.place(settings)
    assert (rehearsed / "jiangxin.sqlite").exists()
    assert (rehearsed / SECRETS_FILE).read_bytes() != (settings.data / SECRETS_FILE).read_bytes()
    assert not await Account.exists().where(Account.login == "rehearsal")
    issuer = await client.get("/issuers/rehearsal")
    assert issuer.json()["id"].startswith(found.origin)
    assert "jiangxin-rehearsal" in client.cookies
    await client.aclose()


async def test_a_rehearsal_is_ended_gone_on_with_and_forgotten(
    started: tuple[Settings, Actor],
) -> None:
    settings, by = started
    first = await running.start(by)
    with pytest.raises(running.RehearsalRuns):
        await running.start(by)
    await running.stop(by, forget=False)
    kept = (running.place(settings) / SECRETS_FILE).read_bytes()
    assert running.running() is None
    with pytest.raises(running.NoRehearsal):
        await running.enter(by)

    await running.start(by)
    again = (running.place(settings) / SECRETS_FILE).read_bytes()
    await running.stop(by, forget=True)

    assert again == kept
    assert not running.place(settings).exists()
    assert first.port > 0
    actions = await AuditEntry.select(AuditEntry.action).output(as_list=True)
    assert actions.count("rehearsal.started") == actions.count("rehearsal.stopped") == 2


def test_a_rehearsal_is_told_nothing_of_the_real_one_but_where_to_listen(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DATABASE_URL", "SESSION_SECRET", "REDIS_URL", "COPY_TO", "CERTIFICATE_ORIGIN"):
        monkeypatch.setenv(f"JIANGXIN_{name}", "postgresql://live")

    told = running.environment_of(settings, running.Running("http://127.0.0.1:8020", 8020, 0))

    ours = {key: value for key, value in told.items() if key.startswith("JIANGXIN_")}
    assert "postgresql://live" not in ours.values()
    assert ours["JIANGXIN_DATA"] == str(running.place(settings).resolve())
    assert ours["JIANGXIN_REHEARSAL"] == "1"
    assert str(settings.sqlite_path) not in ours.values()


async def test_only_an_administrator_of_the_installation_rehearses(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest(until="draft")
    organiser = small.accounts["organiser"]
    token = await log_in_browser(client, organiser)

    for verb in ("start", "fill", "enter", "stop"):
        answer = await client.post(
            f"/console/rehearsal/{verb}", data={"csrf_token": token}, headers=HTML
        )
        assert answer.status_code == 403
    with pytest.raises(Forbidden):
        await running.start(await actor_of(organiser))


async def test_the_page_says_what_can_be_done(client: httpx.AsyncClient) -> None:
    token = await log_in_browser(client, await make_account(Role.ADMINISTRATOR))

    page = await client.get("/console/rehearsal?lang=en", headers=HTML)
    enter_ = await client.post("/console/rehearsal/enter", data={"csrf_token": token}, headers=HTML)

    assert "Start a rehearsal" in page.text
    assert BANNER not in page.text
    assert enter_.status_code == 409
    assert 'role="alert"' in enter_.text


@pytest.mark.parametrize("path", ["/", "/login", "/c/7K3M9QXT2F4H", "/live", "/nothing-here"])
async def test_every_kind_of_page_carries_the_banner(database: Settings, path: str) -> None:
    rehearsal = replace(database, rehearsal=True)
    use(rehearsal)
    await make_account(Role.ADMINISTRATOR)
    transport = httpx.ASGITransport(app=create_app(rehearsal))
    async with httpx.AsyncClient(transport=transport, base_url=rehearsal.origin) as client:
        page = await client.get(path, headers=HTML)

    assert page.text.count(BANNER) == 1
    assert int(page.headers["content-length"]) == len(page.content)


async def test_what_is_no_page_is_left_as_it_is() -> None:
    @get("/page", media_type="text/html")
    async def page() -> Response[str]:
        return Response("<html><body class='x'>\\g<0> text</body></html>", media_type="text/html")

    @get("/data")
    async def data() -> dict[str, str]:
        return {"text": "<body>"}

    app = Litestar([page, data])
    app.asgi_handler = with_banner(app.asgi_handler)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://x") as c:
        found, untouched = await asyncio.gather(c.get("/page"), c.get("/data"))

    assert found.content.startswith(b"<html><body class='x'>" + banner_in("zh-Hans")[:20])
    assert found.content.endswith(b"\\g<0> text</body></html>")
    assert untouched.json() == {"text": "<body>"}


def test_the_store_lies_within_the_folder_but_never_is_it(settings: Settings) -> None:
    assert running.place(settings).parent == settings.data
    assert Path(running.place(settings)).name == running.FOLDER
