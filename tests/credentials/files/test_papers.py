"""Certificates as PDF: what stands on them, the token inside, and the QR after paper, camera and table."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import cv2
import numpy as np
import pypdfium2
import pytest
import zxingcpp
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from core.db import transaction
from core.errors import Conflict
from core.events import ResultFinal
from core.privacy import create_person
from core.registry import registry
from core.security import SYSTEM
from core.settings import Settings
from credentials import queries, rendering
from credentials.actions import suspend_certificate
from credentials.files import making, words
from credentials.files.documents import chosen, kinds
from credentials.files.faces import LOOKUPS, face, occupation_in, texts
from credentials.files.particulars import Particulars
from credentials.files.stock import A4_ACROSS, on_stock
from credentials.layouts import Layout, findings
from credentials.lifecycle.changing import reissue_certificate
from tests.credentials.facts import CONTEST, issued, issuers, result, tell, text

NAMES = (
    "𬭎㛃𠮷",
    "阿卜杜·热合曼",
    "Maria da Conceição Albuquerque dos Santos Ferreira",
)
KNOWN = Particulars(
    text("中式面点制作", "中式麵點製作", "Chinese Pastry", "Pastelaria Chinesa"),
    text("第四届测试大赛", "第四屆測試大賽", "Fourth Test Contest", "4.º Concurso de Teste"),
    "2024-10-11",
)
TITLES = {
    "award": text(
        "中式面点制作 一等奖",
        "中式麵點製作 一等獎",
        "Chinese Pastry First prize",
        "Pastelaria Chinesa Primeiro prémio",
    ),
    "level": text(
        "中式面点师 三级/高级工",
        "中式麵點師 三級/高級工",
        "Pastry cook, level 3",
        "Pasteleiro, nível 3",
    ),
    "honour": text("测试技术能手", "測試技術能手", "Technical Expert", "Perito Técnico"),
}
LAYOUTS = (
    Layout("landscape", ("zh-Hans", "en"), photo=False, seal="issuer"),
    Layout("portrait", ("pt", "zh-Hant", "en"), photo=False, seal="middle"),
)


@pytest.fixture(autouse=True)
def forms() -> None:
    registry()  # what the plugins declare: layouts, kinds of documents


async def rows() -> list[dict[str, Any]]:
    """One certificate for each name, as an award, a level and an honour."""
    await issuers()
    found = []
    for name in NAMES:
        row = await queries.stored((await issued(name=name))["public_id"])
        assert row is not None
        found.append(row)
    return found


def as_kind(row: dict[str, Any], kind: str) -> dict[str, Any]:
    return {**row, "kind": kind, "title": json.dumps(TITLES[kind]), "grade": "3"}


async def made(some: list[dict[str, Any]], layout: Layout) -> pypdfium2.PdfDocument:
    faces = [await face(row, KNOWN, layout) for row in some]
    return pypdfium2.PdfDocument(await making.pdf(faces, layout, at=some[0]["signed_at"]))


def words_of(document: pypdfium2.PdfDocument, page: int = 0) -> str:
    return str(document[page].get_textpage().get_text_range()).replace("\r\n", "\n")


def picture_of(document: pypdfium2.PdfDocument, page: int, *, dpi: int = 100) -> Image.Image:
    image: Image.Image = document[page].render(scale=dpi / 72).to_pil().convert("RGB")
    return image


def on_a_table(page: Image.Image) -> Image.Image:
    """A photograph from above and from the side: brown table, a lamp on one side, grain."""
    width, height = round(page.width * 1.2), round(page.height * 1.2)
    source = np.array([[0, 0], [page.width, 0], [page.width, page.height], [0, page.height]])
    places = np.array([[0.12, 0.10], [0.87, 0.05], [0.94, 0.87], [0.06, 0.93]])
    target = places * (width, height)
    seen = cv2.getPerspectiveTransform(source.astype(np.float32), target.astype(np.float32))
    table = np.full((height, width, 3), (120, 85, 55), np.uint8)
    paper = cv2.warpPerspective(np.asarray(page), seen, (width, height), flags=cv2.INTER_AREA)
    mask = cv2.warpPerspective(
        np.full((page.height, page.width), 255, np.uint8), seen, (width, height)
    )
    table[mask > 0] = paper[mask > 0]
    light = np.linspace(1.0, 0.62, width)[None, :, None]
    grain = np.random.default_rng(7).normal(0, 5, table.shape)
    return Image.fromarray(np.clip(table * light + grain, 0, 255).astype(np.uint8))


CAMERA = 200
"""Dots an inch that a telephone of four megapixels has of an A4 page."""


def held_over_the_code(page: Image.Image) -> Image.Image:
    """As somebody holds a telephone who wants one code read, with 20 mm of paper around it."""
    (code,) = zxingcpp.read_barcodes(page)
    around = round(20 / 25.4 * CAMERA)
    corners = (code.position.top_left, code.position.bottom_right)
    (left, top), (right, bottom) = ((one.x, one.y) for one in corners)
    return page.crop((left - around, top - around, right + around, bottom + around))


def seen_as(document: pypdfium2.PdfDocument, page: int) -> Iterator[tuple[str, Image.Image]]:
    yield "at 100 dpi", picture_of(document, page)
    photographed = picture_of(document, page, dpi=CAMERA)
    yield (
        "slightly blurred",
        held_over_the_code(photographed).filter(ImageFilter.GaussianBlur(1.33)),  # 0.17 mm
    )
    yield (
        "tilted",
        photographed.rotate(7, Image.Resampling.BICUBIC, expand=True, fillcolor=(255, 255, 255)),
    )
    yield "on a table", on_a_table(photographed)


def by_wechat(image: Image.Image) -> list[str]:
    """A module of 1.8 dots is lost about once in two hundred pictures; enlarged, as the telephone's
    own program does with a small code, none of 936 was."""
    for times in (1, 2):
        larger = image.resize((image.width * times, image.height * times), Image.Resampling.BICUBIC)
        pixels: NDArray[np.uint8] = np.asarray(larger)[:, :, ::-1].copy()
        found, _ = cv2.wechat_qrcode_WeChatQRCode().detectAndDecode(pixels)
        if found:
            break
    return list(found)


def by_zxing(image: Image.Image) -> list[str]:
    return [one.text for one in zxingcpp.read_barcodes(image)]


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda one: one.form)
async def test_every_layout_is_an_archived_pdf_that_two_readers_decode_and_that_holds_its_token(
    database: Settings, layout: Layout
) -> None:
    stored = await rows()
    for kind in TITLES:
        some = [as_kind(row, kind) for row in stored]
        document = await made(some, layout)

        assert len(document) == len(some)
        attached = [document.get_attachment(n) for n in range(document.count_attachments())]
        assert {one.get_name(): bytes(one.get_data()).decode() for one in attached} == {
            f"{row['public_id']}.jwt": rendering.token_of(row) for row in some
        }
        for page, (row, name) in enumerate(zip(some, NAMES, strict=True)):
            assert name.replace(" ", "") in "".join(words_of(document, page).split())
            text_of_code = await rendering.qr_text(row)
            for how, image in seen_as(document, page):
                if page > 0 and how != "at 100 dpi":
                    break
                assert by_zxing(image) == [text_of_code], (kind, page, how)
                assert by_wechat(image) == [text_of_code], (kind, page, how)


async def test_the_printed_code_measures_thirty_millimetres_without_its_quiet_zone(
    database: Settings,
) -> None:
    (row, *_) = await rows()
    document = await made([row], LAYOUTS[0])
    dpi = 254
    (code,) = zxingcpp.read_barcodes(picture_of(document, 0, dpi=dpi))
    side = (code.position.top_right.x - code.position.top_left.x) / dpi * 25.4

    assert side == pytest.approx(30, abs=0.4)


async def test_the_same_certificate_gives_the_same_bytes_and_a_suspended_one_none(
    database: Settings,
) -> None:
    (row, *_) = await rows()
    first = await making.certificate_pdf(row)
    making.recent._kept.clear()

    assert await making.certificate_pdf(row) == first
    assert b"pdfaid:part" in first
    assert first.count(b"/AFRelationship") == 1
    await suspend_certificate(SYSTEM, row["public_id"], reason="checked")
    with pytest.raises(Conflict) as refused:
        await making.certificate_pdf(await queries.stored(row["public_id"]) or {})
    assert [one.code for one in refused.value.findings] == ["certificate-suspended"]


async def test_a_level_certificate_shows_its_fields_and_dashes_where_there_is_no_specialisation(
    database: Settings,
) -> None:
    (row, *_) = await rows()
    hans = words_of(await made([as_kind(row, "level")], LAYOUTS[0]))
    english = words_of(await made([as_kind(row, "level")], LAYOUTS[1]))

    for said in ("职业技能等级证书", "职业名称", "中式面点师", "工种/职业方向", "--", "三级/高级工", "评价机构", "发证日期", "测试组委会"):  # fmt: skip
        assert said in hans
    for said in ("Pasteleiro", "中式麵點師", "Pastry cook", "Test Committee"):
        assert said in english
    assert "职" not in english  # never both ways of writing one text
    assert occupation_in("Welder, level 3") == "Welder"
    assert occupation_in("焊工") == "焊工"


async def test_the_fullest_level_certificate_stays_within_its_frame(database: Settings) -> None:
    (row, *_) = await rows()
    layout = Layout("landscape", ("pt", "zh-Hant", "en"), photo=False, seal="issuer")
    one = await face(as_kind(row, "level"), KNOWN, layout)
    for label in (words.DOCUMENT, words.DOCUMENT_NUMBER, words.NUMBER):
        one.page["fields"].insert(0, [texts(label, layout), texts(words.DOCUMENT_NUMBER, layout)])
    one.page["lookups"] = list(LOOKUPS)
    document = pypdfium2.PdfDocument(await making.pdf([one], layout))
    found = document[0].get_textpage()
    index, count = found.search(row["public_id"]).get_next()
    lowest = min(found.get_charbox(index + n)[1] for n in range(count))

    assert len(document) == 1
    assert lowest > (14 + 10) / 25.4 * 72  # the frame's margin and some room inside


def test_both_ways_of_writing_chinese_and_a_fourth_language_are_refused() -> None:
    both = Layout("portrait", ("zh-Hans", "en", "zh-Hant"), photo=False, seal="issuer")
    four = Layout("portrait", ("en", "pt", "zh-Hant", "zh-Hans"), photo=False, seal="issuer")

    assert [(f.pointer, f.code) for f in findings(both)] == [
        ("/language-3", "credentials.layout-both-scripts")
    ]
    assert "credentials.layout-many" in [f.code for f in findings(four)]
    assert not findings(LAYOUTS[1])


async def test_a_lost_paper_is_printed_again_with_count_and_date_and_the_same_code(
    database: Settings,
) -> None:
    (row, *_) = await rows()
    before = await made([row], LAYOUTS[0])
    for day in (3, 9):
        at = datetime(2026, 11, day, 4, tzinfo=UTC)
        await reissue_certificate(SYSTEM, row["public_id"], reason="lost", now=at)
    again = await queries.stored(row["public_id"])
    assert again is not None
    after = await made([again], LAYOUTS[0])
    known = await face(again, KNOWN, LAYOUTS[0])
    sheet = pypdfium2.PdfDocument(await on_stock([known], A4_ACROSS, "zh-Hans"))

    assert "补发" not in words_of(before)
    for document in (after, sheet):
        assert "补发第2次2026年11月9日" in "".join(words_of(document).split())
    assert by_zxing(picture_of(after, 0)) == by_zxing(picture_of(before, 0))


# --- documents ---------------------------------------------------------------------------------


async def test_no_document_is_printed_unless_its_issuer_says_so_and_a_hong_kong_card_never() -> (
    None
):
    mainland, hong_kong = ("mainland_id", "110101199003070030"), ("hkid", "A1234563")
    everything = dict.fromkeys(("mainland_id", "hkid", "macao_bir"), "whole")

    assert "hkid" not in {kind.code for kind in kinds()}
    assert chosen([mainland], {}) == ({}, "")
    assert chosen([hong_kong], everything) == ({}, "")
    assert chosen([("macao_bir", "A123456(3)")], everything) == ({}, "")  # under a wrong kind
    assert chosen([hong_kong, mainland], everything)[1] == mainland[1]
    assert chosen([mainland], {"mainland_id": "ending"})[1] == "**************0030"
    assert chosen([mainland], {"mainland_id": "kind"})[1] == ""
    assert chosen([mainland], {"mainland_id": "kind"})[0]["en"].startswith("Mainland")


async def test_the_name_stands_as_signed_with_the_holders_own_romanisation(
    database: Settings,
) -> None:
    await issuers()
    async with transaction():
        holder = await create_person(name="歐陽曉明", facts={"romanised": "AU YEUNG Hiu Ming"})
    row = await _issued_to(holder)
    printed = words_of(await made([row], LAYOUTS[0]))

    assert "歐陽曉明" in printed  # though the page is in simplified characters
    assert "AU YEUNG Hiu Ming" in printed


async def _issued_to(holder: UUID) -> dict[str, Any]:
    await tell(ResultFinal(result([holder])))
    found = await queries.certificates_of(CONTEST)
    row = await queries.stored(found[0]["public_id"])
    assert row is not None
    return row
