"""The holder's page: in by a link once, what stands there, and who else was there."""

from __future__ import annotations

import io
import json
import zipfile

import httpx
import pytest

from core import about_person
from core.registry import registry
from core.security import SYSTEM
from core.web.i18n import translate
from credentials.actions import revoke_certificate
from credentials.consents.actions import WORDING
from credentials.consents.tables import HolderConsent
from credentials.holder.links import make_links, standings
from tests.credentials.facts import SECOND
from tests.credentials.holder.kit import DOCUMENT, ENGLISH, NAME, Held, enter, held, send

pytestmark = pytest.mark.engine


async def test_a_link_lets_in_once_and_opening_it_uses_nothing_up(
    client: httpx.AsyncClient, one: Held
) -> None:
    path = await one.link()
    for _ in range(2):
        looked = await client.get(path, headers=ENGLISH)
        assert (looked.status_code, NAME in looked.text) == (200, False)
    assert (await client.head(path)).status_code == 200

    entered = await client.post(path)
    page = await client.get("/mine", headers=ENGLISH)

    assert (entered.status_code, entered.headers["location"]) == (303, "/mine")
    assert (page.status_code, NAME in page.text) == (200, True)
    assert "First prize" in page.text
    assert "Genuine and valid" in page.text
    client.cookies.clear()
    again = await client.post(path, headers=ENGLISH)
    assert (again.status_code, "set-cookie" in again.headers) == (404, False)
    assert (await client.get("/mine", headers=ENGLISH)).status_code == 403


async def test_a_second_link_ends_the_first_and_every_use_is_in_the_history(
    client: httpx.AsyncClient, one: Held
) -> None:
    unused = await one.link()
    await enter(client, one)

    assert (await client.post(unused)).status_code == 404
    page = await client.get("/mine", headers=ENGLISH)
    assert page.text.count("A link was made on") == 2
    assert "Over, without having been used" in page.text
    assert page.text.count("Opened on") == 1


async def test_each_file_is_the_holder_s_own(client: httpx.AsyncClient, one: Held) -> None:
    await enter(client, one)

    files = {kind: await client.get(f"{one.url}/{kind}") for kind in ("pdf", "jwt", "png", "svg")}

    assert [answer.status_code for answer in files.values()] == [200] * 4
    assert files["pdf"].content.startswith(b"%PDF")
    assert files["png"].content.startswith(b"\x89PNG")
    assert files["jwt"].text.count(".") == 2
    assert {answer.headers["cache-control"] for answer in files.values()} == {"no-store"}


async def test_a_withdrawn_one_says_so_and_is_not_printed(
    client: httpx.AsyncClient, one: Held
) -> None:
    await enter(client, one)
    await revoke_certificate(SYSTEM, one.number, reason="Cheating was proved")

    page = await client.get("/mine", headers=ENGLISH)
    paper = await client.get(f"{one.url}/pdf", headers=ENGLISH)

    assert "Withdrawn" in page.text
    assert paper.status_code == 409
    assert "Nothing was changed" in paper.text


async def test_a_link_opens_what_its_maker_may_see_and_links_add_up(
    client: httpx.AsyncClient, one: Held
) -> None:
    other = await held(one.person, SECOND)
    await enter(client, one)

    alone = await client.get("/mine", headers=ENGLISH)
    hidden = await client.get(other.url, headers=ENGLISH)
    await enter(client, other)
    both = await client.get("/mine", headers=ENGLISH)

    assert (one.number in alone.text.replace("-", ""), other.number in alone.text) == (True, False)
    assert hidden.status_code == 404
    assert other.url in both.text
    assert one.url in both.text


async def test_a_consent_is_given_and_withdrawn_by_one_button(
    client: httpx.AsyncClient, one: Held
) -> None:
    token = await enter(client, one)

    async def public() -> bool:
        return NAME in (await client.get(f"/c/{one.number}")).text

    seen = [await public()]
    for gives in ("yes", "yes", "no"):
        answer = await send(client, "/mine/consents/name", token, give=gives)
        assert answer.status_code == 303
        seen.append(await public())

    assert seen == [False, True, True, False]
    rows = await HolderConsent.select()
    assert [row["withdrawn_at"] is None for row in rows] == [False]
    page = (await client.get("/mine", headers=ENGLISH)).text
    assert "My full name may be shown to everybody" in page
    assert translate(WORDING["name"][1], "zh-Hans") in page
    assert (await send(client, "/mine/consents/photo", token, give="yes")).status_code == 404


async def test_everything_about_me_is_one_file(client: httpx.AsyncClient, one: Held) -> None:
    other = await held(one.person, SECOND)
    await enter(client, one)

    answer = await client.get("/mine/everything.zip", headers=ENGLISH)

    with zipfile.ZipFile(io.BytesIO(answer.content)) as found:
        names = set(found.namelist())
        told = json.loads(found.read("everything.json"))
        page = found.read("everything.html").decode()
    assert {f"certificates/{one.number}.{kind}" for kind in ("jwt", "png", "pdf")} <= names
    assert not any(other.number in name for name in names)
    assert told["person"]["records"][0]["name"] == NAME
    assert told["documents"]["records"] == [{"kind": "mainland_id", "number": DOCUMENT}]
    assert [row["public_id"] for row in told["certificates"]["records"]] == [one.number]
    assert len(told["log_ins"]["records"]) == 2
    assert NAME in page
    assert "There is nothing here." in page
    assert "_hash" not in json.dumps(told)


def test_whatever_can_be_erased_can_be_asked_for(app: object) -> None:
    shredders = {shredder.name for shredder in registry().shredders()}
    covered = {name for source in about_person.sources() for name in source.covers}

    assert shredders - covered == set()


async def test_who_has_left_and_other_devices(client: httpx.AsyncClient, one: Held) -> None:
    await enter(client, one)
    lost = httpx.Cookies(client.cookies)
    client.cookies.clear()
    token = await enter(client, one, own_device="yes")

    page = await client.get("/mine", headers=ENGLISH)
    assert "still logged in" in page.text
    await send(client, "/mine/log-ins/others", token)

    mine = httpx.Cookies(client.cookies)
    client.cookies = lost
    assert (await client.get("/mine", headers=ENGLISH)).status_code == 403
    client.cookies = mine
    assert (await client.get("/mine", headers=ENGLISH)).status_code == 200


async def test_links_for_many_at_once(client: httpx.AsyncClient, one: Held) -> None:
    made = await make_links(await one.organiser(), one.small.contest, [one.person])

    assert list(made) == [one.person]
    assert (await standings(one.small.contest))[one.person].state == "waiting"
    await client.post(httpx.URL(made[one.person]).path)
    assert (await standings(one.small.contest))[one.person].state == "opened"
