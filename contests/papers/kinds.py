"""The eight kinds of paper: which step each belongs to, who may print it, and who signs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

HANDLES = "contest.papers"


@dataclass(frozen=True, slots=True)
class Kind:
    """step: the step of the contest's life that it belongs to (a key of `STEPS`). permission: beside
    `contest.papers`. signers: roles whose lines stand at the end."""

    code: str
    step: str
    signers: tuple[str, ...]
    permission: str = ""
    flipped: bool = False


KINDS: Mapping[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind("draw_record", "draw", ("encryption_officer", "supervisor", "chief_referee")),
        Kind("check_in", "check_in", ("clerk", "supervisor", "chief_referee")),
        Kind("attendance", "check_in", ("chief_referee", "supervisor")),
        Kind("marking_sheet", "marking", ("judge",)),
        Kind("incident", "marking", ("clerk", "chief_referee", "supervisor")),
        Kind(
            "summary",
            "closing",
            ("clerk", "group_leader", "chief_referee", "supervisor"),
            "contest.read_standings",
        ),
        Kind(
            "result_list",
            "signing",
            ("judge", "group_leader", "chief_referee", "supervisor"),
            "contest.read_standings",
        ),
        Kind(
            "correction",
            "correcting",
            ("chief_referee", "supervisor", "clerk"),
            "contest.read_standings",
        ),
    )
}
"""By code, in the order of a contest's day."""
