"""Looks occupations up by code or by a part of their names. No writes."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from core.filing import OCCUPATION
from core.scoring.model import Finding, Text
from credentials.occupations.reading import NATIONAL, code_of
from credentials.occupations.tables import Occupation

SHOWN = 20
_SHORTEST = 1


@dataclass(frozen=True, slots=True)
class Found:
    code: str
    title: Text


async def find(text: str, most: int = SHOWN) -> list[Found]:
    """Codes that begin so first, then names that hold it; by code. Nothing for an empty text."""
    words, code = text.strip(), code_of(text)
    if len(words) < _SHORTEST:
        return []
    rows = await Occupation.raw(
        "SELECT code, title FROM occupation WHERE code LIKE {} ESCAPE '!' OR LOWER(title) LIKE {}"
        " ESCAPE '!' ORDER BY code",
        f"{_plain(code)}%",
        f"%{_plain(words.lower())}%",
    )
    found = [Found(row["code"], json.loads(row["title"])) for row in rows]
    first = [one for one in found if one.code.startswith(code)]
    named = [one for one in found if one not in first and _named(one, words)]
    return [*first, *named][:most]


async def titles_of(codes: Iterable[str]) -> dict[str, Text]:
    """Those of the list; others are left out."""
    wanted = sorted(set(codes))
    if not wanted:
        return {}
    rows = await Occupation.select().where(Occupation.code.is_in(wanted))
    return {row["code"]: json.loads(row["title"]) for row in rows}


async def unlisted(codes: Iterable[str], pointer: str = "/occupation") -> list[Finding]:
    """Warnings: for what is no code at all, and for codes of the national form that the loaded list lacks.
    Nothing for an empty text."""
    given = sorted({code for code in codes if code})
    odd = [code for code in given if not OCCUPATION.fullmatch(code)]
    found = [Finding(pointer, "occupations-code", {"code": code[:40]}) for code in odd]
    wanted = [code for code in given if NATIONAL.fullmatch(code)]
    if wanted and await Occupation.exists():
        known = await titles_of(wanted)
        missing = [code for code in wanted if code not in known]
        found += [Finding(pointer, "occupation-unlisted", {"code": code}) for code in missing]
    return found


def _named(one: Found, words: str) -> bool:
    return any(words.casefold() in name.casefold() for name in one.title.values())


def _plain(text: str) -> str:
    """Without a meaning in LIKE."""
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")


async def lists() -> list[tuple[str, int]]:
    """What the loaded lists call themselves, and how many occupations came from each."""
    rows = await Occupation.raw(
        "SELECT list_name, COUNT(*) AS number FROM occupation GROUP BY list_name ORDER BY list_name"
    )
    return [(row["list_name"], row["number"]) for row in rows]
