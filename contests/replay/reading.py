"""The state that grows while a log is read, one method per kind of entry. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from contests.chain import LogLine
from contests.replay.clock import read_clock, seconds
from contests.replay.facts import (
    AppointedFacts,
    Frozen,
    LeftFacts,
    Replayed,
    RoundFacts,
    Signature,
    StoredSheet,
    Version,
    read_frozen,
)
from contests.replay.seats import Seats
from contests.sheets import payload_of, sheet_of
from core.scoring.codec import from_json
from core.scoring.model import (
    AttemptRuling,
    EntryFacts,
    Finding,
    Mark,
    Outcome,
    Penalty,
    PlaceRuling,
    Record,
    Sheet,
    StatusFact,
    Timing,
)


@dataclass(slots=True)
class State:
    """One method per kind of entry; a kind without one decides nothing here."""

    contest: str
    frozen: Frozen | None = None
    entries: dict[str, EntryFacts] = field(default_factory=dict)
    registered: dict[str, int] = field(default_factory=dict)
    appointments: dict[str, AppointedFacts] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)
    left: dict[str, LeftFacts] = field(default_factory=dict)
    devices: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    codes: dict[str, list[str]] = field(default_factory=dict)
    trial: set[str] = field(default_factory=set)
    opened: dict[str, dict[str, str]] = field(default_factory=dict)
    absent: set[tuple[str, str]] = field(default_factory=set)
    recused: set[tuple[str, str]] = field(default_factory=set)
    sheets: dict[str, StoredSheet] = field(default_factory=dict)
    revisions: dict[str, StoredSheet] = field(default_factory=dict)
    rounds: dict[tuple[Any, ...], RoundFacts] = field(default_factory=dict)
    conflicts: dict[str, list[str]] = field(default_factory=dict)
    penalties: dict[str, dict[str, Any]] = field(default_factory=dict)
    stamps: dict[tuple[str, str, int], list[dict[str, Any]]] = field(default_factory=dict)
    cancelled: set[str] = field(default_factory=set)
    """Ids of stamps and compensations that the time-keeper took back."""
    timings: dict[tuple[str, str, int], tuple[int, int]] = field(default_factory=dict)
    interruptions: list[dict[str, Any]] = field(default_factory=list)
    statuses: dict[tuple[str, ...], Mapping[str, Any]] = field(default_factory=dict)
    rulings: dict[tuple[str, str], int] = field(default_factory=dict)
    places: list[PlaceRuling] = field(default_factory=list)
    votes: dict[str, dict[tuple[str, str], int]] = field(default_factory=dict)
    signatures: list[Signature] = field(default_factory=list)
    versions: list[Version] = field(default_factory=list)
    corrections: list[dict[str, Any]] = field(default_factory=list)
    awards: dict[int, tuple[Mapping[str, str], ...]] = field(default_factory=dict)
    appeals: set[str] = field(default_factory=set)
    marks_end: str = ""
    published_at: str = ""
    finalised_at: str = ""

    def apply(self, line: LogLine) -> None:
        method = getattr(self, f"on_{line.kind}", None)
        if method is not None:
            method(line, body_of(line))

    # --- set-up ---

    def on_contest_prepared(self, line: LogLine, body: dict[str, Any]) -> None:
        self.entries = {e["id"]: from_json(EntryFacts, e) for e in body["entries"]}
        self.registered = dict(body["registered"])
        for facts in body["appointments"]:
            self.on_appointed(line, facts)

    def on_appointed(self, line: LogLine, body: dict[str, Any]) -> None:
        facts = AppointedFacts(**{**body, "modules": tuple(body.get("modules", ()))})
        self.appointments[facts.id] = facts
        self.ended.discard(facts.id)

    def on_appointment_ended(self, line: LogLine, body: dict[str, Any]) -> None:
        self.ended.add(body["appointment"])

    def on_judge_left(self, line: LogLine, body: dict[str, Any]) -> None:
        facts = LeftFacts(
            body["appointment"],
            body["policy"],
            body.get("substitute", ""),
            body.get("by", ""),
            body.get("reason_hash", ""),
            line.seq,
            line.at,
        )
        self.left[facts.judge] = facts
        self.ended.add(facts.judge)

    def on_rules_frozen(self, line: LogLine, body: dict[str, Any]) -> None:
        self.frozen = read_frozen(line.body)

    def on_drawn(self, line: LogLine, body: dict[str, Any]) -> None:
        self.codes.setdefault(body["module"], []).extend(body["codes"])
        self.trial.update(body.get("trial", ()))

    def on_device_enrolled(self, line: LogLine, body: dict[str, Any]) -> None:
        self.devices[body["kid"]] = body["jwk"]

    def on_recused(self, line: LogLine, body: dict[str, Any]) -> None:
        self.recused |= {(body["appointment"], entry) for entry in body["entries"]}

    def on_late_entry(self, line: LogLine, body: dict[str, Any]) -> None:
        facts = from_json(EntryFacts, body["entry"])
        self.entries[facts.id] = facts
        if not facts.trial and not facts.reserve:
            self.registered[facts.group] = self.registered.get(facts.group, 0) + 1

    def on_absence(self, line: LogLine, body: dict[str, Any]) -> None:
        self.absent.add((body["entry"], body.get("module", "")))
        self._did_not_start(body["entry"], body.get("module", ""))

    def on_reserve_used(self, line: LogLine, body: dict[str, Any]) -> None:
        reserve = body["reserve"]
        self.entries[reserve] = replace(self.entries[reserve], reserve=False)
        self.absent.add((body["absent"], ""))
        self._did_not_start(body["absent"], "")

    def _did_not_start(self, entry: str, module: str) -> None:
        status = {"entry": entry, "module": module, "status": Outcome.DNS.value}
        self.statuses[entry, "", module, ""] = status

    # --- marks ---

    def on_sheet(self, line: LogLine, body: dict[str, Any]) -> None:
        stored = self._read_sheet(line, body)
        if self._told(body) or body.get("superseded"):
            return
        self.sheets[stored.slot] = stored
        self.conflicts.pop(stored.slot, None)

    def on_conflict(self, line: LogLine, body: dict[str, Any]) -> None:
        stored = self._read_sheet(line, body)
        if self._told(body):
            return
        rids = self.conflicts.setdefault(stored.slot, [])
        rids.extend(rid for rid in (body["head"], stored.rid) if rid not in rids)

    def _told(self, body: Mapping[str, Any]) -> bool:
        """Whether the entry itself says what stands in which slot from here on."""
        for slot, rid in body.get("heads", {}).items():
            self.sheets[slot] = self.revisions[rid]
            self.conflicts.pop(slot, None)
        for slot, said in body.get("undecided", {}).items():
            self.sheets[slot] = self.revisions[said["head"]]
            self.conflicts[slot] = list(said["rivals"])
        return "heads" in body or "undecided" in body

    def on_conflict_decided(self, line: LogLine, body: dict[str, Any]) -> None:
        self.conflicts.pop(body["sheet"], None)
        self.sheets[body["sheet"]] = self.revisions[body["chosen"]]

    def on_mark_round(self, line: LogLine, body: dict[str, Any]) -> None:
        facts = RoundFacts(
            body["module"],
            body["code"],
            body["attempt"],
            body["panel"],
            body["group"],
            body["round"],
            tuple(body.get("aspects", ())),
        )
        key = (facts.module, facts.code, facts.attempt, facts.panel, facts.group, facts.round)
        if body["state"] == "opened":
            self.rounds[key] = facts
        else:
            self.rounds.pop(key, None)

    def on_correction(self, line: LogLine, body: dict[str, Any]) -> None:
        self.corrections.append(body)
        slot = body["sheet"]
        known = self.sheets.get(slot)
        sheet = known.sheet if known else _empty_sheet(body)
        marks = {**sheet.marks, body["aspect"]: from_json(Mark, body["new"])}
        corrected = replace(sheet, marks=marks)
        rid = known.rid if known else ""
        self.sheets[slot] = StoredSheet(slot, rid, line.seq, corrected, countable=True)

    def _read_sheet(self, line: LogLine, body: dict[str, Any]) -> StoredSheet:
        payload = payload_of(body["jws"])
        countable = bool(body["countable"])
        facts = self.appointments.get(payload.judge)
        panel = facts.panel if facts else "referees"
        reason = "" if countable else "not countable"
        stored = StoredSheet(
            slot=payload.sheet,
            rid=payload.rid,
            seq=line.seq,
            sheet=sheet_of(payload, panel=panel, counted=countable, reason=reason),
            countable=countable,
            findings=tuple(from_json(Finding, f) for f in body.get("findings", ())),
            late=bool(body.get("late", False)),
        )
        self.revisions[stored.rid] = stored
        return stored

    # --- what happened in the hall ---

    def on_penalty(self, line: LogLine, body: dict[str, Any]) -> None:
        self.penalties[body["id"]] = body

    def on_penalty_cancelled(self, line: LogLine, body: dict[str, Any]) -> None:
        self.penalties.pop(body["id"], None)

    def on_clock(self, line: LogLine, body: dict[str, Any]) -> None:
        if body["stamp"] == "cancel":
            self.cancelled.add(body["cancels"])
        else:
            self.stamps.setdefault(_attempt(body), []).append(body)

    def on_timing(self, line: LogLine, body: dict[str, Any]) -> None:
        self.timings[_attempt(body)] = (body["gross"], body["compensation"])

    def on_interruption(self, line: LogLine, body: dict[str, Any]) -> None:
        self.interruptions.append(body)

    def on_attempt_ruled(self, line: LogLine, body: dict[str, Any]) -> None:
        self.rulings[body["module"], body["code"]] = body["attempt"]

    def on_status(self, line: LogLine, body: dict[str, Any]) -> None:
        names = ("entry", "code", "module", "located")
        key = tuple(body.get(name, "") for name in names)
        if body["status"]:
            self.statuses[key] = body
        else:
            self.statuses.pop(key, None)

    def on_votes(self, line: LogLine, body: dict[str, Any]) -> None:
        counts = self.votes.setdefault(body["panel"], {})
        counts.update({(body["module"], code): n for code, n in body["votes"].items()})

    # --- closing ---

    def on_judging_ended(self, line: LogLine, body: dict[str, Any]) -> None:
        self.marks_end = line.at

    def on_codes_opened(self, line: LogLine, body: dict[str, Any]) -> None:
        self.opened.setdefault(body["module"], {}).update(body["codes"])

    def on_place_ruled(self, line: LogLine, body: dict[str, Any]) -> None:
        self.places.append(PlaceRuling(tuple(body["entries"]), body.get("reason_hash", "")))

    def on_contest_closed(self, line: LogLine, body: dict[str, Any]) -> None:
        self.versions.append(
            Version(
                body["result_version"],
                body["results_hash"],
                body["rules_hash"],
                line.prev,
                line.seq,
                body.get("reason", ""),
            )
        )

    def on_awards_confirmed(self, line: LogLine, body: dict[str, Any]) -> None:
        self.awards[body["version"]] = tuple(body["awards"])

    def on_signed(self, line: LogLine, body: dict[str, Any]) -> None:
        self.signatures.append(
            Signature(
                body["role"],
                body["account"],
                body["version"],
                body["content_hash"],
                line.seq,
                line.at,
            )
        )

    def on_published(self, line: LogLine, body: dict[str, Any]) -> None:
        self.published_at = line.at

    def on_finalised(self, line: LogLine, body: dict[str, Any]) -> None:
        self.finalised_at = line.at

    def on_appeal_filed(self, line: LogLine, body: dict[str, Any]) -> None:
        self.appeals.add(body["id"])

    def on_appeal_ruled(self, line: LogLine, body: dict[str, Any]) -> None:
        self.appeals.discard(body["id"])

    # --- the outcome ---

    def result(self) -> Replayed:
        ready = bool(self.codes) and all(
            set(codes) <= set(self.opened.get(module, {})) for module, codes in self.codes.items()
        )
        return Replayed(
            contest=self.contest,
            frozen=self.frozen,
            entries=tuple(self.entries.values()),
            registered=self.registered,
            appointments=self.appointments,
            ended=frozenset(self.ended),
            devices=self.devices,
            codes={module: tuple(codes) for module, codes in self.codes.items()},
            trial=frozenset(self.trial),
            opened=self.opened,
            absent=frozenset(self.absent),
            recused=frozenset(self.recused),
            sheets=tuple(self.sheets.values()),
            by_code=self._record(opened=False),
            record=self._record(opened=True) if ready else None,
            rounds=tuple(self.rounds.values()),
            conflicts={slot: tuple(rids) for slot, rids in self.conflicts.items()},
            signatures=tuple(self.signatures),
            versions=tuple(self.versions),
            corrections=tuple(self.corrections),
            awards=self.awards,
            appeals=frozenset(self.appeals),
            interruptions=tuple(self._standing(self.interruptions)),
            penalties=tuple(
                _penalty(p, p.get("entry") or p["code"]) for p in self.penalties.values()
            ),
            left=self.left,
            judging_ended=self.marks_end,
            published=self.published_at,
            finalised=self.finalised_at,
        )

    def _record(self, *, opened: bool) -> Record:
        def who(module: str, code: str, entry: str = "") -> str:
            return entry or (self.opened.get(module, {}).get(code, code) if opened else code)

        def whose(body: Mapping[str, Any]) -> str:
            module = body.get("located") or body.get("module", "")
            return who(module, body.get("code", ""), body.get("entry", ""))

        seats = Seats(self.appointments, self.left, self.sheets.values())
        return Record(
            entries=self._competing() if opened else self._as_codes(),
            sheets=tuple(
                self._counted(stored, who(stored.sheet.module, stored.sheet.entry), seats)
                for stored in self.sheets.values()
            ),
            penalties=tuple(_penalty(p, whose(p)) for p in self.penalties.values()),
            timings=tuple(
                Timing(who(module, code), module, gross, compensation, attempt)
                for (module, code, attempt), (gross, compensation) in self._times().items()
            ),
            statuses=tuple(
                StatusFact(whose(body), Outcome(body["status"]), body.get("module", ""))
                for body in self.statuses.values()
                if opened or not body.get("entry")
            ),
            rulings=tuple(
                AttemptRuling(who(module, code), module, attempt)
                for (module, code), attempt in self.rulings.items()
            ),
            places=tuple(self.places),
            votes={
                panel: {who(module, code): n for (module, code), n in counts.items()}
                for panel, counts in self.votes.items()
            },
            registered=dict(self.registered),
            vacant=seats.vacant(self.frozen.scheme) if self.frozen else (),
        )

    def _competing(self) -> tuple[EntryFacts, ...]:
        return tuple(entry for entry in self.entries.values() if not entry.reserve)

    def _as_codes(self) -> tuple[EntryFacts, ...]:
        codes = dict.fromkeys(code for codes in self.codes.values() for code in codes)
        return tuple(EntryFacts(code, trial=code in self.trial) for code in codes)

    def _counted(self, stored: StoredSheet, entry: str, seats: Seats) -> Sheet:
        sheet = replace(stored.sheet, entry=entry)
        if (sheet.judge, entry) in self.recused:
            return replace(sheet, counted=False, reason="recusal")
        return seats.counted(sheet, stored.sheet.entry)

    def _times(self) -> dict[tuple[str, str, int], tuple[int, int]]:
        extra: dict[tuple[str, str, int], int] = {}
        for body in self._standing(self.interruptions):
            extra[_attempt(body)] = extra.get(_attempt(body), 0) + body["seconds"]
        clocks = {key: read_clock(self._standing(found)) for key, found in self.stamps.items()}
        times = {
            key: (seconds(clock.started, clock.stopped), clock.compensation + extra.get(key, 0))
            for key, clock in clocks.items()
            if clock.started and clock.stopped
        }
        return times | self.timings

    def _standing(self, bodies: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        return [body for body in bodies if body.get("id") not in self.cancelled]


def body_of(line: LogLine) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(line.body)
    return body


def _attempt(body: Mapping[str, Any]) -> tuple[str, str, int]:
    return body["module"], body["code"], body.get("attempt", 1)


def _penalty(body: Mapping[str, Any], entry: str) -> Penalty:
    return from_json(
        Penalty,
        {
            "id": body["id"],
            "entry": entry,
            "scope": body["scope"],
            "module": body.get("module", ""),
            "points": body.get("points", "0"),
            "reason": body.get("reason_hash", ""),
        },
    )


def _empty_sheet(body: Mapping[str, Any]) -> Sheet:
    return Sheet(
        entry=body["code"],
        module=body["module"],
        judge=body["judge"],
        marks={},
        panel=body.get("panel", "referees"),
        attempt=body.get("attempt", 1),
        round=body.get("round", 1),
    )
