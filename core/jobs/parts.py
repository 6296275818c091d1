"""The file that a job made, in sealed parts: written and read a part at a time, so that a large one
never stands in memory whole, nor anywhere unsealed.

The row under the job's id has name, size and the last bytes; whole parts before it stand under ids of
their own, and are there before that row is.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid5

from core.db import transaction
from core.jobs.sealing import seal, unseal
from core.tables import JobResult

PART = 4 * 1024 * 1024


class ResultWriter:
    """Takes bytes as a file does, `settle()` from time to time, and `close()` at the end."""

    def __init__(self, job: UUID, key: bytes) -> None:
        self._job = job
        self._key = key
        self._waiting = bytearray()
        self._parts = 0

    def write(self, data: bytes) -> int:
        self._waiting += data
        return len(data)

    def flush(self) -> None:
        """Bytes are laid down by `settle`, which has to wait for the database."""

    async def settle(self) -> None:
        """Lays down what fills whole parts."""
        while len(self._waiting) >= PART:
            self._parts += 1
            piece = bytes(self._waiting[:PART])
            del self._waiting[:PART]
            id = _part(self._job, self._parts)
            async with transaction():
                await JobResult.delete().where(JobResult.id == id)  # of a run that was interrupted
                await self._insert(id, piece, len(piece))

    async def close(self, name: str, media: str) -> None:
        """From now on it can be downloaded, in the place of an earlier one."""
        await self.settle()
        size = self._parts * PART + len(self._waiting)
        async with transaction():
            await JobResult.delete().where(JobResult.id == self._job)
            await _forget_parts(self._job, self._parts + 1)
            await self._insert(self._job, bytes(self._waiting), size, name=name, media=media)

    async def _insert(self, id: UUID, piece: bytes, size: int, **named: str) -> None:
        sealed = seal(self._key, "job_result", "sealed_data", id, piece)
        row: dict[str, Any] = {"name": "", "media": "", **named, "size": size}
        await JobResult.insert(JobResult(id=id, sealed_data=sealed, **row))


async def pieces(job: UUID, key: bytes, last: bytes, size: int) -> AsyncIterator[bytes]:
    """The whole file. last: the sealed bytes of the row under the job's own id."""
    end = unseal(key, "job_result", "sealed_data", job, last)
    for n in range(1, (size - len(end)) // PART + 1):
        id = _part(job, n)
        row = await JobResult.select(JobResult.sealed_data).where(JobResult.id == id).first()
        if row is None:
            raise LookupError(f"Part {n} of the result of job {job} is gone.")
        yield unseal(key, "job_result", "sealed_data", id, row["sealed_data"])
    yield end


async def forget(job: UUID) -> None:
    """Inside the caller's transaction."""
    await JobResult.delete().where(JobResult.id == job)
    await _forget_parts(job, 1)


async def _forget_parts(job: UUID, n: int) -> None:
    while await JobResult.exists().where(JobResult.id == _part(job, n)):
        await JobResult.delete().where(JobResult.id == _part(job, n))
        n += 1


def _part(job: UUID, n: int) -> UUID:
    return uuid5(job, f"part {n} of the result")
