"""A body's results, honours and levels as a file that another installation takes in: Excel, or JSON as
docs/schemas/records.json says. No number of an identity document ever stands in one."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from core import audit
from core.db import transaction
from core.errors import Invalid
from core.privacy import names_of
from core.scoring.model import Finding
from core.security import Actor, check
from credentials.records.bodies import ACTS
from credentials.records.exchange.feed import levels_of
from credentials.records.exchange.fields import FIELDS, FORMAT, HONOURS, KINDS, LEVELS, RESULTS
from credentials.records.exchange.reading import Line, table
from credentials.records.exchange.tables import EarlierResult
from credentials.records.exchange.whose import references_of
from credentials.records.honours.studios import names_of_studios
from credentials.records.honours.tables import HonourCase
from credentials.records.sealing import shown
from credentials.records.tables import HeldLevel
from credentials.scopes import issuer_scopes

EXCEL, JSON = FORMATS = ("xlsx", "json")
Row = Mapping[str, Any]


async def export(by: Actor, keeper: str, form: str, language: str) -> bytes:
    """Who was erased is left out. Raises Invalid for a form that there is not."""
    scopes = await issuer_scopes(keeper)
    check(by, ACTS, *scopes)
    if form not in FORMATS:
        known = {"known": ", ".join(FORMATS)}
        raise Invalid([Finding("/format", "credentials.taken-form", known)])
    async with transaction():
        lines = await _lines(keeper)
        after = {"count": len(lines), "format": form}
        await audit.record(by, "records.exported", scope=scopes[0], subject=keeper, after=after)
    return table(language, lines, details=True) if form == EXCEL else as_json(lines)


def as_json(lines: Sequence[Line]) -> bytes:
    """Without fields that say nothing."""
    lists = {
        kind: [
            {field: line.values[field] for field in FIELDS[kind] if line.values.get(field)}
            for line in lines
            if line.kind == kind
        ]
        for kind in KINDS
    }
    return json.dumps({"format": FORMAT, **lists}, ensure_ascii=False, indent=1).encode()


async def records_of_body(keeper: str) -> dict[str, list[dict[str, Any]]]:
    """Rows by kind, in an order that does not depend on where they came on record first."""
    results = await EarlierResult.select().where(EarlierResult.keeper == keeper)
    honours = await HonourCase.select().where(
        HonourCase.authority == keeper, HonourCase.state.is_in(["granted", "withdrawn"])
    )
    levels = await HeldLevel.select().where(levels_of(keeper), HeldLevel.number != "")
    return {
        RESULTS: sorted(results, key=lambda r: (r["year"], r["contest"], r["occupation"], r["place"], r["prize"])),
        HONOURS: sorted(honours, key=lambda r: (r["granted_on"], r["code"], r["document"])),
        LEVELS: sorted(levels, key=lambda r: r["number"]),
    }  # fmt: skip


async def _lines(keeper: str) -> list[Line]:
    rows = await records_of_body(keeper)
    persons = {row["person"] for kind in KINDS for row in rows[kind] if row["person"]}
    names = await names_of(persons)
    references = await references_of(keeper, sorted((p for p in persons if names.get(p)), key=str))
    studios = await names_of_studios(row["studio"] for row in rows[HONOURS] if row["studio"])
    lines = []
    for kind, told in ((RESULTS, _result), (HONOURS, _honour), (LEVELS, _level)):
        for at, row in enumerate(rows[kind], 1):
            who = _who(row, names, references, studios)
            if who["name"]:
                values = {**dict.fromkeys(FIELDS[kind], ""), **told(row), **who}
                lines.append(Line(kind, kind, at, values, {}))
    return lines


def _who(
    row: Row, names: Mapping[UUID, str], references: Mapping[UUID, UUID], studios: Mapping[UUID, str]
) -> dict[str, str]:  # fmt: skip
    if row["person"]:
        reference = references.get(row["person"])
        return {"name": names.get(row["person"], ""), "person": str(reference or "")}
    if row["studio"]:
        return {"name": studios.get(row["studio"], "")}
    return {"name": shown(row, "sealed_holder", "honour_case", row["wrapped_key"])}


def _result(row: Row) -> dict[str, str]:
    said = ("contest", "year", "occupation", "place", "prize")
    return {**{field: row[field] for field in said}, "paper": "yes"}


def _honour(row: Row) -> dict[str, str]:
    withdrawn = ("withdrawn_on", "reason", "withdrawal_document")
    told = {field: row[field] for field in withdrawn} if row["state"] == "withdrawn" else {}
    return {
        "honour": row["code"],
        "city": row["city"],
        "authority_document": row["document"],
        "granted_on": row["granted_on"],
        "link": row["evidence_link"],
        "hash": row["evidence_hash"],
        "state": row["state"],
        "paper": "yes" if row["paper"] else "",
        **told,
    }


def _level(row: Row) -> dict[str, str]:
    said = ("occupation", "level", "number", "granted_on", "issuer", "source")
    return {
        **{field: row[field] for field in said},
        "link": row["evidence_link"],
        "hash": row["evidence_hash"],
        "paper": "yes" if row["paper"] else "",
    }
