"""An application on its way: the result that it rests on, the unit that files it, bodies that agree."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from core.events import ResultFinal
from core.security import SYSTEM, Actor
from credentials.actions import create_issuer
from credentials.records.applications import deciding, filing
from credentials.records.applications.tables import ApplicationStep
from credentials.records.people import Who
from credentials.records.tables import Proposal
from credentials.tables import Certificate
from tests.credentials.facts import FIRST, issuers, person, result, tell
from tests.credentials.records.kit import (
    CITY,
    MEDAL,
    PROVINCE,
    TODAY,
    UNIT,
    organisations,
    organiser_of,
)

UNTIL = (TODAY + timedelta(days=5)).isoformat()
AFTER = TODAY + timedelta(days=6)
BODIES = (UNIT, CITY, PROVINCE)
STATEMENT = "张伟长期在一线带徒，攻克焊接变形难题。"


async def proposed(*names: str) -> list[Who]:
    """First place of a provincial contest, by one person or a team; each known by a certificate."""
    await issuers()
    await organisations()
    await create_issuer(SYSTEM, PROVINCE)
    persons = [await person(name) for name in names or ("张伟",)]
    facts = result(persons, FIRST, contest_class="gba", authorities=("guangdong",))
    await tell(ResultFinal(replace(facts, delegation="GD", details={"delegation_city": "442000"})))
    await Proposal.delete().where(Proposal.code != MEDAL)
    if not await Proposal.exists().where(Proposal.code == MEDAL):
        raise AssertionError("the rules proposed no medal")
    await Proposal.update({Proposal.issuer: PROVINCE}).where(Proposal.code == MEDAL)
    found = {row["person"]: row["public_id"] for row in await Certificate.select()}
    return [
        Who(name, certificate=found[one])
        for name, one in zip(names or ("张伟",), persons, strict=True)
    ]


def new(who: Who, **changes: object) -> filing.NewApplication:
    made = filing.NewApplication(MEDAL, UNIT, who, BODIES, STATEMENT, "442000")
    return replace(made, **changes)  # type: ignore[arg-type]


async def filed() -> tuple[UUID, Actor]:
    (who,) = await proposed()
    unit = await organiser_of(UNIT)
    return await filing.file_application(unit, new(who)), unit


async def turn(application: UUID) -> ApplicationStep:
    rows = await ApplicationStep.objects().where(
        ApplicationStep.application == application,
        ApplicationStep.state.is_in(["open", "notice"]),
    )
    (one,) = rows
    return one


async def agree(application: UUID, by: Actor, opinion: str = "同意推荐") -> None:
    """The body's notice, and its decision on the day after."""
    step = (await turn(application)).id
    await deciding.open_notice(by, application, step, until=UNTIL, today=TODAY)
    await deciding.decide(by, application, step, "agreed", opinion, today=AFTER)
