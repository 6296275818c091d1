"""Looks at one file at a time in a process of its own: `python -I eye.py`, requests in, lines out.

What strangers send is decoded here alone: without settings, secrets or a database, with bounded memory,
and ended by whoever asked when a page takes too long. So nothing of ours is imported.

    {"kind": "pdf", "size": 48213, "from": 1}  and that many bytes
 -> {"pages": 3, "tokens": ["eyJ…"]}
    {"page": 1, "codes": ["https://…#…"], "text": "…"}   or   {"page": 2, "problem": "pixels"}
    {"end": true}
"""

from __future__ import annotations

import io
import json
import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

import pillow_heif
import zxingcpp
from PIL import Image, ImageFilter, ImageOps

Answer = dict[str, Any]
DPI = 200
SIDE = 4_000
"""Pixels of the longer side in which codes are looked for; a larger photo is made smaller."""
LEAST_SIDE = 900
LONGEST_TEXT = 20_000
MOST_CODES = 40
QR: Any = zxingcpp.BarcodeFormat.QRCode
PICTURES = ("JPEG", "PNG", "WEBP", "AVIF", "HEIF")
_TOKEN = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_bounds: dict[str, int] = {}
pillow_heif.register_heif_opener()


class Problem(Exception):
    """A code of `credentials.stacks.words.PROBLEMS`."""


def main() -> None:
    _bounds.update(json.loads(sys.argv[1]))
    _hold_memory(_bounds["memory"])
    Image.MAX_IMAGE_PIXELS = None  # our own limit is asked before anything is decoded
    source = sys.stdin.buffer
    while line := source.readline():
        asked = json.loads(line)
        data = source.read(asked["size"])
        try:
            for answer in KINDS[asked["kind"]](data, asked):
                _say(answer)
        except Problem as problem:
            _say({"problem": str(problem)})
        except Exception as error:
            _say({"problem": "memory" if isinstance(error, MemoryError) else "broken"})
        _say({"end": True})


def _hold_memory(most: int) -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _say(answer: Answer) -> None:
    content = answer.pop("content", None)
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
    if content is not None:
        sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


# --- pictures ------------------------------------------------------------------------------------


def picture(data: bytes, asked: Answer) -> Iterator[Answer]:
    yield {"pages": 1, "tokens": []}
    with Image.open(io.BytesIO(data), formats=PICTURES) as image:
        if image.width * image.height > _bounds["pixels"]:
            raise Problem("pixels")
        image.draft("L", (SIDE, SIDE))  # a JPEG is decoded smaller at once
        yield {"page": 1, "codes": codes_in(_grey(image))}


def _grey(image: Image.Image) -> Image.Image:
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        whole = image.convert("RGBA")
        ground = Image.new("RGBA", whole.size, "white")
        image = Image.alpha_composite(ground, whole)
    grey = image.convert("L")
    grey.thumbnail((SIDE, SIDE), Image.Resampling.BOX)
    return grey


def codes_in(grey: Image.Image) -> list[str]:
    """The texts of all QR codes, each once; what is unsharp or dark is looked at again."""
    for look in (_as_it_is, _clearer, _smaller, _larger):
        image = look(grey)
        if image is None:
            continue
        for binarizer in (zxingcpp.Binarizer.LocalAverage, zxingcpp.Binarizer.GlobalHistogram):
            found = zxingcpp.read_barcodes(image, formats=QR, binarizer=binarizer)
            if found:
                return list(dict.fromkeys(one.text for one in found))[:MOST_CODES]
    return []


def _as_it_is(grey: Image.Image) -> Image.Image | None:
    return grey


def _clearer(grey: Image.Image) -> Image.Image | None:
    return ImageOps.autocontrast(grey.filter(ImageFilter.UnsharpMask(4, 200, 2)), cutoff=1)


def _smaller(grey: Image.Image) -> Image.Image | None:
    return grey.reduce(2) if max(grey.size) > LEAST_SIDE else None


def _larger(grey: Image.Image) -> Image.Image | None:
    if max(grey.size) * 2 > SIDE:
        return None
    return grey.resize((grey.width * 2, grey.height * 2), Image.Resampling.BICUBIC)


# --- PDFs ----------------------------------------------------------------------------------------


def pdf(data: bytes, asked: Answer) -> Iterator[Answer]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise Problem("locked" if "password" in str(error).lower() else "broken") from None
    pages = len(document)
    if pages > _bounds["pages"]:
        raise Problem("pages")
    yield {"pages": pages, "tokens": _attached(document)}
    for number in range(asked.get("from", 1), pages + 1):
        try:
            yield {"page": number, **_page(document[number - 1])}
        except Exception as error:
            problem = str(error) if isinstance(error, Problem) else "broken"
            yield {"page": number, "problem": problem}


def _attached(document: Any) -> list[str]:
    """Attached files that look like signed tokens, each once."""
    found: list[str] = []
    for number in range(min(document.count_attachments(), _bounds["pages"])):
        data = bytes(document.get_attachment(number).get_data())
        text = data.decode("ascii", "replace").strip() if len(data) <= _bounds["token"] else ""
        if _TOKEN.fullmatch(text):
            found.append(text)
    return list(dict.fromkeys(found))


def _page(page: Any) -> Answer:
    text = page.get_textpage().get_text_bounded()[:LONGEST_TEXT]
    for dpi in (DPI, DPI * 3 // 2):
        codes = codes_in(_drawn(page, dpi))
        if codes:
            return {"codes": codes, "text": text}
    return {"codes": [], "text": text}


def _drawn(page: Any, dpi: int) -> Image.Image:
    scale = dpi / 72
    longest = max(page.get_size()) * scale
    if longest > SIDE:
        scale *= SIDE / longest
    image: Image.Image = page.render(scale=scale, grayscale=True).to_pil()
    return image.convert("L")


# --- archives and tables -------------------------------------------------------------------------


def archive(data: bytes, asked: Answer) -> Iterator[Answer]:
    """Every file in it with its content, or why not; never more than the bounds, whatever it says of
    itself."""
    _check_directory(data)
    left = _bounds["unpacked"]
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        for entry in opened.infolist():
            name = PurePosixPath(entry.filename.replace("\\", "/"))
            if entry.is_dir() or "__MACOSX" in name.parts or name.name.startswith("."):
                continue
            shown = str(name)[-200:]
            try:
                content = _inflated(opened, entry, min(_bounds["file"], left))
            except Problem as problem:
                yield {"entry": shown, "problem": str(problem)}
                continue
            except Exception:
                yield {"entry": shown, "problem": "broken"}
                continue
            left -= len(content)
            yield {"entry": shown, "size": len(content), "content": content}


def _check_directory(data: bytes) -> None:
    """Before the list of entries is read, which may itself be long."""
    at = data.rfind(b"PK\x05\x06")
    if at < 0:
        raise Problem("broken")
    if int.from_bytes(data[at + 10 : at + 12], "little") > _bounds["files"]:
        raise Problem("many-in-zip")


def _inflated(opened: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    if entry.flag_bits & 1:
        raise Problem("locked")
    if entry.file_size > most:
        raise Problem("unpacked")
    with opened.open(entry) as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise Problem("unpacked")
    return content


def table(data: bytes, asked: Answer) -> Iterator[Answer]:
    """The cells of each row, as texts, of an Excel that was taken from here."""
    import openpyxl

    _check_directory(data)
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        if sum(entry.file_size for entry in opened.infolist()) > _bounds["unpacked"]:
            raise Problem("unpacked")
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    for number, row in enumerate(book.worksheets[0].iter_rows(values_only=True), 1):
        if number > _bounds["rows"]:
            raise Problem("rows")
        cells = [str(cell)[:400] for cell in row[:60] if cell is not None]
        if cells:
            yield {"row": number, "cells": cells}


KINDS = {"picture": picture, "pdf": pdf, "archive": archive, "table": table}


if __name__ == "__main__":
    main()
