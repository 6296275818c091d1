"""What rests on a mark is shown before anybody asks for its correction."""

from __future__ import annotations

import re
import time

import httpx
import pypdfium2

from contests.actions.approvals import decide_approval
from contests.tables import Approval
from core import outbox
from credentials.presented import verify
from credentials.rendering import payload_of
from credentials.tables import Certificate
from credentials.verify import State
from tests.factories_accounts import log_in_browser
from tests.journeys.cascade_kit import half_a_mark, played, states, tokens

HTML = {"Accept": "text/html"}


async def test_before_and_after_are_shown_first_and_printed_while_it_waits(
    client: httpx.AsyncClient,
) -> None:
    small = await played(8, 2, 3)
    await small.finish()
    await outbox.drain()
    await log_in_browser(client, small.accounts["organiser"])
    body = await half_a_mark(small, 2)
    base = f"/console/contests/{small.contest}"
    path = f"{base}/recheck/dish/{body['code']}/{body['judge']}/taste"
    form = (await client.get(f"{path}?lang=en", headers=HTML)).text
    found = re.search(r'name="csrf_token" value="([^"]+)"', form)
    assert found is not None
    typed = {"csrf_token": found[1], "value": body["mark"]["value"], "reason": body["reason"]}

    first = await client.post(path, data=typed, headers=HTML)
    asked = await Approval.count()
    second = await client.post(path, data={**typed, "seen": "yes"}, headers=HTML)
    await outbox.drain()
    waiting = await Approval.select().where(Approval.verb == "correct_mark").first()
    assert waiting is not None
    paper = await client.get(f"{base}/corrections/{waiting['id']}?lang=en", headers=HTML)
    listed = await client.get(f"{base}/corrections?lang=en", headers=HTML)

    assert first.status_code == 200
    assert asked == 0  # looking asks for nothing
    assert first.text.count("Replaced by a certificate for the other prize.") == 2
    assert "选手2-0" in first.text
    assert body["reason"] in first.text  # nothing that was typed is lost
    assert second.status_code == 303
    assert paper.text.count("Replaced by a certificate for the other prize.") == 2
    assert "Under correction meanwhile: 2" in listed.text
    assert len(await states()) == 2


async def test_a_stranger_sees_no_correction(client: httpx.AsyncClient) -> None:
    small = await played(8, 2, 3)
    await log_in_browser(client, small.accounts["clerk"])

    answer = await client.get(f"/console/contests/{small.contest}/corrections", headers=HTML)

    assert answer.status_code == 403


async def test_a_lost_paper_is_printed_again_with_a_mark_from_the_list(
    client: httpx.AsyncClient,
) -> None:
    small = await played(4, 1, 1)
    await small.finish()
    await outbox.drain()
    await log_in_browser(client, small.accounts["organiser"])
    base = f"/console/contests/{small.contest}/certificates"
    page = (await client.get(f"{base}?lang=en", headers=HTML)).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    number = re.search(r"/certificates/([0-9A-Z]{12})/reissue", page)
    assert token is not None
    assert number is not None
    plain = words_of((await client.get(f"{base}/{number[1]}/pdf")).content)

    typed = {"csrf_token": token[1], "reason": "Lost in the post"}
    done = await client.post(f"{base}/{number[1]}/reissue", data=typed, headers=HTML)
    unreasoned = await client.post(
        f"{base}/{number[1]}/reissue", data={**typed, "reason": ""}, headers=HTML
    )
    marked = words_of((await client.get(f"{base}/{number[1]}/pdf")).content)

    assert done.status_code == 303
    assert unreasoned.status_code == 422
    assert "补发" not in plain
    assert "补发第1次" in re.sub(r"\s", "", marked)


def words_of(pdf: bytes) -> str:
    page = pypdfium2.PdfDocument(pdf)[0]
    return str(page.get_textpage().get_text_range())


async def test_a_wrong_name_is_put_right_and_printed_again_in_four_actions_and_a_minute(
    client: httpx.AsyncClient,
) -> None:
    small = await played(4, 1, 1)
    await small.finish()
    await outbox.drain()
    signed = await tokens()
    row = await Certificate.select().where(Certificate.entry == str(small.entries[0])).first()
    assert row is not None
    base = f"/console/contests/{small.contest}/certificates"
    number, old = row["public_id"], signed[row["entry"]]
    await log_in_browser(client, small.accounts["organiser"])
    page = (await client.get(f"{base}?lang=en", headers=HTML)).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token is not None
    started = time.monotonic()

    typed = {"csrf_token": token[1], "name": "選手𠮷", "reason": "Misspelt on the list"}
    asked = await client.post(f"{base}/{number}/name", data=typed, headers=HTML)  # 1
    waiting = await Approval.select().where(Approval.verb == "correct_name").first()
    assert waiting is not None
    await decide_approval(
        await small.actor("supervisor"), waiting["id"], True
    )  # 2, 3: open, approve
    await outbox.drain()
    printed = words_of((await client.get(f"{base}/{number}/pdf")).content)  # 4
    taken = time.monotonic() - started
    now = await tokens()
    verdict, _ = await verify(old.encode())

    assert asked.status_code == 303
    assert taken < 60
    assert "𠮷" in printed
    assert {entry for entry in signed if signed[entry] != now[entry]} == {row["entry"]}
    assert payload_of(now[row["entry"]])["name"] == payload_of(old)["name"]  # the prize
    status = next(check for check in verdict.checks if check.id == "status")
    assert (verdict.state, status.code) == (State.REPLACED, "status-renamed")
    history = (await client.get(f"/c/{number}?lang=en")).text
    assert "replaced because of a spelling correction" in history
