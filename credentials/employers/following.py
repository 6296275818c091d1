"""Which certificates an employer follows. Only with the paper in hand, or with number and matching name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from core.db import transaction
from core.errors import Conflict, Invalid, NotFound
from core.scoring.model import Finding
from credentials import keyring
from credentials.employers.checking import NO_NUMBER, USED_UP, YES, check
from credentials.employers.states import Stands, read_states
from credentials.employers.tables import Following
from credentials.identifiers import understood
from credentials.tables import Certificate

MOST = 5_000


class NotHeld(Conflict):
    slug = "not-in-hand"
    title = (
        "This can't be followed: number and name don't belong together, or it is no certificate of this"
        " installation. Scan the QR on the paper, or give the name exactly as it is printed."
    )


class TriedOften(Conflict):
    slug = "tried-often"
    title = (
        "Today's {most} comparisons for this certificate are used up. Try again tomorrow, or give the text of"
        " its QR."
    )


@dataclass(frozen=True, slots=True)
class Followed:
    """id: the certificate's. state: a word of `states.py`. since: of its last change, or None."""

    id: str
    state: str
    version: int
    url: str
    followed_at: datetime
    changed_at: datetime | None


async def follow(
    organisation: UUID, certificate: str, name: str = "", *, now: datetime | None = None
) -> Followed:
    """certificate: token, text of the QR, or the number, then with the name. Twice is once."""
    at = now or datetime.now(UTC)
    if not certificate.strip():
        raise Invalid([Finding("/certificate", "credentials.follow-what", {})])
    found = await check(certificate, name, organisation=organisation, now=at)
    if found.match == USED_UP:
        raise TriedOften(most=5)
    held = found.in_hand or found.match == YES
    if found.certificate is None or not held or found.match == NO_NUMBER:
        raise NotHeld
    async with transaction():
        await _insert(organisation, found.certificate, at)
    return await _one(organisation, found.certificate)


async def unfollow(organisation: UUID, id: str) -> None:
    """id: the certificate's. Raises NotFound for one that is not followed."""
    row = await _certificate(id)
    gone = (
        await Following.delete()
        .where(Following.id == following_key(organisation, row["id"]))
        .returning(Following.id)
        if row
        else []
    )
    if not gone:
        raise NotFound(kind="certificate", id=id[:32])


async def followed_by(organisation: UUID, *, limit: int, after: str = "") -> Sequence[Followed]:
    """By number. State and version as they are now."""
    rows = await Following.raw(
        "SELECT f.certificate, f.followed_at, f.changed_at, c.public_id FROM following f"
        " JOIN certificate c ON c.id = f.certificate"
        " WHERE f.organisation = {} AND c.public_id > {} ORDER BY c.public_id LIMIT {}",
        organisation,
        after,
        limit,
    )
    states = await read_states([row["certificate"] for row in rows])
    return [_followed(row, states[row["certificate"]]) for row in rows]


def following_key(organisation: UUID, certificate: UUID) -> UUID:
    return uuid5(organisation, f"follows|{certificate}")


async def _insert(organisation: UUID, certificate: UUID, now: datetime) -> None:
    key = following_key(organisation, certificate)
    if await Following.exists().where(Following.id == key):
        return
    if await Following.count().where(Following.organisation == organisation) >= MOST:
        raise Invalid([Finding("", "credentials.follow-many", {"most": str(MOST)})])
    state = (await read_states([certificate]))[certificate]
    await Following.insert(
        Following(
            id=key,
            organisation=organisation,
            certificate=certificate,
            state=state.word,
            version=state.version,
            followed_at=now,
        )
    ).on_conflict(action="DO NOTHING")


async def _one(organisation: UUID, certificate: UUID) -> Followed:
    rows = await Following.raw(
        "SELECT f.certificate, f.followed_at, f.changed_at, c.public_id FROM following f"
        " JOIN certificate c ON c.id = f.certificate WHERE f.id = {}",
        following_key(organisation, certificate),
    )
    return _followed(rows[0], (await read_states([certificate]))[certificate])


def _followed(row: Mapping[str, Any], state: Stands) -> Followed:
    return Followed(
        row["public_id"],
        state.word,
        state.version,
        keyring.addresses().certificate(row["public_id"]),
        row["followed_at"],
        row["changed_at"],
    )


async def _certificate(id: str) -> dict[str, Any] | None:
    row = (
        await Certificate.select(Certificate.id)
        .where(Certificate.public_id == understood(id))
        .first()
    )
    return dict(row) if row else None
