"""Where two typings of one paper sheet differ, pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from core.scoring.codec import canonical, read, to_json
from core.scoring.model import Finding, Mark, Outcome

Marks = Mapping[str, Mark]


def read_marks(data: Mapping[str, Any]) -> tuple[dict[str, Mark], list[Finding]]:
    """What a typist sent, strictly; typed notes are not part of a mark on paper."""
    marks, findings = {}, []
    for aspect, sent in data.items():
        mark, wrong = read(Mark, sent)
        at = f"/marks/{aspect}"
        findings += [Finding(at + f.pointer, f.code, f.params) for f in wrong]
        if mark is not None and not wrong:
            marks[aspect] = _ordered(mark)
    return marks, findings


def text_of(marks: Marks) -> str:
    """The one spelling that is stored and compared."""
    return canonical({aspect: to_json(mark) for aspect, mark in marks.items()}).decode()


def differences(one: str, other: str) -> list[str]:
    """The aspects in which two stored typings differ."""
    ours, theirs = json.loads(one), json.loads(other)
    return [a for a in sorted({*ours, *theirs}) if ours.get(a) != theirs.get(a)]


def _ordered(mark: Mark) -> Mark:
    """Defects in one order, however they were typed."""
    if mark.outcome is not Outcome.SCORED or not mark.defects:
        return mark
    found = tuple(sorted(mark.defects, key=lambda defect: (defect.code, defect.points)))
    return Mark(mark.value, mark.raw, found, mark.outcome, mark.note, mark.source)
