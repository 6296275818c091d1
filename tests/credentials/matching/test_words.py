"""Sentences that are chosen at run time, where no template names them, exist in all four languages too."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import admin.console.matching
import credentials.matching
from core.web.i18n import catalogue
from credentials.matching import consents, words
from credentials.matching.states import NEED, OFFER

FOLDERS = [Path(str(m.__file__)).parent for m in (admin.console.matching, credentials.matching)]
PLACES = {"see_other": 1, "say": 0, "Chapter": 1, "translate": 0}
"""Function -> which of its arguments is a msgid."""


def said() -> set[str]:
    found = {consents.WORDING[1], consents.OWN_PAGE}
    for folder in FOLDERS:
        for path in folder.glob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call):
                    found |= _of(node)
    return found


def _of(node: ast.Call) -> set[str]:
    name = getattr(node.func, "id", getattr(node.func, "attr", ""))
    chosen = node.args[PLACES[name] : PLACES[name] + 1] if name in PLACES else []
    chosen += [one.value for one in node.keywords if one.arg == "title" and name == "remember"]
    return {
        one.value for one in chosen if isinstance(one, ast.Constant) and isinstance(one.value, str)
    }


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "pt"])
def test_every_sentence_is_there(language: str) -> None:
    found = said()

    assert len(found) > 25
    assert found - set(catalogue(language)) == set()


def test_every_state_has_its_word() -> None:
    needs, offers = set(NEED.values()), set(OFFER.values())

    assert {*needs, *(state for state, _ in NEED)} == set(words.NEED_WORDS)
    assert {*offers, *(state for state, _ in OFFER)} == set(words.OFFER_WORDS)
