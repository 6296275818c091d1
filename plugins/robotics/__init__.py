"""Industrial robotics: gripper assembly, wiring, programming and commissioning, safety and conduct.

Marked while the entrant works, so never blind. Errors do not carry from one module to the next.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from plugins import (
    ContestType,
    Finding,
    Instrument,
    Options,
    Rules,
    Scheme,
    check_bands,
    check_faults,
    check_sum,
    hookimpl,
    standard_options,
    standard_rules,
    text,
)
from plugins.robotics import messages as messages
from plugins.robotics.instrument import INSTRUMENT, LOGGED
from plugins.robotics.questions import OPTIONS
from plugins.robotics.scheme import MODULES, TITLE, scheme


class Robotics(ContestType):
    """Measured aspects, judgement by four descriptions, a log of the controller, time for ties."""

    code = "robotics"
    version = 1
    title = TITLE
    summary = text(
        "按模块测量与评价，读取控制器和视觉日志；同分时用时少者在前。",
        "按模組測量與評價，讀取控制器和視覺日誌；同分時用時少者在前。",
        "Measured and judged by module, with the log of controller and vision; less time breaks ties.",
        "Medição e apreciação por módulo, com o registo do autómato e da visão; o menor tempo desempata.",
    )
    options = (*OPTIONS, *standard_options([{"key": "time"}, {"key": "weighted_modules"}]))

    def scheme(self, options: Options) -> Scheme:
        return scheme(options)

    def rules(self, options: Options) -> Rules:
        return standard_rules(options)

    def instruments(self) -> Sequence[Instrument]:
        return (INSTRUMENT,)

    def check_options(self, options: Options) -> list[Finding]:
        marks = [options[f"{module}_marks"] for module in MODULES]
        return [
            *check_sum("/gripper_marks", marks),
            *check_bands("position_bands", options["position_bands"]),
            *check_bands("cycle_bands", options["cycle_bands"]),
            *check_faults("faults", options["faults"]),
            *_check_signals(options),
        ]


@hookimpl
def contest_types() -> Iterable[ContestType]:
    return [Robotics()]


def _check_signals(options: Options) -> list[Finding]:
    aspects = [row["aspect"] for row in options["signals"]]
    unknown = [
        Finding(
            f"/signals/{n}/aspect",
            "robotics-aspect-unknown",
            {"aspect": aspect, "known": ", ".join(LOGGED)},
        )
        for n, aspect in enumerate(aspects)
        if aspect not in LOGGED
    ]
    return unknown + [
        Finding(f"/signals/{n}/aspect", "option-code-twice", {"code": aspect})
        for n, aspect in enumerate(aspects)
        if aspect in aspects[:n]
    ]
