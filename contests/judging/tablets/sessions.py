"""A tablet's session: a short token that names the device, whose row decides at every request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import jwt

from contests.judging.tablets.errors import DeviceRevoked, DeviceUnknown, ProofWrong, TokenWrong
from contests.judging.tablets.proofs import key_for, read_proof, verify_proof
from contests.statements import run
from contests.tables import Device

LIFE = timedelta(minutes=15)
_ALGORITHM = "HS256"
_AUDIENCE = "tablet"
_LONGEST = 600
_COLUMNS = (
    "id, kid, label, kind, account, competition, contest, facts, last_seq, last_hash, last_seen_at, "
    "revoked_at"
)
_BY_ID = (
    f"SELECT {_COLUMNS}, (SELECT disabled_at FROM account WHERE account.id = device.account) "  # noqa: S608 - our columns
    "AS disabled_at FROM device WHERE id = {}"
)
_OPENED = (
    "UPDATE device SET proved_at = {} WHERE id = {} AND proved_at < {} AND revoked_at IS NULL "
    "RETURNING id"
)


@dataclass(frozen=True, slots=True)
class Tablet:
    """Who asks. `account`: of a judge's own browser; None for a shared tablet. `contest`: None when
    it serves every contest of its competition."""

    id: UUID
    kid: str
    label: str
    kind: str
    account: UUID | None
    competition: UUID | None
    contest: UUID | None
    facts: str
    last_seq: int
    last_hash: str
    last_seen_at: datetime | None


async def open_session(proof: str, *, now: datetime) -> tuple[str, Tablet]:
    """A token for the key that the proof shows. Raises ProofWrong, also the second time that one
    nonce is used; DeviceUnknown; DeviceRevoked."""
    shown = read_proof(proof, now=now)
    row = await Device.select().where(Device.kid == shown.kid, Device.kind != "desk").first()
    if row is None:
        raise DeviceUnknown
    verify_proof(shown, row["public_jwk"])
    if row["revoked_at"] is not None:
        raise DeviceRevoked
    if not await run(_OPENED, shown.issued_at, row["id"], shown.issued_at):
        raise ProofWrong
    claims = {"sub": str(row["id"]), "aud": _AUDIENCE, "exp": int((now + LIFE).timestamp())}
    return jwt.encode(claims, key_for("session"), algorithm=_ALGORITHM), _tablet(row)


async def tablet_of(token: str) -> Tablet:
    """Raises TokenWrong, or DeviceRevoked from the moment of its revocation on."""
    rows = await run(_BY_ID, _read(token))
    if not rows:
        raise DeviceUnknown
    if rows[0]["revoked_at"] is not None:
        raise DeviceRevoked
    if rows[0]["disabled_at"] is not None:
        raise TokenWrong
    return _tablet(rows[0])


def _read(token: str) -> UUID:
    if len(token) > _LONGEST:
        raise TokenWrong
    try:
        claims = jwt.decode(
            token,
            key_for("session"),
            algorithms=[_ALGORITHM],
            audience=_AUDIENCE,
            options={"require": ["sub", "aud", "exp"]},
        )
        return UUID(claims["sub"])
    except (jwt.PyJWTError, ValueError, TypeError, AttributeError):
        raise TokenWrong from None


def _tablet(row: dict[str, Any]) -> Tablet:
    return Tablet(**{name: row[name] for name in Tablet.__dataclass_fields__})
