"""One entry by hand: entered, changed, withdrawn, taken in again; numbers for those without one.

The same checks as an import's, by the same code; a form is a table of one team.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from contests.actions.common import allowed, contest_row, moment, scopes_of
from contests.actions.people import withdraw_entrant
from contests.entering.checked import NEW, SAME, Checked
from contests.entering.checking import check_entry
from contests.entering.columns import ENTRANTS
from contests.entering.draft import Draft, Line
from contests.entering.grid import GridRow
from contests.entering.known import KnownEntry
from contests.entering.load import entries_of, known_for
from contests.entering.writing import ENTRY_FIELDS, write_units
from contests.log import writing
from contests.tables import Entry
from core import audit
from core.db import transaction
from core.errors import Invalid, NotFound
from core.scoring.model import Finding
from core.security import Actor, check

BEFORE_FINAL = ("draft", "ready", "judging", "closed", "signed", "published")
SHARED = ("number", "group", "delegation", "team", "reserve")
"""Fields of the entry; the others belong to each member."""

__all__ = [
    "add_entrant",
    "change_entrant",
    "entry_of",
    "number_entries",
    "readmit",
    "withdraw_entrant",
]


async def entry_of(by: Actor, contest: UUID, entry: UUID) -> KnownEntry:
    """Everything on record about one entry, for who may read identities."""
    check(by, "identity.read", *await scopes_of(contest))
    found = next((e for e in await entries_of(contest) if e.id == entry), None)
    if found is None:
        raise NotFound(kind="entry", id=entry)
    return found


async def add_entrant(
    by: Actor,
    contest: UUID,
    shared: Mapping[str, str],
    members: Sequence[Mapping[str, str]],
    *,
    confirmed: bool = False,
    now: datetime | None = None,
) -> UUID:
    """shared: fields of the entry; members: fields of each. Pointers of findings: "/name", and
    "/2/name" from the second member on."""
    scope = await allowed(by, "contest.enter", contest)
    at, competition = moment(now), (await contest_row(contest))["competition"]
    draft = _draft(shared, members)
    async with transaction(), writing(contest, "draft", now=at):
        checked = check_entry(draft, await known_for(contest, draft.lines()), None)
        _refuse(checked, confirmed=confirmed)
        outcome = await write_units(contest, competition, checked.units, now=at)
        entry = UUID(outcome["made"][0])
        await audit.record(by, "add_entrant", scope=scope, subject=str(entry))
    return entry


async def change_entrant(
    by: Actor,
    contest: UUID,
    entry: UUID,
    shared: Mapping[str, str],
    members: Sequence[Mapping[str, str]],
    persons: Sequence[UUID | None],
    *,
    confirmed: bool = False,
    now: datetime | None = None,
) -> list[str]:
    """Corrects what is on record; returns the fields that changed. An empty document number leaves
    the one on record. Once the contest is ready only what concerns the person may change: the
    entry's place in it takes two persons."""
    scope = await allowed(by, "contest.enter", contest)
    check(by, "identity.read", *await scopes_of(contest))
    at, competition = moment(now), (await contest_row(contest))["competition"]
    draft = _draft(shared, members)
    known = await known_for(contest, draft.lines())
    held = next((e for e in known.entries if e.id == entry), None)
    if held is None:
        raise NotFound(kind="entry", id=entry)
    if {p for p in persons if p} - {m.person for m in held.members} or len(persons) != len(members):
        raise NotFound(kind="person", id="")
    checked = check_entry(draft, known, held, persons)
    unit = checked.units[0]
    fields = sorted({change.field for change in unit.changes})
    states = ("draft",) if ENTRY_FIELDS & {*fields} or held.status else BEFORE_FINAL
    _refuse(checked, confirmed=confirmed)
    if unit.kind == SAME:
        return []
    async with transaction(), writing(contest, *states, now=at):
        await write_units(contest, competition, [unit], now=at)
        after = {"fields": fields}
        await audit.record(by, "change_entrant", scope=scope, subject=str(entry), after=after)
    return fields


async def readmit(by: Actor, contest: UUID, entry: UUID, *, now: datetime | None = None) -> None:
    """A withdrawn entry is entered again."""
    scope = await allowed(by, "contest.enter", contest)
    async with transaction(), writing(contest, "draft", now=moment(now)):
        rows = (
            await Entry.update({Entry.status: ""})
            .where(Entry.id == entry, Entry.contest == contest, Entry.status == "withdrawn")
            .returning(Entry.id)
        )
        if not rows:
            raise NotFound(kind="entry", id=entry)
        await audit.record(by, "readmit_entrant", scope=scope, subject=str(entry))


async def number_entries(by: Actor, contest: UUID, *, now: datetime | None = None) -> int:
    """Numbers for all that have none, in the order of registration; returns how many."""
    scope = await allowed(by, "contest.enter", contest)
    async with transaction(), writing(contest, "draft", now=moment(now)):
        rows = (
            await Entry.select(Entry.id, Entry.number)
            .where(Entry.contest == contest, Entry.status != "withdrawn")
            .order_by(Entry.created_at)
        )
        used = {row["number"] for row in rows}
        without = [row["id"] for row in rows if not row["number"]]
        width = max(3, len(str(len(rows))))
        free = (
            n
            for k in range(1, len(rows) + len(used) + 1)
            if (n := str(k).rjust(width, "0")) not in used
        )
        for id_, number in zip(without, free, strict=False):
            await Entry.update({Entry.number: number}).where(Entry.id == id_)
        after = {"count": len(without)}
        await audit.record(by, "number_entries", scope=scope, after=after)
    return len(without)


def _draft(shared: Mapping[str, str], members: Sequence[Mapping[str, str]]) -> Draft:
    """A team's first line carries what belongs to the entry; the team's name ties the others on."""
    codes = [one.code for one in ENTRANTS]
    columns = dict(enumerate(codes))
    rows = [
        GridRow(
            number,
            {
                at: (shared.get(code, "") if code in SHARED else member.get(code, ""))
                for at, code in columns.items()
            },
        )
        for number, member in enumerate(members, 1)
    ]
    return Draft("entrants", dict(columns), columns, rows, sure=True)


def _refuse(checked: Checked, *, confirmed: bool) -> None:
    findings = [
        Finding(_pointer(row.line, f), f.code, f.params) for row in checked.rows for f in row.errors
    ]
    if findings:
        raise Invalid(findings)
    if checked.spoken_against and not confirmed and any(u.kind == NEW for u in checked.units):
        params = {"count": str(len(checked.spoken_against))}
        raise Invalid([Finding("/confirmed", "people-confirm-clauses", params)])


def _pointer(line: Line, finding: Finding) -> str:
    shared = finding.pointer in SHARED
    return (
        f"/{finding.pointer}" if shared or line.number == 1 else f"/{line.number}/{finding.pointer}"
    )
