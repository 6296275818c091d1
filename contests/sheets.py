"""One signed revision of a sheet: its payload, read strictly. Pure, and the same for the server,
the recount and a software key.

A revision is a compact JWS (ES256, header {alg, kid, typ: "jiangxin-sheet+jwt"}) of a `Payload`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid5

from core.scoring.codec import canonical, escape, from_json, load, read
from core.scoring.model import Finding, Mark, Sheet

SHEET_TYPE = "jiangxin-sheet+jwt"
MAXIMUM_BYTES = 64 * 1024
MAXIMUM_ROUND = 20
MOST_PHOTOS = 12
LONGEST_REASON = 500
CONFIRMED = ("", "taps", "pin")
"""How the judge confirmed the summary before it was signed."""

_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class About:
    """What a judge says of one aspect besides its mark; nothing of it is counted. Photos and the
    instrument's file are named by the hex SHA-256 of their bytes."""

    unsure: bool = False
    photos: tuple[str, ...] = ()
    file: str = ""


@dataclass(frozen=True, slots=True)
class Countersign:
    """Who stood beside the judge and confirmed the change with his PIN. judge: the appointment of a
    group leader or chief referee of the contest."""

    judge: str
    reason: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A sheet on paper that two persons typed alike. typed: their accounts; scan: hex SHA-256 of its
    picture."""

    typed: tuple[str, str]
    scan: str = ""


@dataclass(frozen=True, slots=True)
class Payload:
    """rid: this revision's id. judge: appointment id. sheet: `slot_id`. base: rid of the revision
    that it replaces. prev: `jws_hash` of the device's previous revision, seq: their number from 1.
    rules: the frozen rules' hash. at: the device's clock. scribe: the account that tapped while the
    judge spoke. swap: rid of the other half when two works' sheets were mixed up; it names this one."""

    rid: str
    contest: str
    module: str
    code: str
    judge: str
    sheet: str
    seq: int
    marks: Mapping[str, Mark]
    rules: str
    at: str
    attempt: int = 1
    round: int = 1
    base: str = ""
    prev: str = ""
    app: str = ""
    about: Mapping[str, About] = field(default_factory=dict)
    confirmed: str = ""
    scribe: str = ""
    countersign: Countersign | None = None
    swap: str = ""
    paper: Paper | None = None


@dataclass(frozen=True, slots=True)
class Parts:
    """A compact JWS taken apart, nothing verified."""

    header: Mapping[str, Any] = field(default_factory=dict)
    payload: bytes = b""


@lru_cache(maxsize=65_536)
def slot_id(contest: str, module: str, code: str, attempt: int, round_: int, judge: str) -> UUID:
    """The id of what one judge marks for one work in one round."""
    return uuid5(UUID(contest), f"{module}|{code}|{attempt}|{round_}|{judge}")


@lru_cache(maxsize=65_536)
def round_id(
    contest: str, module: str, code: str, attempt: int, panel: str, group: str, round_: int
) -> UUID:
    """The id of a group's round of marking."""
    return uuid5(UUID(contest), f"round|{module}|{code}|{attempt}|{panel}|{group}|{round_}")


def jws_hash(jws: str) -> str:
    """base64url SHA-256 of the compact JWS, as devices chain on it and receipts name it."""
    return b64(hashlib.sha256(jws.encode("utf-8", "surrogatepass")).digest())


def take_apart(jws: str) -> Parts | None:
    """Header and payload, or None when this is no compact JWS."""
    segments = jws.split(".")
    if len(segments) != 3 or not jws.isascii():
        return None
    try:
        header = json.loads(unb64(segments[0]))
        payload = unb64(segments[1])
    except (binascii.Error, ValueError, RecursionError):
        return None
    return Parts(header, payload) if isinstance(header, dict) else None


def read_payload(data: bytes) -> tuple[Payload | None, list[Finding]]:
    """The payload, or everything that is wrong with it. Numbers are strict: no full-width digit,
    no decimal comma, no JSON number."""
    value, findings = load(data)
    if findings:
        return None, findings
    payload, findings = read(Payload, value)
    if payload is None:
        return None, findings
    findings = [*_ids(payload), *_raw_values(payload), *_beside_the_marks(payload)]
    return (None if findings else payload), findings


def payload_of(jws: str) -> Payload:
    """The payload of a stored revision; it was read before it was stored."""
    parts = take_apart(jws)
    if parts is None:
        raise ValueError("a stored revision is no compact JWS")
    value, _ = load(parts.payload)
    return from_json(Payload, value)


def sheet_of(payload: Payload, *, panel: str, counted: bool = True, reason: str = "") -> Sheet:
    """The sheet that scoring reads; before the codes are opened `entry` is the code."""
    return Sheet(
        entry=payload.code,
        module=payload.module,
        judge=payload.judge,
        marks=payload.marks,
        panel=panel,
        attempt=payload.attempt,
        round=payload.round,
        counted=counted,
        reason=reason,
    )


def payload_bytes(payload: Payload) -> bytes:
    """What a device signs."""
    return canonical(payload)


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def _ids(payload: Payload) -> list[Finding]:
    findings = []
    for name in ("rid", "contest", "judge", "sheet"):
        if not _is_uuid(getattr(payload, name)):
            findings.append(
                Finding(f"/{name}", "not-an-id", {"value": getattr(payload, name)[:40]})
            )
    for name in ("base", "scribe", "swap"):
        if getattr(payload, name) and not _is_uuid(getattr(payload, name)):
            findings.append(
                Finding(f"/{name}", "not-an-id", {"value": getattr(payload, name)[:40]})
            )
    for name, most in (("attempt", 99), ("round", MAXIMUM_ROUND), ("seq", 2**53)):
        if not 1 <= getattr(payload, name) <= most:
            params = {"value": str(getattr(payload, name))[:40], "maximum": str(most)}
            findings.append(Finding(f"/{name}", "number-out-of-range", params))
    return findings


def _beside_the_marks(payload: Payload) -> Iterator[Finding]:
    if payload.confirmed not in CONFIRMED:
        params = {"value": payload.confirmed[:40], "known": ", ".join(CONFIRMED[1:])}
        yield Finding("/confirmed", "unknown-value", params)
    if payload.swap == payload.rid:
        yield Finding("/swap", "swap-with-itself", {})
    for aspect, about in payload.about.items():
        yield from _about(f"/about/{escape(aspect)}", about)
    if payload.countersign is not None:
        yield from _countersign(payload.countersign)
    if payload.paper is not None:
        yield from _paper(payload.paper)


def _about(at: str, about: About) -> Iterator[Finding]:
    if len(about.photos) > MOST_PHOTOS:
        params = {"value": str(len(about.photos)), "maximum": str(MOST_PHOTOS)}
        yield Finding(f"{at}/photos", "number-out-of-range", params)
    named = [(f"{at}/photos/{place}", photo) for place, photo in enumerate(about.photos)]
    if about.file:
        named.append((f"{at}/file", about.file))
    yield from _hashes(named)


def _countersign(signed: Countersign) -> Iterator[Finding]:
    if not _is_uuid(signed.judge):
        yield Finding("/countersign/judge", "not-an-id", {"value": signed.judge[:40]})
    if not signed.reason.strip():
        yield Finding("/countersign/reason", "reason-missing", {})
    if len(signed.reason) > LONGEST_REASON:
        params = {"value": str(len(signed.reason)), "maximum": str(LONGEST_REASON)}
        yield Finding("/countersign/reason", "number-out-of-range", params)


def _paper(paper: Paper) -> Iterator[Finding]:
    for place, account in enumerate(paper.typed):
        if not _is_uuid(account):
            yield Finding(f"/paper/typed/{place}", "not-an-id", {"value": account[:40]})
    if paper.typed[0] == paper.typed[1]:
        yield Finding("/paper/typed", "typed-by-one", {})
    if paper.scan:
        yield from _hashes([("/paper/scan", paper.scan)])


def _hashes(named: Iterable[tuple[str, str]]) -> Iterator[Finding]:
    for at, text in named:
        if not _SHA256.fullmatch(text):
            yield Finding(at, "not-a-hash", {"value": text[:40]})


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def _raw_values(payload: Payload) -> list[Finding]:
    return [
        Finding(f"/marks/{aspect}/raw", "number-unreadable", {"value": mark.raw[:40]})
        for aspect, mark in payload.marks.items()
        if mark.raw is not None and any(_foreign_digit(character) for character in mark.raw)
    ]


def _foreign_digit(character: str) -> bool:
    return not character.isascii() and unicodedata.category(character) in {"Nd", "No"}
