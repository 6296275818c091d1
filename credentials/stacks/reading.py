"""What one file is, and what stands on it, page by page."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing

from core.errors import TooLarge
from credentials import baking
from credentials.encoding import Malformed
from credentials.stacks import bounds
from credentials.stacks.eyes import Eyes, eyes
from credentials.stacks.lines import FileSeen, PageSeen

HEIC = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")


def is_pdf(data: bytes) -> bool:
    return b"%PDF-" in data[:1024]


def kind_of(data: bytes) -> str:
    """By its content, never by its name: "pdf", "picture", "svg", "archive", "table", "text", or the code of
    why it can't be read."""
    if is_pdf(data):
        return "pdf"
    if data.startswith((b"\xff\xd8\xff", baking.PNG_SIGNATURE)):
        return "picture"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "picture"
    if data[4:8] == b"ftyp":
        return "picture" if data[8:12] in (b"avif", *HEIC) else "unknown"
    if data.startswith(b"PK\x03\x04"):
        return _archive(data)
    return _text(data)


def _archive(data: bytes) -> str:
    if b"xl/workbook.xml" in data:
        return "table"
    return "office" if b"[Content_Types].xml" in data else "archive"


def _text(data: bytes) -> str:
    if data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return "svg"
    if not data:
        return "empty"
    if data.startswith((b"II*\0", b"MM\0*", b"GIF8", b"BM")):
        return "other-picture"
    if data.startswith((b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")):
        return "other-archive"
    return "text" if len(data) <= bounds.TEXT_BYTES and data.isascii() else "unknown"


async def read_into(
    seen: FileSeen, kind: str, data: bytes, looking: Eyes
) -> AsyncGenerator[FileSeen, None]:
    """Goes on behind the pages that are there already; says `seen` again after each page."""
    if kind in ("pdf", "picture"):
        async for each in _looked(seen, kind, data, looking):
            yield each
    else:
        _taken(seen, kind, data)
        yield seen


async def _looked(
    seen: FileSeen, kind: str, data: bytes, looking: Eyes
) -> AsyncGenerator[FileSeen, None]:
    if kind == "picture" and not seen.pages:
        seen.tokens = _baked(data)
    async with aclosing(looking.look(kind, data, start=len(seen.pages) + 1)) as answers:
        async for answer in answers:
            if "pages" in answer:
                seen.total = answer["pages"]
                seen.tokens = seen.tokens or list(answer["tokens"])
            elif "page" in answer:
                problem = answer.get("problem", "")
                codes, text = answer.get("codes", []), answer.get("text")
                seen.pages.append(PageSeen(answer["page"], codes, text, problem))
            else:
                seen.problem = answer["problem"]
            yield seen


def _baked(data: bytes) -> list[str]:
    try:
        return [baking.token_of_png(data)] if data.startswith(baking.PNG_SIGNATURE) else []
    except Malformed:
        return []


def _taken(seen: FileSeen, kind: str, data: bytes) -> None:
    seen.total = 1
    if kind == "text":
        seen.pages = [PageSeen(1, [data.decode("ascii").strip()])]
        return
    if kind != "svg":
        seen.problem = kind
        return
    try:
        seen.pages = [PageSeen(1, [baking.token_of_svg(data)])]
    except Malformed:
        seen.problem = "svg"


async def seen_in_pdf(data: bytes) -> FileSeen:
    """A PDF by itself, read whole. Raises NoEyes, TooLarge."""
    if len(data) > bounds.FILE_BYTES:
        raise TooLarge(limit=f"{bounds.FILE_BYTES // bounds.MB} MB")
    seen = FileSeen()
    async with eyes() as looking:
        async for _ in read_into(seen, "pdf", data, looking):
            pass
    return seen
