"""Verbs of trust: ask the offline root, put its answer into force, accept another installation."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4, uuid5

from core import audit
from core.db import transaction
from core.errors import Conflict, NotFound
from core.security import INSTALLATION, Actor, check
from credentials import keyring
from credentials.encoding import from_base64url, from_json
from credentials.identifiers import NAMESPACE
from credentials.tables import SigningKey
from credentials.trust import BUNDLE_VALIDITY, TRUST, Refused, TrustStore, read_bundle
from credentials.trusting.authorisation import (
    Authorisation,
    Request,
    Unauthorised,
    check_authorised,
    read_authorisation,
)
from credentials.trusting.tables import AcceptedInstallation, RootAuthorisation


class AuthorisationRefused(Conflict):
    slug = "authorisation-refused"
    title = (
        "This authorisation can't be used here ({code}). Make a new request on this server, have it"
        " signed by the root, and install that."
    )


class AnotherRoot(Conflict):
    slug = "another-root"
    title = (
        "It is signed by the root {root}, but {known} is in force, and verifiers pin it. Have it"
        " signed by {known}."
    )


class BundleRefused(Conflict):
    slug = "bundle-refused"
    title = (
        "This trust bundle can't be accepted ({code}). Fetch it again from the other installation's"
        " /trust/bundle, and compare the thumbprint of its root by telephone."
    )


# --- the offline root --------------------------------------------------------------------------


async def authorisation_in_force() -> tuple[Authorisation, str] | None:
    """The newest one that the root gave us, with its token."""
    row = await RootAuthorisation.select().order_by(RootAuthorisation.n, ascending=False).first()
    return (read_authorisation(row["token"], root=row["root"]), row["token"]) if row else None


async def root_request() -> Request:
    """Every origin that we answer under, and the trust keys in use or published."""
    rows = (
        await SigningKey.select(SigningKey.public_jwk)
        .where(SigningKey.purpose == TRUST, SigningKey.state.is_in(["active", "pre_published"]))
        .order_by(SigningKey.published_at)
    )
    before = await authorisation_in_force()
    return Request(
        n=before[0].n + 1 if before else 1,
        origins=tuple(a.origin for a in keyring.addresses().everywhere()),
        keys=tuple(json.loads(row["public_jwk"]) for row in rows),
    )


async def install_authorisation(
    by: Actor, token: str, now: datetime | None = None
) -> Authorisation:
    """From now on the bundle carries it."""
    now = now or datetime.now(UTC)
    check(by, "installation.manage", INSTALLATION)
    async with transaction():
        before = await authorisation_in_force()
        found = await _fitting(token, least=before[0].n + 1 if before else 1, now=now)
        if before and before[0].root != found.root:
            raise AnotherRoot(root=found.root, known=before[0].root)
        await RootAuthorisation.insert(
            RootAuthorisation(id=uuid4(), root=found.root, n=found.n, token=token, installed_at=now)
        )
        await audit.record(by, "root.authorise", scope=INSTALLATION, subject=str(found.n))
    return found


async def _fitting(token: str, *, least: int, now: datetime) -> Authorisation:
    origins = [a.origin for a in keyring.addresses().everywhere()]
    signer = await keyring.signer_of("", TRUST)
    try:
        found = read_authorisation(token)
        check_authorised(found, kid=signer.kid, origins=origins, now=now, least=least)
    except Unauthorised as error:
        raise AuthorisationRefused(code=str(error.args[0])) from None
    return found


# --- other installations -----------------------------------------------------------------------


async def accept_installation(
    by: Actor, bundle: str, *, root: str = "", now: datetime | None = None
) -> TrustStore:
    """Certificates of the installation that this bundle speaks for are believed here, and by whoever
    verifies with our bundle. Again with a newer bundle: refreshes it. `root`: its root's thumbprint,
    remembered from the first time on."""
    now = now or datetime.now(UTC)
    check(by, "installation.manage", INSTALLATION)
    async with transaction():
        store, row = await _believable(bundle, root, now)
        origins = [a.origin for a in store.addresses.everywhere()]
        await AcceptedInstallation.delete().where(AcceptedInstallation.origin.is_in(origins))
        await AcceptedInstallation.insert(AcceptedInstallation(**row))
        origin = store.addresses.origin
        await audit.record(by, "installation.accept", scope=INSTALLATION, subject=origin)
    return store


async def _believable(bundle: str, root: str, now: datetime) -> tuple[TrustStore, dict[str, Any]]:
    try:
        named = read_bundle(bundle, now)
        before = await _accepted(named)
        if root and before["root"] and root != before["root"]:
            raise Refused("issuer", "other-root")
        pinned = root or before["root"]
        store = read_bundle(bundle, now, root=pinned, least=before["least"])
        _not_ours(store)
        _goes_on(bundle, store, before)
    except Refused as refused:
        raise BundleRefused(code=refused.code) from None
    least = read_authorisation(_authorisation(bundle), root=pinned).n if pinned else 0
    return store, {
        "id": uuid5(NAMESPACE, f"installation|{store.addresses.origin}"),
        "origin": store.addresses.origin,
        "root": pinned,
        "least": least,
        "bundle": bundle,
        "expires_at": store.made_at + BUNDLE_VALIDITY,
        "accepted_at": now,
    }


async def _accepted(store: TrustStore) -> dict[str, Any]:
    """What was accepted under any of its origins. Nobody speaks for two installations, nor takes
    another's origin over: only under the same root may one have moved."""
    own = {a.origin for a in store.addresses.everywhere()}
    rows = [row for row in await accepted_installations() if own & _origins(row["bundle"])]
    if not rows:
        return {"root": "", "least": 0, "bundle": "", "origin": ""}
    moved = rows[0]["origin"] != store.addresses.origin
    if len(rows) > 1 or (moved and not rows[0]["root"]):
        raise Refused("issuer", "origin-of-another")
    return rows[0]


def _origins(bundle: str) -> set[str]:
    claims = claims_of(bundle)
    return {claims["iss"], *claims.get("formerOrigins", ())}


def _not_ours(store: TrustStore) -> None:
    own = {a.origin for a in keyring.addresses().everywhere()}
    if own & {a.origin for a in store.addresses.everywhere()}:
        raise Refused("issuer", "own-origin")


def _goes_on(bundle: str, store: TrustStore, before: Mapping[str, Any]) -> None:
    """A bundle from before a compromise, played again, would undo it. Without a root, only a trust key
    that the last bundle named may sign the next one."""
    if not before["bundle"]:
        return
    claims = claims_of(before["bundle"])
    if claims["iat"] > store.made_at.timestamp():
        raise Refused("issuer", "bundle-older")
    header = from_json(from_base64url(bundle.split(".")[0]))
    signer = str(header["kid"]).rpartition("/")[2]
    known = {
        key["kid"] for key in claims["keys"] if key["purpose"] == TRUST and "revokedAt" not in key
    }
    if not before["root"] and signer not in known:
        raise Refused("issuer", "other-trust-key")


def _authorisation(bundle: str) -> str:
    return str(claims_of(bundle)["authorisation"])


def claims_of(bundle: str) -> dict[str, Any]:
    """Of a bundle that was read already."""
    claims: dict[str, Any] = from_json(from_base64url(bundle.split(".")[1]))
    return claims


async def drop_installation(by: Actor, origin: str) -> None:
    check(by, "installation.manage", INSTALLATION)
    async with transaction():
        if not await AcceptedInstallation.exists().where(AcceptedInstallation.origin == origin):
            raise NotFound(kind="installation", id=origin[:80])
        await AcceptedInstallation.delete().where(AcceptedInstallation.origin == origin)
        await audit.record(by, "installation.drop", scope=INSTALLATION, subject=origin)


async def accepted_installations() -> list[dict[str, Any]]:
    """Also those whose bundles are out of date: they count for nothing until a fresh one is accepted."""
    rows = await AcceptedInstallation.select().order_by(AcceptedInstallation.origin)
    return [dict(row) for row in rows]
