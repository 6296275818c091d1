"""The OpenAPI document, and that no route is open by accident."""

from __future__ import annotations

import re
from collections.abc import Iterator
from inspect import getclosurevars
from typing import Any

import httpx
import pytest
from litestar import Litestar
from litestar.handlers.http_handlers import HTTPRouteHandler

from admin.console.employers.routes import invites_employers
from admin.console.organisations.routes import describes_some
from admin.console.signers.partners import works_with_some
from admin.console.staff.routes import manages_accounts
from contests.judging.tablets.guards import tablet
from core.security import logged_in
from credentials.employers.access import of_employer

PUBLIC = {
    "/",
    "/healthz",
    "/login",
    "/login/passkey",
    "/login/passkey/options",
    "/login/second",
    "/login/second/passkey",
    "/login/second/passkey/options",
    "/setup",
    "/logout",
    "/in/{token:str}",
    "/api/v1/sessions",
    "/live",
    "/live/{contest:uuid}",
    "/follow/{token:str}",
    "/api/v1/board/{contest:uuid}",
    "/judging",
    "/judging/control",
    "/judging/{contest:uuid}",
    "/judging/sw.js",
    "/judging/manifest.webmanifest",
    "/judging/words/{language:str}",
    "/judging/kept/{name:str}",
    "/taste",
    "/judging/taste",
    "/judging/timing",
    "/judging/timing/{contest:uuid}",
    "/api/v1/judging/taste/session",
    "/venue/trusted",
    "/venue/worker.js",
    "/api/v1/judging/me",
}
"""Open to everybody, on purpose."""

TABLETS_COME_FROM = {
    "/api/v1/judging/tablet/nonce",
    "/api/v1/judging/tablet/enrolment",
    "/api/v1/judging/tablet/session",
}
"""Asked before a tablet is known: limited by address, and nothing is told without a code or a key."""

PUBLIC_STARTS = (
    "/static/",
    "/schema",
    "/c/",
    "/issuers/",
    "/status/",
    "/keys",
    "/achievements/",
    "/scan",
    "/check/",
    "/employers/join/",
    "/mine",
    "/matching",
    "/notices/",
    "/occupations/options",
    "/shown/",
)
"""Files, the API's description, what certificates point at for ever, the app that reads them; the
pages of holders, who have no account, and what they show by a link."""

ALSO_PUBLIC = {"/api/verify", "/api/verify/evidence", "/.well-known/jwks.json", "/trust/bundle"}

LOGGED_IN = {
    "/api/v1/me",
    "/api/v1/me/password",
    "/api/v1/organisations",
    "/api/v1/audit",
    "/api/v1/issuers",
    "/api/v1/keys/{kid:str}/activate",
    "/api/v1/keys/{kid:str}/retire",
    "/api/v1/keys/{kid:str}/compromise",
    "/api/v1/keys/{kid:str}/sign-again",
    "/api/v1/persons/{person:uuid}",
    "/api/v1/persons/{person:uuid}/honours",
    "/api/v1/sessions",
    "/api/v1/accounts",
    "/api/v1/accounts/{account:uuid}/grants",
    "/api/v1/accounts/{account:uuid}/links",
    "/api/v1/accounts/{account:uuid}/disable",
    "/api/v1/competitions",
    "/api/v1/contest-types",
    "/api/v1/contest-types/{code:str}",
    "/api/v1/schemes/import",
    "/api/v1/packages/score",
    "/api/v1/judging/devices/{kid:str}/revocation",
    "/api/v1/judging/timing",
    "/console",
    "/console/approvals",
    "/employers",
}
"""A session is enough: they show only what is one's own, store nothing, or ask the action."""


LOGGED_IN_STARTS = ("/console/me", "/console/jobs", "/console/undo", "/console/imports/", "/console/people-tables/",
                    "/console/interests/", "/console/audit", "/console/links/")  # fmt: skip
"""The same: one's own account, and things whose verbs ask for the power over each object."""


def handlers(app: Litestar) -> Iterator[tuple[str, HTTPRouteHandler]]:
    for route in app.routes:
        for handler in getattr(route, "route_handlers", ()):
            if handler.http_methods != {"OPTIONS"}:
                yield str(route.path), handler


def permission_of(handler: HTTPRouteHandler) -> str:
    """What `core.security.requires` holds the route to; "" when it has no such guard."""
    held = [getclosurevars(guard).nonlocals for guard in handler.guards or () if callable(guard)]
    return next((str(names["permission"]) for names in held if "permission" in names), "")


def is_public(path: str) -> bool:
    return path in PUBLIC | ALSO_PUBLIC | TABLETS_COME_FROM or path.startswith(PUBLIC_STARTS)


async def test_every_route_is_public_on_purpose_or_guarded_by_a_permission(app: Litestar) -> None:
    open_ = []
    for path, handler in handlers(app):
        if is_public(path) or permission_of(handler):
            continue
        if tablet in (handler.guards or ()):
            continue
        if any(hasattr(guard, "key_scope") for guard in handler.guards or ()):
            continue  # an employer's API key
        own = path in LOGGED_IN or path.startswith(LOGGED_IN_STARTS)
        if own and logged_in in (handler.guards or ()):
            continue
        known = {manages_accounts, describes_some, invites_employers, of_employer, works_with_some}
        if known & {*(handler.guards or ())}:
            continue
        open_.append((path, sorted(handler.http_methods)))

    assert open_ == []


async def test_a_guard_answers_before_anything_of_the_contest_is_read(
    client: httpx.AsyncClient, app: Litestar
) -> None:
    nowhere = "00000000-0000-4000-8000-000000000000"
    answers = {}
    for path, handler in handlers(app):
        guarded = permission_of(handler) or tablet in (handler.guards or ())
        if guarded and path.startswith("/api/v1/"):
            address = re.sub(r"{\w+:uuid}", nowhere, re.sub(r"{\w+:str}", "x", path))
            for method in handler.http_methods - {"OPTIONS", "HEAD"}:
                answers[method, path] = (await client.request(method, address)).status_code

    assert set(answers.values()) == {401}, {k: v for k, v in answers.items() if v != 401}


@pytest.fixture
async def document(client: httpx.AsyncClient) -> dict[str, Any]:
    response = await client.get("/schema/openapi.json")
    assert response.status_code == 200
    found: dict[str, Any] = response.json()
    return found


OTHERS = {"LogIn", "HonourIn", "IssuerIn"}
"""Bodies of the other packages."""


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if method in {"get", "post", "put", "delete", "patch"}:
                yield f"{method.upper()} {path}", operation


async def test_the_document_is_openapi_3_1_and_every_reference_leads_somewhere(
    document: dict[str, Any],
) -> None:
    assert document["openapi"].startswith("3.1")

    broken = [ref for ref in references(document) if not leads_somewhere(document, ref)]

    assert broken == []


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def leads_somewhere(document: dict[str, Any], ref: str) -> bool:
    here: Any = document
    for part in ref.removeprefix("#/").split("/"):
        if not isinstance(here, dict) or part not in here:
            return False
        here = here[part]
    return True


async def test_every_operation_says_what_it_does_and_how_it_may_refuse(
    document: dict[str, Any],
) -> None:
    known = {tag["name"] for tag in document["tags"]}
    wrong = []
    for name, operation in operations(document):
        problems = [
            status for status, answer in operation["responses"].items() if status.startswith("4")
            and "application/problem+json" in answer.get("content", {})
        ]  # fmt: skip
        if not operation.get("summary"):
            wrong.append((name, "says nothing"))
        if not operation.get("tags") or not set(operation["tags"]) <= known:
            wrong.append((name, f"tags {operation.get('tags')}"))
        if " /api/v1/" in name and not problems:
            wrong.append((name, "documents no refusal"))

    assert wrong == []


async def test_every_problem_answer_has_an_example(document: dict[str, Any]) -> None:
    bare = [
        (name, status)
        for name, operation in operations(document)
        for status, answer in operation["responses"].items()
        for media, content in answer.get("content", {}).items()
        if media == "application/problem+json" and not content.get("examples")
    ]

    assert bare == []


async def test_operation_ids_are_unique_and_bodies_of_the_contests_api_have_examples(
    document: dict[str, Any],
) -> None:
    ids = [operation["operationId"] for _, operation in operations(document)]
    schemas = document["components"]["schemas"]
    drafts = [name for name in schemas if name.endswith(("In", "Draft")) and name not in OTHERS]
    silent = [
        name for name in drafts
        if schemas[name]["properties"]
        and not any("examples" in str(field) for field in schemas[name]["properties"].values())
        and not any("$ref" in str(field) for field in schemas[name]["properties"].values())
    ]  # fmt: skip

    assert len(ids) == len(set(ids))
    assert drafts
    assert silent == []
