"""One row with all its details as fields of a page, and back. Pure; nothing is refused here.

Only what was changed on the page changes in the row, so that history tells just that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from contests.schemes.document import Row
from core.scoring.model import Finding
from core.scoring.numbers import decimal_text, parse_typed, plain_decimal
from core.web.i18n import LANGUAGES

Fields = Mapping[str, str]

NUMBERS = ("maximum", "minimum", "step", "top", "spread", "weight", "factor")
COUNTS = ("judges", "round_panel", "round_award", "round_to")
TEXTS = (
    "id",
    "kind",
    "panel",
    "unit",
    "section",
    "requirement",
    "day",
    "group",
    "missing",
    "attempts",
)
TICKS = ("blind", "process")
OF_LEVEL: Mapping[str, tuple[str, ...]] = {
    "module": ("id", "maximum", "weight", "blind", "process", "round_to", "attempts", "missing"),
    "criterion": ("id", "maximum", "round_to"),
    "sub": ("id", "day", "group"),
    "aspect": (
        "id", "kind", "maximum", "minimum", "step", "judges", "panel", "top", "spread", "missing",
        "unit", "factor", "round_panel", "round_award", "section", "requirement",
    ),
}  # fmt: skip
DEFAULTS: Mapping[str, Any] = {
    "weight": "1", "factor": "1", "minimum": "0", "step": "0.01", "top": "3", "judges": 1, "round_award": 2,
    "panel": "referees", "missing": "block", "attempts": "last", "blind": True, "process": False,
}  # fmt: skip
_TRIM = ("high", "low", "minimum")
_OVER = ("limit", "points", "unit", "per", "exclude_after")
_OVER_DEFAULTS = {"unit": "1", "per": "started", "points": "0", "limit": "", "exclude_after": ""}
_MINUTES = ("limit", "unit", "exclude_after")
_CONTROL = ("widget", "unit", "step")
_DEFECT = ("code", "minimum", "maximum", "step", "repeatable")
LISTS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "CHOICE": ("choice", ("label", "deduction")),
    "RANGED_SCORE": ("range", ("from", "to", "deduction")),
    "TOLERANCE_BANDS": ("band", ("limit", "points")),
    "RMSE_BANDS": ("band", ("limit", "points")),
}
"""Calculators whose parameters are lines of a table: the line's name and its columns."""
PARAMETERS: Mapping[str, tuple[str, ...]] = {
    "PASS_FAIL": ("per", "deduction"),
    "NUMBER_COMPLETED": ("per", "total", "each"),
    "CHOICE": ("per",),
    "RANGED_SCORE": ("per",),
    "REGULAR_DIFFERENCE_DEDUCTION": (
        "per", "target_value", "difference", "difference_type", "counting", "deduction"),
    "PER_ERROR": ("per", "start", "deduction", "hit", "false_alarm"),
    "TOLERANCE_BANDS": ("per", "mode", "target"),
    "RMSE_BANDS": ("per", "mode", "accuracy", "minimum", "decimals"),
}  # fmt: skip
"""Single parameters of the standard calculators, in the order of the page."""


# --- to the page ----------------------------------------------------------------------------------


def fields_of(row: Row) -> dict[str, str]:
    """What stands in the page's fields."""
    found = {f"title-{language}": row.title.get(language, "") for language in LANGUAGES}
    for name in OF_LEVEL[row.level]:
        value = row.fields.get(name, DEFAULTS.get(name))
        found[name] = _shown(value)
    if row.level == "module":
        found |= _over_time(row.fields.get("over_time"))
    if row.level == "aspect":
        found |= _aspect(row.fields)
    return found


def _aspect(fields: Mapping[str, Any]) -> dict[str, str]:
    trim, control = fields.get("trim") or {}, fields.get("control") or {}
    found = {f"trim-{name}": _shown(trim.get(name, 0)) for name in _TRIM}
    found |= {f"control-{name}": _shown(control.get(name)) for name in _CONTROL}
    found["control-widget"] = found["control-widget"] or "grid"
    for i, texts in enumerate(fields.get("descriptors") or ()):
        found |= {f"scale-{i}-{language}": texts.get(language, "") for language in LANGUAGES}
    for i, defect in enumerate(fields.get("defects") or ()):
        found |= {f"defect-{i}-{name}": _shown(defect.get(name)) for name in _DEFECT}
        found[f"defect-{i}-step"] = found[f"defect-{i}-step"] or "0.5"
        title = defect.get("title") or {}
        found |= {f"defect-{i}-title-{language}": title.get(language, "") for language in LANGUAGES}
    return found | _calculation(fields.get("calculation"))


def _calculation(calculation: Mapping[str, Any] | None) -> dict[str, str]:
    if not calculation:
        return {"calculator": ""}
    name = str(calculation.get("name", ""))
    found = {"calculator": f"{name}@{calculation.get('version', 1)}"}
    parameters = calculation.get("parameters") or {}
    line, columns = LISTS.get(name, ("", ()))
    for key, value in parameters.items():
        parts = re.fullmatch(r"(choice|range)(\d{1,2})_(\w+)", key)
        if key == "bands" and isinstance(value, list):
            for i, band in enumerate(value):
                found |= {f"band-{i}-{c}": _shown(band.get(c)) for c in columns}
        elif parts and parts.group(1) == line:
            found[f"{line}-{int(parts.group(2)) - 1}-{parts.group(3)}"] = _shown(value)
        else:
            found[f"parameter-{key}"] = _shown(value)
    return found


def _over_time(rule: Mapping[str, Any] | None) -> dict[str, str]:
    if not rule:
        return {f"over-{name}": _OVER_DEFAULTS[name] for name in _OVER}
    found = {f"over-{name}": _shown(rule.get(name)) or _OVER_DEFAULTS[name] for name in _OVER}
    for name in _MINUTES:
        if isinstance(rule.get(name), int):
            found[f"over-{name}"] = decimal_text(Fraction(rule[name], 60))
    return found


def lines(fields: Fields, prefix: str) -> list[int]:
    """The numbers of the lines that are there, filled or not."""
    found = {
        int(match.group(1))
        for name in fields
        if (match := re.fullmatch(rf"{prefix}-(\d{{1,3}})-.+", name))
    }
    return sorted(found)


# --- and back -------------------------------------------------------------------------------------


def read_row(row: Row, sent: Fields) -> Row:
    """The row as the page means it."""
    before = fields_of(row)
    after = {**before, **_ticked(row, sent), **dict(sent.items())}
    changed = {name for name, value in after.items() if value != before.get(name, "")}
    fields = dict(row.fields)
    if any(name.startswith("title-") for name in changed):
        fields["title"] = {**row.title, **_titles(after, "title", changed)}
    for name in OF_LEVEL[row.level]:
        if name in changed:
            fields[name] = _value(name, after[name])
    if row.level == "module" and _any(changed, "over-"):
        fields["over_time"] = _read_over_time(after)
    if row.level == "aspect":
        _read_aspect(fields, after, changed)
    return Row(row.key, row.level, fields)


def _read_aspect(fields: dict[str, Any], after: Fields, changed: set[str]) -> None:
    if _any(changed, "trim-"):
        fields["trim"] = {name: _value("judges", after[f"trim-{name}"]) or 0 for name in _TRIM}
    if _any(changed, "control-"):
        old = fields.get("control") or {}
        said = {name: _number(after[f"control-{name}"]) if name == "step" else after[f"control-{name}"]
                for name in _CONTROL}  # fmt: skip
        fields["control"] = {**old, **said}
        if not fields["control"]["step"]:
            del fields["control"]["step"]
    if _any(changed, "scale-"):
        fields["descriptors"] = _read_scale(after)
    if _any(changed, "defect-"):
        fields["defects"] = _read_defects(after)
    if "calculator" in changed or any(
        _any(changed, f"{prefix}-") for prefix in ("parameter", "choice", "range", "band")
    ):
        fields["calculation"] = _read_calculation(after)


def _ticked(row: Row, sent: Fields) -> dict[str, str]:
    """A tick that is off is not sent."""
    found = {name: "" for name in TICKS if name in OF_LEVEL[row.level]} if "level" in sent else {}
    if "level" in sent:
        found |= {f"defect-{i}-repeatable": "" for i in lines(sent, "defect")}
    return found


def _any(changed: Iterable[str], prefix: str) -> bool:
    return any(name.startswith(prefix) for name in changed)


def _value(name: str, text: str) -> Any:
    text = text.strip()
    if name in TICKS:
        return text == "yes"
    if not text:
        return None
    if name in ("weight", "factor"):
        return text if "/" in text else (plain_decimal(text) or text)
    if name in NUMBERS:
        return _number(text)
    if name in COUNTS:
        count = plain_decimal(text)
        return int(count) if count is not None and count.isdecimal() and len(count) < 10 else text
    return text


def _number(text: str) -> str:
    value = parse_typed(text) if text.strip() else None
    return text.strip() if value is None or isinstance(value, Finding) else value.understood


def _titles(after: Fields, prefix: str, changed: set[str]) -> dict[str, str]:
    names = {language: f"{prefix}-{language}" for language in LANGUAGES}
    return {language: after[name].strip() for language, name in names.items() if name in changed}


def _text(after: Fields, prefix: str) -> dict[str, str]:
    texts = {language: after.get(f"{prefix}-{language}", "").strip() for language in LANGUAGES}
    return {language: words for language, words in texts.items() if words}


def _read_over_time(after: Fields) -> dict[str, Any] | None:
    if not after.get("over-limit", "").strip():
        return None
    rule: dict[str, Any] = {
        "points": _number(after["over-points"]) or "0",
        "per": after["over-per"],
    }
    for name in _MINUTES:
        text = after[f"over-{name}"].strip()
        minutes = plain_decimal(text)
        seconds = Fraction(minutes) * 60 if minutes is not None else None
        if seconds is not None and seconds.denominator == 1:
            rule[name] = int(seconds)
        elif text:
            rule[name] = text
    return rule


def _read_scale(after: Fields) -> list[dict[str, str]]:
    texts = [_text(after, f"scale-{i}") for i in lines(after, "scale")]
    while texts and not texts[-1]:
        texts.pop()
    return texts


def _read_defects(after: Fields) -> list[dict[str, Any]]:
    defects: list[dict[str, Any]] = []
    for i in lines(after, "defect"):
        title = _text(after, f"defect-{i}-title")
        code = after.get(f"defect-{i}-code", "").strip()
        if not title and not code:
            continue
        least = _number(after.get(f"defect-{i}-minimum", ""))
        most = _number(after.get(f"defect-{i}-maximum", ""))
        defects.append(
            {
                "code": code or f"D{len(defects) + 1}",
                "title": title,
                "minimum": least or most or "0",
                "maximum": most or least or "0",
                "step": _number(after.get(f"defect-{i}-step", "")) or "0.5",
                "repeatable": after.get(f"defect-{i}-repeatable") == "yes",
            }
        )
    return defects


def _read_calculation(after: Fields) -> dict[str, Any] | None:
    name, _, version = after.get("calculator", "").partition("@")
    if not name:
        return None
    known = PARAMETERS.get(name)
    parameters: dict[str, Any] = {}
    for field, value in after.items():
        key = field.removeprefix("parameter-")
        if field != key and value.strip() and (known is None or key in known):
            parameters[key] = plain_decimal(value) or value.strip()
    line, columns = LISTS.get(name, ("", ()))
    rows = _filled(after, line, columns) if line else []
    if line == "band":
        parameters["bands"] = rows
    else:
        for n, one in enumerate(rows, 1):
            parameters |= {f"{line}{n}_{column}": value for column, value in one.items()}
    return {
        "name": name,
        "version": int(version) if version.isdecimal() else 1,
        "parameters": parameters,
    }


def _filled(after: Fields, line: str, columns: Sequence[str]) -> list[dict[str, str]]:
    rows = []
    for i in lines(after, line):
        texts = {column: after.get(f"{line}-{i}-{column}", "").strip() for column in columns}
        row = {c: (plain_decimal(t) or t) if c != "label" else t for c, t in texts.items() if t}
        if row:
            rows.append(row)
    return rows


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    return "" if value is None else str(value)
