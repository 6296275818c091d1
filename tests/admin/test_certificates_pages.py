"""Certificates of a contest: listed, previewed, issued with what is held up, handed out."""

from __future__ import annotations

import io
import zipfile
from urllib.parse import urlencode
from uuid import UUID

import httpx
import pytest
from PIL import Image

from core import jobs, outbox
from core.errors import Forbidden, NotFound
from core.security import SYSTEM, Role, Scope, actor_of
from core.settings import Settings
from core.tables import OutboxMessage
from credentials.actions import (
    suspend_certificate,
)
from credentials.issuance import issuance_of, try_again
from tests.admin.certificates_kit import (
    FOREVER,
    HTML,
    ISSUER,
    final_contest,
    numbers,
    path,
    press,
    state,
)
from tests.factories_accounts import log_in_browser, make_account
from tests.factories_contests import small_contest


def preview(which: str, **chosen: str) -> str:
    typed = {"form": "landscape", "language-1": "zh-Hans", "seal": "issuer", **chosen}
    return f"/preview/{which}?{urlencode(typed)}"


async def test_what_is_issued_is_listed_with_names_and_files(client: httpx.AsyncClient) -> None:
    small = await final_contest()
    await log_in_browser(client, small.accounts["organiser"])

    page = await client.get(path(small), headers=HTML)

    assert page.status_code == 200
    for number in await numbers():
        assert f'href="/c/{number}"' in page.text
        assert f'href="/c/{number}.svg"' in page.text
    assert "选手0-0" in page.text
    assert "every 2s" not in page.text  # everything is issued, nothing to wait for


async def test_a_clerk_sees_the_list_without_a_name_and_without_a_button(
    client: httpx.AsyncClient,
) -> None:
    small = await final_contest()
    await log_in_browser(client, small.accounts["clerk"])

    page = await client.get(f"{path(small)}?lang=en", headers=HTML)
    picture = await client.get(path(small, "/preview/longest?form=landscape&language-1=en"))

    assert page.status_code == 200
    assert "选手" not in page.text
    assert FOREVER not in page.text
    assert picture.status_code == 403


async def test_the_preview_is_a_page_with_the_longest_or_the_shortest_name(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest(until="draft")
    await log_in_browser(client, small.accounts["organiser"])

    sizes = {}
    for layout in ("landscape", "portrait"):
        answer = await client.get(path(small, preview("longest", form=layout)))
        assert answer.headers["content-type"] == "image/png"
        sizes[layout] = Image.open(io.BytesIO(answer.content)).size
    shortest = await client.get(path(small, preview("shortest")))
    unknown = [
        await client.get(path(small, rest))
        for rest in (preview("longest", form="x"), preview("longest", seal="x"), preview("x"))
    ]

    assert sizes["landscape"][0] > sizes["landscape"][1]
    assert sizes["portrait"] == tuple(reversed(sizes["landscape"]))
    assert shortest.status_code == 200
    assert [answer.status_code for answer in unknown] == [404, 404, 404]


async def test_names_are_looked_for_when_the_preview_is_asked_for_and_not_with_the_page(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest(until="draft")
    await log_in_browser(client, small.accounts["organiser"])

    page = await client.get(f"{path(small)}?lang=en", headers=HTML)
    piece = await client.get(path(small, "/preview"))

    assert 'hx-trigger="load"' in page.text
    assert "选手" not in page.text
    assert piece.text.count("选手") >= 2


async def test_what_is_held_up_says_why_and_is_tried_again(client: httpx.AsyncClient) -> None:
    small = await final_contest(issued=False)
    organiser = small.accounts["organiser"]
    token = await log_in_browser(client, organiser)
    await OutboxMessage.update({"stuck_at": small.at, "attempts": 12}, force=True).where(
        OutboxMessage.handler == "credentials.issue_final", OutboxMessage.done_at.is_null()
    )
    before = await issuance_of(small.contest, ISSUER)

    page = await client.get(f"{path(small)}?lang=en", headers=HTML)
    made = await client.post(path(small, "/issuer"), data={"csrf_token": token}, headers=HTML)
    one = str(before.held[0].id)
    wrong = await client.post(
        path(small, "/again"), data={"csrf_token": token, "only": str(UUID(int=1))}, headers=HTML
    )
    again = await client.post(
        path(small, "/again"), data={"csrf_token": token, "only": one}, headers=HTML
    )
    alone = await OutboxMessage.count().where(
        OutboxMessage.stuck_at.is_null(),
        OutboxMessage.attempts == 0,
        OutboxMessage.done_at.is_null(),
    )
    rest = await client.post(path(small, "/again"), data={"csrf_token": token}, headers=HTML)
    await outbox.drain()
    after = await issuance_of(small.contest, ISSUER)

    assert (before.signing, before.certificates) == (False, 0)
    assert before.stuck == len(before.held) > 0
    assert "sign certificates yet" in page.text
    assert "Tried 12 times without success." in page.text
    assert page.text.count("can&#39;t sign yet. Let it sign certificates, then try again.") == len(
        before.held
    )
    assert page.text.count(">Try again<") == len(before.held)
    assert all(name in page.text for name in ("选手0-0", "选手1-0", "一等奖"))
    assert "Unavailable" not in page.text  # no word of the program's own
    assert (made.status_code, again.status_code, rest.status_code) == (303, 303, 303)
    assert (wrong.status_code, alone) == (404, 1)
    assert (after.signing, after.certificates, after.held) == (True, 2, ())
    assert after.done == after.asked


async def test_only_who_issues_tries_again(database: Settings) -> None:
    small = await final_contest(issued=False)
    before = await issuance_of(small.contest, ISSUER)
    organisers = (Role.ORGANISER, Scope("organisation", str(small.organisation)))
    for by in (await small.actor("clerk"), await actor_of(await make_account(organisers))):
        with pytest.raises(Forbidden):
            await try_again(by, small.contest, ISSUER)

    assert before.held
    assert await issuance_of(small.contest, ISSUER) == before


async def test_all_of_a_contest_is_one_file_made_in_the_background(
    client: httpx.AsyncClient,
) -> None:
    small = await final_contest()
    first, second = await numbers()
    await suspend_certificate(SYSTEM, second, reason="checked")
    organiser = small.accounts["organiser"]
    token = await log_in_browser(client, organiser)

    answer = await client.post(path(small, "/file"), data={"csrf_token": token}, headers=HTML)
    await outbox.drain()
    job = UUID(answer.headers["location"].rsplit("/", 1)[1])
    by = await actor_of(organiser)
    file = await jobs.result_of(by, job)
    failures = await jobs.failures_of(by, job)

    with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
        names = archive.namelist()
        assert archive.read(names[names.index(f"qr/{first}.svg")]).startswith(b"<svg")
        assert archive.read("print/certificates-00001.pdf").startswith(b"%PDF")
        listed = archive.read("list.csv").decode("utf-8-sig")
    assert sorted(names) == [
        "list.csv",
        "print/calling.pdf",
        "print/certificates-00001.pdf",
        f"qr/{first}.png",
        f"qr/{first}.svg",
    ]
    assert "选手" in listed
    assert second not in listed
    assert [(one.item, one.finding.code) for one in failures] == [(second, "certificate-suspended")]
    with pytest.raises(NotFound):
        await jobs.result_of(await small.actor("clerk"), job)


async def test_a_certificate_of_another_contest_is_not_there(client: httpx.AsyncClient) -> None:
    small = await final_contest()
    other = await small_contest(until="draft")
    number = (await numbers())[0]
    token = await log_in_browser(client, other.accounts["organiser"])

    one = await press(client, path(other, f"/{number}/withdraw"), csrf_token=token, reason="x")
    many = await press(
        client, path(other, "/suspend"), csrf_token=token, reason="x", chosen=number, count="1"
    )
    foreign = await client.get(path(small), headers=HTML)

    assert (one.status_code, many.status_code, foreign.status_code) == (404, 404, 403)
    assert await state(number) == "issued"
