"""An employer's page without JavaScript, and the way in by an invitation."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from core.errors import Forbidden, NotFound
from core.security import Role, Scope, actor_of
from core.settings import Settings
from core.tables import Account, AuditEntry
from core.web import limits
from credentials.employers import checking, invitations, reaching
from credentials.employers.keys import caller_of, keys_of
from credentials.employers.tables import EmployerInvitation, Following
from tests.credentials.employers.kit import office
from tests.credentials.facts import issued, issuers
from tests.factories_accounts import log_in_browser, make_account

pytestmark = pytest.mark.engine
HTML = {"Accept": "text/html", "Accept-Language": "en"}
PASSWORD = "wheel barrow lantern 7"
NAME = "欧阳晓明"


@pytest.fixture(autouse=True)
def full_buckets() -> None:
    limits.forget()
    checking.misses._left.clear()


async def invited(client: httpx.AsyncClient, title: str = "Example Catering") -> str:
    """The path of an invitation that an administrator made in the console."""
    token = await log_in_browser(client, await make_account(Role.ADMINISTRATOR))
    page = await client.post(
        "/console/employers", headers=HTML, data={"csrf_token": token, "title": title}
    )
    client.cookies.clear()
    found = re.search(r"/employers/join/[\w-]+", page.text)
    assert found, page.text
    return found[0]


async def join(client: httpx.AsyncClient, path: str, **typed: str) -> httpx.Response:
    form = {"login": "hr@catering.example", "label": "Recruiting", "password": PASSWORD, **typed}
    return await client.post(path, headers=HTML, data=form)


async def test_an_invited_employer_makes_its_account_and_stands_on_its_page(
    client: httpx.AsyncClient, database: Settings
) -> None:
    path = await invited(client)

    look = [await client.get(path, headers=HTML) for _ in range(3)]  # as chat programs do
    weak = await join(client, path, password="short")
    joined = await join(client, path)
    page = await client.get(joined.headers["location"], headers=HTML)
    door = await client.get("/employers", headers=HTML)
    client.cookies.clear()
    again = await join(client, path, login="second")

    assert {answer.status_code for answer in look} == {200}
    assert weak.status_code == 422
    assert 'value="hr@catering.example"' in weak.text  # nothing typed is lost
    assert joined.status_code == 303
    assert page.status_code == 200
    assert "Example Catering" in page.text
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["x-robots-tag"].startswith("noindex")
    assert again.status_code == 409
    assert await Account.count().where(Account.login == "second") == 0
    assert door.headers["location"] == joined.headers["location"]


async def test_an_invitation_ends_by_itself_by_a_newer_one_and_with_its_maker(
    client: httpx.AsyncClient, database: Settings
) -> None:
    maker = await actor_of(await make_account((Role.ORGANISER, Scope("issuer", "centre"))))
    address = await invitations.invite_employer(maker, {"en": "Example"})
    token = address.rsplit("/", 1)[1]
    employer = (await invitations.employers_for(maker))[0].id

    assert await invitations.look_at(token) == {"en": "Example"}
    with pytest.raises(invitations.InvitationOver):
        await invitations.look_at(token, now=datetime.now(UTC) + timedelta(days=8))
    newer = (await invitations.invite_again(maker, employer)).rsplit("/", 1)[1]
    with pytest.raises(invitations.InvitationOver):
        await invitations.look_at(token)
    assert await invitations.look_at(newer)
    await Account.update({Account.disabled_at: datetime.now(UTC)}).where(
        Account.id == maker.account
    )
    with pytest.raises(invitations.InvitationOver):
        await invitations.look_at(newer)
    assert token not in str(await EmployerInvitation.select())


async def test_who_invited_an_employer_sees_it_and_nobody_else_does_but_an_administrator(
    database: Settings,
) -> None:
    maker, other, administrator = [
        await actor_of(await make_account(grant))
        for grant in (
            (Role.ORGANISER, Scope("issuer", "centre")),
            (Role.ORGANISER, Scope("issuer", "another")),
            Role.ADMINISTRATOR,
        )
    ]
    await invitations.invite_employer(maker, {"en": "Example"})
    employer = (await invitations.employers_for(maker))[0].id
    judge = await actor_of(await make_account(Role.JUDGE))

    assert await invitations.employers_for(other) == []
    assert len(await invitations.employers_for(administrator)) == 1
    with pytest.raises(NotFound):
        await invitations.end_employer(other, employer)
    with pytest.raises(Forbidden):
        await invitations.invite_employer(judge, {"en": "x"})


async def test_ending_an_employer_ends_everything_that_it_has(
    client: httpx.AsyncClient, database: Settings
) -> None:
    one = await office()
    administrator = await actor_of(await make_account(Role.ADMINISTRATOR))

    await invitations.end_employer(administrator, one.id)

    await log_in_browser(client, one.account)
    page = await client.get(f"/employers/{one.id}", headers=HTML)
    assert page.status_code == 404
    assert await caller_of(one.key) is None


async def test_no_role_but_the_employers_own_opens_its_page(
    client: httpx.AsyncClient, database: Settings
) -> None:
    one = await office()

    for grant in (Role.ADMINISTRATOR, Role.EMPLOYER, (Role.ORGANISER, Scope("organisation", str(one.id)))):  # fmt: skip
        await log_in_browser(client, await make_account(grant))
        page = await client.get(f"/employers/{one.id}", headers=HTML)
        assert page.status_code == 404, grant


async def test_keys_lists_following_and_addresses_work_without_javascript(
    client: httpx.AsyncClient, database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    await issuers()
    good = await issued(name=NAME)
    one = await office()
    token = await log_in_browser(client, one.account)
    base = f"/employers/{one.id}"
    monkeypatch.setattr(reaching, "reach", reaching.Reach(("http",), public=False))

    async def send(path: str, **typed: str) -> httpx.Response:
        data = {"csrf_token": token, **typed}
        return await client.post(f"{base}/{path}", headers=HTML, data=data)

    wrong = await send("keys", name="", days="90")
    made = await send("keys", name="Payroll", days="90", **{"scope-verify": "yes"})
    key = re.search(r"jx_[\w-]{50,}", made.text)
    assert wrong.status_code == 422
    assert "Give the key a name" in wrong.text
    assert key is not None
    assert await caller_of(key[0]) is not None
    newest = (await keys_of(one.id))[0]
    assert "jx_" in (await send(f"keys/{newest.id}/rotate", hours="24")).text
    assert (await send(f"keys/{newest.id}/revoke")).status_code == 303
    assert await caller_of(key[0]) is None

    refused = await send("follows", certificate=good["public_id"], holder="张三")
    assert refused.status_code == 409
    assert 'value="张三"' in refused.text
    other = await client.get(f"{base}/follows?lang=pt", headers=HTML)
    assert other.headers.get("location") == f"{base}?lang=pt", other.text
    await send("follows", certificate=good["public_id"], holder=NAME)
    assert await Following.count() == 1

    added = await send("webhooks", address="http://127.0.0.1:9/x")
    assert "jxw_" in added.text
    page = await client.get(base, headers=HTML)
    assert key[0] not in page.text
    assert "jxw_" not in page.text
    assert good["public_id"] in page.text
    assert NAME not in page.text

    assert (await send(f"follows/{good['public_id']}/end")).status_code == 303
    assert await Following.count() == 0


async def test_a_list_is_checked_on_the_page(client: httpx.AsyncClient, database: Settings) -> None:
    await issuers()
    good = await issued(name=NAME)
    one = await office()
    token = await log_in_browser(client, one.account)
    path = f"/employers/{one.id}/spreadsheet"
    data = {"csrf_token": token}
    text = f"certificate number,name\n{good['public_id']},{NAME}\n".encode()

    done = await client.post(path, headers=HTML, data=data, files={"file": ("l.csv", text)})
    none = await client.post(path, headers=HTML, data=data, files={"file": ("l.csv", b"")})

    assert "name matches" in done.text
    assert done.headers["content-disposition"].startswith("attachment")
    assert none.status_code == 422
    assert "Choose a file first." in none.text


async def test_an_employer_is_not_led_into_the_console_and_finds_its_page_at_home(
    client: httpx.AsyncClient, database: Settings
) -> None:
    one = await office()
    await log_in_browser(client, one.account)

    home = await client.get("/", headers=HTML)

    assert 'href="/employers/"' in home.text
    assert 'href="/console"' not in home.text


async def test_what_is_done_stands_in_the_record_without_a_secret(
    client: httpx.AsyncClient, database: Settings
) -> None:
    one = await office()

    rows = await AuditEntry.select().where(AuditEntry.action == "employer.key_made")

    assert len(rows) == 1
    assert one.key not in str(rows)
    assert rows[0]["account"] == one.account
