"""Is this the return of that loan? The venue's log beside ours, entry by entry."""

from __future__ import annotations

from collections.abc import Sequence

from contests.chain import LogLine
from contests.lending.format import LoanFile
from contests.lending.standing import RETURNED
from contests.packages.format import LOG
from core.errors import Invalid
from core.scoring.model import Finding

SHORTEST_HEAD = 8
MAY_ADD = frozenset(
    {
        "sheet",
        "conflict",
        "conflict_decided",
        "mark_round",
        "device_enrolled",
        "judge_admitted",
        "penalty",
        "penalty_cancelled",
        "clock",
        "timing",
        "interruption",
        "status",
        "attempt_ruled",
        "votes",
        "appointed",
        "appointment_ended",
        "judge_left",
        "recused",
        "checked_in",
        "judging_ended",
        RETURNED,
    }
)
"""What happens in a hall. Rules, draws, codes' owners, results and signatures are made at home."""


def compare_heads(loan: LoanFile, said: str) -> None:
    """What somebody reads on the venue's screen must be what the package ends with."""
    typed = "".join(said.lower().split())
    if len(typed) < SHORTEST_HEAD:
        raise Invalid([Finding("/head", "return-head-short", {})])
    if not loan.head.startswith(typed):
        params = {"found": loan.head[: max(SHORTEST_HEAD, len(typed))], "said": typed[:64]}
        raise Invalid([Finding("/head", "return-head", params)])


def check_return(theirs: Sequence[LogLine], ours: Sequence[LogLine], *, again: bool) -> None:
    """It begins with what we have, goes on with what a venue may add, and ends with the return."""
    if len(theirs) < len(ours) or (again and len(theirs) > len(ours)):
        code = "return-grown" if again else "return-log-shorter"
        params = {"found": str(len(theirs)), "expected": str(len(ours))}
        raise Invalid([Finding(f"/{LOG}", code, {} if again else params)])
    check_beginning(theirs, ours, code="return-grown" if again else "return-log-differs")
    if theirs[-1].kind != RETURNED:
        raise Invalid([Finding(f"/{LOG}", "return-not-ended", {})])
    findings = [
        Finding(
            f"/{LOG}/{line.seq}", "return-entry-foreign", {"seq": str(line.seq), "kind": line.kind}
        )
        for line in theirs[len(ours) :]
        if line.kind not in MAY_ADD or (line.kind == RETURNED and line is not theirs[-1])
    ]
    if findings:
        raise Invalid(findings)


def check_beginning(
    theirs: Sequence[LogLine], ours: Sequence[LogLine], *, code: str = "return-log-differs"
) -> None:
    """Every entry of ours is theirs too."""
    for mine, other in zip(ours, theirs, strict=False):
        if mine.hash != other.hash:
            raise Invalid([Finding(f"/{LOG}/{mine.seq}", code, {"seq": str(mine.seq)})])
