"""A contest goes to a venue, is judged there, and comes home: the same log, each sheet once."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import UUID

import pytest

from contests.actions import running
from contests.chain import verify_chain
from contests.judging.actions import accept_revision, enrol_device
from contests.lending.borrowing import Borrowed, borrow_contest
from contests.lending.giving_back import give_back
from contests.lending.home import take_back
from contests.lending.late import TakenBack
from contests.lending.out import LoanPackage, lend_contest
from contests.log import read
from contests.packages.archive import Files
from contests.replay import replay
from contests.sheets import payload_of
from contests.tables import Contest, Device, MarkRound, Quarantine, Revision, SheetRow
from contests.texts import texts_of
from core.errors import Conflict, Forbidden, Invalid, NotReady, WrongState
from core.security import SYSTEM, actor_of
from core.settings import Settings
from core.tables import Account, Grant, Person
from tests.contests.lending.two_houses import House, carried
from tests.factories_contests import Seat, SmallContest, add_judge, make_account, small_contest

pytestmark = pytest.mark.engine
MARKS = {"look": "18", "taste": "35.5", "care": "2"}


@pytest.fixture
async def small(database: Settings) -> SmallContest:
    return await small_contest(entrants=4, judges=3)


async def lent(small: SmallContest, venue: House) -> LoanPackage:
    small.at += timedelta(minutes=1)
    organiser = await small.actor("organiser")
    return await lend_contest(organiser, small.contest, venue.id, now=small.at)


async def borrowed(venue_files: LoanPackage) -> Borrowed:
    return await borrow_contest(SYSTEM, carried(venue_files.files))


async def home_again(package: LoanPackage, **more: object) -> TakenBack:
    return await take_back(SYSTEM, carried(package.files), head=package.head[:12])


async def rows(contest: UUID) -> dict[str, tuple[object, ...]]:
    """What the projection says of every slot."""
    found = await SheetRow.select().where(SheetRow.contest == contest)
    return {
        str(row["id"]): (
            row["revision"], row["state"], row["countable"], row["marks"], row["seq"], row["hash"],
        )
        for row in found
    }  # fmt: skip


async def rids(contest: UUID) -> list[str]:
    lines = await read(contest)
    assert verify_chain(lines) == []
    return [payload_of(json.loads(line.body)["jws"]).rid for line in lines if line.kind == "sheet"]


async def sheet(small: SmallContest, seat: Seat, place: int, **more: object) -> str:
    codes = list((await small.codes())["dish"])
    return small.sign_sheet(seat, codes[place], MARKS, **more)  # type: ignore[arg-type]


# --- there and back -----------------------------------------------------------------------------


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
        organiser = await make_account("hall", *_organiser(small))
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


# --- refused and named --------------------------------------------------------------------------


async def findings(work: object) -> list[str]:
    with pytest.raises((Invalid, Conflict, NotReady)) as caught:
        await work  # type: ignore[misc]
    return [finding.code for finding in caught.value.findings]


def altered(package: LoanPackage, name: str, old: bytes, new: bytes) -> Files:
    from contests.packages.archive import with_sums

    contents = {k: v for k, v in package.files.items() if k != "SHA256SUMS"}
    assert old in contents[name]
    contents[name] = contents[name].replace(old, new, 1)
    return carried(with_sums(contents))


async def test_only_who_may_lend_lends(small: SmallContest, venue: House) -> None:
    with pytest.raises(Forbidden):
        await lend_contest(await small.actor("chief"), small.contest, venue.id)


async def test_a_loan_to_nobody_or_to_itself_is_refused(
    small: SmallContest, venue: House, database: Settings
) -> None:
    organiser = await small.actor("organiser")
    assert database.secrets is not None

    assert await findings(lend_contest(organiser, small.contest, "the hall")) == [
        "loan-installation"
    ]
    own = database.secrets.installation
    assert await findings(lend_contest(organiser, small.contest, own)) == ["loan-to-itself"]


async def test_it_is_lent_to_one_only(small: SmallContest, venue: House) -> None:
    await lent(small, venue)
    organiser = await small.actor("organiser")

    with pytest.raises(WrongState):
        await lend_contest(organiser, small.contest, "0b8d3c8e-3a52-4f87-9a8a-111111111111")


async def test_another_installation_cannot_take_it_in(small: SmallContest, venue: House) -> None:
    organiser = await small.actor("organiser")
    package = await lend_contest(
        organiser, small.contest, "0b8d3c8e-3a52-4f87-9a8a-111111111111", now=small.at
    )
    async with venue.open():
        assert await findings(borrowed(package)) == ["loan-to-another"]
        assert await Contest.count() == 0


async def test_a_loan_is_no_archive_and_an_archive_no_loan(
    small: SmallContest, venue: House
) -> None:
    from contests.packages.exporting import export_contest
    from contests.packages.taking_in import take_in

    _, archive = await export_contest(await small.actor("organiser"), small.contest)
    package = await lent(small, venue)
    async with venue.open():
        assert await findings(take_in(SYSTEM, carried(package.files))) == ["package-is-loan"]
        assert await findings(borrow_contest(SYSTEM, carried(archive))) == ["loan-missing"]
    assert await findings(take_back(SYSTEM, carried(package.files), head=package.head)) == [
        "loan-direction"
    ]


async def test_an_altered_package_is_named(small: SmallContest, venue: House) -> None:
    package = await lent(small, venue)
    changed = carried({**package.files, "rules.json": package.files["rules.json"] + b" "})
    entry = altered(package, "log.jsonl", b'"kind":"drawn"', b'"kind":"drawm"')
    async with venue.open():
        assert await findings(borrow_contest(SYSTEM, changed)) == ["package-file-changed"]
        assert "log-altered" in await findings(borrow_contest(SYSTEM, entry))
        assert await Contest.count() == 0


async def test_the_return_must_be_compared_by_somebody_who_reads_it_there(
    small: SmallContest, venue: House
) -> None:
    package = await lent(small, venue)
    async with venue.open():
        await borrowed(package)
        back = await give_back(SYSTEM, small.contest)
    files = carried(back.files)

    assert await findings(take_back(SYSTEM, files, head="")) == ["return-head-short"]
    assert await findings(take_back(SYSTEM, files, head="00000000")) == ["return-head"]
    assert await small.state() == "judging"
    assert (await take_back(SYSTEM, files, head=f" {back.head[:8].upper()} ")).length == back.length


async def test_a_return_that_does_not_end_or_adds_what_it_may_not_is_refused(
    small: SmallContest, venue: House
) -> None:
    from contests.log import writing
    from core.db import transaction

    package = await lent(small, venue)
    async with venue.open():
        await borrowed(package)
        async with transaction(), writing(small.contest, now=small.at) as log:
            log.add("drawn", {"module": "dish", "codes": ["99"], "by": "", "witness": ""})
        back = await give_back(SYSTEM, small.contest)

    assert await findings(home_again(back)) == ["return-entry-foreign"]
    row = await Contest.select(Contest.home).where(Contest.id == small.contest).first()
    assert row is not None
    assert row["home"] == venue.id


async def test_a_forged_sheet_in_the_return_is_found(small: SmallContest, venue: House) -> None:
    one = small.judges[0]
    jws = await sheet(small, one, 0)
    package = await lent(small, venue)
    async with venue.open():
        await borrowed(package)
        await accept_revision(jws, account=one.account)
        back = await give_back(SYSTEM, small.contest)
    head, _, _ = jws.partition(".")
    forged = altered(back, "log.jsonl", jws.encode(), f"{head}.e30.{'A' * 86}".encode())

    found = await findings(take_back(SYSTEM, forged, head=back.head))
    assert set(found) & {"log-altered", "recount-signature-wrong", "loan-unreadable"}


async def test_what_is_at_home_is_not_given_back_and_what_is_not_lent_not_taken(
    small: SmallContest, venue: House
) -> None:
    organiser = await small.actor("organiser")

    assert await findings(give_back(organiser, small.contest)) == ["not-borrowed"]


async def test_judging_that_has_ended_is_not_lent(small: SmallContest, venue: House) -> None:
    await small.judge_everything()
    await running.end_judging(await small.actor("chief"), small.contest, now=small.at)

    organiser = await small.actor("organiser")
    assert await findings(lend_contest(organiser, small.contest, venue.id)) == [
        "loan-judging-ended"
    ]


async def test_steps_that_need_names_wait_until_it_is_home(
    small: SmallContest, venue: House
) -> None:
    from contests.actions.approvals import request_approval

    package = await lent(small, venue)
    async with venue.open():
        await borrowed(package)
        chief = await actor_of(small.accounts["chief"])
        found = await findings(request_approval(chief, small.contest, "open_codes", {}))
    assert found == ["borrowed"]


# --- a venue that does not come back ------------------------------------------------------------


async def recalled(small: SmallContest, reason: str = "The laptop was stolen") -> None:
    from contests.actions.approvals import decide_approval, request_approval

    organiser, supervisor = await small.actor("organiser"), await small.actor("supervisor")
    body = {"reason": reason}
    asked = await request_approval(organiser, small.contest, "recall_contest", body)
    with pytest.raises(Forbidden):
        await decide_approval(organiser, asked, approve=True)
    assert await decide_approval(supervisor, asked, approve=True) == "approved"


async def test_two_persons_call_it_back_and_the_log_says_so(
    small: SmallContest, venue: House
) -> None:
    one = small.judges[0]
    jws = await sheet(small, one, 0)
    await lent(small, venue)
    held = await accept_revision(jws, account=one.account)

    await recalled(small)

    line = next(line for line in await read(small.contest) if line.kind == "recalled")
    body = json.loads(line.body)
    assert (await texts_of(small.contest))[body["reason_hash"]] == "The laptop was stolen"
    assert body["by"] != body["witness"]
    assert held.answer == "held"
    assert len(await rids(small.contest)) == 1
    assert (await accept_revision(jws, account=one.account)).answer == "duplicate"


async def test_a_contest_at_home_cannot_be_called_back(small: SmallContest) -> None:
    from contests.actions.approvals import decide_approval, request_approval

    organiser, supervisor = await small.actor("organiser"), await small.actor("supervisor")
    body = {"reason": "why"}
    asked = await request_approval(organiser, small.contest, "recall_contest", body)

    assert await findings(decide_approval(supervisor, asked, approve=True)) == ["not-lent"]


async def test_a_venue_that_comes_after_the_recall_loses_no_sheet(
    small: SmallContest, venue: House
) -> None:
    one, two = small.judges[:2]
    there, both = await sheet(small, one, 0), await sheet(small, two, 0)
    package = await lent(small, venue)
    async with venue.open():
        await borrowed(package)
        await accept_revision(there, account=one.account)
        await accept_revision(both, account=two.account)
        back = await give_back(SYSTEM, small.contest)
    await recalled(small)
    assert (await accept_revision(both, account=two.account)).answer == "accepted"
    length = len(await read(small.contest))

    for _ in range(2):
        taken = await home_again(back)
        assert taken.added == 0

    assert len(await read(small.contest)) == length
    kept = await Quarantine.select().where(
        Quarantine.contest == small.contest, Quarantine.reason == "loan-recalled"
    )
    assert [bytes(row["payload"]).decode() for row in kept] == [there]


# --- cut off in the middle ----------------------------------------------------------------------


async def test_opening_what_was_held_goes_on_where_it_was_cut_off(
    small: SmallContest, venue: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    from contests.lending import held

    one = small.judges[0]
    sheets = [await sheet(small, one, place) for place in range(4)]
    package = await lent(small, venue)
    for jws in sheets:
        await accept_revision(jws, account=one.account)
    async with venue.open():
        await borrowed(package)
        back = await give_back(SYSTEM, small.contest)
    whole, count = held.accept_revisions, 0

    async def cut(*arguments: object, **more: object) -> object:
        nonlocal count
        count += 1
        answer = await whole(*arguments, **more)  # type: ignore[arg-type]
        if count == 2:
            raise KeyError("the power is cut")
        return answer

    monkeypatch.setattr(held, "accept_revisions", cut)
    with pytest.raises(KeyError):
        await home_again(back)
    monkeypatch.setattr(held, "accept_revisions", whole)
    taken = await home_again(back)

    assert taken.again
    assert sorted(await rids(small.contest)) == sorted({payload_of(jws).rid for jws in sheets})
    assert await Revision.count().where(Revision.contest == small.contest) == 4
    assert await Quarantine.count().where(Quarantine.resolution == "") == 0


# --- helpers ------------------------------------------------------------------------------------


async def replayed(small: SmallContest):  # type: ignore[no-untyped-def]
    return replay(await read(small.contest))


async def drawn(small: SmallContest) -> tuple[str, ...]:
    """At the venue codes are known, their owners are not."""
    return (await replayed(small)).codes["dish"]


def _organiser(small: SmallContest):  # type: ignore[no-untyped-def]
    from core.security import Role, Scope

    return [(Role.ORGANISER, Scope("contest", str(small.contest)))]


async def people_appoint(small: SmallContest, name: str) -> None:
    from contests.actions import people

    account = await make_account(name)
    await people.appoint(
        await small.actor("organiser"), small.contest, account, "group_leader", now=small.at
    )
