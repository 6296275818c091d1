"""Reads what a verify page says beside its verdict, and hands it out: one answer, never kept by anybody."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from litestar import Response
from litestar.status_codes import HTTP_200_OK

from core.scoring.model import Text
from core.security import Connection
from core.tables import Organisation
from core.web.compress import takes_gzip
from core.web.language import language_of
from credentials import keyring, queries
from credentials.pages.kept import verify_page
from credentials.pages.render import HEADERS
from credentials.pages.typed import Typed
from credentials.pages.view import About
from credentials.records.queries import disclosed_honours
from credentials.verify import State, Verdict

MOST = 3
"""Issuers whom a reader is sent to when nobody knows whose certificate it is; where there are more, none
is named."""


async def about_stored(
    row: Mapping[str, Any], verdict: Verdict, typed: Typed | None = None
) -> About:
    honours = await disclosed_honours(row["person"]) if row["honoured"] else []
    asked = (
        await _asked({row["issuer"], row["authority"]}) if verdict.state is not State.VALID else {}
    )
    known = bool(row["version"] > 1 or row["changed_at"])
    history = await queries.history(row["id"]) if known else []
    return About(
        row=row,
        honours=honours if verdict.state is not State.ERASED else [],
        history=history,
        names=await _names({str(one.get("authority", "")) for one in history} - {""}),
        organisations=[asked[row["issuer"]]] if row["issuer"] in asked else [],
        decided_by=_name(asked.get(row["authority"])),
        trust=await keyring.trust_store(),
        typed=typed,
    )


async def about_nothing() -> About:
    """The same for every id that is not there."""
    issuers = await keyring.issuers_with_keys()
    asked = await _asked(issuers if len(issuers) <= MOST else set())
    return About(organisations=list(asked.values()))


async def _asked(codes: set[str]) -> dict[str, dict[str, Any]]:
    rows = (
        await Organisation.select(
            Organisation.code, Organisation.title, Organisation.telephone, Organisation.hours
        )
        .where(Organisation.code.is_in(sorted(codes or {""})))
        .order_by(Organisation.code)
    )
    return {row["code"]: row for row in rows}


async def _names(codes: set[str]) -> dict[str, Text]:
    return {code: _name(one) for code, one in (await _asked(codes)).items()} if codes else {}


def _name(organisation: dict[str, Any] | None) -> Text:
    return json.loads(organisation["title"]) if organisation else {}


def page_answer(
    connection: Connection, verdict: Verdict, about: About, status: int = HTTP_200_OK
) -> Response[bytes]:
    language = language_of(connection)
    token = str(connection.scope.get("csrf_token", ""))
    host = connection.headers.get("host", "")
    drawn = verify_page(verdict, language, about, csrf_token=token, host=host)
    headers = {**HEADERS, "Content-Language": language}
    packed = takes_gzip(connection)
    if packed:
        headers["Content-Encoding"] = "gzip"
    return Response(
        drawn.gzipped if packed else drawn.plain,
        media_type="text/html; charset=utf-8",
        status_code=status,
        headers=headers,
    )
