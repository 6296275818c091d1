"""Errors as answers: RFC 9457 problem+json for programs, a page for browsers.

The only place that builds an error response. Sentences are rendered here, in the reader's language.
"""

from __future__ import annotations

import logging
import secrets
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.openapi.spec import Example

from core.errors import JiangxinError, TooMany
from core.findings import render
from core.scoring.model import Finding
from core.web.i18n import translate
from core.web.language import language_of
from core.web.templates import render as render_page

PROBLEM_JSON = "application/problem+json"
logger = logging.getLogger("jiangxin")

STATUS_TITLES = {
    400: "The request can't be read.",
    401: "Log in first.",
    403: "This is not allowed.",
    404: "There is nothing at this address.",
    405: "This address does not take that kind of request.",
    406: "This address has no answer in a form that you accept.",
    413: "This is larger than {limit}.",
    415: "This kind of file or body is not understood here.",
    429: "Too many requests. Try again in {seconds} seconds.",
    500: "Something went wrong on our side. Nothing was half-saved. Quote reference {reference}.",
    503: "The server is busy or being updated. Try again in a moment.",
}


class ProblemFinding(msgspec.Struct):
    """One thing that is wrong: where (JSON pointer), which (code), what to do (detail)."""

    pointer: str
    code: str
    detail: str
    params: dict[str, str] = {}


class Problem(msgspec.Struct):
    """RFC 9457. `type` is a stable address; `findings` lists everything at once."""

    type: str
    title: str
    status: int
    detail: str = ""
    instance: str = ""
    findings: list[ProblemFinding] = []


PROBLEM_EXAMPLE = Example(
    summary="Two things wrong at once",
    value={
        "type": "/problems/invalid",
        "title": "2 things need your attention; nothing was saved.",
        "status": 422,
        "instance": "/api/v1/contests",
        "findings": [
            {
                "pointer": "/rows/3/documents/0/number",
                "code": "document-check-digit",
                "detail": "The check digit does not fit. Compare the number with the document.",
                "params": {},
            }
        ],
    },
)


def problem_of(error: JiangxinError, language: str, instance: str) -> Problem:
    return Problem(
        type=f"/problems/{error.slug}",
        title=translate(error.title, language, **error.params),
        status=error.status,
        instance=instance,
        findings=[_finding(f, language) for f in error.findings],
    )


def _finding(finding: Finding, language: str) -> ProblemFinding:
    return ProblemFinding(
        finding.pointer, finding.code, render(finding, language), dict(finding.params)
    )


def on_error(request: Request[Any, Any, Any], error: JiangxinError) -> Response[Any]:
    headers = {"Retry-After": error.params["seconds"]} if isinstance(error, TooMany) else {}
    return answer(request, problem_of(error, language_of(request), request.url.path), headers)


def on_http_error(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """Litestar's own errors: unknown address, wrong method, a body of the wrong shape."""
    language = language_of(request)
    title = STATUS_TITLES.get(error.status_code, STATUS_TITLES[400])
    problem = Problem(
        type=f"/problems/http-{error.status_code}",
        title=translate(title, language, limit="32 MiB", seconds="60", reference="-"),
        status=error.status_code,
        instance=request.url.path,
    )
    if isinstance(error, ValidationException):
        problem.findings = _shape(error)
    return answer(request, problem, dict(error.headers or {}))


def on_crash(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    reference = secrets.token_hex(4)
    logger.error("%s %s failed, reference %s", request.method, request.url.path, reference,
                 exc_info=error)  # fmt: skip
    problem = Problem(
        type="/problems/crash",
        title=translate(STATUS_TITLES[500], language_of(request), reference=reference),
        status=500,
        instance=request.url.path,
    )
    return answer(request, problem, {})


def answer(
    request: Request[Any, Any, Any], problem: Problem, headers: dict[str, str]
) -> Response[Any]:
    if wants_page(request):
        page = render_page(request, "core/error.html", status=problem.status, problem=problem)
        page.headers.update(headers)
        return page
    return Response(
        msgspec.json.encode(problem),
        status_code=problem.status,
        media_type=PROBLEM_JSON,
        headers={**headers, "Vary": "Accept-Language", "Cache-Control": "no-store"},
    )


def wants_page(request: Request[Any, Any, Any]) -> bool:
    """A browser on a page, not a program on the API."""
    accepts = request.headers.get("accept", "")
    return "text/html" in accepts and not request.url.path.startswith("/api/")


def _shape(error: ValidationException) -> list[ProblemFinding]:
    """msgspec names the first place of a wrong shape."""
    found: list[ProblemFinding] = []
    for item in error.extra or []:
        if isinstance(item, dict):
            key = str(item.get("key", "")).replace(".", "/").replace("[", "/").replace("]", "")
            pointer = f"/{key}" if key else ""
            found.append(ProblemFinding(pointer, "wrong-shape", str(item.get("message", ""))))
    return found or [ProblemFinding("", "wrong-shape", str(error.detail))]


HANDLERS: dict[Any, Any] = {
    JiangxinError: on_error,
    HTTPException: on_http_error,
    Exception: on_crash,
}
