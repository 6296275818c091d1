"""Real wheels for tests, built without network and installed into a folder of their own."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
EXAMPLE = ROOT / "docs" / "example_plugin"

BROKEN_PROJECT = """
[build-system]
requires = ["setuptools>=69"]
build-backend = "setuptools.build_meta"

[project]
name = "broken-wheel"
version = "0.3"

[project.entry-points.jiangxin]
broken = "broken_plugin"

[tool.setuptools]
py-modules = ["broken_plugin"]
"""
BROKEN_MODULE = "import a_library_that_nobody_installed\n"


def build_example(folder: Path) -> Path:
    """The wheel of docs/example_plugin."""
    source = folder / "example"
    shutil.copytree(
        EXAMPLE, source, ignore=shutil.ignore_patterns("__pycache__", "build", "*.egg-info")
    )
    return build(source)


def build_broken(folder: Path) -> Path:
    """A wheel whose plugin fails to import."""
    source = folder / "broken"
    source.mkdir()
    (source / "pyproject.toml").write_text(BROKEN_PROJECT, "utf-8")
    (source / "broken_plugin.py").write_text(BROKEN_MODULE, "utf-8")
    return build(source)


def build(source: Path) -> Path:
    """Asks the build backend itself, as pip does; a bare environment may have no pip."""
    code = "from setuptools import build_meta; print(build_meta.build_wheel('dist'))"
    (source / "dist").mkdir()
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=source, capture_output=True, text=True, check=True
    )
    return source / "dist" / done.stdout.splitlines()[-1]


def install(target: Path, *wheels: Path) -> Path:
    """A pure wheel is a zip of what belongs on the path."""
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(target)
    return target
