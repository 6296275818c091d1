"""Sheets that tablets sent here while the contest was elsewhere: kept unopened, then opened once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from contests.actions.common import moment
from contests.chain import moment_of
from contests.judging.actions import accept_revisions
from contests.judging.keeping import quarantine_id
from contests.lending.format import HeldSheet, LoanFile
from contests.tables import Quarantine
from core.db import transaction

HELD = "held-for-venue"


async def open_held(contest: UUID) -> int:
    """Sends what was kept for the venue through the gate, in the order it came. Cut off in the middle
    and called again, every sheet is still stored once: its own id says so."""
    rows = (
        await Quarantine.select()
        .where(
            Quarantine.contest == contest, Quarantine.reason == HELD, Quarantine.resolution == ""
        )
        .order_by(Quarantine.received_at, Quarantine.id)
    )
    stored = 0
    for row in rows:
        jws = bytes(row["payload"]).decode("utf-8", "surrogatepass")
        answer = (await accept_revisions([jws], account=row["account"]))[0]
        if answer.reason == HELD:  # lent again meanwhile
            break
        stored += answer.answer in {"accepted", "conflict"}
        async with transaction():
            await Quarantine.update(
                {Quarantine.resolution: "taken", Quarantine.resolved_at: moment(None)}
            ).where(Quarantine.id == row["id"], Quarantine.resolution == "")
    return stored


async def keep_held(contest: UUID, loan: LoanFile, at: datetime) -> None:
    """What the venue kept apart is kept apart here, each once."""
    rows = [quarantined(contest, held, at) for held in loan.held]
    if rows:
        await Quarantine.insert(*rows).on_conflict(action="DO NOTHING")


def quarantined(contest: UUID, held: HeldSheet, at: datetime, reason: str = "") -> Quarantine:
    data, why = held.jws.encode(), reason or held.reason
    return Quarantine(
        id=quarantine_id(data, why),
        contest=contest,
        received_at=moment_of(held.received_at) if held.received_at else at,
        reason=why[:60],
        payload=data,
        kid=held.kid[:60],
        device_seq=held.device_seq,
        rid=held.rid[:60],
        sheet=held.sheet[:60],
    )
