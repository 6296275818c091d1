"""The room of accounts, and one's own account, as their users meet them."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urlsplit
from uuid import UUID

import httpx
import pyotp
import pytest

from core.security import SYSTEM, Role
from core.sessions import create_session
from core.settings import Settings, use
from core.signing_in import code_app, recovery
from core.signing_in.factors import factors_of
from core.tables import Account, CodeApp, Grant, Passkey, Session
from tests.factories_accounts import PASSWORD, log_in_browser, make_account
from tests.factories_contests import small_contest
from tests.web.software_passkey import SoftwarePasskey

HTML = {"Accept": "text/html", "Accept-Language": "en"}
ROOM = "/console/accounts"
ME = "/console/me"


class Reader:
    """Somebody at the console: posts forms with the token that the pages carry."""

    def __init__(self, client: httpx.AsyncClient, csrf: str) -> None:
        self.client, self.csrf = client, csrf

    async def get(self, path: str) -> httpx.Response:
        return await self.client.get(path, headers=HTML)

    async def post(self, path: str, **fields: str) -> httpx.Response:
        return await self.client.post(path, data={"csrf_token": self.csrf, **fields}, headers=HTML)

    async def send(self, path: str, body: object) -> httpx.Response:
        headers = {"X-CSRF-Token": self.csrf, "Accept-Language": "en"}
        return await self.client.post(path, json=body, headers=headers)


async def reader(client: httpx.AsyncClient, account: UUID) -> Reader:
    client.cookies.clear()
    return Reader(client, await log_in_browser(client, account))


async def administrator(client: httpx.AsyncClient) -> Reader:
    account = await make_account(Role.ADMINISTRATOR, login="root", password=PASSWORD)
    return await reader(client, account)


async def account_of(login: str) -> UUID:
    row = await Account.select(Account.id).where(Account.login == login).first()
    assert row is not None
    return UUID(str(row["id"]))


# --- the room of accounts ----------------------------------------------------------------------


@pytest.mark.engine
async def test_a_colleague_gets_an_account_a_role_and_a_link_and_comes_in(
    client: httpx.AsyncClient,
) -> None:
    root = await administrator(client)

    made = await root.post(ROOM, login="li.na", label="李娜")
    page = made.headers["location"]
    empty = (await root.get(page)).text
    given = await root.post(f"{page}/roles", role="organiser", place="installation|")
    linked = await root.post(f"{page}/link", hours="24")
    found = re.search(r"http://127\.0\.0\.1:8000(/in/[\w-]+)", linked.text)
    assert found is not None
    client.cookies.clear()
    entered = await client.post(found[1], headers=HTML)

    assert (made.status_code, given.status_code, linked.status_code) == (303, 303, 200)
    assert "No role yet" in empty
    assert "<svg" in linked.text
    assert "shown only now" in linked.text
    assert entered.status_code == 303
    assert (await client.get("/api/v1/me")).json()["label"] == "李娜"
    assert found[1] not in (await root.get(page)).text


async def test_a_login_in_use_is_said_at_its_field_and_nothing_typed_is_lost(
    client: httpx.AsyncClient,
) -> None:
    root = await administrator(client)

    answer = await root.post(ROOM, login="ROOT", label="Somebody else")

    assert answer.status_code == 422
    assert 'id="login-wrong"' in answer.text
    assert 'value="Somebody else"' in answer.text


async def test_the_list_says_in_plain_words_who_may_do_what_where(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest()
    root = await administrator(client)

    shown = (await root.get(f"{ROOM}?search=supervisor")).text
    nobody = (await root.get(f"{ROOM}?search=%25zzz")).text

    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", shown))
    assert "supervisor: contest " in words, words
    assert str(small.contest) not in shown
    assert "Nobody here yet." in nobody


async def test_a_role_is_taken_back_an_account_shut_and_opened_again(
    client: httpx.AsyncClient,
) -> None:
    clerk = await make_account(Role.CLERK, login="clerk")
    token = await create_session(clerk)
    root = await administrator(client)
    page = f"{ROOM}/{clerk}"

    back = await root.post(f"{page}/roles/back", role="clerk", place="installation|")
    shut = await root.post(f"{page}/shut")
    shown = (await root.get(page)).text
    opened = await root.post(f"{page}/open")

    assert [a.status_code for a in (back, shut, opened)] == [303] * 3
    assert not await Grant.exists().where(Grant.account == clerk, Grant.revoked_at.is_null())
    assert "Open the account again" in shown
    client.cookies.clear()
    client.cookies.set("jiangxin", token)
    assert (await client.get("/api/v1/me")).status_code == 401
    row = await Account.select().where(Account.id == clerk).first()
    assert row is not None
    assert row["disabled_at"] is None


async def test_a_second_step_is_taken_away_for_who_lost_everything(
    client: httpx.AsyncClient,
) -> None:
    clerk = await make_account(Role.CLERK, login="clerk", password=PASSWORD)
    app = pyotp.TOTP((await code_app.begin(clerk)).secret)
    await code_app.confirm(SYSTEM, clerk, app.now())
    root = await administrator(client)

    before = (await root.get(f"{ROOM}/{clerk}")).text
    done = await root.post(f"{ROOM}/{clerk}/reset")
    after = (await root.get(f"{ROOM}/{clerk}")).text

    assert done.status_code == 303
    assert "Take the second step away" in before
    assert "Take the second step away" not in after
    assert not (await factors_of(clerk)).any


async def test_the_last_administrator_stays_one(client: httpx.AsyncClient) -> None:
    root = await administrator(client)
    other = await make_account(Role.ADMINISTRATOR, login="other")

    first = await root.post(f"{ROOM}/{other}/shut")
    own = await root.post(
        f"{ROOM}/{await account_of('root')}/roles/back", role="administrator", place="installation|"
    )

    assert first.status_code == 303
    assert own.status_code == 409
    assert "only administrator" in own.text


async def test_an_organiser_sees_the_people_of_his_own_places(client: httpx.AsyncClient) -> None:
    small, foreign = await small_contest(), await small_contest()
    await make_account(Role.ADMINISTRATOR, login="root")
    organiser = await reader(client, small.accounts["organiser"])

    shown = (await organiser.get(ROOM)).text
    own = await organiser.get(f"{ROOM}/{small.accounts['clerk']}")
    other = await organiser.get(f"{ROOM}/{foreign.accounts['clerk']}")

    assert f"{ROOM}/{small.accounts['clerk']}" in shown
    assert str(foreign.accounts["clerk"]) not in shown
    assert ">root<" not in shown
    assert "the whole installation" not in own.text
    assert (own.status_code, other.status_code) == (200, 404)


async def test_who_manages_no_accounts_finds_no_room(client: httpx.AsyncClient) -> None:
    judge = await reader(client, await make_account(Role.JUDGE))

    answers = [await judge.get(ROOM), await judge.post(ROOM, login="x")]
    page = (await judge.get(ME)).text

    assert [a.status_code for a in answers] == [403, 403]
    assert 'href="/console/accounts"' not in page


async def test_ones_own_page_in_the_room_is_my_account(client: httpx.AsyncClient) -> None:
    root = await administrator(client)

    answer = await root.get(f"{ROOM}/{await account_of('root')}")

    assert (answer.status_code, answer.headers["location"]) == (303, ME)


async def test_a_form_that_was_tampered_with_is_refused_in_words(
    client: httpx.AsyncClient,
) -> None:
    root = await administrator(client)
    clerk = await make_account(Role.CLERK)

    answer = await root.post(f"{ROOM}/{clerk}/roles", role="king", place="country|1")

    assert answer.status_code == 422
    assert "There is no role king" in answer.text


# --- one's own account -------------------------------------------------------------------------


async def test_the_password_changes_and_only_this_browser_stays_in(
    client: httpx.AsyncClient,
) -> None:
    account = await make_account(login="zhang", password=PASSWORD)
    elsewhere = await create_session(account)
    zhang = await reader(client, account)
    new = "seven blue paper boats"

    shown = (await zhang.get(ME)).text
    wrong = await zhang.post(f"{ME}/password", old="no", password=new, repeated=new)
    differs = await zhang.post(f"{ME}/password", old=PASSWORD, password=new, repeated="x")
    right = await zhang.post(f"{ME}/password", old=PASSWORD, password=new, repeated=new)
    here = await client.get("/api/v1/me")
    there = await client.get("/api/v1/me", headers={"Authorization": f"Bearer {elsewhere}"})

    assert [a.status_code for a in (wrong, differs, right)] == [401, 422, 303]
    assert 'id="repeated-wrong"' in differs.text
    assert shown.count('name="old" type="password"') == 2  # for the password and for the code app
    assert (here.status_code, there.status_code) == (200, 401)


@pytest.mark.engine
async def test_a_code_app_is_set_up_by_its_first_code_and_brings_recovery_codes(
    client: httpx.AsyncClient,
) -> None:
    account = await make_account(login="zhang", password=PASSWORD)
    zhang = await reader(client, account)

    refused = await zhang.post(f"{ME}/app", old="wrong")
    begun = await zhang.post(f"{ME}/app", old=PASSWORD)
    shown = (await zhang.get(f"{ME}/app")).text
    found = re.search(r"<code>([A-Z2-7 ]+)</code>", shown)
    assert found is not None
    app = pyotp.TOTP(found[1].replace(" ", ""))
    missed = await zhang.post(f"{ME}/app/confirm", code="12345")
    done = await zhang.post(f"{ME}/app/confirm", code=app.now())
    codes = re.findall(r"<li><code>([a-z0-9]{5}-[a-z0-9]{5})</code>", done.text)

    assert (refused.status_code, begun.status_code, missed.status_code) == (401, 303, 422)
    assert "<svg" in shown
    assert len(codes) == recovery.COUNT
    assert await recovery.use(account, codes[3])
    assert (await factors_of(account)).app
    assert (await zhang.get(f"{ME}/app")).status_code == 303
    assert codes[0] not in (await zhang.get(ME)).text


async def test_without_the_password_a_thief_at_an_open_screen_changes_nothing(
    client: httpx.AsyncClient, database: Settings
) -> None:
    account = await make_account(login="zhang", password=PASSWORD)
    app = pyotp.TOTP((await code_app.begin(account)).secret)
    await code_app.confirm(SYSTEM, account, app.now())
    thief = await reader(client, account)

    answers = [
        await thief.post(f"{ME}/app/remove"),
        await thief.post(f"{ME}/codes"),
        await thief.post(f"{ME}/password", password="a" * 20, repeated="a" * 20),
        await thief.send(f"{ME}/passkeys/options", {"old": ""}),
    ]

    assert {a.status_code for a in answers} == {401}
    assert await CodeApp.exists().where(CodeApp.id == account)


async def test_a_passkey_is_added_by_its_name_and_removed(
    client: httpx.AsyncClient, database: Settings
) -> None:
    use(replace(database, origin="http://localhost:8000"))
    account = await make_account(login="zhang", password=PASSWORD)
    zhang = await reader(client, account)
    device = SoftwarePasskey("http://localhost:8000", "localhost")

    options = (await zhang.send(f"{ME}/passkeys/options", {"old": PASSWORD})).json()
    added = await zhang.send(
        f"{ME}/passkeys", {"name": "blue key", "credential": device.create(options)}
    )
    shown = (await zhang.get(ME)).text
    row = await Passkey.select().first()
    assert row is not None
    removed = await zhang.post(f"{ME}/passkeys/{row['id']}/remove", old=PASSWORD)

    assert added.json() == {"to": ME}
    assert "blue key" in shown
    assert "You have no recovery codes" in shown
    assert removed.status_code == 303
    assert not await Passkey.exists()


async def test_sessions_are_listed_with_their_device_and_each_is_ended(
    client: httpx.AsyncClient,
) -> None:
    account = await make_account(login="zhang", password=PASSWORD)
    await create_session(account, device="Safari · iPad")
    await create_session(account, "api")
    zhang = await reader(client, account)

    shown = (await zhang.get(ME)).text
    pad = await Session.select().where(Session.device == "Safari · iPad").first()
    assert pad is not None
    ended = await zhang.post(f"{ME}/sessions/{pad['id']}/end")
    others = await zhang.post(f"{ME}/sessions/others/end")
    after = (await zhang.get(ME)).text

    assert all(words in shown for words in ("Safari · iPad", "A program", "last seen"))
    assert (ended.status_code, others.status_code) == (303, 303)
    assert "Ended elsewhere: 1." in after
    assert "Safari" not in after
    assert await Session.count().where(Session.revoked_at.is_null()) == 1


async def test_anothers_session_is_not_found(client: httpx.AsyncClient) -> None:
    await create_session(await make_account(login="li"))
    others = await Session.select().first()
    assert others is not None
    zhang = await reader(client, await make_account(login="zhang"))

    answer = await zhang.post(f"{ME}/sessions/{others['id']}/end")

    assert answer.status_code == 404
    assert await Session.count().where(Session.revoked_at.is_null()) == 2


async def test_a_log_in_writes_down_its_device(client: httpx.AsyncClient) -> None:
    await make_account(login="zhang", password=PASSWORD)
    agent = "Mozilla/5.0 (Windows NT 10.0; Win64) AppleWebKit/537 Chrome/150 Safari/537 Edg/150"

    await client.post(
        "/login", data={"login": "zhang", "password": PASSWORD}, headers={"User-Agent": agent}
    )

    row = await Session.select(Session.device).first()
    assert row is not None
    assert row["device"] == "Edge · Windows"


async def test_who_came_by_link_chooses_a_first_password(client: httpx.AsyncClient) -> None:
    root = await administrator(client)
    page = (await root.post(ROOM, login="li.na")).headers["location"]
    linked = await root.post(f"{page}/link", hours="12")
    address = re.search(r"(http\S+/in/[\w-]+)", linked.text)
    assert address is not None
    client.cookies.clear()
    await client.post(urlsplit(address[1]).path)
    mine = (await client.get(ME, headers=HTML)).text
    token = re.search(r'name="csrf_token" value="(\w+)"', mine)
    assert token is not None
    new = "seven blue paper boats"

    done = await Reader(client, token[1]).post(f"{ME}/password", password=new, repeated=new)
    client.cookies.clear()
    entered = await client.post("/login", data={"login": "li.na", "password": new})

    assert "by one-time link" in mine
    assert done.status_code == 303
    assert entered.status_code == 303
