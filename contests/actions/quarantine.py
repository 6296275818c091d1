"""A leader's decision about bytes that were kept apart: taken as a sheet, or left aside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from contests.actions.common import allowed, moment, who
from contests.judging.actions import release
from contests.judging.desk import desk_at
from contests.judging.incoming import Incoming, Refusal, Sender, authentic
from contests.judging.keeping import Answer
from contests.judging.panel import Panel
from contests.judging.releasing import kept_text, settle_kept
from contests.judging.storing import decide
from contests.log import open_gate, refusal, writing
from contests.sheets import jws_hash
from contests.tables import Quarantine
from contests.texts import keep
from core import audit
from core.db import transaction
from core.errors import Conflict, Invalid, NotFound
from core.scoring.model import Finding
from core.security import Actor

_SLUGS = {"judging-ended": "late-sheet"}
"""Refusals whose sentence is the judge's; a leader is told what is left to do."""


@dataclass(frozen=True, slots=True)
class Decided:
    """resolution: taken or dismissed. answer: what a tablet would be told; None when dismissed."""

    resolution: str
    answer: Answer | None = None


async def decide_quarantine(
    by: Actor,
    contest: UUID,
    kept: UUID,
    *,
    take: bool,
    reason: str,
    now: datetime | None = None,
) -> Decided:
    """Taken, it goes to its place in the log as a sheet, with who took it; whatever stands there
    already is not thrown away. Who signed it, on which device and under which rules is the leader's
    decision; nobody can take what no enrolled key has signed, and nothing after marking has ended.

    Raises Conflict with why it can't be taken, Invalid without a reason.
    """
    scope = await allowed(by, "contest.decide_conflict", contest)
    if not reason.strip():
        raise Invalid([Finding("/reason", "reason-missing", {})])
    at, row = moment(now), await _open_row(contest, kept)
    read = await _read(row, contest, at) if take else None
    async with transaction():
        if read is not None:
            decided = await _take(by, contest, row, read, reason)
        else:
            decided = await _dismiss(by, contest, row, reason, at)
        await audit.record(by, "decide_quarantine", scope=scope, subject=str(kept))
    if take:
        await release(contest=contest)  # it may have opened a round that others wait for
    return decided


async def _read(row: Mapping[str, Any], contest: UUID, at: datetime) -> Incoming:
    """Raises Conflict when no enrolled key has signed these bytes for this contest."""
    read = await authentic(kept_text(row), sender=Sender(row["account"]), now=at)
    if isinstance(read, Refusal):
        raise Conflict(list(read.findings) or [Finding("", read.reason, {})])
    if read.payload.contest != str(contest):
        raise Conflict([Finding("", "quarantine-of-another", {})])
    return read


async def _take(
    by: Actor, contest: UUID, row: Mapping[str, Any], read: Incoming, reason: str
) -> Decided:
    log = await open_gate(contest, ("judging",), now=read.now)
    if log is None:
        raise await refusal(contest, ("judging",))
    await _open_row(contest, row["id"])  # behind the gate nobody else decides
    desk = await desk_at(log, contest, [read])
    _not_his_own(by, desk.panel, read)
    text = await keep(contest, reason)
    taken = {"taken_by": who(by), "taken_from": row["reason"], "reason_hash": text}
    answer = await decide(desk, read, taken=taken)
    if not answer.seq:
        slug = _SLUGS.get(answer.reason, answer.reason)
        raise Conflict([Finding("", slug, {})])
    await desk.write()
    await settle_kept([dict(row)], by=by.account)
    return Decided("taken", answer)


async def _dismiss(
    by: Actor, contest: UUID, row: Mapping[str, Any], reason: str, at: datetime
) -> Decided:
    async with writing(contest, now=at) as log:
        await _open_row(contest, row["id"])
        text = await keep(contest, reason)
        log.add(
            "quarantine_dismissed",
            {
                "jws_hash": jws_hash(kept_text(row)),
                "kept_for": row["reason"],
                "by": who(by),
                "reason_hash": text,
            },
        )
    await Quarantine.update(
        {
            Quarantine.resolution: "dismissed",
            Quarantine.resolved_at: at,
            Quarantine.resolved_by: by.account,
        }
    ).where(Quarantine.id == row["id"])
    return Decided("dismissed")


async def _open_row(contest: UUID, kept: UUID) -> dict[str, Any]:
    row = (
        await Quarantine.select()
        .where(Quarantine.id == kept, Quarantine.contest == contest)
        .first()
    )
    if row is None:
        raise NotFound(kind="kept sheet", id=kept)
    if row["resolution"]:
        raise Conflict([Finding("", "quarantine-decided", {})])
    return row


def _not_his_own(by: Actor, panel: Panel | None, read: Incoming) -> None:
    judge = panel.known(read.payload.judge) if panel else None
    if judge is not None and judge.account == str(by.account):
        raise Conflict([Finding("", "own-sheet", {})])
