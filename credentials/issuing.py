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
from credentials.employers import noticing
from credentials.encoding import to_json, to_text
from credentials.identifiers import NAMESPACE, new_public_id, subject_of, version_key
from credentials.keys import Signer
from credentials.lifecycle.settling import CORRECTING
from credentials.partners import waiting
from credentials.status import Status
from credentials.tables import Achievement, Certificate, CertificateVersion
from credentials.trust import CERTIFICATE

TOKEN_CONTEXT = b"certificate token "


@dataclass(frozen=True, slots=True)
class Wanted:
    """One certificate that there should be, and what it rests on."""

    key: UUID
    person: UUID | None
    """None of a unit's, a team's or a studio's, whose name then stands in `name`."""
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
    name: str = ""


@dataclass(frozen=True, slots=True)
class Signing:
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
    newest = await _signed_here(_newest(wanted), now)
    if not newest:
        return 0
    existing = await _existing([one.key for one in newest])
    signings = await _signings(newest, existing)
    seen = [one for one in newest if (row := existing.get(one.key)) and _newer(one, row)]
    signed = await _sign_all([signing for signing in signings if signing is not None], now)
    await _note_seen([one for one in seen if one.key not in signed])
    await put(*(CertificateIssued(str(key), n) for key, n in signed.items()))
    return len(signed)


async def _signed_here(wanted: Sequence[Wanted], now: datetime) -> list[Wanted]:
    """Without those that their issuer signs on its own machine: they wait for it."""
    issuers = {one.conferred.issuer for one in wanted}
    away = {issuer for issuer in issuers if await keyring.outside_key(issuer)}
    await waiting.note([one for one in wanted if one.conferred.issuer in away], now)
    return [one for one in wanted if one.conferred.issuer not in away]


async def _signings(
    wanted: Sequence[Wanted], existing: Mapping[UUID, Mapping[str, Any]]
) -> list[Signing | None]:
    """For each what there is to sign; None where nothing changes."""
    names, titles = await _names(wanted), _titles(wanted)
    return [
        _signing(one, names[one.key], titles[id(one.conferred)], existing.get(one.key))
        for one in wanted
    ]


# --- for issuers who sign on their own machine --------------------------------------------------


async def signings_for(wanted: Sequence[Wanted]) -> list[Signing | None]:
    """What there is to sign elsewhere, in the same order: also for the same result again, when a
    corrected name makes another content of it, or when the key that signed it was lost since."""
    existing = await _existing([one.key for one in wanted])
    lost = await _of_lost_keys(list(existing))
    before = {
        key: {**row, "source_version": -1, **({"content_hash": ""} if key in lost else {})}
        for key, row in existing.items()
    }
    found = await _signings(wanted, before)
    overtaken = {one.key for one in wanted if _overtaken(one, existing.get(one.key))}
    return [None if s is None or s.wanted.key in overtaken else s for s in found]


async def _of_lost_keys(keys: Sequence[UUID]) -> set[UUID]:
    """Those whose newest version a compromised key has signed."""
    if not keys:
        return set()
    places = ", ".join(["{}"] * len(keys))
    rows = await Certificate.raw(
        "SELECT c.id FROM certificate c JOIN certificate_version v ON v.id = c.current"  # noqa: S608
        " JOIN signing_key k ON k.kid = v.kid"
        f" WHERE k.state = 'compromised' AND c.id IN ({places})",
        *keys,
    )
    return {row["id"] for row in rows}


def _overtaken(wanted: Wanted, row: Mapping[str, Any] | None) -> bool:
    return row is not None and wanted.source_version < int(row["source_version"])


def document_of(signing: Signing, position: int, now: datetime) -> dict[str, Any]:
    """The payload that its issuer is asked to sign."""
    holder = _holder(signing, position, now)
    return claims.payload(signing.wanted.conferred, holder, keyring.addresses())


async def store_signed(
    due: Sequence[Signing], versions: Sequence[Mapping[str, Any]], now: datetime
) -> set[UUID]:
    """Takes what was signed elsewhere into the ledger; the keys of those that nothing overtook."""
    achieved = [(one.wanted.conferred, _achieved(one)) for one in due]
    await _note_achievements(achieved)
    stored = await _store(due, versions, now)
    await put(*(CertificateIssued(str(key), n) for key, n in stored.items()))
    return set(stored)


def _achieved(signing: Signing) -> dict[str, Any]:
    return claims.achievement(signing.wanted.conferred, keyring.addresses())


async def _names(wanted: Sequence[Wanted]) -> dict[UUID, str]:
    """Key -> the holder's name, "" where a person was erased."""
    known = await names_of({one.person for one in wanted if one.person})
    return {one.key: known.get(one.person, "") if one.person else one.name for one in wanted}


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
) -> Signing | None:
    if not name:
        return None  # erased at the holder's request: there is nobody to certify
    content = _content(wanted, name, title)
    if row is None:
        return Signing(wanted, name, title, content, new_public_id(), 1)
    if not _newer(wanted, row) or row["cause"] == "authority":
        return None
    if row["content_hash"] == content and row["state"] != "revoked":
        return None
    return Signing(wanted, name, title, content, row["public_id"], row["version"] + 1, row)


async def contents_of(wanted: Sequence[Wanted]) -> dict[UUID, str]:
    """Key -> `Certificate.content_hash` as it would be; "" where the holder was erased."""
    names, titles = await _names(wanted), _titles(wanted)
    return {
        one.key: _content(one, name, titles[id(one.conferred)]) if (name := names[one.key]) else ""
        for one in wanted
    }


def _content(wanted: Wanted, name: str, title: str) -> str:
    conferred = wanted.conferred
    return content_hash(
        (conferred.kind, conferred.issuer, conferred.title_code, conferred.grade, title),
        (name, wanted.awarded_on, wanted.number, wanted.role),
        [f"{line.id}={line.score}/{line.maximum}" for line in wanted.scores],
    )


def content_hash(conferred: Sequence[str], holder: Sequence[str], scores: Sequence[str]) -> str:
    """Keyed hash of what stands on the certificate. The public notice is no part of it: a final
    result with the same content leaves the certificate of the ceremony as it is."""
    return keyed_hash("certificate content", *conferred, *holder, *scores)


async def _sign_all(due: Sequence[Signing], now: datetime) -> dict[UUID, int]:
    signed: dict[UUID, int] = {}
    for issuer in sorted({signing.wanted.conferred.issuer for signing in due}):
        own = [signing for signing in due if signing.wanted.conferred.issuer == issuer]
        signed |= await _sign_for(issuer, own, now)
    return signed


async def _sign_for(issuer: str, due: Sequence[Signing], now: datetime) -> dict[UUID, int]:
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


def _holder(signing: Signing, position: int, now: datetime) -> Holder:
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
    signing: Signing, position: int, token: str, signer: Signer, now: datetime
) -> dict[str, Any]:
    key, id = new_key(), version_key(signing.wanted.key, signing.n)
    before = signing.before
    suspended = before is not None and before["state"] == "suspended"
    if before is not None and before["cause"] == CORRECTING:
        suspended = False  # the correction that it waited for is this version
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
    due: Sequence[Signing], versions: Sequence[Mapping[str, Any]], now: datetime
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
    await _tell_followers(due, stored, now)
    return {key: by_key[key]["n"] for key in stored}


async def _tell_followers(due: Sequence[Signing], stored: set[UUID], now: datetime) -> None:
    """Of a newer version; nobody follows a first one yet."""
    for source in sorted({signing.wanted.source for signing in due}):
        moved = [
            signing.wanted.key
            for signing in due
            if signing.before is not None
            and signing.wanted.source == source
            and signing.wanted.key in stored
        ]
        await noticing.note_version(moved, source, now=now)


def _certificate_row(signing: Signing, current: UUID, now: datetime) -> dict[str, Any]:
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


async def _replace(signing: Signing, now: datetime) -> bool:
    """Moves a certificate on to its next version; False when another worker did."""
    wanted, conferred, n = signing.wanted, signing.wanted.conferred, signing.n
    before = (await ledger.current_versions([wanted.key]))[wanted.key]
    rows = await Certificate.raw(
        "UPDATE certificate SET version = {}, current = {}, source_version = {}, content_hash = {},"
        " title = {}, grade = {}, title_code = {}, awarded_on = {}, notice_until = {},"
        " reason = CASE WHEN state = 'suspended' AND cause <> 'correcting' THEN reason ELSE '' END,"
        " state = CASE WHEN state = 'suspended' AND cause <> 'correcting' THEN state"
        " ELSE 'issued' END,"
        " cause = '', changed_at = {} WHERE id = {} AND version = {} RETURNING id",
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
