"""Long work with progress, cancel, failures of single items, and a result that outlives the page.

    register(JobKind("entrants", "Import of entrants", run, permission="contest.enter"))
    job = await start_job(by, "entrants", Scope("contest", id), {"file": …}, total=2000)

    async def run(context: JobContext) -> None:
        for number, row in enumerate(rows, 1):
            if await context.cancelled():
                return
            …
            await context.progress(number, len(rows))

A `run` may be interrupted anywhere (a killed process, a restart) and is then begun again: it must be
idempotent, by deterministic ids or by looking at what is there already. It runs outside any
transaction and opens its own. What it raises ends the job: a `JiangxinError` with its sentence and
findings, anything else with a word of regret and the reason in the server's log.

Parameters, results and failures may hold personal data: they are sealed under the job's own key,
which is destroyed after KEEP_DAYS.
"""

from core.jobs.asking import KEEP_DAYS, cancel_job, prune, repeat_job, start_job, start_job_row
from core.jobs.kinds import (
    ASKED,
    CANCELLED,
    DONE,
    ENDED,
    FAILED,
    RUNNING,
    JobEnded,
    JobInterrupted,
    JobKind,
    JobWentWrong,
    register,
)
from core.jobs.reading import (
    JobFile,
    JobItem,
    JobStream,
    JobView,
    failures_of,
    jobs_for,
    read_job,
    result_of,
    stream_of,
)
from core.jobs.running import EFFECT, LEASE_SECONDS, MOST_FAILURES, MOST_STARTS, JobContext, lease

__all__ = [
    "ASKED",
    "CANCELLED",
    "DONE",
    "EFFECT",
    "ENDED",
    "FAILED",
    "KEEP_DAYS",
    "LEASE_SECONDS",
    "MOST_FAILURES",
    "MOST_STARTS",
    "RUNNING",
    "JobContext",
    "JobEnded",
    "JobFile",
    "JobInterrupted",
    "JobItem",
    "JobKind",
    "JobStream",
    "JobView",
    "JobWentWrong",
    "cancel_job",
    "failures_of",
    "jobs_for",
    "lease",
    "prune",
    "read_job",
    "register",
    "repeat_job",
    "result_of",
    "start_job",
    "start_job_row",
    "stream_of",
]
