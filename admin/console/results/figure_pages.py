"""Figures of a contest: each a picture with its table, and the picture as a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from litestar import Response, get
from markupsafe import Markup

from admin.console.frame import Req, show
from admin.console.results import pictures
from admin.console.results.shared import ROOM, tabs_for
from admin.console.results.standings import summary_if_any
from admin.console.results.words import JUDGE_COLUMNS
from contests.actions.common import contest_row, scopes_of
from contests.exports.reading import Summary, facts, with_marks
from contests.figures.distribution import spreads
from contests.figures.judges import compared
from contests.figures.progress import stretches
from contests.owed import by_duty
from contests.routing import of_contest
from contests.tables import SheetRow
from core.errors import NotFound
from core.scoring.explain import shown
from core.security import Actor, Role, actor_in, requires
from core.web.i18n import pick, show_date, translate
from core.web.language import language_of

READS = [requires("contest.read_standings", of_contest)]
PUBLIC = ("published", "final")
_MARKING = frozenset({Role.JUDGE, Role.GROUP_LEADER, Role.TASTER})


@dataclass(frozen=True, slots=True)
class Figure:
    """svg: the picture. head and rows: the same as a table."""

    code: str
    title: str
    svg: str
    head: tuple[str, ...]
    rows: list[tuple[str, ...]]


@get("/console/contests/{contest:uuid}/results/figures", guards=READS, include_in_schema=False)
async def figures_page(request: Req, contest: UUID) -> Response[bytes]:
    actor, language = actor_in(request), language_of(request)
    found = await summary_if_any(contest)
    marks = await with_marks(found) if found else None
    return await show(
        request,
        "results/figures.html",
        room=ROOM,
        contest=contest,
        tabs_shown=await tabs_for(contest, actor),
        progress=await _progress(contest, language),
        distribution=_distribution(found, marks, language) if found else [],
        judges=await _judges(found, marks, actor, language) if found else None,
        hidden=found is not None and not await may_compare(contest, actor),
        draw=Markup,
    )


@get(
    "/console/contests/{contest:uuid}/results/figures/{code:str}",
    guards=READS,
    include_in_schema=False,
)
async def picture(request: Req, contest: UUID, code: str) -> Response[bytes]:
    """One picture as an SVG file."""
    actor, language = actor_in(request), language_of(request)
    found = await summary_if_any(contest)
    made: list[Figure | None] = [await _progress(contest, language)]
    if found is not None:
        marks = await with_marks(found)
        made += _distribution(found, marks, language)
        made.append(await _judges(found, marks, actor, language))
    one = next((figure for figure in made if figure and figure.code == code), None)
    if one is None:
        raise NotFound(kind="figure", id=code[:40])
    return Response(
        one.svg.encode(),
        media_type="image/svg+xml",
        headers={
            "Content-Disposition": f'attachment; filename="{_file_name(code)}.svg"',
            "Cache-Control": "no-store",
        },
    )


async def may_compare(contest: UUID, by: Actor) -> bool:
    """Nobody who marks compares judges before the results are public, whatever else he is."""
    row = await contest_row(contest)
    scopes = await scopes_of(contest)
    return row["state"] in PUBLIC or not _MARKING & by.roles_in(*scopes)


def _distribution(found: Summary, marks: Any, language: str) -> list[Figure]:
    made = []
    for one in spreads(found.scheme, marks):
        name = pick(one.title, language)
        title = one.criterion if name in ("", one.criterion) else f"{one.criterion} {name}"
        several = len(found.scheme.modules) > 1
        title = f"{one.module} · {title}" if several and one.module != title else title
        said = translate(
            "{entries} entries; lowest {lowest} %, median {median} %, highest {highest} % of {maximum} points.",
            language,
            entries=one.entries,
            lowest=pictures.per_cent(one.lowest * 100),
            median=pictures.per_cent(one.median * 100),
            highest=pictures.per_cent(one.highest * 100),
            maximum=shown(one.maximum),
        )
        made.append(
            Figure(
                f"criterion-{one.module}-{one.criterion}",
                title,
                pictures.distribution(one, title=title, description=said),
                (translate("Share of the points", language), translate("Entries", language)),
                [(f"{n * 10}–{n * 10 + 10} %", str(count)) for n, count in enumerate(one.bins)],
            )
        )
    return made


async def _judges(found: Summary, marks: Any, by: Actor, language: str) -> Figure | None:
    if not await may_compare(found.contest, by):
        return None
    seats = compared(found.scheme, marks)
    if not seats:
        return None
    title = translate("Judges compared", language)
    said = translate(
        "Mean distance of each seat from its panel in per cent of the aspect's maximum, with one standard deviation to each side. A statistic, not a judgement on anybody.",
        language,
    )
    return Figure(
        "judges",
        title,
        pictures.judges(seats, title=title, description=said),
        tuple(translate(word, language) for word in JUDGE_COLUMNS),
        [
            (
                one.seat,
                str(one.marks),
                pictures.per_cent(one.mean),
                pictures.per_cent(one.spread),
                str(one.dropped),
            )
            for one in seats
        ],
    )


async def _progress(contest: UUID, language: str) -> Figure | None:
    rows = await SheetRow.select(SheetRow.stored_at).where(SheetRow.contest == contest)
    found = stretches([row["stored_at"] for row in rows])
    if not found:
        return None
    owed = await _owed(contest)
    title = translate("Sheets stored over the day", language)
    said = translate(
        "{stored} of {owed} sheets are stored; the first came on {day}.",
        language,
        stored=found[-1].all,
        owed=owed,
        day=show_date(found[0].begin, language),
    )
    return Figure(
        "progress",
        title,
        pictures.progress(found, owed, title=title, description=said),
        (
            translate("From", language),
            translate("Sheets stored", language),
            translate("Together", language),
        ),
        [
            (
                f"{show_date(one.begin, language)} {pictures.clock(one)}",
                str(one.stored),
                str(one.all),
            )
            for one in found
        ],
    )


async def _owed(contest: UUID) -> int:
    """First-round sheets: of a group that agrees on one value it owes one."""
    known = await facts(contest)
    active = [one for one in known.appointments.values() if one.id not in known.ended]
    owed = 0
    for module in known.frozen.scheme.modules if known.frozen else ():
        alone, agreeing = by_duty(module, active)
        owed += len(known.codes.get(module.id, ())) * (len(alone) + len(agreeing))
    return owed


def _file_name(code: str) -> str:
    return "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "-" for c in code)


HANDLERS: list[Any] = [figures_page, picture]
