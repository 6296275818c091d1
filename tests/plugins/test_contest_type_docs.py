"""docs/contest-types.md: its files are read, its numbers are the code's, its example runs."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

import plugins
from plugins import ContestType, Reading, read_options
from plugins.conformance import assert_conforms
from plugins.cooking import CARDS, Cooking
from plugins.craftsman_index import CraftsmanIndex
from plugins.craftsman_index.rules import OUTCOMES
from plugins.drone_surveying import DroneSurveying
from plugins.drone_surveying.limits import limits
from plugins.panel import Panel
from plugins.robotics import Robotics

PAGE = (Path(plugins.__file__).parent.parent / "docs" / "contest-types.md").read_text(
    encoding="utf-8"
)


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, flags=re.S)


async def read(contest_type: ContestType, data: str) -> Reading:
    options, _ = read_options(contest_type, {})
    (instrument,) = contest_type.instruments()
    return await instrument.read(data.encode(), options, contest_type.scheme(options))


async def test_the_controllers_log_in_the_docs_is_read_the_same_as_csv_and_as_json() -> None:
    (as_csv,) = [block for block in blocks("csv") if "signal" in block]
    (as_json,) = blocks("json")

    readings = [await read(Robotics(), data) for data in (as_csv, as_json)]

    assert json.loads(as_json)
    for reading in readings:
        assert reading.findings == ()
        assert {aspect: mark.raw for aspect, mark in reading.marks.items()} == {
            "C1.1": "true",
            "C1.2": "1",
            "C1.3": "17",
            "C1.4": "0.08",
        }


async def test_the_check_point_table_in_the_docs_is_read() -> None:
    (table,) = [block for block in blocks("csv") if "known_x" in block]

    reading = await read(DroneSurveying(), table)

    assert reading.findings == ()
    assert dict(reading.figures)["Check points counted"] == "20"
    assert set(reading.marks) == {"P1.1", "P1.2"}


@pytest.mark.parametrize("contest_type", [Cooking(), DroneSurveying(), Panel(), Robotics()])
async def test_every_instrument_reads_its_own_sample(contest_type: ContestType) -> None:
    for instrument in contest_type.instruments():
        options, _ = read_options(contest_type, {})
        reading = await instrument.read(instrument.sample, options, contest_type.scheme(options))
        assert reading.findings == ()
        assert reading.marks


def test_the_cards_in_the_docs_are_the_codes() -> None:
    for card, lines in CARDS.items():
        row = next(line for line in PAGE.splitlines() if line.startswith(f"| `{card}`"))
        assert re.findall(r"\d+", row) == [maximum for _, maximum in lines]


def test_the_limits_in_the_docs_are_the_codes() -> None:
    for scale in ("500", "1000", "2000"):
        row = next(line for line in PAGE.splitlines() if line.startswith(f"| 1:{scale} "))
        numbers = re.findall(r"(\d\.\d\d) m", row)
        for terrain, shown in zip(("flat_hilly", "mountain"), numbers, strict=False):
            raw = {"scale": scale, "terrain": terrain, "height_limit": "0.15"}
            options, _ = read_options(DroneSurveying(), raw)
            assert limits(options).plan * 100 == int(shown.replace(".", ""))


def test_every_shared_option_is_on_the_page_with_its_default() -> None:
    shared = {option.code for option in plugins.standard_options()}

    assert {code for code in shared if f"`{code}`" not in PAGE} == set()


def test_every_option_template_and_outcome_of_the_index_is_on_the_page() -> None:
    section = PAGE[PAGE.index("## Craftsman index") : PAGE.index("## Options that every type has")]
    shared = {option.code for option in plugins.standard_options()}
    own = {option.code for option in CraftsmanIndex.options} - shared
    templates = {template.code for template in CraftsmanIndex.templates}

    assert {code for code in own | templates | set(OUTCOMES) if f"`{code}`" not in section} == set()


@pytest.mark.parametrize("table", ["first_level", "second_level"])
def test_every_column_of_the_index_is_on_the_page(table: str) -> None:
    section = PAGE[PAGE.index("## Craftsman index") : PAGE.index("## Options that every type has")]
    (line,) = [row for row in section.splitlines() if row.startswith(f"| `{table}`")]
    (option,) = [option for option in CraftsmanIndex.options if option.code == table]

    plain = {c.code for c in option.columns if not c.code.startswith("title_")}
    assert {code for code in plain if f"`{code}`" not in line} == set()


def test_the_example_of_a_type_of_your_own_runs() -> None:
    (source,) = blocks("python")
    names: dict[str, Any] = {}
    exec(compile(source, "contest-types.md", "exec"), names)
    (herbs,) = names["contest_types"]()

    options, findings = read_options(herbs, {"judges": 5})

    assert findings == []
    assert herbs.scheme(options).modules[0].aspects()[0].judges == 5
    assert_conforms(herbs, contests=2, entrants=50)
