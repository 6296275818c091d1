"""The table of a scheme without a database: rows, cells, blocks, sums, two at once."""

from __future__ import annotations

from fractions import Fraction

import pytest

from contests.schemes import editing
from contests.schemes.cells import typed
from contests.schemes.converting import traditional
from contests.schemes.differences import beside, differences, together
from contests.schemes.document import Document, Row, from_text, judged, of_scheme, to_text
from contests.schemes.pasting import lines_of, pasted
from contests.schemes.row_form import fields_of, read_row
from contests.schemes.rules_form import fields_of as rules_fields
from contests.schemes.rules_form import read_fields
from contests.schemes.sums import sums_of
from contests.schemes.trying import examples, try_out
from core.registry import registry
from core.scoring.calculators import STANDARD
from core.scoring.model import Aspect, Calculation, Defect, Kind, Scheme, Trim
from plugins import ContestType
from tests.factories_contests import dish_rules, dish_scheme


def schemes() -> list[tuple[ContestType, Scheme]]:
    """What every installed type starts from, its templates too."""
    from core.contest_type import read_options

    found = []
    for contest_type in registry().contest_types():
        for answers in ({}, *(template.options for template in contest_type.templates)):
            options, wrong = read_options(contest_type, answers)
            if not wrong:
                found.append((contest_type, contest_type.scheme(options)))
    assert len(found) > 4
    return found


def dish() -> Document:
    return of_scheme(dish_scheme())


def keys(document: Document, level: str = "aspect") -> list[str]:
    return [row.key for row in document.rows if row.level == level]


def codes(document: Document) -> list[tuple[str, str, str]]:
    return [(p.key, p.column, p.finding.code) for p in judged(document).findings]


def test_every_shipped_scheme_goes_into_rows_and_comes_out_the_same() -> None:
    for contest_type, scheme in schemes():
        document = from_text(to_text(of_scheme(scheme)))
        verdict = judged(document, contest_type.calculators())

        assert verdict.scheme == scheme, contest_type.code
        assert verdict.open_places == 0, (contest_type.code, verdict.findings)


def test_a_rows_page_changes_nothing_that_was_not_changed_on_it() -> None:
    for _, scheme in schemes():
        for row in of_scheme(scheme).rows:
            assert read_row(row, fields_of(row)) == row
            assert read_row(row, {**fields_of(row), "level": row.level}) == row


def test_the_rules_page_changes_nothing_that_was_not_changed_on_it() -> None:
    from core.contest_type import read_options

    for contest_type in registry().contest_types():
        options, _ = read_options(contest_type, {})
        scheme, rules = contest_type.scheme(options), contest_type.rules(options)

        read, findings = read_fields(rules_fields(rules, "en"), rules, scheme, "en")

        assert findings == []
        assert read == rules, contest_type.code


def test_all_mistakes_are_named_at_once_also_beside_what_can_not_be_read() -> None:
    edits = {
        "aspect-look": {"maximum": "twenty", "kind": "magic", "judges": "some"},
        "aspect-taste": {"id": "look"},
        "aspect-care": {"title": ""},
    }

    wrong = editing.with_cells(dish(), edits, "zh-Hans").document
    wrong = editing.with_cells(wrong, {"aspect-care": {"title": ""}}, "en").document

    found = codes(wrong)
    assert ("aspect-look", "maximum", "number-unreadable") in found
    assert ("aspect-look", "kind", "scheme-kind-unknown") in found
    assert ("aspect-look", "judges", "count-unreadable") in found
    assert ("aspect-taste", "id", "id-twice") in found
    assert ("aspect-care", "title", "title-empty") in found
    assert ("module-dish", "maximum", "module-sum") in found
    assert wrong.row("aspect-look").fields["maximum"] == "twenty"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("column", "text", "kept"),
    [
        ("maximum", "７，５", "7.5"),
        ("maximum", "+3", "3"),
        ("judges", "５", 5),
        ("kind", "评价分", "judgement"),
        ("kind", "Apreciação", "judgement"),
        ("kind", "m", "measurement"),
        ("step", "", None),
    ],
)
def test_a_cell_is_kept_as_it_was_meant(column: str, text: str, kept: object) -> None:
    row, _ = typed(Row("k", "aspect", {"kind": "points", "step": "1"}), column, text, "en")

    assert row.fields.get(column) == kept


def test_a_row_is_moved_across_the_edge_of_its_parent() -> None:
    up = editing.moved(dish(), "aspect-paper", -1).document
    down = editing.moved(dish(), "aspect-care", 1).document

    assert [r.key for r in up.rows].index("aspect-paper") < [r.key for r in up.rows].index(
        "module-theory"
    )
    assert [r.key for r in down.rows].index("aspect-care") > [r.key for r in down.rows].index(
        "sub-theory-1"
    )


def test_a_module_is_moved_with_all_that_belongs_to_it() -> None:
    moved = editing.moved(dish(), "module-theory", -1).document

    assert keys(moved) == ["aspect-paper", "aspect-look", "aspect-taste", "aspect-care"]
    assert editing.moved(moved, "module-theory", 1).document == dish()


def test_the_first_row_stays_where_it_is() -> None:
    assert editing.moved(dish(), "module-dish", -1).document == dish()
    assert editing.moved(dish(), "aspect-look", -1).document == dish()


def test_an_aspect_in_an_empty_table_gets_the_rows_above_it() -> None:
    made = editing.added(Document(), "", "aspect").document

    assert [row.level for row in made.rows] == ["module", "criterion", "sub", "aspect"]
    assert [row.fields["id"] for row in made.rows] == ["A", "A1", "A1.1", "A1.1.01"]


def test_a_copy_has_keys_and_numbers_of_its_own() -> None:
    made = editing.duplicated(dish(), "module-dish").document

    assert len(made.rows) == len(dish().rows) + 6
    assert len({row.key for row in made.rows}) == len(made.rows)
    assert not [code for _, _, code in codes(made) if code.startswith("id-")]


def test_a_block_fills_rows_of_its_level_and_makes_new_ones_before_the_next_heading() -> None:
    block = "Crust\t\t10\nCrumb\t\t20\nScent\t\t5\nShape\t\t5\n"

    made = pasted(dish(), "aspect-taste", "title", block, "en")

    rows = [row for row in made.document.rows if row.level == "aspect"]
    assert [row.title["en"] for row in rows] == [
        "Look",
        "Crust",
        "Crumb",
        "Scent",
        "Shape",
        "Paper",
    ]
    assert (made.filled, made.added) == (12, 2)
    assert made.document.row("module-theory") == dish().row("module-theory")


def test_a_header_says_which_column_is_which_in_any_language() -> None:
    block = "分值\t名称\t层级\n\t热菜\t模块\n20\t刀工\t评分点\n"

    made = pasted(Document(), "", "title", block, "zh-Hans").document

    assert [row.level for row in made.rows] == ["module", "criterion", "sub", "aspect"]
    assert made.rows[0].title == {"zh-Hans": "热菜"}
    assert made.rows[-1].fields["maximum"] == "20"


def test_a_quoted_cell_may_hold_a_line_break() -> None:
    assert lines_of('"two\nlines"\t3\r\nnext\t4\r\n') == [["two\nlines", "3"], ["next", "4"]]


def test_sums_say_what_is_left_exactly() -> None:
    made = editing.with_cells(dish(), {"aspect-look": {"maximum": "19.999"}}, "en").document

    sums = sums_of(made)

    assert sums.rows["module-dish"].left == Fraction(1, 1000)
    assert sums.left == 0
    assert sums.rows["module-theory"].left == 0


def test_weights_of_sections_count_what_belongs_to_them() -> None:
    document = dish()
    weights = ({"id": "1", "title": {"en": "Care"}, "weight": "25"},)
    made = Document(document.rows, document.about, weights)
    made = editing.with_cells(made, {"aspect-look": {"section": "1"}}, "en").document

    found = sums_of(made).sections[0]

    assert (found.weight, found.total) == (25, 20)
    assert judged(made).open_places == 0
    assert ("section:0", "weight", "section-sum-warning") in codes(made)


def test_what_changed_is_said_row_by_row() -> None:
    made = editing.with_cells(dish(), {"aspect-look": {"maximum": "15"}}, "en").document
    made = editing.removed(made, "aspect-care").document
    made = editing.moved(made, "aspect-taste", -1).document

    found = {finding.code for finding in differences(dish(), made)}

    assert found == {"scheme-cell-changed", "scheme-row-removed", "scheme-row-moved"}
    assert differences(dish(), dish()) == []


def test_changes_of_different_rows_come_together_and_the_same_row_is_asked_about() -> None:
    base = dish()
    mine = editing.with_cells(
        base, {"aspect-look": {"maximum": "15"}, "aspect-care": {"maximum": "9"}}, "en"
    ).document
    theirs = editing.with_cells(
        base, {"aspect-look": {"maximum": "16"}, "aspect-taste": {"maximum": "45"}}, "en"
    ).document
    mine = editing.added(mine, "aspect-care", "aspect").document
    theirs = editing.moved(theirs, "aspect-care", -1).document

    asked = beside(base, mine, theirs)
    both = together(base, mine, theirs, frozenset({"aspect-look"}))

    assert [one.key for one in asked] == ["aspect-look"]
    assert [row.fields.get("maximum") for row in both.rows if row.level == "aspect"] == [
        "15",
        "9",
        None,
        "45",
        "30",
    ]
    assert together(base, mine, theirs, frozenset()).row("aspect-look") == theirs.row("aspect-look")


def test_nothing_of_one_side_is_lost_when_only_that_side_changed() -> None:
    base = dish()
    mine = editing.removed(
        editing.moved(base, "module-theory", -1).document, "aspect-care"
    ).document

    assert together(base, mine, base, frozenset()) == mine
    assert together(base, base, mine, frozenset()) == mine


def test_a_panel_is_tried_with_the_engines_own_words() -> None:
    aspect = Aspect(
        "a", Kind.POINTS, {"en": "Look"}, 10_000, step=500, judges=5, trim=Trim(1, 1, 5)
    )

    good, wide, wrong = try_out(aspect, "8 9 7，5 10 1\n8 9\nten", ())

    assert (good.points, wide.points, wrong.points) == ("8.17", "8.5", "")
    assert [step.code for step in good.steps][:3] == ["aspect", "marks", "dropped"]
    assert [finding.code for finding in wrong.findings] == ["number-unreadable"]


@pytest.mark.parametrize(
    ("name", "parameters", "sample", "points"),
    [
        ("PASS_FAIL", {}, "通过", "10"),
        ("NUMBER_COMPLETED", {"total": "4"}, "３", "7.5"),
        ("CHOICE", {"choice1_label": "Blue", "choice1_deduction": "4"}, "Blue", "6"),
        ("RANGED_SCORE", {"range1_from": "0", "range1_to": "2", "range1_deduction": "1"}, "1,5", "9"),
        ("REGULAR_DIFFERENCE_DEDUCTION",
         {"target_value": "10", "difference": "1", "deduction": "2"}, "12", "6"),
        ("PER_ERROR", {"deduction": "0.5"}, "3", "8.5"),
        ("TOLERANCE_BANDS", {"bands": [{"limit": "1", "points": "10"}, {"limit": "2", "points": "4"}]}, "-1.5", "4"),
        ("RMSE_BANDS", {"minimum": "2", "bands": [{"limit": "1", "points": "10"}]}, "2;4", "10"),
    ],
)  # fmt: skip
def test_every_standard_calculator_can_be_tried(
    name: str, parameters: dict[str, object], sample: str, points: str
) -> None:
    aspect = Aspect(
        "a", Kind.MEASUREMENT, {"en": "A"}, 10_000, calculation=Calculation(name, 1, parameters)
    )

    found = try_out(aspect, sample)[0]

    assert (found.points, found.findings) == (points, ())
    assert {c.name for c in STANDARD} == {
        "PASS_FAIL", "NUMBER_COMPLETED", "CHOICE", "RANGED_SCORE", "REGULAR_DIFFERENCE_DEDUCTION",
        "PER_ERROR", "TOLERANCE_BANDS", "RMSE_BANDS",
    }  # fmt: skip


def test_a_table_of_deductions_is_tried_by_its_codes() -> None:
    faults = (Defect("D1", {"en": "Burnt"}, 500, 2000), Defect("D2", {"en": "Raw"}, 1000, 1000))
    aspect = Aspect("a", Kind.DEDUCTION, {"en": "Faults"}, 10_000, defects=faults)

    first, second = try_out(aspect, "D1 D2\nD1=1,5")

    assert (first.points, second.points) == ("8.5", "8.5")
    assert examples(aspect) == "D1\nD2"


@pytest.mark.parametrize(
    ("simplified", "wanted"),
    [
        ("评分点", "評分點"),
        ("头发干燥", "頭髮乾燥"),
        ("分钟", "分鐘"),
        ("成绩复核", "成績覆核"),
        ("后台", "後台"),
    ],
)
def test_traditional_characters_are_those_of_hong_kong_and_macao(
    simplified: str, wanted: str
) -> None:
    assert traditional(simplified) == wanted


def test_rules_findings_stand_at_the_fields_of_the_page() -> None:
    fields = rules_fields(dish_rules(), "en") | {
        "gate-0-module": "module:dish",
        "gate-0-minimum": "６０",
        "award-0-prize-0-amount": "one",
        "notice_days": "week",
        "tie-1": "module:gone",
        "round_total": "99",
    }

    rules, found = read_fields(fields, dish_rules(), dish_scheme(), "en")

    assert rules is None
    assert {finding.pointer for finding in found} == {
        "/award-0-prize-0-amount", "/notice_days", "/tie-1", "/round_total",
    }  # fmt: skip
