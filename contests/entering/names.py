"""Names in scripts: what is compared, and which characters can't be printed. Pure.

Rules: 欧阳娜娜 and 歐陽娜娜 may be two legal spellings of one person, and two persons may share
a name: a likeness is a warning, never a decision.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

from core.scoring.model import Finding

LONGEST = 100
MIDDLE_DOT = "·"
"""U+00B7, as GB/T 15834 and identity cards write it."""
_DOTS = re.compile("[\u2022\u2027\u30fb\uff65\u0387\u2219\u22c5\u16eb\u2024\uff0e]")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ'’.,\- ]+")
_SIGNS = re.compile(r"[\W_]+")

_GB_ROW = range(0xFE50, 0xFEA1)
_FIRST_PLACE = 0xE815
_LATER = {
    0xFE51: "𠂇", 0xFE52: "𠂉", 0xFE53: "𠃌", 0xFE59: "龴", 0xFE61: "龵", 0xFE66: "龶", 0xFE67: "龷",
    0xFE6C: "𡗗", 0xFE6D: "龸", 0xFE76: "𢦏", 0xFE7E: "龹", 0xFE90: "龺", 0xFE91: "𤇾", 0xFEA0: "龻",
}  # fmt: skip
"""GB 18030-2022: what the edition of 2000, which Python's codec follows, left in private use."""


@cache
def replacements() -> dict[str, str]:
    """Private-use character of GBK -> the character that Unicode has for it by now: old programs
    write 䶮 as U+E863."""
    places = (code for code in _GB_ROW if code & 0xFF != 0x7F)
    found = {}
    for offset, code in enumerate(places):
        known = _LATER.get(code) or code.to_bytes(2, "big").decode("gb18030")
        if unicodedata.category(known) != "Co":
            found[chr(_FIRST_PLACE + offset)] = known
    return found


def folded(words: str) -> str:
    """What is compared: width, case, spaces, dots, accents and simplified or traditional form
    make no difference."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", words)).casefold()
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return "".join(variants().get(c, c) for c in _SIGNS.sub("", plain))


def tidy(name: str) -> tuple[str, list[Finding]]:
    """The name as it is kept, and what was changed or is wrong with it (pointer "")."""
    findings: list[Finding] = []
    kept = unicodedata.normalize("NFC", name).strip()
    dotted = _DOTS.sub(MIDDLE_DOT, kept)
    if dotted != kept:
        findings.append(Finding("", "people-name-dot-warning", {"understood": dotted}))
        kept = dotted
    wide = "".join(_narrow(c) for c in kept)
    kept = wide
    if _han(kept) and " " in kept and not _LATIN.search(kept.replace(" ", "")):
        kept = kept.replace(" ", "")  # 张 三: spaced out to line up with longer names
    findings += _characters(kept)
    if len(kept) > LONGEST:
        findings.append(Finding("", "people-name-long", {"limit": str(LONGEST)}))
    return kept, findings


def latin(name: str) -> list[Finding]:
    """What is wrong with a name in Latin letters."""
    if name and not _LATIN.fullmatch(unicodedata.normalize("NFC", name)):
        return [Finding("", "people-name-not-latin", {})]
    return []


@cache
def variants() -> dict[str, str]:
    """Traditional or regional character -> simplified, from OpenCC's tables (Apache-2.0)."""
    lines = (Path(__file__).parent / "variants.csv").read_text("utf-8").splitlines()
    return dict(line.split(",", 1) for line in lines)


def _characters(name: str) -> list[Finding]:
    findings = []
    for character in name:
        kind = unicodedata.category(character)
        if kind == "Co":
            place = f"U+{ord(character):04X}"
            proposed = replacements().get(character, "")
            code = "people-name-private" if not proposed else "people-name-private-known"
            params = {
                "place": place,
                "proposed": proposed,
                "fixed": name.replace(character, proposed),
            }
            findings.append(Finding("", code, params if proposed else {"place": place}))
        elif kind in ("Cc", "Cf", "Cn", "Cs") or character == "\ufffd":
            findings.append(
                Finding("", "people-name-character", {"place": f"U+{ord(character):04X}"})
            )
        elif character.isdigit() or character in "?？*＊#＃=<>|@":
            findings.append(Finding("", "people-name-sign", {"sign": character}))
    return findings[:3]


def _narrow(character: str) -> str:
    """Full-width letters become ordinary ones; full-width Chinese signs stay."""
    return (
        unicodedata.normalize("NFKC", character)
        if "Ａ" <= character <= "ｚ" or character == "\u3000"
        else character
    )


def _han(words: str) -> bool:
    return any("\u3400" <= c <= "\u9fff" or "\U00020000" <= c <= "\U0003ffff" for c in words)
