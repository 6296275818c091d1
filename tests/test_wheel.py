"""What ships: a wheel built from the repository holds every file of its packages, and no test."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SHIPPED = ("core", "plugins", "contests", "credentials", "admin", "piccolo_conf.py")


@pytest.mark.long
def test_the_wheel_holds_every_file_of_the_packages(tmp_path: Path) -> None:
    wanted = tracked(*SHIPPED)
    source = tmp_path / "source"
    for name in [*wanted, *tracked("pyproject.toml", "README.md", "LICENSE")]:
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, source / name)

    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "--wheel-dir", str(tmp_path), str(source)], check=True)

    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        held = set(wheel.namelist())
    assert [name for name in wanted if name not in held] == []
    assert not [name for name in held if name.startswith(("tests/", "scripts/"))]


def tracked(*paths: str) -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", *paths], cwd=ROOT, capture_output=True, check=True
    ).stdout
    return [name for name in listed.decode().split("\0") if name and (ROOT / name).exists()]
