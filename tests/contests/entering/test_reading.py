"""Every file that an office hands in, and every way in which a spreadsheet program spoils one."""

from __future__ import annotations

import pytest

from contests.entering.columns import find_headings, score
from contests.entering.draft import Draft, draft_of
from contests.entering.grid import Grid, Note
from contests.entering.reading import read_file, read_pasted
from tests.contests.entering.tables import Rows, mainland, text, xls, xlsx

HEAD = ["姓名", "身份证号", "代表队", "手机号码"]
ZHANG = ["张伟", mainland(1), "东莞", "13800138000"]
LI = ["李娜", mainland(2), "中山", "13800138001"]
TABLE: Rows = [HEAD, ZHANG, LI]


def read(data: bytes | str, kind: str = "entrants") -> Draft:
    def how(grid: Grid) -> int:
        return score(kind, grid)

    found = read_pasted(data, how) if isinstance(data, str) else read_file(data, how)
    assert isinstance(found, Grid), found
    return draft_of(kind, found)


def values(draft: Draft, code: str) -> list[str]:
    return [line.get(code) for line in draft.lines() if not line.left_out]


def codes(draft: Draft) -> list[tuple[int, str, str]]:
    return [(line.number, f.pointer, f.code) for line in draft.lines() for f in line.findings]


FILES = {
    "xlsx": xlsx(TABLE),
    "xls": xls(TABLE),
    "csv in UTF-8": text(TABLE).encode(),
    "csv in UTF-8 with a mark": b"\xef\xbb\xbf" + text(TABLE).encode(),
    "csv in GB18030": text(TABLE).encode("gb18030"),
    "csv with semicolons": text(TABLE, ";").encode("gb18030"),
    "text in UTF-16": text(TABLE, "\t").encode("utf-16"),
}


@pytest.mark.parametrize("data", FILES.values(), ids=FILES)
def test_the_same_table_is_read_from_every_kind_of_file(data: bytes) -> None:
    draft = read(data)

    assert draft.sure
    assert values(draft, "name") == ["张伟", "李娜"]
    assert values(draft, "document_number") == [mainland(1), mainland(2)]
    assert codes(draft) == []


def test_a_traditional_table_in_big5_is_read() -> None:
    rows = [
        ["姓名", "證件類型", "證件號碼", "代表隊"],
        ["歐陽嘉儀", "香港身份證", "A123456(3)", "香港"],
    ]

    assert values(read(text(rows).encode("big5hkscs")), "name") == ["歐陽嘉儀"]


def test_a_table_pasted_from_a_spreadsheet_program_is_read() -> None:
    assert values(read(text(TABLE, "\t")), "name") == ["张伟", "李娜"]


def test_english_headings_are_recognised_in_any_spelling() -> None:
    draft = read(
        xlsx([["NAME *", "ID No.", "Team", "e-mail"], ["Chan Tai Man", "x", "A", "a@b.hk"]])
    )

    assert set(draft.columns.values()) == {"name", "document_number", "team", "email"}


def test_titles_above_the_table_and_signatures_below_it_are_stepped_over() -> None:
    rows: Rows = [
        ["第五届粤港澳大湾区职工职业技能大赛"],
        ["填报单位：东莞市总工会", None, None, "日期：2024-10-01"],
        [],
        *TABLE,
        ["合计", 2],
        ["填表人：王芳", None, "审核人："],
    ]

    draft = read(xlsx(rows, merged=["A1:D1"]))

    assert values(draft, "name") == ["张伟", "李娜"]
    assert [line.number for line in draft.lines() if line.left_out] == [7, 8]


def test_headings_over_two_rows_are_read_together() -> None:
    rows: Rows = [
        ["序号", "姓名", "证件", None, "代表队"],
        [None, None, "类型", "号码", None],
        [1, "张伟", "身份证", mainland(1), "东莞"],
    ]

    draft = read(xlsx(rows, merged=["C1:D1", "A1:A2", "B1:B2", "E1:E2"]))

    assert values(draft, "document_kind") == ["身份证"]
    assert values(draft, "document_number") == [mainland(1)]
    assert draft.unknown() == {0: "序号"}


def test_a_cell_merged_over_several_rows_counts_for_each() -> None:
    rows: Rows = [["代表队", "姓名"], ["东莞", "张伟"], [None, "李娜"]]

    assert values(read(xlsx(rows, merged=["A2:A3"])), "delegation") == ["东莞", "东莞"]


def test_an_identity_number_that_excel_made_a_number_has_lost_its_digits() -> None:
    rows: Rows = [HEAD, ["张伟", 440106199001310000, "东莞", 13800138000]]

    draft = read(xlsx(rows))

    assert codes(draft) == [(2, "document_number", "people-digits-lost")]
    assert draft.place(2, "document_number") == "B2"


def test_a_power_of_ten_in_a_text_file_is_lost_too() -> None:
    draft = read(text([HEAD, ["张伟", "4.40106E+17", "东莞", ""]]).encode("gb18030"))

    assert codes(draft) == [(2, "document_number", "people-digits-lost")]


def test_a_number_of_few_digits_is_warned_of_where_zeros_matter() -> None:
    draft = read(xlsx([["编号", "姓名", "手机"], [5, "张伟", 13800138000]]))

    assert codes(draft) == [(2, "number", "people-cell-number-warning")]
    assert values(draft, "number") == ["5"]


def test_an_old_workbook_keeps_the_zeros_of_its_number_format() -> None:
    draft = read(xls([["编号", "姓名", "手机"], [5.0, "张伟", "1"]], zeros={(1, 0): "000"}))

    assert values(draft, "number") == ["005"]


def test_hidden_rows_are_shown_and_left_out() -> None:
    draft = read(xlsx([*TABLE, ["王五", "", "", ""]], hidden=[3]))

    assert values(draft, "name") == ["张伟", "王五"]
    assert [line.number for line in draft.lines() if line.hidden] == [3]


def test_a_formula_without_a_value_is_a_mistake() -> None:
    draft = read(xlsx([["姓名", "代表队"], ["=A9&B9", "东莞"]]))

    assert codes(draft) == [(2, "name", "people-cell-uncomputed")]


def test_tricks_that_keep_digits_are_taken_off() -> None:
    rows = [["姓名", "身份证号"], ["张　 伟", "\t" + mainland(1)], ["李娜", "'" + mainland(2)]]

    draft = read(text(rows).encode())

    assert values(draft, "name") == ["张 伟", "李娜"]
    assert values(draft, "document_number") == [mainland(1), mainland(2)]


def test_of_several_sheets_the_one_with_known_headings_is_read() -> None:
    import io

    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = "说明"
    book.active.append(["请填写第二张表"])
    page = book.create_sheet("报名表")
    for row in TABLE:
        page.append(row)
    made = io.BytesIO()
    book.save(made)

    draft = read(made.getvalue())

    assert (draft.sheet, list(draft.others)) == ("报名表", ["说明"])


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "people-file-empty"),
        (b"%PDF-1.7", "people-file-no-table"),
        (b"\xd0\xcf\x11\xe0" + b"\xa1\xb1\x1a\xe1" + b"x" * 600, "people-file-damaged"),
        (b"PK\x03\x04 and nothing more", "workbook-not-one"),
        (b"\xff\xff\xff\xfe\x81", "people-file-encoding"),
        (text([["姓名"]] + [["张伟"]] * 6000).encode(), "people-file-too-long"),
    ],
)
def test_what_is_no_table_is_told_by_its_reason(data: bytes, code: str) -> None:
    found = read_file(data, lambda grid: score("entrants", grid))

    assert isinstance(found, list)
    assert [finding.code for finding in found] == [code]


def test_unknown_columns_are_listed_and_a_table_without_names_is_not_sure() -> None:
    draft = read(xlsx([["序号", "谁", "代表队", "组别"], [1, "张伟", "东莞", "职工组"]]))

    assert not draft.sure
    assert draft.unknown() == {0: "序号", 1: "谁"}


def test_notes_stay_with_their_cells() -> None:
    found = read_file(xlsx([["姓名", "x"], ["张", 12345678901234567]]), lambda grid: 1)

    assert isinstance(found, Grid)
    assert found.rows[1].notes == {1: Note.LOST}
    assert find_headings("entrants", found).first_row == 1
