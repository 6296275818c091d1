"""Opens one line of a certificate's score sheet by a link that ends, and closes it again."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from core import audit
from core.db import transaction
from core.errors import Invalid, NotFound
from core.privacy import keyed_hash
from core.score_evidence import SheetLine, lines_of
from core.scoring.model import Finding
from core.security import Actor, check
from credentials import keyring, queries, rendering
from credentials.evidence.leaves import OpenLeaf, opened, root_in
from credentials.evidence.tables import OpenedLine
from credentials.scopes import issuer_scopes

LONGEST_DAYS = 90
PERMISSION = "certificate.issue"
"""Whoever hands certificates out opens a line when its holder asks."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a link shows: the line as it was opened, and its leaf."""

    line: SheetLine
    leaf: OpenLeaf
    expires_at: datetime


async def lines_behind(by: Actor, public_id: str) -> Sequence[SheetLine]:
    """Every line under the root that the certificate's newest version signs."""
    row = await _mine(by, public_id)
    return await lines_of(row["contest"], row["entry"], _root(row))


async def open_line(by: Actor, public_id: str, position: int, *, days: int) -> str:
    """The link, which is shown once. At the holder's request: it is in the record of changes."""
    return await open_line_of(await _mine(by, public_id), position, days=days, by=by)


async def open_line_of(row: Mapping[str, Any], position: int, *, days: int, by: Actor) -> str:
    """The same for a caller who knows that this is the holder's own certificate."""
    found = await lines_of(row["contest"], row["entry"], root := _root(row))
    if wrong := _wrong(position, days, len(found)):
        raise Invalid(wrong)
    secret, now = secrets.token_urlsafe(16), datetime.now(UTC)
    id, ends = uuid4(), now + timedelta(days=days)
    async with transaction():
        await OpenedLine.insert(
            OpenedLine(
                id=id,
                certificate=row["id"],
                root=root,
                position=position,
                secret_hash=_hash(secret),
                opened_at=now,
                opened_by=by.account,
                expires_at=ends,
            )
        )
        after = {"line": position, "expires": ends.isoformat()}
        await _noted(by, "evidence.opened", row, after)
    return f"{keyring.addresses().certificate(row['public_id'])}/evidence/{secret}"


async def close_lines(by: Actor, public_id: str) -> int:
    """Ends every link of this certificate now; how many."""
    return await close_lines_of(await _mine(by, public_id), by=by)


async def close_lines_of(row: Mapping[str, Any], *, by: Actor) -> int:
    """The same for a caller who knows that this is the holder's own certificate."""
    async with transaction():
        ended = await OpenedLine.raw(
            "UPDATE opened_line SET closed_at = {} WHERE certificate = {} AND closed_at IS NULL"
            " RETURNING id",
            datetime.now(UTC),
            row["id"],
        )
        await _noted(by, "evidence.closed", row, {"links": len(ended)})
    return len(ended)


async def shown_by(row: Mapping[str, Any], secret: str, now: datetime) -> Shown | None:
    """None for a link that is over, was closed, is another certificate's, or never was: nobody is told
    which. After an erasure there is no root, so nothing is shown."""
    found = await OpenedLine.select().where(OpenedLine.secret_hash == _hash(secret)).first()
    if found is None or found["certificate"] != row["id"] or not rendering.token_of(row):
        return None
    if found["closed_at"] is not None or now >= found["expires_at"]:
        return None
    lines = await lines_of(row["contest"], row["entry"], found["root"])
    if found["position"] >= len(lines):
        return None
    leaf = opened([(line.salt, line.content) for line in lines], found["position"])
    return Shown(lines[found["position"]], leaf, found["expires_at"])


async def _mine(by: Actor, public_id: str) -> dict[str, Any]:
    row = await queries.stored(public_id)
    if row is None:
        raise NotFound(kind="certificate", id=public_id)
    check(by, PERMISSION, *await issuer_scopes(row["issuer"]))
    return row


async def _noted(by: Actor, action: str, row: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    scope = (await issuer_scopes(row["issuer"]))[0]
    await audit.record(by, action, scope=scope, subject=row["public_id"], after=after)


def _root(row: Mapping[str, Any]) -> str:
    token = rendering.token_of(row)
    return root_in(rendering.payload_of(token)) if token else ""


def _wrong(position: int, days: int, lines: int) -> list[Finding]:
    found = []
    if not 0 <= position < lines:
        found.append(Finding("/line", "credentials.evidence-line", {"lines": str(lines)}))
    if not 1 <= days <= LONGEST_DAYS:
        found.append(Finding("/days", "credentials.evidence-days", {"most": str(LONGEST_DAYS)}))
    return found


def _hash(secret: str) -> str:
    return keyed_hash("opened evidence", secret)
