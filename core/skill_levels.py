"""The skill levels in four languages: the five national ones by their number, which falls as skill rises,
and the eight of the newer scale by their rank, which rises. Every page, paper, rule and scanner takes its
words from here."""

from __future__ import annotations

from collections.abc import Mapping

from core.scoring.model import Text


def _text(hans: str, hant: str, en: str, pt: str) -> Text:
    return {"zh-Hans": hans, "zh-Hant": hant, "en": en, "pt": pt}


RANKS: Mapping[int, Text] = {
    1: _text("学徒工", "學徒工", "apprentice", "aprendiz"),
    2: _text("初级工", "初級工", "junior worker", "trabalhador júnior"),
    3: _text("中级工", "中級工", "intermediate worker", "trabalhador intermédio"),
    4: _text("高级工", "高級工", "senior worker", "trabalhador sénior"),
    5: _text("技师", "技師", "technician", "técnico"),
    6: _text("高级技师", "高級技師", "senior technician", "técnico sénior"),
    7: _text("特级技师", "特級技師", "special-grade technician", "técnico de grau especial"),
    8: _text("首席技师", "首席技師", "chief technician", "técnico principal"),
}
"""The eight levels (新八级工), from the lowest."""

_FIGURES = {"5": "五级", "4": "四级", "3": "三级", "2": "二级", "1": "一级"}


def _level(number: str) -> Text:
    rank, figure = RANKS[7 - int(number)], _FIGURES[number]
    return _text(
        f"{figure}/{rank['zh-Hans']}",
        f"{figure.replace('级', '級')}/{rank['zh-Hant']}",
        f"Level {number} ({rank['en']})",
        f"Nível {number} ({rank['pt']})",
    )


LEVELS: Mapping[str, Text] = {number: _level(number) for number in _FIGURES}
"""The national number -> the words, as they stand on paper: 三级/高级工."""

ALL_LEVELS: Mapping[str, Text] = {
    "rank-1": RANKS[1],
    **LEVELS,
    "rank-7": RANKS[7],
    "rank-8": RANKS[8],
}
"""The five national levels and the three of the newer scale that have no national number, from the
lowest: their place is the ordinal."""
ORDINALS: Mapping[str, int] = {code: at for at, code in enumerate(ALL_LEVELS, 1)}


def level_words(number: str) -> Text:
    """Of a grade on a level certificate; the grade itself where it is none of these."""
    return ALL_LEVELS.get(number) or _text(number, number, number, number)
