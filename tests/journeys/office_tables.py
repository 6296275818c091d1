"""Excel files as an office fills them in: of entrants, with and without mistakes, and of judges."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

ENTRANTS, JUDGES = 24, 5
LONGEST, SHORTEST = "阿卜杜热合曼·买买提", "赵甲"
HEADINGS = ("序号", "姓名", "性别", "证件类型", "证件号码", "工作单位", "代表队")
_FAMILIES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def mainland_number(first: str) -> str:
    """With the check character of GB 11643-1999."""
    total = sum(int(digit) * weight for digit, weight in zip(first, _WEIGHTS, strict=True))
    return first + "10X98765432"[total % 11]


def entrants() -> list[list[Any]]:
    """A row for each, in the order of HEADINGS."""
    return [_entrant(n, family) for n, family in enumerate(_FAMILIES)]


def _entrant(n: int, family: str) -> list[Any]:
    number = mainland_number(
        f"440402{1980 + n % 15}0{1 + n % 9}1{n % 9}{100 + n * 2 + 1 - n % 2:03d}"
    )
    gender = "男" if int(number[16]) % 2 else "女"
    name = {0: SHORTEST, 5: LONGEST}.get(n, f"{family}小{'甲乙丙丁'[n % 4]}")
    district = "香洲区" if n % 2 else "斗门区"
    return [n + 1, name, gender, "居民身份证", number, "珠海第一酒店", district]


def entrants_file(folder: Path) -> Path:
    """A title above, numbers in front."""
    sheet = _sheet()
    sheet.append(["2026年珠海市职业技能竞赛报名表"])
    _fill(sheet, HEADINGS, entrants())
    return _saved(sheet, folder / "entrants.xlsx")


def judges_file(folder: Path, seats: range = range(1, JUDGES + 1)) -> Path:
    """J1 to J5."""
    rows = [
        [f"{'林黄马罗梁'[n - 1]}评委", f"judge{n}", "裁判员", f"J{n}", "珠海技师学院"]
        for n in seats
    ]
    sheet = _sheet()
    _fill(sheet, ("姓名", "登录名", "职责", "裁判编号", "工作单位"), rows)
    return _saved(sheet, folder / f"judges-{seats.start}.xlsx")


# --- a file full of mistakes -------------------------------------------------------------------


def spoiled_file(folder: Path) -> Path:
    """Two rows of headings, partly merged; then the same entrants as in `entrants`, spoiled."""
    sheet = _sheet()
    sheet.append(["2026年珠海市职业技能竞赛报名表"])
    sheet.merge_cells("A1:I1")
    sheet.append(
        ["序号", "姓名", "性别", "证件", None, "出生日期", "工作单位", "代表队", "衣服尺码"]
    )
    sheet.append([None, None, None, "证件类型", "证件号码"])
    for merged in ("A2:A3", "B2:B3", "C2:C3", "D2:E2", "F2:F3", "G2:G3", "H2:H3", "I2:I3"):
        sheet.merge_cells(merged)
    for row in entrants():
        number = row[4]
        sheet.append([*row[:5], f"{number[6:10]}-{number[10:12]}-{number[12:14]}", *row[5:], "XL"])
    for cell, value in _slips(sheet).items():
        sheet[cell] = value
    return _saved(sheet, folder / "spoiled.xlsx")


def _slips(sheet: Worksheet) -> dict[str, Any]:
    """The first entrant stands in row 4."""
    number = {row: str(sheet[f"E{row}"].value) for row in range(4, 4 + ENTRANTS)}
    return {
        "E5": float(number[5][:17] + "0"),  # the column was never formatted as text
        "E7": number[6],  # a line was copied
        "H8": "香州区",  # a wrong character
        "B10": None,
        "B11": "王\ue863丙",  # 䶮 as an old program keeps it
        "E12": number[12].translate(str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")),
        "E13": number[13][:17] + ("0" if number[13][17] != "0" else "1"),
        "F14": "八六年春",
        "F15": f"{number[15][6:10]}年{int(number[15][10:12])}月{int(number[15][12:14])}日",
        "D16": "工作证",
        "F17": "1999-12-31",
        "C18": "先锋",
        "B19": "秦小丁?",
    }


FOUND = {"E5", "E7", "C7", "F7", "H8", "B10", "B11", "E13", "F14", "D16", "F17", "C18", "B19"}
WARNED = {"C7"}
"""Every slip but those that are understood as they stand: full-width digits, a date in words."""


def corrections() -> dict[str, str]:
    """Row and field -> what the office finds in the paper forms."""
    right = dict(enumerate(entrants(), 4))
    birth = {row: f"{e[4][6:10]}-{e[4][10:12]}-{e[4][12:14]}" for row, e in right.items()}
    return {
        "5.document_number": right[5][4],
        "7.document_number": right[7][4],
        "8.delegation": "斗门区",
        "10.name": right[10][1],
        "11.name": right[11][1],
        "13.document_number": right[13][4],
        "14.birth_date": birth[14],
        "16.document_kind": "居民身份证",
        "17.birth_date": birth[17],
        "18.gender": right[18][2],
        "19.name": right[19][1],
    }


def corrected_file(folder: Path) -> Path:
    """As the office sends it again: the slips are mended, one entrant has changed employer."""
    rows = entrants()
    rows[2][5] = "珠海第二酒店"
    sheet = _sheet()
    _fill(sheet, HEADINGS, rows)
    return _saved(sheet, folder / "corrected.xlsx")


def _sheet() -> Worksheet:
    sheet = openpyxl.Workbook().active
    assert isinstance(sheet, Worksheet)
    return sheet


def _fill(sheet: Worksheet, headings: tuple[str, ...], rows: list[list[Any]]) -> None:
    for row in (headings, *rows):
        sheet.append(list(row))


def _saved(sheet: Worksheet, path: Path) -> Path:
    book = sheet.parent
    assert isinstance(book, openpyxl.Workbook)
    book.save(path)
    return path
