"""The room of persons: the list, one page for each with the record over the years, and what is due."""

from pathlib import Path
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.response import Redirect

from admin.console.frame import Form, Req, see_other, show
from admin.console.honours.guards import somewhere
from admin.console.honours.typed import document_kinds
from admin.console.persons import join_routes, learning_routes, retention_routes
from admin.console.persons.listing import listed, person_of_document, start_of
from admin.console.persons.reach import PERMISSION, reach_of, reached, whole_of
from core import disclosure, timeline
from core.errors import JiangxinError
from core.privacy import documents_of_all, person_name
from core.same_person import records_of
from core.security import actor_in
from core.web import assets, templates
from core.web.limits import rate_limit
from credentials.records.bodies import ACTS, acting_bodies
from credentials.records.notices import today_in_china
from credentials.records.person import clocks, joining, words

HERE = Path(__file__).parent
ROOM = "/console/persons"
_READS = [somewhere(PERMISSION)]


def register() -> None:
    assets.register("admin/persons", HERE / "static")
    templates.register("console-persons", HERE / "templates")


@get(ROOM, guards=_READS, include_in_schema=False)
async def persons(request: Req) -> Response[bytes]:
    return await _list(request)


@post(
    ROOM + "/find",
    guards=[*_READS, rate_limit(20, burst=10, of=lambda connection: str(actor_in(connection).account))],
    include_in_schema=False,
)  # fmt: skip
async def find(request: Req, data: Form) -> Response[Any]:
    try:
        found = await person_of_document(actor_in(request), data)
    except JiangxinError as error:
        return await _list(request, error)
    if found is None:
        return see_other(ROOM, "Nobody whom you may see has a document with this number.")
    return see_other(f"{ROOM}/{found}")


@get(ROOM + "/{person:uuid}", guards=_READS, include_in_schema=False)
async def person(request: Req, person: UUID) -> Response[Any]:
    """A record that was joined to another one leads there. The days from which it is kept tell of everything
    that anybody did, so they are for whoever may read everything."""
    standing, _ = await reached(actor_in(request), person)
    if standing != person:
        return Redirect(f"{ROOM}/{standing}", status_code=303)
    return await person_page(request, person)


async def person_page(
    request: Req,
    person: UUID,
    error: JiangxinError | None = None,
    typed: dict[str, str] | None = None,
) -> Response[bytes]:
    by = actor_in(request)
    standing, within = await reached(by, person)
    today = today_in_china().isoformat()
    bodies = await acting_bodies(by) if by.may_somewhere(ACTS) else []
    reach, whole = await reach_of(by), await whole_of(by, standing)
    return await show(
        request,
        "console-persons/one.html",
        room="persons",
        error=error,
        person=standing,
        named=await person_name(standing),
        moments=await timeline.moments_of(standing, within),
        documents=await _documents(standing),
        records=await records_of(standing),
        clocks=await clocks.clocks_of(standing, today) if standing in whole else (),
        joins=await joining.joins_of(reach, standing),
        typed=typed or {},
        bodies=bodies,
        today=today,
        **kinds_of_documents(),
        **all_words(),
    )


async def _documents(person: UUID) -> list[tuple[str, str]]:
    """Kind and as much of the number as staff may see beside the name; of Hong Kong's nothing."""
    held = await documents_of_all(await records_of(person))
    return [
        (kind, disclosure.number(kind, number, "staff"))
        for documents in held.values()
        for kind, number in documents
    ]


async def _list(request: Req, error: JiangxinError | None = None) -> Response[bytes]:
    by = actor_in(request)
    name, start = request.query_params.get("name", "")[:80], start_of(request)
    found = await listed(by, name, start)
    return await show(
        request,
        "console-persons/list.html",
        room="persons",
        error=error,
        found=found,
        named=name,
        start=start,
        waiting=len(await joining.joins_within(await reach_of(by))),
        **kinds_of_documents(),
    )


def kinds_of_documents() -> dict[str, Any]:
    kinds = document_kinds()
    return {"document_kinds": kinds, "kind_titles": dict(kinds)}


def all_words() -> dict[str, Any]:
    return {
        "kinds": words.KINDS,
        "facts": words.FACTS,
        "roles": words.ROLES,
        "states": words.STATES,
        "sources": words.SOURCES,
        "signs": words.SIGNS,
        "events": words.EVENTS,
        "kept": words.KEPT,
    }


HANDLERS = [
    persons,
    find,
    person,
    *learning_routes.HANDLERS,
    *join_routes.HANDLERS,
    *retention_routes.HANDLERS,
]
