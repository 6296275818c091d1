"""What is wrong with a package's values: all of it at once, each with file, line and remedy."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace

import pytest

from contests.packages import messages
from contests.packages.archive import Files
from contests.packages.csv_tables import MOST_FINDINGS, read_table, write_table
from contests.packages.format import Reading
from contests.packages.reading import place, read_files
from contests.packages.writing import files_of
from core.findings import render
from core.scoring.model import (
    AttemptRuling,
    FoundDefect,
    Mark,
    Outcome,
    Penalty,
    PlaceRuling,
    Sheet,
    StatusFact,
    Timing,
)
from tests.packages.small import contents_of, small_package

CONTENTS = contents_of(small_package())


def read(**changes: bytes) -> Reading:
    """The small package with other files; "_" in the argument's name is the dot."""
    named = {name.replace("_", "."): data for name, data in changes.items()}
    return read_files(Files({**CONTENTS, **named}))


def told(reading: Reading) -> Mapping[str, str]:
    return {place(finding): finding.code for finding in reading.findings}


def test_what_is_written_is_read_back_whole() -> None:
    """Every table and every kind of mark, with commas, quotes and line breaks in the words."""
    marks = {
        "look": Mark(value=1_250, note='"half", he said\r\nand left '),
        "taste": Mark(raw="12.5"),
        "a": Mark(defects=(FoundDefect("crack", 500), FoundDefect("stain", 1_500))),
        "b": Mark(),
        "c": Mark(outcome=Outcome.MISSING),
        "d": Mark(value=-2_000, source="protocol"),
    }
    package = small_package()
    record = replace(
        package.record,
        sheets=(
            *package.record.sheets,
            Sheet("a", "dish", "J1", marks, attempt=2, counted=False, reason="recusal"),
        ),
        penalties=(
            Penalty("p1", "a", "points", "dish", 2_500, "late"),
            Penalty("p2", "b", "warning"),
        ),
        timings=(Timing("a", "dish", 3_601, 60), Timing("a", "dish", 3_000, attempt=2)),
        statuses=(StatusFact("b", Outcome.DNF, "dish"),),
        rulings=(AttemptRuling("a", "dish", 2),),
        places=(PlaceRuling(("a", "b"), "by the chief referee"),),
        votes={"public": {"a": 12, "b": 3}},
    )
    scheme = {"scheme.json": CONTENTS["scheme.json"].replace(b'"id":"look"', b'"id":"look"')}
    written = files_of(replace(package, record=record))

    again = read_files(Files(written | scheme))

    assert {f.code for f in again.findings} == {"package-aspect-unknown"}
    aspects = read_table("marks.csv", written["marks.csv"])
    assert aspects.findings == []
    row = next(r.values for r in aspects.rows if r.values["attempt"] == 2)
    assert row["note"] == '"half", he said\r\nand left '
    plain = replace(record, sheets=package.record.sheets)
    assert read_files(Files(files_of(replace(package, record=plain)))).package == replace(
        package, record=plain
    )


def test_numbers_as_people_type_them_are_understood_and_noted() -> None:
    marks = CONTENTS["marks.csv"].decode().replace(",18", ",１８", 1).replace(",70", ',"70,0"', 1)

    reading = read(marks_csv=marks.encode())

    assert reading.package == small_package()
    assert [(n.params["found"], n.params["understood"]) for n in reading.notes] == [
        ("１８", "18"),
        ("70,0", "70"),
    ]


def test_everything_wrong_with_marks_is_told_with_its_line() -> None:
    lines = CONTENTS["marks.csv"].decode().splitlines()
    heading = lines[0].split(",")
    assert heading[:4] == ["entry", "module", "aspect", "judge"]
    value = heading.index("value")

    def line(**values: str) -> str:
        cells = {"entry": "a", "module": "dish", "aspect": "look", "judge": "J1", "value": "9"}
        cells |= {"panel": "referees", "attempt": "1", "round": "1"} | values
        return ",".join(cells.get(name, "") for name in heading)

    bad = [
        line(attempt="2", value="nine"),
        line(attempt="3", entry="zoe"),
        line(attempt="3", module="theory"),
        line(attempt="3", aspect="smell"),
        line(attempt="3", judge="J9"),
        line(attempt="x"),
        line(attempt="4", value=""),
        line(),
        line(attempt="5") + ",too,many",
        line(entry=""),
    ]
    reading = read(marks_csv="\n".join([*lines, *bad, ""]).encode())

    first = len(lines) + 1
    assert reading.package is None
    assert told(reading) == {
        f"marks.csv line {first}, value": "csv-number-unreadable",
        f"marks.csv line {first + 1}, entry": "package-entry-unknown",
        f"marks.csv line {first + 2}, module": "package-module-unknown",
        f"marks.csv line {first + 3}, aspect": "package-aspect-unknown",
        f"marks.csv line {first + 4}, judge": "package-judge-unknown",
        f"marks.csv line {first + 5}, attempt": "csv-count-unreadable",
        f"marks.csv line {first + 6}": "package-mark-empty",
        f"marks.csv line {first + 7}": "package-mark-twice",
        f"marks.csv line {first + 8}": "csv-row-length",
        f"marks.csv line {first + 9}, entry": "csv-cell-empty",
    }
    assert value > 0


def test_a_hundred_thousand_lines_with_a_few_mistakes_name_just_those() -> None:
    count, random_lines = 100_000, random.Random(7)
    wrong = {random_lines.randrange(2, count) for _ in range(5)}
    judges = "judge\n" + "".join(f"J{n}\n" for n in range(50_000))
    rows = [f"a,dish,look,J{n},{'x' if n + 2 in wrong else 9}\n" for n in range(50_000)]
    rows += [f"b,dish,look,J{n},{'x' if n + 50_002 in wrong else 9}\n" for n in range(50_000)]
    table = "entry,module,aspect,judge,value\n" + "".join(rows)

    reading = read(marks_csv=table.encode(), judges_csv=judges.encode())

    assert [place(f) for f in reading.findings] == [
        f"marks.csv line {line}, value" for line in sorted(wrong)
    ]


def test_a_table_with_a_mistake_in_every_line_stops_at_a_thousand() -> None:
    table = "entry,module,aspect,judge,value\n" + "a,dish,look,J1,x\n" * 5_000

    assert len(read(marks_csv=table.encode()).findings) == MOST_FINDINGS


def test_an_entrant_twice_is_told_with_both_lines() -> None:
    reading = read(entrants_csv=b"entry,group\na,\nb,\na,students\n")

    (finding,) = reading.findings
    assert place(finding) == "entrants.csv line 4, entry"
    assert finding.params == {"entry": "a", "first": "2"}


@pytest.mark.parametrize(
    ("table", "place_of_finding", "code"),
    [
        (b"", "entrants.csv line 1", "csv-empty"),
        (b"entry,name\na,Li\n", "entrants.csv line 1", "csv-column-unknown"),
        (b"group\nx\n", "entrants.csv line 1", "csv-column-missing"),
        (b"entry,entry\na,a\n", "entrants.csv line 1", "csv-column-twice"),
        (b"entry,trial\na,perhaps\nb,\n", "entrants.csv line 2, trial", "csv-flag-unreadable"),
        ("entry\na\n选手\n".encode("gbk"), "entrants.csv line 3", "csv-not-utf8"),
        (b"entry\na\n\x00\n", "entrants.csv line 3", "csv-not-text"),
        (b'entry\n"a\n', "entrants.csv line 2", "csv-unreadable"),
    ],
)
def test_a_table_that_can_not_be_read_says_where(
    table: bytes, place_of_finding: str, code: str
) -> None:
    assert told(read(entrants_csv=table))[place_of_finding] == code


@pytest.mark.parametrize(
    ("name", "table", "found"),
    [
        ("penalties_csv", "id,entry,scope\np,a,points\np,b,fine\n", {"csv-value-unknown"}),
        ("penalties_csv", "id,entry,scope\np,a,points\np,b,points\n", {"package-row-twice"}),
        ("statuses_csv", "entry,status\na,sick\n", {"csv-value-unknown"}),
        ("timings_csv", "entry,module,gross\na,dish,-3\n", {"csv-count-unreadable"}),
        ("votes_csv", "panel,entry,votes\npublic,zoe,3\n", {"package-entry-unknown"}),
        ("places_csv", "entries\na;zoe\n", {"package-entry-unknown"}),
        ("judges_csv", "judge,modules\nJ1,dish;x\nJ2,\nJ3,\n", {"package-module-unknown"}),
        (
            "marks_csv",
            "entry,module,aspect,judge,defects\na,dish,look,J1,crack\n",
            {"csv-defect-unreadable"},
        ),
        (
            "marks_csv",
            "entry,module,aspect,judge,value,raw\na,dish,look,J1,1,1\n",
            {"package-mark-several"},
        ),
        (
            "marks_csv",
            "entry,module,aspect,judge,value,set_aside\na,dish,look,J1,1,\na,dish,taste,J1,1,x\n",
            {"package-mark-set-aside-partly"},
        ),
    ],
)
def test_each_table_is_held_to_its_own_rules(name: str, table: str, found: set[str]) -> None:
    assert {f.code for f in read(**{name: table.encode()}).findings} == found


def test_a_contest_file_is_held_to_its_shape_and_version() -> None:
    contest = b'{"format":"other","version":9,"code":"x","title":{},"type":{"code":"panel"},"q":1}'

    reading = read(contest_json=contest)

    assert told(reading) == {
        "contest.json /q": "unknown-key",
        "contest.json /type": "missing-key",
    }
    later = contest.replace(b'"code":"panel"', b'"code":"panel","version":1').replace(
        b',"q":1', b""
    )
    assert told(read(contest_json=later)) == {
        "contest.json /format": "package-format",
        "contest.json /version": "package-version",
    }


def test_a_float_in_the_rules_is_refused() -> None:
    assert told(read(rules_json=b'{"tie_within":0.5}')) == {"rules.json": "json-unreadable"}


def test_delegations_that_are_listed_must_contain_those_that_are_named() -> None:
    contest = CONTENTS["contest.json"].replace(
        b'"code":"small"', b'"code":"small","delegations":[{"code":"GZ","title":{}}]', 1
    )

    assert told(read(contest_json=contest)) == {
        "entrants.csv line 3, delegation": "package-delegation-unknown"
    }


def test_every_finding_is_a_sentence_with_its_parameters_filled_in() -> None:
    messages.install()
    reading = read(
        entrants_csv=b"entry,trial\na,perhaps\na,\n",
        penalties_csv=b"id,entry,scope,points\np,zoe,fine,x\n",
    )

    assert len(reading.findings) == 3
    for finding in reading.findings:
        sentence = render(finding, "en")
        assert sentence != finding.code
        assert "{" not in sentence


def test_columns_that_nobody_fills_are_left_out() -> None:
    assert write_table("entrants.csv", [{"entry": "a"}]) == b"entry\na\n"
