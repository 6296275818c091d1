"""What the API's description says in common: tags, log-in, and the problem answer of an operation."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from litestar import Request
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme, Tag

from core.problems import PROBLEM_EXAMPLE, PROBLEM_JSON, Problem
from core.web.schema_page import SchemaPage
from core.web.session import cookie_name

PROBLEM = "Problem (RFC 9457)"
TAGS = [
    Tag("accounts", "Logging in, accounts and roles."),
    Tag("contests", "Setting contests up and running them."),
    Tag("judging", "What a tablet talks to."),
    Tag("results", "Standings, corrections, packages."),
    Tag("certificates", "Issued certificates, their status, verification."),
    Tag("system", "Is the installation well, and who changed what?"),
]
DESCRIPTION = (
    "Skills contests that a chief referee trusts, certificates that an employer can check. "
    "Errors are RFC 9457 problems that list everything wrong at once, in the language of "
    "Accept-Language. Numbers that decide something are decimal strings. Lists come in pages: "
    "limit and after in, items and next out. A request with the session's cookie and an "
    "unsafe method needs X-CSRF-Token; one with a bearer token does not."
)


def openapi_config() -> OpenAPIConfig:
    return OpenAPIConfig(
        title="Jiangxin",
        version=version("jiangxin"),
        description=DESCRIPTION,
        path="/schema",
        render_plugins=[SchemaPage(), Description()],
        tags=TAGS,
        use_handler_docstrings=True,
        components=Components(
            security_schemes={
                "bearer": SecurityScheme(
                    type="http",
                    scheme="bearer",
                    bearer_format="JWT",
                    description="From POST /api/v1/sessions.",
                ),
                "key": SecurityScheme(
                    type="http",
                    scheme="bearer",
                    description="`Authorization: Bearer jx_…`, a key that an employer makes on its own page, or an"
                    " authority for its database.",
                ),
                "cookie": SecurityScheme(
                    type="apiKey",
                    security_scheme_in="cookie",
                    name=cookie_name(),
                    description="From the log-in page; unsafe methods also need X-CSRF-Token, the value of csrf_token in any form of our pages.",
                ),
                "tablet": SecurityScheme(
                    type="apiKey",
                    security_scheme_in="header",
                    name="Authorization",
                    description="`Tablet <token>` of an enrolled device, from POST /api/v1/judging/tablet/session.",
                ),
            }
        ),
        security=[{"bearer": []}, {"cookie": []}],
    )


def problems(*codes: int) -> dict[int, ResponseSpec]:
    """Responses of an operation: problem+json for each status."""
    return {
        code: ResponseSpec(
            data_container=Problem,
            generate_examples=False,
            examples=[PROBLEM_EXAMPLE],
            description=PROBLEM,
            media_type=PROBLEM_JSON,
        )
        for code in codes
    }


class Description(JsonRenderPlugin):
    """The description as JSON. Litestar describes an unreadable request (400) in a form that it
    never has here; it is a problem like every other error."""

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        for item in openapi_schema["paths"].values():
            for operation in item.values():
                if isinstance(operation, dict):
                    _complete(operation)
        return super().render(request, openapi_schema)


def _complete(operation: dict[str, Any]) -> None:
    operation.setdefault("description", f"{operation.get('summary', '')}.")
    for status, answer in operation["responses"].items():
        if status >= "4" and "application/json" in answer.get("content", {}):
            answer["description"] = PROBLEM
            schema = {"$ref": "#/components/schemas/Problem"}
            examples = {"problem": PROBLEM_EXAMPLE.to_schema()}
            answer["content"] = {PROBLEM_JSON: {"schema": schema, "examples": examples}}
