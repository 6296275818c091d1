"""Rounds of marking: when a group's last sheet is stored its marks are looked at together, and marks
that lie too far apart are marked again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from uuid import UUID

from contests.judging.panel import Panel
from contests.judging.slots import Slot
from contests.log import Writing
from contests.sheets import Payload, round_id
from contests.tables import MarkRound
from core.scoring.model import Aspect, Outcome, Sheet


async def round_aspects(panel: Panel, payload: Payload) -> frozenset[str] | None:
    """The aspects of the sheet's round, None when that round was never opened; the first round is
    always open, with every aspect."""
    duties = panel.duties(payload.module, payload.judge)
    if payload.round == 1:
        return frozenset(aspect.id for aspect in duties)
    row = (
        await MarkRound.select(MarkRound.aspects)
        .where(MarkRound.id == _id(panel, payload, payload.round))
        .first()
    )
    return None if row is None else frozenset(json.loads(row["aspects"]))


async def settle_rounds(
    log: Writing, panel: Panel, payload: Payload, slots: Mapping[str, Slot], *, revised: bool
) -> None:
    """Opens the next round, closes this one, or takes the next one back when a judge has revised."""
    judges = panel.colleagues(payload.module, payload.judge)
    if not all(judge in slots and slots[judge].countable for judge in judges):
        return
    far = _far_apart(panel, payload, slots)
    if not far and payload.round == 1 and not revised:
        return
    rows = await MarkRound.select(MarkRound.id, MarkRound.resolved_at, MarkRound.aspects).where(
        MarkRound.id.is_in(
            [_id(panel, payload, payload.round), _id(panel, payload, payload.round + 1)]
        )
    )
    open_ = {row["id"] for row in rows if row["resolved_at"] is None}
    known = {row["id"]: json.loads(row["aspects"]) for row in rows}
    this, following = (
        _id(panel, payload, payload.round),
        _id(panel, payload, payload.round + 1),
    )
    if this in open_:
        await _resolve(log, panel, payload, payload.round, known[this])
    if not far and following in open_:
        await _resolve(log, panel, payload, payload.round + 1, known[following])
    elif far and (following not in open_ or known[following] != far):
        await _open(log, panel, payload, far, again=following in known)


def _far_apart(panel: Panel, payload: Payload, slots: Mapping[str, Slot]) -> list[str]:
    """Aspects that the type's `check_panel` objects to, looked at with the whole group's marks."""
    if len(slots) < 2:
        return []
    own = panel.appointments[payload.judge]
    sheets = [slot.sheet(payload, own.panel) for slot in slots.values()]
    return [
        aspect.id
        for aspect in panel.duties(payload.module, payload.judge)
        if _marked(aspect, sheets) and panel.type.check_panel(panel.frozen.scheme, aspect, sheets)
    ]


def _marked(aspect: Aspect, sheets: list[Sheet]) -> bool:
    return aspect.judges > 1 and any(
        aspect.id in sheet.marks and sheet.marks[aspect.id].outcome is Outcome.SCORED
        for sheet in sheets
    )


async def _open(
    log: Writing, panel: Panel, payload: Payload, aspects: list[str], *, again: bool
) -> None:
    own, number = panel.appointments[payload.judge], payload.round + 1
    id_ = _id(panel, payload, number)
    if again:
        await MarkRound.update(
            {MarkRound.aspects: json.dumps(aspects), MarkRound.resolved_at: None}
        ).where(MarkRound.id == id_)
    else:
        await MarkRound.insert(
            MarkRound(
                id=id_,
                contest=log.contest,
                module=payload.module,
                code=payload.code,
                attempt=payload.attempt,
                panel=own.panel,
                group_code=own.group,
                round=number,
                aspects=json.dumps(aspects),
                opened_at=log.now,
            )
        )
    log.add("mark_round", _body(panel, payload, number, aspects, "opened"))


async def _resolve(
    log: Writing, panel: Panel, payload: Payload, number: int, aspects: list[str]
) -> None:
    await MarkRound.update({MarkRound.resolved_at: log.now}).where(
        MarkRound.id == _id(panel, payload, number)
    )
    log.add("mark_round", _body(panel, payload, number, aspects, "resolved"))


def _body(
    panel: Panel, payload: Payload, number: int, aspects: list[str], state: str
) -> dict[str, object]:
    own = panel.appointments[payload.judge]
    return {
        "module": payload.module,
        "code": payload.code,
        "attempt": payload.attempt,
        "panel": own.panel,
        "group": own.group,
        "round": number,
        "aspects": aspects,
        "state": state,
    }


def _id(panel: Panel, payload: Payload, number: int) -> UUID:
    own = panel.appointments[payload.judge]
    return round_id(
        payload.contest,
        payload.module,
        payload.code,
        payload.attempt,
        own.panel,
        own.group,
        number,
    )
