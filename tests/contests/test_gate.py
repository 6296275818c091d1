"""Submitting and closing wait for each other on one row: nothing that was accepted is lost."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from uuid import UUID

import pytest

from contests.actions import closing, draw, running
from contests.actions.sheets import end_marking
from contests.chain import verify_chain
from contests.judging.actions import Answer, accept_revision
from contests.log import append, open_gate, read, writing
from contests.tables import Contest, SheetRow
from core.db import transaction
from core.errors import NotFound, WrongState
from core.settings import Settings
from tests.factories_contests import SmallContest, small_contest

pytestmark = pytest.mark.engine

MARKS = {"look": "18", "taste": "30", "care": "2"}


async def test_no_accepted_sheet_is_lost_when_marking_ends_at_the_same_time(
    database: Settings,
) -> None:
    small = await small_contest(entrants=3)
    await small.judge_everything()
    revisions = await _revisions(small, each=6)

    answers, _ = await asyncio.gather(
        asyncio.gather(*(_send(*revision) for revision in revisions)), _end(small)
    )

    lines = await read(small.contest)
    stored = {line.seq for line in lines if line.kind in {"sheet", "conflict"}}
    ended = next(line.seq for line in lines if line.kind == "judging_ended")
    accepted = {answer.seq for answer in answers if answer.answer in {"accepted", "conflict"}}
    assert accepted <= stored
    assert all(seq < ended for seq in stored)
    assert {a.answer for a in answers} <= {"accepted", "conflict", "late"}
    assert verify_chain(lines) == []


async def test_sheets_sent_at_once_become_one_chain(database: Settings) -> None:
    small = await small_contest(entrants=6)
    codes = (await small.codes())["dish"]
    sheets = [
        (small.sign_sheet(seat, code, MARKS), seat.account)
        for seat in small.judges
        for code in codes
    ]

    answers = await asyncio.gather(*(_send(jws, account) for jws, account in sheets))

    lines = await read(small.contest)
    assert {answer.answer for answer in answers} == {"accepted"}
    assert len({answer.seq for answer in answers}) == len(sheets)
    assert await SheetRow.count() == len(sheets)
    assert verify_chain(lines, contest=str(small.contest)) == []
    row = await Contest.select(Contest.head, Contest.length).where(Contest.id == small.contest)
    assert (row[0]["head"], row[0]["length"]) == (lines[-1].hash, len(lines))


async def test_the_same_revision_sent_many_times_at_once_is_stored_once(
    database: Settings,
) -> None:
    small = await small_contest()
    seat = small.judges[0]
    jws = small.sign_sheet(seat, await small.code_of(small.entries[0]), MARKS)

    answers = await asyncio.gather(*(_send(jws, seat.account) for _ in range(8)))

    assert sorted(answer.answer for answer in answers) == ["accepted", *["duplicate"] * 7]
    assert len({answer.receipt for answer in answers}) == 1


async def test_two_closings_at_once_make_one_result(database: Settings) -> None:
    small = await small_contest(entrants=2)
    await small.judge_everything()
    chief = await small.actor("chief")
    await draw.open_codes(chief, await small.actor("supervisor"), small.contest)

    outcomes = await asyncio.gather(
        *(closing.close_contest(chief, small.contest) for _ in range(3)), return_exceptions=True
    )

    assert sorted(type(outcome).__name__ for outcome in outcomes) == [
        "WrongState",
        "WrongState",
        "int",
    ]
    assert len((await small.replayed()).versions) == 1


async def test_a_failing_step_leaves_no_entry(database: Settings) -> None:
    small = await small_contest(until="ready")
    before = await read(small.contest)

    with pytest.raises(RuntimeError):
        await _add_and_fail(small)

    assert await read(small.contest) == before


async def test_another_homes_contest_is_not_written(database: Settings) -> None:
    small = await small_contest(until="ready")
    await Contest.update({Contest.home: "elsewhere"}).where(Contest.id == small.contest)

    async with transaction():
        assert await open_gate(small.contest, ("ready",), now=datetime.now(UTC)) is None
    with pytest.raises(WrongState) as refused:
        await running.start_judging(await small.actor("chief"), small.contest)

    assert refused.value.params["state"] == "lent"


async def test_an_unknown_contest_is_not_found(database: Settings) -> None:
    small = await small_contest(until="draft")

    with pytest.raises(NotFound):
        async with transaction():
            await append(small.competition, "note", {})


async def _send(jws: str, account: UUID) -> Answer:
    return await accept_revision(jws, account=account)


async def _end(small: SmallContest) -> None:
    """Ends marking as the hall would see it, whatever is still on its way."""
    await asyncio.sleep(0.01)
    chief = await small.actor("chief")
    async with transaction(), writing(small.contest, "judging", now=datetime.now(UTC)) as log:
        await end_marking(log, chief)


async def _revisions(small: SmallContest, *, each: int) -> list[tuple[str, UUID]]:
    codes = (await small.codes())["dish"]
    return [
        (small.sign_sheet(seat, code, {**MARKS, "taste": str(20 + n)}), seat.account)
        for code in codes
        for seat in small.judges
        for n in range(each)
    ]


async def _add_and_fail(small: SmallContest) -> None:
    async with transaction(), writing(small.contest, "ready", now=datetime.now(UTC)) as log:
        log.add("note", {})
        await log.flush()
        raise RuntimeError("the power failed")
