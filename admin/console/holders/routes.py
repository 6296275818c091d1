"""The room of a contest's holders: who has a link and came in, and what they ask for."""

from pathlib import Path
from typing import Any
from uuid import UUID

from litestar import Response, get, post

from admin.console.frame import Form, Req, see_other, show
from admin.console.holders import links
from admin.console.holders.links import MODES, check_days, chosen, holders_of
from contests.actions.approvals import request_approval
from contests.actions.common import contest_row, scopes_of
from contests.actions.renaming import NAMED
from contests.routing import of_contest
from core.errors import JiangxinError, NotFound
from core.jobs import jobs_for, start_job
from core.privacy import names_of
from core.security import Actor, Scope, actor_in, requires
from core.web import assets, qr, templates
from core.web.language import language_of
from credentials.holder import asking
from credentials.holder.links import DAYS, LONGEST_DAYS, PERMISSION, make_link
from credentials.records.exchange.evidence import ENDINGS

HERE = Path(__file__).parent
BASE = "/console/contests/{contest:uuid}/holders"
_NAMES = [requires(PERMISSION, of_contest)]
PAGE = 200


def register() -> None:
    links.register()
    assets.register("admin/holders", HERE / "static")
    templates.register("holders", HERE / "templates")


@get(BASE, guards=_NAMES, include_in_schema=False)
async def holders_page(request: Req, contest: UUID) -> Response[bytes]:
    return await _page(request, contest)


async def _page(
    request: Req,
    contest: UUID,
    error: JiangxinError | None = None,
    *,
    typed: dict[str, str] | None = None,
) -> Response[bytes]:
    """typed: the form that was refused."""
    by, rows = actor_in(request), await holders_of(contest)
    start = _start(request)
    asked = await asking.requests_in(by, contest)
    scope = (await scopes_of(contest))[0]
    jobs = [job for job in await jobs_for(by, scope=scope, limit=10) if job.kind == links.KIND.name]
    return await show(
        request,
        "holders/holders.html",
        room="certificates",
        contest=contest,
        error=error,
        rows=rows[start : start + PAGE],
        start=start,
        page=PAGE,
        count=len(rows),
        modes=MODES,
        days=DAYS,
        most_days=LONGEST_DAYS,
        typed=typed or {},
        jobs=jobs[:1],
        requests=asked,
        names=await names_of({one.person for one in asked}),
        numbers=await asking.numbers_of(asked),
        kinds=asking.KINDS,
        states=asking.STATES,
        may_rename=await _may_rename(by, contest),
    )


def _start(request: Req) -> int:
    text = request.query_params.get("from", "")
    return int(text) if text.isdecimal() and len(text) < 8 else 0


async def _may_rename(by: Actor, contest: UUID) -> bool:
    able = by.may("contest.correct", *await scopes_of(contest))
    return able and (await contest_row(contest))["state"] in NAMED


@post(BASE + "/links", guards=_NAMES, include_in_schema=False)
async def make_all(request: Req, contest: UUID, data: Form) -> Response[Any]:
    """Cards and a workbook, as a file to download; the links stand nowhere else."""
    try:
        days = check_days(data.get("days", ""))
        rows = chosen(await holders_of(contest), data.get("mode", ""))
    except JiangxinError as error:
        return await _page(request, contest, error, typed=data)
    params = {
        "contest": str(contest),
        "language": language_of(request),
        "days": str(days),
        "persons": [str(row.person) for row in rows],
    }
    scope = Scope("contest", str(contest))
    await start_job(actor_in(request), links.KIND.name, scope, params, total=len(rows))
    return see_other(f"/console/contests/{contest}/holders#links")


@post(BASE + "/people/{person:uuid}", guards=_NAMES, include_in_schema=False)
async def make_one(request: Req, contest: UUID, person: UUID, data: Form) -> Response[Any]:
    """The link of one person, shown this once."""
    try:
        days = check_days(data.get("days", str(DAYS)))
        address = await make_link(actor_in(request), contest, person, days=days)
    except NotFound:
        raise
    except JiangxinError as error:
        return await _page(request, contest, error)
    return await show(
        request,
        "holders/link.html",
        room="certificates",
        contest=contest,
        owner=(await names_of([person])).get(person, ""),
        address=address,
        picture=qr.svg(address),
        days=days,
    )


# --- what they ask for -------------------------------------------------------------------------


@get(BASE + "/requests/{asked:uuid}/file", guards=_NAMES, include_in_schema=False)
async def evidence_file(request: Req, contest: UUID, asked: UUID) -> Response[bytes]:
    content, media = await asking.file_of(actor_in(request), contest, asked)
    name = f"{asked}.{ENDINGS[media]}"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return Response(content, media_type=media, headers=headers)


@post(BASE + "/requests/{asked:uuid}", guards=_NAMES, include_in_schema=False)
async def answer_request(request: Req, contest: UUID, asked: UUID, data: Form) -> Response[Any]:
    """passed_on: a wrong name goes to the second person who countersigns corrections."""
    by, state, words = actor_in(request), data.get("state", ""), data.get("words", "")
    one = await asking.request_in(by, contest, asked)
    try:
        asking.check_answer(one, state=state, words=words)
        if state == asking.PASSED_ON:
            body = {"person": str(one.person), "name": one.wanted, "reason": words}
            await request_approval(by, contest, "correct_name", body)
        await asking.answer(by, contest, asked, state=state, words=words)
    except NotFound:
        raise
    except JiangxinError as error:
        return await _page(request, contest, error, typed={**data, "asked": str(asked)})
    return see_other(f"/console/contests/{contest}/holders", _SAID[state])


_SAID = {
    asking.DONE: "The holder reads on the own page that it is done.",
    asking.DECLINED: "The holder reads your answer on the own page.",
    asking.PASSED_ON: "Asked. Another person who may correct results countersigns under “What waits"
    " for me”; then a new version is issued, and the holder reads that it is done.",
}
HANDLERS = [holders_page, make_all, make_one, evidence_file, answer_request]
