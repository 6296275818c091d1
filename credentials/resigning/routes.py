"""Signing again over the API, and the public notice of a lost key.

Real imports throughout: litestar reads these annotations at run time.
"""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.handlers import BaseRouteHandler
from litestar.status_codes import HTTP_202_ACCEPTED

from core.openapi import problems
from core.security import actor_in, logged_in
from credentials.resigning.actions import ask_to_sign_again
from credentials.resigning.notice import notice_of

AnyRequest = Request[Any, Any, Any]
HEADERS = {"Cache-Control": "public, max-age=60", "Access-Control-Allow-Origin": "*"}


class SigningAgain(msgspec.Struct):
    """`job`: of the background work, as `/console/jobs/{job}` shows it."""

    job: UUID


@post(
    "/keys/{kid:str}/sign-again",
    operation_id="SignAgain",
    summary="Sign again what a compromised key has signed",
    status_code=HTTP_202_ACCEPTED,
    guards=[logged_in],
    responses=problems(401, 403, 404, 409),
)
async def sign_again(kid: str, request: AnyRequest) -> SigningAgain:
    """In the background, with progress. Needs the right to manage the issuer's keys."""
    return SigningAgain(await ask_to_sign_again(actor_in(request), kid))


@get(
    "/keys/{kid:str}/notice",
    operation_id="KeyNotice",
    summary="The signed notice of a compromised key",
    tags=["certificates"],
)
async def notice(kid: str) -> Response[bytes]:
    """A compact JWS under the trust key: when it was lost, how many certificates it had signed, how many
    were signed again, how many wait."""
    body = await notice_of(kid)
    return Response(body.encode(), media_type="application/jwt", headers=HEADERS)


API = Router(path="/api/v1", route_handlers=[sign_again], tags=["certificates"])
HANDLERS: list[BaseRouteHandler | Router] = [notice, API]
