"""The two rooms of who signs elsewhere."""

from pathlib import Path

from admin.console.signers import installations, messages, partners
from core.web import templates
from credentials.trusting import ending_again

HERE = Path(__file__).parent


def register() -> None:
    templates.register("signers", HERE / "templates")
    messages.install()
    ending_again.register()


HANDLERS = [*partners.HANDLERS, *installations.HANDLERS]
