"""Transactions keep their promises on both engines."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from core import db
from core.engines.sqlite import Sqlite
from core.settings import Settings
from core.tables import Organisation

pytestmark = pytest.mark.engine


def organisation(code: str) -> Organisation:
    return Organisation(
        id=uuid4(), code=code, title="{}", kind="organiser", created_at=datetime.now(UTC)
    )


async def codes() -> list[str]:
    return sorted(await Organisation.select(Organisation.code).output(as_list=True))


async def test_what_an_action_writes_is_there_after_the_block(database: Settings) -> None:
    async with db.transaction():
        await Organisation.insert(organisation("one"))
        assert db.in_transaction()

    assert not db.in_transaction()
    assert await codes() == ["one"]


async def test_an_exception_takes_everything_back(database: Settings) -> None:
    with pytest.raises(ValueError, match="no"):
        async with db.transaction():
            await Organisation.insert(organisation("one"))
            raise ValueError("no")

    assert not db.in_transaction()
    assert await codes() == []


async def test_what_is_not_committed_is_seen_by_nobody_else(database: Settings) -> None:
    async with db.transaction():
        await Organisation.insert(organisation("one"))
        inside = await codes()
        outside = await _in_a_fresh_task(codes())

    assert (inside, outside) == (["one"], [])


async def test_returning_gives_the_types_of_the_columns(database: Settings) -> None:
    one = organisation("one")
    await Organisation.insert(one)

    rows = await Organisation.raw(
        "UPDATE organisation SET title = {} WHERE code = {} RETURNING id, created_at", "{}", "one"
    )

    assert rows == [{"id": one.id, "created_at": one.created_at}]


async def test_a_second_transaction_inside_the_first_is_refused(database: Settings) -> None:
    with pytest.raises(db.TransactionMisused, match="already open"):
        async with db.transaction():
            await Organisation.insert(organisation("one"))
            async with db.transaction():
                await Organisation.insert(organisation("two"))

    assert await codes() == []


async def test_a_task_started_inside_may_not_use_the_transaction(database: Settings) -> None:
    async with db.transaction():
        await Organisation.insert(organisation("one"))
        with pytest.raises(db.TransactionMisused, match="another task"):
            await asyncio.gather(codes(), codes())

    assert await codes() == ["one"]


async def test_a_task_started_inside_works_by_itself_after_the_commit(database: Settings) -> None:
    committed = asyncio.Event()

    async def later() -> list[str]:
        await committed.wait()
        return await codes()

    async with db.transaction():
        await Organisation.insert(organisation("one"))
        task = asyncio.create_task(later())
    committed.set()

    assert await task == ["one"]


async def test_a_commit_that_fails_gives_the_connection_back(database: Settings) -> None:
    for _ in range(12):  # more often than there are connections
        with pytest.raises(Exception, match=r"(?i)foreign key"):
            async with db.transaction():
                await _break_at_commit()
        assert not db.in_transaction()

    async with db.transaction():
        await Organisation.insert(organisation("after"))
    assert await codes() == ["after"]


async def test_a_begin_that_fails_gives_the_connection_back(
    database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = type(db.transaction())
    begin = kind.begin

    async def failing(transaction: Any) -> None:
        await begin(transaction)
        raise OSError("gone")

    with monkeypatch.context() as patched:
        patched.setattr(kind, "begin", failing)
        for _ in range(12):
            with pytest.raises(OSError, match="gone"):
                async with db.transaction():
                    await Organisation.insert(organisation("never"))

    async with db.transaction():
        await Organisation.insert(organisation("after"))
    assert await codes() == ["after"]


async def test_cancelling_takes_everything_back_and_frees_the_connection(
    database: Settings,
) -> None:
    async def cancelled() -> None:
        async with db.transaction():
            await Organisation.insert(organisation("never"))
            inside.set()
            await asyncio.Event().wait()

    for _ in range(12):
        inside = asyncio.Event()
        task = asyncio.create_task(cancelled())
        await inside.wait()
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    async with db.transaction():
        await Organisation.insert(organisation("after"))
    assert await codes() == ["after"]


async def test_cancelling_at_any_moment_never_blocks_the_next(database: Settings) -> None:
    async def write(number: int) -> None:
        async with db.transaction():
            await Organisation.insert(organisation(f"{number}"))

    for number in range(60):
        task = asyncio.create_task(write(number))
        for _ in range(number % 12):
            await asyncio.sleep(0)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    async with asyncio.timeout(20):
        await write(1000)
    assert "1000" in await codes()


async def test_many_writers_at_once_all_succeed(database: Settings) -> None:
    async def write(writer: int) -> None:
        for number in range(10):
            async with db.transaction():
                found = await Organisation.count()
                await Organisation.insert(organisation(f"{writer}-{number}-{found}"))

    await asyncio.gather(*(write(writer) for writer in range(20)))

    assert await Organisation.count() == 200


async def test_a_counter_that_many_raise_at_once_loses_nothing(database: Settings) -> None:
    await Organisation.insert(organisation("0"))
    seen: list[str] = []

    async def raise_it() -> None:
        for _ in range(10):
            async with db.transaction():
                rows = await Organisation.raw(
                    "UPDATE organisation SET contact = contact || {} RETURNING contact", "x"
                )
                seen.append(rows[0]["contact"])

    await asyncio.gather(*(raise_it() for _ in range(10)))

    assert sorted(len(contact) for contact in seen) == list(range(1, 101))


async def test_what_runs_after_a_commit_runs_once_and_never_after_a_rollback(
    database: Settings,
) -> None:
    called: list[str] = []
    async with db.transaction():
        db.after_commit(lambda: called.append("committed"))
    with contextlib.suppress(ValueError):
        async with db.transaction():
            db.after_commit(lambda: called.append("rolled back"))
            raise ValueError

    assert called == ["committed"]
    with pytest.raises(db.TransactionMisused, match="needs an open transaction"):
        db.after_commit(lambda: None)


async def test_sqlite_keeps_what_was_acknowledged_and_reads_beside_the_writer(
    database: Settings,
) -> None:
    engine = db.engine()
    if not isinstance(engine, Sqlite):
        assert engine.pool is not None
        return

    pragmas = {
        name: next(iter((await engine.writer.run(f"PRAGMA {name}"))[0].values()))
        for name in ("journal_mode", "synchronous", "foreign_keys")
    }

    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


async def _break_at_commit() -> None:
    """Writes a row whose deferred foreign key has no target."""
    sqlite = isinstance(db.engine(), Sqlite)
    if not sqlite or not await _has_table("parent"):
        await Organisation.raw("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
        await Organisation.raw(
            "CREATE TABLE child (parent INTEGER REFERENCES parent (id)"
            " DEFERRABLE INITIALLY DEFERRED)"
        )
    await Organisation.insert(organisation("never"))
    await Organisation.raw("INSERT INTO child VALUES (1)")


async def _has_table(name: str) -> bool:
    return bool(await Organisation.raw("SELECT 1 FROM sqlite_master WHERE name = {}", name))


async def _in_a_fresh_task(work: Any) -> Any:
    import contextvars

    return await asyncio.get_running_loop().create_task(work, context=contextvars.Context())
