"""Keeps evidence as it came, sealed under the key of what it is about, and gives it out again.

Whoever calls has checked that the reader may; the key goes with the person, and with it every file."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from core.errors import Invalid, NotFound
from core.privacy import place, seal, unseal, unwrap
from core.scoring.model import Finding
from core.security import Actor
from credentials.records.exchange.evidence import ENDINGS, media_of
from credentials.records.honours.tables import EvidenceFile
from credentials.records.papers import messages as messages
from credentials.records.sealing import hide, shown

LARGEST_MB, MOST, LONGEST_NAME = 10, 20, 120
_TABLE = "evidence_file"


@dataclass(frozen=True, slots=True)
class Listed:
    """name: as it was called where it came from, "" once erased. size in bytes; hash: SHA-256."""

    id: UUID
    name: str
    media: str
    size: int
    hash: str
    added_at: datetime


@dataclass(frozen=True, slots=True)
class Opened:
    """ending: without a dot."""

    content: bytes
    media: str
    ending: str
    hash: str


async def keep(by: Actor, row: Mapping[str, Any], name: str, content: bytes) -> str:
    """Its SHA-256. row: the honour or application. The same file again is kept once. Inside the caller's
    transaction. Raises Invalid."""
    wrong = findings_of(content)
    hash = hashlib.sha256(content).hexdigest()
    before = await EvidenceFile.select(EvidenceFile.hash).where(EvidenceFile.about == row["id"])
    if len(before) >= MOST:
        wrong.append(Finding("/file", "credentials.evidence-many", {"most": str(MOST)}))
    if wrong:
        raise Invalid(wrong)
    if hash not in {one["hash"] for one in before}:
        await _insert(by, row, name, content, hash)
    return hash


def findings_of(content: bytes) -> list[Finding]:
    """By what is in the file, not by what it is called."""
    if len(content) > LARGEST_MB * 1024 * 1024:
        return [Finding("/file", "credentials.evidence-large", {"most": str(LARGEST_MB)})]
    if not media_of(content):
        return [Finding("/file", "credentials.evidence-media", {})]
    return []


async def files_of(row: Mapping[str, Any]) -> list[Listed]:
    """In the order in which they came."""
    rows = (
        await EvidenceFile.select(
            EvidenceFile.id,
            EvidenceFile.media,
            EvidenceFile.size,
            EvidenceFile.hash,
            EvidenceFile.sealed_name,
            EvidenceFile.added_at,
        )
        .where(EvidenceFile.about == row["id"])
        .order_by(EvidenceFile.added_at)
    )
    return [
        Listed(
            one["id"],
            shown(one, "sealed_name", _TABLE, row["wrapped_key"]),
            one["media"],
            one["size"],
            one["hash"],
            one["added_at"],
        )
        for one in rows
    ]


async def open_file(row: Mapping[str, Any], file: UUID) -> Opened:
    """Raises NotFound, also for a file of something else."""
    one = (
        await EvidenceFile.select()
        .where(EvidenceFile.id == file, EvidenceFile.about == row["id"])
        .first()
    )
    if one is None or not row["wrapped_key"]:
        raise NotFound(kind="file", id=file)
    key, context = unwrap(row["wrapped_key"]), place(_TABLE, "sealed_content", file)
    content = unseal(key, one["sealed_content"], context)
    return Opened(content, one["media"], ENDINGS[one["media"]], one["hash"])


async def _insert(by: Actor, row: Mapping[str, Any], name: str, content: bytes, hash: str) -> None:
    id, wrapped = uuid4(), row["wrapped_key"]
    called = "".join(c for c in name if c.isprintable())[-LONGEST_NAME:].strip()
    await EvidenceFile.insert(
        EvidenceFile(
            id=id,
            about=row["id"],
            media=media_of(content),
            size=len(content),
            hash=hash,
            sealed_name=hide(wrapped, called, _TABLE, "sealed_name", id),
            sealed_content=seal(unwrap(wrapped), content, place(_TABLE, "sealed_content", id)),
            added_at=datetime.now(UTC),
            added_by=by.account,
        )
    )
