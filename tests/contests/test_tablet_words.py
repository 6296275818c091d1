"""The tablet's sentences: each that a module asks for is in every language, its places too."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from contests.judging import routes
from contests.judging.answers import _NOT_COUNTABLE, _SENTENCES
from contests.judging.words import APP, sentences, words
from core.web.assets import app_file, app_files
from core.web.i18n import LANGUAGES, SOURCE, catalogue

PAGES = (
    *Path(routes.__file__).parent.rglob("*.html"),
    *(Path(routes.__file__).parent.parent / "board").rglob("*.html"),
)
IN_PAGE = re.compile(r"""_\(\s*(?:"([^"]+)"|'([^']+)')""")


def test_every_sentence_stands_literally_where_it_is_asked_for() -> None:
    """t(a variable) is fine only for what later("…") has put there."""
    built = re.compile(r"""(?<![\w.])(?:t|later)\(\s*[`']""")
    found = [
        (name, text[match.start() : match.start() + 60])
        for name in app_files(APP)
        if name.endswith(".js")
        for text in [app_file(APP, name).read_text("utf-8")]
        for match in built.finditer(text)
    ]

    assert found == []
    assert {"Who is marking?", "The clock"} <= set(sentences())


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != SOURCE])
def test_every_sentence_of_the_tablet_and_the_board_is_translated(language: str) -> None:
    routes.register()
    wanted = {*sentences(), *_SENTENCES.values(), _NOT_COUNTABLE}
    for page in PAGES:
        found = IN_PAGE.findall(page.read_text("utf-8"))
        wanted |= {double or single for double, single in found}

    assert wanted - set(catalogue(language)) == set()
    places = {sentence: set(re.findall(r"\{\w+\}", sentence)) for sentence in sentences()}
    told = words(language)
    assert {s: set(re.findall(r"\{\w+\}", told[s])) for s in sentences()} == places
