"""From the last sheet to a final result: close, confirm, sign, publish, appeal, finalise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from contests.actions.common import allowed, change_contest, moment, who
from contests.actions.correcting import correct_mark
from contests.actions.versions import announce_signed, compute_version, notice_end
from contests.chain import instant, moment_of
from contests.conditions import awards_unconfirmed, notice_running, open_appeals
from contests.log import Writing, read, writing
from contests.outcome import facts_of_version, stored_results
from contests.preparing import SIGNING_ROLES, open_approvals
from contests.profile import is_small
from contests.replay import Replayed, Version, content_hash, replay
from contests.scoring import compute
from contests.tables import Appeal, Appointment, Contest
from contests.texts import keep
from core import audit
from core.db import transaction
from core.errors import Conflict, Forbidden, Invalid, NotFound, NotReady
from core.events import ContestClosed, ResultFinal, ResultPublished
from core.outbox import put
from core.scoring.model import Finding, Results
from core.security import Actor

__all__ = [
    "close_contest",
    "confirm_awards",
    "correct_mark",
    "file_appeal",
    "finalise_contest",
    "publish_contest",
    "rule_appeal",
    "rule_places",
    "sign_contest",
]


async def close_contest(by: Actor, contest: UUID, *, now: datetime | None = None) -> int:
    """judging → closed: computes and stores the results; returns their version.

    NotReady lists every unmet condition, and nothing changes.
    """
    scope = await allowed(by, "contest.close", contest)
    async with transaction(), writing(contest, "judging", now=moment(now)) as log:
        version = await compute_version(log, replay(await read(contest)), by=who(by))
        await change_contest(contest, {Contest.state: "closed"})
        await put(ContestClosed(str(contest), version))
        await audit.record(by, "close_contest", scope=scope, after={"result_version": version})
    return version


async def rule_places(
    by: Actor, contest: UUID, entries: Sequence[UUID], *, reason: str, now: datetime | None = None
) -> None:
    """The chief referee's order among entries that no tie-break separates."""
    scope = await allowed(by, "contest.close", contest)
    async with transaction(), writing(contest, "judging", now=moment(now)) as log:
        known = replay(await read(contest))
        if known.record is None or known.frozen is None:
            raise NotReady([Finding("/codes", "codes-not-open", {})])
        results = compute(known.frozen, known.record)
        ruled = {str(entry) for entry in entries}
        if len(ruled) < 2 or not any(ruled <= set(tie) for tie in results.unresolved):
            params = {"entries": ", ".join(sorted(ruled))}
            raise Invalid([Finding("/entries", "not-tied", params)])
        text = await keep(contest, reason)
        body = {"entries": [str(entry) for entry in entries], "by": who(by), "reason_hash": text}
        log.add("place_ruled", body)
        await audit.record(by, "rule_places", scope=scope, after={"entries": body["entries"]})


async def confirm_awards(
    by: Actor,
    contest: UUID,
    awards: Sequence[Mapping[str, str]] | None = None,
    *,
    reason: str = "",
    now: datetime | None = None,
) -> None:
    """Confirms the prizes as proposed, or as given: {rule, prize, entry}. Needed before signing
    when a proposal is flagged (a tie at the boundary, a rounded count)."""
    scope = await allowed(by, "contest.close", contest)
    async with transaction(), writing(contest, "closed", now=moment(now)) as log:
        version = log.row["result_version"]
        known = replay(await read(contest))
        results = await stored_results(contest, version)
        chosen = (
            [{"rule": a.rule, "prize": a.prize, "entry": a.entry} for a in results.awards]
            if awards is None
            else [dict(award) for award in awards]
        )
        findings = _award_findings(chosen, known, results)
        if findings:
            raise Invalid(findings)
        text = await keep(contest, reason)
        body = {"version": version, "awards": chosen, "by": who(by), "reason_hash": text}
        log.add("awards_confirmed", body)
        await audit.record(by, "confirm_awards", scope=scope, after={"count": len(chosen)})


async def sign_contest(by: Actor, contest: UUID, *, now: datetime | None = None) -> str:
    """The next signature in the order referee, group leader, chief referee, supervisor; returns
    the role signed in. The fourth makes the contest signed."""
    scope = await allowed(by, "contest.sign", contest)
    async with transaction(), writing(contest, "closed", now=moment(now)) as log:
        known = replay(await read(contest))
        version = known.versions[-1]
        results = await stored_results(contest, version.number)
        role = await _next_role(by, contest, known, version)
        flagged = awards_unconfirmed(results, known, version.number)
        if flagged:
            raise NotReady(flagged)
        bound = content_hash(str(contest), version)
        log.add(
            "signed",
            {"role": role, "account": who(by), "version": version.number, "content_hash": bound},
        )
        if role == SIGNING_ROLES[-1]:
            await announce_signed(log, known, version)
        await audit.record(by, "sign_contest", scope=scope, subject=role)
    return role


async def publish_contest(by: Actor, contest: UUID, *, now: datetime | None = None) -> datetime:
    """signed → published: the public notice (公示) starts; returns when it ends."""
    scope = await allowed(by, "contest.publish", contest)
    async with transaction(), writing(contest, "signed", now=moment(now)) as log:
        known = replay(await read(contest))
        if known.appeals:
            raise NotReady(open_appeals(known))
        until = notice_end(known, log.now)
        body = {"version": len(known.versions), "notice_until": instant(until), "by": who(by)}
        log.add("published", body)
        values = {Contest.state: "published", Contest.notice_until: until}
        await change_contest(contest, values)
        await put(ResultPublished(str(contest), until.date().isoformat()))
        await audit.record(by, "publish_contest", scope=scope, after={"until": instant(until)})
    return until


async def file_appeal(
    by: Actor,
    contest: UUID,
    *,
    entry: UUID,
    grounds: str,
    module: str = "",
    now: datetime | None = None,
) -> UUID:
    """A written appeal (申诉); while it is open nothing is published or final."""
    scope = await allowed(by, "appeal.file", contest)
    states = ("judging", "closed", "signed", "published")
    async with transaction(), writing(contest, *states, now=moment(now)) as log:
        known = replay(await read(contest))
        findings = _appeal_findings(known, log, str(entry), grounds)
        if findings:
            raise Invalid(findings)
        appeal = uuid4()
        text = await keep(contest, grounds, entry=entry)
        log.add(
            "appeal_filed",
            {
                "id": str(appeal),
                "entry": str(entry),
                "module": module,
                "by": who(by),
                "grounds_hash": text,
            },
        )
        await Appeal.insert(
            Appeal(id=appeal, contest=contest, entry=entry, module=module, filed_at=log.now)
        )
        await audit.record(by, "file_appeal", scope=scope, subject=str(appeal))
    return appeal


async def rule_appeal(
    by: Actor, appeal: UUID, *, ruling: str, reason: str, now: datetime | None = None
) -> None:
    """The arbitration's ruling, "upheld" or "dismissed"; it is final. What an upheld appeal
    changes is a correction of its own."""
    row = await Appeal.select().where(Appeal.id == appeal).first()
    if row is None:
        raise NotFound(kind="appeal", id=appeal)
    if ruling not in {"upheld", "dismissed"}:
        params = {"ruling": ruling, "known": "upheld, dismissed"}
        raise Invalid([Finding("/ruling", "ruling-unknown", params)])
    contest: UUID = row["contest"]
    scope = await allowed(by, "appeal.rule", contest)
    async with transaction(), writing(contest, now=moment(now)) as log:
        if str(appeal) not in replay(await read(contest)).appeals:
            raise Conflict([Finding("", "appeal-ruled-already", {})])
        text = await keep(contest, reason, entry=row["entry"])
        body = {"id": str(appeal), "ruling": ruling, "by": who(by), "reason_hash": text}
        log.add("appeal_ruled", body)
        await Appeal.update({Appeal.ruled_at: log.now, Appeal.ruling: ruling}).where(
            Appeal.id == appeal
        )
        await audit.record(by, "rule_appeal", scope=scope, subject=str(appeal), after=body)


async def finalise_contest(by: Actor, contest: UUID, *, now: datetime | None = None) -> int:
    """published → final when the notice is over and nothing is pending; tells everybody who acts
    on results, entry by entry. Returns how many."""
    scope = await allowed(by, "contest.finalise", contest)
    async with transaction(), writing(contest, "published", now=moment(now)) as log:
        known = replay(await read(contest))
        row = await Contest.select(Contest.notice_until).where(Contest.id == contest).first()
        findings = [
            *notice_running(row["notice_until"] if row else None, log.now),
            *open_appeals(known),
            *await open_approvals(contest),
        ]
        if findings:
            raise NotReady(findings)
        version = known.versions[-1].number
        facts = await facts_of_version(contest, known, version=version)
        log.add("finalised", {"version": version, "by": who(by)})
        await change_contest(contest, {Contest.state: "final"})
        await put(*(ResultFinal(one) for one in facts.values()))
        await audit.record(by, "finalise_contest", scope=scope, after={"entries": len(facts)})
    return len(facts)


async def _next_role(by: Actor, contest: UUID, known: Replayed, version: Version) -> str:
    done = [s for s in known.signatures if s.version == version.number]
    role = SIGNING_ROLES[len(done)]
    holds = await Appointment.exists().where(
        Appointment.contest == contest,
        Appointment.account == by.account,
        Appointment.role == role,
        Appointment.ended_at.is_null(),
    )
    if not holds:
        raise Forbidden(permission=f"contest.sign ({role})")
    if who(by) in {signature.account for signature in done} and not await is_small(contest):
        raise Conflict([Finding("", "signed-already", {"role": role})])
    return role


def _award_findings(
    chosen: Sequence[Mapping[str, str]], known: Replayed, results: Results
) -> list[Finding]:
    rules = known.frozen.rules.awards if known.frozen else ()
    prizes = {(rule.code, prize.code) for rule in rules for prize in rule.prizes}
    entries = {standing.entry for standing in results.standings if standing.rank is not None}
    findings = []
    for place, award in enumerate(chosen):
        if (award.get("rule"), award.get("prize")) not in prizes:
            params = {"prize": str(award.get("prize"))}
            findings.append(Finding(f"/awards/{place}/prize", "prize-unknown", params))
        if award.get("entry") not in entries:
            params = {"entry": str(award.get("entry"))}
            findings.append(Finding(f"/awards/{place}/entry", "entry-not-ranked", params))
    return findings


def _appeal_findings(known: Replayed, log: Writing, entry: str, grounds: str) -> list[Finding]:
    findings = []
    if entry not in {facts.id for facts in known.entries}:
        findings.append(Finding("/entry", "entry-unknown", {"entry": entry}))
    if not grounds.strip():
        findings.append(Finding("/grounds", "reason-missing", {}))
    minutes = known.frozen.rules.appeal_minutes if known.frozen else 0
    if known.judging_ended and log.row["state"] != "published":
        end = moment_of(known.judging_ended) + timedelta(minutes=minutes)
        if log.now > end:
            findings.append(Finding("", "appeal-too-late", {"until": instant(end)}))
    return findings
