"""Two records of one person are joined: one proposes, another one approves, and within a set time it can
be taken back. Nothing is moved (`core.same_person`), so every certificate keeps its token and taking
it back restores both records exactly."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from core import audit, same_person
from core.db import transaction
from core.errors import Conflict, Invalid, NotFound, TwoPersons
from core.scoring.model import Finding
from core.security import Actor, Scope
from core.tables import Person
from core.undo import TooLateToUndo
from credentials.records import history
from credentials.records.history import Happened, history_of
from credentials.records.notices import text_findings
from credentials.records.person import messages as messages
from credentials.records.person.tables import RecordJoin
from credentials.records.sealing import new_wrapped

UNDO = timedelta(days=30)
"""For as long as a joining may be taken back."""
PERMISSION = "person.read"
_CHUNK = 2000
Row = Mapping[str, Any]


class JoinOver(Conflict):
    slug = "join-over"
    title = "This has been decided already. Load the page again."


@dataclass(frozen=True, slots=True)
class JoinPage:
    row: Row
    history: Sequence[Happened]


def install() -> None:
    same_person.register(joined)


async def joined(persons: Collection[UUID]) -> list[tuple[UUID, ...]]:
    """Of `core.same_person`."""
    wanted, standing = list(persons), set[UUID]()
    for start in range(0, len(wanted), _CHUNK):
        some = wanted[start : start + _CHUNK]
        rows = await RecordJoin.select(RecordJoin.stays).where(
            RecordJoin.state == "joined",
            (RecordJoin.stays.is_in(some)) | (RecordJoin.goes.is_in(some)),
        )
        standing |= {row["stays"] for row in rows}
    groups: dict[UUID, list[UUID]] = {}
    ids = sorted(standing)
    for start in range(0, len(ids), _CHUNK):
        rows = (
            await RecordJoin.select(RecordJoin.stays, RecordJoin.goes)
            .where(
                RecordJoin.state == "joined", RecordJoin.stays.is_in(ids[start : start + _CHUNK])
            )
            .order_by(RecordJoin.goes)
        )
        for row in rows:
            groups.setdefault(row["stays"], []).append(row["goes"])
    return [(stays, *goes) for stays, goes in groups.items()]


async def ask_to_join(
    by: Actor, reach: Collection[UUID], stays: UUID, goes: UUID, *, why: str, scope: Scope
) -> UUID:
    """reach: whom `by` may know of. Raises NotFound for somebody outside it, Invalid otherwise."""
    for one in (stays, goes):
        if one not in reach:
            raise NotFound(kind="person", id=one)
    id, wrapped = uuid4(), new_wrapped()
    async with transaction():
        if wrong := [*text_findings(why, "/why"), *await _in_the_way(stays, goes)]:
            raise Invalid(wrong)
        made = (
            await RecordJoin.insert(
                RecordJoin(
                    id=id,
                    stays=stays,
                    goes=goes,
                    goes_open=goes,
                    wrapped_key=wrapped,
                    asked_by=by.account,
                    asked_at=datetime.now(UTC),
                )
            )
            .on_conflict(action="DO NOTHING")
            .returning(RecordJoin.id)
        )
        if not made:
            raise Invalid([Finding("", "credentials.join-asked", {})])
        await history.note(by, {"id": id, "wrapped_key": wrapped}, "join_asked", why=why)
        await audit.record(by, "person.join-asked", scope=scope, subject=str(stays), after={"goes": str(goes)})  # fmt: skip
    return id


async def approve_join(
    by: Actor, reach: Collection[UUID], join: UUID, *, scope: Scope, now: datetime | None = None
) -> None:
    """By another person than the one who asked. From then on both are one record for everybody."""
    now = now or datetime.now(UTC)
    async with transaction():
        row = await _open(by, reach, join)
        if row["asked_by"] == by.account:
            raise TwoPersons(permission=PERMISSION)
        await _hold(row)
        if wrong := await _in_the_way(row["stays"], row["goes"]):
            raise Invalid(wrong)
        await _decide(row, "joined", by, now, until=now + UNDO)
        await history.note(by, row, "joined")
        await audit.record(by, "person.joined", scope=scope, subject=str(row["stays"]), after={"goes": str(row["goes"])})  # fmt: skip


async def refuse_join(
    by: Actor, reach: Collection[UUID], join: UUID, *, why: str, scope: Scope
) -> None:
    """By anybody who may approve, and by the one who asked."""
    wrong = text_findings(why, "/why")
    async with transaction():
        row = await _open(by, reach, join)
        if wrong:
            raise Invalid(wrong)
        await _decide(row, "refused", by, datetime.now(UTC))
        await history.note(by, row, "join_refused", why=why)
        await audit.record(by, "person.join-refused", scope=scope, subject=str(row["stays"]))


async def undo_join(
    by: Actor, reach: Collection[UUID], join: UUID, *, scope: Scope, now: datetime | None = None
) -> None:
    """Both stand alone again, as they were. What was added since stays with the record that it was
    added to. Raises TooLateToUndo."""
    now = now or datetime.now(UTC)
    async with transaction():
        row = await _row(reach, join)
        if row["state"] != "joined" or now >= row["until"] or await _erased(row):
            raise TooLateToUndo()
        await _decide(row, "undone", by, now, before="joined")
        await history.note(by, row, "join_undone")
        await audit.record(by, "person.join-undone", scope=scope, subject=str(row["stays"]), after={"goes": str(row["goes"])})  # fmt: skip


async def joins_within(reach: Collection[UUID], state: str = "asked") -> list[Row]:
    """The newest first, of those whose both records the reader may know of."""
    rows = (
        await RecordJoin.select()
        .where(RecordJoin.state == state)
        .order_by(RecordJoin.asked_at, ascending=False)
    )
    return [row for row in rows if _reached(row, reach)]


async def joins_of(reach: Collection[UUID], person: UUID) -> list[Row]:
    """Everything that was ever asked for about this record, the newest first."""
    rows = (
        await RecordJoin.select()
        .where((RecordJoin.stays == person) | (RecordJoin.goes == person))
        .order_by(RecordJoin.asked_at, ascending=False)
    )
    return [row for row in rows if _reached(row, reach)]


async def join_page(reach: Collection[UUID], join: UUID) -> JoinPage:
    row = await _row(reach, join)
    return JoinPage(row, await history_of(row))


async def forget(person: UUID) -> None:
    """Inside the caller's transaction: the reasons go."""
    await RecordJoin.update({RecordJoin.wrapped_key: None}).where(
        (RecordJoin.stays == person) | (RecordJoin.goes == person)
    )


async def ids_of(person: UUID) -> list[UUID]:
    rows = await RecordJoin.select(RecordJoin.id).where(
        (RecordJoin.stays == person) | (RecordJoin.goes == person)
    )
    return [row["id"] for row in rows]


async def _in_the_way(stays: UUID, goes: UUID) -> list[Finding]:
    """One record stands for all others of a person, and each of them is joined to it alone."""
    if stays == goes:
        return [Finding("/goes", "credentials.join-itself", {})]
    found = []
    known = await Person.select(Person.id, Person.erased_at).where(Person.id.is_in([stays, goes]))
    if len(known) < 2 or any(row["erased_at"] for row in known):
        found.append(Finding("/goes", "credentials.join-erased", {}))
    if await same_person.standing_for(stays) != stays:
        found.append(Finding("/stays", "credentials.join-gone", {}))
    if len(await same_person.records_of(goes)) > 1:
        found.append(Finding("/goes", "credentials.join-stands", {}))
    return found


async def _hold(row: Row) -> None:
    """Two approvals that touch the same record wait for each other, so that no chain comes about."""
    for person in sorted((row["stays"], row["goes"])):
        await Person.raw("UPDATE person SET created_at = created_at WHERE id = {}", person)


def _reached(row: Row, reach: Collection[UUID]) -> bool:
    """Of a joined pair only the one that stands for both is listed."""
    both = (row["stays"],) if row["state"] == "joined" else (row["stays"], row["goes"])
    return all(one in reach for one in both)


async def _row(reach: Collection[UUID], join: UUID) -> dict[str, Any]:
    row = await RecordJoin.select().where(RecordJoin.id == join).first()
    if row is None or not _reached(row, reach):
        raise NotFound(kind="joining", id=join)
    return dict(row)


async def _open(by: Actor, reach: Collection[UUID], join: UUID) -> dict[str, Any]:
    row = await _row(reach, join)
    if row["state"] != "asked":
        raise JoinOver()
    return row


async def _erased(row: Row) -> bool:
    found: bool = await Person.exists().where(
        Person.id.is_in([row["stays"], row["goes"]]), Person.erased_at.is_not_null()
    )
    return found


async def _decide(
    row: Row,
    state: str,
    by: Actor,
    now: datetime,
    *,
    before: str = "asked",
    until: datetime | None = None,
) -> None:
    """Raises JoinOver when somebody else decided in this moment."""
    values: dict[Any, Any] = {
        RecordJoin.state: state,
        RecordJoin.decided_by: by.account,
        RecordJoin.decided_at: now,
        RecordJoin.until: until,
    }
    if state != "joined":
        values[RecordJoin.goes_open] = row["id"]
    moved = (
        await RecordJoin.update(values)
        .where(RecordJoin.id == row["id"], RecordJoin.state == before)
        .returning(RecordJoin.id)
    )
    if not moved:
        raise JoinOver()
