"""From a copy to a running installation on a second machine, without network, within minutes."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import time
from pathlib import Path

import pytest

from admin.backup.errors import CopyUnusable
from admin.backup.manifest import copies_in
from admin.backup.restoring import find_copy, put_in_place, secrets_of
from core.settings import Settings, load
from tests.admin.venue_kit import PASSPHRASE, VenueServer, command
from tests.factories_contests import small_contest
from tests.fixtures.processes import Server, run_command
from tests.journeys.crowd import hand_in, sheets_to_hand_in

TEN_MINUTES = 600


@pytest.fixture
def house(storage: Settings) -> Settings:
    if not storage.embedded:
        pytest.skip("SQLite's own way; PostgreSQL has pg_restore (test_backup_postgres)")
    made = command(
        storage.data, "administrator", "zhang.wei"
    )  # claims the database, so that it is somebody's
    assert made.returncode == 0, made.stderr
    return storage


@pytest.fixture
def stick(house: Settings, tmp_path: Path) -> Path:
    """With one copy of the house and its secrets."""
    folder = tmp_path / "stick"
    folder.mkdir()
    back_up(house, folder)
    return folder


def back_up(house: Settings, folder: Path) -> None:
    done = command(
        house.data, "backup", "--to", str(folder), "--with-secrets",
        JIANGXIN_COPY_PASSPHRASE=PASSPHRASE,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def restore(data: Path, *words: str, passphrase: str = PASSPHRASE):  # type: ignore[no-untyped-def]
    return command(data, "restore", *words, JIANGXIN_COPY_PASSPHRASE=passphrase)


def test_it_becomes_the_same_installation_with_the_same_receipt_key(
    house: Settings, stick: Path, tmp_path: Path
) -> None:
    second = tmp_path / "second"

    done = restore(second, str(stick))

    assert done.returncode == 0, done.stderr
    assert "0 minutes old" in done.stdout
    assert "give this machine that address" not in done.stdout
    restored = load({"JIANGXIN_DATA": str(second)})
    assert restored.secrets == house.secrets
    doctor = command(second, "doctor", "--json")
    assert doctor.returncode == 0, doctor.stdout
    with sqlite3.connect(second / "jiangxin.sqlite") as found:
        noted = found.execute("SELECT action, after FROM audit_entry").fetchall()
    assert any(action == "restore" and "jiangxin-" in after for action, after in noted)


def test_it_refuses_to_overwrite_and_puts_aside_when_told(
    house: Settings, stick: Path, tmp_path: Path
) -> None:
    second = tmp_path / "second"
    assert command(second, "init").returncode == 0
    before = (second / "secrets.toml").read_bytes()

    refused = restore(second, str(stick))
    assert refused.returncode == 2
    assert "--replace" in refused.stderr
    assert (second / "secrets.toml").read_bytes() == before

    done = restore(second, str(stick), "--replace")
    assert done.returncode == 0, done.stderr
    aside = next(second.glob("replaced-*"))
    assert (aside / "secrets.toml").read_bytes() == before
    assert (second / "secrets.toml").read_bytes() == (house.data / "secrets.toml").read_bytes()


def test_it_never_replaces_under_a_running_server(stick: Path, tmp_path: Path) -> None:
    second = tmp_path / "second"
    server = VenueServer(second)
    try:
        done = restore(second, str(stick), "--replace")
        assert done.returncode == 1
        assert "A server is running" in done.stderr
        assert server.health()["status"] == "ok"
    finally:
        server.kill()


def test_a_wrong_passphrase_changes_nothing(stick: Path, tmp_path: Path) -> None:
    second = tmp_path / "second"

    done = restore(second, str(stick), passphrase="something else entirely")

    assert done.returncode == 1
    assert "does not open" in done.stderr
    assert not (second / "jiangxin.sqlite").exists()
    assert not (second / "secrets.toml").exists()


def test_a_damaged_copy_is_passed_over_for_the_one_before(
    house: Settings, stick: Path, tmp_path: Path
) -> None:
    back_up(house, stick)
    newest, older = copies_in(stick)
    content = bytearray((newest / "jiangxin.sqlite").read_bytes())
    content[len(content) // 2] ^= 1
    (newest / "jiangxin.sqlite").write_bytes(content)

    done = restore(tmp_path / "second", str(stick))

    assert done.returncode == 0, done.stderr
    assert "Passed over" in done.stderr
    assert newest.name in done.stderr
    assert older.name in done.stdout


def test_every_way_of_tampering_is_found(house: Settings, stick: Path, tmp_path: Path) -> None:
    copy = copies_in(stick)[0]
    whole = tmp_path / "whole"
    shutil.copytree(copy, whole)

    def again() -> Path:
        shutil.rmtree(copy)
        shutil.copytree(whole, copy)
        return copy

    cases = {
        "a byte of the database": lambda: _flip(again() / "jiangxin.sqlite"),
        "a byte of the secrets": lambda: _flip(again() / "secrets.sealed"),
        "the manifest": lambda: _write(again() / "manifest.json", b"{}"),
        "no sums": lambda: (again() / "SHA256SUMS").unlink(),
        "database and sums": lambda: _swap_database(again()),
        "no database": lambda: (again() / "jiangxin.sqlite").unlink(),
    }
    for name, spoil in cases.items():
        spoil()
        second = tmp_path / f"second-{name.replace(' ', '-')}"
        with pytest.raises(CopyUnusable):
            take_over(stick, second)
        assert not (second / "jiangxin.sqlite").exists(), name
    again()
    take_over(stick, tmp_path / "at-last")


def take_over(stick: Path, data: Path) -> None:
    """What `restore` does, without a process for each case."""
    found = find_copy(stick)
    files = secrets_of(found, data, given=None, ask=lambda: PASSPHRASE)
    put_in_place(found, files, data)


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _swap_database(copy: Path) -> None:
    """Another database, with every hash made to fit: only the passphrase tells."""
    with sqlite3.connect(copy / "jiangxin.sqlite") as connection:
        connection.execute("DELETE FROM audit_entry")
    digest = hashlib.sha256((copy / "jiangxin.sqlite").read_bytes()).hexdigest()
    manifest = json.loads((copy / "manifest.json").read_text("utf-8"))
    manifest["sha256"] = digest
    (copy / "manifest.json").write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n")
    sums = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in copy.iterdir()
        if path.name != "SHA256SUMS"
    }
    text = "".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items()))
    (copy / "SHA256SUMS").write_text(text)


def test_a_copy_without_secrets_needs_the_file_and_the_right_one(
    house: Settings, tmp_path: Path
) -> None:
    stick = tmp_path / "bare"
    stick.mkdir()
    assert command(house.data, "backup", "--to", str(stick)).returncode == 0
    other = tmp_path / "other"
    command(other, "init")
    second = tmp_path / "second"

    without = command(second, "restore", str(stick))
    wrong = command(second, "restore", str(stick), "--secrets", str(other / "secrets.toml"))
    right = command(second, "restore", str(stick), "--secrets", str(house.data / "secrets.toml"))

    assert (without.returncode, wrong.returncode) == (1, 1)
    assert "Bring the secrets.toml" in without.stderr
    assert "These are the secrets of installation" in wrong.stderr
    assert right.returncode == 0, right.stderr


def test_checking_a_copy_changes_nothing(stick: Path, tmp_path: Path) -> None:
    second = tmp_path / "second"

    done = command(second, "restore", str(stick), "--check")

    assert done.returncode == 0, done.stderr
    assert "whole: every file is what was written; with secrets" in done.stdout
    assert not second.exists()


def test_a_place_without_a_copy_is_named(tmp_path: Path) -> None:
    gone = command(tmp_path / "x", "restore", str(tmp_path / "none"))
    empty = command(tmp_path / "x", "restore", str(tmp_path))

    assert (gone.returncode, empty.returncode) == (1, 1)
    assert "Plug the stick in" in gone.stderr
    assert "holds no whole copy" in empty.stderr


def test_the_authority_comes_along_so_that_tablets_go_on_trusting(tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    first = VenueServer(
        tmp_path / "first", "--copy-to", str(stick), JIANGXIN_COPY_PASSPHRASE=PASSPHRASE
    )
    try:
        first.wait_for("Copied to")
    finally:
        first.kill()
    trusted = first.authority

    began = time.monotonic()
    done = restore(tmp_path / "second", str(stick))
    assert done.returncode == 0, done.stderr
    assert f"Tablets know it as {first.origin}" in done.stdout
    second = VenueServer(tmp_path / "second")
    try:
        with second.client(trusted) as tablet:
            assert tablet.get("/healthz").json()["status"] == "ok"
        assert time.monotonic() - began < TEN_MINUTES
        assert f"Tablets know this server as {first.origin}" in second.log()
    finally:
        second.kill()


async def test_sheets_since_the_copy_are_sent_again_and_every_one_is_there_once(
    database: Settings, server: Server, tmp_path: Path
) -> None:
    """The first laptop dies an hour after its last copy. What judges' devices hold makes it whole."""
    if not database.embedded:
        pytest.skip("SQLite's own way")
    small = await small_contest(entrants=12, judges=4)
    handed = await sheets_to_hand_in(small)
    everything = {name: list(sheets) for name, sheets in handed.waiting.items()}
    first_half = {name: sheets[:6] for name, sheets in everything.items()}
    handed.waiting = {name: list(sheets) for name, sheets in first_half.items()}
    await hand_in(small, handed, [server.url])
    stick = tmp_path / "stick"
    stick.mkdir()
    words = ("backup", "--to", str(stick), "--with-secrets")
    environment = {**server.environment, "JIANGXIN_COPY_PASSPHRASE": PASSPHRASE}
    assert run_command(words, environment).returncode == 0
    handed.waiting = {name: sheets[6:10] for name, sheets in everything.items()}
    await hand_in(small, handed, [server.url])
    receipts = {rid: answer["receipt"] for rid, answer in handed.answers.items()}
    server.kill()

    began = time.monotonic()
    second_data = tmp_path / "second"
    done = restore(second_data, str(stick))
    assert done.returncode == 0, done.stderr
    second = Server(load({"JIANGXIN_DATA": str(second_data)}), tmp_path / "second.log")
    assert time.monotonic() - began < TEN_MINUTES
    try:
        handed.waiting = {name: list(sheets) for name, sheets in everything.items()}
        handed.answers = {}
        await hand_in(small, handed, [second.url])
        answers = [answer["answer"] for answer in handed.answers.values()]
        assert (answers.count("duplicate"), answers.count("accepted")) == (24, 24)
    finally:
        second.kill()
    same = [r for r, answer in handed.answers.items() if answer["receipt"] == receipts.get(r)]
    assert len(same) == 24, "receipts from before the copy are still the installation's own"
    with sqlite3.connect(second_data / "jiangxin.sqlite") as found:
        stored = found.execute(
            "SELECT count(*), count(DISTINCT id) FROM revision WHERE answer = 'accepted'"
        ).fetchone()
    assert stored == (48, 48)
