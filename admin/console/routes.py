"""The organiser's pages. Each button is a form; what it may not do, the action refuses."""

from pathlib import Path
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.response import Redirect

from admin.console.applications import routes as applications_room
from admin.console.audit import routes as audit_room
from admin.console.certificates import routes as certificates_room
from admin.console.competitions import routes as competitions_room
from admin.console.copies import routes as copies_room
from admin.console.corrections import routes as corrections_room
from admin.console.employers import routes as employers_room
from admin.console.exchange import routes as exchange_room
from admin.console.first_run import routes as first_run_room
from admin.console.frame import Form, Req, show
from admin.console.holders import routes as holders_room
from admin.console.honours import routes as honours_room
from admin.console.jobs import routes as jobs_room
from admin.console.judges import routes as judges_room
from admin.console.levels import routes as levels_room
from admin.console.matching import routes as matching_room
from admin.console.occupations import routes as occupations_room
from admin.console.organisations import routes as organisations_room
from admin.console.people import routes as people_room
from admin.console.persons import routes as persons_room
from admin.console.proposals import routes as proposals_room
from admin.console.rehearsal import routes as rehearsal_room
from admin.console.results import routes as results_room
from admin.console.running import routes as running_room
from admin.console.schemes import routes as schemes_room
from admin.console.season import routes as season_room
from admin.console.signers import routes as signers_room
from admin.console.stacks import routes as stacks_room
from admin.console.staff import routes as staff_room
from admin.console.steps import STEPS
from admin.console.undoing import routes as undo_room
from admin.console.view import STATES, contest_page
from contests.actions.approvals import decide_approval
from contests.routing import of_contest
from core.errors import JiangxinError, NotFound
from core.security import actor_in, requires
from core.web import assets, templates

HERE = Path(__file__).parent
_READ = [requires("contest.read", of_contest)]


def register() -> None:
    assets.register("admin/console", HERE / "static")
    templates.register("console", HERE / "templates")
    running_room.register()
    competitions_room.register()
    first_run_room.register()
    staff_room.register()
    jobs_room.register()
    audit_room.register()
    copies_room.register()
    rehearsal_room.register()
    certificates_room.register()
    corrections_room.register()
    proposals_room.register()
    holders_room.register()
    honours_room.register()
    levels_room.register()
    exchange_room.register()
    occupations_room.register()
    applications_room.register()
    undo_room.register()
    results_room.register()
    schemes_room.register()
    judges_room.register()
    people_room.register()
    persons_room.register()
    organisations_room.register()
    signers_room.register()
    matching_room.register()
    stacks_room.register()
    season_room.register()
    employers_room.register()


@get("/console/contests/{contest:uuid}", guards=_READ, include_in_schema=False)
async def contest_console(request: Req, contest: UUID) -> Response[bytes]:
    return await _page(request, contest)


@post("/console/contests/{contest:uuid}/steps/{verb:str}", guards=_READ, include_in_schema=False)
async def take_step(request: Req, contest: UUID, verb: str, data: Form) -> Response[Any]:
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
async def decide(request: Req, contest: UUID, approval: UUID, data: Form) -> Response[Any]:
    try:
        await decide_approval(actor_in(request), approval, data.get("approve") == "yes")
    except JiangxinError as error:
        return await _page(request, contest, error)
    return Redirect(f"/console/contests/{contest}", status_code=303)


async def _page(request: Req, contest: UUID, error: JiangxinError | None = None) -> Response[bytes]:
    page = await contest_page(contest, actor_in(request))
    return await show(
        request,
        "console/contest.html",
        room="contest",
        contest=contest,
        error=error,
        page=page,
        states=STATES,
    )


HANDLERS = [
    contest_console,
    take_step,
    decide,
    *running_room.HANDLERS,
    *first_run_room.HANDLERS,
    *staff_room.HANDLERS,
    *jobs_room.HANDLERS,
    *audit_room.HANDLERS,
    *copies_room.HANDLERS,
    *rehearsal_room.HANDLERS,
    *certificates_room.HANDLERS,
    *corrections_room.HANDLERS,
    *proposals_room.HANDLERS,
    *holders_room.HANDLERS,
    *honours_room.HANDLERS,
    *levels_room.HANDLERS,
    *exchange_room.HANDLERS,
    *occupations_room.HANDLERS,
    *applications_room.HANDLERS,
    *undo_room.HANDLERS,
    *results_room.HANDLERS,
    *schemes_room.HANDLERS,
    *competitions_room.HANDLERS,
    *people_room.HANDLERS,
    *persons_room.HANDLERS,
    *organisations_room.HANDLERS,
    *signers_room.HANDLERS,
    *matching_room.HANDLERS,
    *stacks_room.HANDLERS,
    *season_room.HANDLERS,
    *employers_room.HANDLERS,
    *judges_room.HANDLERS,
]
