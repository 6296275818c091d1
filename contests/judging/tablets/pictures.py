"""Pictures and instrument files that a sheet names by their hash. What one is, its first bytes say, never
the header that came with it; none is ever shown as a page."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID, uuid5

from contests.judging.tablets.errors import NotServed, PicturesFull
from contests.judging.tablets.serving import admitted_seats
from contests.judging.tablets.sessions import Tablet
from contests.statements import run
from contests.tables import Picture
from core import audit
from core.db import transaction
from core.errors import Invalid, NotFound, TooLarge
from core.scoring.model import Finding
from core.security import Actor, Scope

MOST_BYTES = 2 * 1024 * 1024
MOST_OF_A_TABLET = 2000
TEXT = "text/plain"
SUFFIXES: Mapping[str, str] = MappingProxyType(
    {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", TEXT: "txt"}
)
_MARKUP = (b"<!doctype", b"<html", b"<script", b"<svg", b"<body", b"<iframe")


@dataclass(frozen=True, slots=True)
class StoredPicture:
    media_type: str
    content: bytes


async def store_picture(
    contest: UUID,
    sha256: str,
    content: bytes,
    *,
    device: UUID | None = None,
    account: UUID | None = None,
    now: datetime,
) -> bool:
    """Keeps it once, whoever sends it; False when it was here. Raises TooLarge or Invalid."""
    media_type = _checked(sha256, content)
    async with transaction():
        if await Picture.exists().where(Picture.id == picture_id(contest, sha256)):
            return False
        await Picture.insert(
            Picture(
                id=picture_id(contest, sha256),
                contest=contest,
                sha256=sha256,
                media_type=media_type,
                content=content,
                device=device,
                account=account,
                received_at=now,
            )
        ).on_conflict(action="DO NOTHING")
        scope = Scope("contest", str(contest))
        await audit.record(Actor(account, ""), "picture.stored", scope=scope, subject=sha256)
    return True


async def store_from_tablet(
    tablet: Tablet, contest: UUID, sha256: str, content: bytes, *, now: datetime
) -> None:
    """Raises NotServed unless somebody who signed in on it marks the contest; PicturesFull."""
    accounts = await _judges(tablet, contest)
    sent = await run("SELECT COUNT(*) AS n FROM picture WHERE device = {}", tablet.id)
    if sent[0]["n"] >= MOST_OF_A_TABLET:
        raise PicturesFull(most=MOST_OF_A_TABLET)
    holder = next((one for one in accounts if f'"{one}"' in tablet.facts), accounts[0])
    await store_picture(contest, sha256, content, device=tablet.id, account=holder, now=now)


async def read_on_tablet(tablet: Tablet, contest: UUID, sha256: str) -> StoredPicture:
    """What this tablet has sent, or one of the judges who have signed in on it. Raises NotFound."""
    accounts = await _judges(tablet, contest)
    row = await _row(contest, sha256)
    if row["device"] != tablet.id and row["account"] not in accounts:
        raise NotFound(kind="picture", id=sha256)
    return StoredPicture(row["media_type"], row["content"])


async def read_picture(contest: UUID, sha256: str) -> StoredPicture:
    """For the control room: the caller has asked for the permission. Raises NotFound."""
    row = await _row(contest, sha256)
    return StoredPicture(row["media_type"], row["content"])


def picture_id(contest: UUID, sha256: str) -> UUID:
    return uuid5(contest, sha256)


def kind_of(content: bytes) -> str:
    """The media type by its first bytes, "" for one that is not taken. Text is what an instrument
    writes: readable throughout, and no page."""
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return TEXT if content and _is_text(content) else ""


def _checked(sha256: str, content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise TooLarge(limit=f"{MOST_BYTES // 1024 // 1024} MB")
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise Invalid([Finding("/sha256", "picture-hash-differs", {"found": found})])
    kind = kind_of(content)
    if not kind:
        known = ", ".join(SUFFIXES)
        raise Invalid([Finding("", "picture-kind", {"known": known})])
    return kind


def _is_text(content: bytes) -> bool:
    beginning = content[:4096].lower()
    if any(mark in beginning for mark in _MARKUP):
        return False
    return any(_reads(content, encoding) for encoding in ("utf-8-sig", "gb18030"))


def _reads(content: bytes, encoding: str) -> bool:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return "".join(text.split()).isprintable()


async def _judges(tablet: Tablet, contest: UUID) -> list[UUID]:
    seats = await admitted_seats(tablet)
    accounts = list(dict.fromkeys(seat.account for seat in seats if seat.contest == contest))
    if not accounts:
        raise NotServed
    return accounts


async def _row(contest: UUID, sha256: str) -> dict[str, Any]:
    row = await Picture.select().where(Picture.id == picture_id(contest, sha256)).first()
    if row is None:
        raise NotFound(kind="picture", id=sha256)
    return row
