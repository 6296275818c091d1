"""Finding craftsmen who agreed to it: by trade, level, honour, city and time, page by page.

Levels and honours are asked of the record at that moment; a withdrawn honour does not count.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from core.privacy import names_of
from core.same_person import records_of_all
from core.scoring.model import Finding, Text
from core.security import Actor
from credentials.matching import forms
from credentials.matching.craftsmen import codes_in, trades_of
from credentials.matching.registry import READ, check_keeper, cities
from credentials.matching.tables import Craftsman, CraftsmanTrade
from credentials.matching.words import HONOURS, LEVELS, SERVICES, TIERS
from credentials.records.tables import HeldLevel, Honour

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for; "" = anything. level: at least this one, in the trade when one is asked for.
    day: one on which the craftsman has time."""

    trade: str = ""
    level: str = ""
    honour: str = ""
    tier: str = ""
    city: str = ""
    day: str = ""
    service: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """One craftsman as the office sees him: no telephone, no address. levels: (occupation, level, title,
    from paper); honours: (kind, tier, title, from paper)."""

    id: UUID
    name: str
    city: str
    trades: Sequence[str]
    levels: Sequence[tuple[str, str, Text, bool]]
    honours: Sequence[tuple[str, str, Text, bool]]
    days: int
    from_day: str
    until_day: str
    services: Sequence[str]
    languages: Sequence[str]


def wrong_search(wanted: Wanted) -> list[Finding]:
    found = forms.day("/day", wanted.day)
    for name, known in (
        ("level", LEVELS), ("honour", HONOURS), ("tier", TIERS), ("city", cities()), ("service", SERVICES),
    ):  # fmt: skip
        code = getattr(wanted, name)
        found += forms.chosen(f"/{name}", [code] if code else [], known, needed=False)
    return found


async def search(
    by: Actor, organisation: UUID, wanted: Wanted, *, limit: int, after: UUID | None = None
) -> list[Found]:
    """In the order of their ids, so that a page goes on after the last one of the page before."""
    await check_keeper(by, organisation, READ)
    rows = await matching_rows(organisation, wanted, limit=limit, after=after)
    return await found_of(rows)


async def matching_rows(
    organisation: UUID, wanted: Wanted, *, limit: int, after: UUID | None = None
) -> list[Row]:
    text, values = _statement(organisation, wanted, after)
    found: list[Row] = await Craftsman.raw(text + " LIMIT {}", *values, limit)
    return found


async def found_of(rows: Sequence[Row]) -> list[Found]:
    """What stands on record of each, read for all of them at once."""
    persons = [row["person"] for row in rows]
    names = await names_of(persons)
    trades = await trades_of(row["id"] for row in rows)
    levels, honours = await _levels(persons), await _honours(persons)
    return [
        Found(
            row["id"],
            names.get(row["person"], ""),
            row["city"],
            trades.get(row["id"], ()),
            levels.get(row["person"], []),
            honours.get(row["person"], []),
            row["days"],
            row["from_day"],
            row["until_day"],
            codes_in(row["services"]),
            codes_in(row["languages"]),
        )
        for row in rows
    ]


async def known_trades(organisation: UUID, *, most: int = 300) -> list[str]:
    """For the form: those that somebody on the registry works in."""
    rows = await CraftsmanTrade.raw(
        "SELECT DISTINCT trade FROM craftsman_trade WHERE organisation = {} ORDER BY trade LIMIT {}",
        organisation,
        most,
    )
    return [row["trade"] for row in rows]


def at_least(level: str) -> list[str]:
    """The level and all above it. The national number falls as skill rises."""
    ordered = sorted(LEVELS)
    return ordered[: ordered.index(level) + 1]


def _statement(organisation: UUID, wanted: Wanted, after: UUID | None) -> tuple[str, list[Any]]:
    """By trade it begins at the trade's index, else at the registry's own."""
    values: list[Any] = [organisation]
    if wanted.trade:
        text = (
            "SELECT c.* FROM craftsman_trade t JOIN craftsman c ON c.id = t.craftsman"
            " WHERE t.organisation = {} AND t.trade = {}"
        )
        values.append(wanted.trade)
        key = "t.craftsman"
    else:
        text, key = "SELECT c.* FROM craftsman c WHERE c.organisation = {}", "c.id"
    for clause, more in _clauses(wanted):
        text += f" AND {clause}"
        values += more
    if after is not None:
        text += f" AND {key} > {{}}"
        values.append(after)
    return f"{text} ORDER BY {key}", values


def _clauses(wanted: Wanted) -> list[tuple[str, list[Any]]]:
    found: list[tuple[str, list[Any]]] = [("c.listed_at IS NOT NULL", [])]
    if wanted.city:
        found.append(("c.city = {}", [wanted.city]))
    if wanted.day:
        bit = 1 << date.fromisoformat(wanted.day).weekday()
        found.append((f"(c.days & {bit}) <> 0", []))
        found.append(("c.from_day <= {}", [wanted.day]))
        found.append(("(c.until_day = '' OR c.until_day >= {})", [wanted.day]))
    if wanted.service:
        found.append(("c.services LIKE {}", [f"%,{wanted.service},%"]))
    if wanted.level:
        found.append(_level_clause(wanted))
    if wanted.honour or wanted.tier:
        found.append(_honour_clause(wanted))
    return found


def _level_clause(wanted: Wanted) -> tuple[str, list[Any]]:
    levels = at_least(wanted.level)
    places = ", ".join("{}" for _ in levels)
    condition, values = f"h.level IN ({places})", list(levels)
    if wanted.trade:
        condition, values = f"{condition} AND h.occupation = {{}}", [*values, wanted.trade]
    return _in_any_record("held_level", condition, values)


def _honour_clause(wanted: Wanted) -> tuple[str, list[Any]]:
    condition, values = "h.withdrawn_at IS NULL", list[Any]()
    for column, value in (("kind", wanted.honour), ("grade", wanted.tier)):
        if value:
            condition += f" AND h.{column} = {{}}"
            values.append(value)
    return _in_any_record("honour", condition, values)


def _in_any_record(table: str, condition: str, values: Sequence[Any]) -> tuple[str, list[Any]]:
    """A row of the craftsman's own record, or of one that was joined to it or to the same one as it, each by
    its index."""
    own = f"SELECT 1 FROM {table} h WHERE h.person = c.person AND {condition}"  # noqa: S608 - no value
    joined = [
        f"SELECT 1 FROM record_join j JOIN {table} h ON h.person = j.{other}"  # noqa: S608 - no value
        f" WHERE j.{one} = c.person AND j.state = 'joined' AND {condition}"
        for one, other in (("stays", "goes"), ("goes", "stays"))
    ]
    beside = (
        f"SELECT 1 FROM record_join j JOIN record_join k ON k.stays = j.stays JOIN {table} h ON h.person = k.goes"  # noqa: S608 - no value
        f" WHERE j.goes = c.person AND j.state = 'joined' AND k.state = 'joined' AND {condition}"
    )
    selects = (own, *joined, beside)
    clause = " OR ".join(f"EXISTS ({select})" for select in selects)
    return f"({clause})", [*values] * len(selects)


async def _levels(persons: Sequence[UUID]) -> dict[UUID, list[tuple[str, str, Text, bool]]]:
    found: dict[UUID, list[tuple[str, str, Text, bool]]] = {}
    if persons:
        whose = await _whose(persons)
        rows = (
            await HeldLevel.select(
                HeldLevel.person,
                HeldLevel.occupation,
                HeldLevel.level,
                HeldLevel.title,
                HeldLevel.paper,
            )
            .where(HeldLevel.person.is_in(list(whose)))
            .order_by(HeldLevel.level)
        )
        for row in rows:
            title: Text = json.loads(row["title"] or "{}")
            level = (row["occupation"], row["level"], title, bool(row["paper"]))
            for person in whose[row["person"]]:
                found.setdefault(person, []).append(level)
    return found


async def _honours(persons: Sequence[UUID]) -> dict[UUID, list[tuple[str, str, Text, bool]]]:
    found: dict[UUID, list[tuple[str, str, Text, bool]]] = {}
    if persons:
        whose = await _whose(persons)
        rows = (
            await Honour.select(
                Honour.person, Honour.kind, Honour.grade, Honour.title, Honour.paper
            )
            .where(Honour.person.is_in(list(whose)), Honour.withdrawn_at.is_null())
            .order_by(Honour.granted_on, ascending=False)
        )
        for row in rows:
            title: Text = json.loads(row["title"] or "{}")
            honour = (row["kind"], row["grade"], title, bool(row["paper"]))
            for person in whose[row["person"]]:
                found.setdefault(person, []).append(honour)
    return found


async def _whose(persons: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """Record -> those of `persons` whose it is: the own one, and those that were joined to it."""
    found: dict[UUID, list[UUID]] = {}
    for person, records in (await records_of_all(persons)).items():
        for record in records:
            found.setdefault(record, []).append(person)
    return found
