"""Numbers of level certificates, as the body gave them: what is wrong, and what is only odd.

人社鉴发〔2019〕2号: one letter (Y an employer, S another body), then 4 digits of the body's code, 2 of its
province, 6 of its serial, 2 of the year, 1 of the level, 6 of the certificate. A special-grade technician's
has two letters and 20 digits. Certificates of the time before have 16 digits: year, province, city,
kind of body, body, level, serial. For rank-1 and rank-8 no rule was published.
"""

from __future__ import annotations

import re
import unicodedata

from core.scoring.model import Finding
from core.skill_levels import LEVELS

LEVEL_NUMBER = re.compile(r"[YS][0-9]{21}")
SPECIAL = re.compile(r"[A-Z]{2}[0-9]{20}")
OLD = re.compile(r"[0-9]{16}")
_UNPUBLISHED = re.compile(r"(?=.{22}$)[A-Z]{1,2}[0-9]+")
LONGEST = 40


def normalised(typed: str) -> str:
    """Without spaces, in capitals and narrow digits."""
    return re.sub(r"[\s-]+", "", unicodedata.normalize("NFKC", typed)).upper()


def number_findings(number: str, level: str) -> list[Finding]:
    """Of a certificate that is granted now."""
    shown = {"number": number[:LONGEST]}
    if level in LEVELS:
        if not LEVEL_NUMBER.fullmatch(number):
            return [Finding("/number", "credentials.level-number", shown)]
        if number[15] != level:
            params = {"level": number[15], "grade": level}
            return [Finding("/number", "credentials.level-of-number", params)]
        return []
    if level == "rank-7":
        fits = SPECIAL.fullmatch(number)
        return [] if fits else [Finding("/number", "credentials.number-special", shown)]
    fits = _UNPUBLISHED.fullmatch(number)
    return [] if fits else [Finding("/number", "credentials.number-unpublished", shown)]


def held_number_findings(number: str, level: str) -> list[Finding]:
    """Of a certificate that somebody holds already, which may be an old one."""
    if OLD.fullmatch(number):
        if level in LEVELS and number[10] != level:
            params = {"said": number[10], "level": level}
            return [Finding("/number", "credentials.number-level", params)]
        return []
    if not number_findings(number, level):
        return []
    if LEVEL_NUMBER.fullmatch(number) and level in LEVELS:
        params = {"said": number[15], "level": level}
        return [Finding("/number", "credentials.number-level", params)]
    return [Finding("/number", "credentials.number-any", {"number": number[:LONGEST]})]


def number_warnings(number: str, day: str, province: str = "") -> list[Finding]:
    """Of a number that is well-formed: what does not go with the day, or with the body's province."""
    found = []
    if (year := year_of(number)) and day[2:4] != year:
        params = {"said": f"{'19' if year > '70' else '20'}{year}", "day": day}
        found.append(Finding("/number", "credentials.number-year", params))
    if province and LEVEL_NUMBER.fullmatch(number) and number[5:7] != province:
        params = {"said": number[5:7], "province": province}
        found.append(Finding("/number", "credentials.number-province", params))
    return found


def year_of(number: str) -> str:
    """Its two digits; "" where the rule for it was not published."""
    if LEVEL_NUMBER.fullmatch(number):
        return number[13:15]
    return number[:2] if OLD.fullmatch(number) else ""
