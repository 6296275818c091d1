"""From a log to what is known: the frozen rules and the record that scoring reads. Pure.

A recount is `score(frozen.scheme, frozen.rules, record)` over `replay(lines)`; a stored version of
the results was computed from the lines before its `contest_closed` (`lines_of_version`).
"""

from __future__ import annotations

from collections.abc import Sequence

from contests.chain import LogLine
from contests.replay.facts import (
    AppointedFacts,
    Frozen,
    LeftFacts,
    Replayed,
    RoundFacts,
    Signature,
    StoredSheet,
    Version,
    content_hash,
    read_frozen,
    rules_hash,
)
from contests.replay.reading import State, body_of

__all__ = [
    "AppointedFacts",
    "Frozen",
    "LeftFacts",
    "Replayed",
    "RoundFacts",
    "Signature",
    "StoredSheet",
    "Version",
    "content_hash",
    "lines_of_version",
    "read_frozen",
    "replay",
    "rules_hash",
]


def replay(lines: Sequence[LogLine]) -> Replayed:
    """Reads a whole log. The chain is verified elsewhere (`chain.verify_chain`)."""
    state = State(lines[0].contest if lines else "")
    for line in lines:
        state.apply(line)
    return state.result()


def lines_of_version(lines: Sequence[LogLine], version: int) -> Sequence[LogLine]:
    """What result version `version` was computed from: every line before its `contest_closed`."""
    for place, line in enumerate(lines):
        if line.kind == "contest_closed" and body_of(line)["result_version"] == version:
            return lines[:place]
    raise KeyError(f"no result version {version} in this log")
