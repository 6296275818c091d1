"""Which scopes lie around one: a contest within its competition, that within its organisation.

The kernel knows no contest. The package that does says so once, when its plugin is imported:

    enclosing.register("contest", scopes_around_contest)
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from core.security import Scope

Around = Callable[[str], Awaitable[Sequence[Scope]]]
"""Scope id -> the scopes that a grant may also be held in. Raises NotFound for an unknown id."""

_around: dict[str, Around] = {}


def register(kind: str, around: Around) -> None:
    _around[kind] = around


async def scopes(scope: Scope) -> tuple[Scope, ...]:
    """The scope itself and everything around it, but for the installation, which always counts."""
    around = _around.get(scope.kind)
    found = await around(scope.id) if around is not None else ()
    return tuple(dict.fromkeys([scope, *found]))
