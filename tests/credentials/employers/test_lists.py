"""Lists of certificates: the same file comes back, with what became of each on the right."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import Any
from uuid import UUID

import httpx
import openpyxl
import pytest

from core.events import ResultFinal
from core.security import SYSTEM
from core.settings import Settings
from core.web import limits
from credentials import actions, queries
from credentials.comparing.tables import ComparisonTries
from credentials.employers import checking
from credentials.employers.counting import checked
from credentials.employers.keys import FOLLOW
from credentials.records import actions as records
from credentials.records.tables import Proposal
from tests.credentials.employers.kit import Office, office
from tests.credentials.facts import CONTEST, LEVEL, issued, issuers, person, result, tell

pytestmark = pytest.mark.engine

ID_NUMBER = "110101199001011234"
NAME = "欧阳晓明"


@pytest.fixture(autouse=True)
def full_buckets() -> None:
    limits.forget()
    checking.misses._left.clear()


@pytest.fixture
async def one(database: Settings) -> Office:
    await issuers()
    return await office()


async def send(
    client: httpx.AsyncClient, one: Office, data: bytes, language: str = "en"
) -> httpx.Response:
    headers = {**one.headers, "Accept-Language": language}
    return await client.post("/api/employers/spreadsheet", headers=headers, content=data)


def book(*rows: tuple[Any, ...]) -> bytes:
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def rows_of(answer: httpx.Response) -> list[tuple[Any, ...]]:
    assert answer.status_code == 200, answer.text
    found = openpyxl.load_workbook(io.BytesIO(answer.content))
    return [tuple(cell.value for cell in row) for row in found.worksheets[0].iter_rows()]


async def test_a_workbook_comes_back_as_it_was_with_the_answers_on_the_right(
    client: httpx.AsyncClient, one: Office
) -> None:
    good, withdrawn = await issued(name=NAME), await issued(name="张伟")
    await actions.revoke_certificate(SYSTEM, withdrawn["public_id"], reason="Forged papers")
    given = [
        ("工号", "身份证号", "姓名", "证书编号", "奖金"),
        ("007", ID_NUMBER, NAME, good["public_id"], "=1+1"),
        ("008", ID_NUMBER, "张玮", withdrawn["public_id"], 5),
        ("009", "", "", "", ""),
        ("010", ID_NUMBER, "李四", "0000000000ZZ", None),
        ("011", ID_NUMBER, "王五", None, None),
        ("012", ID_NUMBER, "=HYPERLINK(1)", good["qr_text"], None),  # computed by nobody
    ]

    answer = await send(client, one, book(*given), "zh-Hans")
    rows = rows_of(answer)

    for row, before in zip(rows, given, strict=True):
        assert row[:5] == tuple(None if value == "" else value for value in before)
    assert rows[0][5:] == (
        "查验：状态",
        "查验：起始日期",
        "查验：姓名",
        "查验：处理办法",
        "查验：时间",
    )
    assert [row[5] for row in rows[1:]] == [
        "真实有效",
        "已撤销",
        "没有证书编号",
        "查无此证",
        "没有证书编号",
        "真实有效",
    ]
    assert [row[7] for row in rows[1:]] == [
        "姓名相符", "姓名不符", None, "无可比对", None, "未填姓名",
    ]  # fmt: skip
    assert rows[1][8] is None  # nothing to do
    assert "签发" in rows[2][8] or "颁发" in rows[2][8]  # whom to ask
    assert NAME not in str([row[5:] for row in rows])
    assert answer.headers["content-disposition"].endswith('.xlsx"')
    assert await checked(one.id, days=1) == 6


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
async def test_a_csv_comes_back_in_the_letters_and_with_the_separators_that_it_came_in(
    client: httpx.AsyncClient, one: Office, encoding: str, separator: str
) -> None:
    good = await issued(name=NAME)
    lines = [["名册 2026"], ["姓名", "证书编号", "身份证号"], [NAME, good["public_id"], ID_NUMBER]]
    text = "\r\n".join(separator.join(line) for line in lines) + "\r\n"

    answer = await send(client, one, text.encode(encoding))

    back = answer.content.decode(encoding)
    found = list(csv.reader(io.StringIO(back, newline=""), delimiter=separator))
    assert found[0] == lines[0]
    assert [line[:3] for line in found[1:]] == lines[1:]
    assert found[2][3] == "Genuine and valid"
    assert found[2][5] == "name matches"
    assert back.count("\r\n") == back.count("\n") == 3


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "credentials.list-headings"),
        (b"name,age\nx,3\n", "credentials.list-headings"),
        (b"PK\x03\x04 no zip", "credentials.list-unreadable"),
        (b"\xd0\xcf\x11\xe0old", "credentials.list-old"),
        (b"\x00\x01\x02\xff", "credentials.list-unreadable"),
        (b"number\n" + b"x\n" * 2_500, "credentials.list-long"),
    ],
)
async def test_a_file_that_is_no_list_is_told_what_to_do(
    client: httpx.AsyncClient, one: Office, data: bytes, code: str
) -> None:
    answer = await send(client, one, data)

    assert answer.status_code == 422
    assert [finding["code"] for finding in answer.json()["findings"]] == [code]


async def test_a_number_that_a_spreadsheet_program_cut_is_named_in_its_row(
    client: httpx.AsyncClient, one: Office
) -> None:
    given = with_digits(
        book(("number", "name", "identity"), (4242, "x", 2424)), number=ID_NUMBER + "5"
    )

    rows = rows_of(await send(client, one, given))

    assert rows[1][:3] == (ID_NUMBER + "5", "x", ID_NUMBER)  # not a digit is lost on the way
    assert rows[1][3] == "Number cut short"
    assert "as text" in rows[1][6]


def with_digits(workbook: bytes, *, number: str) -> bytes:
    """With whole numbers that are longer than openpyxl writes them."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            text = before.read(name)
            for mark, digits in ((b"4242", number), (b"2424", ID_NUMBER)):
                text = text.replace(b"<v>%s</v>" % mark, f"<v>{digits}</v>".encode())
            after.writestr(name, text)
    return out.getvalue()


async def test_a_workbook_that_would_unpack_without_end_is_refused(
    client: httpx.AsyncClient, one: Office
) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 65 * 1024 * 1024)

    answer = await send(client, one, out.getvalue())

    assert len(out.getvalue()) < 100_000
    assert answer.json()["findings"][0]["code"] == "credentials.list-long"


async def test_names_can_t_be_guessed_by_a_key(client: httpx.AsyncClient, one: Office) -> None:
    good = await issued(name=NAME)
    guesses = [("number", "name"), *((good["public_id"], f"欧阳{n}") for n in range(6))]

    rows = rows_of(await send(client, one, book(*guesses)))
    right = rows_of(await send(client, one, book(("number", "name"), (good["public_id"], NAME))))
    other = await office("employer-other")
    theirs = rows_of(await send(client, other, book(("number", "name"), (good["public_id"], NAME))))

    said = [row[4] for row in rows[1:]]
    assert said == ["name does not match"] * checking.TRIES + ["not compared"]
    assert right[1][4] == "not compared"  # also for the right one, today
    assert right[1][2] == "Genuine and valid"  # which the page says to everybody
    assert theirs[1][4] == "name matches"
    assert sum(row["tries"] for row in await ComparisonTries.select()) == 2 * (checking.TRIES + 1)


async def test_all_employers_together_can_t_guess_one_name(
    client: httpx.AsyncClient, one: Office
) -> None:
    good = await issued(name=NAME)
    for n in range(12):
        for _ in range(checking.TRIES):
            await checking.check(good["public_id"], "错名", organisation=UUID(int=n + 1))

    rows = rows_of(await send(client, one, book(("number", "name"), (good["public_id"], NAME))))

    assert rows[1][4] == "not compared"


async def level_number() -> str:
    number = f"S000011010326263{'0' * 6}"[:15] + "3" + "000123"
    holder = await person(NAME)
    await tell(ResultFinal(result([holder], LEVEL)))
    proposal = await Proposal.select(Proposal.id).where(Proposal.contest == CONTEST).first()
    assert proposal is not None
    await records.grant_proposal(SYSTEM, proposal["id"], number=number, granted_on="2024-10-20")
    await tell()
    return number


async def test_a_body_s_own_number_answers_only_with_its_name(
    client: httpx.AsyncClient, one: Office
) -> None:
    number = await level_number()
    unknown = number[:-1] + "9"
    given = [("number", "name"), (number, NAME), (number, ""), (number, "张三"), (unknown, "张三")]

    rows = rows_of(await send(client, one, book(*given)))

    assert [row[2] for row in rows[1:]] == [
        "Genuine and valid",
        "Name missing",
        "Certificate not found",
        "Certificate not found",
    ]
    assert (
        rows[3][3:6] == rows[4][3:6]
    )  # nothing tells a wrong name from a number that is not there


async def test_unknown_numbers_without_end_are_not_looked_up(one: Office) -> None:
    for _ in range(2_000):
        checking.misses.miss(str(one.id))

    found = await checking.check("0000000000ZZ", "", organisation=one.id)

    assert found.match == checking.GUESSED


async def test_a_key_without_the_scope_checks_no_list(
    client: httpx.AsyncClient, database: Settings
) -> None:
    narrow = await office("employer-narrow", scopes=(FOLLOW,))

    answer = await send(client, narrow, book(("number", "name")))

    assert answer.status_code == 403


async def test_a_list_says_no_more_than_the_page_does(
    client: httpx.AsyncClient, one: Office
) -> None:
    good = await issued(name=NAME)
    row = await queries.stored(good["public_id"])
    assert row is not None

    rows = rows_of(await send(client, one, book(("number",), (good["public_id"],))))

    assert rows[1][3] == "no name given"
    assert NAME not in str(rows)
