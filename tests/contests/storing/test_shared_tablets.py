"""One tablet for several judges: whose sheets its key may sign, and what the log says of it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from contests.judging.actions import accept_revision, release, revoke_device
from contests.log import read
from contests.packages.signatures import check_signatures
from contests.tables import Device, Quarantine, TabletJudge
from core.security import actor_of
from core.settings import Settings
from tests.contests.storing.kit import MARKS, admit, sound, tablet
from tests.factories_contests import ADMINISTRATOR, make_account, small_contest

pytestmark = pytest.mark.engine


async def test_a_tablet_signs_for_every_judge_who_signed_in_on_it(database: Settings) -> None:
    small = await small_contest()
    one, two, three = small.judges
    device = await tablet(one.account, two.account)
    for seat in small.judges:
        seat.device = device
    code = next(iter((await small.codes())["dish"]))

    answers = [await small.submit(seat, code, MARKS) for seat in (one, two, one, three)]

    assert [a.answer for a in answers] == ["accepted", "accepted", "accepted", "quarantined"]
    assert answers[3].reason == "judge-not-admitted"
    bodies = [(line.kind, json.loads(line.body)) for line in await read(small.contest)]
    enrolled = [body for kind, body in bodies if kind == "device_enrolled"]
    assert [(body["account"], body["kind"]) for body in enrolled] == [("", "tablet")]
    assert [b["account"] for kind, b in bodies if kind == "judge_admitted"] == [
        str(one.account),
        str(two.account),
    ]
    await sound(small)
    kept = await Quarantine.select().where(Quarantine.contest == small.contest)
    assert [(row["kid"], row["device_seq"]) for row in kept] == [(device.kid, 4)]


async def test_what_was_signed_before_a_judge_left_the_tablet_still_counts(
    database: Settings,
) -> None:
    small = await small_contest()
    seat, codes = small.judges[0], list((await small.codes())["dish"])
    seat.device = await tablet()
    await admit(seat.device, seat.account, ended_at=small.at + timedelta(minutes=5))

    before = await small.submit(seat, codes[0], MARKS)
    small.at += timedelta(minutes=6)
    after = await small.submit(seat, codes[1], MARKS)

    assert before.answer == "accepted"
    assert (after.answer, after.reason) == ("quarantined", "judge-not-admitted")


async def test_a_sheet_that_was_ahead_of_its_judge_goes_in_when_he_signs_in(
    database: Settings,
) -> None:
    small = await small_contest()
    seat, code = small.judges[0], next(iter((await small.codes())["dish"]))
    seat.device = await tablet()
    early = await small.submit(seat, code, MARKS)
    await admit(seat.device, seat.account)

    landed = await release(kid=seat.device.kid)

    assert early.reason == "judge-not-admitted"
    assert landed == 1
    assert [s.sheet.judge for s in (await small.replayed()).sheets] == [seat.appointment]
    assert [row["resolution"] for row in await Quarantine.select()] == ["taken"]
    assert await release(kid=seat.device.kid) == 0


async def test_a_revoked_tablet_signs_no_more_and_keeps_what_it_signed(database: Settings) -> None:
    small = await small_contest()
    seat, codes = small.judges[0], list((await small.codes())["dish"])
    seat.device = await tablet(seat.account)
    jws = small.sign_sheet(seat, codes[0], MARKS)
    first = await accept_revision(jws, kid="courier")
    administrator = await actor_of(await make_account("administrator", ADMINISTRATOR))
    await revoke_device(administrator, seat.device.kid)

    again = await accept_revision(jws, kid="courier")
    late = await small.submit(seat, codes[1], MARKS)

    assert (again.answer, again.receipt) == ("duplicate", first.receipt)
    assert (late.answer, late.reason) == ("quarantined", "device-revoked")


async def test_a_recount_finds_a_sheet_that_its_key_may_not_sign(database: Settings) -> None:
    small = await small_contest()
    seat, code = small.judges[0], next(iter((await small.codes())["dish"]))
    seat.device = await tablet(seat.account)
    await small.submit(seat, code, MARKS)
    lines = await read(small.contest)

    without = [line for line in lines if line.kind != "judge_admitted"]

    assert check_signatures(lines, small.rules_hash) == []
    assert [f.code for f in check_signatures(without, small.rules_hash)] == [
        "recount-sheet-not-admitted"
    ]


async def test_a_round_that_opens_lets_in_what_came_before_it(database: Settings) -> None:
    small = await small_contest(entrants=1)
    code = next(iter((await small.codes())["dish"]))
    ahead = [
        small.sign_sheet(seat, code, {"care": "2"}, round_=2, base="") for seat in small.judges
    ]
    held = [await accept_revision(jws, kid="courier") for jws in ahead]
    for seat, care in zip(small.judges, ("0", "2", "2"), strict=True):
        await small.submit(seat, code, {**MARKS, "care": care})

    await release(contest=small.contest)

    assert {(a.answer, a.reason) for a in held} == {("held", "round-not-open")}
    known = await small.replayed()
    assert sorted((s.sheet.round, s.sheet.judge) for s in known.sheets if s.sheet.round == 2) == [
        (2, judge) for judge in sorted(seat.appointment for seat in small.judges)
    ]
    assert known.rounds == ()
    assert {row["resolution"] for row in await Quarantine.select()} == {"taken"}
    assert await TabletJudge.count() == 0
    assert await Device.count() == len(small.judges)
