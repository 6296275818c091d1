"""The devices of a contest for its control room, and revoking one."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from contests.actions.common import contest_row
from contests.judging.tablets.gaps import gaps_of
from contests.judging.tablets.serving import SIGNS_IN, device_scopes
from contests.statements import run
from core import audit
from core.db import transaction
from core.security import Actor, check

_DEVICES = (
    "SELECT id, kid, label, kind, account, facts, last_seq, last_seen_at, enrolled_at, revoked_at, "
    "returned_at FROM device WHERE contest = {} OR (competition = {} AND contest IS NULL) "
    "OR (kind = 'personal' AND account IN (SELECT account FROM appointment WHERE contest = {} "
    "AND ended_at IS NULL AND role IN ({}, {}, {}, {}))) ORDER BY label, kid"
)
_SIGNED_IN = (
    "SELECT t.device, t.account, a.seat, a.role, x.label, x.login FROM tablet_judge t "
    "JOIN appointment a ON a.account = t.account AND a.ended_at IS NULL "
    "JOIN account x ON x.id = t.account "
    "WHERE a.contest = {} AND t.ended_at IS NULL AND t.device IN (%s) ORDER BY a.seat, x.label"
)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """`open`: it is this judge whose sheets the tablet shows now."""

    account: UUID
    label: str
    seat: str
    role: str
    open: bool


@dataclass(frozen=True, slots=True)
class ListedDevice:
    """`facts`: what it last told; `waiting`: signed sheets that it has not handed over; `gaps`:
    numbers that never arrived although later ones did."""

    kid: str
    label: str
    kind: str
    signed_in: Sequence[SignedIn]
    facts: Mapping[str, Any]
    enrolled_at: datetime
    last_seen_at: datetime | None
    waiting: int
    gaps: Sequence[int]
    revoked: bool
    returned: bool


async def devices_of(contest: UUID) -> list[ListedDevice]:
    """Shared tablets of the contest or its competition, and its judges' own browsers."""
    row = await contest_row(contest)
    devices = await run(_DEVICES, contest, row["competition"], contest, *SIGNS_IN)
    if not devices:
        return []
    ids = [device["id"] for device in devices]
    places = ", ".join(["{}"] * len(ids))
    signed_in = await run(_SIGNED_IN % places, contest, *ids)
    gaps = await gaps_of([device for device in devices if device["returned_at"] is None])
    return [
        _listed(
            device,
            [one for one in signed_in if one["device"] == device["id"]],
            gaps.get(device["id"], []),
        )
        for device in devices
    ]


async def revoke_tablet(by: Actor, kid: str, *, now: datetime | None = None) -> None:
    """At once: its next request is refused, and no sheet that it signs from now on is taken."""
    _, scopes = await device_scopes(kid)
    check(by, "contest.tablets", *scopes)
    async with transaction():
        changed = await run(
            "UPDATE device SET revoked_at = {} WHERE kid = {} AND revoked_at IS NULL RETURNING id",
            now or datetime.now(UTC),
            kid,
        )
        if changed:
            await audit.record(by, "tablet.revoked", scope=scopes[0], subject=kid)


def _listed(
    device: Mapping[str, Any], signed_in: Sequence[Mapping[str, Any]], gaps: list[int]
) -> ListedDevice:
    facts = json.loads(device["facts"] or "{}")
    return ListedDevice(
        kid=device["kid"],
        label=device["label"],
        kind=device["kind"],
        signed_in=[
            SignedIn(
                one["account"],
                one["label"] or one["login"],
                one["seat"],
                one["role"],
                facts.get("judge") == str(one["account"]),
            )
            for one in signed_in
        ],
        facts=facts,
        enrolled_at=device["enrolled_at"],
        last_seen_at=device["last_seen_at"],
        waiting=facts.get("waiting", 0),
        gaps=gaps,
        revoked=device["revoked_at"] is not None,
        returned=device["returned_at"] is not None,
    )
