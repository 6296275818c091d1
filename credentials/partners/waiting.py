"""Certificates that wait for their issuer's own machine: kept sealed, one row each."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from core.privacy import new_key, seal, unseal, unwrap, wrap
from credentials.bulk import insert_new
from credentials.partners.tables import UnsignedCertificate

if TYPE_CHECKING:
    from credentials.issuing import Wanted

SETTLED = UUID(int=0)
"""In the place of a batch: signed as it is wanted. Kept, so that a corrected name can be asked for."""
_WANTED, _ASKED = b"unsigned wanted ", b"unsigned asked "


async def note(wanted: Sequence[Wanted], now: datetime) -> None:
    """Inside the caller's transaction. A newer result takes the place of an older one, also of one
    that has left already: what then comes back is not taken."""
    inserted = await insert_new(UnsignedCertificate, [_row(one, now) for one in wanted])
    for one in wanted:
        if one.key in inserted:
            continue
        row = _row(one, now)
        await UnsignedCertificate.raw(
            "UPDATE unsigned_certificate SET source_version = {}, wrapped_key = {}, sealed_wanted = {},"
            " sealed_asked = NULL, batch = NULL, noted_at = {} WHERE id = {} AND source_version < {}",
            one.source_version,
            row["wrapped_key"],
            row["sealed_wanted"],
            now,
            one.key,
            one.source_version,
        )


def _row(wanted: Wanted, now: datetime) -> dict[str, Any]:
    key = new_key()
    return {
        "id": wanted.key,
        "issuer": wanted.conferred.issuer,
        "person": wanted.person or wanted.key,  # a unit, team or studio stands for itself
        "source_version": wanted.source_version,
        "wrapped_key": wrap(key),
        "sealed_wanted": seal(key, msgspec.json.encode(wanted), _WANTED + wanted.key.bytes),
        "noted_at": now,
    }


def wanted_in(row: Mapping[str, Any], kind: type[Wanted]) -> Wanted:
    plain = unseal(unwrap(row["wrapped_key"]), row["sealed_wanted"], _WANTED + row["id"].bytes)
    return msgspec.json.decode(plain, type=kind)


def seal_asked(row: Mapping[str, Any], asked: Mapping[str, Any]) -> bytes:
    plain = msgspec.json.encode(asked)
    return seal(unwrap(row["wrapped_key"]), plain, _ASKED + row["id"].bytes)


def asked_in(row: Mapping[str, Any]) -> dict[str, Any]:
    context = _ASKED + row["id"].bytes
    plain = unseal(unwrap(row["wrapped_key"]), row["sealed_asked"], context)
    found: dict[str, Any] = msgspec.json.decode(plain)
    return found


async def settle(ids: Collection[UUID]) -> None:
    if ids:
        await UnsignedCertificate.update(
            {UnsignedCertificate.batch: SETTLED, UnsignedCertificate.sealed_asked: None}
        ).where(UnsignedCertificate.id.is_in(list(ids)))


async def drop(ids: Collection[UUID]) -> None:
    """Nobody wants them any more: none of them leaves, and what comes back of them is taken nowhere."""
    if ids:
        await UnsignedCertificate.delete().where(UnsignedCertificate.id.is_in(list(ids)))


async def again(id: UUID) -> None:
    """Lets it leave once more, for the name that its holder has now."""
    await UnsignedCertificate.update(
        {UnsignedCertificate.batch: None, UnsignedCertificate.sealed_asked: None}
    ).where(UnsignedCertificate.id == id)


async def sent(row: UUID, batch: UUID, sealed: bytes) -> None:
    await UnsignedCertificate.update(
        {UnsignedCertificate.batch: batch, UnsignedCertificate.sealed_asked: sealed}
    ).where(UnsignedCertificate.id == row)
