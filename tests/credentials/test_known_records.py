"""Partner rules know what a person already holds, and forget what the same result led to."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from core.db import transaction
from core.events import ResultFacts, ResultFinal
from core.settings import Settings
from credentials.records.known import with_record
from credentials.records.tables import HeldLevel, Honour, Proposal
from tests.credentials.facts import FIRST, issuers, person, result, tell

pytestmark = pytest.mark.engine


def first_prize(holder: UUID, **changes: Any) -> ResultFacts:
    return result(
        [holder], FIRST, contest_class="xiangshan_cup", authorities=("guangdong",), **changes
    )


async def holds(holder: UUID, level: str, proposal: UUID | None = None) -> None:
    async with transaction():
        await HeldLevel.insert(
            HeldLevel(
                id=uuid4(),
                person=holder,
                occupation="4-03-02-03",
                level=level,
                title="{}",
                issuer="test-assessment",
                number_hash=str(uuid4()),
                granted_on="2020-01-01",
                proposal=proposal,
                created_at=datetime.now(UTC),
            )
        )


async def proposed(facts: ResultFacts) -> set[str]:
    rows = await Proposal.select(Proposal.code).where(
        Proposal.entry == facts.entry, Proposal.state != "withdrawn"
    )
    return {row["code"] for row in rows}


async def test_who_is_known_to_hold_level_three_is_proposed_for_level_two(
    database: Settings,
) -> None:
    await issuers()
    holder, beginner = await person("李华"), await person("王芳")
    await holds(holder, "4")
    await holds(holder, "3")
    known, unknown = first_prize(holder, rank=2), first_prize(beginner, rank=2)

    await tell(ResultFinal(known), ResultFinal(unknown))

    assert await proposed(known) == {"level:2", "zhongshan_technical_expert"}
    assert await proposed(unknown) == {"level:3", "zhongshan_technical_expert"}


async def test_what_the_same_result_led_to_does_not_take_its_ground_away(
    database: Settings,
) -> None:
    await issuers()
    holder = await person()
    facts = first_prize(holder, rank=2)
    await tell(ResultFinal(facts))
    own = await Proposal.select(Proposal.id).where(Proposal.code == "level:3").first()
    assert own is not None
    await holds(holder, "3", proposal=own["id"])

    await tell(ResultFinal(replace(facts, result_version=2, correction="a mark was corrected")))

    assert await proposed(facts) == {"level:3", "zhongshan_technical_expert"}


async def test_a_title_already_held_is_named_unless_it_was_withdrawn(database: Settings) -> None:
    holder = await person()
    async with transaction():
        await Honour.insert(
            *(
                Honour(
                    id=uuid4(),
                    person=holder,
                    kind="technical_expert",
                    code=code,
                    title="{}",
                    authority="zhongshan_hr",
                    granted_on="2020-01-01",
                    withdrawn_at=withdrawn,
                    created_at=datetime.now(UTC),
                )
                for code, withdrawn in (("held", None), ("lost", datetime.now(UTC)))
            )
        )

    facts = await with_record(first_prize(holder))

    assert facts.details == {f"titles:{holder}": "held"}
