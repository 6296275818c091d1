"""Identity documents: spelling for comparison, format and check digits. Numbers are never echoed.

Sources: GB 11643 with ISO 7064 MOD 11-2 (mainland number and residence permit); the published
check-digit rule of the Hong Kong identity card; the Ministry of Public Security's notice of
2010-03-10 on the Home Return Permit. Macao publishes no check rule for the BIR, so an unusual
number there is only worth a second look.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date

from plugins import DocumentKind, Finding, text

MAINLAND_ID = DocumentKind(
    "mainland_id",
    text("居民身份证", "居民身份證", "Mainland resident identity card", "Bilhete de identidade de residente do Interior da China"),
)  # fmt: skip
HKID = DocumentKind(
    "hkid",
    text(
        "香港身份证", "香港身份證", "Hong Kong identity card", "Bilhete de identidade de Hong Kong"
    ),
)
BIR = DocumentKind(
    "macao_bir",
    text("澳门居民身份证", "澳門居民身份證", "Macao resident identity card (BIR)", "Bilhete de identidade de residente de Macau (BIR)"),
    certain=False,
)  # fmt: skip
HOME_RETURN_PERMIT = DocumentKind(
    "home_return_permit",
    text("港澳居民来往内地通行证", "港澳居民來往內地通行證", "Home Return Permit", "Salvo-conduto para deslocação ao Interior da China"),
)  # fmt: skip
RESIDENCE_PERMIT = DocumentKind(
    "residence_permit",
    text("港澳居民居住证", "港澳居民居住證", "Residence permit for Hong Kong and Macao residents", "Autorização de residência no Interior da China para residentes de Hong Kong e Macau"),
)  # fmt: skip

PERMIT_REGIONS = ("810000", "820000")
_NOT_A_MAINLAND_REGION = ("81", "82", "83")

_MAINLAND = re.compile(r"[1-9][0-9]{16}[0-9X]")
_HKID = re.compile(r"([A-Z]{1,2})([0-9]{6})([0-9A])")
_BIR = re.compile(r"[157][0-9]{7}")
_PERMIT = re.compile(r"[HM][0-9]{8}([0-9]{2})?")


def normalise(kind: str, number: str) -> str:
    """What is compared and hashed: upper case, no brackets, spaces or hyphens. The Home Return
    Permit keeps its first nine characters, which stay with the person when it is renewed."""
    folded = unicodedata.normalize("NFKC", number).upper()
    plain = "".join(character for character in folded if character.isalnum())
    return plain[:9] if kind == HOME_RETURN_PERMIT.code else plain


def check(kind: str, number: str, allowed: tuple[DocumentKind, ...]) -> list[Finding]:
    """Everything wrong with a number, as typed. Codes ending in "-warning" don't refuse it."""
    known = [document.code for document in allowed]
    if kind not in known:
        params = {"kind": kind, "known": ", ".join(known)}
        return [Finding("/kind", "document-kind-unknown", params)]
    whole = "".join(c for c in unicodedata.normalize("NFKC", number).upper() if c.isalnum())
    return [Finding("/number", code) for code in _CHECKS[kind](whole)]


def _mainland_id(number: str) -> list[str]:
    if not _MAINLAND.fullmatch(number):
        return ["mainland-id-format"]
    wrong = ["mainland-id-is-permit"] if number.startswith(_NOT_A_MAINLAND_REGION) else []
    return wrong + _date_and_check_digit(number)


def _residence_permit(number: str) -> list[str]:
    if not _MAINLAND.fullmatch(number):
        return ["residence-permit-format"]
    wrong = [] if number.startswith(PERMIT_REGIONS) else ["residence-permit-region"]
    return wrong + _date_and_check_digit(number)


def _date_and_check_digit(number: str) -> list[str]:
    wrong = [] if _is_date(number[6:14]) else ["mainland-id-date"]
    return wrong if mod_11_2(number[:17]) == number[17] else [*wrong, "mainland-id-check"]


def mod_11_2(digits: str) -> str:
    """ISO 7064 MOD 11-2: the check character of a string of digits."""
    total = 0
    for digit in digits:
        total = (total + int(digit)) * 2 % 11
    return "0123456789X"[(12 - total) % 11]


def _is_date(digits: str) -> bool:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True


def _hkid(number: str) -> list[str]:
    match = _HKID.fullmatch(number)
    if not match:
        return ["hkid-format"]
    letters, digits, check_digit = match.groups()
    return [] if hkid_check_digit(letters, digits) == check_digit else ["hkid-check"]


def hkid_check_digit(letters: str, digits: str) -> str:
    """A space counts 36 and A to Z 10 to 35; weights 9 to 2; 10 is written A."""
    values = [36 if c == " " else ord(c) - 55 for c in letters.rjust(2)] + [int(c) for c in digits]
    total = sum(value * weight for value, weight in zip(values, range(9, 1, -1), strict=True))
    return "0123456789A"[(11 - total % 11) % 11]


def _bir(number: str) -> list[str]:
    return [] if _BIR.fullmatch(number) else ["macao-bir-warning"]


def _home_return_permit(number: str) -> list[str]:
    return [] if _PERMIT.fullmatch(number) else ["home-return-permit-format"]


_CHECKS: Mapping[str, Callable[[str], list[str]]] = {
    MAINLAND_ID.code: _mainland_id,
    HKID.code: _hkid,
    BIR.code: _bir,
    HOME_RETURN_PERMIT.code: _home_return_permit,
    RESIDENCE_PERMIT.code: _residence_permit,
}
