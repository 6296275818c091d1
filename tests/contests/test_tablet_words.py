"""The tablet's sentences: each that a module asks for is declared, and each is in every language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from contests.judging import routes
from contests.judging.answers import _NOT_COUNTABLE, _SENTENCES
from contests.judging.words import SENTENCES, words
from core.web.i18n import LANGUAGES, SOURCE, catalogue

APP = Path(routes.__file__).parent / "app"
CALL = re.compile(r'\bt\(\s*"((?:[^"\\]|\\.)*)"')
CHOSEN = re.compile(r'"(Sign [^"]*\{owed\}\))"')
PAGES = (
    *Path(routes.__file__).parent.rglob("*.html"),
    *(Path(routes.__file__).parent.parent / "board").rglob("*.html"),
)
IN_PAGE = re.compile(r"""_\(\s*(?:"([^"]+)"|'([^']+)')""")


def test_the_modules_ask_for_declared_sentences_only() -> None:
    asked = set()
    for module in APP.glob("*.js"):
        text = module.read_text("utf-8")
        asked |= set(CALL.findall(text)) | set(CHOSEN.findall(text))

    assert asked == set(SENTENCES)


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != SOURCE])
def test_every_sentence_of_the_tablet_and_the_board_is_translated(language: str) -> None:
    routes.register()
    wanted = {*SENTENCES, *_SENTENCES.values(), _NOT_COUNTABLE}
    for page in PAGES:
        found = IN_PAGE.findall(page.read_text("utf-8"))
        wanted |= {double or single for double, single in found}

    assert wanted - set(catalogue(language)) == set()
    places = {sentence: set(re.findall(r"\{\w+\}", sentence)) for sentence in SENTENCES}
    told = words(language)
    assert {s: set(re.findall(r"\{\w+\}", told[s])) for s in SENTENCES} == places
