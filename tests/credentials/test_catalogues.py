"""Every sentence of certificates exists in all four languages."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import credentials
from core.errors import JiangxinError
from core.web.i18n import read_catalogue
from credentials import actions, messages
from credentials.comparing.actions import NOTES
from credentials.consents.actions import WORDING
from credentials.evidence import page
from credentials.lifecycle import changing
from credentials.pages import past, sentences, view
from credentials.pages.typed import LABELS
from credentials.records import actions as records
from credentials.resigning import actions as resigning
from credentials.resigning.work import TITLE

ROOT = Path(credentials.__file__).parent
PLACES = re.compile(r"\{(\w+)\}")


def of_codes() -> set[str]:
    tables = (messages.CHECKS, messages.DETAILS, messages.HONOURS, messages.FINDINGS)
    said = {sentence for table in tables for sentence in table.values()}
    return said | {text for pair in messages.STATES.values() for text in pair}


def of_errors() -> set[str]:
    found = [v for m in (actions, records, changing) for v in vars(m).values()]
    own = [e for e in found if isinstance(e, type) and issubclass(e, JiangxinError)]
    return {e.title for e in own if e.__module__.startswith("credentials")}


def of_templates() -> set[str]:
    text = "".join(path.read_text("utf-8") for path in (ROOT / "pages").glob("*.html"))
    return {quoted for _, quoted in re.findall(r"_\((['\"])(.+?)\1[,)]", text)}


def of_the_page() -> set[str]:
    said = {*sentences.WHAT_NOW.values(), *sentences.AGAIN.values(), sentences.NOT_FORGED}
    said |= {text for one in sentences.CODES.values() for text in one[1:] if text}
    said |= {*page.VALUES.values(), *(text for one in page.WORDS.values() for text in one[2:])}
    said |= {sentence for _, sentence in WORDING.values()}
    for table in (past.VERSIONS, past.BECAUSE, past.EVENTS, past.REASONS):
        said |= {*table.values()}
    said |= {resigning.KeySound.title, TITLE}
    said |= {*past.CORRECTING, past.OLD_NAME, *sentences.AWAY, sentences.AGAIN_AWAY}
    said |= {sentence for _, _, sentence in sentences.CODES_AWAY.values()}
    return said | {*view.PHOTO.values(), *LABELS.values(), *NOTES.values()}


def of_the_view() -> set[str]:
    """Strings of the page's labels and of the history's lines."""
    tree = ast.parse((ROOT / "pages/view.py").read_text("utf-8"))
    constants = {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant)}
    found = {c for c in constants if isinstance(c, str)}
    return {c for c in found if re.fullmatch(r"[A-Z][a-z].*", c) and not c.endswith((".", ":"))}


MSGIDS = (
    of_codes()
    | of_errors()
    | of_templates()
    | of_the_page()
    | {s for s in of_the_view() if s not in ("English", "Português")}
)


def test_the_sentences_are_found() -> None:
    assert "Certificate check" in MSGIDS
    assert "Award / level" in MSGIDS
    assert len(MSGIDS) > 90


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "pt"])
def test_every_sentence_is_translated_with_its_places(language: str) -> None:
    catalogue = {
        **read_catalogue(ROOT / f"locale/{language}.po"),
        **read_catalogue(ROOT / f"pages/locale/{language}.po"),
    }

    assert MSGIDS - set(catalogue) == set()
    for msgid, text in catalogue.items():
        assert set(PLACES.findall(text)) == set(PLACES.findall(msgid)), msgid


def test_traditional_characters_are_not_the_simplified_ones() -> None:
    simplified = read_catalogue(ROOT / "locale/zh-Hans.po")
    traditional = read_catalogue(ROOT / "locale/zh-Hant.po")

    assert simplified["Withdrawn"] == "已撤销"
    assert traditional["Withdrawn"] == "已撤銷"
    assert simplified.keys() == traditional.keys()
