"""Reads of certificates. No writes, but for the QR's content, which is signed when first asked for."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from credentials import keyring, rendering
from credentials.identifiers import understood
from credentials.lifecycle import past
from credentials.status import BLOCK, Status
from credentials.tables import Certificate
from credentials.trust import Refused
from credentials.verify import (
    CORRECTING,
    Answer,
    Read,
    Verdict,
    erased,
    judge,
    not_found,
    read_token,
    refusal,
)

COLUMNS = (
    "c.id, c.public_id, c.kind, c.issuer, c.person, c.contest, c.entry, c.output, c.title_code,"
    " c.grade, c.title, c.awarded_on, c.notice_until, c.valid_until, c.state, c.cause, c.reason,"
    " c.authority, c.changed_at, c.issued_at, c.erased_at, c.version, c.content_hash,"
    " v.id AS version_id, v.n,"
    " v.position, v.status, v.wrapped_key, v.sealed_token, v.sealed_cwt, v.issued_at AS signed_at"
)
SHOWN = (
    "c.id, c.public_id, c.kind, c.issuer, c.person, c.state, c.cause, c.reason, c.authority, c.changed_at,"
    " c.erased_at, c.version, c.grade, c.title, v.id AS version_id, v.position, v.status,"
    " v.wrapped_key, v.sealed_token, v.issued_at AS signed_at,"
    " EXISTS (SELECT 1 FROM honour h WHERE h.person = c.person"
    " AND h.disclosed AND h.withdrawn_at IS NULL) AS honoured,"
    " EXISTS (SELECT 1 FROM certificate_layout l WHERE l.contest = c.contest"
    " AND l.issuer = c.issuer AND l.photo) AS photo,"
    " EXISTS (SELECT 1 FROM holder_consent o WHERE o.person = c.person AND o.kind = 'name'"
    " AND o.withdrawn_at IS NULL) AS named,"
    " EXISTS (SELECT 1 FROM holder_consent o JOIN person_document d ON d.person = o.person"
    " WHERE o.person = c.person AND o.kind = 'document' AND o.withdrawn_at IS NULL) AS comparable"
)
JOINED = " FROM certificate c JOIN certificate_version v ON v.id = c.current"
PAGE = "SELECT " + SHOWN + JOINED + " WHERE c.public_id = {}"
BY_PUBLIC_ID = "SELECT " + COLUMNS + JOINED + " WHERE c.public_id = {}"
BY_IDS = "SELECT " + COLUMNS + JOINED + " WHERE c.id IN ({places})"
BY_CONTEST = "SELECT " + COLUMNS + JOINED + " WHERE c.contest = {} ORDER BY c.kind, c.public_id"


async def for_page(public_id: str) -> dict[str, Any] | None:
    """One read: what the verify page shows; None for an id that is not there, however it is spelt,
    after the same work."""
    rows = await Certificate.raw(PAGE, understood(public_id))
    return dict(rows[0]) if rows else None


async def stored(public_id: str) -> dict[str, Any] | None:
    """The certificate with its newest version, and everything that a QR needs."""
    rows = await Certificate.raw(BY_PUBLIC_ID, understood(public_id))
    return dict(rows[0]) if rows else None


async def stored_all(certificates: Sequence[UUID]) -> list[dict[str, Any]]:
    """Like `stored`, in the order of the ids. For some hundreds at a time."""
    if not certificates:
        return []
    places = ", ".join("{}" for _ in certificates)
    rows = await Certificate.raw(BY_IDS.replace("{places}", places), *certificates)
    found = {row["id"]: dict(row) for row in rows}
    return [found[id] for id in certificates if id in found]


async def certificates_of(contest: str) -> list[dict[str, Any]]:
    """Everything that was issued in a contest: kind, token, qr_text, public_id, person, entry."""
    rows = await Certificate.raw(BY_CONTEST, contest)
    return [await _handed_out(row) for row in rows]


async def _handed_out(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "kind": row["kind"],
        "token": rendering.token_of(row),
        "qr_text": await rendering.qr_text(row),
        "public_id": row["public_id"],
        "person": str(row["person"]),
        "entry": row["entry"],
    }


async def certificate_page(
    contest: str, *, issuer: str, limit: int, after: str
) -> list[dict[str, Any]]:
    """A page of the list, by public id; no names."""
    query = Certificate.select(
        Certificate.public_id,
        Certificate.kind,
        Certificate.issuer,
        Certificate.contest,
        Certificate.entry,
        Certificate.grade,
        Certificate.title,
        Certificate.awarded_on,
        Certificate.state,
        Certificate.version,
        Certificate.notice_until,
        Certificate.issued_at,
    ).order_by(Certificate.public_id)
    if contest:
        query = query.where(Certificate.contest == contest)
    if issuer:
        query = query.where(Certificate.issuer == issuer)
    if after:
        query = query.where(Certificate.public_id > after)
    return list(await query.limit(limit))


async def history(certificate: Any) -> list[dict[str, Any]]:
    """Every signing of a certificate (n, status, source, at), and what happened to it beside (n, kind,
    reason, authority, at)."""
    rows = await Certificate.raw(
        "SELECT n, status, source, issued_at AS at FROM certificate_version"
        " WHERE certificate = {} ORDER BY n",
        certificate,
    )
    events = await past.events_of(certificate)
    kept = ("n", "kind", "reason", "authority", "at")
    return [*(dict(row) for row in rows), *({name: one[name] for name in kept} for one in events)]


# --- verdicts ----------------------------------------------------------------------------------


async def verify_stored(row: Mapping[str, Any], now: datetime | None = None) -> Verdict:
    """The verdict on a stored certificate, by its id alone. Its signature is checked as a
    stranger's would be."""
    now = now or datetime.now(UTC)
    trust = await keyring.trust_store()
    token = rendering.token_of(row)
    answer = Answer(
        Status(row["status"]), now, recorded_at=row["signed_at"], code=_code(row), note=_note(row)
    )
    if not token:
        return erased(answer, now)
    try:
        read = read_token(token, trust)
    except Refused as refused:
        return refusal(refused, now)
    return judge(read, answer, now)


def _code(row: Mapping[str, Any]) -> str:
    return CORRECTING if row["cause"] == "correcting" and row["changed_at"] else ""


def _note(row: Mapping[str, Any]) -> dict[str, str]:
    changed = row["changed_at"].isoformat() if row["changed_at"] else ""
    because = row.get("followed_by") or ""
    found = {
        "reason": row["reason"],
        "authority": row["authority"],
        "changedAt": changed,
        "because": because,
    }
    return {name: value for name, value in found.items() if value}


async def verify_presented(read: Read, now: datetime | None = None) -> Verdict:
    """The verdict on a genuine token or QR that somebody presents, from the issuer's ledger."""
    now = now or datetime.now(UTC)
    answer, credential = await _ledger(read, now)
    return judge(replace(read, credential=read.credential or credential), answer, now)


async def _ledger(read: Read, now: datetime) -> tuple[Answer, Mapping[str, Any] | None]:
    rows = await Certificate.raw(
        "SELECT c.public_id, c.cause, c.reason, c.authority, c.changed_at, v.id AS version_id, v.status,"
        " v.wrapped_key, v.sealed_token, v.sealed_cwt, v.issued_at, v.position, c.kind,"
        " c.title_code, c.grade, c.valid_until, c.notice_until,"
        " (SELECT f.source FROM certificate_version f WHERE f.certificate = v.certificate"
        " AND f.n = v.n + 1) AS followed_by"
        " FROM certificate_version v JOIN certificate c ON c.id = v.certificate"
        " WHERE v.issuer = {} AND v.position = {}",
        read.key.issuer,
        read.block * BLOCK + read.index,
    )
    if not rows or rows[0]["public_id"] != read.public_id:
        return Answer(None, now, missing=True), None
    row = rows[0]
    token = rendering.token_of(row)
    if token and not _same_content(read, row, token):
        return Answer(None, now, missing=True), None
    answer = Answer(
        Status(row["status"]),
        now,
        recorded_at=row["issued_at"] if token else None,
        code=_code(row),
        note=_note(row),
    )
    return answer, rendering.payload_of(token) if token else None


def _same_content(read: Read, row: Mapping[str, Any], token: str) -> bool:
    """Whether the ledger holds exactly what is presented; of a paper everything but when it was
    signed, because a reprint is signed anew."""
    if read.printed is None:
        return token.split(".")[1] == read.body
    return rendering.printed_in(row, read.signed_at) == read.printed


async def verify_by_id(public_id: str, now: datetime | None = None) -> Verdict:
    """The verdict on an id alone."""
    row = await for_page(public_id)
    return await verify_stored(row, now) if row else not_found(now or datetime.now(UTC))


async def signed_with(kid: str) -> dict[str, int]:
    """How many certificates a key stands for: `signed` ever, and `current`: those whose newest version
    it signed and which were not withdrawn."""
    rows = await Certificate.raw(
        "SELECT count(*) AS signed, count(c.id) AS current FROM certificate_version v"
        " LEFT JOIN certificate c ON c.current = v.id AND c.state <> 'revoked'"
        " WHERE v.kid = {}",
        kid,
    )
    return {name: int(rows[0][name]) for name in ("signed", "current")}


def title_of(row: Mapping[str, Any]) -> dict[str, str]:
    title: dict[str, str] = json.loads(row["title"])
    return title
