"""Where a contest is at home, lent or borrowed: read from its log, which says it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from contests.log import here
from contests.tables import LogEntry
from core.errors import Conflict
from core.scoring.model import Finding

LENT, RETURNED, RECALLED = "lent", "returned", "recalled"


@dataclass(frozen=True, slots=True)
class Standing:
    """The last loan of a contest. seq, hash: the `lent` entry; closed: "" while it is out, else
    `returned` or `recalled`, which stands at `closed_seq`."""

    lender: str
    borrower: str
    seq: int
    hash: str
    head: str
    key: Mapping[str, str]
    closed: str = ""
    closed_seq: int = 0

    @property
    def is_out(self) -> bool:
        return not self.closed


async def last_loan(contest: UUID) -> Standing | None:
    """None for one that was never lent."""
    rows = (
        await LogEntry.select(LogEntry.kind, LogEntry.seq, LogEntry.hash, LogEntry.body)
        .where(LogEntry.contest == contest, LogEntry.kind.is_in([LENT, RETURNED, RECALLED]))
        .order_by(LogEntry.seq)
    )
    return _read(rows)


def standing_in(lines: Any) -> Standing | None:
    """The same of lines that are not stored."""
    kinds = {LENT, RETURNED, RECALLED}
    return _read(
        [
            {"kind": line.kind, "seq": line.seq, "hash": line.hash, "body": line.body}
            for line in lines
            if line.kind in kinds
        ]
    )


async def is_borrowed(contest: UUID) -> bool:
    """Whether this installation has the contest from another one."""
    found = await last_loan(contest)
    return found is not None and found.is_out and found.borrower == here()


async def refuse_where_borrowed(contest: UUID) -> None:
    """For steps that need names or codes' owners, which stay at home."""
    if await is_borrowed(contest):
        raise Conflict([Finding("", "borrowed", {})])


async def drawn_elsewhere(contest: UUID, module: str, code: str) -> bool:
    """Whether the code of a borrowed contest was drawn at home: here only its log knows it."""
    if not await is_borrowed(contest):
        return False
    rows = await LogEntry.select(LogEntry.body).where(
        LogEntry.contest == contest, LogEntry.kind == "drawn"
    )
    bodies = (json.loads(row["body"]) for row in rows)
    return any(body["module"] == module and code in body["codes"] for body in bodies)


def _read(rows: list[dict[str, Any]]) -> Standing | None:
    found: Standing | None = None
    for row in rows:
        body = json.loads(row["body"])
        if row["kind"] == LENT:
            found = Standing(
                lender=body["from"],
                borrower=body["installation"],
                seq=row["seq"],
                hash=row["hash"],
                head=body["head"],
                key=body["key"],
            )
        elif found is not None:
            found = Standing(
                found.lender, found.borrower, found.seq, found.hash, found.head, found.key,
                closed=row["kind"], closed_seq=row["seq"],
            )  # fmt: skip
    return found
