"""What becomes due is looked for once a day; nothing is erased by that. Somebody who may read the whole
record asks for it, an administrator confirms, and the shredders do it; or it is kept longer, with a reason."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid5

from core import audit
from core.db import scrub, transaction
from core.errors import Conflict, Forbidden, Invalid, NotFound, TwoPersons
from core.privacy import erase_within
from core.registry import registry
from core.same_person import records_of
from core.scoring.model import Finding
from core.security import INSTALLATION, Actor, check
from credentials.identifiers import NAMESPACE
from credentials.records import history
from credentials.records.history import Happened, history_of
from credentials.records.notices import day, text_findings, today_in_china
from credentials.records.person import clocks
from credentials.records.person import messages as messages
from credentials.records.person.tables import KeptFor, RetentionCase, RetentionLook
from credentials.records.sealing import new_wrapped

ASKS, CONFIRMS = "person.read", "person.erase"
OPEN = ("due", "asked")
MOST_YEARS, LONGEST_SOURCE = 100, 200
_INSERTED = 500
Row = Mapping[str, Any]


class NotDue(Conflict):
    slug = "not-due"
    title = "Something happened since, so its time is not over. Nothing was erased."


class CaseOver(Conflict):
    slug = "retention-over"
    title = "This has been decided already. Load the page again."


@dataclass(frozen=True, slots=True)
class Due:
    person: UUID
    kind: str
    last_on: str
    due_on: str

    @property
    def id(self) -> UUID:
        return uuid5(NAMESPACE, f"retention|{self.person}|{self.kind}|{self.due_on}")


@dataclass(frozen=True, slots=True)
class CasePage:
    row: Row
    history: Sequence[Happened]


# --- the figure --------------------------------------------------------------------------------


async def decide_period(by: Actor, kind: str, years: str, source: str) -> None:
    """For a kind where no authority gives a shorter figure. "0" takes it away. Raises Invalid."""
    check(by, CONFIRMS, INSTALLATION)
    found = []
    if kind not in clocks.KINDS:
        found.append(Finding("/kind", "credentials.kept-kind", {}))
    if not years.strip().isdecimal() or len(years) > 9 or int(years) > MOST_YEARS:
        found.append(Finding("/years", "credentials.kept-years", {"most": str(MOST_YEARS)}))
    if not 0 < len(source.strip()) <= LONGEST_SOURCE or not source.strip().isprintable():
        found.append(Finding("/source", "credentials.kept-source", {"most": str(LONGEST_SOURCE)}))
    if found:
        raise Invalid(found)
    row: dict[Any, Any] = {
        "years": int(years),
        "source": source.strip(),
        "changed_by": by.account,
        "changed_at": datetime.now(UTC),
    }
    async with transaction():
        before = await KeptFor.select().where(KeptFor.kind == kind).first()
        if before:
            await KeptFor.update(row).where(KeptFor.kind == kind)
        else:
            await KeptFor.insert(KeptFor(id=uuid5(NAMESPACE, f"kept|{kind}"), kind=kind, **row))
        await audit.record(
            by,
            "retention.period",
            subject=kind,
            before={"years": before["years"] if before else 0},
            after={"years": row["years"], "source": row["source"]},
        )


# --- once a day --------------------------------------------------------------------------------


async def look(today: date | None = None) -> None:
    """Lists what is due. Once a day, whoever comes first; nothing is erased."""
    day_ = (today or today_in_china()).isoformat()
    id = uuid5(NAMESPACE, f"retention look|{day_}")
    if await RetentionLook.exists().where(RetentionLook.id == id):
        return
    due = await everything_due(day_)
    async with transaction():
        made = (
            await RetentionLook.insert(
                RetentionLook(id=id, day=day_, found=len(due), looked_at=datetime.now(UTC))
            )
            .on_conflict(action="DO NOTHING")
            .returning(RetentionLook.id)
        )
        if made:
            await _list(due)


async def everything_due(today: str) -> list[Due]:
    kept = await _kept_longer()
    found = []
    for period in await clocks.periods():
        if not period.years:
            continue
        for person, last in (await clocks.last_days(period.kind, today)).items():
            until = clocks.over_on(last, period.years)
            until = max(until, kept.get((person, period.kind), ""))
            if until <= today:
                found.append(Due(person, period.kind, last, until))
    return sorted(found, key=lambda one: (one.due_on, str(one.id)))


async def _kept_longer() -> dict[tuple[UUID, str], str]:
    rows = await RetentionCase.select().where(RetentionCase.state == "kept")
    found: dict[tuple[UUID, str], str] = {}
    for row in rows:
        key = (row["person"], row["kind"])
        found[key] = max(found.get(key, ""), row["kept_until"])
    return found


async def _list(due: Sequence[Due]) -> None:
    """New cases; those whose time is not over any more are taken off the list."""
    ids = {one.id for one in due}
    for row in await RetentionCase.select().where(RetentionCase.state.is_in(list(OPEN))):
        if row["id"] not in ids:
            await RetentionCase.delete().where(RetentionCase.id == row["id"])
    now = datetime.now(UTC)
    rows = [
        RetentionCase(
            id=one.id,
            person=one.person,
            kind=one.kind,
            last_on=one.last_on,
            due_on=one.due_on,
            wrapped_key=new_wrapped(),
            created_at=now,
        )
        for one in due
    ]
    for start in range(0, len(rows), _INSERTED):
        await RetentionCase.insert(*rows[start : start + _INSERTED]).on_conflict(
            action="DO NOTHING"
        )


# --- two persons -------------------------------------------------------------------------------


async def ask_to_erase(by: Actor, whole: Collection[UUID], case: UUID, why: str) -> None:
    """By somebody who may read the whole record. whole: of whom `by` may."""
    wrong = text_findings(why, "/why")
    async with transaction():
        row = await _case(case, whole)
        if wrong:
            raise Invalid(wrong)
        values = {RetentionCase.asked_by: by.account, RetentionCase.asked_at: datetime.now(UTC)}
        await _move(row, "due", "asked", values)
        await history.note(by, row, "retention_asked", why=why)
        await audit.record(by, "retention.asked", subject=str(case), after={"kind": row["kind"]})


async def keep_longer(
    by: Actor,
    whole: Collection[UUID],
    case: UUID,
    until_on: str,
    *,
    why: str,
    today: date | None = None,
) -> None:
    until, wrong = day(until_on, "/until_on")
    if not wrong and until <= (today or today_in_china()).isoformat():
        wrong = [Finding("/until_on", "credentials.kept-until", {})]
    wrong = [*wrong, *text_findings(why, "/why")]
    async with transaction():
        row = await _case(case, whole)
        if wrong:
            raise Invalid(wrong)
        await _move(row, row["state"], "kept", {RetentionCase.kept_until: until, **_decided(by)})
        await history.note(by, row, "retention_kept", note=until, why=why)
        await audit.record(by, "retention.kept", subject=str(case), after={"until": until})


async def drop(by: Actor, whole: Collection[UUID], case: UUID) -> None:
    """It is not erased now; it stays on the list. By either of the two."""
    async with transaction():
        row = await _case(case, None if by.may(CONFIRMS, INSTALLATION) else whole)
        values = {RetentionCase.asked_by: None, RetentionCase.asked_at: None}
        await _move(row, "asked", "due", values)
        await history.note(by, row, "retention_dropped")
        await audit.record(by, "retention.dropped", subject=str(case))


async def confirm(by: Actor, case: UUID, today: date | None = None) -> None:
    """By an administrator who has not asked for it. Can't be undone. Raises NotDue when something happened
    meanwhile."""
    check(by, CONFIRMS, INSTALLATION)
    day_ = (today or today_in_china()).isoformat()
    if case not in {one.id for one in await everything_due(day_)}:
        await _case(case)
        raise NotDue()
    async with transaction():
        row = await _case(case)
        if row["asked_by"] == by.account:
            raise TwoPersons(permission=CONFIRMS)
        await _move(row, "asked", "erased", _decided(by))
        await history.note(by, row, "retention_erased")
        await audit.record(by, "retention.erased", subject=str(case), after={"kind": row["kind"]})
        await _erase(row["person"], row["kind"], by)
    await scrub()


async def _erase(person: UUID, kind: str, by: Actor) -> None:
    if kind == clocks.RECORD:
        await erase_within(person, by=by)
        return
    for shredder in registry().shredders():
        if shredder.name == kind:
            for record in await records_of(person):
                await shredder.shred(str(record))


# --- reads -------------------------------------------------------------------------------------


async def cases_for(by: Actor, reach: Collection[UUID]) -> list[Row]:
    """What is due of those whom the reader may know of, and for an administrator what was asked for."""
    rows = await (
        RetentionCase.select()
        .where(RetentionCase.state.is_in(list(OPEN)))
        .order_by(RetentionCase.due_on)
        .order_by(RetentionCase.id)
    )
    confirms = by.may(CONFIRMS, INSTALLATION)
    return [row for row in rows if row["person"] in reach or (confirms and row["state"] == "asked")]


async def case_page(by: Actor, reach: Collection[UUID], case: UUID) -> CasePage:
    """Raises NotFound for somebody whom the reader may not know of."""
    row = await RetentionCase.select().where(RetentionCase.id == case).first()
    if row is None or not (row["person"] in reach or by.may(CONFIRMS, INSTALLATION)):
        raise NotFound(kind="record", id=case)
    return CasePage(row, await history_of(row))


async def last_look() -> Row | None:
    row: Row | None = (
        await RetentionLook.select().order_by(RetentionLook.looked_at, ascending=False).first()
    )
    return row


async def forget(person: UUID) -> None:
    """Inside the caller's transaction: the reasons go; that it was due and erased stays, without a name."""
    await RetentionCase.update({RetentionCase.wrapped_key: None}).where(
        RetentionCase.person == person
    )


async def ids_of(person: UUID) -> list[UUID]:
    rows = await RetentionCase.select(RetentionCase.id).where(RetentionCase.person == person)
    return [row["id"] for row in rows]


async def _case(case: UUID, whole: Collection[UUID] | None = None) -> dict[str, Any]:
    """whole: only of one of these. Raises Forbidden for somebody else's, CaseOver when it is decided."""
    row = await RetentionCase.select().where(RetentionCase.id == case).first()
    if row is None:
        raise NotFound(kind="record", id=case)
    if whole is not None and row["person"] not in whole:
        raise Forbidden(permission=ASKS)
    if row["state"] not in OPEN:
        raise CaseOver()
    return dict(row)


def _decided(by: Actor) -> dict[Any, Any]:
    return {
        RetentionCase.decided_by: by.account,
        RetentionCase.decided_at: datetime.now(UTC),
    }


async def _move(row: Row, before: str, state: str, values: Mapping[Any, Any]) -> None:
    """Raises CaseOver when somebody else decided in this moment."""
    moved = (
        await RetentionCase.update({RetentionCase.state: state, **values})
        .where(RetentionCase.id == row["id"], RetentionCase.state == before)
        .returning(RetentionCase.id)
    )
    if not moved:
        raise CaseOver()
