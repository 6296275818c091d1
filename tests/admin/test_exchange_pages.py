"""The room of earlier records: a list is looked at, taken in, shown and taken back; files; an authority's database."""

from __future__ import annotations

import html
import json
import re

import httpx

from core.outbox import drain
from core.security import Role
from core.tables import AuditEntry
from credentials.records.exchange.reading import table
from credentials.records.exchange.tables import EarlierResult, RecordImport
from credentials.records.honours.tables import HonourCase
from tests.credentials.records.kit import CITY, PROVINCE, account_of, organisations
from tests.credentials.records.listing import IDS, SCAN, line
from tests.factories_accounts import log_in_browser

HTML = {"Accept": "text/html", "Accept-Language": "en"}
ROOM = "/console/exchange"
PAPER = "From paper, not judged here"


async def handed_in(
    client: httpx.AsyncClient, csrf: str, content: bytes, scan: bytes = SCAN, origin: str = "paper"
) -> httpx.Response:
    return await client.post(
        ROOM,
        data={"csrf_token": csrf, "body": PROVINCE, "origin": origin},
        files={"file": ("list.xlsx", content), "evidence": ("scan.pdf", scan)},
        headers=HTML,
    )


async def test_a_list_goes_its_whole_way(client: httpx.AsyncClient) -> None:
    await organisations()
    csrf = await log_in_browser(client, await account_of(PROVINCE))
    lines = line("results"), line("honours", at=3), line("levels", number="7")
    sent = {"csrf_token": csrf}
    empty = await client.get(f"{ROOM}/empty.xlsx", headers=HTML)

    seen = await handed_in(client, csrf, table("en", lines))
    page = seen.headers["location"]
    looked = await client.get(page, headers=HTML)

    assert empty.content.startswith(b"PK")
    assert (
        "2 put on record, 0 on record already, 1 with mistakes. Persons new here: 2." in looked.text
    )
    assert "7 is no certificate number" in looked.text
    assert ">G2</b>" in looked.text.replace("\n", "")
    assert IDS[0] not in looked.text
    assert await EarlierResult.count() == 0

    refused = await client.post(f"{page}/take-in", data=sent, headers=HTML)
    taken = await client.post(f"{page}/take-in", data={**sent, "only_right": "yes"}, headers=HTML)
    await drain()
    done = await client.get(page, headers=HTML)
    scan = await client.get(f"{page}/scan", headers=HTML)

    assert "Lines with mistakes: 1." in refused.text
    assert taken.headers["location"].startswith("/console/jobs/")
    assert "on record: 2" in done.text
    assert PAPER in done.text
    assert scan.content == SCAN
    assert "attachment" in scan.headers["content-disposition"]
    (case,) = await HonourCase.select()
    for address in ("/console/honours", f"/console/honours/{case['id']}", "/console/audit", ROOM):
        shown = await client.get(address, headers=HTML)
        assert shown.status_code == 200
        assert (PAPER in shown.text) == ("honours" in address), address

    back = await client.post(f"{page}/back", data=sent, headers=HTML)
    gone = await client.get(page, headers=HTML)
    assert back.status_code == 303
    assert "The scan is gone; its SHA-256 stays." in gone.text
    assert await EarlierResult.count() == 0
    again = await client.post(f"{page}/back", data=sent, headers=HTML)
    assert "not in the state" in again.text


async def test_what_is_no_list_is_refused_at_its_field(client: httpx.AsyncClient) -> None:
    await organisations()
    csrf = await log_in_browser(client, await account_of(PROVINCE))

    without = await client.post(ROOM, data={"csrf_token": csrf, "body": PROVINCE}, files={"x": b""}, headers=HTML)  # fmt: skip
    no_scan = await handed_in(client, csrf, table("en", [line("results")]), b"MZ")
    large = await handed_in(client, csrf, b"x" * (5 * 1024 * 1024 + 1))

    assert without.status_code == 422
    assert "The scan has to be a PDF, JPEG or PNG file." in no_scan.text
    assert large.status_code == 413
    assert "5 MB" in large.text
    assert await RecordImport.count() == 0


async def test_a_list_is_thrown_away(client: httpx.AsyncClient) -> None:
    await organisations()
    csrf = await log_in_browser(client, await account_of(PROVINCE))
    seen = await handed_in(client, csrf, table("en", [line("results")]))

    gone = await client.post(f"{seen.headers['location']}/away", data={"csrf_token": csrf}, headers=HTML)  # fmt: skip

    assert gone.headers["location"] == ROOM
    assert (await client.get(seen.headers["location"], headers=HTML)).status_code == 404


async def test_a_stranger_finds_no_list(client: httpx.AsyncClient) -> None:
    await organisations()
    csrf = await log_in_browser(client, await account_of(PROVINCE))
    seen = await handed_in(client, csrf, table("en", [line("results")]))
    client.cookies.clear()

    csrf = await log_in_browser(client, await account_of(CITY))
    page = await client.get(seen.headers["location"], headers=HTML)
    scan = await client.get(f"{seen.headers['location']}/scan", headers=HTML)
    step = await client.post(f"{seen.headers['location']}/take-in", data={"csrf_token": csrf}, headers=HTML)  # fmt: skip
    database = await client.get(f"{ROOM}/databases/{PROVINCE}", headers=HTML)

    assert [answer.status_code for answer in (page, scan, step)] == [404] * 3
    assert database.status_code == 403
    assert "No list was taken in yet." in (await client.get(ROOM, headers=HTML)).text


async def test_whoever_may_only_read_sees_neither_lines_nor_scan(client: httpx.AsyncClient) -> None:
    await organisations()
    csrf = await log_in_browser(client, await account_of(PROVINCE))
    seen = await handed_in(client, csrf, table("en", [line("results")]))
    address = seen.headers["location"]
    await client.get(f"{address}/scan", headers=HTML)
    client.cookies.clear()

    await log_in_browser(client, await account_of(PROVINCE, Role.SUPERVISOR))
    page = await client.get(address, headers=HTML)
    scan = await client.get(f"{address}/scan", headers=HTML)

    assert page.status_code == 200
    assert "/scan" not in page.text
    assert "张伟" not in page.text
    assert scan.status_code == 403
    looks = await AuditEntry.select(AuditEntry.subject).where(
        AuditEntry.action == "records.scan_opened"
    )
    assert [f"{ROOM}/{one['subject']}" for one in looks] == [address]


async def test_records_are_saved_as_a_file(client: httpx.AsyncClient) -> None:
    await organisations()
    csrf = await log_in_browser(client, await account_of(PROVINCE))
    seen = await handed_in(client, csrf, table("en", [line("results")]))
    await client.post(f"{seen.headers['location']}/take-in", data={"csrf_token": csrf})
    await drain()

    sent = {"csrf_token": csrf, "from": PROVINCE}
    file = await client.post(f"{ROOM}/file", data={**sent, "format": "json"}, headers=HTML)
    book = await client.post(f"{ROOM}/file", data={**sent, "format": "xlsx"}, headers=HTML)
    wrong = await client.post(f"{ROOM}/file", data={**sent, "format": "csv"}, headers=HTML)

    assert json.loads(file.content)["results"][0]["paper"] == "yes"
    assert book.content.startswith(b"PK")
    assert "Choose one of the forms of file" in wrong.text


async def test_a_database_gets_a_key_that_is_rotated_and_revoked(client: httpx.AsyncClient) -> None:
    await organisations()
    csrf = await log_in_browser(client, await account_of(PROVINCE))
    base, sent = f"{ROOM}/databases/{PROVINCE}", {"csrf_token": csrf}

    door = await client.get(f"{ROOM}/databases", headers=HTML)
    unnamed = await client.post(f"{base}/keys", data={**sent, "days": "90"}, headers=HTML)
    made = await client.post(f"{base}/keys", data={**sent, "name": "省库", "days": "90"}, headers=HTML)  # fmt: skip
    page = await client.get(base, headers=HTML)
    key = re.search(r"/keys/([0-9a-f-]{36})/rotate", page.text)
    assert key
    rotated = await client.post(f"{base}/keys/{key[1]}/rotate", data={**sent, "hours": "0"}, headers=HTML)  # fmt: skip
    again = await client.post(f"{base}/keys/{key[1]}/rotate", data={**sent, "hours": "0"}, headers=HTML)  # fmt: skip
    revoked = await client.post(f"{base}/keys/{key[1]}/revoke", data=sent, headers=HTML)

    assert door.headers["location"] == base
    assert unnamed.status_code == 422
    assert re.search(r"jx_[a-z2-9]{8}_", html.unescape(made.text))
    assert made.headers["cache-control"] == "no-store"
    assert "jx_" in rotated.text
    assert again.status_code == 409
    assert revoked.status_code == 303
    assert "省库" in (await client.get(base, headers=HTML)).text


async def test_addresses_that_can_t_be_reached_are_refused(client: httpx.AsyncClient) -> None:
    await organisations()
    csrf = await log_in_browser(client, await account_of(PROVINCE))
    base, sent = f"{ROOM}/databases/{PROVINCE}/addresses", {"csrf_token": csrf}

    wrong = await client.post(base, data={**sent, "address": "https://127.0.0.1/x"}, headers=HTML)
    nowhere = await client.post(f"{base}/{IDS_UUID}/test", data=sent, headers=HTML)
    verb = await client.post(f"{base}/{IDS_UUID}/paint", data=sent, headers=HTML)

    assert wrong.status_code == 422
    assert (nowhere.status_code, verb.status_code) == (404, 404)


IDS_UUID = "00000000-0000-4000-8000-000000000000"
