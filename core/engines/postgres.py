"""PostgreSQL: a pool of ten asyncpg connections; without the pool piccolo connects per query."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import asyncpg
from piccolo.engine.postgres import PostgresEngine
from piccolo.querystring import QueryString

from core.engines.transaction import Transaction, live

POOL = 10


class PostgresTransaction(Transaction):
    __slots__ = ("connection",)

    engine: Postgres

    def __init__(self, engine: Postgres) -> None:
        super().__init__(engine)
        self.connection: Any = None

    async def run(self, sql: str, arguments: Sequence[Any]) -> Any:
        return await self.connection.fetch(sql, *arguments)

    async def begin(self) -> None:
        pool = self.engine.pool
        self.connection = await (pool.acquire() if pool else self.engine.get_new_connection())
        await self.connection.execute("BEGIN")

    async def commit(self) -> None:
        await self.connection.execute("COMMIT")

    async def release(self) -> None:
        connection, self.connection = self.connection, None
        if connection is None:
            return
        if self.engine.pool:
            await self.engine.pool.release(connection)
        else:
            await connection.close()

    async def abandon(self) -> None:
        connection = self.connection
        try:
            if connection is not None and not connection.is_closed():
                await _roll_back(connection)
        finally:
            await self.release()


class Postgres(PostgresEngine):
    """Piccolo's PostgreSQL engine with our transactions. `open()` it, or it connects per query."""

    __slots__ = ("_size",)

    def __init__(self, url: str, *, size: int = POOL) -> None:
        super().__init__(config={"dsn": url, "server_settings": {"application_name": "jiangxin"}})
        self._size = size

    async def check_version(self) -> None:
        """Not asked in the constructor: it would connect."""

    async def open(self) -> None:
        self.pool = await asyncpg.create_pool(
            **self.config, min_size=1, max_size=self._size, reset=_roll_back
        )

    async def close(self) -> None:
        if self.pool:
            pool, self.pool = self.pool, None
            await pool.close()

    def transaction(self, *_: Any, **__: Any) -> PostgresTransaction:  # type: ignore[override]
        return PostgresTransaction(self)

    async def run_querystring(self, querystring: QueryString, in_pool: bool = True) -> Any:
        sql, arguments = querystring.compile_string(engine_type=self.engine_type)
        return await self._statement(sql, arguments)

    async def run_ddl(self, ddl: str, in_pool: bool = True) -> Any:
        return await self._statement(ddl, ())

    async def _statement(self, sql: str, arguments: Sequence[Any]) -> Any:
        transaction = live(self)
        if transaction is not None:
            return await transaction.run(sql, arguments)
        if self.pool:
            return await self._run_in_pool(sql, arguments)
        return await self._run_in_new_connection(sql, arguments)


async def _roll_back(connection: Any) -> None:
    """In place of asyncpg's reset, a round trip for settings that we never change."""
    if connection.is_in_transaction():
        await connection.execute("ROLLBACK")
