"""What the ledger of a contest said at a moment: which version of each certificate, and whether it
counted then. Read from the signings and the histories; nothing is reconstructed from today's state but
for what happened before histories were kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from credentials import rendering
from credentials.lifecycle.tables import LifeEvent
from credentials.tables import Certificate, CertificateVersion

Row = Mapping[str, Any]
STATES: Mapping[str, str] = {
    "suspended": "suspended",
    "lifted": "issued",
    "revoked": "revoked",
    "correcting": "correcting",
    "confirmed": "issued",
}
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Held:
    """One certificate as it was. title: as signed; "" where its holder had the content erased since.
    state: issued, suspended, correcting or revoked; since: of the state or the version, the later one."""

    id: str
    entry: str
    kind: str
    issuer: str
    version: int
    title: str
    valid_until: str
    state: str
    since: datetime


async def certificates_as_of(contest: str, at: datetime) -> list[Held]:
    """Those that were issued by then, by public id."""
    rows = (
        await Certificate.select()
        .where(Certificate.contest == contest, Certificate.issued_at <= at)
        .order_by(Certificate.public_id)
    )
    versions = await _by_certificate(CertificateVersion, rows, CertificateVersion.issued_at, at)
    events = await _by_certificate(LifeEvent, rows, LifeEvent.at, at)
    return [
        _held(row, versions[row["id"]], events[row["id"]], at)
        for row in rows
        if versions[row["id"]]
    ]


async def _by_certificate(
    table: Any, rows: Sequence[Row], moment: Any, at: datetime
) -> Mapping[UUID, list[Row]]:
    found: dict[UUID, list[Row]] = defaultdict(list)
    for start in range(0, len(rows), _CHUNK):
        ids = [row["id"] for row in rows[start : start + _CHUNK]]
        query = table.select().where(table.certificate.is_in(ids), moment <= at)
        for one in await query.order_by(moment):
            found[one["certificate"]].append(one)
    return found


def _held(row: Row, versions: Sequence[Row], events: Sequence[Row], at: datetime) -> Held:
    newest = versions[-1]
    token = rendering.token_of({**newest, "version_id": newest["id"]})
    payload = rendering.payload_of(token) if token else {}
    state, since = _state(row, versions, events, at)
    return Held(
        row["public_id"],
        row["entry"],
        row["kind"],
        row["issuer"],
        newest["n"],
        str(payload.get("name", "")),
        str(payload.get("validUntil", "")),
        state,
        since,
    )


def _state(
    row: Row, versions: Sequence[Row], events: Sequence[Row], at: datetime
) -> tuple[str, datetime]:
    """A new version ends a correction and a withdrawal by one; a suspension goes on."""
    if not events and row["state"] != "issued" and row["changed_at"] and row["changed_at"] <= at:
        return row["state"], row["changed_at"]
    state, since = "issued", versions[0]["issued_at"]
    timeline = [(one["issued_at"], 0, "signed") for one in versions]
    timeline += [(one["at"], 1, one["kind"]) for one in events]
    for moment, _, kind in sorted(timeline):
        if kind == "signed" and state != "suspended":
            state, since = "issued", moment
        elif kind in STATES:
            state, since = STATES[kind], moment
    return state, since
