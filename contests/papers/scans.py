"""Scans of signed papers: kept as they came, sealed, named by their SHA-256; a newer one replaces an
earlier one in the lists and deletes nothing."""

from __future__ import annotations

import hashlib
import io
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from PIL import Image

from contests.actions.common import allowed, contest_row, moment, scopes_of
from contests.papers.about import About, about, labels
from contests.papers.kinds import HANDLES, KINDS
from contests.papers.printing import known_part, permitted
from contests.papers.tables import PaperScan
from contests.tables import LogEntry
from core import audit
from core.db import transaction
from core.errors import Conflict, Invalid, NotFound
from core.privacy import new_key, place, seal, unseal, unwrap, wrap
from core.scoring.model import Finding
from core.security import Actor, check

MOST_BYTES = 20 * 1024 * 1024
MOST_PIXELS = 100_000_000
_PICTURES = {"JPEG": "image/jpeg", "PNG": "image/png"}
_ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}
_ACTIVE = re.compile(rb"/(?:Encrypt|JavaScript|JS|Launch|EmbeddedFile|RichMedia|XFA)\b")
_NAMED = frozenset({"draw_record", "check_in"})
"""Papers on which entrants sign: who may not know names may not open their scans."""


@dataclass(frozen=True, slots=True)
class ScanView:
    """by: what colleagues call whoever attached it. current: not replaced by a later one."""

    id: UUID
    paper: str
    part: str
    sha256: str
    media_type: str
    size: int
    by: str
    at: datetime
    current: bool


@dataclass(frozen=True, slots=True)
class ScanFile:
    name: str
    media_type: str
    content: bytes


async def attach_scan(
    by: Actor,
    contest: UUID,
    kind: str,
    content: bytes,
    *,
    part: str = "",
    beside: bool = False,
    now: datetime | None = None,
) -> UUID:
    """Keeps the scan of a signed paper. beside: one more page of it; else it replaces what was there,
    which stays on record. Raises NotFound, Invalid."""
    await permitted(by, contest, kind)
    scope = await allowed(by, HANDLES, contest)
    of: About = await about(contest, by=by, language="en")
    if not known_part(of, KINDS[kind], part):
        raise NotFound(kind="part of a paper", id=part[:40])
    media_type = media_type_of(content)
    digest = hashlib.sha256(content).hexdigest()
    scan, key, at = uuid4(), new_key(), moment(now)
    context = place("paper_scan", "sealed_content", scan)
    row = PaperScan(
        id=scan,
        contest=contest,
        paper=kind,
        part=part,
        sha256=digest,
        media_type=media_type,
        size=len(content),
        wrapped_key=wrap(key),
        sealed_content=seal(key, content, context),
        account=by.account,
        received_at=at,
    )
    async with transaction():
        if not beside:
            await PaperScan.update(
                {PaperScan.replaced_at: at, PaperScan.replaced_by: scan}
            ).where(
                PaperScan.contest == contest,
                PaperScan.paper == kind,
                PaperScan.part == part,
                PaperScan.replaced_at.is_null(),
            )  # fmt: skip
        await PaperScan.insert(row)
        await audit.record(
            by,
            "attach_scan",
            scope=scope,
            subject=f"{kind}/{part}".rstrip("/"),
            after={"sha256": digest, "size": len(content), "replaces": not beside},
        )
    return scan


async def scans_of(contest: UUID) -> list[ScanView]:
    """The newest first, without their contents."""
    rows = (
        await PaperScan.select(
            PaperScan.id,
            PaperScan.paper,
            PaperScan.part,
            PaperScan.sha256,
            PaperScan.media_type,
            PaperScan.size,
            PaperScan.account,
            PaperScan.received_at,
            PaperScan.replaced_at,
        )
        .where(PaperScan.contest == contest)
        .order_by(PaperScan.received_at, ascending=False)
    )
    people = await labels([str(row["account"] or "") for row in rows])
    return [_view(row, people) for row in rows]


async def open_scan(by: Actor, contest: UUID, scan: UUID) -> ScanFile:
    """The file as it came. Raises NotFound, Forbidden, and Conflict for a draw's paper before the codes
    are open."""
    row = await PaperScan.select().where(PaperScan.id == scan, PaperScan.contest == contest).first()
    if row is None or not row["wrapped_key"]:
        raise NotFound(kind="scan", id=scan)
    kind = await permitted(by, contest, row["paper"])
    opened = await _opened(contest)
    if kind.code == "draw_record" and not opened:
        raise Conflict([Finding("", "scan-sealed", {})])
    if kind.code in _NAMED:
        check(by, "identity.read", *await scopes_of(contest))
    key = unwrap(bytes(row["wrapped_key"]))
    content = unseal(key, bytes(row["sealed_content"]), place("paper_scan", "sealed_content", scan))
    code = (await contest_row(contest))["code"]
    part = f"-{row['part'].replace('/', '-')}" if row["part"] else ""
    name = f"{code}-{row['paper']}{part}.{_ENDINGS[row['media_type']]}"
    return ScanFile(name, row["media_type"], content)


def media_type_of(content: bytes) -> str:
    """By what the bytes are, never by what the file is called. Raises Invalid."""
    if not content:
        raise Invalid([Finding("/scan", "scan-file-missing", {})])
    if len(content) > MOST_BYTES:
        limit = f"{MOST_BYTES // 1024 // 1024} MB"
        raise Invalid([Finding("/scan", "scan-file-too-large", {"limit": limit})])
    if content.startswith(b"%PDF-"):
        return _pdf(content)
    return _picture(content)


def _pdf(content: bytes) -> str:
    if b"%%EOF" not in content[-2048:] or (b"/Page" not in content and b"/ObjStm" not in content):
        raise Invalid([Finding("/scan", "scan-file-unreadable", {})])
    if _ACTIVE.search(content):
        raise Invalid([Finding("/scan", "scan-file-locked", {})])
    return "application/pdf"


def _picture(content: bytes) -> str:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=list(_PICTURES)) as picture:
                media_type = _PICTURES[str(picture.format)]
                small = picture.width * picture.height <= MOST_PIXELS
                picture.verify()
    except Exception as error:
        raise Invalid([Finding("/scan", "scan-file-unreadable", {})]) from error
    if not small:
        limit = f"{MOST_PIXELS // 1_000_000} MP"
        raise Invalid([Finding("/scan", "scan-file-too-large", {"limit": limit})])
    return media_type


async def _opened(contest: UUID) -> bool:
    found: bool = await LogEntry.exists().where(
        LogEntry.contest == contest, LogEntry.kind == "codes_opened"
    )
    return found


def _view(row: Mapping[str, Any], people: Mapping[str, str]) -> ScanView:
    return ScanView(
        id=row["id"],
        paper=row["paper"],
        part=row["part"],
        sha256=row["sha256"],
        media_type=row["media_type"],
        size=row["size"],
        by=people.get(str(row["account"]), ""),
        at=row["received_at"],
        current=row["replaced_at"] is None,
    )
