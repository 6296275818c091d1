"""Status lists: where a certificate's status stands, and the two published forms of a block.

A block is 131,072 positions. Bitstring Status List (one bit, most significant first, gzip) for
everybody; IETF Token Status List (two bits, least significant first, zlib) for ours.
"""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from functools import lru_cache
from typing import Any

from credentials.encoding import Malformed, from_base64url, to_base64url, to_instant
from credentials.identifiers import Addresses

BLOCK = 131_072
TTL = timedelta(hours=1)
VALIDITY = timedelta(days=7)
CONTEXT = "https://www.w3.org/ns/credentials/v2"


class Status(IntEnum):
    """As published in the Token Status List."""

    VALID = 0
    REVOKED = 1
    SUSPENDED = 2
    REPLACED = 3


# --- positions: random to see, never given twice -----------------------------------------------


def permuted(seed: bytes, counter: int) -> int:
    """The index that the counter's turn gives: a keyed permutation of 0 … 131,071.

    Four Feistel rounds on 18 bits, walked until the value is back within 17."""
    rounds = _rounds(seed)
    value = counter
    while True:
        left, right = value >> 9, value & 511
        for table in rounds:
            left, right = right, left ^ table[right]
        value = left << 9 | right
        if value < BLOCK:
            return value


@lru_cache(maxsize=64)
def _rounds(seed: bytes) -> tuple[tuple[int, ...], ...]:
    stream = hashlib.shake_256(b"status positions" + seed).digest(4 * 512 * 2)
    words = [int.from_bytes(stream[i : i + 2], "big") & 511 for i in range(0, len(stream), 2)]
    return tuple(tuple(words[512 * n : 512 * (n + 1)]) for n in range(4))


def split(position: int) -> tuple[int, int]:
    """(block, index)"""
    return divmod(position, BLOCK)


# --- writing -----------------------------------------------------------------------------------


def bits_of(statuses: Iterable[tuple[int, int]]) -> tuple[bytes, bytes]:
    """(Bitstring, Token) raw lists of one block from its (index, status) that are not valid.

    In the first a revoked and a replaced one are both set: the old token is invalid for all who
    know one bit only. A suspended one is not: that list may never take a bit back."""
    one, two = bytearray(BLOCK // 8), bytearray(BLOCK // 4)
    for index, status in statuses:
        if status in (Status.REVOKED, Status.REPLACED):
            one[index >> 3] |= 128 >> (index & 7)
        two[index >> 2] |= status << 2 * (index & 3)
    return bytes(one), bytes(two)


def bitstring_payload(
    raw: bytes, *, addresses: Addresses, issuer: str, block: int, now: datetime
) -> dict[str, Any]:
    """A BitstringStatusListCredential; ttl in milliseconds, as the Recommendation has it."""
    url, until = addresses.revocation_list(issuer, block), now + VALIDITY
    return {
        "@context": [CONTEXT],
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": addresses.issuer(issuer),
        "validFrom": to_instant(now),
        "validUntil": to_instant(until),
        "credentialSubject": {
            "id": f"{url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": "u" + to_base64url(gzip.compress(raw, 9, mtime=0)),
            "ttl": int(TTL.total_seconds() * 1000),
        },
        "iss": addresses.issuer(issuer),
        "jti": url,
        "sub": f"{url}#list",
        "nbf": int(now.timestamp()),
        "exp": int(until.timestamp()),
    }


MOST_CORRECTING = 4_096
"""Certificates under correction that one list names; where there are more, it says suspended alone."""


def token_payload(
    raw: bytes,
    *,
    addresses: Addresses,
    issuer: str,
    block: int,
    now: datetime,
    correcting: Mapping[int, datetime] | None = None,
) -> dict[str, Any]:
    """`correcting`: index -> since when, of those that are suspended because a correction waits."""
    named = sorted((correcting or {}).items())
    since = [[index, int(at.timestamp())] for index, at in named]
    more = {"correcting": since} if 0 < len(since) <= MOST_CORRECTING else {}
    return {
        **more,
        "iss": addresses.issuer(issuer),
        "sub": addresses.token_list(issuer, block),
        "iat": int(now.timestamp()),
        "exp": int((now + VALIDITY).timestamp()),
        "ttl": int(TTL.total_seconds()),
        "status_list": {"bits": 2, "lst": to_base64url(zlib.compress(raw, 9))},
    }


# --- reading -----------------------------------------------------------------------------------


def read_bitstring(encoded: object) -> bytes:
    """The raw bits, at most one block: a bomb is refused before it is inflated."""
    if not isinstance(encoded, str) or not encoded.startswith("u"):
        raise Malformed("status-list")
    return _inflated(from_base64url(encoded[1:]), zlib.MAX_WBITS | 16, BLOCK // 8)


def read_token_list(status_list: object) -> bytes:
    if not isinstance(status_list, Mapping) or status_list.get("bits") != 2:
        raise Malformed("status-list")
    text = status_list.get("lst")
    if not isinstance(text, str):
        raise Malformed("status-list")
    return _inflated(from_base64url(text), zlib.MAX_WBITS, BLOCK // 4)


def read_correcting(claims: Mapping[str, Any]) -> dict[int, datetime]:
    """Index -> since when; raises Malformed for anything that `token_payload` would not have written."""
    found: dict[int, datetime] = {}
    named = claims.get("correcting", [])
    if not isinstance(named, list) or len(named) > MOST_CORRECTING:
        raise Malformed("status-list")
    for one in named:
        match one:
            case [int(index), int(at)] if 0 <= index < BLOCK and 0 <= at < 1 << 33:
                found[index] = datetime.fromtimestamp(at, UTC)
            case _:
                raise Malformed("status-list")
    return found


def _inflated(data: bytes, wbits: int, size: int) -> bytes:
    stream = zlib.decompressobj(wbits)
    try:
        raw = stream.decompress(data, size + 1)
    except zlib.error:
        raise Malformed("status-list") from None
    if len(raw) != size or not stream.eof or stream.unused_data:
        raise Malformed("status-list")
    return raw


def bit_at(raw: bytes, index: int) -> bool:
    return bool(raw[index >> 3] & 128 >> (index & 7))


def status_at(raw: bytes, index: int) -> Status:
    return Status(raw[index >> 2] >> 2 * (index & 3) & 3)
