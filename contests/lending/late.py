"""What taking back gives, and a venue that comes home after its contest was called back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from contests.actions.common import contest_row
from contests.chain import LogLine
from contests.lending.belongings import bring_devices_home, keys_in
from contests.lending.comparing import check_beginning
from contests.lending.format import HeldSheet, LoanFile
from contests.lending.held import keep_held, quarantined
from contests.packages.format import Package
from contests.sheets import payload_of
from contests.statements import run
from contests.tables import Quarantine
from core import audit
from core.db import transaction
from core.scoring.model import Finding
from core.security import Actor


@dataclass(frozen=True, slots=True)
class TakenBack:
    """length, head: as the venue shows them. added: entries that came; sheets: those that tablets had
    sent here meanwhile, opened now. again: this return was taken before. left: seats whose duty began
    at the venue and brings no rights here."""

    contest: UUID
    code: str
    length: int
    head: str
    added: int
    sheets: int
    again: bool
    left: tuple[str, ...] = ()
    notes: tuple[Finding, ...] = ()


async def take_back_too_late(
    by: Actor, package: Package, loan: LoanFile, ours: Sequence[LogLine], *, at: datetime
) -> TakenBack:
    """The contest was called back meanwhile: nothing of the venue's log can follow on ours any more,
    but every sheet in it is kept, for the leader to decide on."""
    contest = UUID(package.contest.id)
    check_beginning(package.log, ours)
    competition = (await contest_row(contest))["competition"]
    sheets = [
        (json.loads(line.body), line) for line in package.log[len(ours) :]
        if line.kind in {"sheet", "conflict"}
    ]  # fmt: skip
    async with transaction():
        await bring_devices_home(
            loan,
            contest=contest,
            competition=competition,
            at=at,
            keys=keys_in(package.log),
            revoked=True,
        )
        known = {str(r["id"]) for r in await run(_KNOWN, contest)}
        rows = []
        for body, line in sheets:
            payload = payload_of(body["jws"])
            if payload.rid in known:
                continue
            held = HeldSheet(
                body["jws"], "loan-recalled", body.get("received_at", line.at),
                str(body["device"]), payload.seq, payload.rid, payload.sheet,
            )  # fmt: skip
            rows.append(quarantined(contest, held, at))
        if rows:
            await Quarantine.insert(*rows).on_conflict(action="DO NOTHING")
        await keep_held(contest, loan, at)
        await audit.record(
            by, "take_back_too_late", subject=str(contest), after={"sheets": len(rows)}
        )
    return TakenBack(contest, package.contest.code, loan.length, loan.head, 0, 0, True)


_KNOWN = "SELECT id FROM revision WHERE contest = {}"
