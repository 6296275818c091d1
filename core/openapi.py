"""What the API's description says in common: tags, log-in, and the problem answer of an operation."""

from __future__ import annotations

from importlib.metadata import version

from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Components, SecurityScheme, Tag

from core.problems import PROBLEM_EXAMPLE, PROBLEM_JSON, Problem
from core.web.session import cookie_name

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
    "`limit` and `after` in, `items` and `next` out. A request with the session's cookie and an "
    "unsafe method needs X-CSRF-Token; one with a bearer token does not."
)


def openapi_config() -> OpenAPIConfig:
    return OpenAPIConfig(
        title="Jiangxin",
        version=version("jiangxin"),
        description=DESCRIPTION,
        path="/schema",
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
                "cookie": SecurityScheme(
                    type="apiKey",
                    security_scheme_in="cookie",
                    name=cookie_name(),
                    description="From the log-in page; unsafe methods also need X-CSRF-Token.",
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
            description="Problem (RFC 9457)",
            media_type=PROBLEM_JSON,
        )
        for code in codes
    }
