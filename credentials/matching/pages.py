"""What the pages of this room have in common: nobody keeps or finds them, and forms come back as they were typed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from litestar import Request, Response

from core.errors import JiangxinError
from core.findings import render as render_finding
from core.web import assets, templates
from core.web.i18n import pick, translate
from core.web.language import language_of
from credentials.matching import words
from credentials.matching.party import FIELD, Party
from credentials.matching.registry import cities

HERE = Path(__file__).parent
Req = Request[Any, Any, Any]
HEADERS = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "same-origin",
}


def register() -> None:
    assets.register("credentials/matching", HERE / "static")
    templates.register("matching", HERE / "templates")


def show(
    request: Req,
    name: str,
    asked: Party | None = None,
    *,
    status: int = 200,
    error: JiangxinError | None = None,
    **values: Any,
) -> Response[bytes]:
    language = language_of(request)
    page = templates.render(
        request,
        f"matching/{name}",
        status=error.status if error else status,
        party=asked,
        form_field=(FIELD, asked.token) if asked and asked.session else None,
        problem=Problem(error, language) if error else None,
        w=words,
        cities=cities(),
        **_choices(language),
        **values,
    )
    page.headers.update(HEADERS)
    return page


def _choices(language: str) -> dict[str, Any]:
    """The lists of the forms, in the reader's words."""

    def said(known: Any) -> list[tuple[Any, str]]:
        return [(code, translate(word, language)) for code, word in known]

    return {
        "cities_shown": [[code, pick(title, language)] for code, title in cities().items()],
        "days_shown": said(words.DAYS),
        "days_of": lambda bits: [bit for bit, _ in words.DAYS if bits & bit],
        "services_shown": said(words.SERVICES.items()),
        "languages_shown": said(words.LANGUAGES.items()),
        "results_shown": said(words.RESULTS.items()),
    }


class Problem:
    """Why nothing was changed: the sentence, and every finding by its field."""

    def __init__(self, error: JiangxinError, language: str) -> None:
        self.sentence = translate(error.title, language, **error.params)
        self.findings = [(one.pointer, render_finding(one, language)) for one in error.findings]

    def of(self, pointer: str) -> list[str]:
        return [said for place, said in self.findings if place == pointer]
