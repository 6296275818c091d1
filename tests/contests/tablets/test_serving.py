"""What a tablet serves: its own contests, to judges who have signed in, and nothing else."""

from __future__ import annotations

from uuid import UUID

import httpx
import pytest

from contests.actions import people
from contests.tables import Device, TabletJudge
from core.accounts import disable_account
from core.security import SYSTEM
from tests.api.kit import caller
from tests.contests.tablets.kit import PIN, Tablet, enrolled, give_pin, serving, slug
from tests.factories_contests import everybody, small_contest

pytestmark = pytest.mark.usefixtures("database")
NOWHERE = "00000000-0000-4000-8000-000000000000"


@pytest.mark.engine
async def test_a_signed_in_judges_pack_comes_with_a_tag_that_the_beat_names(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest()
    seat = small.judges[0]
    tablet = await serving(client, small, seat)
    path = f"/packs/{small.contest}/{seat.account}"

    first = await tablet.send("GET", path)
    again = await tablet.send("GET", path, headers={"If-None-Match": first.headers["etag"]})
    beat = await tablet.beat()

    assert first.status_code == 200
    assert [part["seat"] for part in first.json()["parts"]] == ["J1", "J1"]
    assert again.status_code == 304
    assert again.content == b""
    assert [state["pack"] for state in beat["states"]] == [first.headers["etag"]]


async def test_a_recusal_or_an_appointment_changes_the_tag_and_a_sheet_does_not(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest()
    seat, code = small.judges[0], next(iter((await small.codes())["dish"]))
    tablet = await serving(client, small, seat)

    async def tag() -> str:
        return str((await tablet.beat())["states"][0]["pack"])

    before = await tag()
    await small.submit(seat, code, everybody(("18", "30", "2")))
    signed = await tag()
    await people.end_appointment(await small.actor("organiser"), UUID(small.judges[2].appointment))

    assert signed == before
    assert await tag() != before


async def test_nothing_is_read_for_a_judge_who_has_not_signed_in_here(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest()
    first, second = small.judges[:2]
    tablet = await serving(client, small, first)
    group = f"/group-sheets/{small.contest}"
    query = "module=dish&code=1"

    for path in (
        f"/packs/{small.contest}/{second.account}",
        f"/packs/{NOWHERE}/{first.account}",
        f"/packs/{small.contest}/{NOWHERE}",
        f"{group}/{second.appointment}?{query}",
        f"{group}/{NOWHERE}?{query}",
    ):
        assert slug(await tablet.get(path, 403)) == "not-served", path
    await tablet.get(f"{group}/{first.appointment}?{query}")


async def test_a_tablet_of_one_competition_sees_nothing_of_another(
    client: httpx.AsyncClient,
) -> None:
    small, other = await small_contest(), await small_contest()
    theirs = other.judges[0]
    tablet = await serving(client, small, small.judges[0])
    await give_pin(theirs.account)

    assert slug(await tablet.sign_in(theirs.account, status=403)) == "not-served"
    message = {"text": "hello", "contest": str(other.contest)}
    assert slug(await tablet.post("/messages", message, 403)) == "not-served"
    assert slug(await tablet.get(f"/packs/{other.contest}/{theirs.account}", 403)) == "not-served"
    roster = await tablet.get("/roster")
    assert str(other.contest) not in str(roster)
    beat = await tablet.beat(since={str(other.contest): 0})
    assert str(other.contest) not in str(beat)


async def test_a_judge_of_two_contests_sees_only_the_tablets_own(client: httpx.AsyncClient) -> None:
    small, other = await small_contest(), await small_contest()
    account = small.judges[0].account
    await people.appoint(
        await other.actor("organiser"), other.contest, account, "judge", seat="X9", now=other.at
    )
    tablet = await serving(client, small, small.judges[0])

    beat = await tablet.beat()

    assert [state["contest"] for state in beat["states"]] == [str(small.contest)]
    assert slug(await tablet.get(f"/packs/{other.contest}/{account}", 403)) == "not-served"


async def test_a_judge_signs_out_and_in_again(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    seat = small.judges[0]
    tablet = await serving(client, small, seat)
    path = f"/packs/{small.contest}/{seat.account}"

    await tablet.post(f"/judges/{seat.account}/end", status=204)
    await tablet.post(f"/judges/{seat.account}/end", status=204)
    row = await TabletJudge.select().first()
    assert row is not None
    assert row["ended_at"] is not None
    assert slug(await tablet.get(path, 403)) == "not-served"

    await tablet.sign_in(seat.account)
    await tablet.get(path)
    assert await TabletJudge.count() == 1


async def test_who_is_no_longer_appointed_or_disabled_is_not_on_the_roster(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest()
    one, two = small.judges[:2]
    tablet = await serving(client, small, one, two)
    await people.end_appointment(await small.actor("organiser"), UUID(one.appointment))
    await disable_account(SYSTEM, two.account)

    labels = [person["label"] for person in (await tablet.get("/roster"))["people"]]

    assert labels == ["J3", "chief", "clerk", "leader"]
    assert (await tablet.beat())["states"] == []
    assert slug(await tablet.sign_in(two.account, status=403)) == "not-served"


async def test_a_judge_on_two_tablets_is_seen_on_both(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    seat = small.judges[0]
    one = await serving(client, small, seat, label="Tablet 1")
    two = await serving(client, small, seat, label="Tablet 2")
    await two.beat(judge=str(seat.account))

    roster, beat = await one.get("/roster"), await one.beat()

    person = next(p for p in roster["people"] if p["account"] == str(seat.account))
    for elsewhere in (person["elsewhere"], beat["elsewhere"]):
        told = [(o["account"], o["label"], o["open"]) for o in elsewhere]
        assert told == [(str(seat.account), "Tablet 2", True)]
    assert person["admitted"]
    await two.post(f"/judges/{seat.account}/end", status=204)
    assert (await one.beat())["elsewhere"] == []


async def test_the_roster_says_whose_pin_is_missing_first_or_locked(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest()
    tablet = await enrolled(client, small)
    await give_pin(small.judges[0].account, first=True)
    await give_pin(small.judges[1].account)
    for _ in range(5):
        await tablet.sign_in(small.judges[1].account, "111111", status=403)

    people_ = {p["label"]: p for p in (await tablet.get("/roster"))["people"]}

    states = [
        tuple(people_[label][k] for k in ("has_pin", "pin_first", "pin_locked"))
        for label in ("J1", "J2", "J3")
    ]
    assert states == [(True, True, False), (True, False, True), (False, False, False)]
    assert [label for label, p in people_.items() if p["leader"]] == ["chief", "leader"]


async def test_the_own_browser_of_a_judge_reads_its_pack_and_no_others(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest()
    own = Tablet(client, small.judges[0].device)
    await own.open()

    await own.get(f"/packs/{small.contest}/{small.judges[0].account}")
    other = await own.get(f"/packs/{small.contest}/{small.judges[1].account}", 403)

    assert slug(other) == "not-served"


async def test_the_group_sees_its_sheets_on_a_tablet_when_all_are_in(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest()
    code = next(iter((await small.codes())["dish"]))
    tablet = await serving(client, small, small.judges[0])
    path = f"/group-sheets/{small.contest}/{small.judges[0].appointment}"
    query = f"{path}?module=dish&code={code}&round=1"

    hidden = []
    for seat in small.judges:
        hidden.append(await tablet.get(query))
        await small.submit(seat, code, everybody(("18", "30", "2")))

    assert hidden == [[], [], []]
    assert {sheet["seat"] for sheet in await tablet.get(query)} == {"J1", "J2", "J3"}


async def test_the_control_room_lists_tablets_and_browsers_with_who_has_signed_in(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest()
    seat = small.judges[0]
    tablet = await serving(client, small, seat, label="Tablet 3")
    await tablet.beat(battery=41, charging=False, waiting=2, judge=str(seat.account), fit=True)
    leader = await caller(client, small.accounts["leader"])
    judge = await caller(client, seat.account)
    path = f"/judging/contests/{small.contest}/tablets"

    listed = {one["label"]: one for one in await leader.get(path)}
    await judge.get(path, 403)

    assert set(listed) == {"J1", "J2", "J3", "Tablet 3"}
    found = listed["Tablet 3"]
    assert (found["kind"], found["waiting"], found["gaps"]) == ("tablet", 2, [])
    assert found["facts"]["battery"] == 41
    assert [(s["seat"], s["open"]) for s in found["signed_in"]] == [("J1", True)]
    assert not found["revoked"]
    assert listed["J1"]["kind"] == "personal"


async def test_a_tablet_may_be_renamed_at_its_enrolment_only(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    await enrolled(client, small, "First")
    organiser = await caller(client, small.accounts["organiser"])
    made = await organiser.post(f"/judging/contests/{small.contest}/tablet-codes", {"label": "A"})

    tablet = Tablet(client)
    await tablet.enrol(made["code"], "B")

    assert await Device.exists().where(Device.label == "B", Device.kind == "tablet")
    assert PIN not in str(await Device.select())
