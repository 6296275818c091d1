"""What leaves for a partner: what is still due, and the very bytes that are asked for.

Inside the caller's transaction.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from credentials import issuing, keyring, ledger
from credentials.cwt import claims_bytes
from credentials.encoding import to_base64url, to_json
from credentials.issuing import Signing, Wanted
from credentials.partners import waiting
from credentials.partners.batch import Asked, UnsignedBatch, write_unsigned
from credentials.partners.fields import reduced
from credentials.partners.tables import PartnerBatch
from credentials.records.tables import Proposal
from credentials.rendering import printed_of


async def still_due(
    rows: Sequence[tuple[dict[str, Any], tuple[str, ...]]],
) -> list[tuple[dict[str, Any], tuple[str, ...], Signing]]:
    """Without those that are signed already, and those whose grant was taken back."""
    if not rows:
        return []
    wanted = [waiting.wanted_in(row, Wanted) for row, _ in rows]
    granted = await _granted([one.proposal for one in wanted if one.proposal])
    signings = await issuing.signings_for(wanted)
    due = []
    for (row, fields), one, signing in zip(rows, wanted, signings, strict=True):
        if signing is None:
            await waiting.settle([row["id"]])
        elif one.proposal is None or one.proposal in granted:
            due.append((row, fields, signing))
    return due


async def _granted(proposals: Sequence[UUID]) -> set[UUID]:
    if not proposals:
        return set()
    rows = await Proposal.select(Proposal.id).where(
        Proposal.id.is_in(list(proposals)), Proposal.state == "granted"
    )
    return {row["id"] for row in rows}


async def written(
    issuer: str,
    kid: str,
    due: Sequence[tuple[dict[str, Any], tuple[str, ...], Signing]],
    now: datetime,
) -> tuple[UnsignedBatch, bytes]:
    id, addresses = uuid4(), keyring.addresses()
    positions = await ledger.reserve_positions(issuer, len(due))
    asked = []
    for (row, fields, signing), position in zip(due, positions, strict=True):
        one = _asked(signing, position, fields, now)
        await waiting.sent(
            row["id"], id, waiting.seal_asked(row, _kept(one, signing, position, now))
        )
        asked.append(one)
    batch = UnsignedBatch(id, addresses.issuer(issuer), addresses.key(kid), tuple(asked))
    return batch, write_unsigned(batch)


def _asked(signing: Signing, position: int, fields: Sequence[str], now: datetime) -> Asked:
    document = reduced(issuing.document_of(signing, position, now), fields)
    wanted, conferred = signing.wanted, signing.wanted.conferred
    about = {
        "public_id": signing.public_id,
        "kind": conferred.kind,
        "title_code": conferred.title_code,
        "grade": conferred.grade,
        "position": position,
        "valid_until": wanted.valid_until,
        "notice_until": conferred.notice_until,
    }
    return Asked(to_json(document).decode(), claims_bytes(printed_of(about, signing.name, now)))


def _kept(asked: Asked, signing: Signing, position: int, now: datetime) -> Mapping[str, Any]:
    """Everything that is needed when it comes back, beside what it rests on."""
    return {
        "document": asked.document,
        "paper": to_base64url(asked.paper),
        "position": position,
        "n": signing.n,
        "public_id": signing.public_id,
        "name": signing.name,
        "title": signing.title,
        "content": signing.content,
        "at": now.isoformat(),
    }


def batch_row(
    batch: UnsignedBatch, file: bytes, issuer: str, kid: str, now: datetime
) -> PartnerBatch:
    return PartnerBatch(
        id=batch.batch,
        issuer=issuer,
        kid=kid,
        size=len(batch.certificates),
        digest=hashlib.sha256(file).hexdigest(),
        made_at=now,
    )
