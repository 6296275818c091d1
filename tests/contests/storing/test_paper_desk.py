"""Sheets that two persons typed from paper: the same entries, under the installation's own key."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

import pytest

from contests.judging.actions import (
    Answer,
    accept_revision,
    enrol_device,
    enter_from_paper,
    paper_desk_key,
)
from contests.judging.signing import receipt_public_jwk
from contests.log import read
from contests.sheets import Paper, payload_of
from contests.tables import Device
from core.errors import Conflict, Invalid, WrongState
from core.settings import Settings
from tests.contests.storing.kit import MARKS, projection, slot_of, sound
from tests.factories_contests import Seat, SmallContest, as_mark, small_contest

pytestmark = pytest.mark.engine


async def _typed(
    small: SmallContest, seat: Seat, code: str, marks: Mapping[str, str], **more: Any
) -> Answer:
    values: dict[str, Any] = {
        "rid": uuid4(),
        "module": "dish",
        "code": code,
        "judge": UUID(seat.appointment),
        "marks": {aspect: as_mark(mark) for aspect, mark in marks.items()},
        "typed": (small.accounts["clerk"], small.accounts["organiser"]),
        "now": small.at,
        **more,
    }
    return await enter_from_paper(small.contest, **values)


async def test_paper_and_tablets_close_a_panel_together(database: Settings) -> None:
    small = await small_contest(entrants=1)
    code = next(iter((await small.codes())["dish"]))
    await small.submit(small.judges[0], code, MARKS)

    answers = [await _typed(small, seat, code, MARKS) for seat in small.judges[1:]]

    assert [a.answer for a in answers] == ["accepted", "accepted"]
    assert {facts[0] for facts in (await projection(small)).values()} == {"accepted"}
    await sound(small)
    entered = [line for line in await read(small.contest) if line.kind == "device_enrolled"]
    assert len(entered) == 2
    device = await paper_desk_key()
    assert (device["kind"], device["last_seq"]) == ("desk", 2)


async def test_the_same_typing_twice_is_one_entry(database: Settings) -> None:
    small = await small_contest(entrants=1)
    code, rid = next(iter((await small.codes())["dish"])), uuid4()

    first = await _typed(small, small.judges[0], code, MARKS, rid=rid)
    again = await _typed(small, small.judges[0], code, MARKS, rid=rid)

    assert (again.answer, again.receipt) == ("duplicate", first.receipt)
    assert (await paper_desk_key())["last_seq"] == 1


async def test_a_tablets_sheet_is_never_replaced_by_paper_without_a_word(
    database: Settings,
) -> None:
    small = await small_contest(entrants=1)
    seat, code = small.judges[0], next(iter((await small.codes())["dish"]))
    await small.submit(seat, code, MARKS)

    answer = await _typed(small, seat, code, {**MARKS, "look": "1"})

    assert answer.answer == "conflict"
    assert (await projection(small))[str(slot_of(small, seat, code))][0] == "conflict"


async def test_many_typings_at_once_make_one_unbroken_chain(database: Settings) -> None:
    contests = [await small_contest(entrants=3) for _ in range(2)]
    work = [
        (small, seat, code)
        for small in contests
        for code in (await small.codes())["dish"]
        for seat in small.judges
    ]

    answers = await asyncio.gather(*(_typed(s, seat, code, MARKS) for s, seat, code in work))

    assert {a.answer for a in answers} == {"accepted"}
    signed = []
    for small in contests:
        await sound(small)
        lines = [line for line in await read(small.contest) if line.kind == "sheet"]
        signed += [payload_of(json.loads(line.body)["jws"]) for line in lines]
    assert sorted(payload.seq for payload in signed) == list(range(1, len(work) + 1))
    assert len({payload.prev for payload in signed}) == len(work)


async def test_one_person_alone_types_nothing(database: Settings) -> None:
    small = await small_contest(entrants=1)
    code, clerk = next(iter((await small.codes())["dish"])), small.accounts["clerk"]

    with pytest.raises(Invalid) as refused:
        await _typed(small, small.judges[0], code, MARKS, typed=(clerk, clerk))

    assert [f.code for f in refused.value.findings] == ["typed-by-one"]
    assert (await paper_desk_key())["last_seq"] == 0


async def test_nobody_takes_the_desks_place(database: Settings) -> None:
    small = await small_contest(entrants=1)
    with pytest.raises(Conflict):
        await enrol_device(small.judges[0].actor, public_jwk=receipt_public_jwk())

    seat, code = small.judges[0], next(iter((await small.codes())["dish"]))
    paper = Paper((str(small.accounts["clerk"]), str(small.accounts["organiser"])))
    answer = await accept_revision(
        small.sign_sheet(seat, code, MARKS, paper=paper), account=seat.account
    )

    assert (answer.answer, answer.reason) == ("quarantined", "paper-not-here")
    assert await Device.count().where(Device.kind == "desk") == 0


async def test_after_closing_nothing_is_typed_in(database: Settings) -> None:
    small = await small_contest(entrants=1)
    code = next(iter((await small.codes())["dish"]))
    await small.judge_everything()
    await small.close()

    with pytest.raises(WrongState):
        await _typed(small, small.judges[0], code, MARKS)
