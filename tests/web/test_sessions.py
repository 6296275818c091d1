"""Sessions: the token carries an id, the row decides."""

from __future__ import annotations

import base64
import json
import warnings
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import httpx
import jwt
import pytest

from core.accounts import create_session, disable_account, grant, revoke_grant
from core.security import INSTALLATION, SYSTEM, Role
from core.sessions import end_session, session_of
from core.settings import Settings
from core.tables import Session
from tests.factories_accounts import bearer, make_account

pytestmark = pytest.mark.engine


def claims_of(token: str) -> dict[str, object]:
    return jwt.decode(token, options={"verify_signature": False})


def secret(settings: Settings) -> bytes:
    assert settings.secrets is not None
    return settings.secrets.session


async def sid_of(token: str) -> UUID:
    return UUID(str(claims_of(token)["sid"]))


async def test_a_session_says_who_it_is_with_the_present_grants(database: Settings) -> None:
    account = await make_account(Role.ORGANISER)
    token = await create_session(account)

    found = await session_of(token)

    assert found is not None
    assert found[1].account == account
    assert found[1].roles_in(INSTALLATION) == {Role.ORGANISER}


async def test_the_token_holds_the_sessions_id_and_end_and_nothing_else(database: Settings) -> None:
    token = await create_session(await make_account())

    assert set(claims_of(token)) == {"sid", "exp"}


async def test_a_grant_given_or_taken_counts_from_the_next_request(database: Settings) -> None:
    account = await make_account()
    token = await create_session(account)

    await grant(SYSTEM, account, Role.JUDGE)
    given = await session_of(token)
    await revoke_grant(SYSTEM, account, Role.JUDGE, INSTALLATION)
    taken = await session_of(token)

    assert given is not None
    assert given[1].roles_in(INSTALLATION) == {Role.JUDGE}
    assert taken is not None
    assert taken[1].grants == ()


async def test_an_ended_session_is_nobody(database: Settings) -> None:
    token = await create_session(await make_account())
    await end_session(await sid_of(token))

    assert await session_of(token) is None


async def test_a_session_whose_row_has_expired_is_nobody(database: Settings) -> None:
    token = await create_session(await make_account())
    past = datetime.now(UTC) - timedelta(seconds=1)
    await Session.update({Session.expires_at: past}).where(Session.id == await sid_of(token))

    assert await session_of(token) is None


async def test_a_disabled_accounts_sessions_are_nobody(database: Settings) -> None:
    account = await make_account()
    token = await create_session(account)

    await disable_account(SYSTEM, account)

    assert await session_of(token) is None


async def test_a_well_signed_token_without_a_row_is_nobody(database: Settings) -> None:
    later = datetime.now(UTC) + timedelta(hours=1)
    token = jwt.encode({"sid": str(uuid4()), "exp": later}, secret(database), algorithm="HS256")

    assert await session_of(token) is None


async def forgeries(settings: Settings, sid: str) -> dict[str, str]:
    later = int((datetime.now(UTC) + timedelta(hours=1)).timestamp())
    claims = {"sid": sid, "exp": later}
    own = secret(settings)

    def part(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    right = jwt.encode(claims, own, algorithm="HS256")
    return {
        "alg none": f"{part({'alg': 'none', 'typ': 'JWT'})}.{part(claims)}.",
        "alg None with signature": f"{part({'alg': 'None'})}.{part(claims)}.{right.split('.')[2]}",
        "another hash": hs512(claims, own),
        "another key": jwt.encode(claims, b"x" * 32, algorithm="HS256"),
        "empty key": jwt.encode(claims, b"x" * 32, algorithm="HS256").rsplit(".", 1)[0] + ".",
        "expired": jwt.encode({**claims, "exp": later - 7200}, own, algorithm="HS256"),
        "no end": jwt.encode({"sid": sid}, own, algorithm="HS256"),
        "no session": jwt.encode({"exp": later}, own, algorithm="HS256"),
        "session not an id": jwt.encode({**claims, "sid": "1"}, own, algorithm="HS256"),
        "session a number": jwt.encode({**claims, "sid": 1}, own, algorithm="HS256"),
        "changed": right[:-4] + ("AAAA" if not right.endswith("AAAA") else "BBBB"),
        "not a token": "hello",
        "eight megabytes": "a" * 8_000_000,
    }


def hs512(claims: dict[str, object], key: bytes) -> str:
    """Signed with the right key, under an algorithm that we never allow."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # PyJWT finds our key short for SHA-512
        return jwt.encode(claims, key, algorithm="HS512")


async def test_no_forged_token_is_anybody(database: Settings) -> None:
    token = await create_session(await make_account())
    forged = await forgeries(database, str(await sid_of(token)))

    accepted = [name for name, value in forged.items() if await session_of(value) is not None]

    assert accepted == []


async def test_a_wrong_bearer_token_is_told_so_and_the_cookie_does_not_step_in(
    client: httpx.AsyncClient,
) -> None:
    account = await make_account()
    client.cookies.set("jiangxin", await create_session(account))

    answer = await client.get("/api/v1/me", headers={"Authorization": "Bearer wrong"})

    assert answer.status_code == 401
    assert answer.json()["type"] == "/problems/token-invalid"
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_logging_out_over_the_api_ends_the_session_for_everybody(
    client: httpx.AsyncClient,
) -> None:
    headers = await bearer(await make_account())

    before = await client.get("/api/v1/me", headers=headers)
    ended = await client.delete("/api/v1/sessions", headers=headers)
    after = await client.get("/api/v1/me", headers=headers)

    assert (before.status_code, ended.status_code, after.status_code) == (200, 204, 401)
