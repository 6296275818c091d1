"""The organiser's room for holders: one link, cards for all, and what a name's correction becomes."""

from __future__ import annotations

import io
import re
import zipfile
from urllib.parse import urlsplit
from uuid import UUID

import httpx
import openpyxl
import pypdfium2
import pytest
import zxingcpp

from core import jobs, outbox
from core.audit import entries
from core.settings import Settings
from core.tables import Job
from credentials import queries
from credentials.holder.tables import HolderLink, HolderRequest
from credentials.tables import Certificate
from tests.admin.certificates_kit import final_contest
from tests.credentials.holder.kit import ENGLISH, FIELD
from tests.factories_accounts import log_in_browser
from tests.factories_contests import SmallContest

pytestmark = pytest.mark.engine
RIGHT = "欧阳晓明"


@pytest.fixture
async def small(database: Settings) -> SmallContest:
    return await final_contest()


def room(small: SmallContest, rest: str = "") -> str:
    return f"/console/contests/{small.contest}/holders{rest}"


async def office(client: httpx.AsyncClient, small: SmallContest, who: str = "organiser") -> str:
    client.cookies.clear()
    return await log_in_browser(client, small.accounts[who])


async def link_of(client: httpx.AsyncClient, small: SmallContest, csrf: str, person: UUID) -> str:
    """The path that the organiser's button shows."""
    page = await client.post(
        room(small, f"/people/{person}"), data={"csrf_token": csrf}, headers=ENGLISH
    )
    assert page.status_code == 200, page.text
    found = re.search(r'id="address" readonly value="([^"]+)"', page.text)
    assert found
    assert page.headers["cache-control"] == "no-store"
    return urlsplit(found[1]).path


async def someone() -> UUID:
    row = await Certificate.select(Certificate.person).order_by(Certificate.public_id).first()
    assert row is not None
    person: UUID = row["person"]
    return person


async def test_one_link_is_shown_once_and_its_use_is_seen(
    client: httpx.AsyncClient, small: SmallContest
) -> None:
    csrf, person = await office(client, small), await someone()
    before = (await client.get(room(small), headers=ENGLISH)).text
    path = await link_of(client, small, csrf, person)
    made = (await client.get(room(small), headers=ENGLISH)).text
    office_cookies = httpx.Cookies(client.cookies)
    client.cookies.clear()
    assert (await client.post(path)).status_code == 303
    client.cookies = office_cookies

    used = (await client.get(room(small), headers=ENGLISH)).text

    assert "none yet" in before
    assert "not used yet" in made
    assert path not in made
    assert "used on" in used


async def test_a_clerk_neither_sees_the_room_nor_makes_a_link(
    client: httpx.AsyncClient, small: SmallContest
) -> None:
    csrf, person = await office(client, small, "clerk"), await someone()

    page = await client.get(room(small))
    made = await client.post(room(small, f"/people/{person}"), data={"csrf_token": csrf})
    certificates = await client.get(f"/console/contests/{small.contest}/certificates")

    assert (page.status_code, made.status_code, certificates.status_code) == (403, 403, 200)
    assert "/holders" not in certificates.text
    assert await HolderLink.count() == 0


async def test_cards_and_a_workbook_hold_the_same_links_that_let_in(
    client: httpx.AsyncClient, small: SmallContest
) -> None:
    csrf = await office(client, small)
    asked = await client.post(
        room(small, "/links?lang=en"), data={"csrf_token": csrf, "mode": "new", "days": "14"}
    )
    await outbox.drain()
    job = await Job.select(Job.id).order_by(Job.created_at, ascending=False).first()
    assert asked.status_code == 303
    assert job is not None

    file = await jobs.result_of(await small.actor("organiser"), job["id"])

    with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
        cards = pypdfium2.PdfDocument(archive.read("cards-00001.pdf"))
        sheet = openpyxl.load_workbook(io.BytesIO(archive.read("links.xlsx"))).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    pictures = [page.render(scale=3).to_pil() for page in cards]
    read = {one.text for picture in pictures for one in zxingcpp.read_barcodes(picture)}
    assert read == {row[3] for row in rows}
    assert len(rows) == len({row[0] for row in rows}) == await HolderLink.count()
    client.cookies.clear()
    assert (await client.post(urlsplit(rows[0][3]).path)).status_code == 303
    assert rows[0][0] in (await client.get("/mine", headers=ENGLISH)).text
    noted = [one for one in await entries(limit=50) if one["action"] == "holder.links_made"]
    assert [one["after"] for one in noted] == [f'{{"days":14,"links":{len(rows)}}}']


async def test_what_is_typed_wrong_is_said_and_nobody_is_left_to_make_one_for(
    client: httpx.AsyncClient, small: SmallContest
) -> None:
    csrf = await office(client, small)
    for form, said in (
        ({"mode": "new", "days": "900"}, "1 to 90 days"),
        ({"mode": "some", "days": "9"}, "for whom the links are made"),
    ):
        page = await client.post(
            room(small, "/links"), data={"csrf_token": csrf, **form}, headers=ENGLISH
        )
        assert (page.status_code, said in page.text) == (422, True)
    assert await HolderLink.count() == await Job.count() == 0


async def test_a_wrong_name_goes_to_the_second_person_and_comes_back_done(
    client: httpx.AsyncClient, small: SmallContest
) -> None:
    csrf, person = await office(client, small), await someone()
    path = await link_of(client, small, csrf, person)
    client.cookies.clear()
    await client.post(path)
    mine = httpx.Cookies(client.cookies)
    page = (await client.get("/mine", headers=ENGLISH)).text
    found = re.search(rf'name="{FIELD}" value="([^"]+)"', page)
    row = await Certificate.select().where(Certificate.person == person).first()
    assert found
    assert row is not None
    form = {FIELD: found[1], "field": "name", "wanted": RIGHT}
    await client.post(f"/mine/certificates/{row['public_id']}/requests", data=form)
    request = await HolderRequest.select().first()
    assert request is not None

    csrf = await office(client, small)
    shown = await client.get(room(small), headers=ENGLISH)
    answer = {"csrf_token": csrf, "state": "passed_on", "words": "As in the passport."}
    passed = await client.post(room(small, f"/requests/{request['id']}"), data=answer)
    csrf = await office(client, small, "chief")
    waiting = (await client.get("/console/approvals", headers=ENGLISH)).text
    approval = re.search(r'/approvals/([0-9a-f-]{36})"', waiting)
    assert approval, waiting
    await client.post(
        f"/console/contests/{small.contest}/approvals/{approval[1]}",
        data={"csrf_token": csrf, "approve": "yes"},
    )
    await outbox.drain()

    client.cookies = mine
    after = (await client.get("/mine", headers=ENGLISH)).text
    assert RIGHT in shown.text
    assert passed.status_code == 303
    assert "done" in after
    assert "As in the passport." in after
    verdict = await queries.verify_by_id(row["public_id"])
    assert verdict.read is not None
    assert verdict.read.name == RIGHT
