"""The public pages of results and the JSON that screens and phones poll."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get
from msgspec import Meta, Struct

from contests.board.errata import errata_of
from contests.board.published import Board, Line, board_of, published_contests, published_teams
from contests.chain import instant
from contests.judging.schemas import Text
from core.openapi import problems
from core.web import assets, i18n, templates
from core.web.etag import etag_of, unchanged

HERE = Path(__file__).parent
CACHE = "public, max-age=2, stale-while-revalidate=8"


class BoardLine(Struct):
    """One place. `who` is a name only where the organiser publishes names, else the work's code."""

    rank: Annotated[int | None, Meta(examples=[1])]
    shared: bool
    who: Annotated[str, Meta(examples=["07"])]
    delegation: Text
    total: Annotated[str, Meta(examples=["92.50"])]
    status: Annotated[str, Meta(examples=["scored"])]
    prizes: list[Text]


class BoardGroup(Struct):
    title: Text
    lines: list[BoardLine]


class BoardOut(Struct):
    """A contest as everybody may see it: no places before publication."""

    contest: UUID
    title: Text
    competition: Text
    state: Annotated[str, Meta(description="not_published, published or final.")]
    demonstration: bool
    version: int
    notice_until: str | None
    groups: list[BoardGroup]


def register() -> None:
    assets.register("contests/board", HERE / "static")
    templates.register("board", HERE / "templates")
    i18n.register(HERE / "locale")


@get(
    "/api/v1/board/{contest:uuid}",
    operation_id="get_board",
    summary="Get the published standings",
    description="Public. Poll it with If-None-Match; it may be cached for two seconds.",
    tags=["results"],
    security=[{}],
    responses=problems(404),
)
async def board_json(request: Request[Any, Any, Any], contest: UUID) -> Response[BoardOut]:
    shown = _out(await board_of(contest))
    etag = etag_of(msgspec.json.encode(shown))
    headers = {"ETag": etag, "Cache-Control": CACHE}
    if unchanged(request, etag):
        return Response(None, status_code=304, headers=headers)  # type: ignore[arg-type]
    return Response(shown, headers=headers)


def _out(board: Board) -> BoardOut:
    return BoardOut(
        contest=board.contest,
        title=dict(board.title),
        competition=dict(board.competition_title),
        state=board.state,
        demonstration=board.demonstration,
        version=board.version,
        notice_until=instant(board.notice_until) if board.notice_until else None,
        groups=[BoardGroup(dict(title), [_line(line) for line in lines])
                for title, lines in board.groups],
    )  # fmt: skip


def _line(line: Line) -> BoardLine:
    return BoardLine(
        rank=line.rank,
        shared=line.shared,
        who=line.who,
        delegation=dict(line.delegation),
        total=line.total,
        status=line.status,
        prizes=[dict(prize) for prize in line.prizes],
    )


@get("/live", include_in_schema=False)
async def live_list(request: Request[Any, Any, Any]) -> Response[bytes]:
    boards = await published_contests()
    competitions: dict[UUID, list[Board]] = {}
    for board in boards:
        competitions.setdefault(board.competition, []).append(board)
    teams = {competition: await published_teams(competition) for competition in competitions}
    return templates.render(request, "board/list.html", competitions=competitions, teams=teams)


@get("/live/{contest:uuid}", include_in_schema=False)
async def live_contest(request: Request[Any, Any, Any], contest: UUID) -> Response[bytes]:
    board = await board_of(contest)
    errata = await errata_of(board)
    return templates.render(request, "board/contest.html", board=board, errata=errata)


HANDLERS = [board_json, live_list, live_contest]
PUBLIC = ("/api/v1/board/{contest:uuid}", "/live", "/live/{contest:uuid}")
"""Routes that need no account, on purpose."""
