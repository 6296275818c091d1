"""An import until it is carried out: handed in, looked at, its columns set, its cells mended, or dropped.

Nothing is written about anybody before that; the file is kept as it came, sealed, with its
SHA-256. A draft that is dropped, and a file that names a person who was erased, can't be read again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

from contests.actions.common import (
    json_text,
    moment,
)
from contests.entering.checked import Checked
from contests.entering.checking import check_entrants
from contests.entering.columns import score
from contests.entering.draft import Draft, draft_of, to_json, with_columns, with_mended
from contests.entering.grid import Grid
from contests.entering.kept import (
    Import,
    ImportEnded,
    allowed_import,
    import_of,
    import_of_row,
    import_row,
    keep_draft,
    open_draft,
    scope_of_import,
    scopes_of_import,
    sealed,
)
from contests.entering.load import known_for
from contests.entering.names import folded
from contests.entering.others import (
    check_other,
)
from contests.entering.reading import read_file, read_pasted
from contests.entering.tables import ColumnMemory, PeopleImport
from contests.entering.unshown import without_kept
from core import audit
from core.db import transaction
from core.errors import Invalid
from core.privacy import new_key, place, unseal, unwrap, wrap
from core.scoring.codec import canonical
from core.scoring.model import Finding
from core.security import Actor, check


async def start_import(
    by: Actor,
    kind: str,
    *,
    contest: UUID | None = None,
    competition: UUID | None = None,
    data: bytes = b"",
    pasted: str = "",
    file_name: str = "",
    now: datetime | None = None,
) -> UUID:
    """Reads a file or a pasted table into a draft. Raises Invalid for what is no table."""
    scope, competition = await allowed_import(by, kind, contest, competition)
    data = data or pasted.encode()
    grid = (
        read_file(data, lambda g: score(kind, g))
        if not pasted
        else read_pasted(pasted, lambda g: score(kind, g))
    )
    if not isinstance(grid, Grid):
        raise Invalid([Finding("/file", f.code, f.params) for f in grid])
    draft = await _remembered(competition, draft_of(kind, grid, file_name=file_name))
    if not draft.rows:
        raise Invalid([Finding("/file", "people-no-rows", {})])
    id_, key = uuid4(), new_key()
    async with transaction():
        await PeopleImport.insert(
            PeopleImport(
                id=id_,
                kind=kind,
                competition=competition,
                contest=contest,
                file_hash=hashlib.sha256(data).hexdigest(),
                file_size=len(data),
                wrapped_key=wrap(key),
                sealed_file=sealed(key, "sealed_file", id_, data),
                sealed_draft=sealed(key, "sealed_draft", id_, canonical(to_json(draft))),
                made_by=by.account,
                made_at=moment(now),
            )
        )
        after = {"kind": kind, "sha256": hashlib.sha256(data).hexdigest(), "rows": len(draft.rows)}
        await audit.record(by, "people.import_started", scope=scope, subject=str(id_), after=after)
    return id_


async def check_import(found: Import) -> Checked:
    """Everything that would happen, and everything that is wrong, at this moment."""
    if found.draft is None:
        raise ImportEnded()
    if found.kind != "entrants" or found.contest is None:
        return await check_other(found.kind, found.draft, found.contest, found.competition)
    return check_entrants(found.draft, await known_for(found.contest, found.draft.lines()))


async def set_columns(by: Actor, id_: UUID, columns: Mapping[int, str]) -> None:
    """What each column is, by hand; remembered for the next table with these headings."""
    found = await import_of(by, id_)
    draft = with_columns(open_draft(found), columns)
    double = [c for c in set(columns.values()) if c and list(columns.values()).count(c) > 1]
    if double:
        raise Invalid([Finding("/columns", "people-column-twice", {})])
    if not draft.sure:
        raise Invalid([Finding("/columns", "people-column-wanted", {})])
    memory = _memory_id(found.competition, draft)
    async with transaction():
        await keep_draft(found, draft)
        values: dict[Any, Any] = {
            ColumnMemory.columns: json_text({str(k): v for k, v in draft.columns.items()})
        }
        updated = await ColumnMemory.update(values).where(ColumnMemory.id == memory).returning(ColumnMemory.id)  # fmt: skip
        if not updated:
            await ColumnMemory.insert(
                ColumnMemory(
                    id=memory,
                    competition=found.competition,
                    columns=json_text({str(k): v for k, v in draft.columns.items()}),
                    set_at=moment(None),
                )
            )


async def mend(
    by: Actor,
    id_: UUID,
    values: Mapping[int, Mapping[str, str]],
    *,
    left_out: Mapping[int, bool] | None = None,
    add_delegations: bool | None = None,
    everywhere: bool | None = None,
) -> None:
    """What was typed on the page. left_out: of the rows that were shown."""
    found = await import_of(by, id_)
    draft = open_draft(found)
    out = set(draft.left_out)
    for number, leave in (left_out or {}).items():
        (out.add if leave else out.discard)(number)
    draft = with_mended(draft, without_kept(draft.lines(), values), frozenset(out))
    if add_delegations is not None:
        draft = replace(draft, add_delegations=add_delegations)
    if everywhere is not None:
        draft = replace(draft, everywhere=everywhere)
    async with transaction():
        await keep_draft(found, draft)


async def drop_import(by: Actor, id_: UUID) -> None:
    """Throws a draft away; its file can't be read again."""
    found = await import_of(by, id_)
    open_draft(found)
    async with transaction():
        await PeopleImport.update(
            {
                PeopleImport.state: "dropped",
                PeopleImport.wrapped_key: None,
                PeopleImport.sealed_file: None,
                PeopleImport.sealed_draft: None,
            }
        ).where(PeopleImport.id == id_, PeopleImport.state == "checking")
        await audit.record(
            by, "people.import_dropped", scope=scope_of_import(found), subject=str(id_)
        )


async def original_file(by: Actor, id_: UUID) -> tuple[str, bytes]:
    """The file as it came, with its name, for who may read identities. The look is on record."""
    row = await import_row(id_)
    check(by, "identity.read", *await scopes_of_import(row))
    found = import_of_row(row)
    key = unwrap(row["wrapped_key"])
    data = unseal(key, row["sealed_file"], place("people_import", "sealed_file", id_))
    async with transaction():
        await audit.record(by, "people.file_read", scope=scope_of_import(found), subject=str(id_))
    name = found.draft.file_name if found.draft else ""
    return name or "table.txt", data


async def _remembered(competition: UUID, draft: Draft) -> Draft:
    memory = await ColumnMemory.select().where(ColumnMemory.id == _memory_id(competition, draft)).first()  # fmt: skip
    if memory is None:
        return draft
    return with_columns(draft, {int(k): v for k, v in json.loads(memory["columns"]).items()})


def _memory_id(competition: UUID, draft: Draft) -> UUID:
    headings = "|".join(f"{at}:{folded(words)}" for at, words in sorted(draft.titles.items()))
    return uuid5(competition, f"columns|{draft.kind}|{headings}")
