"""Reading a contest: standings and how they came about, the sheets grid, the record, its package."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.params import Parameter

from contests.actions.common import contest_row
from contests.actions.competition import compute_team_standings
from contests.packages.archive import write_zip
from contests.packages.exporting import export_contest
from contests.queries import (
    contest_overview,
    log_lines,
    sheet_grid,
    team_standings,
)
from contests.queries import explanation as read_explanation
from contests.queries import standings as read_standings
from contests.queries.as_of import believed
from contests.routes.lists import delegations_of
from contests.routes.views import explanation_out, grid_out, log_line_out, standings_out
from contests.routing import PAGE, described, of_competition, of_contest, page_limit
from contests.schemas import (
    Checked,
    ExplanationOut,
    LogLineOut,
    SheetDraft,
    SheetGrid,
    StandingsOut,
    TeamStandingOut,
)
from core.errors import Invalid
from core.registry import registry
from core.scoring.codec import read as read_value
from core.scoring.codec import to_json
from core.scoring.model import Finding, Mark, Sheet, TeamStanding
from core.scoring.numbers import decimal_text
from core.security import actor_in, requires
from core.web.etag import etag_of, unchanged
from core.web.language import language_of
from core.web.paging import Page, page

TAG = "results"
Seq = Annotated[int, Parameter(ge=0, le=2**53, description="The number of an entry.")]


@get(
    "/contests/{contest:uuid}/standings",
    guards=[requires("contest.read_standings", of_contest)],
    operation_id="get_standings",
    **described(
        "Get the standings",
        TAG,
        *(403, 404),
        description="The stored results of a version, by default the newest; 404 before the "
        "contest is closed. Names only for accounts that may read them.",
    ),
)
async def standings(
    request: Request[Any, Any, Any], contest: UUID, version: int | None = None
) -> Response[StandingsOut]:
    shown = standings_out(await read_standings(contest, version=version, by=actor_in(request)))
    etag = etag_of(msgspec.json.encode(shown))
    if unchanged(request, etag):
        return Response(None, status_code=304, headers={"ETag": etag})  # type: ignore[arg-type]
    return Response(shown, headers={"ETag": etag, "Cache-Control": "private, no-cache"})


@get(
    "/contests/{contest:uuid}/standings/{entry:uuid}",
    guards=[requires("contest.read_standings", of_contest)],
    operation_id="explain_standing",
    **described(
        "See how a total came about",
        TAG,
        *(403, 404),
        description="Every step down to the mark, in sentences in your language.",
    ),
)
async def explanation(
    request: Request[Any, Any, Any], contest: UUID, entry: UUID
) -> ExplanationOut:
    return explanation_out(entry, await read_explanation(contest, entry), language_of(request))


@get(
    "/contests/{contest:uuid}/results",
    guards=[requires("contest.read_standings", of_contest)],
    operation_id="get_results",
    **described(
        "Get the complete results",
        TAG,
        *(403, 404),
        description="Standings, module and aspect scores, marks used and dropped, prizes with the "
        "rounding shown, in the engine's own JSON; judges by seat.",
    ),
)
async def results(contest: UUID) -> dict[str, Any]:
    view = await read_standings(contest)
    found: dict[str, Any] = to_json(view.results)
    return found


@get(
    "/contests/{contest:uuid}/sheets",
    guards=[requires("contest.read_standings", of_contest)],
    operation_id="get_sheets_grid",
    **described("See which sheets are signed", TAG, 403, 404),
)
async def sheets(contest: UUID) -> SheetGrid:
    return grid_out(await sheet_grid(contest))


@post(
    "/contests/{contest:uuid}/check-sheet",
    guards=[requires("contest.read", of_contest)],
    status_code=200,
    operation_id="check_sheet",
    **described(
        "Check a sheet before it is signed",
        "judging",
        *(403, 404, 422, 503),
        description="422 lists everything that is wrong with the draft. Nothing is stored.",
    ),
)
async def check_sheet(contest: UUID, data: SheetDraft) -> Checked:
    about = await contest_overview(contest)
    marks, findings = _read_marks(data.marks)
    contest_type = registry().contest_type(about.row["type_code"], about.row["type_version"])
    sheet = Sheet(data.code, data.module, "", marks, panel=data.panel)
    findings += contest_type.check(about.scheme, sheet)
    if findings:
        raise Invalid(findings)
    return Checked(to_json(marks))


def _read_marks(given: dict[str, Any]) -> tuple[dict[str, Mark], list[Finding]]:
    """Every mark that can be read; findings for the rest."""
    marks, findings = {}, []
    for aspect, value in given.items():
        mark, wrong = read_value(Mark, value)
        if mark is not None:
            marks[aspect] = mark
        at = f"/marks/{aspect.replace('~', '~0').replace('/', '~1')}"
        findings += [Finding(at + f.pointer, f.code, f.params) for f in wrong]
    return marks, findings


@get(
    "/contests/{contest:uuid}/log",
    guards=[requires("contest.read_standings", of_contest)],
    operation_id="get_log",
    **described(
        "Read the record",
        TAG,
        *(403, 404),
        description="Append-only and chained by hash: each entry's `prev` is the `hash` before it.",
    ),
)
async def log(contest: UUID, after: Seq = 0, limit: int = PAGE) -> Page[LogLineOut]:
    await contest_row(contest)
    size = page_limit(limit)
    lines = await log_lines(contest, after=after, limit=size + 1)
    return page([log_line_out(line) for line in lines], size, lambda line: line.seq)


@get(
    "/contests/{contest:uuid}/package",
    guards=[requires("contest.read_standings", of_contest)],
    operation_id="export_package",
    media_type="application/zip",
    **described(
        "Download the contest package",
        TAG,
        *(403, 404),
        description="Scheme, rules, entrants, marks, record and results, for `jiangxin recount`.",
    ),
)
async def package(request: Request[Any, Any, Any], contest: UUID) -> Response[bytes]:
    code, files = await export_contest(actor_in(request), contest)
    disposition = f'attachment; filename="{code}.zip"'
    return Response(
        write_zip(files),
        media_type="application/zip",
        headers={"Content-Disposition": disposition},
    )


@post(
    "/competitions/{competition:uuid}/team-standings",
    guards=[requires("contest.publish", of_competition)],
    status_code=200,
    operation_id="compute_team_standings",
    **described(
        "Rank the delegations",
        TAG,
        *(403, 404, 409),
        description="Out of every contest, each closed at least; written into the competition's record.",
    ),
)
async def rank_teams(request: Request[Any, Any, Any], competition: UUID) -> list[TeamStandingOut]:
    computed = await compute_team_standings(actor_in(request), competition)
    return await _teams(competition, computed)


@get(
    "/competitions/{competition:uuid}/team-standings",
    guards=[requires("contest.read", of_competition)],
    operation_id="get_team_standings",
    **described("Get the ranking of delegations", TAG, 403, 404),
)
async def teams(competition: UUID) -> list[TeamStandingOut]:
    computed, _ = await team_standings(competition)
    return await _teams(competition, computed)


async def _teams(competition: UUID, computed: Sequence[TeamStanding]) -> list[TeamStandingOut]:
    known = {str(delegation.id): delegation for delegation in await delegations_of(competition)}
    return [
        TeamStandingOut(
            delegation=known[standing.delegation].code if standing.delegation in known else "",
            title=known[standing.delegation].title if standing.delegation in known else {},
            rank=standing.rank,
            shared=standing.shared,
            total=None if standing.total is None else decimal_text(standing.total),
            counted=list(standing.counted),
            prize=standing.prize,
        )
        for standing in computed
    ]


class StoodOut(msgspec.Struct):
    """`who`: names, for accounts that may read them. `prizes`: codes."""

    entry: str
    group: str
    rank: int | None
    total: str
    prizes: list[str]
    who: list[str]


class BelievedOut(msgspec.Struct):
    """`lines`: so many entries the log had; `head`: hash of the last one. `version`: of the results, 0
    before there were any. `steps`: what had been done with them, with its instant."""

    at: datetime
    lines: int
    head: str
    version: int
    steps: list[tuple[str, str]]
    places: list[StoodOut]


@get(
    "/contests/{contest:uuid}/as-of",
    guards=[requires("contest.read_standings", of_contest)],
    operation_id="get_as_of",
    **described(
        "Get what was believed at a moment",
        TAG,
        *(403, 404, 422),
        description="The log up to then and the results that stood; 404 before its first entry.",
    ),
)
async def as_of(
    request: Request[Any, Any, Any],
    contest: UUID,
    at: Annotated[datetime, Parameter(description="With its offset from UTC; else it is UTC.")],
) -> BelievedOut:
    moment = at if at.tzinfo else at.replace(tzinfo=UTC)
    found = await believed(contest, moment, by=actor_in(request))
    places = [
        StoodOut(one.entry, one.group, one.rank, one.total, list(one.prizes), list(one.who))
        for one in found.places
    ]
    return BelievedOut(found.at, found.lines, found.head, found.version, list(found.steps), places)


HANDLERS = [
    standings,
    as_of,
    explanation,
    results,
    sheets,
    check_sheet,
    log,
    package,
    rank_teams,
    teams,
]
