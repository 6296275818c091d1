"""What lies around a contest and a competition: an organisation's organiser gives roles in both."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from contests.actions.common import competition_scopes, scopes_of
from core import enclosing
from core.errors import NotFound
from core.security import Scope


def install() -> None:
    """Called when the package is loaded."""
    enclosing.register("contest", _around_contest)
    enclosing.register("competition", _around_competition)


async def _around_contest(contest: str) -> Sequence[Scope]:
    return await scopes_of(_uuid("contest", contest))


async def _around_competition(competition: str) -> Sequence[Scope]:
    return await competition_scopes(_uuid("competition", competition))


def _uuid(kind: str, text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound(kind=kind, id=text[:40]) from error
