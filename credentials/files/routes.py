"""A certificate's paper by its address: for who hands it out, or with the content of its QR.

Real imports throughout: litestar reads these annotations at run time.
"""

from typing import Any

from litestar import Request, Response, post
from litestar.status_codes import HTTP_200_OK

from core.errors import NotFound
from core.security import actor_if_any
from core.web.limits import address_of
from credentials import queries, rendering
from credentials.files.access import PaperHeldBack, may_have, proved
from credentials.files.making import certificate_pdf
from credentials.limits import forgeries, guesses

BODY_LIMIT = 16 * 1024
PDF = "application/pdf"
BADGES = {"jwt": "application/vc+jwt", "svg": "image/svg+xml", "png": "image/png"}
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "X-Content-Type-Options": "nosniff",
}
AnyRequest = Request[Any, Any, Any]


async def paper_of(public_id: str, request: AnyRequest) -> Response[bytes]:
    """For `GET /c/{id}.pdf`. Raises NotFound, PaperHeldBack, Conflict."""
    row = await _row(public_id, request)
    if not await may_have(actor_if_any(request), row):
        raise PaperHeldBack
    return await _answer(row)


@post(
    "/c/{name:str}/pdf",
    operation_id="CertificatePaper",
    summary="A certificate as PDF, for who has its QR",
    description="Body: the whole text of the QR, with what stands behind `#`; as text or as the form"
    " field `qr`. By its number alone a paper is not handed out, because it shows the whole name.",
    status_code=HTTP_200_OK,
    request_max_body_size=BODY_LIMIT,
    media_type=PDF,
    tags=["certificates"],
)
async def paper_by_code(name: str, request: AnyRequest) -> Response[bytes]:
    """PDF/A-3b with the signed token attached."""
    return await _answer(await proved_row(name, request))


@post(
    "/c/{name:str}/badge/{form:str}",
    operation_id="CertificateBadge",
    summary="A certificate's token or badge, for who has its QR",
    description="`form`: `jwt`, `svg` or `png`. Body as for `/c/{id}/pdf`: the whole text of the QR.",
    status_code=HTTP_200_OK,
    request_max_body_size=BODY_LIMIT,
    media_type="application/octet-stream",
    tags=["certificates"],
)
async def badge_by_code(name: str, form: str, request: AnyRequest) -> Response[bytes]:
    """The signed token, or a picture of the QR with the token baked in, for wallets and employers."""
    if form not in BADGES:
        raise NotFound(kind="file", id=form[:32])
    return await badge(await proved_row(name, request), form)


async def badge_of(row: dict[str, Any], form: str, request: AnyRequest) -> Response[bytes]:
    """For `GET /c/{id}.jwt`, `.svg` and `.png`: they carry the whole name, so the number alone does not
    open them, unless the holder agreed to a name in public. Raises PaperHeldBack, NotFound."""
    full = await queries.stored(row["public_id"]) or row
    told = row["named"] or not rendering.token_of(full)  # of an erased one the name is gone
    if not told and not await may_have(actor_if_any(request), full):
        raise PaperHeldBack
    return await badge(full, form)


async def badge(row: dict[str, Any], form: str) -> Response[bytes]:
    token = rendering.token_of(row)
    if form == "jwt" and not token:
        raise NotFound(kind="certificate", id=row["public_id"])
    content = token.encode() if form == "jwt" else await rendering.picture(row, form)
    return Response(content, media_type=BADGES[form], headers=HEADERS)


async def proved_row(name: str, request: AnyRequest) -> dict[str, Any]:
    """The certificate whose QR stands in the body. Raises NotFound, PaperHeldBack, TooMany."""
    address = address_of(request)
    forgeries.check(address)
    row = await _row(name, request)
    if not await proved(row, await _shown(request)):
        forgeries.miss(address)
        raise PaperHeldBack
    return row


async def _shown(request: AnyRequest) -> str:
    if request.content_type[0].endswith("x-www-form-urlencoded"):
        return str((await request.form()).get("qr", ""))
    return (await request.body()).decode("utf-8", "replace")


async def _row(public_id: str, request: AnyRequest) -> dict[str, Any]:
    guesses.check(address_of(request))
    row = await queries.stored(public_id)
    if row is None:
        guesses.miss(address_of(request))
        raise NotFound(kind="certificate", id=public_id[:32])
    return row


async def _answer(row: dict[str, Any]) -> Response[bytes]:
    named = {"Content-Disposition": f'attachment; filename="{row["public_id"]}.pdf"'}
    return Response(await certificate_pdf(row), media_type=PDF, headers=HEADERS | named)


HANDLERS = [paper_by_code, badge_by_code]
