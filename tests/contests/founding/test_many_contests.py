"""Twenty contests from one workbook: every finding by its cell, all or none, and back again."""

from __future__ import annotations

import io
import json
from datetime import date
from uuid import UUID

import openpyxl
import pytest

from contests.actions.common import contest_row, scopes_of
from contests.actions.people import appoint, register_entrants
from contests.founding.files import keep_file
from contests.founding.many import JOB, batches_of, create_many, dry_run, undo_many
from contests.founding.many_rows import read_many, template_workbook
from contests.founding.many_words import COLUMNS
from contests.importing.book import place
from contests.tables import Contest
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.jobs import start_job
from core.outbox import drain
from core.security import Role, Scope
from core.settings import Settings
from core.web.i18n import LANGUAGES
from tests.contests.founding.kit import Founder, founder, twenty, workbook
from tests.factories_contests import drafts, make_account

pytestmark = pytest.mark.engine


async def upload(one: Founder, content: bytes, name: str = "赛项.xlsx") -> UUID:
    return await keep_file(one.by, one.competition, kind="many", name=name, content=content)


async def contests_of(one: Founder) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = (
        await Contest.select().where(Contest.competition == one.competition).order_by(Contest.code)
    )
    return rows


async def test_twenty_contests_are_made_in_one_step_and_taken_back_in_one(
    database: Settings,
) -> None:
    one = await founder()
    file = await upload(one, twenty())

    read = await dry_run(one.by, file)
    batch = await create_many(one.by, file)
    made = await contests_of(one)
    taken_back = await undo_many(one.by, batch)

    assert read.all_findings == []
    assert len(made) == taken_back == 20
    assert {json.loads(str(row["title"]))["zh-Hans"] for row in made} == {
        f"赛项{n:02}" for n in range(1, 21)
    }
    assert all(json.loads(str(row["options"]))["judges"] == 5 for row in made)
    assert all(json.loads(str(row["facts"]))["held_on"] == "2026-05-02" for row in made)
    assert await contests_of(one) == []


async def test_every_finding_stands_at_its_cell_and_nothing_is_made(database: Settings) -> None:
    one = await founder()
    file = await upload(
        one,
        workbook(
            ["2026 年赛项一览"],
            ["名称", "类型", "日期", "评委人数", "一等奖名额", "备注"],
            ["面点", "cooking", date(2026, 5, 1), 5, 1, "甲"],
            ["", "cooking", "五月", "五", 1, ""],
            ["花艺", "bonsai", "2026年5月2日", "５", 2, ""],
            ["机器人", "robotics", "2026-13-40", "", 9999, ""],
        ),
    )

    read = await dry_run(one.by, file)
    with pytest.raises(Invalid) as refused:
        await create_many(one.by, file)

    found = {(place(f), f.code) for f in read.all_findings}
    assert found == {
        ("Sheet1!A4", "title-missing"),
        ("Sheet1!C4", "date-malformed"),
        ("Sheet1!B5", "many-type-unknown"),
        ("Sheet1!C6", "date-malformed"),
    }
    assert {(place(f), f.code) for f in refused.value.findings} == found
    assert list(read.unknown) == ["备注"]
    assert await contests_of(one) == []


async def test_what_the_type_says_of_an_answer_stands_at_its_cell_too(database: Settings) -> None:
    one = await founder()
    file = await upload(
        one,
        workbook(
            ["Contest", "Contest type", "Judges", "First prizes", "Code"],
            ["Pastry", "Cookery", "many", 1, "pastry"],
            ["Pastry", "cooking", 5, 10**6, "pastry"],
        ),
    )

    read = await dry_run(one.by, file)

    found = {(place(f), f.code) for f in read.all_findings}
    assert ("Sheet1!B2", "many-type-unknown") in found
    assert ("Sheet1!D3", "option-too-large") in found
    assert ("Sheet1!E3", "code-taken") in found


async def test_full_width_digits_and_dates_of_every_kind_are_understood(database: Settings) -> None:
    one = await founder()
    file = await upload(
        one,
        workbook(
            ["赛项", "类型", "日期", "评委人数", "小型赛项", "Template"],
            ["甲", "cooking", date(2026, 5, 1), "７", "是", ""],
            ["乙", "cooking", "2026年5月2日", 5, "", "pastry_2024"],
            ["丙", "panel", "2026/5/3", "", "否", "花艺"],
        ),
    )
    read = read_many(await _content(file))

    assert [f.code for f in read.all_findings] == ["many-template-unknown"] or not read.all_findings
    first, second, third = read.rows
    assert (first.start.facts, first.start.options["judges"]) == (
        {"held_on": "2026-05-01", "profile": "small"},
        7,
    )
    assert second.start.facts["held_on"] == "2026-05-02"
    assert len(second.start.options["works"]) == 3
    assert third.start.facts["held_on"] == "2026-05-03"


async def test_one_that_has_begun_to_live_keeps_the_whole_batch(database: Settings) -> None:
    one = await founder()
    batch = await create_many(one.by, await upload(one, twenty()))
    rows = await contests_of(one)
    first, second = UUID(str(rows[0]["id"])), UUID(str(rows[1]["id"]))
    await register_entrants(one.by, first, drafts(1))
    await appoint(one.by, second, await make_account("judge"), "judge")

    with pytest.raises(Conflict) as refused:
        await undo_many(one.by, batch)

    assert {f.params["code"] for f in refused.value.findings} == {rows[0]["code"], rows[1]["code"]}
    assert len(await contests_of(one)) == 20
    assert [b["count"] for b in await batches_of(one.competition)] == [20]


async def test_one_that_was_taken_back_has_no_place_any_more(database: Settings) -> None:
    one = await founder()
    batch = await create_many(one.by, await upload(one, twenty()))
    contest = UUID(str((await contests_of(one))[0]["id"]))
    before = await scopes_of(contest)
    again = await scopes_of(contest)

    await undo_many(one.by, batch)

    assert before == again
    assert Scope("competition", str(one.competition)) in before
    with pytest.raises(NotFound):
        await scopes_of(contest)


async def test_a_file_makes_its_contests_once(database: Settings) -> None:
    one = await founder()
    file = await upload(one, workbook(["Contest", "Type"], ["Pastry", "cooking"]))
    batch = await create_many(one.by, file)

    with pytest.raises(Conflict):
        await create_many(one.by, file)
    await undo_many(one.by, batch)
    with pytest.raises(Conflict):
        await undo_many(one.by, batch)


async def test_a_job_makes_a_large_file_and_a_second_run_changes_nothing(
    database: Settings,
) -> None:
    one = await founder()
    file = await upload(one, twenty())
    scope = Scope("competition", str(one.competition))

    for _ in range(2):
        await start_job(one.by, JOB, scope, {"file": str(file)}, total=20)
        await drain()

    assert len(await contests_of(one)) == 20


async def test_who_may_not_configure_may_neither_upload_nor_take_back(database: Settings) -> None:
    one, clerk = await founder(), await founder(role=Role.ORGANISER)
    file = await upload(one, twenty())
    batch = await create_many(one.by, file)

    with pytest.raises(NotFound):
        await dry_run(clerk.by, file)
    with pytest.raises(Forbidden):
        await undo_many(clerk.by, batch)
    with pytest.raises(Forbidden):
        await keep_file(clerk.by, one.competition, kind="many", name="x", content=b"x")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_template_of_every_language_is_read_back_without_a_finding(
    database: Settings, language: str
) -> None:
    book = openpyxl.load_workbook(io.BytesIO(template_workbook(language)))
    read = read_many(template_workbook(language))

    assert len(book.worksheets) == 2
    assert read.all_findings == []
    assert read.unknown == []
    assert len(read.rows) == 1
    assert len({c.title[language] for c in COLUMNS}) == len(COLUMNS)


@pytest.mark.parametrize("content", [b"", b"PK", b"not a workbook", workbook(["only", "words"])])
def test_a_file_that_is_none_is_a_finding(content: bytes) -> None:
    read = read_many(content)

    assert read.all_findings
    assert not read.usable


async def _content(file: UUID) -> bytes:
    from contests.founding.tables import FoundingFile

    row = await FoundingFile.select().where(FoundingFile.id == file).first()
    assert row is not None
    return bytes(row["content"])


async def test_a_contest_of_the_batch_can_be_opened_like_any_other(database: Settings) -> None:
    one = await founder()
    await create_many(one.by, await upload(one, twenty()))

    row = await contest_row(UUID(str((await contests_of(one))[0]["id"])))

    assert row["state"] == "draft"
    assert json.loads(row["scheme"])["modules"]
