"""Figures of a season: pictures with their tables beside them, as SVG files and as Excel.

Real imports throughout: litestar reads these annotations at run time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from litestar import Response, get
from markupsafe import Markup

from admin.console.frame import Req
from admin.console.matching import pictures
from admin.console.matching.shared import BASE, READS, room
from contests.exports.spreadsheet import TYPE, workbook
from core.errors import NotFound
from core.security import actor_in
from core.web.i18n import TIME_ZONE, pick, show_number, translate
from core.web.language import language_of
from credentials.matching import forms
from credentials.matching.figures import Season, Tally, season_of
from credentials.matching.registry import cities
from credentials.matching.words import RESULTS, UNITS

FIRST_YEAR, LAST_YEAR = 2000, 2200


@dataclass(frozen=True, slots=True)
class Figure:
    """svg: the picture. head and rows: the same as a table."""

    code: str
    title: str
    svg: str
    head: tuple[str, ...]
    rows: list[tuple[str, ...]]


@get(f"{BASE}/figures", guards=READS, include_in_schema=False)
async def figures_page(request: Req, organisation: UUID) -> Response[bytes]:
    season, language = await _season(request, organisation), language_of(request)
    return await room(
        request,
        "figures.html",
        organisation,
        "figures",
        season=season,
        figures=_figures(season, language),
        table=_table(season, language),
        asked=f"year={season.year}&quarter={season.quarter}",
        draw=Markup,
    )


@get(f"{BASE}/figures/{{code:str}}", guards=READS, include_in_schema=False)
async def file(request: Req, organisation: UUID, code: str) -> Response[bytes]:
    """needs.svg and the like, or season.xlsx."""
    season, language = await _season(request, organisation), language_of(request)
    name = f"{season.year}" + (f"-q{season.quarter}" if season.quarter else "")
    if code == "season.xlsx":
        head, rows = _table(season, language)
        content = workbook([(name, head, rows)], at=datetime.now(UTC))
        return _answer(content, TYPE, f"matching-{name}.xlsx")
    for one in _figures(season, language):
        if code == f"{one.code}.svg":
            return _answer(one.svg.encode(), "image/svg+xml", f"{one.code}-{name}.svg")
    raise NotFound(kind="figure", id=code[:40])


async def _season(request: Req, organisation: UUID) -> Season:
    """The year and quarter of the address, else this year."""
    asked, now = request.query_params, datetime.now(UTC).astimezone(TIME_ZONE)
    year = _whole(asked.get("year"), FIRST_YEAR, LAST_YEAR, now.year)
    return await season_of(
        actor_in(request), organisation, year, _whole(asked.get("quarter"), 0, 4, 0)
    )


def _whole(text: object, least: int, most: int, otherwise: int) -> int:
    typed = forms.narrow(text)
    return (
        int(typed) if typed and not forms.number("", typed, least=least, most=most) else otherwise
    )


def _figures(season: Season, language: str) -> list[Figure]:
    if not season.lines:
        return []

    def say(sentence: str, **params: object) -> str:
        return translate(sentence, language, **params)

    by_city = {_city(code, language): tally for code, tally in season.by_city().items()}
    by_quarter = {
        say("Quarter {number}", number=quarter): tally
        for quarter, tally in season.by_quarter().items()
    }
    total = season.total
    path = [
        (say("Needs filed"), total.needs),
        (say("Offered"), total.dispatched),
        (say("Taken on"), total.accepted),
        (say("Confirmed by enterprises"), total.confirmed),
    ]
    made = [
        _figure("path", say("From need to result"), path, language),
        _figure(
            "cities", say("Needs by city"), [(k, t.needs) for k, t in by_city.items()], language
        ),
        _figure(
            "quarters",
            say("Needs by quarter"),
            [(k, t.needs) for k, t in by_quarter.items()],
            language,
        ),
        _figure(
            "hours", say("Hours by city"), [(k, _hours(t)) for k, t in by_city.items()], language
        ),
    ]
    results = [
        (say(word), total.results[code]) for code, word in RESULTS.items() if total.results[code]
    ]
    if results:
        made.append(_figure("results", say("Results reported"), results, language))
    return made


def _figure(
    code: str, title: str, bars: Sequence[tuple[str, Decimal | int]], language: str
) -> Figure:
    shown = [(name, value, show_number(value, language)) for name, value in bars]
    told = "; ".join(f"{name}: {words}" for name, _, words in shown)
    svg = pictures.bars(shown, title=title, description=told)
    head = (
        "",
        translate("How many", language) if code != "hours" else translate("Hours", language),
    )
    return Figure(code, title, svg, head, [(name, words) for name, _, words in shown])


def _table(season: Season, language: str) -> tuple[list[str], list[list[Any]]]:
    """Everything by quarter and city, with the sums last."""

    def say(sentence: str, **params: object) -> str:
        return translate(sentence, language, **params)

    units = season.units
    head = [
        say("Quarter"), say("City"), say("Needs filed"), say("Offered"), say("Taken on"), say("Visits"),
        say("Hours"), *(say(word) for word in RESULTS.values()), say("Confirmed by enterprises"),
        *(say("Benefit stated: {unit}", unit=say(UNITS.get(unit, unit))) for unit in units),
    ]  # fmt: skip
    rows = [
        [str(line.quarter), _city(line.city, language), *_cells(line.tally, units)]
        for line in season.lines
    ]
    if rows:
        rows.append([say("All together"), "", *_cells(season.total, units)])
    return head, rows


def _cells(tally: Tally, units: Sequence[str]) -> list[Any]:
    return [
        tally.needs,
        tally.dispatched,
        tally.accepted,
        tally.visits,
        _hours(tally),
        *(tally.results[code] for code in RESULTS),
        tally.confirmed,
        *(Decimal(forms.shown_amount(tally.benefits[unit])) for unit in units),
    ]


def _hours(tally: Tally) -> Decimal:
    return Decimal(forms.shown_amount(tally.minutes * 1000 // 60))


def _city(code: str, language: str) -> str:
    return pick(cities().get(code, code), language)


def _answer(content: bytes, media: str, name: str) -> Response[bytes]:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
    }
    return Response(content, media_type=media, headers=headers)


HANDLERS = [figures_page, file]
