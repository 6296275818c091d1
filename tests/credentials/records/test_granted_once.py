"""A title is held once, also where two contests lead to it and both are granted at the same moment."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from core.errors import NotReady
from core.outbox import drain
from core.security import SYSTEM
from core.settings import Settings
from credentials.records.actions import grant_proposal
from credentials.records.honours import withdrawing
from credentials.records.honours.tables import HonourCase
from credentials.records.tables import Honour, Proposal
from credentials.tables import Certificate
from tests.credentials.records.applying import proposed
from tests.credentials.records.kit import PROVINCE, organiser_of

pytestmark = pytest.mark.engine


async def two_proposals() -> tuple[UUID, UUID]:
    """Of one person for one medal, by two contests."""
    await proposed()
    row = await Proposal.select().first()
    assert row is not None
    other = {**row, "id": uuid4(), "entry": str(uuid4()), "created_at": datetime.now(UTC)}
    await Proposal.insert(Proposal(**other))
    return row["id"], other["id"]


async def test_of_two_who_grant_a_title_at_the_same_moment_one_is_told_of_the_other(
    database: Settings,
) -> None:
    first, second = await two_proposals()

    answers = await asyncio.gather(
        *(grant_proposal(SYSTEM, one, granted_on="2026-03-20") for one in (first, second)),
        return_exceptions=True,
    )
    await drain()

    (refused,) = [one for one in answers if one is not None]
    assert isinstance(refused, NotReady)
    assert [finding.code for finding in refused.findings] == ["credentials.title-held"]
    assert await Honour.count() == 1
    assert await Certificate.count().where(Certificate.kind == "honour") == 1
    states = await Proposal.select(Proposal.state)
    assert sorted(row["state"] for row in states) == ["granted", "proposed"]


async def test_a_title_that_was_withdrawn_may_be_granted_again(database: Settings) -> None:
    first, second = await two_proposals()
    await grant_proposal(SYSTEM, first, granted_on="2026-03-20")
    case = await HonourCase.select(HonourCase.id).first()
    assert case is not None
    asking, confirming = await organiser_of(PROVINCE), await organiser_of(PROVINCE)
    await withdrawing.ask_withdrawal(asking, case["id"], reason="材料不实", document="粤工9号")
    await withdrawing.confirm_withdrawal(confirming, case["id"])

    await grant_proposal(SYSTEM, second, granted_on="2026-04-20")

    held = await Honour.select(Honour.once).where(Honour.withdrawn_at.is_null())
    assert [row["once"] for row in held] == ["guangdong_may_day_medal"]
