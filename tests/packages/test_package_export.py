"""Contests leave one installation and arrive in another, whole or not at all."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from contests.log import read
from contests.packages.archive import Files, read_zip, write_zip
from contests.packages.exporting import (
    export_contest,
    export_contest_with_identities,
    find_contest,
)
from contests.packages.reading import place, read_files
from contests.packages.taking_in import take_in
from contests.tables import Contest, Entry, ResultRow
from core.errors import Forbidden, Invalid, NotFound
from core.privacy import names_of
from core.scoring.codec import canonical
from core.security import SYSTEM, Actor
from core.settings import Settings
from tests.factories_contests import SmallContest, small_contest
from tests.packages.small import contents_of, small_package

ROOT = Path(__file__).parents[2]


async def finished() -> tuple[SmallContest, dict[str, bytes]]:
    small = await small_contest()
    await small.judge_everything()
    await small.close()
    await small.finish()
    return small, (await export_contest(SYSTEM, small.contest))[1]


def renamed(contents: dict[str, bytes], **changes: Any) -> Files:
    """The package with another contest.json."""
    contest = json.loads(contents["contest.json"]) | changes
    kept = {k: v for k, v in contents.items() if k != "SHA256SUMS"}
    return Files({**kept, "contest.json": canonical(contest)})


def jiangxin(data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """The command in a process and an installation of its own."""
    plain = {k: v for k, v in os.environ.items() if not k.startswith("JIANGXIN_")}
    environment = {**plain, "JIANGXIN_DATA": str(data), "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-m", "core", *words],
        env=environment,
        cwd=data.parent,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.engine
async def test_a_finished_contest_is_exported_with_log_results_and_no_name(
    database: Settings,
) -> None:
    small, contents = await finished()

    reading = read_files(Files(contents))

    assert reading.findings == ()
    assert reading.package is not None
    assert reading.package.contest.state == "final"
    assert len(reading.package.log) == len(await read(small.contest))
    assert reading.package.results is not None
    assert [e.delegation for e in reading.package.record.entries]
    assert "identities.csv" not in contents
    assert "选手" not in b"".join(contents.values()).decode()


@pytest.mark.engine
async def test_names_leave_only_when_they_are_asked_for(database: Settings) -> None:
    small = await small_contest(until="draft", members=2)

    _, contents = await export_contest_with_identities(SYSTEM, small.contest)

    package = read_files(Files(contents)).package
    assert package is not None
    assert len(package.members) == 8
    assert {member.position for member in package.members} == {1, 2}


async def test_a_chief_referee_exports_but_gets_no_names(database: Settings) -> None:
    small = await small_contest(until="draft")
    chief = await small.actor("chief")

    code, _ = await export_contest(chief, small.contest)

    assert await find_contest(code) == small.contest
    with pytest.raises(Forbidden):
        await export_contest_with_identities(chief, small.contest)
    with pytest.raises(Forbidden):
        await export_contest(Actor(None, "nobody"), small.contest)


async def test_a_contest_is_found_by_code_or_id_or_not_at_all(database: Settings) -> None:
    small = await small_contest(until="draft")

    assert await find_contest(str(small.contest)) == small.contest
    with pytest.raises(NotFound):
        await find_contest("nowhere")


@pytest.mark.engine
async def test_a_draft_arrives_as_a_new_draft_with_its_entrants(database: Settings) -> None:
    small = await small_contest(until="draft", members=2)
    _, contents = await export_contest_with_identities(SYSTEM, small.contest)

    taken = await take_in(SYSTEM, renamed(contents, code="again"))

    assert (taken.code, taken.state, taken.entries) == ("again", "draft", 4)
    assert taken.contest != small.contest
    row = await Contest.select().where(Contest.id == taken.contest).first()
    assert row is not None
    assert json.loads(row["scheme"]) == json.loads(contents["scheme.json"])
    assert row["competition"] == small.competition
    entries = await Entry.select().where(Entry.contest == taken.contest)
    old = await Entry.select().where(Entry.contest == small.contest)
    assert sorted(str(e["delegation"]) for e in entries) == sorted(
        str(e["delegation"]) for e in old
    )
    from contests.identity.sealing import persons_of

    persons = [p for team in (await persons_of(taken.contest)).values() for p in team]
    assert "选手0-0" in (await names_of(persons)).values()


async def test_marks_of_a_package_without_a_log_stay_outside_and_that_is_said(
    database: Settings,
) -> None:
    await small_contest(until="draft")

    taken = await take_in(SYSTEM, Files(contents_of(small_package())))

    assert {note.code for note in taken.notes} == {
        "package-import-marks-left",
        "package-import-names-missing",
    }
    assert taken.entries == 0


@pytest.mark.engine
async def test_a_package_that_is_here_already_is_refused_and_nothing_is_written(
    database: Settings,
) -> None:
    _, contents = await finished()
    before = await Contest.count()

    for files in (Files(contents), renamed(contents, code="other")):
        with pytest.raises(Invalid) as caught:
            await take_in(SYSTEM, files)
        assert [f.code for f in caught.value.findings] == ["package-import-exists"]
    assert await Contest.count() == before


@pytest.mark.engine
async def test_an_altered_archive_is_refused_with_the_number_of_the_entry(
    database: Settings,
) -> None:
    _, contents = await finished()
    lines = contents["log.jsonl"].splitlines(keepends=True)
    del lines[9]

    with pytest.raises(Invalid) as caught:
        await take_in(SYSTEM, Files({**contents, "log.jsonl": b"".join(lines)}))

    assert "log.jsonl entry 10" in {place(finding) for finding in caught.value.findings}


async def test_an_unknown_organisation_is_told(database: Settings) -> None:
    with pytest.raises(Invalid) as caught:
        await take_in(SYSTEM, Files(contents_of(small_package())), organisation="nobody")

    (finding,) = caught.value.findings
    assert (finding.code, finding.params["code"]) == (
        "package-import-organisation-unknown",
        "nobody",
    )


async def test_a_referee_may_not_import(database: Settings) -> None:
    small = await small_contest(until="draft")

    with pytest.raises(Forbidden):
        await take_in(await small.actor("chief"), Files(contents_of(small_package())))


async def test_an_archive_goes_into_another_installation_and_out_again_unchanged(
    database: Settings, tmp_path: Path
) -> None:
    small, contents = await finished()
    package, again = tmp_path / "package.zip", tmp_path / "again.zip"
    package.write_bytes(write_zip(contents))
    other = tmp_path / "other"
    assert jiangxin(other, "init").returncode == 0
    assert jiangxin(other, "migrate").returncode == 0

    taken = jiangxin(other, "import", str(package), "--json")
    exported = jiangxin(other, "export", str(small.contest), "--out", str(again))
    counted = jiangxin(other, "recount", str(again), "--json")

    assert taken.returncode == 0, taken.stderr
    assert json.loads(taken.stdout)["contest"] == str(small.contest)
    assert exported.returncode == 0, exported.stderr
    assert (counted.returncode, json.loads(counted.stdout)["findings"]) == (0, [])
    came_out = read_zip(again.read_bytes()).contents
    for name in ("log.jsonl", "results.json", "scheme.json", "rules.json", "marks.csv"):
        assert came_out[name] == contents[name], name
    rows = await ResultRow.count().where(ResultRow.contest == small.contest)
    assert rows == json.loads(contents["contest.json"])["result_version"]
    assert UUID(json.loads(came_out["contest.json"])["home"]) == UUID(
        json.loads(contents["contest.json"])["home"]
    )


async def test_the_recount_command_ends_with_1_and_names_the_entry(
    database: Settings, tmp_path: Path
) -> None:
    _, contents = await finished()
    path = tmp_path / "package.zip"
    path.write_bytes(write_zip(contents))
    assert jiangxin(tmp_path / "none", "recount", str(path)).returncode == 0
    lines = contents["log.jsonl"].splitlines(keepends=True)
    lines[4] = lines[4].replace(b"-", b"_", 1)
    path.write_bytes(write_zip({**contents, "log.jsonl": b"".join(lines)}))

    told = jiangxin(tmp_path / "none", "recount", str(path))

    assert told.returncode == 1
    assert "log.jsonl entry 5" in told.stdout
    assert not (tmp_path / "none").exists()
