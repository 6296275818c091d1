"""Writes docs/hooks.md and docs/settings.md from the code; with --check only compares."""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Callable, Iterator
from dataclasses import MISSING, Field, fields
from pathlib import Path
from textwrap import dedent

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from core import hookspecs  # noqa: E402
from core.contest_type import ContestType, Instrument, Reading  # noqa: E402
from core.hookspecs import Command, PluginContext, Shredder  # noqa: E402
from core.outbox import Effect, Handler  # noqa: E402
from core.partner import (  # noqa: E402
    Clause,
    EntrantFacts,
    PartnerOutput,
    PartnerRules,
    ProposalDraft,
)
from core.settings import (  # noqa: E402
    SECRET_VARIABLES,
    VARIABLES,
    Secrets,
    Settings,
)

EXAMPLE = ROOT / "docs" / "example_plugin"
MADE_BY = "<!-- Made by scripts/hooks-page; change the code, then run it again. -->\n"
DECLARED = (
    ContestType,
    Instrument,
    Reading,
    PartnerRules,
    EntrantFacts,
    Clause,
    ProposalDraft,
    PartnerOutput,
    Handler,
    Effect,
    PluginContext,
    Command,
    Shredder,
)

HOOKS_START = """# Hooks

A plugin is a module or package with functions marked `@hookimpl`. Its distribution names it in the
entry-point group `jiangxin`; the entry point's name is the plugin's code. Everything that it needs
comes from `plugins`, which keeps its meaning within a major version; `core`, `contests`,
`credentials` and `admin` may change at any time.

Hooks are ordinary functions. Each is asked once at the start and returns declarations; what they
declare may be asynchronous and runs on its own, after the commit, with a timeout.

A plugin that can't be imported, misspells a hook, fails in one or brings routes that can't be
registered is disabled: `jiangxin plugins`, `jiangxin doctor` and `/healthz` name it and say why,
and everything else goes on. Events for it wait until it loads. Two plugins that bring the same
contest type and version, partner rules, handler or command stop the start, and both are named.
`JIANGXIN_STRICT_PLUGINS=1` stops the start for any broken plugin: use it in your tests.

A plugin's own settings are the variables `JIANGXIN_PLUGIN_<CODE>_*`; it gets them in
`PluginContext.settings` and never sees the secrets.
"""

SETTINGS_START = """# Settings

Each setting is a variable. A variable `JIANGXIN_…` that is not one of these is an error that lists
them. Variables `JIANGXIN_PLUGIN_<CODE>_*` belong to plugins, `JIANGXIN_TEST_*` to the tests.
"""

SECRETS_START = """## Secrets

`jiangxin init` makes them once and writes them into `secrets.toml` in the data folder, for its
owner alone; it never replaces them. In production give every machine the same ones, as the file or
as variables. A variable wins over the file.
"""


def hooks_page() -> str:
    parts = [MADE_BY, HOOKS_START, "## The hooks\n"]
    parts += [_hook(function) for function in hooks()]
    parts += ["## What they return\n"]
    parts += [_declared(kind) for kind in DECLARED]
    parts += ["## A plugin, complete\n", _example()]
    return "\n".join(parts)


def settings_page() -> str:
    lines = [MADE_BY, SETTINGS_START, "| variable | default | what it is |", "|---|---|---|"]
    texts = field_texts(Settings)
    for variable, name in VARIABLES.items():
        default = _default(next(f for f in fields(Settings) if f.name == name))
        lines.append(f"| `{variable}` | {default} | {texts[name]} |")
    lines += ["", SECRETS_START, "| variable | in the file | what it is |", "|---|---|---|"]
    secret_texts = field_texts(Secrets)
    for name, variable in SECRET_VARIABLES.items():
        lines.append(f"| `{variable}` | `{name}` | {secret_texts[name]} |")
    return "\n".join(lines) + "\n"


PAGES: dict[str, Callable[[], str]] = {"hooks.md": hooks_page, "settings.md": settings_page}


def hooks() -> list[Callable[..., object]]:
    """The specifications, in the order of the file."""
    found = [f for f in vars(hookspecs).values() if hasattr(f, "jiangxin_spec")]
    return sorted(found, key=lambda function: function.__code__.co_firstlineno)


def field_texts(kind: type) -> dict[str, str]:
    """The docstring under each field; KeyError later for a field without one."""
    tree = ast.parse(dedent(inspect.getsource(kind))).body[0]
    assert isinstance(tree, ast.ClassDef)
    texts = {}
    for field, text in zip(tree.body, tree.body[1:], strict=False):
        is_text = isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant)
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and is_text:
            texts[field.target.id] = " ".join(str(text.value.value).split())  # type: ignore[attr-defined]
    return texts


def _hook(function: Callable[..., object]) -> str:
    name = function.__name__
    return f"### {name}\n\n```python\n{name}{_signature(function)}\n```\n\n{_doc(function)}\n"


def _declared(kind: type) -> str:
    lines = [f"### {kind.__name__}\n", f"{_doc(kind)}\n"]
    members = list(_members(kind))
    if members:
        lines += [*members, ""]
    return "\n".join(lines)


def _members(kind: type) -> Iterator[str]:
    """Fields and methods as the class's own source writes them."""
    tree = ast.parse(dedent(inspect.getsource(kind))).body[0]
    assert isinstance(tree, ast.ClassDef)
    for node in tree.body:
        if isinstance(node, ast.AnnAssign):
            yield f"- `{ast.unparse(node)}`"
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            if node.name.startswith("_"):
                continue
            start = "async " if isinstance(node, ast.AsyncFunctionDef) else ""
            returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
            about = (ast.get_docstring(node) or "").split("\n\n")[0]
            comment = f": {' '.join(about.split())}" if about else ""
            yield f"- `{start}{node.name}({ast.unparse(node.args)}){returns}`{comment}"


def _example() -> str:
    lines = [
        "The folder `docs/example_plugin`, as a test of ours builds, installs and loads it. Its",
        "`contest_type.py` holds the marking scheme, `tables.py` and `piccolo_migrations` a table.\n",
    ]
    for path in ("pyproject.toml", "wood_carving/__init__.py", "wood_carving/register.py"):
        language = "toml" if path.endswith(".toml") else "python"
        source = (EXAMPLE / path).read_text("utf-8").rstrip()
        lines.append(f"`{path}`\n\n```{language}\n{source}\n```\n")
    lines += [
        "```sh",
        "pip install ./wood-carving",
        "jiangxin plugins       # names it, with what it brings",
        "jiangxin migrate       # makes its table",
        "```",
        "",
    ]
    return "\n".join(lines)


def _signature(function: Callable[..., object]) -> str:
    tree = ast.parse(dedent(inspect.getsource(function))).body[0]
    assert isinstance(tree, ast.FunctionDef)
    returns = ast.unparse(tree.returns) if tree.returns else "None"
    return f"({ast.unparse(tree.args)}) -> {returns}"


def _doc(thing: object) -> str:
    text = inspect.getdoc(thing)
    assert text, f"{thing} needs a docstring"
    return text


def _default(field: Field[object]) -> str:
    value = field.default
    assert value is not MISSING
    if value == "" or value is None:
        return ""
    if isinstance(value, bool):
        return f"`{int(value)}`"
    return f"`{','.join(value) if isinstance(value, tuple) else value}`"


def main(words: list[str]) -> int:
    stale = 0
    for name, make in PAGES.items():
        path, text = ROOT / "docs" / name, make()
        if path.exists() and path.read_text("utf-8") == text:
            continue
        stale += 1
        if "--check" in words:
            print(f"docs/{name} is not as the code says. Run scripts/hooks-page.")
        else:
            path.write_text(text, "utf-8")
            print(f"wrote docs/{name}")
    return 1 if stale and "--check" in words else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
