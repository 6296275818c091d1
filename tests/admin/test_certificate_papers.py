"""Pre-printed sheets, their calibration, the ceremony's order and rare characters, in the console."""

from __future__ import annotations

import html
import io
import zipfile
from typing import Any
from uuid import UUID

import httpx
import pypdfium2
import pytest
import zxingcpp

from core import jobs, outbox
from core.errors import Forbidden, Invalid
from core.registry import registry
from core.security import SYSTEM, Role, Scope, actor_of
from core.settings import Settings
from core.tables import Account
from credentials.actions import lift_suspension, suspend_certificate
from credentials.files.documents import rules_of
from credentials.files.glyphs import glyphs_of
from credentials.files.making import certificate_pdf
from credentials.files.seals import batches_of
from credentials.files.stock import (
    A4_ACROSS,
    Place,
    Stock,
    findings,
    keep_stock,
    millimetres,
    stock_of,
)
from credentials.queries import stored
from tests.admin.certificates_kit import HTML, ISSUER, final_contest, numbers, path
from tests.credentials.files.test_paper_by_address import glyph
from tests.factories_accounts import log_in_browser, make_account

CARD = {
    "width": "210",
    "height": "148.5",
    "right": "1.5",
    "down": "-0.5",
    "name-x": "20",
    "name-y": "50",
    "name-width": "120",
    "name-letters": "24",
    "number-x": "20",
    "number-y": "100.5",
    "number-width": "60",
    "number-letters": "9",
    "qr-x": "160",
    "qr-y": "95",
    "qr-width": "36",
    "qr-letters": "7",
}


def size_of(pdf: bytes) -> tuple[float, float]:
    width, height = pypdfium2.PdfDocument(pdf)[0].get_size()
    return round(width / 72 * 25.4, 1), round(height / 72 * 25.4, 1)


def words_of(pdf: bytes) -> str:
    pages = pypdfium2.PdfDocument(pdf)
    return "\n".join(page.get_textpage().get_text_range() for page in pages)


async def test_pre_printed_sheets_get_only_what_differs_at_their_place(
    client: httpx.AsyncClient,
) -> None:
    small = await final_contest()
    organiser = small.accounts["organiser"]
    token = await log_in_browser(client, organiser)
    paper = path(small, "/paper")

    wrong = await client.post(
        f"{paper}/stock?lang=en", data={"csrf_token": token, **CARD, "right": "0.3"}, headers=HTML
    )
    outside = await client.post(
        f"{paper}/stock?lang=en", data={"csrf_token": token, **CARD, "qr-y": "120"}, headers=HTML
    )
    kept = await client.post(f"{paper}/stock", data={"csrf_token": token, **CARD}, headers=HTML)
    page = await client.get(f"{paper}?lang=en", headers=HTML)
    calibration = await client.get(f"{paper}/calibration?lang=en")
    asked = await client.post(
        path(small, "/file"), data={"csrf_token": token, "mode": "stock"}, headers=HTML
    )
    await outbox.drain()
    job = UUID(asked.headers["location"].rsplit("/", 1)[1])
    file = await jobs.result_of(await actor_of(organiser), job)

    assert (wrong.status_code, outside.status_code, kept.status_code) == (422, 422, 303)
    assert "0.3 is no multiple of half a millimetre" in wrong.text
    assert 'value="0.3"' in wrong.text
    assert "This lies outside the sheet." in outside.text
    assert 'value="148.5"' in page.text
    assert size_of(calibration.content) == (210, 148.5)
    assert "hold both against the light" in words_of(calibration.content).replace("\r\n", " ")
    with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
        printed = archive.read("print/certificates-00001.pdf")
        calling = words_of(archive.read("print/calling.pdf"))
    document = pypdfium2.PdfDocument(printed)
    assert size_of(printed) == (210, 148.5)
    assert len(document) == document.count_attachments() == 2
    assert "选手" in words_of(printed)
    assert "一等奖" not in words_of(printed)  # which has no place on these sheets
    image = document[0].render(scale=254 / 72).to_pil()
    (code,) = zxingcpp.read_barcodes(image)
    assert code.text.partition("#")[0].rpartition("/")[2] in await numbers()
    assert code.position.top_left.x / 10 == pytest.approx(160 + 1.5 + 2.2, abs=0.8)
    assert code.position.top_left.y / 10 == pytest.approx(95 - 0.5 + 2.2, abs=0.8)
    assert calling.index("二等奖") < calling.index("一等奖")  # the highest prize last


@pytest.mark.engine
async def test_only_who_issues_describes_the_sheets(database: Settings) -> None:
    registry()
    small = await final_contest()
    elsewhere = (Role.ORGANISER, Scope("organisation", str(small.organisation)))
    stranger = await actor_of(await make_account(elsewhere, Role.ADMINISTRATOR))
    card = Stock(2 * 210, 2 * 148, places=dict(A4_ACROSS.places, qr=Place(0, 0, 80)))

    with pytest.raises(Forbidden):
        await keep_stock(stranger, small.contest, ISSUER, A4_ACROSS)
    with pytest.raises(Invalid):
        await keep_stock(await small.actor("organiser"), small.contest, ISSUER, card)
    assert await stock_of(small.contest, ISSUER) == A4_ACROSS
    moved = Stock(A4_ACROSS.width, A4_ACROSS.height, 3, -1, A4_ACROSS.places)
    for one in (A4_ACROSS, moved):
        await keep_stock(await small.actor("organiser"), small.contest, ISSUER, one)
    assert await stock_of(small.contest, ISSUER) == moved


def test_lengths_are_halves_of_a_millimetre_and_every_needed_field_has_its_place() -> None:
    read: dict[str, Any] = {"12.5": 25, "12,5": 25, "-0.5": -1, "0.3": None, "x": None, "nan": None, "inf": None}  # fmt: skip
    bare = Stock(10, 2 * 210, right=100, places={"name": Place(-1, 0, 100, 500)})

    assert {typed: millimetres(typed) for typed in read} == read
    assert findings(A4_ACROSS) == []
    assert [(one.pointer, one.code.partition("-")[2]) for one in findings(bare)] == [
        ("/width", "size"),
        ("/right", "offset"),
        ("/number", "needed"),
        ("/qr", "needed"),
        ("/name", "place"),
        ("/name", "letters"),
    ]


async def test_documents_and_rare_characters_are_settled_on_the_same_page(
    client: httpx.AsyncClient,
) -> None:
    small = await final_contest()
    token = await log_in_browser(client, small.accounts["organiser"])
    paper = path(small, "/paper")

    page = await client.get(f"{paper}?lang=en", headers=HTML)
    rule = {"csrf_token": token, "mainland_id": "ending", "hkid": "whole"}
    documents = await client.post(f"{paper}/documents", data=rule, headers=HTML)
    sent = await client.post(
        f"{paper}/glyph",
        data={"csrf_token": token, "character": "\ue863", "source": "identity card"},
        files={"picture": ("x.png", glyph(), "image/png")},
        headers=HTML,
    )
    refused = await client.post(
        f"{paper}/glyph?lang=en",
        data={"csrf_token": token, "character": "ab", "source": "kept as typed"},
        files={"picture": ("x.png", b"no picture", "image/png")},
        headers=HTML,
    )
    alone = await client.post(
        f"{paper}/approve", data={"csrf_token": token, "character": "\ue863"}, headers=HTML
    )
    calling = await client.get(f"{paper}/calling")
    waiting = await client.get(f"{paper}?lang=en", headers=HTML)

    assert 'name="mainland_id"' in page.text
    assert 'name="hkid"' not in page.text
    assert (documents.status_code, sent.status_code) == (303, 303)
    assert await rules_of(ISSUER) == {"mainland_id": "ending"}
    assert (refused.status_code, alone.status_code) == (422, 403)
    assert "Give exactly one character." in refused.text
    assert 'value="kept as typed"' in refused.text
    assert [one["approved_at"] for one in await glyphs_of(ISSUER)] == [None]
    assert "U+E863" in waiting.text
    assert "waits for a second person" in waiting.text
    assert "选手" in words_of(calling.content)


# --- the seal ----------------------------------------------------------------------------------


async def seals_on(number: str) -> int:
    """Pictures on the printed page besides the QR, which is drawn."""
    row = await stored(number)
    assert row is not None
    page = pypdfium2.PdfDocument(await certificate_pdf(row))[0]
    return sum(1 for one in page.get_objects() if one.type == pypdfium2.raw.FPDF_PAGEOBJ_IMAGE)


async def test_a_seal_is_printed_on_the_batch_that_its_keeper_released_and_on_nothing_else(
    client: httpx.AsyncClient,
) -> None:
    small = await final_contest()
    first, second = await numbers()
    await suspend_certificate(SYSTEM, second, reason="checked")
    organiser, keeper = small.accounts["organiser"], small.accounts["clerk"]
    row = await Account.select(Account.login).where(Account.id == keeper).first()
    assert row is not None
    token = await log_in_browser(client, organiser)
    paper = path(small, "/paper")

    async def post(rest: str, **sent: Any) -> httpx.Response:
        fields = {"csrf_token": token, **sent.pop("data", {})}
        return await client.post(f"{paper}/{rest}?lang=en", data=fields, headers=HTML, **sent)

    picture = {"seal-picture": ("seal.png", glyph(), "image/png")}
    early = await post("batch")
    nobody = await post("seal", data={"keeper": "nobody"}, files=picture)
    kept = await post("seal", data={"keeper": row["login"]}, files=picture)
    asked = await post("batch")
    batch = (await batches_of(small.contest, ISSUER))[0]
    own = await post(f"batch/{batch['id']}")
    before = await seals_on(first)
    token = await log_in_browser(client, keeper)
    waiting = await client.get(f"{paper}?lang=en", headers=HTML)
    released = await post(f"batch/{batch['id']}")
    after = await seals_on(first)
    await lift_suspension(SYSTEM, second)
    outside = await seals_on(second)
    token = await log_in_browser(client, organiser)
    exchanged = await post("seal", data={"keeper": row["login"]}, files=picture)

    assert (early.status_code, nobody.status_code, kept.status_code) == (404, 422, 303)
    assert "There is no account nobody here." in nobody.text
    assert (asked.status_code, batch["certificates"]) == (303, 1)
    assert own.status_code == 403
    assert f"Only {row['login']}" in html.unescape(own.text)
    assert "Release the seal for this batch" in waiting.text
    assert "Sheet for calling up" not in waiting.text  # a clerk reads no names
    assert (released.status_code, exchanged.status_code) == (303, 303)
    assert (before, after, outside) == (0, 1, 0)
    assert await seals_on(first) == 0  # another picture is released anew
