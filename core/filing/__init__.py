"""What an assessment body is filed for (备案): the occupations and levels that it may certify, from when
to when. Kept as JSON in `Organisation.filing`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from core.scoring.model import Finding
from core.skill_levels import ALL_LEVELS

LONGEST = 120
MOST_OCCUPATIONS = 500
OCCUPATION = re.compile(r"[0-9]-[0-9]{2}-[0-9]{2}-[0-9]{2}|[a-z][a-z0-9-]{1,39}")
_TEXTS, _LISTS, _DAYS = ("number", "authority"), ("occupations", "levels"), ("valid_from", "valid_until")  # fmt: skip
_FIELDS = (*_TEXTS, *_LISTS, *_DAYS, "province")


@dataclass(frozen=True, slots=True)
class Filing:
    """province: the two digits in the body's certificate numbers, "" when nobody said. Days are ISO
    dates, both included."""

    number: str
    authority: str
    occupations: tuple[str, ...]
    levels: tuple[str, ...]
    valid_from: str
    valid_until: str
    province: str = ""

    def runs_on(self, day: str) -> bool:
        return self.valid_from <= day <= self.valid_until


def filing_of(stored: str) -> Filing | None:
    """None: there is none, or it is too incomplete to rest a certificate on."""
    given = json.loads(stored) if stored else {}
    return None if not given or filing_findings(given) else _filing(given)


def stored(filing: Filing) -> dict[str, Any]:
    return {name: value for name, value in asdict(filing).items() if value}


def typed_filing(given: Mapping[str, str]) -> dict[str, Any]:
    """Of a form, where a list is one text with spaces, commas or lines between."""
    return {
        **{name: given.get(name, "").strip() for name in (*_TEXTS, *_DAYS, "province")},
        "occupations": _split(given.get("occupations", "")),
        "levels": _split(given.get("levels", "")),
    }


def filing_findings(given: Mapping[str, Any], at: str = "") -> list[Finding]:
    """Everything that is wrong with a filing. at: pointer of the filing itself."""
    found = [
        Finding(f"{at}/{name[:40]}", "filing-unknown", {"field": name[:40], "known": ", ".join(_FIELDS)})
        for name in given
        if name not in _FIELDS
    ]  # fmt: skip
    for name in _TEXTS:
        if not _is_text(given.get(name)):
            found.append(Finding(f"{at}/{name}", "filing-text", {"most": str(LONGEST)}))
    found += _occupations(given.get("occupations"), f"{at}/occupations")
    found += _levels(given.get("levels"), f"{at}/levels")
    found += _days(given, at)
    if not re.fullmatch(r"([0-9]{2})?", str(given.get("province", ""))):
        found.append(Finding(f"{at}/province", "filing-province", {}))
    return found


def _filing(given: Mapping[str, Any]) -> Filing:
    return Filing(
        given["number"],
        given["authority"],
        tuple(given["occupations"]),
        tuple(given["levels"]),
        given["valid_from"],
        given["valid_until"],
        given.get("province", ""),
    )


def _occupations(codes: Any, at: str) -> list[Finding]:
    if not _is_list(codes) or len(codes) > MOST_OCCUPATIONS:
        return [Finding(at, "filing-list", {})]
    wrong = [code for code in codes if not OCCUPATION.fullmatch(code)]
    return [Finding(at, "filing-occupation", {"code": code[:40]}) for code in wrong]


def _levels(codes: Any, at: str) -> list[Finding]:
    if not _is_list(codes):
        return [Finding(at, "filing-list", {})]
    known = ", ".join(ALL_LEVELS)
    return [
        Finding(at, "filing-level", {"code": code[:40], "known": known})
        for code in codes
        if code not in ALL_LEVELS
    ]


def _days(given: Mapping[str, Any], at: str) -> list[Finding]:
    days = {name: str(given.get(name, "")) for name in _DAYS}
    found = [
        Finding(f"{at}/{name}", "filing-day", {"day": day[:40]})
        for name, day in days.items()
        if not is_day(day)
    ]
    if not found and days["valid_until"] < days["valid_from"]:
        found.append(Finding(f"{at}/valid_until", "filing-days", {}))
    return found


def is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _is_text(value: Any) -> bool:
    return (
        isinstance(value, str)
        and bool(value.strip())
        and len(value) <= LONGEST
        and value.isprintable()
    )


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str) and bool(value) and _are_texts(value)  # fmt: skip


def _are_texts(values: Iterable[Any]) -> bool:
    return all(isinstance(value, str) for value in values)


def _split(text: str) -> list[str]:
    return list(dict.fromkeys(part for part in re.split(r"[\s,,、;;]+", text) if part))
