"""The beat: what a tablet tells, what it hears, and what one costs."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from contests.judging.actions import accept_revisions
from contests.judging.tablets import beat as beating
from contests.tables import Device, Revision
from core import db
from tests.api.kit import caller
from tests.contests.tablets.kit import Tablet, serving
from tests.factories_contests import Seat, SmallContest, everybody, small_contest

pytestmark = pytest.mark.usefixtures("database")
MARKS = everybody(("18", "30", "2"))


def signed(tablet: Tablet, small: SmallContest, seat: Seat, code: str, **changes: Any) -> str:
    """A sheet of this judge, signed by the tablet's key."""
    own, seat.device = seat.device, tablet.device
    try:
        return small.sign_sheet(seat, code, MARKS, **changes)
    finally:
        seat.device = own


async def sent(tablet: Tablet, *sheets: str) -> list[str]:
    answers = await accept_revisions(sheets, kid=tablet.device.kid)
    return [answer.answer for answer in answers]


@pytest.mark.engine
async def test_a_beat_tells_what_changed_and_then_nothing(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    seat, code = small.judges[0], next(iter((await small.codes())["dish"]))
    tablet = await serving(client, small, seat)
    assert await sent(tablet, signed(tablet, small, seat, code)) == ["accepted"]

    first = (await tablet.beat())["states"][0]
    known = {str(small.contest): first["length"]}
    second = (await tablet.beat(since=known))["states"][0]
    await small.submit(small.judges[1], code, MARKS)
    third = (await tablet.beat(since=known))["states"][0]

    assert [(h["code"], h["state"], h["seq"]) for h in first["heads"]] == [
        (code, "signed", first["length"])
    ]
    assert first["heads"][0]["marks"]["look"] == {"value": "18"}
    assert second["heads"] == []
    assert third["heads"] == []
    assert third["length"] > first["length"]
    assert (first["state"], first["ended"]) == ("judging", False)


@pytest.mark.engine
async def test_the_tablet_that_was_first_hears_of_the_conflict_too(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest()
    seat, code = small.judges[0], next(iter((await small.codes())["dish"]))
    tablet = await serving(client, small, seat)
    await sent(tablet, signed(tablet, small, seat, code))
    state = (await tablet.beat())["states"][0]
    seat.heads.clear()
    answer = await small.submit(seat, code, everybody(("17", "30", "2")))

    heard = (await tablet.beat(since={str(small.contest): state["length"]}))["states"][0]

    assert answer.answer == "conflict"
    assert [(h["code"], h["state"]) for h in heard["heads"]] == [(code, "conflict")]


async def test_a_call_to_mark_again_comes_with_the_beat(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    code = next(iter((await small.codes())["dish"]))
    tablet = await serving(client, small, small.judges[0])
    for seat, care in zip(small.judges, ("0", "3", "3"), strict=True):
        await small.submit(seat, code, everybody(("18", "30", care)))

    rounds = (await tablet.beat())["states"][0]["rounds"]

    assert [(r["code"], r["round"], r["aspects"]) for r in rounds] == [(code, 2, ["care"])]
    assert (rounds[0]["panel"], rounds[0]["group"]) == ("referees", "")


async def test_a_tablet_with_two_judges_hears_of_each_apart(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    one, two = small.judges[:2]
    code = next(iter((await small.codes())["dish"]))
    tablet = await serving(client, small, one, two)
    await sent(tablet, signed(tablet, small, one, code))

    states = {state["account"]: state for state in (await tablet.beat())["states"]}

    assert len(states[str(one.account)]["heads"]) == 1
    assert states[str(two.account)]["heads"] == []


@pytest.mark.engine
async def test_a_missing_sheet_is_named_until_it_comes(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    seat, codes = small.judges[0], list((await small.codes())["dish"])
    tablet = await serving(client, small, seat, label="03")
    sheets = [signed(tablet, small, seat, code) for code in codes]
    await sent(tablet, sheets[0], sheets[3])
    leader = await caller(client, small.accounts["leader"])

    async def listed() -> list[int]:
        found = await leader.get(f"/judging/contests/{small.contest}/tablets")
        return next(one["gaps"] for one in found if one["label"] == "03")

    before, shown = (await tablet.beat())["gaps"], await listed()
    await sent(tablet, sheets[1])
    between = (await tablet.beat())["gaps"]
    await sent(tablet, sheets[2])

    assert (before, shown, between) == ([2, 3], [2, 3], [3])
    assert (await tablet.beat())["gaps"] == []
    assert await listed() == []


async def test_a_sheet_that_was_kept_apart_is_no_gap(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    seat, codes = small.judges[0], list((await small.codes())["dish"])
    tablet = await serving(client, small, seat)
    wrong = signed(tablet, small, seat, codes[0], rules="0" * 64)
    right = signed(tablet, small, seat, codes[1])

    answers = await sent(tablet, wrong, right)

    assert answers == ["quarantined", "accepted"]
    assert (await tablet.beat())["gaps"] == []


@pytest.mark.engine
async def test_a_tablet_notices_that_the_server_was_restored_from_an_older_copy(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest()
    seat, codes = small.judges[0], list((await small.codes())["dish"])
    tablet = await serving(client, small, seat)
    sheets = [signed(tablet, small, seat, code) for code in codes]
    await sent(tablet, *sheets)
    before = await tablet.beat(answered=4)
    await Revision.delete().where(Revision.device_seq > 2)
    await Device.update({Device.last_seq: 2, Device.last_hash: "older"}).where(
        Device.kid == tablet.device.kid
    )

    after = await tablet.beat(answered=4)

    assert (before["chain"]["seq"], before["gaps"]) == (4, [])
    assert (after["chain"], after["gaps"]) == ({"seq": 2, "hash": "older"}, [3, 4])
    assert before["installation"] == after["installation"]


async def test_a_claim_beyond_all_reason_costs_little(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    tablet = await serving(client, small, small.judges[0])

    gaps = (await tablet.beat(answered=10**7))["gaps"]

    assert gaps == list(range(1, 201))


@pytest.mark.engine
async def test_a_beat_takes_seven_statements_and_writes_only_what_is_new(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = await small_contest(judges=5)
    code = next(iter((await small.codes())["dish"]))
    tablet = await serving(client, small, *small.judges)
    for seat in small.judges[:4]:
        await sent(tablet, signed(tablet, small, seat, code))
    length = (await tablet.beat())["states"][0]["length"]
    told: list[str] = []
    engine = type(db.engine())
    run = engine.run_querystring

    async def counted(self: Any, querystring: Any, in_pool: bool = False) -> Any:
        told.append(querystring.compile_string("sqlite")[0])
        return await run(self, querystring, in_pool)

    monkeypatch.setattr(engine, "run_querystring", counted)
    await tablet.beat(since={str(small.contest): length})
    quiet = list(told)
    told.clear()
    await tablet.beat(waiting=1, since={str(small.contest): length - 1})

    assert len(quiet) <= 6, quiet
    assert not [text for text in quiet if not text.startswith("SELECT")]
    assert len(told) <= 9, told


async def test_what_a_tablet_tells_is_written_down_when_it_is_new_or_now_and_then(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = await small_contest()
    tablet = await serving(client, small, small.judges[0])

    async def row() -> dict[str, Any]:
        found = await Device.select().where(Device.kid == tablet.device.kid).first()
        assert found is not None
        return found

    await tablet.beat(free_mb=1234, battery=50)
    first = await row()
    await tablet.beat(free_mb=1210, battery=50)
    same = await row()
    await tablet.beat(free_mb=1234, battery=49)
    other = await row()
    monkeypatch.setattr(beating, "SEEN_EVERY", beating.SEEN_EVERY * 0)
    await tablet.beat(free_mb=1234, battery=49)

    assert json.loads(first["facts"])["free_mb"] == 1200
    assert first["last_seen_at"] == same["last_seen_at"] < other["last_seen_at"]
    assert (await row())["last_seen_at"] > other["last_seen_at"]


async def test_a_tablet_can_not_say_that_somebody_else_holds_it(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    one, two = small.judges[:2]
    tablet = await serving(client, small, one)

    await tablet.beat(judge=str(two.account))

    row = await Device.select().where(Device.kid == tablet.device.kid).first()
    assert row is not None
    assert json.loads(row["facts"])["judge"] == ""


@pytest.mark.parametrize(
    "told",
    [
        {"battery": 101},
        {"waiting": -1},
        {"waiting": 10**9},
        {"unfit": ["x" * 41]},
        {"unfit": ["x"] * 21},
        {"since": {"x": -1}},
        {"judge": "nobody"},
        {"answered": 2**60},
        {"kid": "x"},
        {"app": "x" * 41},
    ],
)
async def test_a_beat_of_the_wrong_shape_is_refused(
    client: httpx.AsyncClient, told: dict[str, Any]
) -> None:
    small = await small_contest()
    tablet = await serving(client, small)

    answer = await tablet.send("POST", "/beat", json={"app": "1", "waiting": 0, **told})

    assert answer.status_code == 400


async def test_a_beat_before_anybody_signed_in_and_with_odd_contests(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest()
    tablet = await serving(client, small)

    beat = await tablet.beat(since={"nonsense": 3, str(small.contest): 0})

    assert (beat["states"], beat["messages"], beat["gaps"]) == ([], [], [])
