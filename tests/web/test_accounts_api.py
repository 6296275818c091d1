"""Accounts and roles over the API: whoever asks gives no more than he has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID, uuid4

import httpx
import pytest

from core import enclosing
from core.db import transaction
from core.privacy import create_person, person_name
from core.security import INSTALLATION, Role, Scope
from core.tables import Account, AuditEntry, Grant
from tests.factories_accounts import PASSWORD, bearer, make_account

ORGANISATION = Scope("organisation", "o1")
COMPETITION = Scope("competition", "p1")


@pytest.fixture
def competitions() -> Iterator[None]:
    """Competition p1 belongs to organisation o1."""

    async def around(competition: str) -> Sequence[Scope]:
        return [ORGANISATION] if competition == "p1" else []

    before = dict(enclosing._around)
    enclosing.register("competition", around)
    yield
    enclosing._around.clear()
    enclosing._around.update(before)


async def give(
    client: httpx.AsyncClient, by: UUID, to: UUID, role: Role, scope: Scope
) -> httpx.Response:
    body = {"role": role.value, "scope": scope.kind, "scope_id": scope.id}
    path = f"/api/v1/accounts/{to}/grants"
    return await client.post(path, json=body, headers=await bearer(by))


async def test_an_administrator_creates_an_account_gives_a_role_and_takes_it_back(
    client: httpx.AsyncClient,
) -> None:
    headers = await bearer(await make_account(Role.ADMINISTRATOR))

    made = await client.post(
        "/api/v1/accounts",
        json={"login": "li.na", "label": "Li Na", "password": PASSWORD, "language": "pt"},
        headers=headers,
    )
    path = f"/api/v1/accounts/{made.json()['account']}/grants"
    grant = {"role": "judge", "scope": "organisation", "scope_id": "o1"}
    given = await client.post(path, json=grant, headers=headers)
    again = await client.post(path, json=grant, headers=headers)
    listed = await client.get("/api/v1/accounts", headers=headers)
    taken = await client.delete(path, params=grant, headers=headers)

    assert (made.status_code, given.status_code, again.status_code) == (201, 204, 204)
    assert [i["grants"] for i in listed.json()["items"] if i["login"] == "li.na"] == [[grant]]
    assert taken.status_code == 204
    assert not await Grant.exists().where(Grant.role == "judge", Grant.revoked_at.is_null())


async def test_everything_wrong_with_an_account_is_said_at_once(client: httpx.AsyncClient) -> None:
    headers = await bearer(await make_account(Role.ADMINISTRATOR, login="chen"))

    answer = await client.post(
        "/api/v1/accounts",
        json={"login": "a b", "label": "x" * 200, "password": "short", "language": "de"},
        headers={**headers, "Accept-Language": "en"},
    )
    taken = await client.post("/api/v1/accounts", json={"login": "CHEN"}, headers=headers)

    assert answer.status_code == 422
    assert [f["pointer"] for f in answer.json()["findings"]] == [
        "/login",
        "/label",
        "/password",
        "/language",
    ]
    assert "12 to 200 characters" in answer.json()["findings"][2]["detail"]
    assert [f["code"] for f in taken.json()["findings"]] == ["login-taken"]
    assert await Account.count() == 1


@pytest.mark.parametrize("role", [Role.JUDGE, Role.SUPERVISOR, Role.CLERK, Role.EMPLOYER])
async def test_a_role_that_manages_no_accounts_creates_none(
    client: httpx.AsyncClient, role: Role
) -> None:
    headers = await bearer(await make_account(role))

    answer = await client.post("/api/v1/accounts", json={"login": "new"}, headers=headers)

    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("giver", "role", "scope", "status"),
    [
        ((Role.ADMINISTRATOR, INSTALLATION), Role.ADMINISTRATOR, INSTALLATION, 204),
        ((Role.ADMINISTRATOR, INSTALLATION), Role.ORGANISER, ORGANISATION, 204),
        ((Role.ORGANISER, ORGANISATION), Role.SUPERVISOR, ORGANISATION, 204),
        ((Role.ORGANISER, ORGANISATION), Role.JUDGE, COMPETITION, 204),
        ((Role.ORGANISER, COMPETITION), Role.JUDGE, ORGANISATION, 403),
        ((Role.ORGANISER, ORGANISATION), Role.JUDGE, Scope("competition", "p2"), 403),
        ((Role.ORGANISER, ORGANISATION), Role.ADMINISTRATOR, ORGANISATION, 403),
        ((Role.ORGANISER, ORGANISATION), Role.JUDGE, INSTALLATION, 403),
        ((Role.ORGANISER, INSTALLATION), Role.ADMINISTRATOR, INSTALLATION, 403),
        ((Role.ORGANISER, ORGANISATION), Role.ORGANISER, Scope("issuer", "skills"), 403),
        ((Role.JUDGE, ORGANISATION), Role.JUDGE, ORGANISATION, 403),
    ],
)
async def test_nobody_gives_a_role_above_or_outside_his_own(
    client: httpx.AsyncClient,
    competitions: None,
    giver: tuple[Role, Scope],
    role: Role,
    scope: Scope,
    status: int,
) -> None:
    by, to = await make_account(giver), await make_account()

    answer = await give(client, by, to, role, scope)

    assert answer.status_code == status
    assert await Grant.exists().where(Grant.account == to) == (status == 204)


async def test_a_link_is_made_only_for_who_holds_nothing_above_the_maker(
    client: httpx.AsyncClient, competitions: None
) -> None:
    organiser = await make_account((Role.ORGANISER, ORGANISATION))
    judge = await make_account((Role.JUDGE, COMPETITION))
    administrator = await make_account(Role.ADMINISTRATOR, (Role.JUDGE, COMPETITION))
    stranger = await make_account()
    headers = await bearer(organiser)

    answers = [
        await client.post(f"/api/v1/accounts/{account}/links", json={}, headers=headers)
        for account in (judge, administrator, stranger)
    ]

    assert [a.status_code for a in answers] == [201, 403, 403]
    assert "/in/" in answers[0].json()["address"]


async def test_an_unknown_account_is_not_found(client: httpx.AsyncClient) -> None:
    headers = await bearer(await make_account(Role.ADMINISTRATOR))

    link = await client.post(f"/api/v1/accounts/{uuid4()}/links", json={}, headers=headers)
    disabled = await client.post(f"/api/v1/accounts/{uuid4()}/disable", headers=headers)

    assert (link.status_code, disabled.status_code) == (404, 404)


async def test_an_unknown_role_and_scope_are_both_named_with_the_known_ones(
    client: httpx.AsyncClient,
) -> None:
    headers = await bearer(await make_account(Role.ADMINISTRATOR))

    answer = await client.post(
        f"/api/v1/accounts/{uuid4()}/grants",
        json={"role": "king", "scope": "country"},
        headers={**headers, "Accept-Language": "en"},
    )

    assert answer.status_code == 422
    assert [f["pointer"] for f in answer.json()["findings"]] == ["/role", "/scope"]
    assert "chief_referee" in answer.json()["findings"][0]["detail"]


async def test_disabling_an_account_ends_its_sessions_at_once(client: httpx.AsyncClient) -> None:
    judge = await make_account(Role.JUDGE)
    headers = await bearer(judge)
    administrator = await bearer(await make_account(Role.ADMINISTRATOR))

    before = await client.get("/api/v1/me", headers=headers)
    done = await client.post(f"/api/v1/accounts/{judge}/disable", headers=administrator)
    after = await client.get("/api/v1/me", headers=headers)

    assert (before.status_code, done.status_code, after.status_code) == (200, 204, 401)


async def test_ones_own_password_changes_with_the_old_one_only(client: httpx.AsyncClient) -> None:
    account = await make_account(login="zhang", password=PASSWORD)
    headers = await bearer(account)
    new = {"password": "a longer new password"}

    wrong = await client.put("/api/v1/me/password", json=new, headers=headers)
    right = await client.put("/api/v1/me/password", json={**new, "old": PASSWORD}, headers=headers)
    old_session = await client.get("/api/v1/me", headers=headers)
    logged_in = await client.post("/api/v1/sessions", json={"login": "zhang", **new})

    assert (wrong.status_code, right.status_code) == (401, 204)
    assert (old_session.status_code, logged_in.status_code) == (401, 201)


async def test_lists_come_in_pages_that_meet(client: httpx.AsyncClient) -> None:
    headers = await bearer(await make_account(Role.ADMINISTRATOR, login="m"))
    for login in "qazsw":
        await make_account(login=login)

    found: list[str] = []
    after: str | None = ""
    while after is not None:
        params: dict[str, str | int] = {"limit": 2, "after": after}
        answer = (await client.get("/api/v1/accounts", params=params, headers=headers)).json()
        found += [item["login"] for item in answer["items"]]
        after = answer["next"]

    assert found == ["a", "m", "q", "s", "w", "z"]


@pytest.mark.parametrize("limit", ["0", "501", "x"])
async def test_a_page_of_another_size_is_refused(client: httpx.AsyncClient, limit: str) -> None:
    headers = await bearer(await make_account(Role.ADMINISTRATOR))

    answer = await client.get("/api/v1/accounts", params={"limit": limit}, headers=headers)

    assert answer.status_code == 400
    assert answer.json()["findings"][0]["pointer"] == "/limit"


async def test_every_change_is_in_the_audit_for_who_may_read_it(client: httpx.AsyncClient) -> None:
    administrator = await make_account(Role.ADMINISTRATOR)
    to = await make_account()
    await give(client, administrator, to, Role.SUPERVISOR, ORGANISATION)

    own = await client.get(
        "/api/v1/audit",
        params={"scope": "organisation", "scope_id": "o1"},
        headers=await bearer(to),
    )
    everything = await client.get("/api/v1/audit", headers=await bearer(to))

    assert own.status_code == 200
    entry = own.json()["items"][0]
    assert (entry["action"], entry["account"]) == ("grant.given", str(administrator))
    assert (entry["subject"], entry["after"]) == (str(to), '{"role":"supervisor"}')
    assert everything.status_code == 403


async def test_a_refused_action_leaves_no_audit_entry(client: httpx.AsyncClient) -> None:
    judge, to = await make_account(Role.JUDGE), await make_account()
    before = await AuditEntry.count()

    await give(client, judge, to, Role.JUDGE, INSTALLATION)

    assert await AuditEntry.count() == before


async def test_erasing_a_person_takes_an_administrator_and_leaves_nothing_to_read(
    client: httpx.AsyncClient,
) -> None:
    async with transaction():
        person = await create_person(name="Somebody")
    path = f"/api/v1/persons/{person}"

    refused = await client.delete(path, headers=await bearer(await make_account(Role.ORGANISER)))
    erased = await client.delete(path, headers=await bearer(await make_account(Role.ADMINISTRATOR)))

    assert (refused.status_code, erased.status_code) == (403, 204)
    assert await person_name(person) == ""
