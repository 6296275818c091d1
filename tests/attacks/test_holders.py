"""Somebody else's certificates by a holder's page: by numbers, links, cookies, forms and addresses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import pytest

from core.accounts import create_session
from core.errors import Forbidden, NotFound
from core.settings import Settings
from core.web import limits
from core.web.session import cookie_name as account_cookie
from credentials.consents.tables import HolderConsent
from credentials.holder.links import make_link, make_links
from credentials.holder.sessions import cookie_name
from credentials.holder.tables import HolderLink, HolderRequest, HolderSession, HolderShare
from tests.credentials.holder.conftest import source
from tests.credentials.holder.kit import (
    ENGLISH,
    NAME,
    Held,
    enter,
    first,
    held,
    send,
    share,
    someone,
)

pytestmark = pytest.mark.engine
OTHER = "李四的姓名"
__all__ = ["source"]


@pytest.fixture
async def two(database: Settings) -> tuple[Held, Held]:
    return await first(), await held(name=OTHER)


async def test_the_numbers_of_others_are_not_there(
    client: httpx.AsyncClient, two: tuple[Held, Held]
) -> None:
    one, other = two
    token = await enter(client, one)
    nowhere = "/mine/certificates/7K3M9QXT2F4H"

    for rest in ("", "/pdf", "/jwt", "/png", "/svg"):
        answers = [await client.get(url + rest, headers=ENGLISH) for url in (other.url, nowhere)]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert OTHER not in answers[0].text
    for verb in ("share", "lines", "requests"):
        answer = await send(client, f"{other.url}/{verb}", token, fields=["what"], wanted="x")
        assert answer.status_code == 404
    assert await HolderShare.count() == await HolderRequest.count() == 0


async def test_things_of_others_can_not_be_ended_by_their_ids(
    client: httpx.AsyncClient, two: tuple[Held, Held]
) -> None:
    one, other = two
    path = await share(client, other, await enter(client, other))
    shared, session = await HolderShare.select().first(), await HolderSession.select().first()
    assert shared
    assert session
    client.cookies.clear()
    token = await enter(client, one)

    for url in (f"/mine/shares/{shared['id']}", f"/mine/log-ins/{session['id']}",
                f"/mine/requests/{uuid4()}"):  # fmt: skip
        assert (await send(client, url, token)).status_code == 404
    await send(client, "/mine/log-ins/others", token)

    assert (await client.get(path, headers=ENGLISH)).status_code == 200
    row = await HolderSession.select().where(HolderSession.id == session["id"]).first()
    assert row
    assert row["ended_at"] is None


async def test_a_link_that_is_used_over_replaced_or_made_up_opens_nothing(
    client: httpx.AsyncClient, two: tuple[Held, Held]
) -> None:
    one, other = two
    replaced, used = await one.link(), await one.link()
    await client.post(used)
    client.cookies.clear()
    over = await other.link()
    past = datetime.now(UTC) - timedelta(seconds=1)
    await HolderLink.update({HolderLink.expires_at: past}).where(HolderLink.person == other.person)

    for path in (used, replaced, over, "/mine/in/" + "x" * 32, "/mine/in/" + "y" * 500):
        for answer in (await client.get(path, headers=ENGLISH), await client.post(path)):
            assert answer.status_code == 404
            assert "set-cookie" not in answer.headers
    assert await HolderSession.count() == 1


async def test_a_cookie_that_was_there_before_is_never_taken_over(
    client: httpx.AsyncClient, two: tuple[Held, Held]
) -> None:
    """Session fixation: an attacker plants his own cookie, and the victim comes in with it."""
    one, other = two
    planted = {"Cookie": f"{cookie_name()}=planted-by-the-attacker"}
    entered = await client.post(await one.link(), headers=planted)
    assert "planted" not in entered.headers["set-cookie"]
    client.cookies.clear()
    assert (await client.get("/mine", headers={**ENGLISH, **planted})).status_code == 403
    await enter(client, other)
    before = client.cookies[cookie_name()]

    await enter(client, one)

    page = (await client.get("/mine", headers=ENGLISH)).text
    assert NAME in page
    assert OTHER not in page
    client.cookies.clear()
    client.cookies.set(cookie_name(), before)
    assert (await client.get("/mine", headers=ENGLISH)).status_code == 403


async def test_a_form_of_another_site_or_of_another_log_in_changes_nothing(
    client: httpx.AsyncClient, two: tuple[Held, Held]
) -> None:
    one, other = two
    foreign = await enter(client, other)
    client.cookies.clear()
    token = await enter(client, one)

    for wrong in ("", "x", foreign):
        answer = await send(client, "/mine/consents/name", wrong, give="yes")
        assert answer.status_code == 403
    headers = {**ENGLISH, "Sec-Fetch-Site": "cross-site"}
    form = {"mine_token": token, "give": "yes"}
    answer = await client.post("/mine/consents/name", data=form, headers=headers)

    assert answer.status_code == 403
    assert await HolderConsent.count() == 0


async def test_a_holder_is_no_account_and_an_account_no_holder(
    client: httpx.AsyncClient, two: tuple[Held, Held]
) -> None:
    one, _ = two
    await enter(client, one)
    secret = client.cookies[cookie_name()]
    for url in (f"/console/contests/{one.small.contest}/holders", "/console/me"):
        assert (await client.get(url)).status_code == 401
    bearer = {"Authorization": f"Bearer {secret}"}
    assert (await client.get("/api/v1/me", headers=bearer)).status_code == 401

    client.cookies.clear()
    organiser = await create_session(one.small.accounts["organiser"])
    client.cookies.set(account_cookie(), organiser)
    client.cookies.set(cookie_name(), organiser)
    assert (await client.get("/mine", headers=ENGLISH)).status_code == 403


async def test_an_organiser_s_link_opens_nothing_that_he_may_not_see_and_is_never_silent(
    client: httpx.AsyncClient, two: tuple[Held, Held]
) -> None:
    one, _ = two
    elsewhere = await held(one.person)
    await enter(client, elsewhere)
    client.cookies.clear()

    await enter(client, one)  # the organiser himself, with a link that he made

    page = (await client.get("/mine", headers=ENGLISH)).text
    assert elsewhere.number not in page
    archive = await client.get("/mine/everything.zip")
    assert elsewhere.number.encode() not in archive.content
    client.cookies.clear()
    await enter(client, elsewhere)
    assert (await client.get("/mine", headers=ENGLISH)).text.count("Opened on") == 3


async def test_only_who_sees_the_names_makes_links_and_only_for_this_contest_s_holders(
    two: tuple[Held, Held],
) -> None:
    one, other = two
    for by in (await one.small.actor("clerk"), await other.organiser()):
        with pytest.raises(Forbidden):
            await make_link(by, one.small.contest, one.person)
    for stranger in (other.person, await someone("王五", "")):
        with pytest.raises(NotFound):
            await make_links(await one.organiser(), one.small.contest, [one.person, stranger])
    assert await HolderLink.count() == 0


async def test_secrets_stand_in_no_table_and_no_page_passes_its_address_on(
    client: httpx.AsyncClient, two: tuple[Held, Held]
) -> None:
    one, _ = two
    path = await one.link()
    token = await enter(client, one)
    shared = await share(client, one, token)
    rows = [await table.select() for table in (HolderLink, HolderSession, HolderShare)]
    for secret in (path, shared, client.cookies[cookie_name()]):
        assert secret.rpartition("/")[2] not in str(rows)

    for url in (path, "/mine", one.url, shared, "/shown/nothing"):
        answer = await client.get(url, headers=ENGLISH)
        assert answer.headers["referrer-policy"] in ("same-origin", "no-referrer")
        assert answer.headers["cache-control"] == "no-store"
        assert "noindex" in answer.headers["x-robots-tag"]
        assert "etag" not in answer.headers
    assert (await client.get(shared)).headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
async def test_what_is_hidden_stands_neither_in_the_text_nor_in_the_headers(
    client: httpx.AsyncClient, two: tuple[Held, Held], accept: str
) -> None:
    one, _ = two
    path = await share(client, one, await enter(client, one), name="none", fields=["awarded"])
    client.cookies.clear()

    answer = await client.get(path, headers={"Accept": accept, "Accept-Language": "en"})

    whole = answer.text + str(answer.headers)
    for hidden in (NAME, NAME[0], "First prize", "177.75", "91.25", one.number, "Pastry", "DG",
                   str(one.small.contest), str(one.person)):  # fmt: skip
        assert hidden not in whole
    assert "Test Committee" in whole


async def test_nobody_guesses_links_quickly(client: httpx.AsyncClient, database: Settings) -> None:
    limits.forget()
    for start in ("/mine/in/", "/shown/"):
        answers = [(await client.get(start + uuid4().hex)).status_code for _ in range(80)]
        assert 429 in answers
