"""Files between upload and decision: kept for two days, read again when the decision falls."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from contests.actions.common import competition_scopes, moment
from contests.founding.tables import FoundingFile
from core.db import transaction
from core.errors import Invalid, NotFound, TooLarge
from core.scoring.model import Finding
from core.security import Actor, check

LARGEST = 20 * 1024 * 1024
LARGEST_SHOWN = "20 MB"
KEPT = timedelta(days=2)
KINDS = ("many", "scheme", "package")
_LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class KeptFile:
    """sha256: lower-case hex of `content`. contest: whose scheme it is to replace."""

    id: UUID
    competition: UUID
    contest: UUID | None
    kind: str
    name: str
    sha256: str
    content: bytes


async def keep_file(
    by: Actor,
    competition: UUID,
    *,
    kind: str,
    name: str,
    content: bytes,
    contest: UUID | None = None,
    now: datetime | None = None,
) -> UUID:
    """Raises Invalid for no file at all, TooLarge."""
    check(by, "contest.configure", *await competition_scopes(competition))
    if len(content) > LARGEST:
        raise TooLarge(limit=LARGEST_SHOWN)
    if not content:
        raise Invalid([Finding("/file", "file-missing", {})])
    file, at = uuid4(), moment(now)
    async with transaction():
        await FoundingFile.delete().where(FoundingFile.created_at < at - KEPT)
        await FoundingFile.insert(
            FoundingFile(
                id=file,
                competition=competition,
                contest=contest,
                account=by.account,
                kind=kind,
                name=name[-_LONGEST_NAME:],
                sha256=hashlib.sha256(content).hexdigest(),
                content=content,
                created_at=at,
            )
        )
    return file


async def kept_file(by: Actor, file: UUID, kinds: Sequence[str] = KINDS) -> KeptFile:
    """Raises NotFound, also for a file of another kind or of somebody else."""
    row = await FoundingFile.select().where(FoundingFile.id == file).first()
    if row is None or row["kind"] not in kinds or row["account"] != by.account:
        raise NotFound(kind="file", id=file)
    check(by, "contest.configure", *await competition_scopes(row["competition"]))
    return KeptFile(
        row["id"],
        row["competition"],
        row["contest"],
        row["kind"],
        row["name"],
        row["sha256"],
        bytes(row["content"]),
    )
