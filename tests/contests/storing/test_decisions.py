"""What a leader is shown, and what his decision does: over HTTP, as the console asks for it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from contests.actions import people, running
from contests.actions.people import end_appointment
from contests.judging.actions import accept_revision, revoke_device
from contests.judging.answers import _REASONS, answer_out
from contests.judging.keeping import Answer
from contests.log import read
from contests.packages.signatures import check_signatures
from core.security import Role
from core.web.i18n import LANGUAGES
from tests.api.kit import Caller, caller, codes
from tests.contests.storing.kit import (
    MARKS,
    admit,
    countersign,
    projection,
    slot_of,
    sound,
    tablet,
)
from tests.factories_contests import Seat, SmallContest, dish_rules, small_contest


async def _leader(client: httpx.AsyncClient, small: SmallContest, name: str = "leader") -> Caller:
    return await caller(client, small.accounts[name])


async def _kept(leader: Caller, small: SmallContest) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = await leader.get(f"/contests/{small.contest}/quarantine")
    return rows


async def _decide(
    leader: Caller, small: SmallContest, kept: str, status: int = 200, **body: Any
) -> Any:
    said = {"take": True, "reason": "the judge confirms it", **body}
    return await leader.post(f"/contests/{small.contest}/quarantine/{kept}/decision", said, status)


async def _revoked(small: SmallContest, **more: Any) -> tuple[Seat, str]:
    """A sheet that was signed on a device that was revoked meanwhile."""
    seat, code = small.judges[0], next(iter((await small.codes())["dish"]))
    jws = small.sign_sheet(seat, code, MARKS, **more)
    await revoke_device(seat.actor, seat.device.kid)
    await accept_revision(jws, kid="courier", now=small.at)
    return seat, code


# --- conflicts --------------------------------------------------------------------------------


async def test_both_versions_are_shown_side_by_side(client: httpx.AsyncClient) -> None:
    small = await small_contest(rules=dish_rules(lock="entry"))
    seat, code = small.judges[0], next(iter((await small.codes())["dish"]))
    shared = await tablet(seat.account)
    await small.submit(seat, code, MARKS)
    seat.device = shared
    later = small.at = small.at + timedelta(minutes=3)
    await small.submit(seat, code, {**MARKS, "look": "7"}, confirmed="pin")

    (found,) = await (await _leader(client, small)).get(f"/contests/{small.contest}/conflicts")

    first, second = found["versions"]
    assert (found["code"], found["seat"], found["own"]) == (code, "J1", False)
    assert (first["counts_now"], second["counts_now"]) == (True, False)
    assert [v["reason"] for v in (first, second)] == ["", "sheet-locked"]
    assert [v["origin"]["kind"] for v in (first, second)] == ["personal", "tablet"]
    assert second["origin"]["label"] == "Tablet"
    assert second["origin"]["confirmed"] == "pin"
    assert second["received_at"].startswith(later.isoformat()[:19])
    cells = {cell["aspect"]: cell for cell in found["cells"]}
    assert [aspect for aspect, cell in cells.items() if cell["differs"]] == ["look"]
    assert cells["look"]["marks"] == {
        first["rid"]: {"value": "18"},
        second["rid"]: {"value": "7"},
    }
    assert cells["look"]["title"]["en"] == "Look"


async def test_the_decision_needs_a_reason_and_ends_the_conflict(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    seat, code = small.judges[0], next(iter((await small.codes())["dish"]))
    await small.submit(seat, code, MARKS)
    chosen = str(uuid4())
    await small.submit(seat, code, {**MARKS, "look": "7"}, base="", rid=chosen)
    leader, slot = await _leader(client, small), slot_of(small, seat, code)
    path = f"/contests/{small.contest}/conflicts/{slot}"

    refused = await leader.post(path, {"chosen": chosen, "reason": " "}, status=422)
    await leader.post(path, {"chosen": chosen, "reason": "read again"}, status=204)

    assert codes(refused) == ["reason-missing"]
    assert await leader.get(f"/contests/{small.contest}/conflicts") == []
    assert (await projection(small))[str(slot)][:2] == ("accepted", (chosen,))


async def test_only_who_may_decide_sees_them(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    judge = await caller(client, small.judges[0].account)
    clerk = await _leader(client, small, "clerk")
    for who in (judge, clerk):
        await who.get(f"/contests/{small.contest}/conflicts", status=403)
        await who.get(f"/contests/{small.contest}/quarantine", status=403)
        await _decide(who, small, str(uuid4()), 403)


# --- kept apart -------------------------------------------------------------------------------


async def test_a_kept_sheet_is_taken_to_its_place(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    seat, code = await _revoked(small)
    leader = await _leader(client, small)

    (row,) = await _kept(leader, small)
    taken = await _decide(leader, small, row["id"])

    assert (row["reason"], row["takeable"], row["stands"]) == ("device-revoked", True, "first")
    assert (row["code"], row["seat"], row["origin"]["device_seq"]) == (code, "J1", 1)
    assert {c["aspect"]: (c["old"], c["new"]) for c in row["changes"]} == {
        "look": (None, {"value": "18"}),
        "taste": (None, {"value": "30.5"}),
        "care": (None, {"value": "2"}),
    }
    assert (taken["resolution"], taken["answer"]) == ("taken", "accepted")
    line = (await read(small.contest))[taken["seq"] - 1]
    body = json.loads(line.body)
    assert body["taken_by"] == str(small.accounts["leader"])
    assert body["taken_from"] == "device-revoked"
    assert "confirms" not in line.body
    assert await _kept(leader, small) == []
    assert codes(await _decide(leader, small, row["id"], 409)) == ["quarantine-decided"]
    assert (await projection(small))[str(slot_of(small, seat, code))][0] == "accepted"
    await sound(small)


async def test_taken_beside_another_it_is_a_conflict(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    seat, code = small.judges[0], next(iter((await small.codes())["dish"]))
    await small.submit(seat, code, {**MARKS, "look": "3"})
    await _revoked(small, base="")
    leader = await _leader(client, small)

    (row,) = await _kept(leader, small)
    taken = await _decide(leader, small, row["id"])

    assert row["stands"] == "beside"
    assert [(c["aspect"], c["old"], c["new"]) for c in row["changes"]] == [
        ("look", {"value": "3"}, {"value": "18"})
    ]
    assert taken["answer"] == "conflict"
    assert (await projection(small))[str(slot_of(small, seat, code))][0] == "conflict"


async def test_a_dismissed_sheet_stays_in_the_log_as_a_hash(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    await _revoked(small)
    leader = await _leader(client, small)

    (row,) = await _kept(leader, small)
    empty = await _decide(leader, small, row["id"], 422, take=False, reason="")
    done = await _decide(leader, small, row["id"], take=False)

    assert codes(empty) == ["reason-missing"]
    assert done == {"resolution": "dismissed", "answer": "", "seq": 0}
    assert (await read(small.contest))[-1].kind == "quarantine_dismissed"
    assert await _kept(leader, small) == []


async def test_a_sheet_of_an_ended_duty_may_be_taken(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    seat, code = small.judges[0], next(iter((await small.codes())["dish"]))
    jws = small.sign_sheet(seat, code, MARKS)
    await end_appointment(await small.actor("organiser"), UUID(seat.appointment), reason="ill")
    answer = await accept_revision(jws, kid="courier", now=small.at)
    leader = await _leader(client, small)

    (row,) = await _kept(leader, small)
    taken = await _decide(leader, small, row["id"])

    assert (answer.reason, row["seat"], taken["answer"]) == ("not-appointed", "J1", "accepted")
    lines = await read(small.contest)
    assert check_signatures(lines, small.rules_hash) == []


async def test_what_nobody_signed_can_not_be_taken(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    seat, code = small.judges[0], next(iter((await small.codes())["dish"]))
    header, payload, signature = small.sign_sheet(seat, code, MARKS).split(".")
    forged = f"{header}.{payload}.{signature[:-6]}AAAAAA"
    await accept_revision(forged, account=seat.account, now=small.at)
    leader = await _leader(client, small)

    (row,) = await _kept(leader, small)
    refused = await _decide(leader, small, row["id"], 409)

    assert (row["takeable"], row["changes"]) == (False, [])
    assert "signature" in row["obstacle"]
    assert row["origin"]["device_seq"] == 0
    assert codes(refused) == ["signature-wrong"]


async def test_after_marking_has_ended_only_a_correction_is_left(client: httpx.AsyncClient) -> None:
    small = await small_contest(entrants=1)
    await small.judge_everything()
    await running.end_judging(await small.actor("chief"), small.contest, now=small.at)
    seat, code = small.judges[0], next(iter((await small.codes())["dish"]))
    late = await small.submit(seat, code, {**MARKS, "look": "1"})
    leader = await _leader(client, small)

    (row,) = await _kept(leader, small)
    refused = await _decide(leader, small, row["id"], 409)

    assert late.answer == "late"
    assert not row["takeable"]
    assert [c["aspect"] for c in row["changes"]] == ["look", "taste"]
    assert codes(refused) == ["late-sheet"]
    assert (await _decide(leader, small, row["id"], take=False))["resolution"] == "dismissed"


async def test_what_was_stored_since_waits_for_nobody(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    seat, code = small.judges[0], next(iter((await small.codes())["dish"]))
    seat.device = await tablet()
    jws = small.sign_sheet(seat, code, MARKS)
    await accept_revision(jws, kid="courier", now=small.at)
    leader = await _leader(client, small)
    assert len(await _kept(leader, small)) == 1
    await admit(seat.device, seat.account)

    assert (await accept_revision(jws, kid="courier", now=small.at)).answer == "accepted"
    assert await _kept(leader, small) == []


async def test_a_leader_takes_no_sheet_of_his_own(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    await _revoked(small)
    small.accounts["leader"], own = small.judges[0].account, small.accounts["leader"]
    organiser = await small.actor("organiser")
    await people.appoint(
        organiser, small.contest, small.judges[0].account, Role.GROUP_LEADER, now=small.at
    )
    leader = await _leader(client, small)

    (row,) = await _kept(leader, small)

    assert (row["own"], row["takeable"]) == (True, False)
    assert codes(await _decide(leader, small, row["id"], 409)) == ["own-sheet"]
    small.accounts["leader"] = own
    assert (await _decide(await _leader(client, small), small, row["id"]))["answer"] == "accepted"


async def test_a_countersigner_is_named(client: httpx.AsyncClient) -> None:
    small = await small_contest(rules=dish_rules(lock="entry"))
    seat, code = small.judges[0], next(iter((await small.codes())["dish"]))
    seat.device = await tablet(seat.account, small.accounts["leader"])
    await small.submit(seat, code, MARKS)
    confirmed = await countersign(small)
    await small.submit(seat, code, {**MARKS, "look": "5"}, countersign=confirmed)
    await small.submit(seat, code, {**MARKS, "look": "6"})
    leader = await _leader(client, small, "chief")

    (found,) = await leader.get(f"/contests/{small.contest}/conflicts")

    origins = [version["origin"] for version in found["versions"]]
    assert [o["countersigned_by"] for o in origins] == ["leader", ""]
    assert origins[0]["countersign_reason"] == "read again"


# --- sentences --------------------------------------------------------------------------------


@pytest.mark.parametrize("reason", sorted(_REASONS))
def test_the_tablet_is_told_in_one_sentence_of_its_own_language(reason: str) -> None:
    answer = Answer("", "conflict", 7, reason=reason, countable=False)

    told = {language: answer_out(answer, language).message for language in LANGUAGES}

    assert len(set(told.values())) == len(LANGUAGES)
    assert all(sentence.rstrip(".。").count("。") == 0 for sentence in told.values())
    assert told["en"].count(".") == 1
