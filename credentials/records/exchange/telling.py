"""Earlier results for the person concerned and in the person's timeline, and what erasure leaves of lists."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from core import timeline
from core.about_person import Within
from core.scoring.model import Text
from core.timeline import Moment, Teller
from core.web import i18n
from credentials.records.exchange.tables import EarlierResult, PersonReference, RecordImport
from credentials.records.exchange.words import PAPER
from credentials.records.honours.tables import HonourCase
from credentials.records.tables import HeldLevel

Row = Mapping[str, Any]


def install() -> None:
    timeline.register(Teller("earlier results", _tell, _known, _last))


def paper() -> Text:
    """The mark in every language, for data that somebody takes along."""
    return {language: i18n.translate(PAPER, language) for language in i18n.LANGUAGES}


async def earlier_results_of(person: UUID) -> list[dict[str, Any]]:
    """Of this one record, the oldest first; `paper` says in words that nothing of it was judged here."""
    return [
        {
            "contest": row["contest"],
            "year": row["year"],
            "occupation": row["occupation"],
            "place": row["place"],
            "prize": row["prize"],
            "keeper": row["keeper"],
            "created_at": row["created_at"],
            "paper": paper(),
        }
        for row in await _rows([person])
    ]


async def forget(person: UUID) -> None:
    """Inside the caller's transaction. A scan shows everybody of its list, so it goes with the first who is
    erased: its SHA-256 stays, by which the paper in the archive can be recognised."""
    lists = {row["taken_in"] for row in await _rows([person])}
    for table in (HonourCase, HeldLevel):
        rows = await table.select(table.taken_in).where(
            table.person == person, table.taken_in.is_not_null()
        )
        lists |= {row["taken_in"] for row in rows}
    if lists:
        gone: dict[Any, Any] = {
            RecordImport.wrapped_key: None,
            RecordImport.sealed_evidence: None,
            RecordImport.sealed_lines: None,
        }
        await RecordImport.update(gone).where(RecordImport.id.is_in(sorted(lists, key=str)))
    await EarlierResult.delete().where(EarlierResult.person == person)
    await PersonReference.delete().where(PersonReference.person == person)


async def _rows(persons: Sequence[UUID]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = (
        await EarlierResult.select()
        .where(EarlierResult.person.is_in(list(persons)))
        .order_by(EarlierResult.year)
        .order_by(EarlierResult.contest)
    )
    return rows


async def _tell(records: Sequence[UUID], within: Within) -> list[Moment]:
    return [
        Moment(
            "contest",
            row["year"],
            row["contest"],
            facts=[(name, row[name]) for name in ("occupation", "place", "prize") if row[name]],
            by=row["keeper"],
            room=f"/console/exchange/{row['taken_in']}",
            state="paper",
        )
        for row in await _rows(records)
        if within.has(issuer=row["keeper"])
    ]


async def _known(within: Within) -> Collection[UUID]:
    query = EarlierResult.select(EarlierResult.person)
    if within.issuers is not None:
        query = query.where(EarlierResult.keeper.is_in(sorted(within.issuers) or [""]))
    return {row["person"] for row in await query}


async def _last(today: str, records: Sequence[UUID] | None) -> Mapping[UUID, str]:
    """Of an earlier contest only the year is known."""
    query = EarlierResult.select(EarlierResult.person, EarlierResult.year)
    if records is not None:
        query = query.where(EarlierResult.person.is_in(list(records)))
    found: dict[UUID, str] = {}
    for row in await query:
        found[row["person"]] = max(found.get(row["person"], ""), f"{row['year']}-12-31")
    return found
