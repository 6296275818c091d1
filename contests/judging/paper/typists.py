"""Typing marks from paper: each person alone, compared only when two have typed, entered once."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from contests.judging.admission import DESK
from contests.judging.decisions.unseen import still_marks
from contests.judging.paper.comparing import differences, read_marks, text_of
from contests.judging.paper.entering import enter
from contests.judging.paper.scans import is_kept
from contests.judging.paper.sheets import Paper, PaperSheet, paper_of
from contests.log import open_gate, refusal
from contests.tables import Device, PaperTyping, Revision
from core import audit
from core.db import transaction
from core.errors import Conflict, Invalid, Unauthenticated
from core.scoring.model import Finding, Mark, Sheet
from core.security import Actor, Scope


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell; None: nothing was typed there."""

    aspect: str
    mine: Any
    theirs: Any


@dataclass(frozen=True, slots=True)
class Typed:
    """Where a sheet stands for one typist. step: open (nobody has typed), first (another has, this
    one has not), waiting (only this one has), differs, stored. marks: the typist's own, never
    another's; the other's values stand only in `different`, when both have typed."""

    sheet: PaperSheet
    step: str
    marks: Mapping[str, Any] = field(default_factory=dict)
    different: Sequence[Difference] = ()
    scan: str = ""
    answer: str = ""
    """What became of the revision: accepted, conflict …; "" before."""
    seq: int = 0


async def typed(contest: UUID, sheet: UUID, *, by: Actor) -> Typed:
    """What one typist may see of one sheet."""
    paper = await paper_of(contest)
    return _seen(paper.sheet(sheet), await _rows(contest, sheet), by)


async def steps(paper: Paper, by: Actor) -> dict[UUID, str]:
    """Sheet → step, of every sheet that somebody has typed."""
    rows = await PaperTyping.select().where(PaperTyping.contest == paper.contest)
    by_sheet: dict[UUID, list[dict[str, Any]]] = {}
    for row in rows:
        by_sheet.setdefault(row["sheet"], []).append(row)
    known = {one.sheet: one for one in paper.sheets}
    return {
        id_: _seen(known[id_], found, by).step for id_, found in by_sheet.items() if id_ in known
    }


async def type_sheet(
    by: Actor,
    contest: UUID,
    sheet: UUID,
    marks: Mapping[str, Any],
    *,
    scan: str = "",
    now: datetime | None = None,
) -> Typed:
    """Keeps what one person read on the paper. When another's typing says the same, both become
    one signed revision; otherwise whoever was wrong types again, and every version is kept.
    Raises Invalid for marks that can't stand on this sheet."""
    if by.account is None:
        raise Unauthenticated
    paper, at = await paper_of(contest), now or datetime.now(UTC)
    found = paper.sheet(sheet)
    read, findings = read_marks(marks)
    findings += _findings(paper, found, read)
    if scan and not await is_kept(contest, scan):
        findings.append(Finding("/scan", "scan-unknown", {"scan": scan[:64]}))
    if findings:
        raise Invalid(findings)
    if await _still_marks(paper, found, by):
        raise Conflict([Finding("", "mark-first", {})])
    async with transaction():
        # The contest's gate: two who type the last digit at once see one another's typing.
        gate = await open_gate(contest, ("judging",), now=at)
        if gate is None:
            raise await refusal(contest, ("judging",))
        if gate.row["judging_ended_at"] is not None:
            raise Conflict([Finding("", "judging-ended", {})])
        await _keep(by, contest, found, text_of(read), scan, at)
    return await _settle(by, contest, found, now=at)


async def _still_marks(paper: Paper, sheet: PaperSheet, by: Actor) -> bool:
    """A judge would read in the differences what his colleague has given."""
    return await still_marks(
        paper.panel,
        by.account,
        contest=paper.contest,
        module=sheet.module.id,
        code=sheet.code,
        attempt=sheet.attempt,
        round_=sheet.round,
        judge=sheet.judge.id,
    )


async def settle(by: Actor, contest: UUID, sheet: UUID) -> Typed:
    """Enters what two have typed alike, when the server was cut off before it could."""
    paper = await paper_of(contest)
    return await _settle(by, contest, paper.sheet(sheet), now=datetime.now(UTC))


async def _settle(by: Actor, contest: UUID, sheet: PaperSheet, *, now: datetime) -> Typed:
    rows = await _rows(contest, sheet.sheet)
    mine = _mine(rows, by)
    other = next((row for row in rows if _agrees(mine, row)), None)
    if mine is None or other is None or mine["rid"]:
        return _seen(sheet, rows, by)
    first, second = sorted((mine, other), key=lambda row: (row["typed_at"], str(row["account"])))
    marks, _ = read_marks(json.loads(mine["marks"]))
    entered = await enter(
        contest,
        sheet,
        marks,
        rid=_revision_id(sheet, first, second),
        typed=(first["account"], second["account"]),
        scan=first["scan"] or second["scan"],
        base=await _own_head(sheet),
        now=now,
    )
    async with transaction():
        await PaperTyping.update({PaperTyping.rid: entered.rid}).where(
            PaperTyping.id.is_in([first["id"], second["id"]])
        )
    seen = _seen(sheet, await _rows(contest, sheet.sheet), by)
    return Typed(sheet, seen.step, seen.marks, (), seen.scan, entered.answer, entered.seq)


async def _keep(
    by: Actor, contest: UUID, sheet: PaperSheet, marks: str, scan: str, at: datetime
) -> None:
    id_ = uuid5(sheet.sheet, str(by.account))
    before = await PaperTyping.select().where(PaperTyping.id == id_).first()
    if before is not None and before["marks"] == marks and (before["scan"] or not scan):
        return
    values: dict[Any, Any] = {PaperTyping.scan: scan} if scan else {}
    if before is None:
        await PaperTyping.insert(_row(id_, contest, sheet, by, marks, scan, at))
    else:
        # The same marks with a scan only now are not another typing.
        if before["marks"] != marks:
            changed = {PaperTyping.marks: marks, PaperTyping.typed_at: at, PaperTyping.rid: ""}
            values |= changed
        await PaperTyping.update(values).where(PaperTyping.id == id_)
    await audit.record(
        by,
        "type_paper" if before is None else "correct_typing",
        scope=Scope("contest", str(contest)),
        subject=str(sheet.sheet),
        before=None if before is None else _kept(before["marks"], before["scan"]),
        after=_kept(marks, scan),
    )


def _kept(marks: str, scan: str) -> dict[str, Any]:
    return {"marks": json.loads(marks), "scan": scan}


def _row(
    id_: UUID, contest: UUID, sheet: PaperSheet, by: Actor, marks: str, scan: str, at: datetime
) -> PaperTyping:
    return PaperTyping(
        id=id_,
        contest=contest,
        sheet=sheet.sheet,
        module=sheet.module.id,
        code=sheet.code,
        judge=UUID(sheet.judge.id),
        attempt=sheet.attempt,
        round=sheet.round,
        marks=marks,
        scan=scan,
        account=by.account,
        typed_at=at,
    )


def _findings(paper: Paper, sheet: PaperSheet, marks: Mapping[str, Mark]) -> list[Finding]:
    owed = {aspect.id for aspect in sheet.aspects}
    foreign = [
        Finding(f"/marks/{aspect}", "aspect-not-theirs",
                {"aspect": aspect, "seat": sheet.judge.seat})
        for aspect in marks if aspect not in owed
    ]  # fmt: skip
    missing = [
        Finding(f"/marks/{aspect.id}", "typing-missing", {"aspect": aspect.id})
        for aspect in sheet.aspects
        if aspect.id not in marks
    ]
    typed = Sheet(
        sheet.code,
        sheet.module.id,
        sheet.judge.id,
        marks,
        panel=sheet.judge.panel,
        attempt=sheet.attempt,
        round=sheet.round,
    )
    return [*foreign, *missing, *paper.panel.type.check(paper.panel.frozen.scheme, typed)]


async def _rows(contest: UUID, sheet: UUID) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = (
        await PaperTyping.select()
        .where(PaperTyping.contest == contest, PaperTyping.sheet == sheet)
        .order_by(PaperTyping.typed_at, ascending=False)
    )
    return rows


def _mine(rows: Sequence[dict[str, Any]], by: Actor) -> dict[str, Any] | None:
    return next((row for row in rows if row["account"] == by.account), None)


def _agrees(mine: Mapping[str, Any] | None, row: Mapping[str, Any]) -> bool:
    return (
        mine is not None
        and row["account"] != mine["account"]
        and not row["rid"]
        and not differences(mine["marks"], row["marks"])
    )


def _revision_id(sheet: PaperSheet, *both: Mapping[str, Any]) -> UUID:
    """Of exactly these two typings, so that entering them again, after a power cut or in another
    process, is the same entry."""
    parts = [f"{row['account']}@{row['typed_at'].astimezone(UTC).isoformat()}" for row in both]
    return uuid5(sheet.sheet, "|".join(["paper", *parts]))


async def _own_head(sheet: PaperSheet) -> str:
    """The revision that this one corrects: only one that came from paper. What a judge has signed
    on a tablet is not overwritten by paper; the leader decides between the two."""
    if not sheet.revision:
        return ""
    head = await Revision.select(Revision.device).where(Revision.id == UUID(sheet.revision)).first()
    desk = head and await Device.exists().where(Device.id == head["device"], Device.kind == DESK)
    return sheet.revision if desk else ""


def _seen(sheet: PaperSheet, rows: Sequence[dict[str, Any]], by: Actor) -> Typed:
    mine = _mine(rows, by)
    others = [row for row in rows if row["account"] != by.account and not row["rid"]]
    if mine is None:
        stored = any(row["rid"] for row in rows)
        step = "first" if others else "stored" if stored or sheet.state != "open" else "open"
        return Typed(sheet, step, seq=sheet.seq)
    own = json.loads(mine["marks"])
    if mine["rid"]:
        return Typed(sheet, "stored", own, scan=mine["scan"], seq=sheet.seq)
    if not others:
        return Typed(sheet, "waiting", own, scan=mine["scan"])
    theirs = json.loads(others[0]["marks"])
    cells = [
        Difference(aspect, own.get(aspect), theirs.get(aspect))
        for aspect in differences(mine["marks"], others[0]["marks"])
    ]
    scan = mine["scan"] or others[0]["scan"]
    return Typed(sheet, "differs" if cells else "agreed", own, cells, scan)
