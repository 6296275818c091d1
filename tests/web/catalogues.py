"""Every sentence that a reader may see, found in templates and code: what catalogues must hold."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from babel.messages.extract import extract_from_file

from core.web.i18n import PACKAGES

ROOT = Path(__file__).parent.parent.parent
PLACE = re.compile(r"\{(\w+)[^}]*\}")
MARKS = frozenset({"_", "translate", "gettext"})
SAID_AFTERWARDS = frozenset({"see_other", "done", "_done"})
"""Console functions that lead to an address and say a sentence there."""
WORD_ARGUMENTS = frozenset({"kind", "what", "state", "needed"})


@cache
def sentences_of(package: str) -> Mapping[str, str]:
    """msgid -> where it stands. Read once: a package's sentences are asked for each language."""
    found: dict[str, str] = {}
    for path in sorted((ROOT / package).rglob("*")):
        if path.suffix == ".html":
            items: Iterator[str] = _of_template(path)
        elif path.suffix == ".py" and "piccolo_migrations" not in path.parts:
            items = _of_module(path)
        else:
            continue
        for sentence in items:
            found.setdefault(sentence, str(path.relative_to(ROOT)))
    return found


def all_sentences() -> dict[str, str]:
    found: dict[str, str] = {}
    for package in PACKAGES:
        found = {**sentences_of(package), **found}
    return found


def _of_template(path: Path) -> Iterator[str]:
    for _, message, _, _ in extract_from_file("jinja2.ext:babel_extract", path, {"_": None}):
        yield message if isinstance(message, str) else message[0]


def _of_module(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text("utf-8"))
    if path.stem in {"messages", "words"} or path.stem.endswith("_messages"):
        yield from _constants(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from _of_call(node)
        elif isinstance(node, ast.ClassDef):
            yield from _title_of(node)
        elif isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            yield from _words_of(node.exc)


def _constants(tree: ast.Module) -> Iterator[str]:
    """Values of the dictionaries, and items of the tuples, that a module of sentences consists of."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            yield from (v.value for v in node.values if _is_text(v))
        elif isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(
            node.value, ast.Tuple | ast.List
        ):
            yield from (v.value for v in node.value.elts if _is_text(v))


def _of_call(node: ast.Call) -> Iterator[str]:
    name = getattr(node.func, "id", getattr(node.func, "attr", ""))
    if name in MARKS and node.args and _is_text(node.args[0]):
        yield node.args[0].value
    elif name in SAID_AFTERWARDS:
        said = (one.value for one in node.args if _is_text(one))
        yield from (words for words in said if not words.startswith("/"))


def _words_of(error: ast.Call) -> Iterator[str]:
    """raise NotFound(kind="contest"): the word stands in the error's sentence."""
    for keyword in error.keywords:
        if keyword.arg in WORD_ARGUMENTS and _is_text(keyword.value):
            yield keyword.value.value


def _title_of(node: ast.ClassDef) -> Iterator[str]:
    """An error's sentence stands beside its slug."""
    values = {
        target.id: statement.value
        for statement in node.body
        if isinstance(statement, ast.Assign | ast.AnnAssign)
        for target in (
            statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        )
        if isinstance(target, ast.Name) and statement.value is not None
    }
    if "slug" in values and "title" in values and _is_text(values["title"]):
        yield values["title"].value


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(node.value)
