"""Reads the token out of a baked badge: exactly one, uncompressed, with nothing else to run."""

from __future__ import annotations

import re
import zlib

from credentials.encoding import Malformed
from credentials.qr import BADGE

LIMIT = 256 * 1024
MOST_CHUNKS = 2_000
"""Programs write a picture in pieces of some thousand bytes; each piece costs a checksum."""
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_CREDENTIAL = re.compile(
    r'<openbadges:credential\s+(?:xmlns:openbadges="https://purl\.imsglobal\.org/ob/v3p0"\s+)?'
    r'verify="([A-Za-z0-9._-]{1,16384})"\s*(?:/>|>\s*</openbadges:credential>)'
)

_ACTIVE = re.compile(
    r"<!doctype|<!entity|<[\w.-]*:?script|foreignobject|javascript:|[\s/\"']on[a-z]+\s*=",
    re.IGNORECASE,
)
"""What could be expanded, fetched or run in a drawing."""


def token_of_png(data: bytes) -> str:
    """The text of the one iTXt chunk `openbadgecredential`."""
    if len(data) > LIMIT or not data.startswith(PNG_SIGNATURE):
        raise Malformed("picture")
    found, at, last, chunks = [], len(PNG_SIGNATURE), b"", 0
    while at < len(data):
        chunks += 1
        if chunks > MOST_CHUNKS:
            raise Malformed("picture")
        length = int.from_bytes(data[at : at + 4], "big")
        last, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        checked = data[at + 8 + length : at + 12 + length]
        if len(checked) != 4 or zlib.crc32(last + body) != int.from_bytes(checked, "big"):
            raise Malformed("picture")
        if last in (b"iTXt", b"zTXt", b"tEXt") and body.startswith(BADGE.encode() + b"\0"):
            found.append((last, body[len(BADGE) + 1 :]))
        at += 12 + length
        if last == b"IEND":
            break
    if at != len(data) or last != b"IEND" or len(found) != 1:
        raise Malformed("picture")
    return _itxt(*found[0])


def _itxt(kind: bytes, rest: bytes) -> str:
    # compression flag, method, language tag, translated keyword: all zero or empty
    if kind != b"iTXt" or not rest.startswith(b"\0\0\0\0"):
        raise Malformed("picture")
    try:
        return rest[4:].decode("ascii")
    except UnicodeDecodeError:
        raise Malformed("picture") from None


def token_of_svg(data: bytes) -> str:
    """Read as text, never parsed as XML: nothing to expand, fetch or run."""
    try:
        text = data.decode("utf-8") if len(data) <= LIMIT else ""
    except UnicodeDecodeError:
        text = ""
    if not text or _ACTIVE.search(text):
        raise Malformed("picture")
    found = _CREDENTIAL.findall(text)
    if len(found) != 1 or text.count("openbadges:credential ") != 1:
        raise Malformed("picture")
    return str(found[0])
