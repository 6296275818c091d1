"""What becomes of a signed revision: stored, doubled, in conflict, late, or kept apart. Never lost."""

from __future__ import annotations

import asyncio
import json
from uuid import UUID, uuid4

import jwt
import pytest

from contests.actions import draw, running
from contests.actions.people import end_appointment
from contests.judging import actions
from contests.judging.actions import (
    Answer,
    accept_revision,
    accept_revisions,
    enrol_device,
    revoke_device,
)
from contests.judging.desk import Desk
from contests.judging.incoming import Incoming
from contests.judging.queries import MySheet, Pack, group_sheets, my_contests, my_sheets, pack
from contests.judging.signing import SoftwareDevice, receipt_public_jwk
from contests.log import read
from contests.queries import standings
from contests.sheets import jws_hash
from contests.tables import Contest, Quarantine, Revision, SheetRow
from core.errors import Conflict, Invalid, NotAppointed, NotReady
from core.scoring.model import Mark, Outcome
from core.security import actor_of
from core.settings import Settings
from tests.factories_contests import SmallContest, add_judge, make_account, small_contest

pytestmark = pytest.mark.engine

MARKS = {"look": "18", "taste": "30.5", "care": "2"}


async def _one(small: SmallContest) -> str:
    return await small.code_of(small.entries[0])


async def test_a_sheet_is_stored_with_a_receipt_that_names_its_entry(database: Settings) -> None:
    small = await small_contest()
    seat, code = small.judges[0], await _one(small)

    jws = small.sign_sheet(seat, code, MARKS)
    answer = await accept_revision(jws, account=seat.account, now=small.at)

    line = (await read(small.contest))[answer.seq - 1]
    receipt = jwt.PyJWS(algorithms=["ES256"]).decode(
        answer.receipt,
        key=jwt.PyJWK(receipt_public_jwk()).key,
        algorithms=["ES256"],
    )
    told = json.loads(receipt)
    assert answer.answer == "accepted"
    assert (line.kind, line.hash) == ("sheet", answer.hash)
    assert json.loads(line.body)["jws"] == jws
    assert (told["seq"], told["hash"]) == (answer.seq, answer.hash)
    assert told["jws_hash"] == jws_hash(jws)
    assert database.secrets is not None
    assert told["installation"] == database.secrets.installation


async def test_the_same_revision_twice_is_one_entry_and_the_same_receipt(
    database: Settings,
) -> None:
    small = await small_contest()
    seat, code = small.judges[0], await _one(small)
    jws = small.sign_sheet(seat, code, MARKS)
    first = await accept_revision(jws, account=seat.account)
    length = len(await read(small.contest))

    second = await accept_revision(jws, account=seat.account)

    assert second.answer == "duplicate"
    assert (second.seq, second.receipt) == (first.seq, first.receipt)
    assert len(await read(small.contest)) == length


async def test_a_revision_retried_after_closing_still_gets_its_receipt(database: Settings) -> None:
    small = await small_contest(entrants=1)
    seat, code = small.judges[0], await _one(small)
    jws = small.sign_sheet(seat, code, {"look": "1", "taste": "1", "care": "2"})
    first = await accept_revision(jws, account=seat.account)
    await small.judge_everything()
    await small.close()

    again = await accept_revision(jws, account=seat.account)

    assert (again.answer, again.receipt) == ("duplicate", first.receipt)


async def test_other_bytes_under_a_used_id_are_kept_apart(database: Settings) -> None:
    small = await small_contest()
    seat, code = small.judges[0], await _one(small)
    rid = str(uuid4())
    await small.submit(seat, code, MARKS, rid=rid)

    other = await small.submit(seat, code, {**MARKS, "look": "19"}, rid=rid, base=rid)

    assert (other.answer, other.reason) == ("conflict", "rid-used")
    assert (await Quarantine.count()) == 1


async def test_a_revision_on_top_of_the_last_replaces_it(database: Settings) -> None:
    small = await small_contest()
    seat, code = small.judges[0], await _one(small)
    await small.submit(seat, code, MARKS)

    answer = await small.submit(seat, code, {**MARKS, "taste": "31"})

    sheets = await my_sheets(small.contest, UUID(seat.appointment), account=seat.account)
    assert answer.answer == "accepted"
    assert [sheet.marks["taste"]["value"] for sheet in sheets] == ["31"]
    stored = (await small.replayed()).sheets
    assert [sheet.sheet.marks["taste"].value for sheet in stored] == [31_000]


async def test_an_older_revision_keeps_both_until_somebody_decides(database: Settings) -> None:
    small = await small_contest(entrants=1)
    seat, code = small.judges[0], await _one(small)
    await small.judge_everything()
    head = seat.heads[("dish", code, 1, 1)]
    chosen = str(uuid4())

    answer = await small.submit(seat, code, {**MARKS, "taste": "20"}, base="", rid=chosen)
    with pytest.raises(NotReady) as refused:
        await draw.open_codes(
            await small.actor("chief"), await small.actor("supervisor"), small.contest
        )
    known = await small.replayed()
    slot = next(iter(known.conflicts))
    await running.decide_conflict(
        await small.actor("leader"), small.contest, UUID(slot), UUID(chosen), reason="reread"
    )

    assert answer.answer == "conflict"
    assert known.conflicts[slot] == (head, chosen)
    assert [f.code for f in refused.value.findings] == ["conflict-undecided"]
    row = await SheetRow.select().where(SheetRow.id == UUID(slot)).first()
    assert row is not None
    assert (row["revision"], row["state"]) == (chosen, "accepted")
    after = await small.replayed()
    assert after.conflicts == {}
    taste = {s.sheet.marks["taste"].value for s in after.sheets if s.slot == slot}
    assert taste == {20_000}


async def test_a_predecessor_that_comes_late_does_not_replace_its_successor(
    database: Settings,
) -> None:
    small = await small_contest()
    seat, code = small.judges[0], await _one(small)
    older = small.sign_sheet(seat, code, MARKS)
    newer = small.sign_sheet(seat, code, {**MARKS, "taste": "31"})

    first = await accept_revision(newer, account=seat.account)
    second = await accept_revision(older, account=seat.account)

    assert (first.answer, second.answer) == ("accepted", "accepted")
    assert [f.code for f in first.findings] == ["device-gap"]
    assert [f.code for f in second.findings] == ["device-out-of-order"]
    assert first.countable
    stored = (await small.replayed()).sheets
    assert [sheet.sheet.marks["taste"].value for sheet in stored] == [31_000]


async def test_a_gap_in_a_devices_numbers_is_named(database: Settings) -> None:
    small = await small_contest()
    seat, code = small.judges[0], await _one(small)
    await small.submit(seat, code, MARKS)
    seat.device.seq += 3

    answer = await small.submit(seat, code, MARKS)

    gap = answer.findings[0]
    assert (gap.code, gap.params["first"], gap.params["last"]) == ("device-gap", "2", "4")
    assert answer.countable


async def test_a_sheet_for_a_closed_contest_is_late_and_kept(database: Settings) -> None:
    small = await small_contest(entrants=1)
    await small.judge_everything()
    await small.close()
    seat, code = small.judges[0], await _one(small)

    answer = await small.submit(seat, code, MARKS)
    again = await small.submit(seat, code, MARKS)

    rows = await Quarantine.select().where(Quarantine.contest == small.contest)
    assert (answer.answer, answer.reason) == ("late", "contest-closed")
    assert again.answer == "late"
    assert len(rows) == 2
    assert answer.receipt


async def test_a_sheet_after_marking_has_ended_is_late(database: Settings) -> None:
    small = await small_contest(entrants=1)
    await small.judge_everything()
    await running.end_judging(await small.actor("chief"), small.contest)

    answer = await small.submit(small.judges[0], await _one(small), MARKS)

    assert (answer.answer, answer.reason) == ("late", "judging-ended")


async def test_while_a_contest_is_lent_its_sheets_are_held(database: Settings) -> None:
    small = await small_contest()
    await Contest.update({Contest.home: str(uuid4())}).where(Contest.id == small.contest)

    answer = await small.submit(small.judges[0], await _one(small), MARKS)

    assert answer.answer == "held"
    assert await Quarantine.count() == 1


async def test_another_judges_sheet_is_refused(database: Settings) -> None:
    small = await small_contest()
    code = await _one(small)
    one, other = small.judges[0], small.judges[1]

    answer = await small.submit(one, code, MARKS, judge=other.appointment)

    assert (answer.answer, answer.reason) == ("quarantined", "device-of-another")
    assert await SheetRow.count() == 0


async def test_anybody_may_bring_what_a_judge_has_signed(database: Settings) -> None:
    small = await small_contest()
    seat, code = small.judges[0], await _one(small)
    jws = small.sign_sheet(seat, code, MARKS)

    answer = await accept_revision(jws, account=small.judges[1].account)
    again = await accept_revision(jws, kid=small.judges[2].device.kid)

    assert (answer.answer, again.answer) == ("accepted", "duplicate")
    assert again.receipt == answer.receipt
    stored = (await small.replayed()).sheets
    assert [sheet.sheet.judge for sheet in stored] == [seat.appointment]


async def test_a_revoked_device_is_refused(database: Settings) -> None:
    small = await small_contest()
    seat = small.judges[0]
    await revoke_device(seat.actor, seat.device.kid)

    answer = await small.submit(seat, await _one(small), MARKS)

    assert (answer.answer, answer.reason) == ("quarantined", "device-revoked")


async def test_a_judge_whose_duty_has_ended_is_refused_at_once(database: Settings) -> None:
    small = await small_contest()
    seat, code = small.judges[0], await _one(small)
    await small.submit(seat, code, MARKS)
    await end_appointment(await small.actor("organiser"), UUID(seat.appointment))

    answer = await small.submit(seat, code, MARKS)

    assert (answer.answer, answer.reason) == ("quarantined", "not-appointed")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"code": "000"}, "code-unknown"),
        ({"module": "cloud"}, "module-not-theirs"),
        ({"rules": "0" * 64}, "rules-differ"),
    ],
)
async def test_what_does_not_belong_here_is_kept_apart(
    database: Settings, change: dict[str, object], reason: str
) -> None:
    small = await small_contest()
    code = str(change.pop("code", await _one(small)))

    answer = await small.submit(small.judges[0], code, MARKS, **change)

    assert (answer.answer, answer.reason) == ("quarantined", reason)
    assert await Quarantine.count() == 1


async def test_a_sheet_of_a_round_that_is_not_open_yet_is_held(database: Settings) -> None:
    small = await small_contest()

    answer = await small.submit(small.judges[0], await _one(small), MARKS, round_=2)

    assert (answer.answer, answer.reason) == ("held", "round-not-open")
    assert await Quarantine.count() == 1


@pytest.mark.parametrize("number", ["１８", "1,25", "18.0000001", "1e1", " 18", "+18", ""])
async def test_the_api_takes_strict_numbers_only(database: Settings, number: str) -> None:
    small = await small_contest()
    seat, code = small.judges[0], await _one(small)
    jws = small.sign_sheet(seat, code, MARKS)
    payload = json.loads(jwt.api_jws.base64url_decode(jws.split(".")[1]))
    payload["marks"]["look"] = {"value": number}

    answer = await accept_revision(
        seat.device.sign(json.dumps(payload).encode()), account=seat.account
    )

    assert (answer.answer, answer.reason) == ("quarantined", "unreadable")
    assert [(f.pointer, f.code) for f in answer.findings] == [
        ("/marks/look/value", "number-unreadable")
    ]
    assert await SheetRow.count() == 0


async def test_a_json_number_is_refused(database: Settings) -> None:
    small = await small_contest()
    seat, code = small.judges[0], await _one(small)
    payload = json.loads(
        jwt.api_jws.base64url_decode(small.sign_sheet(seat, code, MARKS).split(".")[1])
    )
    payload["marks"]["look"] = {"value": 18}

    answer = await accept_revision(
        seat.device.sign(json.dumps(payload).encode()), account=seat.account
    )

    assert [f.code for f in answer.findings] == ["number-not-text"]


async def test_a_mark_off_the_grid_is_stored_but_does_not_count(database: Settings) -> None:
    small = await small_contest(entrants=1)
    await small.judge_everything()
    seat, code = small.judges[0], await _one(small)

    answer = await small.submit(seat, code, {**MARKS, "taste": "30.3"})
    with pytest.raises(NotReady) as refused:
        await running.end_judging(await small.actor("chief"), small.contest)

    assert (answer.answer, answer.countable) == ("accepted", False)
    assert answer.findings[0].pointer == "/marks/taste/value"
    assert answer.seq
    assert {(f.code, f.params["seat"]) for f in refused.value.findings} == {("marks-missing", "J1")}


async def test_a_mark_that_is_somebody_elses_does_not_count(database: Settings) -> None:
    small = await small_contest()
    seat, code = small.judges[0], await _one(small)

    answer = await small.submit(seat, code, {**MARKS, "paper": "10"})

    assert "aspect-not-theirs" in {f.code for f in answer.findings}
    assert not answer.countable


async def test_forged_bytes_are_kept_with_their_reason(database: Settings) -> None:
    small = await small_contest()
    seat, code = small.judges[0], await _one(small)
    jws = small.sign_sheet(seat, code, MARKS)
    header, payload, signature = jws.split(".")
    none = jwt.encode({"rid": "x"}, None, algorithm="none")
    hmac = jwt.encode(
        {"rid": "x"},
        "k" * 64,
        algorithm="HS256",
        headers={"kid": seat.device.kid, "typ": "jiangxin-sheet+jwt"},
    )
    stranger = SoftwareDevice()
    tries = {
        f"{header}.{payload[:-4]}AAAA.{signature}": "signature-wrong",
        none: "algorithm-refused",
        hmac: "algorithm-refused",
        stranger.sign(b"{}"): "device-unknown",
        "not a token": "not-a-jws",
        "ａ.ｂ.ｃ": "not-a-jws",
        "": "not-a-jws",
        "x" * 70_000: "revision-too-large",
    }

    answers = {text: await accept_revision(text, account=seat.account) for text in tries}

    assert {text: answer.reason for text, answer in answers.items()} == tries
    assert {answer.answer for answer in answers.values()} == {"quarantined"}
    rows = await Quarantine.select()
    assert sorted(bytes(row["payload"]).decode() for row in rows) == sorted(tries)


async def test_a_wide_judgement_is_marked_again_by_the_group(database: Settings) -> None:
    small = await small_contest(entrants=1)
    code = await _one(small)
    for seat, care in zip(small.judges, ("0", "2", "2"), strict=True):
        await small.submit(seat, code, {**MARKS, "care": care})

    opened = (await pack_of(small)).rounds
    with pytest.raises(NotReady) as refused:
        await running.end_judging(await small.actor("chief"), small.contest)
    for seat in small.judges:
        await small.submit(seat, code, {"care": "2"}, round_=2)

    assert [(r.code, r.round, r.aspects) for r in opened] == [(code, 2, ("care",))]
    assert "round-open" in {f.code for f in refused.value.findings}
    assert (await pack_of(small)).rounds == ()
    assert (await small.replayed()).rounds == ()


async def test_a_judge_who_revises_takes_the_second_round_back(database: Settings) -> None:
    small = await small_contest(entrants=1)
    code = await _one(small)
    for seat, care in zip(small.judges, ("0", "2", "2"), strict=True):
        await small.submit(seat, code, {**MARKS, "care": care})

    await small.submit(small.judges[0], code, {**MARKS, "care": "1"})

    assert (await small.replayed()).rounds == ()


async def test_the_second_round_decides_the_award(database: Settings) -> None:
    small = await small_contest(entrants=1)
    await small.judge_everything(lambda entry, seat: _spread(seat.name))
    code = await _one(small)
    for seat in small.judges:
        await small.submit(seat, code, {"care": "3"}, round_=2)
    await small.close()

    view = await standings(small.contest)
    care = next(a for a in view.results.aspects if a.aspect == "care")
    assert (care.round, care.award) == (2, 10)


def _spread(seat: str) -> dict[str, str]:
    return {"look": "18", "taste": "30", "care": "0" if seat == "J1" else "3"}


async def test_nobody_sees_anothers_marks_before_all_are_in(database: Settings) -> None:
    small = await small_contest()
    code = await _one(small)
    first, second, third = small.judges
    await small.submit(first, code, MARKS)
    await small.submit(second, code, MARKS)
    early = await _group(small, code)

    await small.submit(third, code, MARKS)

    assert early == []
    assert [sheet.seat for sheet in await _group(small, code)] == ["J1", "J2", "J3"]


async def _group(small: SmallContest, code: str) -> list[MySheet]:
    seat = small.judges[0]
    found = await group_sheets(
        small.contest, UUID(seat.appointment), account=seat.account, module="dish", code=code
    )
    return sorted(found, key=lambda sheet: sheet.seat)


async def pack_of(small: SmallContest) -> Pack:
    seat = small.judges[0]
    return await pack(small.contest, UUID(seat.appointment), account=seat.account)


async def test_a_pack_holds_what_the_judge_marks_and_no_entry(database: Settings) -> None:
    small = await small_contest()

    found = await pack_of(small)

    assert set(found.codes) == {"dish", "theory"}
    assert [aspect.id for aspect in found.duties["dish"]] == ["look", "taste", "care"]
    assert not {str(entry) for entry in small.entries} & set(repr(found).split("'"))
    mine = await my_contests(small.judges[0].account)
    assert [(one.contest, one.appointment.seat) for one in mine] == [(str(small.contest), "J1")]
    with pytest.raises(NotAppointed):
        await pack(
            small.contest, UUID(small.judges[0].appointment), account=small.judges[1].account
        )


async def test_a_key_belongs_to_one_account(database: Settings) -> None:
    small = await small_contest()
    seat = small.judges[0]

    assert await enrol_device(seat.actor, public_jwk=seat.device.public_jwk) == seat.device.kid
    with pytest.raises(Conflict):
        await enrol_device(small.judges[1].actor, public_jwk=seat.device.public_jwk)
    with pytest.raises(Invalid):
        await enrol_device(seat.actor, public_jwk={"kty": "RSA"})
    with pytest.raises(Invalid):
        await enrol_device(seat.actor, public_jwk={**SoftwareDevice().public_jwk, "d": "AA"})


async def test_a_declared_missing_mark_keeps_the_contest_open(database: Settings) -> None:
    small = await small_contest(entrants=1)
    await small.judge_everything()

    await small.submit(
        small.judges[0],
        await _one(small),
        {"look": "18", "taste": Mark(outcome=Outcome.MISSING), "care": "2"},
    )
    with pytest.raises(NotReady) as refused:
        await running.end_judging(await small.actor("chief"), small.contest)

    assert [f.params["aspects"] for f in refused.value.findings] == ["taste"]


async def test_a_late_judge_of_the_panel_owes_sheets_too(database: Settings) -> None:
    small = await small_contest(entrants=1)
    seat = await add_judge(small, "J9")

    answer = await small.submit(seat, await _one(small), MARKS)

    assert answer.answer == "accepted"
    assert str(seat.appointment) in (await small.replayed()).appointments


async def test_an_account_that_is_nobody_here_gets_nowhere(database: Settings) -> None:
    small = await small_contest()
    account = await make_account("stranger")
    device = SoftwareDevice()
    await enrol_device(await actor_of(account), public_jwk=device.public_jwk)
    seat = small.judges[0]
    jws = device.sign_sheet(
        contest=str(small.contest),
        module="dish",
        code=await _one(small),
        judge=seat.appointment,
        marks={},
        rules=small.rules_hash,
    )

    answer = await accept_revision(jws, account=account)

    assert (answer.answer, answer.reason) == ("quarantined", "device-of-another")
    assert await Revision.count() == 0


async def test_a_decided_conflict_may_leave_marks_to_be_given_again(database: Settings) -> None:
    small = await small_contest(entrants=1)
    await small.judge_everything()
    seat, code = small.judges[0], await _one(small)
    chosen = str(uuid4())
    await small.submit(seat, code, {**MARKS, "care": "0"}, base="", rid=chosen)
    slot = UUID(next(iter((await small.replayed()).conflicts)))

    await running.decide_conflict(
        await small.actor("leader"), small.contest, slot, UUID(chosen), reason="reread"
    )

    assert [(r.round, r.aspects) for r in (await small.replayed()).rounds] == [(2, ("care",))]


async def test_a_batch_gets_one_answer_each_in_its_order(database: Settings) -> None:
    small = await small_contest()
    seat, code = small.judges[0], await _one(small)
    first = small.sign_sheet(seat, code, MARKS)
    second = small.sign_sheet(seat, code, {**MARKS, "taste": "31"})
    wrong = small.sign_sheet(seat, "000", MARKS)

    answers = await accept_revisions(
        [first, "no token", second, wrong, first], account=seat.account, now=small.at
    )

    assert [answer.answer for answer in answers] == [
        "accepted",
        "quarantined",
        "accepted",
        "quarantined",
        "duplicate",
    ]
    assert [answer.findings for answer in answers[:3:2]] == [(), ()]
    stored = (await small.replayed()).sheets
    assert [sheet.sheet.marks["taste"].value for sheet in stored] == [31_000]


async def test_a_revision_that_can_not_be_committed_takes_no_other_with_it(
    database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = await small_contest()
    seat = small.judges[0]
    codes = list((await small.codes())["dish"])[:3]
    sheets = [small.sign_sheet(seat, code, MARKS) for code in codes]
    decide = actions.decide

    async def stumbling(desk: Desk, incoming: Incoming) -> Answer:
        if incoming.payload.code == codes[1]:
            raise OSError("the disk is full")
        return await decide(desk, incoming)

    monkeypatch.setattr(actions, "decide", stumbling)
    outcomes = await asyncio.gather(
        *(accept_revision(jws, account=seat.account) for jws in sheets), return_exceptions=True
    )

    assert [getattr(one, "answer", str(one)) for one in outcomes] == [
        "accepted",
        "the disk is full",
        "accepted",
    ]
    assert await SheetRow.count() == 2
