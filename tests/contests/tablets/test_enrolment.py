"""A tablet enrols once with a code, proves its key, and loses its session with its revocation."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from contests.judging.tablets import codes, sessions
from contests.judging.tablets.proofs import make_nonce
from contests.tables import Device, TabletCode
from core.security import Role, Scope
from core.tables import AuditEntry
from tests.api.kit import caller
from tests.contests.tablets.kit import (
    HERE,
    Tablet,
    code_for,
    enrolled,
    proof_of,
    read,
    slug,
)
from tests.factories_contests import make_account, small_contest

pytestmark = pytest.mark.usefixtures("database")


@pytest.mark.engine
async def test_a_code_enrols_one_tablet_once(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    organiser = await caller(client, small.accounts["organiser"])
    code = await code_for(organiser, small.contest, label="Tablet 3")
    tablet, other = Tablet(client), Tablet(client)

    made = await tablet.enrol(code.lower())
    refused = await other.enrol(code, status=409)

    assert made["kid"] == tablet.device.kid
    assert made["label"] == "Tablet 3"
    assert slug(refused) == "tablet-code-used"
    row = await Device.select().where(Device.kid == made["kid"]).first()
    assert row is not None
    assert (row["kind"], row["account"], row["contest"]) == ("tablet", None, small.contest)


async def test_only_a_keyed_hash_of_a_code_is_kept(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    organiser = await caller(client, small.accounts["organiser"])
    made = await organiser.post(f"/judging/contests/{small.contest}/tablet-codes", {})

    row = await TabletCode.select().first()

    assert row is not None
    assert made["code"] not in str(row)
    assert made["url"].endswith(f"/judging/#enrol={made['code']}")
    assert made["qr"].startswith("<svg")
    assert len(made["code"]) == 10
    assert set(made["code"]) <= set(codes.ALPHABET)


async def test_a_lost_answer_is_asked_for_again_with_the_same_key(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest()
    organiser = await caller(client, small.accounts["organiser"])
    code, tablet = await code_for(organiser, small.contest), Tablet(client)

    first, second = await tablet.enrol(code), await tablet.enrol(code)

    assert first == second
    assert await Device.count().where(Device.kid == tablet.device.kid) == 1


async def test_a_code_expires(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    organiser = await small.actor("organiser")
    before = datetime.now(UTC) - codes.LIFE - timedelta(seconds=1)
    made = await codes.make_code(organiser, small.contest, label="", competition=False, now=before)

    refused = await Tablet(client).enrol(made.code, status=409)

    assert slug(refused) == "tablet-code-used"


def test_letters_that_look_like_digits_are_read_as_digits() -> None:
    assert codes.read_as("7kq2m-9xhoi") == "7KQ2M9XH01"


async def test_a_code_needs_the_permission_where_the_tablet_will_serve(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest()
    chief = await caller(client, small.accounts["chief"])
    judge = await caller(client, small.judges[0].account)
    path = f"/judging/contests/{small.contest}/tablet-codes"

    await chief.post(path, {"competition": False})
    await chief.post(path, {"competition": True}, status=403)
    await judge.post(path, {}, status=403)


async def test_a_session_names_the_tablet_and_opens_its_roster(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    tablet = await enrolled(client, small, "Tablet 7")

    again = await tablet.open()
    roster = await tablet.get("/roster")

    assert (again["label"], again["kind"], again["account"]) == ("Tablet 7", "tablet", None)
    assert again["expires_in"] == 900
    assert [c["id"] for c in roster["contests"]] == [str(small.contest)]
    labels = [person["label"] for person in roster["people"]]
    assert labels == ["J1", "J2", "J3", "chief", "clerk", "leader"]


async def test_a_stranger_is_told_that_the_tablet_is_unknown(client: httpx.AsyncClient) -> None:
    refused = await Tablet(client).open(status=401)

    assert slug(refused) == "device-unknown"


@pytest.mark.engine
async def test_a_revocation_ends_the_session_at_once(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    tablet = await enrolled(client, small)
    chief = await caller(client, small.accounts["chief"])
    await tablet.get("/roster")

    await chief.post(f"/judging/tablets/{tablet.device.kid}/revocation", status=204)

    assert slug(await tablet.get("/roster", status=401)) == "device-revoked"
    assert slug(await tablet.open(status=401)) == "device-revoked"
    actions = await AuditEntry.select(AuditEntry.action).where(
        AuditEntry.subject == tablet.device.kid
    )
    assert [one["action"] for one in actions] == ["tablet.enrolled", "tablet.revoked"]


async def test_only_who_may_revokes(client: httpx.AsyncClient) -> None:
    small, other = await small_contest(), await small_contest()
    tablet = await enrolled(client, small)
    path = f"/judging/tablets/{tablet.device.kid}/revocation"
    for account in (small.judges[0].account, other.accounts["chief"], other.accounts["organiser"]):
        await (await caller(client, account)).post(path, status=403)

    await (await caller(client, small.accounts["clerk"])).post(path, status=204)


async def test_a_nonce_serves_one_proof(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    tablet = await enrolled(client, small)
    proof = await tablet.proof()
    await tablet.open(proof=proof)

    refused = await tablet.open(proof=proof, status=401)

    assert slug(refused) == "proof-wrong"


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "https://elsewhere.example"},
        {"aud": None},
        {"alg": "HS256"},
        {"alg": "none"},
        {"typ": "jiangxin-sheet+jwt"},
        {"crit": ["exp"]},
        {"nonce": "AAAA"},
        {"nonce": ""},
        {"nonce": None},
        {"nonce": "A" * 43},
    ],
)
async def test_another_audience_algorithm_or_nonce_is_refused(
    client: httpx.AsyncClient, changes: dict[str, object]
) -> None:
    small = await small_contest()
    tablet = await enrolled(client, small)

    refused = await tablet.open(status=401, **changes)

    assert slug(refused) == "proof-wrong"


async def test_an_old_nonce_is_refused_and_a_wrong_clock_is_not(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    tablet = await enrolled(client, small)
    old = make_nonce(datetime.now(UTC) - timedelta(minutes=2, seconds=1))

    assert slug(await tablet.open(nonce=old, status=401)) == "proof-wrong"
    await tablet.open(at="1999-01-01T00:00:00Z")
    await tablet.open(at="yesterday")


async def test_another_keys_signature_opens_nothing(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    tablet, thief = await enrolled(client, small), Tablet(client)

    forged = await thief.proof(kid=tablet.device.kid)

    assert slug(await thief.open(proof=forged, status=401)) == "proof-wrong"


async def test_a_code_in_a_strangers_hand_does_not_enrol_a_key_that_he_does_not_hold(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest()
    organiser = await caller(client, small.accounts["organiser"])
    code, thief, victim = await code_for(organiser, small.contest), Tablet(client), Tablet(client)
    nonce = (await client.get(f"{HERE}/nonce")).json()["nonce"]
    body = {
        "code": code,
        "jwk": victim.device.public_jwk,
        "proof": proof_of(thief.device, nonce=nonce),
    }

    read(await client.post(f"{HERE}/enrolment", json=body), 401)

    await thief.enrol(code)


async def test_a_judges_own_browser_opens_a_session_of_its_account(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest()
    own = Tablet(client, small.judges[0].device)

    opened = await own.open()
    roster = await own.get("/roster")

    assert (opened["kind"], opened["account"]) == ("personal", str(small.judges[0].account))
    assert [p["account"] for p in roster["people"]] == [str(small.judges[0].account)]
    assert roster["people"][0]["admitted"]


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é", "A" * 5000])
async def test_a_made_up_token_is_refused(client: httpx.AsyncClient, token: str) -> None:
    headers = {b"Authorization": f"Tablet {token}".encode()}

    refused = await client.get(f"{HERE}/roster", headers=headers)

    assert refused.status_code == 401


async def test_a_persons_session_token_is_no_tablets_and_the_other_way_round(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest()
    tablet = await enrolled(client, small)
    person = await caller(client, small.accounts["organiser"])

    mixed = await client.get(f"{HERE}/roster", headers={"Authorization": f"Tablet {person.token}"})
    other = await client.get("/api/v1/me", headers={"Authorization": f"Bearer {tablet.token}"})

    assert (mixed.status_code, other.status_code) == (401, 401)


async def test_a_tablet_of_the_competition_serves_every_contest_of_it(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest()
    scope = Scope("competition", str(small.competition))
    organiser = await make_account("organiser", (Role.ORGANISER, scope))
    tablet = Tablet(client)
    code = await code_for(await caller(client, organiser), small.contest, competition=True)

    await tablet.enrol(code, "Ours")
    await tablet.open()

    roster = await tablet.get("/roster")
    row = await Device.select().where(Device.kid == tablet.device.kid).first()
    assert row is not None
    assert row["contest"] is None
    assert [c["id"] for c in roster["contests"]] == [str(small.contest)]


async def test_a_session_ends_after_its_quarter_of_an_hour(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    tablet = await enrolled(client, small)
    before = datetime.now(UTC) - sessions.LIFE - timedelta(seconds=1)
    proof = proof_of(tablet.device, nonce=make_nonce(before))
    await Device.update({Device.proved_at: 0}).where(Device.kid == tablet.device.kid)

    tablet.token, _ = await sessions.open_session(proof, now=before)

    assert slug(await tablet.get("/roster", status=401)) == "tablet-token-wrong"


async def test_codes_can_not_be_tried_by_the_hundred(client: httpx.AsyncClient) -> None:
    body = {"code": "0000000000", "jwk": {}, "proof": "x"}

    answers = [(await client.post(f"{HERE}/enrolment", json=body)).status_code for _ in range(40)]

    assert answers.count(429) >= 9
    assert set(answers) == {422, 429}
