"""A page that was drawn once, with the few words that differ at each request put in between, plain or
gzipped. What stands still is compressed once; what a request puts in stands in it as it is, so that the
size of the page tells nothing of a secret in it."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

TIME, FORM = "\x1ftime\x1f", "\x1fform\x1f"
"""Marks in a drawn page: the time of the check, the hidden field of a form."""
_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"


@dataclass(frozen=True, slots=True)
class Spliced:
    """`parts`: the page cut at its marks; `packed`: the same parts as blocks of one deflate stream that
    may stand in any order, for none looks back; `marks`: which mark stands behind each part but the last."""

    parts: Sequence[bytes]
    packed: Sequence[bytes]
    marks: Sequence[str]

    def plain(self, words: Mapping[str, str]) -> bytes:
        return b"".join(self._woven(self.parts, [words[mark].encode() for mark in self.marks]))

    def gzipped(self, words: Mapping[str, str]) -> bytes:
        page = self.plain(words)
        put_in = [_stored(words[mark].encode()) for mark in self.marks]
        end = struct.pack("<II", zlib.crc32(page), len(page))
        return b"".join((_HEADER, *self._woven(self.packed, put_in), b"\x03\x00", end))

    @staticmethod
    def _woven(still: Sequence[bytes], put_in: Sequence[bytes]) -> list[bytes]:
        pairs = zip(still, put_in, strict=False)
        return [*(piece for pair in pairs for piece in pair), still[-1]]


def spliced(page: str) -> Spliced:
    parts, marks, rest = list[bytes](), list[str](), page
    while found := sorted((at, mark) for mark in (TIME, FORM) if (at := rest.find(mark)) >= 0):
        at, mark = found[0]
        parts.append(rest[:at].encode())
        marks.append(mark)
        rest = rest[at + len(mark) :]
    parts.append(rest.encode())
    return Spliced(parts, [_block(part) for part in parts], marks)


def _block(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush(zlib.Z_FULL_FLUSH)


def _stored(data: bytes) -> bytes:
    """A block of a deflate stream that holds its bytes uncompressed (RFC 1951, 3.2.4)."""
    return struct.pack("<BHH", 0, len(data), len(data) ^ 0xFFFF) + data
