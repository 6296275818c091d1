"""A locked sheet changes with a leader's countersignature only; two sheets that were mixed up change
places together or not at all."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from contests.actions import running
from contests.judging.actions import Answer, accept_revisions
from contests.judging.changes import disputed_since
from contests.log import read
from contests.sheets import Countersign
from contests.tables import Quarantine
from core.errors import Conflict, Invalid, NotReady
from core.settings import Settings
from tests.contests.storing.kit import (
    MARKS,
    admit,
    appointment_of,
    countersign,
    projection,
    slot_of,
    sound,
    tablet,
)
from tests.factories_contests import Seat, SmallContest, dish_rules, small_contest

pytestmark = pytest.mark.engine


async def _hall(lock: str = "session", entrants: int = 3) -> tuple[SmallContest, Seat, list[str]]:
    """A judge on a shared tablet on which the leader has signed in too."""
    small = await small_contest(entrants=entrants, rules=dish_rules(lock=lock))
    seat = small.judges[0]
    seat.device = await tablet(seat.account, small.accounts["leader"])
    return small, seat, list((await small.codes())["dish"])


async def _send(small: SmallContest, *jws: str) -> list[Answer]:
    return await accept_revisions(jws, kid="courier", now=small.at)


async def _stands(small: SmallContest, seat: Seat, code: str) -> tuple[Any, ...]:
    return (await projection(small))[str(slot_of(small, seat, code))][:2]


# --- locks ------------------------------------------------------------------------------------


async def test_a_sheet_locked_at_signing_keeps_both_until_a_leader_decides(
    database: Settings,
) -> None:
    small, seat, (code, *_) = await _hall("entry")
    await small.submit(seat, code, MARKS)
    first = seat.heads["dish", code, 1, 1]
    other = str(uuid4())

    answer = await small.submit(seat, code, {**MARKS, "look": "1"}, rid=other)

    assert (answer.answer, answer.reason) == ("conflict", "sheet-locked")
    assert await _stands(small, seat, code) == ("conflict", tuple(sorted((first, other))))
    slot, leader = slot_of(small, seat, code), await small.actor("leader")
    with pytest.raises(Invalid):
        await running.decide_conflict(leader, small.contest, slot, UUID(other))
    await running.decide_conflict(leader, small.contest, slot, UUID(other), reason="misread")
    assert await _stands(small, seat, code) == ("accepted", (other,))
    await sound(small)


async def test_a_countersigned_change_of_a_locked_sheet_is_taken(database: Settings) -> None:
    small, seat, (code, *_) = await _hall("entry")
    await small.submit(seat, code, MARKS)
    rid = str(uuid4())

    answer = await small.submit(
        seat, code, {**MARKS, "look": "1"}, rid=rid, countersign=await countersign(small)
    )

    assert (answer.answer, answer.reason) == ("accepted", "")
    assert await _stands(small, seat, code) == ("accepted", (rid,))
    await sound(small)


@pytest.mark.parametrize("wrong", ["judge", "elsewhere", "self", "unknown", "supervisor"])
async def test_a_countersignature_of_anybody_else_opens_no_lock(
    database: Settings, wrong: str
) -> None:
    small, seat, (code, *_) = await _hall("entry")
    await small.submit(seat, code, MARKS)
    name = {"elsewhere": "chief", "supervisor": "supervisor"}.get(wrong)
    ids = {"judge": small.judges[1].appointment, "self": seat.appointment, "unknown": str(uuid4())}
    leader = await appointment_of(small, name) if name else ids[wrong]

    answer = await small.submit(
        seat, code, {**MARKS, "look": "1"}, countersign=Countersign(leader, "because")
    )

    assert (answer.answer, answer.reason) == ("conflict", "sheet-locked")
    await sound(small)


async def test_what_does_not_count_may_be_put_right_without_anybody(database: Settings) -> None:
    small, seat, (code, *_) = await _hall("entry")
    wrong = small.sign_sheet(seat, code, {**MARKS, "look": "18.3"})
    right = small.sign_sheet(seat, code, MARKS)

    answers = await _send(small, wrong) + await _send(small, right)

    assert [(a.answer, a.countable) for a in answers] == [("accepted", False), ("accepted", True)]
    assert (await _stands(small, seat, code))[0] == "accepted"


async def test_the_same_when_the_later_one_arrives_first(database: Settings) -> None:
    small, seat, (code, *_) = await _hall("entry")
    wrong = small.sign_sheet(seat, code, {**MARKS, "look": "18.3"})
    right = small.sign_sheet(seat, code, MARKS)

    early = await _send(small, right)
    await _send(small, wrong)

    assert early[0].answer == "conflict"
    assert await _stands(small, seat, code) == ("accepted", (early[0].rid,))


async def test_a_round_locks_when_the_whole_group_is_in(database: Settings) -> None:
    small, seat, (code, *_) = await _hall("round")
    await small.submit(seat, code, MARKS)
    early = await small.submit(seat, code, {**MARKS, "look": "17"})
    for other in small.judges[1:]:
        await small.submit(other, code, MARKS)

    late = await small.submit(seat, code, {**MARKS, "look": "16"})
    colleague = await small.submit(small.judges[1], code, {**MARKS, "look": "16"})

    assert early.answer == "accepted"
    assert [(a.answer, a.reason) for a in (late, colleague)] == [("conflict", "sheet-locked")] * 2
    await sound(small)


async def test_what_was_signed_before_anybody_could_see_the_others_is_free(
    database: Settings,
) -> None:
    small, seat, (code, *_) = await _hall("round")
    for other in small.judges[1:]:
        await small.submit(other, code, MARKS)
    both = [small.sign_sheet(seat, code, {**MARKS, "look": look}) for look in ("17", "16")]

    answers = await _send(small, *both)

    assert [a.answer for a in answers] == ["accepted", "accepted"]


# --- swaps ------------------------------------------------------------------------------------


async def _swap(
    small: SmallContest, seat: Seat, codes: list[str], **changes: Any
) -> tuple[tuple[str, str], tuple[str, str]]:
    """(rids, revisions) of two works whose marks change places."""
    first, second = codes[:2]
    await small.submit(seat, first, {**MARKS, "look": "7"})
    await small.submit(seat, second, {**MARKS, "look": "8"})
    one, two = str(uuid4()), str(uuid4())
    signed = {"countersign": await countersign(small), **changes}
    made = (
        small.sign_sheet(seat, first, {**MARKS, "look": "8"}, rid=one, swap=two, **signed),
        small.sign_sheet(seat, second, {**MARKS, "look": "7"}, rid=two, swap=one, **signed),
    )
    return (one, two), made


@pytest.mark.parametrize("way", ["together", "reversed", "apart", "apart reversed", "doubled"])
async def test_a_swap_is_one_correction_however_it_arrives(database: Settings, way: str) -> None:
    small, seat, codes = await _hall("entry")
    rids, (one, two) = await _swap(small, seat, codes)

    if way.startswith("apart"):
        pair = (two, one) if "reversed" in way else (one, two)
        early = await _send(small, pair[0])
        assert (early[0].answer, early[0].reason) == ("conflict", "swap-waiting")
        waiting = [await _stands(small, seat, code) for code in codes[:2]]
        assert sorted(state for state, _ in waiting) == ["accepted", "conflict"]
        answers = await _send(small, pair[1], pair[0])
    else:
        answers = await _send(small, *{"together": (one, two), "reversed": (two, one)}.get(
            way, (one, two, one, two)))  # fmt: skip
        assert {a.answer for a in answers} <= {"accepted", "duplicate"}

    assert answers[0].answer == "accepted"
    assert [await _stands(small, seat, code) for code in codes[:2]] == [
        ("accepted", (rids[0],)),
        ("accepted", (rids[1],)),
    ]
    await sound(small)
    assert await Quarantine.count() == 0


async def test_a_tablet_hears_of_the_half_that_another_entry_completed(database: Settings) -> None:
    small, seat, codes = await _hall()
    _, (one, two) = await _swap(small, seat, codes)
    await _send(small, one)
    length = len(await read(small.contest))

    await _send(small, two)

    slots = {slot_of(small, seat, code) for code in codes[:2]}
    assert set(await disputed_since(small.contest, length)) == slots
    assert await disputed_since(small.contest, len(await read(small.contest))) == []


async def test_half_a_swap_keeps_the_contest_open_and_a_leader_can_end_it(
    database: Settings,
) -> None:
    small, seat, codes = await _hall(entrants=2)
    await small.judge_everything()
    seat.heads.clear()
    known = await small.replayed()
    seat.heads |= {
        ("dish", s.sheet.entry, 1, 1): s.rid
        for s in known.sheets
        if s.sheet.judge == seat.appointment and s.sheet.module == "dish"
    }
    rids, (one, two) = await _swap(small, seat, codes)
    await _send(small, one)

    with pytest.raises(NotReady) as refused:
        await running.end_judging(await small.actor("chief"), small.contest)
    assert "conflict-undecided" in {f.code for f in refused.value.findings}
    slot, leader = slot_of(small, seat, codes[0]), await small.actor("leader")
    before = next(r for r in (await small.replayed()).conflicts[str(slot)] if r != rids[0])
    await running.decide_conflict(leader, small.contest, slot, UUID(before), reason="no swap")
    late = await _send(small, two)

    assert (late[0].answer, late[0].reason) == ("conflict", "swap-wrong")
    assert await _stands(small, seat, codes[0]) == ("accepted", (before,))


async def test_a_swap_that_names_a_foreign_sheet_changes_nothing(database: Settings) -> None:
    small, seat, codes = await _hall()
    other = small.judges[1]
    other.device = seat.device  # the same tablet, another judge
    await admit(seat.device, other.account)
    signed: dict[str, Any] = {"countersign": await countersign(small)}
    for judge in (seat, other):
        for code in codes[:2]:
            await small.submit(judge, code, MARKS)
    before = await projection(small)
    one, two = str(uuid4()), str(uuid4())
    mine = small.sign_sheet(seat, codes[0], {**MARKS, "look": "1"}, rid=one, swap=two, **signed)
    theirs = small.sign_sheet(other, codes[1], {**MARKS, "look": "1"}, rid=two, swap=one, **signed)

    answers = await _send(small, mine, theirs)

    assert [(a.answer, a.reason) for a in answers] == [("conflict", "swap-wrong")] * 2
    found = await projection(small)
    unchanged = {slot for slot in before if found[slot] == before[slot]}
    assert len(before) - len(unchanged) == 2
    assert all(found[slot][0] == "conflict" for slot in before if slot not in unchanged)


@pytest.mark.parametrize("change", [{"countersign": None}, {"seq": 40}])
async def test_a_swap_without_a_leader_or_out_of_step_is_none(
    database: Settings, change: dict[str, Any]
) -> None:
    small, seat, codes = await _hall()
    _, made = await _swap(small, seat, codes, **change)

    answers = await _send(small, *made)

    assert {(a.answer, a.reason) for a in answers} == {("conflict", "swap-wrong")}


async def test_nobody_decides_about_his_own_sheet(database: Settings) -> None:
    small, seat, (code, *_) = await _hall("entry")
    await small.submit(seat, code, MARKS)
    await small.submit(seat, code, {**MARKS, "look": "1"})
    slot, chosen = slot_of(small, seat, code), UUID(seat.heads["dish", code, 1, 1])
    own = replace(await small.actor("leader"), account=seat.account)

    with pytest.raises(Conflict):
        await running.decide_conflict(own, small.contest, slot, chosen, reason="mine")
