"""The public addresses: verify page, tokens, pictures, keys, lists. They answer for ever.

Real imports throughout: litestar reads these annotations at run time.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec
from litestar import MediaType, Request, Response, get, post
from litestar.openapi.spec import OpenAPIMediaType, Operation, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIFormat, OpenAPIType
from litestar.status_codes import (
    HTTP_200_OK,
    HTTP_304_NOT_MODIFIED,
    HTTP_404_NOT_FOUND,
    HTTP_503_SERVICE_UNAVAILABLE,
)

from core.web.compress import answer
from core.web.language import language_of
from core.web.limits import address_of
from credentials import presented, published, queries
from credentials.answers import verdict_out
from credentials.employers import counting
from credentials.employers.asking import caller_if_any
from credentials.employers.keys import VERIFY
from credentials.encoding import to_json
from credentials.files.routes import PDF, badge_of, paper_of
from credentials.limits import forgeries, guesses
from credentials.pages.about import about_nothing, about_stored, page_answer
from credentials.pages.achievement import HEADERS as ACHIEVEMENT_HEADERS
from credentials.pages.achievement import render_achievement
from credentials.pages.away import LATER, PATIENCE, on_unreachable
from credentials.schemas import VerdictOut
from credentials.stacks import pdf
from credentials.stacks.reading import is_pdf
from credentials.verify import UNREACHABLE, Verdict, not_found

AnyRequest = Request[Any, Any, Any]
TOKEN_TYPES = ("application/vc+jwt", "application/jwt", "text/plain")
SUFFIXES = {
    "svg": "image/svg+xml",
    "png": "image/png",
    "jwt": "application/vc+jwt",
    "json": "application/json",
    "pdf": PDF,
}
FORMS = {"image/svg+xml": "svg", "image/png": "png"}
OFFERED = ["text/html", "application/json", *TOKEN_TYPES, "image/svg+xml", "image/png", PDF]
PRIVATE = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "X-Content-Type-Options": "nosniff",
    "Vary": "Accept, Accept-Language, Cookie",
}
HOUR = {"Cache-Control": "public, max-age=3600", "Access-Control-Allow-Origin": "*"}


@get(
    "/c/{name:str}",
    operation_id="VerifyPage",
    summary="A certificate by its id: page, verdict, token or picture",
    description="The verify page for people; `application/json` the verdict, `application/vc+jwt` or"
    " `text/plain` the token, `image/svg+xml` or `image/png` the QR with the token baked in. The"
    " endings .json, .jwt, .svg and .png ask for the same. By the id alone the name is masked on"
    " page and verdict. Token, pictures and paper (.pdf) show the whole name: they are for who issues"
    " the certificate, for its holder, and for everybody where the holder agreed to a name in public;"
    " others post the QR's text to `/c/{id}/badge/jwt`, `/badge/svg`, `/badge/png` or `/pdf`.",
    media_type=MediaType.HTML,
    exception_handlers={Exception: on_unreachable},
    tags=["certificates"],
)
async def certificate(name: str, request: AnyRequest) -> Response[Any]:
    if guesses.counting:
        guesses.check(address_of(request))
    public_id, wanted = _wanted(name, request)
    if wanted == PDF:
        return await paper_of(public_id, request)
    async with asyncio.timeout(PATIENCE):
        return await _found(public_id, wanted, request)


async def _found(public_id: str, wanted: str, request: AnyRequest) -> Response[Any]:
    row = await queries.for_page(public_id)
    if row is None:
        guesses.miss(address_of(request))
        return await _absent(wanted, request)
    if wanted in ("text/html", "application/json"):
        return await _verdict(row, wanted, request)
    answer = await badge_of(row, FORMS.get(wanted, "jwt"), request)
    answer.headers.update(PRIVATE)
    if wanted in TOKEN_TYPES:
        answer.media_type = wanted
    return answer


def _wanted(name: str, request: AnyRequest) -> tuple[str, str]:
    public_id, _, suffix = name.partition(".")
    if suffix in SUFFIXES:
        return public_id, SUFFIXES[suffix]
    if request.headers.get("accept", "text/html").startswith("text/html"):
        return public_id, "text/html"
    return public_id, request.accept.best_match(OFFERED, "text/html") or "text/html"


async def _verdict(row: dict[str, Any], wanted: str, request: AnyRequest) -> Response[Any]:
    verdict = await queries.verify_stored(row)
    if wanted == "application/json":
        return _json(verdict, request, named=bool(row["named"]))
    return page_answer(request, verdict, await about_stored(row, verdict))


async def _absent(wanted: str, request: AnyRequest) -> Response[Any]:
    verdict = not_found(datetime.now(UTC))
    if wanted != "text/html":
        return _json(verdict, request, HTTP_404_NOT_FOUND)
    return page_answer(request, verdict, await about_nothing(), HTTP_404_NOT_FOUND)


def _json(
    verdict: Verdict, request: AnyRequest, status: int = HTTP_200_OK, *, named: bool = False
) -> Response[Any]:
    body = msgspec.json.encode(verdict_out(verdict, language_of(request), named=named))
    return Response(body, media_type="application/json", status_code=status, headers=PRIVATE)


# --- verifying what somebody hands in ----------------------------------------------------------


@dataclass
class VerifyOperation(Operation):
    """litestar can't see a body that is read as bytes: this tells it."""

    def __post_init__(self) -> None:
        text = Schema(type=OpenAPIType.STRING, examples=["https://cert.example.cn/c/7K3M9QXT2F4H"])
        binary = Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY)
        fields = {name: Schema(type=OpenAPIType.STRING) for name in presented.FIELDS}
        self.request_body = RequestBody(
            required=True,
            description="A token, the text of a QR, an address, a baked PNG or SVG, or a PDF of one"
            " certificate.",
            content={
                "application/json": OpenAPIMediaType(
                    schema=Schema(
                        type=OpenAPIType.OBJECT,
                        properties=dict(fields),
                        examples=[{"qr": "https://cert.example.cn/c/7K3M9QXT2F4H#2KCEHIQBEACAI…"}],
                    )
                ),
                "text/plain": OpenAPIMediaType(schema=text),
                "application/vc+jwt": OpenAPIMediaType(schema=text),
                "image/png": OpenAPIMediaType(schema=binary),
                "image/svg+xml": OpenAPIMediaType(schema=binary),
                PDF: OpenAPIMediaType(schema=binary),
            },
        )


@post(
    "/api/verify",
    operation_id="Verify",
    operation_class=VerifyOperation,
    summary="Verify a token, a QR's text, an address, a baked picture or a PDF",
    description="Always 200 with a verdict for what can be read, whatever it is: a forgery is an"
    " answer, no error. 16 KiB for a token, 256 KiB for a picture, 4 MiB for a PDF. Of a PDF"
    " the token inside, the printed code, and name and number in its text must say the same. 503 with a verdict `status_unknown`"
    " while the ledger can't be reached: what the signature proves stands in it. Open to the world, within a"
    " rate for each address; an employer's API key has a rate of its own.",
    security=[{}, {"key": []}],
    status_code=HTTP_200_OK,
    exception_handlers={Exception: on_unreachable},
    request_max_body_size=pdf.LIMIT,
    tags=["certificates"],
)
async def verify(request: AnyRequest) -> Response[VerdictOut]:
    caller = await caller_if_any(request, VERIFY)
    address = address_of(request) if caller is None else f"key {caller.key}"
    if caller is None:
        forgeries.check(address)
    else:
        await counting.count(caller.organisation, 1)
    body = await request.body()
    if is_pdf(body):
        verdict, named = await pdf.verify(body, address=address)
    else:
        verdict, named = await presented.verify(body)
    if verdict.read is None and caller is None:
        forgeries.miss(address)
    answer = verdict_out(verdict, language_of(request), named=named)
    if verdict.answer and verdict.answer.code == UNREACHABLE:
        headers = {**PRIVATE, **LATER}
        status = HTTP_503_SERVICE_UNAVAILABLE
        return Response(answer, media_type=MediaType.JSON, headers=headers, status_code=status)
    return Response(answer, media_type=MediaType.JSON, headers=PRIVATE)


# --- keys, issuers, lists ----------------------------------------------------------------------


@get(
    "/issuers/{code:str}",
    operation_id="Issuer",
    summary="An issuer's profile",
    tags=["certificates"],
)
async def issuer(code: str, request: AnyRequest) -> Response[Any]:
    """An Open Badges Profile that is a controlled identifier document."""
    return _public_json(await published.issuer(code, _host(request)))


@get("/keys/{kid:str}", operation_id="Key", summary="One public key", tags=["certificates"])
async def key(kid: str, request: AnyRequest) -> Response[Any]:
    """One JWK, for ever: also of a retired or compromised key."""
    body = to_json(await published.jwk(kid, _host(request)))
    return Response(body, media_type="application/jwk+json", headers=HOUR)


@get(
    "/.well-known/jwks.json", operation_id="Keys", summary="All public keys", tags=["certificates"]
)
async def keys(request: AnyRequest) -> Response[Any]:
    """Every key but the compromised ones."""
    body = to_json(await published.jwks(_host(request)))
    headers = {**HOUR, "ETag": published.etag_of(body)}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(b"", status_code=HTTP_304_NOT_MODIFIED, headers=headers)
    return Response(body, media_type="application/jwk-set+json", headers=headers)


@get(
    "/status/r/{code:str}/{block:int}",
    operation_id="RevocationList",
    summary="A Bitstring Status List",
    tags=["certificates"],
)
async def revocation_list(code: str, block: int, request: AnyRequest) -> Response[Any]:
    """A BitstringStatusListCredential as JWT: revoked or replaced."""
    offered = ["text/plain", "application/vc+jwt"]
    token = await published.status_list(published.BITSTRING, code, block, host=_host(request))
    return _list(request, token, request.accept.best_match(offered, "text/plain") or "text/plain")


@get(
    "/status/t/{code:str}/{block:int}",
    operation_id="TokenStatusList",
    summary="A Token Status List",
    tags=["certificates"],
)
async def token_list(code: str, block: int, request: AnyRequest) -> Response[Any]:
    """Two bits: valid, revoked, suspended, replaced."""
    token = await published.status_list(published.TOKEN, code, block, host=_host(request))
    return _list(request, token, "application/statuslist+jwt")


@get("/trust/bundle", operation_id="TrustBundle", summary="The trust bundle", tags=["certificates"])
async def bundle(request: AnyRequest) -> Response[Any]:
    """Signed: issuers, keys with their dates, where the lists stand. Good for thirty days."""
    return _list(request, await published.trust_bundle(), "application/jwt")


@get(
    "/achievements/{code:str}/{slug:str}",
    operation_id="Achievement",
    summary="What a certificate was given for",
    tags=["certificates"],
)
async def achievement(code: str, slug: str, request: AnyRequest) -> Response[Any]:
    """An Open Badges Achievement, or a page about it."""
    document = await published.achievement(code, slug, _host(request))
    offered = ["text/html", "application/json", "application/ld+json"]
    if request.accept.best_match(offered, "text/html") != "text/html":
        return _public_json(document)
    text = render_achievement(document, language_of(request))
    return Response(
        text.encode(), media_type="text/html; charset=utf-8", headers=ACHIEVEMENT_HEADERS
    )


def _host(request: AnyRequest) -> str:
    """Which of the installation's names was asked: each answers with its own addresses."""
    return request.headers.get("host", "")


def _list(request: AnyRequest, token: str, media_type: str) -> Response[Any]:
    # Short, so that a withdrawal is seen soon; `ttl` inside says how long a copy may be kept.
    headers = {"Cache-Control": "public, max-age=60", "Access-Control-Allow-Origin": "*"}
    return answer(request, token.encode(), media_type, headers)


def _public_json(document: Mapping[str, Any]) -> Response[Any]:
    headers = {**HOUR, "Vary": "Accept"}
    return Response(to_json(document), media_type="application/json", headers=headers)


HANDLERS = [
    certificate,
    verify,
    issuer,
    key,
    keys,
    revocation_list,
    token_list,
    bundle,
    achievement,
]
