"""A certificate's paper by its address: for who hands it out, or with the content of its QR.

Real imports throughout: litestar reads these annotations at run time.
"""

from typing import Any

from litestar import Request, Response, post
from litestar.status_codes import HTTP_200_OK

from core.errors import NotFound
from core.security import actor_if_any
from core.web.limits import address_of
from credentials import queries
from credentials.files.access import PaperHeldBack, may_have, proved
from credentials.files.making import certificate_pdf
from credentials.limits import forgeries, guesses

BODY_LIMIT = 16 * 1024
PDF = "application/pdf"
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
    address = address_of(request)
    forgeries.check(address)
    row = await _row(name, request)
    if not await proved(row, await _shown(request)):
        forgeries.miss(address)
        raise PaperHeldBack
    return await _answer(row)


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


HANDLERS = [paper_by_code]
