"""The PLC and vision log: timestamp, signal, value; and what is read out of a signal.

CSV with these three columns, or a JSON list of objects with these three keys. `timestamp` is in
seconds since the start of the log and never runs backwards; `value` is a decimal number, 1 and 0
for on and off. Signals that nobody asks for are ignored.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from plugins import CsvRow, Finding, decimal_text, plain_decimal, read_csv_table

COLUMNS = ("timestamp", "signal", "value")
MOST_LINES = 200_000


@dataclass(frozen=True, slots=True)
class Sample:
    at: Fraction
    value: Fraction


Log = Mapping[str, Sequence[Sample]]
"""Samples by signal, in the order of time."""


def read_log(data: bytes) -> tuple[Log, list[Finding]]:
    """Pointers are "/line/column"; in a JSON log the line is the position in the list, from 1."""
    rows, findings = _read_json(data) if data.lstrip()[:1] in (b"[", b"{") else _read_csv(data)
    log: dict[str, list[Sample]] = {}
    last = Fraction(0)
    for row in rows:
        sample, wrong = _read_row(row)
        findings += wrong
        if sample is None:
            continue
        if sample.at < last:
            params = {"line": str(row.line)}
            findings.append(Finding(f"/{row.line}/timestamp", "log-runs-backwards", params))
        last = max(last, sample.at)
        log.setdefault(row.values["signal"], []).append(sample)
    return log, findings


def pass_fail(samples: Sequence[Sample]) -> str:
    """ "true" when the signal was on at the end of the log."""
    return "true" if samples[-1].value == 1 else "false"


def count(samples: Sequence[Sample]) -> str:
    """How often the signal went from off to on."""
    before = [Fraction(0), *(sample.value for sample in samples)]
    return str(sum(1 for earlier, later in pairwise(before) if not earlier and later))


def cycle_time(samples: Sequence[Sample]) -> str | None:
    """Seconds of the longest complete cycle, from on to off; None without a complete one."""
    started: Fraction | None = None
    cycles: list[Fraction] = []
    for sample in samples:
        if sample.value and started is None:
            started = sample.at
        elif not sample.value and started is not None:
            cycles.append(sample.at - started)
            started = None
    return decimal_text(max(cycles)) if cycles else None


def position_error(samples: Sequence[Sample]) -> str:
    """The largest distance from zero, whatever its sign."""
    return decimal_text(max(abs(sample.value) for sample in samples))


READINGS: Mapping[str, Callable[[Sequence[Sample]], str | None]] = {
    "pass_fail": pass_fail,
    "count": count,
    "cycle_time": cycle_time,
    "position_error": position_error,
}


def _read_csv(data: bytes) -> tuple[list[CsvRow], list[Finding]]:
    return read_csv_table(data, COLUMNS, limit=MOST_LINES)


def _read_json(data: bytes) -> tuple[list[CsvRow], list[Finding]]:
    try:
        # Numbers stay the text that the file holds: a float would already have lost digits.
        content = json.loads(data.decode("utf-8-sig"), parse_float=str, parse_int=str)
    except UnicodeDecodeError:
        return [], [Finding("", "table-not-utf8")]
    except (ValueError, RecursionError) as error:
        return [], [Finding("", "table-unreadable", {"reason": str(error)[:200]})]
    if not isinstance(content, list):
        return [], [Finding("", "log-not-a-list")]
    if len(content) > MOST_LINES:
        return [], [Finding("", "table-too-long", {"limit": str(MOST_LINES)})]
    findings: list[Finding] = []
    rows = [_json_row(line, item, findings) for line, item in enumerate(content, 1)]
    return [row for row in rows if row], findings


def _json_row(line: int, item: Any, findings: list[Finding]) -> CsvRow | None:
    missing = [name for name in COLUMNS if not isinstance(item, dict) or name not in item]
    if missing:
        params = {"missing": ", ".join(missing), "columns": ", ".join(COLUMNS)}
        findings.append(Finding(f"/{line}", "table-columns", params))
        return None
    return CsvRow(line, {name: _plain(item[name]) for name in COLUMNS})


def _plain(value: Any) -> str:
    return str(int(value)) if isinstance(value, bool) else str(value).strip()


def _read_row(row: CsvRow) -> tuple[Sample | None, list[Finding]]:
    numbers = {name: plain_decimal(row.values[name]) for name in ("timestamp", "value")}
    findings = [
        Finding(f"/{row.line}/{name}", "table-number", {"line": str(row.line), "column": name})
        for name, number in numbers.items()
        if number is None
    ]
    if not row.values["signal"]:
        findings.append(Finding(f"/{row.line}/signal", "log-no-signal", {"line": str(row.line)}))
    if findings:
        return None, findings
    return Sample(Fraction(numbers["timestamp"] or 0), Fraction(numbers["value"] or 0)), []
