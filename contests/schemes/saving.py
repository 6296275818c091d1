"""The next version of what a contest keeps in versions: saved, taken back, repeated, an old one again.

Each verb stands in the transaction of the action that calls it, and returns the draft with what changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from contests.actions.common import contest_row, json_text
from contests.schemes.versions import D, Draft, Part, Row, draft_in, text_hash, version_row
from contests.tables import Contest
from core.errors import Stale, WrongState
from core.security import Actor

_LONGEST_CHANGES = 200
Changes = list[dict[str, Any]]


async def editable(part: Part[D], contest: UUID, base: str) -> tuple[Draft[D], Row]:
    """The draft that the change was made on. Raises WrongState, or Stale when another is there by now."""
    row = await contest_row(contest)
    draft = await draft_in(part, row)
    if row["state"] != "draft":
        raise WrongState(contest=contest, state=row["state"], needed="draft")
    if draft.tag != base:
        raise Stale(kind="contest", id=contest, revision=draft.number)
    return draft, row


async def take_back(
    part: Part[D], by: Actor, contest: UUID, *, base: str, now: datetime
) -> tuple[Draft[D], Changes | None]:
    """None: there is nothing to take back. What is taken back can be repeated."""
    before, row = await editable(part, contest, base)
    if not before.undo_to:
        return before, None
    target = await version_row(part, contest, before.undo_to)
    after = replace(
        before,
        document=part.from_text(target["document"]),
        undo_to=target["undo_to"],
        redo_to=before.number,
    )
    return await _write(part, by, row, before, after, "undo", now)


async def repeat(
    part: Part[D], by: Actor, contest: UUID, *, base: str, now: datetime
) -> tuple[Draft[D], Changes | None]:
    """None: nothing was taken back."""
    before, row = await editable(part, contest, base)
    if not before.redo_to:
        return before, None
    target = await version_row(part, contest, before.redo_to)
    after = replace(
        before,
        document=part.from_text(target["document"]),
        undo_to=target["undo_to"],
        redo_to=target["redo_to"],
    )
    return await _write(part, by, row, before, after, "redo", now)


async def next_version(
    part: Part[D], by: Actor, row: Row, before: Draft[D], document: D, *, kind: str, now: datetime
) -> tuple[Draft[D], Changes]:
    """The same draft and nothing when nothing changed."""
    if not part.differences(before.document, document):
        return before, []
    after = replace(before, document=document, undo_to=before.number, redo_to=0)
    return await _write(part, by, row, before, after, kind, now)


async def _write(
    part: Part[D],
    by: Actor,
    row: Row,
    before: Draft[D],
    after: Draft[D],
    kind: str,
    now: datetime,
) -> tuple[Draft[D], Changes]:
    """`after` with its number and tag; beside it the first version, where none was stored yet."""
    if not before.stored:
        await _insert(part, before, None, "outside", [], row, now)
    places, text = part.judged(row, after.document)
    written = await _become(part, row, text)
    number = before.number + 1
    after = replace(
        after,
        number=number,
        tag=part.tag(number, after.document),
        stored=True,
        revision=before.revision + (written[part.column] != row[part.column]),
    )
    said = part.differences(before.document, after.document)[:_LONGEST_CHANGES]
    changes = [{"at": f.pointer, "code": f.code, "params": dict(f.params)} for f in said]
    await _insert(part, after, by.account, kind, changes, written, now, places=places)
    return after, changes


async def _become(part: Part[D], row: Row, text: str) -> Row:
    """Writes the contest's own text where it changes; the row as it is then."""
    if text == row[part.column]:
        return row
    changed = await Contest.raw(
        f"UPDATE contest SET {part.column} = {{}}, revision = revision + 1 "  # noqa: S608 - our own
        "WHERE id = {} AND revision = {} AND state = 'draft' RETURNING revision",
        text,
        row["id"],
        row["revision"],
    )
    if not changed:
        raise Stale(kind="contest", id=row["id"], revision=row["revision"])
    return {**row, part.column: text}


async def _insert(
    part: Part[D],
    draft: Draft[D],
    account: UUID | None,
    kind: str,
    changes: Sequence[dict[str, Any]],
    row: Row,
    now: datetime,
    *,
    places: int = 0,
) -> None:
    """Of two who save the same number at once the second one gets Stale. What the contest had before
    is right: only that becomes its own."""
    table: Any = part.table
    values: dict[str, Any] = {
        "id": uuid5(draft.contest, f"{part.column} version {draft.number}"),
        "contest": draft.contest,
        "number": draft.number,
        "at": now,
        "account": account,
        "kind": kind,
        "document": part.to_text(draft.document),
        "changes": json_text(list(changes)),
        "undo_to": draft.undo_to,
        "redo_to": draft.redo_to,
        f"{part.column}_hash": text_hash(row[part.column]),
    }
    if places:
        values["open_places"] = places
    inserted = await table.insert(table(**values)).on_conflict((table.id,), "DO NOTHING")
    if not inserted:
        raise Stale(kind="contest", id=draft.contest, revision=draft.number)
