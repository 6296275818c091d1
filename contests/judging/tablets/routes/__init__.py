"""The API of shared tablets: for strangers with a code, for tablets, and for the control room."""

from __future__ import annotations

from pathlib import Path

from litestar import Router

from contests.judging.tablets import messages
from contests.judging.tablets.routes import console, pictures, public, readings, tablet
from core.web import i18n

API = Router(
    "/api/v1",
    route_handlers=[
        *public.HANDLERS,
        *tablet.HANDLERS,
        *pictures.HANDLERS,
        *readings.HANDLERS,
        *console.HANDLERS,
    ],
)


def register() -> None:
    """Names the sentences to the web layer; once is enough, twice does no harm."""
    i18n.register(Path(__file__).parent.parent / "locale")
    messages.install()
