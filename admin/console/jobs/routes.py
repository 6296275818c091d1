"""Long work that was started here: how far it is, what failed, what came out."""

from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID

from litestar import Response, get, post
from litestar.response import Stream

from admin.console.frame import Req, part, see_other, show
from admin.console.naming import labels_of, titles_of
from core.errors import JiangxinError
from core.jobs import cancel_job, failures_of, jobs_for, read_job, repeat_job, stream_of
from core.security import actor_in, logged_in
from core.web import assets, templates

HERE = Path(__file__).parent
SHOWN_FAILURES = 500


def register() -> None:
    assets.register("admin/jobs", HERE / "static")
    templates.register("jobs", HERE / "templates")


@get("/console/jobs", guards=[logged_in], include_in_schema=False)
async def jobs_page(request: Req) -> Response[bytes]:
    found = await jobs_for(actor_in(request))
    return await show(
        request,
        "jobs/list.html",
        room="jobs",
        jobs=found,
        titles=await titles_of(job.scope for job in found),
        labels=await labels_of(job.account for job in found),
    )


@get("/console/jobs/{job:uuid}", guards=[logged_in], include_in_schema=False)
async def job_page(request: Req, job: UUID) -> Response[bytes]:
    return await _page(request, job)


@get("/console/jobs/{job:uuid}/card", guards=[logged_in], include_in_schema=False)
async def job_card(request: Req, job: UUID) -> Response[bytes]:
    """The macro's own piece, for any page that shows it."""
    return part(request, "jobs/one_card.html", job=await read_job(actor_in(request), job))


@post("/console/jobs/{job:uuid}/cancel", guards=[logged_in], include_in_schema=False)
async def cancel(request: Req, job: UUID) -> Response[Any]:
    try:
        await cancel_job(actor_in(request), job)
    except JiangxinError as error:
        return await _page(request, job, error)
    return see_other(f"/console/jobs/{job}", "It ends at the next item; what is done stays done.")


@post("/console/jobs/{job:uuid}/again", guards=[logged_in], include_in_schema=False)
async def again(request: Req, job: UUID) -> Response[Any]:
    try:
        await repeat_job(actor_in(request), job)
    except JiangxinError as error:
        return await _page(request, job, error)
    return see_other(f"/console/jobs/{job}")


@get("/console/jobs/{job:uuid}/result", guards=[logged_in], include_in_schema=False)
async def result(request: Req, job: UUID) -> Stream:
    found = await stream_of(actor_in(request), job)
    headers = {**_saved(found.name), "Content-Length": str(found.size)}
    return Stream(found.pieces, media_type=found.media, headers=headers)


def download(data: bytes, name: str, media: str) -> Response[bytes]:
    """A file that browsers save and nobody keeps on the way."""
    return Response(data, media_type=media, headers=_saved(name))


def _saved(name: str) -> dict[str, str]:
    return {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }


async def _page(request: Req, job: UUID, error: JiangxinError | None = None) -> Response[bytes]:
    by = actor_in(request)
    found = await read_job(by, job)
    failures = await failures_of(by, job)
    return await show(
        request,
        "jobs/job.html",
        room="jobs",
        error=error,
        job=found,
        failures=failures[:SHOWN_FAILURES],
        more=max(0, found.failures - SHOWN_FAILURES),
        titles=await titles_of([found.scope]),
        labels=await labels_of([found.account]),
    )


HANDLERS = [jobs_page, job_page, job_card, cancel, again, result]
