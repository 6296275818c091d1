"""What the routes share: scopes from the path, revisions, pages, documentation. The judges' routes use it
too, so nothing here may lead to identity."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, TypeVar

from litestar.datastructures import ResponseHeader

from contests.actions.common import competition_scopes, scopes_of
from core.errors import Invalid
from core.openapi import problems
from core.scoring.codec import read
from core.scoring.model import Finding, Milli
from core.scoring.numbers import parse_api
from core.security import Connection, Scope, actor_in

T = TypeVar("T")

PAGE = 50
LONGEST_PAGE = 500


# --- scopes -----------------------------------------------------------------------------------


async def of_contest(connection: Connection) -> Sequence[Scope]:
    """The contest in the path, its competition and its organisation."""
    return await scopes_of(connection.path_params["contest"])


async def of_competition(connection: Connection) -> Sequence[Scope]:
    return await competition_scopes(connection.path_params["competition"])


async def own_scopes(connection: Connection) -> Sequence[Scope]:
    """Every scope that the caller has a grant in: for verbs whose scope stands in the body and is
    checked again by the action."""
    return [grant.scope for grant in actor_in(connection).grants]


# --- reading what was sent --------------------------------------------------------------------


def revision_of(if_match: str | None) -> int:
    """The number in If-Match; without one nothing may be overwritten."""
    found = re.fullmatch(r'(?:W/)?"?([0-9]{1,15})"?', (if_match or "").strip())
    if found is None:
        raise Invalid([Finding("/headers/If-Match", "if-match-missing", {})])
    return int(found.group(1))


def strict(kind: type[T], data: Any, pointer: str = "") -> T:
    """A dataclass of the engine out of JSON, or Invalid with everything that is wrong with it."""
    value, findings = read(kind, data)
    if value is None or findings:
        raise Invalid(under(pointer, findings))
    return value


def points(text: str, pointer: str) -> Milli:
    """A decimal string as the API takes it: no full-width digit, no decimal comma."""
    value = parse_api(text)
    if isinstance(value, Finding):
        raise Invalid([Finding(pointer, value.code, value.params)])
    return value


def under(pointer: str, findings: Sequence[Finding]) -> list[Finding]:
    return [Finding(pointer + f.pointer, f.code, f.params) for f in findings]


def page_limit(limit: int) -> int:
    return max(1, min(limit, LONGEST_PAGE))


def loaded(text: str, otherwise: Any = None) -> Any:
    """A JSON column; `otherwise` when it is empty."""
    return json.loads(text) if text else otherwise


# --- documentation ----------------------------------------------------------------------------


def described(summary: str, tag: str, *statuses: int, description: str = "") -> dict[str, Any]:
    """Keyword arguments of a route: what OpenAPI says of it."""
    return {
        "summary": summary,
        "description": description or f"{summary}.",
        "tags": [tag],
        "responses": problems(401, *statuses),
    }


ETAG = [
    ResponseHeader(
        name="ETag",
        description="The revision, to be sent back as If-Match with a change.",
        documentation_only=True,
        value='"7"',
    )
]
