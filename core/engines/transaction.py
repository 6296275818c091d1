"""What a transaction of ours promises on both engines.

Nesting is refused; only the task that opened it may use it; whatever happens at COMMIT, in a
handler or by cancellation, the connection goes back and the context variable is cleared (piccolo
1.38 keeps both when COMMIT fails).
"""

from __future__ import annotations

import asyncio
import contextvars
import logging
from collections.abc import Callable, Coroutine, Sequence
from types import TracebackType
from typing import Any, Literal

from piccolo.engine.base import BaseTransaction

_log = logging.getLogger(__name__)
_cleaning: set[asyncio.Task[None]] = set()


class TransactionMisused(RuntimeError):
    """A mistake in the code that asked, never a user's."""


class Transaction(BaseTransaction):
    """`async with engine.transaction():`; engines fill in the four steps at the end."""

    __slots__ = ("_callbacks", "engine", "finished", "task")

    def __init__(self, engine: Any) -> None:
        self.engine = engine
        self.finished = False
        self.task: asyncio.Task[Any] | None = None
        self._callbacks: list[Callable[[], None]] = []

    def after_commit(self, callback: Callable[[], None]) -> None:
        """Calls it once the transaction is committed; never after a rollback."""
        self._callbacks.append(callback)

    async def __aenter__(self) -> Transaction:
        if live(self.engine) is not None:
            raise TransactionMisused(
                "A transaction is already open here. An action opens one transaction; what it "
                "calls takes part in it: call the function that opens none."
            )
        self.task = asyncio.current_task()
        try:
            await self.begin()
        except BaseException:
            await _to_the_end(self.abandon())
            raise
        self.engine.current_transaction.set(self)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> Literal[False]:
        self.finished = True
        self.engine.current_transaction.set(None)
        if kind is not None:
            await _to_the_end(self.abandon())
            return False
        try:
            await self.commit()
        except BaseException:
            await _to_the_end(self.abandon())
            raise
        await self.release()
        for callback in self._callbacks:
            try:
                callback()
            except Exception:
                _log.exception("after a commit, %r failed", callback)
        return False

    async def run(self, sql: str, arguments: Sequence[Any]) -> Any:
        """One statement on the transaction's own connection."""
        raise NotImplementedError

    async def begin(self) -> None:
        raise NotImplementedError

    async def commit(self) -> None:
        raise NotImplementedError

    async def release(self) -> None:
        """Gives the connection back after a commit."""
        raise NotImplementedError

    async def abandon(self) -> None:
        """Rolls back if anything is open, whatever state `begin` or `commit` left behind, and
        gives the connection back."""
        raise NotImplementedError


def live(engine: Any) -> Transaction | None:
    """The open transaction of this context. One that has ended (inherited by a task that was
    created inside it) counts as none; one of another task that is still open is refused."""
    found: Transaction | None = engine.current_transaction.get()
    if found is None or found.finished:
        return None
    if found.task is not asyncio.current_task():
        raise TransactionMisused(
            "This transaction belongs to another task. Inside a transaction use no gather, "
            "create_task, TaskGroup or wait_for; start background work after the commit."
        )
    return found


async def _to_the_end(work: Coroutine[Any, Any, None]) -> None:
    """Awaits work that must finish even when the caller is cancelled again meanwhile."""
    task = asyncio.get_running_loop().create_task(work, context=contextvars.Context())
    _cleaning.add(task)
    task.add_done_callback(_cleaning.discard)
    await asyncio.shield(task)
