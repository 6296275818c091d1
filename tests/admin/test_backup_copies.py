"""Copies: whole or not there, consistent under load, on a stick that fills up or vanishes."""

from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from admin.backup import copying
from admin.backup.copying import make_copy
from admin.backup.database import SNAPSHOT
from admin.backup.errors import CopyFailed, CopyUnusable
from admin.backup.manifest import check, copies_in, read_manifest
from admin.backup.passphrase import key_from, open_files, stored_key
from admin.backup.target import adopt, be_sure_of
from core.settings import Settings
from tests.admin.venue_kit import PASSPHRASE, VenueServer, command, may_mount
from tests.fixtures.processes import ROOT, environment_of

NOW = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


@pytest.fixture
def house(storage: Settings) -> Settings:
    """An installation with a database of its own kind of rows, on SQLite."""
    if not storage.embedded:
        pytest.skip("SQLite's own way; PostgreSQL has pg_dump (test_backup_postgres)")
    return storage


def copied(house: Settings, stick: Path, **more: object) -> Path:
    assert house.secrets is not None
    adopt(stick, house.data, house.secrets.installation)
    keep = int(str(more.get("keep", 5)))
    return make_copy(house, stick, keep=keep, key=None).path


def test_a_copy_is_whole_and_says_what_it_holds(house: Settings, stick: Path) -> None:
    path = copied(house, stick)

    manifest = check(path)
    assert house.secrets is not None
    assert manifest.installation == house.secrets.installation
    assert manifest.engine == "sqlite"
    assert stat.S_IMODE((path / "jiangxin.sqlite").stat().st_mode) == 0o600
    names = {p.name for p in path.iterdir()}
    assert names == {"jiangxin.sqlite", "manifest.json", "SHA256SUMS"}
    done = subprocess.run(
        ["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=path, capture_output=True
    )
    assert done.returncode == 0
    assert not list(house.data.glob(f"{SNAPSHOT}*"))


def test_copies_are_numbered_whatever_the_clock_says_and_the_oldest_go(
    house: Settings, stick: Path
) -> None:
    assert house.secrets is not None
    adopt(stick, house.data, house.secrets.installation)
    for year in (2026, 2027, 1970, 2026):
        make_copy(house, stick, keep=3, key=None, now=NOW.replace(year=year))

    newest, *rest = copies_in(stick)
    assert newest.name.split("-")[2] == "000004"
    assert [path.name.split("-")[2] for path in rest] == ["000003", "000002"]


def test_another_installations_copies_on_the_stick_stay(house: Settings, stick: Path) -> None:
    foreign = stick / "jiangxin-00000000-000009-20260101T000000Z"
    foreign.mkdir()
    for _ in range(3):
        copied(house, stick, keep=1)

    assert foreign.is_dir()
    assert len(copies_in(stick)) == 2


def test_copies_made_while_others_write_are_consistent(house: Settings, stick: Path) -> None:
    """Two rows that are always written together are both there, or neither."""
    with sqlite3.connect(house.sqlite_path) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE pair (n INTEGER, half TEXT, filling BLOB)")
    stop = threading.Event()
    written = 0

    def write() -> None:
        nonlocal written
        own = sqlite3.connect(house.sqlite_path, isolation_level=None, timeout=30)
        while not stop.is_set():
            own.execute("BEGIN IMMEDIATE")
            for half in ("left", "right"):
                own.execute("INSERT INTO pair VALUES (?, ?, ?)", (written, half, os.urandom(4000)))
            own.execute("COMMIT")
            written += 1
        own.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        paths, progress = [], []
        for _ in range(6):
            before = written
            paths.append(copied(house, stick, keep=10))
            progress.append(written - before)
    finally:
        stop.set()
        writer.join()

    assert all(done > 0 for done in progress), "a copy held the writers up"
    counts = []
    for path in paths:
        check(path)
        with sqlite3.connect(f"file:{path}/jiangxin.sqlite?mode=ro", uri=True) as found:
            assert found.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            halves = dict(found.execute("SELECT half, count(*) FROM pair GROUP BY half"))
            assert halves.get("left") == halves.get("right")
            counts.append(halves.get("left", 0))
    assert counts == sorted(counts)


def test_a_copy_that_is_killed_is_never_half_there(
    house: Settings, stick: Path, tmp_path: Path
) -> None:
    with sqlite3.connect(house.sqlite_path) as connection:
        connection.execute("CREATE TABLE filling (content BLOB)")
        for _ in range(30):
            connection.execute("INSERT INTO filling VALUES (?)", (os.urandom(1024 * 1024),))
    first = copied(house, stick)
    random.seed(7)
    killed = 0
    for _ in range(6):
        process = subprocess.Popen(
            [sys.executable, "-m", "core", "backup", "--to", str(stick)],
            cwd=ROOT, env=environment_of(house), stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        _wait_for_work(house, stick, process)
        time.sleep(random.uniform(0, 0.25))
        if process.poll() is None:
            process.kill()
            killed += 1
        process.wait()
        for path in copies_in(stick):
            check(path)

    assert killed > 2
    assert first.is_dir()
    last = copied(house, stick)
    assert check(last)
    assert not list(stick.glob(".*.part")), "what a killed copy left is swept by the next one"


def _wait_for_work(house: Settings, stick: Path, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until and process.poll() is None:
        if list(house.data.glob(f"{SNAPSHOT}*")) or list(stick.glob(".*.part")):
            return
        time.sleep(0.005)


# --- a stick that is not what it should be ------------------------------------------------------


def test_a_folder_that_vanished_is_not_made_again(house: Settings, stick: Path) -> None:
    copied(house, stick)
    shutil.rmtree(stick)

    with pytest.raises(CopyFailed) as caught:
        make_copy(house, stick, keep=3, key=None)

    assert caught.value.finding.code == "copy-folder-missing"
    assert not stick.exists()


def test_an_empty_place_on_the_same_disk_is_not_taken_for_the_stick(
    house: Settings, stick: Path
) -> None:
    """What is left when a stick was pulled out: its empty folder."""
    copied(house, stick)
    shutil.rmtree(stick)
    stick.mkdir()

    with pytest.raises(CopyFailed, match="is not there"):
        make_copy(house, stick, keep=3, key=None)

    assert list(stick.iterdir()) == []


def test_a_medium_that_reads_back_something_else_is_told(
    house: Settings, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = copied(house, stick)
    monkeypatch.setattr(copying, "hash_of", lambda path: "0" * 64)

    with pytest.raises(CopyFailed) as caught:
        copied(house, stick)

    assert caught.value.finding.code == "copy-differs"
    assert copies_in(stick) == [before]
    assert not list(stick.glob(".*.part"))


def test_a_damaged_database_is_not_copied_over_good_copies(house: Settings, stick: Path) -> None:
    before = copied(house, stick)
    with sqlite3.connect(house.sqlite_path) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    size = house.sqlite_path.stat().st_size
    with house.sqlite_path.open("r+b") as file:
        file.seek(size // 2)
        file.write(os.urandom(64 * 1024))

    with pytest.raises(CopyFailed) as caught:
        copied(house, stick)

    assert caught.value.finding.code == "copy-database-damaged"
    assert copies_in(stick) == [before]


@pytest.fixture
def small_stick(tmp_path: Path) -> Iterator[Path]:
    """A real file system of its own, of 5 MB: room for a few copies of a small house."""
    if not may_mount():
        pytest.skip("needs root on Linux, to mount a small file system")
    folder = tmp_path / "small-stick"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=5m", "tmpfs", folder], check=True)
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def test_a_full_stick_gives_up_old_copies_first_and_never_the_newest(
    house: Settings, small_stick: Path
) -> None:
    made = [copied(house, small_stick, keep=50) for _ in range(6)]
    held = copies_in(small_stick)
    assert held[0] == made[-1]
    assert 1 <= len(held) < 6

    (small_stick / "film.mp4").write_bytes(bytes(shutil.disk_usage(small_stick).free - 4096))
    with pytest.raises(CopyFailed) as caught:
        for _ in range(8):
            copied(house, small_stick, keep=50)
            with (small_stick / "film.mp4").open("ab") as film:
                film.write(bytes(max(shutil.disk_usage(small_stick).free - 4096, 0)))

    assert caught.value.finding.code == "copy-no-space"
    newest = copies_in(small_stick)
    assert newest
    check(newest[0])
    assert not list(small_stick.glob(".*.part"))


def test_another_stick_in_the_place_of_a_broken_one_is_taken(
    house: Settings, small_stick: Path
) -> None:
    assert house.secrets is not None
    be_sure_of(small_stick, house.data, house.secrets.installation)

    make_copy(house, small_stick, keep=3, key=None)

    assert len(copies_in(small_stick)) == 1


# --- secrets ------------------------------------------------------------------------------------


def test_the_secrets_are_sealed_with_the_passphrase_and_bound_to_their_copy(
    house: Settings, stick: Path
) -> None:
    assert house.secrets is not None
    adopt(stick, house.data, house.secrets.installation)
    one = make_copy(house, stick, keep=5, key=key_from(PASSPHRASE)).path
    sealed, manifest = ((one / name).read_bytes() for name in ("secrets.sealed", "manifest.json"))

    files = open_files(sealed, PASSPHRASE, manifest=manifest)

    own = (house.data / "secrets.toml").read_bytes()
    assert files["secrets.toml"] == own
    for path in one.iterdir():
        assert b"PRIVATE KEY" not in path.read_bytes()
        assert own.split(b'"')[3] not in path.read_bytes()
    for passphrase, said in (("another phrase 12", manifest), (PASSPHRASE, manifest + b" ")):
        with pytest.raises(CopyUnusable):
            open_files(sealed, passphrase, manifest=said)


def test_the_key_is_kept_so_that_nobody_is_asked_twice(house: Settings, stick: Path) -> None:
    words = ("backup", "--to", str(stick), "--with-secrets")

    unasked = command(house.data, *words)
    first = command(house.data, *words, JIANGXIN_COPY_PASSPHRASE=PASSPHRASE)
    again = command(house.data, *words)

    assert unasked.returncode == 2
    assert "JIANGXIN_COPY_PASSPHRASE" in unasked.stderr
    assert first.returncode == again.returncode == 0, first.stderr + again.stderr
    assert stat.S_IMODE((house.data / "copy-key.json").stat().st_mode) == 0o600
    assert PASSPHRASE not in (house.data / "copy-key.json").read_text()
    assert stored_key(house.data) is not None
    newest = copies_in(stick)[0]
    manifest = (newest / "manifest.json").read_bytes()
    assert open_files((newest / "secrets.sealed").read_bytes(), PASSPHRASE, manifest=manifest)


def test_a_short_passphrase_is_refused(house: Settings, stick: Path) -> None:
    done = command(
        house.data, "backup", "--to", str(stick), "--with-secrets", JIANGXIN_COPY_PASSPHRASE="1234"
    )

    assert done.returncode == 2
    assert "12 characters" in done.stderr


def test_a_copy_without_secrets_says_what_that_means(house: Settings, stick: Path) -> None:
    done = command(house.data, "backup", "--to", str(stick))

    assert done.returncode == 0, done.stderr
    assert "a second laptop needs secrets.toml from elsewhere" in done.stdout
    assert not (copies_in(stick)[0] / "secrets.sealed").exists()


# --- beside a server ----------------------------------------------------------------------------


def test_a_server_copies_itself_and_says_when_the_stick_is_gone_and_when_it_is_back(
    tmp_path: Path, stick: Path
) -> None:
    server = VenueServer(
        tmp_path / "laptop", "--copy-to", str(stick), "--copy-every", "1s", "--copy-keep", "2",
        JIANGXIN_COPY_PASSPHRASE=PASSPHRASE,
    )  # fmt: skip
    try:
        server.wait_for("Copied to")
        assert server.health()["status"] == "ok"

        stick.rename(tmp_path / "pocket")
        server.wait_for_notice("copies")
        assert server.health()["status"] == "degraded"
        assert "Plug the USB stick in again" in server.log()
        assert not stick.exists()

        (tmp_path / "pocket").rename(stick)
        server.wait_for_notice("copies", there=False)
        assert server.health()["status"] == "ok"
        newest = copies_in(stick)
        assert len(newest) <= 2
        assert read_manifest(newest[0]).origin == server.origin
        assert server.stop() == 0
        check(copies_in(stick)[0])
    finally:
        if server.process.poll() is None:
            server.kill()


def test_a_missing_stick_stops_no_server(tmp_path: Path) -> None:
    place = tmp_path / "media" / "usb" / "copies"
    server = VenueServer(tmp_path / "laptop", "--copy-to", str(place), "--copy-every", "1s")
    try:
        server.wait_for_notice("copies")
        assert not place.parent.exists()
        assert "a second laptop needs secrets.toml" in server.log()
    finally:
        server.kill()


def test_a_manifest_tells_how_far_each_contest_was(house: Settings, stick: Path) -> None:
    path = copied(house, stick)

    content = json.loads((path / "manifest.json").read_text("utf-8"))
    assert content["contests"] == []
    assert content["format"] == "jiangxin-copy"
