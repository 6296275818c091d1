"""`plugins` is the whole public API, and the built-in plugins use nothing more."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import plugins

FOLDER = Path(plugins.__file__).parent
KIT = FOLDER / "conformance"
"""Drives the engine itself, for the author of a plugin, so it alone looks behind the API."""


def kind_then_name(name: str) -> tuple[int, str]:
    return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)


def test_the_list_of_public_names_is_sorted_constants_then_types_then_functions() -> None:
    assert list(plugins.__all__) == sorted(plugins.__all__, key=kind_then_name)


def test_everything_that_the_api_imports_is_public_and_nothing_else() -> None:
    tree = ast.parse((FOLDER / "__init__.py").read_text(encoding="utf-8"))

    imported = {
        alias.asname or alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module != "__future__"
        for alias in node.names
    }

    assert imported == set(plugins.__all__)
    assert all(hasattr(plugins, name) for name in plugins.__all__)


@pytest.mark.parametrize(
    "name",
    [
        "ContestType",
        "Effect",
        "Handler",
        "PartnerRules",
        "PluginContext",
        "Reading",
        "ResultFinal",
        "Scheme",
        "check",
        "hookimpl",
        "put",
        "register_findings",
        "requires",
        "seal",
        "transaction",
        "unseal",
    ],
)
def test_what_a_hook_needs_is_there(name: str) -> None:
    assert name in plugins.__all__


@pytest.mark.parametrize(
    "path",
    sorted(
        path
        for path in FOLDER.rglob("*.py")
        if path != FOLDER / "__init__.py" and KIT not in path.parents
    ),
    ids=lambda path: str(path.relative_to(FOLDER)),
)
def test_a_built_in_plugin_imports_only_the_public_api_and_itself(path: Path) -> None:
    own = ".".join(("plugins", *path.relative_to(FOLDER).with_suffix("").parts[:1]))

    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: relative import"
            names = [node.module or ""]
            if node.module == "plugins":
                inner = {alias.name for alias in node.names} - set(plugins.__all__)
                assert not inner, f"{path.name} imports {inner}, which is not public"
        for name in names:
            top = name.split(".")[0]
            assert top not in {"core", "contests", "credentials", "admin"}, f"{path.name}: {name}"
            if top == "plugins" and name != "plugins":
                assert name == own or name.startswith(f"{own}."), f"{path.name} imports {name}"
