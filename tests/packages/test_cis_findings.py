"""Workbooks with mistakes in them: each is named with its sheet, its cell and a remedy."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from contests.importing import messages
from contests.importing.book import place
from contests.importing.scheme_workbook import SchemeImport, read_scheme_workbook, summary
from core.__main__ import main
from core.findings import render, sentences

ES2023 = Path(__file__).parent.parent / "data" / "cis" / "es2023-web-development.xlsx"
SHEET = "CIS Marking Scheme Import"


def edited(change: Callable[[Any], None]) -> SchemeImport:
    """The European workbook after `change(workbook)`. Saving it drops every stored formula value."""
    return read_scheme_workbook(edited_bytes(change))


def edited_bytes(change: Callable[[Any], None]) -> bytes:
    workbook = openpyxl.load_workbook(ES2023)
    change(workbook)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def cells(**values: Any) -> Callable[[Any], None]:
    def change(workbook: Any) -> None:
        for at, value in values.items():
            workbook[SHEET][at] = value

    return change


def found(result: SchemeImport) -> dict[str, str]:
    """Cell -> code, without the formulas whose stored values went away."""
    return {
        place(f).partition("!")[2]: f.code
        for f in result.findings
        if f.code != "workbook-cell-formula-uncomputed-warning"
    }


def test_formulas_without_stored_values_are_computed_and_named() -> None:
    result = edited(cells())

    named = [f for f in result.findings if f.code == "workbook-cell-formula-uncomputed-warning"]
    assert {place(f).partition("!")[2] for f in named} >= {"J5", "K5", "K10", "N23", "N385"}
    assert result.scheme is not None
    assert summary(result)["typed_variation"] == "0"


def test_a_scheme_that_sums_to_99_75_is_refused_with_the_difference() -> None:
    result = edited(cells(K25=0.25))

    assert result.scheme is None
    assert summary(result)["total"] == "99.75"
    sums = {f.code: f.params for f in result.findings if "difference" in f.params}
    assert sums["cis-criterion-sum"]["difference"] == "0.25"
    assert sums["cis-total-not-full"]["made"] == "99.75"
    assert found(result)["K15"] == "cis-criterion-sum"


def test_numbers_as_people_type_them_are_understood_and_shown() -> None:
    result = edited(cells(K25="0,5", K31="１．００", K37=" 0.5 "))

    shown = [f.params for f in result.findings if f.code == "workbook-cell-typed-as-text-warning"]
    assert [(p["found"], p["understood"]) for p in shown] == [
        ("0,5", "0.5"),
        ("１．００", "1"),
        ("0.5", "0.5"),
    ]
    assert summary(result)["total"] == "100"
    assert result.scheme is not None


def test_everything_wrong_is_found_at_once() -> None:
    result = edited(
        cells(
            D25="X", G26="", F33="7", K37="half", A39="A4", D40="M", K42=-1, I48=9, E50="",
            K54=None, K56=None, K58="=VLOOKUP(A1,B1:C9,2)", B94="",
        )
    )  # fmt: skip

    assert (
        found(result).items()
        >= {
            "D25": "cis-kind-unknown",
            "F33": "cis-score-unknown",
            "F31": "cis-descriptors-missing",
            "K37": "workbook-cell-not-a-number",
            "A39": "cis-id-gap",
            "K42": "cis-mark-not-positive",
            "I48": "cis-section-unknown",
            "E50": "cis-title-missing",
            "K56": "cis-mark-missing",
            "K58": "workbook-cell-formula-empty",
            "B94": "cis-name-missing",
        }.items()
    )
    assert result.scheme is None


@pytest.mark.parametrize(
    ("change", "cell", "code"),
    [
        (cells(K37=None), "K37", "cis-mark-missing"),
        (cells(K37=0.505), "K37", "cis-mark-too-fine"),
        (cells(G28=None), "G28", "cis-descriptor-empty"),
        (cells(F29=None, G29=None), "F25", "cis-descriptors-missing"),
        (cells(F27=0), "F27", "cis-score-twice"),
        (cells(D37=None), "D37", "cis-kind-missing"),
        (cells(A39="B2"), "A39", "cis-id-elsewhere"),
        (cells(A39="A1"), "A39", "cis-id-twice"),
        (cells(A39="second"), "A39", "cis-id-unreadable"),
        (cells(A24=None, B24=None), "A25", "cis-aspect-without-sub-criterion"),
        (cells(I37=None), "I37", "cis-section-missing-warning"),
        (cells(J37="Deduct .25"), "J37", "cis-calculation-unknown"),
        (cells(A16="A"), "A16", "cis-criterion-twice"),
        (cells(A20=None, B20=None, K20=None), "A372", "cis-criterion-unlisted"),
        (cells(A21="G", B21="Ghost", K21=5), "A21", "cis-criterion-empty"),
        (cells(D23="Kind of aspect"), "A23", "cis-columns-missing"),
        (cells(F38="0", G38="none"), "F38", "cis-descriptor-of-measurement"),
        (cells(J9=39), "J9", "cis-section-sum-warning"),
    ],
)
def test_one_mistake_is_named_at_its_cell(
    change: Callable[[Any], None], cell: str, code: str
) -> None:
    assert found(edited(change))[cell] == code


def test_merged_cells_across_aspects_are_refused_and_in_one_row_only_named() -> None:
    def merge(workbook: Any) -> None:
        workbook[SHEET].merge_cells("K40:K42")
        workbook[SHEET].merge_cells("E37:F37")

    result = edited(merge)

    assert found(result)["K40"] == "cis-merged"
    assert found(result)["E37"] == "cis-merged-warning"
    assert found(result)["K42"] == "cis-mark-missing"


def test_hidden_rows_and_columns_are_read_and_named() -> None:
    def hide(workbook: Any) -> None:
        workbook[SHEET].row_dimensions[37].hidden = True
        workbook[SHEET].column_dimensions["G"].hidden = True

    result = edited(hide)

    assert found(result)["A37"] == "cis-row-hidden-warning"
    assert found(result)["G23"] == "cis-column-hidden-warning"
    assert summary(result)["measurement"]["count"] == 123


def test_a_stale_stored_value_is_told_beside_the_computed_one() -> None:
    """The workbook's bytes are edited so that only the stored value changes."""
    source = zipfile.ZipFile(ES2023)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        for part in source.infolist():
            data = source.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                start = data.index(b'<c r="K10"')
                value = data.index(b"<v>", start)
                data = data[: value + 3] + b"4" + data[data.index(b"</v>", value) :]
            target.writestr(part.filename, data)

    result = read_scheme_workbook(buffer.getvalue())

    (stale,) = result.findings
    assert (place(stale), stale.code) == (f"{SHEET}!K10", "workbook-cell-formula-stale-warning")
    assert (stale.params["stored"], stale.params["computed"]) == ("4", "0")
    assert summary(result)["typed_variation"] == "0"


def test_a_calculator_named_by_an_aspect_becomes_its_calculation() -> None:
    def add(workbook: Any) -> None:
        workbook["Calculations"].append(
            [
                "Deduct .25",
                "REGULAR_DIFFERENCE_DEDUCTION",
                True,
                "DEDUCTION_TYPE:::#x~x#PERCENTAGE#-#TARGET_VALUE:::0E-8#x~x##-#"
                "DIFFERENCE:::1.00000000#x~x##-#DEDUCTION:::50.0#x~x#",
            ]
        )
        workbook[SHEET]["J37"] = "Deduct .25"

    scheme = edited(add).scheme

    assert scheme is not None
    aspect = next(a for a in scheme.modules[0].aspects() if a.id == "A1.M1")
    assert aspect.calculation is not None
    assert aspect.calculation.parameters["per"] == "percent"
    assert aspect.control.widget == "count"


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (["x", "MAGIC", True, ""], "cis-calculator-unknown"),
        (["x", "CHOICE", True, "no notation"], "cis-calculator-unreadable"),
        (["x", "PASS_FAIL", True, "DEDUCTION_TYPE:::#x~x#APPLES"], "cis-calculator-per"),
        (["x", "CHOICE", True, "DEDUCTION_TYPE:::#x~x#UNIT"], "cis-calculator-parameter"),
        (["x", "CHOICE", True, "CHOICE1_DEDUCTION:::1E999#x~x#"], "cis-calculator-unreadable"),
    ],
)
def test_a_calculation_that_can_not_be_read_is_named(row: list[Any], code: str) -> None:
    result = edited(lambda workbook: workbook["Calculations"].append(row))

    assert code in {f.code for f in result.findings}
    assert result.scheme is None


def test_another_sheet_name_gets_the_names_that_are_known() -> None:
    def rename(workbook: Any) -> None:
        workbook[SHEET].title = "Sheet7"

    (finding,) = edited(rename).findings

    assert finding.code == "cis-sheet-missing"
    assert "Marking Scheme Import" in finding.params["known"]
    assert "Sheet7" in finding.params["found"]


def test_the_other_known_sheet_name_is_read_too() -> None:
    def rename(workbook: Any) -> None:
        workbook[SHEET].title = "Marking Scheme  import"

    assert summary(edited(rename))["sub_criteria"] == 36


def test_an_empty_sheet_of_the_right_name_says_what_it_lacks() -> None:
    workbook = openpyxl.Workbook()
    workbook.active.title = SHEET
    buffer = io.BytesIO()
    workbook.save(buffer)

    assert [f.code for f in read_scheme_workbook(buffer.getvalue()).findings] == ["cis-no-blocks"]


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04 not really", b"criterion,mark\nA,5\n", b"\xd0\xcf\x11\xe0" * 200]
)
def test_a_file_that_is_no_workbook_is_said_to_be_none(data: bytes) -> None:
    assert [f.code for f in read_scheme_workbook(data).findings] == ["workbook-not-one"]


def test_a_workbook_with_a_broken_part_is_said_to_be_damaged() -> None:
    source = zipfile.ZipFile(ES2023)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        for part in source.infolist():
            data = source.read(part)
            target.writestr(part.filename, data[:300] if "sheet1" in part.filename else data)

    assert [f.code for f in read_scheme_workbook(buffer.getvalue()).findings] == [
        "workbook-unreadable"
    ]


def test_a_workbook_that_unpacks_to_gigabytes_is_refused_unread() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("[Content_Types].xml", "<Types/>")
        with target.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(130):
                part.write(b"\0" * 1024 * 1024)

    assert [f.code for f in read_scheme_workbook(buffer.getvalue()).findings] == [
        "workbook-too-large"
    ]


def test_a_sheet_that_reaches_to_the_last_row_is_refused() -> None:
    result = edited(cells(A900000="x"))

    assert [f.code for f in result.findings] == ["workbook-sheet-too-large"]


def test_formulas_that_go_round_in_circles_end() -> None:
    result = edited(cells(K25="=K31", K31="=K25"))

    assert found(result)["K25"] == "workbook-cell-formula-empty"


def test_every_finding_has_a_sentence_with_all_its_parameters() -> None:
    result = edited(
        cells(D25="X", G26="", F33="7", K37="half", A39="A4", K42=-1, I48=9, E50="", K58="=NOW()")
    )

    messages.install()
    for finding in result.findings:
        assert finding.code in sentences()
        assert "{" not in render(finding, "en")


def test_the_command_ends_with_2_and_the_findings_as_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "short.xlsx"
    path.write_bytes(edited_bytes(cells(K25=0.25)))

    assert main(["scheme", "import", str(path), "--json"]) == 2

    printed = json.loads(capsys.readouterr().out)
    errors = [f for f in printed["findings"] if f["severity"] == "error"]
    assert {"place", "message", "severity"} == set(errors[0])
    assert any("99.75" in f["message"] for f in errors)
