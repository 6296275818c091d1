"""A table of entrants against itself, the partners' rules and what is on record. Nothing is written."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from contests.entering import messages
from contests.entering.checked import Checked
from contests.entering.checking import check_entrants
from contests.entering.columns import score
from contests.entering.draft import Draft, draft_of, from_json, to_json, with_columns, with_mended
from contests.entering.grid import Grid
from contests.entering.known import Known, KnownEntry, KnownMember
from contests.entering.names import folded, tidy
from contests.entering.reading import read_pasted
from contests.entering.sounds import in_order
from core.findings import sentences
from plugins.greater_bay_area import partner_rules
from tests.contests.entering.tables import Rows, hkid, mainland, text

PARTNERS = list(partner_rules())
DONGGUAN, ZHONGSHAN = uuid4(), uuid4()
KNOWN = Known(
    delegations={DONGGUAN: {"zh-Hans": "东莞市"}, ZHONGSHAN: {"zh-Hans": "中山"}},
    delegation_codes={DONGGUAN: "dongguan", ZHONGSHAN: "zhongshan"},
    partners=PARTNERS,
    authorities=PARTNERS,
    contest_class="provincial_2",
    held_on="2024-10-12",
)
HEAD = ["姓名", "证件类型", "证件号码", "代表队", "出生日期"]


def draft(rows: Rows) -> Draft:
    grid = read_pasted(text(rows, "\t"), lambda g: score("entrants", g))
    assert isinstance(grid, Grid)
    return draft_of("entrants", grid)


def check(rows: Rows, known: Known = KNOWN, **changes: Any) -> Checked:
    return check_entrants(replace(draft(rows), **changes), known)


def codes(checked: Checked, *, warnings: bool = False) -> list[tuple[int, str, str]]:
    return [
        (row.line.number, f.pointer, f.code)
        for row in checked.rows
        for f in row.findings
        if f.is_warning == warnings
    ]


def person(name: str, *documents: tuple[str, str], **facts: Any) -> KnownMember:
    return KnownMember(uuid4(), name, facts, documents)


def entered(*members: KnownMember, **facts: Any) -> KnownEntry:
    return KnownEntry(uuid4(), members, **facts)


def owners(*entries: KnownEntry) -> dict[tuple[str, str], UUID]:
    return {d: m.person for e in entries for m in e.members for d in m.documents}


def test_every_mistake_of_every_row_is_told_at_once() -> None:
    wrong = mainland(1)[:-1] + ("0" if mainland(1)[-1] != "0" else "1")
    rows = [
        HEAD,
        ["张伟", "身份证", wrong, "东莞", "1990-02-30"],
        ["", "护照", "E12345678", "珠海", ""],
        ["李娜1", "", mainland(2), "中山", "1991-01-01"],
    ]

    found = codes(check(rows))

    assert found == [
        (2, "birth_date", "people-date-none"),
        (2, "document_number", "mainland-id-check"),
        (3, "name", "people-name-missing"),
        (3, "document_kind", "people-document-kind-unknown"),
        (3, "delegation", "people-delegation-unknown"),
        (4, "name", "people-name-sign"),
        (4, "birth_date", "people-birth-differs"),
    ]


def test_no_finding_repeats_a_document_number() -> None:
    number = mainland(1)[:-1] + "Z"
    checked = check([HEAD, ["张伟", "身份证", number, "东莞", ""], ["李", "", number, "", ""]])

    assert number not in str([row.findings for row in checked.rows])


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        ("身份证", mainland(1)),
        ("", mainland(1)),
        ("香港身份证", hkid(123)),
        ("", hkid(123).replace("(", "（").replace(")", "）")),
        ("澳门居民身份证", "1234567(8)"),
        ("回乡证", "H12345678"),
        ("港澳居民居住证", mainland(1, region="810000")),
        ("", "４４" + mainland(1)[2:]),
    ],
)
def test_documents_of_the_three_regions_are_taken_as_people_write_them(
    kind: str, number: str
) -> None:
    assert codes(check([HEAD, ["张伟", kind, number, "东莞", ""]])) == []


def test_birth_date_and_gender_come_from_the_identity_number() -> None:
    checked = check([HEAD, ["张伟", "身份证", mainland(1, born="19850607"), "东莞", ""]])

    assert checked.units[0].first.facts == {"birth_date": "1985-06-07", "gender": "m"}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("1990年1月31日", "1990-01-31"),
        ("1990/1/31", "1990-01-31"),
        ("31/01/1990", "1990-01-31"),
        ("19900131", "1990-01-31"),
        ("32904", "1990-01-31"),
    ],
)
def test_dates_are_understood_in_every_spelling(typed: str, kept: str) -> None:
    checked = check([HEAD, ["张伟", "", "", "东莞", typed]])

    assert codes(checked) == []
    assert checked.units[0].first.facts["birth_date"] == kept


def test_a_document_a_name_and_a_number_that_stand_twice_are_found() -> None:
    head = ["编号", "姓名", "证件号码", "代表队"]
    rows = [
        head,
        ["1", "张伟", mainland(1), "东莞"],
        ["2", "张 伟", mainland(1).lower(), "东莞"],
        ["3", "歐陽娜娜", "", "中山"],
        ["4", "欧阳 娜娜", "", "中山"],
        ["1", "王芳", mainland(5), "中山"],
    ]

    assert codes(check(rows)) == [
        (3, "document_number", "people-document-twice"),
        (5, "name", "people-name-twice"),
        (6, "number", "people-number-twice"),
    ]


def test_one_person_with_two_documents_and_two_spellings_is_pointed_out() -> None:
    rows = [
        HEAD,
        ["歐陽嘉儀", "香港身份证", hkid(123), "东莞", "1990-05-06"],
        ["欧阳嘉仪", "回乡证", "H12345678", "东莞", "1990-05-06"],
    ]

    checked = check(rows)

    assert codes(checked) == []
    assert (3, "name", "people-alike-warning") in codes(checked, warnings=True)


def test_two_persons_may_share_a_name() -> None:
    rows = [
        HEAD,
        ["张伟", "", mainland(1), "东莞", ""],
        ["张伟", "", mainland(3, born="19800101"), "东莞", ""],
    ]

    checked = check(rows)

    assert (codes(checked), codes(checked, warnings=True)) == ([], [])


def test_rows_of_one_team_become_one_entry_in_their_order() -> None:
    rows = [
        ["姓名", "队名", "代表队"],
        ["张伟", "一队", "东莞"],
        ["李娜", "一队", "东莞"],
        ["王芳", "一队", "中山"],
    ]

    checked = check(rows)

    assert [[m.name for m in unit.members] for unit in checked.units] == [
        ["张伟", "李娜"],
        ["王芳"],
    ]


def test_a_delegation_nearly_named_is_proposed_and_may_be_added() -> None:
    rows = [["姓名", "代表队"], ["张伟", "东莞市代表队"], ["李娜", "东筦市"]]

    refused, added = check(rows), check(rows, add_delegations=True)

    assert codes(refused) == [(3, "delegation", "people-delegation-near")]
    assert codes(added) == []
    assert added.units[0].first.delegation == DONGGUAN
    assert added.units[1].first.new_delegation == "东筦市"


def test_rules_are_shown_clause_by_clause_and_speak_against_some() -> None:
    head = ["姓名", "身份证号", "已获称号", "组别"]
    rows = [
        head,
        ["张伟", mainland(1, born="19600101"), "", "职工组"],
        ["李娜", mainland(2), "全国技术能手", "职工组"],
        ["王芳", mainland(4), "广东省技术能手、三八红旗手", "学生组"],
        ["赵云", "", "", "职工组"],
    ]

    checked = check(rows)

    verdicts = [{c.code: c.verdict for c in row.clauses} for row in checked.rows]
    assert verdicts[0]["guangdong-age"] == "not_met"
    assert verdicts[1]["guangdong-national-expert"] == "not_met"
    assert verdicts[2] == {
        "guangdong-age": "met", "guangdong-national-expert": "met", "guangdong-expert": "note",
    }  # fmt: skip
    assert verdicts[3]["guangdong-age"] == "unknown"
    assert checked.spoken_against == {2, 3}
    assert codes(checked) == []


def test_a_second_table_is_an_update_with_every_difference_and_the_missing_listed() -> None:
    document = ("mainland_id", mainland(1))
    zhang = entered(
        person("张伟", document, phone="1", employer="甲厂"), number="001", delegation=DONGGUAN
    )
    li = entered(person("李娜", phone="2"), number="002", delegation=ZHONGSHAN)
    gone = entered(person("王芳"), number="003", delegation=ZHONGSHAN)
    known = replace(KNOWN, entries=[zhang, li, gone], owners=owners(zhang))
    rows = [
        ["编号", "姓名", "证件号码", "代表队", "手机"],
        ["001", "张玮", mainland(1), "东莞", "13800138000"],
        ["002", "李娜", "", "中山", "2"],
    ]

    checked = check(rows, known)

    assert [unit.kind for unit in checked.units] == ["changed", "same"]
    changes = {(c.field, c.old, c.new) for c in checked.units[0].changes}
    assert changes == {
        ("name", "张伟", "张玮"), ("phone", "1", "13800138000"),
        ("birth_date", "", "1990-01-31"), ("gender", "", "m"),
    }  # fmt: skip
    assert [entry.id for entry in checked.missing] == [gone.id]


def test_a_number_that_is_somebody_elses_is_refused() -> None:
    zhang = entered(person("张伟", ("mainland_id", mainland(1))), number="001")
    known = replace(KNOWN, entries=[zhang], owners=owners(zhang))

    found = codes(check([["编号", "姓名", "证件号码"], ["001", "李娜", mainland(2)]], known))

    assert found == [(2, "number", "people-number-other")]


def test_a_withdrawn_entry_comes_back_instead_of_twice() -> None:
    zhang = entered(person("张伟", ("mainland_id", mainland(1))), status="withdrawn")
    known = replace(KNOWN, entries=[zhang], owners=owners(zhang))

    assert check([["姓名", "证件号码"], ["张伟", mainland(1)]], known).units[0].kind == "back"


def test_who_is_entered_in_another_contest_too_is_pointed_out() -> None:
    someone = uuid4()
    known = replace(
        KNOWN,
        owners={("mainland_id", mainland(1)): someone},
        elsewhere={someone: [{"zh-Hans": "花艺"}]},
    )

    checked = check([["姓名", "证件号码"], ["张伟", mainland(1)]], known)

    assert codes(checked, warnings=True) == [(2, "name", "people-entered-elsewhere-warning")]


def test_mending_a_cell_takes_its_mistake_away_and_survives_storage() -> None:
    first = draft([HEAD, ["张伟", "身份证", "4.4E+17", "东莞", ""], ["李娜", "", "", "中山", ""]])
    mended = with_mended(first, {2: {"document_number": mainland(1)}}, frozenset({3}))

    again = from_json(to_json(mended))

    assert codes(check_entrants(first, KNOWN)) != []
    assert codes(check_entrants(again, KNOWN)) == []
    assert [unit.first.name for unit in check_entrants(again, KNOWN).units] == ["张伟"]


def test_columns_are_set_by_hand() -> None:
    unsure = draft([["谁", "哪里"], ["张伟", "东莞"]])

    sure = with_columns(unsure, {0: "name", 1: "delegation", 7: "phone", 1000: "x"})

    assert (unsure.sure, sure.sure) == (False, True)
    assert check_entrants(sure, KNOWN).units[0].first.delegation == DONGGUAN


@pytest.mark.parametrize(
    ("typed", "kept", "code"),
    [
        ("阿卜杜拉•买买提", "阿卜杜拉·买买提", "people-name-dot-warning"),
        ("张　三", "张三", ""),
        ("Maria  da Silva", "Maria  da Silva", ""),
        ("\ue863丽", "\ue863丽", "people-name-private-known"),
        ("\uf8f0丽", "\uf8f0丽", "people-name-private"),
        ("张\u200e三", "张\u200e三", "people-name-character"),
        ("张?", "张?", "people-name-sign"),
    ],
)
def test_names_are_kept_as_identity_cards_write_them(typed: str, kept: str, code: str) -> None:
    name, findings = tidy(typed)

    assert name == kept
    assert [f.code for f in findings] == ([code] if code else [])


def test_a_character_of_an_old_program_comes_with_its_replacement() -> None:
    _, (finding,) = tidy("\ue863丽")

    assert finding.params["fixed"] == "䶮丽"


def test_names_are_compared_across_scripts_spaces_and_accents() -> None:
    assert folded("歐陽 娜娜") == folded("欧阳娜娜")
    assert folded("José de Sousa") == folded("JOSE DE SOUSA")
    assert folded("張偉") != folded("张玮")


def test_every_code_that_is_used_has_its_sentence() -> None:
    messages.install()
    folder = Path(messages.__file__).parent
    files = [path for path in folder.glob("*.py") if path.name != "messages.py"]
    used = {c for path in files for c in re.findall(r'"(people-[a-z-]+)"', path.read_text())}
    routes = {"people-import-ended", "people-import-not-undone"}

    assert used - routes <= set(sentences())
    assert set(messages.SENTENCES) <= used


SPELLINGS = [
    ("张伟", "ZHANG Wei"), ("張偉", "Zhang, Wei"), ("张伟", "Wei Zhang"), ("单雄信", "Shan Xiongxin"),
    ("仇英", "QIU Ying"), ("曾国藩", "Zeng Guo-fan"), ("解缙", "Xie Jin"), ("吕布", "LYU Bu"),
    ("呂布", "Lü Bu"), ("欧阳娜娜", "OUYANG Nana"), ("João Silva", "SILVA, João"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), SPELLINGS)
def test_one_person_under_two_spellings_is_offered_and_never_merged(one: str, other: str) -> None:
    checked = check([HEAD, [one, "", "", "东莞", ""], [other, "", "", "中山", ""]])

    assert codes(checked, warnings=True) == [(3, "name", "people-alike-warning")]
    assert [unit.kind for unit in checked.units] == ["new", "new"]


def test_a_spelling_of_somebody_on_record_is_offered_without_the_name() -> None:
    known = replace(KNOWN, entries=[entered(person("單雄信"), number="007")])

    checked = check([HEAD, ["Shan Xiongxin", "", "", "东莞", ""]], known)

    assert codes(checked, warnings=True) == [(2, "name", "people-sounds-on-record-warning")]
    assert checked.rows[0].findings[0].params == {"number": "007"}
    assert checked.units[0].entry is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (["张伟", "", "", "东莞", ""], ["章伟", "", "", "东莞", ""]),
        (["张伟", "", "", "东莞", "1990-01-31"], ["ZHANG Wei", "", "", "东莞", "1991-01-31"]),
        (["张伟", "身份证", mainland(1), "东莞", ""], ["ZHANG Wei", "身份证", mainland(3), "东莞", ""]),
        (["陈大文", "", "", "东莞", ""], ["CHAN Tai Man", "", "", "东莞", ""]),
        (["张伟", "", "", "东莞", ""], ["Zhang", "", "", "东莞", ""]),
    ],
)  # fmt: skip
def test_two_people_who_only_sound_alike_are_left_in_peace(
    one: list[str], other: list[str]
) -> None:
    assert codes(check([HEAD, one, other]), warnings=True) == []


def test_a_cantonese_family_name_counts_beside_the_same_date_of_birth() -> None:
    born = "1990-01-31"
    rows = [HEAD, ["陳大文", "", "", "东莞", born], ["CHAN Tai Man", "", "", "东莞", born],
            ["Chan Siu Ming", "", "", "东莞", born]]  # fmt: skip

    assert [line for line, _, _ in codes(check(rows), warnings=True)] == [3, 4]


def test_two_thousand_spellings_are_compared_in_seconds() -> None:
    names = [f"{a}{b}" for a in "张王李赵刘陈杨黄周吴" for b in "伟芳娜敏静丽强磊军洋"]
    rows = [HEAD, *([names[n % 100] + "一二三四五六七八九十百千万年月日天地人和"[n // 100], "", "", "东莞", ""] for n in range(2000))]  # fmt: skip

    started = time.monotonic()
    check(rows)

    assert time.monotonic() - started < 10


def test_names_are_listed_by_their_sound() -> None:
    names = ["曾国藩", "陳大文", "Bob Lee", "单雄信", "安娜", "ZHANG Wei"]

    assert sorted(names, key=in_order) == [
        "安娜", "Bob Lee", "陳大文", "单雄信", "曾国藩", "ZHANG Wei"
    ]  # fmt: skip
