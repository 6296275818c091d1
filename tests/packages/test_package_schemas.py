"""docs/schemas and docs/package.md say what the program reads and writes."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from contests.packages.archive import Files
from contests.packages.exporting import export_contest_with_identities
from contests.packages.format import KNOWN, TABLES
from contests.packages.json_schema import schemas, text_of
from contests.packages.reading import read_files
from contests.packages.score import score_json, score_package
from core.security import SYSTEM
from core.settings import Settings
from tests.factories_contests import small_contest
from tests.packages.small import contents_of, small_package

DOCS = Path(__file__).parents[2] / "docs"


def validator(name: str) -> Any:
    return jsonschema_rs.validator_for(json.loads((DOCS / "schemas" / name).read_text()))


def problems(contents: dict[str, bytes]) -> list[str]:
    """What the published schemas find wrong with a package's files."""
    found = []
    for name, data in contents.items():
        if name.endswith(".json"):
            found += _errors(name, name, json.loads(data))
        elif name == "log.jsonl":
            for line in data.splitlines():
                found += _errors(name, "log-line.json", json.loads(line))
        elif name.endswith(".csv"):
            for row in csv.DictReader(io.StringIO(data.decode(), newline="")):
                found += _errors(name, f"{name.removesuffix('.csv')}-row.json", row)
    return found


def _errors(name: str, schema: str, value: Any) -> list[str]:
    return [f"{name}: {error.message}" for error in validator(schema).iter_errors(value)]


def test_the_published_schemas_are_those_of_the_program() -> None:
    """Write them again with `python -m contests.packages.json_schema docs/schemas`."""
    published = {path.name: path.read_text() for path in (DOCS / "schemas").glob("*.json")}

    made = {name: text_of(schema) for name, schema in schemas().items()}

    assert {name: published.get(name) for name in made} == made


async def test_a_finished_contest_fits_the_published_schemas(database: Settings) -> None:
    small = await small_contest(members=2, reserves=1)
    await small.judge_everything()
    await small.close()
    await small.finish()
    _, contents = await export_contest_with_identities(SYSTEM, small.contest)

    assert {"log.jsonl", "results.json", "identities.csv", "marks.csv"} <= set(contents)
    assert problems(contents) == []


def test_a_package_without_a_log_fits_the_published_schemas() -> None:
    assert problems(contents_of(small_package())) == []


def test_the_printed_score_fits_its_schema() -> None:
    results = score_package(read_files(Files(contents_of(small_package())))).results
    assert results is not None

    assert list(validator("score.json").iter_errors(score_json(results))) == []


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("contest.json", b'"version":1}\n', b'"version":7}\n'),
        ("scheme.json", b'"100"', b"100"),
        ("scheme.json", b'"kind":"points"', b'"kind":"magic"'),
        ("rules.json", b"{}", b'{"colour":"red"}'),
        ("entrants.csv", b"a,", b",", ),
        ("marks.csv", b",18", b",eighteen"),
    ],
)  # fmt: skip
def test_the_schemas_refuse_what_the_program_refuses(name: str, old: bytes, new: bytes) -> None:
    contents = contents_of(small_package())
    changed = {**contents, name: contents[name].replace(old, new, 1)}
    assert changed != contents

    assert problems(changed)
    assert read_files(Files(changed)).findings


def test_every_file_and_column_is_in_the_documentation() -> None:
    text = (DOCS / "package.md").read_text()

    assert [name for name in KNOWN if f"`{name}`" not in text] == []
    for name, columns in TABLES.items():
        listed = re.search(rf"^`{name}`: (.+?)(?:\n\n|\. Lines)", text, re.MULTILINE | re.DOTALL)
        assert listed is not None, name
        plain = re.sub(r"\([^)]*\)|\*\*|\n", " ", listed[1])
        assert [word.strip() for word in plain.split(",")] == [c.name for c in columns]
        bold = set(re.findall(r"\*\*(\w+)\*\*", listed[1]))
        assert bold == {c.name for c in columns if c.required}


def test_the_first_package_of_the_documentation_can_be_scored() -> None:
    block = re.search(r"```\n(contest\.json .+?)```", (DOCS / "package.md").read_text(), re.DOTALL)
    assert block is not None
    contents: dict[str, list[str]] = {}
    for line in block[1].splitlines():
        name, text = line[:15].strip(), line[15:]
        if name:
            contents[name] = []
        contents[list(contents)[-1]].append(text)
    files = {name: "\n".join(lines).encode() for name, lines in contents.items()}

    results = score_package(read_files(Files(files))).results

    assert results is not None
    assert [(s.entry, s.rank, float(s.total or 0)) for s in results.standings] == [
        ("A", 1, 91.17),
        ("B", 2, 89.17),
    ]
