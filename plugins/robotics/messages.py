"""What may be wrong with a log or its options, in words."""

from __future__ import annotations

from plugins import register_findings

register_findings(
    {
        "robotics-aspect-unknown": "The log can't measure aspect “{aspect}”. Choose one of: {known}.",
        "log-not-a-list": "The log is not a list of samples. Export a JSON list of objects with timestamp, signal and value.",
        "log-no-signal": "Line {line} names no signal. Fill it in or remove the line.",
        "log-runs-backwards": "Line {line} is earlier than the line before. Export the log in the order of time.",
        "log-signal-missing": "The log has no signal {signal}. Signals found: {known}. Log each signal's state at the start.",
        "log-no-cycle": "Signal {signal} has no complete cycle from on to off. Measure by hand or load the whole log.",
    }
)
