"""Sentences of what may be wrong with an objection, and what became of one."""

from __future__ import annotations

from collections.abc import Mapping

from core.findings import register

FINDINGS = {
    "credentials.sender-long": "This is longer than {most} characters, or holds signs that can't be printed. Shorten it.",
}
STATES: Mapping[str, str] = {
    "open": "It waits for its answer.",
    "rejected": "It was examined and rejected.",
    "upheld": "It was examined and upheld.",
    "": "No objection in this notice has this receipt. Compare it with what you wrote down.",
}
register(FINDINGS)
