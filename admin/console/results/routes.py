"""Results and papers of a contest: standings, prizes, figures, files, and what is printed."""

from pathlib import Path
from typing import Any
from uuid import UUID

from litestar import Response, get

from admin.console.frame import Req, part, show, wants_part
from admin.console.results import (
    figure_pages,
    file_pages,
    paper_pages,
    prize_pages,
    standings,
)
from admin.console.results.shared import ROOM, tabs_for
from contests import awarding_messages, papers
from contests.exports import taking
from contests.exports.reading import explained, summary
from contests.exports.words import OUTCOMES
from contests.routing import of_contest
from core.explaining import render_step
from core.security import actor_in, requires
from core.web import assets, templates
from core.web.language import language_of

HERE = Path(__file__).parent
READS = [requires("contest.read_standings", of_contest)]


def register() -> None:
    assets.register("admin/results", HERE / "static")
    templates.register("results", HERE / "templates")
    papers.install()
    taking.install()
    awarding_messages.install()


@get("/console/contests/{contest:uuid}/results", guards=READS, include_in_schema=False)
async def standings_page(
    request: Req, contest: UUID, group: str = "", page: int = 1, version: int | None = None
) -> Response[bytes]:
    actor = actor_in(request)
    found = await standings.summary_if_any(contest, version)
    view = None
    if found is not None:
        view = await standings.standings_page(found, by=actor, group=group, page=page)
    return await show(
        request,
        "results/standings.html",
        room=ROOM,
        contest=contest,
        view=view,
        outcomes=OUTCOMES,
        tabs_shown=await tabs_for(contest, actor),
    )


@get(
    "/console/contests/{contest:uuid}/results/entries/{entry:uuid}",
    guards=READS,
    include_in_schema=False,
)
async def entry_page(
    request: Req, contest: UUID, entry: UUID, version: int | None = None
) -> Response[bytes]:
    """How one total came about: the marks alone for htmx, with the sentences as a page."""
    found = await summary(contest, version=version)
    place, steps = await explained(found, str(entry))
    older = f"?version={found.version}" if found.version != found.newest else ""
    address = f"/console/contests/{contest}/results"
    if wants_part(request):
        to = f"{address}/entries/{entry}{older}"
        return part(request, "results/one.html", came=place, address=to, outcomes=OUTCOMES)
    language = language_of(request)
    return await show(
        request,
        "results/entry.html",
        room=ROOM,
        contest=contest,
        came=place,
        outcomes=OUTCOMES,
        one=await standings.one_shown(found, str(entry), by=actor_in(request)),
        steps=[(step.level, render_step(step, language)) for step in steps],
        back=address + older,
    )


HANDLERS: list[Any] = [
    standings_page,
    entry_page,
    *figure_pages.HANDLERS,
    *file_pages.HANDLERS,
    *paper_pages.HANDLERS,
    *prize_pages.HANDLERS,
]
