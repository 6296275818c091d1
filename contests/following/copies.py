"""What may go into a chat group: programme, starting numbers, who judges what, published results.

Made of what is public or everybody's in the hall anyway. Whatever looks like a document's or a
telephone's number is taken out of every cell, wherever it was typed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from contests.actions.common import competition_row, contest_row
from contests.board.published import board_of
from contests.founding.tables import ProgrammeSession, Venue
from contests.identity.sealing import codes_taken
from contests.tables import Appointment, Delegation, Entry
from core.errors import Conflict, NotFound
from core.scoring.codec import from_json
from core.scoring.model import Scheme, Text
from core.tables import Account
from core.web.i18n import pick, show_date, show_list, translate
from core.words import ROLES

_BETWEEN = r"[\s\-–—().（）]{0,2}"
_DIGITS = re.compile(rf"[A-Za-z]{{0,2}}\+?\d(?:{_BETWEEN}\d){{6,}}\s?[(（]?[0-9A-Za-z]?[)）]?")
_LONG = re.compile(rf"\+?\d(?:{_BETWEEN}\d){{7,}}\s?[(（]?[0-9A-Za-z]?[)）]?")
"""A starting number may have seven digits; no telephone of the region has fewer than eight."""
_HONG_KONG = re.compile(r"(?<![A-Za-z])[A-Z]{1,2}\d{6}\s?[(（]?[0-9A]?[)）]?", re.IGNORECASE)
_MAIL = re.compile(r"\S+@\S+")
_PARTS = re.compile(r"\d+|\D+")
_HIDDEN = "…"


class NothingPublished(Conflict):
    slug = "nothing-published"
    title = "The results are not published yet, so nothing of them can be passed on."


@dataclass(frozen=True, slots=True)
class Table:
    """One copy, in one language already. rows: texts, as many as columns."""

    code: str
    title: str
    under: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()


_Contest = tuple[UUID, Mapping[str, Any], Mapping[str, Any]]
"""Id, row, and the row of its competition."""


def without_numbers(text: str) -> str:
    """The text without anything that could be a document, a telephone or an address to write to."""
    return _without(text, _MAIL, _HONG_KONG, _DIGITS)


def _without(text: str, *patterns: re.Pattern[str]) -> str:
    for pattern in patterns:
        if pattern is not _MAIL or "@" in text:  # a thousand codes without a space take it a second
            text = pattern.sub(_HIDDEN, text)
    return " ".join(text.split())


async def copy_of(contest: UUID, code: str, language: str) -> Table:
    """Raises NotFound, and NothingPublished for results that nobody may know yet."""
    made = _COPIES.get(code)
    if made is None:
        raise NotFound(kind="copy", id=code)
    return _cleaned(await made(await _read(contest), language))


async def copies_of(contest: UUID, language: str) -> dict[str, Table | None]:
    """All of them; None where nothing is published yet."""
    of, found = await _read(contest), dict[str, Table | None]()
    for code, made in _COPIES.items():
        try:
            found[code] = _cleaned(await made(of, language))
        except NothingPublished:
            found[code] = None
    return found


def as_text(table: Table) -> str:
    """Lines for a chat: title, then one line a row."""
    lines = [table.title, table.under, ""]
    if len(table.columns) > 1:
        lines.append(" · ".join(table.columns))
    lines += [" · ".join(cell for cell in row if cell) for row in table.rows]
    lines += ["", *table.notes] if table.notes else []
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


def _cleaned(table: Table) -> Table:
    return Table(
        table.code,
        without_numbers(table.title),
        without_numbers(table.under),
        table.columns,
        tuple(_cleaned_row(table.code, row) for row in table.rows),
        tuple(without_numbers(note) for note in table.notes),
    )


def _cleaned_row(code: str, row: tuple[str, ...]) -> tuple[str, ...]:
    if code != "numbers":
        return tuple(map(without_numbers, row))
    return (_without(row[0], _MAIL, _HONG_KONG, _LONG), *map(without_numbers, row[1:]))


async def _programme(of: _Contest, language: str) -> Table:
    contest, row, held = of
    sessions = (
        await ProgrammeSession.select()
        .where(
            ProgrammeSession.competition == row["competition"],
            (ProgrammeSession.contest == contest) | ProgrammeSession.contest.is_null(),
        )
        .order_by(ProgrammeSession.day)
        .order_by(ProgrammeSession.starts)
    )
    venues = {
        venue["id"]: venue
        for venue in await Venue.select().where(Venue.competition == row["competition"])
    }
    modules = {m.id: m.title for m in _scheme(row).modules} if row["scheme"] else {}
    rows: list[tuple[str, ...]] = [
        (
            show_date(one["day"], language),
            f"{one['starts']}–{one['ends']}",
            _session_title(one, modules, language),
            _venue(venues.get(one["venue"]), language),
        )
        for one in sessions
    ]
    if not rows:
        rows = _dates(row, held, language)
    columns = ("Day", "Time", "What", "Where")
    return _table("programme", translate("Programme", language), row, held, columns, rows, language)


def _session_title(one: Mapping[str, Any], modules: Mapping[str, Text], language: str) -> str:
    parts = [pick(modules[one["module"]], language)] if one["module"] in modules else []
    parts += [one["note"]] if one["note"] else []
    if not parts:
        parts = [translate("The whole day" if one["contest"] else "Everybody", language)]
    return " · ".join(parts)


def _venue(venue: Mapping[str, Any] | None, language: str) -> str:
    if venue is None:
        return ""
    return " · ".join(filter(None, [pick(_text(venue["title"]), language), venue["address"]]))


def _dates(row: Mapping[str, Any], held: Mapping[str, Any], language: str) -> list[tuple[str, ...]]:
    """Without a programme there are the days that the contest and the competition state."""
    facts = json.loads(row["facts"])
    day = str(facts.get("held_on") or held["held_from"] or "")
    if not day:
        return []
    where = str(facts.get("place") or held["place"] or "")
    return [(show_date(day, language), "", pick(json.loads(row["title"]), language), where)]


async def _numbers(of: _Contest, language: str) -> Table:
    """Starting numbers and delegations; the codes of works alone, so that nobody learns whose one is."""
    contest, row, held = of
    delegations = {
        d["id"]: json.loads(d["title"])
        for d in await Delegation.select().where(Delegation.competition == row["competition"])
    }
    entries = await Entry.select().where(
        Entry.contest == contest, Entry.status != "withdrawn", Entry.number != ""
    )
    rows = [
        (
            one["number"],
            pick(delegations.get(one["delegation"], {}), language),
            translate("reserve", language) if one["reserve"] else "",
        )
        for one in sorted(entries, key=lambda one: _natural(one["number"]))
    ]
    notes = [
        f"{translate('Module {module}', language, module=module)}: "
        + "、".join(sorted(codes, key=_natural))
        for module, codes in sorted((await codes_taken(contest)).items())
    ]
    columns = ("Number", "Delegation", "Note")
    title = translate("Starting numbers", language)
    if notes:
        notes.insert(0, translate("Codes of the works:", language))
    return _table("numbers", title, row, held, columns, rows, language, notes)


async def _judges(of: _Contest, language: str) -> Table:
    contest, row, held = of
    appointed = (
        await Appointment.select()
        .where(Appointment.contest == contest, Appointment.ended_at.is_null())
        .order_by(Appointment.role)
        .order_by(Appointment.seat)
    )
    labels = await _labels([one["account"] for one in appointed])
    rows = [
        (
            "—" if one["seat"].startswith(one["role"]) else one["seat"],
            translate(ROLES.get(one["role"], one["role"]), language),
            labels.get(one["account"], ""),
            one["group_code"],
            show_list(json.loads(one["modules"]), language),
        )
        for one in sorted(appointed, key=lambda one: (one["group_code"], _natural(one["seat"])))
    ]
    columns = ("Seat", "Duty", "Name", "Group", "Modules")
    title = translate("Who judges what", language)
    return _table("judges", title, row, held, columns, rows, language)


async def _results(of: _Contest, language: str) -> Table:
    contest, row, held = of
    board = await board_of(contest)
    if not board.published:
        raise NothingPublished
    several = len(board.groups) > 1
    rows = [
        (
            pick(title, language) if several else "",
            "—" if line.rank is None else str(line.rank),
            line.who,
            pick(line.delegation, language),
            line.total or translate(line.status, language),
            "、".join(pick(prize, language) for prize in line.prizes),
        )
        for title, lines in board.groups
        for line in lines
    ]
    notes = []
    if board.state == "published" and board.notice_until:
        until = show_date(board.notice_until, language)
        notes.append(translate("In public notice until {date}", language, date=until))
    columns = ("Group", "Place", "Who", "Delegation", "Total", "Prize")
    title = translate("Results", language)
    return _table("results", title, row, held, columns, rows, language, notes)


def _table(
    code: str,
    title: str,
    row: Mapping[str, Any],
    held: Mapping[str, Any],
    columns: Sequence[str],
    rows: Sequence[tuple[str, ...]],
    language: str,
    notes: Sequence[str] = (),
) -> Table:
    """Columns in which nothing stands are left out."""
    used = [n for n in range(len(columns)) if any(line[n] for line in rows)]
    return Table(
        code,
        f"{pick(json.loads(row['title']), language)} · {title}",
        pick(json.loads(held["title"]), language),
        tuple(translate(columns[n], language) for n in used),
        tuple(tuple(line[n] for n in used) for line in rows),
        tuple(notes),
    )


async def _read(contest: UUID) -> _Contest:
    row = await contest_row(contest)
    return contest, row, await competition_row(row["competition"])


async def _labels(accounts: Sequence[UUID]) -> dict[UUID, str]:
    rows = (
        await Account.select(Account.id, Account.label).where(Account.id.is_in(list(accounts)))
        if accounts
        else []
    )
    return {row["id"]: row["label"] for row in rows}


def _scheme(row: Mapping[str, Any]) -> Scheme:
    return from_json(Scheme, json.loads(row["scheme"]))


def _text(stored: str) -> Text | str:
    try:
        found = json.loads(stored)
    except ValueError:
        return stored
    return found if isinstance(found, dict) else stored


def _natural(text: str) -> tuple[tuple[int, str], ...]:
    """2 before 10."""
    parts = _PARTS.findall(text)
    return tuple((int(part), "") if part.isdecimal() else (0, part) for part in parts)


_COPIES: Mapping[str, Callable[[_Contest, str], Awaitable[Table]]] = {
    "programme": _programme,
    "numbers": _numbers,
    "judges": _judges,
    "results": _results,
}
COPIES = tuple(_COPIES)
