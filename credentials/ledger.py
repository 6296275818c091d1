"""The issuer's ledger: positions, statuses and who holds what. Inside the caller's transaction."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from credentials.identifiers import NAMESPACE
from credentials.lifecycle import past
from credentials.status import BLOCK, Status, permuted
from credentials.tables import Certificate, CertificateVersion, StatusBlock


async def reserve_positions(issuer: str, count: int) -> list[int]:
    """So many positions that nobody else gets, random to see."""
    positions: list[int] = []
    while len(positions) < count:
        block = await _open_block(issuer)
        positions += await _take(block, count - len(positions))
    return positions


async def _open_block(issuer: str) -> dict[str, Any]:
    newest = (
        await StatusBlock.select()
        .where(StatusBlock.issuer == issuer)
        .order_by(StatusBlock.block, ascending=False)
        .first()
    )
    if newest and newest["used"] < BLOCK:
        return dict(newest)
    block = newest["block"] + 1 if newest else 1
    id = uuid5(NAMESPACE, f"block|{issuer}|{block}")
    row = StatusBlock(id=id, issuer=issuer, block=block, seed=secrets.token_bytes(16))
    await StatusBlock.insert(row).on_conflict(action="DO NOTHING")
    found = await StatusBlock.select().where(StatusBlock.id == id).first()
    return dict(found or {})


async def _take(block: dict[str, Any], count: int) -> list[int]:
    # The UPDATE is the lock: whoever comes second continues where the first one stopped.
    rows = await StatusBlock.raw(
        "UPDATE status_block SET used = used + {} WHERE id = {} AND used + {} <= {} RETURNING used",
        count,
        block["id"],
        count,
        BLOCK,
    )
    if not rows:
        current = await StatusBlock.select().where(StatusBlock.id == block["id"]).first()
        left = BLOCK - (current["used"] if current else BLOCK)
        return await _take(block, min(left, count)) if left else []
    used, seed = rows[0]["used"], bytes(block["seed"])
    start = block["block"] * BLOCK
    return [start + permuted(seed, counter) for counter in range(used - count, used)]


async def set_status(versions: Sequence[dict[str, Any]], status: Status) -> None:
    """Sets the status of these CertificateVersion rows and marks their blocks as changed."""
    if not versions:
        return
    ids = [row["id"] for row in versions]
    await CertificateVersion.update({CertificateVersion.status: int(status)}).where(
        CertificateVersion.id.is_in(ids)
    )
    for issuer, block in sorted({(row["issuer"], row["position"] // BLOCK) for row in versions}):
        await StatusBlock.raw(
            "UPDATE status_block SET revision = revision + 1 WHERE issuer = {} AND block = {}",
            issuer,
            block,
        )


async def current_versions(certificates: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """The newest version row of each certificate."""
    places = ", ".join("{}" for _ in certificates)
    sql = (
        "SELECT v.id, v.certificate, v.n, v.issuer, v.position, v.status"
        " FROM certificate c JOIN certificate_version v ON v.id = c.current WHERE c.id IN ("
    )
    rows = await Certificate.raw(sql + places + ")", *certificates)
    return {row["certificate"]: row for row in rows}


async def revoke(
    certificate: dict[str, Any],
    *,
    cause: str,
    reason: str,
    authority: str,
    now: datetime,
    status: Status = Status.REVOKED,
) -> None:
    """Withdraws a certificate with its newest version. status: REPLACED where another one took its
    place."""
    versions = await current_versions([certificate["id"]])
    await set_status(list(versions.values()), status)
    await Certificate.update(
        {
            Certificate.state: "revoked",
            Certificate.cause: cause,
            Certificate.reason: reason,
            Certificate.authority: authority,
            Certificate.changed_at: now,
        }
    ).where(Certificate.id == certificate["id"])
    await past.note([certificate["id"]], "revoked", now=now, reason=reason, authority=authority)
