"""What an organiser tries in order to be the second person himself: links, resets and passwords for the
supervisor or the chief referee of his own contest, before and after they got the duty."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import httpx
import pytest

from core import enclosing
from core.accounts import create_account, grant, login_link, revoke_grant, set_password
from core.db import transaction
from core.errors import NotFound, TwoPersons
from core.reach import SecondPerson
from core.releasing import SecondStepFirst, held_links, release_link
from core.security import INSTALLATION, SYSTEM, Actor, Role, Scope, actor_of
from core.sessions import LinkHeld, LinkUsed, session_of, use_link
from core.signing_in.factors import reset_factors
from core.signing_in.logging_in import Entered, Halfway, with_link
from core.tables import AuditEntry, LoginLink, Passkey, Session
from tests.factories_accounts import PASSWORD, log_in_browser, make_account

pytestmark = pytest.mark.usefixtures("database", "nested")
HOUSE, CUP, ELSEWHERE = (
    Scope("organisation", "o1"),
    Scope("contest", "p1"),
    Scope("contest", "p2"),
)
SECOND = (Role.SUPERVISOR, Role.CHIEF_REFEREE, Role.ENCRYPTION_OFFICER, Role.ARBITRATION)


@pytest.fixture
def nested() -> Iterator[None]:
    """Contest p1 belongs to organisation o1, p2 to another one."""

    async def around(scope: str) -> Sequence[Scope]:
        return [HOUSE] if scope == "p1" else []

    before = dict(enclosing._around)
    enclosing.register("contest", around)
    yield
    enclosing._around.clear()
    enclosing._around.update(before)


async def organiser(*more: tuple[Role, Scope] | Role) -> Actor:
    return await actor_of(await make_account((Role.ORGANISER, HOUSE), *more))


async def link_for(account: UUID, by: Actor) -> str:
    return (await login_link(account, by=by)).rsplit("/", 1)[1]


async def the_link(account: UUID) -> UUID:
    row = await LoginLink.select(LoginLink.id).where(LoginLink.account == account).first()
    assert row is not None
    found: UUID = row["id"]
    return found


async def with_second_step(account: UUID) -> UUID:
    await Passkey.insert(
        Passkey(
            id=uuid4(),
            account=account,
            credential=str(uuid4()),
            public_key=b"x",
            created_at=datetime.now(UTC),
        )
    )
    return account


@pytest.mark.engine
@pytest.mark.parametrize("role", SECOND)
async def test_an_organisers_link_for_his_second_person_lets_nobody_in_and_stays_unused(
    role: Role,
) -> None:
    by, second = await organiser(), await make_account((role, CUP))
    token = await link_for(second, by)

    for _ in range(2):
        with pytest.raises(LinkHeld):
            await use_link(token)

    assert not await Session.exists()
    assert not await LoginLink.exists().where(LoginLink.used_at.is_not_null())


@pytest.mark.parametrize("role", [Role.JUDGE, Role.CLERK, Role.GROUP_LEADER, Role.TIME_KEEPER])
async def test_links_for_other_duties_work_as_before(role: Role) -> None:
    token = await link_for(await make_account((role, CUP)), await organiser())

    assert isinstance(await with_link(token), Entered)


async def test_who_has_no_duty_there_makes_a_link_that_works_at_once() -> None:
    second = await make_account((Role.SUPERVISOR, CUP))
    neutral = await actor_of(await make_account(Role.ADMINISTRATOR, (Role.ORGANISER, ELSEWHERE)))

    for by in (neutral, SYSTEM):
        assert isinstance(await with_link(await link_for(second, by)), Entered)


async def test_an_administrator_who_also_organises_there_is_held_like_anybody() -> None:
    """The first account of a new installation is both."""
    by = await organiser(Role.ADMINISTRATOR)
    token = await link_for(await make_account((Role.SUPERVISOR, CUP)), by)

    with pytest.raises(LinkHeld):
        await use_link(token)


@pytest.mark.engine
async def test_an_administrator_releases_it_and_the_audit_names_both() -> None:
    by, second = await organiser(), await make_account((Role.SUPERVISOR, CUP))
    token = await link_for(second, by)
    administrator = await actor_of(await make_account(Role.ADMINISTRATOR))

    assert [link.id for link in await held_links(administrator)] == [await the_link(second)]
    await release_link(administrator, await the_link(second))

    assert await held_links(administrator) == []
    assert isinstance(await with_link(token), Entered)
    said = await AuditEntry.select().where(AuditEntry.action == "account.link_released").first()
    assert said is not None
    assert (said["account"], said["subject"]) == (administrator.account, str(second))
    assert str(by.account) in said["before"]


async def test_neither_maker_nor_owner_nor_a_stranger_releases_it() -> None:
    by, second = await organiser(Role.ADMINISTRATOR), await make_account((Role.SUPERVISOR, CUP))
    token = await link_for(second, by)
    link = await the_link(second)

    for own in (by, await actor_of(second)):
        with pytest.raises(TwoPersons):
            await release_link(own, link)
    for stranger in (
        await actor_of(await make_account((Role.SUPERVISOR, ELSEWHERE))),
        await actor_of(await make_account()),
    ):
        assert await held_links(stranger) == []
        with pytest.raises(NotFound):
            await release_link(stranger, link)

    with pytest.raises(LinkHeld):
        await use_link(token)


@pytest.mark.engine
async def test_a_puppet_of_the_maker_releases_nothing_without_a_second_step() -> None:
    """In a small office the only colleague was let in by the organiser himself."""
    by, second = await organiser(), await make_account((Role.CHIEF_REFEREE, CUP))
    token = await link_for(second, by)
    puppet = await create_account(by, login="puppet")
    await grant(by, puppet, Role.CLERK, CUP)

    with pytest.raises(SecondStepFirst):
        await release_link(await actor_of(puppet), await the_link(second))
    with pytest.raises(LinkHeld):
        await use_link(token)
    await with_second_step(puppet)
    await release_link(await actor_of(puppet), await the_link(second))

    assert isinstance(await with_link(token), Entered)


async def test_a_second_step_of_the_owners_own_stands_behind_the_link() -> None:
    by = await organiser()
    second = await with_second_step(await make_account((Role.SUPERVISOR, CUP)))

    assert isinstance(await with_link(await link_for(second, by)), Halfway)
    with pytest.raises(SecondPerson):
        await reset_factors(by, second)
    assert await Passkey.exists().where(Passkey.account == second)


async def test_an_administrator_sets_no_password_for_his_own_second_person() -> None:
    by = await organiser(Role.ADMINISTRATOR)
    second = await make_account((Role.SUPERVISOR, CUP), password=PASSWORD)

    with pytest.raises(SecondPerson):
        await set_password(by, second, "a quite new password")


@pytest.mark.engine
async def test_a_link_made_before_the_duty_is_held_from_the_duty_on() -> None:
    by = await organiser()
    second = await create_account(by, login="second")
    token = await link_for(second, by)

    await grant(by, second, Role.SUPERVISOR, CUP)

    with pytest.raises(LinkHeld):
        await use_link(token)
    await revoke_grant(by, second, Role.SUPERVISOR, CUP)
    assert isinstance(await with_link(token), Entered)


@pytest.mark.engine
async def test_a_session_of_the_makers_link_ends_when_the_account_becomes_the_second_person() -> (
    None
):
    by = await organiser()
    second = await create_account(by, login="second")
    entered = await with_link(await link_for(second, by))
    assert isinstance(entered, Entered)

    await grant(by, second, Role.CLERK, CUP)
    assert await session_of(entered.token) is not None
    await grant(by, second, Role.SUPERVISOR, CUP)

    assert await session_of(entered.token) is None


async def test_a_held_link_dies_with_its_maker_and_a_released_one_with_his_reach() -> None:
    maker = await make_account((Role.ORGANISER, HOUSE))
    second = await make_account((Role.SUPERVISOR, CUP))
    token = await link_for(second, await actor_of(maker))
    administrator = await actor_of(await make_account(Role.ADMINISTRATOR))
    await release_link(administrator, await the_link(second))

    await revoke_grant(SYSTEM, maker, Role.ORGANISER, HOUSE)

    with pytest.raises(LinkUsed):
        await use_link(token)
    with pytest.raises(NotFound):
        await release_link(administrator, uuid4())


async def test_the_pages_say_that_it_waits_and_let_the_second_person_release_it(
    client: httpx.AsyncClient,
) -> None:
    by, second = await organiser(), await make_account((Role.SUPERVISOR, CUP))
    assert by.account is not None
    csrf = await log_in_browser(client, by.account)
    html = {"Accept": "text/html", "Accept-Language": "en"}

    made = await client.post(
        f"/console/accounts/{second}/link", data={"csrf_token": csrf}, headers=html
    )
    own = await client.get("/console/approvals", headers=html)
    address = made.text.split("/in/")[1].split("<")[0].strip()
    client.cookies.clear()
    waiting = await client.post(f"/in/{address}", headers=html)
    administrator = await make_account(Role.ADMINISTRATOR)
    csrf = await log_in_browser(client, administrator)
    inbox = await client.get("/console/approvals", headers=html)
    link = await the_link(second)
    released = await client.post(
        f"/console/links/{link}/release", data={"csrf_token": csrf}, headers=html
    )
    client.cookies.clear()
    entered = await client.post(f"/in/{address}", headers=html)

    assert "It does not let anybody in yet." in made.text
    assert "Release the link" not in own.text
    assert waiting.status_code == 409
    assert "waits for its release by a second person" in waiting.text
    assert f'action="/console/links/{link}/release"' in inbox.text
    assert released.status_code == 303
    assert entered.status_code == 303


async def test_an_interests_link_of_the_pool_is_no_way_round(client: httpx.AsyncClient) -> None:
    """It is made for an account without a role, which gets one afterwards."""
    by = await organiser()
    second = await make_account()
    async with transaction():
        from core.sessions import login_link_row

        token = await login_link_row(second, target="/", hours=12, made_by=by.account)

    await grant(by, second, Role.CHIEF_REFEREE, CUP)

    answer = await client.post(urlsplit(f"/in/{token}").path)
    assert answer.status_code == 409
    assert INSTALLATION not in {grant.scope for grant in (await actor_of(second)).grants}
