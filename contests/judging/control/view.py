"""The control room as pages, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from litestar import Request, Response

from contests.actions.common import scopes_of
from contests.judging.control.plan import Plan
from contests.judging.control.schemas import Control
from contests.judging.control.snapshot import control_of, current_plan, has_tasters
from contests.judging.control.words import ON_SLIPS, UNFIT
from contests.judging.tablets.handing_out import hand_out_missing
from core import settings
from core.notices import standing
from core.security import Actor, actor_in
from core.web import templates
from core.web.etag import unchanged
from core.web.i18n import TIME_ZONE, show_ago, show_clock, show_moment, translate
from core.web.language import language_of


@dataclass(frozen=True, slots=True)
class May:
    """What this account may do here. The actions and the other pages check it again."""

    tablets: bool
    pins: bool
    decide: bool
    console: bool
    files: bool
    paper: bool
    time: bool


async def room(request: Request[Any, Any, Any], contest: UUID) -> Response[bytes]:
    """The whole page; readable without a script, as it was when it was asked for."""
    plan = await current_plan(contest)
    return templates.render(
        request,
        "control/room.html",
        groups=_groups(plan),
        tasters=await has_tasters(contest),
        origin=settings.current().origin,
        **await _shown(request, await control_of(contest)),
    )


async def board(request: Request[Any, Any, Any], contest: UUID) -> Response[bytes]:
    """Only what changes by itself; 304 while nothing has."""
    control = await control_of(contest)
    tag = f'"{control.version}"'
    if unchanged(request, tag):
        return Response(b"", status_code=304, headers={"ETag": tag, "Cache-Control": "no-store"})
    page = templates.render(request, "control/board.html", **await _shown(request, control))
    page.headers["ETag"] = tag
    return page


async def slips(request: Request[Any, Any, Any], contest: UUID) -> Response[bytes]:
    """Makes a first PIN for everybody who has none. They are shown this once."""
    control = await control_of(contest)
    made = await hand_out_missing(actor_in(request), contest, now=datetime.now(UTC))
    return templates.render(
        request,
        "control/slips.html",
        control=control,
        slips=made,
        how_to=_how_to(),
    )


def _how_to() -> list[tuple[str, list[str]]]:
    """In each language of the installation: a slip's reader is not the one who prints it."""
    return [
        (language, [translate(sentence, language) for sentence in ON_SLIPS])
        for language in settings.current().languages
    ]


async def may(by: Actor, contest: UUID) -> May:
    scopes = await scopes_of(contest)
    return May(
        tablets=by.may("contest.tablets", *scopes),
        pins=by.may("contest.reset_pin", *scopes),
        decide=by.may("contest.decide_conflict", *scopes),
        console=by.may("contest.read", *scopes),
        files=by.may("contest.run", *scopes),
        paper=by.may("contest.type_paper", *scopes),
        time=by.may("contest.time", *scopes),
    )


async def _shown(request: Request[Any, Any, Any], control: Control) -> dict[str, Any]:
    language, now = language_of(request), datetime.now(UTC)
    return {
        "control": control,
        "may": await may(actor_in(request), UUID(control.contest)),
        "now": now,
        "clock": lambda at: _clock(at, now, language),
        "ago": lambda at: show_ago(at, now, language),
        "unfit_text": lambda slug: translate(UNFIT.get(str(slug), str(slug)), language),
        "notices": standing(),
    }


def _clock(at: datetime | str, now: datetime, language: str) -> str:
    """The time alone today, with its date otherwise."""
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    same = moment.astimezone(TIME_ZONE).date() == now.astimezone(TIME_ZONE).date()
    return show_clock(moment) if same else show_moment(moment, language)


def _groups(plan: Plan | None) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Module -> who can be called to mark again, and what."""
    return {
        module.id: [
            {
                "panel": group.panel,
                "group": group.group,
                "seats": [judge.seat for judge in group.judges],
                "aspects": group.aspects,
            }
            for group in module.groups
            if not group.agreeing
        ]
        for module in (plan.modules if plan else ())
    }
