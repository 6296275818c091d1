"""What the organiser's side may read. No writes. Names only where the caller asks as somebody with
`identity.read`; a code never together with a name before the codes are opened."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from contests.actions.common import contest_row, scopes_of
from contests.chain import LogLine, verify_chain
from contests.conditions import unmet_marking
from contests.duties import duties
from contests.identity.sealing import persons_of
from contests.interests import conflicts_of
from contests.log import read
from contests.next_step import next_step
from contests.outcome import prizes_of
from contests.replay import AppointedFacts, Replayed, Version, replay
from contests.scoring import preview, read_results
from contests.tables import Approval, Delegation, Entry, LogEntry, Quarantine, ResultRow, SheetRow
from contests.texts import texts_of
from core.errors import NotFound
from core.privacy import names_of
from core.scoring import Step, explain
from core.scoring.codec import from_json
from core.scoring.model import (
    AspectScore,
    Finding,
    Module,
    Results,
    Rules,
    Scheme,
    TeamStanding,
    Text,
)
from core.security import Actor


@dataclass(frozen=True, slots=True)
class Overview:
    """Where a contest stands. `row`: its columns; `next_step`: a verb of contests/actions or
    "collect_sheets"; `warnings`: conflicts of interest that do not block."""

    row: Mapping[str, Any]
    title: Text
    options: Mapping[str, Any]
    facts: Mapping[str, Any]
    scheme: Scheme
    rules: Rules
    entries: int
    next_step: str
    unmet: Sequence[Finding]
    warnings: Sequence[Finding]


@dataclass(frozen=True, slots=True)
class StandingsView:
    """One stored version; prizes: entry -> (rule, prize); delegations: entry -> code."""

    contest: UUID
    version: int
    reason: str
    rules_hash: str
    log_head: str
    created_at: datetime | None
    scheme: Scheme
    rules: Rules
    results: Results
    prizes: Mapping[str, tuple[tuple[str, str], ...]]
    delegations: Mapping[str, str]
    codes: Mapping[str, Mapping[str, str]]
    """Entry -> module -> code, once opened."""
    names: Mapping[str, Sequence[str]] | None = None


@dataclass(frozen=True, slots=True)
class EntryView:
    id: str
    group: str
    delegation: str
    members: int
    reserve: bool
    trial: bool
    late: bool
    status: str
    names: tuple[str, ...] | None
    """None for a reader who may not know; an erased person's name is empty."""


@dataclass(frozen=True, slots=True)
class GridCell:
    """state: accepted, not_countable, conflict, or missing."""

    sheet: str
    module: str
    code: str
    seat: str
    state: str
    seq: int
    attempt: int = 1
    round: int = 1
    marks: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """Works by judges. owed counts first-round sheets."""

    owed: int
    signed: int
    cells: Sequence[GridCell]


@dataclass(frozen=True, slots=True)
class ApprovalView:
    id: str
    verb: str
    body: Mapping[str, Any]
    requested_by: str
    requested_at: datetime
    decided_by: str
    decided_at: datetime | None
    outcome: str


@dataclass(frozen=True, slots=True)
class QuarantineView:
    id: str
    reason: str
    received_at: datetime
    account: str
    size: int
    resolved: bool


async def contest_overview(contest: UUID, *, now: datetime | None = None) -> Overview:
    """The contest, its next step and all that is unmet."""
    row = await contest_row(contest)
    scheme, rules = await _configuration(contest, row)
    verb, unmet = await next_step(contest, row, now or datetime.now(UTC))
    return Overview(
        row=row,
        title=json.loads(row["title"]),
        options=json.loads(row["options"]),
        facts=json.loads(row["facts"]),
        scheme=scheme,
        rules=rules,
        entries=await Entry.count().where(Entry.contest == contest, Entry.status != "withdrawn"),
        next_step=verb,
        unmet=unmet,
        warnings=[finding for finding, blocks in await conflicts_of(contest) if not blocks],
    )


async def standings(
    contest: UUID, *, version: int | None = None, by: Actor | None = None
) -> StandingsView:
    """A stored version, by default the newest. NotFound before the first closing."""
    row = await contest_row(contest)
    number = row["result_version"] if version is None else version
    stored = (
        await ResultRow.select().where(ResultRow.id == uuid5(contest, f"results|{number}")).first()
    )
    if stored is None:
        raise NotFound(kind="result version", id=number)
    known = replay(await read(contest))
    results = read_results(stored["body"])
    return await _view(contest, known, results, by, stored)


async def standings_preview(contest: UUID, *, by: Actor | None = None) -> StandingsView:
    """What the standings would be now, between opening the codes and closing; version 0."""
    known = replay(await read(contest))
    results = preview(known)
    if results is None:
        raise NotFound(kind="standings of contest", id=contest)
    return await _view(contest, known, results, by, {})


async def explanation(contest: UUID, entry: UUID, *, version: int | None = None) -> list[Step]:
    """How one total came about; judges stand by their seats."""
    view = await standings(contest, version=version)
    return explain_entry(view, str(entry))


def explain_entry(view: StandingsView, entry: str) -> list[Step]:
    try:
        return explain(view.scheme, view.rules, view.results, entry)
    except KeyError:
        raise NotFound(kind="standing of entry", id=entry) from None


async def entries(contest: UUID, *, by: Actor) -> list[EntryView]:
    """In the order of registration."""
    rows = await Entry.select().where(Entry.contest == contest).order_by(Entry.created_at, Entry.id)
    names = await names_for(contest, by)
    delegations = await _delegations(rows)
    return [
        EntryView(
            id=str(row["id"]),
            group=row["group_code"],
            delegation=delegations.get(str(row["id"]), ""),
            members=row["members"],
            reserve=row["reserve"],
            trial=row["trial"],
            late=row["late"],
            status=row["status"],
            names=None if names is None else tuple(names.get(str(row["id"]), ())),
        )
        for row in rows
    ]


async def names_for(contest: UUID, by: Actor) -> dict[str, tuple[str, ...]] | None:
    """Entry -> names in the order of the team, or None for an account without `identity.read`."""
    if not by.may("identity.read", *await scopes_of(contest)):
        return None
    persons = await persons_of(contest)
    names = await names_of({person for members in persons.values() for person in members})
    return {
        entry: tuple(names.get(person, "") for person in members)
        for entry, members in persons.items()
    }


async def sheet_grid(contest: UUID, *, with_marks: bool = False) -> Grid:
    """Every owed sheet and what became of it."""
    known = replay(await read(contest))
    rows = {row["id"]: row for row in await SheetRow.select().where(SheetRow.contest == contest)}
    seats = {facts.id: facts.seat for facts in known.appointments.values()}
    cells = [_cell(row, seats, with_marks=with_marks) for row in rows.values()]
    stored = {(c.module, c.code, c.seat) for c in cells}
    missing = [
        GridCell("", module, code, seat, "missing", 0)
        for module, code, seat in _owed(known)
        if (module, code, seat) not in stored
    ]
    first = [cell for cell in cells if cell.round == 1 and cell.attempt == 1]
    everything = sorted(
        [*cells, *missing], key=lambda c: (c.module, c.code, c.seat, c.attempt, c.round)
    )
    return Grid(len(first) + len(missing), len(first), everything)


async def missing_sheets(contest: UUID) -> list[Finding]:
    """What still has to be marked, by code and seat."""
    from contests.identity.sealing import codes_of

    return unmet_marking(replay(await read(contest)), await codes_of(contest))


async def log_lines(contest: UUID, *, after: int = 0, limit: int = 100) -> list[LogLine]:
    """A page of the log of a contest or competition."""
    return (await read(contest, after=after))[:limit]


async def log_findings(contest: UUID) -> list[Finding]:
    """Whether the stored log is whole."""
    lines = await read(contest)
    return verify_chain(lines, contest=str(contest))


async def log_texts(contest: UUID) -> dict[str, str]:
    """Hash -> free text, for readers who may."""
    return await texts_of(contest)


async def team_standings(competition: UUID) -> tuple[list[TeamStanding], dict[str, Any]]:
    """The last computed team award and the log body it stands in; ([], {}) before the first."""
    row = (
        await LogEntry.select(LogEntry.body)
        .where(LogEntry.contest == competition, LogEntry.kind == "team_standings")
        .order_by(LogEntry.seq, ascending=False)
        .first()
    )
    if row is None:
        return [], {}
    body = json.loads(row["body"])
    return [from_json(TeamStanding, one) for one in body["standings"]], body


async def approvals(contest: UUID, *, pending: bool = True) -> list[ApprovalView]:
    """Two-person steps that were asked for, oldest first."""
    query = Approval.select().where(Approval.contest == contest).order_by(Approval.requested_at)
    rows = await (query.where(Approval.decided_at.is_null()) if pending else query)
    return [
        ApprovalView(
            str(row["id"]),
            row["verb"],
            json.loads(row["body"]),
            str(row["requested_by"]),
            row["requested_at"],
            str(row["decided_by"] or ""),
            row["decided_at"],
            row["outcome"],
        )
        for row in rows
    ]


async def quarantined(contest: UUID) -> list[QuarantineView]:
    """Bytes that were kept apart, newest first."""
    rows = (
        await Quarantine.select()
        .where(Quarantine.contest == contest)
        .order_by(Quarantine.received_at, ascending=False)
    )
    return [
        QuarantineView(
            str(row["id"]),
            row["reason"],
            row["received_at"],
            str(row["account"] or ""),
            len(row["payload"]),
            row["resolved_at"] is not None,
        )
        for row in rows
    ]


async def versions(contest: UUID) -> Sequence[Version]:
    """Every result version, with its hashes and reason."""
    return replay(await read(contest)).versions


async def _configuration(contest: UUID, row: Mapping[str, Any]) -> tuple[Scheme, Rules]:
    frozen = (
        await LogEntry.select(LogEntry.body)
        .where(LogEntry.contest == contest, LogEntry.kind == "rules_frozen")
        .first()
    )
    if frozen is not None:
        body = json.loads(frozen["body"])
        return from_json(Scheme, body["scheme"]), from_json(Rules, body["rules"])
    return (
        from_json(Scheme, json.loads(row["scheme"])),
        from_json(Rules, json.loads(row["rules"])),
    )


async def _view(
    contest: UUID,
    known: Replayed,
    results: Results,
    by: Actor | None,
    stored: Mapping[str, Any],
) -> StandingsView:
    if known.frozen is None:
        raise NotFound(kind="frozen rules of contest", id=contest)
    rows = await Entry.select(Entry.id, Entry.delegation).where(Entry.contest == contest)
    version = stored.get("version", 0)
    return StandingsView(
        contest=contest,
        version=version,
        reason=stored.get("reason", ""),
        rules_hash=stored.get("rules_hash", known.frozen.rules_hash),
        log_head=stored.get("log_head", ""),
        created_at=stored.get("created_at"),
        scheme=known.frozen.scheme,
        rules=known.frozen.rules,
        results=_with_seats(results, known),
        prizes=prizes_of(results, known, version),
        delegations=await _delegations(rows),
        codes=_codes_by_entry(known),
        names=await names_for(contest, by) if by is not None else None,
    )


def _with_seats(results: Results, known: Replayed) -> Results:
    """Judges by seat instead of appointment id, as the papers name them."""
    seats = {facts.id: facts.seat for facts in known.appointments.values()}

    def seated(score: AspectScore) -> AspectScore:
        return replace(
            score,
            used=tuple((seats.get(judge, judge), value) for judge, value in score.used),
            dropped=tuple((seats.get(judge, judge), value) for judge, value in score.dropped),
        )

    return replace(results, aspects=tuple(seated(score) for score in results.aspects))


def _codes_by_entry(known: Replayed) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for module, codes in known.opened.items():
        for code, entry in codes.items():
            found.setdefault(entry, {})[module] = code
    return found


async def _delegations(rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Entry -> code of its delegation."""
    wanted = {row["delegation"] for row in rows if row["delegation"]}
    if not wanted:
        return {}
    found = await Delegation.select(Delegation.id, Delegation.code).where(
        Delegation.id.is_in(list(wanted))
    )
    codes = {row["id"]: row["code"] for row in found}
    return {str(r["id"]): codes.get(r["delegation"], "") for r in rows if r["delegation"]}


def _owed(known: Replayed) -> list[tuple[str, str, str]]:
    """First-round sheets by module, code and seat; a value that the group agrees on is owed by
    whoever gave it, else by the group's first judge."""
    if known.frozen is None:
        return []
    active = [a for a in known.appointments.values() if a.id not in known.ended]
    given = {(s.sheet.module, s.sheet.entry, s.sheet.judge) for s in known.sheets}
    owed = []
    for module in known.frozen.scheme.modules:
        alone, agreeing = _by_duty(module, active)
        for code in known.codes.get(module.id, ()):
            owed += [(module.id, code, judge.seat) for judge in alone]
            for judges in agreeing.values():
                gave = [judge for judge in judges if (module.id, code, judge.id) in given]
                owed += [(module.id, code, judge.seat) for judge in gave or judges[:1]]
    return owed


def _by_duty(
    module: Module, active: Sequence[AppointedFacts]
) -> tuple[list[AppointedFacts], dict[tuple[str, str], list[AppointedFacts]]]:
    """Judges who each owe a sheet, and by (panel, group) those who agree on one."""
    alone: list[AppointedFacts] = []
    agreeing: dict[tuple[str, str], list[AppointedFacts]] = {}
    for judge in active:
        aspects = duties(module, judge)
        if any(aspect.judges > 1 for aspect in aspects):
            alone.append(judge)
        elif aspects:
            agreeing.setdefault((judge.panel, judge.group), []).append(judge)
    return alone, agreeing


def _cell(row: Mapping[str, Any], seats: Mapping[str, str], *, with_marks: bool) -> GridCell:
    return GridCell(
        sheet=str(row["id"]),
        module=row["module"],
        code=row["code"],
        seat=seats.get(str(row["judge"]), ""),
        state=row["state"],
        seq=row["seq"],
        attempt=row["attempt"],
        round=row["round"],
        marks=json.loads(row["marks"]) if with_marks else None,
    )
