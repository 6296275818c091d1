"""Everything that is on record about one person, for that person alone. Each package that keeps
something says so once:

    about_person.register(Source("contests", "Contests", entries_of_person))

A test holds every shredder to a source of the same records: what can be erased can be asked for.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from core import disclosure, privacy
from core.same_person import records_of

Record = Mapping[str, Any]
"""Field -> value as JSON has it; fields are words of ours with `_` between them."""


@dataclass(frozen=True, slots=True)
class Within:
    """What the reader may see: records of these contests or issuers, or all of them where None."""

    contests: frozenset[str] | None = None
    issuers: frozenset[str] | None = None

    def has(self, *, contest: str = "", issuer: str = "") -> bool:
        if self.contests is None or self.issuers is None:
            return True
        return (bool(contest) and contest in self.contests) or (
            bool(issuer) and issuer in self.issuers
        )


@dataclass(frozen=True, slots=True)
class Chapter:
    """title: msgid. files: name -> content."""

    code: str
    title: str
    records: Sequence[Record]
    files: Mapping[str, bytes] = field(default_factory=dict)


Tell = Callable[[UUID, Within], Awaitable[Sequence[Chapter]]]


@dataclass(frozen=True, slots=True)
class Source:
    """covers: names of the shredders whose records it tells."""

    name: str
    tell: Tell
    covers: frozenset[str] = frozenset()


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    """Twice does no harm."""
    _sources[source.name] = source


def sources() -> Sequence[Source]:
    return [_sources[name] for name in sorted(_sources, key=lambda name: (name != "person", name))]


async def about(person: UUID, within: Within) -> list[Chapter]:
    """Chapter by chapter, the person's own data first; empty ones are there too, so that the reader
    sees that there is nothing. Records that were joined are told together."""
    records = await records_of(person)
    return [
        chapter
        for source in sources()
        for chapter in _together([await source.tell(record, within) for record in records])
    ]


def _together(told: Sequence[Sequence[Chapter]]) -> list[Chapter]:
    """The same chapter of several records as one. Files of the second and later ones get its number."""
    found: dict[str, Chapter] = {}
    for n, chapters in enumerate(told, 1):
        for one in chapters:
            before = found.get(one.code, Chapter(one.code, one.title, ()))
            files = {name if n == 1 else f"{n}/{name}": data for name, data in one.files.items()}
            found[one.code] = Chapter(
                one.code, one.title, [*before.records, *one.records], {**before.files, **files}
            )
    return list(found.values())


async def _person(person: UUID, within: Within) -> list[Chapter]:
    facts = (await privacy.facts_of([person])).get(person, {})
    documents = await privacy.documents_of(person)
    return [
        Chapter("person", "Name and facts", [{"name": await privacy.person_name(person), **facts}]),
        Chapter("documents", "Identity documents", *_documents(documents)),
    ]


def _documents(held: Sequence[tuple[str, str]]) -> tuple[list[Record], dict[str, bytes]]:
    """Numbers that may not stand beside a name are in a file of their own, which names nobody."""
    records: list[Record] = [
        {"kind": kind, "number": disclosure.number(kind, number, "person")} for kind, number in held
    ]
    apart = [
        f"{kind} {number}"
        for (kind, number), record in zip(held, records, strict=True)
        if not record["number"]
    ]
    return records, {"documents/numbers.txt": "\n".join(apart).encode()} if apart else {}


register(Source("person", _person))
