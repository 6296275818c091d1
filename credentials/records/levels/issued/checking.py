"""What each line of a body's list would do: which proposal it grants, what is wrong with it, what is odd."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from core.filing import Filing
from core.privacy import keyed_hash, names_of, owners_of
from core.registry import registry
from core.scoring.model import Finding
from core.security import Actor, check
from core.skill_levels import ALL_LEVELS
from credentials.identifiers import understood
from credentials.records.bodies import ACTS
from credentials.records.levels.filed import filing_of_body, lacking
from credentials.records.levels.holding import day_findings
from credentials.records.levels.issued import messages as messages
from credentials.records.levels.issued.reading import Line
from credentials.records.levels.numbers import normalised, number_findings, number_warnings
from credentials.records.notices import today_in_china
from credentials.records.tables import HeldLevel, Proposal
from credentials.scopes import issuer_scopes
from credentials.tables import Certificate


@dataclass(frozen=True, slots=True)
class Checked:
    """proposal: what the line grants, None when something is wrong or it is done. done: granted before,
    with this number."""

    line: Line
    proposal: UUID | None
    wrong: Sequence[Finding] = ()
    odd: Sequence[Finding] = ()
    done: bool = False


async def check_list(
    by: Actor, issuer: str, lines: Sequence[Line], today: date | None = None
) -> list[Checked]:
    """Nothing is changed. Raises NotFiled or FilingLacks for a body that may not certify at all."""
    check(by, ACTS, *await issuer_scopes(issuer))
    filing, day = await filing_of_body(issuer), today or today_in_china()
    lines = [replace(line, number=normalised(line.number)) for line in lines]
    known = await _known(issuer, lines)
    times = Counter(line.number for line in lines)
    found = [_checked(line, known, filing, day, times[line.number]) for line in lines]
    twice = Counter(one.proposal for one in found if one.proposal)
    return [_once(one) if one.proposal and twice[one.proposal] > 1 else one for one in found]


@dataclass(frozen=True, slots=True)
class _Known:
    """What is on record of a list: by what stands in its lines."""

    persons: Mapping[str, UUID]
    names: Mapping[UUID, str]
    proposals: Mapping[UUID, Sequence[Mapping[str, Any]]]
    held: Mapping[str, UUID | None]


async def _known(issuer: str, lines: Sequence[Line]) -> _Known:
    persons = await _persons({line.who for line in lines if line.who})
    ids = sorted(set(persons.values()))
    proposals: dict[UUID, list[Mapping[str, Any]]] = {}
    if ids:
        rows = await Proposal.select().where(
            Proposal.issuer == issuer, Proposal.kind == "level", Proposal.person.is_in(ids)
        )
        for row in rows:
            proposals.setdefault(row["person"], []).append(row)
    hashes = {keyed_hash("level certificate number", line.number): line.number for line in lines}
    held = await HeldLevel.select(HeldLevel.number_hash, HeldLevel.proposal).where(
        HeldLevel.number_hash.is_in(list(hashes))
    )
    taken = {hashes[row["number_hash"]]: row["proposal"] for row in held}
    return _Known(persons, await names_of(ids), proposals, taken)


async def _persons(numbers: set[str]) -> dict[str, UUID]:
    """By identity documents of every kind that a partner knows, else by certificates of ours."""
    kinds = [(rules, kind.code) for rules in registry().partners() for kind in rules.documents()]
    asked = {
        number: [
            (kind, rules.normalise_document(kind, number))
            for rules, kind in kinds
            if not _broken(rules.check_document(kind, number))
        ]
        for number in numbers
    }
    owners = await owners_of({one for documents in asked.values() for one in documents})
    found = {
        number: owners[one] for number, documents in asked.items() for one in documents if one in owners
    }  # fmt: skip
    ids = {understood(number): number for number in numbers - set(found)}
    if ids:
        rows = await Certificate.select(Certificate.public_id, Certificate.person).where(
            Certificate.public_id.is_in(list(ids)), Certificate.erased_at.is_null()
        )
        found |= {ids[row["public_id"]]: row["person"] for row in rows}
    return found


def _broken(found: Sequence[Finding]) -> bool:
    return any(not one.code.endswith("-warning") for one in found)


def _checked(line: Line, known: _Known, filing: Filing, today: date, times: int) -> Checked:
    person = known.persons.get(line.who)
    wrong = _own_findings(line, today, times)
    if person is None or known.names.get(person) != line.name or not line.name:
        return Checked(line, None, [Finding("/who", "credentials.issued-who", {}), *wrong])
    row = _proposal(line, known.proposals.get(person, ()))
    if row is None:
        return Checked(line, None, [Finding("/level", "credentials.issued-none", {}), *wrong])
    if row["state"] == "granted" and known.held.get(line.number) == row["id"]:
        return Checked(line, None, done=True)
    if row["state"] != "proposed":
        wrong.append(Finding("/level", "credentials.issued-decided", {}))
    if line.number in known.held:
        params = {"number": line.number}
        wrong.append(Finding("/number", "credentials.number-taken", params))
    days = [today.isoformat(), *([line.granted_on] if not day_findings(line.granted_on, today) else [])]  # fmt: skip
    wrong += lacking(filing, row["occupation"], row["grade"], *days)
    if wrong:
        return Checked(line, None, wrong)
    return Checked(line, row["id"], odd=number_warnings(line.number, line.granted_on, filing.province))  # fmt: skip


def _own_findings(line: Line, today: date, times: int) -> list[Finding]:
    if line.level in ALL_LEVELS:
        found = number_findings(line.number, line.level)
    else:
        params = {"code": line.level[:40], "known": ", ".join(ALL_LEVELS)}
        found = [Finding("/level", "filing-level", params)]
    if times > 1 and line.number:
        found.append(Finding("/number", "credentials.issued-twice", {"number": line.number[:40]}))
    return found + day_findings(line.granted_on, today)


def _proposal(line: Line, rows: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """Open ones first: the same level may have been refused once."""
    fitting = [
        row
        for row in rows
        if row["grade"] == line.level and line.occupation in ("", row["occupation"])
    ]
    fitting.sort(key=lambda row: (row["state"] != "proposed", row["state"] != "granted"))
    return fitting[0] if fitting else None


def _once(one: Checked) -> Checked:
    return replace(one, proposal=None, wrong=[Finding("/who", "credentials.issued-again", {})])
