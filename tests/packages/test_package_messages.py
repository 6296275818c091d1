"""Every finding of packages and workbooks has its sentence, its remedy and its four languages."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from contests.importing import messages as workbook_messages
from contests.packages import messages
from core.web.i18n import LANGUAGES, read_catalogue

CONTESTS = Path(messages.__file__).parents[1]
PACKAGES = {"packages": messages.SENTENCES, "importing": workbook_messages.SENTENCES}
PREFIXES = ("package-", "csv-", "recount-", "workbook-", "cis-")


@pytest.mark.parametrize("package", list(PACKAGES))
def test_every_code_that_is_used_has_a_sentence_and_every_sentence_is_used(package: str) -> None:
    used = {
        node.value
        for path in (CONTESTS / package).glob("*.py")
        if path.name != "messages.py"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch(r"[a-z0-9-]+[a-z0-9]", node.value)
        and node.value.startswith(PREFIXES)
    }

    assert used - set(PACKAGES[package]) == set()
    assert set(PACKAGES[package]) - used == set()


@pytest.mark.parametrize("package", list(PACKAGES))
def test_every_sentence_says_what_to_do(package: str) -> None:
    """Two sentences, or a warning that only shows what was understood."""
    short = {
        code
        for code, sentence in PACKAGES[package].items()
        if not re.search(r"[.:;] ?\S.*\.$|: .+\.$", sentence)
    }

    assert short <= {"csv-number-understood"}


@pytest.mark.parametrize("package", list(PACKAGES))
@pytest.mark.parametrize("language", [name for name in LANGUAGES if name != "en"])
def test_every_sentence_is_translated_with_the_same_parameters(package: str, language: str) -> None:
    catalogue = read_catalogue(CONTESTS / package / "locale" / f"{language}.po")

    for sentence in PACKAGES[package].values():
        assert sentence in catalogue
        assert _parameters(catalogue[sentence]) == _parameters(sentence)
    assert set(catalogue) == set(PACKAGES[package].values())


def _parameters(sentence: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", sentence))
