"""Erasure: the content is gone for everybody, the status is not."""

from __future__ import annotations

import pytest

from core.events import ResultFinal
from core.outbox import drain
from core.privacy import erase_person
from core.security import SYSTEM
from core.settings import Settings
from credentials import actions
from credentials.presented import verify
from credentials.queries import certificates_of, verify_by_id
from credentials.records.tables import Honour
from credentials.tables import Certificate, CertificateVersion
from credentials.verify import State
from tests.credentials.facts import CONTEST, issuers, person, result, tell

pytestmark = pytest.mark.engine


async def test_erasure_destroys_the_token_and_keeps_the_status(database: Settings) -> None:
    await issuers()
    holder, other = await person(), await person("李四")
    await tell(ResultFinal(result([holder])), ResultFinal(result([other])))
    found = {one["person"]: one for one in await certificates_of(CONTEST)}
    erased, kept = found[str(holder)], found[str(other)]

    await erase_person(holder)
    await drain()

    verdict = await verify_by_id(erased["public_id"])
    assert verdict.state is State.ERASED
    assert verdict.credential is None
    assert [c.code for c in verdict.checks if c.id == "status"] == ["status-valid"]
    assert (await verify_by_id(kept["public_id"])).state is State.VALID
    again = {one["public_id"]: one for one in await certificates_of(CONTEST)}
    assert again[erased["public_id"]]["token"] == ""
    assert "#" not in again[erased["public_id"]]["qr_text"]


async def test_a_paper_in_the_holder_s_hand_still_shows_its_status(database: Settings) -> None:
    await issuers()
    holder = await person()
    await tell(ResultFinal(result([holder])))
    one = (await certificates_of(CONTEST))[0]
    await erase_person(holder)

    before, _ = await verify(one["token"].encode())
    await actions.revoke_certificate(SYSTEM, one["public_id"], reason="x")
    after, _ = await verify(one["qr_text"].encode())

    assert before.state is State.VALID
    assert after.state is State.REVOKED


async def test_nothing_of_the_name_is_left_in_our_tables(database: Settings) -> None:
    await issuers()
    holder = await person("独孤求败")
    await tell(ResultFinal(result([holder])))
    await certificates_of(CONTEST)

    await erase_person(holder)

    rows = [*await Certificate.select(), *await CertificateVersion.select(), *await Honour.select()]
    assert "独孤求败" not in str(rows)
    assert {row["content_hash"] for row in await Certificate.select()} == {""}
    assert all(row["sealed_token"] is None for row in await CertificateVersion.select())


async def test_a_result_after_erasure_issues_nothing(database: Settings) -> None:
    await issuers()
    holder = await person()
    facts = result([holder])
    await erase_person(holder)

    await tell(ResultFinal(facts))

    assert await Certificate.count() == 0
