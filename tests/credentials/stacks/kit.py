"""Paper as employers send it: our own certificates, photographed, merged, packed, forged."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import httpx
import openpyxl
import pillow_heif
import pypdfium2
from PIL import Image, ImageFilter

from core import outbox
from core.security import INSTALLATION, SYSTEM
from credentials import qr, queries
from credentials.files.making import certificate_pdf
from credentials.stacks.invitations import invite

pillow_heif.register_heif_opener()

ELSEWHERE = "https://zscx.osta.org.cn/cert?no=S000011010326263000123"
NOBODY_KNOWS = "https://jnds-cert-check.example/c/7K3M9QXT2F4H"


async def pdf_of(one: Mapping[str, Any]) -> bytes:
    row = await queries.stored(one["public_id"])
    assert row is not None
    return await certificate_pdf(row)


def photo(pdf: bytes, kind: str = "JPEG", *, tilt: float = 4, blur: float = 1.2) -> bytes:
    """Of the first page on a table, as a phone takes it: "JPEG", or an iPhone's "HEIF"."""
    page = pypdfium2.PdfDocument(pdf)[0].render(scale=200 / 72).to_pil().convert("RGB")
    page = page.rotate(tilt, expand=True, fillcolor=(120, 96, 70))
    table = Image.new("RGB", (page.width + 300, page.height + 200), (120, 96, 70))
    table.paste(page, (150, 100))
    return _saved(table.filter(ImageFilter.GaussianBlur(blur)), kind, quality=80)


def blank(kind: str = "PNG") -> bytes:
    return _saved(Image.new("RGB", (1000, 1400), "white"), kind)


def code(text: str) -> bytes:
    return qr.png(text)


def altered(one: Mapping[str, Any]) -> str:
    """The same code with one letter of the signed content changed."""
    text = str(one["qr_text"])
    at = text.index("#") + 90
    return text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]


def merged(pdfs: list[bytes]) -> bytes:
    """One document of all their pages, as a scanner makes it: nothing is attached."""
    whole = pypdfium2.PdfDocument.new()
    for pdf in pdfs:
        whole.import_pages(pypdfium2.PdfDocument(pdf))
    out = io.BytesIO()
    whole.save(out)
    return out.getvalue()


def with_attached(pdf: bytes, token: str) -> bytes:
    """The pages of one file with the token of another."""
    document = pypdfium2.PdfDocument(merged([pdf]))
    document.new_attachment("certificate.jwt").set_data(token.encode())
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def packed(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def bomb() -> bytes:
    return packed({"bomb.pdf": b"%PDF-1.7" + b"0" * 200_000_000})


async def link(uses: int = 3, employer: str = "示例酒店") -> str:
    """The path of an employer's link."""
    address = await invite(SYSTEM, INSTALLATION, employer=employer, days=30, uses=uses)
    return "/check/" + address.rsplit("/", 1)[1]


async def begun(client: httpx.AsyncClient, at: str, language: str = "en") -> str:
    answer = await client.post(at, headers={"Accept-Language": language})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


async def sent(client: httpx.AsyncClient, stack: str, files: Mapping[str, bytes]) -> httpx.Response:
    parts = [("files", (name, data)) for name, data in files.items()]
    return await client.post(f"{stack}/files", files=parts, headers={"Accept-Language": "en"})


async def checked(
    client: httpx.AsyncClient, at: str, files: Mapping[str, bytes], language: str = "en"
) -> tuple[list[dict[str, str]], str]:
    """The rows of the Excel, and the stack's address."""
    stack = await begun(client, at, language)
    answer = await sent(client, stack, files)
    assert answer.status_code == 303, answer.text
    assert (await client.post(f"{stack}/send")).status_code == 303
    await outbox.drain()
    return rows_in((await client.get(f"{stack}/result/xlsx")).content), stack


def rows_in(excel: bytes) -> list[dict[str, str]]:
    rows = list(openpyxl.load_workbook(io.BytesIO(excel)).active.iter_rows(values_only=True))  # type: ignore[union-attr]
    head = [str(cell) for cell in rows[0]]
    return [dict(zip(head, [str(cell or "") for cell in row], strict=True)) for row in rows[1:]]


def id_in(stack: str) -> UUID:
    return UUID(stack.rsplit("/", 1)[1])


def words_in(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def _saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()
