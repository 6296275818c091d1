"""The page as bytes with its headers. The style stands inside, allowed by its hash."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from core.web.i18n import translate
from credentials.pages.view import Page

_FOLDER = Path(__file__).parent
CSS = (_FOLDER / "verify.css").read_text(encoding="utf-8").replace("\n", "")
_HASH = base64.b64encode(hashlib.sha256(CSS.encode()).digest()).decode()
CSP = (
    f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "X-Content-Type-Options": "nosniff",
    "Vary": "Accept, Accept-Language, Cookie",
}


def render(page: Page) -> str:
    return template("verify.html", page.language).render(page=page)


@cache
def template(name: str, language: str) -> Template:
    def say(message: str, **params: Any) -> str:
        return translate(message, language, **params)

    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # Our own file, no user's text: it must reach the page letter by letter for its hash to fit.
    environment.globals.update(_=say, css=Markup(CSS))  # noqa: S704
    return environment.get_template(name)
