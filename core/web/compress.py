"""Answers that are the same for everybody, compressed once and kept."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from functools import lru_cache

from litestar import Response
from litestar.status_codes import HTTP_304_NOT_MODIFIED

from core.security import Connection

_TEXT = ("text/", "application/json", "application/javascript", "application/manifest+json",
         "application/wasm", "image/svg+xml")  # fmt: skip
_SMALL = 256


def answer(
    connection: Connection, body: bytes, media_type: str, headers: Mapping[str, str]
) -> Response[bytes]:
    """The bytes, gzipped for who takes it, with an ETag of their content. Never personal data: what is
    compressed is kept in memory."""
    etag = _etag(body)
    told = {**headers, "ETag": etag, "Vary": "Accept-Encoding"}
    if etag in connection.headers.get("if-none-match", ""):
        return Response(b"", status_code=HTTP_304_NOT_MODIFIED, headers=told, media_type=media_type)
    if len(body) >= _SMALL and media_type.startswith(_TEXT) and takes_gzip(connection):
        told["Content-Encoding"] = "gzip"
        body = gzipped(body)
    return Response(body, media_type=media_type, headers=told)


def takes_gzip(connection: Connection) -> bool:
    """Whether the reader said that it understands it."""
    offered = connection.headers.get("accept-encoding", "").lower()
    return any(
        part.partition(";")[0].strip() == "gzip" and "q=0" not in part.replace(" ", "").split(";")
        for part in offered.split(",")
    )


def lightly(connection: Connection, response: Response[bytes]) -> Response[bytes]:
    """A page that is somebody's own, gzipped and not kept. What is secret in it must be masked."""
    body = response.content
    if len(body) >= _SMALL and takes_gzip(connection):
        response.content = gzip.compress(body, 5, mtime=0)
        response.headers["Content-Encoding"] = "gzip"
    return response


@lru_cache(maxsize=512)
def gzipped(body: bytes) -> bytes:
    """Without a time in it, so that the same content is the same bytes."""
    return gzip.compress(body, 9, mtime=0)


@lru_cache(maxsize=512)
def _etag(body: bytes) -> str:
    return f'"{hashlib.sha256(body).hexdigest()[:16]}"'
