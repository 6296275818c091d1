"""Passkeys: one's own device in the place of a password, or as the second step after it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import httpx
import pytest
import pytest_asyncio

from core.accounts import disable_account, set_password
from core.app import create_app
from core.db import transaction
from core.security import SYSTEM, actor_of
from core.sessions import end_sessions_row
from core.settings import Settings, use
from core.signing_in import passkeys, steps
from core.tables import LogInStep, Passkey, Session
from tests.factories_accounts import PASSWORD, make_account
from tests.web.software_passkey import SoftwarePasskey, b64, unb64

HOST = "contest.example"
ORIGIN = f"https://{HOST}"


@pytest_asyncio.fixture
async def https(database: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """The installation under a name: browsers make no passkeys for a bare number."""
    secure = replace(database, origin=ORIGIN)
    use(secure)
    transport = httpx.ASGITransport(app=create_app(secure), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
        yield client


async def with_passkey(login: str = "zhang", **more: Any) -> tuple[UUID, SoftwarePasskey]:
    account = await make_account(login=login, password=PASSWORD)
    return account, await new_passkey(account, **more)


async def new_passkey(account: UUID, **more: Any) -> SoftwarePasskey:
    device = SoftwarePasskey(**{"origin": ORIGIN, "host": HOST, **more})
    answer = device.create(await passkeys.options_for_new(account))
    await passkeys.add(await actor_of(account), account, answer, name="my key")
    return device


async def by_passkey(
    client: httpx.AsyncClient, device: SoftwarePasskey, **more: Any
) -> httpx.Response:
    options = (await client.post("/login/passkey/options")).json()
    answer = {**device.get(options), **more}
    return await client.post("/login/passkey", json={"credential": answer, "target": "/console"})


@pytest.mark.engine
async def test_a_passkey_logs_in_without_a_password(https: httpx.AsyncClient) -> None:
    _, device = await with_passkey()

    answer = await by_passkey(https, device)
    me = await https.get("/api/v1/me")

    assert answer.json() == {"to": "/console"}
    assert me.json()["label"] == "zhang"
    row = await Passkey.select().first()
    assert row is not None
    assert (row["sign_count"], row["name"]) == (1, "my key")
    assert row["last_used_at"] is not None


async def test_the_log_in_page_offers_passkeys_only_where_browsers_make_them(
    https: httpx.AsyncClient, database: Settings
) -> None:
    named = (await https.get("/login")).text
    use(replace(database, origin="http://127.0.0.1:8000"))
    bare = (await https.get("/login")).text
    use(replace(database, origin="http://localhost:8000"))
    local = (await https.get("/login")).text

    assert ["data-passkey" in page for page in (named, bare, local)] == [True, False, True]


async def test_with_a_passkey_the_password_alone_opens_nothing(https: httpx.AsyncClient) -> None:
    _, device = await with_passkey(verified=False)

    first = await https.post("/login", data={"login": "zhang", "password": PASSWORD})
    inside = await https.get("/api/v1/me")
    options = (await https.post("/login/second/passkey/options")).json()
    second = await https.post("/login/second/passkey", json={"credential": device.get(options)})

    assert first.headers["location"] == "/login/second"
    assert inside.status_code == 401
    assert [one["id"] for one in options["allowCredentials"]] == [b64(device.id)]
    assert second.json() == {"to": "/"}
    assert (await https.get("/api/v1/me")).status_code == 200


async def test_a_device_that_has_not_checked_its_owner_is_not_both_steps(
    https: httpx.AsyncClient,
) -> None:
    _, device = await with_passkey(verified=False)

    answer = await by_passkey(https, device)

    assert answer.status_code == 401
    assert answer.json()["type"] == "/problems/passkey-not-verified"
    assert not await Session.exists()


async def test_a_challenge_is_answered_once(https: httpx.AsyncClient) -> None:
    _, device = await with_passkey()
    options = (await https.post("/login/passkey/options")).json()
    answer = {"credential": device.get(options)}

    first = await https.post("/login/passkey", json=answer)
    https.cookies.clear()
    again = await https.post("/login/passkey", json=answer)

    assert (first.status_code, again.status_code) == (200, 401)


async def test_a_challenge_that_the_server_never_gave_is_refused(
    https: httpx.AsyncClient,
) -> None:
    _, device = await with_passkey()

    answer = await https.post(
        "/login/passkey", json={"credential": device.get({"challenge": b64(b"x" * 64)})}
    )

    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("what", "value"),
    [
        ("origin", "https://contest.example.evil"),
        ("origin", "http://contest.example"),
        ("host", "evil.example"),
        ("count", -1),
    ],
)
async def test_an_answer_made_elsewhere_or_by_a_copy_is_refused(
    https: httpx.AsyncClient, what: str, value: Any
) -> None:
    _, device = await with_passkey(count=5)
    setattr(device, what, value)

    answer = await by_passkey(https, device)

    assert answer.status_code == 401
    assert not await Session.exists()


async def test_another_devices_signature_under_the_same_name_is_refused(
    https: httpx.AsyncClient,
) -> None:
    _, device = await with_passkey()
    forged = SoftwarePasskey(ORIGIN, HOST, id=device.id)

    assert (await by_passkey(https, forged)).status_code == 401


async def test_anothers_passkey_is_no_second_step(https: httpx.AsyncClient) -> None:
    await with_passkey("zhang")
    _, others = await with_passkey("li")
    await https.post("/login", data={"login": "zhang", "password": PASSWORD})
    options = (await https.post("/login/second/passkey/options")).json()

    answer = await https.post("/login/second/passkey", json={"credential": others.get(options)})

    assert answer.status_code == 401
    assert not await Session.exists()


async def test_a_challenge_of_the_second_step_logs_nobody_in_alone(
    https: httpx.AsyncClient,
) -> None:
    _, device = await with_passkey()
    await https.post("/login", data={"login": "zhang", "password": PASSWORD})
    options = (await https.post("/login/second/passkey/options")).json()
    https.cookies.clear()

    answer = await https.post("/login/passkey", json={"credential": device.get(options)})

    assert answer.status_code == 401


async def test_a_challenge_for_one_account_adds_nothing_to_another(database: Settings) -> None:
    use(replace(database, origin=ORIGIN))
    mine, others = await make_account(login="mine"), await make_account(login="others")
    device = SoftwarePasskey(ORIGIN, HOST)
    answer = device.create(await passkeys.options_for_new(mine))

    with pytest.raises(passkeys.PasskeyRefused):
        await passkeys.add(await actor_of(others), others, answer)
    assert not await Passkey.exists()


async def test_a_passkey_of_a_disabled_account_opens_nothing(https: httpx.AsyncClient) -> None:
    account, device = await with_passkey()
    await disable_account(SYSTEM, account)

    assert (await by_passkey(https, device)).status_code == 401


async def test_a_removed_passkey_opens_nothing(https: httpx.AsyncClient) -> None:
    account, device = await with_passkey()
    row = await Passkey.select().first()
    assert row is not None
    await passkeys.remove(await actor_of(account), account, row["id"])

    assert (await by_passkey(https, device)).status_code == 401


@pytest.mark.parametrize(
    "credential",
    [
        None,
        {},
        {"id": 5, "response": {}},
        {"id": "x", "response": {"clientDataJSON": "!"}},
        {"id": "x", "response": {"clientDataJSON": b64(b"[]")}},
        {"id": "x", "response": {"clientDataJSON": b64(b"{}")}},
        {"id": "x", "response": {"clientDataJSON": b64(b"[" * 100_000)}},
        {"id": "x", "rawId": "x", "response": {"clientDataJSON": b64(b'{"challenge": 7}')}},
    ],
)
async def test_an_answer_of_a_wrong_shape_is_refused(
    https: httpx.AsyncClient, credential: Any
) -> None:
    answer = await https.post("/login/passkey", json={"credential": credential})

    assert answer.status_code == 401


async def test_a_right_challenge_with_a_spoilt_answer_is_refused(https: httpx.AsyncClient) -> None:
    _, device = await with_passkey()
    options = (await https.post("/login/passkey/options")).json()
    answer = device.get(options)
    answer["response"]["authenticatorData"] = b64(
        unb64(answer["response"]["authenticatorData"])[:9]
    )

    sent = await https.post("/login/passkey", json={"credential": answer})

    assert sent.status_code == 401


async def test_which_accounts_there_are_is_not_to_be_learned(https: httpx.AsyncClient) -> None:
    await with_passkey()

    options = (await https.post("/login/passkey/options")).json()

    assert not options.get("allowCredentials")
    assert "zhang" not in json.dumps(options)


async def test_a_new_password_leaves_the_passkey(https: httpx.AsyncClient) -> None:
    account, device = await with_passkey()
    await set_password(SYSTEM, account, "another long password 7")
    async with transaction():
        await end_sessions_row(account)

    assert (await by_passkey(https, device)).status_code == 200


async def test_a_challenge_leaves_nothing_behind(https: httpx.AsyncClient) -> None:
    _, device = await with_passkey()
    await by_passkey(https, device)

    assert not await LogInStep.exists().where(LogInStep.purpose == steps.PASSKEY_LOG_IN)
