"""A worker that checks stacks until none waits, or it is killed: `python -m …stack_process`."""

from __future__ import annotations

import asyncio

from core import jobs, worker
from core.process import ready
from core.registry import carry, registry
from core.settings import current
from core.tables import Job


async def main() -> None:
    registry()
    carry(jobs.lease(1.0))
    async with ready(current()), worker.working(current()):
        while await Job.exists().where(Job.state.is_in([jobs.ASKED, jobs.RUNNING])):
            await asyncio.sleep(0.05)


if __name__ == "__main__":
    asyncio.run(main())
