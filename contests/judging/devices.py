"""Enrolling and revoking the keys that judges' devices sign with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from contests.judging.signing import KeyRefused, read_public_key, receipt_public_jwk
from contests.tables import Device
from core import audit
from core.db import transaction
from core.errors import Conflict, Invalid, NotFound, Unauthenticated
from core.scoring.model import Finding
from core.security import Actor, check


async def enrol_device(
    by: Actor, *, public_jwk: Mapping[str, Any], label: str = "", now: datetime | None = None
) -> str:
    """Makes a key this account's, and returns its kid. Enrolling the same key again changes
    nothing; another account's key is refused."""
    if by.account is None:
        raise Unauthenticated
    try:
        kid, text = read_public_key(public_jwk)
    except KeyRefused as error:
        raise Invalid([Finding("/public_jwk", "key-refused", {"reason": str(error)})]) from error
    async with transaction():
        row = await Device.select().where(Device.kid == kid).first()
        if row is not None:
            _same(row, by)
            return kid
        if kid == read_public_key(receipt_public_jwk())[0]:
            # The paper desk's: anybody can read it, nobody may take its place.
            raise Conflict([Finding("/public_jwk", "key-taken", {})])
        await Device.insert(
            Device(
                id=uuid4(),
                account=by.account,
                kid=kid,
                public_jwk=text,
                label=label[:80],
                enrolled_at=now or datetime.now(UTC),
            )
        )
        await audit.record(by, "enrol_device", subject=kid)
    return kid


async def revoke_device(by: Actor, kid: str, *, now: datetime | None = None) -> None:
    """No sheet of this key is taken any more; those that were taken stay."""
    row = await Device.select(Device.account).where(Device.kid == kid).first()
    if row is None:
        raise NotFound(kind="device", id=kid)
    if row["account"] != by.account:
        check(by, "account.manage")
    async with transaction():
        await Device.update({Device.revoked_at: now or datetime.now(UTC)}).where(
            Device.kid == kid, Device.revoked_at.is_null()
        )
        await audit.record(by, "revoke_device", subject=kid)


def _same(row: Mapping[str, Any], by: Actor) -> None:
    if row["account"] != by.account:
        raise Conflict([Finding("/public_jwk", "key-taken", {})])
    if row["revoked_at"] is not None:
        raise Conflict([Finding("/public_jwk", "key-revoked", {})])
