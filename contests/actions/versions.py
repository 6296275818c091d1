"""Result versions: computing and storing one, and telling who acts on it. In the caller's
transaction, behind its gate."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid5

from contests.actions.common import change_contest
from contests.conditions import unmet_closing
from contests.log import Writing
from contests.outcome import facts_of_version, keep_evidence
from contests.replay import Frozen, Replayed, Version
from contests.scoring import compute, in_the_way, results_hash, results_text
from contests.tables import Contest, ResultRow
from core.errors import NotReady
from core.events import ResultSigned
from core.outbox import put
from core.scoring.model import Results


async def compute_version(log: Writing, known: Replayed, *, by: str, reason: str = "") -> int:
    """Scores what the log says up to its end and appends `contest_closed` with the hashes."""
    findings = unmet_closing(known)
    if findings or known.record is None or known.frozen is None:
        raise NotReady(findings)
    results = compute(known.frozen, known.record)
    findings = in_the_way(known.frozen, results)
    if findings:
        raise NotReady(findings)
    number = len(known.versions) + 1
    await _store(log, known.frozen, results, number, by=by, reason=reason)
    return number


def notice_end(known: Replayed, start: datetime) -> datetime:
    days = known.frozen.rules.notice_days if known.frozen else 0
    return start + timedelta(days=days)


async def announce_signed(log: Writing, known: Replayed, version: Version) -> None:
    """The fourth signature: the state, and each entry's facts for whoever issues at signing."""
    issue = known.frozen is not None and known.frozen.rules.issue_at == "signed"
    values: dict[Any, Any] = {Contest.state: "signed"}
    if issue:
        # The paper of the ceremony names the day on which the notice will end.
        values[Contest.notice_until] = notice_end(known, log.now)
    await change_contest(log.contest, values)
    reason = version.reason
    facts = await facts_of_version(log.contest, known, version=version.number, correction=reason)
    await put(*(ResultSigned(one, issue) for one in facts.values()))


async def _store(
    log: Writing, frozen: Frozen, results: Results, number: int, *, by: str, reason: str
) -> None:
    text = results_text(results)
    computed_from = log.head
    log.add(
        "contest_closed",
        {
            "result_version": number,
            "results_hash": results_hash(text),
            "rules_hash": frozen.rules_hash,
            "log_head": computed_from,
            "entries": len(results.standings),
            "by": by,
            "reason": reason,
        },
    )
    await ResultRow.insert(
        ResultRow(
            id=uuid5(log.contest, f"results|{number}"),
            contest=log.contest,
            version=number,
            body=text,
            rules_hash=frozen.rules_hash,
            log_head=computed_from,
            reason=reason,
            created_at=log.now,
        )
    )
    await keep_evidence(log.contest, number, results)
    await change_contest(log.contest, {Contest.result_version: number})
