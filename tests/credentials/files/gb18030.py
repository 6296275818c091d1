"""Every character of GB 18030-2022, implementation level 3.

Its Chinese characters are those of the basic block to U+9FEF, of extensions A to F and the twelve of the
compatibility block that are no variants, 87,887 in all, as its foreword counts them (Unicode 11). The
symbols are those of its two-byte part, from Python's codec (the edition of 2005) without private use,
with the eighteen that the edition of 2022 moved out of there. The other scripts are the blocks of its
four-byte part. Extension G is no part of it yet.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

HAN_BLOCKS = {
    "basic": (0x4E00, 0x9FEF),
    "A": (0x3400, 0x4DB5),
    "B": (0x20000, 0x2A6D6),
    "C": (0x2A700, 0x2B734),
    "D": (0x2B740, 0x2B81D),
    "E": (0x2B820, 0x2CEA1),
    "F": (0x2CEB0, 0x2EBE0),
}
HAN_COUNT = 87_887
COMPATIBLE = "﨎﨏﨑﨓﨔﨟﨡﨣﨤﨧﨨﨩"
RADICALS = (0x2F00, 0x2FD5)
EXTENSION_G = (0x30000, 0x3134A)
OTHER_SCRIPTS = (
    (0x0600, 0x06FF),  # Arabic letters of Uyghur, Kazakh, Kyrgyz
    (0x0F00, 0x0FFF),  # Tibetan
    (0x1100, 0x11FF),  # Korean
    (0x3130, 0x318F),
    (0xAC00, 0xD7A3),
    (0x1800, 0x18AF),  # Mongolian
    (0x1950, 0x197F),  # Tai Le
    (0x1980, 0x19DF),  # New Tai Lue
    (0x1A20, 0x1AAF),  # Tai Tham
    (0xA000, 0xA4CF),  # Yi
    (0xA4D0, 0xA4FF),  # Lisu
    (0x16F00, 0x16F9F),  # Miao
)


def of_block(block: tuple[int, int]) -> set[str]:
    """Its assigned characters."""
    return {c for c in map(chr, range(block[0], block[1] + 1)) if unicodedata.category(c) != "Cn"}


def han() -> set[str]:
    return {*COMPATIBLE, *_of_blocks(HAN_BLOCKS.values())}


def symbols() -> set[str]:
    """Of the two-byte part, Chinese characters left out, with the radicals."""
    found = {c for lead in range(0x81, 0xFF) for c in _of_lead(lead)}
    printed = {c for c in found if unicodedata.category(c) not in ("Co", "Cc")}
    moved = {*map(chr, range(0xFE10, 0xFE1A)), *map(chr, range(0x9FB4, 0x9FBC))}
    return (printed | moved | of_block(RADICALS)) - han()


def other_scripts() -> set[str]:
    return _of_blocks(OTHER_SCRIPTS)


def _of_blocks(blocks: Iterable[tuple[int, int]]) -> set[str]:
    return {c for block in blocks for c in of_block(block)}


def _of_lead(lead: int) -> str:
    pairs = [bytes([lead, trail]) for trail in range(0x40, 0xFF)]
    return "".join(pair.decode("gb18030", "ignore") for pair in pairs)
