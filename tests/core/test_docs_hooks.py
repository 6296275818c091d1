"""docs/hooks.md and docs/settings.md say what the code says, and the example in them works."""

from __future__ import annotations

import importlib.util
import inspect
import sys
from pathlib import Path
from types import ModuleType

import pytest

from core.hookspecs import hookspec
from core.registry import load_registry
from core.scoring.check_scheme import check_scheme
from core.settings import VARIABLES, Secrets, Settings, load
from tests.core import wheels

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def pages() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "reference_pages", ROOT / "scripts" / "reference_pages.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["hooks.md", "settings.md"])
def test_the_page_is_as_the_code_says(pages: ModuleType, name: str) -> None:
    assert (ROOT / "docs" / name).read_text("utf-8") == pages.PAGES[name](), (
        "Run scripts/hooks-page and commit what it writes."
    )


def test_every_hook_has_a_section_with_its_signature(pages: ModuleType) -> None:
    text = (ROOT / "docs" / "hooks.md").read_text("utf-8")

    for hook in pages.hooks():
        assert f"### {hook.__name__}\n" in text
        for parameter in inspect.signature(hook).parameters:
            assert f"{hook.__name__}({parameter}: " in text
    assert len(pages.hooks()) == 7


def test_a_hook_without_a_docstring_stops_the_page(pages: ModuleType) -> None:
    @hookspec
    def undocumented() -> None: ...

    with pytest.raises(AssertionError, match="needs a docstring"):
        pages._hook(undocumented)


def test_every_setting_and_secret_is_explained(pages: ModuleType) -> None:
    assert set(VARIABLES.values()) <= set(pages.field_texts(Settings))
    assert set(pages.field_texts(Secrets)) == {
        "session",
        "key_encryption",
        "keyed_hash",
        "receipt_key",
        "installation",
    }


def test_the_example_on_the_page_builds_loads_and_brings_a_sound_scheme(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = wheels.install(tmp_path / "installed", wheels.build_example(tmp_path))
    monkeypatch.syspath_prepend(target)

    registry = load_registry(load({}))

    try:
        assert [p.name for p in registry.disabled if p.distribution.startswith("wood")] == []
        contest_type = registry.contest_type("wood_carving")
        assert check_scheme(contest_type.scheme({}), registry.calculators()) == []
    finally:
        for name in [n for n in sys.modules if n.split(".")[0] == "wood_carving"]:
            del sys.modules[name]


def test_the_example_imports_nothing_of_ours_but_plugins() -> None:
    for path in wheels.EXAMPLE.rglob("*.py"):
        text = path.read_text("utf-8")
        for ours in ("core", "contests", "credentials", "admin"):
            assert f"import {ours}" not in text
            assert f"from {ours}" not in text
