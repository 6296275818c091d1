"""Suspended, lifted, printed again, renewed, withdrawn: each with its reason, on the page and in the lists."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from core.errors import Forbidden, Invalid
from core.security import SYSTEM, Actor
from core.settings import Settings
from core.tables import AuditEntry
from credentials import actions
from credentials.lifecycle.as_of import certificates_as_of
from credentials.lifecycle.changing import (
    NothingToRenew,
    reissue_certificate,
    reissue_of,
    renew_certificate,
)
from credentials.presented import verify
from credentials.queries import stored, verify_by_id
from credentials.rendering import token_of
from credentials.tables import Certificate, CertificateVersion
from credentials.verify import State
from tests.credentials.facts import CONTEST, issued, issuers
from tests.credentials.test_corrections import seen

pytestmark = pytest.mark.engine


async def with_last_day(days: int) -> dict[str, str]:
    """A level certificate would have one; here an award is given one."""
    await issuers()
    one = await issued()
    until = datetime.now(UTC) + timedelta(days=days)
    await renew_from_nothing(one["public_id"], until)
    row = await stored(one["public_id"])
    assert row is not None
    return {**one, "token": token_of(row)}


async def renew_from_nothing(number: str, until: datetime) -> None:
    soon = until - timedelta(days=1)
    await Certificate.update({Certificate.valid_until: soon}).where(Certificate.public_id == number)
    await renew_certificate(SYSTEM, number, until=until, reason="First last day")


async def test_a_lost_paper_is_printed_again_with_a_mark_and_the_same_signature(
    database: Settings,
) -> None:
    await issuers()
    one = await issued()
    row = await stored(one["public_id"])
    assert row is not None

    first = await reissue_certificate(SYSTEM, one["public_id"], reason="Lost in the post")
    second = await reissue_certificate(SYSTEM, one["public_id"], reason="Lost again")
    after = await stored(one["public_id"])

    assert after is not None
    assert (first.count, second.count) == (1, 2)
    assert await reissue_of(row["id"]) == second
    assert token_of(after) == one["token"]
    assert await AuditEntry.count().where(AuditEntry.action == "certificate.reissue") == 2
    assert set((await seen(one)).values()) == {State.VALID}


async def test_a_reprint_needs_a_reason_a_right_and_a_certificate_that_counts(
    database: Settings,
) -> None:
    await issuers()
    one = await issued()

    with pytest.raises(Invalid):
        await reissue_certificate(SYSTEM, one["public_id"], reason=" ")
    with pytest.raises(Forbidden):
        await reissue_certificate(Actor(None, "nobody"), one["public_id"], reason="Lost")
    await actions.suspend_certificate(SYSTEM, one["public_id"], reason="Under review")
    with pytest.raises(actions.CertificateState):
        await reissue_certificate(SYSTEM, one["public_id"], reason="Lost")
    row = await stored(one["public_id"])
    assert row is not None
    assert await reissue_of(row["id"]) is None


async def test_a_renewal_is_a_new_version_with_a_later_last_day(database: Settings) -> None:
    one = await with_last_day(30)
    later = datetime.now(UTC) + timedelta(days=400)
    before = await verify_by_id(one["public_id"], datetime.now(UTC) + timedelta(days=31))

    await renew_certificate(SYSTEM, one["public_id"], until=later, reason="Assessed again")
    after = await verify_by_id(one["public_id"], datetime.now(UTC) + timedelta(days=31))
    old, _ = await verify(one["token"].encode())

    assert before.state is State.EXPIRED
    assert after.state is State.VALID
    assert old.state is State.REPLACED
    assert await CertificateVersion.count() == 3
    with pytest.raises(Invalid):
        await renew_certificate(SYSTEM, one["public_id"], until=later, reason="No later")


async def test_what_has_no_last_day_is_not_renewed(database: Settings) -> None:
    await issuers()
    one = await issued()

    with pytest.raises(NothingToRenew):
        await renew_certificate(SYSTEM, one["public_id"], until=datetime.now(UTC), reason="x")


async def test_the_page_tells_everything_that_happened_with_reason_and_authority(
    client: httpx.AsyncClient,
) -> None:
    await issuers()
    one = await issued()
    number = one["public_id"]
    before = (await client.get(f"/c/{number}?lang=en")).text
    await actions.suspend_certificate(SYSTEM, number, reason="Under review")
    await actions.lift_suspension(SYSTEM, number)
    await reissue_certificate(SYSTEM, number, reason="Lost in the post")
    counting = (await client.get(f"/c/{number}?lang=en")).text
    await actions.revoke_certificate(SYSTEM, number, reason="Mistaken identity")
    withdrawn = (await client.get(f"/c/{number}?lang=zh-Hant")).text

    assert "History" not in before
    for words in ("Suspended on", "Counts again since", "Printed again on"):
        assert words in counting
    assert "Under review · Test Committee" in counting
    assert "Lost in the post · Test Committee" in counting
    assert "Genuine and valid" in counting
    assert "補發" in withdrawn
    assert "Mistaken identity · 测试组委会" in withdrawn


async def test_what_was_believed_at_a_moment_is_told_again(database: Settings) -> None:
    nothing = datetime.now(UTC)
    await issuers()
    one = await issued()
    moments = []
    for act in (
        actions.suspend_certificate(SYSTEM, one["public_id"], reason="Under review"),
        actions.lift_suspension(SYSTEM, one["public_id"]),
        actions.revoke_certificate(SYSTEM, one["public_id"], reason="Fraud"),
    ):
        moments.append(datetime.now(UTC) + timedelta(seconds=0))
        await asyncio.sleep(0.01)
        await act
    moments.append(datetime.now(UTC))

    told = [await certificates_as_of(CONTEST, at) for at in moments]

    assert await certificates_as_of(CONTEST, nothing - timedelta(seconds=2)) == []
    assert [found[0].state for found in told] == ["issued", "suspended", "issued", "revoked"]
    assert {found[0].version for found in told} == {1}
    assert "First prize" in told[0][0].title
