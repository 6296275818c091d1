"""Every code that contests emit has a sentence that says what to do, in all four languages."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import contests
from contests.messages import SENTENCES
from core.findings import sentences
from core.registry import registry
from core.settings import Settings
from core.web.i18n import read_catalogue

ROOT = Path(contests.__file__).parent
CALLS = {"Finding": 1, "Refusal": 0, "_refusal": 1, "_finding": 1}
"""Where the code stands among the arguments."""


def emitted() -> Iterator[tuple[str, str]]:
    files = [
        *ROOT.glob("*.py"),
        *(p for f in ("actions", "judging") for p in ROOT.glob(f"{f}/*.py")),
    ]
    for path in files:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                place = CALLS.get(node.func.id)
                if place is not None and len(node.args) > place:
                    argument = node.args[place]
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                        yield argument.value, path.name


def test_every_code_has_its_sentence(settings: Settings) -> None:
    registry()

    silent = {code: place for code, place in emitted() if code not in sentences()}

    assert len(dict(emitted())) > 80
    assert not silent


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "pt"])
def test_every_sentence_is_translated(language: str) -> None:
    known = read_catalogue(ROOT / "locale" / f"{language}.po")

    assert [sentence for sentence in SENTENCES.values() if sentence not in known] == []
