"""Every sentence of the room of stacks exists in all four languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import credentials
from core.errors import JiangxinError
from core.web.i18n import read_catalogue
from credentials.stacks import eyes, keeping, neighbours, record, sheet, words, work

ROOM = Path(credentials.__file__).parent / "stacks"
PLACES = re.compile(r"\{(\w+)\}")
ASKED = re.compile(
    r"""(?:\b_|\btranslate|\bsaid)\(\s*"((?:[^"\\]|\\.)*)"|\b_\('((?:[^'\\]|\\.)*)'"""
)
ELSEWHERE = {"Skip to content", "Language"}
"""Sentences of the frame that every page has."""


def of_texts() -> set[str]:
    files = [*ROOM.glob("*.py"), *ROOM.rglob("*.html")]
    return {one or other for file in files for one, other in ASKED.findall(file.read_text("utf-8"))}


def of_tables() -> set[str]:
    pairs = [*words.PROBLEMS.values(), *words.OF_FILES.values()]
    places = {text for one in neighbours.NEIGHBOURS.values() for text in (one.title, one.look)}
    said = {text for pair in pairs for text in pair if text}
    said |= set(words.RULINGS.values()) | set(words.FINDINGS.values()) | set(record.NOTES)
    said |= {title for title, _ in sheet.COLUMNS} | {sheet.SHEET, record.TITLE}
    return said | places | {work.TITLE, work.UNPACKING, work.READING, work.WRITING}


def of_errors() -> set[str]:
    found = [v for module in (eyes, keeping) for v in vars(module).values()]
    own = [e for e in found if isinstance(e, type) and issubclass(e, JiangxinError)]
    return {e.title for e in own if e.__module__.startswith("credentials.stacks")}


SENTENCES = (of_texts() | of_tables() | of_errors()) - ELSEWHERE


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "pt"])
def test_every_sentence_is_translated_with_its_places(language: str) -> None:
    package = Path(credentials.__file__).parent
    own = read_catalogue(ROOM / f"locale/{language}.po")
    shared = {
        **read_catalogue(package / f"locale/{language}.po"),
        **read_catalogue(package / f"pages/locale/{language}.po"),
    }

    assert SENTENCES - set(own) - set(shared) == set()
    assert set(own) - SENTENCES == set()
    for msgid, text in own.items():
        assert set(PLACES.findall(text)) == set(PLACES.findall(msgid)), msgid
