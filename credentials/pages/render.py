"""The page with its headers. Style and script stand inside, each allowed by its hash: one answer is
the whole page."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from core.web.headers import style_hash
from core.web.i18n import translate
from core.web.session import CSRF_FIELD
from credentials.pages.spliced import FORM
from credentials.pages.view import Page

_FOLDER = Path(__file__).parent
CSS = (_FOLDER / "verify.css").read_text(encoding="utf-8").replace("\n", "")
_COMMENT = re.compile(r"^\s*//.*\n", re.MULTILINE)
_INDENT = re.compile(r"^\s+", re.MULTILINE)
SCRIPT = _INDENT.sub("", _COMMENT.sub("", (_FOLDER / "verify.js").read_text(encoding="utf-8")))
CSP = (
    f"default-src 'none'; style-src {style_hash(CSS)}; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'"
)
PAGE_CSP = CSP.replace("form-action 'none'", f"form-action 'self'; script-src {style_hash(SCRIPT)}")
"""Of the verify page: its own script and its own form, nothing else; it can't send anything elsewhere."""
HEADERS = {
    "Content-Security-Policy": PAGE_CSP,
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "X-Content-Type-Options": "nosniff",
    "Vary": "Accept, Accept-Language, Cookie, Accept-Encoding",
}


def field(csrf_token: str) -> str:
    """The hidden field of a form; nothing for a reader who is not logged in."""
    if not csrf_token:
        return ""
    return f'<input type="hidden" name="{CSRF_FIELD}" value="{escape(csrf_token)}">'


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
    # Our own files, no user's text: they must reach the page letter by letter for their hashes to fit.
    own = {
        "css": Markup(CSS),  # noqa: S704 - our own file
        "script": Markup(SCRIPT),  # noqa: S704 - our own file
        "form_field": Markup(FORM),  # noqa: S704 - our own mark
        "words": Markup,
    }
    environment.globals.update(_=say, **own)
    return environment.get_template(name)
