"""A body's list of numbers: read as bodies write it, looked at line by line, granted in one go."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import openpyxl
import pytest

from core.db import transaction
from core.errors import Forbidden, Invalid
from core.events import ResultFinal
from core.jobs import JobContext, failures_of, read_job
from core.outbox import drain
from core.privacy import create_person
from core.security import SYSTEM, Role, Scope, actor_of
from core.settings import Settings
from core.tables import Job
from credentials.records import actions
from credentials.records.levels.filed import NotFiled
from credentials.records.levels.issued.checking import Checked, check_list
from credentials.records.levels.issued.columns import day_of, level_of
from credentials.records.levels.issued.reading import Line, empty_table, read_list
from credentials.records.levels.issued.work import grant_list, run
from credentials.records.tables import HeldLevel, Proposal
from credentials.tables import Certificate
from tests.credentials.facts import BODY, FIRST, LEVEL, ORGANISER, issuers, result, tell
from tests.factories_accounts import make_account

NUMBERS = ("S000044010326243000123", "S000044010326243000131", "S000044010326243000158")
IDS = ("360426199101010071", "120103198806018241")
TODAY = date(2026, 11, 30)


async def two() -> None:
    """Two persons for whom a level is proposed; the second has an award certificate as well."""
    await issuers()
    for name, document, outputs in (
        ("张伟", IDS[0], (LEVEL,)),
        ("李四", IDS[1], (FIRST, LEVEL)),
    ):
        async with transaction():
            person = await create_person(name=name, documents=[("mainland_id", document)])
        await tell(ResultFinal(result([person], *outputs)))


def line(at: int = 2, **changes: Any) -> Line:
    first = Line(at, "张伟", IDS[0], "4-03-02-03", "3", NUMBERS[0], "2024-11-01")
    return replace(first, **changes)


SECOND = Line(3, "李四", IDS[1], "", "3", NUMBERS[1], "2024-11-01")


def codes(one: Checked) -> list[str]:
    return [finding.code.removeprefix("credentials.") for finding in one.wrong]


async def checked(*lines: Line) -> list[Checked]:
    return await check_list(SYSTEM, BODY, lines, TODAY)


async def carried_out(*lines: Line, only_right: bool = False) -> UUID:
    job = await grant_list(SYSTEM, BODY, lines, only_right=only_right)
    row = await Job.select().where(Job.id == job).first()
    assert row is not None
    await Job.update({Job.state: "running"}).where(Job.id == job)
    await run(JobContext(row, SYSTEM))
    await drain()
    return job


@pytest.mark.engine
async def test_a_list_grants_what_was_proposed_and_the_certificates_follow(
    database: Settings,
) -> None:
    await two()
    award = await Certificate.select(Certificate.public_id).first()
    assert award is not None

    await carried_out(line(), replace(SECOND, who=award["public_id"]))

    states = [row["state"] for row in await Proposal.select(Proposal.state)]
    assert states == ["granted", "granted"]
    held = await HeldLevel.select(HeldLevel.number).order_by(HeldLevel.number)
    assert [row["number"] for row in held] == list(NUMBERS[:2])
    assert await Certificate.count().where(Certificate.kind == "level") == 2
    again = await checked(line(), SECOND)
    assert [(one.done, one.wrong) for one in again] == [(True, ()), (True, ())]
    with pytest.raises(Invalid, match="issued-nothing"):
        await carried_out(line(), SECOND)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"name": "王五"}, ["issued-who"]),
        ({"who": "110101199003074590"}, ["issued-who"]),
        ({"who": ""}, ["issued-who"]),
        ({"occupation": "4-08-03-07"}, ["issued-none"]),
        ({"level": "4", "number": NUMBERS[0][:15] + "4" + NUMBERS[0][16:]}, ["issued-none"]),
        ({"number": NUMBERS[0][:15] + "2" + NUMBERS[0][16:]}, ["level-of-number"]),
        ({"number": "…"}, ["level-number"]),
        ({"granted_on": "soon"}, ["date"]),
        ({"granted_on": "2026-12-01"}, ["day-future"]),
        ({"granted_on": "2018-12-31"}, ["filing-days"]),
        ({"number": "1", "granted_on": ""}, ["level-number", "date"]),
    ],
)
async def test_each_line_says_all_that_is_wrong_with_it(
    database: Settings, changes: dict[str, Any], expected: list[str]
) -> None:
    await two()

    (one,) = await checked(line(**changes))

    assert codes(one) == expected
    assert one.proposal is None


async def test_neither_a_number_nor_a_level_is_given_twice(database: Settings) -> None:
    await two()

    twice = await checked(line(), replace(SECOND, number=NUMBERS[0]))
    again = await checked(line(), line(3, number=NUMBERS[2]))
    await actions.grant_proposal(SYSTEM, (await checked(line()))[0].proposal or uuid4(), number=NUMBERS[1], granted_on="2024-11-01")  # fmt: skip
    taken = await checked(line(), SECOND)

    assert [codes(one) for one in twice] == [["issued-twice"], ["issued-twice"]]
    assert [codes(one) for one in again] == [["issued-again"], ["issued-again"]]
    assert [codes(one) for one in taken] == [["issued-decided"], ["number-taken"]]


async def test_what_looks_odd_is_said_and_stops_nothing(database: Settings) -> None:
    await two()

    (one,) = await checked(line(granted_on="2025-01-03"))

    assert [finding.code for finding in one.odd] == ["credentials.number-year"]
    assert one.proposal


async def test_one_mistake_stops_the_list_unless_it_is_left_out(database: Settings) -> None:
    await two()
    wrong = replace(SECOND, number="1")

    with pytest.raises(Invalid, match="issued-wrong"):
        await grant_list(SYSTEM, BODY, [line(), wrong], only_right=False)
    assert await Job.count() == 0
    await carried_out(line(), wrong, only_right=True)

    assert await HeldLevel.count() == 1


async def test_a_line_that_fails_on_the_way_leaves_the_others_alone(database: Settings) -> None:
    await two()
    job = await grant_list(SYSTEM, BODY, [line(), SECOND], only_right=False)
    first = (await checked(line()))[0].proposal
    assert first
    await actions.refuse_proposal(SYSTEM, first, reason="x")
    row = await Job.select().where(Job.id == job).first()
    assert row is not None

    await run(JobContext(row, SYSTEM))

    (failed,) = await failures_of(SYSTEM, job)
    assert (failed.item, failed.finding.code) == ("2 张伟", "credentials.issued-decided")
    assert (await read_job(SYSTEM, job)).failures == 1
    assert await HeldLevel.count() == 1


async def test_only_the_body_itself_hands_its_list_in(database: Settings) -> None:
    await two()
    other = await actor_of(await make_account((Role.ORGANISER, Scope("issuer", ORGANISER))))

    with pytest.raises(Forbidden):
        await check_list(other, BODY, [line()], TODAY)
    with pytest.raises(NotFiled):
        await check_list(other, ORGANISER, [line()], TODAY)


# --- the file ---------------------------------------------------------------------------------


def workbook(*rows: tuple[Any, ...]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


HEAD = ("证书编号", "姓名", "证件号码", "职业技能等级", "发证日期", "备注")


def test_a_workbook_is_read_below_whatever_stands_above_its_headings() -> None:
    found = read_list(
        workbook(
            ("2024 年发证名单",),
            HEAD,
            (NUMBERS[0], "张伟", IDS[0], "三级/高级工", date(2024, 11, 1), "x"),
            (),
            (NUMBERS[1], "李四", 120103198806018241, "高级工", "2024年11月1日", None),
        )
    )

    assert found == [line(3, occupation=""), replace(SECOND, at=5, who="…")]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_csv_is_read_in_the_encodings_that_offices_save(encoding: str) -> None:
    text = f"{';'.join(HEAD)}\n{NUMBERS[0]};张伟;{IDS[0]};3;2024/11/1;\n"

    assert read_list(text.encode(encoding)) == [line(2, occupation="")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"PK\x03\x04 broken", "issued-unreadable"),
        (b"\xff\xfe\xff", "issued-unreadable"),
        (b"a,b\n1,2\n", "issued-headings"),
        ("姓名,证书编号,等级\n张伟,1,3\n".encode(), "issued-headings"),
        (workbook(HEAD), "issued-empty"),
        ((",".join(HEAD) + "\n" + "1,2,3,4,5,6\n" * 1001).encode(), "issued-long"),
    ],
)
def test_a_file_that_is_no_list_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(Invalid, match=code):
        read_list(content)


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "en", "pt"])
def test_the_empty_table_is_read_back_in_each_language(language: str) -> None:
    assert read_list(empty_table(language, [line()])) == [line()]


def test_levels_and_days_are_read_as_people_write_them() -> None:
    assert [level_of(text) for text in ("三级", "高级技师", "特级技师", "Level 3 (senior worker)", "九级")] == ["3", "1", "rank-7", "3", ""]  # fmt: skip
    assert [day_of(text) for text in ("2024.1.2", "20240102", "2024年1月2日", "x")] == ["2024-01-02"] * 3 + ["x"]  # fmt: skip
