"""What every page of an installation says that nobody has set up yet."""

from __future__ import annotations

from core.errors import Unavailable

PATH = "/setup"


class SetUpFirst(Unavailable):
    slug = "set-up-first"
    title = "This installation has not been set up yet. Open its home page in a browser."
