"""Excerpts: what the holder chose, shown to whoever has the link, until it is over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from core.privacy import erase_person
from core.security import SYSTEM
from credentials.actions import suspend_certificate
from credentials.evidence.tables import OpenedLine
from credentials.holder.tables import TABLES, HolderShare
from tests.credentials.holder.kit import ENGLISH, NAME, Held, enter, send, share

pytestmark = pytest.mark.engine
JSON = {"Accept": "application/json", "Accept-Language": "en"}


async def test_the_receiver_sees_what_the_preview_showed(
    client: httpx.AsyncClient, one: Held
) -> None:
    token = await enter(client, one)
    wanted = {"name": "full", "fields": ["what", "scores", "line-0"], "days": "7"}
    preview = await send(client, f"{one.url}/share", token, **wanted, action="preview")
    path = await share(client, one, token, **wanted, label="Bank of Somewhere")
    client.cookies.clear()

    page = await client.get(path, headers=ENGLISH)
    told = (await client.get(path, headers=JSON)).json()

    assert page.status_code == 200
    said = excerpt_in(page.text)
    assert said == excerpt_in(preview.text)
    for shown in (NAME, "First prize", "91.25", "Knife work", "fits the signed score sheet"):
        assert shown in said
    assert set(told["fields"]) == {"name", "what", "scores", "issuer"}
    assert [line["fits"] for line in told["lines"]] == [True]
    for hidden in (one.number, "Taste", "Fourth Test Contest", "Bank of Somewhere"):
        assert hidden not in page.text
        assert hidden not in str(told)


def excerpt_in(page: str) -> str:
    """What stands in the frame."""
    return " ".join(page.partition('<div class="excerpt">')[2].partition("</dl>")[0].split())


async def test_it_says_when_the_certificate_does_not_count(
    client: httpx.AsyncClient, one: Held
) -> None:
    path = await share(client, one, await enter(client, one))
    await suspend_certificate(SYSTEM, one.number, reason="A secret reason")

    page = await client.get(path, headers=ENGLISH)

    assert "Suspended" in page.text
    assert "A secret reason" not in page.text


async def test_links_are_listed_counted_and_ended(client: httpx.AsyncClient, one: Held) -> None:
    token = await enter(client, one)
    path = await share(client, one, token, label="My new employer")
    for _ in range(2):
        await client.get(path, headers=ENGLISH)

    listed = (await client.get("/mine", headers=ENGLISH)).text
    row = await HolderShare.select().first()
    assert row is not None
    ended = await send(client, f"/mine/shares/{row['id']}", token)

    assert "My new employer" in listed
    assert "opened 2 times" in listed
    assert b"employer" not in bytes(row["sealed_label"])
    assert ended.status_code == 303
    assert (await client.get(path, headers=ENGLISH)).status_code == 404
    assert "My new employer" not in (await client.get("/mine", headers=ENGLISH)).text


async def test_over_ended_and_never_made_answer_alike(client: httpx.AsyncClient, one: Held) -> None:
    path = await share(client, one, await enter(client, one))
    past = datetime.now(UTC) - timedelta(seconds=1)
    await HolderShare.update({HolderShare.expires_at: past}).where(HolderShare.person == one.person)

    for headers in (ENGLISH, JSON):
        answers = [await client.get(url, headers=headers) for url in (path, "/shown/never")]
        assert [answer.status_code for answer in answers] == [404, 404]
        texts = {answer.text.replace(answer.request.url.path, "") for answer in answers}
        assert len(texts) == 1


async def test_every_mistake_of_a_form_is_said_at_once_and_what_was_typed_stays(
    client: httpx.AsyncClient, one: Held
) -> None:
    token = await enter(client, one)

    page = await send(
        client,
        f"{one.url}/share",
        token,
        name="none",
        fields=["shoe-size"],
        days="999",
        label="x" * 81,
        action="make",
    )

    assert page.status_code == 422
    for said in ("not on this certificate", "days in the list", "at most 80 letters"):
        assert said in page.text
    assert "x" * 81 in page.text
    assert await HolderShare.count() == 0


async def test_a_line_is_proved_by_its_own_link(client: httpx.AsyncClient, one: Held) -> None:
    token = await enter(client, one)

    page = await send(client, f"{one.url}/lines", token, line="line-0", days="7")
    path = httpx.URL(page.text.partition('readonly value="')[2].partition('"')[0]).path
    leaf = (await client.get(path, headers=JSON)).json()
    wrong = await send(client, f"{one.url}/lines", token, line="line-9", days="700")
    await send(client, f"{one.url}/lines", token, close="yes")

    assert (leaf["belongs"], leaf["verdict"]) == (True, "valid")
    assert "Knife work" not in str(leaf)
    assert wrong.status_code == 422
    assert (await client.get(path, headers=JSON)).status_code == 404
    assert await OpenedLine.count() == 1


async def test_a_corrected_sheet_shows_no_line_that_the_holder_did_not_choose(
    client: httpx.AsyncClient, one: Held
) -> None:
    path = await share(client, one, await enter(client, one), fields=["what", "line-1"])
    assert "Taste" in (await client.get(path, headers=ENGLISH)).text
    await HolderShare.update({HolderShare.root: "another"}).where(HolderShare.person == one.person)

    assert "Taste" not in (await client.get(path, headers=ENGLISH)).text


async def test_erasure_takes_everything_of_the_holder_s_room(
    client: httpx.AsyncClient, one: Held
) -> None:
    path = await share(client, one, await enter(client, one), label="Someone")

    await erase_person(one.person)

    assert [await table.count() for table in TABLES] == [0, 0, 0, 0]
    assert (await client.get(path, headers=ENGLISH)).status_code == 404
    assert (await client.get("/mine", headers=ENGLISH)).status_code == 403
