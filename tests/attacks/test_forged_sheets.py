"""Sheets that were made to get something into the record that no appointed judge has signed, or to
break whoever reads it afterwards."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from jwt.algorithms import ECAlgorithm

from contests.actions.people import end_appointment
from contests.judging.actions import Answer, accept_revision
from contests.log import read
from contests.queries import contest_overview, sheet_grid
from contests.sheets import b64, slot_id
from core.scoring.codec import canonical
from tests.factories_contests import SmallContest, add_judge, small_contest

pytestmark = pytest.mark.usefixtures("database")
GOOD = {"look": {"value": "18"}, "taste": {"value": "30"}, "care": {"value": "2"}}


async def payload(small: SmallContest, **changes: Any) -> dict[str, Any]:
    seat, code = small.judges[0], next(iter((await small.codes())["dish"]))
    values = {
        "rid": str(uuid4()),
        "contest": str(small.contest),
        "module": "dish",
        "code": code,
        "judge": seat.appointment,
        "seq": seat.device.seq + 1,
        "marks": GOOD,
        "rules": small.rules_hash,
        "at": "2024-10-10T08:00:00.000000Z",
        "attempt": 1,
        "round": 1,
        "base": "",
        "prev": seat.device.prev,
        "app": "attack",
        **changes,
    }
    slot = slot_id(
        str(small.contest),
        str(values["module"]),
        str(values["code"]),
        int(values["attempt"]) if str(values["attempt"]).lstrip("-").isdigit() else 1,
        int(values["round"]) if str(values["round"]).isdigit() else 1,
        str(values["judge"]),
    )
    return {"sheet": str(slot), **values}


async def sent(small: SmallContest, data: bytes) -> Answer:
    seat = small.judges[0]
    return await accept_revision(seat.device.sign(data), account=seat.account, now=small.at)


@pytest.mark.parametrize(
    "value",
    ["1e400", "1e2", "NaN", "Infinity", "9" * 5000, "１８", "1,5", " 5", "5 ", "+5", "0x5", "٣",
     "1_0", "", "--5", "5\u0000", "-5", "5.0001"],
)  # fmt: skip
async def test_a_strange_number_never_counts_and_breaks_no_reader(value: str) -> None:
    small = await small_contest()
    marks = {**GOOD, "look": {"value": value}}
    answer = await sent(small, canonical(await payload(small, marks=marks)))
    assert answer.answer == "quarantined" or not answer.countable
    await sheet_grid(small.contest)
    await contest_overview(small.contest)


@pytest.mark.parametrize(
    "changes",
    [
        {"rid": str(uuid4()).upper()},
        {"rid": "{" + str(uuid4()) + "}"},
        {"rid": "urn:uuid:" + str(uuid4())},
        {"rid": uuid4().hex},
        {"base": "x"},
        {"attempt": 10**30},
        {"attempt": 0},
        {"attempt": -1},
        {"round": 99},
        {"seq": 10**30},
        {"seq": "1"},
        {"seq": True},
        {"module": ["dish"]},
        {"code": None},
        {"marks": []},
        {"marks": {"look": 18}},
        {"marks": {"look": {"value": 18}}},
        {"rules": "0" * 64},
        {"judge": str(uuid4())},
        {"contest": str(uuid4())},
        {"module": "no such module"},
        {"code": "no such code"},
        {"extra": 1},
    ],
)
async def test_a_payload_of_the_wrong_shape_is_kept_apart(changes: dict[str, Any]) -> None:
    small = await small_contest()
    before = len(await read(small.contest))
    made = await payload(small, **changes)
    answer = await sent(small, json.dumps(made).encode())
    assert answer.answer == "quarantined"
    assert answer.receipt
    assert len(await read(small.contest)) == before


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"null",
        b"[]",
        b"[" * 30_000,
        b'"x"',
        b"\xff",
        b"NaN",
        b'{"rid":"\\ud800"}',
        '{"rid":"x"}'.encode("utf-16"),
    ],
)
async def test_bytes_that_are_no_payload_are_kept_apart(data: bytes) -> None:
    small = await small_contest()
    answer = await sent(small, data)
    assert answer.answer == "quarantined"


async def test_half_a_character_in_a_note_is_refused_before_it_is_in_the_record() -> None:
    small = await small_contest()
    data = canonical(await payload(small, app="\U0001f600")).replace(
        "\U0001f600".encode(), b"\\ud83d"
    )
    assert (await sent(small, data)).answer == "quarantined"


async def test_a_key_that_stands_twice_is_refused_instead_of_one_winning() -> None:
    small = await small_contest()
    text = canonical(await payload(small)).decode()
    doubled = text.replace('"look":{"value":"18"}', '"look":{"value":"1"},"look":{"value":"18"}')
    assert doubled != text
    assert (await sent(small, doubled.encode())).answer == "quarantined"


async def test_a_judge_cannot_sign_for_another_judges_appointment() -> None:
    small = await small_contest()
    other = small.judges[1].appointment
    answer = await sent(small, canonical(await payload(small, judge=other)))
    assert (answer.answer, answer.reason) == ("quarantined", "device-of-another")


async def test_who_brings_a_sheet_gains_nothing_by_it() -> None:
    small = await small_contest()
    brings, other = small.judges[1], small.judges[0].appointment
    jws = brings.device.sign(canonical(await payload(small, judge=other)))
    for sender in (small.judges[0].account, brings.account):
        answer = await accept_revision(jws, account=sender, now=small.at)
        assert (answer.answer, answer.reason) == ("quarantined", "device-of-another")
    answer = await accept_revision(jws, kid=small.judges[0].device.kid, now=small.at)
    assert answer.answer == "quarantined"


async def test_the_sheet_of_one_contest_is_not_taken_by_another() -> None:
    small, other = await small_contest(), await small_contest()
    made = await payload(small, contest=str(other.contest), rules=other.rules_hash)
    made["code"] = next(iter((await other.codes())["dish"]))
    made["sheet"] = str(slot_id(str(other.contest), "dish", made["code"], 1, 1, made["judge"]))
    assert (await sent(small, canonical(made))).answer == "quarantined"


async def test_a_revision_sent_again_with_another_signature_changes_nothing() -> None:
    small = await small_contest()
    data = canonical(await payload(small))
    first = await sent(small, data)
    again = await sent(small, data)
    assert first.answer == "accepted"
    assert again.answer != "accepted"
    assert len([line for line in await read(small.contest) if line.kind == "sheet"]) == 1


async def test_the_rid_of_another_judges_sheet_gives_no_look_at_it() -> None:
    small = await small_contest()
    theirs = str(uuid4())
    await small.submit(
        small.judges[1], next(iter((await small.codes())["dish"])),
        {"look": "18", "taste": "30", "care": "2"}, rid=theirs,
    )  # fmt: skip
    answer = await sent(small, canonical(await payload(small, rid=theirs)))
    assert answer.answer == "conflict"
    assert (answer.seq, answer.hash, answer.countable) == (0, "", False)
    assert len([line for line in await read(small.contest) if line.kind == "conflict"]) == 0


@pytest.mark.parametrize(
    "header",
    [
        {},
        {"alg": "none"},
        {"alg": "HS256"},
        {"alg": "ES384"},
        {"typ": "JWT"},
        {"crit": ["x"]},
        {"kid": ["x"]},
        {"kid": "nobody"},
    ],
)
async def test_a_header_that_says_something_else_is_refused(header: dict[str, Any]) -> None:
    small = await small_contest()
    device = small.judges[0].device
    made = {"alg": "ES256", "typ": "jiangxin-sheet+jwt", "kid": device.kid, **header}
    signed = b64(json.dumps(made).encode()) + "." + b64(canonical(await payload(small)))
    algorithm = ECAlgorithm(ECAlgorithm.SHA256)
    jws = f"{signed}.{b64(algorithm.sign(signed.encode(), device.private_key))}"
    answer = await accept_revision(jws, account=small.judges[0].account, now=small.at)
    assert answer.answer == ("quarantined" if header else "accepted")


async def test_an_ended_appointment_signs_no_more() -> None:
    small = await small_contest()
    seat = await add_judge(small, "J9")
    code = next(iter((await small.codes())["dish"]))
    marks = {"look": "18", "taste": "30", "care": "2"}
    assert (await small.submit(seat, code, marks)).answer == "accepted"
    organiser = await small.actor("organiser")
    await end_appointment(organiser, UUID(seat.appointment), reason="x", now=small.at)
    assert (await small.submit(seat, code, marks)).answer == "quarantined"
