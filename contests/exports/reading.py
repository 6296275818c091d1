"""One stored result version, read as fast as a page needs it: never a whole log, never a whole list of
marks for one page, and names only of the entries that are shown."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from contests.actions.common import competition_row, contest_row, scopes_of
from contests.breakdown import Place, places, total_text
from contests.chain import LogLine, instant
from contests.identity.sealing import persons_of, teams_of
from contests.outcome import prizes_of
from contests.replay import Replayed, Version, replay
from contests.tables import Delegation, Entry, LogEntry, ResultRow
from core.errors import NotFound
from core.privacy import names_of
from core.scoring import Step, explain
from core.scoring.codec import from_json
from core.scoring.explain import shown
from core.scoring.model import (
    AspectScore,
    AwardCount,
    AwardProposal,
    ModuleScore,
    Outcome,
    Results,
    Rules,
    Scheme,
    Standing,
    Text,
)
from core.scoring.numbers import decimal_text
from core.security import Actor

_FACTS = (
    "contest_prepared",
    "appointed",
    "appointment_ended",
    "late_entry",
    "reserve_used",
    "rules_frozen",
    "drawn",
    "judging_ended",
    "codes_opened",
    "contest_closed",
    "awards_confirmed",
    "signed",
    "published",
    "finalised",
)
"""Entries of a log that say everything but marks: a hundred lines where the log has ten thousand."""
_KEPT = 16
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Line:
    """One place. number: 参赛编号 or "". codes: module -> code. total "" = none, `status` says why.
    modules: scores in the scheme's order, "" where there is none."""

    entry: str
    number: str
    codes: Mapping[str, str]
    group: str
    delegation: str
    delegation_title: Text
    rank: int | None
    shared: bool
    total: str
    exact: str
    status: str
    decided_by: str
    modules: tuple[str, ...]
    prizes: tuple[tuple[str, str], ...]
    prize_titles: tuple[Text, ...]

    @property
    def code(self) -> str:
        """What it is called without a name."""
        return " · ".join(dict.fromkeys(self.codes.values()))


@dataclass(frozen=True, slots=True)
class Summary:
    """A stored version without its marks and without any name."""

    contest: UUID
    competition: UUID
    code: str
    title: Text
    competition_title: Text
    state: str
    version: int
    reason: str
    created_at: datetime
    newest: int
    scheme: Scheme
    rules: Rules
    known: Replayed
    lines: tuple[Line, ...]
    awards: tuple[AwardProposal, ...]
    counts: tuple[AwardCount, ...]
    unresolved: tuple[tuple[str, ...], ...]

    @property
    def groups(self) -> list[tuple[str, Text, int]]:
        """(code, title, entries), in the order of the standings."""
        counted: dict[str, int] = {}
        for line in self.lines:
            counted[line.group] = counted.get(line.group, 0) + 1
        named = self.rules.group_titles
        return [(g, named.get(g, {"en": g} if g else {}), n) for g, n in counted.items()]

    @property
    def stored(self) -> Version:
        return next(v for v in self.known.versions if v.number == self.version)

    def line(self, entry: str) -> Line:
        """Raises NotFound."""
        found = next((line for line in self.lines if line.entry == entry), None)
        if found is None:
            raise NotFound(kind="standing of entry", id=entry)
        return found

    def prize_title(self, rule: str, prize: str) -> Text:
        for award in self.rules.awards:
            for one in award.prizes:
                if (award.code, one.code) == (rule, prize):
                    return one.title
        return {"en": prize}

    def seats(self) -> dict[str, str]:
        """Appointment id -> seat."""
        return {one.id: one.seat for one in self.known.appointments.values()}


_kept: OrderedDict[tuple[UUID, int, int], Summary] = OrderedDict()


async def summary(contest: UUID, *, version: int | None = None) -> Summary:
    """The newest stored version, or that one. Raises NotFound before the first closing.

    Kept in memory by the log's length: whatever changes a standing writes to the log.
    """
    row = await contest_row(contest)
    number = row["result_version"] if version is None else version
    key = (contest, number, row["length"])
    found = _kept.get(key)
    if found is None:
        found = await _read(row, number)
        _kept[key] = found
        while len(_kept) > _KEPT:
            _kept.popitem(last=False)
    _kept.move_to_end(key)
    return found


async def facts(contest: UUID) -> Replayed:
    """What the log says beside marks."""
    rows = (
        await LogEntry.select()
        .where(LogEntry.contest == contest, LogEntry.kind.is_in(list(_FACTS)))
        .order_by(LogEntry.seq)
    )
    return replay([log_line(row) for row in rows])


async def lines_of_kinds(contest: UUID, kinds: Iterable[str]) -> list[LogLine]:
    """The log's entries of these kinds, oldest first."""
    rows = (
        await LogEntry.select()
        .where(LogEntry.contest == contest, LogEntry.kind.is_in(list(kinds)))
        .order_by(LogEntry.seq)
    )
    return [log_line(row) for row in rows]


def log_line(row: Mapping[str, Any]) -> LogLine:
    return LogLine(
        str(row["contest"]),
        row["seq"],
        row["kind"],
        instant(row["at"]),
        row["body"],
        row["prev"],
        row["hash"],
    )


async def names(
    contest: UUID, entries: Sequence[str], *, by: Actor
) -> dict[str, tuple[str, ...]] | None:
    """Entry -> names in the order of the team, or None for an account without `identity.read`."""
    if not by.may("identity.read", *await scopes_of(contest)):
        return None
    persons: dict[str, tuple[UUID, ...]] = {}
    wanted = [UUID(entry) for entry in entries]
    for start in range(0, len(wanted), _CHUNK):
        persons |= await persons_of(contest, wanted[start : start + _CHUNK])
    known = await names_of({person for members in persons.values() for person in members})
    return {
        entry: tuple(known.get(person, "") for person in members)
        for entry, members in persons.items()
    }


async def team_names(contest: UUID, *, by: Actor) -> dict[str, Text]:
    """Entry -> the team's name, for those who may know."""
    if not by.may("identity.read", *await scopes_of(contest)):
        return {}
    return dict(await teams_of(contest))


async def explained(found: Summary, entry: str) -> tuple[Place, list[Step]]:
    """One total down to each mark, and the same in sentences. Raises NotFound."""
    found.line(entry)
    body = await _body(found.contest, found.version)
    one = {
        key: [item for item in body[key] if item["entry"] == entry]
        for key in ("standings", "modules", "aspects")
    }
    results = seated(
        Results(
            standings=tuple(from_json(Standing, item) for item in one["standings"]),
            modules=tuple(from_json(ModuleScore, item) for item in one["modules"]),
            aspects=tuple(from_json(AspectScore, item) for item in one["aspects"]),
        ),
        found.seats(),
    )
    prizes = {entry: found.line(entry).prizes}
    place = places(found.scheme, found.rules, results, prizes)[0]
    return place, explain(found.scheme, found.rules, results, entry)


async def with_marks(found: Summary) -> Results:
    """Everything, judges by their seats: for files and figures, not for a page."""
    body = await _body(found.contest, found.version)
    return seated(from_json(Results, body), found.seats())


def seated(results: Results, seats: Mapping[str, str]) -> Results:
    def one(score: AspectScore) -> AspectScore:
        return replace(
            score,
            used=tuple((seats.get(judge, judge), value) for judge, value in score.used),
            dropped=tuple((seats.get(judge, judge), value) for judge, value in score.dropped),
        )

    return replace(results, aspects=tuple(one(score) for score in results.aspects))


async def _body(contest: UUID, version: int) -> dict[str, Any]:
    row = (
        await ResultRow.select(ResultRow.body)
        .where(ResultRow.id == uuid5(contest, f"results|{version}"))
        .first()
    )
    if row is None:
        raise NotFound(kind="result version", id=version)
    found: dict[str, Any] = json.loads(row["body"])
    return found


async def _read(row: Mapping[str, Any], version: int) -> Summary:
    contest: UUID = row["id"]
    stored = (
        await ResultRow.select(ResultRow.reason, ResultRow.created_at)
        .where(ResultRow.id == uuid5(contest, f"results|{version}"))
        .first()
    )
    known = await facts(contest) if stored else None
    if stored is None or known is None or known.frozen is None:
        raise NotFound(kind="result version", id=version)
    body = await _body(contest, version)
    results = from_json(Results, {**body, "aspects": []})
    competition = await competition_row(row["competition"])
    scheme, rules = known.frozen.scheme, known.frozen.rules
    return Summary(
        contest=contest,
        competition=row["competition"],
        code=row["code"],
        title=json.loads(row["title"]),
        competition_title=json.loads(competition["title"]),
        state=row["state"],
        version=version,
        reason=stored["reason"],
        created_at=stored["created_at"],
        newest=row["result_version"],
        scheme=scheme,
        rules=rules,
        known=known,
        lines=await _lines(contest, row["competition"], results, known, version),
        awards=results.awards,
        counts=results.counts,
        unresolved=results.unresolved,
    )


async def _lines(
    contest: UUID, competition: UUID, results: Results, known: Replayed, version: int
) -> tuple[Line, ...]:
    assert known.frozen is not None
    scheme, rules = known.frozen.scheme, known.frozen.rules
    entries = await Entry.select(Entry.id, Entry.number, Entry.delegation).where(
        Entry.contest == contest
    )
    rows = {str(row["id"]): row for row in entries}
    delegations = await delegations_of(competition)
    codes = codes_by_entry(known)
    prizes = prizes_of(results, known, version)
    titles = {(a.code, p.code): p.title for a in rules.awards for p in a.prizes}
    modules: dict[str, dict[str, ModuleScore]] = {}
    for score in results.modules:
        modules.setdefault(score.entry, {})[score.module] = score
    made = []
    for standing in results.standings:
        row = rows.get(standing.entry, {})
        delegation, title = delegations.get(row.get("delegation"), ("", {}))
        own = modules.get(standing.entry, {})
        won = prizes.get(standing.entry, ())
        made.append(
            Line(
                entry=standing.entry,
                number=row.get("number") or "",
                codes=codes.get(standing.entry, {}),
                group=standing.group,
                delegation=delegation,
                delegation_title=title,
                rank=standing.rank,
                shared=standing.shared,
                total=total_text(standing.total, rules),
                exact="" if standing.exact is None else decimal_text(standing.exact),
                status=str(standing.status),
                decided_by=standing.decided_by,
                modules=tuple(_score(own.get(module.id)) for module in scheme.modules),
                prizes=won,
                prize_titles=tuple(titles[each] for each in won if each in titles),
            )
        )
    return tuple(made)


def _score(score: ModuleScore | None) -> str:
    return "" if score is None or score.score is None else shown(score.score)


async def delegations_of(competition: UUID) -> dict[Any, tuple[str, Text]]:
    """Id -> (code, title)."""
    rows = await Delegation.select(Delegation.id, Delegation.code, Delegation.title).where(
        Delegation.competition == competition
    )
    return {row["id"]: (row["code"], json.loads(row["title"])) for row in rows}


def codes_by_entry(known: Replayed) -> dict[str, dict[str, str]]:
    """Entry -> module -> code; empty before the codes are opened."""
    found: dict[str, dict[str, str]] = {}
    for module, codes in known.opened.items():
        for code, entry in codes.items():
            found.setdefault(entry, {})[module] = code
    return found


def present(line: Line) -> bool:
    return line.status != Outcome.DNS.value
