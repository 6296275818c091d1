"""Counts of several contests at once, each by one query that the database sums up."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from contests.season.model import PrizeCount
from contests.tables import Appointment, Contest, Entry, LogEntry, ResultRow, SheetRow
from core.db import engine
from core.scoring.model import Text

Row = dict[str, Any]
JUDGES = ("judge", "group_leader", "chief_referee")
_KEY = '":{'
"""Where a mark begins in the JSON of a sheet: {"aspect":{…},…}. Inside a note the quote is escaped."""
_AWARDS = {
    "sqlite": (
        "json_extract(a.value, '$.rule')",
        "json_extract(a.value, '$.prize')",
        "json_each(r.body, '$.awards') a",
    ),
    "postgres": (
        "a.value ->> 'rule'",
        "a.value ->> 'prize'",
        "json_array_elements(CAST(r.body AS json) -> 'awards') AS a(value)",
    ),
}


@dataclass(frozen=True, slots=True)
class Entered:
    """finalists: who stood in the hall, or will: neither withdrawn nor absent."""

    entrants: int
    finalists: int
    delegations: frozenset[str]


NOBODY = Entered(0, 0, frozenset())


def _places(ids: Sequence[UUID]) -> str:
    return ",".join("{}" for _ in ids)


async def entries_of(ids: Sequence[UUID]) -> dict[str, Entered]:
    """Without trial entries and reserves. A team is one entry."""
    rows: list[Row] = await Entry.raw(
        "SELECT e.contest, e.delegation, COUNT(*) AS entered,"  # noqa: S608 - placeholders alone
        " SUM(CASE WHEN e.status IN ('withdrawn', 'DNS') THEN 0 ELSE 1 END) AS stood"
        f" FROM entry e WHERE e.contest IN ({_places(ids)}) AND NOT e.trial AND NOT e.reserve"
        " GROUP BY e.contest, e.delegation",
        *ids,
    )
    found: dict[str, Entered] = {}
    for row in rows:
        before, stood = found.get(str(row["contest"]), NOBODY), int(row["stood"])
        here = {str(row["delegation"])} if row["delegation"] and stood else set()
        found[str(row["contest"])] = Entered(
            before.entrants + int(row["entered"]),
            before.finalists + stood,
            before.delegations | here,
        )
    return found


async def judges_of(ids: Sequence[UUID]) -> dict[str, frozenset[str]]:
    """Contest -> the accounts that judge there or lead those who do."""
    rows: list[Row] = await Appointment.raw(
        "SELECT DISTINCT a.contest, a.account FROM appointment a"  # noqa: S608 - placeholders alone
        f" WHERE a.contest IN ({_places(ids)}) AND a.ended_at IS NULL"
        f" AND a.role IN ({','.join('{}' for _ in JUDGES)})",
        *ids,
        *JUDGES,
    )
    found: dict[str, set[str]] = {}
    for row in rows:
        found.setdefault(str(row["contest"]), set()).add(str(row["account"]))
    return {contest: frozenset(accounts) for contest, accounts in found.items()}


async def marks_of(ids: Sequence[UUID]) -> dict[str, int]:
    """Contest -> marks on its accepted sheets; counted as text, because there are hundreds of
    thousands of sheets in a season."""
    rows: list[Row] = await SheetRow.raw(
        "SELECT s.contest, SUM(LENGTH(REPLACE(s.marks, {}, ''))"  # noqa: S608 - placeholders alone
        " - LENGTH(REPLACE(REPLACE(s.marks, {}, ''), {}, '')))"
        f" AS letters FROM sheet_row s WHERE s.contest IN ({_places(ids)}) AND s.state = 'accepted'"
        " GROUP BY s.contest",
        "\\" + _KEY,
        "\\" + _KEY,
        _KEY,
        *ids,
    )
    return {str(row["contest"]): int(row["letters"]) // len(_KEY) for row in rows}


async def prizes_of(ids: Sequence[UUID]) -> dict[str, tuple[PrizeCount, ...]]:
    """Contest -> prizes of its newest results, as the organiser confirmed them, else as computed. The
    caller names published contests alone."""
    if not ids:
        return {}
    rules = await Contest.select(Contest.id, Contest.rules, Contest.result_version).where(
        Contest.id.is_in(list(ids))
    )
    won = await _computed(ids)
    won |= await _confirmed(ids, {str(row["id"]): row["result_version"] for row in rules})
    return {
        str(row["id"]): _in_order(won.get(str(row["id"]), Counter()), row["rules"]) for row in rules
    }


async def _computed(ids: Sequence[UUID]) -> dict[str, Counter[tuple[str, str]]]:
    rule, prize, each = _AWARDS[engine().engine_type]
    rows: list[Row] = await ResultRow.raw(
        f"SELECT r.contest, {rule} AS rule, {prize} AS prize, COUNT(*) AS won"  # noqa: S608 - constants
        f" FROM result_row r JOIN contest c ON c.id = r.contest AND c.result_version = r.version, {each}"
        f" WHERE r.contest IN ({_places(ids)}) GROUP BY r.contest, {rule}, {prize}",
        *ids,
    )
    found: dict[str, Counter[tuple[str, str]]] = {}
    for row in rows:
        counted = found.setdefault(str(row["contest"]), Counter())
        counted[row["rule"], row["prize"]] = int(row["won"])
    return found


async def _confirmed(
    ids: Sequence[UUID], versions: Mapping[str, int]
) -> dict[str, Counter[tuple[str, str]]]:
    rows = (
        await LogEntry.select(LogEntry.contest, LogEntry.body)
        .where(LogEntry.contest.is_in(list(ids)), LogEntry.kind == "awards_confirmed")
        .order_by(LogEntry.seq)
    )
    found: dict[str, Counter[tuple[str, str]]] = {}
    for row in rows:
        body = json.loads(row["body"])
        if body["version"] == versions[str(row["contest"])]:
            awards = [(award["rule"], award["prize"]) for award in body["awards"]]
            found[str(row["contest"])] = Counter(awards)
    return found


def _in_order(won: Counter[tuple[str, str]], rules: str) -> tuple[PrizeCount, ...]:
    """As the rules name them, the highest first."""
    titles: dict[tuple[str, str], Text] = {
        (rule["code"], prize["code"]): prize.get("title", {})
        for rule in (json.loads(rules) if rules else {}).get("awards", ())
        for prize in rule.get("prizes", ())
    }
    order = [key for key in titles if key in won] + sorted(set(won) - set(titles))
    return tuple(PrizeCount(key[1], titles.get(key) or {"en": key[1]}, won[key]) for key in order)
