"""Pictures of paper sheets, kept as they came and named by their SHA-256."""

from __future__ import annotations

import hashlib
import io
import warnings
from datetime import UTC, datetime
from uuid import UUID, uuid5

from PIL import Image

from contests.tables import Picture
from core.db import transaction
from core.errors import Invalid, NotFound
from core.scoring.model import Finding

MOST_BYTES = 8 * 1024 * 1024
MOST_PIXELS = 60_000_000
_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png"}


async def keep_scan(contest: UUID, content: bytes, *, account: UUID) -> str:
    """The scan's SHA-256 in hex. The same picture again is kept once."""
    media_type = _media_type(content)
    digest = hashlib.sha256(content).hexdigest()
    row = Picture(
        id=uuid5(contest, digest),
        contest=contest,
        sha256=digest,
        media_type=media_type,
        content=content,
        account=account,
        received_at=datetime.now(UTC),
    )
    async with transaction():
        await Picture.insert(row).on_conflict(action="DO NOTHING")
    return digest


async def scan_of(contest: UUID, digest: str) -> tuple[bytes, str]:
    """(bytes, media type)."""
    row = (
        await Picture.select(Picture.content, Picture.media_type)
        .where(Picture.id == uuid5(contest, digest), Picture.contest == contest)
        .first()
    )
    if row is None:
        raise NotFound(kind="scan", id=digest[:64])
    return bytes(row["content"]), row["media_type"]


async def is_kept(contest: UUID, digest: str) -> bool:
    found: bool = await Picture.exists().where(Picture.id == uuid5(contest, digest))
    return found


def _media_type(content: bytes) -> str:
    """By what the bytes are, never by what they are called."""
    if len(content) > MOST_BYTES:
        raise Invalid([Finding("", "scan-too-large", {"limit": "8 MB"})])
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=list(_TYPES)) as picture:
                media_type = _TYPES[str(picture.format)]
                small = picture.width * picture.height <= MOST_PIXELS
                picture.verify()
    except Exception as error:
        raise Invalid([Finding("", "scan-unreadable", {})]) from error
    if not small:
        raise Invalid([Finding("", "scan-too-large", {"limit": "60 MP"})])
    return media_type
