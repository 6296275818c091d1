"""The raw tables are off, and where they are on they are for administrators, to look at only."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest
import pytest_asyncio

from admin.raw import mounting
from core import registry
from core.app import create_app
from core.registry import use_registry
from core.security import Role
from core.settings import Settings, use
from core.tables import AuditEntry
from tests.factories_accounts import log_in_browser, make_account
from tests.factories_contests import small_contest

OFFICIAL = (
    "log_entry", "sheet_row", "result_row", "certificate", "grant", "audit_entry", "contest",
)  # fmt: skip
HTML = {"Accept": "text/html"}


@pytest_asyncio.fixture
async def raw(database: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody's browser at a server on which the setting is on."""
    pytest.importorskip("piccolo_admin", reason=mounting.INSTALL)
    settings = replace(database, raw_tables=True)
    use(settings)
    use_registry(None)
    transport = httpx.ASGITransport(app=create_app(settings), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=settings.origin) as client:
        yield client


async def test_they_are_off_unless_the_setting_says_otherwise(client: httpx.AsyncClient) -> None:
    await log_in_browser(client, await make_account(Role.ADMINISTRATOR))

    assert (await client.get("/raw/", headers=HTML)).status_code == 404


async def test_an_administrator_looks_at_every_official_table(raw: httpx.AsyncClient) -> None:
    small = await small_contest()
    await small.judge_everything()
    await log_in_browser(raw, await make_account(Role.ADMINISTRATOR))

    page = await raw.get("/raw/")
    tables = (await raw.get("/raw/api/tables/")).json()
    log = await raw.get("/raw/api/tables/log_entry/")

    assert page.status_code == 200
    assert set(OFFICIAL) <= set(tables)
    assert len(log.json()["rows"]) > 0
    assert not {"session", "login_link", "account", "signing_key", "person"} & set(tables)


async def test_nothing_can_be_changed_by_anybody(raw: httpx.AsyncClient) -> None:
    small = await small_contest()
    token = await log_in_browser(raw, await make_account(Role.ADMINISTRATOR))
    headers = {"x-csrf-token": token}
    before = await AuditEntry.count()
    rows = (await raw.get("/raw/api/tables/audit_entry/")).json()["rows"]
    one = rows[0]["id"]

    wrong = {}
    for table in OFFICIAL:
        address = f"/raw/api/tables/{table}/"
        for method, rest in (
            ("POST", ""), ("PUT", f"{one}/"), ("PATCH", f"{one}/"), ("DELETE", f"{one}/"), ("DELETE", "?__ids=" + one),
        ):  # fmt: skip
            answer = await raw.request(method, address + rest, headers=headers, json={})
            if answer.status_code != 403:
                wrong[f"{method} {table}"] = answer.status_code

    assert wrong == {}
    assert await AuditEntry.count() == before
    assert await small.state() == "judging"


async def test_who_is_no_administrator_of_the_installation_sees_nothing(
    raw: httpx.AsyncClient,
) -> None:
    small = await small_contest(until="draft")
    anonymous = await raw.get("/raw/api/tables/contest/")
    await log_in_browser(raw, small.accounts["organiser"])

    assert anonymous.status_code in {303, 401}
    for path in ("/raw/", "/raw/api/tables/", "/raw/api/tables/contest/", "/raw/public/meta/"):
        assert (await raw.get(path)).status_code == 403


async def test_it_is_built_once(raw: httpx.AsyncClient) -> None:
    assert mounting._application() is mounting._application()


async def test_without_the_package_it_says_what_installs_it(
    database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mounting, "installed", lambda: False)
    settings = replace(database, raw_tables=True)
    use(settings)
    use_registry(registry.load_registry(settings, registry._installed()))
    transport = httpx.ASGITransport(app=create_app(settings), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=settings.origin) as client:
        await log_in_browser(client, await make_account(Role.ADMINISTRATOR))
        page = await client.get("/raw", headers=HTML)

    assert page.status_code == 503
    assert "jiangxin[admin]" in page.text
