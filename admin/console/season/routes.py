"""A year's contests in figures: the whole house or one organisation, as a page, as Excel and as pictures.

Real imports throughout: litestar reads these annotations at run time.
"""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from litestar import Response, get
from markupsafe import Markup

from admin.console.frame import Req, show
from admin.console.season.figures import figures_of, saved, slide
from admin.console.season.figures import register as register_paper
from admin.console.season.gathering import Season, season_for
from admin.console.season.tables import tables_of
from contests.exports.spreadsheet import TYPE, workbook
from contests.routing import own_scopes
from core.errors import NotFound
from core.security import actor_in, requires
from core.web import assets, templates
from core.web.i18n import TIME_ZONE, pick, show_number, translate
from core.web.language import language_of

HERE = Path(__file__).parent
HOUSE = "/console/season"
ONE = f"{HOUSE}/{{organisation:uuid}}"
READS = [requires("contest.read", own_scopes)]
FIRST_YEAR, LAST_YEAR = 1900, 2200


def register() -> None:
    assets.register("admin/season", HERE / "static")
    templates.register("console-season", HERE / "templates")
    register_paper()


@get(HOUSE, guards=READS, include_in_schema=False)
async def house_page(request: Req) -> Response[bytes]:
    return await _page(request, None)


@get(ONE, guards=READS, include_in_schema=False)
async def organisation_page(request: Req, organisation: UUID) -> Response[bytes]:
    return await _page(request, organisation)


@get(f"{HOUSE}/files/{{code:str}}", guards=READS, include_in_schema=False)
async def house_file(request: Req, code: str) -> Response[bytes]:
    return await _file(request, None, code)


@get(f"{ONE}/files/{{code:str}}", guards=READS, include_in_schema=False)
async def organisation_file(request: Req, organisation: UUID, code: str) -> Response[bytes]:
    return await _file(request, organisation, code)


async def _season(request: Req, organisation: UUID | None) -> Season:
    now = datetime.now(UTC).astimezone(TIME_ZONE).year
    typed = str(request.query_params.get("year", ""))
    year = int(typed) if typed.isascii() and typed.isdigit() and len(typed) == 4 else 0
    year = year if FIRST_YEAR <= year <= LAST_YEAR else 0
    return await season_for(actor_in(request), year, this_year=now, organisation=organisation)


async def _page(request: Req, organisation: UUID | None) -> Response[bytes]:
    season, language = await _season(request, organisation), language_of(request)
    return await show(
        request,
        "console-season/season.html",
        room="season",
        season=season,
        who=_who(season, language),
        tables=tables_of(season, language),
        figures=figures_of(season, language),
        base=HOUSE if organisation is None else f"{HOUSE}/{organisation}",
        house=HOUSE,
        draw=Markup,
        number=lambda value: show_number(value, language),
    )


async def _file(request: Req, organisation: UUID | None, code: str) -> Response[bytes]:
    """season.xlsx, or a picture: cities.svg, cities.png and the like. Raises NotFound."""
    season, language = await _season(request, organisation), language_of(request)
    name, _, kind = code.partition(".")
    if code == "season.xlsx":
        tables = tables_of(season, language)
        if tables:
            mark = f" ({translate('demonstration', language)})" if season.contests.fictional else ""
            sheets = [(one.title[: 31 - len(mark)] + mark, one.head, one.rows) for one in tables]
            content = workbook(sheets, at=datetime.now(UTC))
            return _answer(content, TYPE, f"season-{season.year}.xlsx")
    for one in figures_of(season, language):
        if one.code == name and kind == "svg":
            drawn = saved(season, one, _who(season, language), language)
            return _answer(drawn.encode(), "image/svg+xml", f"{name}-{season.year}.svg")
        if one.code == name and kind == "png":
            content = await slide(season, one, _who(season, language), language)
            return _answer(content, "image/png", f"{name}-{season.year}.png")
    raise NotFound(kind="picture", id=code[:40])


def _who(season: Season, language: str) -> str:
    if season.organisation is None:
        return ""
    return pick(season.organisations.get(season.organisation, {}), language)


def _answer(content: bytes, media: str, name: str) -> Response[bytes]:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
    }
    return Response(content, media_type=media, headers=headers)


HANDLERS = [house_page, organisation_page, house_file, organisation_file]
