"""What somebody who manages accounts tries in order to become more than he is: links, resets, roles
and sessions of accounts above his own, before and after they rose."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit
from uuid import UUID

import httpx
import pytest

from core import enclosing
from core.accounts import (
    LastAdministrator,
    create_account,
    disable_account,
    enable_account,
    end_sessions,
    grant,
    login_link,
    revoke_grant,
    set_password,
)
from core.db import transaction
from core.errors import Conflict, Forbidden
from core.reach import OwnAccount
from core.security import INSTALLATION, SYSTEM, Actor, Role, Scope, actor_of
from core.sessions import LinkUsed, session_of, use_link
from core.signing_in.factors import reset_factors
from core.signing_in.logging_in import Entered, with_link
from core.tables import Account, Grant, Session
from tests.factories_accounts import PASSWORD, bearer, log_in_browser, make_account

pytestmark = pytest.mark.usefixtures("database", "nested")
HOUSE, OTHER = Scope("organisation", "o1"), Scope("organisation", "o2")
CUP, ISSUER = Scope("competition", "p1"), Scope("issuer", "skills")
FORBIDDEN = (Forbidden, OwnAccount)


@pytest.fixture
def nested() -> Iterator[None]:
    """Competition p1 and the issuer `skills` belong to organisation o1."""

    async def around(scope: str) -> Sequence[Scope]:
        return [HOUSE] if scope in {"p1", "skills"} else []

    before = dict(enclosing._around)
    enclosing.register("competition", around)
    enclosing.register("issuer", around)
    yield
    enclosing._around.clear()
    enclosing._around.update(before)


async def organiser(scope: Scope = HOUSE) -> Actor:
    return await actor_of(await make_account((Role.ORGANISER, scope)))


ABOVE = [
    [(Role.ADMINISTRATOR, INSTALLATION)],
    [(Role.JUDGE, CUP), (Role.ADMINISTRATOR, INSTALLATION)],
    [(Role.JUDGE, CUP), (Role.JUDGE, OTHER)],
    [(Role.ADMINISTRATOR, HOUSE)],
    [(Role.CLERK, INSTALLATION)],
    [],
]


@pytest.mark.parametrize("held", ABOVE)
async def test_an_account_above_or_outside_is_not_touched(
    held: list[tuple[Role, Scope]],
) -> None:
    by, above = await organiser(), await make_account(*held)

    with pytest.raises(Forbidden):
        await login_link(above, by=by)
    for verb in (disable_account, enable_account, end_sessions, reset_factors):
        with pytest.raises(Forbidden):
            await verb(by, above)
    with pytest.raises(Forbidden):
        await set_password(by, above, "a quite new password")


async def test_an_account_whose_every_role_is_below_is_within_reach() -> None:
    by, judge = await organiser(), await make_account((Role.JUDGE, CUP), (Role.CLERK, HOUSE))

    assert "/in/" in await login_link(judge, by=by)
    await end_sessions(by, judge)
    await reset_factors(by, judge)
    await disable_account(by, judge)


async def test_a_role_of_a_newer_version_counts_as_above() -> None:
    by, judge = await organiser(), await make_account((Role.JUDGE, CUP))
    await Grant.update({Grant.role: "grand_master"}).where(Grant.account == judge)

    with pytest.raises(Forbidden):
        await login_link(judge, by=by)


async def test_what_an_organiser_has_made_is_within_his_reach_until_it_rises() -> None:
    by = await organiser()
    made = await create_account(by, login="new")
    await login_link(made, by=by)

    await grant(SYSTEM, made, Role.SUPERVISOR, OTHER)

    with pytest.raises(Forbidden):
        await login_link(made, by=by)


@pytest.mark.engine
async def test_a_link_made_below_does_not_let_its_maker_in_above() -> None:
    by, judge = await organiser(), await make_account((Role.JUDGE, CUP))
    token = (await login_link(judge, by=by)).rsplit("/", 1)[1]

    await grant(SYSTEM, judge, Role.ADMINISTRATOR)

    with pytest.raises(LinkUsed):
        await use_link(token)
    assert not await Session.exists()


async def test_a_link_dies_with_its_makers_role_and_account() -> None:
    maker = await make_account((Role.ORGANISER, HOUSE))
    judge = await make_account((Role.JUDGE, CUP))
    tokens = [
        (await login_link(judge, by=await actor_of(maker))).rsplit("/", 1)[1] for _ in range(2)
    ]

    await revoke_grant(SYSTEM, maker, Role.ORGANISER, HOUSE)
    with pytest.raises(LinkUsed):
        await use_link(tokens[0])
    await disable_account(SYSTEM, maker)
    with pytest.raises(LinkUsed):
        await use_link(tokens[1])


@pytest.mark.engine
async def test_a_session_let_in_from_below_ends_when_the_account_rises() -> None:
    by, judge = await organiser(), await make_account((Role.JUDGE, CUP))
    token = (await login_link(judge, by=by)).rsplit("/", 1)[1]
    entered = await with_link(token)
    assert isinstance(entered, Entered)

    await grant(by, judge, Role.CLERK, HOUSE)
    assert await session_of(entered.token) is not None
    await grant(SYSTEM, judge, Role.SUPERVISOR, OTHER)

    assert await session_of(entered.token) is None


async def test_a_session_of_the_owners_own_password_stays_when_he_rises() -> None:
    judge = await make_account((Role.JUDGE, CUP), password=PASSWORD)
    headers = await bearer(judge)

    await grant(SYSTEM, judge, Role.SUPERVISOR, OTHER)

    assert await session_of(headers["Authorization"].removeprefix("Bearer ")) is not None


@pytest.mark.parametrize(
    ("giver", "role", "scope"),
    [
        ((Role.ORGANISER, HOUSE), Role.ADMINISTRATOR, HOUSE),
        ((Role.ORGANISER, INSTALLATION), Role.ADMINISTRATOR, INSTALLATION),
        ((Role.ORGANISER, INSTALLATION), Role.ORGANISER, ISSUER),
        ((Role.ORGANISER, CUP), Role.ORGANISER, HOUSE),
        ((Role.ORGANISER, OTHER), Role.ORGANISER, ISSUER),
        ((Role.SUPERVISOR, INSTALLATION), Role.CLERK, CUP),
    ],
)
async def test_nobody_gives_or_takes_what_he_could_not_have(
    giver: tuple[Role, Scope], role: Role, scope: Scope
) -> None:
    by, puppet = await actor_of(await make_account(giver)), await make_account((role, scope))

    with pytest.raises(Forbidden):
        await grant(by, await make_account(), role, scope)
    with pytest.raises(Forbidden):
        await revoke_grant(by, puppet, role, scope)


async def test_an_organiser_gives_himself_nothing() -> None:
    by = await organiser()
    assert by.account is not None

    for role in (Role.SUPERVISOR, Role.CHIEF_REFEREE, Role.ARBITRATION):
        with pytest.raises(OwnAccount):
            await grant(by, by.account, role, CUP)


async def test_ones_own_account_is_not_managed_like_anothers() -> None:
    """A stolen session would else take the second step away or make a link for later."""
    administrator = await make_account(Role.ADMINISTRATOR)
    for by in (await actor_of(administrator), await organiser()):
        assert by.account is not None
        with pytest.raises(FORBIDDEN):
            await login_link(by.account, by=by)
        for verb in (reset_factors, disable_account, end_sessions):
            with pytest.raises(FORBIDDEN):
                await verb(by, by.account)


async def test_two_administrators_who_shut_each_other_leave_one() -> None:
    one = await actor_of(await make_account(Role.ADMINISTRATOR))
    two = await actor_of(await make_account(Role.ADMINISTRATOR))
    assert one.account is not None
    assert two.account is not None

    await disable_account(one, two.account)
    with pytest.raises((LastAdministrator, Conflict, Forbidden)):
        await disable_account(two, one.account)
    with pytest.raises(LastAdministrator):
        await revoke_grant(one, one.account, Role.ADMINISTRATOR, INSTALLATION)
    assert await Account.count().where(Account.disabled_at.is_null()) == 1


@pytest.mark.parametrize(
    "path", ["link", "shut", "open", "log-out", "reset", "roles", "roles/back"]
)
async def test_the_pages_buttons_refuse_what_the_actions_refuse(
    client: httpx.AsyncClient, path: str
) -> None:
    above = await make_account(Role.ADMINISTRATOR, (Role.JUDGE, CUP))
    by = await organiser()
    assert by.account is not None
    csrf = await log_in_browser(client, by.account)
    before = await _state()

    answer = await client.post(
        f"/console/accounts/{above}/{path}",
        data={"csrf_token": csrf, "role": "administrator", "place": "installation|"},
        headers={"Accept": "text/html", "Accept-Language": "en"},
    )

    assert answer.status_code in {403, 404}
    assert "/in/" not in answer.text
    assert await _state() == before


async def test_a_link_for_an_unknown_or_expired_maker_is_nothing(
    client: httpx.AsyncClient,
) -> None:
    judge = await make_account((Role.JUDGE, CUP))
    by = await organiser()
    path = urlsplit(await login_link(judge, by=by)).path
    async with transaction():
        await Account.delete().where(Account.id == by.account)

    answer = await client.post(path)

    assert answer.status_code == 409


async def _state() -> list[tuple[UUID, bool]]:
    grants = await Grant.select(Grant.account, Grant.revoked_at).order_by(Grant.id)
    accounts = await Account.select(Account.id, Account.disabled_at).order_by(Account.id)
    return [
        *((g["account"], g["revoked_at"] is None) for g in grants),
        *((a["id"], a["disabled_at"] is None) for a in accounts),
    ]
