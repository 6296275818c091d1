"""Which sheets of a contest may be marked on paper: whose, of which work, with which aspects."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from contests.duties import TASTER
from contests.judging.panel import Panel, read_panel
from contests.owed import by_duty
from contests.replay import AppointedFacts
from contests.replay.seats import earlier
from contests.sheets import slot_id
from contests.tables import Contest, MarkRound, SheetRow
from core.errors import NotFound
from core.scoring.model import Aspect, Module, Text
from core.tables import Account


@dataclass(frozen=True, slots=True)
class PaperSheet:
    """One sheet. together: seats of the group that agrees on it, its own among them. state: open,
    accepted, not_countable, conflict; seq: its place in the record, 0 = none."""

    sheet: UUID
    module: Module
    code: str
    judge: AppointedFacts
    label: str
    aspects: tuple[Aspect, ...]
    together: tuple[str, ...] = ()
    attempt: int = 1
    round: int = 1
    state: str = "open"
    seq: int = 0
    revision: str = ""
    trial: bool = False
    """试评: marked for practice, never counted."""


@dataclass(frozen=True, slots=True)
class Paper:
    """Everything that is printed and typed of one contest."""

    contest: UUID
    code: str
    title: Text
    state: str
    ended: bool
    panel: Panel
    sheets: tuple[PaperSheet, ...]

    def sheet(self, wanted: UUID) -> PaperSheet:
        """Raises NotFound."""
        found = next((one for one in self.sheets if one.sheet == wanted), None)
        if found is None:
            raise NotFound(kind="sheet", id=wanted)
        return found


async def paper_of(contest: UUID) -> Paper:
    """Raises NotFound before marking starts."""
    row = await Contest.select().where(Contest.id == contest).first()
    try:
        panel = await read_panel(contest)
    except LookupError:
        raise NotFound(kind="frozen scheme of contest", id=contest) from None
    if row is None:
        raise NotFound(kind="contest", id=contest)
    heads = {r["id"]: r for r in await SheetRow.select().where(SheetRow.contest == contest)}
    rounds = await MarkRound.select().where(
        MarkRound.contest == contest, MarkRound.resolved_at.is_null()
    )
    labels = await _labels(panel.appointments.values())
    sheets = [
        sheet
        for module in panel.frozen.scheme.modules
        for judge, together in _hands_in(panel, module)
        for sheet in _of_judge(contest, panel, module, judge, together, heads, rounds, labels)
    ]
    sheets.sort(key=lambda s: (_natural(s.module.id), _natural(s.judge.seat), _natural(s.code),
                               s.attempt, s.round))  # fmt: skip
    return Paper(
        contest=contest,
        code=row["code"],
        title=json.loads(row["title"]),
        state=row["state"],
        ended=row["judging_ended_at"] is not None,
        panel=panel,
        sheets=tuple(sheets),
    )


def chosen(
    sheets: Iterable[PaperSheet],
    *,
    module: str = "",
    seat: str = "",
    group: str = "",
    codes: str = "",
    stored: bool = False,
) -> list[PaperSheet]:
    """A session's sheets. codes: "01-12, 15", empty = all; stored: those that are in as well. The
    tasters' only when one of their seats is named."""
    wanted = code_ranges(codes)
    return [
        one
        for one in sheets
        if (not module or one.module.id == module)
        and (one.judge.seat == seat if seat else one.judge.role != TASTER)
        and (not group or one.judge.group == group)
        and (wanted is None or any(low <= _natural(one.code) <= high for low, high in wanted))
        and (stored or one.state == "open")
    ]


Natural = list[tuple[int, int, str]]


def code_ranges(text: str) -> list[tuple[Natural, Natural]] | None:
    """ "01-12, 15" as ranges; None for no choice at all. Full-width commas and dashes are read."""
    parts = [part.strip() for part in re.split(r"[,，、;；\s]+", text) if part.strip()]
    if not parts:
        return None
    ranges = []
    for part in parts:
        low, _, high = re.sub("[–—－~～]", "-", part).partition("-")
        ranges.append((_natural(low), _natural(high or low)))
    return ranges


def _natural(text: str) -> Natural:
    """Numbers by their size: 2 before 10."""
    return [
        (0, int(part), "") if part.isdecimal() else (1, 0, part)
        for part in re.findall(r"\d+|\D+", text)
    ]


def _hands_in(panel: Panel, module: Module) -> list[tuple[AppointedFacts, tuple[str, ...]]]:
    """Everybody who owes a sheet of the module; of a group that agrees the first one."""
    alone, agreeing = by_duty(module, list(panel.appointments.values()))
    groups = [sorted(judges, key=lambda one: _natural(one.seat)) for judges in agreeing.values()]
    return [
        *((judge, ()) for judge in alone),
        *((judges[0], tuple(judge.seat for judge in judges)) for judges in groups),
    ]


def _of_judge(
    contest: UUID,
    panel: Panel,
    module: Module,
    judge: AppointedFacts,
    together: tuple[str, ...],
    heads: Mapping[UUID, Mapping[str, Any]],
    rounds: Sequence[Mapping[str, Any]],
    labels: Mapping[str, str],
) -> list[PaperSheet]:
    aspects = panel.duties(module.id, judge.id)
    before = earlier(judge.id, {**panel.ended, **panel.appointments})
    works: dict[tuple[str, int, int], tuple[Aspect, ...]] = {
        (code, 1, 1): aspects for code in panel.codes.get(module.id, ())
    }
    for row in heads.values():
        if row["module"] == module.id and row["round"] == 1:
            works[row["code"], row["attempt"], 1] = aspects
    works = {
        (code, attempt, 1): owed
        for (code, attempt, _), owed in works.items()
        if not any(
            _signed(heads, slot_id(str(contest), module.id, code, attempt, 1, j)) for j in before
        )
    }
    for row in rounds:
        if (row["module"], row["panel"], row["group_code"]) == (
            module.id,
            judge.panel,
            judge.group,
        ):
            only = set(json.loads(row["aspects"]))
            again = tuple(aspect for aspect in aspects if aspect.id in only)
            works[row["code"], row["attempt"], row["round"]] = again
    found = []
    for (code, attempt, round_), owed in works.items():
        id_ = slot_id(str(contest), module.id, code, attempt, round_, judge.id)
        head = heads.get(id_, {})
        found.append(
            PaperSheet(
                sheet=id_,
                module=module,
                code=code,
                judge=judge,
                label=labels.get(judge.account, ""),
                aspects=owed,
                together=together,
                attempt=attempt,
                round=round_,
                state=head.get("state", "open"),
                seq=head.get("seq", 0),
                revision=head.get("revision", ""),
                trial=code in panel.trial.get(module.id, ()),
            )
        )
    return found


def _signed(heads: Mapping[UUID, Mapping[str, Any]], slot: UUID) -> bool:
    return slot in heads and heads[slot]["state"] == "accepted"


async def _labels(appointments: Iterable[AppointedFacts]) -> dict[str, str]:
    ids = [UUID(one.account) for one in appointments if one.account]
    rows = (
        await Account.select(Account.id, Account.label).where(Account.id.is_in(ids)) if ids else []
    )
    return {str(row["id"]): row["label"] for row in rows}
