"""After the draw: a late entrant, an absence, a reserve who takes an absent entrant's place.

Each by two persons, with time and reason; nobody else's code, seat or sheet changes.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from contests.actions.common import both_allowed, contest_row, moment, raise_roster, who
from contests.actions.people import EntrantDraft, enrol_members, enter
from contests.drawing import commitment, draw
from contests.entrants import check_drafts
from contests.identity.sealing import (
    codes_of,
    codes_taken,
    hand_over,
    persons_entered,
    seal_codes,
)
from contests.log import Writing, read, writing
from contests.preparing import entry_facts
from contests.replay import replay
from contests.tables import Delegation, Entry
from contests.texts import keep
from core import audit
from core.db import transaction
from core.errors import Conflict, Invalid, NotFound
from core.registry import registry
from core.scoring.codec import to_json
from core.scoring.model import Finding
from core.security import Actor

AFTER_DRAW = ("ready", "judging")


async def add_late_entrant(
    by: Actor,
    witness: Actor,
    contest: UUID,
    draft: EntrantDraft,
    *,
    reason: str,
    now: datetime | None = None,
) -> UUID:
    """An entrant admitted after the contest was made ready; gets unused codes of his own."""
    scope = await both_allowed(by, witness, "contest.enter", contest, verb="add_late_entrant")
    async with transaction():
        row = await contest_row(contest)
        findings = check_drafts([draft], registry().partners()) + _reason(reason)
        delegations = await Delegation.select(Delegation.id).where(
            Delegation.competition == row["competition"]
        )
        if draft.delegation and draft.delegation not in {d["id"] for d in delegations}:
            params = {"id": str(draft.delegation)}
            findings.append(Finding("/0/delegation", "delegation-unknown", params))
        if findings:
            raise Invalid(findings)
        persons, doubled = await enrol_members(draft, await persons_entered(contest), 0)
        if doubled:
            raise Invalid(doubled)
        entry = await late_entry_in_transaction(
            by, witness, contest, draft, persons, reason=reason, now=moment(now)
        )
        await audit.record(by, "add_late_entrant", scope=scope, subject=str(entry))
    return entry


async def late_entry_in_transaction(
    by: Actor,
    witness: Actor,
    contest: UUID,
    draft: EntrantDraft,
    persons: Sequence[UUID],
    *,
    reason: str,
    now: datetime,
) -> UUID:
    async with writing(contest, *AFTER_DRAW, now=now) as log:
        _not_ended(log)
        entry = await enter(contest, draft, persons, late=True, now=now)
        row = await Entry.select().where(Entry.id == entry).first()
        if row is None:
            raise NotFound(kind="entry", id=entry)
        text = await keep(contest, reason, entry=entry)
        facts = to_json(entry_facts(row))
        log.add("late_entry", {"entry": facts, **_pair(by, witness), "reason_hash": text})
        if not draft.reserve:
            await _draw_one(log, entry, trial=draft.trial)
        await raise_roster(contest)
    return entry


async def record_absence(
    by: Actor,
    witness: Actor,
    contest: UUID,
    entry: UUID,
    *,
    reason: str,
    module: str = "",
    now: datetime | None = None,
) -> None:
    """An entrant did not come (缺赛), to one module or at all: DNS, not zero."""
    scope = await both_allowed(by, witness, "contest.run", contest, verb="record_absence")
    if _reason(reason):
        raise Invalid(_reason(reason))
    async with transaction():
        await absence_in_transaction(
            by, witness, contest, entry, module=module, reason=reason, now=moment(now)
        )
        await audit.record(by, "record_absence", scope=scope, subject=str(entry))


async def absence_in_transaction(
    by: Actor,
    witness: Actor,
    contest: UUID,
    entry: UUID,
    *,
    module: str,
    reason: str,
    now: datetime,
) -> None:
    async with writing(contest, *AFTER_DRAW, now=now) as log:
        await _entry(contest, entry)
        text = await keep(contest, reason, entry=entry)
        body = {"entry": str(entry), "module": module, **_pair(by, witness)}
        log.add("absence", {**body, "reason_hash": text})
        if not module:
            await Entry.update({Entry.status: "DNS"}).where(Entry.id == entry)


async def use_reserve(
    by: Actor,
    witness: Actor,
    contest: UUID,
    *,
    absent: UUID,
    reserve: UUID,
    reason: str,
    now: datetime | None = None,
) -> None:
    """A reserve (替补) takes an absent entrant's place and codes."""
    scope = await both_allowed(by, witness, "contest.run", contest, verb="use_reserve")
    if _reason(reason):
        raise Invalid(_reason(reason))
    async with transaction():
        await reserve_in_transaction(
            by, witness, contest, absent=absent, reserve=reserve, reason=reason, now=moment(now)
        )
        await audit.record(by, "use_reserve", scope=scope, subject=str(reserve))


async def reserve_in_transaction(
    by: Actor,
    witness: Actor,
    contest: UUID,
    *,
    absent: UUID,
    reserve: UUID,
    reason: str,
    now: datetime,
) -> None:
    async with writing(contest, *AFTER_DRAW, now=now) as log:
        _not_ended(log)
        gone, there = await _entry(contest, absent), await _entry(contest, reserve)
        findings = []
        if not there["reserve"] or there["status"]:
            findings.append(Finding("/reserve", "not-a-reserve", {"entry": str(reserve)}))
        if gone["reserve"] or gone["trial"]:
            findings.append(Finding("/absent", "no-place-to-take", {"entry": str(absent)}))
        if gone["group_code"] != there["group_code"]:
            findings.append(Finding("/reserve", "other-group", {"group": gone["group_code"]}))
        findings += await _marked_already(contest, str(absent))
        if findings:
            raise Invalid(findings)
        await hand_over(contest, str(absent), str(reserve), now=now)
        await Entry.update({Entry.reserve: False}).where(Entry.id == reserve)
        await Entry.update({Entry.status: "DNS"}).where(Entry.id == absent)
        text = await keep(contest, reason, entry=absent)
        body = {"absent": str(absent), "reserve": str(reserve), **_pair(by, witness)}
        log.add("reserve_used", {**body, "reason_hash": text})


async def _draw_one(log: Writing, entry: UUID, *, trial: bool) -> None:
    """Unused codes in the modules that were drawn already."""
    taken = await codes_taken(log.contest)
    used = [code for codes in taken.values() for code in codes]
    for module in sorted(taken):
        seed = secrets.token_bytes(32)
        drawn = draw(seed, module, [str(entry)], used)
        used.extend(drawn)
        await seal_codes(log.contest, module, drawn, now=log.now)
        committed = commitment(seed, str(log.contest), module)
        codes = list(drawn)
        body = {"module": module, "codes": codes, "trial": codes if trial else []}
        log.add("drawn", {**body, "commitment": committed})


async def _marked_already(contest: UUID, entry: str) -> list[Finding]:
    """A place whose work has sheets can't be handed over: they would follow it."""
    known = replay(await read(contest))
    sealed = await codes_of(contest)
    marked = {(stored.sheet.module, stored.sheet.entry) for stored in known.sheets}
    return [
        Finding("/absent", "marked-already", {"module": module})
        for module, codes in sealed.items()
        for code, owner in codes.items()
        if owner == entry and (module, code) in marked
    ]


async def _entry(contest: UUID, entry: UUID) -> dict[str, Any]:
    row = await Entry.select().where(Entry.id == entry, Entry.contest == contest).first()
    if row is None:
        raise NotFound(kind="entry", id=entry)
    return row


def _not_ended(log: Writing) -> None:
    if log.row["judging_ended_at"] is not None:
        raise Conflict([Finding("", "judging-ended", {})])


def _reason(reason: str) -> list[Finding]:
    return [] if reason.strip() else [Finding("/reason", "reason-missing", {})]


def _pair(by: Actor, witness: Actor) -> dict[str, str]:
    return {"by": who(by), "witness": who(witness)}
