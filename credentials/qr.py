"""QR pictures: the matrix from `qrcode`, drawn by ourselves as one SVG path or a small PNG.

Level M, quiet zone 4, mask 3: the search for the best mask costs six times the picture and no
decoder reads it better.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Sequence
from html import escape
from typing import Any

import qrcode
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from qrcode.constants import ERROR_CORRECT_M
from qrcode.exceptions import DataOverflowError
from qrcode.util import BIT_LIMIT_TABLE, MODE_ALPHA_NUM, MODE_NUMBER, length_in_bits

QUIET = 4
MASK = 3
BADGE = "openbadgecredential"
NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
# qrcode 8.2 fills its module tables while it draws; two threads would mix them.
_one_at_a_time = threading.Lock()

Matrix = list[list[bool]]


def matrix(text: str) -> Matrix:
    """Dark modules, without the quiet zone."""
    with _one_at_a_time:
        code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=QUIET, mask_pattern=MASK)
        code.add_data(text)
        code.version = _smallest_version(code.data_list)
        # fit=True would write every bit once more, only to count them
        code.make(fit=False)
        return [[bool(module) for module in row] for row in code.modules]


def _smallest_version(segments: Sequence[Any]) -> int:
    """Raises DataOverflowError for what no QR holds."""
    for version in range(1, 41):
        bits = sum(
            4 + length_in_bits(segment.mode, version) + _content_bits(segment)
            for segment in segments
        )
        if bits <= BIT_LIMIT_TABLE[ERROR_CORRECT_M][version]:
            return version
    raise DataOverflowError("This is more than a QR holds.")


def _content_bits(segment: Any) -> int:
    size = len(segment.data)
    if segment.mode == MODE_NUMBER:
        return 10 * (size // 3) + (0, 4, 7)[size % 3]
    if segment.mode == MODE_ALPHA_NUM:
        return 11 * (size // 2) + 6 * (size % 2)
    return 8 * size


def version_of(modules: Matrix) -> int:
    return (len(modules) - 17) // 4


def svg(text: str, *, title: str = "", token: str = "") -> str:
    """One path of horizontal runs. With `token` an Open Badge is baked in, as OB 3.0 4.2 says."""
    modules = matrix(text)
    size = len(modules) + 2 * QUIET
    label = f"<title>{escape(title)}</title>" if title else ""
    baked = f'<openbadges:credential verify="{escape(token)}"/>' if token else ""
    space = f' xmlns:openbadges="{NAMESPACE}"' if token else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg"{space} viewBox="0 0 {size} {size}" '
        f'shape-rendering="crispEdges">{baked}{label}<path fill="#fff" d="M0 0h{size}v{size}H0z"/>'
        f'<path stroke="#000" d="{_runs(modules)}"/></svg>'
    )


def _runs(modules: Matrix) -> str:
    parts = []
    for y, row in enumerate(modules, QUIET):
        line = bytes(row)
        start = line.find(1)
        while start >= 0:
            end = line.find(0, start)
            end = len(line) if end < 0 else end
            parts.append(f"M{start + QUIET} {y}.5h{end - start}")
            start = line.find(1, end)
    return "".join(parts)


def png(text: str, *, scale: int = 8, token: str = "") -> bytes:
    modules = matrix(text)
    size = len(modules) + 2 * QUIET
    picture = Image.frombytes("L", (size, size), _pixels(modules, size))
    picture = picture.resize((size * scale, size * scale), Image.Resampling.NEAREST).convert("1")
    extra = PngInfo()
    if token:
        extra.add_itxt(BADGE, token, zip=False)
    out = io.BytesIO()
    picture.save(out, "PNG", pnginfo=extra, optimize=False)
    return out.getvalue()


def _pixels(modules: Matrix, size: int) -> bytes:
    quiet_row = b"\xff" * size
    side = b"\xff" * QUIET
    rows = [side + bytes(0 if dark else 255 for dark in row) + side for row in modules]
    return b"".join([quiet_row * QUIET, *rows, quiet_row * QUIET])
