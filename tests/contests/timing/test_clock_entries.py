"""The time-keepers' entries: sent twice they are one, late ones stand in the order of their instants."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from contests.actions import people, running
from contests.judging.timing.queries import clocks_of
from contests.log import read
from core.errors import Conflict, Forbidden, Invalid
from core.security import Actor, Role, actor_of
from core.settings import Settings
from tests.api.kit import caller
from tests.factories_contests import SmallContest, make_account, small_contest

pytestmark = pytest.mark.engine


async def keeper_of(small: SmallContest) -> Actor:
    account = small.accounts["keeper"] = await make_account("keeper")
    organiser = await small.actor("organiser")
    await people.appoint(organiser, small.contest, account, Role.TIME_KEEPER)
    return await actor_of(account)


async def entries(small: SmallContest, *kinds: str) -> list[dict[str, Any]]:
    return [json.loads(line.body) for line in await read(small.contest) if line.kind in kinds]


async def gross(small: SmallContest) -> list[tuple[int, int]]:
    return [(t.gross, t.compensation) for t in (await small.replayed()).by_code.timings]


async def test_a_stamp_sent_twice_is_one_entry_and_another_under_its_id_is_refused(
    database: Settings,
) -> None:
    small = await small_contest(entrants=1)
    keeper, code, id_ = await keeper_of(small), await small.code_of(small.entries[0]), uuid4()
    start: dict[str, Any] = {"module": "dish", "code": code, "id_": id_}
    for _ in range(3):
        await running.record_clock(keeper, small.contest, stamp="start", at=small.at, **start)
    with pytest.raises(Conflict):
        await running.record_clock(keeper, small.contest, stamp="stop", at=small.at, **start)
    given = {**start, "id_": uuid4(), "seconds": 60, "cause": "power cut", "acknowledged": True}
    for _ in range(2):
        await running.record_interruption(keeper, small.contest, **given)

    assert len(await entries(small, "clock")) == 1
    assert len(await entries(small, "interruption")) == 1


async def test_stamps_that_arrive_late_stand_in_the_order_of_their_instants(
    database: Settings,
) -> None:
    small = await small_contest(entrants=1)
    keeper, code = await keeper_of(small), await small.code_of(small.entries[0])
    minutes = {"start": 0, "pause": 10, "resume": 15, "stop": 70}
    for stamp in ("stop", "resume", "pause", "start"):
        at = small.at + timedelta(minutes=minutes[stamp])
        await running.record_clock(
            keeper, small.contest, module="dish", code=code, stamp=stamp, at=at
        )
    assert await gross(small) == [(4200, 300)]


async def test_a_wrong_stamp_and_a_wrong_compensation_are_taken_back_and_both_stay(
    database: Settings,
) -> None:
    small = await small_contest(entrants=1)
    keeper, code = await keeper_of(small), await small.code_of(small.entries[0])
    work: dict[str, Any] = {"module": "dish", "code": code}
    wrong, given = uuid4(), uuid4()
    for stamp, minute, id_ in (("start", 0, uuid4()), ("stop", 5, wrong), ("stop", 60, uuid4())):
        at = small.at + timedelta(minutes=minute)
        await running.record_clock(keeper, small.contest, stamp=stamp, at=at, id_=id_, **work)
    await running.record_interruption(
        keeper, small.contest, seconds=600, cause="x", acknowledged=False, id_=given, **work
    )
    assert await gross(small) == [(3600, 600)]

    for taken in (wrong, given):
        with pytest.raises(Invalid):
            await running.record_clock(keeper, small.contest, stamp="cancel", cancels=taken, **work)
        await running.record_clock(
            keeper, small.contest, stamp="cancel", cancels=taken, reason="too early", **work
        )
    assert await gross(small) == [(3600, 0)]
    assert len(await entries(small, "clock", "interruption")) == 6
    with pytest.raises(Invalid):
        await running.record_clock(
            keeper, small.contest, stamp="cancel", cancels=uuid4(), reason="?", **work
        )
    _, modules = await clocks_of(small.contest)
    stamps = modules[0].works[0].attempts[0].stamps
    assert {s.id for s in stamps if s.cancelled} == {str(wrong), str(given)}


async def test_the_keeper_keeps_the_time_and_nothing_else(database: Settings) -> None:
    small = await small_contest(entrants=1)
    keeper, code = await keeper_of(small), await small.code_of(small.entries[0])
    with pytest.raises(Forbidden):
        await running.record_status(keeper, small.contest, status="DNF", module="dish", code=code)
    with pytest.raises(Forbidden):
        await running.end_judging(keeper, small.contest)
    judge = small.judges[0].actor
    with pytest.raises(Forbidden):
        await running.record_clock(judge, small.contest, module="dish", code=code, stamp="start")


async def test_over_http_with_the_clocks_and_no_marks(
    database: Settings, client: httpx.AsyncClient
) -> None:
    small = await small_contest(entrants=2)
    await small.judge_everything()
    await keeper_of(small)
    keeper = await caller(client, small.accounts["keeper"])
    mine = await keeper.get("/judging/timing")
    assert [one["id"] for one in mine["contests"]] == [str(small.contest)]
    code, path = await small.code_of(small.entries[0]), f"/contests/{small.contest}"
    stamp = {"module": "dish", "code": code, "stamp": "start", "id": str(uuid4())}
    for _ in range(2):
        await keeper.post(f"{path}/clock", {**stamp, "at": "2024-10-10T08:00:00.000Z"}, status=204)
    await keeper.post(f"{path}/clock", {**stamp, "id": "x"}, status=422)

    found = await keeper.get(f"/judging/timing/{small.contest}")
    stamps = [
        s for m in found["modules"] for w in m["works"] for a in w["attempts"] for s in a["stamps"]
    ]
    assert [(s["kind"], s["at"]) for s in stamps] == [("start", "2024-10-10T08:00:00.000000Z")]
    assert "marks" not in json.dumps(found)
    await keeper.get(f"/contests/{small.contest}/standings", status=403)
    outsider = await caller(client, await make_account("outsider"))
    await outsider.get(f"/judging/timing/{small.contest}", status=403)
    assert (await outsider.get("/judging/timing"))["contests"] == []
