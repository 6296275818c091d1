"""The README and the docs stay true: their commands run, their links lead somewhere."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
from pathlib import Path

import pytest

from contests.packages.archive import write_zip
from contests.packages.exporting import export_contest
from core import outbox
from core.settings import Settings
from credentials.queries import certificates_of
from tests.fixtures.processes import Jiangxin
from tests.journeys.crowd import a_contest_where_everybody_wins

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
PICTURES = ROOT / "docs" / "pictures"
LARGEST_PICTURE = 150_000
SCRIPTS = {"demo", "test", "check", "jiangxin"}
BINARY = {".png", ".xlsx", ".zip", ".ico", ".pyc"}


def commands() -> list[str]:
    """Lines of the README's fenced blocks that call a script."""
    blocks = re.findall(r"^```\n(.*?)^```", (ROOT / "README.md").read_text("utf-8"), re.M | re.S)
    lines = [line.partition(" #")[0].strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line.startswith("scripts/")]


def test_the_readme_names_each_script_and_each_can_be_run() -> None:
    named = {command.split()[0].removeprefix("scripts/") for command in commands()}

    assert named <= SCRIPTS
    for script in SCRIPTS:
        path = ROOT / "scripts" / script
        assert os.access(path, os.X_OK)
        subprocess.run(["sh", "-n", str(path)], check=True)


async def test_each_jiangxin_command_of_the_readme_does_what_it_says(
    database: Settings, jiangxin: Jiangxin, tmp_path: Path
) -> None:
    placeholders = {
        "PACKAGE": str(await _finished_contest(tmp_path)),
        "FILE.xlsx": str(ROOT / "tests/data/cis/es2023-web-development.xlsx"),
        "certificate.jwt": str(tmp_path / "certificate.jwt"),
        "FOLDER": str(tmp_path / "copies"),
    }
    called = [c.split()[1:] for c in commands() if c.startswith("scripts/jiangxin ")]

    for words in called:
        if words[0] == "serve":
            continue  # the fixture `server` runs it in many tests
        done = await asyncio.to_thread(jiangxin, *(placeholders.get(w, w) for w in words))
        assert done.returncode == 0, f"{words}: {done.stderr}{done.stdout}"


async def _finished_contest(folder: Path) -> Path:
    """A contest's package, and one of its certificates beside it."""
    small = await a_contest_where_everybody_wins()
    await small.finish()
    await outbox.drain()
    certificates = await certificates_of(str(small.contest))
    (folder / "certificate.jwt").write_text(certificates[0]["token"])
    package = folder / "package.zip"
    organiser = await small.actor("organiser")
    _, files = await export_contest(organiser, small.contest)
    package.write_bytes(write_zip(files))
    return package


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    text = page.read_text("utf-8")
    links = re.findall(r"\]\((?!https?://|#)([^)#\s]+)", text)
    links += re.findall(r'src="([^"]+)"', text)

    missing = [link for link in links if not (page.parent / link).exists()]

    assert not missing


def shown_pictures(page: Path) -> dict[Path, str]:
    """Each picture that a page shows, with the words for who can't see it."""
    text = page.read_text("utf-8")
    found = [(src, alt) for alt, src in re.findall(r"!\[([^\]]*)\]\(([^)\s]+)\)", text)]
    found += re.findall(r'<img src="([^"]+)" alt="([^"]*)"', text)
    return {(page.parent / src).resolve(): alt for src, alt in found}


def test_every_picture_is_shown_with_words_and_is_quick_to_load() -> None:
    shown = {path: alt for page in PAGES for path, alt in shown_pictures(page).items()}

    there = set(PICTURES.rglob("*.png"))

    assert set(shown) == there
    assert not [path.name for path, alt in shown.items() if len(alt) < 20]
    assert not [path.name for path in there if path.stat().st_size > LARGEST_PICTURE]


def test_each_page_of_the_console_is_shown_in_a_picture() -> None:
    pages = sorted((ROOT / "docs" / "console").glob("*.md"))

    without = [page.name for page in pages if not shown_pictures(page)]

    assert pages
    assert not without


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True
    ).stdout
    names = [name for name in listed.decode().split("\0") if name]
    return [ROOT / name for name in names if Path(name).suffix not in BINARY]


def test_no_file_names_a_registry_or_a_machine() -> None:
    """Lock files install from whatever index the reader has; paths are the reader's own."""
    hosts = ("python" + "hosted.org", "py" + "pi.org/simple", "registry.npm" + "js.org")
    places = ("/" + "work/", "/root" + "/.")
    found = [
        f"{path.relative_to(ROOT)}: {word}"
        for path in tracked()
        if path.exists()
        for word in (*hosts, *places)
        if word in path.read_text("utf-8", "replace")
    ]

    assert not found
