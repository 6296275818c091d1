"""Keys for an employer's programs: made, rotated, revoked, and recognised.

A key is `jx_PREFIX_SECRET`. Only the prefix and a SHA-256 of the whole stand in the database: with 256
random bits in it, a hash that leaked opens nothing and can't be tried out.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from core import audit
from core.db import transaction
from core.errors import Conflict, Invalid, NotFound
from core.scoring.model import Finding
from core.security import Actor
from core.web.session import PROGRAM_KEYS
from credentials.employers.access import check_belongs, scope_of
from credentials.employers.tables import EmployerKey

VERIFY, BULK, FOLLOW = SCOPES = ("verify", "bulk", "follow")
"""Of an employer's key."""
EXCHANGE = "exchange"
"""Of an authority's, for its own database (credentials.records.exchange)."""
MOST_KEYS = 10
LONGEST_NAME = 60
MOST_DAYS, MOST_HOURS = 366, 24 * 14
SEEN_EVERY = timedelta(minutes=5)
_PREFIX = "abcdefghijkmnpqrstuvwxyz23456789"
_KEY = re.compile(rf"{PROGRAM_KEYS}([a-z2-9]{{8}})_[A-Za-z0-9_-]{{43}}")
_NOTHING = hashlib.sha256(b"no key").hexdigest()


class KeyOver(Conflict):
    slug = "key-over"
    title = "This API key has ended, was revoked or was rotated already. Make a new one."


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose key it is, what it may do, and which account made it."""

    key: UUID
    organisation: UUID
    scopes: frozenset[str]
    made_by: UUID | None


@dataclass(frozen=True, slots=True)
class Made:
    """text: the key itself, known now and never again."""

    id: UUID
    text: str
    name: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Known:
    """shown: as far as a key is shown again. state: "in_use", "ending" (rotated), "revoked", "over"."""

    id: UUID
    name: str
    shown: str
    scopes: Sequence[str]
    made_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    state: str


async def make_key(
    by: Actor, employer: UUID, *, name: str, scopes: Sequence[str], days: int
) -> Made:
    check_belongs(by, employer)
    return await issue_key(by, employer, name=name, scopes=scopes, days=days, known=SCOPES)


async def issue_key(
    by: Actor, employer: UUID, *, name: str, scopes: Sequence[str], days: int, known: Sequence[str]
) -> Made:
    """For a caller that has asked whether `by` may. known: the scopes that there are to choose from."""
    now, name = datetime.now(UTC), name.strip()
    async with transaction():
        if wrong := [*_findings(name, scopes, days, known), *await _room(employer, now)]:
            raise Invalid(wrong)
        kept = [scope for scope in known if scope in scopes]
        made = await _insert(by, employer, name, kept, now, now + timedelta(days=days))
        after = {"scopes": kept, "until": made.expires_at.isoformat()}
        await _noted(by, "employer.key_made", employer, made.id, after)
    return made


async def rotate_key(by: Actor, employer: UUID, key: UUID, *, hours: int) -> Made:
    """A new key with the same name, scopes and life; the old one goes on for `hours`, 0 ends it now."""
    check_belongs(by, employer)
    return await replace_key(by, employer, key, hours=hours)


async def replace_key(by: Actor, employer: UUID, key: UUID, *, hours: int) -> Made:
    """`rotate_key` for a caller that has asked whether `by` may."""
    now = datetime.now(UTC)
    if not 0 <= hours <= MOST_HOURS:
        params = {"most": str(MOST_HOURS)}
        raise Invalid([Finding("/hours", "credentials.key-overlap", params)])
    async with transaction():
        row = await _in_use(employer, key, now)
        until = now + (row["expires_at"] - row["made_at"])
        scopes = row["scopes"].split(",")
        made = await _insert(by, employer, row["name"], scopes, now, until)
        ends = min(row["expires_at"], now + timedelta(hours=hours))
        moved = (
            await EmployerKey.update(
                {EmployerKey.replaced_by: made.id, EmployerKey.expires_at: ends}
            )
            .where(EmployerKey.id == key, EmployerKey.replaced_by.is_null())
            .returning(EmployerKey.id)
        )
        if not moved:
            raise KeyOver
        after = {"by": str(made.id), "ends": ends.isoformat()}
        await _noted(by, "employer.key_rotated", employer, key, after)
    return made


async def revoke_key(by: Actor, employer: UUID, key: UUID) -> None:
    """At once. Twice is once."""
    check_belongs(by, employer)
    await end_key(by, employer, key)


async def end_key(by: Actor, employer: UUID, key: UUID) -> None:
    """`revoke_key` for a caller that has asked whether `by` may."""
    async with transaction():
        if not await EmployerKey.exists().where(
            EmployerKey.id == key, EmployerKey.organisation == employer
        ):
            raise NotFound(kind="API key", id=key)
        moved = (
            await EmployerKey.update({EmployerKey.revoked_at: datetime.now(UTC)})
            .where(EmployerKey.id == key, EmployerKey.revoked_at.is_null())
            .returning(EmployerKey.id)
        )
        if moved:
            await _noted(by, "employer.key_revoked", employer, key, {})


async def keys_of(employer: UUID, *, now: datetime | None = None) -> Sequence[Known]:
    """The newest first."""
    at = now or datetime.now(UTC)
    rows = (
        await EmployerKey.select()
        .where(EmployerKey.organisation == employer)
        .order_by(EmployerKey.made_at, ascending=False)
    )
    return [_known(row, at) for row in rows]


async def caller_of(text: str, *, now: datetime | None = None) -> Caller | None:
    """Whose key this is; None for one that is unknown, revoked or over, after the same work."""
    at, found = now or datetime.now(UTC), _KEY.fullmatch(text)
    row = (
        await EmployerKey.select().where(EmployerKey.prefix == found[1]).first() if found else None
    )
    fits = hmac.compare_digest(_hash(text), row["secret_hash"] if row else _NOTHING)
    if row is None or not fits or row["revoked_at"] is not None or row["expires_at"] <= at:
        return None
    if row["last_used_at"] is None or at - row["last_used_at"] > SEEN_EVERY:
        await EmployerKey.update({EmployerKey.last_used_at: at}).where(EmployerKey.id == row["id"])
    scopes = frozenset(row["scopes"].split(","))
    return Caller(row["id"], row["organisation"], scopes, row["made_by"])


def _findings(name: str, scopes: Sequence[str], days: int, known: Sequence[str]) -> list[Finding]:
    found = []
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
        found.append(Finding("/name", "credentials.key-name", {"most": str(LONGEST_NAME)}))
    if not scopes or set(scopes) - set(known):
        found.append(Finding("/scopes", "credentials.key-scopes", {"known": ", ".join(known)}))
    if not 1 <= days <= MOST_DAYS:
        found.append(Finding("/days", "credentials.key-days", {"most": str(MOST_DAYS)}))
    return found


async def _room(employer: UUID, now: datetime) -> list[Finding]:
    count = await EmployerKey.count().where(
        EmployerKey.organisation == employer,
        EmployerKey.revoked_at.is_null(),
        EmployerKey.expires_at > now,
    )
    if count < MOST_KEYS:
        return []
    return [Finding("", "credentials.key-many", {"most": str(MOST_KEYS)})]


async def _insert(
    by: Actor, employer: UUID, name: str, scopes: Sequence[str], now: datetime, until: datetime
) -> Made:
    prefix = "".join(secrets.choice(_PREFIX) for _ in range(8))
    text, id_ = f"{PROGRAM_KEYS}{prefix}_{secrets.token_urlsafe(32)}", uuid4()
    await EmployerKey.insert(
        EmployerKey(
            id=id_,
            organisation=employer,
            prefix=prefix,
            secret_hash=_hash(text),
            name=name,
            scopes=",".join(scopes),
            made_by=by.account,
            made_at=now,
            expires_at=until,
        )
    )
    return Made(id_, text, name, until)


async def _in_use(employer: UUID, key: UUID, now: datetime) -> dict[str, Any]:
    row = (
        await EmployerKey.select()
        .where(EmployerKey.id == key, EmployerKey.organisation == employer)
        .first()
    )
    if row is None:
        raise NotFound(kind="API key", id=key)
    if row["revoked_at"] or row["replaced_by"] or row["expires_at"] <= now:
        raise KeyOver
    return dict(row)


def _known(row: dict[str, Any], now: datetime) -> Known:
    state = "ending" if row["replaced_by"] else "in_use"
    if row["expires_at"] <= now:
        state = "over"
    if row["revoked_at"]:
        state = "revoked"
    return Known(
        row["id"],
        row["name"],
        f"{PROGRAM_KEYS}{row['prefix']}_…",
        row["scopes"].split(","),
        row["made_at"],
        row["expires_at"],
        row["last_used_at"],
        state,
    )


async def _noted(by: Actor, action: str, employer: UUID, key: UUID, after: dict[str, Any]) -> None:
    await audit.record(by, action, scope=scope_of(employer), subject=str(key), after=after)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
