"""The second step of a log-in: a code app, recovery codes, and what a one-time link is worth then."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

import httpx
import pyotp
import pytest

from core import passwords
from core.accounts import login_link
from core.security import SYSTEM, actor_of
from core.signing_in import code_app, factors, pruning, recovery
from core.tables import AuditEntry, CodeApp, LoginLink, LogInStep, Session
from tests.factories_accounts import PASSWORD, make_account

pytestmark = pytest.mark.usefixtures("database")
HTML = {"Accept": "text/html", "Accept-Language": "en"}


async def with_app(login: str = "zhang") -> tuple[UUID, pyotp.TOTP]:
    """An account that has a code app, with the app."""
    account = await make_account(login=login, password=PASSWORD)
    app = pyotp.TOTP((await code_app.begin(account)).secret)
    assert await code_app.confirm(await actor_of(account), account, app.now())
    await CodeApp.update({CodeApp.last_step: 0}).where(CodeApp.id == account)
    return account, app


async def enter(client: httpx.AsyncClient, login: str = "zhang") -> httpx.Response:
    fields = {"login": login, "password": PASSWORD, "target": "/console"}
    return await client.post("/login", data=fields, headers=HTML)


async def type_code(client: httpx.AsyncClient, code: str) -> httpx.Response:
    return await client.post("/login/second", data={"code": code}, headers=HTML)


def wrong(app: pyotp.TOTP) -> str:
    near = {app.at(time.time() + shift) for shift in (-60, -30, 0, 30, 60)}
    return next(code for code in ("000000", "111111", "222222", "333333", "444444", "555555")
                if code not in near)  # fmt: skip


@pytest.mark.engine
async def test_a_password_alone_opens_nothing_and_the_code_does(client: httpx.AsyncClient) -> None:
    _, app = await with_app()

    first = await enter(client)
    before = await client.get("/api/v1/me")
    page = await client.get("/login/second", headers=HTML)
    second = await type_code(client, app.now())
    after = await client.get("/api/v1/me")

    assert (first.status_code, first.headers["location"]) == (303, "/login/second")
    assert before.status_code == 401
    assert "Six digits" in page.text
    assert (second.status_code, second.headers["location"]) == (303, "/console")
    assert after.json()["label"] == "zhang"


async def test_the_secret_is_not_readable_in_the_database() -> None:
    account, app = await with_app()

    row = await CodeApp.select().where(CodeApp.id == account).first()

    assert row is not None
    assert app.byte_secret() not in bytes(row["sealed_secret"])
    assert app.secret not in str(row)


@pytest.mark.engine
async def test_a_code_is_taken_once(client: httpx.AsyncClient) -> None:
    _, app = await with_app()
    code = app.now()

    await enter(client)
    first = await type_code(client, code)
    client.cookies.clear()
    await enter(client)
    again = await type_code(client, code)

    assert (first.status_code, again.status_code) == (303, 401)
    assert "wrong or was used before" in again.text


async def test_two_who_send_one_code_at_once_are_let_in_once(client: httpx.AsyncClient) -> None:
    account, app = await with_app()
    code = app.now()

    taken = await asyncio.gather(*(code_app.fits(account, code) for _ in range(5)))

    assert sorted(taken) == [False, False, False, False, True]


async def test_a_code_of_yesterday_and_one_that_is_not_digits_are_wrong(
    client: httpx.AsyncClient,
) -> None:
    _, app = await with_app()
    await enter(client)

    for code in (app.at(time.time() - 86_400), "", "abc", "１２３４５６", "1" * 300):
        assert (await type_code(client, code)).status_code in {401, 429}
    assert not await Session.exists()


async def test_wrong_codes_pause_the_account_longer_and_longer(client: httpx.AsyncClient) -> None:
    _, app = await with_app()
    await enter(client)
    for _ in range(passwords.FAILURES):
        answer = await type_code(client, wrong(app))

    paused = await type_code(client, app.now())
    by_password = await enter(client)

    assert answer.status_code == 401
    assert paused.status_code == by_password.status_code == 429
    assert "Too many requests" in paused.text
    assert passwords.pause_after(5) < passwords.pause_after(6) < passwords.pause_after(9)
    assert passwords.pause_after(400) == passwords.LONGEST_PAUSE


async def test_the_right_password_does_not_start_the_count_of_wrong_codes_again(
    client: httpx.AsyncClient,
) -> None:
    """Who has the password alone would otherwise guess four codes, log in again, guess four …"""
    account, app = await with_app()
    for _ in range(passwords.FAILURES):
        await passwords.note(account, right=False, wrong=passwords.WRONG_CODE)
        await AuditEntry.update({AuditEntry.at: datetime.now(UTC) - timedelta(minutes=2)}).where(
            AuditEntry.action == passwords.WRONG_CODE
        )

    await enter(client)
    await type_code(client, wrong(app))
    paused = await type_code(client, app.now())

    assert paused.status_code == 429


async def test_a_wrong_code_keeps_the_reader_on_the_page(client: httpx.AsyncClient) -> None:
    _, app = await with_app()
    await enter(client)

    missed = await type_code(client, wrong(app))
    right = await type_code(client, app.now())

    assert missed.status_code == 401
    assert 'role="alert"' in missed.text
    assert right.status_code == 303


@pytest.mark.engine
async def test_a_recovery_code_works_once_however_it_is_typed(client: httpx.AsyncClient) -> None:
    account, _ = await with_app()
    codes = await recovery.make(SYSTEM, account)

    await enter(client)
    first = await type_code(client, codes[0].upper().replace("-", " "))
    client.cookies.clear()
    await enter(client)
    again = await type_code(client, codes[0])
    other = await type_code(client, codes[1])

    assert (first.status_code, again.status_code, other.status_code) == (303, 401, 303)
    assert await recovery.left(account) == recovery.COUNT - 2


async def test_anothers_recovery_code_is_worth_nothing(client: httpx.AsyncClient) -> None:
    await with_app()
    codes = await recovery.make(SYSTEM, (await with_app("li"))[0])

    await enter(client, "zhang")

    assert (await type_code(client, codes[0])).status_code == 401


async def test_new_recovery_codes_end_the_old_ones(client: httpx.AsyncClient) -> None:
    account, _ = await with_app()
    old = await recovery.make(SYSTEM, account)
    await recovery.make(SYSTEM, account)

    assert not await recovery.use(account, old[0])


async def test_the_second_step_belongs_to_the_browser_that_did_the_first(
    client: httpx.AsyncClient,
) -> None:
    _, app = await with_app()
    await enter(client)
    client.cookies.clear()

    answer = await type_code(client, app.now())
    page = await client.get("/login/second", headers=HTML)

    assert answer.status_code == 401
    assert page.headers["location"] == "/login"


async def test_a_first_step_is_forgotten_after_some_minutes(client: httpx.AsyncClient) -> None:
    _, app = await with_app()
    await enter(client)
    past = datetime.now(UTC) - timedelta(seconds=1)
    await LogInStep.update({LogInStep.expires_at: past}, force=True)

    assert (await type_code(client, app.now())).status_code == 401


async def test_an_app_that_was_never_confirmed_is_not_asked_for(client: httpx.AsyncClient) -> None:
    account = await make_account(login="zhang", password=PASSWORD)
    begun = await code_app.begin(account)

    answer = await enter(client)

    assert answer.headers["location"] == "/console"
    assert not await code_app.fits(account, pyotp.TOTP(begun.secret).now())


async def test_a_program_sends_its_code_with_the_password(client: httpx.AsyncClient) -> None:
    _, app = await with_app()
    body = {"login": "zhang", "password": PASSWORD}

    alone = await client.post("/api/v1/sessions", json=body)
    missed = await client.post("/api/v1/sessions", json={**body, "code": wrong(app)})
    right = await client.post("/api/v1/sessions", json={**body, "code": app.now()})

    assert alone.status_code == 401
    assert alone.json()["type"] == "/problems/second-step-needed"
    assert missed.json()["type"] == "/problems/wrong-code"
    assert right.status_code == 201


async def test_the_second_step_is_asked_for_only_behind_the_right_password(
    client: httpx.AsyncClient,
) -> None:
    await with_app()
    await make_account(login="li", password=PASSWORD)
    answers = [
        await client.post("/api/v1/sessions", json={"login": login, "password": "wrong"})
        for login in ("zhang", "li", "nobody")
    ]

    assert {(a.status_code, a.json()["type"]) for a in answers} == {(401, "/problems/wrong-login")}


@pytest.mark.engine
async def test_a_one_time_link_stands_for_the_password_and_not_for_the_second_step(
    client: httpx.AsyncClient,
) -> None:
    account, app = await with_app()
    path = urlsplit(await login_link(account, target="/judging/")).path

    used = await client.post(path, headers=HTML)
    inside = await client.get("/api/v1/me")
    again = await client.post(path)
    second = await type_code(client, app.now())

    assert (used.status_code, used.headers["location"]) == (303, "/login/second")
    assert inside.status_code == 401
    assert again.status_code == 409
    assert (second.status_code, second.headers["location"]) == (303, "/judging/")


async def test_a_reset_takes_everything_away_and_leaves_two_facts(
    client: httpx.AsyncClient,
) -> None:
    account, app = await with_app()
    codes = await recovery.make(SYSTEM, account)
    await enter(client)
    await type_code(client, app.now())

    await factors.reset_factors(SYSTEM, account)
    inside = await client.get("/api/v1/me")
    client.cookies.clear()
    alone = await enter(client)

    assert inside.status_code == 401
    assert alone.headers["location"] == "/console"
    assert not await recovery.use(account, codes[0])
    actions = {row["action"] for row in await AuditEntry.select(AuditEntry.action)}
    assert {"account.second_step_reset", "account.sessions_ended"} <= actions


async def test_no_secret_and_no_code_stands_in_the_audit(client: httpx.AsyncClient) -> None:
    account, app = await with_app()
    codes = await recovery.make(SYSTEM, account)
    await enter(client)
    code = app.now()
    await type_code(client, code)

    written = str(await AuditEntry.select())

    assert app.secret not in written
    assert not any(one in written for one in codes)


# --- what is left behind -----------------------------------------------------------------------


@pytest.mark.engine
async def test_what_nobody_can_use_any_more_is_forgotten(client: httpx.AsyncClient) -> None:
    account, _ = await with_app()
    await enter(client)
    await login_link(account)
    new = await make_account(login="new", password=PASSWORD)
    await enter(client, "new")
    await code_app.begin(new)
    kept = await _counts()
    await pruning.prune()
    assert await _counts() == kept

    old = datetime.now(UTC) - pruning.KEEP - timedelta(days=1)
    await Session.update({Session.expires_at: old}, force=True)
    await LoginLink.update({LoginLink.expires_at: old}, force=True)
    await LogInStep.update({LogInStep.expires_at: old}, force=True)
    await CodeApp.update({CodeApp.created_at: old}, force=True)
    await pruning.prune()

    assert kept == [1, 1, 1, 2]
    assert await _counts() == [0, 0, 0, 1]


async def _counts() -> list[int]:
    return [
        await Session.count(),
        await LoginLink.count(),
        await LogInStep.count(),
        await CodeApp.count(),
    ]
