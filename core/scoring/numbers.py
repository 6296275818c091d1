"""Exact numbers as text: what the API accepts, what people type, and rounding half up."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction

from core.scoring.model import Finding, Milli

_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,12})?", re.ASCII)
_MILLI = re.compile(r"-?(0|[1-9][0-9]{0,11})(\.[0-9]{1,3}0*)?", re.ASCII)
_LONG = re.compile(r"-?(0|[1-9][0-9]{0,40})(\.[0-9]{1,40})?", re.ASCII)
_RATIO = re.compile(r"-?(0|[1-9][0-9]{0,40})/[1-9][0-9]{0,40}", re.ASCII)
_MINUS = {"−": "-", "-": "-", "﹣": "-"}
_POINT = {"。": ".", "．": ".", "，": ",", "、": ","}


@dataclass(frozen=True, slots=True)
class Typed:
    """A number that a person typed, and the text to show as "understood as"."""

    value: Milli
    understood: str
    changed: bool
    """The text was not what the API would accept: show `understood` before it is saved."""


def parse_api(text: object) -> Milli | Finding:
    """ "7.25" -> 7250. Nothing but ASCII digits, one point, at most three decimals that count."""
    if not isinstance(text, str):
        return Finding("", "number-not-text", {"value": str(text)})
    if not _MILLI.fullmatch(text):
        return Finding("", "number-unreadable", {"value": text[:40]})
    whole, _, decimals = text.removeprefix("-").partition(".")
    value = int(whole) * 1000 + int(f"{decimals}000"[:3])
    return -value if text.startswith("-") else value


def parse_typed(text: str) -> Typed | Finding:
    """Full-width digits, a decimal comma and spaces around are understood: "７，２５" -> 7250."""
    plain = _plain(text)
    value = parse_api(plain)
    if isinstance(value, Finding):
        return Finding("", value.code, {"value": text[:40]})
    return Typed(value, milli_text(value), changed=plain != text)


def plain_decimal(text: str) -> str | None:
    """The canonical decimal of a typed or imported number with any decimals, or None."""
    plain = _plain(text)
    return decimal_text(Fraction(plain)) if _DECIMAL.fullmatch(plain) else None


def exact(text: str) -> Fraction:
    """A strict decimal ("1.25") or ratio ("2/3"); ValueError otherwise."""
    if _LONG.fullmatch(text) or _RATIO.fullmatch(text):
        return Fraction(text)
    raise ValueError(f"{text[:40]!r} is not a decimal number such as 1.25 or a ratio such as 2/3")


def half_up(value: Fraction, decimals: int) -> Fraction:
    """Rounded to so many decimals; a half goes away from zero, as on paper (四舍五入)."""
    scale = 10**decimals
    doubled = 2 * abs(value.numerator) * scale
    rounded = (doubled + value.denominator) // (2 * value.denominator)
    return Fraction(rounded if value >= 0 else -rounded, scale)


def milli_text(value: Milli) -> str:
    """1250 -> "1.25"; no trailing zeros, no exponent."""
    sign = "-" if value < 0 else ""
    whole, thousandths = divmod(abs(value), 1000)
    return f"{sign}{whole}.{thousandths:03d}".rstrip("0").rstrip(".")


def decimal_text(value: Fraction) -> str:
    """The shortest exact text: a decimal where there is one, else "n/d"."""
    numerator, denominator = value.numerator, value.denominator
    if denominator == 1:
        return str(numerator)
    decimals = _decimals(denominator)
    if decimals is None:
        return f"{numerator}/{denominator}"
    digits = str(abs(numerator) * 10**decimals // denominator).rjust(decimals + 1, "0")
    sign = "-" if numerator < 0 else ""
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}"


def rounded_text(value: Fraction, decimals: int) -> str:
    """Rounded half up and printed with exactly so many decimals: 7 -> "7.00"."""
    scaled = half_up(value, decimals) * 10**decimals
    digits = str(abs(scaled.numerator)).rjust(decimals + 1, "0")
    sign = "-" if scaled < 0 else ""
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}" if decimals else f"{sign}{digits}"


def _decimals(denominator: int) -> int | None:
    """How many decimals 1/denominator needs; None when it never ends."""
    twos = (denominator & -denominator).bit_length() - 1
    rest, fives = denominator >> twos, 0
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    return max(twos, fives) if rest == 1 else None


def _plain(text: str) -> str:
    """ASCII digits, one point; a comma is a decimal comma only when it stands alone."""
    folded = unicodedata.normalize("NFKC", "".join(_POINT.get(c, c) for c in text.strip()))
    folded = "".join(_MINUS.get(c, c) for c in folded)
    if folded.count(",") == 1 and "." not in folded:
        folded = folded.replace(",", ".")
    if folded.startswith("+"):
        folded = folded[1:]
    return f"0{folded}" if folded.startswith(".") else folded
