"""A season of 200 contests with 100 entrants each: everything that its page shows, beside the bare sums.

The peer asks the database for the same counts of all contests there are, and takes nothing out of them. Both take turns, and the best round of each counts.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from _served import installed, on_each_engine
from piccolo.table import Table
from table import Row

from admin.console.season.figures import figures_of
from admin.console.season.gathering import season_for
from admin.console.season.tables import tables_of
from contests.season.counting import _AWARDS
from contests.tables import Appointment, Competition, Contest, Entry, ResultRow, SheetRow
from core.db import engine, transaction
from core.security import SYSTEM
from core.settings import Settings

CONTESTS, ENTRANTS, JUDGES = 200, 100, 5
ROUNDS = 5
MUST = "≤ 1.5"
AT = datetime(2024, 10, 10, tzinfo=UTC)
_CHUNK = 500
_DELEGATIONS = [uuid4() for _ in range(12)]


def run(scale: float = 1.0) -> list[Row]:
    contests = max(int(CONTESTS * scale), 4)
    return on_each_engine(lambda name, server: _row(name, server, contests))


def _row(name: str, server: str, contests: int) -> list[Row]:
    ours, bare = installed(server, lambda settings: _measure(settings, contests))
    told = f"season of {contests} contests × {ENTRANTS}, {name} · bare sums"
    return [Row(told, f"{ours * 1000:.0f} ms", f"{bare * 1000:.0f} ms", ours / bare, MUST)]


async def _measure(settings: Settings, contests: int) -> tuple[float, float]:
    async with transaction():
        await _fill(contests)
    ours, peer = [], []
    for _ in range(ROUNDS):
        ours.append(await _time(_ours))
        peer.append(await _time(_bare))
    return min(ours), min(peer)


async def _ours() -> None:
    season = await season_for(SYSTEM, 2024, this_year=2024)
    assert len(tables_of(season, "zh-Hans")) == 4
    assert figures_of(season, "zh-Hans")


async def _bare() -> None:
    rule, prize, each = _AWARDS[engine().engine_type]
    plain = "REPLACE(marks, '\\\":{{', '')"  # two braces are one to Piccolo
    for sql in (
        "SELECT c.id, c.facts FROM contest c JOIN competition m ON m.id = c.competition",
        "SELECT contest, delegation, COUNT(*) FROM entry GROUP BY contest, delegation",
        "SELECT DISTINCT contest, account FROM appointment",
        f"SELECT contest, SUM(LENGTH({plain}) - LENGTH(REPLACE({plain}, '\":{{{{', ''))) FROM sheet_row"
        " GROUP BY contest",
        f"SELECT r.contest, {rule}, {prize}, COUNT(*) FROM result_row r, {each} GROUP BY r.contest, {rule}, {prize}",
        "SELECT contest, kind, code, COUNT(*) FROM proposal GROUP BY contest, kind, code",
        "SELECT contest, COUNT(*) FROM certificate GROUP BY contest",
    ):
        await Contest.raw(sql)


async def _time(work: Callable[[], Awaitable[None]]) -> float:
    started = time.perf_counter()
    await work()
    await asyncio.sleep(0)
    return time.perf_counter() - started


async def _fill(contests: int) -> None:
    competition = uuid4()
    await Competition.insert(
        Competition(
            id=competition,
            organisation=uuid4(),
            code="season",
            title='{"zh-Hans":"大赛"}',
            held_from="2024-10-10",
            held_to="2024-10-12",
            place="东莞",
            created_at=AT,
        )
    )
    for number in range(contests):
        await _contest(competition, number)


async def _contest(competition: UUID, number: int) -> None:
    contest = uuid4()
    entries = [
        Entry(id=uuid4(), contest=contest, delegation=_DELEGATIONS[n % 12], created_at=AT)
        for n in range(ENTRANTS)
    ]
    judges = [uuid4() for _ in range(JUDGES)]
    marks = json.dumps({f"a{n}": {"value": 9000} for n in range(10)}, separators=(",", ":"))
    rows: list[Table] = [
        Contest(
            id=contest,
            competition=competition,
            code=f"c{number}",
            title=json.dumps({"zh-Hans": f"赛项{number}"}),
            state="final",
            type_code="panel",
            facts=json.dumps({"occupation": f"4-03-02-{number % 20:02}"}),
            rules=json.dumps(_RULES),
            result_version=1,
            created_at=AT,
        ),
        ResultRow(
            id=uuid4(),
            contest=contest,
            version=1,
            body=json.dumps(_results([str(entry.id) for entry in entries], judges)),
            rules_hash="",
            log_head="",
            created_at=AT,
        ),
    ]
    for row in rows:
        await type(row).insert(row)
    await Appointment.insert(
        *(
            Appointment(id=uuid4(), contest=contest, account=uuid4(), role="judge", created_at=AT)
            for _ in judges
        )
    )
    sheets = [
        SheetRow(
            id=uuid4(),
            contest=contest,
            module="m",
            code=str(place),
            judge=judge,
            marks=marks,
            stored_at=AT,
        )
        for place in range(ENTRANTS)
        for judge in judges
    ]
    await Entry.insert(*entries)
    for start in range(0, len(sheets), _CHUNK):
        await SheetRow.insert(*sheets[start : start + _CHUNK])


_RULES: dict[str, Any] = {
    "awards": [
        {
            "code": "all",
            "prizes": [{"code": code, "title": {"zh-Hans": code}} for code in ("1", "2", "3")],
        }
    ]
}


def _results(entries: list[str], judges: list[UUID]) -> dict[str, Any]:
    aspects = [
        {"aspect": f"a{n}", "entry": entry, "used": [[str(judge), 9000] for judge in judges]}
        for entry in entries
        for n in range(10)
    ]
    awards = [
        {"entry": entry, "prize": str(1 + place // 4 % 3), "rule": "all"}
        for place, entry in enumerate(entries[:20])
    ]
    return {"aspects": aspects, "awards": awards}
