"""The scan behind a list: a PDF or picture, kept sealed under the list's own key and named by its SHA-256."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from core.errors import NotFound
from core.privacy import place, seal, unseal, unwrap
from core.scoring.model import Finding

LARGEST_MB = 20
ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}
_STARTS: Sequence[tuple[bytes, str]] = (
    (b"%PDF-", "application/pdf"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
)


def media_of(content: bytes) -> str:
    """ "" for what is neither PDF nor picture."""
    return next((media for start, media in _STARTS if content.startswith(start)), "")


def findings_of(content: bytes) -> list[Finding]:
    if not content:
        return [Finding("/evidence", "credentials.taken-scan", {})]
    if len(content) > LARGEST_MB * 1024 * 1024:
        params = {"most": str(LARGEST_MB)}
        return [Finding("/evidence", "credentials.taken-scan-large", params)]
    if not media_of(content):
        return [Finding("/evidence", "credentials.taken-scan-media", {})]
    return []


def sealed(key: bytes, column: str, content: bytes, list_id: UUID) -> bytes:
    return seal(key, content, place("record_import", column, list_id))


def opened(row: Mapping[str, Any], column: str) -> bytes:
    """Of a list's row. Raises NotFound once it is gone."""
    if not row["wrapped_key"] or not row[column]:
        raise NotFound(kind="file", id=row["id"])
    key = unwrap(row["wrapped_key"])
    return unseal(key, row[column], place("record_import", column, row["id"]))
