"""The room of applications: file, decide step by step, print the form, export the list."""

from __future__ import annotations

import io
import re
from datetime import date

import httpx
import openpyxl
import pypdfium2
import pytest

from core.security import Role
from core.tables import AuditEntry
from credentials.records.tables import Application
from tests.admin.test_honour_pages import HTML, send
from tests.credentials.records.applying import STATEMENT, agree, filed, proposed
from tests.credentials.records.kit import (
    CITY,
    MEDAL,
    OTHER_CITY,
    PROVINCE,
    TODAY,
    UNIT,
    account_of,
    organiser_of,
)
from tests.factories_accounts import log_in_browser

ROOM = "/console/applications"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[date]:
    days = [TODAY]
    module = "credentials.records.applications.deciding.today_in_china"
    monkeypatch.setattr(module, lambda: days[0])
    monkeypatch.setattr("admin.console.applications.routes.today_in_china", lambda: days[0])
    return days


async def test_a_unit_files_and_its_own_step_agrees_by_the_pages(
    client: httpx.AsyncClient, clock: list[date]
) -> None:
    (who,) = await proposed()
    csrf = await log_in_browser(client, await account_of(UNIT))
    typed = {
        "code": MEDAL,
        "body": UNIT,
        "name": who.name,
        "certificate": who.certificate,
        "body-1": UNIT,
        "body-2": CITY,
        "statement": STATEMENT,
    }

    form = await client.get(f"{ROOM}/new?code={MEDAL}", headers=HTML)
    wrong = await send(client, csrf, ROOM, **typed)
    made = await send(client, csrf, ROOM, **typed, **{"body-3": PROVINCE})
    here = made.headers["location"]
    page = await client.get(here, headers=HTML)
    address = re.search(rf'{here}/steps/[0-9a-f-]+(?=/notice")', page.text)
    assert address
    await send(client, csrf, f"{address[0]}/notice", notice_until="2026-03-07")
    early = await send(
        client, csrf, f"{address[0]}/decision", decision="agreed", opinion="同意推荐"
    )
    clock[0] = date(2026, 3, 8)
    agreed = await send(
        client, csrf, f"{address[0]}/decision", decision="agreed", opinion="同意推荐"
    )
    after = await client.get(here, headers={**HTML, "Accept-Language": "pt"})

    assert 'name="body-3"' in form.text
    assert wrong.status_code == 422
    assert "The last step" in wrong.text or "Choose the organisation whose turn" in wrong.text
    assert STATEMENT in wrong.text
    assert early.status_code == 409
    assert "同意推荐</textarea>" in early.text
    assert agreed.status_code == 303
    assert "É a sua vez" not in after.text
    assert "同意推荐" in after.text


async def test_the_form_and_the_list_hold_what_was_gathered_and_are_on_record(
    client: httpx.AsyncClient,
) -> None:
    application, unit = await filed()
    await agree(application, unit, "=同意推荐")
    csrf = await log_in_browser(client, await account_of(CITY))
    chinese = {"Accept": "text/html", "Accept-Language": "zh-CN"}

    pdf = await client.post(
        f"{ROOM}/{application}/form", data={"csrf_token": csrf}, headers=chinese
    )
    book = await client.post(f"{ROOM}/list", data={"csrf_token": csrf}, headers=chinese)

    document = pypdfium2.PdfDocument(pdf.content)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    for words in ("广东省五一劳动奖章申报表", "张伟", "测试单位", "=同意推荐", "第 1 名", "2026"):
        assert words in text
    rows = [
        [cell.value or "" for cell in row]
        for row in openpyxl.load_workbook(io.BytesIO(book.content)).active
    ]
    assert rows[0][0] == "姓名"
    assert rows[1][:3] == ["张伟", "广东省五一劳动奖章", "测试单位"]
    assert "中山市总工会" in rows[1]
    actions = {row["action"] for row in await AuditEntry.select(AuditEntry.action)}
    assert {"application.printed", "applications.exported", "application.agreed"} <= actions


async def test_what_waits_for_my_body_stands_first_and_another_city_sees_nothing(
    client: httpx.AsyncClient,
) -> None:
    application, unit = await filed()
    await agree(application, unit)
    await log_in_browser(client, await account_of(CITY))
    city = await client.get(ROOM, headers=HTML)
    csrf = await log_in_browser(client, await account_of(OTHER_CITY))
    other = await client.get(ROOM, headers=HTML)
    page = await client.get(f"{ROOM}/{application}", headers=HTML)
    form = await send(client, csrf, f"{ROOM}/{application}/form")
    back = await send(client, csrf, f"{ROOM}/{application}/withdrawal", why="x")
    await log_in_browser(client, await account_of(UNIT, Role.JUDGE))
    judge = await client.get(ROOM, headers=HTML)

    first, _, rest = city.text.partition('id="others"')
    assert "张伟" in first
    assert "张伟" not in rest
    assert "张伟" not in other.text
    assert (page.status_code, form.status_code, back.status_code) == (404, 404, 404)
    assert judge.status_code == 403
    assert await Application.count().where(Application.state == "open") == 1


async def test_sent_back_it_waits_for_the_unit_which_hands_it_in_again(
    client: httpx.AsyncClient, clock: list[date]
) -> None:
    application, _ = await filed()
    csrf = await log_in_browser(client, await account_of(UNIT))
    here = f"{ROOM}/{application}"
    page = await client.get(here, headers=HTML)
    address = re.search(rf"{here}/steps/[0-9a-f-]+", page.text)
    assert address
    await send(client, csrf, f"{address[0]}/decision", decision="sent_back", opinion="请补充")
    missing = await send(client, csrf, f"{here}/papers", title="", link="x", hash="")
    await send(client, csrf, f"{here}/papers", title="专利证书", link="", hash="d" * 64)
    again = await send(client, csrf, f"{here}/again", statement="已补充材料")
    shown = await client.get(here, headers=HTML)
    taken = await send(client, csrf, f"{here}/withdrawal", why="暂缓")
    end = await client.get(here, headers=HTML)

    assert missing.status_code == 422
    assert again.status_code == taken.status_code == 303
    for words in ("专利证书", "已补充材料", "请补充"):
        assert words in shown.text
    assert "withdrawn by the unit" in end.text


async def test_a_passed_application_leads_to_the_honour_s_own_page(
    client: httpx.AsyncClient,
) -> None:
    application, unit = await filed()
    for by in (unit, await organiser_of(CITY), await organiser_of(PROVINCE)):
        await agree(application, by)
    csrf = await log_in_browser(client, await account_of(PROVINCE))

    page = await client.get(f"{ROOM}/{application}", headers=HTML)
    address = re.search(r"/console/honours/take-up/[0-9a-f-]+", page.text)
    assert address
    taken = await send(client, csrf, address[0])
    after = await client.get(f"{ROOM}/{application}", headers=HTML)

    assert taken.headers["location"] in after.text
    assert "take-up" not in after.text
