"""Conditional answers: ETag out, If-None-Match in."""

from __future__ import annotations

import hashlib

from core.security import Connection


def etag_of(content: bytes | str) -> str:
    """A strong entity tag of the content."""
    data = content.encode() if isinstance(content, str) else content
    return f'"{hashlib.sha256(data).hexdigest()[:32]}"'


def unchanged(request: Connection, etag: str) -> bool:
    """Whether the reader already has it (304)."""
    wished = request.headers.get("if-none-match", "")
    return wished == "*" or etag in {tag.strip().removeprefix("W/") for tag in wished.split(",")}


def revision_tag(revision: int) -> str:
    return f'"{revision}"'
