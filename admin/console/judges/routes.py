"""Who judges a contest: the seats to fill, the draw, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from litestar import Response, get, post

from admin.console.frame import Form, Req, see_other, show
from admin.console.judges import group_routes, leaving_routes, pool_routes, rule_routes
from admin.console.judges.typed import Typed, address_of
from admin.console.judges.words import INTERESTS
from contests.actions.common import contest_row
from contests.routing import of_contest
from contests.seating.appointing import (
    confirm_draw,
    preview_draw,
    undo_draw,
)
from contests.seating.drawing import Terms
from contests.seating.queries import (
    draw_of,
    groups_view,
)
from core.errors import Invalid, JiangxinError
from core.findings import render as render_finding
from core.scoring.model import Finding
from core.security import actor_in, requires
from core.web import assets, templates
from core.web.i18n import translate
from core.web.language import language_of

HERE = Path(__file__).parent
ROOM = "judges"
_BASE = "/console/contests/{contest:uuid}/judges"
_APPOINT = [requires("contest.appoint", of_contest)]


def register() -> None:
    assets.register("admin/judges", HERE / "static")
    templates.register("judges", HERE / "templates")


@get(_BASE, guards=_APPOINT, include_in_schema=False)
async def draw(request: Req, contest: UUID) -> Response[bytes]:
    return await _draw_page(request, contest)


@post(_BASE + "/preview", guards=_APPOINT, include_in_schema=False)
async def preview(request: Req, contest: UUID, data: Form) -> Response[Any]:
    try:
        await preview_draw(actor_in(request), contest, _terms(data))
    except JiangxinError as error:
        return await _draw_page(request, contest, typed=data, error=error)
    return see_other(address_of(contest))


@post(_BASE + "/confirm", guards=_APPOINT, include_in_schema=False)
async def confirm(request: Req, contest: UUID) -> Response[Any]:
    try:
        await confirm_draw(actor_in(request), contest)
    except JiangxinError as error:
        return await _draw_page(request, contest, error=error)
    return see_other(
        address_of(contest), "The judges are appointed.", undo=address_of(contest, "undo")
    )


@post(_BASE + "/undo", guards=_APPOINT, include_in_schema=False)
async def undo(request: Req, contest: UUID) -> Response[Any]:
    try:
        await undo_draw(actor_in(request), contest)
    except JiangxinError as error:
        return await _draw_page(request, contest, error=error)
    return see_other(address_of(contest), "The draw is taken back. Nobody of it is appointed.")


async def _draw_page(
    request: Req,
    contest: UUID,
    *,
    typed: Mapping[str, str] | None = None,
    error: JiangxinError | None = None,
) -> Response[bytes]:
    language = language_of(request)
    view = await draw_of(contest)
    return await show(
        request,
        "judges/draw.html",
        room=ROOM,
        contest=contest,
        error=error,
        address=address_of(contest),
        view=view,
        typed=Typed(typed or _typed(view.terms)),
        hints=[render_finding(_said(one, language), language) for one in view.hints],
        parted=[render_finding(one, language) for one in view.plan.findings],
        reasons=[render_finding(_said(one, language), language) for one in view.findings],
        seated=(await groups_view(contest))[1],
        pool=f"/console/competitions/{(await contest_row(contest))['competition']}/judges",
    )


def _terms(data: Mapping[str, str]) -> Terms:
    findings = []
    counts: dict[str, Any] = {}
    for name, most in (("per_employer", 99), ("per_delegation", 99), ("reserves", 99)):
        text = data.get(name, "").strip() or "0"
        if not (text.isascii() and text.isdecimal() and int(text) <= most):
            params = {"value": text[:20], "maximum": str(most)}
            findings.append(Finding(f"/{name}", "number-out-of-range", params))
        else:
            counts[name] = int(text)
    if findings:
        raise Invalid(findings)
    return Terms(
        trade=data.get("trade", ""),
        leaders_qualified=data.get("leaders_qualified") == "yes",
        planned=data.get("seats") == "plan",
        **counts,
    )


def _typed(terms: Terms) -> dict[str, str]:
    return {
        "trade": terms.trade,
        "per_employer": str(terms.per_employer),
        "per_delegation": str(terms.per_delegation),
        "reserves": str(terms.reserves),
        "leaders_qualified": "yes" if terms.leaders_qualified else "",
        "seats": "plan" if terms.planned else "scheme",
    }


def _said(finding: Finding, language: str) -> Finding:
    """Kinds of interest in the reader's words."""
    kind = finding.params.get("kind", "")
    if kind not in INTERESTS:
        return finding
    params = {**finding.params, "kind": translate(INTERESTS[str(kind)], language)}
    return Finding(finding.pointer, finding.code, params)


HANDLERS = [
    draw,
    preview,
    confirm,
    undo,
    *group_routes.HANDLERS,
    *rule_routes.HANDLERS,
    *leaving_routes.HANDLERS,
    *pool_routes.HANDLERS,
]
