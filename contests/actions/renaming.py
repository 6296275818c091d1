"""A wrong name put right after the results were signed: two persons, and certificates that follow.

The log holds no name, so nothing in it changes; the request, the answer and both accounts are on
record, the names themselves are not.
"""

from __future__ import annotations

import json
from uuid import UUID

from contests.actions.common import both_allowed, contest_row
from contests.entering.names import tidy
from contests.identity.sealing import persons_of
from core import audit
from core.db import transaction
from core.errors import Conflict, Invalid
from core.events import NameCorrected
from core.outbox import put
from core.privacy import change_person, person_name
from core.scoring.model import Finding
from core.security import Actor

NAMED = frozenset({"signed", "published", "final"})
"""Before that a name is put right among the entrants, and the works are still without one."""


async def correct_name(
    by: Actor,
    witness: Actor,
    contest: UUID,
    *,
    person: UUID,
    name: str,
    reason: str,
) -> None:
    """Gives an entrant the right name. Certificates of the contest's organiser that name the person
    get a new version by themselves; the one before says that it was replaced."""
    scope = await both_allowed(by, witness, "contest.correct", contest, verb="correct_name")
    async with transaction():
        await rename_in_transaction(contest, person=person, name=name, reason=reason)
        await audit.record(by, "correct_name", scope=scope, subject=str(person))


async def rename_in_transaction(contest: UUID, *, person: UUID, name: str, reason: str) -> None:
    row = await contest_row(contest)
    kept = await check_name(contest, person=person, name=name, reason=reason)
    await change_person(person, name=kept)
    organiser = str(json.loads(row["facts"]).get("organiser") or "")
    await put(NameCorrected(str(contest), str(person), organiser))


async def check_name(contest: UUID, *, person: UUID, name: str, reason: str) -> str:
    """The name as it is kept. Raises Invalid with all findings, Conflict before the signatures."""
    row = await contest_row(contest)
    if row["state"] not in NAMED:
        raise Conflict([Finding("", "name-before-signatures", {})])
    kept, found = tidy(name)
    findings = [
        Finding("/name", one.code, one.params) for one in found if not one.code.endswith("-warning")
    ]
    if not kept:
        findings.append(Finding("/name", "name-missing", {}))
    if not reason.strip():
        findings.append(Finding("/reason", "reason-missing", {}))
    members = await persons_of(contest)
    present = await person_name(person)
    if not present or all(person not in team for team in members.values()):
        findings.append(Finding("/person", "person-not-entered", {}))
    elif kept == present:
        findings.append(Finding("/name", "name-unchanged", {}))
    if findings:
        raise Invalid(findings)
    return kept
