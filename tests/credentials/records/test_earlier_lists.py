"""Lists of before the platform: looked at with every finding at its cell, taken in with their scan, taken back."""

from __future__ import annotations

import asyncio
import hashlib
import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from contests.season.reading import contest_season
from core import about_person, db, regular
from core.about_person import Within
from core.db import transaction
from core.errors import Forbidden, Invalid, NotFound, NotReady, TooLarge
from core.jobs import cancel_job, failures_of, jobs_for
from core.privacy import create_person, erase_person, owners_of, person_name
from core.security import SYSTEM
from core.settings import Settings
from core.tables import AuditEntry, Person
from core.timeline import moments_of
from credentials.matching.searching import found_of
from credentials.records.applications.gathering import gather
from credentials.records.exchange import evidence, undoing
from credentials.records.exchange.checking import Checked
from credentials.records.exchange.entering import enter
from credentials.records.exchange.fields import FORMAT
from credentials.records.exchange.importing import (
    KEPT,
    ListState,
    checked_list,
    list_for,
    look_at,
    take_in,
    throw_away,
    throw_old_away,
)
from credentials.records.exchange.reading import LARGEST_MB, place_of, read, table
from credentials.records.exchange.tables import EarlierResult, RecordImport
from credentials.records.exchange.undoing import take_back
from credentials.records.exchange.whose import _known_references
from credentials.records.honours import withdrawing
from credentials.records.honours.tables import HonourCase
from credentials.records.queries import person_record
from credentials.records.season import certificates_by_contest, conferred
from credentials.records.tables import HeldLevel, Honour, Proposal
from credentials.tables import Certificate
from tests.credentials.records.kit import CITY, PROVINCE
from tests.credentials.records.listing import IDS, SCAN, carried_out, line, looked, people, taken
from tests.credentials.records.person.test_joining import joined

ALL = (line("results"), line("honours"), line("levels"))


PROPOSAL: dict[str, Any] = {
    "contest": "", "entry": "none", "clause": "", "source": "", "occupation": "4-03-02-03",
    "facts": json.dumps({"facts": {}}),
}  # fmt: skip


async def proposed(person: UUID, **changes: Any) -> None:
    """By a contest, after the list."""
    row = PROPOSAL | {
        "id": uuid4(), "person": person, "kind": "level", "code": "4-03-02-03", "title": "{}",
        "authority": "test", "issuer": "test", "created_at": datetime.now(UTC),
    }  # fmt: skip
    await Proposal.insert(Proposal(**(row | changes)))


async def zhang() -> UUID:
    found = await owners_of([("mainland_id", IDS[0])])
    return found["mainland_id", IDS[0]]


def found(one: Checked) -> list[tuple[str, str]]:
    """Cell and finding."""
    return [
        (place_of(one.line, each.pointer), each.code.removeprefix("credentials."))
        for each in one.wrong
    ]


@pytest.mark.engine
async def test_a_list_is_taken_in_with_its_scan_and_marked_from_paper(database: Settings) -> None:
    by, _ = await people()

    made = await taken(by, *ALL)

    row = await list_for(by, made)
    assert (row["state"], row["taken"], row["sealed_lines"]) == ("done", 3, None)
    assert row["evidence_hash"] == hashlib.sha256(SCAN).hexdigest()
    assert evidence.opened(row, "sealed_evidence") == SCAN
    person = await zhang()
    assert await person_name(person) == "张伟"
    record = await person_record(person)
    marks = [one["paper"]["zh-Hans"] for kind in ("earlier_results", "honours", "levels") for one in record[kind]]  # fmt: skip
    assert marks == ["来自纸质材料，非本平台评判"] * 3
    (level,) = await HeldLevel.select()
    (case,) = await HonourCase.select()
    assert level["evidence_hash"] == case["evidence_hash"] == row["evidence_hash"]
    assert (case["state"], case["elsewhere"], case["paper"]) == ("granted", True, True)


@pytest.mark.engine
async def test_it_leads_to_no_certificate_no_proposal_and_no_figure(database: Settings) -> None:
    by, _ = await people()

    await taken(by, *ALL)

    assert await Certificate.count() == await Proposal.count() == 0
    season = await contest_season(by, 2019, this_year=2026)
    assert not season.contests
    assert await conferred(["1"]) == []
    assert await certificates_by_contest(["1"]) == {}


@pytest.mark.engine
async def test_the_same_list_again_puts_nothing_on_record_twice(database: Settings) -> None:
    by, _ = await people()
    await taken(by, *ALL)

    again = await looked(by, *ALL)

    assert [one.done for one in await checked_list(by, again)] == [True] * 3
    with pytest.raises(Invalid, match="taken-nothing"):
        await take_in(by, again, only_right=True)
    await throw_away(by, again)
    with pytest.raises(NotFound):
        await list_for(by, again)


@pytest.mark.parametrize(
    ("kind", "changes", "expected"),
    [
        ("results", {"year": "19"}, [("G2", "taken-year")]),
        ("results", {"year": "2999"}, [("G2", "taken-year")]),
        ("results", {"place": "0"}, [("I2", "taken-place")]),
        ("results", {"place": "", "prize": ""}, [("J2", "taken-prize")]),
        ("results", {"contest": "", "year": ""}, [("F2", "taken-empty"), ("G2", "taken-year")]),
        ("results", {"contest": "赛" * 121}, [("F2", "taken-long")]),
        ("results", {"prize": "A123456(3)"}, [("J2", "taken-hkid")]),
        ("results", {"document": "1"}, [("C2", "taken-document")]),
        ("results", {"document_kind": "?"}, [("B2", "document-kind")]),
        ("results", {"document_kind": "mainland_id", "document": "1"}, [("C2", "mainland-id-format")]),
        ("results", {"document": ""}, [("C2", "taken-who-missing")]),
        ("results", {"document": "", "certificate": "7K3M9QXT2F4H"}, [("D2", "who-differs")]),
        ("honours", {"honour": "月亮奖"}, [("F2", "taken-honour")]),
        ("honours", {"city": "月亮"}, [("G2", "city-unknown")]),
        ("honours", {"granted_on": "soon"}, [("I2", "date")]),
        ("honours", {"state": "lost"}, [("L2", "taken-state")]),
        ("honours", {"state": "withdrawn"}, [("M2", "taken-withdrawn")]),
        ("honours", {"link": "http://x"}, [("J2", "evidence-link")]),
        ("honours", {"paper": "maybe"}, [("P2", "taken-paper")]),
        ("levels", {"level": "3", "number": "7"}, [("H2", "number-any")]),
        ("levels", {"occupation": "厨师"}, [("F2", "filing-occupation")]),
        ("levels", {"level": "9"}, [("G2", "filing-level")]),
        ("levels", {"issuer": ""}, [("J2", "taken-empty")]),
    ],
)  # fmt: skip
async def test_every_line_says_in_which_cell_what_is_wrong(
    database: Settings, kind: str, changes: dict[str, str], expected: list[tuple[str, str]]
) -> None:
    by, _ = await people()

    (one,) = await checked_list(by, await looked(by, line(kind, **changes)))

    assert found(one) == expected


async def test_name_and_number_have_to_belong_together(database: Settings) -> None:
    by, _ = await people()
    await taken(by, line("results"))

    (one,) = await checked_list(by, await looked(by, line("results", name="李四", prize="一等奖")))

    assert found(one) == [("A2", "who-differs")]


async def test_a_line_that_stands_twice_and_a_number_of_somebody_else_are_named(
    database: Settings,
) -> None:
    by, _ = await people()
    await taken(by, line("levels"))

    lines = line("results"), line("results"), line("levels", name="李四", document=IDS[1])
    checked = await checked_list(by, await looked(by, *lines))

    assert [found(one) for one in checked] == [[], [("A3", "taken-twice")], [("H2", "number-taken")]]  # fmt: skip


async def test_a_title_that_is_held_already_is_not_taken_in_again(database: Settings) -> None:
    by, _ = await people()
    await taken(by, line("honours"))

    (one,) = await checked_list(by, await looked(by, line("honours", granted_on="2020-04-28")))

    assert found(one) == [("F2", "title-held")]


@pytest.mark.engine
async def test_one_mistake_stops_the_list_unless_it_is_left_out(database: Settings) -> None:
    by, _ = await people()
    made = await looked(by, line("results"), line("results", document="1"))

    with pytest.raises(Invalid, match="taken-wrong"):
        await take_in(by, made, only_right=False)
    job = await carried_out(by, made, only_right=True)

    assert await EarlierResult.count() == 1
    items = [item.item for item in await failures_of(by, job)]
    assert items == ["竞赛成绩 C3"]
    assert any(one.id == job for one in await jobs_for(by))
    with pytest.raises(ListState):
        await take_in(by, made, only_right=True)
    with pytest.raises(ListState):
        await throw_away(by, made)


@pytest.mark.engine
async def test_a_whole_list_is_taken_back_with_whom_nobody_else_knows(database: Settings) -> None:
    by, _ = await people()
    made = await taken(by, *ALL)
    person = await zhang()

    await take_back(by, made)

    for table_ in (EarlierResult, HeldLevel, Honour, HonourCase):
        assert await table_.count() == 0
    row = await list_for(by, made)
    assert (row["state"], row["sealed_evidence"]) == ("undone", None)
    assert row["evidence_hash"]
    assert await person_name(person) == ""
    again = await taken(by, *ALL)
    assert (await list_for(by, again))["taken"] == 3


async def test_whoever_was_known_before_stays_when_a_list_is_taken_back(database: Settings) -> None:
    by, _ = await people()
    await taken(by, line("levels"))
    made = await taken(by, line("results"))

    await take_back(by, made)

    assert await person_name(await zhang()) == "张伟"
    assert await HeldLevel.count() == 1


@pytest.mark.engine
async def test_a_list_stays_once_something_rests_on_it(database: Settings) -> None:
    by, _ = await people()
    made = await taken(by, line("honours"))
    (case,) = await HonourCase.select()

    await withdrawing.ask_withdrawal(by, case["id"], reason="有误", document="粤工〔2026〕1号")

    with pytest.raises(NotReady) as refused:
        await take_back(by, made)
    assert [one.code for one in refused.value.findings] == ["credentials.taken-moved"]
    assert await HonourCase.count() == 1


@pytest.mark.engine
async def test_a_list_stays_once_another_record_of_its_person_is_proposed(
    database: Settings,
) -> None:
    by, _ = await people()
    made = await taken(by, line("levels"))
    async with transaction():
        other = await create_person(name="张伟")
    await joined(other, await zhang())
    await proposed(other)

    with pytest.raises(NotReady) as refused:
        await take_back(by, made)

    assert [one.code for one in refused.value.findings] == ["credentials.taken-relied"]
    assert (await list_for(by, made))["state"] == "done"
    assert await HeldLevel.count() == 1
    assert await AuditEntry.count().where(AuditEntry.action == "records.taken_back") == 0


@pytest.mark.engine
async def test_a_list_that_two_take_back_at_once_is_taken_back_once(database: Settings) -> None:
    by, _ = await people()
    made = await taken(by, *ALL)

    answers = await asyncio.gather(take_back(by, made), take_back(by, made), return_exceptions=True)

    assert sorted(map(type, answers), key=str) == sorted([type(None), ListState], key=str)
    assert await AuditEntry.count().where(AuditEntry.action == "records.taken_back") == 1


@pytest.mark.engine
async def test_whom_a_process_that_ended_has_left_is_forgotten_within_the_hour(
    database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    by, _ = await people()
    made = await taken(by, *ALL)
    person = await zhang()

    async def ended() -> None:
        raise RuntimeError

    with monkeypatch.context() as patched, pytest.raises(RuntimeError):
        patched.setattr(undoing, "forget_newcomers", ended)
        await take_back(by, made)
    assert await person_name(person) == "张伟"
    await regular.do_all()

    assert await person_name(person) == ""


async def test_nobody_is_forgotten_whose_record_two_persons_joined_to_another(
    database: Settings,
) -> None:
    by, _ = await people()
    made = await taken(by, line("results"))
    async with transaction():
        other = await create_person(name="张伟")
    person = await zhang()
    await joined(other, person)

    await take_back(by, made)
    await undoing.forget_newcomers()

    assert [await person_name(one) for one in (other, person)] == ["张伟", "张伟"]


async def test_nothing_comes_on_record_of_somebody_who_is_erased_while_a_list_is_taken_in(
    database: Settings,
) -> None:
    by, _ = await people()
    await taken(by, line("results"))
    made = await looked(by, line("results", year="2018"), line("levels"))
    checked = await checked_list(by, made)
    await erase_person(await zhang(), by=SYSTEM)

    row = await list_for(by, made)
    refused = [await enter(by, row, one) for one in checked]

    assert [one.code for (one,) in refused] == ["credentials.who-differs"] * 2
    assert await EarlierResult.count() == await HeldLevel.count() == 0


@pytest.mark.engine
async def test_erasing_one_person_takes_the_scan_and_leaves_its_hash(database: Settings) -> None:
    by, _ = await people()
    other = line("results", at=3, name="李四", document=IDS[1])
    made = await taken(by, *ALL, other)

    await erase_person(await zhang(), by=SYSTEM)

    row = await list_for(by, made)
    assert (row["sealed_evidence"], row["wrapped_key"]) == (None, None)
    assert row["evidence_hash"] == hashlib.sha256(SCAN).hexdigest()
    assert await EarlierResult.count() == 1
    with pytest.raises(NotFound):
        evidence.opened(row, "sealed_evidence")


async def test_the_person_s_own_file_and_timeline_say_that_it_is_from_paper(
    database: Settings,
) -> None:
    by, _ = await people()
    await taken(by, *ALL)
    person = await zhang()

    chapters = {one.code: one.records for one in await about_person.about(person, Within())}
    moments = await moments_of(person, Within())

    assert [one["paper"]["pt"] for one in chapters["earlier_results"]] == ["De papel, não avaliado aqui"]  # fmt: skip
    assert [one["paper"]["en"] for one in chapters["honours"]] == ["From paper, not judged here"]
    assert {one.kind for one in moments if one.state == "paper"} == {"contest", "honour", "level"}


async def test_searches_and_applications_say_so_too(database: Settings) -> None:
    by, _ = await people()
    await taken(by, *ALL)
    person = await zhang()

    columns = ("city", "from_day", "until_day", "services", "languages")
    (found_one,) = await found_of(
        [{**dict.fromkeys(columns, ""), "id": person, "person": person, "days": 0}]
    )
    gathered = await gather(PROPOSAL | {"person": person})

    assert [one[3] for one in (*found_one.levels, *found_one.honours)] == [True, True]
    assert [one["paper"] for one in (*gathered["levels"], *gathered["honours"])] == [True, True]


async def test_a_list_that_nobody_took_in_is_thrown_away_in_time(database: Settings) -> None:
    by, _ = await people()
    old, new = await looked(by, line("results")), await looked(by, line("results"))
    long_ago: dict[Any, Any] = {RecordImport.created_at: datetime.now(UTC) - KEPT * 2}
    await RecordImport.update(long_ago).where(RecordImport.id == old)

    await throw_old_away()

    assert await RecordImport.select(RecordImport.id).output(as_list=True) == [new]


async def test_what_is_sealed_of_a_list_whose_work_was_cancelled_goes_in_time(
    database: Settings,
) -> None:
    by, _ = await people()
    made = await looked(by, line("results"))
    await cancel_job(by, await take_in(by, made, only_right=False))
    long_ago: dict[Any, Any] = {RecordImport.created_at: datetime.now(UTC) - KEPT * 2}
    await RecordImport.update(long_ago).where(RecordImport.id == made)

    await throw_old_away()

    row = await list_for(by, made)
    assert (row["state"], row["sealed_lines"]) == ("done", None)
    await take_back(by, made)
    assert (await list_for(by, made))["sealed_evidence"] is None


async def test_a_file_with_half_a_character_or_thousands_of_mistakes_is_refused(
    database: Settings,
) -> None:
    by, _ = await people()
    half = {"format": FORMAT, "results": [{"name": "张\ud800"}]}
    many = {"format": FORMAT, "results": [0] * 3000}

    answers = []
    for file in (half, many):
        with pytest.raises(Invalid) as refused:
            await look_at(by, PROVINCE, "file", json.dumps(file).encode(), b"")
        answers.append([one.code.removeprefix("credentials.") for one in refused.value.findings])

    assert answers[0] == ["taken-json"]
    assert answers[1] == ["taken-record"] * 1000


async def test_a_long_list_is_looked_at_with_no_more_questions_than_a_short_one(
    database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    by, _ = await people()
    await taken(by, line("results"))
    asked, ask = list[Any](), type(db.engine()).run_querystring

    async def counted(self: Any, query: Any, in_pool: bool = False) -> Any:
        asked.append(query)
        return await ask(self, query, in_pool)

    async def questions(last_year: int) -> int:
        lines = [line("results", year=str(year)) for year in range(1991, last_year)]
        honours = [line("honours", granted_on=f"{year}-05-01") for year in range(1991, last_year)]
        made = await looked(by, *lines, *honours)
        asked.clear()
        await checked_list(by, made)
        return len(asked)

    monkeypatch.setattr(type(db.engine()), "run_querystring", counted)

    assert await questions(2010) == await questions(1993)


@pytest.mark.engine
async def test_a_body_s_persons_are_named_in_files_however_many_they_are(
    database: Settings,
) -> None:
    everybody = [uuid4() for _ in range(40_000)]

    assert await _known_references(PROVINCE, everybody) == {}


async def test_without_a_scan_nothing_comes_from_paper(database: Settings) -> None:
    by, _ = await people()
    content = table("en", [line("results")])

    async def refused(scan: bytes, origin: str = "paper") -> list[str]:
        with pytest.raises(Invalid) as error:
            await look_at(by, PROVINCE, origin, content, scan)
        return [one.code for one in error.value.findings]

    assert await refused(b"") == ["credentials.taken-scan"]
    assert await refused(b"MZ") == ["credentials.taken-scan-media"]
    assert await refused(SCAN + bytes(20 * 1024 * 1024)) == ["credentials.taken-scan-large"]
    assert await refused(SCAN, "moon") == ["credentials.taken-origin"]
    assert await RecordImport.count() == 0


async def test_a_stranger_learns_nothing_of_a_list(database: Settings) -> None:
    by, other = await people()
    made = await taken(by, line("results"))

    for step in (list_for, checked_list, take_back, throw_away):
        with pytest.raises(NotFound):
            await step(other, made)  # type: ignore[operator]
    with pytest.raises(Forbidden):
        await look_at(other, PROVINCE, "paper", table("en", [line("results")]), SCAN)
    assert await look_at(other, CITY, "paper", table("en", [line("results")]), SCAN)


async def test_a_unit_s_honour_needs_no_document(database: Settings) -> None:
    by, _ = await people()
    unit = line("honours", name="测试单位", document="", honour="national_may_day_certificate")

    await taken(by, unit)

    (case,) = await HonourCase.select()
    assert (case["holder"], case["person"], case["paper"]) == ("unit", None, True)
    assert await Person.count() == 0


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"PK\x03\x04rest", "issued-unreadable"),
        (b"\xff\xfe\x00", "issued-unreadable"),
        ("姓名,电话\n张伟,1\n".encode(), "taken-headings"),
        ("姓名,竞赛,年份\n".encode(), "issued-empty"),
        (b"{", "taken-json"),
        (b"[" * 100_000, "taken-json"),
        (b"[]", "taken-format"),
        (b'{"format": "2"}', "taken-format"),
    ],
)
def test_what_is_no_list_is_refused_in_words(content: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(content)

    assert [one.code for one in refused.value.findings] == [f"credentials.{code}"]


def test_a_file_as_json_says_everything_that_is_wrong_with_its_form() -> None:
    file = {"format": "jiangxin-records-1", "levels": [1, {"name": 2, "age": "3"}], "results": 1, "x": []}  # fmt: skip

    with pytest.raises(Invalid) as refused:
        read(json.dumps(file).encode())

    assert {one.pointer: one.code.removeprefix("credentials.") for one in refused.value.findings} == {
        "/x": "taken-field",
        "/results": "taken-list",
        "/levels/0": "taken-record",
        "/levels/1/name": "taken-text",
        "/levels/1/age": "taken-field",
    }  # fmt: skip


def test_a_list_that_is_too_large_is_refused_in_words() -> None:
    with pytest.raises(TooLarge, match=f"{LARGEST_MB} MB"):
        read(bytes(LARGEST_MB * 1024 * 1024 + 1))
    rows = "姓名,竞赛,年份\n" + "张伟,赛,2019\n" * 1001
    with pytest.raises(Invalid, match="issued-long"):
        read(rows.encode())


def test_lists_are_read_as_bodies_write_them() -> None:
    text = "附件一\n姓 名,身份证号,竞赛名称,年度,名次,奖项\n张伟,1,赛,２０１９年,第2名,二等奖\n"

    (one,) = read(text.encode("gb18030"))

    told: dict[str, Any] = dict(one.values)
    assert (one.kind, one.at, one.places["place"]) == ("results", 3, "E3")
    assert (told["name"], told["year"], told["place"], told["prize"]) == (
        "张伟",
        "2019",
        "2",
        "二等奖",
    )
