"""The `jiangxin` command as its user meets it: in a process of its own."""

from __future__ import annotations

import json
import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from core.__main__ import main
from core.commands import COMMANDS
from core.commands.migrate import Migrate
from core.settings import Settings
from core.tables import OutboxMessage
from tests.core.declared import declared, use_plugins
from tests.core.test_outbox import Rang, _fail, _make_due, put, use_handlers
from tests.fixtures import postgres
from tests.fixtures.processes import Jiangxin, Server, environment_of


def test_help_lists_every_word_and_a_wrong_word_is_wrong_usage(jiangxin: Jiangxin) -> None:
    shown = jiangxin("--help")
    wrong = jiangxin("serv")

    assert shown.returncode == 0
    assert all(command().word in shown.stdout for command in COMMANDS)
    assert wrong.returncode == 2
    assert "invalid choice: 'serv'" in wrong.stderr


def test_a_plugin_that_takes_one_of_our_words_is_refused_by_name(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    use_plugins(declared("thief", commands=[Migrate()]))

    assert main(["doctor"]) == 2
    assert "thief-wheel 1.0 brings the word migrate, which is ours" in capsys.readouterr().err


def test_init_makes_secrets_once(tmp_path: Path, jiangxin: Jiangxin) -> None:
    data = tmp_path / "new"

    first = jiangxin("init", JIANGXIN_DATA=str(data))
    made = (data / "secrets.toml").read_bytes()
    second = jiangxin("init", JIANGXIN_DATA=str(data))

    assert (first.returncode, second.returncode) == (0, 1)
    assert stat.S_IMODE((data / "secrets.toml").stat().st_mode) == 0o600
    assert (data / "secrets.toml").read_bytes() == made
    assert f"Wrote {data}/secrets.toml" in first.stdout
    assert "left as it" in second.stderr


def test_a_wrong_setting_is_told_by_every_word(jiangxin: Jiangxin) -> None:
    done = jiangxin("doctor", JIANGXIN_PROT="8000")

    assert done.returncode == 2
    assert "JIANGXIN_PROT is not a setting. Did you mean JIANGXIN_PORT?" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.engine
def test_migrate_brings_an_empty_database_up_to_date(
    settings: Settings, jiangxin: Jiangxin
) -> None:
    if settings.database_url:
        postgres.create(settings.database_url)

    missing = jiangxin("migrate", "--check")
    first = jiangxin("migrate")
    second = jiangxin("migrate")

    assert missing.returncode == 1
    assert "missing  core 0001" in missing.stdout
    assert "applied  core 0001" in first.stdout
    assert second.stdout == "The database is up to date.\n"
    assert jiangxin("migrate", "--check").returncode == 0


@pytest.mark.engine
def test_postgresql_is_served_only_migrated_and_only_with_secrets(
    settings: Settings, jiangxin: Jiangxin, tmp_path: Path
) -> None:
    if settings.database_url:
        postgres.create(settings.database_url)
        unmigrated = jiangxin("serve")
        assert unmigrated.returncode == 2
        assert "Run `jiangxin migrate` once" in unmigrated.stderr

    url = settings.database_url or "postgresql://127.0.0.1/nowhere"
    without = jiangxin("serve", JIANGXIN_DATA=str(tmp_path / "x"), JIANGXIN_DATABASE_URL=url)

    assert without.returncode == 2
    assert "`jiangxin init`" in without.stderr


def test_serve_makes_a_new_installation_by_itself_and_says_so(
    tmp_path: Path, settings: Settings, start_server: Callable[..., Server]
) -> None:
    environment = {**environment_of(settings), "JIANGXIN_DATA": str(tmp_path / "new")}
    environment.pop("JIANGXIN_DATABASE_URL", None)

    server = start_server(environment)
    code = server.stop()

    assert code == 0
    assert "A new installation: made its secrets" in server.log()
    assert f"Serving {server.url}" in server.log()
    with sqlite3.connect(tmp_path / "new" / "jiangxin.sqlite") as connection:
        assert connection.execute("SELECT COUNT(*) FROM installation").fetchone() == (1,)
    connection.close()


def test_serve_refuses_a_database_whose_secrets_are_lost(
    storage: Settings, jiangxin: Jiangxin
) -> None:
    (storage.data / "secrets.toml").unlink()

    done = jiangxin("serve")

    assert done.returncode == 2
    assert "There are no secrets in" in done.stderr


@pytest.mark.engine
def test_another_installations_database_is_refused(
    database: Settings, jiangxin: Jiangxin, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    jiangxin("init", JIANGXIN_DATA=str(other))
    secrets = (other / "secrets.toml").read_bytes()
    (database.data / "secrets.toml").write_bytes(secrets)

    done = jiangxin("worker", "--drain")

    assert done.returncode == 2
    assert "The database belongs to installation" in done.stderr


@pytest.mark.engine
def test_a_healthy_installation_has_a_clean_bill(database: Settings, jiangxin: Jiangxin) -> None:
    done = jiangxin("doctor", "--json")

    checks = json.loads(done.stdout)
    assert [check for check in checks if check["verdict"] != "ok"] == []
    assert done.returncode == 0
    assert {check["name"] for check in checks} == {
        "clock",
        "code",
        "database",
        "installation",
        "migrations",
        "outbox",
        "plugins",
        "queue",
        "secrets",
    }


def test_the_doctor_sees_secrets_that_others_can_read(
    storage: Settings, jiangxin: Jiangxin
) -> None:
    (storage.data / "secrets.toml").chmod(0o644)

    done = jiangxin("doctor")

    assert done.returncode == 1
    assert f"Run: chmod 600 {storage.data}/secrets.toml" in done.stdout


def test_the_doctor_sees_a_queue_that_is_away(storage: Settings, jiangxin: Jiangxin) -> None:
    done = jiangxin("doctor", JIANGXIN_REDIS_URL="unix:///nobody/here")

    assert " !   queue         It doesn't answer" in done.stdout


@pytest.mark.engine
def test_the_doctor_sees_missing_migrations(settings: Settings, jiangxin: Jiangxin) -> None:
    if settings.database_url:
        postgres.create(settings.database_url)

    done = jiangxin("doctor")

    assert done.returncode == 1
    assert "Not applied: core 0001" in done.stdout


@pytest.mark.engine
async def test_the_doctor_prints_every_stuck_message(
    database: Settings, jiangxin: Jiangxin
) -> None:
    from core import outbox

    use_handlers(outbox.Handler("fails", Rang, _fail))
    await put("a")
    for _ in range(outbox.ATTEMPTS):
        await outbox.sweep()
        await _make_due()

    done = jiangxin("doctor")

    assert done.returncode == 1
    assert "(Rang for fails) is stuck since" in done.stdout
    assert "OSError: away" in done.stdout


@pytest.mark.engine
async def test_the_doctor_sees_that_no_worker_runs(database: Settings, jiangxin: Jiangxin) -> None:
    from datetime import UTC, datetime, timedelta

    from core import outbox

    use_handlers(outbox.Handler("fails", Rang, _fail))
    await put("a")
    long_ago = datetime.now(UTC) - timedelta(hours=1)
    await OutboxMessage.update({OutboxMessage.not_before: long_ago}, force=True)

    assert "1 messages are overdue. Is a worker running?" in jiangxin("doctor").stdout


def test_a_killed_server_starts_again_on_what_it_wrote(start_server: Callable[..., Server]) -> None:
    server = start_server()
    server.kill()

    server.start()

    assert server.stop() == 0
