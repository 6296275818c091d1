"""Bars as SVG: attributes only, no style, no script; the same in the page and as a file. Each bar carries its
name and its number, and a table stands beside it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from html import escape

from admin.console.results.pictures import BLUE, INK, LINE

_FONT = "PingFang SC, Microsoft YaHei, Noto Sans CJK SC, sans-serif"
_WIDTH, _NAMES, _ROW = 360, 120, 34


def bars(found: Sequence[tuple[str, Decimal | int, str]], *, title: str, description: str) -> str:
    """found: (name, value, the value in words), from top to bottom."""
    most = max([Decimal(value) for _, value, _ in found] or [Decimal(0)])
    room = Decimal(_WIDTH - _NAMES - 70)
    height = _ROW * len(found) + 16
    body = []
    for n, (name, value, words) in enumerate(found):
        middle = 8 + n * _ROW + _ROW // 2
        long = (room * Decimal(value) / most) if most > 0 else Decimal(0)
        body += [
            _text(_NAMES - 8, middle + 5, name, "end"),
            f'<rect x="{_NAMES}" y="{middle - 11}" width="{max(long, Decimal(0)):.1f}" height="22" fill="{BLUE}"/>',
            _text(_NAMES + float(long) + 8, middle + 5, words, "start", bold=True),
        ]
    axis = f'<line x1="{_NAMES}" y1="4" x2="{_NAMES}" y2="{height - 4}" stroke="{LINE}"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" '
        f'font-family="{_FONT}" font-size="14" fill="{INK}">'
        f"<title>{escape(title)}</title><desc>{escape(description)}</desc>"
        f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>{"".join(body)}{axis}</svg>'
    )


def _text(x: float, y: float, words: str, anchor: str, *, bold: bool = False) -> str:
    weight = ' font-weight="700"' if bold else ""
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}"{weight}>{escape(words)}</text>'
