"""Single values of a table of people as they are typed, into what is kept. Pure.

Each function returns the value ("" when there is none) and the code of what is wrong, or ""."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta

from contests.entering.cells import narrow
from contests.entering.names import folded
from core.skill_levels import LEVELS, RANKS

Read = tuple[str, str]
"""value, code of the finding ("" for none; ending in "-warning" when it is only unusual)."""

_FOUR_FIRST = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_MONTH = re.compile(r"(\d{4})[-/.年](\d{1,2})月?")
_FOUR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_EIGHT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SERIAL = re.compile(r"\d{5}")
_FIRST_DAY = date(1899, 12, 30)
"""Day 0 of Excel's calendar, with the leap day of 1900 that never was."""
_PHONE = re.compile(r"\+?[0-9]{6,18}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")

_YES = {"是", "y", "yes", "1", "true", "sim", "s", "x", "✓", "√", "对", "替补", "后备", "候补", "suplente", "reserve"}  # fmt: skip
_NO = {"", "否", "n", "no", "0", "false", "nao", "不是", "无", "正式", "正选", "非"}
_GENDERS = {"男": "m", "m": "m", "male": "m", "masculino": "m", "男性": "m", "先生": "m",
            "女": "f", "f": "f", "female": "f", "feminino": "f", "女性": "f", "女士": "f"}  # fmt: skip
_SHORT = {"初级": "5", "中级": "4", "高级": "3"}


def _levels() -> dict[str, str]:
    """Every way in which the five national levels are written -> their number; "" for the three words of the
    newer scale that no national number stands for."""
    known = {**_SHORT, **{number: number for number in LEVELS}}
    for rank, words in RANKS.items():
        number = str(7 - rank)
        known |= dict.fromkeys(words.values(), number if number in LEVELS else "")
    for number, title in LEVELS.items():
        known |= dict.fromkeys(title.values(), number)
        known |= {title[one].partition("/")[0]: number for one in ("zh-Hans", "zh-Hant")}
        known |= {title[one].partition(" (")[0]: number for one in ("en", "pt")}
    return {folded(word): number for word, number in known.items()}


_LEVELS = _levels()
_GROUPS = {"职工组": "workers", "职工": "workers", "工人组": "workers",
           "学生组": "students", "学生": "students", "院校组": "students"}  # fmt: skip
_NOTHING = {"", "无", "没有", "-", "/", "—", "none", "nil", "n/a", "nenhum"}


def day(words: str) -> Read:
    """A date as YYYY-MM-DD. 1990年1月31日, 1990/1/31, 19900131, 31/01/1990 and Excel's day numbers."""
    plain = narrow(words)
    if not plain:
        return "", ""
    for pattern in (_FOUR_FIRST, _EIGHT):
        if found := pattern.fullmatch(plain):
            return _date(int(found[1]), int(found[2]), int(found[3]))
    if found := _FOUR_LAST.fullmatch(plain):
        value, wrong = _date(int(found[3]), int(found[2]), int(found[1]))
        unclear = int(found[1]) <= 12 and found[1] != found[2]
        return value, wrong or ("people-date-order-warning" if unclear else "")
    if _SERIAL.fullmatch(plain) and 3654 <= int(plain) <= 60000:
        return (_FIRST_DAY + timedelta(days=int(plain))).isoformat(), "people-date-serial-warning"
    if _MONTH.fullmatch(plain):
        return "", "people-date-month-only"
    return "", "people-date-unreadable"


def yes(words: str) -> Read:
    plain = folded(words) or words.strip().casefold()
    if plain in {folded(w) or w for w in _YES}:
        return "yes", ""
    return "", "" if plain in {folded(w) for w in _NO} else "people-yes-unreadable"


def gender(words: str) -> Read:
    plain = folded(words)
    if not plain:
        return "", ""
    found = _GENDERS.get(plain, "")
    return found, "" if found else "people-gender-unreadable"


def level(words: str) -> Read:
    """ "5" to "1" as the national standard counts."""
    plain = folded(words)
    if plain in {folded(w) for w in _NOTHING}:
        return "", ""
    longest_first = sorted(_LEVELS, key=len, reverse=True)
    word = next((one for one in longest_first if len(one) > 1 and one in plain), plain)
    found = _LEVELS.get(word, "")
    return found, "" if found else "people-level-unreadable-warning"


def group(words: str) -> Read:
    known = {folded(word): code for word, code in _GROUPS.items()}
    plain = unicodedata.normalize("NFKC", words).strip()
    return known.get(folded(words), plain)[:40], ""


def phone(words: str) -> Read:
    plain = re.sub(r"[()\-]", "", narrow(words))
    return plain, "" if not plain or _PHONE.fullmatch(plain) else "people-phone-warning"


def email(words: str) -> Read:
    plain = narrow(words)
    return plain, "" if not plain or _EMAIL.fullmatch(plain) else "people-email-warning"


def titles(words: str) -> list[str]:
    """全国技术能手、五一劳动奖章 -> two titles."""
    parts = [part.strip() for part in re.split(r"[、,，;；/\n]+", words)]
    return [part for part in parts if folded(part) not in {folded(w) for w in _NOTHING}]


def _date(year: int, month: int, number: int) -> Read:
    try:
        return date(year, month, number).isoformat(), ""
    except ValueError:
        return "", "people-date-none"
