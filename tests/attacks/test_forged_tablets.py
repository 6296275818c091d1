"""Who holds one enrolled tablet tries to get more out of it than the sheets of those who signed in."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from contests.actions import people
from contests.actions.quarantine import decide_quarantine
from contests.judging.actions import Answer, accept_revision, accept_revisions
from contests.judging.signing import SoftwareDevice
from contests.judging.tablets.gaps import missing_numbers
from contests.log import read
from contests.sheets import Countersign, b64, payload_bytes, payload_of, take_apart
from contests.tables import Device, Quarantine, Revision, SheetRow
from core.errors import Conflict, Forbidden
from core.security import Role
from tests.contests.storing.kit import MARKS, admit, appointment_of, sound, tablet
from tests.factories_contests import Seat, SmallContest, dish_rules, small_contest

pytestmark = pytest.mark.usefixtures("database")


async def _hall(**rules: Any) -> tuple[SmallContest, Seat, list[str]]:
    small = await small_contest(rules=dish_rules(**rules))
    seat = small.judges[0]
    seat.device = await tablet(seat.account)
    return small, seat, list((await small.codes())["dish"])


async def _bring(small: SmallContest, jws: str) -> Answer:
    return await accept_revision(jws, kid="courier", now=small.at)


async def test_an_edited_payload_is_named_and_stored_nowhere() -> None:
    small, seat, codes = await _hall()
    jws = small.sign_sheet(seat, codes[0], MARKS)
    header, _, signature = jws.split(".")
    better = replace(payload_of(jws), marks=payload_of(jws).marks, app="edited")

    answer = await _bring(small, f"{header}.{b64(payload_bytes(better))}.{signature}")

    assert (answer.answer, answer.reason) == ("quarantined", "signature-wrong")
    assert await SheetRow.count() == 0


async def test_another_key_under_an_enrolled_tablets_name_signs_nothing() -> None:
    small, seat, codes = await _hall()
    forger = SoftwareDevice()
    jws = replace(forger).sign(payload_bytes(payload_of(small.sign_sheet(seat, codes[0], MARKS))))
    parts = take_apart(jws)
    assert parts is not None
    _, payload, signature = jws.split(".")
    header = b64(json.dumps({**parts.header, "kid": seat.device.kid}).encode())

    answer = await _bring(small, f"{header}.{payload}.{signature}")

    assert (answer.answer, answer.reason) == ("quarantined", "signature-wrong")


async def test_a_forged_number_hides_no_gap() -> None:
    """What nobody has signed fills no place in a device's numbers."""
    small, seat, codes = await _hall()
    await small.submit(seat, codes[0], MARKS)
    missing = small.sign_sheet(seat, codes[1], MARKS)
    await small.submit(seat, codes[2], MARKS)
    header, payload, signature = missing.split(".")
    await _bring(small, f"{header}.{payload}.{signature[:-8]}AAAAAAAA")

    row = await Device.select().where(Device.kid == seat.device.kid).first()
    assert row is not None
    assert await missing_numbers(row["id"], row["kid"], 3) == [2]
    await _bring(small, missing)
    assert await missing_numbers(row["id"], row["kid"], 3) == []


@pytest.mark.parametrize("other", ["judge", "leader", "chief"])
async def test_a_tablet_signs_for_nobody_who_has_not_signed_in(other: str) -> None:
    small, seat, codes = await _hall()
    judge = small.judges[1].appointment if other == "judge" else await appointment_of(small, other)

    answer = await small.submit(seat, codes[0], MARKS, judge=judge)

    assert (answer.answer, answer.reason) == ("quarantined", "judge-not-admitted")
    assert await Revision.count() == 0


async def test_signing_in_on_another_tablet_gives_this_one_nothing() -> None:
    small, seat, codes = await _hall()
    other = small.judges[1]
    await tablet(other.account)

    answer = await small.submit(seat, codes[0], MARKS, judge=other.appointment)

    assert answer.reason == "judge-not-admitted"


async def test_a_leader_who_never_stood_there_countersigns_nothing() -> None:
    small, seat, codes = await _hall(lock="entry")
    leader = await appointment_of(small, "leader")
    await small.submit(seat, codes[0], MARKS)
    forged = Countersign(leader, "the leader said so")

    answer = await small.submit(seat, codes[0], {**MARKS, "look": "20"}, countersign=forged)

    assert (answer.answer, answer.reason) == ("conflict", "sheet-locked")
    assert '"countersigned"' not in (await read(small.contest))[-1].body
    await sound(small)


async def test_a_leader_who_marks_does_not_countersign_himself() -> None:
    small, seat, codes = await _hall(lock="entry")
    small.accounts["leader"] = seat.account
    organiser = await small.actor("organiser")
    leader = await people.appoint(
        organiser, small.contest, seat.account, Role.GROUP_LEADER, now=small.at
    )
    await small.submit(seat, codes[0], MARKS)

    answer = await small.submit(
        seat, codes[0], {**MARKS, "look": "20"}, countersign=Countersign(str(leader), "myself")
    )

    assert (answer.answer, answer.reason) == ("conflict", "sheet-locked")


async def test_the_leader_of_another_contest_countersigns_nothing_here() -> None:
    small, seat, codes = await _hall(lock="entry")
    elsewhere = await small_contest()
    await admit(seat.device, elsewhere.accounts["leader"])
    foreign = await appointment_of(elsewhere, "leader")
    await small.submit(seat, codes[0], MARKS)

    answer = await small.submit(
        seat, codes[0], {**MARKS, "look": "20"}, countersign=Countersign(foreign, "elsewhere")
    )

    assert (answer.answer, answer.reason) == ("conflict", "sheet-locked")


async def test_replayed_pieces_in_any_company_stay_one_entry() -> None:
    small, seat, codes = await _hall()
    good = [small.sign_sheet(seat, code, MARKS) for code in codes]
    await accept_revisions(good, kid="courier", now=small.at)
    length = len(await read(small.contest))

    for batch in (good, good[::-1], [good[0]] * 5, ["junk", good[2], "", good[1]]):
        answers = await accept_revisions(batch, account=small.judges[2].account, now=small.at)
        assert {a.answer for a in answers} <= {"duplicate", "quarantined"}

    assert len(await read(small.contest)) == length
    await sound(small)


async def test_a_judge_can_not_decide_about_what_was_kept() -> None:
    small, seat, codes = await _hall()
    await small.submit(seat, codes[0], MARKS, judge=small.judges[1].appointment)
    row = (await Quarantine.select())[0]

    for judge in small.judges:
        with pytest.raises(Forbidden):
            await decide_quarantine(
                judge.actor, small.contest, row["id"], take=True, reason="please"
            )
    assert await Revision.count() == 0


async def test_a_revision_of_one_contest_is_not_taken_in_another() -> None:
    small, other = await small_contest(), await small_contest()
    seat, code = small.judges[0], next(iter((await small.codes())["dish"]))
    jws = small.sign_sheet(seat, code, MARKS)
    text = jws.encode()
    kept = uuid4()
    await Quarantine.insert(
        Quarantine(id=kept, contest=other.contest, received_at=small.at, reason="x", payload=text)
    )

    with pytest.raises(Conflict):
        await decide_quarantine(
            await other.actor("leader"), other.contest, kept, take=True, reason="wrong hall"
        )
    assert await SheetRow.count() == 0


@pytest.mark.parametrize(
    "change",
    [
        {"about": {"look": {"photos": ["zz"]}}},
        {"about": {"look": {"photos": ["a" * 64] * 13}}},
        {"about": {"look": {"file": "../etc/passwd"}}},
        {"about": {"look": {"unsure": "yes"}}},
        {"about": []},
        {"confirmed": "voice"},
        {"scribe": "anybody"},
        {"countersign": {"judge": "x", "reason": "y"}},
        {"countersign": {"judge": str(uuid4()), "reason": "  "}},
        {"countersign": {"judge": str(uuid4()), "reason": "x" * 501}},
        {"countersign": {"judge": str(uuid4()), "reason": "x", "pin": "1234"}},
        {"swap": "x"},
        {"paper": {"typed": [str(uuid4())]}},
        {"paper": {"typed": ["a", "b"]}},
        {"paper": {"typed": [str(UUID(int=1)), str(UUID(int=1))]}},
        {"paper": {"typed": [str(uuid4()), str(uuid4())], "scan": "nope"}},
    ],
)
async def test_strange_facts_beside_the_marks_are_refused(change: dict[str, Any]) -> None:
    small, seat, codes = await _hall()
    parts = take_apart(small.sign_sheet(seat, codes[0], MARKS))
    assert parts is not None
    data = {**json.loads(parts.payload), **change}

    answer = await _bring(small, seat.device.sign(json.dumps(data).encode()))

    assert (answer.answer, answer.reason) == ("quarantined", "unreadable")
    assert answer.findings


async def test_a_header_may_hold_no_half_characters() -> None:
    small, seat, codes = await _hall()
    signed = small.sign_sheet(seat, codes[0], MARKS)
    _, payload, signature = signed.split(".")
    header = b64(b'{"alg":"ES256","typ":"jiangxin-sheet+jwt","kid":"\\ud800\\u0000"}')

    answer = await _bring(small, f"{header}.{payload}.{signature}")

    assert (answer.answer, answer.reason) == ("quarantined", "device-unknown")
    assert [row["kid"] for row in await Quarantine.select()] == [""]
