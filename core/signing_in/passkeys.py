"""Passkeys: a key of somebody's own device, by which he logs in without a password (WebAuthn).

The challenge is kept by the server and taken once; the address that the browser signs must be the
installation's own. `webauthn` reads and verifies; nothing that it refuses is explained to the
sender.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any, TypeVar
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import webauthn
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from core import audit, settings
from core.db import transaction
from core.errors import Conflict, NotFound, Unauthenticated
from core.security import Actor
from core.signing_in import steps
from core.tables import Account, Passkey

NAME = "匠心 Jiangxin"
LONGEST_NAME = 60
MOST = 20
_T = TypeVar("_T")
_log = logging.getLogger(__name__)
_PREFERRED = UserVerificationRequirement.PREFERRED


class PasskeyRefused(Unauthenticated):
    slug = "passkey-refused"
    title = "This passkey could not be used. Try again, or log in in another way."


class NotVerified(Unauthenticated):
    slug = "passkey-not-verified"
    title = (
        "Your device did not check that it is you. Log in with your password; this passkey is then "
        "the second step."
    )


class NoPasskeysHere(Conflict):
    slug = "no-passkeys-here"
    title = "Passkeys need an address with a name and https. Ask the operator for it."


class TooManyPasskeys(Conflict):
    slug = "too-many-passkeys"
    title = "There are {count} passkeys already. Remove one first."


def possible() -> bool:
    """Whether browsers make passkeys for this address: they don't for a bare number."""
    host = urlsplit(settings.current().origin).hostname or ""
    try:
        ip_address(host)
    except ValueError:
        return True
    return False


async def of_account(account: UUID) -> list[dict[str, Any]]:
    """In the order in which they were made."""
    return await Passkey.select().where(Passkey.account == account).order_by(Passkey.created_at)


# --- a new one ---------------------------------------------------------------------------------


async def options_for_new(account: UUID) -> dict[str, Any]:
    """What the browser needs to make one. The same device is not taken twice."""
    _check_possible()
    there = await of_account(account)
    if len(there) >= MOST:
        raise TooManyPasskeys(count=len(there))
    row = await Account.select(Account.login, Account.label).where(Account.id == account).first()
    if row is None:
        raise NotFound(kind="account", id=account)
    options = webauthn.generate_registration_options(
        rp_id=_host(),
        rp_name=NAME,
        user_id=account.bytes,
        user_name=row["login"],
        user_display_name=row["label"] or row["login"],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=_PREFERRED
        ),
        exclude_credentials=[_descriptor(one) for one in there],
    )
    token = bytes_to_base64url(options.challenge)
    await steps.put(steps.NEW_PASSKEY, account=account, token=token)
    return _json(options)


async def add(by: Actor, account: UUID, credential: Mapping[str, Any], *, name: str = "") -> UUID:
    """Raises PasskeyRefused for an answer that isn't one to a challenge of this account."""
    challenge = _challenge_in(credential)
    step = await steps.take(steps.NEW_PASSKEY, challenge)
    if step.account != account:
        raise PasskeyRefused
    made = _verified(
        lambda: webauthn.verify_registration_response(
            credential=dict(credential),
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=_host(),
            expected_origin=settings.current().origin,
        )
    )
    id_ = uuid4()
    async with transaction():
        known = bytes_to_base64url(made.credential_id)
        if await Passkey.exists().where(Passkey.credential == known):
            raise PasskeyRefused
        await Passkey.insert(
            Passkey(
                id=id_,
                account=account,
                credential=known,
                public_key=made.credential_public_key,
                sign_count=made.sign_count,
                name=name.strip()[:LONGEST_NAME],
                created_at=datetime.now(UTC),
            )
        )
        await audit.record(by, "account.passkey_added", subject=str(account))
    return id_


async def remove(by: Actor, account: UUID, passkey: UUID) -> None:
    async with transaction():
        gone = await Passkey.raw(
            "DELETE FROM passkey WHERE id = {} AND account = {} RETURNING id", passkey, account
        )
        if not gone:
            raise NotFound(kind="passkey", id=passkey)
        await audit.record(by, "account.passkey_removed", subject=str(account))


# --- using one ---------------------------------------------------------------------------------


async def options_for_log_in() -> dict[str, Any]:
    """For whichever passkey the device offers: nobody learns which accounts there are."""
    _check_possible()
    return await _options(steps.PASSKEY_LOG_IN, None)


async def options_for_second(account: UUID) -> dict[str, Any]:
    _check_possible()
    return await _options(steps.SECOND_PASSKEY, account)


async def whose(credential: Mapping[str, Any]) -> UUID:
    """The account that a passkey alone logs in: its device has checked who holds it."""
    account, verified = await _used(steps.PASSKEY_LOG_IN, credential)
    if not verified:
        raise NotVerified
    return account


async def fits(account: UUID, credential: Mapping[str, Any]) -> bool:
    """Whether it is a passkey of this account, as the second step after the password."""
    try:
        found, _ = await _used(steps.SECOND_PASSKEY, credential, account)
    except (PasskeyRefused, steps.StepOver):
        return False
    return found == account


async def _options(purpose: str, account: UUID | None) -> dict[str, Any]:
    there = await of_account(account) if account else []
    options = webauthn.generate_authentication_options(
        rp_id=_host(),
        allow_credentials=[_descriptor(one) for one in there],
        user_verification=_PREFERRED,
    )
    await steps.put(purpose, account=account, token=bytes_to_base64url(options.challenge))
    return _json(options)


async def _used(
    purpose: str, credential: Mapping[str, Any], account: UUID | None = None
) -> tuple[UUID, bool]:
    """(whose it is, whether its device checked who holds it). A counter that does not rise is the
    sign of a copied key: refused like any other."""
    challenge = _challenge_in(credential)
    step = await steps.take(purpose, challenge)
    row = await Passkey.select().where(Passkey.credential == str(credential.get("id"))).first()
    if row is None or step.account != account or account not in {None, row["account"]}:
        raise PasskeyRefused
    used = _verified(
        lambda: webauthn.verify_authentication_response(
            credential=dict(credential),
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=_host(),
            expected_origin=settings.current().origin,
            credential_public_key=bytes(row["public_key"]),
            credential_current_sign_count=row["sign_count"],
        )
    )
    counted = await Passkey.raw(
        "UPDATE passkey SET sign_count = {}, last_used_at = {} WHERE id = {} AND sign_count = {} "
        "RETURNING id",
        used.new_sign_count,
        datetime.now(UTC),
        row["id"],
        row["sign_count"],
    )
    if not counted:
        raise PasskeyRefused
    return row["account"], used.user_verified


def _verified(verify: Callable[[], _T]) -> _T:
    """The library raises whatever a hostile answer made its parsers stumble over."""
    try:
        return verify()
    except Exception as error:
        _log.info("A passkey was refused: %s", error)
        raise PasskeyRefused from error


def _challenge_in(credential: Mapping[str, Any]) -> str:
    """What the browser says that it answers; only one that we gave is found again."""
    try:
        data = base64url_to_bytes(credential["response"]["clientDataJSON"])
        return str(json.loads(data)["challenge"])
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise PasskeyRefused from error


def _descriptor(row: Mapping[str, Any]) -> PublicKeyCredentialDescriptor:
    return PublicKeyCredentialDescriptor(id=base64url_to_bytes(row["credential"]))


def _json(options: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(webauthn.options_to_json(options))
    return found


def _host() -> str:
    return urlsplit(settings.current().origin).hostname or ""


def _check_possible() -> None:
    if not possible():
        raise NoPasskeysHere
