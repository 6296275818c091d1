"""Opening a line of a score sheet, and what the link shows.

Real imports throughout: litestar reads these annotations at run time.
"""

import json
from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, Router, delete, get, post
from litestar.handlers import BaseRouteHandler
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED, HTTP_404_NOT_FOUND
from msgspec import Meta

from core.errors import NotFound
from core.openapi import problems
from core.security import actor_in, requires
from core.web.language import language_of
from core.web.limits import address_of
from credentials import presented, queries, rendering
from credentials.api import by_certificate
from credentials.encoding import Malformed, to_json
from credentials.evidence.actions import (
    LONGEST_DAYS,
    PERMISSION,
    close_lines,
    lines_behind,
    open_line,
    shown_by,
)
from credentials.evidence.leaves import belongs, read, root_in, written
from credentials.evidence.page import HEADERS, render_line
from credentials.files.routes import proved_row
from credentials.limits import forgeries, guesses

AnyRequest = Request[Any, Any, Any]
BODY_LIMIT = 64 * 1024


class LineOut(msgspec.Struct):
    """One line of the holder's sheet: `content` is what was hashed, `title` how the scheme names it."""

    line: int
    title: dict[str, str]
    content: dict[str, Any]
    maximum: str = ""


class LineIn(msgspec.Struct, forbid_unknown_fields=True):
    line: Annotated[
        int, Meta(ge=0, description="Its number in the list of lines, from 0.", examples=[3])
    ]
    days: Annotated[
        int, Meta(description=f"How long the link lasts, 1 to {LONGEST_DAYS}.", examples=[14])
    ] = 14


class LinkOut(msgspec.Struct):
    """Shown once: only a hash of its secret is kept."""

    url: str


class LeafCheckOut(msgspec.Struct):
    """`verdict`: of the certificate. `belongs`: whether the leaf leads to the root that it signs."""

    verdict: str
    belongs: bool
    root: str
    content: dict[str, Any] | None = None


@get(
    "/certificates/{id:str}/evidence",
    guards=[requires(PERMISSION, by_certificate)],
    operation_id="EvidenceLines",
    summary="The lines of a certificate's score sheet",
    responses=problems(401, 403, 404),
)
async def lines(id: str, request: AnyRequest) -> list[LineOut]:
    """Those under the root that the newest version signs; empty where it signs none."""
    found = await lines_behind(actor_in(request), id)
    return [
        LineOut(at, dict(line.title), json.loads(line.content), line.maximum)
        for at, line in enumerate(found)
    ]


@post(
    "/certificates/{id:str}/evidence",
    guards=[requires(PERMISSION, by_certificate)],
    operation_id="OpenEvidenceLine",
    summary="Open one line by a link that ends",
    status_code=HTTP_201_CREATED,
    responses=problems(401, 403, 404, 422),
)
async def open_one(id: str, data: LineIn, request: AnyRequest) -> LinkOut:
    """At the holder's request. The other lines stay closed: the link carries their hashes alone."""
    return LinkOut(await open_line(actor_in(request), id, data.line, days=data.days))


@delete(
    "/certificates/{id:str}/evidence",
    guards=[requires(PERMISSION, by_certificate)],
    operation_id="CloseEvidence",
    summary="End every link of a certificate's lines",
    status_code=204,
    responses=problems(401, 403, 404),
)
async def close_all(id: str, request: AnyRequest) -> None:
    """Who saw a line before has seen it."""
    await close_lines(actor_in(request), id)


@get(
    "/c/{name:str}/evidence/{secret:str}",
    operation_id="OpenedLine",
    summary="A line that its holder opened",
    description="For people a page; `application/json` the leaf with its path, for `/api/verify/evidence`"
    " or one's own check. A link that is over and one that never was get the same 404.",
    tags=["certificates"],
)
async def opened_line(name: str, secret: str, request: AnyRequest) -> Response[Any]:
    guesses.check(address_of(request))
    row, now = await queries.stored(name), datetime.now(UTC)
    shown = await shown_by(row, secret, now) if row else None
    verdict = await queries.verify_stored(row, now) if row and shown else None
    fits = bool(shown and verdict and belongs(shown.leaf, verdict.credential or {}))
    if shown is None:
        guesses.miss(address_of(request))
    status = HTTP_200_OK if shown else HTTP_404_NOT_FOUND
    if request.accept.best_match(["text/html", "application/json"], "text/html") != "text/html":
        said = {
            "leaf": written(shown.leaf) if shown else None,
            "belongs": fits,
            "verdict": verdict.state.value if verdict else "not_found",
        }
        return Response(
            to_json(said), status_code=status, media_type="application/json", headers=HEADERS
        )
    text = render_line(shown, verdict, language_of(request), fits=fits, now=now)
    return Response(
        text.encode(), status_code=status, media_type="text/html; charset=utf-8", headers=HEADERS
    )


@post(
    "/c/{name:str}/evidence/{secret:str}",
    operation_id="EvidenceFile",
    summary="An opened line with its certificate, for a check without a network",
    description="Body as for `/c/{id}/pdf`: the whole text of the QR. The file holds the token and the leaf;"
    " the scanner reads it.",
    status_code=HTTP_200_OK,
    request_max_body_size=BODY_LIMIT,
    tags=["certificates"],
)
async def evidence_file(name: str, secret: str, request: AnyRequest) -> Response[bytes]:
    """For who has both, the holder's link and the paper. Raises NotFound, PaperHeldBack."""
    row = await proved_row(name, request)
    shown = await shown_by(row, secret, datetime.now(UTC))
    if shown is None:
        guesses.miss(address_of(request))
        raise NotFound(kind="line", id=row["public_id"])
    said = {"certificate": rendering.token_of(row), "leaf": written(shown.leaf)}
    named = {"Content-Disposition": f'attachment; filename="{row["public_id"]}.json"'}
    return Response(to_json(said), media_type="application/json", headers=HEADERS | named)


@post(
    "/api/verify/evidence",
    operation_id="VerifyEvidence",
    summary="Does a leaf belong to a certificate?",
    description='`{"certificate": token, QR text or address, "leaf": {"content", "salt", "path"}}`. Always'
    " 200 for what can be read. The format stands in docs/certificates/evidence.md.",
    status_code=HTTP_200_OK,
    request_max_body_size=BODY_LIMIT,
    tags=["certificates"],
)
async def verify_leaf(request: AnyRequest) -> LeafCheckOut:
    address = address_of(request)
    forgeries.check(address)
    certificate, leaf = _given(await request.body())
    verdict, _ = await presented.verify(certificate.encode())
    credential = verdict.credential or {}
    fits = leaf is not None and belongs(leaf, credential)
    if not fits:
        forgeries.miss(address)
    content = json.loads(leaf.content) if leaf and fits else None
    return LeafCheckOut(verdict.state.value, fits, root_in(credential), content)


def _given(body: bytes) -> tuple[str, Any]:
    """The certificate and the leaf; "" and None for what can't be read."""
    try:
        given = msgspec.json.decode(body)
        return str(given["certificate"]), read(given["leaf"])
    except (msgspec.DecodeError, KeyError, TypeError, Malformed, RecursionError, UnicodeError):
        return "", None


API = Router(path="/api/v1", route_handlers=[lines, open_one, close_all], tags=["certificates"])
HANDLERS: list[BaseRouteHandler | Router] = [opened_line, evidence_file, verify_leaf, API]
