"""The organiser's pages. Each button is a form; what it may not do, the action refuses."""

from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect

from admin.console.steps import STEPS
from admin.console.view import STATES, competition_cards, contest_page
from contests.actions.approvals import decide_approval
from contests.queries import explanation
from contests.routing import of_contest
from core.errors import JiangxinError, NotFound
from core.explaining import render_step
from core.findings import render as render_finding
from core.security import actor_in, logged_in, requires
from core.web import assets, templates
from core.web.i18n import translate
from core.web.language import language_of

HERE = Path(__file__).parent
Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
_READ = [requires("contest.read", of_contest)]


def register() -> None:
    assets.register("admin/console", HERE / "static")
    templates.register("console", HERE / "templates")


@get("/console", guards=[logged_in], include_in_schema=False)
async def console(request: Request[Any, Any, Any]) -> Response[bytes]:
    cards = await competition_cards(actor_in(request))
    return templates.render(request, "console/index.html", competitions=cards)


@get("/console/contests/{contest:uuid}", guards=_READ, include_in_schema=False)
async def contest_console(request: Request[Any, Any, Any], contest: UUID) -> Response[bytes]:
    return await _page(request, contest)


@post("/console/contests/{contest:uuid}/steps/{verb:str}", guards=_READ, include_in_schema=False)
async def take_step(
    request: Request[Any, Any, Any], contest: UUID, verb: str, data: Form
) -> Response[Any]:
    """Does the step and shows the page again, with everything that stood in its way."""
    step = STEPS.get(verb)
    if step is None or step.run is None:
        raise NotFound(kind="step", id=verb)
    try:
        await step.run(actor_in(request), contest, data.get("module", ""))
    except JiangxinError as error:
        return await _page(request, contest, error)
    return Redirect(f"/console/contests/{contest}", status_code=303)


@post(
    "/console/contests/{contest:uuid}/approvals/{approval:uuid}",
    guards=_READ,
    include_in_schema=False,
)
async def decide(
    request: Request[Any, Any, Any], contest: UUID, approval: UUID, data: Form
) -> Response[Any]:
    try:
        await decide_approval(actor_in(request), approval, data.get("approve") == "yes")
    except JiangxinError as error:
        return await _page(request, contest, error)
    return Redirect(f"/console/contests/{contest}", status_code=303)


@get(
    "/console/contests/{contest:uuid}/totals/{entry:uuid}",
    guards=[requires("contest.read_standings", of_contest)],
    include_in_schema=False,
)
async def total(request: Request[Any, Any, Any], contest: UUID, entry: UUID) -> Response[bytes]:
    """How one total came about, sentence by sentence; made to be printed for the entrant."""
    language = language_of(request)
    page = await contest_page(contest, actor_in(request))
    everybody = (ranked for _, group in page.groups for ranked in group)
    ranked = next((r for r in everybody if r.place.entry == str(entry)), None)
    if ranked is None:
        raise NotFound(kind="standing", id=entry)
    steps = [
        (step.level, render_step(step, language)) for step in await explanation(contest, entry)
    ]
    return templates.render(
        request, "console/total.html", page=page, ranked=ranked, steps=steps, contest=contest
    )


async def _page(
    request: Request[Any, Any, Any], contest: UUID, error: JiangxinError | None = None
) -> Response[bytes]:
    language = language_of(request)
    problem = None
    if error is not None:
        found = [render_finding(finding, language) for finding in error.findings]
        problem = (translate(error.title, language, **error.params), found)
    page = await contest_page(contest, actor_in(request))
    return templates.render(
        request,
        "console/contest.html",
        status=error.status if error else 200,
        page=page,
        contest=contest,
        states=STATES,
        problem=problem,
    )


HANDLERS = [console, contest_console, take_step, decide, total]
