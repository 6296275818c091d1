"""Sealing and reading of who an entry is and which entry a code is. Inside the caller's transaction.

Only `contests/actions` and the organiser's queries come here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID, uuid5

from piccolo.custom_types import Combinable

from contests.identity.tables import (
    IdentityKey,
    SealedCode,
    SealedDraw,
    SealedIdentity,
    SealedTeam,
)
from core.privacy import keyed_hash, new_key, seal, unseal, unwrap, wrap
from core.scoring.codec import canonical

_CHUNK = 2000
_INSERTED = 500


async def contest_key(contest: UUID, *, now: datetime) -> bytes:
    """The contest's sealing key, made the first time."""
    found = await _key(contest)
    if found is not None:
        return found
    await IdentityKey.insert(
        IdentityKey(id=contest, wrapped_key=wrap(new_key()), created_at=now)
    ).on_conflict(action="DO NOTHING")
    found = await _key(contest)
    if found is None:
        raise RuntimeError(f"contest {contest} has no sealing key")
    return found


async def seal_members(
    contest: UUID,
    entry: UUID,
    persons: Sequence[UUID],
    *,
    team: Mapping[str, str] | None = None,
    now: datetime,
) -> None:
    """Writes who an entry is, in the order of the team."""
    await seal_entries(contest, [(entry, persons, team or {})], now=now)


async def seal_entries(
    contest: UUID,
    entries: Sequence[tuple[UUID, Sequence[UUID], Mapping[str, str]]],
    *,
    now: datetime,
) -> None:
    """Writes who many entries are: entry, persons in the order of the team, its public name."""
    key = await contest_key(contest, now=now)
    rows = [
        SealedIdentity(
            id=uuid5(entry, str(position)),
            contest=contest,
            entry=entry,
            position=position,
            sealed_person=seal(key, person.bytes, _identity_context(entry, position)),
            person_hash=person_hash(person),
        )
        for entry, persons, _ in entries
        for position, person in enumerate(persons, 1)
    ]
    teams = [
        SealedTeam(
            id=entry,
            contest=contest,
            sealed_title=seal(key, canonical(dict(team)), b"team|" + entry.bytes),
        )
        for entry, _, team in entries
        if team
    ]
    for start in range(0, len(rows), _INSERTED):
        await SealedIdentity.insert(*rows[start : start + _INSERTED])
    for start in range(0, len(teams), _INSERTED):
        await SealedTeam.insert(*teams[start : start + _INSERTED])


async def reseal_members(
    contest: UUID,
    entry: UUID,
    persons: Sequence[UUID],
    *,
    team: Mapping[str, str],
    now: datetime,
) -> None:
    """Other members, another order or another public name, while nothing on record names them."""
    await SealedIdentity.delete().where(SealedIdentity.entry == entry)
    await SealedTeam.delete().where(SealedTeam.id == entry)
    await seal_entries(contest, [(entry, persons, team)], now=now)


async def persons_of(
    contest: UUID, entries: Sequence[UUID] | None = None
) -> dict[str, tuple[UUID, ...]]:
    """Entry id -> persons in the order of the team; an erased person is left out. entries: only
    these, by default all of the contest."""
    key = await _key(contest)
    if key is None or entries == []:
        return {}
    mine = SealedIdentity.contest == contest
    if entries is None:
        return await _members(key, mine)
    found: dict[str, tuple[UUID, ...]] = {}
    for start in range(0, len(entries), _CHUNK):
        some = SealedIdentity.entry.is_in(list(entries[start : start + _CHUNK]))
        found |= await _members(key, mine & some)
    return found


async def _members(key: bytes, which: Combinable) -> dict[str, tuple[UUID, ...]]:
    rows = (
        await SealedIdentity.select(
            SealedIdentity.entry, SealedIdentity.position, SealedIdentity.sealed_person
        )
        .where(which)
        .order_by(SealedIdentity.position)
    )
    found: dict[str, tuple[UUID, ...]] = {}
    for row in rows:
        if row["sealed_person"] is not None:
            context = _identity_context(row["entry"], row["position"])
            person = UUID(bytes=unseal(key, bytes(row["sealed_person"]), context))
            found[str(row["entry"])] = (*found.get(str(row["entry"]), ()), person)
    return found


async def teams_of(contest: UUID) -> dict[str, dict[str, str]]:
    """Entry id -> the team's public name."""
    key = await _key(contest)
    rows = await SealedTeam.select().where(SealedTeam.contest == contest) if key else []
    return {
        str(row["id"]): json.loads(
            unseal(key or b"", bytes(row["sealed_title"]), b"team|" + row["id"].bytes)
        )
        for row in rows
        if row["sealed_title"] is not None
    }


async def persons_entered(contest: UUID) -> set[str]:
    """`person_hash` of everybody in the contest."""
    rows = await SealedIdentity.select(SealedIdentity.person_hash).where(
        SealedIdentity.contest == contest
    )
    return {row["person_hash"] for row in rows}


def person_hash(person: UUID) -> str:
    return keyed_hash("person", str(person))


async def seal_codes(
    contest: UUID, module: str, codes: Mapping[str, str], *, seed: bytes = b"", now: datetime
) -> None:
    """Writes code -> entry id of one module, and the draw's seed."""
    key = await contest_key(contest, now=now)
    rows = [
        SealedCode(
            id=code_id(contest, module, code),
            contest=contest,
            module=module,
            code=code,
            sealed_entry=seal(key, UUID(entry).bytes, _code_context(module, code)),
        )
        for code, entry in codes.items()
    ]
    for start in range(0, len(rows), _CHUNK):
        await SealedCode.insert(*rows[start : start + _CHUNK])
    if seed:
        sealed = seal(key, seed, b"draw|" + module.encode())
        await SealedDraw.insert(
            SealedDraw(
                id=uuid5(contest, f"draw|{module}"),
                contest=contest,
                module=module,
                sealed_seed=sealed,
            )
        )


async def codes_of(contest: UUID) -> dict[str, dict[str, str]]:
    """Module -> code -> entry id, unsealed."""
    key = await _key(contest)
    rows = (
        await SealedCode.select().where(SealedCode.contest == contest).order_by(SealedCode.code)
        if key
        else []
    )
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        if row["sealed_entry"] is not None:
            context = _code_context(row["module"], row["code"])
            entry = UUID(bytes=unseal(key or b"", bytes(row["sealed_entry"]), context))
            found.setdefault(row["module"], {})[row["code"]] = str(entry)
    return found


async def seeds_of(contest: UUID) -> dict[str, bytes]:
    """Module -> the seed of its draw; none for a draw made on paper."""
    key = await _key(contest)
    rows = await SealedDraw.select().where(SealedDraw.contest == contest) if key else []
    return {
        row["module"]: unseal(
            key or b"", bytes(row["sealed_seed"]), b"draw|" + row["module"].encode()
        )
        for row in rows
    }


async def codes_taken(contest: UUID) -> dict[str, list[str]]:
    """Module -> codes in use, without whose they are."""
    rows = await SealedCode.select(SealedCode.module, SealedCode.code).where(
        SealedCode.contest == contest
    )
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row["module"], []).append(row["code"])
    return found


async def code_exists(contest: UUID, module: str, code: str) -> bool:
    found: bool = await SealedCode.exists().where(SealedCode.id == code_id(contest, module, code))
    return found


async def hand_over(contest: UUID, old: str, new: str, *, now: datetime) -> None:
    """Every code of one entry becomes another's; no other code changes."""
    key = await contest_key(contest, now=now)
    for module, codes in (await codes_of(contest)).items():
        for code, entry in codes.items():
            if entry == old:
                sealed = seal(key, UUID(new).bytes, _code_context(module, code))
                await SealedCode.update({SealedCode.sealed_entry: sealed}).where(
                    SealedCode.id == code_id(contest, module, code)
                )


def code_id(contest: UUID, module: str, code: str) -> UUID:
    return uuid5(contest, f"{module}|{code}")


async def _key(contest: UUID) -> bytes | None:
    row = await IdentityKey.select(IdentityKey.wrapped_key).where(IdentityKey.id == contest).first()
    return unwrap(bytes(row["wrapped_key"])) if row and row["wrapped_key"] else None


def _identity_context(entry: UUID, position: int) -> bytes:
    return b"identity|" + entry.bytes + str(position).encode()


def _code_context(module: str, code: str) -> bytes:
    return f"code|{module}|{code}".encode()
