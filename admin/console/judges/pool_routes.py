"""The pool of a competition and of its organisation, and what each judge has in common with whom."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from litestar import Response, get, post

from admin.console.frame import Form, Req, see_other, show
from admin.console.judges.typed import Typed
from admin.console.judges.words import INTERESTS, LEVELS
from contests.actions.common import competition_row
from contests.routing import of_competition
from contests.seating.appointing import delegations_of_competition
from contests.seating.declaring import (
    BY_JUDGE,
    declare_interest,
    declare_own_interest,
    interests_link,
    own_row,
    withdraw_interest,
)
from contests.seating.pool import (
    PoolDraft,
    add_to_pool,
    change_in_pool,
    erase_from_pool,
    judge_row,
    remove_from_pool,
    return_to_pool,
)
from contests.seating.queries import PoolLine, interests_of, pool_of
from core.errors import Invalid, JiangxinError, NotFound
from core.security import actor_in, logged_in, requires

ROOM = "judges-pool"
_MAY = [requires("competition.configure", of_competition)]
_BASE = "/console/competitions/{competition:uuid}/judges"


@get(_BASE, guards=_MAY, include_in_schema=False)
async def pool(request: Req, competition: UUID) -> Response[bytes]:
    return await _pool_page(request, competition)


@post(_BASE, guards=_MAY, include_in_schema=False)
async def add(request: Req, competition: UUID, data: Form) -> Response[Any]:
    try:
        await add_to_pool(
            actor_in(request),
            competition,
            [_draft(data)],
            everywhere=data.get("everywhere") == "yes",
        )
    except Invalid as error:
        plain = Invalid([_of_row(finding) for finding in error.findings])
        return await _pool_page(request, competition, typed=data, error=plain)
    return see_other(_address(competition), "{name} is in the pool.", name=data.get("name", ""))


@get(_BASE + "/{judge:uuid}", guards=_MAY, include_in_schema=False)
async def judge(request: Req, competition: UUID, judge: UUID) -> Response[bytes]:
    return await _judge_page(request, competition, judge)


@post(_BASE + "/{judge:uuid}", guards=_MAY, include_in_schema=False)
async def change(request: Req, competition: UUID, judge: UUID, data: Form) -> Response[Any]:
    try:
        await change_in_pool(actor_in(request), competition, judge, _draft(data))
    except Invalid as error:
        return await _judge_page(request, competition, judge, typed=data, error=error)
    return see_other(_address(competition), "{name} was changed.", name=data.get("name", ""))


@post(_BASE + "/{judge:uuid}/remove", guards=_MAY, include_in_schema=False)
async def remove(request: Req, competition: UUID, judge: UUID) -> Response[Any]:
    await remove_from_pool(actor_in(request), competition, judge)
    back = f"{_address(competition)}/{judge}/return"
    return see_other(_address(competition), "One judge is drawn no more.", undo=back)


@post(_BASE + "/{judge:uuid}/return", guards=_MAY, include_in_schema=False)
async def take_back(request: Req, competition: UUID, judge: UUID) -> Response[Any]:
    await return_to_pool(actor_in(request), competition, judge)
    return see_other(_address(competition), "The judge is in the pool again.")


@post(_BASE + "/{judge:uuid}/erase", guards=_MAY, include_in_schema=False)
async def erase(request: Req, competition: UUID, judge: UUID) -> Response[Any]:
    await erase_from_pool(actor_in(request), competition, judge)
    return see_other(_address(competition), "What the pool knew of this judge is erased.")


@post(_BASE + "/{judge:uuid}/interests", guards=_MAY, include_in_schema=False)
async def add_interest(request: Req, competition: UUID, judge: UUID, data: Form) -> Response[Any]:
    try:
        await declare_interest(
            actor_in(request),
            competition,
            judge,
            data.get("interest", ""),
            value=data.get("value", ""),
            delegation=_uuid(data.get("delegation", "")),
        )
    except Invalid as error:
        return await _judge_page(request, competition, judge, said=data, error=error)
    return see_other(f"{_address(competition)}/{judge}", "It is compared from now on.")


@post(
    _BASE + "/{judge:uuid}/interests/{interest:uuid}/withdraw",
    guards=_MAY,
    include_in_schema=False,
)
async def drop_interest(
    request: Req, competition: UUID, judge: UUID, interest: UUID
) -> Response[Any]:
    await withdraw_interest(actor_in(request), competition, interest)
    return see_other(f"{_address(competition)}/{judge}", "It is compared no more.")


@post(_BASE + "/{judge:uuid}/link", guards=_MAY, include_in_schema=False)
async def make_link(request: Req, competition: UUID, judge: UUID) -> Response[Any]:
    """Shows the link once; only its keyed hash is kept."""
    try:
        link = await interests_link(actor_in(request), competition, judge)
    except JiangxinError as error:
        return await _judge_page(request, competition, judge, error=error)
    return await _judge_page(request, competition, judge, link=link)


# --- the judge's own page -----------------------------------------------------------------------


@get("/console/interests/{competition:uuid}", guards=[logged_in], include_in_schema=False)
async def own(request: Req, competition: UUID) -> Response[bytes]:
    return await _own_page(request, competition)


@post("/console/interests/{competition:uuid}", guards=[logged_in], include_in_schema=False)
async def declare_own(request: Req, competition: UUID, data: Form) -> Response[Any]:
    try:
        await declare_own_interest(
            actor_in(request),
            competition,
            data.get("interest", ""),
            value=data.get("value", ""),
            delegation=_uuid(data.get("delegation", "")),
        )
    except Invalid as error:
        return await _own_page(request, competition, typed=data, error=error)
    return see_other(f"/console/interests/{competition}", "Thank you. The organiser knows it now.")


@post(
    "/console/interests/{competition:uuid}/{interest:uuid}/withdraw",
    guards=[logged_in],
    include_in_schema=False,
)
async def withdraw_own(request: Req, competition: UUID, interest: UUID) -> Response[Any]:
    await withdraw_interest(actor_in(request), competition, interest)
    return see_other(f"/console/interests/{competition}", "It is compared no more.")


async def _own_page(
    request: Req,
    competition: UUID,
    *,
    typed: Mapping[str, str] | None = None,
    error: JiangxinError | None = None,
) -> Response[bytes]:
    row = await own_row(actor_in(request), competition)
    return await show(
        request,
        "judges/own.html",
        room="judges-own",
        error=error,
        address=f"/console/interests/{competition}",
        held=json.loads((await competition_row(competition))["title"]),
        interests=await interests_of(competition, row["id"]),
        delegations=await delegations_of_competition(competition),
        kinds=[(kind, INTERESTS[kind]) for kind in BY_JUDGE],
        words=INTERESTS,
        typed=Typed(typed or {}),
    )


# --- pages --------------------------------------------------------------------------------------


async def _pool_page(
    request: Req,
    competition: UUID,
    *,
    typed: Mapping[str, str] | None = None,
    error: JiangxinError | None = None,
) -> Response[bytes]:
    held_to = (await competition_row(competition))["held_to"]
    return await show(
        request,
        "judges/pool.html",
        room=ROOM,
        competition=competition,
        error=error,
        address=_address(competition),
        judges=await pool_of(competition, on=held_to),
        typed=Typed(typed or {}),
        levels=LEVELS,
    )


async def _judge_page(
    request: Req,
    competition: UUID,
    judge: UUID,
    *,
    typed: Mapping[str, str] | None = None,
    said: Mapping[str, str] | None = None,
    link: str = "",
    error: JiangxinError | None = None,
) -> Response[bytes]:
    await judge_row(competition, judge)
    line = next((one for one in await pool_of(competition) if one.id == judge), None)
    if line is None:
        raise NotFound(kind="judge", id=judge)
    return await show(
        request,
        "judges/judge.html",
        room=ROOM,
        competition=competition,
        error=error,
        address=f"{_address(competition)}/{judge}",
        line=line,
        typed=Typed(typed or _typed(line)),
        stated=Typed(said or {}),
        interests=await interests_of(competition, judge),
        delegations=await delegations_of_competition(competition),
        kinds=[(kind, INTERESTS[kind]) for kind in BY_JUDGE],
        words=INTERESTS,
        levels=LEVELS,
        link=link,
    )


def _address(competition: UUID) -> str:
    return f"/console/competitions/{competition}/judges"


def _draft(data: Mapping[str, str]) -> PoolDraft:
    plain = ("name", "number", "qualification", "level", "valid_until", "employer", "school",
             "trainer", "studio", "phone", "mail")  # fmt: skip
    return PoolDraft(
        **{name: data.get(name, "").strip() for name in plain},
        trades=_several(data.get("trades", "")),
        delegations=_several(data.get("delegations", "")),
        languages=_several(data.get("languages", "")),
        leads=data.get("leads") == "yes",
    )


def _several(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (one.strip() for one in re.split("[,，;；、]", text))))


def _typed(line: PoolLine) -> dict[str, str]:
    return {
        **line.facts,
        "qualification": line.qualification,
        "level": line.level,
        "valid_until": line.valid_until,
        "trades": "; ".join(line.trades),
        "delegations": "; ".join(line.delegations),
        "languages": "; ".join(line.languages),
        "leads": "yes" if line.leads else "",
    }


def _of_row(finding: Any) -> Any:
    """The form is the only row."""
    return type(finding)(finding.pointer.removeprefix("/0"), finding.code, finding.params)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return UUID(int=0)  # so that the action reports it with all the rest


HANDLERS = [
    pool,
    add,
    judge,
    change,
    remove,
    take_back,
    erase,
    add_interest,
    drop_interest,
    make_link,
    own,
    declare_own,
    withdraw_own,
]
