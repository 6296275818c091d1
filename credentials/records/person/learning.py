"""Training, and masters with their apprentices (师徒): entered, ended, corrected and taken out by the
organisation that keeps it. What stood there before stays in the history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from core import audit
from core.db import transaction
from core.errors import Invalid, NotFound
from core.privacy import names_of
from core.same_person import records_of
from core.scoring.model import Finding
from core.security import Actor, Scope, check
from credentials.records import history
from credentials.records.bodies import ACTS, READS, codes_for
from credentials.records.history import Happened, history_of
from credentials.records.honours.entering import evidence_findings
from credentials.records.notices import day, text_findings, today_in_china
from credentials.records.people import Who, findings_of, person_of
from credentials.records.person import messages as messages
from credentials.records.person.tables import Learning
from credentials.records.sealing import hide, new_wrapped, shown
from credentials.scopes import issuer_scopes

TRAINING, MENTORING = "training", "mentoring"
SIDES = ("trainee", "apprentice", "master")
"""What the person whose page it is was in it."""
LONGEST_TITLE, LONGEST_TRADE = 200, 80
_TABLE = "learning"


@dataclass(frozen=True, slots=True)
class Facts:
    """As they were typed. until_on: "" while it goes on."""

    title: str = ""
    trade: str = ""
    from_on: str = ""
    until_on: str = ""
    link: str = ""
    hash: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """side: one of SIDES. other: the master or the apprentice; nobody for training."""

    keeper: str
    side: str
    facts: Facts
    other: Who | None = None


@dataclass(frozen=True, slots=True)
class LearningPage:
    """person: who learns; master: who teaches, with the names. taken_out: it was a mistake."""

    row: Mapping[str, Any]
    title: str
    names: Mapping[UUID, str]
    history: Sequence[Happened]
    may_act: bool


async def enter(by: Actor, person: UUID, entry: Entry, today: date | None = None) -> UUID:
    """Raises Invalid with everything that is wrong. The caller has made sure that `by` may know of the
    person."""
    scopes = await issuer_scopes(entry.keeper)
    check(by, ACTS, *scopes)
    wrong = [*_side_findings(entry), *_findings(entry.facts, today or today_in_china())]
    if wrong:
        raise Invalid(wrong)
    id, wrapped = uuid4(), new_wrapped()
    async with transaction():
        learner, master = await _both(person, entry)
        await Learning.insert(
            Learning(
                id=id,
                kind=MENTORING if master else TRAINING,
                person=learner,
                master=master,
                keeper=entry.keeper,
                wrapped_key=wrapped,
                created_at=datetime.now(UTC),
                **_columns(entry.facts, wrapped, id),
            )
        )
        await history.note(by, {"id": id, "wrapped_key": wrapped}, "learning_entered")
        await audit.record(by, "learning.entered", scope=scopes[0], subject=str(id))
    return id


async def correct(
    by: Actor, learning: UUID, facts: Facts, why: str, today: date | None = None
) -> None:
    """Everything is typed again; ending it is the correction that gives a last day. why: kept sealed."""
    wrong = [*_findings(facts, today or today_in_china()), *text_findings(why, "/why")]
    async with transaction():
        row, scopes = await _row(by, learning, ACTS)
        if wrong:
            raise Invalid(wrong)
        new = _columns(facts, row["wrapped_key"], learning)
        await Learning.update(new).where(Learning.id == learning)
        await history.note(by, row, "learning_corrected", note=_changed(row, facts), why=why)
        await audit.record(by, "learning.corrected", scope=scopes[0], subject=str(learning))


async def take_out(by: Actor, learning: UUID, why: str) -> None:
    """It stands in no timeline any more; that it was there stays on its own page."""
    wrong = text_findings(why, "/why")
    async with transaction():
        row, scopes = await _row(by, learning, ACTS)
        if wrong:
            raise Invalid(wrong)
        await Learning.update({Learning.taken_out_at: datetime.now(UTC)}).where(
            Learning.id == learning
        )
        await history.note(by, row, "learning_taken_out", why=why)
        await audit.record(by, "learning.taken-out", scope=scopes[0], subject=str(learning))


async def put_back(by: Actor, learning: UUID) -> None:
    async with transaction():
        row, scopes = await _row(by, learning, ACTS, out=True)
        await Learning.update({Learning.taken_out_at: None}).where(Learning.id == learning)
        await history.note(by, row, "learning_put_back")
        await audit.record(by, "learning.put-back", scope=scopes[0], subject=str(learning))


async def learning_page(by: Actor, learning: UUID) -> LearningPage:
    """Raises NotFound for what the reader's organisations don't keep."""
    row = await Learning.select().where(Learning.id == learning).first()
    codes = await codes_for(by, READS)
    if row is None or (codes is not None and row["keeper"] not in codes):
        raise NotFound(kind="record", id=learning)
    people = {row[side] for side in ("person", "master") if row[side]}
    return LearningPage(
        row=row,
        title=title_of(row),
        names=await names_of(people),
        history=await history_of(row),
        may_act=by.may(ACTS, *await issuer_scopes(row["keeper"])),
    )


async def rows_of(records: Sequence[UUID]) -> list[Mapping[str, Any]]:
    """Where one of the records learnt or taught, without mistakes."""
    some = list(records)
    return list(
        await Learning.select().where(
            (Learning.person.is_in(some)) | (Learning.master.is_in(some)),
            Learning.taken_out_at.is_null(),
        )
    )


def title_of(row: Mapping[str, Any]) -> str:
    """ "" once one of the two was erased."""
    return shown(row, "sealed_title", _TABLE, row["wrapped_key"])


async def forget(person: UUID) -> None:
    """Inside the caller's transaction. A title may name either of them."""
    await Learning.update(
        {
            Learning.wrapped_key: None,
            Learning.sealed_title: None,
            Learning.evidence_link: "",
            Learning.evidence_hash: "",
        }
    ).where((Learning.person == person) | (Learning.master == person))


async def ids_of(person: UUID) -> list[UUID]:
    rows = await Learning.select(Learning.id).where(
        (Learning.person == person) | (Learning.master == person)
    )
    return [row["id"] for row in rows]


async def _both(person: UUID, entry: Entry) -> tuple[UUID, UUID | None]:
    """Who learns and who teaches. Nobody is his own master, under whichever of his records."""
    if entry.side == "trainee" or entry.other is None:
        return person, None
    other = await person_of(entry.other)
    if other in await records_of(person):
        raise Invalid([Finding("/name", "credentials.learning-self", {})])
    return (person, other) if entry.side == "apprentice" else (other, person)


def _side_findings(entry: Entry) -> list[Finding]:
    if entry.side not in SIDES:
        return [Finding("/side", "credentials.learning-side", {})]
    if entry.side == "trainee":
        return []
    return findings_of(entry.other or Who(""))


def _findings(facts: Facts, today: date) -> list[Finding]:
    found = []
    if not 0 < len(facts.title.strip()) <= LONGEST_TITLE or not facts.title.strip().isprintable():
        found.append(Finding("/title", "credentials.learning-title", {"most": str(LONGEST_TITLE)}))
    if len(facts.trade.strip()) > LONGEST_TRADE or not facts.trade.strip().isprintable():
        found.append(Finding("/trade", "credentials.learning-trade", {"most": str(LONGEST_TRADE)}))
    since, wrong = day(facts.from_on, "/from_on")
    found += wrong
    if since > today.isoformat():
        found.append(Finding("/from_on", "credentials.day-future", {"day": since}))
    if facts.until_on.strip():
        until, wrong = day(facts.until_on, "/until_on")
        found += wrong
        if until and since and until < since:
            found.append(Finding("/until_on", "credentials.learning-until", {"day": since}))
    return found + evidence_findings(facts.link, facts.hash)


def _columns(facts: Facts, wrapped: bytes | None, id: UUID) -> dict[Any, Any]:
    return {
        "sealed_title": hide(wrapped, facts.title.strip(), _TABLE, "sealed_title", id),
        "trade": facts.trade.strip(),
        "from_on": _understood(facts.from_on),
        "until_on": _understood(facts.until_on),
        "evidence_link": facts.link.strip(),
        "evidence_hash": facts.hash.strip().lower(),
    }


def _understood(typed: str) -> str:
    """20240501 is a day too, and kept as 2024-05-01: days are compared and shown as texts."""
    return day(typed, "")[0]


def _changed(row: Mapping[str, Any], facts: Facts) -> str:
    """Days, as they were and as they are; the other values may name people."""
    pairs = (
        (row["from_on"], _understood(facts.from_on)),
        (row["until_on"] or "—", _understood(facts.until_on) or "—"),
    )
    return ", ".join(f"{before} → {after}" for before, after in pairs if before != after)


async def _row(
    by: Actor, learning: UUID, permission: str, *, out: bool = False
) -> tuple[dict[str, Any], list[Scope]]:
    """out: one that was taken out. NotFound for what `by` may not even read."""
    row = await Learning.select().where(Learning.id == learning).first()
    if row is None or (row["taken_out_at"] is not None) != out:
        raise NotFound(kind="record", id=learning)
    scopes = await issuer_scopes(row["keeper"])
    if not by.may(READS, *scopes):
        raise NotFound(kind="record", id=learning)
    check(by, permission, *scopes)
    return row, scopes
