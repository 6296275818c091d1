"""What was typed into a form, for the page to show again; addresses of the room."""

from __future__ import annotations

from uuid import UUID


class Typed(dict[str, str]):
    """A field that nobody filled in is empty."""

    def __missing__(self, key: str) -> str:
        return ""


def address_of(contest: UUID, page: str = "") -> str:
    return f"/console/contests/{contest}/judges" + (f"/{page}" if page else "")
