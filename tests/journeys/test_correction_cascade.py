"""One mark is corrected after the certificates are out: exactly what rests on it follows."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime, timedelta

import httpx

from admin.as_of import told as answered
from contests.actions.approvals import decide_approval, request_approval
from contests.actions.foreseeing import foresee
from core import outbox
from core.settings import Settings
from core.tables import AuditEntry, OutboxMessage
from credentials.lifecycle.cases import cases_of
from credentials.lifecycle.graph import cascade
from credentials.tables import Certificate
from credentials.verify import State
from tests.factories_accounts import log_in_browser
from tests.journeys.cascade_kit import by_lists, half_a_mark, played, states, tokens, wanted
from tests.journeys.crowd import SCALE

HTML = {"Accept": "text/html"}
ENTRANTS = max(round(300 * SCALE), 30)
FIRST, SECOND = ENTRANTS // 5, ENTRANTS * 3 // 10
"""So many prizes: everybody else has a third one. JIANGXIN_TEST_SCALE=1 is 300 certificates."""
UP, DOWN = FIRST, FIRST - 1
"""Places of the entry that half a mark lifts into the first prize, and of the one that it pushes out."""


async def test_half_a_mark_among_all_certificates_supersedes_exactly_the_dependents(
    database: Settings,
) -> None:
    small = await played(ENTRANTS, FIRST, SECOND)
    await small.finish()
    await outbox.drain()
    before = await tokens()
    organiser, supervisor = await small.actor("organiser"), await small.actor("supervisor")
    body = await half_a_mark(small, UP)
    up, down = (str(small.entries[place]) for place in (UP, DOWN))

    foreseen = await foresee(small.contest, wanted(body))
    shown = await cascade(foreseen.after)
    untold = await states()
    approval = await request_approval(organiser, small.contest, "correct_mark", body)
    await outbox.drain()
    meanwhile, during = await states(), await by_lists(before[up])
    await decide_approval(supervisor, approval, True)
    await outbox.drain()
    after = await tokens()

    assert len(before) == ENTRANTS
    assert len(shown.entries) == 5  # it passes four others, and three of those keep their prize
    assert shown.untouched == 3
    assert {
        one.entry: (one.before.title["en"], one.after.title["en"]) for one in shown.dependents
    } == {  # type: ignore[union-attr]
        up: ("中式面点制作 second", "中式面点制作 first"),
        down: ("中式面点制作 first", "中式面点制作 second"),
    }
    assert {one.change for one in shown.dependents} == {"superseded"}
    assert untold == {}  # looking changes nothing
    assert meanwhile == {up: "suspended correcting", down: "suspended correcting"}
    assert during["t"] is State.SUSPENDED
    assert {entry for entry in before if before[entry] != after[entry]} == {up, down}
    assert await states() == {up: "revoked correction", down: "revoked correction"}
    assert await by_lists(before[up]) == {"r": State.REVOKED, "t": State.REPLACED}
    for entry in (up, down, str(small.entries[UP + 1])):
        assert set((await by_lists(after[entry])).values()) == {State.VALID}
    assert all(one.settled_at for one in await cases_of(small.contest))


async def test_what_a_declined_correction_held_is_confirmed_as_it_was(database: Settings) -> None:
    small = await played(8, 2, 3)
    await small.finish()
    await outbox.drain()
    before = await tokens()
    organiser, supervisor = await small.actor("organiser"), await small.actor("supervisor")

    body = await half_a_mark(small, 2)
    approval = await request_approval(organiser, small.contest, "correct_mark", body)
    await outbox.drain()
    held = await states()
    await decide_approval(supervisor, approval, False)
    await outbox.drain()

    assert len(held) == 2
    assert await states() == {}
    assert await tokens() == before
    for token in before.values():
        assert set((await by_lists(token)).values()) == {State.VALID}


async def test_a_correction_that_nobody_answers_names_who_can(database: Settings) -> None:
    small = await played(8, 2, 3)
    await small.finish()
    await outbox.drain()
    organiser = await small.actor("organiser")
    body = await half_a_mark(small, 2)
    await request_approval(organiser, small.contest, "correct_mark", body)
    await outbox.drain()
    waiting = (await cases_of(small.contest))[0]

    overdue = OutboxMessage.handler == "credentials.correction_overdue"
    await OutboxMessage.update({OutboxMessage.not_before: datetime.now(UTC)}).where(overdue)
    await outbox.drain()
    case = (await cases_of(small.contest))[0]

    assert waiting.escalated_at is None
    assert waiting.due_at - waiting.asked_at == timedelta(days=3)
    assert len(waiting.numbers) == 2
    assert case.escalated_at is not None
    assert set(case.escalated_to) >= {"chief", "supervisor", "arbitration"}
    assert "organiser" not in case.escalated_to  # who asked can't answer
    assert await AuditEntry.exists().where(AuditEntry.action == "correction.escalate")


async def test_the_verify_page_says_since_when_and_whom_to_ask(client: httpx.AsyncClient) -> None:
    small = await played(8, 2, 3)
    await small.finish()
    await outbox.drain()
    organiser = await small.actor("organiser")
    body = await half_a_mark(small, 2)
    await request_approval(organiser, small.contest, "correct_mark", body)
    await outbox.drain()
    case = (await cases_of(small.contest))[0]

    page = (await client.get(f"/c/{case.numbers[0]}?lang=en")).text
    other = await Certificate.select().where(Certificate.state == "issued").first()
    assert other is not None
    untouched = (await client.get(f"/c/{other['public_id']}?lang=en")).text
    await decide_approval(await small.actor("supervisor"), case.id, False)
    await outbox.drain()
    later = (await client.get(f"/c/{case.numbers[0]}?lang=en")).text

    assert re.search(r"<p>Under correction since \d+ \w+ \d{4}: ask Federation</p>", page)
    assert "orrection" not in untouched
    assert "Genuine and valid" in later
    assert re.search(r"<li>Under correction since .*</li>\s*<li>Confirmed as it was on", later)


async def test_what_was_believed_before_a_correction_is_answered_afterwards(
    client: httpx.AsyncClient,
) -> None:
    small = await played(8, 2, 3)
    small.at = datetime.now(UTC) - timedelta(days=30)
    await small.finish()
    await outbox.drain()
    before = datetime.now(UTC)
    organiser, supervisor = await small.actor("organiser"), await small.actor("supervisor")
    body = await half_a_mark(small, 2)
    approval = await request_approval(organiser, small.contest, "correct_mark", body)
    await outbox.drain()
    meanwhile = datetime.now(UTC)
    await asyncio.sleep(1)  # signatures are dated to the second
    await decide_approval(supervisor, approval, True)
    await outbox.drain()

    told = [await answered(small.contest, at) for at in (before, meanwhile, datetime.now(UTC))]
    await log_in_browser(client, small.accounts["organiser"])
    at = {"at": before.isoformat()}
    page = await client.get(
        f"/console/contests/{small.contest}/as-of", params={**at, "lang": "en"}, headers=HTML
    )
    api = await client.get(f"/api/v1/contests/{small.contest}/as-of", params=at)
    ledger = {"contest": str(small.contest), "issuer": "federation", **at}
    held = await client.get("/api/v1/certificates-as-of", params=ledger)

    up = str(small.entries[2])
    places = [{one["entry"]: one["rank"] for one in then["places"]} for then in told]
    counted = [sorted(one["state"] for one in then["certificates"]) for then in told]
    assert [then["version"] for then in told] == [1, 1, 2]
    assert [place[up] for place in places] == [3, 3, 1]
    assert counted[0] == ["issued"] * 8
    assert counted[1] == ["correcting"] * 2 + ["issued"] * 6
    assert counted[2] == ["issued"] * 8 + ["revoked"] * 2
    assert "Result version 1 stood." in page.text
    assert page.text.count("in force") == 8
    assert api.json()["head"] == told[0]["head"]
    assert [one["state"] for one in held.json()] == ["issued"] * 8


async def test_an_erratum_is_published_with_exactly_what_changed(client: httpx.AsyncClient) -> None:
    small = await played(8, 2, 3)
    await small.finish()
    before = (await client.get(f"/live/{small.contest}?lang=en")).text
    organiser, supervisor = await small.actor("organiser"), await small.actor("supervisor")
    body = await half_a_mark(small, 2)
    approval = await request_approval(organiser, small.contest, "correct_mark", body)
    waiting = (await client.get(f"/live/{small.contest}?lang=en")).text
    await decide_approval(supervisor, approval, True)

    after = (await client.get(f"/live/{small.contest}?lang=en")).text
    table = after[after.index("Erratum of") :]

    assert "Erratum" not in before + waiting
    assert re.findall(r"<td>(\S+) · (\S+)</td>", table) == [
        ("3", "second"),
        ("1", "first"),
        ("1", "first"),
        ("2", "first"),
        ("2", "first"),
        ("3", "second"),
    ]
    assert "选手" not in table  # the organiser publishes no names here
