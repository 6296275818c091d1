"""From two typings that agree to one signed revision of the paper desk."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from contests.judging.keeping import Answer
from contests.judging.paper.sheets import PaperSheet
from contests.judging.paper_desk import enter_from_paper
from core.scoring.model import Mark


async def enter(
    contest: UUID,
    sheet: PaperSheet,
    marks: Mapping[str, Mark],
    *,
    rid: UUID,
    typed: tuple[UUID, UUID],
    scan: str,
    base: str,
    now: datetime,
) -> Answer:
    """Lands as the same entry as a tablet's sheet; entered twice under one rid it is one entry."""
    return await enter_from_paper(
        contest,
        rid=rid,
        module=sheet.module.id,
        code=sheet.code,
        judge=UUID(sheet.judge.id),
        attempt=sheet.attempt,
        round_=sheet.round,
        marks=marks,
        typed=typed,
        scan=scan,
        base=base,
        now=now,
    )
