"""Who is entered, for a page: only what is shown is decrypted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from contests.actions.common import scopes_of
from contests.entering.checking import eligibility
from contests.entering.known import Document, Known
from contests.entering.load import surroundings_of
from contests.entering.names import folded
from contests.entering.tables import PersonPhoto
from contests.identity.sealing import persons_of, teams_of
from contests.tables import Entry
from core.partner import Clause
from core.privacy import facts_of, names_of
from core.scoring.model import Text
from core.security import Actor

PAGE = 50


@dataclass(frozen=True, slots=True)
class Listed:
    """One entry. names: () for a reader without `identity.read`."""

    id: UUID
    number: str
    names: Sequence[str]
    team: Text
    members: int
    delegation: Text | None
    group: str
    employer: str
    reserve: bool
    withdrawn: bool
    photos: int
    against: Sequence[Clause] = ()


@dataclass(frozen=True, slots=True)
class Roll:
    entries: Sequence[Listed]
    total: int
    found: int
    page: int
    pages: int
    withdrawn: int
    without_number: int
    by_delegation: Sequence[tuple[Text | None, int]]
    named: bool


async def roll_of(
    by: Actor, contest: UUID, *, search: str = "", show: str = "", page: int = 1
) -> Roll:
    """show: "" for everybody who is in, "withdrawn". search: in names, numbers and delegations."""
    named = by.may("identity.read", *await scopes_of(contest))
    known = await surroundings_of(contest)
    rows = await Entry.raw(
        "SELECT CAST(id AS TEXT) AS id, number, CAST(delegation AS TEXT) AS delegation, status "
        "FROM entry WHERE contest = {} ORDER BY created_at",
        contest,
    )
    active = [row for row in rows if row["status"] != "withdrawn"]
    wanted = (
        [row for row in rows if row["status"] == "withdrawn"] if show == "withdrawn" else active
    )
    if search.strip():
        persons = await persons_of(contest) if named else {}
        wanted = await _searched(wanted, persons, known, folded(search))
    pages = max(1, -(-len(wanted) // PAGE))
    page = min(max(1, page), pages)
    shown = wanted[(page - 1) * PAGE : page * PAGE]
    full = await _rows([UUID(row["id"]) for row in shown])
    members = await persons_of(contest, [row["id"] for row in full]) if named else {}
    counts: dict[str | None, int] = {}
    for row in active:
        counts[row["delegation"]] = counts.get(row["delegation"], 0) + 1
    return Roll(
        entries=await _listed(contest, full, members, known),
        total=len(active),
        found=len(wanted),
        page=page,
        pages=pages,
        withdrawn=len(rows) - len(active),
        without_number=sum(not row["number"] for row in active),
        by_delegation=[
            (known.delegations.get(UUID(id_)) if id_ else None, count)
            for id_, count in sorted(counts.items(), key=lambda kv: -kv[1])
        ],
        named=named,
    )


async def _searched(
    rows: Sequence[dict[str, Any]], persons: dict[str, tuple[UUID, ...]], known: Known, words: str
) -> list[dict[str, Any]]:
    names = await names_of([p for row in rows for p in persons.get(row["id"], ())])
    titles = {str(id_): title for id_, title in known.delegations.items()}

    def fits(row: dict[str, Any]) -> bool:
        delegation = titles.get(row["delegation"], {})
        told = [row["number"], *delegation.values()]
        told += [names.get(p, "") for p in persons.get(row["id"], ())]
        return any(words in folded(one) for one in told)

    return [row for row in rows if fits(row)]


async def _rows(entries: Sequence[UUID]) -> list[dict[str, Any]]:
    """All columns of those on one page, in this order."""
    found = await Entry.select().where(Entry.id.is_in(list(entries))) if entries else []
    rows = {row["id"]: row for row in found}
    return [rows[entry] for entry in entries if entry in rows]


async def _listed(
    contest: UUID,
    rows: Sequence[dict[str, Any]],
    persons: dict[str, tuple[UUID, ...]],
    known: Known,
) -> list[Listed]:
    everybody = [p for row in rows for p in persons.get(str(row["id"]), ())]
    names, facts = await names_of(everybody), await facts_of(everybody)
    teams = await teams_of(contest) if everybody else {}
    photos = (
        await PersonPhoto.select(PersonPhoto.id).where(PersonPhoto.id.is_in(everybody))
        if everybody
        else []
    )
    having = {row["id"] for row in photos}
    listed = []
    for row in rows:
        own = persons.get(str(row["id"]), ())
        no_documents: Sequence[Document] = ()
        clauses = [
            clause
            for p in own
            for clause in eligibility(facts.get(p, {}), no_documents, row["group_code"], row["delegation"], known)
            if clause.verdict == "not_met"
        ]  # fmt: skip
        listed.append(
            Listed(
                id=row["id"],
                number=row["number"],
                names=[names.get(p, "") for p in own],
                team=teams.get(str(row["id"]), {}),
                members=row["members"],
                delegation=known.delegations.get(row["delegation"]) if row["delegation"] else None,
                group=row["group_code"],
                employer=str(facts.get(own[0], {}).get("employer", "")) if own else "",
                reserve=row["reserve"],
                withdrawn=row["status"] == "withdrawn",
                photos=sum(p in having for p in own),
                against=clauses,
            )
        )
    return listed
