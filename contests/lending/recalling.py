"""A venue that does not come back: two persons call the contest home, and the log says so."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from contests.actions.common import change_contest, raise_roster, who
from contests.lending.standing import RECALLED, last_loan
from contests.log import here, writing
from contests.tables import Contest, Loan
from contests.texts import keep
from core.errors import Conflict
from core.scoring.model import Finding
from core.security import Actor


async def recall_in_transaction(
    by: Actor, witness: Actor, contest: UUID, *, reason: str, now: datetime
) -> None:
    """From here on the venue's log can't be taken back; its sheets still can, one by one."""
    standing = await last_loan(contest)
    if standing is None or not standing.is_out or standing.lender != here():
        raise Conflict([Finding("", "not-lent", {})])
    await change_contest(contest, {Contest.home: here()})
    async with writing(contest, "judging", now=now) as log:
        text = await keep(contest, reason)
        log.add(
            RECALLED,
            {
                "installation": standing.borrower,
                "head": log.head,
                "by": who(by),
                "witness": who(witness),
                "reason_hash": text,
            },
        )
    await raise_roster(contest)
    await Loan.update({Loan.returned_at: now, Loan.returned_head: RECALLED}).where(
        Loan.contest == contest, Loan.returned_at.is_null()
    )
