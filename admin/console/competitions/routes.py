"""The handlers of these rooms, and their templates and styles."""

from __future__ import annotations

from pathlib import Path

from admin.console.competitions import programme, settings, shelf, starting, uploads
from core.web import assets, templates

HERE = Path(__file__).parent


def register() -> None:
    assets.register("admin/competitions", HERE / "static")
    templates.register("competitions", HERE / "templates")


HANDLERS = [
    *shelf.HANDLERS,
    *programme.HANDLERS,
    *starting.HANDLERS,
    *uploads.HANDLERS,
    *settings.HANDLERS,
]
