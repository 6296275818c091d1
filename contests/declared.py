"""What an organiser states beside the marks (`facts`, `interests`): open to new keys, strict with
those that this program reads. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from core.scoring.codec import escape
from core.scoring.model import Finding

_TEXTS = (
    "profile",
    "occupation",
    "contest_class",
    "held_on",
    "organiser",
    "standard_level",
    "disclosure",
)
_OUTPUT_TEXTS = ("kind", "code", "grade", "issuer")
_SEAT_TEXTS = ("role", "seat", "panel", "group")
ASKED = "asked"
"""Key of the answers to what partner authorities ask (`PartnerRules.asked`): option code -> answer."""
RECOGNISED = "recognised"
"""Key of the partners' certificates that the contest is recognised for: a list of {code, level, minimum}."""
SMALL = "small"
PROFILES = ("", SMALL)
CORRECTION_DAYS, LONGEST_CORRECTION = 3, 60
_POINTS = re.compile(r"[0-9]{1,9}(\.[0-9]{1,6})?")
HANDLING = ("block", "recuse", "warn", "ignore")


def declared_findings(facts: Mapping[str, Any]) -> list[Finding]:
    """Everything in a contest's facts that could not be read later."""
    findings = [*_floats(facts, ""), *_texts(facts, _TEXTS, "")]
    if isinstance(facts.get("held_on"), str) and facts["held_on"]:
        findings += _date(facts["held_on"])
    if facts.get("profile", "") not in PROFILES:
        params = {"value": str(facts["profile"])[:40], "known": ", ".join(PROFILES[1:])}
        findings.append(Finding("/profile", "unknown-value", params))
    if not 1 <= correction_days(facts) <= LONGEST_CORRECTION:
        params = {"value": str(facts["correction_days"])[:40], "maximum": str(LONGEST_CORRECTION)}
        findings.append(Finding("/correction_days", "number-out-of-range", params))
    findings += _mapping(facts, ASKED, _answer)
    findings += _mapping(facts, "conflicts", _handling)
    findings += _mapping(facts, "registered", _count)
    findings += _seats(facts.get("seats", []))
    findings += _recognised(facts.get(RECOGNISED, []))
    outputs = facts.get("outputs", [])
    if not isinstance(outputs, list):
        return [*findings, _wrong("/outputs", "list", outputs)]
    return [*findings, *(f for i, one in enumerate(outputs) for f in _output(one, f"/outputs/{i}"))]


def correction_days(facts: Mapping[str, Any]) -> int:
    """Within so many days a correction is to be answered before others are told of it; 0 when what is
    stated is no number of days."""
    stated = facts.get("correction_days", CORRECTION_DAYS)
    return stated if type(stated) is int else 0


def plain(value: object) -> str:
    """As interests are compared: without spaces, capitals or small letters."""
    return "".join(str(value).casefold().split())


def interest_findings(interests: Mapping[str, Any]) -> list[Finding]:
    """Every interest is a text or a list of texts."""
    return [
        _wrong(f"/{escape(kind)}", "text", stated)
        for kind, stated in interests.items()
        if not (isinstance(stated, str) or _texts_only(stated))
    ]


def _seats(seats: Any) -> list[Finding]:
    """Planned duties, as a contest brings them along from last year's."""
    if not isinstance(seats, list):
        return [_wrong("/seats", "list", seats)]
    findings: list[Finding] = []
    for place, one in enumerate(seats):
        at = f"/seats/{place}"
        if not isinstance(one, Mapping):
            findings.append(_wrong(at, "object", one))
            continue
        findings += _texts(one, _SEAT_TEXTS, at)
        if not _texts_only(one.get("modules", [])):
            findings.append(_wrong(f"{at}/modules", "list", one["modules"]))
    return findings


def _recognised(chosen: Any) -> list[Finding]:
    if not isinstance(chosen, list):
        return [_wrong(f"/{RECOGNISED}", "list", chosen)]
    findings: list[Finding] = []
    for place, one in enumerate(chosen):
        at = f"/{RECOGNISED}/{place}"
        if not isinstance(one, Mapping):
            findings.append(_wrong(at, "object", one))
            continue
        if "code" not in one:
            findings.append(Finding(f"{at}/code", "missing-key", {"key": "code"}))
        findings += _texts(one, ("code", "level", "minimum"), at)
        minimum = one.get("minimum") or ""
        if isinstance(minimum, str) and minimum and not _POINTS.fullmatch(minimum):
            params = {"value": minimum[:40]}
            findings.append(Finding(f"{at}/minimum", "points-unreadable", params))
    return findings


def _output(one: Any, at: str) -> list[Finding]:
    if not isinstance(one, Mapping):
        return [_wrong(at, "object", one)]
    findings = [
        Finding(f"{at}/{key}", "missing-key", {"key": key})
        for key in ("kind", "code")
        if key not in one
    ]
    findings += _texts(one, _OUTPUT_TEXTS, at)
    if not _texts_only(one.get("prizes") or []):
        findings.append(_wrong(f"{at}/prizes", "list", one["prizes"]))
    if not isinstance(one.get("title", {}), Mapping):
        findings.append(_wrong(f"{at}/title", "object", one["title"]))
    for key in ("rank", "minimum"):
        findings += _count(one.get(key) or 0, f"{at}/{key}")
    return findings


def _texts(values: Mapping[str, Any], keys: Iterable[str], at: str) -> list[Finding]:
    return [
        _wrong(f"{at}/{key}", "text", values[key])
        for key in keys
        if key in values and not isinstance(values[key], str)
    ]


def _texts_only(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(item, str) for item in value)


def _mapping(
    facts: Mapping[str, Any], name: str, each: Callable[[Any, str], list[Finding]]
) -> list[Finding]:
    given = facts.get(name, {})
    if not isinstance(given, Mapping):
        return [_wrong(f"/{name}", "object", given)]
    return [f for key, item in given.items() for f in each(item, f"/{name}/{escape(key)}")]


def _handling(value: Any, at: str) -> list[Finding]:
    if value in HANDLING:
        return []
    params = {"value": str(value)[:40], "known": ", ".join(HANDLING)}
    return [Finding(at, "unknown-value", params)]


def _answer(value: Any, at: str) -> list[Finding]:
    """A text or a whole number, as the typed questions of partners give them."""
    plain_value = isinstance(value, str | int) and not isinstance(value, bool)
    return [] if plain_value and len(str(value)) <= 200 else [_wrong(at, "text", value)]


def _count(value: Any, at: str) -> list[Finding]:
    text = str(value)
    if not isinstance(value, bool) and len(text) <= 9 and text.isascii() and text.isdecimal():
        return []
    return [Finding(at, "count-unreadable", {"value": text[:40]})]


def _date(text: str) -> list[Finding]:
    try:
        date.fromisoformat(text)
    except ValueError:
        return [Finding("/held_on", "date-malformed", {"value": text[:40]})]
    return []


def _floats(value: Any, at: str) -> list[Finding]:
    """A number that decides is written as text."""
    if isinstance(value, float):
        return [Finding(at, "number-not-text", {"value": str(value)[:40]})]
    if isinstance(value, Mapping):
        return [f for key, item in value.items() for f in _floats(item, f"{at}/{escape(key)}")]
    if isinstance(value, list | tuple):
        return [f for i, item in enumerate(value) for f in _floats(item, f"{at}/{i}")]
    return []


def _wrong(at: str, expected: str, found: Any) -> Finding:
    names = {dict: "object", list: "list", str: "text", bool: "true or false", int: "number"}
    params = {"expected": expected, "found": names.get(type(found), "null")}
    return Finding(at, "wrong-type", params)
