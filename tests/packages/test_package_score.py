"""`jiangxin score`: standings from a package alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from contests.packages.archive import write_folder, write_zip
from contests.packages.format import Package, TypeReference
from contests.packages.writing import files_of
from core.__main__ import main
from core.scoring.model import Mark, Sheet
from tests.packages.small import contents_of, small_package


def folder_of(tmp_path: Path, package: Package | None = None) -> str:
    folder = tmp_path / "package"
    write_folder(folder, files_of(package or small_package()))
    return str(folder)


def test_the_json_has_the_places_and_how_each_aspect_came_about(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["score", folder_of(tmp_path), "--json"]) == 0

    printed = json.loads(capsys.readouterr().out)
    assert printed == {
        "standings": [
            {"entry": "a", "group": "", "rank": 1, "total": "88", "status": "scored",
             "decided_by": "total"},
            {"entry": "b", "group": "", "rank": 2, "total": "85.5", "status": "scored",
             "decided_by": "total"},
        ],
        "aspects": [
            {"entry": "a", "aspect": "look", "panel": "18", "award": "18"},
            {"entry": "a", "aspect": "taste", "panel": "70", "award": "70"},
            {"entry": "b", "aspect": "look", "panel": "15.5", "award": "15.5"},
            {"entry": "b", "aspect": "taste", "panel": "70", "award": "70"},
        ],
    }  # fmt: skip


def test_a_zip_gives_the_same_as_its_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "package.zip"
    path.write_bytes(write_zip(files_of(small_package())))
    main(["score", folder_of(tmp_path), "--json"])
    from_folder = capsys.readouterr().out

    assert main(["score", str(path), "--json"]) == 0
    assert capsys.readouterr().out == from_folder


def test_a_reader_gets_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", folder_of(tmp_path)]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["group", "rank", "entry", "total", "status", "decided", "by"]
    assert lines[1].split() == ["1", "a", "88", "scored", "total"]


def test_marks_that_the_type_refuses_are_told_with_their_lines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    package = small_package()
    bad = Sheet("a", "dish", "J1", {"look": Mark(value=250), "taste": Mark(value=90_000)})
    record = replace(package.record, sheets=(bad, *package.record.sheets[1:]))
    folder = folder_of(tmp_path, replace(package, record=record))

    assert main(["score", folder, "--json"]) == 2

    printed = json.loads(capsys.readouterr().out)
    assert [finding["place"] for finding in printed["findings"]] == [
        "marks.csv line 2, value",
        "marks.csv line 3, value",
    ]
    assert all(len(finding["message"]) > 20 for finding in printed["findings"])


def test_without_json_the_findings_go_to_the_error_stream(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    contents = {**contents_of(small_package()), "rules.json": b"not json"}
    write_folder(tmp_path / "package", contents)

    assert main(["score", str(tmp_path / "package")]) == 2

    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("rules.json: ")


def test_a_scheme_that_does_not_add_up_is_refused_with_the_difference(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scheme = contents_of(small_package())["scheme.json"]
    short = scheme.replace(b'"maximum":"80"', b'"maximum":"79.75"')
    write_folder(tmp_path / "package", {**contents_of(small_package()), "scheme.json": short})

    assert main(["score", str(tmp_path / "package"), "--json"]) == 2

    findings = json.loads(capsys.readouterr().out)["findings"]
    told = [f for f in findings if f["place"].startswith("scheme.json /modules/0")]
    assert "0.25" in told[0]["message"]


def test_a_missing_mark_is_no_zero_and_is_noted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    package = small_package()
    record = replace(package.record, sheets=package.record.sheets[:-1])

    assert main(["score", folder_of(tmp_path, replace(package, record=record)), "--json"]) == 0

    printed = json.loads(capsys.readouterr().out)
    assert (printed["standings"][1]["rank"], printed["standings"][1]["total"]) == (None, None)
    assert printed["notes"][0]["place"] == "entry b, module dish, aspect look"


def test_an_absent_contest_type_is_named_and_nothing_is_guessed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    package = small_package()
    facts = replace(package.contest, type=TypeReference("falconry", 3))

    assert main(["score", folder_of(tmp_path, replace(package, contest=facts))]) == 1

    assert "falconry version 3 is not installed" in capsys.readouterr().err


def test_a_bare_clone_can_score_and_nothing_is_written(tmp_path: Path) -> None:
    """No secrets, no data folder, no database; the working folder stays as it was."""
    folder = folder_of(tmp_path)
    empty = tmp_path / "empty"
    empty.mkdir()
    plain = {k: v for k, v in os.environ.items() if not k.startswith("JIANGXIN_")}

    done = subprocess.run(
        [sys.executable, "-m", "core", "score", folder, "--json"],
        cwd=empty,
        env={**plain, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["standings"][0]["entry"] == "a"
    assert list(empty.iterdir()) == []
