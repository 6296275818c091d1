"""Everything that a built-in plugin or the option reader may say is there in four languages."""

from __future__ import annotations

import ast
import re
from fractions import Fraction
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import plugins
from core.findings import sentences
from core.option_messages import SENTENCES
from plugins import cooking, craftsman_index, drone_surveying, greater_bay_area, panel, robotics
from plugins.drone_surveying.check_points import Point, figures
from plugins.drone_surveying.limits import Limits

FOLDER = Path(plugins.__file__).parent
CORE = FOLDER.parent / "core"
SOURCES = [
    *(p for p in FOLDER.rglob("*.py") if "conformance" not in p.parts),
    *(CORE / name for name in ("options.py", "csv_table.py")),
    *CORE.glob("standard_*.py"),
]
MODULES = (cooking, craftsman_index, drone_surveying, greater_bay_area, panel, robotics)


def codes_found() -> set[str]:
    """Every code that stands as the second argument of a Finding, or alone in a list of codes."""
    found = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Finding":
                found |= {
                    argument.value
                    for argument in node.args[1:2]
                    if isinstance(argument, ast.Constant)
                }
            if isinstance(node, ast.List):
                found |= {
                    item.value
                    for item in node.elts
                    if isinstance(item, ast.Constant)
                    and re.fullmatch(r"[a-z]+(-[a-z]+)+", str(item.value))
                }
    return found


def catalogue(language: str) -> dict[str, str]:
    with (FOLDER / "locale" / f"{language}.po").open("rb") as file:
        return {str(m.id): str(m.string) for m in read_po(file) if m.id}


def ours() -> dict[str, str]:
    """Code -> sentence of the option reader and of every `register_findings({...})` in plugins."""
    codes = set(SENTENCES)
    for path in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "register_findings":
                (registered,) = node.args
                assert isinstance(registered, ast.Dict)
                codes |= {key.value for key in registered.keys if isinstance(key, ast.Constant)}
    return {code: sentences()[code] for code in codes}


def test_every_code_has_a_sentence() -> None:
    assert MODULES
    assert codes_found() <= set(sentences())
    assert set(SENTENCES) <= set(ours())


def test_no_sentence_is_left_over() -> None:
    used = codes_found() | set(re.findall(r'"([a-z]+(?:-[a-z]+)+)"', "".join(
        path.read_text(encoding="utf-8") for path in SOURCES if path.name != "messages.py"
    )))  # fmt: skip

    assert {code for code in ours() if code not in used} == set()


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "pt"])
def test_every_sentence_is_translated_with_the_same_placeholders(language: str) -> None:
    translated = catalogue(language)

    for code, sentence in ours().items():
        assert translated.get(sentence), f"{code} is missing in {language}"
        expected = set(re.findall(r"\{(\w+)\}", sentence))
        assert set(re.findall(r"\{(\w+)\}", translated[sentence])) == expected, code


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "pt"])
def test_every_figure_of_the_check_points_is_translated(language: str) -> None:
    zero = Fraction(0)
    shown = figures([Point(2, "1", zero, zero, zero)], Limits(zero, zero), equal_accuracy=False)

    assert all(catalogue(language).get(name) for name, _ in shown)
