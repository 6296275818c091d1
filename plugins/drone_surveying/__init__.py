"""Drone surveying (无人机测绘操控员): theory, flight and processing with its check points.

The standard's limits are facts (`limits.py`); every deduction, weight and band is the organiser's,
since no contest published its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from plugins import (
    ContestType,
    Finding,
    Gate,
    Instrument,
    Options,
    Rules,
    Scheme,
    check_bands,
    check_faults,
    check_sum,
    hookimpl,
    milli,
    standard_options,
    standard_rules,
    text,
)
from plugins.drone_surveying import messages as messages
from plugins.drone_surveying.instrument import INSTRUMENT
from plugins.drone_surveying.limits import limits
from plugins.drone_surveying.questions import OPTIONS
from plugins.drone_surveying.scheme import THEORY, TITLE, scheme


class DroneSurveying(ContestType):
    """Check points decide the accuracy: compared by squares, shown rounded half up."""

    code = "drone_surveying"
    version = 1
    title = TITLE
    summary = text(
        "理论、飞行、数据处理；以检查点中误差分档计分，检查点不少于 20 个。",
        "理論、飛行、數據處理；以檢查點中誤差分檔計分，檢查點不少於 20 個。",
        "Theory, flight and processing; accuracy in bands of the error at 20 or more check points.",
        "Teoria, voo e processamento; exatidão por faixas do erro em 20 ou mais pontos de verificação.",
    )
    options = (
        *OPTIONS,
        *standard_options([{"key": "weighted_modules"}, {"key": "time", "id": "F"}]),
    )

    def scheme(self, options: Options) -> Scheme:
        return scheme(options)

    def rules(self, options: Options) -> Rules:
        """A theory paper of weight 0 only decides who is ranked."""
        gate = Gate(
            THEORY,
            minimum=milli(options["theory_minimum"]),
            carried=options["theory_weight"] != "0",
        )
        return standard_rules(options, gates=(gate,) if options["theory_gate"] else ())

    def instruments(self) -> Sequence[Instrument]:
        return (INSTRUMENT,)

    def check_options(self, options: Options) -> list[Finding]:
        weights = [options[f"{part}_weight"] for part in ("theory", "flight", "processing")]
        marks = [options[f"{part}_marks"] for part in ("plan", "height", "map")]
        bands = [
            "plan_bands",
            "height_bands",
            *(["time_bands"] if options["time_marks"] != "0" else []),
        ]
        return [
            *check_sum("/theory_weight", weights),
            *check_sum("/plan_marks", marks),
            *(finding for code in bands for finding in check_bands(code, options[code])),
            *check_faults("faults", options["faults"]),
            *_check_crash(options),
            *_check_height(options),
        ]


@hookimpl
def contest_types() -> Iterable[ContestType]:
    return [DroneSurveying()]


def _check_crash(options: Options) -> list[Finding]:
    """The crash is a line of its own that always costs everything."""
    return [
        Finding(f"/faults/{n}/code", "option-code-twice", {"code": row["code"]})
        for n, row in enumerate(options["faults"])
        if row["code"] == "crash"
    ]


def _check_height(options: Options) -> list[Finding]:
    if limits(options).height:
        return []
    return [Finding("/height_limit", "drone-height-limit-missing", {"scale": options["scale"]})]
