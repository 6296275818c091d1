"""What these pages call things that are stored as codes."""

from __future__ import annotations

from collections.abc import Mapping

PENALTIES: Mapping[str, str] = {
    "warning": "Warning",
    "points": "Points",
    "module": "The module counts nothing",
    "project": "The whole contest counts nothing",
    "disqualify": "Disqualified",
}
STATUSES: Mapping[str, str] = {
    "DNS": "Absent",
    "DNF": "Not finished",
    "DSQ": "Disqualified",
    "void": "Not counted",
}
STAMPS: Mapping[str, str] = {
    "start": "Start",
    "pause": "Pause",
    "resume": "Go on",
    "stop": "Stop",
    "compensation": "Compensation time",
}
ARRIVALS: Mapping[str, str] = {"present": "Present", "late": "Late"}
TAKEN_BACK = "Taken back at once by whoever entered it."
"""The reason that stands in the record when somebody presses undo."""
FINDINGS: Mapping[str, str] = {
    "time-unreadable": "“{value}” is no time that can be read. Write it like 12:30.",
    "line-unreadable": "The line “{line}” can't be read. Write two words with a space between them.",
    "nobody-by-number": "Nobody has the number {number}. Look it up in the list.",
    "title-differs": "That is not what stands above the field. Type it exactly to go on.",
    "order-unclear": "Give every entry its own place: 1, 2, 3 and so on.",
    "new-value-missing": "There is no new value. Type the one that should count.",
}
COPIES: Mapping[str, str] = {
    "programme": "Programme",
    "numbers": "Starting numbers",
    "judges": "Who judges what",
    "results": "Results",
}
