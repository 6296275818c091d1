"""SQLite: one writing connection behind a lock, a few reading ones, all kept open.

Piccolo 1.38 opens a connection and a thread for every query; kept open they are five times as
fast. WAL with `synchronous=FULL`: what was acknowledged survives a power cut.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from piccolo.engine.sqlite import SQLiteEngine
from piccolo.querystring import QueryString

from core.engines.transaction import Transaction, TransactionMisused, live

READERS = 4
BUSY_SECONDS = 30
_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}",
    "PRAGMA foreign_keys=1",
    "PRAGMA secure_delete=ON",  # an erased key is overwritten, not only unlinked
    "PRAGMA temp_store=MEMORY",
    "PRAGMA cache_size=-8000",
)

Rows = list[dict[str, Any]]


class Connection:
    """A sqlite3 connection with a thread of its own; statements run in the order they came."""

    def __init__(self, path: str, *, read_only: bool) -> None:
        self._path = path
        self._read_only = read_only
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="sqlite")
        self._connection: sqlite3.Connection | None = None

    async def run(self, sql: str, arguments: Sequence[Any] = ()) -> Rows:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._run, sql, arguments)

    async def rollback(self) -> None:
        """Ends whatever transaction is open, also one whose BEGIN is still on its way."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._rollback)

    async def close(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, self._close)
        self._thread.shutdown(wait=False)

    def _run(self, sql: str, arguments: Sequence[Any]) -> Rows:
        connection = self._connection or self._open()
        cursor = connection.execute(sql, arguments)
        try:
            if cursor.description is None:
                return []
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        finally:
            cursor.close()

    def _open(self) -> sqlite3.Connection:
        self._connection = sqlite3.connect(
            self._path,
            timeout=BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
            detect_types=sqlite3.PARSE_DECLTYPES | sqlite3.PARSE_COLNAMES,
            cached_statements=512,
        )
        for pragma in _PRAGMAS:
            self._connection.execute(pragma)
        if self._read_only:
            self._connection.execute("PRAGMA query_only=1")
        return self._connection

    def _rollback(self) -> None:
        if self._connection is not None and self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class SQLiteTransaction(Transaction):
    __slots__ = ("_locked",)

    engine: Sqlite

    def __init__(self, engine: Sqlite) -> None:
        super().__init__(engine)
        self._locked = False

    async def run(self, sql: str, arguments: Sequence[Any]) -> Rows:
        return await self.engine.writer.run(sql, arguments)

    async def begin(self) -> None:
        await self.engine.lock.acquire()
        self._locked = True
        await self.engine.writer.run("BEGIN IMMEDIATE")

    async def commit(self) -> None:
        await self.engine.writer.run("COMMIT")

    async def release(self) -> None:
        self._unlock()

    async def abandon(self) -> None:
        if self._locked:
            try:
                await self.engine.writer.rollback()
            finally:
                self._unlock()

    def _unlock(self) -> None:
        if self._locked:
            self._locked = False
            self.engine.lock.release()


class Sqlite(SQLiteEngine):
    """Piccolo's SQLite engine over connections that stay open. `close()` it in the end."""

    __slots__ = ("_free", "_readers", "lock", "writer")

    def __init__(self, path: Path | str) -> None:
        super().__init__(path=str(path), timeout=BUSY_SECONDS)
        self._start()

    def _start(self) -> None:
        self.writer = Connection(self.path, read_only=False)
        self.lock = asyncio.Lock()
        self._readers: list[Connection] = []
        self._free: asyncio.LifoQueue[Connection] = asyncio.LifoQueue()

    async def check_version(self) -> None:
        """Not asked in the constructor: it would start an event loop."""

    async def open(self) -> None:
        await self.writer.run("SELECT 1")

    async def close(self) -> None:
        for connection in [self.writer, *self._readers]:
            await connection.close()
        self._start()

    def transaction(self, *_: Any, **__: Any) -> SQLiteTransaction:  # type: ignore[override]
        """Always IMMEDIATE, never nested, whatever piccolo's callers ask for."""
        return SQLiteTransaction(self)

    async def batch(self, *_: Any, **__: Any) -> Any:
        raise TransactionMisused("Page through a table by its key; a batch would hold a reader.")

    async def run_querystring(self, querystring: QueryString, in_pool: bool = False) -> Rows:
        sql, arguments = querystring.compile_string(engine_type=self.engine_type)
        return await self._statement(sql, arguments)

    async def run_ddl(self, ddl: str, in_pool: bool = False) -> Rows:
        return await self._statement(ddl, ())

    async def _statement(self, sql: str, arguments: Sequence[Any]) -> Rows:
        transaction = live(self)
        if transaction is not None:
            return list(await transaction.run(sql, arguments))
        if sql.lstrip()[:6].upper() == "SELECT":
            return await self._read(sql, arguments)
        async with self.lock:
            return await self.writer.run(sql, arguments)

    async def _read(self, sql: str, arguments: Sequence[Any]) -> Rows:
        if self._free.empty() and len(self._readers) < READERS:
            reader = Connection(self.path, read_only=True)
            self._readers.append(reader)
        else:
            reader = await self._free.get()
        try:
            return await reader.run(sql, arguments)
        finally:
            self._free.put_nowait(reader)
