"""What the standings show to this reader: a page of one group, with names only where he may know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from contests.exports.reading import Line, Summary, names, summary, team_names
from core.errors import NotFound
from core.scoring.model import Text
from core.security import Actor

PAGE = 50


@dataclass(frozen=True, slots=True)
class Shown:
    """who: the names, or "" for a reader who may not know (then the code stands for the entry)."""

    line: Line
    who: str
    team: Text


@dataclass(frozen=True, slots=True)
class StandingsPage:
    found: Summary
    group: str
    rows: Sequence[Shown]
    page: int
    pages: int
    named: bool


async def summary_if_any(contest: UUID, version: int | None = None) -> Summary | None:
    """None before the first closing. Raises NotFound for a version that was asked for by number."""
    try:
        return await summary(contest, version=version)
    except NotFound:
        if version is not None:
            raise
        return None


async def standings_page(found: Summary, *, by: Actor, group: str, page: int) -> StandingsPage:
    """Group "" is the first one; pages count from 1."""
    groups = [code for code, _, _ in found.groups]
    chosen = group if group in groups else (groups[0] if groups else "")
    own = [line for line in found.lines if line.group == chosen]
    pages = max(1, -(-len(own) // PAGE))
    number = min(max(page, 1), pages)
    lines = own[(number - 1) * PAGE : number * PAGE]
    known = await names(found.contest, [line.entry for line in lines], by=by)
    teams = await team_names(found.contest, by=by)
    return StandingsPage(
        found=found,
        group=chosen,
        rows=[shown(line, known, teams) for line in lines],
        page=number,
        pages=pages,
        named=known is not None,
    )


def shown(
    line: Line, known: Mapping[str, Sequence[str]] | None, teams: Mapping[str, Text]
) -> Shown:
    who = known.get(line.entry, ()) if known is not None else ()
    return Shown(line, "、".join(name for name in who if name), teams.get(line.entry, {}))


async def one_shown(found: Summary, entry: str, *, by: Actor) -> Shown:
    """Raises NotFound."""
    line = found.line(entry)
    known = await names(found.contest, [entry], by=by)
    return shown(line, known, await team_names(found.contest, by=by))
