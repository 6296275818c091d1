"""The console's room of links for employers: who may make and end one, and that its address shows once."""

from __future__ import annotations

import re
from uuid import UUID

import httpx
import pytest

from core.registry import registry
from core.security import INSTALLATION, Role, Scope
from core.settings import Settings
from core.tables import AuditEntry
from credentials.stacks.tables import StackInvitation
from tests.credentials.facts import BODY, ORGANISER, issuers
from tests.factories_accounts import log_in_browser, make_account

HTML = {"Accept": "text/html", "Accept-Language": "en"}
TYPED = {"employer": " Hotel Exemplo ", "office": ORGANISER, "days": "30", "uses": "2"}


@pytest.fixture(autouse=True)
async def offices(database: Settings) -> None:
    registry()
    await issuers()


async def post(
    client: httpx.AsyncClient, account: UUID, address: str, typed: dict[str, str]
) -> httpx.Response:
    token = await log_in_browser(client, account)
    return await client.post(address, data={**typed, "csrf_token": token}, headers=HTML)


async def issuer_account(code: str) -> UUID:
    return await make_account((Role.ORGANISER, Scope("issuer", code)))


async def test_who_issues_makes_a_link_that_works_and_ends_it(client: httpx.AsyncClient) -> None:
    account = await issuer_account(ORGANISER)

    made = await post(client, account, "/console/stacks", TYPED)
    found = re.search(r"/check/[\w-]{20,}", made.text)
    assert found
    page = await client.get("/console/stacks", headers=HTML)
    opened = await client.get(found[0], headers=HTML)
    link = (await StackInvitation.select())[0]
    ended = await post(client, account, f"/console/stacks/{link['id']}/end", {})
    begun = await client.post(
        found[0], headers={**HTML, "x-csrf-token": ended.headers.get("x", "")}
    )

    assert (made.status_code, page.status_code, opened.status_code) == (200, 200, 200)
    assert found[0] not in page.text
    assert "Hotel Exemplo" in page.text
    assert "Hotel Exemplo" in opened.text
    assert found[0].rsplit("/", 1)[1] not in repr(link)
    assert ended.status_code == 303
    assert begun.status_code == 403  # logged in: a form without the page's token
    client.cookies.clear()
    assert (await client.post(found[0], headers=HTML)).status_code == 409
    actions = [row["action"] for row in await AuditEntry.select().order_by(AuditEntry.at)]
    assert [one for one in actions if one.startswith("stack.")] == ["stack.invited", "stack.ended"]


async def test_each_office_sees_and_ends_its_own_links_only(client: httpx.AsyncClient) -> None:
    await post(client, await issuer_account(ORGANISER), "/console/stacks", TYPED)
    link = (await StackInvitation.select())[0]
    other = await issuer_account(BODY)

    in_anothers_name = await post(client, other, "/console/stacks", TYPED)
    ended = await post(client, other, f"/console/stacks/{link['id']}/end", {})
    page = await client.get("/console/stacks", headers=HTML)

    assert in_anothers_name.status_code == 422
    assert "Choose in whose name" in in_anothers_name.text
    assert ended.status_code == 404
    assert "Hotel Exemplo" not in page.text
    assert (await StackInvitation.select())[0]["closed_at"] is None


async def test_an_administrator_invites_for_the_installation_and_others_do_not(
    client: httpx.AsyncClient,
) -> None:
    administrator = await make_account((Role.ADMINISTRATOR, INSTALLATION))
    clerk = await make_account((Role.CLERK, INSTALLATION))

    made = await post(client, administrator, "/console/stacks", {**TYPED, "office": ""})
    refused = await post(client, clerk, "/console/stacks", {**TYPED, "office": ""})

    assert made.status_code == 200
    assert "/check/" in made.text
    assert refused.status_code == 403


async def test_every_mistake_is_named_at_once_and_nothing_typed_is_lost(
    client: httpx.AsyncClient,
) -> None:
    account = await issuer_account(ORGANISER)
    typed = {"employer": "<b>" + "x" * 200, "office": ORGANISER, "days": "999", "uses": "0"}

    answer = await post(client, account, "/console/stacks", typed)
    letters = await post(client, account, "/console/stacks", {**typed, "days": "soon", "uses": "2"})

    assert answer.status_code == letters.status_code == 422
    for sentence in ("1 to 120 characters", "1 to 180 days", "1 to 100 times"):
        assert sentence in answer.text
    assert "&lt;b&gt;xxx" in answer.text
    assert "soon is no whole number" in letters.text
    assert not await StackInvitation.exists()
