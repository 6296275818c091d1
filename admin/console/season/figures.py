"""A season's pictures: as SVG in the page and as a file, and as a slide of 1920 × 1080 points."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from admin.console.matching import pictures
from admin.console.results.pictures import INK
from admin.console.season import words
from admin.console.season.gathering import Season
from admin.console.season.tables import city_of, trade_of
from core import paper
from core.web.i18n import pick, show_number, translate

PACKAGE = "admin/season"
_HEADING = 48
_SIZE = re.compile(r'viewBox="0 0 (\d+) (\d+)"')
MOST = 10
"""Bars in one picture; what is left over is added up in the last one."""


@dataclass(frozen=True, slots=True)
class Figure:
    """bars: (name, number, the number in words), the same as a table."""

    code: str
    title: str
    svg: str
    bars: Sequence[tuple[str, int, str]]


def register() -> None:
    paper.register(PACKAGE, Path(__file__).parent / "papers")


def figures_of(season: Season, language: str) -> list[Figure]:
    contests = season.contests.contests
    if not contests:
        return []

    nowhere = translate("not stated", language)
    cities = Counter(city_of(one, season, language) or nowhere for one in contests)
    trades: Counter[str] = Counter()
    for one in contests:
        trades[trade_of(one, season, language)] += one.finalists
    prizes: Counter[str] = Counter()
    for one in contests:
        for prize in one.prizes:
            prizes[pick(prize.title, language)] += prize.won
    made = [
        ("path", _path(season, language)),
        ("cities", _most(cities, language)),
        ("trades", _most(trades, language)),
        ("prizes", _most(prizes, language)),
        ("conferred", _conferred(season, language)),
    ]
    return [_figure(code, bars, language) for code, bars in made if bars]


def saved(season: Season, figure: Figure, who: str, language: str) -> str:
    """The SVG as a file: with its heading, which in the page stands above it."""
    found = _SIZE.search(figure.svg)
    width, height = (int(found[1]), int(found[2])) if found else (0, 0)
    words = (figure.title, _under(season, who, language))
    lines = "".join(
        f'<text x="9" y="{18 + 20 * n}"{weight}>{escape(line)}</text>'
        for n, (line, weight) in enumerate(zip(words, (' font-weight="700"', ""), strict=True))
    )
    inner = f'<svg y="{_HEADING}" width="{width}" height="{height}" '
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height + _HEADING}" '
        f'font-family="sans-serif" font-size="14" fill="{INK}">'
        f'<rect width="{width}" height="{_HEADING}" fill="#ffffff"/>{lines}'
        f"{inner}{figure.svg.removeprefix('<svg ')}</svg>"
    )


def _under(season: Season, who: str, language: str) -> str:
    fictional = translate("demonstration", language) if season.contests.fictional else ""
    return " · ".join(part for part in (str(season.year), fictional, who) if part)


async def slide(season: Season, figure: Figure, who: str, language: str) -> bytes:
    """A PNG. Raises what `core.paper` raises."""
    most = max((value for _, value, _ in figure.bars), default=0)
    data = {
        "title": figure.title,
        "under": _under(season, who, language),
        "bars": [
            {"name": name, "words": shown, "share": value / most if most else 0}
            for name, value, shown in figure.bars
        ],
    }
    made = await paper.pictures(f"{PACKAGE}/slide.typ", data, language=language)
    return made[0]


def _path(season: Season, language: str) -> list[tuple[str, int]]:
    found = season.figures()
    steps = [code for code in ("entrants", "finalists", "prizes", "certificates") if code in found]
    return [(translate(words.FIGURES[code], language), found[code]) for code in steps]


def _conferred(season: Season, language: str) -> list[tuple[str, int]]:
    if not season.conferred:
        return []
    found = season.figures()
    codes = [f"{name}_{step}" for name in ("levels", "honours") for step in ("proposed", "granted")]
    return [(translate(words.FIGURES[code], language), found[code]) for code in codes]


def _most(counted: Mapping[str, int], language: str) -> list[tuple[str, int]]:
    """The largest first; of equal ones by name."""
    ordered = sorted(counted.items(), key=lambda one: (-one[1], one[0]))
    if len(ordered) <= MOST:
        return ordered
    rest = sum(number for _, number in ordered[MOST - 1 :])
    return [*ordered[: MOST - 1], (translate("all others", language), rest)]


def _figure(code: str, bars: Iterable[tuple[str, int]], language: str) -> Figure:
    title = translate(words.PICTURES[code], language)
    shown = [(name, value, show_number(value, language)) for name, value in bars]
    told = "; ".join(f"{name}: {number}" for name, _, number in shown)
    return Figure(code, title, pictures.bars(shown, title=title, description=told), shown)
