"""Sheets on paper: typed by two who don't see one another, entered once, closing like every other."""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
from typing import Any
from uuid import UUID

import pytest
from PIL import Image

from contests.actions import people
from contests.judging.paper.scans import keep_scan
from contests.judging.paper.sheets import paper_of
from contests.judging.paper.typists import settle, type_sheet, typed
from contests.judging.queries import group_sheets
from contests.log import read
from contests.sheets import payload_of
from contests.tables import PaperTyping
from core.audit import entries as audit_entries
from core.errors import Conflict, Invalid
from core.security import Actor, Role, Scope, actor_of
from core.settings import Settings
from tests.factories_contests import Seat, SmallContest, make_account, small_contest

pytestmark = pytest.mark.engine

MARKS = {"look": {"value": "18.5"}, "taste": {"value": "32"}, "care": {"value": "2"}}
OTHER = {**MARKS, "look": {"value": "13.5"}}


async def typists(small: SmallContest) -> tuple[Actor, Actor]:
    """The clerk and a second one."""
    second = await make_account("clerk-2")
    await people.appoint(await small.actor("organiser"), small.contest, second, Role.CLERK)
    return await small.actor("clerk"), await actor_of(second)


async def sheet_of(small: SmallContest, seat: Seat, code: str, module: str = "dish") -> UUID:
    paper = await paper_of(small.contest)
    return next(
        one.sheet
        for one in paper.sheets
        if (one.judge.id, one.code, one.module.id) == (seat.appointment, code, module)
    )


async def bodies(small: SmallContest, kind: str = "sheet") -> list[dict[str, Any]]:
    return [json.loads(line.body) for line in await read(small.contest) if line.kind == kind]


def picture(colour: int = 255) -> bytes:
    out = io.BytesIO()
    Image.new("L", (40, 60), colour).save(out, "PNG")
    return out.getvalue()


async def test_two_typings_that_agree_become_one_sheet_with_the_hash_of_the_scan(
    database: Settings,
) -> None:
    small = await small_contest()
    one, two = await typists(small)
    code = await small.code_of(small.entries[0])
    sheet = await sheet_of(small, small.judges[0], code)
    scan = await keep_scan(small.contest, picture(), account=small.accounts["clerk"])
    assert scan == hashlib.sha256(picture()).hexdigest()

    first = await type_sheet(one, small.contest, sheet, MARKS, scan=scan)
    assert first.step == "waiting"
    assert await bodies(small) == []

    second = await type_sheet(two, small.contest, sheet, MARKS)
    assert (second.step, second.answer) == ("stored", "accepted")

    (body,) = await bodies(small)
    payload = payload_of(body["jws"])
    assert {a: m.value for a, m in payload.marks.items()} == {
        "look": 18_500,
        "taste": 32_000,
        "care": 2000,
    }
    assert payload.paper is not None
    assert (payload.paper.scan, payload.paper.typed) == (scan, (str(one.account), str(two.account)))
    assert (payload.judge, payload.code) == (small.judges[0].appointment, code)


async def test_the_second_typist_sees_nothing_of_the_first_before_typing(
    database: Settings,
) -> None:
    small = await small_contest()
    one, two = await typists(small)
    sheet = await sheet_of(small, small.judges[0], await small.code_of(small.entries[0]))
    await type_sheet(one, small.contest, sheet, MARKS)

    seen = await typed(small.contest, sheet, by=two)

    assert (seen.step, dict(seen.marks), seen.different) == ("first", {}, ())


async def test_one_person_cannot_be_both(database: Settings) -> None:
    small = await small_contest()
    one, _ = await typists(small)
    sheet = await sheet_of(small, small.judges[0], await small.code_of(small.entries[0]))
    for _ in range(3):
        found = await type_sheet(one, small.contest, sheet, MARKS)
        assert found.step == "waiting"
    assert await bodies(small) == []


async def test_differences_are_shown_to_both_and_each_correction_is_kept(
    database: Settings,
) -> None:
    small = await small_contest()
    one, two = await typists(small)
    sheet = await sheet_of(small, small.judges[0], await small.code_of(small.entries[0]))
    await type_sheet(one, small.contest, sheet, MARKS)
    second = await type_sheet(two, small.contest, sheet, OTHER)

    assert second.step == "differs"
    (cell,) = second.different
    assert (cell.aspect, cell.mine, cell.theirs) == ("look", {"value": "13.5"}, {"value": "18.5"})
    (cell,) = (await typed(small.contest, sheet, by=one)).different
    assert (cell.mine, cell.theirs) == ({"value": "18.5"}, {"value": "13.5"})
    third = await actor_of(
        await make_account("spy", (Role.CLERK, Scope("contest", str(small.contest))))
    )
    assert (await typed(small.contest, sheet, by=third)).different == ()

    corrected = await type_sheet(two, small.contest, sheet, MARKS)
    assert corrected.step == "stored"
    kept = [
        (json.loads(e["before"])["marks"]["look"], json.loads(e["after"])["marks"]["look"])
        for e in await audit_entries(Scope("contest", str(small.contest)))
        if e["action"] == "correct_typing"
    ]
    assert kept == [({"value": "13.5"}, {"value": "18.5"})]
    assert len(await bodies(small)) == 1


async def test_a_third_person_settles_it_when_both_insist(database: Settings) -> None:
    small = await small_contest()
    one, two = await typists(small)
    third = await actor_of(
        await make_account("third", (Role.CLERK, Scope("contest", str(small.contest))))
    )
    sheet = await sheet_of(small, small.judges[0], await small.code_of(small.entries[0]))
    await type_sheet(one, small.contest, sheet, MARKS)
    await type_sheet(two, small.contest, sheet, OTHER)

    found = await type_sheet(third, small.contest, sheet, MARKS)

    assert found.step == "stored"
    (body,) = await bodies(small)
    paper = payload_of(body["jws"]).paper
    assert paper is not None
    assert set(paper.typed) == {str(one.account), str(third.account)}


async def test_sent_again_and_again_it_is_one_entry(database: Settings) -> None:
    small = await small_contest()
    one, two = await typists(small)
    sheet = await sheet_of(small, small.judges[0], await small.code_of(small.entries[0]))
    await asyncio.gather(
        type_sheet(one, small.contest, sheet, MARKS), type_sheet(two, small.contest, sheet, MARKS)
    )
    for by in (one, two, one, two):
        await type_sheet(by, small.contest, sheet, MARKS)
        await settle(by, small.contest, sheet)
    assert len(await bodies(small)) == 1


async def test_what_was_agreed_before_a_power_cut_is_entered_afterwards(
    database: Settings,
) -> None:
    small = await small_contest()
    one, two = await typists(small)
    sheet = await sheet_of(small, small.judges[0], await small.code_of(small.entries[0]))
    await type_sheet(one, small.contest, sheet, MARKS)
    await type_sheet(two, small.contest, sheet, MARKS)
    # As if the process had ended between the entry and the note on the typings.
    await PaperTyping.update({PaperTyping.rid: ""}).where(PaperTyping.sheet == sheet)
    assert (await typed(small.contest, sheet, by=one)).step == "agreed"

    found = await settle(one, small.contest, sheet)

    assert (found.step, found.answer) == ("stored", "duplicate")
    assert len(await bodies(small)) == 1


async def test_a_correction_on_paper_replaces_what_came_from_paper(database: Settings) -> None:
    small = await small_contest()
    one, two = await typists(small)
    sheet = await sheet_of(small, small.judges[0], await small.code_of(small.entries[0]))
    for by in (one, two):
        await type_sheet(by, small.contest, sheet, MARKS)
    assert (await type_sheet(one, small.contest, sheet, OTHER)).step == "waiting"

    found = await type_sheet(two, small.contest, sheet, OTHER)

    assert (found.step, found.answer) == ("stored", "accepted")
    first, second = [payload_of(body["jws"]) for body in await bodies(small)]
    assert second.base == first.rid


async def test_paper_never_overwrites_what_a_judge_signed_on_a_tablet(database: Settings) -> None:
    small = await small_contest()
    one, two = await typists(small)
    seat, code = small.judges[0], await small.code_of(small.entries[0])
    await small.submit(seat, code, {"look": "18", "taste": "30", "care": "1"})
    sheet = await sheet_of(small, seat, code)
    await type_sheet(one, small.contest, sheet, MARKS)

    found = await type_sheet(two, small.contest, sheet, MARKS)

    assert found.answer == "conflict"
    assert len(await bodies(small, "sheet")) == 1
    assert len(await bodies(small, "conflict")) == 1


async def test_what_cannot_stand_on_the_sheet_is_refused_by_field(database: Settings) -> None:
    small = await small_contest()
    one, _ = await typists(small)
    sheet = await sheet_of(small, small.judges[0], await small.code_of(small.entries[0]))
    wrong = {"look": {"value": "20.25"}, "paper": {"value": "3"}, "care": {"value": 2}}

    with pytest.raises(Invalid) as refused:
        await type_sheet(one, small.contest, sheet, wrong, scan="0" * 64)

    told = {(f.pointer, f.code) for f in refused.value.findings}
    assert ("/marks/paper", "aspect-not-theirs") in told
    assert ("/marks/taste", "typing-missing") in told
    assert ("/scan", "scan-unknown") in told
    assert any(pointer.startswith("/marks/care") for pointer, _ in told)
    assert await PaperTyping.count() == 0


async def test_nothing_is_typed_after_marking_has_ended(database: Settings) -> None:
    from contests.actions.running import end_judging

    small = await small_contest()
    one, _ = await typists(small)
    sheet = await sheet_of(small, small.judges[0], await small.code_of(small.entries[0]))
    await small.judge_everything()
    await end_judging(await small.actor("chief"), small.contest, now=small.at)

    with pytest.raises(Conflict):
        await type_sheet(one, small.contest, sheet, MARKS)


async def test_a_panel_of_three_tablets_and_two_on_paper_closes_and_hides_until_all_are_in(
    database: Settings,
) -> None:
    small = await small_contest(entrants=2, judges=5)
    one, two = await typists(small)
    for entry in small.entries:
        code = await small.code_of(entry)
        for seat in small.judges[:3]:
            await small.submit(seat, code, {"look": "18", "taste": "30", "care": "2"})
        assert await colleagues(small, code) == 0
        for number, seat in enumerate(small.judges[3:]):
            sheet = await sheet_of(small, seat, code)
            for by in (one, two):
                assert await colleagues(small, code) == 0
                await type_sheet(by, small.contest, sheet, MARKS)
            assert await colleagues(small, code) == (5 if number else 0)
    theory = (await small.codes())["theory"]
    for code in theory:
        sheet = await sheet_of(small, small.judges[0], code, "theory")
        for by in (one, two):
            await type_sheet(by, small.contest, sheet, {"paper": {"value": "25"}})

    assert await small.close() == 1
    assert await small.state() == "closed"


async def colleagues(small: SmallContest, code: str) -> int:
    """How many sheets of the group the first judge is shown."""
    seat = small.judges[0]
    found = await group_sheets(
        small.contest, UUID(seat.appointment), account=seat.account, module="dish", code=code
    )
    return len(found)
