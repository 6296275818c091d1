"""The signing again as work in the background, with progress, cancelled and taken up again at will."""

from __future__ import annotations

from core.jobs import JobContext, JobKind
from core.jobs import register as register_job
from credentials.resigning.actions import (
    JOB,
    PERMISSION,
    affected_by,
    lost_key,
    may_sign_again,
    sign_affected,
)
from credentials.resigning.notice import notice_of

TITLE = "Certificates of a lost key, signed again"


def register() -> None:
    register_job(JobKind(JOB, TITLE, run, permission=PERMISSION))


async def run(context: JobContext) -> None:
    """Ends with the signed notice as its file."""
    kid = context.params["kid"]
    await may_sign_again(context.by, (await lost_key(kid))["issuer"])
    total = len(await affected_by(kid))
    done = 0
    async for _ in sign_affected(kid):
        done += 1
        await context.progress(done, total)
        if await context.cancelled():
            return
    notice = await notice_of(kid)
    await context.result(notice.encode(), f"notice-{kid}.jwt", "application/jwt")
