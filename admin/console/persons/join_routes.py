"""Two records of one person: who may be the same, what comes together, and the two persons who decide."""

from collections.abc import Awaitable
from typing import Any
from uuid import UUID

from litestar import Response, get, post

from admin.console.frame import Form, Req, done, see_other, show
from admin.console.honours.guards import somewhere
from admin.console.honours.typed import document_kinds
from admin.console.naming import labels_of
from admin.console.persons.listing import part_of, start_of
from admin.console.persons.reach import PERMISSION, own_scope, reach_of, within_of
from core import timeline
from core.errors import JiangxinError, NotFound
from core.privacy import documents_of_all, names_of
from core.same_person import records_of, standing_for
from core.security import actor_in
from credentials.records.person import joining, words
from credentials.records.person.candidates import candidates_for

ROOM = "/console/persons"
JOINS = ROOM + "/joins"
_READS = [somewhere(PERMISSION)]


@get(ROOM + "/{person:uuid}/same", guards=_READS, include_in_schema=False)
async def same(request: Req, person: UUID) -> Response[bytes]:
    return await _candidates(request, person, {})


@post(ROOM + "/{person:uuid}/same", guards=_READS, include_in_schema=False)
async def ask(request: Req, person: UUID, data: Form) -> Response[Any]:
    """goes: the other record; `swap`: the other one stays instead."""
    by, other = actor_in(request), _uuid(data.get("goes", ""))
    stays, goes = (other, person) if data.get("swap") == "yes" else (person, other)
    try:
        made = await joining.ask_to_join(
            by, await reach_of(by), stays, goes, why=data.get("why", ""), scope=own_scope(by)
        )
    except NotFound:
        raise
    except JiangxinError as error:
        return await _candidates(request, person, data, error)
    return see_other(f"{JOINS}/{made}", "It is proposed. Somebody else has to approve it.")


@get(JOINS, guards=_READS, include_in_schema=False)
async def joins(request: Req) -> Response[bytes]:
    reach = await reach_of(actor_in(request))
    waiting = await joining.joins_within(reach)
    done, following = part_of(await joining.joins_within(reach, "joined"), start_of(request))
    people = {row[side] for row in (*waiting, *done) for side in ("stays", "goes")}
    return await show(
        request,
        "console-persons/joins.html",
        room="persons",
        waiting=waiting,
        done=done,
        following=following,
        names=await names_of(people),
        labels=await labels_of(row["asked_by"] for row in (*waiting, *done)),
    )


@get(JOINS + "/{join:uuid}", guards=_READS, include_in_schema=False)
async def join(request: Req, join: UUID) -> Response[bytes]:
    return await _page(request, join)


@post(JOINS + "/{join:uuid}/approve", guards=_READS, include_in_schema=False)
async def approve(request: Req, join: UUID) -> Response[Any]:
    by = actor_in(request)
    step = joining.approve_join(by, await reach_of(by), join, scope=own_scope(by))
    undo = f"{JOINS}/{join}/undo"
    return await _done(request, join, step, "The two records are one person's now.", undo=undo)


@post(JOINS + "/{join:uuid}/refuse", guards=_READS, include_in_schema=False)
async def refuse(request: Req, join: UUID, data: Form) -> Response[Any]:
    by, why = actor_in(request), data.get("why", "")
    reach = await reach_of(by)
    page = await joining.join_page(reach, join)
    step = joining.refuse_join(by, reach, join, why=why, scope=own_scope(by))
    try:
        await step
    except NotFound:
        raise
    except JiangxinError as error:
        return await _page(request, join, error)
    return see_other(f"{ROOM}/{page.row['stays']}", "The records stay apart.")


@post(JOINS + "/{join:uuid}/undo", guards=_READS, include_in_schema=False)
async def undo(request: Req, join: UUID) -> Response[Any]:
    by = actor_in(request)
    step = joining.undo_join(by, await reach_of(by), join, scope=own_scope(by))
    return await _done(request, join, step, "Both records stand alone again, as they were.")


async def _done(
    request: Req, join: UUID, step: Awaitable[Any], sentence: str, *, undo: str = ""
) -> Response[Any]:
    return await done(
        step, lambda error: _page(request, join, error), f"{JOINS}/{join}", sentence, undo=undo
    )


async def _candidates(
    request: Req, person: UUID, data: dict[str, str], error: JiangxinError | None = None
) -> Response[bytes]:
    by = actor_in(request)
    reach, standing = await reach_of(by), await standing_for(person)
    if standing not in reach:
        raise NotFound(kind="person", id=person)
    return await show(
        request,
        "console-persons/same.html",
        room="persons",
        error=error,
        person=standing,
        named=(await names_of([standing])).get(standing, ""),
        found=await candidates_for(standing, reach),
        typed=data,
        signs=words.SIGNS,
    )


async def _page(request: Req, join: UUID, error: JiangxinError | None = None) -> Response[bytes]:
    """Both records beside each other: what comes together when they are joined."""
    by = actor_in(request)
    reach, within = await reach_of(by), await within_of(by)
    page = await joining.join_page(reach, join)
    sides = [page.row["stays"], page.row["goes"]]
    held = await documents_of_all(sides)
    return await show(
        request,
        "console-persons/join.html",
        room="persons",
        error=error,
        page=page,
        names=await names_of(sides),
        sides=[
            {
                "person": side,
                "records": await records_of(side),
                "moments": await timeline.moments_of(side, within),
                "documents": sorted(kind for kind, _ in held.get(side, ())),
            }
            for side in sides
        ],
        own=page.row["asked_by"] == by.account,
        labels=await labels_of(one.account for one in page.history),
        kind_titles=dict(document_kinds()),
        kinds=words.KINDS,
        events=words.EVENTS,
    )


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound(kind="person", id=text[:40]) from None


HANDLERS = [same, ask, joins, join, approve, refuse, undo]
