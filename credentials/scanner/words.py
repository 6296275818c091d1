"""The scanner's sentences: its modules ask for them by their English text (`app/words.js`)."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from core.scoring.model import Text
from core.skill_levels import LEVELS
from core.web.assets import app_file, app_files
from core.web.i18n import LANGUAGES, SOURCE, translate

APP = Path(__file__).parent / "app"
_ASKED = re.compile(r'(?<![\w.])(?:t|later)\(\s*"((?:[^"\\\n]|\\.)*)"')


@cache
def sentences() -> tuple[str, ...]:
    """Every sentence that stands in t("…") or later("…") in a module."""
    names = (name for name in app_files(APP) if name.endswith(".js"))
    texts = (app_file(APP, name).read_text("utf-8") for name in names)
    return tuple(sorted({asked for text in texts for asked in _ASKED.findall(text)}))


def table() -> dict[str, list[str]]:
    """Sentence -> the same in every other language, in the order of `words.js`: one file for all,
    because the language is changed without a network too."""
    others = [language for language in LANGUAGES if language != SOURCE]
    levels = {title[SOURCE]: title for title in LEVELS.values()}
    return {
        sentence: [_said(sentence, levels.get(sentence), code) for code in others]
        for sentence in sentences()
    }


def _said(sentence: str, level: Text | None, language: str) -> str:
    """The words of a level stand in their own table."""
    return level[language] if level else translate(sentence, language)
