"""What a process keeps in memory of a contest that is being judged: the frozen rules, who marks
what, and which codes exist. Held by the contest's `roster`, which every change of them raises."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from contests.duties import duties
from contests.log import Writing
from contests.preparing import appointed_facts
from contests.replay import AppointedFacts, Frozen, read_frozen
from contests.scoring import type_of
from contests.tables import Appointment, LogEntry
from core.contest_type import ContestType
from core.scoring.codec import load
from core.scoring.model import Aspect

_CONTESTS_KEPT = 200


@dataclass(slots=True)
class Panel:
    """appointments: those that have not ended. devices: kids whose key is in the log already."""

    frozen: Frozen
    type: ContestType
    appointments: Mapping[str, AppointedFacts]
    codes: Mapping[str, frozenset[str]]
    devices: set[str]
    _duties: dict[tuple[str, str], tuple[Aspect, ...]] = field(default_factory=dict)

    def duties(self, module: str, judge: str) -> tuple[Aspect, ...]:
        """The aspects on this judge's sheet; none for a module that the scheme does not have."""
        key = (module, judge)
        if key not in self._duties:
            found = next((m for m in self.frozen.scheme.modules if m.id == module), None)
            appointment = self.appointments.get(judge)
            self._duties[key] = duties(found, appointment) if found and appointment else ()
        return self._duties[key]

    def colleagues(self, module: str, judge: str) -> list[str]:
        """Everybody of the judge's panel and group who marks the module, the judge included."""
        own = self.appointments[judge]
        return [
            other.id
            for other in self.appointments.values()
            if (other.panel, other.group) == (own.panel, own.group)
            and self.duties(module, other.id)
        ]


_kept: dict[UUID, tuple[int, str, Panel]] = {}


async def panel_of(log: Writing) -> Panel:
    """The panel behind this gate, read again when something has changed."""
    roster, rules_hash = log.row["roster"], log.row["rules_hash"]
    kept = _kept.get(log.contest)
    if kept is not None and kept[:2] == (roster, rules_hash):
        return kept[2]
    panel = await read_panel(log.contest)
    if len(_kept) >= _CONTESTS_KEPT:
        _kept.pop(next(iter(_kept)))
    _kept[log.contest] = (roster, rules_hash, panel)
    return panel


async def read_panel(contest: UUID) -> Panel:
    """Raises LookupError before the rules are frozen, ContestTypeMissing without the plugin."""
    rows = (
        await LogEntry.select(LogEntry.kind, LogEntry.body)
        .where(
            LogEntry.contest == contest,
            LogEntry.kind.is_in(["rules_frozen", "drawn", "device_enrolled"]),
        )
        .order_by(LogEntry.seq)
    )
    frozen = next((read_frozen(row["body"]) for row in rows if row["kind"] == "rules_frozen"), None)
    if frozen is None:
        raise LookupError(f"the rules of contest {contest} are not frozen")
    codes: dict[str, set[str]] = {}
    devices: set[str] = set()
    for row in rows:
        body, _ = load(row["body"])
        if row["kind"] == "drawn":
            codes.setdefault(body["module"], set()).update(body["codes"])
        elif row["kind"] == "device_enrolled":
            devices.add(body["kid"])
    appointed = await Appointment.select().where(
        Appointment.contest == contest, Appointment.ended_at.is_null()
    )
    facts = [appointed_facts(row) for row in appointed]
    return Panel(
        frozen=frozen,
        type=type_of(frozen),
        appointments={one.id: one for one in facts},
        codes={module: frozenset(found) for module, found in codes.items()},
        devices=devices,
    )
