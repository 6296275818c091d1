"""What is left of somebody's honours and applications after erasure: that there was one, and its state."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from credentials.records.applications.tables import ApplicationPaper, ApplicationStep
from credentials.records.honours.collective import forget_studios
from credentials.records.honours.tables import (
    EvidenceFile,
    HonourCase,
    Objection,
    RecordEvent,
    Studio,
    StudioMember,
)
from credentials.records.tables import Application


async def forget(person: UUID) -> None:
    """Inside the caller's transaction. The keys go, and with them every text; links too."""
    cases = await _ids(HonourCase, HonourCase.person == person)
    applications = await _ids(Application, Application.person == person)
    steps = await _ids(ApplicationStep, ApplicationStep.application.is_in(_some(applications)))
    abouts = _some([*cases, *applications, *steps])
    await HonourCase.update(
        {
            HonourCase.wrapped_key: None,
            HonourCase.sealed_holder: None,
            HonourCase.evidence_link: "",
            HonourCase.evidence_hash: "",
        }
    ).where(HonourCase.person == person)
    await Application.update(
        {Application.wrapped_key: None, Application.sealed_file: None, Application.reason: ""}
    ).where(Application.person == person)
    await RecordEvent.update({RecordEvent.sealed_text: None}).where(RecordEvent.about.is_in(abouts))
    await Objection.update(
        {
            Objection.sealed_text: None,
            Objection.sealed_answer: None,
            Objection.sealed_sender: None,
        }
    ).where(Objection.about.is_in(abouts))
    await EvidenceFile.delete().where(EvidenceFile.about.is_in(abouts))
    await ApplicationStep.update({ApplicationStep.sealed_opinion: None}).where(
        ApplicationStep.application.is_in(_some(applications))
    )
    await ApplicationPaper.delete().where(ApplicationPaper.application.is_in(_some(applications)))
    await _leave_studios(person)


async def _leave_studios(person: UUID) -> None:
    """A studio is often named after its leader."""
    led = await StudioMember.select(StudioMember.studio).where(
        StudioMember.person == person, StudioMember.role == "leader"
    )
    studios = _some([row["studio"] for row in led])
    await Studio.update({Studio.sealed_name: None}).where(Studio.id.is_in(studios))
    await forget_studios(studios)
    await StudioMember.delete().where(StudioMember.person == person)


async def _ids(table: Any, where: Any) -> list[UUID]:
    return [row["id"] for row in await table.select(table.id).where(where)]


def _some(ids: list[UUID]) -> list[UUID]:
    """A list that no row is in, rather than an empty one."""
    return ids or [UUID(int=0)]
