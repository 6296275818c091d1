"""Migrations run forwards from nothing on both engines and leave exactly the tables of the code."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from itertools import chain
from uuid import uuid4

import pytest
import pytest_asyncio
from piccolo.apps.migrations.auto import DiffableTable, SchemaDiffer, SchemaSnapshot
from piccolo.apps.migrations.tables import Migration
from piccolo.conf.apps import AppConfig

from core import db, migrations
from core.engines.sqlite import Sqlite
from core.settings import Settings
from core.tables import Organisation, OutboxMessage
from tests.fixtures import postgres

pytestmark = pytest.mark.engine

Columns = dict[str, set[tuple[str, str, bool]]]


@pytest_asyncio.fixture
async def empty(settings: Settings) -> AsyncIterator[Settings]:
    """A database without any table, open."""
    if settings.database_url:
        await asyncio.to_thread(postgres.create, settings.database_url)
    async with db.opened(settings):
        yield settings


async def test_from_nothing_every_migration_runs_once(empty: Settings) -> None:
    assert await migrations.pending() == migrations.steps()

    ran = await migrations.migrate()

    assert ran == migrations.steps()
    assert {step.app for step in ran} >= {"core", "contests", "credentials"}
    assert await migrations.migrate() == []


async def test_the_kernels_migrations_come_before_those_that_need_them(empty: Settings) -> None:
    order = list(dict.fromkeys(step.app for step in migrations.steps()))

    assert order.index("core") < order.index("contests")
    assert order.index("core") < order.index("credentials")


async def test_the_migrated_database_has_the_columns_of_the_code(empty: Settings) -> None:
    await migrations.migrate()
    migrated = await columns()

    for table in tables():
        await table.raw(f'DROP TABLE "{table._meta.tablename}"')
        await table.create_table()
    expected = await columns()

    assert migrated == expected


@pytest.mark.parametrize("app", ["core", "contests", "credentials"])
async def test_no_table_has_changed_since_its_last_migration(empty: Settings, app: str) -> None:
    [config] = [c for c in migrations.app_configs() if c.app_name == app]

    assert await missing_statements(config) == [], (
        f'Run: scripts/new-migration {app} "what changes"'
    )


async def test_a_migration_that_fails_leaves_nothing_behind(
    empty: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = migrations._run

    async def half(step: migrations.Step) -> None:
        await real(step)
        raise OSError("the disk is full")

    monkeypatch.setattr(migrations, "_run", half)
    with pytest.raises(migrations.MigrationFailed, match=r"core 0001 .* the disk is full"):
        await migrations.migrate()
    monkeypatch.undo()

    assert await migrations.pending() == migrations.steps()
    assert await migrations.migrate() == migrations.steps()


async def test_two_migrators_at_once_do_the_work_once(empty: Settings) -> None:
    both = await asyncio.gather(migrations.migrate(), migrations.migrate())

    assert sorted(map(str, chain(*both))) == sorted(map(str, migrations.steps()))
    assert await Migration.count() == len(migrations.steps())


async def test_the_sweep_finds_what_is_due_by_its_index(database: Settings) -> None:
    due = "SELECT id FROM outbox_message WHERE done_at IS NULL AND stuck_at IS NULL"
    if isinstance(db.engine(), Sqlite):
        plan = await OutboxMessage.raw(f"EXPLAIN QUERY PLAN {due} AND not_before < {{}}", "2026")
        assert "outbox_due" in str(plan)
    else:
        found = await OutboxMessage.raw("SELECT 1 FROM pg_indexes WHERE indexname = 'outbox_due'")
        assert len(found) == 1


async def test_one_place_in_a_log_is_one_row(database: Settings) -> None:
    contest = uuid4()
    insert = (
        "INSERT INTO log_entry (id, contest, seq, kind, at, body, prev, hash)"
        " VALUES ({}, {}, 1, 'x', {}, '', '', '')"
    )
    at = datetime.now(UTC)
    await Organisation.raw(insert, uuid4(), contest, at)

    with pytest.raises(Exception, match=r"(?i)unique"):
        await Organisation.raw(insert, uuid4(), contest, at)


def tables():  # type: ignore[no-untyped-def]
    return [table for config in migrations.app_configs() for table in config.table_classes]


async def columns() -> Columns:
    """By table: name, type and whether NULL is allowed, as the database itself tells."""
    found: Columns = {}
    for table in tables():
        name = table._meta.tablename
        if isinstance(db.engine(), Sqlite):
            rows = await table.raw(f"SELECT * FROM pragma_table_info('{name}')")
            found[name] = {(r["name"], r["type"], not r["notnull"]) for r in rows}
        else:
            rows = await table.raw(
                "SELECT column_name, data_type, is_nullable FROM information_schema.columns"
                " WHERE table_name = {} AND table_schema = 'public'",
                name,
            )
            found[name] = {
                (r["column_name"], r["data_type"], r["is_nullable"] == "YES") for r in rows
            }
    return found


async def missing_statements(config: AppConfig) -> list[str]:
    """What piccolo would write into the next migration."""
    steps = [step for step in migrations.steps() if step.app == config.app_name]
    managers = [await migrations._load(step.app, step.path).forwards() for step in steps]
    current = [
        DiffableTable(
            class_name=table.__name__,
            tablename=table._meta.tablename,
            columns=table._meta.non_default_columns,
            constraints=table._meta.constraints,
            schema=table._meta.schema,
        )
        for table in config.table_classes
    ]
    snapshot = SchemaSnapshot(managers).get_snapshot()
    differ = SchemaDiffer(schema=current, schema_snapshot=snapshot, auto_input="n")
    return [text for found in differ.get_alter_statements() for text in found.statements]
