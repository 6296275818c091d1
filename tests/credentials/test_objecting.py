"""Anybody objects while a public notice runs, with a name or without, and keeps a receipt."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID, uuid4

import httpx
import pytest

from core.db import transaction
from core.errors import Invalid, NotFound, NotReady
from core.privacy import change_person
from core.settings import Settings
from credentials.objecting import notices
from credentials.objecting.notices import Typed, notice_of, object_publicly, state_of
from credentials.records.applications import deciding as steps
from credentials.records.applications.queries import application_page
from credentials.records.honours import deciding, entering
from credentials.records.honours.queries import honour_page
from credentials.records.honours.tables import HonourCase, Objection
from credentials.records.notices import today_in_china
from tests.credentials.records.applying import filed, turn
from tests.credentials.records.kit import (
    PROOF,
    PROVINCE,
    TODAY,
    account_of,
    federation,
    organiser_of,
    proposed,
)
from tests.factories_accounts import log_in_browser

UNTIL = (TODAY + timedelta(days=7)).isoformat()
AFTER = TODAY + timedelta(days=8)
SAID = "他的论文不是自己写的"
HTML = {"Accept": "text/html", "Accept-Language": "en"}


async def in_notice() -> UUID:
    await federation()
    by = await organiser_of(PROVINCE)
    case = await proposed(by)
    await deciding.open_notice(by, case, until=UNTIL, today=TODAY)
    return case


async def running_today() -> UUID:
    await federation()
    by = await organiser_of(PROVINCE)
    case = await proposed(by)
    until = (today_in_china() + timedelta(days=5)).isoformat()
    await deciding.open_notice(by, case, until=until)
    return case


@pytest.mark.engine
async def test_an_objection_arrives_sealed_with_its_receipt_and_stops_the_grant(
    database: Settings,
) -> None:
    case = await in_notice()
    by = await organiser_of(PROVINCE)

    receipt = await object_publicly(case, Typed(SAID, "李四", "li@example.org"), TODAY)
    anonymous = await object_publicly(case, Typed("没有署名"), TODAY)

    assert re.fullmatch(r"[0-9A-Z]{10}", receipt)
    assert receipt != anonymous
    named, unnamed = (await honour_page(by, case)).objections
    assert (named.text, named.receipt, named.sender) == (SAID, receipt, "李四 · li@example.org")
    assert (unnamed.sender, unnamed.state) == ("", "open")
    stored = await Objection.select().first()
    assert "李四" not in str(stored)
    with pytest.raises(NotReady):
        await deciding.grant_honour(by, case, PROOF, today=AFTER)
    await deciding.answer(by, case, named.id, "属实", upheld=True)
    assert await state_of(case, f" {receipt[:5]}-{receipt[5:].lower()}") == "upheld"
    assert await state_of(case, anonymous) == "open"
    assert await state_of(uuid4(), receipt) == ""
    assert await state_of(case, "") == ""


@pytest.mark.engine
async def test_a_step_of_an_application_takes_objections_for_its_own_body(
    database: Settings,
) -> None:
    application, unit = await filed()
    step = (await turn(application)).id
    with pytest.raises(NotFound):
        await notice_of(step, TODAY)
    await steps.open_notice(unit, step=step, application=application, until=UNTIL, today=TODAY)

    notice = await notice_of(step, TODAY)
    receipt = await object_publicly(step, Typed(SAID), TODAY)

    assert (notice.holder, notice.unit["zh-Hans"], notice.notice_until) == (
        "张伟",
        "测试单位",
        UNTIL,
    )
    (one,) = (await application_page(unit, application)).steps[0].objections
    assert (one.text, one.receipt) == (SAID, receipt)


async def test_nothing_is_told_or_taken_outside_the_notice(database: Settings) -> None:
    await federation()
    by = await organiser_of(PROVINCE)
    case = await proposed(by)
    with pytest.raises(NotFound):
        await notice_of(case, TODAY)
    await deciding.open_notice(by, case, until=UNTIL, today=TODAY)

    assert (await notice_of(case, TODAY)).holder == "张伟"
    for id, day in ((case, AFTER), (case, TODAY - timedelta(days=1)), (uuid4(), TODAY)):
        with pytest.raises(NotFound):
            await object_publicly(id, Typed(SAID), day)
    await deciding.decline_honour(by, case, why="不符合条件")
    with pytest.raises(NotFound):
        await notice_of(case, TODAY)


async def test_empty_and_endless_objections_are_refused_at_once_and_a_flood_stops(
    database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = await in_notice()

    with pytest.raises(Invalid) as wrong:
        await object_publicly(case, Typed(" ", "x" * 101, "a\nb"), TODAY)
    with pytest.raises(Invalid) as long:
        await object_publicly(case, Typed("x" * 4001), TODAY)
    monkeypatch.setattr(notices, "MOST", 1)
    await object_publicly(case, Typed(SAID), TODAY)
    with pytest.raises(notices.TooManyObjections):
        await object_publicly(case, Typed(SAID), TODAY)

    assert [one.pointer for one in wrong.value.findings] == ["/objection", "/name", "/contact"]
    assert [one.code for one in long.value.findings] == ["credentials.text-long"]


async def test_a_team_s_notice_names_the_team(database: Settings) -> None:
    await federation()
    by = await organiser_of(PROVINCE)
    team = entering.Entry("guangdong_workers_pioneer", PROVINCE, holder="焊接一班")
    case = await entering.propose_honour(by, team)
    await deciding.open_notice(by, case, until=UNTIL, today=TODAY)

    assert (await notice_of(case, TODAY)).holder == "焊接一班"


async def test_the_page_needs_no_account_and_shows_the_receipt(client: httpx.AsyncClient) -> None:
    case = await running_today()
    at = f"/notices/{case}"

    page = await client.get(at, headers=HTML)
    empty = await client.post(at, data={"objection": " ", "name": "<b>李四"}, headers=HTML)
    done = await client.post(at, data={"objection": SAID}, headers=HTML)
    receipt = re.search(r'class="receipt">([0-9A-Z]{5}-[0-9A-Z]{5})<', done.text)
    assert receipt
    asked = await client.post(f"{at}/receipt", data={"receipt": receipt[1]}, headers=HTML)
    unknown = await client.get(f"/notices/{uuid4()}", headers=HTML)

    assert (page.status_code, empty.status_code, done.status_code) == (200, 422, 200)
    assert "张伟" in page.text
    assert "<script" not in page.text
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert "no-referrer" in page.headers["referrer-policy"]
    assert "&lt;b&gt;李四" in empty.text
    assert "This is empty. Write at least one sentence." in empty.text
    assert "It waits for its answer." in asked.text
    assert unknown.status_code == 404
    assert "No public notice runs at this address today." in unknown.text


async def test_one_address_files_a_few_a_minute(client: httpx.AsyncClient) -> None:
    case = await running_today()

    answers = [
        await client.post(f"/notices/{case}", data={"objection": SAID}, headers=HTML)
        for _ in range(5)
    ]

    assert [one.status_code for one in answers] == [200, 200, 200, 429, 429]
    assert await Objection.count() == 3


@pytest.mark.parametrize(
    ("language", "word"),
    [("zh-Hans", "提出异议"), ("zh-Hant", "提出異議"), ("pt", "Apresentar uma objeção")],
)
async def test_the_page_speaks_the_reader_s_language(
    client: httpx.AsyncClient, language: str, word: str
) -> None:
    case = await running_today()

    page = await client.get(f"/notices/{case}", headers={**HTML, "Accept-Language": language})

    assert word in page.text


async def test_no_part_of_a_hong_kong_number_stands_beside_the_name(
    client: httpx.AsyncClient,
) -> None:
    case = await running_today()
    row = await HonourCase.select(HonourCase.person).where(HonourCase.id == case).first()
    assert row is not None
    async with transaction():
        await change_person(row["person"], documents=[("hkid", "Z7937935")])
    await object_publicly(case, Typed(SAID))
    await log_in_browser(client, await account_of(PROVINCE))

    pages = [
        await client.get(f"/notices/{case}", headers=HTML),
        await client.get(f"/console/honours/{case}", headers=HTML),
    ]

    assert all("张伟" in page.text and "793793" not in page.text for page in pages)
    assert f"/notices/{case}" in pages[1].text
    assert "By the public form, receipt" in pages[1].text
