"""What a contest still lacks before it is ready, and what its log starts with."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any
from uuid import UUID

from contests.declared import RECOGNISED, SMALL
from contests.duties import seats_short
from contests.profile import declared_small
from contests.recognised import offers_of, unfit_findings
from contests.replay import AppointedFacts
from contests.schemes.queries import unfinished
from contests.scoring import rules_findings, scheme_findings
from contests.tables import Appointment, Approval, Competition, Contest, Entry
from core.registry import registry
from core.scoring.codec import from_json, to_json
from core.scoring.model import AwardMethod, EntryFacts, Finding, Rules, Scheme
from core.scoring.numbers import decimal_text

SIGNING_ROLES = ("judge", "group_leader", "chief_referee", "supervisor")
"""The order of signatures."""


async def readiness(contest: UUID) -> list[Finding]:
    """Everything unmet before draft → ready, but for conflicts of interest (`interests.py`)."""
    row = await Contest.select().where(Contest.id == contest).first()
    if row is None:
        return []
    scheme = from_json(Scheme, json.loads(row["scheme"]))
    rules = from_json(Rules, json.loads(row["rules"]))
    contest_type = registry().contest_type(row["type_code"], row["type_version"])
    facts = json.loads(row["facts"])
    return [
        *_under("/scheme", scheme_findings(contest_type, scheme)),
        *_under("/rules", rules_findings(scheme, rules)),
        *await unfinished(contest),
        *(
            Finding(f"/facts/{name}", "fact-missing", {"name": name})
            for name in ("organiser", "held_on")
            if not facts.get(name)
        ),
        *await _entrants(contest),
        *await _appointments(contest, scheme),
    ]


async def remarks(contest: UUID) -> list[Finding]:
    """What may be meant and may be a slip, before draft → ready: more prizes than entrants, a partner's
    certificate that the contest does not fit any more."""
    return [*await _prizes_over_entrants(contest), *await _unfit_outputs(contest)]


async def _unfit_outputs(contest: UUID) -> list[Finding]:
    row = (
        await Contest.select(Contest.facts, Contest.competition)
        .where(Contest.id == contest)
        .first()
    )
    facts = json.loads(row["facts"]) if row else {}
    if row is None or not facts.get(RECOGNISED):
        return []
    held = (
        await Competition.select(Competition.authorities)
        .where(Competition.id == row["competition"])
        .first()
    )
    codes = json.loads(held["authorities"]) if held else []
    partners = [one for one in registry().partners() if one.code in codes]
    return unfit_findings(offers_of(partners, facts), facts)


async def _prizes_over_entrants(contest: UUID) -> list[Finding]:
    row = await Contest.select(Contest.rules).where(Contest.id == contest).first()
    rules = from_json(Rules, json.loads(row["rules"])) if row else Rules()
    competing = [e for e in await entries_of(contest) if not e.reserve and not e.trial]
    return [
        Finding(
            f"/rules/awards/{i}",
            "prizes-over-entrants-warning",
            {"prizes": decimal_text(prizes), "entrants": str(len(competing))},
        )
        for i, award in enumerate(rules.awards)
        if award.method is AwardMethod.COUNTS
        and (prizes := sum((prize.amount for prize in award.prizes), Fraction())) > len(competing)
        and competing
    ]


async def prepared_body(contest: UUID) -> dict[str, Any]:
    """The first entry of the log: who competes and who marks, by id."""
    row = await Contest.select(Contest.facts).where(Contest.id == contest).first()
    entries = await entries_of(contest)
    facts = json.loads(row["facts"]) if row else {}
    declared = facts.get("registered", {})
    registered: dict[str, int] = {}
    for entry in entries:
        if not entry.trial and not entry.reserve:
            registered[entry.group] = registered.get(entry.group, 0) + 1
    body = {
        "entries": [to_json(entry) for entry in entries],
        "registered": registered | {group: int(count) for group, count in declared.items()},
        "appointments": [appointed_body(a) for a in await appointments_of(contest)],
    }
    return body | {"profile": SMALL} if declared_small(facts) else body


async def entries_of(contest: UUID) -> list[EntryFacts]:
    rows = (
        await Entry.select()
        .where(Entry.contest == contest, Entry.status != "withdrawn")
        .order_by(Entry.created_at, Entry.id)
    )
    return [entry_facts(row) for row in rows]


def entry_facts(row: dict[str, Any]) -> EntryFacts:
    return EntryFacts(
        id=str(row["id"]),
        group=row["group_code"],
        delegation=str(row["delegation"] or ""),
        trial=row["trial"],
        reserve=row["reserve"],
    )


async def appointments_of(contest: UUID) -> list[AppointedFacts]:
    """Those that have not ended."""
    rows = (
        await Appointment.select()
        .where(Appointment.contest == contest, Appointment.ended_at.is_null())
        .order_by(Appointment.created_at, Appointment.seat, Appointment.id)
    )
    return [appointed_facts(row) for row in rows]


def appointed_facts(row: dict[str, Any]) -> AppointedFacts:
    return AppointedFacts(
        id=str(row["id"]),
        role=row["role"],
        seat=row["seat"],
        panel=row["panel"],
        group=row["group_code"],
        modules=tuple(json.loads(row["modules"])),
        account=str(row["account"]),
        instead_of=str(row["instead_of"] or ""),
    )


def appointed_body(facts: AppointedFacts) -> dict[str, Any]:
    """As the log names an appointment."""
    stands_in = {"instead_of": facts.instead_of} if facts.instead_of else {}
    return {
        "id": facts.id,
        "role": facts.role,
        "seat": facts.seat,
        "panel": facts.panel,
        "group": facts.group,
        "modules": list(facts.modules),
        "account": facts.account,
        **stands_in,
    }


async def open_approvals(contest: UUID) -> list[Finding]:
    """Steps that one person has asked for and nobody has answered."""
    rows = await Approval.select(Approval.id, Approval.verb).where(
        Approval.contest == contest, Approval.decided_at.is_null()
    )
    return [
        Finding("/approvals", "approval-open", {"id": str(r["id"]), "verb": r["verb"]})
        for r in rows
    ]


async def _entrants(contest: UUID) -> list[Finding]:
    competing = [e for e in await entries_of(contest) if not e.reserve and not e.trial]
    return [] if competing else [Finding("/entries", "no-entrants", {})]


async def _appointments(contest: UUID, scheme: Scheme) -> list[Finding]:
    appointments = await appointments_of(contest)
    roles = {appointment.role for appointment in appointments}
    findings = [
        Finding("/appointments", "role-vacant", {"role": role})
        for role in SIGNING_ROLES
        if role not in roles
    ]
    for module, panel, group, needed, there in seats_short(scheme, appointments):
        params = {
            "module": module,
            "panel": panel,
            "group": group,
            "needed": needed,
            "appointed": there,
        }
        findings.append(Finding("/appointments", "panel-short", params))
    return findings


def _under(pointer: str, findings: list[Finding]) -> list[Finding]:
    return [Finding(pointer + f.pointer, f.code, f.params) for f in findings]
