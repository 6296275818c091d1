"""Reads of certificates. No writes, but for the QR's content, which is signed when first asked for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from credentials import keyring, rendering
from credentials.identifiers import understood
from credentials.status import BLOCK, Status
from credentials.tables import Certificate
from credentials.trust import Refused
from credentials.verify import Answer, Read, Verdict, erased, judge, not_found, read_token, refusal

COLUMNS = (
    "c.id, c.public_id, c.kind, c.issuer, c.person, c.contest, c.entry, c.output, c.title_code,"
    " c.grade, c.title, c.awarded_on, c.notice_until, c.valid_until, c.state, c.cause, c.reason,"
    " c.authority, c.changed_at, c.issued_at, c.erased_at, c.version, v.id AS version_id, v.n,"
    " v.position, v.status, v.wrapped_key, v.sealed_token, v.sealed_cwt, v.issued_at AS signed_at"
)
SHOWN = (
    "c.id, c.public_id, c.person, c.state, c.reason, c.authority, c.changed_at, c.erased_at,"
    " c.version, v.id AS version_id, v.status, v.wrapped_key, v.sealed_token,"
    " v.issued_at AS signed_at, EXISTS (SELECT 1 FROM honour h WHERE h.person = c.person"
    " AND h.disclosed AND h.withdrawn_at IS NULL) AS honoured"
)
JOINED = " FROM certificate c JOIN certificate_version v ON v.id = c.current"
PAGE = "SELECT " + SHOWN + JOINED + " WHERE c.public_id = {}"
BY_PUBLIC_ID = "SELECT " + COLUMNS + JOINED + " WHERE c.public_id = {}"
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
    """Every signing of a certificate, oldest first."""
    rows = await Certificate.raw(
        "SELECT n, status, issued_at FROM certificate_version WHERE certificate = {} ORDER BY n",
        certificate,
    )
    return [dict(row) for row in rows]


# --- verdicts ----------------------------------------------------------------------------------


async def verify_stored(row: Mapping[str, Any], now: datetime | None = None) -> Verdict:
    """The verdict on a stored certificate, by its id alone. Its signature is checked as a
    stranger's would be."""
    now = now or datetime.now(UTC)
    trust = await keyring.trust_store()
    token = rendering.token_of(row)
    answer = Answer(Status(row["status"]), now, recorded_at=row["signed_at"], note=_note(row))
    if not token:
        return erased(answer, now)
    try:
        read = read_token(token, trust)
    except Refused as refused:
        return refusal(refused, now)
    return judge(read, answer, now)


def _note(row: Mapping[str, Any]) -> dict[str, str]:
    changed = row["changed_at"].isoformat() if row["changed_at"] else ""
    found = {"reason": row["reason"], "authority": row["authority"], "changedAt": changed}
    return {name: value for name, value in found.items() if value}


async def verify_presented(read: Read, now: datetime | None = None) -> Verdict:
    """The verdict on a genuine token or QR that somebody presents, from the issuer's ledger."""
    now = now or datetime.now(UTC)
    answer, credential = await _ledger(read, now)
    return judge(replace(read, credential=read.credential or credential), answer, now)


async def _ledger(read: Read, now: datetime) -> tuple[Answer, Mapping[str, Any] | None]:
    rows = await Certificate.raw(
        "SELECT c.public_id, c.reason, c.authority, c.changed_at, v.id AS version_id, v.status,"
        " v.wrapped_key, v.sealed_token, v.issued_at"
        " FROM certificate_version v JOIN certificate c ON c.id = v.certificate"
        " WHERE v.issuer = {} AND v.position = {}",
        read.key.issuer,
        read.block * BLOCK + read.index,
    )
    if not rows or rows[0]["public_id"] != read.public_id:
        return Answer(None, now, missing=True), None
    row = rows[0]
    token = rendering.token_of(row)
    if token and not _same_content(read, token):
        return Answer(None, now, missing=True), None
    answer = Answer(
        Status(row["status"]),
        now,
        recorded_at=row["issued_at"] if token else None,
        note=_note(row),
    )
    return answer, rendering.payload_of(token) if token else None


def _same_content(read: Read, token: str) -> bool:
    """Whether the ledger holds exactly what is presented."""
    if read.printed is not None:
        return rendering.name_in(token) == read.name
    return token.split(".")[1] == read.body


async def verify_by_id(public_id: str, now: datetime | None = None) -> Verdict:
    """The verdict on an id alone."""
    row = await for_page(public_id)
    return await verify_stored(row, now) if row else not_found(now or datetime.now(UTC))


def title_of(row: Mapping[str, Any]) -> dict[str, str]:
    title: dict[str, str] = json.loads(row["title"])
    return title
