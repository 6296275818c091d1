"""Two real marking schemes of WorldSkills competitions, with figures worked out by hand."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest

from contests.actions.setup import save_scheme
from contests.importing.book import place
from contests.importing.scheme_workbook import (
    SchemeImport,
    read_scheme_workbook,
    summary,
)
from contests.tables import Contest
from core.__main__ import main
from core.scoring import check_scheme, score
from core.scoring.model import EntryFacts, Kind, Mark, Record, Rules, Sheet
from core.settings import Settings
from tests.factories_contests import small_contest

DATA = Path(__file__).parent.parent / "data" / "cis"
ES2023 = DATA / "es2023-web-development.xlsx"
WSUK2024 = DATA / "wsuk2024-web-development.xlsx"


@pytest.fixture(scope="module")
def es2023() -> SchemeImport:
    return read_scheme_workbook(ES2023.read_bytes())


@pytest.fixture(scope="module")
def wsuk2024() -> SchemeImport:
    return read_scheme_workbook(WSUK2024.read_bytes())


def test_the_european_scheme_has_its_published_figures(es2023: SchemeImport) -> None:
    figures = summary(es2023)

    assert (figures["criteria"], figures["sub_criteria"]) == (6, 36)
    assert figures["judgement"] == {"count": 26, "marks": "24", "descriptors": 104}
    assert figures["measurement"] == {"count": 123, "marks": "76"}
    assert (figures["total"], figures["typed_variation"], figures["variation"]) == ("100", "0", "0")
    assert es2023.findings == ()


def test_the_british_scheme_shows_both_variations_with_their_cells(wsuk2024: SchemeImport) -> None:
    figures = summary(wsuk2024)

    assert (figures["criteria"], figures["sub_criteria"]) == (4, 30)
    assert figures["judgement"]["count"] == 19
    assert figures["measurement"]["count"] == 201
    assert (figures["total"], figures["typed_variation"], figures["variation"]) == (
        "100",
        "44",
        "72",
    )
    assert [place(finding).partition("!")[2] for finding in wsuk2024.findings] == [
        "J5", "J6", "J7", "J8", "J9", "K10"
    ]  # fmt: skip
    assert all(finding.is_warning for finding in wsuk2024.findings)


def test_calculators_of_the_second_sheet_become_standard_ones(wsuk2024: SchemeImport) -> None:
    found = {calculator.name: calculator for calculator in wsuk2024.calculators}

    assert {name: c.kind for name, c in found.items()} == {
        "Deduct .25": "REGULAR_DIFFERENCE_DEDUCTION",
        "Deduct .5": "REGULAR_DIFFERENCE_DEDUCTION",
        "B4.M5": "CHOICE",
        "C1.M11": "CHOICE",
        "C2.M1": "CHOICE",
    }
    assert {c.per for c in found.values()} == {"unit"}
    assert found["Deduct .25"].calculation().parameters["deduction"] == "0.25"
    assert found["B4.M5"].control().labels[1] == {"en": "Any products can be deleted"}


@pytest.mark.parametrize("name", ["es2023", "wsuk2024"])
def test_a_real_workbook_becomes_a_scheme_that_can_be_used(
    name: str, request: pytest.FixtureRequest
) -> None:
    scheme = request.getfixturevalue(name).scheme

    assert [f for f in check_scheme(scheme) if not f.is_warning] == []
    assert sum(module.maximum for module in scheme.modules) == 100_000
    judged = [a for m in scheme.modules for a in m.aspects() if a.kind is Kind.JUDGEMENT]
    assert all(len(a.descriptors) == 4 and a.judges == 3 and a.spread == 1000 for a in judged)


def test_full_marks_in_every_aspect_of_a_real_scheme_are_a_hundred(es2023: SchemeImport) -> None:
    scheme = es2023.scheme
    assert scheme is not None
    sheets = [
        Sheet(
            "1",
            module.id,
            judge,
            {
                a.id: Mark(value=3000 if a.kind is Kind.JUDGEMENT else a.maximum)
                for a in module.aspects()
                if a.kind is Kind.JUDGEMENT or judge == "J1"
            },
        )
        for module in scheme.modules
        for judge in ("J1", "J2", "J3")
    ]

    results = score(scheme, Rules(), Record((EntryFacts("1"),), tuple(sheets)))

    assert results.standings[0].total == Fraction(100)


def test_aspects_are_numbered_by_kind_within_their_sub_criterion(es2023: SchemeImport) -> None:
    assert es2023.scheme is not None
    first = es2023.scheme.modules[0].criteria[0].sub_criteria[0]

    assert [aspect.id for aspect in first.aspects] == ["A1.J1", "A1.J2", "A1.M1"]
    assert (first.id, first.day) == ("A1", "1")
    assert first.aspects[2].requirement.startswith("Header, Navigation, and Footer")


def test_the_command_prints_the_figures_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scheme", "import", str(WSUK2024), "--json"]) == 0

    printed = json.loads(capsys.readouterr().out)
    assert (printed["typed_variation"], printed["variation"]) == ("44", "72")
    assert len(printed["calculators"]) == 5
    assert printed["findings"][-1]["place"] == "CIS Marking Scheme Import!K10"
    assert "44" in printed["findings"][-1]["message"]
    assert "72" in printed["findings"][-1]["message"]


def test_the_command_writes_the_draft_when_asked(tmp_path: Path) -> None:
    out = tmp_path / "scheme.json"

    assert main(["scheme", "import", str(ES2023), "--out", str(out)]) == 0

    assert [m["id"] for m in json.loads(out.read_text())["modules"]] == list("ABCDEF")


def test_the_command_says_what_to_do_about_a_file_that_is_not_there(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["scheme", "import", "nowhere.xlsx"]) == 2

    assert "nowhere.xlsx can't be read" in capsys.readouterr().err


async def test_both_real_schemes_can_be_saved_in_a_contest(
    database: Settings, es2023: SchemeImport, wsuk2024: SchemeImport
) -> None:
    """Sections that miss their weights are unusual, not wrong."""
    small = await small_contest(until="draft")
    organiser = await small.actor("organiser")
    row = await Contest.select(Contest.revision).where(Contest.id == small.contest).first()
    revision = row["revision"] if row else 0

    for imported in (es2023, wsuk2024):
        assert imported.scheme is not None
        revision = await save_scheme(organiser, small.contest, imported.scheme, revision=revision)
