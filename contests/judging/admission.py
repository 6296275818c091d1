"""Whose sheets a device may sign: its account's, those of the judges who signed in on it with their
PIN, and for the paper desk everybody's who handed in paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from contests.sheets import Payload
from contests.statements import run

PERSONAL, TABLET, DESK = "personal", "tablet", "desk"


@dataclass(frozen=True, slots=True)
class Term:
    """From when to when a judge may use a shared tablet."""

    ended_at: datetime | None = None


@dataclass(slots=True)
class DeviceState:
    """Where a device's chain stands; `row` is the whole row, to be written back. judges: who has
    signed in on a shared tablet, by account."""

    row: dict[str, Any]
    changed: bool = False
    foreign: bool = False
    """Enrolled for another competition than the one whose sheets lie at the desk."""
    judges: dict[str, Term] = field(default_factory=dict)

    @property
    def last_seq(self) -> int:
        return int(self.row["last_seq"])

    @property
    def last_hash(self) -> str:
        return str(self.row["last_hash"])

    @property
    def kind(self) -> str:
        return str(self.row["kind"])

    @property
    def account(self) -> str:
        """Whose own browser it is; empty for a shared tablet and the paper desk."""
        return str(self.row["account"] or "")

    def admits(self, account: str, at: str) -> bool:
        """Whether this account signed in on the device before what is dated `at` was signed. A judge
        who has left it since keeps what he signed on it."""
        if self.account == account:
            return True
        term = self.judges.get(account)
        if term is None:
            return False
        if term.ended_at is None:
            return True
        signed = signed_at(at)
        return signed is not None and signed <= term.ended_at

    def may_sign(self, account: str, payload: Payload) -> bool:
        """Whether a sheet of this account is authentic when this device's key signed it. One that was
        enrolled for a single contest or competition signs no other's."""
        if self.foreign:
            return False
        if self.row["contest"] is not None and str(self.row["contest"]) != payload.contest:
            return False
        if payload.paper is not None:
            return self.kind == DESK
        return self.kind != DESK and self.admits(account, payload.at)


def signed_at(text: str) -> datetime | None:
    """The device's own instant; None when it can't be read."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


async def read_judges(devices: Sequence[DeviceState]) -> None:
    """Fills in who has signed in on the shared tablets among these: one statement, none when there
    is no tablet."""
    tablets: Mapping[UUID, DeviceState] = {
        device.row["id"]: device for device in devices if device.kind == TABLET
    }
    if not tablets:
        return
    rows = await run(_JUDGES.format(", ".join(["{}"] * len(tablets))), *tablets)
    for row in rows:
        ends = [end for end in (row["ended_at"], row["disabled_at"]) if end is not None]
        tablets[row["device"]].judges[str(row["account"])] = Term(min(ends, default=None))


_JUDGES = (
    "SELECT t.device, t.account, t.ended_at, x.disabled_at FROM tablet_judge t"
    " JOIN account x ON x.id = t.account WHERE t.device IN ({})"
)
