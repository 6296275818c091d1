"""Taking back what was done to many things at once, for as long as that makes sense.

    register(UndoKind("certificates.suspended", "certificate.revoke", lift))
    undo = await remember(by, "certificates.suspended", scope, {"certificates": […]}, until=None,
                          title="{count} certificates were withdrawn.", count=24)
    return see_other(…, undo=address_of(undo))

`remember` stands in the transaction of the bulk action, `undo(by, params)` in the one that takes it
back: it opens none, changes back what is still as the action left it, and refuses by an error when
that can't be. Parameters hold ids and codes, no personal data.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from core import audit, enclosing
from core.db import TransactionMisused, in_transaction, transaction
from core.errors import Conflict, Invalid, NotFound
from core.scoring.codec import canonical
from core.scoring.model import Finding
from core.security import Actor, Scope, check
from core.tables import Undo


class TooLateToUndo(Conflict):
    slug = "too-late-to-undo"
    title = "This can't be taken back any more."


@dataclass(frozen=True, slots=True)
class UndoKind:
    """name: stored, keep it for ever. permission: asked in the scope of what was done."""

    name: str
    permission: str
    undo: Callable[[Actor, Mapping[str, Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Undoable:
    """title: msgid with params. until: None while the event lasts."""

    id: UUID
    kind: str
    scope: Scope
    account: UUID | None
    title: str
    params: Mapping[str, str]
    made_at: datetime
    until: datetime | None
    done_at: datetime | None

    def open(self, now: datetime) -> bool:
        return self.done_at is None and (self.until is None or now < self.until)


_kinds: dict[str, UndoKind] = {}


def register(kind: UndoKind) -> None:
    """Once is enough, twice does no harm."""
    _kinds[kind.name] = kind


def address_of(undo: UUID) -> str:
    """Where a form posts to that takes it back."""
    return f"/console/undo/{undo}"


async def remember(
    by: Actor,
    kind: str,
    scope: Scope,
    params: Mapping[str, Any],
    *,
    title: str,
    until: datetime | None = None,
    **said: object,
) -> UUID:
    """Inside the transaction of the action. title: msgid of what was done, filled with `said`."""
    if not in_transaction():
        raise TransactionMisused("remember belongs into the transaction of the change.")
    if kind not in _kinds:
        raise LookupError(f"There is no way back called {kind!r}. Known: {', '.join(_kinds)}.")
    undo = uuid4()
    await Undo.insert(
        Undo(
            id=undo,
            kind=kind,
            account=by.account,
            scope_kind=scope.kind,
            scope_id=scope.id,
            title=title,
            title_params=canonical({key: str(value) for key, value in said.items()}).decode(),
            params=canonical(dict(params)).decode(),
            made_at=datetime.now(UTC),
            until=until,
        )
    )
    return undo


async def take_back(by: Actor, undo: UUID, *, now: datetime | None = None) -> Undoable:
    """Raises NotFound, Forbidden, TooLateToUndo, and whatever the action's own way back refuses."""
    now = now or datetime.now(UTC)
    async with transaction():
        row = await Undo.select().where(Undo.id == undo).first()
        kind = _kinds.get(row["kind"]) if row else None
        if row is None or kind is None:
            raise NotFound(kind="undo", id=undo)
        scope = Scope(row["scope_kind"], row["scope_id"])
        check(by, kind.permission, *await enclosing.scopes(scope))
        claimed = await Undo.raw(
            "UPDATE undo SET done_at = {}, done_by = {} WHERE id = {} AND done_at IS NULL"
            " AND (until IS NULL OR until > {}) RETURNING id",
            now,
            by.account,
            undo,
            now,
        )
        if not claimed:
            raise TooLateToUndo()
        await kind.undo(by, json.loads(row["params"]))
        await audit.record(by, "undo", scope=scope, subject=row["kind"])
        return _read(row)


async def undoable_for(by: Actor, *, scope: Scope | None = None, limit: int = 50) -> list[Undoable]:
    """What the reader may take back, newest first; what was taken back stays in the list."""
    query = Undo.select().order_by(Undo.made_at, ascending=False).limit(limit * 5)
    if scope is not None:
        query = query.where(Undo.scope_kind == scope.kind, Undo.scope_id == scope.id)
    found: list[Undoable] = []
    for row in await query:
        if len(found) < limit and await _may(by, row):
            found.append(_read(row))
    return found


def same_count(typed: str, count: int) -> None:
    """Raises Invalid unless the reader typed how many things are touched."""
    if typed.strip() != str(count):
        raise Invalid([Finding("/count", "undo-count-differs", {"count": str(count)})])


async def _may(by: Actor, row: Mapping[str, Any]) -> bool:
    kind = _kinds.get(row["kind"])
    if kind is None:
        return False
    try:
        scopes = await enclosing.scopes(Scope(row["scope_kind"], row["scope_id"]))
    except NotFound:
        return False
    return by.may(kind.permission, *scopes)


def _read(row: Mapping[str, Any]) -> Undoable:
    return Undoable(
        row["id"],
        row["kind"],
        Scope(row["scope_kind"], row["scope_id"]),
        row["account"],
        row["title"],
        json.loads(row["title_params"]),
        row["made_at"],
        row["until"],
        row["done_at"],
    )
