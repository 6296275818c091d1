"""Who may import whom, read from the source with `ast`: the house plan as a test."""

from __future__ import annotations

import ast
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("core", "plugins", "contests", "credentials", "admin")

ALLOWED = {
    "core.scoring": {"core.scoring"},
    "core": {"core"},
    "plugins": {"plugins"},
    "contests": {"core", "contests"},
    "credentials": {"core", "credentials"},
    "admin": {"core", "contests", "credentials", "plugins", "admin"},
}


def modules() -> dict[str, Path]:
    found = {}
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            if "piccolo_migrations" in path.parts:
                continue
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = modules()


@cache
def imports_of(module: str) -> frozenset[str]:
    """Absolute names of everything that the module imports, also inside functions."""
    path = MODULES[module]
    base = module.split(".") if path.name == "__init__.py" else module.split(".")[:-1]
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            start = ".".join(base[: len(base) - node.level + 1]) if node.level else ""
            origin = ".".join(part for part in (start, node.module or "") if part)
            for alias in node.names:
                full = f"{origin}.{alias.name}"
                names.add(full if full in MODULES else origin)
    return frozenset(names)


def ours(name: str) -> bool:
    return name.split(".")[0] in PACKAGES


def rule_for(module: str) -> set[str]:
    return ALLOWED["core.scoring" if module.startswith("core.scoring") else module.split(".")[0]]


def within(name: str, roots: set[str]) -> bool:
    return any(name == root or name.startswith(f"{root}.") for root in roots)


@pytest.mark.parametrize("module", sorted(MODULES))
def test_a_module_imports_only_what_its_package_may(module: str) -> None:
    allowed = rule_for(module)
    if module == "plugins":
        allowed = {"core"}  # the public API re-exports the kernel; everything below it does not

    wrong = {name for name in imports_of(module) if ours(name) and not within(name, allowed)}

    assert not wrong - allowed_of_the_kit(module), f"{module} may not import {sorted(wrong)}"


def allowed_of_the_kit(module: str) -> set[str]:
    """The conformance kit drives the engine itself, so it alone looks behind the public API."""
    if not within(module, {"plugins.conformance"}):
        return set()
    return {
        name for name in imports_of(module) if within(name, {"core.scoring", "core.contest_type"})
    }


@pytest.mark.parametrize("module", sorted(m for m in MODULES if m.startswith("core.scoring")))
def test_scoring_needs_the_standard_library_alone(module: str) -> None:
    foreign = {
        name.split(".")[0]
        for name in imports_of(module)
        if not ours(name) and name.split(".")[0] not in sys.stdlib_module_names
    }

    assert not foreign


def reached_from(start: str) -> dict[str, str]:
    """Every module of ours that importing `start` may load, with the module that names it."""
    reached: dict[str, str] = {}
    waiting = [start]
    while waiting:
        module = waiting.pop()
        for name in imports_of(module):
            if name in MODULES and name not in reached and name != start:
                reached[name] = module
                waiting.append(name)
    return reached


@pytest.mark.parametrize("module", sorted(m for m in MODULES if m.startswith("contests.judging")))
def test_the_judges_code_has_no_path_to_identity(module: str) -> None:
    reached = reached_from(module)

    sealed = {
        name: reached[name]
        for name in reached
        if within(name, {"contests.identity", "core.privacy"})
    }

    assert not sealed, f"{module} reaches {sealed}"


@pytest.mark.parametrize("module", sorted(m for m in MODULES if m.startswith("contests.judging")))
def test_the_judges_code_never_names_a_person(module: str) -> None:
    tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))

    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    names |= {node.name for node in ast.walk(tree) if isinstance(node, ast.alias)}

    assert not names & {"Person", "PersonDocument", "SealedIdentity", "SealedCode"}


def test_only_the_worker_imports_arq() -> None:
    users = {
        m for m in MODULES for name in imports_of(m) if name == "arq" or name.startswith("arq.")
    }

    assert users <= {"core.worker"}


def test_only_settings_reads_the_environment() -> None:
    readers = {
        module
        for module, path in MODULES.items()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}
    }

    assert readers <= {"core.settings"}


def test_every_module_says_what_lives_in_it() -> None:
    silent = [
        module
        for module, path in MODULES.items()
        if path.read_text(encoding="utf-8").strip()
        and not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]

    assert not silent
