"""The page about an achievement: its name, what it is, what it takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from credentials.pages.display import shown
from credentials.pages.render import CSP, template

HEADERS = {
    "Content-Security-Policy": CSP,
    "Cache-Control": "public, max-age=3600",
    "Vary": "Accept, Accept-Language, Cookie",
}


def render_achievement(document: Mapping[str, Any], language: str) -> str:
    return template("achievement.html", language).render(
        language=language,
        name=shown(str(document["name"])),
        description=shown(str(document["description"])),
        criteria=shown(str(document["criteria"]["narrative"])),
    )
