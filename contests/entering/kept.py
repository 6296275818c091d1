"""An import as it is kept: its row, who may look at it, its sealed file, draft and outcome."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from contests.actions.common import competition_row, competition_scopes, contest_row, scopes_of
from contests.entering.draft import Draft, from_json, to_json
from contests.entering.tables import PeopleImport
from core.errors import Conflict, NotFound, Stale
from core.privacy import place, seal, unseal, unwrap
from core.scoring.codec import canonical
from core.security import Actor, Scope, check

PERMISSIONS = {
    "entrants": "contest.enter",
    "staff": "contest.appoint",
    "delegations": "contest.configure",
    "pool": "competition.configure",
}
OF_COMPETITION = ("delegations", "pool")


class ImportEnded(Conflict):
    slug = "people-import-ended"
    title = "This import was carried out or dropped already. Start a new one."


@dataclass(frozen=True, slots=True)
class Import:
    """One import as it stands. draft None: its content was destroyed."""

    id: UUID
    kind: str
    competition: UUID
    contest: UUID | None
    state: str
    revision: int
    made_by: UUID | None
    made_at: datetime
    done_at: datetime | None
    file_hash: str
    file_size: int
    counts: Counter[str]
    draft: Draft | None


async def import_of(by: Actor, id_: UUID) -> Import:
    """Raises NotFound, or Forbidden for who may not enter here. The draft of somebody else's import
    only for who may read identities."""
    row = await import_row(id_)
    await allowed_import(by, row["kind"], row["contest"], row["competition"])
    if row["made_by"] != by.account:
        check(by, "identity.read", *await scopes_of_import(row))
    return import_of_row(row)


async def imports_of(by: Actor, *, contest: UUID | None = None, competition: UUID | None = None) -> list[Import]:  # fmt: skip
    """The newest first, without their content."""
    place_ = PeopleImport.contest == contest if contest else PeopleImport.competition == competition
    query = PeopleImport.select(
        *(c for c in PeopleImport.all_columns() if not c._meta.name.startswith("sealed_"))
    )
    rows = (
        await query.where(place_, PeopleImport.state != "dropped")
        .order_by(PeopleImport.made_at, ascending=False)
        .limit(30)
    )
    kinds = {
        kind
        for kind, word in PERMISSIONS.items()
        if rows and by.may(word, *await scopes_of_import(rows[0]))
    }
    return [
        import_of_row({**row, "wrapped_key": None})
        for row in rows
        if row["kind"] in kinds and (contest is not None or row["contest"] is None)
    ]


async def allowed_import(by: Actor, kind: str, contest: UUID | None, competition: UUID | None) -> tuple[Scope, UUID]:  # fmt: skip
    if kind not in PERMISSIONS:
        raise NotFound(kind="import", id=kind)
    if contest is not None:
        check(by, PERMISSIONS[kind], *await scopes_of(contest))
        return Scope("contest", str(contest)), (await contest_row(contest))["competition"]
    if competition is None or kind not in OF_COMPETITION:
        raise NotFound(kind="competition", id=competition or "")
    await competition_row(competition)
    check(by, PERMISSIONS[kind], *await competition_scopes(competition))
    return Scope("competition", str(competition)), competition


async def scopes_of_import(row: Mapping[str, Any]) -> tuple[Scope, ...]:
    if row["contest"]:
        return await scopes_of(row["contest"])
    return await competition_scopes(row["competition"])


def scope_of_import(found: Import) -> Scope:
    if found.contest:
        return Scope("contest", str(found.contest))
    return Scope("competition", str(found.competition))


async def import_row(id_: UUID) -> dict[str, Any]:
    row = await PeopleImport.select().where(PeopleImport.id == id_).first()
    if row is None:
        raise NotFound(kind="import", id=id_)
    return row


def import_of_row(row: Mapping[str, Any]) -> Import:
    readable = row["wrapped_key"] and row.get("sealed_draft")
    return Import(
        id=row["id"],
        kind=row["kind"],
        competition=row["competition"],
        contest=row["contest"],
        state=row["state"],
        revision=row["revision"],
        made_by=row["made_by"],
        made_at=row["made_at"],
        done_at=row["done_at"],
        file_hash=row["file_hash"],
        file_size=row["file_size"],
        counts=Counter(json.loads(row["counts"] or "{}")),
        draft=from_json(opened(row, "sealed_draft")) if readable else None,
    )


def open_draft(found: Import) -> Draft:
    if found.state != "checking" or found.draft is None:
        raise ImportEnded()
    return found.draft


def opened(row: Mapping[str, Any], column: str) -> dict[str, Any]:
    key = unwrap(row["wrapped_key"])
    found: dict[str, Any] = json.loads(unseal(key, row[column], place("people_import", column, row["id"])))  # fmt: skip
    return found


def sealed(key: bytes, column: str, id_: UUID, plain: bytes) -> bytes:
    return seal(key, plain, place("people_import", column, id_))


async def keep_draft(found: Import, draft: Draft) -> None:
    """Raises Stale when somebody else changed the draft meanwhile."""
    key = unwrap((await import_row(found.id))["wrapped_key"])
    rows = (
        await PeopleImport.update(
            {
                PeopleImport.sealed_draft: sealed(
                    key, "sealed_draft", found.id, canonical(to_json(draft))
                ),
                PeopleImport.revision: found.revision + 1,
            }
        )
        .where(
            PeopleImport.id == found.id,
            PeopleImport.state == "checking",
            PeopleImport.revision == found.revision,
        )
        .returning(PeopleImport.id)
    )
    if not rows:
        raise Stale(revision=found.revision)
