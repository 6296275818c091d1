"""What a process keeps in memory of a contest that is being judged: the frozen rules, who marks
what, and which codes exist. Held by the contest's `roster`, which every change of them raises."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from contests.duties import duties
from contests.log import Writing
from contests.preparing import appointed_facts
from contests.replay import AppointedFacts, Frozen, read_frozen
from contests.replay.seats import emptied, holders, voided
from contests.scoring import type_of
from contests.tables import Appointment, LogEntry
from core.contest_type import ContestType
from core.scoring.codec import load
from core.scoring.model import Aspect

_CONTESTS_KEPT = 200


@dataclass(slots=True)
class Panel:
    """appointments: those that have not ended; ended: those that have. trial: the codes of works
    that are marked for practice. devices: kids whose key is in the log already; admitted: (kid,
    account) that are."""

    frozen: Frozen
    type: ContestType
    appointments: Mapping[str, AppointedFacts]
    ended: Mapping[str, AppointedFacts]
    codes: Mapping[str, frozenset[str]]
    trial: Mapping[str, frozenset[str]]
    devices: set[str]
    admitted: set[tuple[str, str]]
    keys_at: int = 0
    """The log's length when the last of them was entered here: in a shorter one they are not."""
    policies: Mapping[str, str] = field(default_factory=dict)
    """Of judges who left in the middle: how the contest goes on without each."""
    _duties: dict[tuple[str, str], tuple[Aspect, ...]] = field(default_factory=dict)

    def known(self, judge: str) -> AppointedFacts | None:
        """An appointment of this contest, whether it has ended or not."""
        return self.appointments.get(judge) or self.ended.get(judge)

    def facts(self, judge: str) -> AppointedFacts:
        """The same; KeyError for somebody who was never appointed here."""
        found = self.known(judge)
        if found is None:
            raise KeyError(judge)
        return found

    def duties(self, module: str, judge: str) -> tuple[Aspect, ...]:
        """The aspects on this judge's sheet; none for a module that the scheme does not have."""
        key = (module, judge)
        if key not in self._duties:
            found = next((m for m in self.frozen.scheme.modules if m.id == module), None)
            appointment = self.known(judge)
            self._duties[key] = duties(found, appointment) if found and appointment else ()
        return self._duties[key]

    def colleagues(self, module: str, judge: str) -> list[str]:
        """Everybody of the judge's panel and group who marks the module, the judge included."""
        own = self.facts(judge)
        return [
            other.id
            for other in self.appointments.values()
            if (other.panel, other.group) == (own.panel, own.group)
            and self.duties(module, other.id)
        ]

    def seats(self, module: str, judge: str) -> list[tuple[str, ...]]:
        """The colleagues' seats, each with everybody who has sat in it."""
        everybody = {**self.ended, **self.appointments}
        return [holders(other, everybody) for other in self.colleagues(module, judge)]

    def gone(self, module: str, judge: str) -> list[tuple[str, ...]]:
        """Empty seats of the same panel and group; what was signed there still counts."""
        own, everybody = self.facts(judge), {**self.ended, **self.appointments}
        out = voided(everybody, self.policies)
        return [
            seat
            for seat in emptied(everybody, self.policies)
            if seat[-1] not in out
            and (everybody[seat[-1]].panel, everybody[seat[-1]].group) == (own.panel, own.group)
            and self.duties(module, seat[-1])
        ]


@dataclass(slots=True)
class _Kept:
    roster: int
    rules_hash: str
    length: int
    """Of the log when it was last looked at: a shorter one is an older copy of the database."""
    panel: Panel


_kept: dict[UUID, _Kept] = {}


async def panel_of(log: Writing) -> Panel:
    """The panel behind this gate, read again when something has changed."""
    roster, rules_hash, length = log.row["roster"], log.row["rules_hash"], log.row["length"]
    kept = _kept.get(log.contest)
    same = kept is not None and (kept.roster, kept.rules_hash) == (roster, rules_hash)
    if kept is not None and same and max(kept.length, kept.panel.keys_at) <= length:
        kept.length = length
        return kept.panel
    panel = await read_panel(log.contest)
    if len(_kept) >= _CONTESTS_KEPT:
        _kept.pop(next(iter(_kept)))
    _kept[log.contest] = _Kept(roster, rules_hash, length, panel)
    return panel


async def read_panel(contest: UUID) -> Panel:
    """Raises LookupError before the rules are frozen, ContestTypeMissing without the plugin."""
    rows = (
        await LogEntry.select(LogEntry.kind, LogEntry.body)
        .where(
            LogEntry.contest == contest,
            LogEntry.kind.is_in(["rules_frozen", "drawn", "device_enrolled", "judge_admitted"]),
        )
        .order_by(LogEntry.seq)
    )
    frozen = next((read_frozen(row["body"]) for row in rows if row["kind"] == "rules_frozen"), None)
    if frozen is None:
        raise LookupError(f"the rules of contest {contest} are not frozen")
    codes: dict[str, set[str]] = {}
    trial: dict[str, set[str]] = {}
    devices: set[str] = set()
    admitted: set[tuple[str, str]] = set()
    for row in rows:
        body, _ = load(row["body"])
        if row["kind"] == "drawn":
            codes.setdefault(body["module"], set()).update(body["codes"])
            trial.setdefault(body["module"], set()).update(body.get("trial", ()))
        elif row["kind"] == "device_enrolled":
            devices.add(body["kid"])
            admitted.add((body["kid"], body.get("account", "")))
        elif row["kind"] == "judge_admitted":
            admitted.add((body["kid"], body["account"]))
    rows = await Appointment.select().where(Appointment.contest == contest)
    policies = {str(row["id"]): row["left_by"] for row in rows if row["left_by"]}
    return Panel(
        frozen=frozen,
        type=type_of(frozen),
        appointments=_facts(row for row in rows if row["ended_at"] is None),
        ended=_facts(row for row in rows if row["ended_at"] is not None),
        codes={module: frozenset(found) for module, found in codes.items()},
        trial={module: frozenset(found) for module, found in trial.items()},
        devices=devices,
        admitted=admitted,
        policies=policies,
    )


def _facts(rows: Iterable[Mapping[str, Any]]) -> dict[str, AppointedFacts]:
    return {facts.id: facts for facts in map(appointed_facts, map(dict, rows))}
