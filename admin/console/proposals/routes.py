"""The rooms "Partner rules" and "Proposals"."""

from pathlib import Path

from admin.console.proposals import proposal_pages, rule_pages
from core.web import assets, templates

HERE = Path(__file__).parent


def register() -> None:
    templates.register("proposals", HERE / "templates")
    assets.register("admin/proposals", HERE / "static")


HANDLERS = [*rule_pages.HANDLERS, *proposal_pages.HANDLERS]
