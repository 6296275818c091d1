"""Which language a request is answered in: ?lang=, then the cookie, then Accept-Language."""

from __future__ import annotations

from typing import Any, cast

from core import settings
from core.security import Connection
from core.web.i18n import COOKIE, negotiate


def language_of(connection: Connection) -> str:
    """Of `settings.languages`, by default the first."""
    known = cast("dict[str, Any]", connection.scope)
    if "language" not in known:
        known["language"] = _choose(connection)
    return str(known["language"])


def asked_for(connection: Connection) -> str:
    """The language named in the address, or ""."""
    wished = str(connection.query_params.get("lang", ""))
    return wished if wished in settings.current().languages else ""


def _choose(connection: Connection) -> str:
    offered = settings.current().languages
    cookie = connection.cookies.get(COOKIE, "")
    if cookie not in offered:
        cookie = ""
    return (
        asked_for(connection)
        or cookie
        or negotiate(connection.headers.get("accept-language", ""), offered)
    )
