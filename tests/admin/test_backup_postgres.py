"""PostgreSQL: pg_dump and pg_restore do the work, and without them the command is told."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from admin.backup.database import without_password
from admin.backup.manifest import copies_in
from core.settings import Settings
from tests.admin.venue_kit import PASSPHRASE
from tests.factories_contests import small_contest
from tests.fixtures import postgres
from tests.fixtures.processes import environment_of, run_command

pytestmark = [pytest.mark.engine, pytest.mark.postgres]


@pytest.fixture
def empty() -> Iterator[str]:
    server, name = postgres.server_url(), f"jx_restored_{uuid4().hex[:12]}"
    postgres.create(server, name)
    yield postgres.with_database(server, name)
    postgres.drop(server, name)


async def test_a_dump_becomes_the_same_installation_in_an_empty_database(
    database: Settings, empty: str, tmp_path: Path
) -> None:
    if shutil.which("pg_dump") is None:
        pytest.skip("apt-get install postgresql-client")
    small = await small_contest(entrants=2, judges=3)
    stick = tmp_path / "stick"
    environment = environment_of(database) | {"JIANGXIN_COPY_PASSPHRASE": PASSPHRASE}

    words = ("backup", "--to", str(stick), "--with-secrets")
    copied = await asyncio.to_thread(run_command, words, environment)
    assert copied.returncode == 0, copied.stderr
    assert (copies_in(stick)[0] / "database.dump").is_file()
    there = environment | {
        "JIANGXIN_DATA": str(tmp_path / "second"),
        "JIANGXIN_DATABASE_URL": empty,
    }
    restored = await asyncio.to_thread(run_command, ("restore", str(stick)), there)
    assert restored.returncode == 0, restored.stderr + restored.stdout
    exported = await asyncio.to_thread(
        run_command, ("export", str(small.contest), "--out", str(tmp_path / "p.zip")), there
    )

    assert exported.returncode == 0, exported.stderr
    own = (tmp_path / "second" / "secrets.toml").read_bytes()
    assert own == (database.data / "secrets.toml").read_bytes()


async def test_without_the_tool_the_command_is_told_and_holds_no_password(
    database: Settings, tmp_path: Path
) -> None:
    environment = environment_of(database) | {"PATH": str(tmp_path)}
    stick = tmp_path / "stick"

    done = await asyncio.to_thread(run_command, ("backup", "--to", str(stick)), environment)

    assert done.returncode == 1
    assert "pg_dump --dbname=postgresql://" in done.stderr
    assert copies_in(stick) == []


def test_a_password_never_stands_on_a_command_line() -> None:
    bare, secret = without_password(
        "postgresql://me:p%40ss@db.internal:5433/jiangxin?sslmode=require"
    )

    assert bare == "postgresql://me@db.internal:5433/jiangxin?sslmode=require"
    assert secret == {"PGPASSWORD": "p@ss"}
    assert without_password("postgresql:///x?host=/run") == ("postgresql:///x?host=/run", {})
