"""Nothing that a reader sees lacks a language, and every translation keeps its {places}."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from core.web.i18n import PACKAGES, catalogue, folders_of, read_catalogue
from tests.web.catalogues import PLACE, ROOT, all_sentences, sentences_of

WORD = re.compile(r"[A-Za-z]+")
LANGUAGES = ("zh-Hans", "zh-Hant", "pt")
FILES = [
    path for package in PACKAGES for folder in folders_of(package) for path in folder.glob("*.po")
]


@pytest.mark.parametrize("package", PACKAGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_of_a_package_is_there_in_each_language(package: str, language: str) -> None:
    known = catalogue(language)

    missing = {s: place for s, place in sentences_of(package).items() if s not in known}

    assert not missing


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_translation_keeps_the_places_of_its_sentence(path: Path) -> None:
    wrong = {
        sentence: translation
        for sentence, translation in read_catalogue(path).items()
        if set(PLACE.findall(sentence)) != set(PLACE.findall(translation))
    }

    assert not wrong


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_says_the_same_in_every_room(language: str) -> None:
    """All rooms share one catalogue: with two translations each room would read the first one."""
    said: dict[str, set[str]] = {}
    for path in FILES:
        if path.stem == language:
            for sentence, translation in read_catalogue(path).items():
                said.setdefault(sentence, set()).add(translation)

    assert not {s: different for s, different in said.items() if len(different) > 1}


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant"])
def test_a_chinese_sentence_is_chinese(language: str) -> None:
    latin = {
        sentence: translation
        for sentence, translation in catalogue(language).items()
        if len(WORD.findall(PLACE.sub("", sentence))) > 3
        and not any("\u4e00" <= c <= "\u9fff" for c in translation)
    }

    assert not latin


def test_no_traditional_sentence_holds_a_simplified_character() -> None:
    simplified = set("证赛项评颁奖签录请选号码书设备为进继续员关开处应")

    mixed = {s: t for s, t in catalogue("zh-Hant").items() if set(t) & simplified}

    assert not mixed


def test_extraction_finds_what_templates_errors_and_findings_say() -> None:
    found = all_sentences()

    assert "Skip to content" in found
    assert "There is no {kind} {id}." in found
    assert "The login {login} is in use. Choose another one." in found
    assert "Not found" in found
    assert "account" in found
