"""The way of a contest from the first entrant to the last certificate, each step with its address; and
where a finding is cured. Pure: rooms that are not there, or not the reader's, are left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.scoring.model import Finding

STATES = ("draft", "ready", "judging", "closed", "signed", "published", "final")
CONTROL = "/judging/control"
APPROVALS = "/console/approvals"

_STEPS: tuple[tuple[str, str, str], ...] = (
    ("Marking scheme", "/scheme", "draft"),
    ("Entrants", "/people", "draft"),
    ("Judges and officials", "/judges", "draft"),
    ("Draws", "/draws", "ready"),
    ("Check-in", "/check-in", "ready"),
    ("Marking", "/marking", "judging"),
    ("Clock", "/clock", "judging"),
    ("In the hall", "/incidents", "judging"),
    ("Control room", CONTROL, "judging"),
    ("Recheck", "/recheck", "judging"),
    ("Appeals", "/appeals", "closed"),
    ("Results", "/results", "closed"),
    ("Sign-off", "/signing", "closed"),
    ("Publication", "/publication", "signed"),
    ("Certificates", "/certificates", "final"),
)
"""(title, path below the contest or a whole address, the state in which it is done)."""

_CURES: tuple[tuple[str, str], ...] = (
    ("/scheme", "/scheme"),
    ("/rules", "/rules"),
    ("/facts/recognised", "/partner-rules"),
    ("/facts", "/settings"),
    ("/entries", "/people"),
    ("/appointments", "/judges"),
    ("/codes", "/draws"),
    ("/sheets", CONTROL),
    ("/rounds", CONTROL),
    ("/awards", "/signing"),
    ("/signatures", "/signing"),
    ("/appeals", "/appeals"),
    ("/approvals", APPROVALS),
    ("/notice_until", "/publication"),
)
_BY_CODE: Mapping[str, str] = {
    "tie-unresolved": "/signing/order",
    "attempt-unresolved": "/incidents/attempts",
    "codes-not-open": "/draws",
    "rules-not-frozen": "/marking",
}


_VERBS: Mapping[str, str] = {
    "save_scheme": "/scheme",
    "save_rules": "/rules",
    "save_facts": "/settings",
    "register_entrants": "/people",
    "appoint": "/judges",
    "draw_codes": "/draws",
    "open_codes": "/draws",
    "start_judging": "/marking",
    "end_judging": "/marking/end",
    "collect_sheets": CONTROL,
    "decide_conflict": CONTROL,
    "rule_places": "/signing/order",
    "confirm_awards": "/signing",
    "sign_contest": "/signing",
    "publish_contest": "/publication",
    "rule_appeal": "/appeals",
    "finalise_contest": "/publication",
    "": "/certificates",
}
"""Where the next step is done."""


@dataclass(frozen=True, slots=True)
class Way:
    """One step. state: done, now or later."""

    title: str
    address: str
    state: str


def way(contest: str, state: str, *, paths: Sequence[str], control: bool) -> list[Way]:
    """paths: below the contest, of the rooms that the reader may enter."""
    reached = STATES.index(state) if state in STATES else len(STATES)
    return [
        Way(title, _address(contest, path), _state(STATES.index(at), reached))
        for title, path, at in _STEPS
        if (control if path == CONTROL else path in paths)
    ]


def cure(contest: str, finding: Finding, *, paths: Sequence[str], control: bool) -> str:
    """Where the finding is cured, or ""."""
    path = _BY_CODE.get(finding.code) or next(
        (cure for start, cure in _CURES if finding.pointer.startswith(start)), ""
    )
    return _reached(contest, path, paths, control)


def place_of(contest: str, verb: str, *, paths: Sequence[str], control: bool) -> str:
    """The page on which the step is done, or ""."""
    return _reached(contest, _VERBS.get(verb, ""), paths, control)


def _reached(contest: str, path: str, paths: Sequence[str], control: bool) -> str:
    if path == CONTROL:
        return _address(contest, path) if control else ""
    if path == APPROVALS:
        return path
    room = next((known for known in paths if known and path.startswith(known)), "")
    return _address(contest, path) if path and room else ""


def _state(at: int, reached: int) -> str:
    return "done" if at < reached else "now" if at == reached else "later"


def _address(contest: str, path: str) -> str:
    return f"{CONTROL}/{contest}" if path == CONTROL else f"/console/contests/{contest}{path}"
