"""The instrument "plc_log": from the log of controller and camera to the aspects of module C."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugins import Finding, Instrument, Mark, Options, Reading, Scheme, text
from plugins.robotics.log import READINGS, Log, read_log

LOGGED = ("C1.1", "C1.2", "C1.3", "C1.4")

SAMPLE = b"""timestamp,signal,value
0,task_done,0
0,part_placed,0
0,cycle,0
2.5,cycle,1
9.25,part_placed,1
9.75,part_placed,0
12.0,position_error,0.08
19.5,cycle,0
20,cycle,1
27.125,part_placed,1
27.5,part_placed,0
30.0,position_error,-0.12
38.75,cycle,0
39,task_done,1
"""


async def read_plc_log(data: bytes, options: Options, scheme: Scheme) -> Reading:
    """Marks only when the whole file is right: a log with a wrong line measures nothing."""
    log, findings = read_log(data)
    if findings:
        return Reading({}, tuple(findings))
    known = {aspect.id for module in scheme.modules for aspect in module.aspects()}
    rows = [row for row in options["signals"] if row["aspect"] in known]
    values = {row["aspect"]: _value(row, log) for row in rows}
    wrong = tuple(value for value in values.values() if isinstance(value, Finding))
    if wrong:
        return Reading({}, wrong)
    raws = {aspect: value for aspect, value in values.items() if isinstance(value, str)}
    return Reading(
        {aspect: Mark(raw=raw, source=INSTRUMENT.code) for aspect, raw in raws.items()},
        figures=tuple((row["signal"], raws[row["aspect"]]) for row in rows),
    )


def _value(row: Mapping[str, Any], log: Log) -> str | Finding:
    samples = log.get(row["signal"], ())
    if not samples:
        params = {"signal": row["signal"], "known": ", ".join(sorted(log))}
        return Finding("", "log-signal-missing", params)
    value = READINGS[row["reading"]](samples)
    return value if value is not None else Finding("", "log-no-cycle", {"signal": row["signal"]})


INSTRUMENT = Instrument(
    "plc_log",
    text("控制器与视觉日志", "控制器與視覺日誌", "Log of controller and vision", "Registo do autómato e da visão"),
    (".csv", ".json"),
    read_plc_log,
    sample=SAMPLE,
)  # fmt: skip
