"""How long what is known of a person is kept, and why: what authorities declare, and where none gives a
figure, what this installation decided on. Reads and pure rules; `retention` decides."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, UTC, date, datetime
from uuid import UUID

from core import timeline
from core.partner import Retention
from core.registry import registry
from core.same_person import records_of, records_of_all
from core.scoring.model import Text
from core.tables import Person
from credentials.holder.tables import HolderLink, HolderSession
from credentials.matching.tables import Craftsman, CraftsmanConsent
from credentials.records.person.tables import KeptFor

RECORD, HOLDERS, MATCHING = "record", "holders", "matching"
KINDS = (RECORD, HOLDERS, MATCHING)
"""Everything of the person; and what may go before it, by the name of the shredder that erases it."""
Records = Sequence[UUID] | None
"""None: everybody's."""
Last = Callable[[str, Records], Awaitable[Mapping[UUID, str]]]


@dataclass(frozen=True, slots=True)
class Period:
    """years: 0 where nobody gave a figure. own: the installation's figure counts, with its source."""

    kind: str
    years: int
    own: bool
    source: str
    clauses: Sequence[tuple[Text, Text, str]]
    """The authority's title, the clause's words, where it is published."""


@dataclass(frozen=True, slots=True)
class Clock:
    """until: ISO date, "" where no period is given. last_on: the last thing that happened."""

    period: Period
    last_on: str
    until: str


async def periods() -> list[Period]:
    rows = {row["kind"]: row for row in await KeptFor.select()}
    return [_period(kind, rows.get(kind, {})) for kind in KINDS]


def _period(kind: str, own: Mapping[str, object]) -> Period:
    """Of several figures the shortest counts."""
    said = [
        (rules.title, one)
        for rules in registry().partners()
        for one in rules.retention()
        if one.kind == kind
    ]
    declared = min((one.years for _, one in said if one.years), default=0)
    mine = int(str(own.get("years", 0)))
    counts_own = bool(mine) and (not declared or mine < declared)
    return Period(
        kind,
        mine if counts_own else declared,
        counts_own,
        str(own.get("source", "")) if counts_own else _source(said, declared),
        [(title, one.clause, one.source) for title, one in said],
    )


def _source(said: Iterable[tuple[Text, Retention]], years: int) -> str:
    return next((one.source for _, one in said if years and one.years == years), "")


def over_on(last_on: str, years: int) -> str:
    """The day on which the time is over; the 29th of February becomes the 1st of March. What is typed as
    going on until 9999 is over in that year: one such day may not keep everybody else's from being found."""
    last = date.fromisoformat(last_on)
    year = min(last.year + years, MAXYEAR)
    try:
        return last.replace(year=year).isoformat()
    except ValueError:
        return date(year, 3, 1).isoformat()


async def clocks_of(person: UUID, today: str) -> list[Clock]:
    records, found = await records_of(person), []
    for period in await periods():
        last = (await last_days(period.kind, today, records)).get(records[0], "")
        if last:
            until = over_on(last, period.years) if period.years else ""
            found.append(Clock(period, last, until))
    return found


async def last_days(kind: str, today: str, records: Records = None) -> dict[UUID, str]:
    """Person, by the record that stands for all -> the last day that counts for this kind; today where
    something goes on still."""
    found = await _LAST[kind](today, records)
    together: dict[UUID, str] = {}
    for person, records in (await records_of_all(found)).items():
        together[records[0]] = max(together.get(records[0], ""), found[person])
    return together


async def _record(today: str, records: Records) -> Mapping[UUID, str]:
    """From the day on which the record was made, also where nothing is told of it."""
    query = Person.select(Person.id, Person.created_at).where(Person.erased_at.is_null())
    if records is not None:
        query = query.where(Person.id.is_in(list(records)))
    told = await timeline.last_days(today, records)
    return {row["id"]: max(_day(row["created_at"]), told.get(row["id"], "")) for row in await query}


async def _holders(today: str, records: Records) -> Mapping[UUID, str]:
    """From the end of the last log-in or link."""
    found: dict[UUID, str] = {}
    for table in (HolderSession, HolderLink):
        query = table.select(table.person, table.expires_at)
        if records is not None:
            query = query.where(table.person.is_in(list(records)))
        for row in await query:
            found[row["person"]] = max(found.get(row["person"], ""), _day(row["expires_at"]))
    return found


async def _matching(today: str, records: Records) -> Mapping[UUID, str]:
    """From the withdrawal of the consent to be found, or from the day on which somebody was entered who never
    gave it."""
    query = Craftsman.select(Craftsman.id, Craftsman.person, Craftsman.made_at)
    if records is not None:
        query = query.where(Craftsman.person.is_in(list(records)))
    found: dict[UUID, str] = {}
    for row in await query:
        consents = await CraftsmanConsent.select(CraftsmanConsent.withdrawn_at).where(
            CraftsmanConsent.craftsman == row["id"]
        )
        ends = [_day(one["withdrawn_at"]) if one["withdrawn_at"] else today for one in consents]
        day = max(ends, default=_day(row["made_at"]))
        found[row["person"]] = max(found.get(row["person"], ""), day)
    return found


def _day(at: datetime) -> str:
    return at.astimezone(UTC).date().isoformat()


_LAST: Mapping[str, Last] = {RECORD: _record, HOLDERS: _holders, MATCHING: _matching}
