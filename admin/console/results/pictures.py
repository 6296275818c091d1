"""Figures as SVG: attributes only, no style, no script; the same picture in the page and as a file.

Nothing is told by colour alone: bars and points carry their numbers, and a table stands behind each.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from html import escape

from contests.figures.distribution import BINS, Spread
from contests.figures.judges import Compared
from contests.figures.progress import Stretch
from core.web.i18n import TIME_ZONE

INK, SOFT, LINE, BLUE, ORANGE = "#16202b", "#43505e", "#7a8794", "#0b4f8a", "#b35900"
"""Blue and orange stay apart for every common kind of colour blindness, and in grey by lightness."""
_FONT = "PingFang SC, Microsoft YaHei, Noto Sans CJK SC, sans-serif"


def _svg(width: int, height: int, title: str, description: str, body: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        f'font-family="{_FONT}" font-size="14" fill="{INK}">'
        f"<title>{escape(title)}</title><desc>{escape(description)}</desc>"
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>{"".join(body)}</svg>'
    )


def _text(x: float, y: float, words: str, *, anchor: str = "middle", **more: object) -> str:
    rest = "".join(f' {key.replace("_", "-")}="{value}"' for key, value in more.items())
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}"{rest}>{escape(words)}</text>'


def _line(x1: float, y1: float, x2: float, y2: float, **more: object) -> str:
    rest = "".join(f' {key.replace("_", "-")}="{value}"' for key, value in more.items())
    stroke = "" if "stroke" in more else f' stroke="{LINE}"'
    return f'<line x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}"{stroke}{rest}/>'


def distribution(one: Spread, *, title: str, description: str) -> str:
    """A histogram over tenths of the maximum, with a triangle below the median."""
    left, right, top, floor = 30, 330, 34, 150
    width = (right - left) / BINS
    most = max(one.bins) or 1
    body = []
    for n, count in enumerate(one.bins):
        height = (floor - top) * count / most
        x = left + n * width
        if count:
            body.append(
                f'<rect x="{x + 2:g}" y="{floor - height:.1f}" width="{width - 4:g}" '
                f'height="{height:.1f}" fill="{BLUE}"/>'
            )
            body.append(_text(x + width / 2, floor - height - 4, str(count), font_weight="700"))
    middle = left + float(one.median) * (right - left)
    body.append(_line(left, floor, right, floor))
    body.append(
        f'<path d="M{middle:.1f} {floor + 1} l-6 10 h12 z" fill="{ORANGE}" stroke="{ORANGE}"/>'
    )
    for share in (0, 50, 100):
        x = left + (right - left) * share / 100
        body.append(_text(x, floor + 26, f"{share} %", fill=SOFT))
    return _svg(360, 180, title, description, body)


def judges(found: Sequence[Compared], *, title: str, description: str) -> str:
    """A point for the mean deviation of each seat and a bar of one standard deviation to each side."""
    reach = max([float(abs(one.mean) + one.spread) for one in found] or [0.0])
    reach = max(1.0, -(-reach // 1))
    left, right, top, row = 90, 610, 40, 34
    height = top + row * len(found) + 40
    scale = (right - left) / (2 * reach)
    middle = (left + right) / 2
    body = [
        _line(middle, top - 10, middle, height - 34),
        *(
            _line(middle + step * reach * scale, top - 10, middle + step * reach * scale, height - 34,
                  stroke_dasharray="2 4")
            for step in (-1.0, -0.5, 0.5, 1.0)
        ),
    ]  # fmt: skip
    for n, one in enumerate(found):
        y = top + n * row + row / 2
        x = middle + float(one.mean) * scale
        span = float(one.spread) * scale
        body.append(_text(left - 12, y + 5, one.seat, anchor="end", font_weight="700"))
        body.append(_line(x - span, y, x + span, y, stroke=SOFT, stroke_width=3))
        body += [_line(x + side * span, y - 6, x + side * span, y + 6, stroke=SOFT, stroke_width=2) for side in (-1, 1)]  # fmt: skip
        body.append(
            f'<circle cx="{x:.1f}" cy="{y:g}" r="6" fill="{BLUE}" stroke="#ffffff" stroke-width="1.5"/>'
        )
    for step in (-1.0, -0.5, 0.0, 0.5, 1.0):
        body.append(
            _text(middle + step * reach * scale, height - 14, f"{step * reach:+g} %", fill=SOFT)
        )
    return _svg(640, height, title, description, body)


def progress(found: Sequence[Stretch], owed: int, *, title: str, description: str) -> str:
    """A line that climbs as sheets come in, with a dashed one at what is owed."""
    left, right, top, floor = 56, 616, 26, 190
    most = max([owed, *(one.all for one in found)], default=1) or 1
    points: list[tuple[float, float]] = [(left, floor)]
    width = (right - left) / max(len(found), 1)
    for n, one in enumerate(found):
        points.append((left + (n + 1) * width, floor - (floor - top) * one.all / most))
    body = [
        _line(left, floor, right, floor),
        _line(left, top, left, floor),
        _text(left - 8, floor + 5, "0", anchor="end", fill=SOFT),
        _text(left - 8, top + 5, str(most), anchor="end", fill=SOFT),
    ]
    if owed:
        y = floor - (floor - top) * owed / most
        body.append(_line(left, y, right, y, stroke=ORANGE, stroke_width=2, stroke_dasharray="6 4"))
    spots = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    body.append(f'<polyline points="{spots}" fill="none" stroke="{BLUE}" stroke-width="3"/>')
    body += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{BLUE}"/>' for x, y in points[1:]]
    every = max(1, len(found) // 6)
    for n, one in enumerate(found):
        if n % every == 0:
            body.append(_text(left + n * width, floor + 22, clock(one), fill=SOFT))
    return _svg(640, 222, title, description, body)


def clock(one: Stretch) -> str:
    return f"{one.begin.astimezone(TIME_ZONE):%H:%M}"


def per_cent(value: Fraction) -> str:
    """One decimal, half up, with its sign where it has one."""
    tenths = int(abs(value) * 10 + Fraction(1, 2))
    sign = "−" if value < 0 and tenths else ""
    return f"{sign}{tenths // 10}.{tenths % 10}"
