"""The list of persons and its two ways of searching: a part of the name, or a document's whole number; and
how long lists of this room come in parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from admin.console.frame import Req
from admin.console.persons.reach import own_scope, reach_of
from core import audit
from core.db import transaction
from core.errors import Invalid
from core.privacy import names_of, owners_of
from core.registry import registry
from core.scoring.model import Finding
from core.security import Actor
from credentials.comparing.matching import folded

PAGE = 100
One = TypeVar("One")


@dataclass(frozen=True, slots=True)
class Listed:
    """following: where the next page starts, 0 at the end. count: how many were found."""

    persons: Sequence[tuple[UUID, str]]
    count: int
    following: int


async def listed(by: Actor, name: str, start: int) -> Listed:
    """By name. Who was erased has none and is not listed."""
    names = await names_of(await reach_of(by))
    wanted = folded(name)
    found = sorted(
        ((person, said) for person, said in names.items() if said and wanted in folded(said)),
        key=lambda one: (one[1], str(one[0])),
    )
    shown, following = part_of(found, start)
    return Listed(shown, len(found), following)


def part_of(found: Sequence[One], start: int) -> tuple[Sequence[One], int]:
    """Those of one page, and where the next one starts, 0 at the end."""
    following = start + PAGE if start + PAGE < len(found) else 0
    return found[start : start + PAGE], following


def start_of(request: Req) -> int:
    text = request.query_params.get("from", "")
    return int(text) if text.isdecimal() and len(text) < 9 else 0


async def person_of_document(by: Actor, typed: Mapping[str, str]) -> UUID | None:
    """Only the whole number finds somebody; that it was asked for is put on record, the number is not."""
    kind, number = typed.get("document_kind", ""), typed.get("document_number", "").strip()
    rules = next(
        (r for r in registry().partners() if kind in {one.code for one in r.documents()}), None
    )
    if rules is None:
        raise Invalid([Finding("/document_kind", "credentials.document-kind", {})])
    if not number:
        raise Invalid([Finding("/document_number", "credentials.document-number", {})])
    document = (kind, rules.normalise_document(kind, number[:60]))
    owner = (await owners_of([document])).get(document)
    found = owner if owner in await reach_of(by) else None
    async with transaction():
        await audit.record(
            by,
            "person.looked_up",
            scope=own_scope(by),
            subject=str(found or ""),
            after={"kind": kind, "found": found is not None},
        )
    return found
