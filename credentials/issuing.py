"""Issues certificates in batches: idempotent, one signing for each content, inside a transaction.

Nothing here decides who deserves what: `handlers.py` says what is wanted, this makes it so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from core.events import CertificateIssued, ModuleLine
from core.outbox import put
from core.privacy import keyed_hash, names_of, new_key, seal, wrap
from credentials import claims, keyring, ledger
from credentials.bulk import insert_new
from credentials.claims import Conferred, Holder
from credentials.encoding import to_json, to_text
from credentials.identifiers import NAMESPACE, new_public_id, subject_of, version_key
from credentials.keys import Signer
from credentials.status import Status
from credentials.tables import Achievement, Certificate, CertificateVersion
from credentials.trust import CERTIFICATE

TOKEN_CONTEXT = b"certificate token "


@dataclass(frozen=True, slots=True)
class Wanted:
    """One certificate that there should be, and what it rests on."""

    key: UUID
    person: UUID
    conferred: Conferred
    contest: str
    entry: str
    output: str
    source: str
    source_version: int
    awarded_on: str
    number: str = ""
    role: str = ""
    scores: Sequence[ModuleLine] = ()
    evidence_root: str = ""
    valid_until: datetime | None = None
    proposal: UUID | None = None


@dataclass(frozen=True, slots=True)
class _Signing:
    """One version about to be signed. `before`: the row of the certificate that it replaces."""

    wanted: Wanted
    name: str
    title: str
    content: str
    public_id: str
    n: int
    before: Mapping[str, Any] | None = None


async def issue(wanted: Sequence[Wanted], now: datetime | None = None) -> int:
    """Signs what is new or has changed; how many. Called again with the same it does nothing."""
    now = (now or datetime.now(UTC)).replace(microsecond=0)
    newest = _newest(wanted)
    if not newest:
        return 0
    existing = await _existing([one.key for one in newest])
    names = await names_of({one.person for one in newest})
    titles = _titles(newest)
    signings = [
        _signing(one, names.get(one.person, ""), titles[id(one.conferred)], existing.get(one.key))
        for one in newest
    ]
    seen = [one for one in newest if (row := existing.get(one.key)) and _newer(one, row)]
    signed = await _sign_all([signing for signing in signings if signing is not None], now)
    await _note_seen([one for one in seen if one.key not in signed])
    await put(*(CertificateIssued(str(key), n) for key, n in signed.items()))
    return len(signed)


def _titles(wanted: Sequence[Wanted]) -> dict[int, str]:
    """A batch shares its conferred: each title is written once."""
    shared = {id(one.conferred): one.conferred for one in wanted}
    return {key: to_text(dict(conferred.title)) for key, conferred in shared.items()}


def _newest(wanted: Sequence[Wanted]) -> list[Wanted]:
    found: dict[UUID, Wanted] = {}
    for one in wanted:
        if one.key not in found or found[one.key].source_version < one.source_version:
            found[one.key] = one
    return list(found.values())


async def _existing(keys: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    rows = await Certificate.select(
        Certificate.id,
        Certificate.public_id,
        Certificate.version,
        Certificate.source_version,
        Certificate.content_hash,
        Certificate.state,
        Certificate.cause,
    ).where(Certificate.id.is_in(list(keys)))
    return {row["id"]: row for row in rows}


def _newer(wanted: Wanted, row: Mapping[str, Any]) -> bool:
    return wanted.source_version > int(row["source_version"])


def _signing(
    wanted: Wanted, name: str, title: str, row: Mapping[str, Any] | None
) -> _Signing | None:
    if not name:
        return None  # erased at the holder's request: there is nobody to certify
    content = _content(wanted, name, title)
    if row is None:
        return _Signing(wanted, name, title, content, new_public_id(), 1)
    if not _newer(wanted, row) or row["cause"] == "authority":
        return None
    if row["content_hash"] == content and row["state"] != "revoked":
        return None
    return _Signing(wanted, name, title, content, row["public_id"], row["version"] + 1, row)


def _content(wanted: Wanted, name: str, title: str) -> str:
    """Keyed hash of what stands on the certificate. The public notice is no part of it: a final
    result with the same content leaves the certificate of the ceremony as it is."""
    conferred = wanted.conferred
    return keyed_hash(
        "certificate content",
        conferred.kind,
        conferred.issuer,
        conferred.title_code,
        conferred.grade,
        title,
        name,
        wanted.awarded_on,
        wanted.number,
        wanted.role,
        *(f"{line.id}={line.score}/{line.maximum}" for line in wanted.scores),
    )


async def _sign_all(due: Sequence[_Signing], now: datetime) -> dict[UUID, int]:
    signed: dict[UUID, int] = {}
    for issuer in sorted({signing.wanted.conferred.issuer for signing in due}):
        own = [signing for signing in due if signing.wanted.conferred.issuer == issuer]
        signed |= await _sign_for(issuer, own, now)
    return signed


async def _sign_for(issuer: str, due: Sequence[_Signing], now: datetime) -> dict[UUID, int]:
    signer = await keyring.signer_of(issuer, CERTIFICATE)
    positions = await ledger.reserve_positions(issuer, len(due))
    addresses, header = keyring.addresses(), signer.header("JWT")
    achieved: dict[int, tuple[Conferred, dict[str, Any]]] = {}  # a batch shares its conferred
    versions = []
    for signing, position in zip(due, positions, strict=True):
        conferred = signing.wanted.conferred
        if id(conferred) not in achieved:
            achieved[id(conferred)] = conferred, claims.achievement(conferred, addresses)
        payload = claims.payload_with(
            achieved[id(conferred)][1], conferred, _holder(signing, position, now), addresses
        )
        token = signer.sign_under(header, to_json(payload))
        versions.append(_version_row(signing, position, token, signer, now))
    await _note_achievements(list(achieved.values()))
    return await _store(due, versions, now)


def _holder(signing: _Signing, position: int, now: datetime) -> Holder:
    wanted = signing.wanted
    return Holder(
        public_id=signing.public_id,
        subject=subject_of(wanted.key),
        name=signing.name,
        awarded_on=wanted.awarded_on,
        valid_from=now,
        position=position,
        number=wanted.number,
        role=wanted.role,
        scores=wanted.scores,
        evidence_root=wanted.evidence_root,
        valid_until=wanted.valid_until,
    )


def _version_row(
    signing: _Signing, position: int, token: str, signer: Signer, now: datetime
) -> dict[str, Any]:
    key, id = new_key(), version_key(signing.wanted.key, signing.n)
    suspended = signing.before is not None and signing.before["state"] == "suspended"
    return {
        "id": id,
        "certificate": signing.wanted.key,
        "n": signing.n,
        "issuer": signing.wanted.conferred.issuer,
        "source": signing.wanted.source,
        "position": position,
        "status": int(Status.SUSPENDED if suspended else Status.VALID),
        "kid": signer.kid,
        "wrapped_key": wrap(key),
        "sealed_token": seal(key, token.encode("ascii"), TOKEN_CONTEXT + id.bytes),
        "issued_at": now,
    }


async def _note_achievements(achieved: Sequence[tuple[Conferred, dict[str, Any]]]) -> None:
    rows = {
        (conferred.issuer, conferred.slug): Achievement(
            id=uuid5(NAMESPACE, f"achievement|{conferred.issuer}|{conferred.slug}"),
            issuer=conferred.issuer,
            slug=conferred.slug,
            body=to_json(document).decode(),
        )
        for conferred, document in achieved
    }
    await Achievement.insert(*rows.values()).on_conflict(action="DO NOTHING")


async def _store(
    due: Sequence[_Signing], versions: Sequence[Mapping[str, Any]], now: datetime
) -> dict[UUID, int]:
    """Only what no other worker stored in the meantime; key and number of each version."""
    by_key = {version["certificate"]: version for version in versions}
    first = [
        _certificate_row(signing, version["id"], now)
        for signing, version in zip(due, versions, strict=True)
        if signing.before is None
    ]
    stored = await insert_new(Certificate, first)
    for signing in due:
        if signing.before is not None and await _replace(signing, now):
            stored.add(signing.wanted.key)
    await insert_new(CertificateVersion, [v for key, v in by_key.items() if key in stored])
    return {key: by_key[key]["n"] for key in stored}


def _certificate_row(signing: _Signing, current: UUID, now: datetime) -> dict[str, Any]:
    wanted, conferred = signing.wanted, signing.wanted.conferred
    return {
        "id": wanted.key,
        "public_id": signing.public_id,
        "kind": conferred.kind,
        "issuer": conferred.issuer,
        "person": wanted.person,
        "contest": wanted.contest,
        "entry": wanted.entry,
        "output": wanted.output,
        "title_code": conferred.title_code,
        "grade": conferred.grade,
        "title": signing.title,
        "awarded_on": wanted.awarded_on,
        "notice_until": conferred.notice_until,
        "valid_until": wanted.valid_until,
        "source_version": wanted.source_version,
        "content_hash": signing.content,
        "current": current,
        "proposal": wanted.proposal,
        "issued_at": now,
    }


async def _replace(signing: _Signing, now: datetime) -> bool:
    """Moves a certificate on to its next version; False when another worker did."""
    wanted, conferred, n = signing.wanted, signing.wanted.conferred, signing.n
    before = (await ledger.current_versions([wanted.key]))[wanted.key]
    rows = await Certificate.raw(
        "UPDATE certificate SET version = {}, current = {}, source_version = {}, content_hash = {},"
        " title = {}, grade = {}, title_code = {}, awarded_on = {}, notice_until = {},"
        " state = CASE WHEN state = 'suspended' THEN state ELSE 'issued' END,"
        " cause = '', reason = '', changed_at = {} WHERE id = {} AND version = {} RETURNING id",
        n,
        version_key(wanted.key, n),
        wanted.source_version,
        signing.content,
        signing.title,
        conferred.grade,
        conferred.title_code,
        wanted.awarded_on,
        conferred.notice_until,
        now,
        wanted.key,
        n - 1,
    )
    if rows and before["status"] != Status.REVOKED:
        await ledger.set_status([before], Status.REPLACED)
    return bool(rows)


async def _note_seen(wanted: Sequence[Wanted]) -> None:
    """A newer result with the same content: nothing public changes, an older one may not return."""
    for one in wanted:
        await Certificate.update({Certificate.source_version: one.source_version}).where(
            Certificate.id == one.key, Certificate.source_version < one.source_version
        )
