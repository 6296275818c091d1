"""Links that let a person in once: made by whoever hands certificates out, over after some weeks.

A link opens what its maker may see of the person anyway, and nothing of other organisers; links of
several organisers add up in one log-in. A new one of a contest ends those of it that were not used
yet. Every use stays in the person's history, so nobody else's stays unseen.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from core import audit, enclosing
from core.db import transaction
from core.errors import Invalid, JiangxinError, NotFound
from core.privacy import keyed_hash
from core.scoring.model import Finding
from core.security import Actor, Scope, check
from core.settings import current
from credentials.holder.tables import HolderLink
from credentials.scopes import issuer_scopes
from credentials.tables import Certificate

PERMISSION = "person.read"
"""Within the contest: whoever sees its entrants' names anyway."""
DAYS, LONGEST_DAYS = 30, 90
_BYTES = 24
_LONGEST_TOKEN = 64
_INSERTED = 500


class HolderLinkOver(JiangxinError):
    slug = "holder-link-over"
    title = (
        "This link was used already, has expired, or a newer one has replaced it. Ask the organiser"
        " for a new one."
    )
    status = 404


@dataclass(frozen=True, slots=True)
class Opened:
    """Whom a link lets in, and what of."""

    link: UUID
    person: UUID
    contests: frozenset[str]
    issuers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a person has come with the newest link of a contest: "none", "waiting", "expired" or
    "opened"."""

    state: str = "none"
    made_at: datetime | None = None
    used_at: datetime | None = None


async def make_link(by: Actor, contest: UUID, person: UUID, *, days: int = DAYS) -> str:
    """The whole address, which can't be read again later. Raises NotFound for somebody without a
    certificate of this contest."""
    return (await make_links(by, contest, [person], days=days))[person]


async def make_links(
    by: Actor, contest: UUID, persons: Sequence[UUID], *, days: int = DAYS
) -> dict[UUID, str]:
    """Person -> address."""
    scope = Scope("contest", str(contest))
    check(by, PERMISSION, *await enclosing.scopes(scope))
    if not 1 <= days <= LONGEST_DAYS:
        params = {"most": str(LONGEST_DAYS)}
        raise Invalid([Finding("/days", "credentials.holder-days", params)])
    held = await _held(contest, persons)
    if unknown := [person for person in persons if person not in held]:
        raise NotFound(kind="person", id=unknown[0])
    reach = await _reach(by, held)
    tokens = {person: secrets.token_urlsafe(_BYTES) for person in persons}
    now = datetime.now(UTC)
    rows = [
        _row(by, contest, person, tokens[person], reach[person], now, days) for person in persons
    ]
    async with transaction():
        for start in range(0, len(rows), _INSERTED):
            some = rows[start : start + _INSERTED]
            await _end_unused(contest, [row.person for row in some], now)
            await HolderLink.insert(*some)
        after = {"links": len(rows), "days": days}
        await audit.record(by, "holder.links_made", scope=scope, after=after)
    return {person: address_of(token) for person, token in tokens.items()}


def address_of(token: str) -> str:
    return f"{current().origin}/mine/in/{token}"


async def look_at(token: str, now: datetime | None = None) -> bool:
    """Whether its button would let somebody in. Uses nothing up."""
    return await _open(token, now or datetime.now(UTC)) is not None


async def use(token: str, now: datetime) -> Opened:
    """Uses the link up, inside the caller's transaction. Raises HolderLinkOver, the second time too."""
    row = await _open(token, now)
    taken = row and await HolderLink.raw(
        "UPDATE holder_link SET used_at = {} WHERE id = {} AND used_at IS NULL"
        " AND ended_at IS NULL RETURNING id",
        now,
        row["id"],
    )
    if not row or not taken:
        raise HolderLinkOver
    contests, issuers = json.loads(row["contests"]), json.loads(row["issuers"])
    return Opened(row["id"], row["person"], frozenset(contests), frozenset(issuers))


async def standings(contest: UUID, now: datetime | None = None) -> dict[UUID, Standing]:
    """Of every person for whom a link was made in this contest, by the newest one."""
    at, found = now or datetime.now(UTC), dict[UUID, Standing]()
    rows = (
        await HolderLink.select(
            HolderLink.person, HolderLink.made_at, HolderLink.used_at, HolderLink.ended_at,
            HolderLink.expires_at,
        )
        .where(HolderLink.contest == str(contest))
        .order_by(HolderLink.made_at)
    )  # fmt: skip
    for row in rows:
        waits = row["ended_at"] is None and row["expires_at"] > at
        state = "opened" if row["used_at"] else "waiting" if waits else "expired"
        found[row["person"]] = Standing(state, row["made_at"], row["used_at"])
    return found


async def _open(token: str, now: datetime) -> dict[str, Any] | None:
    if not token or len(token) > _LONGEST_TOKEN:
        return None
    row: dict[str, Any] | None = (
        await HolderLink.select()
        .where(
            HolderLink.token_hash == _hash(token),
            HolderLink.used_at.is_null(),
            HolderLink.ended_at.is_null(),
            HolderLink.expires_at > now,
        )
        .first()
    )
    return row


async def _end_unused(contest: UUID, persons: Sequence[UUID], now: datetime) -> None:
    await HolderLink.update({HolderLink.ended_at: now}).where(
        HolderLink.contest == str(contest),
        HolderLink.person.is_in(list(persons)),
        HolderLink.used_at.is_null(),
        HolderLink.ended_at.is_null(),
    )


async def _held(contest: UUID, persons: Sequence[UUID]) -> dict[UUID, list[tuple[str, str]]]:
    """(contest, issuer) of everything that those hold who hold something of this contest."""
    found: dict[UUID, list[tuple[str, str]]] = {}
    for start in range(0, len(persons), _INSERTED):
        rows = await Certificate.select(
            Certificate.person, Certificate.contest, Certificate.issuer
        ).where(Certificate.person.is_in(list(persons[start : start + _INSERTED])))
        for row in rows:
            found.setdefault(row["person"], []).append((row["contest"], row["issuer"]))
    own = str(contest)
    return {person: held for person, held in found.items() if any(one == own for one, _ in held)}


async def _reach(
    by: Actor, held: Mapping[UUID, Sequence[tuple[str, str]]]
) -> dict[UUID, tuple[list[str], list[str]]]:
    """What the maker may see of each: contests by their entrants' names, issuers by their lists."""
    contests = {contest for pairs in held.values() for contest, _ in pairs if contest}
    issuers = {issuer for pairs in held.values() for _, issuer in pairs}
    seen = {contest for contest in contests if await _sees_contest(by, contest)}
    listed = {code for code in issuers if by.may("certificate.read", *await issuer_scopes(code))}
    return {
        person: (
            sorted({contest for contest, _ in pairs} & seen),
            sorted({issuer for _, issuer in pairs} & listed),
        )
        for person, pairs in held.items()
    }


async def _sees_contest(by: Actor, contest: str) -> bool:
    try:
        scopes = await enclosing.scopes(Scope("contest", contest))
    except NotFound:
        return False
    return by.may(PERMISSION, *scopes)


def _row(
    by: Actor,
    contest: UUID,
    person: UUID,
    token: str,
    reach: tuple[list[str], list[str]],
    now: datetime,
    days: int,
) -> HolderLink:
    return HolderLink(
        id=uuid4(),
        person=person,
        contest=str(contest),
        token_hash=_hash(token),
        contests=json.dumps(reach[0]),
        issuers=json.dumps(reach[1]),
        made_by=by.account,
        made_at=now,
        expires_at=now + timedelta(days=days),
    )


def _hash(token: str) -> str:
    return keyed_hash("holder link", token)
