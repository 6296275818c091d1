"""`jiangxin init`: makes the secrets of a new installation."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from core.commands.output import complain, say
from core.installation import write_secrets
from core.settings import SECRETS_FILE, current


class Init:
    word = "init"
    help = "make the secrets of a new installation in the data folder"

    def arguments(self, parser: ArgumentParser) -> None:
        """It takes none: the folder is JIANGXIN_DATA."""

    def run(self, arguments: Namespace) -> int:
        settings = current()
        try:
            path = write_secrets(settings.data)
        except FileExistsError:
            complain(f"{settings.data / SECRETS_FILE} exists already; it was left as it is.")
            return 1
        say(f"Wrote {path} (readable by you alone). Keep a copy apart from the database.")
        if not settings.embedded:
            say("Next: `jiangxin migrate` once, then `jiangxin serve` and `jiangxin worker`.")
        return 0
