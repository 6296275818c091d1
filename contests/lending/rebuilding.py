"""The projections of a contest's sheets, made anew from its log: where entries came from another
installation, nothing else tells them.

Receipts are signed anew by this installation: a tablet asks it, and knows its key.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from contests.chain import LogLine, moment_of
from contests.judging.signing import sign_receipt
from contests.log import here
from contests.replay import Replayed
from contests.sheets import Payload, jws_hash, payload_of, round_id
from contests.statements import insert
from contests.tables import Device, MarkRound, Revision, SheetRow
from core.scoring.codec import canonical, to_json


@dataclass(slots=True)
class _Read:
    """Gathered in one pass over the log."""

    lines: dict[int, LogLine] = field(default_factory=dict)
    payloads: dict[str, tuple[Payload, LogLine, dict[str, Any]]] = field(default_factory=dict)
    decided: dict[str, LogLine] = field(default_factory=dict)
    """Slot -> the decision that its head stands by."""
    rounds: dict[UUID, MarkRound] = field(default_factory=dict)


async def rebuild(contest: UUID, log: Sequence[LogLine], known: Replayed) -> None:
    """Inside the transaction that stored the log."""
    read = _Read()
    for line in log:
        _note(read, contest, line)
    devices = await _devices({str(body["device"]) for _, _, body in read.payloads.values()})
    await SheetRow.delete().where(SheetRow.contest == contest)
    await MarkRound.delete().where(MarkRound.contest == contest)
    rows = [_sheet(contest, slot.slot, read, known) for slot in known.sheets if slot.rid]
    if rows:
        await insert(SheetRow, rows)
    if read.rounds:
        await insert(MarkRound, read.rounds.values())
    await _revisions(contest, read, devices)
    await _chains(read, devices)


def _note(read: _Read, contest: UUID, line: LogLine) -> None:
    read.lines[line.seq] = line
    body = json.loads(line.body)
    if line.kind in {"sheet", "conflict"}:
        payload = payload_of(body["jws"])
        read.payloads[payload.rid] = (payload, line, body)
        for slot in {payload.sheet, *body.get("heads", ()), *body.get("undecided", ())}:
            read.decided.pop(slot, None)
    elif line.kind == "conflict_decided":
        read.decided[body["sheet"]] = line
    elif line.kind == "mark_round":
        _note_round(read, contest, line, body)


def _note_round(read: _Read, contest: UUID, line: LogLine, body: dict[str, Any]) -> None:
    names = ("module", "code", "attempt", "panel", "group", "round")
    module, code, attempt, panel, group, number = (body[name] for name in names)
    id_ = round_id(str(contest), module, code, attempt, panel, group, number)
    at = moment_of(line.at)
    found = read.rounds.get(id_)
    if body["state"] != "opened":
        if found is not None:
            found.resolved_at = at
        return
    read.rounds[id_] = MarkRound(
        id=id_,
        contest=contest,
        module=module,
        code=code,
        attempt=attempt,
        panel=panel,
        group_code=group,
        round=number,
        aspects=json.dumps(body["aspects"]),
        opened_at=found.opened_at if found is not None else at,
    )


def _sheet(contest: UUID, slot: str, read: _Read, known: Replayed) -> SheetRow:
    stored = next(one for one in known.sheets if one.slot == slot)
    payload, line, body = read.payloads[stored.rid]
    decision = read.decided.get(slot)
    countable = bool(body["countable"])
    state = "accepted" if countable else "not_countable"
    if slot in known.conflicts:
        state = "conflict"
    return SheetRow(
        id=UUID(slot),
        contest=contest,
        module=payload.module,
        code=payload.code,
        judge=UUID(payload.judge),
        attempt=payload.attempt,
        round=payload.round,
        revision=payload.rid,
        state=state,
        countable=state == "accepted",
        marks=canonical({a: to_json(mark) for a, mark in payload.marks.items()}).decode(),
        seq=line.seq,
        hash=line.hash,
        stored_at=moment_of(decision.at if decision else line.at),
    )


async def _revisions(contest: UUID, read: _Read, devices: dict[str, dict[str, Any]]) -> None:
    rows = await Revision.select(Revision.id).where(Revision.contest == contest)
    there = {str(row["id"]) for row in rows}
    new = [
        _revision(contest, payload, line, body, devices[body["device"]]["id"])
        for rid, (payload, line, body) in read.payloads.items()
        if rid not in there and body["device"] in devices
    ]
    if new:
        await insert(Revision, new)


def _revision(
    contest: UUID, payload: Payload, line: LogLine, body: dict[str, Any], device: UUID
) -> Revision:
    answer = "accepted" if line.kind == "sheet" else "conflict"
    digest = jws_hash(body["jws"])
    receipt = sign_receipt(
        {
            "rid": payload.rid,
            "contest": payload.contest,
            "seq": line.seq,
            "hash": line.hash,
            "answer": answer,
            "jws_hash": digest,
            "at": body["received_at"],
            "installation": here(),
        }
    )
    return Revision(
        id=UUID(payload.rid),
        contest=contest,
        sheet=UUID(payload.sheet),
        device=device,
        device_seq=payload.seq,
        jws_hash=digest,
        answer=answer,
        receipt=receipt,
        seq=line.seq,
        created_at=moment_of(body["received_at"]),
    )


async def _chains(read: _Read, devices: dict[str, dict[str, Any]]) -> None:
    """Where each device's own numbering stands now."""
    ends: dict[str, tuple[int, str]] = {}
    for payload, _, body in read.payloads.values():
        kid = str(body["device"])
        if payload.seq > ends.get(kid, (0, ""))[0]:
            ends[kid] = (payload.seq, jws_hash(body["jws"]))
    for kid, (seq, digest) in ends.items():
        if kid in devices and seq > devices[kid]["last_seq"]:
            await Device.update({Device.last_seq: seq, Device.last_hash: digest}).where(
                Device.kid == kid
            )


async def _devices(kids: set[str]) -> dict[str, dict[str, Any]]:
    rows = (
        await Device.select(Device.id, Device.kid, Device.last_seq).where(
            Device.kid.is_in(list(kids))
        )
        if kids
        else []
    )
    return {row["kid"]: row for row in rows}
