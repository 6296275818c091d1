"""The outbox delivers everything that was committed, each once as far as anybody can see."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from core import db, outbox
from core.events import Event, event_from_json, event_to_json
from core.outbox import Effect, Handler
from core.registry import DisabledPlugin
from core.settings import Settings
from core.tables import Organisation, OutboxMessage
from tests.core.declared import declared, use_plugins

pytestmark = pytest.mark.engine


@dataclass(frozen=True, slots=True)
class Rang(Event):
    """A bell rang."""

    bell: str
    times: int = 1


async def write(events: Sequence[Rang]) -> None:
    """The handler of most tests: one organisation for each bell."""
    await Organisation.insert(*(organisation(event.bell) for event in events))


async def put(*bells: str) -> None:
    async with db.transaction():
        await outbox.put(*(Rang(bell) for bell in bells))


async def test_an_event_reaches_each_of_its_handlers_once(database: Settings) -> None:
    heard: list[str] = []
    use_handlers(
        Handler("first", Rang, _note(heard, "first")),
        Handler("second", Rang, _note(heard, "second")),
    )
    await put("a", "b")

    delivered = await outbox.drain()
    again = await outbox.drain()

    assert (delivered, again) == (4, 0)
    assert sorted(heard) == ["first a", "first b", "second a", "second b"]


async def test_an_event_of_a_change_that_was_taken_back_never_happened(database: Settings) -> None:
    use_handlers(Handler("write", Rang, write))
    with pytest.raises(ValueError, match="no"):
        async with db.transaction():
            await outbox.put(Rang("a"))
            raise ValueError("no")

    assert await outbox.drain() == 0


async def test_an_event_outside_a_transaction_is_refused(database: Settings) -> None:
    use_handlers(Handler("write", Rang, write))

    with pytest.raises(db.TransactionMisused, match="into the transaction of the change"):
        await outbox.put(Rang("a"))


async def test_events_come_in_batches_as_large_as_the_handler_says(database: Settings) -> None:
    sizes: list[int] = []

    async def apply(events: Sequence[Rang]) -> None:
        sizes.append(len(events))

    use_handlers(Handler("batched", Rang, apply, batch=10))
    await put(*(str(number) for number in range(25)))

    assert await outbox.drain() == 25
    assert sorted(sizes) == [5, 10, 10]


async def test_one_bad_event_of_a_batch_holds_up_none_of_the_others(database: Settings) -> None:
    async def apply(events: Sequence[Rang]) -> None:
        await write(events)
        if any(event.bell == "cracked" for event in events):
            raise ValueError("a cracked bell")

    use_handlers(Handler("batched", Rang, apply, batch=10))
    await put("a", "cracked", "b", "c")

    assert await outbox.drain() == 3
    assert await codes() == ["a", "b", "c"]
    row = await OutboxMessage.select().where(OutboxMessage.done_at.is_null()).first()
    assert row is not None
    assert (row["attempts"], row["last_error"]) == (1, "ValueError: a cracked bell")
    assert row["not_before"] > row["created_at"]


async def test_a_failing_message_waits_longer_each_time_and_is_stuck_after_twelve(
    database: Settings,
) -> None:
    use_handlers(Handler("fails", Rang, _fail))
    await put("a")

    waits = []
    for _ in range(outbox.ATTEMPTS):
        before = datetime.now(UTC)
        assert await outbox.sweep() == 0
        row = await OutboxMessage.select(OutboxMessage.not_before).first()
        waits.append(round((row["not_before"] - before).total_seconds()))
        await _make_due()

    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048]
    stuck = await outbox.stuck()
    assert [(message.handler, message.error) for message in stuck] == [("fails", "OSError: away")]
    assert await outbox.sweep() == 0
    assert await OutboxMessage.count() == 1


async def test_a_stuck_message_is_delivered_when_somebody_tries_again(database: Settings) -> None:
    use_handlers(Handler("write", Rang, write))
    await put("a")
    await OutboxMessage.update({"stuck_at": datetime.now(UTC), "attempts": 12}, force=True)
    assert await outbox.drain() == 0

    await outbox.retry([message.id for message in await outbox.stuck()])

    assert await outbox.drain() == 1
    assert await outbox.stuck() == []


async def test_a_crash_before_the_commit_delivers_again_and_writes_once(database: Settings) -> None:
    use_handlers(Handler("write", Rang, write))
    await put("a")

    class Crash(BaseException):
        """What the process would not survive."""

    async def crash(events: Sequence[Rang]) -> None:
        await write(events)
        raise Crash

    use_handlers(Handler("write", Rang, crash))
    with pytest.raises(Crash):
        await outbox.sweep()
    assert await codes() == []
    use_handlers(Handler("write", Rang, write))

    assert await outbox.drain() == 1
    assert await codes() == ["a"]


async def test_a_handler_that_hangs_is_ended_and_counted_as_failed(database: Settings) -> None:
    async def hang(events: Sequence[Rang]) -> None:
        await asyncio.Event().wait()

    use_handlers(Handler("hangs", Rang, hang, timeout=0.05))
    await put("a")

    assert await outbox.sweep() == 0
    row = await OutboxMessage.select(OutboxMessage.last_error).first()
    assert row is not None
    assert row["last_error"].startswith("TimeoutError")


async def test_many_deliveries_at_once_apply_each_message_once(database: Settings) -> None:
    use_handlers(Handler("write", Rang, write, batch=7))
    bells = [f"{number:03}" for number in range(200)]
    await put(*bells)
    ids = [row["id"] for row in await OutboxMessage.select(OutboxMessage.id)]

    await asyncio.gather(*(outbox.deliver(ids) for _ in range(5)), outbox.sweep(), outbox.drain())
    await outbox.drain()

    assert await codes() == bells  # the code is unique: a second application would have failed
    assert await OutboxMessage.count().where(OutboxMessage.attempts > 0) == 0


async def test_an_effect_performs_outside_a_transaction_and_records_inside_one(
    database: Settings,
) -> None:
    seen: list[Any] = []

    async def perform(event: Rang) -> str:
        seen.append(("perform", db.in_transaction()))
        return event.bell.upper()

    async def done(event: Rang, outcome: str) -> None:
        seen.append(("done", db.in_transaction()))
        await Organisation.insert(organisation(outcome))

    use_handlers(Effect("calls", Rang, perform, done))
    await put("a")

    assert await outbox.drain() == 1
    assert seen == [("perform", False), ("done", True)]
    assert await codes() == ["A"]


async def test_an_effect_in_progress_is_left_to_who_holds_its_lease(database: Settings) -> None:
    started, finish = asyncio.Event(), asyncio.Event()
    performed: list[str] = []

    async def perform(event: Rang) -> None:
        performed.append(event.bell)
        started.set()
        await finish.wait()

    use_handlers(Effect("calls", Rang, perform, _nothing))
    await put("a")
    first = asyncio.create_task(outbox.sweep())
    await started.wait()

    assert await outbox.sweep() == 0
    finish.set()
    assert await first == 1
    assert performed == ["a"]


async def test_effects_do_not_wait_for_one_another(database: Settings) -> None:
    both = asyncio.Barrier(2)

    async def perform(event: Rang) -> None:
        await both.wait()

    use_handlers(Effect("calls", Rang, perform, _nothing, lease=20))
    await put("a", "b")

    assert await outbox.drain() == 2


async def test_an_effect_that_hangs_holds_up_no_handler(database: Settings) -> None:
    async def hang(event: Rang) -> None:
        await asyncio.Event().wait()

    use_handlers(Effect("calls", Rang, hang, _nothing), Handler("write", Rang, write))
    await put("a")
    hanging = asyncio.create_task(outbox.sweep_effects())

    assert await outbox.sweep_handlers() == 1
    assert await codes() == ["a"]
    hanging.cancel()
    await asyncio.gather(hanging, return_exceptions=True)


async def test_an_effect_whose_worker_died_is_performed_again_after_the_lease(
    database: Settings,
) -> None:
    performed: list[str] = []

    async def perform(event: Rang) -> None:
        performed.append(event.bell)

    use_handlers(Effect("calls", Rang, perform, _nothing))
    await put("a")
    await OutboxMessage.update(
        {OutboxMessage.leased_until: datetime.now(UTC) + timedelta(hours=1)}, force=True
    )
    assert await outbox.drain() == 0
    await OutboxMessage.update(
        {OutboxMessage.leased_until: datetime.now(UTC) - timedelta(seconds=1)}, force=True
    )

    assert await outbox.drain() == 1
    assert performed == ["a"]


async def test_messages_of_a_plugin_that_cannot_load_wait_for_it(database: Settings) -> None:
    use_plugins(disabled=[DisabledPlugin("example", "can't be imported")])
    await put("a")
    assert await outbox.drain() == 0
    assert await outbox.waiting() == {"plugin:example": 1}

    use_handlers(Handler("write", Rang, write))

    assert await outbox.drain() == 1
    assert await codes() == ["a"]
    assert await outbox.waiting() == {}


async def test_messages_of_a_handler_that_is_gone_stay(database: Settings) -> None:
    use_handlers(Handler("write", Rang, write))
    await put("a")
    use_plugins()

    assert await outbox.drain() == 0
    assert await outbox.waiting() == {"write": 1}


async def test_old_messages_are_forgotten_only_when_they_are_done(database: Settings) -> None:
    use_handlers(Handler("write", Rang, write))
    await put("done", "waiting")
    old = datetime.now(UTC) - timedelta(days=outbox.KEEP_DONE_DAYS + 1)
    await OutboxMessage.update({OutboxMessage.created_at: old}, force=True)
    first = await OutboxMessage.select(OutboxMessage.id).first()
    assert first is not None
    await OutboxMessage.update({OutboxMessage.done_at: old}).where(OutboxMessage.id == first["id"])

    await outbox.prune()

    assert await OutboxMessage.count() == 1
    assert await outbox.waiting() == {"write": 1}


async def test_the_nudge_names_the_new_messages_after_the_commit(database: Settings) -> None:
    use_handlers(Handler("write", Rang, write))
    nudged: list[UUID] = []
    outbox.on_put(nudged.extend)
    try:
        async with db.transaction():
            await outbox.put(Rang("a"), Rang("b"))
            assert nudged == []
    finally:
        outbox.on_put(None)

    assert await outbox.deliver(nudged) == 2
    assert await codes() == ["a", "b"]


def test_an_event_comes_back_from_its_text_as_it_was() -> None:
    event = Rang("钟", 3)

    text = event_to_json(event)

    assert text == '{"bell":"钟","times":3}'
    assert event_from_json("Rang", text) == event


def test_an_event_that_nobody_declares_is_named() -> None:
    with pytest.raises(LookupError, match="'Whistled'"):
        event_from_json("Whistled", "{}")


def test_two_packages_cannot_store_events_under_one_name() -> None:
    with pytest.raises(TypeError, match=r"ResultFinal is one of core\.events already"):
        type("ResultFinal", (Event,), {"__module__": "elsewhere"})


def use_handlers(*handlers: Handler | Effect) -> None:
    use_plugins(declared(event_handlers=list(handlers)))


def organisation(code: str) -> Organisation:
    now = datetime.now(UTC)
    return Organisation(id=uuid4(), code=code, title="{}", kind="organiser", created_at=now)


async def codes() -> list[str]:
    return sorted(await Organisation.select(Organisation.code).output(as_list=True))


def _note(heard: list[str], name: str) -> Any:
    async def apply(events: Sequence[Rang]) -> None:
        heard.extend(f"{name} {event.bell}" for event in events)

    return apply


async def _fail(events: Sequence[Rang]) -> None:
    raise OSError("away")


async def _nothing(event: Rang, outcome: None) -> None:
    """An effect without anything to record."""


async def _make_due() -> None:
    await OutboxMessage.update({OutboxMessage.not_before: datetime.now(UTC)}, force=True)
