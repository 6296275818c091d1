"""The room of honours: enter, put in public notice, grant, withdraw by two persons; nothing typed is lost."""

from __future__ import annotations

import re
from datetime import date, timedelta
from uuid import UUID

import httpx
import pytest

from core.outbox import drain
from core.security import Role
from core.settings import Settings
from credentials.queries import verify_by_id
from credentials.records import notices
from credentials.records.honours.queries import honour_page
from credentials.verify import State
from tests.credentials.records.kit import (
    CITY,
    ID,
    MEDAL,
    OTHER_CITY,
    PROVINCE,
    account_of,
    federation,
    organisations,
    organiser_of,
    proposed,
)
from tests.factories_accounts import log_in_browser

HTML = {"Accept": "text/html", "Accept-Language": "en"}
ROOM = "/console/honours"
ZHANG = {"name": "张伟", "document_kind": "mainland_id", "document_number": ID}
PROOF = {"document": "粤工〔2026〕3号", "granted_on": "2026-03-20", "hash": "b" * 64}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[date]:
    """The day that every verb takes for today."""
    days = [date(2026, 3, 2)]
    for module in ("honours.deciding", "honours.entering", "honours.withdrawing"):
        monkeypatch.setattr(f"credentials.records.{module}.today_in_china", lambda: days[0])
    monkeypatch.setattr("admin.console.honours.routes.today_in_china", lambda: days[0])
    assert notices.today_in_china() != days[0]
    return days


async def send(client: httpx.AsyncClient, csrf: str, address: str, **data: str) -> httpx.Response:
    return await client.post(address, data={"csrf_token": csrf, **data}, headers=HTML)


async def test_an_honour_goes_its_whole_way_by_its_pages(
    client: httpx.AsyncClient, clock: list[date]
) -> None:
    await federation()
    csrf = await log_in_browser(client, await account_of(PROVINCE))

    entered = await send(client, csrf, ROOM, code=MEDAL, body=PROVINCE, how="propose", **ZHANG)
    here = entered.headers["location"]
    until = (clock[0] + timedelta(days=7)).isoformat()
    await send(client, csrf, f"{here}/notice", notice_until=until)
    early = await send(client, csrf, f"{here}/grant", **PROOF)
    await send(client, csrf, f"{here}/objections", objection="有人反映资料不全")
    page = await client.get(here, headers=HTML)
    objection = re.search(rf'{here}/objections/([0-9a-f-]+)"', page.text)
    assert objection
    await send(client, csrf, f"{here}/objections/{objection[1]}", answer="已补齐", upheld="no")
    clock[0] = date(2026, 3, 10)
    granted = await send(client, csrf, f"{here}/grant", **PROOF)
    await drain()
    shown = await client.get(here, headers=HTML)
    number = re.search(r'href="/c/(\w+)"', shown.text)
    asked = await send(client, csrf, f"{here}/withdrawal", reason="材料不实", document="9号")
    own = await send(client, csrf, f"{here}/withdrawal/confirm")
    csrf = await log_in_browser(client, await account_of(PROVINCE))
    confirmed = await send(client, csrf, f"{here}/withdrawal/confirm")
    listed = await client.get(f"{ROOM}?state=withdrawn&tier=provincial&year=2026", headers=HTML)

    assert early.status_code == 409
    assert "The public notice runs until" in early.text
    assert 'value="粤工〔2026〕3号"' in early.text
    assert granted.status_code == asked.status_code == confirmed.status_code == 303
    assert "已补齐" in shown.text
    assert own.status_code == 403
    assert number
    assert (await verify_by_id(number[1])).state is State.REVOKED
    assert "张伟" in listed.text


async def test_all_that_is_wrong_is_said_at_once_beside_what_was_typed(
    client: httpx.AsyncClient,
) -> None:
    await federation()
    csrf = await log_in_browser(client, await account_of(PROVINCE))
    wrong = {"name": "张伟", "document_kind": "mainland_id", "document_number": "123", "city": "1"}

    answer = await send(
        client, csrf, ROOM, code="enterprise_craftsman", body=PROVINCE, how="elsewhere", **wrong
    )

    assert answer.status_code == 422
    assert answer.text.count('class="wrong"') >= 5
    assert 'value="123"' in answer.text
    assert '<option value="enterprise_craftsman" selected>' in answer.text


async def test_another_body_s_honours_are_unknown(client: httpx.AsyncClient) -> None:
    await federation()
    await organisations(CITY)
    by = await organiser_of(PROVINCE)
    case = await proposed(by)
    csrf = await log_in_browser(client, await account_of(CITY))

    listed = await client.get(ROOM, headers=HTML)
    page = await client.get(f"{ROOM}/{case}", headers=HTML)
    sent = await send(client, csrf, f"{ROOM}/{case}/notice", notice_until="2030-01-01")

    assert "张伟" not in listed.text
    assert (page.status_code, sent.status_code) == (404, 404)
    assert (await honour_page(by, case)).row["state"] == "proposed"


async def test_a_clerk_reads_and_a_judge_does_not(client: httpx.AsyncClient) -> None:
    await organisations(CITY)
    await log_in_browser(client, await account_of(CITY, Role.CLERK))
    clerk = await client.get(ROOM, headers=HTML)
    form = await client.get(f"{ROOM}/new", headers=HTML)
    await log_in_browser(client, await account_of(CITY, Role.JUDGE))
    judge = await client.get(ROOM, headers=HTML)

    assert (clerk.status_code, form.status_code, judge.status_code) == (200, 403, 403)
    assert "/console/honours/new" not in clerk.text


async def test_a_studio_is_entered_with_its_leader_and_results(client: httpx.AsyncClient) -> None:
    await organisations(OTHER_CITY)
    csrf = await log_in_browser(client, await account_of(OTHER_CITY))
    studio = {"body": OTHER_CITY, "level": "municipal", "city": "440600", "branch": "焊接"}

    wrong = await send(client, csrf, f"{ROOM}/studios", studio_name="", **studio, **ZHANG)
    made = await send(
        client, csrf, f"{ROOM}/studios", studio_name="张伟工作室", founded_on="2022-05-01",
        **studio, **ZHANG,
    )  # fmt: skip
    here = made.headers["location"]
    await send(client, csrf, f"{here}/results", day="2023-01-01", title="夹具", evidence="ZL1")
    page = await client.get(here, headers={**HTML, "Accept-Language": "zh-CN"})
    member = re.search(rf"{here}/members/([0-9a-f-]+)", page.text)
    assert member
    ended = await send(client, csrf, f"{here}/members/{member[1]}", until_on="2020-01-01")
    unknown = await client.get(f"{ROOM}/studios/{UUID(int=3)}", headers=HTML)

    assert wrong.status_code == 422
    assert "夹具" in page.text
    assert ended.status_code == 422
    assert unknown.status_code == 404


async def test_nothing_of_a_stranger_is_shown_without_a_log_in(
    client: httpx.AsyncClient, database: Settings
) -> None:
    answers = [await client.get(f"{ROOM}{more}", headers=HTML) for more in ("", "/new", "/studios")]

    assert {answer.status_code for answer in answers} <= {303, 401}
