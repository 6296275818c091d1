"""After a judge has left in the middle: the rounds of marking that waited for him alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from contests.chain import instant
from contests.judging.desk import Desk, Round
from contests.judging.panel import Panel, read_panel
from contests.judging.rounds import settle_rounds
from contests.judging.slots import Slot
from contests.log import Writing
from contests.sheets import Payload
from contests.tables import MarkRound, SheetRow


async def settle_group(log: Writing, judge: str) -> None:
    """Inside the gate, when the appointment has ended already: looks at every work of the judge's group
    as if the group's last sheet had just been stored."""
    panel = await read_panel(log.contest)
    desk = Desk(log.contest, log, panel)
    rows = await SheetRow.select().where(SheetRow.contest == log.contest)
    desk.slots = {slot.id: slot for slot in map(Slot.read, rows)}
    found = await MarkRound.select().where(MarkRound.contest == log.contest)
    desk.rounds = {row["id"]: _round(row) for row in found}
    own = panel.facts(judge)
    works = {
        (slot.module, slot.code, slot.attempt)
        for slot in desk.slots.values()
        if (panel.facts(slot.judge).panel, panel.facts(slot.judge).group) == (own.panel, own.group)
    }
    for module, code, attempt in sorted(works):
        payload = _payload(log, panel, judge, module)
        if payload is not None:
            _settle(desk, log, panel, replace(payload, code=code, attempt=attempt))
    await desk.write()


def _settle(desk: Desk, log: Writing, panel: Panel, payload: Payload) -> None:
    """Backwards from the last round: one whose following round is done stays as it is."""
    own = panel.facts(payload.judge)
    rounds = {
        one.number: one
        for one in desk.rounds.values()
        if (one.module, one.code, one.attempt) == (payload.module, payload.code, payload.attempt)
        and (one.panel, one.group) == (own.panel, own.group)
    }
    for number in range(max(rounds, default=1), 0, -1):
        following = rounds.get(number + 1)
        if following is None or following.resolved_at is None:
            settle_rounds(desk, log, panel, replace(payload, round=number))


def _payload(log: Writing, panel: Panel, judge: str, module: str) -> Payload | None:
    """Stands for the last sheet of somebody who is still there."""
    colleagues = panel.colleagues(module, judge)
    if not colleagues:
        return None
    return Payload(
        rid="",
        contest=str(log.contest),
        module=module,
        code="",
        judge=colleagues[0],
        sheet="",
        seq=0,
        marks={},
        rules=panel.frozen.rules_hash,
        at=instant(log.now),
    )


def _round(row: Mapping[str, Any]) -> Round:
    return Round(
        row["id"],
        row["module"],
        row["code"],
        row["attempt"],
        row["panel"],
        row["group_code"],
        row["round"],
        json.loads(row["aspects"]),
        row["opened_at"],
        row["resolved_at"],
    )
