"""What must happen after a change: one row per event and handler, written with the change.

State is the truth. A row is done exactly when its handler's work is committed; the queue only
carries nudges, and the sweep finds every row that no nudge did. Nothing here knows arq.
"""

from __future__ import annotations

import asyncio
import contextvars
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from core import db
from core.events import Event, event_from_json, event_to_json
from core.tables import OutboxMessage

ATTEMPTS = 12
"""After so many a message is stuck: shown, counted, kept, and tried again only when asked."""
LONGEST_WAIT = 3600
KEEP_DONE_DAYS = 30
PARKED = "plugin:"
"""A message for a plugin that can't be loaded now: its handlers are not known, the event is."""

EFFECTS_AT_ONCE = 20
LONG_AT_ONCE = 2
"""Long effects that one process performs side by side; the others wait their turn."""
_CHUNK = 1000
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Handler:
    """Database work after an event, inside the delivery's transaction.

    `apply` gets up to `batch` events, opens no transaction and may be called again with the same
    event after a crash elsewhere: make ids deterministic. `name` is stored: keep it for ever.
    """

    name: str
    event: type[Event]
    apply: Callable[[Sequence[Any]], Awaitable[None]]
    batch: int = 1
    timeout: float = 60


@dataclass(frozen=True, slots=True)
class Effect:
    """Network work after an event, outside any transaction.

    `perform(event)` within `lease` seconds, then `done(event, outcome)` inside a transaction that
    also marks the message done. A crash in between performs again after the lease. A `long` one is
    performed beside the sweep, for as long as it takes: its lease is renewed while this process
    lives, and given back when it ends in good order.
    """

    name: str
    event: type[Event]
    perform: Callable[[Any], Awaitable[Any]]
    done: Callable[[Any, Any], Awaitable[None]]
    lease: float = 60
    long: bool = False


Nudge = Callable[[Sequence[UUID]], None]
_nudge: Nudge | None = None


def on_put(nudge: Nudge | None) -> None:
    """Who is told, after the commit, which messages are new. One per process; must not raise."""
    global _nudge
    _nudge = nudge


async def put(*events: Event, at: datetime | None = None) -> None:
    """Writes the events' messages with the change that they tell of. Inside a transaction only.
    at: the sweep delivers them then, not before."""
    if not db.in_transaction():
        raise db.TransactionMisused("put(event) belongs into the transaction of the change.")
    from core.registry import registry  # here, because hookspecs need Handler

    now = datetime.now(UTC)
    rows = [
        _message(name, event, now, at)
        for event in events
        for name in registry().recipients(type(event))
    ]
    await _insert(rows)
    ids = [row.id for row in rows if not row.handler.startswith(PARKED) and row.not_before <= now]
    if ids and _nudge is not None:
        db.after_commit(partial(_nudge, ids))


async def deliver(ids: Iterable[UUID]) -> int:
    """Delivers those of the messages that are due and nobody else is delivering. How many."""
    wanted = list(ids)
    delivered = 0
    for start in range(0, len(wanted), _CHUNK):
        delivered += await _deliver(wanted[start : start + _CHUNK])
    return delivered


async def sweep(limit: int = _CHUNK) -> int:
    """Delivers what is due, whoever put it and whatever became of its nudge. How many."""
    return await sweep_handlers(limit) + await sweep_effects(limit)


async def sweep_handlers(limit: int = _CHUNK) -> int:
    """The part that a slow network never holds up."""
    return (await _sweep(limit, Handler))[0]


async def sweep_effects(limit: int = EFFECTS_AT_ONCE) -> int:
    """The part that may wait for somebody else's server."""
    return (await _sweep(limit, Effect))[0]


async def drain() -> int:
    """Sweeps until nothing more is due now: for tests and commands."""
    total = 0
    while True:
        handled, handlers_due = await _sweep(_CHUNK, Handler)
        performed, effects_due = await _sweep(_CHUNK, Effect)
        total += handled + performed
        if _long:
            await asyncio.wait(list(_long.values()))
        if not handlers_due + effects_due:
            return total
        if not handled + performed:
            await asyncio.sleep(0.01)  # others hold these rows, or all of them failed


async def stop_long() -> None:
    """Ends the long effects of this process; another one, or the next start, takes them up."""
    tasks = list(_long.values())
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@dataclass(frozen=True, slots=True)
class StuckMessage:
    id: UUID
    handler: str
    event: str
    error: str
    since: datetime


async def stuck() -> list[StuckMessage]:
    """Messages that failed so often that somebody must look."""
    message = OutboxMessage
    rows = (
        await message.select(
            message.id, message.handler, message.event, message.last_error, message.stuck_at
        )
        .where(message.stuck_at.is_not_null(), message.done_at.is_null())
        .order_by(message.stuck_at)
    )
    return [
        StuckMessage(r["id"], r["handler"], r["event"], r["last_error"], r["stuck_at"])
        for r in rows
    ]


async def retry(ids: Iterable[UUID]) -> None:
    """ "Try again": stuck messages start over."""
    await OutboxMessage.update(
        {
            OutboxMessage.stuck_at: None,
            OutboxMessage.attempts: 0,
            OutboxMessage.not_before: datetime.now(UTC),
        }
    ).where(OutboxMessage.id.is_in(list(ids)), OutboxMessage.done_at.is_null())


async def waiting() -> dict[str, int]:
    """Messages not done yet, by handler; those of disabled plugins as "plugin:NAME"."""
    rows = await OutboxMessage.raw(
        "SELECT handler, COUNT(*) AS n FROM outbox_message WHERE done_at IS NULL GROUP BY handler"
    )
    return {row["handler"]: row["n"] for row in rows}


async def overdue(by: timedelta) -> int:
    """How many should have been delivered that long ago, had a worker been running."""
    message, limit = OutboxMessage, datetime.now(UTC) - by
    count: int = await message.count().where(
        message.done_at.is_null(),
        message.stuck_at.is_null(),
        message.not_before < limit,
        message.handler.not_like(f"{PARKED}%"),
    )
    return count


async def prune() -> None:
    """Forgets messages that were done long ago."""
    old = datetime.now(UTC) - timedelta(days=KEEP_DONE_DAYS)
    await OutboxMessage.delete().where(OutboxMessage.done_at < old)


def _message(
    handler: str, event: Event, now: datetime, at: datetime | None = None
) -> OutboxMessage:
    return OutboxMessage(
        id=uuid4(),
        handler=handler,
        event=type(event).__name__,
        body=event_to_json(event),
        created_at=now,
        not_before=at or now,
    )


async def _insert(rows: Sequence[OutboxMessage]) -> None:
    for start in range(0, len(rows), _CHUNK):  # PostgreSQL takes 32,767 arguments a statement
        await OutboxMessage.insert(*rows[start : start + _CHUNK])


async def _sweep(limit: int, kind: type[Handler] | type[Effect]) -> tuple[int, int]:
    """How many were delivered, and how many were due."""
    from core.registry import registry

    await _unpark()
    found = registry()
    known = [name for name in found.handler_names() if isinstance(found.handler(name), kind)]
    if not known:
        return 0, 0
    message, now = OutboxMessage, datetime.now(UTC)
    rows = (
        await message.select(message.id, message.handler)
        .where(
            message.done_at.is_null(),
            message.stuck_at.is_null(),
            message.not_before <= now,
            message.handler.is_in(known),
            (message.leased_until.is_null()) | (message.leased_until < now),
        )
        .order_by(message.not_before)
        .limit(limit)
    )
    return await _deliver_groups(_by_handler(rows)), len(rows)


async def _deliver(ids: Sequence[UUID]) -> int:
    message = OutboxMessage
    rows = await message.select(message.id, message.handler).where(
        message.id.is_in(list(ids)),
        message.done_at.is_null(),
        message.stuck_at.is_null(),
        message.not_before <= datetime.now(UTC),
    )
    return await _deliver_groups(_by_handler(rows))


def _by_handler(rows: Iterable[dict[str, Any]]) -> dict[str, list[UUID]]:
    groups: dict[str, list[UUID]] = {}
    for row in rows:
        groups.setdefault(row["handler"], []).append(row["id"])
    return groups


async def _deliver_groups(groups: dict[str, list[UUID]]) -> int:
    from core.registry import registry

    delivered = 0
    for name, ids in groups.items():
        handler = registry().handler(name)
        if isinstance(handler, Effect) and handler.long:
            delivered += sum([_start_long(handler, id_) for id_ in ids])
        elif isinstance(handler, Effect):
            for start in range(0, len(ids), EFFECTS_AT_ONCE):
                some = [_perform(handler, id_) for id_ in ids[start : start + EFFECTS_AT_ONCE]]
                delivered += sum(await asyncio.gather(*some))
        elif handler is not None:
            for start in range(0, len(ids), handler.batch):
                delivered += await _apply(handler, ids[start : start + handler.batch])
    return delivered


async def _apply(handler: Handler, ids: Sequence[UUID]) -> int:
    try:
        async with asyncio.timeout(handler.timeout):
            async with db.transaction():
                events = await _claim(ids, "done_at = {}", [datetime.now(UTC)])
                if events:
                    await handler.apply(events)
        return len(events)
    except Exception as error:
        if len(ids) > 1:
            return sum([await _apply(handler, [id_]) for id_ in ids])
        await _failed(ids[0], handler.name, error)
        return 0


async def _perform(effect: Effect, id_: UUID) -> int:
    try:
        leased_until = datetime.now(UTC) + timedelta(seconds=effect.lease)
        async with db.transaction():
            events = await _claim([id_], "leased_until = {}", [leased_until])
        if not events:
            return 0
        async with asyncio.timeout(effect.lease):
            outcome = await effect.perform(events[0])
        async with db.transaction():
            await effect.done(events[0], outcome)
            await _mark_done(id_)
        return 1
    except Exception as error:
        await _failed(id_, effect.name, error)
        return 0


_long: dict[UUID, asyncio.Task[None]] = {}


def _start_long(effect: Effect, id_: UUID) -> bool:
    """Whether it began now: neither is it running here already, nor are too many others."""
    if id_ in _long or len(_long) >= LONG_AT_ONCE:
        return False
    work = _perform_long(effect, id_)
    task = asyncio.get_running_loop().create_task(work, context=contextvars.Context())
    _long[id_] = task
    task.add_done_callback(lambda _: _long.pop(id_, None))
    return True


async def _perform_long(effect: Effect, id_: UUID) -> None:
    lease = _Lease(id_, effect.lease)
    try:
        events = await lease.take()
        if not events:
            return
        work = asyncio.current_task()
        renewing = asyncio.create_task(lease.renew(work))
        try:
            outcome = await effect.perform(events[0])
        finally:
            renewing.cancel()
            await asyncio.gather(renewing, return_exceptions=True)
        async with db.transaction():
            await effect.done(events[0], outcome)
            await _mark_done(id_)
    except asyncio.CancelledError:
        await lease.give_back()
        raise
    except Exception as error:
        await _failed(id_, effect.name, error)


class _Lease:
    """Who performs a long effect: nobody else may while it is renewed."""

    def __init__(self, id_: UUID, seconds: float) -> None:
        self._id = id_
        self._seconds = seconds
        self._until = datetime.now(UTC)

    async def take(self) -> list[Event]:
        """The event; none when another process has it."""
        self._until = self._next()
        async with db.transaction():
            return await _claim([self._id], "leased_until = {}", [self._until])

    async def renew(self, work: asyncio.Task[Any] | None) -> None:
        """Until it is cancelled. Who has lost the lease (a machine that slept) ends its work."""
        while True:
            await asyncio.sleep(self._seconds / 3)
            try:
                kept = await self._move(self._next())
            except Exception:
                _log.exception("A lease could not be renewed; that is tried again.")
                continue
            if not kept:
                _log.warning("Message %s was taken over by another process.", self._id)
                if work is not None:
                    work.cancel()
                return

    async def give_back(self) -> None:
        await self._move(None)

    async def _move(self, until: datetime | None) -> bool:
        """Whether it was still ours. Compared is what was written, so that no clock matters."""
        rows = await OutboxMessage.raw(
            "UPDATE outbox_message SET leased_until = {} WHERE id = {} AND leased_until = {}"
            " AND done_at IS NULL RETURNING id",
            until,
            self._id,
            self._until,
        )
        if until is not None:
            self._until = until
        return bool(rows)

    def _next(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self._seconds)


async def _claim(ids: Sequence[UUID], change: str, values: list[Any]) -> list[Event]:
    """Takes those of the messages that are free. On PostgreSQL rows that another worker is
    delivering are passed over rather than waited for."""
    skip = " FOR UPDATE SKIP LOCKED" if db.engine().engine_type == "postgres" else ""
    places = ", ".join("{}" for _ in ids)
    now = datetime.now(UTC)
    rows = await OutboxMessage.raw(
        f"UPDATE outbox_message SET {change} WHERE id IN ("  # noqa: S608 - no value in it
        f"SELECT id FROM outbox_message WHERE id IN ({places}) AND done_at IS NULL"
        f" AND stuck_at IS NULL AND (leased_until IS NULL OR leased_until < {{}}){skip}"
        ") RETURNING event, body",
        *values,
        *ids,
        now,
    )
    return [event_from_json(row["event"], row["body"]) for row in rows]


async def _mark_done(id_: UUID) -> None:
    await OutboxMessage.update({OutboxMessage.done_at: datetime.now(UTC)}).where(
        OutboxMessage.id == id_
    )


async def _failed(id_: UUID, handler: str, error: Exception) -> None:
    now = datetime.now(UTC)
    _log.warning("%s failed on message %s: %r", handler, id_, error)
    row = await OutboxMessage.select(OutboxMessage.attempts).where(OutboxMessage.id == id_).first()
    attempts = (row["attempts"] if row else 0) + 1
    wait = timedelta(seconds=min(2 ** (attempts - 1), LONGEST_WAIT))
    await OutboxMessage.update(
        {
            OutboxMessage.attempts: attempts,
            OutboxMessage.not_before: now + wait,
            OutboxMessage.last_error: f"{type(error).__name__}: {error}"[:2000],
            OutboxMessage.leased_until: None,
            OutboxMessage.stuck_at: now if attempts >= ATTEMPTS else None,
        }
    ).where(OutboxMessage.id == id_, OutboxMessage.done_at.is_null())


async def _unpark() -> None:
    """Gives messages that waited for a disabled plugin to its handlers, now that it is loaded."""
    from core.registry import registry

    names = [PARKED + name for name in registry().plugin_names()]
    message = OutboxMessage
    if not names or not await message.exists().where(
        message.done_at.is_null(), message.handler.is_in(names)
    ):
        return
    async with db.transaction():
        places = ", ".join("{}" for _ in names)
        rows = await message.raw(
            "UPDATE outbox_message SET done_at = {} WHERE done_at IS NULL"  # noqa: S608
            f" AND handler IN ({places}) RETURNING handler, event, body",
            datetime.now(UTC),
            *names,
        )
        now = datetime.now(UTC)
        await _insert(
            [
                _message(name, event, now)
                for row in rows
                for event in [event_from_json(row["event"], row["body"])]
                for name in registry().handlers_of(row["handler"][len(PARKED) :], type(event))
            ]
        )
