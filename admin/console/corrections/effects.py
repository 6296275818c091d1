"""Before and after of exactly what rests on a result, as the organiser sees it before anybody decides."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from contests.actions.approvals import CORRECT, wanted_of
from contests.actions.common import contest_row
from contests.actions.correcting import Wanted
from contests.actions.foreseeing import Foreseen, foresee
from contests.actions.renaming import NAMED
from contests.tables import Approval
from core.errors import JiangxinError, NotFound
from core.events import ResultFacts
from core.privacy import names_of
from core.security import Actor, Scope
from credentials.lifecycle.graph import Cascade, Dependent, cascade

KINDS: Mapping[str, str] = {
    "certificate": "Certificate",
    "proposal": "Proposal",
    "level": "Skill level",
    "honour": "Honour",
}
CHANGES: Mapping[str, str] = {
    "replaced": "A new version is issued; the old one says that it was replaced.",
    "superseded": "Replaced by a certificate for the other prize.",
    "withdrawn": "Withdrawn, because the result gives it no more.",
    "issued": "Issued for the first time.",
    "questioned": "Goes on counting; its authority is asked to decide.",
    "proposed": "Proposed to its authority.",
}


@dataclass(frozen=True, slots=True)
class ResultLine:
    """Place and points of one entry."""

    who: str
    place_before: str
    place_after: str
    points_before: str
    points_after: str


@dataclass(frozen=True, slots=True)
class Effects:
    """names: person -> name, empty for a reader who may not know."""

    results: Sequence[ResultLine]
    cascade: Cascade
    names: Mapping[UUID, str]

    @property
    def dependents(self) -> Sequence[Dependent]:
        return self.cascade.dependents


async def effects_of(by: Actor, contest: UUID, wanted: Wanted, scopes: Sequence[Scope]) -> Effects:
    """Raises Invalid as the correction itself would. Nothing is changed."""
    foreseen = await foresee(contest, wanted)
    found = await cascade(foreseen.after)
    named = by.may("person.read", *scopes)
    persons = {UUID(one) for facts in foreseen.after for one in facts.persons}
    names = await names_of(persons | {d.person for d in found.dependents if d.person})
    shown = names if named else {}
    return Effects(_results(foreseen, shown), found, shown)


def _results(foreseen: Foreseen, names: Mapping[UUID, str]) -> list[ResultLine]:
    lines = []
    for after in sorted(foreseen.after, key=lambda one: (one.group, one.rank or 0)):
        before = foreseen.before[after.entry]
        who = "、".join(names.get(UUID(one), "") for one in after.persons)
        lines.append(ResultLine(who, _place(before), _place(after), before.total, after.total))
    return lines


def _place(facts: ResultFacts) -> str:
    return "—" if facts.rank is None else str(facts.rank)


async def asked_for(contest: UUID, approval: UUID) -> Wanted:
    """The correction of a request that still waits. Raises NotFound."""
    row = await Approval.select().where(Approval.id == approval).first()
    if row is None or row["contest"] != contest or row["verb"] != CORRECT or row["decided_at"]:
        raise NotFound(kind="correction", id=approval)
    return wanted_of({**json.loads(row["body"]), "reason": "-"})


async def effects_if_any(
    by: Actor, contest: UUID, wanted: Wanted, scopes: Sequence[Scope]
) -> Effects | None:
    """None before anything can rest on a result, where nothing does, or where it can't be carried out."""
    if (await contest_row(contest))["state"] not in NAMED:
        return None
    try:
        found = await effects_of(by, contest, wanted, scopes)
    except JiangxinError:
        return None
    return found if found.dependents else None
