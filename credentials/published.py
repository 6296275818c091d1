"""What the installation publishes for verifiers: status lists, keys, issuers, the trust bundle.

A list is rebuilt when a status of its block changed or it is an hour old, and kept as a row so
that every web process serves the same bytes. The trust bundle is kept beside them, an hour at most.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from core.errors import NotFound
from core.scoring.model import Text
from credentials import keyring
from credentials.claims import printed
from credentials.encoding import from_base64url, from_json, to_json
from credentials.identifiers import NAMESPACE, Addresses
from credentials.status import BLOCK, TTL, bits_of, bitstring_payload, token_payload
from credentials.tables import Achievement, CertificateVersion, SigningKey, StatusBlock, StatusList
from credentials.trust import BUNDLE_TYPE, CERTIFICATE, STATUS, TRUST, bundle_payload
from credentials.trusting.actions import accepted_installations, authorisation_in_force
from credentials.trusting.ending import say_what_ends

BITSTRING, TOKEN = "r", "t"
_BUNDLE = uuid5(NAMESPACE, "list|trust bundle")


async def status_list(
    kind: str, issuer: str, block: int, now: datetime | None = None, *, host: str = ""
) -> str:
    """The signed list of one block, as it is served under this host. Raises NotFound."""
    now, addresses = now or datetime.now(UTC), keyring.addresses().at(host)
    row = (
        await StatusBlock.select(StatusBlock.revision)
        .where(StatusBlock.issuer == issuer, StatusBlock.block == block)
        .first()
        if 0 <= block < 1 << 40
        else None
    )
    if row is None:
        raise NotFound(kind="status list", id=f"{issuer}/{block}"[:80])
    id = _list_id(kind, issuer, block, addresses)
    built = await StatusList.select().where(StatusList.id == id).first()
    fresh = built and built["revision"] == row["revision"] and now - built["built_at"] < TTL
    if built and fresh and not await _compromised(built["kid"]):
        return str(built["token"])
    return await _rebuilt(id, (kind, issuer, block), addresses, int(row["revision"]), now)


def _list_id(kind: str, issuer: str, block: int, addresses: Addresses) -> UUID:
    """A list names its own address, so it is another one under a former origin."""
    place = "" if addresses.origin == keyring.addresses().origin else f"{addresses.origin}|"
    return uuid5(NAMESPACE, f"list|{place}{kind}|{issuer}|{block}")


async def _compromised(kid: str) -> bool:
    key = (await keyring.trust_store()).by_kid.get(kid)
    return key is None or key.compromised_at is not None


async def _rebuilt(
    id: UUID, of: tuple[str, str, int], addresses: Addresses, revision: int, now: datetime
) -> str:
    kind, issuer, block = of
    start = block * BLOCK
    rows = await CertificateVersion.select(
        CertificateVersion.position, CertificateVersion.status
    ).where(
        CertificateVersion.issuer == issuer,
        CertificateVersion.position >= start,
        CertificateVersion.position < start + BLOCK,
        CertificateVersion.status != 0,
    )
    one, two = bits_of((row["position"] - start, row["status"]) for row in rows)
    signer = (await keyring.signer_of(issuer, STATUS)).at(addresses)
    about: dict[str, Any] = {"issuer": issuer, "block": block, "now": now}
    if kind == BITSTRING:
        payload = bitstring_payload(one, addresses=addresses, **about)
        token = signer.sign(to_json(payload))
    else:
        waiting = await _correcting(issuer, start)
        payload = token_payload(two, addresses=addresses, correcting=waiting, **about)
        token = signer.sign(to_json(payload), typ="statuslist+jwt")
    # The revision was read before the statuses: a change in between only makes the next request
    # build again.
    await _keep(id, revision, signer.kid, token, now)
    return token


async def _keep(id: UUID, revision: int, kid: str, token: str, now: datetime) -> None:
    await StatusList.raw(
        "INSERT INTO status_list (id, revision, kid, token, built_at) VALUES ({}, {}, {}, {}, {})"
        " ON CONFLICT (id) DO UPDATE SET revision = EXCLUDED.revision, kid = EXCLUDED.kid,"
        " token = EXCLUDED.token, built_at = EXCLUDED.built_at"
        " WHERE status_list.revision <= EXCLUDED.revision",
        id,
        revision,
        kid,
        token,
        now,
    )


async def _correcting(issuer: str, start: int) -> dict[int, datetime]:
    """Index -> since when, of a block's certificates that wait for the answer to a correction."""
    rows = await CertificateVersion.raw(
        "SELECT v.position, c.changed_at FROM certificate c"
        " JOIN certificate_version v ON v.id = c.current"
        " WHERE c.state = 'suspended' AND c.cause = 'correcting' AND c.changed_at IS NOT NULL"
        " AND v.issuer = {} AND v.position >= {} AND v.position < {}",
        issuer,
        start,
        start + BLOCK,
    )
    return {row["position"] - start: row["changed_at"] for row in rows}


async def trust_bundle(now: datetime | None = None) -> str:
    """Signed by the installation's trust key, with what the root says of that key, and with the
    bundles of other installations that are believed here."""
    now, trust = now or datetime.now(UTC), await keyring.trust_store()
    signer, root = await keyring.signer_of("", TRUST), await authorisation_in_force()
    others = await accepted_installations()
    say_what_ends(root[0] if root else None, others, now)
    written = bundle_payload(
        trust,
        now,
        authorisation=root[1] if root else "",
        installations=[
            {name: one[name] for name in ("origin", "root", "bundle")}
            for one in others
            if one["expires_at"] > now
        ],
    )
    if kept := await _kept_bundle(signer.kid, written, now):
        return kept
    token = signer.sign(to_json(written), typ=BUNDLE_TYPE)
    await _keep(_BUNDLE, 0, signer.kid, token, now)
    return token


async def _kept_bundle(kid: str, written: Mapping[str, Any], now: datetime) -> str:
    """The one that was signed last, while it is fresh and says the same: who has it need not fetch it
    again."""
    row = await StatusList.select().where(StatusList.id == _BUNDLE).first()
    if row is None or row["kid"] != kid or not timedelta(0) <= now - row["built_at"] < TTL:
        return ""
    token = str(row["token"])
    before = from_json(from_base64url(token.split(".")[1]))
    dates = {name: before[name] for name in ("iat", "exp")}
    return token if before == {**written, **dates} else ""


async def jwk(kid: str, host: str = "") -> dict[str, Any]:
    """One public key, for ever: also a retired or compromised one. Raises NotFound."""
    row = await SigningKey.select(SigningKey.public_jwk).where(SigningKey.kid == kid).first()
    if row is None:
        raise NotFound(kind="key", id=kid[:32])
    return _public(kid, row["public_jwk"], keyring.addresses().at(host))


async def jwks(host: str = "") -> dict[str, Any]:
    addresses = keyring.addresses().at(host)
    rows = (
        await SigningKey.select(SigningKey.kid, SigningKey.public_jwk)
        .where(SigningKey.state != "compromised")
        .order_by(SigningKey.kid)
    )
    return {"keys": [_public(row["kid"], row["public_jwk"], addresses) for row in rows]}


def _public(kid: str, text: str, addresses: Addresses) -> dict[str, Any]:
    named = {"kid": addresses.key(kid), "use": "sig", "alg": "ES256"}
    return {**json.loads(text), **named}


def etag_of(body: bytes) -> str:
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


async def issuer(code: str, host: str = "") -> dict[str, Any]:
    """An Open Badges Profile that is a controlled identifier document. Raises NotFound."""
    rows = (
        await SigningKey.select(SigningKey.kid, SigningKey.public_jwk, SigningKey.state)
        .where(SigningKey.issuer == code, SigningKey.purpose == CERTIFICATE)
        .order_by(SigningKey.published_at)
    )
    organisation = (await keyring.organisations_of({code})).get(code)
    if not rows or organisation is None:
        raise NotFound(kind="issuer", id=code[:80])
    addresses = keyring.addresses().at(host)
    methods = [
        {
            "id": addresses.key(row["kid"]),
            "type": "JsonWebKey",
            "controller": addresses.issuer(code),
            "publicKeyJwk": _public(row["kid"], row["public_jwk"], addresses),
        }
        for row in rows
        if row["state"] != "compromised"
    ]
    name: Text = json.loads(organisation["title"])
    return {
        "@context": [
            "https://www.w3.org/ns/cid/v1",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "id": addresses.issuer(code),
        "type": ["Profile"],
        "name": printed(name),
        "url": f"{addresses.origin}/",
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }


async def achievement(issuer: str, slug: str, host: str = "") -> dict[str, Any]:
    row = (
        await Achievement.select(Achievement.body)
        .where(Achievement.id == uuid5(NAMESPACE, f"achievement|{issuer}|{slug}"))
        .first()
    )
    if row is None:
        raise NotFound(kind="achievement", id=f"{issuer}/{slug}"[:80])
    asked, text = keyring.addresses().at(host), str(row["body"])
    for addresses in keyring.addresses().everywhere():
        text = text.replace(f'"{addresses.origin}/achievements/', f'"{asked.origin}/achievements/')
    found: dict[str, Any] = json.loads(text)
    return found
