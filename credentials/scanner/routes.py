"""The scanner's addresses. Nothing here knows who scans, or what."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException

from core.web import assets, i18n, templates
from core.web.compress import answer
from credentials.encoding import to_json
from credentials.scanner import precache
from credentials.scanner.anchor import delivered
from credentials.tables import StatusBlock

HERE = Path(__file__).parent
AnyRequest = Request[Any, Any, Any]
ASK_AGAIN = {"Cache-Control": "no-cache"}
FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}


def register() -> None:
    """Names the scanner's files and sentences to the web layer; twice does no harm."""
    assets.register("credentials/scanner", HERE / "app", app=True)
    templates.register("scanner", HERE / "templates")
    i18n.register(HERE / "locale")


@get("/scan", include_in_schema=False)
async def scan_page(request: AnyRequest) -> Response[bytes]:
    """The same for everybody, and never a redirect: a phone keeps it for use without a network."""
    anchor = await delivered()
    headers = {**ASK_AGAIN, "Content-Security-Policy": precache.csp(anchor)}
    return answer(request, precache.page(anchor), "text/html; charset=utf-8", headers)


@get("/scan/sw.js", include_in_schema=False)
async def service_worker(request: AnyRequest) -> Response[bytes]:
    headers = {**ASK_AGAIN, "Service-Worker-Allowed": "/scan"}
    body = precache.service_worker(await delivered())
    return answer(request, body, "text/javascript; charset=utf-8", headers)


@get("/scan/manifest.webmanifest", include_in_schema=False, sync_to_thread=False)
def manifest(request: AnyRequest) -> Response[bytes]:
    return answer(request, precache.manifest(), "application/manifest+json", ASK_AGAIN)


@get("/scan/words.json", include_in_schema=False, sync_to_thread=False)
def words_file(request: AnyRequest) -> Response[bytes]:
    """Every sentence in every language."""
    return answer(request, precache.words_file(), "application/json", ASK_AGAIN)


@get("/scan/anchor.json", include_in_schema=False)
async def anchor_file(request: AnyRequest) -> Response[bytes]:
    """The keys that the app believes at first."""
    return answer(request, (await delivered()).body, "application/json", ASK_AGAIN)


@get("/scan/kept/{name:str}", include_in_schema=False)
async def kept_file(request: AnyRequest, name: str) -> Response[bytes]:
    """The whole shell; an older address answers what is kept now no more."""
    anchor = await delivered()
    if not precache.bundle_address(anchor).endswith(f"/{name}"):
        raise NotFoundException
    return answer(request, precache.bundle(anchor), "application/json", FOR_EVER)


@get(
    "/scan/lists.json",
    operation_id="StatusListIndex",
    summary="Which status lists there are",
    description="Issuer and block of each, for verifiers that keep them for hours without a network.",
    tags=["certificates"],
)
async def lists(request: AnyRequest) -> Response[bytes]:
    """Unsigned: a list that is left out here only makes its certificates "unknown"."""
    rows = (
        await StatusBlock.select(StatusBlock.issuer, StatusBlock.block)
        .order_by(StatusBlock.issuer)
        .order_by(StatusBlock.block)
    )
    headers = {**ASK_AGAIN, "Access-Control-Allow-Origin": "*"}
    return answer(request, to_json({"lists": rows}), "application/json", headers)


HANDLERS = [
    scan_page,
    service_worker,
    manifest,
    words_file,
    anchor_file,
    kept_file,
    lists,
]
