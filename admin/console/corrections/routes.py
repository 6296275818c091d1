"""Corrections that wait or are done, and the printable page of what one would change."""

from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from litestar import Response, get

from admin.console.corrections.effects import CHANGES, KINDS, asked_for, effects_of
from admin.console.frame import Req, show
from contests.actions.common import scopes_of
from contests.queries.as_of import believed
from contests.routing import of_contest
from core.errors import Invalid, JiangxinError, NotFound
from core.scoring.model import Finding
from core.security import actor_in, requires
from core.web import templates
from credentials.lifecycle.as_of import certificates_as_of
from credentials.lifecycle.cases import cases_of
from credentials.lifecycle.routes import end_of
from credentials.verify import CHINA

HERE = Path(__file__).parent
BASE = "/console/contests/{contest:uuid}/corrections"
_READ = [requires("contest.correct", of_contest)]
WORDS = {"kinds": KINDS, "changes": CHANGES}


def register() -> None:
    templates.register("corrections", HERE / "templates")


@get(BASE, guards=_READ, include_in_schema=False)
async def corrections_page(request: Req, contest: UUID) -> Response[bytes]:
    values: dict[str, Any] = {"cases": await cases_of(contest)}
    return await show(request, "corrections/list.html", room="recheck", contest=contest, **values)


@get(BASE + "/{approval:uuid}", guards=_READ, include_in_schema=False)
async def correction_effects(request: Req, contest: UUID, approval: UUID) -> Response[bytes]:
    """While it waits. Raises NotFound for one that was answered."""
    by, scopes = actor_in(request), await scopes_of(contest)
    found = await effects_of(by, contest, await asked_for(contest, approval), scopes)
    values: dict[str, Any] = {"effects": found, **WORDS}
    return await show(request, "corrections/one.html", room="recheck", contest=contest, **values)


@get(
    "/console/contests/{contest:uuid}/as-of",
    guards=[requires("contest.read_standings", of_contest)],
    include_in_schema=False,
)
async def as_of_page(request: Req, contest: UUID) -> Response[bytes]:
    """What was believed at a moment that the reader types; names where he may know them."""
    by, typed = actor_in(request), request.query_params.get("at", "")
    values: dict[str, Any] = {
        "typed": typed,
        "record": None,
        "certificates": [],
        "nothing": False,
    }
    error: JiangxinError | None = None
    if typed:
        try:
            at = _moment(typed)
            values["record"] = await believed(contest, at, by=by)
            values["certificates"] = await certificates_as_of(str(contest), at)
        except NotFound:
            values["nothing"] = True
        except Invalid as invalid:
            error = invalid
    return await show(
        request, "corrections/as_of.html", room="results", contest=contest, error=error, **values
    )


def _moment(text: str) -> datetime:
    """As a date field or a date-and-time field sends it, in China's time; a day alone means its end."""
    try:
        if len(text) == len("2026-11-30"):
            return end_of(date.fromisoformat(text))
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid([Finding("/at", "credentials.date", {"value": text[:40]})]) from None
    return found if found.tzinfo else found.replace(tzinfo=CHINA)


HANDLERS = [corrections_page, correction_effects, as_of_page]
