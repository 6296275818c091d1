"""Hand-over pictures read and made outside the app: an independent reader of their format, and a film of
them for Chromium's make-believe camera."""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import zxingcpp
from PIL import Image

from contests.sheets import b64

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
MARK = "JX1:"
HEAD = 11
FILM = (1280, 720)
SHOWN = 6
"""A make-believe camera runs 30 pictures a second; each of ours stays for a fifth of a second."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture's content."""

    set: int
    count: int
    index: int
    length: int
    block: bytes


def opened(text: str) -> Frame:
    """Raises AssertionError for anything that is no whole frame."""
    assert text.startswith(MARK)
    data = unbase45(text.removeprefix(MARK))
    head, block, check = data[:HEAD], data[HEAD:-4], data[-4:]
    assert binascii.crc32(head + block) == int.from_bytes(check, "big")
    numbers = (head[:4], head[4:6], head[6:8], head[8:11])
    return Frame(*(int.from_bytes(number, "big") for number in numbers), block)


def unbase45(text: str) -> bytes:
    out = bytearray()
    for at in range(0, len(text), 3):
        digits = [ALPHABET.index(character) for character in text[at : at + 3]]
        value = sum(digit * 45**place for place, digit in enumerate(digits))
        out += value.to_bytes(len(digits) - 1, "big")
    return bytes(out)


def content_of(frames: Iterable[Frame]) -> tuple[str, list[str]]:
    """(words about the sender, signed texts) from the frames that hold one block each."""
    blocks = {frame.index: frame for frame in frames if frame.index < frame.count}
    first = next(iter(blocks.values()))
    assert sorted(blocks) == list(range(first.count))
    whole = b"".join(blocks[n].block for n in range(first.count))[: first.length]
    check, body = whole[:32], whole[32:]
    assert hashlib.sha256(body).digest() == check
    assert int.from_bytes(check[:4], "big") == first.set
    return _listed(zlib.decompress(body[1:], -15) if body[0] else body[1:])


def _listed(plain: bytes) -> tuple[str, list[str]]:
    stream = io.BytesIO(plain)

    def number() -> int:
        value = shift = 0
        while True:
            byte = stream.read(1)[0]
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    def part() -> bytes:
        return stream.read(number())

    about, signed = part().decode(), []
    for _ in range(number()):
        parts = [part() for _ in range(3 if number() else 1)]
        signed.append(".".join(map(b64, parts)) if len(parts) == 3 else parts[0].decode())
    assert not stream.read()
    return about, signed


def picture(address: str) -> Image.Image:
    """A data: address of a canvas, or a screenshot's bytes, as a picture."""
    return Image.open(io.BytesIO(base64.b64decode(address.partition(",")[2]))).convert("L")


def texts(image: Image.Image) -> list[str]:
    """What another reader than the app's sees in it. Left free, it reads bars of other kinds in the
    noise of a dense code."""
    return [
        found.text for found in zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.QRCode)
    ]


def film(pictures: Sequence[Image.Image], target: Path, *, size: tuple[int, int] = FILM) -> Path:
    """The pictures as a camera would see them one after the other: smaller than its view, a little
    turned, on a table that isn't white. Played in a loop."""
    with target.open("wb") as out:
        for image in pictures:
            frame = io.BytesIO()
            _seen(image, size).save(frame, "JPEG", quality=80)
            out.write(frame.getvalue() * SHOWN)
    return target


def _seen(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    table = Image.new("L", size, 96)
    side = int(size[1] * 0.84)
    screen = image.resize((side, side), Image.Resampling.BILINEAR).point(
        [40 + n * 180 // 255 for n in range(256)]
    )
    turned = screen.convert("LA").rotate(4, Image.Resampling.BILINEAR, expand=True)
    place = ((size[0] - turned.width) // 2, (size[1] - turned.height) // 2)
    table.paste(turned.getchannel(0), place, turned.getchannel(1))
    return table.convert("RGB")
