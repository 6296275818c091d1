"""Results as files: texts stay texts, numbers numbers, nothing is a formula, and every taking is audited."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import jsonschema_rs
import pytest
from openpyxl import load_workbook

from contests.exports import ceremonies, csv_file, document, spreadsheet, taking
from contests.exports.taking import FORMATS, take_results
from core import audit, jobs
from core.errors import Forbidden, NotFound
from core.security import Scope
from core.settings import Settings
from tests.factories_contests import SmallContest, small_contest

NOW = datetime(2026, 11, 21, 4, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _database(database: Settings) -> None:
    taking.install()


async def closed(**more: object) -> SmallContest:
    small = await small_contest(**more)  # type: ignore[arg-type]
    await small.judge_everything()
    await small.close()
    return small


async def taken(small: SmallContest, format_: str, by: str = "organiser") -> bytes:
    actor = await small.actor(by)
    return (await take_results(actor, small.contest, format_, language="zh-Hans", now=NOW)).content


async def test_the_workbook_has_the_standings_and_every_mark() -> None:
    small = await closed()

    book = load_workbook(io.BytesIO(await taken(small, "excel")))
    standings, marks = book.worksheets
    head, first = ([cell.value for cell in row] for row in standings.iter_rows(max_row=2))
    one = dict(zip(head, first, strict=True))

    assert one["姓名"] == "选手0-0"
    assert one["名次"] == 1
    assert Decimal(str(one["总分"])) == Decimal("88.67")
    assert one["奖项"] == "一等奖"
    assert standings.max_row == 5
    assert marks.max_row == 1 + 4 * (3 * 3 + 1)  # three aspects by three judges, one by the group


async def test_a_cell_of_a_workbook_is_never_a_formula_and_long_digits_stay_whole() -> None:
    rows = [["=1+1", "440101199001011234", "007", Decimal("12.50"), None, "a\x01b"]]

    made = spreadsheet.workbook([("x", ["a", "b", "c", "d", "e", "f"], rows)], at=NOW)

    sheet = load_workbook(io.BytesIO(made)).active
    cells = next(sheet.iter_rows(min_row=2))
    assert [cell.value for cell in cells[:4]] == ["=1+1", "440101199001011234", "007", 12.5]
    assert [cell.data_type for cell in cells[:3]] == ["s", "s", "s"]
    assert cells[1].number_format == "@"
    assert cells[5].value == "ab"


async def test_csv_starts_with_its_mark_and_keeps_long_digits_from_becoming_numbers() -> None:
    made = csv_file.csv_file(["a"], [["440101199001011234"], ["=cmd()"], ["007"], [Decimal("1.5")]])

    assert made.startswith(b"\xef\xbb\xbf")
    cells = [row[0] for row in csv.reader(io.StringIO(made.decode("utf-8-sig")))]
    assert cells == ["a", "440101199001011234\t", "'=cmd()", "007\t", "1.5"]


async def test_the_csv_of_the_standings_is_in_their_order() -> None:
    small = await closed()

    rows = list(csv.reader(io.StringIO((await taken(small, "csv")).decode("utf-8-sig"))))

    assert [row[rows[0].index("姓名")] for row in rows[1:]] == [f"选手{n}-0" for n in range(4)]


async def test_the_ceremonys_file_has_the_columns_of_that_programme_and_a_row_for_each_person() -> (
    None
):
    small = await closed(members=2)

    sheet = load_workbook(io.BytesIO(await taken(small, "ceremonies"))).active
    rows = list(sheet.iter_rows(values_only=True))

    assert rows[0] == (
        "Position", "Member", "Member Name", "Skill Number", "Medal", "First Name", "Last Name",
        "WorldSkills Scale Score",
    )  # fmt: skip
    assert len(rows) == 1 + 4 * 2
    assert [row[4] for row in rows[1:]] == ["Gold"] * 2 + ["Silver"] * 2 + [None] * 4
    assert rows[1][1:3] == ("dongguan", "dongguan")
    assert rows[1][5:7] == ("手0-0", "选")


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("张三", ("三", "张")),
        ("欧阳娜娜", ("娜娜", "欧阳")),
        ("João da Silva", ("João da", "Silva")),
        ("Madonna", ("", "Madonna")),
        ("", ("", "")),
    ],
)
def test_a_name_is_split_as_its_language_writes_it(name: str, parts: tuple[str, str]) -> None:
    assert ceremonies.split_name(name) == parts


async def test_the_json_keeps_to_its_published_layout() -> None:
    small = await closed()

    body = json.loads(await taken(small, "json"))

    assert list(jsonschema_rs.validator_for(dict(document.SCHEMA)).iter_errors(body)) == []
    assert body["standings"][0]["names"] == ["选手0-0"]
    assert body["standings"][0]["prizes"][0]["prize"] == "first"
    assert body["aspects"][0]["used"]


@pytest.mark.parametrize("format_", list(FORMATS))
async def test_who_may_not_know_names_gets_codes_or_nothing(format_: str) -> None:
    small = await closed()

    if format_ == "ceremonies":
        with pytest.raises(Forbidden):
            await taken(small, format_, by="chief")
        return
    content = await taken(small, format_, by="chief")
    if format_ == "excel":
        book = load_workbook(io.BytesIO(content))
        text = str([[c.value for c in row] for sheet in book for row in sheet.iter_rows()])
    else:
        text = content.decode()

    assert "选手0" not in text
    assert await small.code_of(small.entries[0]) in text


async def test_a_judge_takes_nothing_and_every_taking_is_in_the_audit() -> None:
    small = await closed()
    with pytest.raises(Forbidden):
        await take_results(small.judges[0].actor, small.contest, "csv", language="en")
    with pytest.raises(NotFound):
        await taken(small, "pdf")

    await taken(small, "csv", by="chief")

    found = [
        entry
        for entry in await audit.entries(Scope("contest", str(small.contest)))
        if entry["action"] == "take_results"
    ]
    assert [(e["subject"], json.loads(e["after"])["names"]) for e in found] == [("csv", False)]


async def test_before_the_first_closing_there_is_nothing_to_take() -> None:
    small = await small_contest()

    with pytest.raises(NotFound):
        await taken(small, "excel")


async def test_a_large_file_is_written_in_the_background_and_fetched_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    small = await closed()
    monkeypatch.setattr(taking, "MOST_AT_ONCE", 3)
    organiser = await small.actor("organiser")

    job = await taking.start_taking(organiser, small.contest, "excel", language="en")
    from core import outbox

    await outbox.drain()
    made = await jobs.result_of(organiser, job)

    assert await taking.is_large(small.contest, "excel")
    assert not await taking.is_large(small.contest, "csv")
    assert load_workbook(io.BytesIO(made.data)).sheetnames == ["Standings", "Marks"]
    with pytest.raises(NotFound):
        await jobs.result_of(await small.actor("chief"), job)
    assert isinstance(job, UUID)
