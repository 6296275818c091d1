"""Training, and masters with their apprentices: entered on a person's page, one page for each."""

from collections.abc import Awaitable
from typing import Any
from uuid import UUID

from litestar import Response, get, post

from admin.console.frame import Form, Req, done, see_other, show
from admin.console.honours.guards import somewhere
from admin.console.honours.typed import document_kinds, who_of
from admin.console.naming import labels_of
from admin.console.persons.reach import reach_of, reached
from core.errors import JiangxinError
from core.privacy import person_name
from core.security import actor_in
from credentials.records.bodies import ACTS, READS, acting_bodies, titles_of
from credentials.records.person import learning, words
from credentials.records.person.learning import Entry, Facts

ROOM = "/console/persons"
_READS, _ACTS = [somewhere(READS)], [somewhere(ACTS)]


@get(ROOM + "/{person:uuid}/learning", guards=_ACTS, include_in_schema=False)
async def new(request: Req, person: UUID) -> Response[bytes]:
    return await _form(request, person, {})


@post(ROOM + "/{person:uuid}/learning", guards=_ACTS, include_in_schema=False)
async def enter(request: Req, person: UUID, data: Form) -> Response[Any]:
    by = actor_in(request)
    standing, _ = await reached(by, person)
    side = data.get("side", "")
    other = who_of(data) if side != "trainee" else None
    entry = Entry(data.get("body", ""), side, facts_of(data), other)
    try:
        await learning.enter(by, standing, entry)
    except JiangxinError as error:
        return await _form(request, person, data, error)
    return see_other(f"{ROOM}/{standing}", "It is entered.")


@get(ROOM + "/learning/{entry:uuid}", guards=_READS, include_in_schema=False)
async def one(request: Req, entry: UUID) -> Response[bytes]:
    return await _page(request, entry, {})


@post(ROOM + "/learning/{entry:uuid}", guards=_ACTS, include_in_schema=False)
async def correct(request: Req, entry: UUID, data: Form) -> Response[Any]:
    step = learning.correct(actor_in(request), entry, facts_of(data), data.get("why", ""))
    return await _done(request, entry, step, data, "It is corrected.")


@post(ROOM + "/learning/{entry:uuid}/out", guards=_ACTS, include_in_schema=False)
async def out(request: Req, entry: UUID, data: Form) -> Response[Any]:
    step = learning.take_out(actor_in(request), entry, data.get("why", ""))
    back = f"{ROOM}/learning/{entry}/back"
    return await _done(request, entry, step, data, "It is taken out.", undo=back)


@post(ROOM + "/learning/{entry:uuid}/back", guards=_ACTS, include_in_schema=False)
async def back(request: Req, entry: UUID) -> Response[Any]:
    step = learning.put_back(actor_in(request), entry)
    return await _done(request, entry, step, {}, "It is put back.")


def facts_of(data: dict[str, str]) -> Facts:
    return Facts(
        data.get("title", ""),
        data.get("trade", ""),
        data.get("from_on", ""),
        data.get("until_on", ""),
        data.get("link", ""),
        data.get("hash", ""),
    )


async def _done(
    request: Req,
    entry: UUID,
    step: Awaitable[Any],
    data: dict[str, str],
    sentence: str,
    *,
    undo: str = "",
) -> Response[Any]:
    return await done(
        step,
        lambda error: _page(request, entry, data, error),
        f"{ROOM}/learning/{entry}",
        sentence,
        undo=undo,
    )


async def _form(
    request: Req, person: UUID, data: dict[str, str], error: JiangxinError | None = None
) -> Response[bytes]:
    by = actor_in(request)
    standing, _ = await reached(by, person)
    bodies = await acting_bodies(by)
    return await show(
        request,
        "console-persons/learning_new.html",
        room="persons",
        error=error,
        person=standing,
        named=await person_name(standing),
        typed=data,
        bodies=bodies,
        body=data.get("body", "") or (bodies[0].code if len(bodies) == 1 else ""),
        document_kinds=document_kinds(),
    )


async def _page(
    request: Req, entry: UUID, data: dict[str, str], error: JiangxinError | None = None
) -> Response[bytes]:
    by = actor_in(request)
    page = await learning.learning_page(by, entry)
    reach = await reach_of(by)
    return await show(
        request,
        "console-persons/learning.html",
        room="persons",
        error=error,
        page=page,
        typed=data or _stored(page),
        linked={one for one in (page.row["person"], page.row["master"]) if one in reach},
        labels=await labels_of(one.account for one in page.history),
        keeper=(await titles_of([page.row["keeper"]])).get(page.row["keeper"]),
        kinds=words.KINDS,
        events=words.EVENTS,
    )


def _stored(page: learning.LearningPage) -> dict[str, str]:
    row = page.row
    return {
        "title": page.title,
        "trade": row["trade"],
        "from_on": row["from_on"],
        "until_on": row["until_on"],
        "link": row["evidence_link"],
        "hash": row["evidence_hash"],
    }


HANDLERS = [new, enter, one, correct, out, back]
