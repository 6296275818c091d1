"""A process that does long work until it is killed: `python -m tests.core.job_process`.

The kind "organisations" adds as many organisations as it is asked for, each by its own id, slowly
enough to be killed in the middle.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from uuid import UUID, uuid5

from core import jobs, worker
from core.process import ready
from core.registry import carry
from core.settings import current
from core.tables import Job, Organisation

SPACE = UUID("7a0f7a0e-7f0c-4b34-9a3d-5a1a86b6a7aa")


async def add(context: jobs.JobContext) -> None:
    count = context.params["count"]
    for number in range(count):
        if await context.cancelled():
            return
        code = f"made-{number}"
        row = Organisation(
            id=uuid5(SPACE, code),
            code=code,
            title="{}",
            kind="organiser",
            created_at=datetime.now(UTC),
        )
        await Organisation.insert(row).on_conflict(action="DO NOTHING")
        await context.progress(number + 1, count)
        await asyncio.sleep(0.02)
    await context.result(f"{count}".encode(), "count.txt", "text/plain")


KIND = jobs.JobKind("organisations", "Contests", add)


async def main() -> None:
    jobs.register(KIND)
    carry(jobs.lease(1.0))
    async with ready(current()), worker.working(current()):
        while await Job.exists().where(Job.state.is_in([jobs.ASKED, jobs.RUNNING])):
            await asyncio.sleep(0.05)


if __name__ == "__main__":
    asyncio.run(main())
