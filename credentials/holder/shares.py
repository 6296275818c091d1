"""Excerpts that a holder shows to whoever has a link, until it ends or the holder ends it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from core import privacy
from core.db import transaction
from core.errors import Invalid, NotFound
from core.privacy import keyed_hash, open_for, seal_for
from core.same_person import records_of
from core.scoring.model import Finding
from credentials import keyring, queries
from credentials.holder.excerpt import (
    FULL,
    LINE,
    MASKED,
    NAMES,
    readable_fields,
    root_of,
    sheet_lines,
)
from credentials.holder.own import Own
from credentials.holder.sessions import Holder
from credentials.holder.tables import HolderShare

DAYS = (1, 7, 30, 90, 180)
"""To choose from."""
LONGEST_LABEL = 80
MOST_OPEN = 50
_BYTES = 16
_LONGEST_SECRET = 64


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the holder typed: fields and days, and for whom it is."""

    name: str = MASKED
    fields: frozenset[str] = frozenset({"what", "awarded"})
    days: int = 30
    label: str = ""

    @property
    def codes(self) -> frozenset[str]:
        return self.fields | ({self.name} & {FULL, MASKED})


@dataclass(frozen=True, slots=True)
class Shared:
    """One share as its holder sees it."""

    id: UUID
    certificate: UUID
    fields: frozenset[str]
    label: str
    made_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    opened: int
    opened_at: datetime | None

    def open(self, now: datetime) -> bool:
        return self.ended_at is None and now < self.expires_at


async def check_wanted(asked: Holder, own: Own, wanted: Wanted) -> None:
    """Raises Invalid with everything that is wrong."""
    found = []
    lines = {f"{LINE}{at}" for at in range(len(await sheet_lines(own)))}
    if wanted.name not in NAMES or wanted.fields - set(readable_fields(own)) - lines:
        found.append(Finding("/fields", "credentials.holder-share-field", {}))
    if not wanted.codes:
        found.append(Finding("/fields", "credentials.holder-share-empty", {}))
    if wanted.days not in DAYS:
        found.append(Finding("/days", "credentials.holder-share-days", {"most": str(DAYS[-1])}))
    if len(wanted.label) > LONGEST_LABEL or not wanted.label.isprintable():
        params = {"most": str(LONGEST_LABEL)}
        found.append(Finding("/label", "credentials.holder-share-label", params))
    if await _open_count(asked.person) >= MOST_OPEN:
        found.append(Finding("", "credentials.holder-shares-many", {"count": str(MOST_OPEN)}))
    if found:
        raise Invalid(found)


async def make_share(
    asked: Holder, own: Own, wanted: Wanted, *, now: datetime | None = None
) -> str:
    """The address, which is shown once. Raises Invalid."""
    await check_wanted(asked, own, wanted)
    at, secret, id = now or datetime.now(UTC), secrets.token_urlsafe(_BYTES), uuid4()
    label = wanted.label.strip()
    person = own.row["person"]
    sealed = await seal_for(person, label.encode(), _place(id)) if label else None
    async with transaction():
        await HolderShare.insert(
            HolderShare(
                id=id,
                person=person,
                certificate=own.row["id"],
                secret_hash=_hash(secret),
                fields=json.dumps(sorted(wanted.codes)),
                root=root_of(own),
                sealed_label=sealed,
                made_at=at,
                expires_at=at + timedelta(days=wanted.days),
            )
        )
    return f"{keyring.addresses().origin}/shown/{secret}"


async def shares_of(person: UUID, certificates: Collection[UUID]) -> Sequence[Shared]:
    """One's own of these certificates, the newest first, ended ones too."""
    if not certificates:
        return []
    own = HolderShare.person.is_in(list(await records_of(person)))
    rows = (
        await HolderShare.select()
        .where(own, HolderShare.certificate.is_in(list(certificates)))
        .order_by(HolderShare.made_at, ascending=False)
        .limit(200)
    )
    return [await _shared(row) for row in rows]


async def end_share(asked: Holder, share: UUID) -> None:
    """From now on its link shows nothing. Raises NotFound for anybody else's."""
    own = HolderShare.id == share
    records = list(await records_of(asked.person))
    if not await HolderShare.exists().where(own, HolderShare.person.is_in(records)):
        raise NotFound(kind="link", id=share)
    async with transaction():
        await HolderShare.update({HolderShare.ended_at: datetime.now(UTC)}).where(
            own, HolderShare.ended_at.is_null()
        )


async def opened_by(secret: str, now: datetime) -> tuple[Own, frozenset[str], datetime] | None:
    """The certificate, the fields and the end; None for a link that is over, was ended or never was:
    nobody is told which. Counts the opening."""
    if not secret or len(secret) > _LONGEST_SECRET:
        return None
    rows = await HolderShare.raw(
        "SELECT s.id, s.fields, s.root, s.expires_at, c.public_id FROM holder_share s"
        " JOIN certificate c ON c.id = s.certificate AND c.person = s.person"
        " WHERE s.secret_hash = {} AND s.ended_at IS NULL AND s.expires_at > {}",
        _hash(secret),
        now,
    )
    row = await queries.stored(rows[0]["public_id"]) if rows else None
    own = Own(row, await queries.verify_stored(row, now)) if row else None
    if own is None or not own.readable:
        return None
    await HolderShare.raw(
        "UPDATE holder_share SET opened = opened + 1, opened_at = {} WHERE id = {}",
        now,
        rows[0]["id"],
    )
    ends: Any = rows[0]["expires_at"]
    at = datetime.fromisoformat(ends) if isinstance(ends, str) else ends
    return own, _still(json.loads(rows[0]["fields"]), root_of(own) == rows[0]["root"]), at


def _still(fields: Sequence[str], same_sheet: bool) -> frozenset[str]:
    """Lines are those of the sheet that the holder saw; a corrected result has another one."""
    return frozenset(code for code in fields if same_sheet or not code.startswith(LINE))


async def _open_count(person: UUID) -> int:
    found: int = await HolderShare.count().where(
        HolderShare.person.is_in(list(await records_of(person))),
        HolderShare.ended_at.is_null(),
        HolderShare.expires_at > datetime.now(UTC),
    )
    return found


async def _shared(row: Mapping[str, Any]) -> Shared:
    sealed = row["sealed_label"]
    try:
        label = (
            (await open_for(row["person"], sealed, _place(row["id"]))).decode() if sealed else ""
        )
    except privacy.Erased:
        label = ""
    return Shared(
        row["id"],
        row["certificate"],
        frozenset(json.loads(row["fields"])),
        label,
        row["made_at"],
        row["expires_at"],
        row["ended_at"],
        row["opened"],
        row["opened_at"],
    )


def _place(share: UUID) -> bytes:
    return privacy.place("holder_share", "sealed_label", share)


def _hash(secret: str) -> str:
    return keyed_hash("holder share", secret)
