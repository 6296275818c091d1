"""PURE: what is wrong with what was typed into a form, all of it at once, each at its field."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date

from core.scoring.model import Finding

LONGEST_LINE, LONGEST_TEXT = 120, 2000
_TELEPHONE = re.compile(r"\+?[0-9][0-9 ()/-]{4,24}")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
_AMOUNT = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,3})?")
_NUMBERS = re.compile(r"(?:\+?[0-9][ ()./-]{0,2}){8,}")
_DATES = re.compile(r"(?:19|20)[0-9]{2}[-./年][0-9]{1,2}[-./月][0-9]{1,2}")
_ADDRESSES = re.compile(r"[\w.+-]+\s*(?:@|＠)\s*[\w-]+(?:\.[\w-]+)+|https?://|www\.", re.IGNORECASE)


def plain(text: object) -> str:
    """As it was meant: without spaces around it, lines ended in one way."""
    return unicodedata.normalize("NFC", str(text or "").replace("\r\n", "\n").strip())


def narrow(text: object) -> str:
    """For numbers, telephones and dates: full-width digits as ordinary ones."""
    return unicodedata.normalize("NFKC", plain(text))


def decimal(text: object) -> str:
    """A figure as we write it, also from a decimal comma."""
    typed = narrow(text)
    return typed.replace(",", ".") if typed.count(",") == 1 and "." not in typed else typed


def line(at: str, text: str, *, most: int = LONGEST_LINE, needed: bool = True) -> list[Finding]:
    if len(text) > most or not text.isprintable() or (needed and not text):
        return [Finding(at, "matching.text" if needed else "matching.long", {"most": str(most)})]
    return []


def words(at: str, text: str, *, most: int = LONGEST_TEXT, needed: bool = True) -> list[Finding]:
    """Several lines. Nothing by which somebody can be reached may stand in them."""
    unseen = any(not part.isprintable() for part in text.split("\n"))
    if len(text) > most or unseen or (needed and not text):
        return [Finding(at, "matching.text" if needed else "matching.long", {"most": str(most)})]
    return reachable_in(at, text)


def reachable_in(at: str, text: str) -> list[Finding]:
    """A telephone number (eight digits or more) or an address of mail or web in an open text."""
    folded = _DATES.sub("/", unicodedata.normalize("NFKC", text))
    if _NUMBERS.search(folded) or _ADDRESSES.search(folded):
        return [Finding(at, "matching.contact-in-text")]
    return []


def contact(telephone: str, email: str) -> list[Finding]:
    found = []
    if telephone and not _TELEPHONE.fullmatch(telephone):
        found.append(Finding("/telephone", "matching.telephone"))
    if email and (len(email) > LONGEST_LINE or not _EMAIL.fullmatch(email)):
        found.append(Finding("/email", "matching.email"))
    if not telephone and not email:
        found.append(Finding("/telephone", "matching.reachable"))
    return found


def day(at: str, text: str, *, needed: bool = False) -> list[Finding]:
    if (needed or text) and not is_day(text):
        return [Finding(at, "matching.day", {"value": text[:40]})]
    return []


def period(first: str, last: str) -> list[Finding]:
    found = [*day("/from_day", first), *day("/until_day", last)]
    if not found and first and last and last < first:
        found.append(Finding("/until_day", "matching.period"))
    return found


def is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def number(at: str, text: str, *, least: int, most: int) -> list[Finding]:
    if not text.isascii() or not text.isdigit() or len(text) > 9 or not least <= int(text) <= most:
        return [Finding(at, "matching.number", {"least": str(least), "most": str(most)})]
    return []


def amount(at: str, text: str) -> list[Finding]:
    if not _AMOUNT.fullmatch(text):
        return [Finding(at, "matching.amount", {"value": text[:40]})]
    return []


def thousandths(text: str) -> int:
    """Of an amount that `amount` found right."""
    whole, _, part = text.lstrip("-").partition(".")
    value = int(whole) * 1000 + int(part.ljust(3, "0") or 0)
    return -value if text.startswith("-") else value


def shown_amount(value: int) -> str:
    """1234500 -> "1234.5"."""
    sign, whole, part = "-" if value < 0 else "", abs(value) // 1000, abs(value) % 1000
    return f"{sign}{whole}" + (f".{part:03d}".rstrip("0") if part else "")


def chosen(
    at: str, codes: Sequence[str], known: Mapping[str, object], *, needed: bool
) -> list[Finding]:
    if any(code not in known for code in codes) or (needed and not codes):
        return [Finding(at, "matching.choice")]
    return []
