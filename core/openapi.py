"""What the API's description says in common: tags, and the problem answer of every operation."""

from __future__ import annotations

from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Tag

from core.problems import PROBLEM_EXAMPLE, PROBLEM_JSON, Problem

TAGS = [
    Tag("accounts", "Logging in, accounts and roles."),
    Tag("contests", "Setting contests up and running them."),
    Tag("judging", "What a tablet talks to."),
    Tag("results", "Standings, corrections, packages."),
    Tag("certificates", "Issued certificates, their status, verification."),
    Tag("system", "Is the installation well?"),
]


def problems(*codes: int) -> dict[int, ResponseSpec]:
    """Responses of an operation: problem+json for each status."""
    return {
        code: ResponseSpec(
            data_container=Problem,
            generate_examples=False,
            examples=[PROBLEM_EXAMPLE],
            description="Problem (RFC 9457)",
            media_type=PROBLEM_JSON,  # type: ignore[arg-type]
        )
        for code in codes
    }
