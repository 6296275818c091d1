"""What leaders do about sheets: the end of marking, conflicts, rounds."""

from __future__ import annotations

import json
from datetime import datetime
from uuid import UUID

from contests.actions.common import allowed, moment, who
from contests.conditions import unmet_marking
from contests.identity.sealing import codes_of
from contests.judging.actions import release
from contests.judging.desk import desk_behind
from contests.judging.graph import Stored, stored_by_rid
from contests.judging.lineage import Node
from contests.judging.rounds import settle_rounds
from contests.judging.slots import Slot
from contests.log import Writing, read, writing
from contests.replay import replay
from contests.sheets import Payload, round_id
from contests.tables import Contest, MarkRound, SheetRow
from contests.texts import keep
from core import audit
from core.db import transaction
from core.errors import Conflict, Invalid, NotFound, NotReady
from core.scoring.model import Finding
from core.security import Actor


async def end_judging(by: Actor, contest: UUID, *, now: datetime | None = None) -> None:
    """Takes no more sheets. NotReady lists what is missing, by code and seat."""
    scope = await allowed(by, "contest.run", contest)
    async with transaction(), writing(contest, "judging", now=moment(now)) as log:
        findings = unmet_marking(replay(await read(contest)), await codes_of(contest))
        if findings:
            raise NotReady(findings)
        await end_marking(log, by)
        await audit.record(by, "end_judging", scope=scope)


async def end_marking(log: Writing, by: Actor) -> None:
    """Once; inside the caller's transaction."""
    if log.row["judging_ended_at"] is None:
        log.add("judging_ended", {"by": who(by)})
        await Contest.update({Contest.judging_ended_at: log.now}).where(Contest.id == log.contest)


async def decide_conflict(
    by: Actor,
    contest: UUID,
    sheet: UUID,
    chosen: UUID,
    *,
    reason: str = "",
    now: datetime | None = None,
) -> None:
    """Which of several revisions of one sheet counts; all stay in the log. Nobody decides about his
    own sheet."""
    scope = await allowed(by, "contest.decide_conflict", contest)
    if not reason.strip():
        raise Invalid([Finding("/reason", "reason-missing", {})])
    async with transaction(), writing(contest, "judging", now=moment(now)) as log:
        known = replay(await read(contest))
        rids = known.conflicts.get(str(sheet))
        if rids is None:
            raise NotFound(kind="conflict", id=sheet)
        if str(chosen) not in rids:
            params = {"rid": str(chosen), "known": ", ".join(rids)}
            raise Invalid([Finding("/chosen", "revision-unknown", params)])
        stored = await _stored_revision(contest, str(chosen))
        judge = known.appointments.get(stored.node.payload.judge)
        if judge is not None and judge.account == who(by):
            raise Conflict([Finding("", "own-sheet", {})])
        text = await keep(contest, reason)
        log.add(
            "conflict_decided",
            {"sheet": str(sheet), "chosen": str(chosen), "by": who(by), "reason_hash": text},
        )
        await _make_head(stored.node, log.now)
        await _settle(log, stored.node.payload)
        await audit.record(by, "decide_conflict", scope=scope, subject=str(sheet))
    await release(contest=contest)  # it may have opened a round that others wait for


async def open_round(
    by: Actor,
    contest: UUID,
    *,
    module: str,
    code: str,
    panel: str = "referees",
    group: str = "",
    attempt: int = 1,
    aspects: list[str],
    reason: str = "",
    now: datetime | None = None,
) -> int:
    """Has a group mark these aspects of one work again, beyond what the spread asks for."""
    scope = await allowed(by, "contest.decide_conflict", contest)
    async with transaction(), writing(contest, "judging", now=moment(now)) as log:
        if log.row["judging_ended_at"] is not None:
            raise Conflict([Finding("", "judging-ended", {})])
        rows = await MarkRound.select(MarkRound.round, MarkRound.resolved_at).where(
            MarkRound.contest == contest,
            MarkRound.module == module,
            MarkRound.code == code,
            MarkRound.attempt == attempt,
            MarkRound.panel == panel,
            MarkRound.group_code == group,
        )
        if any(row["resolved_at"] is None for row in rows):
            raise Conflict([Finding("", "round-already-open", {"module": module, "code": code})])
        number = max((row["round"] for row in rows), default=1) + 1
        body = {
            "module": module,
            "code": code,
            "attempt": attempt,
            "panel": panel,
            "group": group,
            "round": number,
            "aspects": sorted(aspects),
        }
        text = await keep(contest, reason)
        log.add("mark_round", {**body, "state": "opened", "by": who(by), "reason_hash": text})
        await MarkRound.insert(
            MarkRound(
                id=round_id(str(contest), module, code, attempt, panel, group, number),
                contest=contest,
                module=module,
                code=code,
                attempt=attempt,
                panel=panel,
                group_code=group,
                round=number,
                aspects=json.dumps(sorted(aspects)),
                opened_at=log.now,
            )
        )
        await audit.record(by, "open_round", scope=scope, subject=f"{module}/{code}")
    await release(contest=contest)
    return number


async def _settle(log: Writing, payload: Payload) -> None:
    """The group's marks may be complete only now: those too far apart are marked again."""
    desk = await desk_behind(log, payload)
    if desk.panel is not None and payload.judge in desk.panel.appointments:
        settle_rounds(desk, log, desk.panel, payload)
    await desk.write()


async def _stored_revision(contest: UUID, rid: str) -> Stored:
    found = await stored_by_rid(contest, [rid])
    if not found:
        raise NotFound(kind="revision", id=rid)
    return found[0]


async def _make_head(node: Node, at: datetime) -> None:
    slot = Slot.of(
        node.payload, seq=node.place, hash_=node.hash, countable=node.countable, now=at
    ).row()
    await SheetRow.update(
        {
            SheetRow.revision: slot.revision,
            SheetRow.state: slot.state,
            SheetRow.countable: slot.countable,
            SheetRow.marks: slot.marks,
            SheetRow.seq: slot.seq,
            SheetRow.hash: slot.hash,
            SheetRow.stored_at: at,
        }
    ).where(SheetRow.id == slot.id)
