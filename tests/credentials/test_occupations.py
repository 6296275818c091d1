"""Occupations: a list is looked at, loaded, found again, and offered where a code is typed."""

from __future__ import annotations

import html
import io
import re
from pathlib import Path

import httpx
import openpyxl
import pytest

from core.errors import Forbidden, Invalid
from core.security import INSTALLATION, SYSTEM, Role
from core.settings import Settings
from core.tables import AuditEntry
from credentials.occupations.loading import load_list, look_at
from credentials.occupations.looking import find, titles_of, unlisted
from credentials.occupations.reading import Line, code_of, read_list, table
from credentials.occupations.tables import Occupation
from credentials.records.levels import holding
from tests.credentials.records.kit import UNIT, ZHANG, account_of, organisations, organiser_of
from tests.factories_accounts import log_in_browser, make_account

SAMPLE = Path(__file__).parents[1] / "data" / "occupations.csv"
DRONES = "4-08-03-07"
HTML = {"Accept": "text/html", "Accept-Language": "en"}


def charts_alone() -> bytes:
    """A workbook that a spreadsheet program opens, without a sheet to read."""
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.create_chartsheet()
    book.remove(book.worksheets[0])
    book.save(out)
    return out.getvalue()


CHARTS_ALONE = charts_alone()


def codes(error: pytest.ExceptionInfo[Invalid]) -> set[str]:
    return {finding.code for finding in error.value.findings}


async def load(*lines: Line, whole: bool = False) -> tuple[int, int]:
    return await load_list(SYSTEM, lines, "测试清单", only_right=False, whole=whole)


def line(code: str = DRONES, name: str = "无人机测绘操控员", at: int = 2) -> Line:
    return Line(at, code, {"zh-Hans": name})


def test_a_published_table_is_read_with_its_groups_passed_over() -> None:
    (one,) = read_list(SAMPLE.read_bytes())

    assert (one.at, one.code, one.title["zh-Hans"]) == (3, DRONES, "无人机测绘操控员")
    assert one.title["en"] == "Drone surveying operator"
    assert read_list(table([one]))[0].title == one.title
    assert code_of("4－08－03－07 ") == DRONES
    assert code_of("4—08—03—07（GBM 40803）") == DRONES


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xff\xfe\xff", "credentials.issued-unreadable"),
        (b"PK\x03\x04broken", "credentials.issued-unreadable"),
        (CHARTS_ALONE, "credentials.issued-unreadable"),
        ("姓名,编号\n张伟,1\n".encode(), "occupations-headings"),
        ("职业编码,职业名称\n4-08-03,测绘服务人员\n".encode(), "occupations-empty"),
    ],
)
def test_a_file_that_is_no_list_says_what_is_wrong(content: bytes, code: str) -> None:
    with pytest.raises(Invalid) as wrong:
        read_list(content)

    assert codes(wrong) == {code}


@pytest.mark.engine
async def test_a_list_is_looked_at_and_loaded_as_a_whole(database: Settings) -> None:
    other = line("4-08-03-08", "另一个", 3)
    await load(line(), other)

    look = await look_at(SYSTEM, [line(name="无人机测绘员"), line("4-8", "", 4)])
    with pytest.raises(Invalid) as wrong:
        await load(line(), line("4-8", "", 4))
    with pytest.raises(Invalid) as twice:
        await load(line(), line(at=3))
    kept = await Occupation.count()
    done = await load(line(name="无人机测绘员"), whole=True)

    assert [one.state for one in look.lines] == ["changed", "wrong"]
    assert [one.code for one in look.lines[1].wrong] == ["occupations-code", "occupations-name"]
    assert look.gone == ["4-08-03-08"]
    assert codes(wrong) == {"occupations-wrong"}
    assert codes(twice) == {"occupations-wrong", "occupations-nothing"}
    assert (kept, done) == (2, (1, 1))
    assert await titles_of([DRONES, "4-08-03-08"]) == {DRONES: {"zh-Hans": "无人机测绘员"}}
    assert await AuditEntry.count().where(AuditEntry.action == "occupations.loaded") == 2


@pytest.mark.engine
async def test_codes_come_before_names_and_signs_mean_nothing(database: Settings) -> None:
    await load(line(), line("4-08-03-08", "100% 测绘", 3), line("5-08-03-07", "4-08 号", 4))

    assert [one.code for one in await find("4-08")] == [DRONES, "4-08-03-08", "5-08-03-07"]
    assert [one.code for one in await find("测绘")] == [DRONES, "4-08-03-08"]
    assert [one.code for one in await find("%")] == ["4-08-03-08"]
    assert await find("zh-Hans") == []
    assert await find(" ") == []


async def test_what_the_list_lacks_is_pointed_out_and_may_be_meant(database: Settings) -> None:
    await organisations()
    by = await organiser_of(UNIT)
    entry = holding.Entry(
        UNIT, ZHANG, "4-99-99-99", "3", "S000144000000243000001", "2024-01-02",
        "鉴定中心", "国家查询", hash="a" * 64,
    )  # fmt: skip
    assert await unlisted([DRONES, "", "hk-chef"]) == []
    await load(line())

    missing = await unlisted([DRONES, "4-99-99-99", "焊工"])

    assert [(one.code, one.params["code"]) for one in missing] == [
        ("occupations-code", "焊工"),
        ("occupation-unlisted", "4-99-99-99"),
    ]
    with pytest.raises(holding.Odd) as odd:
        await holding.enter_level(by, entry)
    assert [one.code for one in odd.value.findings] == ["occupation-unlisted"]


async def test_only_the_administrator_loads_a_list(database: Settings) -> None:
    await organisations()

    with pytest.raises(Forbidden):
        await look_at(await organiser_of(UNIT), [line()])


async def test_the_room_shows_what_a_list_would_do_and_loads_it(client: httpx.AsyncClient) -> None:
    csrf = await log_in_browser(client, await make_account((Role.ADMINISTRATOR, INSTALLATION)))
    content = SAMPLE.read_bytes() + "4-8,坏的\n".encode()

    shown = await client.post(
        "/console/occupations",
        data={"csrf_token": csrf},
        files={"file": ("list.csv", content)},
        headers=HTML,
    )
    kept = re.search(r'name="lines" value="([^"]*)"', shown.text)
    assert kept
    sent = {"csrf_token": csrf, "lines": html.unescape(kept[1]), "list_name": "大典 2022"}
    refused = await client.post("/console/occupations/load", data=sent, headers=HTML)
    loaded = await client.post(
        "/console/occupations/load", data={**sent, "only_right": "yes"}, headers=HTML
    )
    page = await client.get("/console/occupations?q=无人机", headers=HTML)
    empty = await client.get("/console/occupations/empty.xlsx", headers=HTML)

    assert "1 new, 0 with another name, 0 as they are, 1 with mistakes." in shown.text
    assert "“4-8” is no code of an occupation." in shown.text
    assert "Lines with mistakes: 1." in refused.text
    assert loaded.status_code == 303
    assert "大典 2022: 1 occupations." in page.text
    assert DRONES in page.text
    assert empty.content.startswith(b"PK")


async def test_a_field_offers_codes_or_names_without_a_log_in(client: httpx.AsyncClient) -> None:
    await load(line())

    by_code = await client.get("/occupations/options?occupation=无人机", headers=HTML)
    by_name = await client.get("/occupations/options?by=title&trade=4-08", headers=HTML)
    nothing = await client.get("/occupations/options", headers=HTML)

    assert f'<option value="{DRONES}">无人机测绘操控员</option>' in by_code.text
    assert f'<option value="无人机测绘操控员">{DRONES}</option>' in by_name.text
    assert "<option" not in nothing.text


async def test_the_codes_of_a_filing_and_of_a_level_are_told_by_name(
    client: httpx.AsyncClient,
) -> None:
    await organisations()
    await load(line())
    csrf = await log_in_browser(client, await account_of(UNIT))
    typed = {
        "csrf_token": csrf, "body": UNIT, "name": "张伟", "document_kind": "mainland_id",
        "document_number": ZHANG.document, "occupation": DRONES, "level": "3",
        "number": "Y000144000000243000001", "granted_on": "2024-01-02", "issuer": "鉴定中心",
        "source": "国家查询", "hash": "a" * 64, "compared": "yes",
    }  # fmt: skip

    await client.post("/console/levels", data=typed, headers=HTML)
    page = await client.get("/console/levels", headers=HTML)

    assert f"{DRONES} 无人机测绘操控员" in page.text
    assert 'list="occupations"' in page.text
