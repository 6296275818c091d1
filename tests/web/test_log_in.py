"""Logging in: passwords, cookies, forged forms, one-time links that previews don't use up."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import httpx
import pytest
import pytest_asyncio

from core import passwords
from core.accounts import disable_account, login_link
from core.app import create_app
from core.security import SYSTEM, Role
from core.sessions import local
from core.settings import Settings, use
from core.tables import AuditEntry, LoginLink, Session
from tests.factories_accounts import PASSWORD, bearer, log_in_browser, make_account

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


async def log_in(
    client: httpx.AsyncClient, password: str = PASSWORD, **more: str
) -> httpx.Response:
    fields = {"login": "zhang", "password": password, **more}
    return await client.post("/login", data=fields, headers={"Accept": "text/html"})


@pytest_asyncio.fixture
async def https(database: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """The same installation as its visitors see it behind https."""
    secure = replace(database, origin="https://contest.example")
    use(secure)
    transport = httpx.ASGITransport(app=create_app(secure))
    async with httpx.AsyncClient(transport=transport, base_url=secure.origin) as client:
        yield client


async def test_the_right_password_gives_a_cookie_and_leads_on(client: httpx.AsyncClient) -> None:
    await make_account(login="zhang", password=PASSWORD)

    answer = await log_in(client, target="/console?tab=2")

    assert (answer.status_code, answer.headers["location"]) == (303, "/console?tab=2")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("jiangxin=")
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
    assert "Secure" not in cookie
    assert (await client.get("/api/v1/me")).json()["label"] == "zhang"


async def test_behind_https_the_cookie_is_bound_to_the_host(https: httpx.AsyncClient) -> None:
    await make_account(login="zhang", password=PASSWORD)

    answer = await log_in(https)

    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-jiangxin=")
    assert {"Secure", "HttpOnly", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    assert answer.headers["strict-transport-security"].startswith("max-age=")


@pytest.mark.parametrize("login", ["zhang", "nobody"])
async def test_a_wrong_password_and_an_unknown_login_look_the_same(
    client: httpx.AsyncClient, login: str
) -> None:
    await make_account(login="zhang", password=PASSWORD)

    answer = await client.post(
        "/login", data={"login": login, "password": "wrong"}, headers={"Accept-Language": "en"}
    )

    assert answer.status_code == 401
    assert "Login or password is wrong." in answer.text
    assert "set-cookie" not in answer.headers


async def test_an_account_without_a_password_takes_none(client: httpx.AsyncClient) -> None:
    await make_account(login="zhang")

    assert (await log_in(client, password="")).status_code == 401


async def test_a_disabled_account_does_not_log_in(client: httpx.AsyncClient) -> None:
    account = await make_account(login="zhang", password=PASSWORD)
    await disable_account(SYSTEM, account)

    assert (await log_in(client)).status_code == 401


async def test_a_login_is_the_same_in_capitals(client: httpx.AsyncClient) -> None:
    await make_account(login="zhang", password=PASSWORD)

    answer = await client.post("/login", data={"login": " ZHANG ", "password": PASSWORD})

    assert answer.status_code == 303


async def test_passwords_are_stored_as_argon2_hashes(database: Settings) -> None:
    stored = await passwords.hashed(PASSWORD)

    assert stored.startswith("$argon2id$")
    assert await passwords.fits(PASSWORD, stored)
    assert not await passwords.fits("another", stored)
    assert not await passwords.fits(PASSWORD, None)


@pytest.mark.engine
async def test_after_ten_wrong_passwords_even_the_right_one_waits(
    client: httpx.AsyncClient,
) -> None:
    account = await make_account(login="zhang", password=PASSWORD)
    for _ in range(passwords.FAILURES):
        await passwords.note(account, right=False)

    paused = await client.post("/api/v1/sessions", json={"login": "zhang", "password": PASSWORD})
    await _age_failures(passwords.PAUSE + timedelta(seconds=1))
    later = await client.post("/api/v1/sessions", json={"login": "zhang", "password": PASSWORD})

    assert paused.status_code == 429
    assert 0 < int(paused.headers["retry-after"]) <= passwords.PAUSE.total_seconds()
    assert later.status_code == 201


async def test_a_login_that_does_not_exist_is_paused_just_the_same(
    client: httpx.AsyncClient,
) -> None:
    for _ in range(passwords.FAILURES):
        await passwords.note(passwords.nobody("nobody"), right=False)

    answer = await client.post("/api/v1/sessions", json={"login": "Nobody", "password": "x"})

    assert answer.status_code == 429


async def _age_failures(by: timedelta) -> None:
    await AuditEntry.update({AuditEntry.at: datetime.now(UTC) - by}).where(
        AuditEntry.action == passwords.WRONG
    )


async def test_a_right_password_starts_the_count_again(client: httpx.AsyncClient) -> None:
    account = await make_account(login="zhang", password=PASSWORD)
    for _ in range(passwords.FAILURES - 1):
        await passwords.note(account, right=False)
    await passwords.note(account, right=True)
    await passwords.note(account, right=False)

    assert (await log_in(client)).status_code == 303


async def test_one_address_that_tries_many_logins_is_slowed_down(
    client: httpx.AsyncClient,
) -> None:
    answers: list[httpx.Response] = []
    # A slow machine earns a try back while it hashes, so the eleventh need not be the one.
    while len(answers) < 40 and (not answers or answers[-1].status_code != 429):
        body = {"login": f"somebody-{len(answers)}", "password": "x"}
        answers.append(await client.post("/api/v1/sessions", json=body))

    assert [a.status_code for a in answers[:10]] == [401] * 10
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) >= 1


# --- forged forms ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({}, 403),
        ({"csrf_token": "wrong"}, 403),
        ({"csrf_token": ""}, 403),
    ],
)
async def test_a_form_without_the_sessions_token_changes_nothing(
    client: httpx.AsyncClient, sent: dict[str, str], status: int
) -> None:
    await log_in_browser(client, await make_account())

    answer = await client.post("/logout", data=sent)

    assert answer.status_code == status
    assert answer.json()["type"] == "/problems/csrf"
    assert (await client.get("/api/v1/me")).status_code == 200


async def test_a_form_with_its_token_works_and_so_does_the_header(
    client: httpx.AsyncClient,
) -> None:
    account = await make_account()
    token = await log_in_browser(client, account)
    by_header = await client.delete("/api/v1/sessions", headers={"X-CSRF-Token": token})
    token = await log_in_browser(client, account)
    by_field = await client.post("/logout", data={"csrf_token": token})

    assert (by_header.status_code, by_field.status_code) == (204, 303)


async def test_the_token_of_another_session_is_refused(client: httpx.AsyncClient) -> None:
    others = await log_in_browser(client, await make_account())
    await log_in_browser(client, await make_account())

    answer = await client.post("/logout", data={"csrf_token": others})

    assert answer.status_code == 403


async def test_an_uploaded_form_carries_its_token_and_its_file_arrives_whole(
    client: httpx.AsyncClient,
) -> None:
    token = await log_in_browser(client, await make_account())

    answer = await client.post(
        "/logout", data={"csrf_token": token}, files={"file": ("a.bin", b"x" * 300_000)}
    )

    assert answer.status_code == 303


async def test_json_with_the_cookie_needs_the_header(client: httpx.AsyncClient) -> None:
    token = await log_in_browser(client, await make_account(Role.ADMINISTRATOR))

    without = await client.post("/api/v1/accounts", json={"login": "new", "csrf_token": token})
    with_it = await client.post(
        "/api/v1/accounts", json={"login": "new"}, headers={"X-CSRF-Token": token}
    )

    assert (without.status_code, with_it.status_code) == (403, 201)


async def test_a_bearer_token_needs_no_csrf_token(client: httpx.AsyncClient) -> None:
    headers = await bearer(await make_account(Role.ADMINISTRATOR))

    answer = await client.post("/api/v1/accounts", json={"login": "new"}, headers=headers)

    assert answer.status_code == 201


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://127.0.0.1:8000"}, 303),
        ({"Sec-Fetch-Site": "none"}, 303),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1:8000"}, 303),
        ({}, 303),
    ],
)
async def test_a_log_in_form_sent_from_another_site_is_refused(
    client: httpx.AsyncClient, headers: dict[str, str], status: int
) -> None:
    await make_account(login="zhang", password=PASSWORD)

    answer = await client.post(
        "/login",
        data={"login": "zhang", "password": PASSWORD},
        headers=headers,
    )

    assert answer.status_code == status
    assert await Session.exists() == (status == 303)


# --- one-time links ----------------------------------------------------------------------------


async def link_path(client: httpx.AsyncClient, **more: object) -> str:
    account = await make_account(login="judge-4")
    return urlsplit(await login_link(account, **more)).path  # type: ignore[arg-type]


@pytest.mark.engine
async def test_looking_at_a_link_uses_nothing_up_and_its_button_does(
    client: httpx.AsyncClient,
) -> None:
    path = await link_path(client, target="/judging/")

    looks = [await client.get(path) for _ in range(3)]
    head = await client.head(path)
    options = await client.options(path)
    used = await client.post(path)
    client.cookies.clear()
    again = await client.post(path)
    looked_again = await client.get(path)

    assert [look.status_code for look in looks] == [200, 200, 200]
    assert "judge-4" in looks[0].text
    assert head.status_code == 200
    assert options.status_code < 500
    assert (used.status_code, used.headers["location"]) == (303, "/judging/")
    assert (again.status_code, looked_again.status_code) == (409, 409)


async def test_looking_gives_no_session(client: httpx.AsyncClient) -> None:
    path = await link_path(client)

    await client.get(path)
    await client.head(path)

    assert not client.cookies
    assert not await Session.exists()


async def test_a_link_that_two_press_at_once_logs_one_in(client: httpx.AsyncClient) -> None:
    import asyncio

    path = await link_path(client)

    answers = await asyncio.gather(*(client.post(path) for _ in range(5)))

    assert sorted(a.status_code for a in answers) == [303, 409, 409, 409, 409]


async def test_an_expired_link_says_so(client: httpx.AsyncClient) -> None:
    path = await link_path(client)
    past = datetime.now(UTC) - timedelta(minutes=1)
    await LoginLink.update({LoginLink.expires_at: past}, force=True)

    looked, pressed = await client.get(path), await client.post(path)

    assert (looked.status_code, pressed.status_code) == (409, 409)
    assert not await Session.exists()


async def test_the_links_token_is_not_in_the_database(client: httpx.AsyncClient) -> None:
    path = await link_path(client)

    row = await LoginLink.select().first()

    assert row is not None
    assert path.removeprefix("/in/") not in str(row)
    assert re.fullmatch(r"[0-9a-f]{64}", row["token_hash"])


@pytest.mark.parametrize(
    ("target", "safe"),
    [
        ("/console?x=1", "/console?x=1"),
        ("https://evil.example/", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
        ("/a\nSet-Cookie: x=y", "/"),
    ],
)
def test_where_a_log_in_leads_stays_on_this_host(target: str, safe: str) -> None:
    assert local(target) == safe


async def test_a_page_that_needs_a_log_in_asks_for_it_in_the_language_of_the_address(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.get("/console?lang=pt", headers={"accept": "text/html"})
    form = await client.get(answer.headers["location"], headers={"accept": "text/html"})

    assert answer.status_code == 303
    assert '<html lang="pt"' in form.text
