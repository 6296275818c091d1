"""Holders' consents over the API.

Real imports throughout: litestar reads these annotations at run time.
"""

from typing import Annotated, Any

import msgspec
from litestar import Request, Router, delete, get, post
from msgspec import Meta

from core.openapi import problems
from core.security import actor_in, requires
from credentials.api import by_certificate
from credentials.consents.actions import (
    PERMISSION,
    consents_of,
    end_consent,
    record_consent,
)
from credentials.encoding import to_instant

AnyRequest = Request[Any, Any, Any]


class ConsentIn(msgspec.Struct, forbid_unknown_fields=True):
    kind: Annotated[str, Meta(description="name or document.", examples=["document"])]
    source: Annotated[
        str,
        Meta(
            description="How the holder said so, naming no person.",
            examples=["Form signed on 2026-11-20"],
        ),
    ]


class ConsentOut(msgspec.Struct):
    """`wording`: number of the sentence that was agreed to. In force while `withdrawn_at` is null."""

    kind: str
    wording: int
    source: str
    given_at: str
    withdrawn_at: str | None = None


@get(
    "/certificates/{id:str}/consents",
    guards=[requires(PERMISSION, by_certificate)],
    operation_id="Consents",
    summary="What the holder of a certificate allowed",
    responses=problems(401, 403, 404),
)
async def listed(id: str, request: AnyRequest) -> list[ConsentOut]:
    """The newest first, withdrawn ones too. They count for all certificates of the person."""
    return await _shown(id, request)


async def _shown(id: str, request: AnyRequest) -> list[ConsentOut]:
    rows = await consents_of(actor_in(request), id)
    return [
        ConsentOut(
            row["kind"],
            row["wording"],
            row["source"],
            to_instant(row["given_at"]),
            to_instant(row["withdrawn_at"]) if row["withdrawn_at"] else None,
        )
        for row in rows
    ]


@post(
    "/certificates/{id:str}/consents",
    guards=[requires(PERMISSION, by_certificate)],
    operation_id="RecordConsent",
    summary="Record what a holder allowed",
    responses=problems(401, 403, 404, 422),
)
async def recorded(id: str, data: ConsentIn, request: AnyRequest) -> list[ConsentOut]:
    """name: everybody sees the full name. document: match or no match for a whole document number."""
    await record_consent(actor_in(request), id, data.kind, source=data.source)
    return await _shown(id, request)


@delete(
    "/certificates/{id:str}/consents/{kind:str}",
    guards=[requires(PERMISSION, by_certificate)],
    operation_id="EndConsent",
    summary="End a holder's consent",
    responses=problems(401, 403, 404),
)
async def ended(id: str, kind: str, request: AnyRequest) -> None:
    """From now on; it stays on record that there was one."""
    await end_consent(actor_in(request), id, kind)


API = Router(path="/api/v1", route_handlers=[listed, recorded, ended], tags=["certificates"])
HANDLERS = [API]
