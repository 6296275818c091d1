"""The room "Papers": what is printed, what is missing, and attaching a signed scan."""

from __future__ import annotations

import io
import re

import httpx
import pytest
from PIL import Image

from tests.admin.test_result_pages import HTML, closed_contest, log_in, page
from tests.factories_contests import SmallContest, small_contest
from tests.fixtures.pdf import texts


def photo() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(file, "JPEG")
    return file.getvalue()


async def attach(
    client: httpx.AsyncClient, small: SmallContest, kind: str, content: bytes, **fields: str
) -> httpx.Response:
    shown = await page(client, small, "/papers")
    token = re.search(r'name="csrf_token" value="(\w+)"', shown.text)
    assert token is not None
    return await client.post(
        f"/console/contests/{small.contest}/papers/{kind}/scans",
        data={"csrf_token": token.group(1), **fields},
        files={"scan": ("scan.jpg", content, "image/jpeg")},
        headers=HTML,
    )


async def test_the_page_lists_what_is_missing_and_prints_each_paper(
    client: httpx.AsyncClient,
) -> None:
    small = await closed_contest()
    await log_in(client, small, "organiser")

    shown = await page(client, small, "/papers?lang=en")
    links = set(re.findall(r'action="[^"]*/papers/(\w+)/print"', shown.text))
    made = await page(client, small, "/papers/check_in/print?language=en")

    assert "Result list · Version of the results 1" in shown.text
    assert links == {
        "draw_record", "check_in", "attendance", "marking_sheet", "incident", "summary",
        "result_list", "correction",
    }  # fmt: skip
    assert made.headers["content-type"] == "application/pdf"
    assert made.headers["content-disposition"].startswith("inline")
    assert "Check-in list" in texts(made.content)[0]


async def test_an_attached_scan_takes_the_paper_off_the_list_and_can_be_downloaded(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest()
    await log_in(client, small, "clerk")
    before = await page(client, small, "/papers?lang=en")

    answer = await attach(client, small, "attendance", photo(), part="2024-10-12")
    after = await page(client, small, "/papers?lang=en")
    address = re.search(r'href="([^"]*/papers/scans/[^"]+)"', after.text)
    assert address is not None
    file = await client.get(address.group(1), headers=HTML)

    assert answer.status_code == 303
    assert before.text.count('<li class="missing">') - 1 == after.text.count('<li class="missing">')
    assert "The signed paper is kept" in after.text
    assert file.content == photo()
    assert file.headers["content-disposition"].startswith("attachment")
    assert file.headers["x-content-type-options"] == "nosniff"


async def test_what_is_no_scan_is_said_at_its_field(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    await log_in(client, small, "clerk")
    await page(client, small, "/papers?lang=en")

    answer = await attach(client, small, "check_in", b"not a picture")

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert "This is no PDF, JPEG or PNG" in answer.text


async def test_a_scan_without_the_pages_token_is_refused(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    await log_in(client, small, "clerk")

    answer = await client.post(
        f"/console/contests/{small.contest}/papers/check_in/scans",
        files={"scan": ("scan.jpg", photo(), "image/jpeg")},
        headers=HTML,
    )

    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["/papers", "/papers/check_in/print"])
async def test_a_judge_handles_no_papers(client: httpx.AsyncClient, path: str) -> None:
    small = await small_contest()
    await log_in(client, small, "judge")

    assert (await page(client, small, path)).status_code == 403


async def test_what_cannot_be_printed_yet_is_said_on_the_page(client: httpx.AsyncClient) -> None:
    small = await small_contest(until="drawn")
    await log_in(client, small, "organiser")

    answer = await page(client, small, "/papers/summary/print?part=dish&lang=en")

    assert answer.status_code == 409
    assert 'role="alert"' in answer.text
