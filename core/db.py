"""The database: engine, binding of the tables, transactions. No table names here.

    async with transaction():
        rows = await Contest.raw("UPDATE contest SET … WHERE id = {} RETURNING head", contest)

`Table.raw` with {} placeholders runs on both engines. The rest of Piccolo does too, without Numeric
(a float on SQLite), lock_rows (not there), constraints over several columns (use a unique index by
migration) and a violation caught inside a transaction (PostgreSQL has ended it: ON CONFLICT first).
"""

from __future__ import annotations

import socket
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
from piccolo.table import TABLE_REGISTRY

from core.engines.postgres import Postgres
from core.engines.sqlite import Sqlite
from core.engines.transaction import Transaction, TransactionMisused, live
from core.settings import Settings

__all__ = [
    "Engine",
    "TransactionMisused",
    "after_commit",
    "bind",
    "close_database",
    "engine",
    "engine_for",
    "in_transaction",
    "is_open",
    "open_database",
    "opened",
    "scrub",
    "transaction",
    "unreachable",
]

Engine = Sqlite | Postgres

_engine: Engine | None = None


def engine_for(settings: Settings) -> Engine:
    """A new engine, not open yet."""
    if settings.embedded:
        settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Sqlite(settings.sqlite_path)
    return Postgres(settings.database_url)


def bind(new: Engine | None) -> None:
    """Makes every Piccolo table use this engine; later tables find it through piccolo_conf.DB."""
    global _engine
    _engine = new
    for table in TABLE_REGISTRY:
        table._meta._db = new


def engine() -> Engine:
    """The process's engine."""
    if _engine is None:
        raise TransactionMisused("The database isn't open: call open_database(settings) first.")
    return _engine


def is_open() -> bool:
    return _engine is not None


async def open_database(settings: Settings) -> Engine:
    """Opens and binds the process's database. A process serves one."""
    if _engine is not None:
        raise TransactionMisused("A database is already open; close it first.")
    new = engine_for(settings)
    await new.open()
    bind(new)
    return new


async def close_database() -> None:
    global _engine
    if _engine is not None:
        old = _engine
        bind(None)
        await old.close()


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Engine]:
    """The open database; opened here, and closed again, when it isn't open already."""
    if _engine is not None:
        yield _engine
        return
    new = await open_database(settings)
    try:
        yield new
    finally:
        await close_database()


def transaction() -> Transaction:
    """`async with transaction():` around everything that one action writes.

    Committed at the end, rolled back by any exception. Not nested, and used by the task that
    opened it alone: both are refused with an error that says so.
    """
    found: Transaction = engine().transaction()
    return found


_AWAY = (
    ConnectionError,
    TimeoutError,
    socket.gaierror,
    sqlite3.OperationalError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
)


def unreachable(error: BaseException) -> bool:
    """Whether an error says that the database can't be asked now, and not that the question is wrong."""
    several = type(error) is OSError  # a host with several addresses, each of them refused
    return several or isinstance(error, _AWAY)


def in_transaction() -> bool:
    return _engine is not None and live(_engine) is not None


def after_commit(callback: Callable[[], Any]) -> None:
    """Calls it when the open transaction is committed. A hint only: a crash loses it."""
    found = live(engine())
    if found is None:
        raise TransactionMisused("after_commit needs an open transaction.")
    found.after_commit(callback)


async def scrub() -> None:
    """Writes SQLite's log back and empties it, so that no old page keeps what was erased.

    PostgreSQL recycles its own; copies and backups expire, and without the destroyed key they hold
    noise.
    """
    found = engine()
    if isinstance(found, Sqlite):
        async with found.lock:  # the writer is one connection: not within another's transaction
            await found.writer.run("PRAGMA wal_checkpoint(TRUNCATE)")
