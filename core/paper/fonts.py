"""Which fonts paper is set in, and whether they hold every character of a text."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import typst
from fontTools.ttLib import TTFont, TTLibError

from core import settings
from core.errors import Unavailable
from core.scoring.model import Finding

PACKAGE = "fonts-noto-cjk"
"""Debian's and Ubuntu's name of Noto Sans CJK."""
SETTING = "JIANGXIN_FONTS"

_SIMPLIFIED = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "PingFang SC",
    "Microsoft YaHei",
    "HarmonyOS Sans SC",
    "WenQuanYi Micro Hei",
)
_TRADITIONAL = (
    "Noto Sans CJK HK",
    "Noto Sans HK",
    "Source Han Sans HK",
    "PingFang HK",
    "Noto Sans CJK TC",
    "Noto Sans TC",
    "Source Han Sans TC",
    "Microsoft JhengHei",
)
_RARE = ("HanaMinA", "HanaMinB", "BabelStone Han")
"""Fonts with the rarest characters, asked last: their strokes are of another hand."""
_ALPHABETS = ("Noto Sans", "DejaVu Sans", "Liberation Sans")
_UNDRAWN = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
_VARIATIONS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))


class NoChineseFont(Unavailable):
    slug = "no-chinese-font"
    title = (
        "This machine has no font with Chinese characters, so nothing can be printed. Install Noto Sans CJK "
        "(the package {package} of Debian and Ubuntu), or name a folder with fonts in {setting}."
    )


class CharacterMissing(Unavailable):
    slug = "character-missing"
    title = (
        "No font of this machine can draw {characters}, so nothing was printed. Install a font that holds "
        "it, or put one into a folder and name that folder in {setting}."
    )


@dataclass(frozen=True, slots=True)
class Fonts:
    """typst: what its compiler takes. faces: (file, number inside it) by family."""

    typst: Any
    faces: Mapping[str, Sequence[tuple[Path, int]]]

    def chain(self, language: str) -> list[str]:
        """Families in the order in which a character is looked for. Raises NoChineseFont."""
        first, then = _SIMPLIFIED, _TRADITIONAL
        if language == "zh-Hant":
            first, then = then, first
        chinese = [name for name in (*first, *then) if name in self.faces]
        if not chinese:
            raise NoChineseFont(package=PACKAGE, setting=SETTING)
        return [*chinese, *(name for name in (*_ALPHABETS, *_RARE) if name in self.faces)]

    def check(self, texts: Iterable[str], chain: Sequence[str]) -> None:
        """Raises CharacterMissing with every character that no font here draws; Typst itself would
        print an empty box for it and say nothing (0.15)."""
        if left := self.lacking(texts, chain):
            raise missing(left)

    def lacking(self, texts: Iterable[str], chain: Sequence[str]) -> set[str]:
        """The characters that no font here draws."""
        left = {c for text in texts for c in text if c > "\x7f" and _drawn(c)}
        for family in (*chain, *(name for name in sorted(self.faces) if name not in chain)):
            if not left:
                break
            for path, number in self.faces[family][:1]:
                left -= _characters(path, number)
        return left


def lacking(texts: Iterable[str], language: str) -> set[str]:
    """The characters that no font of this machine draws. Raises NoChineseFont."""
    letters = fonts()
    return letters.lacking(texts, letters.chain(language))


def missing(characters: Iterable[str]) -> CharacterMissing:
    named = [f"{c} (U+{ord(c):04X})" for c in sorted(characters)]
    return CharacterMissing(
        [Finding("", "character-missing", {"character": name}) for name in named],
        characters=", ".join(named[:20]),
        setting=SETTING,
    )


def texts_of(value: object) -> Iterator[str]:
    """Every text inside JSON-like data."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from texts_of(each)
    elif isinstance(value, Sequence) and not isinstance(value, bytes):
        for each in value:
            yield from texts_of(each)


def fonts() -> Fonts:
    """Those of the machine and of the folder in the settings, looked for once."""
    folder = settings.current().fonts
    return of_folder(str(folder) if folder else "")


@cache
def of_folder(folder: str, system: bool = True) -> Fonts:
    """system: also the machine's own; without them only the folder's, for tests."""
    found = typst.Fonts(
        include_system_fonts=system,
        include_embedded_fonts=system,
        font_paths=[folder] if folder else [],
    )
    faces: dict[str, list[tuple[Path, int]]] = {}
    for info in sorted(found.fonts(), key=lambda info: abs(info.weight - 400)):
        if info.path is not None:
            faces.setdefault(info.family, []).append((Path(info.path), info.index))
    return Fonts(found, faces)


@cache
def _characters(path: Path, number: int) -> frozenset[str]:
    try:
        with TTFont(path, fontNumber=number, lazy=True) as font:
            return frozenset(map(chr, font.getBestCmap() or ()))
    except (OSError, TTLibError, KeyError):
        return frozenset()


def _drawn(character: str) -> bool:
    if any(ord(character) in those for those in _VARIATIONS):
        return False
    return unicodedata.category(character) not in _UNDRAWN
