"""The questions that a contest type asks the organiser, and the strict reading of the answers.

Strict as the API is: full-width digits, a decimal comma and floats are refused here. Forms and
workbooks turn what was typed into canonical numbers before they call `read_options`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from core.findings import register
from core.option_messages import SENTENCES
from core.scoring.model import Finding, Text
from core.scoring.numbers import decimal_text

if TYPE_CHECKING:
    from core.contest_type import ContestType

Options = Mapping[str, Any]
"""Validated option values by code; decimals as strings, tables as lists of mappings."""

register(SENTENCES)

LONGEST_TEXT = 2_000
MOST_ROWS = 200

_WHOLE = re.compile(r"-?[0-9]{1,12}")
_DECIMAL = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,12})?")


def text(hans: str, hant: str, en: str, pt: str) -> Text:
    """One sentence or name in the four languages of the platform, in their fixed order."""
    return {"zh-Hans": hans, "zh-Hant": hant, "en": en, "pt": pt}


@dataclass(frozen=True, slots=True)
class Choice:
    code: str
    title: Text


@dataclass(frozen=True, slots=True)
class Option:
    """One typed question that the organiser answers when a contest of this type is made.

    kind: "int", "decimal", "bool", "text", "choice" or "table" (rows of `columns`).
    minimum and maximum are decimal strings and bind "int" and "decimal".
    """

    code: str
    kind: str
    title: Text
    default: Any
    help: Text = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    minimum: str | None = None
    maximum: str | None = None
    columns: tuple[Option, ...] = ()
    required: bool = False
    decimals: int = 3
    """Most decimals of a "decimal": three, as marks are thousandths."""
    first: bool = False
    """A form asks it at once; the others stand under "more" with their defaults."""
    when: tuple[str, tuple[str, ...]] | None = None
    """("prize_method", ("counts",)): a form asks it only while that choice has one of these codes."""


@dataclass(frozen=True, slots=True)
class Template:
    """A ready set of answers that a contest can start from: the rest stay at their defaults."""

    code: str
    title: Text
    options: Options


def asked(option: Option, options: Mapping[str, Any]) -> bool:
    """Whether a form asks it, given the answers to the others; a pointless one is not shown."""
    return option.when is None or str(options.get(option.when[0])) in option.when[1]


def read_options(
    contest_type: ContestType, raw: Mapping[str, Any]
) -> tuple[Options, list[Finding]]:
    """The answers with every default filled in, and everything wrong with them at once.

    Pointers are into `raw` ("/judges", "/criteria/2/maximum"). Rules between options
    (`check_options`) are asked only when each single value is right. The options are complete and
    usable exactly when there are no findings.
    """
    options, findings = _read(contest_type.options, raw, "")
    if not findings:
        findings = contest_type.check_options(options)
    return options, findings


def read_answers(
    declared: Sequence[Option], raw: Mapping[str, Any], place: str = ""
) -> tuple[Options, list[Finding]]:
    """Answers to questions that no contest type asks; one that was not answered and has no default
    is left out. Pointers begin with `place`."""
    given = {code: value for code, value in raw.items() if value not in (None, "")}
    answered = [one for one in declared if one.code in given or one.default is not None]
    return _read(answered, given, place)


def _read(
    declared: Sequence[Option], raw: Mapping[str, Any], place: str
) -> tuple[dict[str, Any], list[Finding]]:
    findings = _unknown(declared, raw, place)
    values: dict[str, Any] = {}
    for option in declared:
        pointer = f"{place}/{_escaped(option.code)}"
        given = raw.get(option.code)
        if given is None and option.required:
            findings.append(Finding(pointer, "option-required", {"option": option.code}))
            continue
        value, wrong = _value(option, option.default if given is None else given, pointer)
        values[option.code] = value
        findings += wrong
    return values, findings


def _unknown(declared: Sequence[Option], raw: Mapping[str, Any], place: str) -> list[Finding]:
    known = [option.code for option in declared]
    return [
        Finding(
            f"{place}/{_escaped(str(code))}",
            "option-unknown",
            {
                "option": str(code),
                "nearest": next(iter(get_close_matches(str(code), known, 1, 0.0)), ""),
                "known": ", ".join(known),
            },
        )
        for code in raw
        if code not in known
    ]


def _value(option: Option, given: Any, pointer: str) -> tuple[Any, list[Finding]]:
    match option.kind:
        case "int":
            return _number(option, given, pointer, _WHOLE, "option-whole-number")
        case "decimal":
            return _number(option, given, pointer, _DECIMAL, "option-decimal")
        case "bool":
            return _expected(isinstance(given, bool), given, pointer, "option-truth")
        case "text":
            return _text(given, pointer)
        case "choice":
            return _choice(option, given, pointer)
        case "table":
            return _table(option, given, pointer)
    raise ValueError(f"Option {option.code!r} has the unknown kind {option.kind!r}.")


def _number(
    option: Option, given: Any, pointer: str, pattern: re.Pattern[str], code: str
) -> tuple[Any, list[Finding]]:
    # A bool is an int to Python, and a float has already lost what was written.
    plain = isinstance(given, int | str) and not isinstance(given, bool)
    if not plain or not pattern.fullmatch(str(given)):
        return None, [Finding(pointer, code, {"value": _shown(given)})]
    number = Fraction(str(given))
    if (number * 10**option.decimals).denominator != 1:
        return None, [Finding(pointer, "option-too-fine", {"decimals": str(option.decimals)})]
    value = int(number) if option.kind == "int" else decimal_text(number)
    return value, _out_of_range(option, number, pointer)


def _out_of_range(option: Option, number: Fraction, pointer: str) -> list[Finding]:
    low, high = option.minimum, option.maximum
    params = {"minimum": low or "", "maximum": high or ""}
    if low is not None and number < Fraction(low):
        return [Finding(pointer, "option-too-small", params)]
    if high is not None and number > Fraction(high):
        return [Finding(pointer, "option-too-large", params)]
    return []


def _expected(right: bool, given: Any, pointer: str, code: str) -> tuple[Any, list[Finding]]:
    return given, [] if right else [Finding(pointer, code, {"value": _shown(given)})]


def _text(given: Any, pointer: str) -> tuple[Any, list[Finding]]:
    if not isinstance(given, str):
        return _expected(False, given, pointer, "option-text")
    if len(given) > LONGEST_TEXT:
        return given, [Finding(pointer, "option-too-long", {"limit": str(LONGEST_TEXT)})]
    return given.strip(), []


def _choice(option: Option, given: Any, pointer: str) -> tuple[Any, list[Finding]]:
    known = [choice.code for choice in option.choices]
    if given in known:
        return given, []
    params = {"value": _shown(given), "known": ", ".join(known)}
    return given, [Finding(pointer, "option-choice", params)]


def _table(option: Option, given: Any, pointer: str) -> tuple[Any, list[Finding]]:
    if not isinstance(given, list | tuple):
        return _expected(False, given, pointer, "option-table")
    if len(given) > MOST_ROWS:
        return [], [Finding(pointer, "option-too-many-rows", {"limit": str(MOST_ROWS)})]
    rows: list[dict[str, Any]] = []
    findings: list[Finding] = []
    for position, row in enumerate(given):
        if not isinstance(row, Mapping):
            findings.append(Finding(f"{pointer}/{position}", "option-row", {"value": _shown(row)}))
            continue
        values, wrong = _read(option.columns, row, f"{pointer}/{position}")
        rows.append(values)
        findings += wrong
    return rows, findings


def _shown(value: Any) -> str:
    return str(value)[:80]


def _escaped(part: str) -> str:
    return part.replace("~", "~0").replace("/", "~1")
