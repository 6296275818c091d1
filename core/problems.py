"""Errors as answers: RFC 9457 problem+json for programs, a page for browsers.

The only place that builds an error response. Sentences are rendered here, in the reader's language.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from typing import Any

import msgspec
from asyncpg import DataError
from litestar import Request, Response
from litestar.exceptions import (
    ClientException,
    HTTPException,
    ServiceUnavailableException,
    ValidationException,
)
from litestar.openapi.spec import Example
from litestar.response import Redirect

from core import db
from core.errors import JiangxinError, TooMany, Unauthenticated
from core.findings import render
from core.problem_messages import DETAILS, TITLES
from core.scoring.model import Finding
from core.set_up_first import PATH as SET_UP
from core.set_up_first import SetUpFirst
from core.web.i18n import translate
from core.web.language import asked_for, language_of
from core.web.limits import BODY_LIMIT_SHOWN
from core.web.shape import finding_of
from core.web.templates import render as render_page

PROBLEM_JSON = "application/problem+json"
AGAIN_AFTER = "60"
"""Seconds after which a program may ask again when the database could not be reached."""
_log = logging.getLogger(__name__)


class ProblemFinding(msgspec.Struct):
    """One thing that is wrong: where (JSON pointer), which (code), what to do (detail)."""

    pointer: str
    code: str
    detail: str
    params: dict[str, str] = {}


class Problem(msgspec.Struct):
    """RFC 9457. `type` is stable, `title` and `detail` are in the reader's language, `findings`
    lists everything that is wrong at once."""

    type: str
    title: str
    status: int
    detail: str = ""
    instance: str = ""
    findings: list[ProblemFinding] = []


PROBLEM_EXAMPLE = Example(
    summary="Everything wrong at once",
    value={
        "type": "/problems/invalid",
        "title": "Please correct",
        "status": 422,
        "detail": "To correct: 1. Nothing was saved.",
        "instance": "/api/v1/accounts",
        "findings": [
            {
                "pointer": "/login",
                "code": "login-taken",
                "detail": "The login zhang.wei is in use. Choose another one.",
                "params": {"login": "zhang.wei"},
            }
        ],
    },
)


def problem_of(error: JiangxinError, language: str, instance: str) -> Problem:
    return Problem(
        type=f"/problems/{error.slug}",
        title=translate(_title(error.status), language),
        status=error.status,
        detail=translate(error.title, language, **error.params),
        instance=instance,
        findings=[_finding(finding, language) for finding in error.findings],
    )


def _title(status: int) -> str:
    return TITLES.get(status, TITLES[500 if status >= 500 else 400])


def _finding(finding: Finding, language: str) -> ProblemFinding:
    return ProblemFinding(
        finding.pointer, finding.code, render(finding, language), dict(finding.params)
    )


def on_error(request: Request[Any, Any, Any], error: JiangxinError) -> Response[Any]:
    if isinstance(error, Unauthenticated) and request.method == "GET" and wants_page(request):
        language = {"lang": wished} if (wished := asked_for(request)) else {}
        query = {"next": _address(request), **language}
        return Redirect("/login", query_params=query, status_code=303)
    if isinstance(error, SetUpFirst) and _is_page(request):
        wished = asked_for(request)
        return Redirect(f"{SET_UP}?lang={wished}" if wished else SET_UP, status_code=303)
    headers = {"Retry-After": error.params["seconds"]} if isinstance(error, TooMany) else {}
    if isinstance(error, Unauthenticated):
        headers["WWW-Authenticate"] = "Bearer"
    if error.status >= 500 and not isinstance(error, SetUpFirst):
        _log.error("%s %s: %s", request.method, request.url.path, error)
    return answer(request, problem_of(error, language_of(request), request.url.path), headers)


def on_http_error(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """Litestar's own errors: unknown address, wrong method, a body of the wrong shape."""
    status = error.status_code
    if status >= 500 and status != 503:
        return on_crash(request, error)
    language = language_of(request)
    detail = DETAILS.get(status, DETAILS[400])
    problem = Problem(
        type=f"/problems/http-{status}",
        title=translate(_title(status), language),
        status=status,
        detail=translate(detail, language, method=request.method, limit=BODY_LIMIT_SHOWN),
        instance=request.url.path,
    )
    if isinstance(error, ValidationException):
        problem.findings = [_finding(finding, language) for finding in _shape(error)]
    return answer(request, problem, dict(error.headers or {}))


def on_crash(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Nothing of the error leaves the server but a reference to the log."""
    reference = secrets.token_hex(4)
    place = f"{request.method} {request.url.path}"
    _log.error("%s failed, reference %s", place, reference, exc_info=error)
    if db.unreachable(error):
        away = ServiceUnavailableException(headers={"Retry-After": AGAIN_AFTER})
        return on_http_error(request, away)
    language = language_of(request)
    problem = Problem(
        type="/problems/crash",
        title=translate(TITLES[500], language),
        status=500,
        detail=translate(DETAILS[500], language, reference=reference),
        instance=request.url.path,
    )
    return answer(request, problem, {})


def answer(
    request: Request[Any, Any, Any], problem: Problem, headers: Mapping[str, str]
) -> Response[Any]:
    if wants_page(request):
        page = render_page(request, "core/error.html", status=problem.status, problem=problem)
        page.headers.update(headers)
        return page
    return Response(
        msgspec.json.encode(problem),
        status_code=problem.status,
        media_type=PROBLEM_JSON,
        headers={
            **headers,
            "Content-Language": language_of(request),
            "Vary": "Accept, Accept-Language, Cookie",
            "Cache-Control": "no-store",
        },
    )


def wants_page(request: Request[Any, Any, Any]) -> bool:
    """A browser on a page, not a program on the API."""
    accepts = request.headers.get("accept", "")
    return "text/html" in accepts and not request.url.path.startswith("/api/")


def _is_page(request: Request[Any, Any, Any]) -> bool:
    """Whatever is read outside the API, or sent by a browser's form."""
    api = request.url.path.startswith("/api/")
    return wants_page(request) or (request.method in {"GET", "HEAD"} and not api)


def _address(request: Request[Any, Any, Any]) -> str:
    query = request.url.query
    return f"{request.url.path}?{query}" if query else request.url.path


def _shape(error: ValidationException) -> list[Finding]:
    """Litestar's places of a wrong shape; msgspec names the first one of a body."""
    items = error.extra if isinstance(error.extra, list) else []
    return [finding_of(item) for item in items if isinstance(item, dict)] or [
        finding_of({"message": str(error.detail)})
    ]


def on_impossible(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """JSON nested a hundred thousand times, a number or character that no database column holds:
    the sender's fault, but logged, in case it is ours."""
    _log.warning("%s %s", request.method, request.url.path, exc_info=error)
    return on_http_error(request, ClientException())


HANDLERS: dict[Any, Any] = {
    JiangxinError: on_error,
    HTTPException: on_http_error,
    RecursionError: on_impossible,
    OverflowError: on_impossible,
    DataError: on_impossible,
    Exception: on_crash,
}
