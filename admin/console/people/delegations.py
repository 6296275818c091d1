"""The delegations of a competition: list, by form, by table."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get, post

from admin.console.frame import Req, see_other, show
from admin.console.people.reading import fields_of
from contests.actions.people import add_delegation
from contests.entering.delegations import change_delegation, delegations_of, remove_delegation
from contests.routing import of_competition
from core.errors import JiangxinError
from core.registry import registry
from core.security import actor_in, requires

_CONFIGURE = [requires("contest.configure", of_competition)]
_BASE = "/console/competitions/{competition:uuid}/delegations"
LANGUAGES = (
    ("zh-Hans", "title"),
    ("zh-Hant", "title_hant"),
    ("en", "title_en"),
    ("pt", "title_pt"),
)


@get(_BASE, guards=_CONFIGURE, include_in_schema=False)
async def delegations(request: Req, competition: UUID) -> Response[bytes]:
    return await _page(request, competition)


@post(_BASE, guards=_CONFIGURE, include_in_schema=False, status_code=200)
async def add(request: Req, competition: UUID) -> Response[Any]:
    texts, _ = await fields_of(request)
    try:
        await add_delegation(
            actor_in(request),
            competition,
            code=texts.get("code", "").strip() or texts.get("title", "").strip()[:40],
            title=_title(texts),
            city=texts.get("city", ""),
        )
    except JiangxinError as error:
        return await _page(request, competition, error, typed=texts)
    return see_other(request.url.path, "The delegation was added.")


@post(_BASE + "/{delegation:uuid}", guards=_CONFIGURE, include_in_schema=False, status_code=200)
async def change(request: Req, competition: UUID, delegation: UUID) -> Response[Any]:
    texts, _ = await fields_of(request)
    by = actor_in(request)
    try:
        if "remove" in texts:
            await remove_delegation(by, competition, delegation)
        else:
            title, city = _title(texts), texts.get("city", "")
            await change_delegation(by, competition, delegation, title=title, city=city)
    except JiangxinError as error:
        return await _page(request, competition, error, typed=texts, at=delegation)
    return see_other(f"/console/competitions/{competition}/delegations", "Saved.")


async def _page(
    request: Req,
    competition: UUID,
    error: JiangxinError | None = None,
    *,
    typed: dict[str, str] | None = None,
    at: UUID | None = None,
) -> Response[bytes]:
    cities = {c.code: c.title for partner in registry().partners() for c in partner.cities()}
    return await show(
        request,
        "people/delegations.html",
        room="delegations",
        competition=competition,
        error=error,
        delegations=await delegations_of(actor_in(request), competition),
        cities=cities,
        typed=typed or {},
        at=at,
        languages_of=LANGUAGES,
    )


def _title(texts: dict[str, str]) -> dict[str, str]:
    return {code: words for code, name in LANGUAGES if (words := texts.get(name, "").strip()[:200])}


HANDLERS = [delegations, add, change]
