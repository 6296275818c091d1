"""Strict base64url, base32, JSON and dates: one spelling of each value, or `Malformed`."""

from __future__ import annotations

import base64
import binascii
import json
import re
from datetime import datetime
from typing import Any

from core.scoring.codec import canonical


class Malformed(ValueError):
    """Bytes that we would never have written. `args[0]` is the code of the reason."""


def to_base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def from_base64url(text: str) -> bytes:
    """Refuses padding, foreign letters and unused bits that are not zero."""
    try:
        raw = text.encode("ascii")
        data = base64.urlsafe_b64decode(raw + b"=" * (-len(raw) % 4))
    except (ValueError, binascii.Error):
        raise Malformed("base64") from None
    # Python skips what is not in the alphabet; writing it again is the cheapest exact check.
    if base64.urlsafe_b64encode(data).rstrip(b"=") != raw:
        raise Malformed("base64")
    return data


def to_base32(data: bytes) -> str:
    return base64.b32encode(data).rstrip(b"=").decode("ascii")


def from_base32(text: str) -> bytes:
    try:
        data = base64.b32decode(text + "=" * (-len(text) % 8))
    except (ValueError, binascii.Error):
        raise Malformed("base32") from None
    if to_base32(data) != text:
        raise Malformed("base32")
    return data


def to_json(value: Any) -> bytes:
    """Compact UTF-8 in the order of the keys given; what is signed, byte for byte."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def to_text(value: Any) -> str:
    """Canonical JSON for a text column: sorted keys, one spelling of each value."""
    return canonical(value).decode()


def from_json(data: bytes) -> Any:
    """Refuses twice the same key, NaN and infinities, lone surrogates, BOM and invalid UTF-8."""
    try:
        text = data.decode("utf-8")
        value = _DECODER.decode(text)
        if "\\u" in text:
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except Malformed:
        raise
    except (ValueError, RecursionError):
        raise Malformed("json") from None
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise Malformed("duplicate-key")
    return made


def _number(text: str) -> float:
    raise Malformed("number")


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_number, parse_float=_number)
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")


def to_instant(at: datetime) -> str:
    """`2026-11-20T08:00:00Z`; whole seconds."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def from_instant(text: object) -> datetime:
    if not isinstance(text, str) or not _INSTANT.fullmatch(text):
        raise Malformed("instant")
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise Malformed("instant") from None
