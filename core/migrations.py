"""Runs the committed migrations of every registered app, forwards, each in one transaction.

Piccolo's own files and its `migration` table; its command would print, import by bare file name
and write the mark outside the migration's transaction.
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter
from importlib import import_module
from pathlib import Path
from types import ModuleType

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.apps.migrations.tables import Migration
from piccolo.conf.apps import AppConfig

from core import db
from core.registry import registry
from core.settings import SettingsError

LOCK = 5_462_021
"""Of PostgreSQL's advisory locks: two migrators at once wait for each other."""


class MigrationFailed(SettingsError):
    """Names the migration: it may be a plugin's."""


@dataclass(frozen=True, slots=True)
class Step:
    """One migration file of one app."""

    app: str
    id: str
    path: Path


async def pending() -> list[Step]:
    """What the open database lacks, in the order in which it will run."""
    done = await _done()
    return [step for step in steps() if (step.app, step.id) not in done]


async def migrate() -> list[Step]:
    """Brings the open database up to date. Returns what ran."""
    await _ensure_migration_table()
    ran = []
    for step in await pending():
        try:
            if await _apply(step):
                ran.append(step)
        except Exception as error:
            raise MigrationFailed([_failure(step, error)]) from error
    return ran


async def _apply(step: Step) -> bool:
    """False when another migrator was quicker."""
    async with db.transaction():
        await _lock()
        if (step.app, step.id) in await _done():
            return False
        await _run(step)
        await Migration.insert(Migration(name=step.id, app_name=step.app))
    return True


def _failure(step: Step, error: Exception) -> str:
    return (
        f"Migration {step.app} {step.id} ({step.path}) failed and was taken back: "
        f"{type(error).__name__}: {error}. What ran before it stays."
    )


def steps() -> list[Step]:
    """Every migration of every registered app, dependencies first."""
    found = []
    for app in app_configs():
        folder = Path(app.resolved_migrations_folder_path)
        files = sorted(p for p in folder.glob("*.py") if p.name != "__init__.py")
        loaded = [(str(getattr(_load(app.app_name, p), "ID", "")), p) for p in files]
        found += [Step(app.app_name, id_, path) for id_, path in sorted(loaded) if id_]
    return found


def app_configs(apps: Sequence[str] | None = None) -> list[AppConfig]:
    modules = registry().piccolo_apps() if apps is None else apps
    configs: dict[str, AppConfig] = {}
    for dotted in modules:
        _collect(dotted, configs)
    names = {
        n: [d.app_name for d in c.migration_dependency_app_configs] for n, c in configs.items()
    }
    return [configs[name] for name in TopologicalSorter(names).static_order()]


def _collect(dotted: str, configs: dict[str, AppConfig]) -> None:
    config: AppConfig = import_module(dotted).APP_CONFIG
    other = configs.setdefault(config.app_name, config)
    if other is not config:
        raise MigrationFailed([f"Two piccolo apps are called {config.app_name}: rename {dotted}."])
    for dependency in config.migration_dependencies:
        _collect(dependency, configs)


async def _done() -> set[tuple[str, str]]:
    if not await Migration.table_exists():
        return set()
    rows = await Migration.select(Migration.app_name, Migration.name)
    return {(row["app_name"], row["name"]) for row in rows}


async def _ensure_migration_table() -> None:
    if not await Migration.table_exists():
        async with db.transaction():
            await _lock()
            await Migration.create_table(if_not_exists=True)


async def _lock() -> None:
    if db.engine().engine_type == "postgres":
        await Migration.raw("SELECT pg_advisory_xact_lock({})", LOCK)


async def _run(step: Step) -> None:
    answer = await _load(step.app, step.path).forwards()
    if isinstance(answer, MigrationManager):
        answer.wrap_in_transaction = False  # it has ours, together with the mark
        with contextlib.redirect_stdout(io.StringIO()):
            await answer.run()


def _load(app: str, path: Path) -> ModuleType:
    name = f"_migrations.{app}.{path.stem}"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, path)
        if spec is None or spec.loader is None:
            raise ImportError(f"{path} can't be read as a migration.")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        sys.modules[name] = module
    return sys.modules[name]
