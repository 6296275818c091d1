"""What the pages of this room share: whose registry it is, the way between them, a link that is shown once."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from litestar import Response
from markupsafe import Markup

from admin.console.frame import Req, show
from core.errors import JiangxinError
from core.security import actor_in, requires
from core.web import assets, qr, templates
from core.web.i18n import pick, translate
from core.web.language import language_of
from credentials.matching import words
from credentials.matching.links import DAYS
from credentials.matching.registry import (
    DISPATCH,
    READ,
    by_organisation,
    check_keeper,
    cities,
    scope_of,
)

HERE = Path(__file__).parent
ROOM = "matching"
HOUSE = "/console/matching"
BASE = f"{HOUSE}/{{organisation:uuid}}"
READS = [requires(READ, by_organisation)]
DISPATCHES = [requires(DISPATCH, by_organisation)]
TABS = (
    ("needs", "Needs", ""),
    ("craftsmen", "Craftsmen", "/craftsmen"),
    ("teams", "Service teams", "/teams"),
    ("enterprises", "Enterprises", "/enterprises"),
    ("figures", "Figures", "/figures"),
)
TAB_WORDS = ("Needs", "Craftsmen", "Service teams", "Enterprises", "Figures")


def register() -> None:
    templates.register("console-matching", HERE / "templates")
    assets.register("admin/matching", HERE / "static")


async def room(
    request: Req,
    name: str,
    organisation: UUID,
    tab: str,
    *,
    error: JiangxinError | None = None,
    **values: Any,
) -> Response[bytes]:
    """A page of one registry. Raises NotFound for an organisation that keeps none."""
    by, language = actor_in(request), language_of(request)
    title = await check_keeper(by, organisation, READ)
    return await show(
        request,
        f"console-matching/{name}",
        room=ROOM,
        error=error,
        base=f"{HOUSE}/{organisation}",
        keeper=title,
        tabs=TABS,
        tab=tab,
        may=by.may(DISPATCH, scope_of(organisation)),
        w=words,
        cities=cities(),
        said_of_codes=_choices(language),
        **values,
    )


async def links_page(
    request: Req, organisation: UUID, tab: str, made: list[tuple[str, str]], **values: Any
) -> Response[bytes]:
    """made: (for whom, address). Shown on this answer and nowhere else."""
    shown = [(name, address, Markup(qr.svg(address))) for name, address in made]  # noqa: S704 - drawn by ourselves
    return await room(
        request, "links.html", organisation, tab, made=shown, days=DAYS, **{"undo": "", **values}
    )


def _choices(language: str) -> dict[str, list[tuple[str, str]]]:
    def said(known: Any) -> list[tuple[str, str]]:
        return [(str(code), translate(word, language)) for code, word in known]

    return {
        "city": [(code, pick(title, language)) for code, title in cities().items()],
        "level": [(code, pick(words.LEVELS[code], language)) for code in sorted(words.LEVELS)],
        "honour": said(words.HONOURS.items()),
        "tier": said(words.TIERS.items()),
        "service": said(words.SERVICES.items()),
        "languages": said(words.LANGUAGES.items()),
        "days": said(words.DAYS),
        "state": said(words.NEED_WORDS.items()),
    }
