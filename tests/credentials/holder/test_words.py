"""Every sentence of the holder's pages and of the organiser's room for them, in all four languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import admin
import credentials
from admin.console.holders import links as cards
from admin.console.holders import routes as room
from contests import about_person as contests_part
from core import about_person
from core.web.i18n import catalogue, read_catalogue
from credentials.holder import asking, everything, excerpt, links, messages, sessions

OWN = Path(credentials.__file__).parent / "holder"
ROOM = Path(admin.__file__).parent / "console/holders"
PLACES = re.compile(r"\{(\w+)\}")
SAID = re.compile(r"\b_\((['\"])(.+?)\1[,)]")
CHAPTER = re.compile(r'Chapter\(\s*"\w+",\s*"([^"]+)"')


def of_templates(folder: Path) -> set[str]:
    text = "".join(path.read_text("utf-8") for path in (folder / "templates").glob("*.html"))
    return {words for _, words in SAID.findall(text)}


def of_chapters() -> set[str]:
    modules = (about_person, contests_part, everything)
    text = "".join(Path(str(module.__file__)).read_text("utf-8") for module in modules)
    return set(CHAPTER.findall(text))


MSGIDS = (
    of_templates(OWN)
    | of_templates(ROOM)
    | of_chapters()
    | {*excerpt.NAMES.values(), *excerpt.FIELDS.values(), *asking.KINDS.values()}
    | {words for _, words in asking.STATES.values()}
    | {*everything.LABELS.values(), *messages.FINDINGS.values()}
    | {links.HolderLinkOver.title, sessions.HolderUnknown.title, asking.RequestDecided.title}
    | {*cards.MODES.values(), *cards.HEAD, *room._SAID.values(), cards.KIND.title}
)


def test_the_sentences_are_found() -> None:
    assert {"My certificates", "Identity documents", "Contests entered", "Excerpts that you shared",
            "Make cards and a workbook"} <= MSGIDS  # fmt: skip


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "pt"])
def test_every_sentence_is_translated(language: str) -> None:
    assert MSGIDS - set(catalogue(language)) == set()


@pytest.mark.parametrize("folder", [OWN, ROOM], ids=["own", "room"])
@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "pt"])
def test_translations_have_the_same_places(folder: Path, language: str) -> None:
    for msgid, text in read_catalogue(folder / f"locale/{language}.po").items():
        assert set(PLACES.findall(text)) == set(PLACES.findall(msgid)), msgid
