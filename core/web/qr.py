"""QR pictures: the matrix from `qrcode`, drawn by ourselves as one SVG path.

    qr.svg("https://…", title="…")      ->   '<svg …>'

Level M, quiet zone 4, mask 3: the search for the best mask costs six times the picture and no
decoder reads it better.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from html import escape
from typing import Any

import qrcode
from qrcode.constants import ERROR_CORRECT_M
from qrcode.exceptions import DataOverflowError
from qrcode.util import BIT_LIMIT_TABLE, MODE_ALPHA_NUM, MODE_NUMBER, length_in_bits

QUIET = 4
MASK = 3
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


def svg(text: str, *, title: str = "", head: str = "", space: str = "") -> str:
    """One path of horizontal runs. `head` and `space`: what else the picture carries, and its
    namespace."""
    modules = matrix(text)
    size = len(modules) + 2 * QUIET
    label = f"<title>{escape(title)}</title>" if title else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg"{space} viewBox="0 0 {size} {size}" '
        f'shape-rendering="crispEdges">{head}{label}<path fill="#fff" d="M0 0h{size}v{size}H0z"/>'
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
