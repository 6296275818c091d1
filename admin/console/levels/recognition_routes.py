"""Direct recognition: a proof of one authority entered, proposed to another, and decided by that one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get, post

from admin.console.frame import Form, Req, see_other, show
from admin.console.honours.guards import somewhere
from admin.console.honours.typed import chosen, document_kinds, who_of
from core.errors import JiangxinError, NotFound
from core.security import actor_in
from credentials.records.actions import grant_proposal, refuse_proposal
from credentials.records.bodies import ACTS, READS, acting_bodies
from credentials.records.levels.recognition import (
    HELD,
    Entry,
    offered,
    propose_recognition,
    recognitions_for,
)
from credentials.records.tables import Proposal

ROOM = "/console/levels/recognition"
STATES = {
    "proposed": "proposed",
    "granted": "granted",
    "refused": "refused",
    "withdrawn": "withdrawn by a correction",
    "questioned": "granted, in question",
}
_READS, _ACTS = [somewhere(READS)], [somewhere(ACTS)]


@get(ROOM, guards=_READS, include_in_schema=False)
async def recognition_page(request: Req) -> Response[bytes]:
    return await _page(request, {})


@post(ROOM, guards=_ACTS, include_in_schema=False)
async def propose(request: Req, data: Form) -> Response[Any]:
    output, _, level = data.get("output", "").partition("/")
    entry = Entry(
        data.get("body", ""),
        who_of(data),
        output,
        level,
        data.get("issuer", ""),
        data.get("number", ""),
        data.get("granted_on", ""),
        data.get("link", ""),
        data.get("hash", ""),
    )
    try:
        await propose_recognition(actor_in(request), entry)
    except JiangxinError as error:
        return await _page(request, data, error)
    return see_other(ROOM, "It is proposed to the authority, which decides.")


@post(ROOM + "/{proposal:uuid}/grant", guards=_ACTS, include_in_schema=False)
async def grant(request: Req, proposal: UUID, data: Form) -> Response[Any]:
    try:
        await _of_this_room(proposal)
        await grant_proposal(
            actor_in(request),
            proposal,
            number=data.get("number", "").strip().upper(),
            level=data.get("level", ""),
            granted_on=data.get("granted_on", "").strip(),
        )
    except NotFound:
        raise
    except JiangxinError as error:
        return await _page(request, data, error, proposal)
    return see_other(ROOM, "Granted. The certificate follows by itself.")


@post(ROOM + "/{proposal:uuid}/refuse", guards=_ACTS, include_in_schema=False)
async def refuse(request: Req, proposal: UUID, data: Form) -> Response[Any]:
    await _of_this_room(proposal)
    await refuse_proposal(actor_in(request), proposal, reason=data.get("reason", "").strip())
    return see_other(ROOM, "Refused, with the reason on record.")


async def _of_this_room(proposal: UUID) -> None:
    if not await Proposal.exists().where(Proposal.id == proposal, Proposal.entry.like(f"{HELD}:%")):
        raise NotFound(kind="proposal", id=proposal)


async def _page(
    request: Req,
    data: dict[str, str],
    error: JiangxinError | None = None,
    touched: UUID | None = None,
) -> Response[bytes]:
    by = actor_in(request)
    bodies = await acting_bodies(by) if by.may_somewhere(ACTS) else []
    return await show(
        request,
        "console-levels/recognition.html",
        room="levels",
        error=error,
        typed=data,
        touched=touched,
        bodies=bodies,
        body=chosen(bodies, data),
        offered=[output for _, output in offered()],
        document_kinds=document_kinds(),
        found=await recognitions_for(by),
        states=STATES,
    )


HANDLERS = [recognition_page, propose, grant, refuse]
