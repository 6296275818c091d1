"""The timeline as it is shown, on the organiser's page of a person and on the person's own."""

from __future__ import annotations

from pathlib import Path

from core.web import assets, templates

HERE = Path(__file__).parent


def register() -> None:
    assets.register("credentials/person", HERE / "static")
    templates.register("person", HERE / "templates")
