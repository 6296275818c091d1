"""A contest goes to a venue, is judged there, and comes home: the same log, each sheet once."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from contests.actions import running
from contests.judging.actions import accept_revision, enrol_device
from contests.lending.giving_back import give_back
from contests.log import read
from contests.tables import Device, MarkRound, Quarantine, SheetRow
from contests.texts import texts_of
from core.errors import WrongState
from core.security import SYSTEM, actor_of
from core.tables import Account, Grant, Person
from tests.contests.lending.lending_kit import (
    MARKS,
    borrowed,
    drawn,
    home_again,
    lent,
    organising,
    people_appoint,
    replayed,
    rids,
    rows,
    sheet,
)
from tests.contests.lending.two_houses import House, carried
from tests.factories_contests import SmallContest, add_judge, make_account, small_contest

pytestmark = pytest.mark.engine


async def test_what_is_judged_at_the_venue_is_the_same_at_home(
    small: SmallContest, venue: House
) -> None:
    one, two, three = small.judges
    before = await small.submit(one, next(iter((await small.codes())["dish"])), MARKS)
    sheets = [await sheet(small, two, place) for place in range(4)]
    late = await sheet(small, three, 0)

    package = await lent(small, venue)
    async with venue.open():
        taken = await borrowed(package)
        assert (taken.length, taken.head) == (package.length, package.head)
        answers = [await accept_revision(jws, account=two.account) for jws in sheets]
        assert {a.answer for a in answers} == {"accepted"}
        at_venue = await rows(small.contest)
        back = await give_back(SYSTEM, small.contest)
        closed = await accept_revision(late, account=three.account)
        assert closed.answer == "held"
    taken_back = await home_again(back)

    assert (taken_back.length, taken_back.head) == (back.length, back.head)
    assert not taken_back.again
    assert await rows(small.contest) == at_venue
    assert sorted(await rids(small.contest)) == sorted([before.rid, *(a.rid for a in answers)])
    # the contest goes on here as if it had never been away
    assert (await accept_revision(late, account=three.account)).answer == "accepted"


async def test_a_contest_that_was_lent_is_closed_and_recounts(
    small: SmallContest, venue: House
) -> None:
    from contests.packages.exporting import export_contest
    from contests.packages.recount import recount_files

    signed: list[tuple[str, UUID]] = []
    for module, codes in (await small.codes()).items():
        for code in codes:
            for number, seat in enumerate(small.judges):
                if module == "theory" and number:
                    continue
                marks = MARKS if module == "dish" else {"paper": "25"}
                jws = small.sign_sheet(seat, code, marks, module=module)
                signed.append((jws, seat.account))
    package = await lent(small, venue)
    async with venue.open():
        await borrowed(package)
        for jws, account in signed:
            assert (await accept_revision(jws, account=account)).answer == "accepted"
        back = await give_back(SYSTEM, small.contest)
    await home_again(back)

    small.at += timedelta(hours=3)
    await small.close()
    _, files = await export_contest(await small.actor("organiser"), small.contest)

    assert not recount_files(carried(files)).findings


async def test_a_revision_sent_to_both_is_stored_once(small: SmallContest, venue: House) -> None:
    one = small.judges[0]
    jws = await sheet(small, one, 0)
    package = await lent(small, venue)
    held = await accept_revision(jws, account=one.account)
    async with venue.open():
        await borrowed(package)
        accepted = await accept_revision(jws, account=one.account)
        back = await give_back(SYSTEM, small.contest)
    taken = await home_again(back)

    assert (held.answer, accepted.answer) == ("held", "accepted")
    assert taken.sheets == 0
    assert await rids(small.contest) == [accepted.rid]
    again = await accept_revision(jws, account=one.account)
    assert again.answer == "duplicate"
    assert await Quarantine.count().where(Quarantine.resolution == "") == 0


async def test_what_arrived_at_home_meanwhile_is_opened_after_the_return_in_its_order(
    small: SmallContest, venue: House
) -> None:
    one, two = small.judges[:2]
    first, second = await sheet(small, one, 0), await sheet(small, one, 0)
    there = await sheet(small, two, 0)
    package = await lent(small, venue)
    for place, jws in enumerate((first, second, first)):
        at = small.at + timedelta(minutes=place)
        answer = await accept_revision(jws, account=one.account, now=at)
        assert (answer.answer, answer.reason) == ("held", "held-for-venue")
    async with venue.open():
        await borrowed(package)
        await accept_revision(there, account=two.account)
        back = await give_back(SYSTEM, small.contest)

    taken = await home_again(back)
    again = await home_again(back)

    assert (taken.sheets, again.sheets) == (2, 0)
    stored = await rids(small.contest)
    assert len(stored) == len(set(stored)) == 3
    assert (await SheetRow.count().where(SheetRow.state == "accepted")) == 2
    assert (await replayed(small)).conflicts == {}


async def test_a_second_return_of_the_same_is_harmless_and_brings_what_came_later(
    small: SmallContest, venue: House
) -> None:
    three = small.judges[2]
    late = await sheet(small, three, 1)
    package = await lent(small, venue)
    async with venue.open():
        await borrowed(package)
        back = await give_back(SYSTEM, small.contest)
    first = await home_again(back)
    before = await read(small.contest)
    async with venue.open():
        assert (await accept_revision(late, account=three.account)).answer == "held"
        second_package = await give_back(SYSTEM, small.contest)
    assert (second_package.head, second_package.length) == (back.head, back.length)

    again = await home_again(back)
    assert (await read(small.contest)) == before
    later = await home_again(second_package)

    assert (first.again, again.again, later.again) == (False, True, True)
    assert (again.sheets, later.sheets) == (0, 1)
    assert len(await rids(small.contest)) == 1


async def test_asking_for_the_loan_again_gives_the_same_contest(
    small: SmallContest, venue: House
) -> None:
    first = await lent(small, venue)
    again = await lent(small, venue)

    assert (first.length, first.head) == (again.length, again.head)
    async with venue.open():
        await borrowed(first)
        before = await read(small.contest)
        await borrowed(again)
        assert await read(small.contest) == before


async def test_it_can_be_lent_to_the_same_venue_a_second_day(
    small: SmallContest, venue: House
) -> None:
    one, two = small.judges[:2]
    monday, tuesday = await sheet(small, one, 0), await sheet(small, two, 0)
    package = await lent(small, venue)
    async with venue.open():
        await borrowed(package)
        await accept_revision(monday, account=one.account)
        back = await give_back(SYSTEM, small.contest)
    await home_again(back)

    package = await lent(small, venue)
    async with venue.open():
        await borrowed(package)
        assert (await accept_revision(tuesday, account=two.account)).answer == "accepted"
        back = await give_back(SYSTEM, small.contest)
    await home_again(back)

    assert len(await rids(small.contest)) == 2
    kinds = [line.kind for line in await read(small.contest)]
    assert kinds.count("lent") == kinds.count("returned") == 2


# --- what goes along, and what never does -------------------------------------------------------


async def test_no_name_password_or_owner_of_a_code_leaves_the_house(
    small: SmallContest, venue: House
) -> None:
    owners = await small.codes()
    hashes = [
        row["password_hash"] for row in await Account.select(Account.password_hash)
        if row["password_hash"]
    ]  # fmt: skip
    package = await lent(small, venue)
    everything = b"".join(package.files.values()).decode("utf-8")

    assert "identities.csv" not in package.files
    assert "选手" not in everything
    assert not any(one in everything for one in hashes)
    async with venue.open():
        await borrowed(package)
        assert await Person.count() == 0
        assert await small.codes() == {}
        judge = await actor_of(small.judges[0].account)
        assert judge.label == "J1"
    assert owners


async def test_duties_and_keys_are_there_and_sheets_are_judged_by_them(
    small: SmallContest, venue: House
) -> None:
    package = await lent(small, venue)
    async with venue.open():
        await borrowed(package)
        for seat in small.judges:
            actor = await actor_of(seat.account)
            assert {grant.role for grant in actor.grants} == {"judge"}
            row = await Device.select().where(Device.kid == seat.device.kid).first()
            assert row is not None
            assert row["account"] == seat.account
        chief = await actor_of(small.accounts["chief"])
        assert chief.grants[0].role == "chief_referee"
        rows_ = await Account.select(Account.login, Account.password_hash)
        assert all(row["login"].startswith("lent-") for row in rows_)
        assert all(row["password_hash"] is None for row in rows_)


async def test_at_home_everything_that_writes_the_log_waits(
    small: SmallContest, venue: House
) -> None:
    await lent(small, venue)
    chief = await small.actor("chief")
    code = next(iter((await small.codes())["dish"]))

    with pytest.raises(WrongState, match="lent"):
        await running.end_judging(chief, small.contest)
    with pytest.raises(WrongState, match="lent"):
        await running.record_status(chief, small.contest, status="DNF", module="dish", code=code)


async def test_the_hall_is_run_at_the_venue_and_its_reasons_come_home_sealed(
    small: SmallContest, venue: House
) -> None:
    code = next(iter((await small.codes())["dish"]))
    package = await lent(small, venue)
    async with venue.open():
        await borrowed(package)
        chief = await actor_of(small.accounts["chief"])
        await running.record_penalty(
            chief, small.contest, scope="points", module="dish", code=code,
            reason="Left the bench burning", points=1000,
        )  # fmt: skip
        await running.record_timing(
            chief, small.contest, module="dish", code=code, gross=3600, compensation=60,
            reason="power cut",
        )  # fmt: skip
        back = await give_back(SYSTEM, small.contest)
    assert b"Left the bench" not in b"".join(back.files.values())

    await home_again(back)

    known = await replayed(small)
    assert len(known.penalties) == 1
    words = await texts_of(small.contest)
    assert words[known.penalties[0].reason] == "Left the bench burning"
    assert "power cut" in words.values()


async def test_rounds_and_conflicts_are_the_same_on_both_sides(
    small: SmallContest, venue: House
) -> None:
    one = small.judges[0]
    code = next(iter((await small.codes())["dish"]))
    package = await lent(small, venue)
    async with venue.open():
        await borrowed(package)
        for seat, care in zip(small.judges, ("0", "3", "1"), strict=True):
            jws = small.sign_sheet(seat, code, {**MARKS, "care": care})
            await accept_revision(jws, account=seat.account)
        rival = small.sign_sheet(one, code, {**MARKS, "look": "17"}, base="")
        conflict = await accept_revision(rival, account=one.account)
        at_venue = await rows(small.contest)
        rounds = await MarkRound.select().where(MarkRound.contest == small.contest)
        back = await give_back(SYSTEM, small.contest)
    await home_again(back)

    assert conflict.answer == "conflict"
    assert await rows(small.contest) == at_venue
    found = await MarkRound.select().where(MarkRound.contest == small.contest)
    assert [(r["id"], r["aspects"], r["round"]) for r in found] == [
        (r["id"], r["aspects"], r["round"]) for r in rounds
    ]
    assert rounds


async def test_a_judge_appointed_at_the_venue_comes_home_and_a_new_leader_does_not(
    small: SmallContest, venue: House
) -> None:
    package = await lent(small, venue)
    async with venue.open():
        await borrowed(package)
        organiser = await make_account("hall", *organising(small))
        small.accounts["organiser"], home = organiser, small.accounts["organiser"]
        judge = await add_judge(small, "J9")
        await people_appoint(small, "leader")
        code = next(iter(await drawn(small)))
        jws = small.sign_sheet(judge, code, MARKS)
        assert (await accept_revision(jws, account=judge.account)).answer == "accepted"
        back = await give_back(SYSTEM, small.contest)
        small.accounts["organiser"] = home
    taken = await home_again(back)

    assert taken.left == ("group_leader",)
    known = await replayed(small)
    assert judge.appointment in known.appointments
    assert {grant.role for grant in (await actor_of(judge.account)).grants} == {"judge"}
    leaders = await Grant.select().where(Grant.role == "group_leader")
    assert len(leaders) == 1


async def test_a_tablet_of_the_venue_signs_no_other_contests_sheets_at_home(
    small: SmallContest, venue: House
) -> None:
    one = small.judges[0]
    other = await small_contest(entrants=2, judges=3, code="other")
    package = await lent(small, venue)
    async with venue.open():
        await borrowed(package)
        judge = await actor_of(one.account)
        from contests.judging.signing import SoftwareDevice

        stranger = SoftwareDevice()
        await enrol_device(judge, public_jwk=stranger.public_jwk, label="x")
        one.device, own = stranger, one.device
        jws = small.sign_sheet(one, next(iter(await drawn(small))), MARKS)
        assert (await accept_revision(jws, account=one.account)).answer == "accepted"
        back = await give_back(SYSTEM, small.contest)
        one.device = own
    await home_again(back)

    row = await Device.select().where(Device.kid == stranger.kid).first()
    assert row is not None
    assert (row["account"], row["contest"]) == (None, small.contest)
    seat = other.judges[0]
    seat.device = stranger
    forged = other.sign_sheet(seat, next(iter((await other.codes())["dish"])), MARKS)
    answer = await accept_revision(forged, account=seat.account)
    assert answer.answer == "quarantined"
