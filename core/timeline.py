"""What happened in a person's working life, told by whoever keeps it. Each package says once how it tells:

    timeline.register(Teller("contests", tell, known))

A teller shows what lies within the reader's reach and nothing else; the pages add no further question.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from core.about_person import Within
from core.same_person import records_of, records_of_all
from core.scoring.model import Text

KINDS = (
    "contest",
    "certificate",
    "level",
    "honour",
    "training",
    "mentoring",
    "studio",
    "application",
)


@dataclass(frozen=True, slots=True)
class Moment:
    """day, until: ISO dates; until "" where it happened on one day or goes on. kind: one of KINDS.

    facts: (code of a label, value), e.g. ("place", "2"). by: who said so, an organisation's code or a
    title. source: the document or evidence that it rests on. link: an address that anybody may open;
    room: one in the console. state: a code, "" where there is nothing to say."""

    kind: str
    day: str
    title: Text | str
    facts: Sequence[tuple[str, Text | str]] = ()
    until: str = ""
    by: Text | str = ""
    source: str = ""
    link: str = ""
    room: str = ""
    state: str = ""


Tell = Callable[[Sequence[UUID], Within], Awaitable[Sequence[Moment]]]
"""The records of one person, what the reader may see -> moments in any order."""
Known = Callable[[Within], Awaitable[Collection[UUID]]]
"""Everybody of whom there is something within the reader's reach."""
Last = Callable[[str, Sequence[UUID] | None], Awaitable[Mapping[UUID, str]]]
"""Today's ISO date, some records or None for everybody's -> the last day on which something happened in
each; today for what goes on."""


@dataclass(frozen=True, slots=True)
class Teller:
    name: str
    tell: Tell
    known: Known
    last: Last


_tellers: dict[str, Teller] = {}


def register(teller: Teller) -> None:
    """Twice does no harm."""
    _tellers[teller.name] = teller


async def moments_of(person: UUID, within: Within) -> list[Moment]:
    """The newest first; what has no day last."""
    records = await records_of(person)
    found = [one for name in sorted(_tellers) for one in await _tellers[name].tell(records, within)]
    return sorted(found, key=lambda one: one.day, reverse=True)


async def persons_within(within: Within) -> set[UUID]:
    """Everybody whom the reader may know of; of records that were joined the one that stands for all."""
    found: set[UUID] = set()
    for teller in _tellers.values():
        found |= set(await teller.known(within))
    return {records[0] for records in (await records_of_all(found)).values()}


async def last_days(today: str, records: Sequence[UUID] | None = None) -> dict[UUID, str]:
    """Record -> the last day of anything that is told of it; of everybody by default."""
    found: dict[UUID, str] = {}
    for teller in _tellers.values():
        for record, day in (await teller.last(today, records)).items():
            found[record] = max(found.get(record, ""), day)
    return found
