"""A corrected name: the newest version of each certificate is signed again with it.

What else it says stays letter for letter; the version before turns *replaced* in both lists.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from core.events import CertificateIssued, NameCorrected
from core.outbox import put
from core.privacy import new_key, person_name, seal, wrap
from credentials import claims, keyring, ledger, queries, rendering
from credentials.bulk import insert_new
from credentials.document import holder_name
from credentials.employers import noticing
from credentials.encoding import to_json
from credentials.identifiers import Addresses, version_key
from credentials.issuing import TOKEN_CONTEXT, content_hash
from credentials.partners import waiting
from credentials.status import Status
from credentials.tables import Certificate, CertificateVersion
from credentials.trust import CERTIFICATE

SOURCE = "name"


async def rename_certificates(events: Sequence[NameCorrected]) -> None:
    """Those of the person that the contest's own issuer signed; other issuers answer for theirs. Where
    it signs on its own machine, the corrected one leaves with its next batch.
    Withdrawn, expired and erased ones stay as they are. Twice does nothing more."""
    for event in events:
        name = await person_name(UUID(event.person))
        for public_id in await _affected(event) if name else []:
            row = await queries.stored(public_id)
            if row is None or not (payload := _payload(row)) or holder_name(payload) == name:
                continue
            if await keyring.outside_key(row["issuer"]):
                await waiting.again(row["id"])
            else:
                await _sign_again(row, payload, name)


async def _affected(event: NameCorrected) -> list[str]:
    now = datetime.now(UTC)
    query = Certificate.select(Certificate.public_id).where(
        Certificate.person == UUID(event.person),
        Certificate.contest == event.contest,
        Certificate.issuer == event.issuer,
        Certificate.state != "revoked",
        (Certificate.valid_until.is_null()) | (Certificate.valid_until > now),
    )
    return list(await query.order_by(Certificate.public_id).output(as_list=True))


def _payload(row: Mapping[str, Any]) -> dict[str, Any]:
    token = rendering.token_of(row)
    return rendering.payload_of(token) if token else {}


async def _sign_again(row: Mapping[str, Any], payload: dict[str, Any], name: str) -> None:
    def document(position: int, now: datetime, addresses: Addresses) -> dict[str, Any]:
        return claims.renamed(payload, row["issuer"], name, position, now, addresses)

    await sign_again(row, payload, document, source=SOURCE, content=_content(row, payload, name))


Make = Callable[[int, datetime, Addresses], dict[str, Any]]


async def sign_again(
    row: Mapping[str, Any],
    payload: Mapping[str, Any],
    document: Make,
    *,
    source: str,
    content: str,
    valid_until: datetime | None = None,
) -> bool:
    """The next version of a certificate, of `payload` with what `document` changes; the one before turns
    *replaced*. False when another worker was faster."""
    now = datetime.now(UTC).replace(microsecond=0)
    addresses = _signed_under(payload, row["issuer"])
    signer = (await keyring.signer_of(row["issuer"], CERTIFICATE)).at(addresses)
    position = (await ledger.reserve_positions(row["issuer"], 1))[0]
    n = row["version"] + 1
    until = valid_until or row["valid_until"]
    if not await _move_on(row, n, content, until, now):
        return False
    await ledger.set_status([_before(row)], Status.REPLACED)
    key, id_ = new_key(), version_key(row["id"], n)
    token = signer.sign(to_json(document(position, now, addresses))).encode("ascii")
    status = Status.SUSPENDED if row["state"] == "suspended" else Status.VALID
    version = {
        "id": id_,
        "certificate": row["id"],
        "n": n,
        "issuer": row["issuer"],
        "source": source,
        "position": position,
        "status": int(status),
        "kid": signer.kid,
        "wrapped_key": wrap(key),
        "sealed_token": seal(key, token, TOKEN_CONTEXT + id_.bytes),
        "issued_at": now,
    }
    await insert_new(CertificateVersion, [version])
    await noticing.note_version([row["id"]], source, now=now)
    await put(CertificateIssued(str(row["id"]), n))
    return True


def _signed_under(payload: Mapping[str, Any], issuer: str) -> Addresses:
    """The origin that the document names throughout: it stays the same when the host has moved."""
    known = keyring.addresses().everywhere()
    return next((a for a in known if a.issuer(issuer) == payload["iss"]), known[0])


def _before(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": row["version_id"], "issuer": row["issuer"], "position": row["position"]}


async def _move_on(
    row: Mapping[str, Any], n: int, content: str, until: datetime | None, now: datetime
) -> bool:
    rows = await Certificate.raw(
        "UPDATE certificate SET version = {}, current = {}, content_hash = {}, valid_until = {},"
        " changed_at = {} WHERE id = {} AND version = {} RETURNING id",
        n,
        version_key(row["id"], n),
        content,
        until,
        now,
        row["id"],
        n - 1,
    )
    return bool(rows)


def _content(row: Mapping[str, Any], payload: Mapping[str, Any], name: str) -> str:
    """As `issue` would have it, so that a later result which changes nothing signs nothing."""
    subject = payload["credentialSubject"]
    return content_hash(
        (row["kind"], row["issuer"], row["title_code"], row["grade"], row["title"]),
        (name, row["awarded_on"], subject.get("licenseNumber", ""), subject.get("role", "")),
        claims.scores_in(payload),
    )
