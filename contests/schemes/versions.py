"""What a contest keeps in versions, and how they are read. Pure but for the reading; no writes.

Scheme and rules are each a `Part`: the last version is what the next change finds, unless the contest's
own text was written elsewhere meanwhile.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from contests.schemes.tables import RulesVersion, SchemeVersion
from core.errors import NotFound
from core.scoring.model import Finding
from core.tables import Account

MOST_SHOWN = 100
D = TypeVar("D")
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Part(Generic[D]):
    """column: the contest's own text, last written right. noun: in the names of what is recorded.

    judged: what keeps a document from being the contest's (how many places), and its text there; a part
    that is never kept wrong raises Invalid instead.
    """

    column: str
    noun: str
    table: type[SchemeVersion] | type[RulesVersion]
    of_contest: Callable[[Row], D]
    to_text: Callable[[D], str]
    from_text: Callable[[str], D]
    differences: Callable[[D, D], list[Finding]]
    judged: Callable[[Row, D], tuple[int, str]]

    def tag(self, number: int, document: D) -> str:
        return f"{number}-{text_hash(self.to_text(document))[:12]}"


@dataclass(frozen=True, slots=True)
class Draft(Generic[D]):
    """What the next change finds.

    tag: names exactly this content; a change says which one it was made on. stored False: the contest's
    own text was last written elsewhere (by its options, by an import), so that this is no row yet.
    """

    contest: UUID
    state: str
    number: int
    tag: str
    document: D
    undo_to: int = 0
    redo_to: int = 0
    stored: bool = True
    revision: int = 0
    """Of the contest."""

    @property
    def editable(self) -> bool:
        return self.state == "draft"


@dataclass(frozen=True, slots=True)
class Version:
    """One line of the history. by: the account's label, "" for none."""

    number: int
    at: datetime
    by: str
    kind: str
    changes: tuple[Finding, ...]
    open_places: int
    undo_to: int
    redo_to: int


async def draft_in(part: Part[D], row: Row) -> Draft[D]:
    """Out of a contest's row, which the caller may hold in a transaction."""
    table = part.table
    last = (
        await table.select()
        .where(table.contest == row["id"])
        .order_by(table.number, ascending=False)
        .first()
    )
    stored = last is not None and last[f"{part.column}_hash"] == text_hash(row[part.column])
    if last is not None and stored:
        document = part.from_text(last["document"])
        number, undo_to, redo_to = last["number"], last["undo_to"], last["redo_to"]
    else:
        document = part.of_contest(row)
        undo_to, redo_to = (last["number"] if last else 0), 0
        number = undo_to + 1
    if row["state"] != "draft":
        document = part.of_contest(row)
    return Draft(
        contest=row["id"],
        state=row["state"],
        number=number,
        tag=part.tag(number, document),
        document=document,
        undo_to=undo_to,
        redo_to=redo_to,
        stored=stored,
        revision=row["revision"],
    )


def text_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


async def version_row(part: Part[D], contest: UUID, number: int) -> dict[str, Any]:
    """Raises NotFound."""
    table = part.table
    row = await table.select().where(table.contest == contest, table.number == number).first()
    if row is None:
        raise NotFound(kind="version", id=number)
    return row


async def history(part: Part[D], contest: UUID, *, before: int = 0) -> list[Version]:
    """The newest first, at most `MOST_SHOWN`; those before a number when one is given."""
    table = part.table
    query = table.select().where(table.contest == contest)
    if before:
        query = query.where(table.number < before)
    rows = await query.order_by(table.number, ascending=False).limit(MOST_SHOWN)
    labels = await labels_of(row["account"] for row in rows)
    return [
        Version(
            row["number"],
            row["at"],
            labels.get(row["account"], ""),
            row["kind"],
            changes_in(row["changes"]),
            row.get("open_places", 0),
            row["undo_to"],
            row["redo_to"],
        )
        for row in rows
    ]


def changes_in(text: str) -> tuple[Finding, ...]:
    return tuple(Finding(one["at"], one["code"], one["params"]) for one in json.loads(text))


async def labels_of(accounts: Iterable[UUID | None]) -> dict[UUID | None, str]:
    """Account -> how it is called."""
    ids = list({account for account in accounts if account})
    if not ids:
        return {}
    rows = await Account.select(Account.id, Account.label).where(Account.id.is_in(ids))
    return {row["id"]: row["label"] for row in rows}
