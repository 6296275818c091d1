"""One moment of a contest's control room, read from the database; made once per version and process."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any
from uuid import UUID

from contests.chain import instant
from contests.duties import TASTERS
from contests.judging.control.apart import undecided
from contests.judging.control.excused import excused_works
from contests.judging.control.grid import CalledBack, Grid, SheetFacts, grid_of
from contests.judging.control.plan import Plan, plan_of
from contests.judging.control.pulse import version_of
from contests.judging.control.schemas import Control, NoticeOut
from contests.judging.control.tablets import gaps_in, seated, started, tablets
from contests.statements import run
from contests.tables import Competition, Contest, MarkRound
from core.errors import NotFound
from core.notices import standing
from core.scoring.codec import from_json
from core.scoring.model import Scheme

_CONTESTS_KEPT = 20
_SHEETS = """
SELECT id, module, code, judge, attempt, round, state, seq, stored_at FROM sheet_row
WHERE contest = {}
"""

_kept: dict[UUID, Control] = {}


async def control_of(contest: UUID) -> Control:
    """Raises NotFound. The version is asked first: what changes while the rest is read shows with the
    next one, never too late."""
    version_now = await version_of(contest)
    kept = _kept.get(contest)
    if kept is not None and kept.version == version_now:
        return kept
    made = await _read(contest, version_now)
    if contest not in _kept and len(_kept) >= _CONTESTS_KEPT:
        _kept.pop(next(iter(_kept)))
    _kept[contest] = made
    return made


async def _read(contest: UUID, version_now: str) -> Control:
    row = await Contest.select().where(Contest.id == contest).first()
    if row is None:
        raise NotFound(kind="contest", id=contest)
    held = await Competition.select(Competition.title).where(Competition.id == row["competition"])
    people = await seated(contest)
    app = version("jiangxin")
    devices = await tablets(contest, people, app=app)
    sheets = [_sheet(sheet) for sheet in await run(_SHEETS, contest)]
    grid = await _grid(row, sheets)
    return Control(
        version=version_now,
        at=instant(datetime.now(UTC)),
        contest=str(contest),
        code=row["code"],
        title=json.loads(row["title"]),
        competition=json.loads(held[0]["title"]) if held else {},
        state=row["state"],
        ended=row["judging_ended_at"] is not None,
        owed=grid.owed,
        stored=grid.stored,
        modules=grid.modules,
        missing=grid.missing,
        again=grid.again,
        gaps=gaps_in(devices),
        conflicts=sum(sheet.state == "conflict" for sheet in sheets),
        quarantine=await undecided(contest),
        tablets=devices,
        app=app,
        people=people,
        notices=[
            NoticeOut(one.name, one.trouble, one.finding.code, dict(one.finding.params))
            for one in standing()
        ],
    )


async def current_plan(contest: UUID) -> Plan | None:
    """None before the rules are frozen."""
    row = await Contest.select().where(Contest.id == contest).first()
    return None if row is None else await _plan(row)


async def has_tasters(contest: UUID) -> bool:
    """Whether anything is marked by a panel of tasters; already before the rules are frozen."""
    row = await Contest.select(Contest.scheme).where(Contest.id == contest).first()
    if row is None or not row["scheme"]:
        return False
    scheme = from_json(Scheme, json.loads(row["scheme"]))
    return any(aspect.panel == TASTERS for module in scheme.modules for aspect in module.aspects())


async def _plan(row: dict[str, Any]) -> Plan | None:
    return await plan_of(row["id"], roster=row["roster"], rules_hash=row["rules_hash"])


async def _grid(row: dict[str, Any], sheets: Sequence[SheetFacts]) -> Grid:
    contest, plan = row["id"], await _plan(row)
    if plan is None:
        return Grid()
    rounds = await MarkRound.select().where(
        MarkRound.contest == contest, MarkRound.resolved_at.is_null()
    )
    called = [
        CalledBack(r["module"], r["code"], r["attempt"], r["panel"], r["group_code"], r["round"])
        for r in rounds
    ]
    excused = await excused_works(contest, length=row["length"])
    ended = row["judging_ended_at"] is not None
    begun = await started(contest)
    return grid_of(plan, sheets, called, excused, ended=ended, started=begun)


def _sheet(row: dict[str, Any]) -> SheetFacts:
    return SheetFacts(
        id=str(row["id"]),
        module=row["module"],
        code=row["code"],
        judge=str(row["judge"]),
        attempt=row["attempt"],
        round=row["round"],
        state=row["state"],
        seq=row["seq"],
        at=instant(row["stored_at"]),
    )
