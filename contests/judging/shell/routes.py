"""The app's page and files, and who is logged in in this browser."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.response import Redirect
from msgspec import Meta, Struct

from contests.judging.shell import precache
from contests.judging.shell.precache import CSP
from contests.routing import described
from core.security import actor_if_any
from core.web import i18n
from core.web.compress import answer


class Whoami(Struct):
    """Who is logged in in this browser."""

    account: Annotated[str, Meta(description="Empty when nobody is.")]
    label: str
    csrf: Annotated[str, Meta(description="For X-CSRF-Token of this session's requests.")]


@get("/judging", include_in_schema=False, name="judging", sync_to_thread=False)
def app_page(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The same for everybody, and never a redirect: a browser keeps it for airplane mode."""
    headers = {"Cache-Control": "no-cache", "Content-Security-Policy": CSP}
    return answer(request, precache.page(), "text/html; charset=utf-8", headers)


@get("/judging/{contest:uuid}", include_in_schema=False, sync_to_thread=False)
def old_address(contest: UUID) -> Redirect:
    """Where a contest's sheets stood once; links to it go on."""
    return Redirect(f"/judging/#contest={contest}", status_code=302)


@get("/judging/sw.js", include_in_schema=False, sync_to_thread=False)
def service_worker(request: Request[Any, Any, Any]) -> Response[bytes]:
    headers = {"Cache-Control": "no-cache", "Service-Worker-Allowed": "/judging"}
    return answer(request, precache.service_worker(), "text/javascript; charset=utf-8", headers)


@get("/judging/manifest.webmanifest", include_in_schema=False, sync_to_thread=False)
def manifest(request: Request[Any, Any, Any]) -> Response[bytes]:
    headers = {"Cache-Control": "no-cache"}
    return answer(request, precache.manifest(), "application/manifest+json", headers)


@get("/judging/words/{language:str}", include_in_schema=False, sync_to_thread=False)
def words_file(request: Request[Any, Any, Any], language: str) -> Response[bytes]:
    """Of one language; or app.json and more.json with every language."""
    name = language.removesuffix(".json")
    if name not in (*i18n.LANGUAGES, "app", "more"):
        raise NotFoundException
    headers = {"Cache-Control": "public, max-age=300"}
    return answer(request, precache.word_file(name), "application/json", headers)


@get("/judging/kept/{name:str}", include_in_schema=False, sync_to_thread=False)
def kept_file(request: Request[Any, Any, Any], name: str) -> Response[bytes]:
    """Everything that a tablet keeps, in one file; an older address answers what is kept now no more."""
    for bundle in ("shell", "more"):
        if precache.bundle_address(bundle).endswith(f"/{name}"):
            headers = {"Cache-Control": "public, max-age=31536000, immutable"}
            return answer(request, precache.bundle(bundle), "application/json", headers)
    raise NotFoundException


@get(
    "/judging/me",
    sync_to_thread=False,
    operation_id="get_judging_session",
    **described(
        "See who is logged in in this browser",
        "judging",
        description="For the judges' app: with a session its browser is enrolled as the account's "
        "own, without one it is a shared tablet.",
    ),
)
def whoami(request: Request[Any, Any, Any]) -> Response[Whoami]:
    actor = actor_if_any(request)
    known = actor is not None and actor.account is not None
    found = Whoami(
        account=str(actor.account) if actor is not None and known else "",
        label=actor.label if actor is not None and known else "",
        csrf=str(request.scope.get("csrf_token", "")) if known else "",
    )
    return Response(found, headers={"Cache-Control": "no-store"})
