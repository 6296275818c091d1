"""Bars as SVG: attributes only, no style, no script; the same in the page and as a file. Each bar carries its
name and its number, and a table stands beside it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from html import escape

from admin.console.results.pictures import BLUE, INK, LINE

_FONT = "PingFang SC, Microsoft YaHei, Noto Sans CJK SC, sans-serif"
_WIDTH, _ROW, _EDGE = 360, 50, 6


def bars(found: Sequence[tuple[str, Decimal | int, str]], *, title: str, description: str) -> str:
    """found: (name, value, the value in words), from top to bottom; each name stands above its bar, because
    names are long in some languages."""
    most = max([Decimal(value) for _, value, _ in found] or [Decimal(0)])
    room = Decimal(_WIDTH - 2 * _EDGE - 90)
    height = _ROW * len(found) + 8
    body = []
    for n, (name, value, words) in enumerate(found):
        top = n * _ROW + 18
        long = max(room * Decimal(value) / most, Decimal(0)) if most > 0 else Decimal(0)
        body += [
            _text(_EDGE + 3, top, name),
            f'<rect x="{_EDGE}" y="{top + 6}" width="{long:.1f}" height="20" fill="{BLUE}"/>',
            _text(_EDGE + float(long) + 8, top + 21, words, bold=True),
        ]
    axis = f'<line x1="{_EDGE}" y1="4" x2="{_EDGE}" y2="{height - 4}" stroke="{LINE}"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" '
        f'font-family="{_FONT}" font-size="14" fill="{INK}">'
        f"<title>{escape(title)}</title><desc>{escape(description)}</desc>"
        f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>{axis}{"".join(body)}</svg>'
    )


def _text(x: float, y: float, words: str, *, bold: bool = False) -> str:
    weight = ' font-weight="700"' if bold else ""
    return f'<text x="{x:g}" y="{y:g}"{weight}>{escape(words)}</text>'
