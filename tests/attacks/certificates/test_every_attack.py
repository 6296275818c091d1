"""The table of this folder names tests that are there, for each of the twenty attacks."""

from __future__ import annotations

import re
from pathlib import Path

from tests.attacks import certificates

TESTS = Path(__file__).parents[2]


def test_each_of_the_twenty_attacks_is_held_by_tests_that_exist() -> None:
    parts = re.split(r"^ ?(\d+)  .*\n", certificates.__doc__ or "", flags=re.MULTILINE)
    numbers, tables = [int(number) for number in parts[1::2]], parts[2::2]

    named = {
        number: re.findall(r"^    (\S+\.py): ((?:test_\w+,?\s*)+)", table, re.MULTILINE)
        for number, table in zip(numbers, tables, strict=True)
    }

    assert numbers == list(range(1, 21))
    assert all(named.values())
    for rows in named.values():
        for file, names in rows:
            written = (TESTS / file).read_text(encoding="utf-8")
            for name in re.findall(r"test_\w+", names):
                assert f"def {name}" in written, (file, name)


def test_what_stands_here_is_in_the_table() -> None:
    here = [path.name for path in Path(__file__).parent.glob("test_*.py")]
    table = certificates.__doc__ or ""

    written = {
        (name, found)
        for name in here
        for found in re.findall(
            r"def (test_attack_\d\d)", (Path(__file__).parent / name).read_text(encoding="utf-8")
        )
    }

    assert written
    for name, test in written:
        assert re.search(rf"certificates/{name}: .*{test}", table), (name, test)
