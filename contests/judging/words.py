"""The sentences of the tablet: its modules ask for them by their English text (`app/words.js`)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from core.web.assets import app_file, app_files
from core.web.i18n import LANGUAGES, SOURCE, translate

APP = Path(__file__).parent / "app"
_ASKED = re.compile(r'(?<![\w.])(?:t|later)\(\s*"((?:[^"\\\n]|\\.)*)"')
_ESCAPED = re.compile(r"\\(.)")


@cache
def sentences() -> tuple[str, ...]:
    """Every sentence that stands in t("…") or later("…") in a module of the app."""
    return asked_in(name for name in app_files(APP) if name.endswith(".js"))


def asked_in(modules: Iterable[str]) -> tuple[str, ...]:
    """The sentences of these modules, in their order."""
    found: set[str] = set()
    for module in modules:
        asked = _ASKED.findall(app_file(APP, module).read_text("utf-8"))
        found |= {_ESCAPED.sub(r"\1", sentence) for sentence in asked}
    return tuple(sorted(found))


def words(language: str) -> dict[str, str]:
    """Every sentence in `language`, its {places} left open."""
    return {sentence: translate(sentence, language) for sentence in sentences()}


def table(wanted: Iterable[str]) -> dict[str, list[str]]:
    """Sentence -> the same in every other language, in the order of `words.js`: one file for all, because
    a judge changes the language without a network too."""
    others = [language for language in LANGUAGES if language != SOURCE]
    return {sentence: [translate(sentence, language) for language in others] for sentence in wanted}
