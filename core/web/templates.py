"""Pages by Jinja: autoescaped, translated, with what every page knows.

    templates.register("admin", Path(...))      ->   render(request, "admin/console.html", contests=…)

Every template may use `_()`, `pick()`, `lang_of()`, `finding_text()`, `error_text()`, `asset()`,
`show_list()`, `show_date()`, `show_moment()`, `show_number()`, `csrf_field()`, `csrf_token`, `language`,
`languages`, `actor` and `here` (the address without a language).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined
from litestar import Response
from litestar.datastructures import Cookie
from litestar.enums import MediaType
from markupsafe import Markup

from core import settings
from core.findings import render as render_finding
from core.scoring.model import Finding, Text
from core.security import Connection, actor_if_any
from core.web import i18n
from core.web.assets import asset
from core.web.compress import lightly
from core.web.language import asked_for, language_of

_folders: dict[str, Path] = {"core": Path(__file__).parent / "templates"}
LANGUAGE_COOKIE_LIFE = 365 * 24 * 3600


def register(package: str, folder: Path) -> None:
    """Templates of `folder` are named `package/…`."""
    _folders[package] = folder
    environment.cache_clear()


@cache
def environment() -> Environment:
    made = Environment(
        loader=ChoiceLoader([
            PrefixLoader({name: FileSystemLoader(path) for name, path in _folders.items()}),
            *(FileSystemLoader(path) for path in _folders.values()),
        ]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.do"],
    )  # fmt: skip
    made.globals["asset"] = asset
    return made


def render(request: Connection, name: str, *, status: int = 200, **context: Any) -> Response[bytes]:
    """A page as a response, with the language cookie when the address chose one."""
    response = Response(
        html(request, name, **context),
        status_code=status,
        media_type=MediaType.HTML,
        headers={"Vary": "Accept-Encoding, Accept-Language, Cookie", "Cache-Control": "no-store"},
    )
    chosen = asked_for(request)
    if chosen:
        response.set_cookie(
            Cookie(i18n.COOKIE, "/", chosen, max_age=LANGUAGE_COOKIE_LIFE, samesite="lax", httponly=True,
                   secure=settings.current().secure)
        )  # fmt: skip
    return lightly(request, response)


def html(request: Connection, name: str, **context: Any) -> bytes:
    """The page alone."""
    page = environment().get_template(name).render(**page_context(request), **context)
    return page.encode()


def page_context(request: Connection) -> dict[str, Any]:
    language = language_of(request)
    return {
        **words(language),
        "language": language,
        "languages": [(code, i18n.NAMES[code]) for code in settings.current().languages],
        "language_links": _language_links(request),
        "actor": actor_if_any(request),
        "csrf_token": request.scope.get("csrf_token", ""),
        "csrf_field": lambda: _csrf_field(str(request.scope.get("csrf_token", ""))),
        "here": request.url.path,
    }


def words(language: str) -> dict[str, Callable[..., Any]]:
    """The functions of a template that depend on the language."""

    def gettext(msgid: str, **params: Any) -> Markup:
        return i18n.translate_markup(msgid, language, **params)

    def pick(text: Text | str | None) -> str:
        return i18n.pick(text, language)

    def finding(value: Finding) -> str:
        return render_finding(value, language)

    return {
        "_": gettext,
        "pick": pick,
        "lang_of": lambda text: i18n.language_of_text(text, language),
        "finding_text": finding,
        "error_text": lambda error: i18n.translate(error.title, language, **error.params),
        "show_list": lambda words: i18n.show_list(words, language),
        "show_date": lambda value: i18n.show_date(value, language),
        "show_moment": lambda value: i18n.show_moment(value, language),
        "show_number": lambda value: i18n.show_number(value, language),
    }


def _csrf_field(token: str) -> Markup:
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(token)


def _language_links(request: Connection) -> list[tuple[str, str, str]]:
    """(language, its name, address of this page in it)."""
    rest = [(k, v) for k, v in request.query_params.multi_items() if k != "lang"]
    return [
        (code, i18n.NAMES[code], f"{request.url.path}?{urlencode([*rest, ('lang', code)])}")
        for code in settings.current().languages
    ]
