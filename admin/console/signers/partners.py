"""The room of partners who sign on their own machines: their keys, what waits, batches out and in."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.handlers.base import BaseRouteHandler

from admin.console.frame import Form, Req, see_other, show
from core.errors import Forbidden, Invalid, JiangxinError
from core.scoring.model import Finding
from core.security import Actor, Connection, actor_in
from credentials import keyring
from credentials.partners import actions
from credentials.partners.tables import PartnerBatch
from credentials.scopes import issuer_scopes
from credentials.tables import SigningKey
from credentials.trust import CERTIFICATE

ROOM = "/console/partners"
MAY = "certificate.issue"
KEYS = "issuer.manage"
LARGEST = 32 * 1024 * 1024
STATES: Mapping[str, tuple[str, str]] = {
    "active": ("good", "in use"),
    "pre_published": ("", "published in advance"),
    "retired": ("", "retired"),
    "compromised": ("bad", "compromised"),
}


async def works_with_some(connection: Connection, _: BaseRouteHandler) -> None:
    """A route guard: the permission somewhere; the actions ask where."""
    if not actor_in(connection).may_somewhere(KEYS):
        raise Forbidden(permission=KEYS)


_GUARDS = [works_with_some]


@get(ROOM, guards=_GUARDS, include_in_schema=False)
async def partners_page(request: Req) -> Response[bytes]:
    return await _page(request)


@post(f"{ROOM}/keys", guards=_GUARDS, include_in_schema=False)
async def enrol(request: Req) -> Response[Any]:
    """An enrolment file: the public half of a key whose owner proved that it has the private one."""
    try:
        kid = await actions.enrol_partner(actor_in(request), (await _file(request)).decode("utf-8"))
    except UnicodeDecodeError:
        return await _page(request, Invalid([Finding("/file", "signers.no-text")]))
    except JiangxinError as error:
        return await _page(request, error)
    return see_other(
        ROOM, "Key {kid} is enrolled. Compare its name with the partner by telephone.", kid=kid
    )


@post(f"{ROOM}/{{issuer:str}}/batches", guards=_GUARDS, include_in_schema=False, status_code=200)
async def send(request: Req, issuer: str) -> Response[Any]:
    """The unsigned batch as a file: only what was consented to leaves."""
    try:
        file = await actions.send_batch(actor_in(request), issuer)
    except JiangxinError as error:
        return await _page(request, error)
    named = {
        "Content-Disposition": 'attachment; filename="batch.json"',
        "Cache-Control": "no-store",
    }
    return Response(file, media_type="application/json", headers=named)


@post(f"{ROOM}/signed", guards=_GUARDS, include_in_schema=False)
async def take(request: Req) -> Response[Any]:
    """A signed batch: whole or not at all, with every mistake named."""
    try:
        stored, left_out = await actions.take_signed(actor_in(request), await _file(request))
    except JiangxinError as error:
        return await _page(request, error)
    return see_other(
        ROOM,
        "Certificates taken: {stored}. Left out, because something newer overtook them: {left_out}.",
        stored=stored,
        left_out=left_out,
    )


@post(f"{ROOM}/batches/{{batch:uuid}}/recall", guards=_GUARDS, include_in_schema=False)
async def recall(request: Req, batch: UUID, data: Form) -> Response[Any]:
    """Nothing is lost: its certificates can leave in another batch."""
    try:
        await actions.recall_batch(actor_in(request), batch)
    except JiangxinError as error:
        return await _page(request, error)
    return see_other(ROOM, "The batch is recalled. What was in it can leave in another one.")


async def _file(request: Req) -> bytes:
    found = (await request.form()).get("file")
    data = await found.read() if isinstance(found, UploadFile) else b""
    if not data or len(data) > LARGEST:
        raise Invalid([Finding("/file", "signers.no-file", {"most": str(LARGEST // 1024 // 1024)})])
    return data


async def _page(request: Req, error: JiangxinError | None = None) -> Response[bytes]:
    by = actor_in(request)
    return await show(
        request,
        "signers/partners.html",
        room="partners",
        error=error,
        partners=await _partners(by),
        states=STATES,
    )


async def _partners(by: Actor) -> list[dict[str, Any]]:
    rows = (
        await SigningKey.select()
        .where(SigningKey.purpose == CERTIFICATE, SigningKey.place == keyring.PARTNER)
        .order_by(SigningKey.published_at)
    )
    codes = sorted({row["issuer"] for row in rows})
    names = await keyring.organisations_of(set(codes))
    found = []
    for code in codes:
        if by.may(MAY, *await issuer_scopes(code)):
            keys = [row for row in rows if row["issuer"] == code]
            found.append(await _partner(by, code, names.get(code, {}), keys))
    return found


async def _partner(
    by: Actor, code: str, organisation: Mapping[str, Any], keys: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    waiting = [one for one in await actions.waiting_for(by, code) if one["batch"] is None]
    batches = (
        await PartnerBatch.select()
        .where(PartnerBatch.issuer == code)
        .order_by(PartnerBatch.made_at, ascending=False)
        .limit(50)
    )
    return {
        "code": code,
        "title": json.loads(organisation.get("title", "{}")),
        "keys": keys,
        "waiting": len(waiting),
        "ready": sum("name" in one["fields"] for one in waiting),
        "batches": batches,
    }


HANDLERS = [partners_page, enrol, send, take, recall]
