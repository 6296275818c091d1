"""Files by others: the committed bytes are the pinned ones, and the server gives them out itself."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from core.web.assets import asset

ROOT = Path(__file__).parent.parent.parent
VENDORED = ROOT / "core" / "web" / "vendor"
FILES = (
    ("vendor/uqr/dist/index.mjs", "text/javascript"),
    ("vendor/zxing-wasm/dist/es/reader/index.js", "text/javascript"),
    ("vendor/zxing-wasm/dist/reader/zxing_reader.wasm", "application/wasm"),
)


def check(root: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(root / "scripts" / "vendor.py"), "--check"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in ("vendor.py", "vendor.toml", "vendor.lock.json"):
        (tmp_path / "scripts").mkdir(exist_ok=True)
        shutil.copy(ROOT / "scripts" / name, tmp_path / "scripts" / name)
    shutil.copytree(VENDORED, tmp_path / "core" / "web" / "vendor")
    return tmp_path


def test_the_committed_files_are_the_pinned_ones() -> None:
    done = check(ROOT)

    assert done.returncode == 0, done.stdout


def test_a_changed_a_missing_and_an_added_file_are_named(copy: Path) -> None:
    vendored = copy / "core" / "web" / "vendor"
    with (vendored / "uqr/dist/index.mjs").open("a") as file:
        file.write("\n")
    (vendored / "zxing-wasm/LICENSE").unlink()
    (vendored / "more.js").write_text("")

    done = check(copy)

    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "uqr/dist/index.mjs: not the file that is pinned",
        "zxing-wasm/LICENSE: missing",
        "more.js: nobody named it",
    ]


def test_another_version_wants_a_new_pin(copy: Path) -> None:
    wanted = copy / "scripts" / "vendor.toml"
    wanted.write_text(wanted.read_text().replace('"0.1.3"', '"0.1.2"'))

    done = check(copy)

    assert "uqr@0.1.2: not pinned; run scripts/vendor" in done.stdout


def test_each_is_pinned_by_its_version_alone_and_has_its_licence() -> None:
    lock = (ROOT / "scripts" / "vendor.lock.json").read_text()

    assert not re.search(r"https?:|registry", lock)
    for name, pinned in json.loads(lock).items():
        assert re.fullmatch(r"sha512-[A-Za-z0-9+/]{86}==", pinned["integrity"]), name
        assert "LICENSE" in pinned["files"]


@pytest.mark.parametrize(("name", "kind"), FILES)
async def test_the_server_gives_them_out_for_ever(
    client: httpx.AsyncClient, name: str, kind: str
) -> None:
    reply = await client.get(asset(name))

    assert reply.status_code == 200
    assert reply.headers["content-type"].startswith(kind)
    assert "immutable" in reply.headers["cache-control"]
    assert reply.content == (VENDORED / name.removeprefix("vendor/")).read_bytes()
