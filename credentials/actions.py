"""Verbs that change issuers, keys and certificates; each opens its own transaction. No HTTP types."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from core import audit
from core.db import transaction
from core.errors import AlreadyRevoked, Conflict, Invalid, NotFound
from core.events import CertificateRevoked
from core.outbox import put
from core.scoring.model import Finding
from core.security import INSTALLATION, Actor, Scope, check
from credentials import keyring, ledger
from credentials.identifiers import understood
from credentials.lifecycle import past
from credentials.lifecycle.settling import CORRECTING
from credentials.scopes import issuer_scopes
from credentials.status import Status
from credentials.tables import Certificate, SigningKey
from credentials.trust import CERTIFICATE, STATUS, TRUST
from credentials.trusting.actions import authorisation_in_force

PURPOSES = (CERTIFICATE, STATUS, TRUST)
PRE_PUBLICATION = timedelta(hours=24)
"""A key is known to every cache before it signs anything."""


class TooEarly(Conflict):
    slug = "key-too-early"
    title = "Key {kid} was published less than 24 hours ago. It can be activated from {at}."


class KeyState(Conflict):
    slug = "key-state"
    title = "Key {kid} is {state}; this step needs {needed}."


class TrustKeyUnauthorised(Conflict):
    slug = "trust-key-unauthorised"
    title = (
        "The offline root has not authorised trust key {kid} yet. Run `jiangxin keys root request`,"
        " have it signed, and install what comes back."
    )


class SignsElsewhere(Conflict):
    slug = "signs-elsewhere"
    title = (
        "Issuer {issuer} signs on its own machine. Have it make its next key there, and enrol that."
    )


class CertificateState(Conflict):
    slug = "certificate-state"
    title = "Certificate {id} is {state}; this step needs {needed}."


# --- issuers and keys --------------------------------------------------------------------------


async def create_issuer(by: Actor, code: str) -> list[str]:
    """Makes an organisation an issuer: one active key for certificates, one for its status lists;
    the first issuer also makes the installation's trust key. The kids. Twice does nothing more."""
    async with transaction():
        scope = await _manageable(by, code)
        now = datetime.now(UTC)
        kids = [
            await _first_key(issuer, purpose, now)
            for issuer, purpose in ((code, CERTIFICATE), (code, STATUS), ("", TRUST))
        ]
        made = [kid for kid, new in kids if new]
        if made:
            await audit.record(by, "issuer.create", scope=scope[0], subject=code, after=made)
    keyring.forget_trust_store()
    return [kid for kid, _ in kids]


async def issuer_keys(by: Actor, code: str, now: datetime) -> list[Scope]:
    """Everything of an issuer but the key that signs its certificates, for one who keeps that on its
    own machine: the installation publishes its status lists for it. Inside the caller's transaction."""
    scope = await _manageable(by, code)
    for issuer, purpose in ((code, STATUS), ("", TRUST)):
        await _first_key(issuer, purpose, now)
    return scope


async def _first_key(issuer: str, purpose: str, now: datetime) -> tuple[str, bool]:
    found = (
        await SigningKey.select(SigningKey.kid)
        .where(
            SigningKey.issuer == issuer,
            SigningKey.purpose == purpose,
            SigningKey.state == "active",
        )
        .first()
    )
    if found:
        return found["kid"], False
    return (await keyring.insert_key(issuer, purpose, state="active", now=now)).kid, True


async def rotate_key(by: Actor, issuer: str, purpose: str) -> str:
    """Publishes the next key; `activate_key` takes it into use 24 hours later. Its kid."""
    if purpose not in PURPOSES:
        known = ", ".join(PURPOSES)
        raise Invalid([Finding("/purpose", "credentials.unknown-purpose", {"known": known})])
    owner = "" if purpose == TRUST else issuer
    async with transaction():
        scope = await _manageable(by, owner)
        if purpose == CERTIFICATE and await keyring.outside_key(issuer):
            raise SignsElsewhere(issuer=issuer)
        now = datetime.now(UTC)
        row = await keyring.insert_key(owner, purpose, state="pre_published", now=now)
        await audit.record(by, "key.publish", scope=scope[0], subject=row.kid)
    keyring.forget_trust_store()
    return row.kid


async def activate_key(by: Actor, kid: str, *, now: datetime | None = None) -> None:
    """Takes a published key into use and retires the one before it."""
    now = now or datetime.now(UTC)
    async with transaction():
        row, scope = await _key(by, kid)
        if row["state"] != "pre_published":
            raise KeyState(kid=kid, state=row["state"], needed="pre_published")
        if now < (ready := row["published_at"] + PRE_PUBLICATION):
            raise TooEarly(kid=kid, at=ready.isoformat(timespec="minutes"))
        if row["purpose"] == TRUST:
            await _authorised(kid)
        await _retire_active(row["issuer"], row["purpose"], now)
        await _set_key(kid, {SigningKey.state: "active", SigningKey.activated_at: now})
        await audit.record(by, "key.activate", scope=scope[0], subject=kid)
    keyring.forget_trust_store()


async def _authorised(kid: str) -> None:
    """Once verifiers pin the root, a bundle signed by a key that it did not name convinces nobody."""
    found = await authorisation_in_force()
    if found and kid not in found[0].kids:
        raise TrustKeyUnauthorised(kid=kid)


async def retire_key(by: Actor, kid: str) -> None:
    """It signs nothing more; what it signed until now stays valid. Its private half is destroyed, so
    that nobody can date something back with it."""
    async with transaction():
        row, scope = await _key(by, kid)
        if row["state"] not in ("active", "pre_published"):
            raise KeyState(kid=kid, state=row["state"], needed="active")
        now = datetime.now(UTC)
        await _set_key(kid, _retired(now))
        await audit.record(by, "key.retire", scope=scope[0], subject=kid)
    keyring.forget_trust_store()


async def report_compromise(by: Actor, kid: str, reason: str) -> str:
    """A private key got into other hands: everything it signed fails offline from now on, and the
    published next key is in use at once, or a new one. Its kid; "" for a partner who has published none."""
    async with transaction():
        row, scope = await _key(by, kid)
        if row["state"] == "compromised":
            raise KeyState(kid=kid, state=row["state"], needed="active or retired")
        now = datetime.now(UTC)
        changes: dict[Any, Any] = {
            SigningKey.state: "compromised",
            SigningKey.compromised_at: now,
            SigningKey.reason: reason,
            SigningKey.wrapped_key: None,
            SigningKey.sealed_private: None,
        }
        await _set_key(kid, changes)
        new = await _successor(row, now)
        await audit.record(by, "key.compromise", scope=scope[0], subject=kid, after=reason)
    keyring.forget_trust_store()
    return new


async def _successor(row: dict[str, Any], now: datetime) -> str:
    same = (SigningKey.issuer == row["issuer"]) & (SigningKey.purpose == row["purpose"])
    for state in ("active", "pre_published"):
        found = (
            await SigningKey.select(SigningKey.kid)
            .where(same, SigningKey.state == state)
            .order_by(SigningKey.published_at)
            .first()
        )
        if found and state == "pre_published":
            changes: dict[Any, Any] = {SigningKey.state: "active", SigningKey.activated_at: now}
            await _set_key(found["kid"], changes)
        if found:
            return str(found["kid"])
    if row["place"] == keyring.PARTNER:
        return ""
    return (await keyring.insert_key(row["issuer"], row["purpose"], state="active", now=now)).kid


async def _key(by: Actor, kid: str) -> tuple[dict[str, Any], list[Scope]]:
    row = await SigningKey.select().where(SigningKey.kid == kid).first()
    if row is None:
        raise NotFound(kind="key", id=kid)
    return dict(row), await _manageable(by, row["issuer"])


async def _retire_active(issuer: str, purpose: str, now: datetime) -> None:
    await SigningKey.update(_retired(now)).where(
        SigningKey.issuer == issuer,
        SigningKey.purpose == purpose,
        SigningKey.state == "active",
    )


def _retired(now: datetime) -> dict[Any, Any]:
    return {
        SigningKey.state: "retired",
        SigningKey.retired_at: now,
        SigningKey.wrapped_key: None,
        SigningKey.sealed_private: None,
    }


async def _set_key(kid: str, changes: dict[Any, Any]) -> None:
    await SigningKey.update(changes).where(SigningKey.kid == kid)


async def _manageable(by: Actor, issuer: str) -> list[Scope]:
    """The scopes of an issuer whose keys `by` may manage; "" is the installation's trust key."""
    if not issuer:
        check(by, "installation.manage", INSTALLATION)
        return [INSTALLATION]
    scopes = await issuer_scopes(issuer)
    if len(scopes) == 1:
        raise NotFound(kind="organisation", id=issuer)
    check(by, "issuer.manage", *scopes)
    return scopes


# --- certificates ------------------------------------------------------------------------------


async def revoke_certificate(by: Actor, id: str, *, reason: str, authority: str = "") -> None:
    """Withdraws it for ever. `authority`: code of the organisation that decided; default the issuer."""
    _needs_reason(reason)
    async with transaction():
        row, scope = await _certificate(by, id)
        if row["state"] == "revoked" and row["cause"] == "authority":
            raise AlreadyRevoked(id=row["public_id"], at=row["changed_at"].isoformat())
        await ledger.revoke(
            row,
            cause="authority",
            reason=reason,
            authority=authority or row["issuer"],
            now=datetime.now(UTC),
        )
        await put(CertificateRevoked(str(row["id"]), reason))
        await audit.record(
            by, "certificate.revoke", scope=scope[0], subject=row["public_id"], after=reason
        )


async def suspend_certificate(by: Actor, id: str, *, reason: str) -> None:
    """It does not count until the suspension is lifted."""
    _needs_reason(reason)
    await _turn(by, id, needed="issued", to="suspended", status=Status.SUSPENDED, reason=reason)


async def lift_suspension(by: Actor, id: str) -> None:
    await _turn(by, id, needed="suspended", to="issued", status=Status.VALID, reason="")


async def _turn(by: Actor, id: str, *, needed: str, to: str, status: Status, reason: str) -> None:
    now = datetime.now(UTC)
    async with transaction():
        row, scope = await _certificate(by, id)
        if row["cause"] == CORRECTING:
            raise CertificateState(id=row["public_id"], state=CORRECTING, needed=needed)
        moved = await Certificate.raw(
            "UPDATE certificate SET state = {}, reason = {}, changed_at = {}, cause = ''"
            " WHERE id = {} AND state = {} RETURNING id",
            to,
            reason,
            now,
            row["id"],
            needed,
        )
        if not moved:
            raise CertificateState(id=row["public_id"], state=row["state"], needed=needed)
        versions = await ledger.current_versions([row["id"]])
        await ledger.set_status(list(versions.values()), status)
        kind = "suspended" if to == "suspended" else "lifted"
        await past.note([row["id"]], kind, now=now, reason=reason)
        await audit.record(
            by, f"certificate.{to}", scope=scope[0], subject=row["public_id"], after=reason
        )


async def _certificate(by: Actor, id: str) -> tuple[dict[str, Any], list[Scope]]:
    row = await Certificate.select().where(Certificate.public_id == understood(id)).first()
    if row is None:
        raise NotFound(kind="certificate", id=id[:32])
    scope = await issuer_scopes(row["issuer"])
    check(by, "certificate.revoke", *scope)
    return dict(row), scope


def _needs_reason(reason: str) -> None:
    if not reason.strip():
        raise Invalid([Finding("/reason", "credentials.reason-missing")])
