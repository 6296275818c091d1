"""One-time codes that enrol a tablet: ten characters that survive being read aloud, good for 15
minutes. Only a keyed hash of them is stored."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from contests.actions.common import competition_scopes, contest_row, scopes_of
from contests.judging.signing import KeyRefused, read_public_key
from contests.judging.tablets.errors import CodeUsed, ProofWrong
from contests.judging.tablets.proofs import key_for, read_proof, verify_proof
from contests.statements import run
from contests.tables import Device, TabletCode
from core import audit
from core.db import transaction
from core.errors import Conflict, Invalid
from core.scoring.model import Finding
from core.security import Actor, Scope, check

LIFE = timedelta(minutes=15)
LENGTH = 10
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: no I, L, O or U."""
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})
_USE = (
    "UPDATE tablet_code SET used_at = {}, device = {} "
    "WHERE code_hash = {} AND used_at IS NULL AND expires_at > {} "
    "RETURNING competition, contest, label, created_by"
)
_USED_BY = (
    "SELECT d.label FROM tablet_code c JOIN device d ON d.id = c.device "
    "WHERE c.code_hash = {} AND c.expires_at > {} AND d.kid = {} AND d.revoked_at IS NULL"
)


@dataclass(frozen=True, slots=True)
class MadeCode:
    code: str
    label: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What the new tablet is told of itself."""

    kid: str
    label: str


async def make_code(
    by: Actor, contest: UUID, *, label: str, competition: bool, now: datetime
) -> MadeCode:
    """For one tablet that serves the contest, or with `competition` every contest beside it."""
    row = await contest_row(contest)
    scope = await _scope(by, contest, row["competition"] if competition else None)
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    made = MadeCode(code, label.strip()[:80], now + LIFE)
    async with transaction():
        await TabletCode.insert(
            TabletCode(
                id=uuid4(),
                code_hash=_hash(code),
                competition=row["competition"],
                contest=None if competition else contest,
                label=made.label,
                created_by=by.account,
                created_at=now,
                expires_at=made.expires_at,
            )
        )
        after = {"label": made.label}
        await audit.record(by, "tablet.code_made", scope=scope, after=after)
    return made


async def enrol_tablet(
    *, code: str, jwk: Mapping[str, Any], label: str, proof: str, now: datetime
) -> Enrolment:
    """Uses the code up. The same key may repeat it while the code lasts: its answer may have been
    lost. Raises CodeUsed, ProofWrong, Invalid or Conflict."""
    try:
        kid, public_jwk = read_public_key(jwk)
    except KeyRefused as error:
        raise Invalid([Finding("/jwk", "key-refused", {"reason": str(error)})]) from error
    shown = read_proof(proof, now=now)
    if shown.kid != kid:
        raise ProofWrong
    verify_proof(shown, public_jwk)
    digest = _hash(read_as(code))
    again = await run(_USED_BY, digest, now, kid)
    if again:
        return Enrolment(kid, again[0]["label"])
    return await _enrol(digest, kid, public_jwk, label=label.strip()[:80], now=now)


def read_as(typed: str) -> str:
    """Small letters, hyphens and the letters that look like digits are forgiven."""
    return typed.upper().translate(_READ_AS)


async def _enrol(digest: str, kid: str, public_jwk: str, *, label: str, now: datetime) -> Enrolment:
    device = uuid4()
    async with transaction():
        used = await run(_USE, now, device, digest, now)
        if not used:
            raise CodeUsed
        code = used[0]
        name = label or code["label"] or kid
        await Device.insert(
            Device(
                id=device,
                account=None,
                kind="tablet",
                competition=code["competition"],
                contest=code["contest"],
                kid=kid,
                public_jwk=public_jwk,
                label=name,
                enrolled_at=now,
                last_seen_at=now,
            )
        ).on_conflict(action="DO NOTHING")
        if not await Device.exists().where(Device.id == device):
            raise Conflict([Finding("/jwk", "key-taken", {})])
        place = ("contest", code["contest"]) if code["contest"] else ("competition", code["competition"])  # fmt: skip
        await audit.record(
            Actor(code["created_by"], ""),
            "tablet.enrolled",
            scope=Scope(place[0], str(place[1])),
            subject=kid,
            after={"label": name},
        )
    return Enrolment(kid, name)


async def _scope(by: Actor, contest: UUID, competition: UUID | None) -> Scope:
    if competition is None:
        check(by, "contest.tablets", *await scopes_of(contest))
        return Scope("contest", str(contest))
    check(by, "contest.tablets", *await competition_scopes(competition))
    return Scope("competition", str(competition))


def _hash(code: str) -> str:
    return hmac.new(key_for("code"), code.encode(), hashlib.sha256).hexdigest()
