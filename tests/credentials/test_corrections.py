"""Corrections, withdrawals, suspensions: visible wherever somebody looks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from core.errors import AlreadyRevoked, Forbidden, Invalid, NotFound
from core.events import ResultFinal
from core.security import SYSTEM, Actor
from core.settings import Settings
from credentials import actions, keyring, published
from credentials.identifiers import understood
from credentials.lists import Lists
from credentials.presented import verify
from credentials.queries import certificates_of, verify_by_id
from credentials.status import Status
from credentials.tables import Certificate, CertificateVersion
from credentials.verify import State, verify_token
from tests.credentials.facts import (
    CONTEST,
    FIRST,
    ORGANISER,
    SECOND,
    issued,
    issuers,
    person,
    result,
    tell,
)

pytestmark = pytest.mark.engine


async def seen(one: dict[str, Any]) -> dict[str, State]:
    """What each way of looking says: by id, by token, by QR, by each of the two lists."""
    by_token, _ = await verify(one["token"].encode())
    by_qr, _ = await verify(one["qr_text"].encode())
    return {
        "id": (await verify_by_id(one["public_id"])).state,
        "token": by_token.state,
        "qr": by_qr.state,
        "r": await by_list("r", one["token"]),
        "t": await by_list("t", one["token"]),
    }


async def by_list(kind: str, token: str) -> State:
    trust = await keyring.trust_store()
    lists = Lists(trust)
    from datetime import UTC, datetime

    now = datetime.now(UTC)
    lists.add_by_name(await published.status_list(kind, ORGANISER, 1), now=now)
    return verify_token(token, trust=trust, statuses=lists, now=now).state


async def test_a_withdrawal_is_seen_everywhere(database: Settings) -> None:
    await issuers()
    one = await issued()
    assert set((await seen(one)).values()) == {State.VALID}

    await actions.revoke_certificate(SYSTEM, one["public_id"], reason="Mistaken identity")

    assert set((await seen(one)).values()) == {State.REVOKED}
    verdict = await verify_by_id(one["public_id"])
    assert verdict.answer is not None
    assert verdict.answer.note["reason"] == "Mistaken identity"
    assert verdict.answer.note["authority"] == ORGANISER


async def test_a_withdrawal_can_t_be_undone(database: Settings) -> None:
    await issuers()
    one = await issued()
    await actions.revoke_certificate(SYSTEM, one["public_id"], reason="Fraud")

    with pytest.raises(AlreadyRevoked):
        await actions.revoke_certificate(SYSTEM, one["public_id"], reason="Again")
    with pytest.raises(actions.CertificateState):
        await actions.lift_suspension(SYSTEM, one["public_id"])
    with pytest.raises(actions.CertificateState):
        await actions.suspend_certificate(SYSTEM, one["public_id"], reason="x")
    assert (await verify_by_id(one["public_id"])).state is State.REVOKED


async def test_a_suspension_comes_and_goes(database: Settings) -> None:
    await issuers()
    one = await issued()

    await actions.suspend_certificate(SYSTEM, one["public_id"], reason="Under review")
    suspended = await seen(one)
    await actions.lift_suspension(SYSTEM, one["public_id"])

    assert suspended.pop("r") is State.VALID  # one bit can't be taken back
    assert set(suspended.values()) == {State.SUSPENDED}
    assert set((await seen(one)).values()) == {State.VALID}


async def test_a_withdrawal_needs_a_reason_a_right_and_a_certificate(database: Settings) -> None:
    await issuers()
    one = await issued()
    nobody = Actor(None, "nobody")

    with pytest.raises(Invalid):
        await actions.revoke_certificate(SYSTEM, one["public_id"], reason="  ")
    with pytest.raises(Forbidden):
        await actions.revoke_certificate(nobody, one["public_id"], reason="x")
    with pytest.raises(NotFound):
        await actions.revoke_certificate(SYSTEM, "0000000000ZZ", reason="x")
    assert (await verify_by_id(one["public_id"])).state is State.VALID


async def test_a_typed_id_is_understood(database: Settings) -> None:
    await issuers()
    one = await issued()
    typed = "-".join(one["public_id"][at : at + 4] for at in (0, 4, 8)).lower()
    typed = typed.replace("0", "o").replace("1", "l")

    assert understood(typed) == one["public_id"]
    assert (await verify_by_id(typed)).state is State.VALID


# --- corrections -------------------------------------------------------------------------------


async def test_a_new_result_with_the_same_content_changes_nothing_public(
    database: Settings,
) -> None:
    await issuers()
    holder = await person()
    facts = result([holder])
    await tell(ResultFinal(facts))
    before = await certificates_of(CONTEST)

    corrected = replace(facts, result_version=2, total="170.00", evidence_root="x" * 43)
    await tell(ResultFinal(corrected))

    assert await certificates_of(CONTEST) == before
    row = await Certificate.select(Certificate.source_version).first()
    assert row is not None
    assert row["source_version"] == 2


async def test_a_corrected_content_replaces_the_old_paper(database: Settings) -> None:
    await issuers()
    holder = await person()
    facts = result([holder])
    await tell(ResultFinal(facts))
    old = (await certificates_of(CONTEST))[0]

    await tell(ResultFinal(replace(facts, result_version=2, held_on="2024-10-12")))

    new = (await certificates_of(CONTEST))[0]
    assert new["public_id"] == old["public_id"]
    assert new["token"] != old["token"]
    assert set((await seen(new)).values()) == {State.VALID}
    by_token, _ = await verify(old["token"].encode())
    by_qr, _ = await verify(old["qr_text"].encode())
    assert (by_token.state, by_qr.state) == (State.REPLACED, State.REPLACED)
    assert await by_list("r", old["token"]) is State.REVOKED
    assert await by_list("t", old["token"]) is State.REPLACED


async def test_an_older_result_that_comes_late_changes_nothing(database: Settings) -> None:
    await issuers()
    holder = await person()
    facts = result([holder])
    newer = replace(facts, result_version=2, held_on="2024-10-12")

    await tell(ResultFinal(newer))
    await tell(ResultFinal(facts))

    assert await CertificateVersion.count() == 1
    row = await Certificate.select(Certificate.awarded_on).first()
    assert row is not None
    assert row["awarded_on"] == "2024-10-12"


async def test_a_prize_that_a_correction_changes_is_replaced_by_the_other_with_its_reason(
    database: Settings,
) -> None:
    await issuers()
    holder = await person()
    facts = result([holder], FIRST)
    await tell(ResultFinal(facts))
    first = (await certificates_of(CONTEST))[0]

    await tell(
        ResultFinal(
            replace(facts, outputs=(SECOND,), result_version=2, correction="Mark 7 was miscounted")
        )
    )

    now = await seen(first)
    assert now.pop("r") is State.REVOKED  # one bit has no word for it
    assert set(now.values()) == {State.REPLACED}
    verdict = await verify_by_id(first["public_id"])
    assert verdict.answer is not None
    assert verdict.answer.note["reason"] == "Mark 7 was miscounted"
    found = {one["public_id"]: one for one in await certificates_of(CONTEST)}
    second = next(one for id, one in found.items() if id != first["public_id"])
    assert set((await seen(second)).values()) == {State.VALID}


async def test_a_prize_given_back_is_a_new_version(database: Settings) -> None:
    await issuers()
    holder = await person()
    facts = result([holder], FIRST)
    await tell(ResultFinal(facts))
    old = (await certificates_of(CONTEST))[0]
    await tell(ResultFinal(replace(facts, outputs=(), result_version=2, correction="x")))

    await tell(ResultFinal(replace(facts, result_version=3, correction="y")))

    assert (await verify_by_id(old["public_id"])).state is State.VALID
    by_token, _ = await verify(old["token"].encode())
    assert by_token.state is State.REVOKED


async def test_what_an_authority_withdrew_no_correction_gives_back(database: Settings) -> None:
    await issuers()
    holder = await person()
    facts = result([holder])
    await tell(ResultFinal(facts))
    one = (await certificates_of(CONTEST))[0]
    await actions.revoke_certificate(SYSTEM, one["public_id"], reason="Fraud")

    await tell(ResultFinal(replace(facts, result_version=2, held_on="2024-10-12")))

    assert (await verify_by_id(one["public_id"])).state is State.REVOKED
    assert await CertificateVersion.count() == 1


async def test_a_suspended_certificate_stays_suspended_through_a_correction(
    database: Settings,
) -> None:
    await issuers()
    holder = await person()
    facts = result([holder])
    await tell(ResultFinal(facts))
    one = (await certificates_of(CONTEST))[0]
    await actions.suspend_certificate(SYSTEM, one["public_id"], reason="Under review")

    await tell(ResultFinal(replace(facts, result_version=2, held_on="2024-10-12")))

    assert (await verify_by_id(one["public_id"])).state is State.SUSPENDED
    rows = await CertificateVersion.select(CertificateVersion.status).order_by(CertificateVersion.n)
    assert [row["status"] for row in rows] == [Status.REPLACED, Status.SUSPENDED]


async def test_a_list_changes_with_a_status_and_not_otherwise(database: Settings) -> None:
    await issuers()
    one = await issued()

    first = await published.status_list("t", ORGANISER, 1)
    again = await published.status_list("t", ORGANISER, 1)
    await actions.revoke_certificate(SYSTEM, one["public_id"], reason="x")
    changed = await published.status_list("t", ORGANISER, 1)

    assert first == again
    assert changed != first


async def test_a_list_is_never_older_than_an_hour(database: Settings) -> None:
    from datetime import UTC, datetime, timedelta

    await issuers()
    await issued()
    now = datetime.now(UTC)

    first = await published.status_list("r", ORGANISER, 1, now)
    later = await published.status_list("r", ORGANISER, 1, now + timedelta(hours=1))

    assert first != later


@pytest.mark.parametrize(
    ("issuer", "block"), [("nobody", 1), (ORGANISER, 2), (ORGANISER, -1), (ORGANISER, 1 << 60)]
)
async def test_there_is_no_list_of_a_block_that_is_not_there(
    database: Settings, issuer: str, block: int
) -> None:
    await issuers()
    await issued()

    with pytest.raises(NotFound):
        await published.status_list("r", issuer, block)
