"""Levels that people hold from elsewhere: entered by hand with source and evidence, and taken out again
where an entry was a mistake."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid5

from core import audit
from core.db import transaction
from core.errors import Conflict, Invalid, NotFound
from core.filing import OCCUPATION, is_day
from core.privacy import keyed_hash
from core.scoring.model import Finding
from core.security import Actor, check
from core.skill_levels import ALL_LEVELS
from credentials.encoding import to_text
from credentials.identifiers import NAMESPACE
from credentials.occupations.looking import unlisted
from credentials.records.bodies import ACTS, READS, codes_for
from credentials.records.exchange.noticing import note_level
from credentials.records.honours.entering import evidence_findings
from credentials.records.levels import messages as messages
from credentials.records.levels.numbers import held_number_findings, normalised, number_warnings
from credentials.records.notices import today_in_china
from credentials.records.people import Who, findings_of, person_of
from credentials.records.tables import HeldLevel
from credentials.scopes import issuer_scopes

LONGEST, MOST = 120, 200


class Odd(Conflict):
    slug = "number-odd"
    title = "Compare this with the certificate, then say that you did. Nothing was saved."


@dataclass(frozen=True, slots=True)
class Entry:
    """As it was typed. body: code of the organisation that enters it; issuer: who certified it. compared:
    the number was compared with the certificate, also where it looks odd."""

    body: str
    who: Who
    occupation: str
    level: str
    number: str
    granted_on: str
    issuer: str
    source: str
    link: str = ""
    hash: str = ""
    compared: bool = False


async def enter_level(by: Actor, entry: Entry, today: date | None = None) -> UUID:
    """Raises Invalid with everything that is wrong; Odd for what only looks wrong."""
    scopes = await issuer_scopes(entry.body)
    check(by, ACTS, *scopes)
    number = normalised(entry.number)
    if wrong := findings_of(entry.who) + _findings(entry, number, today or today_in_china()):
        raise Invalid(wrong)
    if not entry.compared:
        odd = number_warnings(number, entry.granted_on) + await unlisted([entry.occupation.strip()])
        if odd:
            raise Odd(odd)
    async with transaction():
        row = await _row(entry, number)
        if not await _insert(row):
            raise Invalid([Finding("/number", "credentials.number-taken", {"number": number})])
        after = {"occupation": row["occupation"], "level": row["level"], "source": row["source"]}
        await audit.record(
            by, "level.recorded", scope=scopes[0], subject=str(row["id"]), after=after
        )
        await note_level(row, "granted")
    return UUID(str(row["id"]))


async def take_out(by: Actor, held: UUID) -> None:
    """An entry by hand that was a mistake; that it was there stays in the record of changes."""
    async with transaction():
        row = await HeldLevel.select().where(HeldLevel.id == held, HeldLevel.keeper != "").first()
        if row is None:
            raise NotFound(kind="level", id=held)
        scopes = await issuer_scopes(row["keeper"])
        check(by, ACTS, *scopes)
        await HeldLevel.delete().where(HeldLevel.id == held)
        before = {"occupation": row["occupation"], "level": row["level"], "source": row["source"]}
        await audit.record(by, "level.taken-out", scope=scopes[0], subject=str(held), before=before)
        await note_level(row, "taken_out")


async def entered_for(by: Actor) -> list[Mapping[str, Any]]:
    """The newest that the organisations of `by` entered by hand."""
    codes = await codes_for(by, READS)
    query = HeldLevel.select().where(HeldLevel.keeper != "")
    if codes is not None:
        if not codes:
            return []
        query = query.where(HeldLevel.keeper.is_in(sorted(codes)))
    rows = await query.order_by(HeldLevel.created_at, ascending=False).limit(MOST)
    return list(rows)


async def _row(entry: Entry, number: str) -> dict[str, Any]:
    number_hash = keyed_hash("level certificate number", number)
    return {
        "id": uuid5(NAMESPACE, f"level|{number_hash}"),
        "person": await person_of(entry.who),
        "occupation": entry.occupation.strip(),
        "level": entry.level,
        "title": to_text(dict(ALL_LEVELS[entry.level])),
        "issuer": entry.issuer.strip(),
        "number_hash": number_hash,
        "number": number,
        "granted_on": entry.granted_on,
        "source": entry.source.strip(),
        "keeper": entry.body,
        "evidence_link": entry.link.strip(),
        "evidence_hash": entry.hash.strip().lower(),
        "created_at": datetime.now(UTC),
    }


async def _insert(row: Mapping[str, Any]) -> bool:
    made = (
        await HeldLevel.insert(HeldLevel(**row))
        .on_conflict(action="DO NOTHING")
        .returning(HeldLevel.id)
    )
    return bool(made)


def _findings(entry: Entry, number: str, today: date) -> list[Finding]:
    found = []
    if not OCCUPATION.fullmatch(entry.occupation.strip()):
        params = {"code": entry.occupation.strip()[:40]}
        found.append(Finding("/occupation", "filing-occupation", params))
    if entry.level not in ALL_LEVELS:
        params = {"code": entry.level[:40], "known": ", ".join(ALL_LEVELS)}
        found.append(Finding("/level", "filing-level", params))
    else:
        found += held_number_findings(number, entry.level)
    found += day_findings(entry.granted_on, today)
    for name, text in (("issuer", entry.issuer), ("source", entry.source)):
        if not 0 < len(text.strip()) <= LONGEST or not text.strip().isprintable():
            found.append(Finding(f"/{name}", "filing-text", {"most": str(LONGEST)}))
    return found + evidence_findings(entry.link, entry.hash)


def day_findings(day: str, today: date) -> list[Finding]:
    if not is_day(day):
        return [Finding("/granted_on", "credentials.date", {"value": day[:40]})]
    if day > today.isoformat():
        return [Finding("/granted_on", "credentials.day-future", {"day": day})]
    return []
