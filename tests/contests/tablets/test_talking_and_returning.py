"""Messages both ways, and giving a tablet back."""

from __future__ import annotations

import httpx
import pytest

from contests.judging.actions import accept_revisions
from contests.tables import Device, TabletJudge
from core.tables import AuditEntry
from tests.api.kit import caller, codes
from tests.contests.tablets.kit import enrolled, serving, slug
from tests.contests.tablets.test_beat import sent, signed
from tests.factories_contests import small_contest

pytestmark = pytest.mark.usefixtures("database")


@pytest.mark.engine
async def test_a_message_waits_on_the_tablet_until_it_was_shown(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    tablet = await serving(client, small, small.judges[0])
    leader = await caller(client, small.accounts["leader"])
    path = f"/judging/tablets/{tablet.device.kid}/messages"
    made = await leader.post(path, {"text": " Lunch moves to 12:30. "})

    waiting = (await tablet.beat())["messages"]
    await tablet.post(f"/messages/{made['id']}/read", status=204)

    assert [(m["id"], m["text"]) for m in waiting] == [(made["id"], "Lunch moves to 12:30.")]
    assert (await tablet.beat())["messages"] == []
    listed = await leader.get(f"/judging/contests/{small.contest}/messages")
    assert [(m["sender"], m["read_at"] is None) for m in listed] == [("leader", False)]


async def test_a_tablets_message_reaches_its_control_room(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    seat = small.judges[0]
    tablet = await serving(client, small, seat, label="Tablet 4")
    await tablet.beat(judge=str(seat.account))
    clerk = await caller(client, small.accounts["clerk"])
    path = f"/judging/contests/{small.contest}/messages"

    made = await tablet.post(
        "/messages", {"text": "No power at place 7", "contest": str(small.contest)}, 201
    )
    listed = await clerk.get(path)
    await clerk.post(f"{path}/{made['id']}/read", status=204)

    assert [(m["label"], m["sender"], m["text"]) for m in listed] == [
        ("Tablet 4", "J1", "No power at place 7")
    ]
    assert (await clerk.get(path))[0]["read_at"]
    assert (await tablet.beat())["messages"] == []


async def test_nobody_reads_or_writes_another_tablets_messages(client: httpx.AsyncClient) -> None:
    small, other = await small_contest(), await small_contest()
    tablet, neighbour = await enrolled(client, small), await enrolled(client, small)
    leader = await caller(client, small.accounts["leader"])
    stranger = await caller(client, other.accounts["leader"])
    judge = await caller(client, small.judges[0].account)
    path = f"/judging/tablets/{tablet.device.kid}/messages"
    made = await leader.post(path, {"text": "hello"})

    await neighbour.post(f"/messages/{made['id']}/read", status=404)
    await stranger.post(path, {"text": "hello"}, 403)
    await judge.post(path, {"text": "hello"}, 403)
    await leader.post(path, {"text": "x", "contest": str(other.contest)}, 404)
    await stranger.get(f"/judging/contests/{small.contest}/messages", 403)
    read = f"/judging/contests/{other.contest}/messages/{made['id']}/read"
    await stranger.post(read, status=404)
    assert len((await tablet.beat())["messages"]) == 1


@pytest.mark.parametrize("text", ["", "   "])
async def test_an_empty_message_is_refused(client: httpx.AsyncClient, text: str) -> None:
    small = await small_contest()
    tablet = await enrolled(client, small)
    body = {"text": text, "contest": str(small.contest)}

    assert codes(await tablet.post("/messages", body, 422)) == ["message-length"]


@pytest.mark.engine
async def test_a_tablet_is_given_back_when_every_sheet_has_arrived(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest()
    seat, codes_ = small.judges[0], list((await small.codes())["dish"])
    tablet = await serving(client, small, seat)
    sheets = [signed(tablet, small, seat, code) for code in codes_]
    wrong = signed(tablet, small, seat, codes_[0], rules="0" * 64)
    await sent(tablet, sheets[0], sheets[3])

    refused = await tablet.post("/return", {"signed": 5}, 409)
    await tablet.beat()
    await sent(tablet, sheets[1], sheets[2], wrong)
    await tablet.post("/return", {"signed": 5}, 204)

    assert slug(refused) == "numbers-missing"
    assert "2–3, 5" in refused["detail"]
    assert [finding["params"]["seq"] for finding in refused["findings"]] == ["2", "3", "5"]
    row = await Device.select().where(Device.kid == tablet.device.kid).first()
    assert row is not None
    assert row["returned_at"] == row["revoked_at"] is not None
    assert await TabletJudge.count().where(TabletJudge.ended_at.is_null()) == 0
    assert slug(await tablet.get("/roster", 401)) == "device-revoked"
    assert await AuditEntry.exists().where(AuditEntry.action == "tablet.returned")


async def test_a_tablet_that_claims_less_than_is_known_is_not_believed(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest()
    seat, codes_ = small.judges[0], list((await small.codes())["dish"])
    tablet = await serving(client, small, seat)
    sheets = [signed(tablet, small, seat, code) for code in codes_]
    await sent(tablet, sheets[2])

    refused = await tablet.post("/return", {"signed": 0}, 409)

    assert "1–2" in refused["detail"]


async def test_an_unused_tablet_is_given_back_and_signs_nothing_more(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest()
    seat, code = small.judges[0], next(iter((await small.codes())["dish"]))
    tablet = await serving(client, small, seat)
    await tablet.post("/return", {}, 204)

    answers = await accept_revisions([signed(tablet, small, seat, code)], kid=tablet.device.kid)

    assert (answers[0].answer, answers[0].reason) == ("quarantined", "device-revoked")


async def test_a_tablet_brings_a_colleagues_sheets(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    seat, code = small.judges[0], next(iter((await small.codes())["dish"]))
    tablet = await serving(client, small, seat)
    courier = await enrolled(client, small, "Courier")
    sheet = signed(tablet, small, seat, code)
    headers = {"Authorization": f"Tablet {courier.token}"}

    brought = await client.post(
        "/api/v1/judging/revisions", json={"revisions": [sheet]}, headers=headers
    )
    nobody = await client.post("/api/v1/judging/revisions", json={"revisions": [sheet]})

    assert [a["answer"] for a in brought.json()["answers"]] == ["accepted"]
    assert nobody.status_code == 401
