"""Rounds of marking: when a group's last sheet is stored its marks are looked at together, and marks
that lie too far apart are marked again."""

from __future__ import annotations

from collections.abc import Sequence

from contests.judging.desk import Desk, Round, round_of
from contests.judging.panel import Panel
from contests.judging.slots import Slot, group_slots
from contests.log import Writing
from contests.sheets import Payload
from core.scoring.model import Aspect, Outcome, Sheet


def round_aspects(desk: Desk, panel: Panel, payload: Payload) -> frozenset[str] | None:
    """The aspects of the sheet's round, None when that round was never opened; the first round is
    always open, with every aspect."""
    if payload.round == 1:
        duties = panel.duties(payload.module, payload.judge)
        return frozenset(aspect.id for aspect in duties)
    found = desk.rounds.get(round_of(panel, payload, payload.round))
    return None if found is None else frozenset(found.aspects)


def settle_rounds(desk: Desk, log: Writing, panel: Panel, payload: Payload) -> None:
    """Opens the next round, closes this one, or takes the next one back when a judge has revised."""
    slots = group_slots(desk.slots, panel, payload)
    if slots is None or not all(slot.countable for slot in slots):
        return
    far = _far_apart(panel, payload, slots)
    this = desk.rounds.get(round_of(panel, payload, payload.round))
    following = desk.rounds.get(round_of(panel, payload, payload.round + 1))
    if this is not None and this.resolved_at is None:
        _resolve(log, this)
    if not far and following is not None and following.resolved_at is None:
        _resolve(log, following)
    elif far and (
        following is None or following.resolved_at is not None or following.aspects != far
    ):
        _open(desk, log, panel, payload, far)


def _far_apart(panel: Panel, payload: Payload, slots: Sequence[Slot]) -> list[str]:
    """Aspects that the type's `check_panel` objects to, looked at with the whole group's marks."""
    if len(slots) < 2:
        return []
    own = panel.facts(payload.judge)
    sheets = [slot.sheet(own.panel) for slot in slots]
    return [
        aspect.id
        for aspect in panel.duties(payload.module, payload.judge)
        if _marked(aspect, sheets) and panel.type.check_panel(panel.frozen.scheme, aspect, sheets)
    ]


def _marked(aspect: Aspect, sheets: Sequence[Sheet]) -> bool:
    return aspect.judges > 1 and any(
        aspect.id in sheet.marks and sheet.marks[aspect.id].outcome is Outcome.SCORED
        for sheet in sheets
    )


def _open(desk: Desk, log: Writing, panel: Panel, payload: Payload, aspects: list[str]) -> None:
    own, id_ = panel.facts(payload.judge), round_of(panel, payload, payload.round + 1)
    opened = Round(
        id_,
        payload.module,
        payload.code,
        payload.attempt,
        own.panel,
        own.group,
        payload.round + 1,
        aspects,
        log.now,
        changed=True,
    )
    desk.rounds[id_] = opened
    log.add("mark_round", _body(opened, "opened"))


def _resolve(log: Writing, found: Round) -> None:
    found.resolved_at, found.changed = log.now, True
    log.add("mark_round", _body(found, "resolved"))


def _body(found: Round, state: str) -> dict[str, object]:
    return {
        "module": found.module,
        "code": found.code,
        "attempt": found.attempt,
        "panel": found.panel,
        "group": found.group,
        "round": found.number,
        "aspects": found.aspects,
        "state": state,
    }
