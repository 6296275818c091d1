"""A holder asks for a correction; the organiser reads, answers, and passes a name on."""

from __future__ import annotations

import httpx
import pytest

from core import outbox
from core.audit import entries
from core.db import transaction
from core.events import NameCorrected
from core.outbox import put
from core.privacy import change_person
from credentials.holder.tables import HolderRequest
from tests.credentials.holder.kit import ENGLISH, Held, enter, held, send
from tests.factories_accounts import log_in_browser

pytestmark = pytest.mark.engine
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


async def ask(client: httpx.AsyncClient, one: Held, token: str, **form: str) -> httpx.Response:
    typed = {"mine_token": token, "field": "name", "wanted": "欧阳小明", "why": "Passport", **form}
    return await client.post(
        f"{one.url}/requests", data=typed, files={"file": ("id.png", PNG)}, headers=ENGLISH
    )


async def office(client: httpx.AsyncClient, one: Held) -> str:
    """Logged in as the organiser; the token of forms."""
    client.cookies.clear()
    return await log_in_browser(client, one.small.accounts["organiser"])


async def test_a_request_is_sealed_read_and_answered(client: httpx.AsyncClient, one: Held) -> None:
    token = await enter(client, one)
    asked = await ask(client, one, token)
    assert asked.status_code == 303
    row = await HolderRequest.select().first()
    assert row is not None
    assert "欧阳小明".encode() not in bytes(row["sealed_body"])
    assert PNG not in bytes(row["sealed_file"])

    mine = httpx.Cookies(client.cookies)
    csrf = await office(client, one)
    room = f"/console/contests/{one.small.contest}/holders"
    page = await client.get(room, headers=ENGLISH)
    file = await client.get(f"{room}/requests/{row['id']}/file")
    empty = await client.post(
        f"{room}/requests/{row['id']}", data={"csrf_token": csrf, "state": "no"}, headers=ENGLISH
    )
    done = await client.post(
        f"{room}/requests/{row['id']}",
        data={"csrf_token": csrf, "state": "declined", "words": "Your entry says otherwise."},
        headers=ENGLISH,
    )

    assert "欧阳小明" in page.text
    assert (file.content, file.headers["content-disposition"][:10]) == (PNG, "attachment")
    assert empty.status_code == 422
    assert "Choose what became of the request" in empty.text
    assert "Write an answer" in empty.text
    assert done.status_code == 303
    actions = {entry["action"] for entry in await entries(limit=50)}
    assert {"holder.file_read", "holder.answered", "holder.links_made"} <= actions
    client.cookies = mine
    assert "Your entry says otherwise." in (await client.get("/mine", headers=ENGLISH)).text


async def test_the_corrected_name_closes_the_request(client: httpx.AsyncClient, one: Held) -> None:
    await ask(client, one, await enter(client, one))
    async with transaction():
        await change_person(one.person, name="欧阳小明")
        await put(NameCorrected(str(one.small.contest), str(one.person), "test-committee"))
    await outbox.drain()

    row = await HolderRequest.select().first()

    assert row is not None
    assert row["state"] == "done"
    assert "欧阳小明" in (await client.get("/mine", headers=ENGLISH)).text


async def test_what_is_wrong_is_said_at_once_and_an_answered_one_stays(
    client: httpx.AsyncClient, one: Held
) -> None:
    token = await enter(client, one)
    typed = {"mine_token": token, "field": "shoe", "wanted": " ", "why": "w" * 1001}

    page = await client.post(
        f"{one.url}/requests", data=typed, files={"file": ("x.exe", b"MZ" * 9)}, headers=ENGLISH
    )

    assert page.status_code == 422
    for said in ("from the list", "what should stand there", "longer than 1000", "neither a PDF"):
        assert said in page.text.replace("Say what", "say what")
    await ask(client, one, token)
    row = await HolderRequest.select().first()
    assert row is not None
    back = f"/mine/requests/{row['id']}"
    assert [(await send(client, back, token)).status_code for _ in range(2)] == [303, 409]


async def test_another_contest_s_organiser_reads_and_answers_nothing(
    client: httpx.AsyncClient, one: Held
) -> None:
    other = await held(name="李四")
    await ask(client, one, await enter(client, one))
    row = await HolderRequest.select().first()
    assert row is not None
    csrf = await office(client, other)
    room = f"/console/contests/{other.small.contest}/holders"

    page = await client.get(room, headers=ENGLISH)
    file = await client.get(f"{room}/requests/{row['id']}/file")
    form = {"csrf_token": csrf, "state": "done", "words": "x"}
    answered = await client.post(f"{room}/requests/{row['id']}", data=form)
    foreign = await client.get(f"/console/contests/{one.small.contest}/holders")

    assert "欧阳小明" not in page.text
    assert (file.status_code, answered.status_code, foreign.status_code) == (404, 404, 403)
