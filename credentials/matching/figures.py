"""Figures of a registry by season and city: needs, offers, visits, hours, results, stated benefits. No names.

A need counts in the quarter and city in which it was filed, with everything that came of it later.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from core.security import Actor
from core.web.i18n import TIME_ZONE
from credentials.matching.registry import READ, check_keeper
from credentials.matching.states import CONFIRMED
from credentials.matching.tables import CraftNeed

Row = dict[str, Any]


@dataclass(slots=True)
class Tally:
    """Of one quarter and city, or of several together. results and benefits: by code; benefits in
    thousandths of their unit."""

    needs: int = 0
    dispatched: int = 0
    accepted: int = 0
    visits: int = 0
    minutes: int = 0
    results: Counter[str] = field(default_factory=Counter)
    confirmed: int = 0
    benefits: Counter[str] = field(default_factory=Counter)

    def add(self, other: Tally) -> None:
        for name in ("needs", "dispatched", "accepted", "visits", "minutes", "confirmed"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.results.update(other.results)
        self.benefits.update(other.benefits)


@dataclass(frozen=True, slots=True)
class Line:
    """quarter: 1 to 4, or 0 for the whole year."""

    quarter: int
    city: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class Season:
    """A year, or one quarter of it: a line for each quarter and city, and everything together."""

    year: int
    quarter: int
    lines: Sequence[Line]
    total: Tally

    def by_city(self) -> dict[str, Tally]:
        return _together(self.lines, lambda line: line.city)

    def by_quarter(self) -> dict[int, Tally]:
        return _together(self.lines, lambda line: line.quarter)

    @property
    def units(self) -> list[str]:
        return sorted(self.total.benefits)


async def season_of(by: Actor, organisation: UUID, year: int, quarter: int = 0) -> Season:
    """quarter 0: the whole year."""
    await check_keeper(by, organisation, READ)
    begin, end = _bounds(year, quarter)
    needs: list[Row] = await CraftNeed.raw(
        "SELECT n.id, n.city, n.state, n.result, n.filed_at, n.accepted_at,"
        " (SELECT COUNT(*) FROM dispatch d WHERE d.need = n.id) AS offers"
        " FROM craft_need n WHERE n.organisation = {} AND n.filed_at >= {} AND n.filed_at < {}",
        organisation,
        begin,
        end,
    )
    visits: list[Row] = await CraftNeed.raw(
        "SELECT v.need, COUNT(*) AS visits, SUM(v.minutes) AS minutes FROM visit v"
        " JOIN craft_need n ON n.id = v.need"
        " WHERE n.organisation = {} AND n.filed_at >= {} AND n.filed_at < {} GROUP BY v.need",
        organisation,
        begin,
        end,
    )
    benefits: list[Row] = await CraftNeed.raw(
        "SELECT b.need, b.unit, SUM(b.thousandths) AS sum FROM benefit b"
        " JOIN craft_need n ON n.id = b.need"
        " WHERE n.organisation = {} AND n.filed_at >= {} AND n.filed_at < {} GROUP BY b.need, b.unit",
        organisation,
        begin,
        end,
    )
    return _season(year, quarter, needs, visits, benefits)


def quarter_of(moment: datetime | str) -> int:
    """Of the local day."""
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment)
    return (moment.astimezone(TIME_ZONE).month + 2) // 3


def _bounds(year: int, quarter: int) -> tuple[datetime, datetime]:
    first = 1 if quarter == 0 else 3 * quarter - 2
    last = first + (12 if quarter == 0 else 3)
    begin = datetime(year, first, 1, tzinfo=TIME_ZONE)
    end = datetime(year + (last - 1) // 12, (last - 1) % 12 + 1, 1, tzinfo=TIME_ZONE)
    return begin.astimezone(UTC), end.astimezone(UTC)


def _season(
    year: int, quarter: int, needs: Sequence[Row], visits: Sequence[Row], benefits: Sequence[Row]
) -> Season:
    """PURE."""
    tallies: dict[tuple[int, str], Tally] = {}
    of_need: dict[str, Tally] = {}
    for row in needs:
        place = (quarter_of(row["filed_at"]), row["city"])
        tally = of_need[str(row["id"])] = tallies.setdefault(place, Tally())
        _count(tally, row)
    for row in visits:
        of_need[str(row["need"])].visits += int(row["visits"])
        of_need[str(row["need"])].minutes += int(row["minutes"])
    for row in benefits:
        of_need[str(row["need"])].benefits[row["unit"]] += int(row["sum"])
    lines = [Line(*place, tallies[place]) for place in sorted(tallies)]
    return Season(year, quarter, lines, _sum(line.tally for line in lines))


def _count(tally: Tally, row: Row) -> None:
    tally.needs += 1
    tally.dispatched += row["offers"] > 0
    tally.accepted += row["accepted_at"] is not None
    tally.confirmed += row["state"] == CONFIRMED
    if row["result"]:
        tally.results[row["result"]] += 1


def _together(lines: Sequence[Line], key: Any) -> dict[Any, Tally]:
    found: dict[Any, Tally] = {}
    for line in lines:
        found.setdefault(key(line), Tally()).add(line.tally)
    return found


def _sum(tallies: Iterable[Tally]) -> Tally:
    total = Tally()
    for tally in tallies:
        total.add(tally)
    return total
