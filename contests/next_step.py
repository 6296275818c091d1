"""The one thing to do now with a contest, and everything that still stands in its way."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from contests.conditions import (
    awards_unconfirmed,
    notice_running,
    open_appeals,
    unmet_marking,
)
from contests.identity.sealing import codes_of
from contests.interests import conflicts_of
from contests.outcome import stored_results
from contests.preparing import SIGNING_ROLES, open_approvals, readiness
from contests.remembered import replayed
from contests.replay import Replayed
from contests.scoring import compute, in_the_way
from core.scoring.model import Finding

Step = tuple[str, list[Finding]]

_DRAFT_STEPS = {
    "/scheme": "save_scheme",
    "/rules": "save_rules",
    "/facts": "save_facts",
    "/entries": "register_entrants",
    "/appointments": "appoint",
}


_SAID_BY_THE_LOG = frozenset({"ready", "judging", "closed", "signed"})
"""States in which nothing but the log decides what is next, so that it is reckoned once for each end of
the log."""
_MOST_KEPT = 200
_kept: OrderedDict[tuple[UUID, str, str], Step] = OrderedDict()


async def next_step(contest: UUID, row: Mapping[str, Any], now: datetime) -> Step:
    """(verb, what is unmet); ("", []) when nothing is left to do."""
    key = (contest, row["state"], row["head"])
    if key not in _kept:
        step = await _reckoned(contest, row, now)
        if row["state"] not in _SAID_BY_THE_LOG:
            return step
        _kept[key] = step
        while len(_kept) > _MOST_KEPT:
            _kept.popitem(last=False)
    verb, unmet = _kept[key]
    return verb, list(unmet)


async def _reckoned(contest: UUID, row: Mapping[str, Any], now: datetime) -> Step:
    known = await replayed(contest)
    asked = _BY_STATE.get(row["state"])
    return await asked(contest, row, known, now) if asked else ("", [])


async def _draft(contest: UUID, row: Mapping[str, Any], known: Replayed, now: datetime) -> Step:
    conflicts = [finding for finding, blocks in await conflicts_of(contest) if blocks]
    unmet = [*await readiness(contest), *conflicts]
    verb = next(
        (v for start, v in _DRAFT_STEPS.items() for f in unmet if f.pointer.startswith(start)),
        "make_ready",
    )
    return verb, unmet


async def _ready(contest: UUID, row: Mapping[str, Any], known: Replayed, now: datetime) -> Step:
    modules = [module["id"] for module in json.loads(row["scheme"])["modules"]]
    undrawn = [
        Finding("/codes", "module-not-drawn", {"module": module})
        for module in modules
        if module not in known.codes
    ]
    return ("draw_codes" if undrawn else "start_judging"), undrawn


async def _judging(contest: UUID, row: Mapping[str, Any], known: Replayed, now: datetime) -> Step:
    if known.record is None or known.frozen is None:
        unmet = unmet_marking(known, await codes_of(contest))
        return _marking_step(unmet), unmet
    unmet = unmet_marking(known, known.opened)
    unmet += in_the_way(known.frozen, compute(known.frozen, known.record))
    tied = any(finding.code == "tie-unresolved" for finding in unmet)
    return ("rule_places" if tied else "close_contest"), unmet


def _marking_step(unmet: list[Finding]) -> str:
    codes = {finding.code for finding in unmet}
    if "module-not-drawn" in codes:
        return "draw_codes"
    if "conflict-undecided" in codes:
        return "decide_conflict"
    return "collect_sheets" if unmet else "open_codes"


async def _closed(contest: UUID, row: Mapping[str, Any], known: Replayed, now: datetime) -> Step:
    version = known.versions[-1].number
    unmet = awards_unconfirmed(await stored_results(contest, version), known, version)
    if unmet:
        return "confirm_awards", unmet
    done = [signature for signature in known.signatures if signature.version == version]
    role = SIGNING_ROLES[min(len(done), len(SIGNING_ROLES) - 1)]
    return "sign_contest", [Finding("/signatures", "signature-missing", {"role": role})]


async def _signed(contest: UUID, row: Mapping[str, Any], known: Replayed, now: datetime) -> Step:
    return "publish_contest", open_appeals(known)


async def _published(contest: UUID, row: Mapping[str, Any], known: Replayed, now: datetime) -> Step:
    unmet = [
        *notice_running(row["notice_until"], now),
        *open_appeals(known),
        *await open_approvals(contest),
    ]
    return ("rule_appeal" if known.appeals else "finalise_contest"), unmet


_BY_STATE: Mapping[
    str, Callable[[UUID, Mapping[str, Any], Replayed, datetime], Awaitable[Step]]
] = {
    "draft": _draft,
    "ready": _ready,
    "judging": _judging,
    "closed": _closed,
    "signed": _signed,
    "published": _published,
}
