"""One cell's value as text, with what a spreadsheet program did to it. Pure."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time
from typing import Any

from contests.entering.grid import LONGEST_CELL, Note

EXACT_DIGITS = 15
"""A spreadsheet number keeps so many digits; the rest are zeros that nobody typed."""
_POWER = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+?[0-9]{1,3}")
_QUOTED = re.compile(r'="(.*)"', re.DOTALL)
_SPACES = re.compile(r"[\s\u00a0\u3000\ufeff\u200b]+")


def text_of(value: Any, zeros: int = 0) -> tuple[str, Note | None]:
    """The text of a typed cell. zeros: the width of a format such as 000."""
    if value is None or isinstance(value, bool):
        return ("" if value is None else "1" if value else "0"), None
    if isinstance(value, datetime):
        return value.date().isoformat(), Note.DATE
    if isinstance(value, date):
        return value.isoformat(), Note.DATE
    if isinstance(value, time):
        return value.isoformat(timespec="minutes"), Note.DATE
    if isinstance(value, int | float):
        return _number(value, zeros)
    return plain(str(value)), lost_in(str(value))


def lost_in(value: str) -> Note | None:
    """Text such as 4.40106E+17, which a program wrote that had lost the digits before."""
    return Note.LOST if _POWER.fullmatch(unicodedata.normalize("NFKC", value).strip()) else None


def plain(value: str) -> str:
    """Without the tricks that keep digits in a table (a tab or an apostrophe in front, ="…"), with
    one space for any run of spaces, full-width ones and line breaks included."""
    quoted = _QUOTED.fullmatch(value.strip())
    value = quoted.group(1) if quoted else value
    value = _SPACES.sub(" ", value).strip()
    if value[:1] in ("'", "\u2019", "`") and value[1:2].isdigit():
        value = value[1:]
    return value[:LONGEST_CELL]


def narrow(value: str) -> str:
    """Full-width digits, letters and signs as ordinary ones, without any space: for numbers."""
    return _SPACES.sub("", unicodedata.normalize("NFKC", value))


def _number(value: int | float, zeros: int) -> tuple[str, Note]:
    whole = isinstance(value, int) or (
        value == value and abs(value) != float("inf") and value.is_integer()
    )
    if not whole:
        return repr(value), Note.NUMBER
    digits = str(int(value))
    if len(digits.lstrip("-")) > EXACT_DIGITS:
        return digits, Note.LOST
    return digits.rjust(zeros, "0") if zeros else digits, Note.NUMBER
