"""While the contest runs: freezing, clock, interruptions, penalties, statuses, attempts, votes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from contests.actions.common import allowed, change_contest, contest_row, moment, who
from contests.actions.sheets import decide_conflict, end_judging, open_round
from contests.chain import instant
from contests.identity.sealing import code_exists
from contests.judging.actions import release
from contests.lending.standing import drawn_elsewhere
from contests.log import Writing, read, writing
from contests.preparing import appointments_of
from contests.profile import duties_body, is_small
from contests.replay import replay, rules_hash
from contests.scoring import frozen_body
from contests.stamps import timed
from contests.tables import Contest
from contests.texts import keep
from core import audit
from core.db import transaction
from core.errors import Conflict, Invalid, NotReady
from core.registry import registry
from core.scoring.codec import canonical, from_json
from core.scoring.model import Finding, Rules, Scheme
from core.scoring.numbers import milli_text
from core.security import Actor, Scope

__all__ = [
    "cancel_penalty",
    "decide_conflict",
    "end_judging",
    "open_round",
    "record_clock",
    "record_interruption",
    "record_penalty",
    "record_status",
    "record_timing",
    "record_votes",
    "rule_attempt",
    "start_judging",
]

STAMPS = ("start", "pause", "resume", "stop", "cancel")
SCOPES = ("warning", "points", "module", "project", "disqualify")
STATUSES = ("", "DNS", "DNF", "DSQ", "void")


async def start_judging(by: Actor, contest: UUID, *, now: datetime | None = None) -> str:
    """ready → judging: freezes scheme and rules by hash, and returns it."""
    scope = await allowed(by, "contest.run", contest)
    async with transaction(), writing(contest, "ready", now=moment(now)) as log:
        row = await contest_row(contest)
        contest_type = registry().contest_type(row["type_code"], row["type_version"])
        scheme = from_json(Scheme, json.loads(row["scheme"]))
        rules = from_json(Rules, json.loads(row["rules"]))
        known = replay(await read(contest))
        undrawn = [m.id for m in scheme.modules if m.id not in known.codes]
        if len(undrawn) == len(scheme.modules):
            raise NotReady([Finding("/codes", "module-not-drawn", {"module": m}) for m in undrawn])
        body = canonical(
            frozen_body(contest_type, json.loads(row["options"]), scheme, rules)
        ).decode()
        log.add("rules_frozen", body)
        if await is_small(contest):
            log.add("duties_shared", duties_body(await appointments_of(contest)))
        frozen = rules_hash(body)
        await change_contest(contest, {Contest.state: "judging", Contest.rules_hash: frozen})
        await audit.record(by, "start_judging", scope=scope, after={"rules_hash": frozen})
    await release(contest=contest)
    return frozen


async def record_clock(
    by: Actor,
    contest: UUID,
    *,
    module: str,
    code: str,
    stamp: str,
    at: datetime | None = None,
    attempt: int = 1,
    reason: str = "",
    id_: UUID | None = None,
    cancels: UUID | None = None,
    now: datetime | None = None,
) -> None:
    """A stamp of the official clock: start, pause, resume, stop; or "cancel", which takes back the
    stamp or the compensation `cancels`, with a reason. The same id sent again is one entry."""
    if findings := _stamp_findings(stamp, reason, cancels):
        raise Invalid(findings)
    written = moment(now)
    body = {
        "id": str(id_ or uuid4()),
        "module": module,
        "code": code,
        "attempt": attempt,
        "stamp": stamp,
        "at": instant(at or written),
    }
    if cancels:
        body["cancels"] = str(cancels)
    await _record_once(by, contest, "clock", body, reason=reason, now=written)


def _stamp_findings(stamp: str, reason: str, cancels: UUID | None) -> list[Finding]:
    if stamp not in STAMPS:
        params = {"stamp": stamp, "known": ", ".join(STAMPS)}
        return [Finding("/stamp", "stamp-unknown", params)]
    if stamp != "cancel":
        return []
    findings = [] if reason.strip() else [Finding("/reason", "reason-missing", {})]
    return findings if cancels else [*findings, Finding("/cancels", "stamp-not-there", {"id": ""})]


async def record_timing(
    by: Actor,
    contest: UUID,
    *,
    module: str,
    code: str,
    gross: int,
    compensation: int = 0,
    attempt: int = 1,
    reason: str = "",
    now: datetime | None = None,
) -> None:
    """The official time in whole seconds, read from a stop-watch; it replaces the stamps."""
    if gross < 0 or not 0 <= compensation <= gross:
        params = {"gross": str(gross), "compensation": str(compensation)}
        raise Invalid([Finding("/gross", "time-impossible", params)])
    body = {
        "module": module,
        "code": code,
        "attempt": attempt,
        "gross": gross,
        "compensation": compensation,
    }
    await _record(
        by, contest, "timing", body, reason=reason, now=moment(now), permission="contest.time"
    )


async def record_interruption(
    by: Actor,
    contest: UUID,
    *,
    module: str,
    code: str,
    seconds: int,
    cause: str,
    acknowledged: bool,
    attempt: int = 1,
    id_: UUID | None = None,
    now: datetime | None = None,
) -> None:
    """Compensation time (补时) for a cause that was not the entrant's; `acknowledged`: the entrant
    has signed for it. The same id sent again is one entry."""
    findings = []
    if seconds < 0:
        findings.append(Finding("/seconds", "time-impossible", {"gross": str(seconds)}))
    if not cause.strip():
        findings.append(Finding("/cause", "reason-missing", {}))
    if findings:
        raise Invalid(findings)
    body = {
        "id": str(id_ or uuid4()),
        "module": module,
        "code": code,
        "attempt": attempt,
        "seconds": seconds,
        "acknowledged": acknowledged,
    }
    await _record_once(by, contest, "interruption", body, reason=cause, now=moment(now))


async def record_penalty(
    by: Actor,
    contest: UUID,
    *,
    scope: str,
    module: str,
    code: str,
    reason: str,
    points: int = 0,
    whole_contest: bool = False,
    acknowledged: bool = False,
    now: datetime | None = None,
) -> UUID:
    """A penalty against a work, found by its module and code. points: Milli, positive.

    whole_contest: off the total instead of the module's score (scope "points").
    """
    findings = []
    if scope not in SCOPES:
        params = {"scope": scope, "known": ", ".join(SCOPES)}
        findings.append(Finding("/scope", "penalty-kind-unknown", params))
    if points < 0 or (scope == "points" and points == 0):
        findings.append(Finding("/points", "points-impossible", {"points": milli_text(points)}))
    if not reason.strip():
        findings.append(Finding("/reason", "reason-missing", {}))
    if findings:
        raise Invalid(findings)
    penalty = uuid4()
    total = whole_contest or scope in {"project", "disqualify"}
    body = {
        "id": str(penalty),
        "scope": scope,
        "located": module,
        "module": "" if total else module,
        "code": code,
        "points": milli_text(points),
        "acknowledged": acknowledged,
    }
    await _record(by, contest, "penalty", body, reason=reason, now=moment(now))
    return penalty


async def cancel_penalty(
    by: Actor, contest: UUID, penalty: UUID, *, reason: str, now: datetime | None = None
) -> None:
    """Takes a penalty back; both entries stay."""
    scope = await allowed(by, "contest.run", contest)
    async with transaction(), writing(contest, "judging", now=moment(now)) as log:
        known = replay(await read(contest))
        if str(penalty) not in {p.id for p in known.penalties}:
            raise Invalid([Finding("/penalty", "penalty-unknown", {"id": str(penalty)})])
        text = await keep(contest, reason)
        log.add("penalty_cancelled", {"id": str(penalty), "by": who(by), "reason_hash": text})
        await audit.record(by, "cancel_penalty", scope=scope, subject=str(penalty))


async def record_status(
    by: Actor,
    contest: UUID,
    *,
    status: str,
    module: str,
    code: str,
    whole_contest: bool = False,
    reason: str = "",
    now: datetime | None = None,
) -> None:
    """DNS, DNF, DSQ or void for a work (or for everything of its entrant); "" takes it back."""
    if status not in STATUSES:
        params = {"status": status, "known": ", ".join(STATUSES[1:])}
        raise Invalid([Finding("/status", "status-unknown", params)])
    body = {
        "code": code,
        "located": module,
        "module": "" if whole_contest else module,
        "status": status,
    }
    await _record(by, contest, "status", body, reason=reason, now=moment(now))


async def rule_attempt(
    by: Actor,
    contest: UUID,
    *,
    module: str,
    code: str,
    attempt: int,
    reason: str,
    now: datetime | None = None,
) -> None:
    """The chief referee names the attempt that counts (重赛)."""
    body = {"module": module, "code": code, "attempt": attempt}
    await _record(by, contest, "attempt_ruled", body, reason=reason, now=moment(now))


async def record_votes(
    by: Actor,
    contest: UUID,
    *,
    module: str,
    panel: str,
    votes: Mapping[str, int],
    now: datetime | None = None,
) -> None:
    """Votes counted in one panel, by code: they decide a prize of their own, never a place."""
    wrong = [
        Finding(f"/votes/{code}", "number-out-of-range", {"value": str(count), "maximum": ""})
        for code, count in votes.items()
        if count < 0
    ]
    if wrong:
        raise Invalid(wrong)
    body = {"module": module, "panel": panel, "votes": dict(votes)}
    await _record(by, contest, "votes", body, reason="", now=moment(now))


async def _record(
    by: Actor,
    contest: UUID,
    kind: str,
    body: dict[str, Any],
    *,
    reason: str,
    now: datetime,
    permission: str = "contest.run",
) -> None:
    scope = await allowed(by, permission, contest)
    async with transaction(), writing(contest, "judging", now=now) as log:
        await _append(by, contest, log, kind, body, reason=reason)
        await _audit(by, scope, log, kind)


async def _record_once(
    by: Actor, contest: UUID, kind: str, body: dict[str, Any], *, reason: str, now: datetime
) -> None:
    """A time-keeper's entry, known by its id: a phone that got no answer sends it again."""
    scope = await allowed(by, "contest.time", contest)
    async with transaction(), writing(contest, "judging", now=now) as log:
        known = await timed(contest)
        before = known.get(body["id"])
        if before is None:
            _check_cancelled(body, known)
            await _append(by, contest, log, kind, body, reason=reason)
            await _audit(by, scope, log, kind)
        elif any(before.get(name) != value for name, value in body.items()):
            raise Conflict([Finding("/id", "stamp-id-used", {"id": body["id"]})])


def _check_cancelled(body: Mapping[str, Any], known: Mapping[str, Mapping[str, Any]]) -> None:
    """What is taken back must be there, and be of the same work."""
    if body.get("stamp") != "cancel":
        return
    taken = known.get(body["cancels"], {})
    same = all(taken.get(name) == body[name] for name in ("module", "code", "attempt"))
    if not same or taken.get("stamp") == "cancel":
        raise Invalid([Finding("/cancels", "stamp-not-there", {"id": body["cancels"]})])


async def _append(
    by: Actor, contest: UUID, log: Writing, kind: str, body: dict[str, Any], *, reason: str
) -> None:
    await _known_work(contest, body)
    text = await keep(contest, reason)
    log.add(kind, {**body, "by": who(by), "reason_hash": text})


async def _known_work(contest: UUID, body: Mapping[str, Any]) -> None:
    module = body.get("located") or body["module"]
    wrong = [
        Finding("/code", "code-unknown", {"module": module, "code": code})
        for code in body.get("votes") or [body["code"]]
        if not await code_exists(contest, module, code)
        and not await drawn_elsewhere(contest, module, code)
    ]
    if wrong:
        raise Invalid(wrong)


async def _audit(by: Actor, scope: Scope, log: Writing, kind: str) -> None:
    await audit.record(by, kind, scope=scope, subject=str(log.length))
