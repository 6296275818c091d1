"""PURE: whether what somebody typed is what the record says. Spelling that paper and keyboard vary in
(width, case, spaces, accents, middle dots, brackets) does not matter; every letter does."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

from credentials.identifiers import NOBODY, understood

_CHUNKS = re.compile(r"[\s,，、·:：]+")
_BRACKETS = re.compile(r"[(（][^)）]*[)）]")


def folded(text: str) -> str:
    """Letters and digits alone, in their plain forms; characters of private fonts stay."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in apart if c.isalnum() or unicodedata.category(c) == "Co")


def same_name(typed: str, name: str) -> bool:
    return bool(folded(typed)) and folded(typed) == folded(name)


def same_number(typed: str, *, public_id: str, number: str) -> bool:
    """The certificate's own number or the one that an assessment body gave."""
    own = understood(typed.strip())
    return (own != NOBODY and own == public_id) or (
        bool(number) and folded(typed) == folded(number)
    )


def same_grade(typed: str, titles: Iterable[str], grade: str) -> bool:
    """The whole title or its end: the prize or the level, by number or by name, never a part of a
    word: 技师 is not 高级技师."""
    wanted = {folded(grade)} | {form for title in titles for form in _forms(title)}
    return folded(typed) in wanted - {""}


def _forms(title: str) -> set[str]:
    found = set()
    for text in (title, _BRACKETS.sub("", title)):
        chunks = [chunk for chunk in _CHUNKS.split(text) if chunk]
        ends = {folded("".join(chunks[at:])) for at in range(len(chunks))}
        last = {folded(part) for part in chunks[-1].split("/")} if chunks else set()
        found |= ends | last
    return found


def titles_of(title: Mapping[str, str], signed: str) -> list[str]:
    """The title in every language, and as it was signed."""
    return [*title.values(), *signed.split(" · ")]
