"""The room of applications: what waits for my body first, one page with the gathered file and the track."""

from collections.abc import Awaitable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from litestar import Response, get, post

from admin.console.frame import Form, Req, done, see_other, show
from admin.console.honours import evidence_routes
from admin.console.honours import words as honour_words
from admin.console.honours.guards import somewhere
from admin.console.honours.typed import chosen, document_kinds, who_of
from admin.console.naming import labels_of
from core.errors import JiangxinError, NotFound
from core.security import actor_in
from core.web import templates
from core.web.language import language_of
from credentials.records.applications import deciding, filing, form, sheet
from credentials.records.applications.queries import application_page, applications_for
from credentials.records.applications.words import STATES, STEP_STATES
from credentials.records.bodies import ACTS, READS, acting_bodies, every_body, titles_of
from credentials.records.honours.catalogue import cities, kinds
from credentials.records.notices import today_in_china

HERE = Path(__file__).parent
ROOM = "/console/applications"
ONE = ROOM + "/{application:uuid}"
STEP = ONE + "/steps/{step:uuid}"
PILLS = {"passed": "good", "sent_back": "warn", "refused": "bad", "withdrawn": "bad"}
ICONS = {"open": "◔", "passed": "✓", "sent_back": "↩", "refused": "✕", "withdrawn": "✕"}
STEP_ICONS = {
    "waiting": "○",
    "open": "◔",
    "notice": "◔",
    "agreed": "✓",
    "refused": "✕",
    "sent_back": "↩",
}
TRACK = {
    "waiting": "",
    "open": "now",
    "notice": "now",
    "agreed": "done",
    "refused": "stopped",
    "sent_back": "stopped",
}
_READS, _ACTS = [somewhere(READS)], [somewhere(ACTS)]


def register() -> None:
    templates.register("console-applications", HERE / "templates")
    form.register()


@get(ROOM, guards=_READS, include_in_schema=False)
async def applications(request: Req) -> Response[bytes]:
    by = actor_in(request)
    typed = {name: request.query_params.get(name, "") for name in ("code", "state")}
    found = await applications_for(by, **typed)
    return await show(
        request,
        "console-applications/list.html",
        room="applications",
        mine=[one for one in found if one.mine],
        others=[one for one in found if not one.mine],
        typed=typed,
        kinds=[kind for kind in kinds() if kind.steps],
        bodies=await titles_of(one.step["body"] for one in found if one.step),
        may_act=by.may_somewhere(ACTS),
        states=STATES,
        pills=PILLS,
        icons=ICONS,
    )


@post(ROOM + "/list", guards=_READS, include_in_schema=False)
async def export(request: Req, data: Form) -> Response[bytes]:
    """The same list as an Excel workbook."""
    at = datetime.now(UTC)
    made = await sheet.applications_xlsx(
        actor_in(request),
        language_of(request),
        code=data.get("code", ""),
        state=data.get("state", ""),
        at=at,
    )
    return _file(made, sheet.MEDIA, f"applications-{at:%Y-%m-%d}.xlsx")


@get(ROOM + "/new", guards=_ACTS, include_in_schema=False)
async def new(request: Req) -> Response[bytes]:
    return await _form(request, dict(request.query_params))


@post(ROOM, guards=_ACTS, include_in_schema=False)
async def file(request: Req, data: Form) -> Response[Any]:
    kind = next((one for one in kinds() if one.code == data.get("code")), None)
    steps = range(1, len(kind.steps) + 1) if kind else ()
    wanted = filing.NewApplication(
        data.get("code", ""),
        data.get("body", ""),
        who_of(data),
        tuple(data.get(f"body-{n}", "") for n in steps),
        data.get("statement", ""),
        data.get("city", ""),
    )
    try:
        made = await filing.file_application(actor_in(request), wanted)
    except JiangxinError as error:
        return await _form(request, data, error)
    return see_other(f"{ROOM}/{made}", "The application is handed in.")


@get(ONE, guards=_READS, include_in_schema=False)
async def application(request: Req, application: UUID) -> Response[bytes]:
    return await _page(request, application)


@post(ONE + "/form", guards=_READS, include_in_schema=False)
async def print_form(request: Req, application: UUID) -> Response[Any]:
    at = datetime.now(UTC)
    try:
        made = await form.form_pdf(actor_in(request), application, language_of(request), at=at)
    except NotFound:
        raise
    except JiangxinError as error:
        return await _page(request, application, error)
    return _file(made, "application/pdf", f"application-{at:%Y-%m-%d}.pdf")


@post(ONE + "/papers", guards=_ACTS, include_in_schema=False)
async def add_paper(request: Req, application: UUID, data: Form) -> Response[Any]:
    title, link, hash = (data.get(name, "") for name in ("title", "link", "hash"))
    step = filing.add_paper(actor_in(request), application, title=title, link=link, hash=hash)
    return await _done(request, application, step, data, "The evidence is added.")


@post(evidence_routes.APPLICATION, guards=_ACTS, include_in_schema=False)
async def add_file(request: Req, application: UUID) -> Response[Any]:
    step = evidence_routes.hand_in_for_application(request, application)
    return await _done(request, application, step, {}, "The evidence is added.")


@post(ONE + "/again", guards=_ACTS, include_in_schema=False)
async def again(request: Req, application: UUID, data: Form) -> Response[Any]:
    step = filing.hand_in_again(actor_in(request), application, data.get("statement", ""))
    return await _done(request, application, step, data, "The application is handed in again.")


@post(ONE + "/withdrawal", guards=_ACTS, include_in_schema=False)
async def withdraw(request: Req, application: UUID, data: Form) -> Response[Any]:
    step = filing.take_back(actor_in(request), application, data.get("why", ""))
    return await _done(request, application, step, data, "The application is withdrawn.")


@post(STEP + "/notice", guards=_ACTS, include_in_schema=False)
async def notice(request: Req, application: UUID, step: UUID, data: Form) -> Response[Any]:
    until = data.get("notice_until", "")
    done = deciding.open_notice(actor_in(request), application, step, until=until)
    return await _done(request, application, done, data, "The public notice has begun.")


@post(STEP + "/objections", guards=_ACTS, include_in_schema=False)
async def objection(request: Req, application: UUID, step: UUID, data: Form) -> Response[Any]:
    done = deciding.object_to(actor_in(request), application, step, data.get("objection", ""))
    return await _done(request, application, done, data, "The objection is filed.")


@post(STEP + "/objections/{objection:uuid}", guards=_ACTS, include_in_schema=False)
async def answer(
    request: Req, application: UUID, step: UUID, objection: UUID, data: Form
) -> Response[Any]:
    upheld, text = data.get("upheld") == "yes", data.get("answer", "")
    by = actor_in(request)
    done = deciding.answer(by, application, step, objection, text, upheld=upheld)
    return await _done(request, application, done, data, "The objection is answered.")


@post(STEP + "/decision", guards=_ACTS, include_in_schema=False)
async def decide(request: Req, application: UUID, step: UUID, data: Form) -> Response[Any]:
    decision, opinion = data.get("decision", ""), data.get("opinion", "")
    done = deciding.decide(actor_in(request), application, step, decision, opinion)
    return await _done(request, application, done, data, "The decision is on record.")


async def _done(
    request: Req, application: UUID, step: Awaitable[Any], data: dict[str, str], sentence: str
) -> Response[Any]:
    return await done(
        step,
        lambda error: _page(request, application, error, data),
        f"{ROOM}/{application}",
        sentence,
    )


async def _form(
    request: Req, data: dict[str, str], error: JiangxinError | None = None
) -> Response[bytes]:
    by = actor_in(request)
    bodies = await acting_bodies(by)
    taken = [kind for kind in kinds() if kind.steps]
    kind = next((one for one in taken if one.code == data.get("code")), None)
    return await show(
        request,
        "console-applications/new.html",
        room="applications",
        error=error,
        typed=data,
        bodies=bodies,
        body=chosen(bodies, data),
        everybody=await every_body() if kind else [],
        kinds=taken,
        kind=kind,
        cities=cities(),
        document_kinds=document_kinds(),
    )


async def _page(
    request: Req,
    application: UUID,
    error: JiangxinError | None = None,
    typed: dict[str, str] | None = None,
) -> Response[bytes]:
    page = await application_page(actor_in(request), application)
    return await show(
        request,
        "console-applications/one.html",
        room="applications",
        error=error,
        page=page,
        typed=typed or {},
        today=today_in_china().isoformat(),
        labels=await labels_of(one.account for one in page.history),
        cities=cities(),
        states=STATES,
        pills=PILLS,
        icons=ICONS,
        step_states=STEP_STATES,
        step_icons=STEP_ICONS,
        track=TRACK,
        events=honour_words.EVENTS,
        answers=honour_words.OBJECTIONS,
    )


def _file(made: bytes, media: str, name: str) -> Response[bytes]:
    return Response(
        made,
        media_type=media,
        status_code=200,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )


HANDLERS = [
    applications,
    export,
    new,
    file,
    application,
    print_form,
    add_paper,
    add_file,
    again,
    withdraw,
    notice,
    objection,
    answer,
    decide,
]
