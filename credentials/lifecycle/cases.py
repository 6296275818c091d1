"""A correction from the moment it is asked for: whose certificate it would change is under correction in
public until it is answered, and who can answer is named when nobody does."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from core import audit, enclosing
from core.events import CorrectionAsked, CorrectionDecided, CorrectionOverdue
from core.outbox import put
from core.security import PERMISSIONS, SYSTEM, Scope
from core.tables import Account, Grant
from credentials.encoding import to_text
from credentials.lifecycle.graph import cascade
from credentials.lifecycle.settling import hold, settle, under_correction
from credentials.lifecycle.tables import CorrectionCase
from credentials.tables import Certificate

ANSWERS = "contest.correct"
"""Who may answer a correction."""


async def open_cases(events: Sequence[CorrectionAsked]) -> None:
    """Holds exactly the certificates whose content would change. One whose answer was faster than this
    message holds nothing."""
    for event in events:
        if await CorrectionCase.exists().where(CorrectionCase.id == UUID(event.approval)):
            continue
        await _open(event)


async def _open(event: CorrectionAsked) -> None:
    now = datetime.now(UTC)
    found = await cascade(event.results)
    ids = await _free(found.certificates)
    due = now + timedelta(days=event.days)
    await CorrectionCase.insert(
        CorrectionCase(
            id=UUID(event.approval),
            contest=event.contest,
            asked_by=UUID(event.asked_by) if event.asked_by else None,
            asked_at=now,
            due_at=due,
            held=to_text([str(id) for id in ids]),
        )
    )
    await hold(ids, now)
    await put(CorrectionOverdue(event.approval), at=due)


async def _free(ids: Sequence[UUID]) -> list[UUID]:
    """Without those that are suspended for another reason; that one goes on."""
    correcting = {row["id"] for row in await under_correction(ids)}
    free: list[UUID] = []
    for start in range(0, len(ids), 500):
        free += (
            await Certificate.select(Certificate.id)
            .where(
                Certificate.id.is_in(list(ids[start : start + 500])), Certificate.state == "issued"
            )
            .output(as_list=True)
        )
    return sorted({*free, *correcting}, key=str)


async def decide_cases(events: Sequence[CorrectionDecided]) -> None:
    """The answer. Its results may arrive before or after it."""
    for event in events:
        await _note_answer(event)
    await settle({event.contest for event in events})


async def _note_answer(event: CorrectionDecided) -> None:
    now, case = datetime.now(UTC), UUID(event.approval)
    await CorrectionCase.insert(
        CorrectionCase(id=case, contest=event.contest, asked_at=now, due_at=now, held="[]")
    ).on_conflict(action="DO NOTHING")
    answer: dict[Any, Any] = {
        CorrectionCase.outcome: event.outcome,
        CorrectionCase.result_version: event.result_version,
        CorrectionCase.entries: to_text(list(event.entries)),
    }
    await CorrectionCase.update(answer).where(CorrectionCase.id == case)


# --- when nobody answers -----------------------------------------------------------------------


async def escalate(events: Sequence[CorrectionOverdue]) -> None:
    """Names who can answer, on the contest's page of corrections and in the record of changes."""
    for event in events:
        row = (
            await CorrectionCase.select()
            .where(
                CorrectionCase.id == UUID(event.approval),
                CorrectionCase.outcome == "",
                CorrectionCase.escalated_at.is_null(),
            )
            .first()
        )
        if row is not None:
            await _escalate(row)


async def _escalate(row: dict[str, Any]) -> None:
    scope = Scope("contest", row["contest"])
    named = await answerers(scope, but=row["asked_by"])
    changes: dict[Any, Any] = {
        CorrectionCase.escalated_at: datetime.now(UTC),
        CorrectionCase.escalated_to: to_text([str(one) for one in named]),
    }
    await CorrectionCase.update(changes).where(CorrectionCase.id == row["id"])
    after = {"to": [str(one) for one in named], "since": row["asked_at"].isoformat()}
    await audit.record(
        SYSTEM, "correction.escalate", scope=scope, subject=str(row["id"]), after=after
    )


async def answerers(scope: Scope, *, but: UUID | None) -> list[UUID]:
    """Accounts that may answer a correction in this contest, without the one that asked."""
    around = await enclosing.scopes(scope)
    rows = (
        await Grant.select(Grant.account, Grant.scope_kind, Grant.scope_id)
        .where(
            Grant.role.is_in([role.value for role in PERMISSIONS[ANSWERS]]),
            Grant.scope_id.is_in([one.id for one in around]),
            Grant.revoked_at.is_null(),
        )
        .order_by(Grant.created_at)
    )
    found = [row["account"] for row in rows if Scope(row["scope_kind"], row["scope_id"]) in around]
    return [one for one in dict.fromkeys(found) if one != but]


# --- reads -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Case:
    """A correction as the contest's page lists it; escalated_to: labels of accounts. numbers: public ids
    of what it held."""

    id: UUID
    asked_at: datetime
    due_at: datetime
    outcome: str
    result_version: int
    numbers: Sequence[str]
    escalated_at: datetime | None
    escalated_to: Sequence[str]
    settled_at: datetime | None


async def cases_of(contest: UUID) -> list[Case]:
    """The newest first."""
    rows = (
        await CorrectionCase.select()
        .where(CorrectionCase.contest == str(contest))
        .order_by(CorrectionCase.asked_at, ascending=False)
    )
    return [await _case(row) for row in rows]


async def _case(row: dict[str, Any]) -> Case:
    held, named = json.loads(row["held"]), json.loads(row["escalated_to"])
    numbers = (
        await Certificate.select(Certificate.public_id)
        .where(Certificate.id.is_in([UUID(one) for one in held]))
        .order_by(Certificate.public_id)
        .output(as_list=True)
        if held
        else []
    )
    labels = (
        await Account.select(Account.label, Account.login).where(
            Account.id.is_in([UUID(one) for one in named])
        )
        if named
        else []
    )
    return Case(
        row["id"],
        row["asked_at"],
        row["due_at"],
        row["outcome"],
        row["result_version"],
        numbers,
        row["escalated_at"],
        [one["label"] or one["login"] for one in labels],
        row["settled_at"],
    )
