"""Who changed what, when, from what to what: looked for by person, contest, time and kind."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Response, get, post

from admin.console.audit import exporting
from admin.console.audit.words import GROUPS, Line, actions_of, line_of
from admin.console.frame import Form, Req, see_other, show
from admin.console.naming import labels_of, titles_of
from contests.routing import of_contest
from contests.trail import (
    READS,
    Change,
    Sight,
    Wanted,
    changes,
    contests_in,
    cursor_of,
    seats_in,
    sight_of,
)
from core.errors import Forbidden
from core.jobs import start_job
from core.security import INSTALLATION, Actor, actor_in, logged_in, requires
from core.web import assets, templates
from core.web.i18n import TIME_ZONE
from core.web.language import language_of

HERE = Path(__file__).parent
PAGE = 100
FIELDS = ("person", "contest", "kind", "since", "until")


def register() -> None:
    assets.register("admin/audit", HERE / "static")
    templates.register("audit", HERE / "templates")
    exporting.register()


@get("/console/audit", guards=[logged_in], include_in_schema=False)
async def audit_page(request: Req) -> Response[bytes]:
    sight = await _sight(actor_in(request))
    typed = {name: request.query_params.get(name, "") for name in FIELDS}
    return await _shown(request, sight, typed, contest=None)


@get(
    "/console/contests/{contest:uuid}/audit",
    guards=[requires(READS, of_contest)],
    include_in_schema=False,
)
async def contest_audit(request: Req, contest: UUID) -> Response[bytes]:
    """The same, of one contest."""
    typed = {name: request.query_params.get(name, "") for name in FIELDS}
    sight = Sight(everything=False, contests=frozenset({contest}))
    return await _shown(request, sight, {**typed, "contest": str(contest)}, contest=contest)


@post("/console/audit/export", guards=[logged_in], include_in_schema=False)
async def export(request: Req, data: Form) -> Response[Any]:
    by = actor_in(request)
    await _sight(by)
    params = {name: data.get(name, "") for name in FIELDS}
    params["language"] = language_of(request)
    job = await start_job(by, exporting.KIND.name, INSTALLATION, params)
    return see_other(f"/console/jobs/{job}")


def wanted_of(typed: Mapping[str, str]) -> Wanted:
    """What the form asks for; a date that is none is not asked for."""
    until = _day(typed.get("until", ""))
    try:
        contest = UUID(typed["contest"]) if typed.get("contest") else None
    except ValueError:
        contest = None
    return Wanted(
        person=typed.get("person", "").strip()[:80],
        contest=contest,
        actions=actions_of(typed.get("kind", "")),
        since=_day(typed.get("since", "")),
        before=until + timedelta(days=1) if until else None,
    )


async def lines_of(found: Sequence[Change], language: str) -> list[tuple[Change, Line]]:
    seats = await seats_in(found)
    return [(change, line_of(change, seats, language)) for change in found]


async def _sight(reader: Actor) -> Sight:
    if not reader.may_somewhere(READS):
        raise Forbidden(permission=READS)
    return await sight_of(reader)


async def _shown(
    request: Req, sight: Sight, typed: dict[str, str], *, contest: UUID | None
) -> Response[bytes]:
    wanted = wanted_of(typed)
    cursor = cursor_of(request.query_params.get("after", ""))
    found, following = await changes(sight, wanted, after=cursor, limit=PAGE)
    asked = {name: value for name, value in typed.items() if value}
    here = request.url.path
    return await show(
        request,
        "audit/audit.html",
        room="audit",
        contest=contest,
        typed=typed,
        lines=await lines_of(found, language_of(request)),
        labels=await labels_of(change.account for change in found),
        titles=await titles_of(change.scope for change in found),
        contests=[] if contest else await contests_in(sight),
        kinds=[(code, title) for code, (title, _) in GROUPS.items()],
        following=f"{here}?{urlencode({**asked, 'after': str(following)})}" if following else "",
        paged=cursor is not None,
    )


def _day(text: str) -> datetime | None:
    try:
        return datetime.combine(date.fromisoformat(text.strip()), time(), tzinfo=TIME_ZONE)
    except ValueError:
        return None


HANDLERS = [audit_page, contest_audit, export]
