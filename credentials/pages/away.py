"""The verify page while the database can't be reached: nothing is said of the certificate but what its
code proves by itself, with the keys as they were last read."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.status_codes import HTTP_503_SERVICE_UNAVAILABLE

from core import db
from core.problems import AGAIN_AFTER, on_crash
from core.web.language import language_of
from credentials import keyring
from credentials.answers import verdict_out
from credentials.identifiers import NOBODY, understood
from credentials.pages.about import MOST, page_answer
from credentials.pages.render import HEADERS
from credentials.pages.view import About
from credentials.verify import away

AnyRequest = Request[Any, Any, Any]
LATER = {"Retry-After": AGAIN_AFTER}
PATIENCE = 8.0
"""Seconds that a reader waits for the database before the page goes without it."""


def on_unreachable(request: AnyRequest, error: Exception) -> Response[Any]:
    """For the routes of a certificate. Any other error is answered as everywhere."""
    if not db.unreachable(error):
        return on_crash(request, error)
    verdict = away(datetime.now(UTC))
    if not _is_page(request):
        found = verdict_out(verdict, language_of(request), named=False)
        headers = {"Cache-Control": "no-store", "X-Robots-Tag": HEADERS["X-Robots-Tag"], **LATER}
        return Response(
            msgspec.json.encode(found),
            media_type="application/json",
            status_code=HTTP_503_SERVICE_UNAVAILABLE,
            headers=headers,
        )
    page = page_answer(request, verdict, _about(request), HTTP_503_SERVICE_UNAVAILABLE)
    page.headers.update(LATER)
    return page


def _is_page(request: AnyRequest) -> bool:
    path = request.url.path
    asked = request.headers.get("accept", "text/html")
    return path.startswith("/c/") and "." not in path and asked.startswith("text/html")


def _about(request: AnyRequest) -> About:
    public_id = understood(str(request.path_params.get("name", "")))
    asked = public_id if public_id != NOBODY else ""
    known = keyring.last_known()
    if known is None:
        return About(asked=asked)
    trust, organisations = known
    issuers = sorted({key.issuer for key in trust.keys if key.issuer in organisations})
    named = [organisations[code] for code in issuers] if len(issuers) <= MOST else []
    return About(asked=asked, organisations=named, trust=trust)
