"""Judges' seats when somebody leaves in the middle, pure: who sat in a seat before whom, whose sheets
count, which seats stay empty.

A substitute has an appointment of his own and takes the open sheets of the judge before; what that one
had signed stays. A seat is therefore marked once for each work, by one of those who sat in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from contests.replay.facts import AppointedFacts, LeftFacts, StoredSheet
from core.scoring.model import Leaving, Outcome, Scheme, Sheet, VacantSeat

Work = tuple[str, str, int, int]
"""(module, code, attempt, round)."""


def holders(judge: str, appointments: Mapping[str, AppointedFacts]) -> tuple[str, ...]:
    """Everybody who has sat in this judge's seat up to him, the first of them first."""
    chain = [judge]
    while True:
        facts = appointments.get(chain[-1])
        before = facts.instead_of if facts else ""
        if not before or before in chain:
            return tuple(reversed(chain))
        chain.append(before)


def earlier(judge: str, appointments: Mapping[str, AppointedFacts]) -> tuple[str, ...]:
    """Those before him alone."""
    return holders(judge, appointments)[:-1]


def voided(
    appointments: Mapping[str, AppointedFacts], policies: Mapping[str, str]
) -> frozenset[str]:
    """Judges nothing of whose marks counts. policies: of those who left, by appointment."""
    return frozenset(
        holder
        for judge, policy in policies.items()
        if policy == Leaving.VOID
        for holder in holders(judge, appointments)
    )


def emptied(
    appointments: Mapping[str, AppointedFacts], policies: Mapping[str, str]
) -> list[tuple[str, ...]]:
    """Seats that nobody follows into, as everybody who has sat in each."""
    return [
        holders(judge, appointments)
        for judge, policy in sorted(policies.items())
        if policy in (Leaving.VOID, Leaving.SMALLER)
    ]


def policies_of(left: Mapping[str, LeftFacts]) -> dict[str, str]:
    return {judge: facts.policy for judge, facts in left.items()}


@dataclass(slots=True)
class Seats:
    """All the seats of a contest beside its stored sheets, while a record is made."""

    appointments: Mapping[str, AppointedFacts]
    left: Mapping[str, LeftFacts]
    sheets: Iterable[StoredSheet]
    given: dict[tuple[str, Work], frozenset[str]] = field(default_factory=dict)
    """(judge, work) -> aspects with a mark, of judges whom somebody follows."""
    out: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not self.left:
            return
        self.out = voided(self.appointments, policies_of(self.left))
        followed = {facts.instead_of for facts in self.appointments.values()}
        for stored in self.sheets:
            sheet = stored.sheet
            if sheet.judge in followed and stored.countable:
                self.given[sheet.judge, _work(sheet, sheet.entry)] = marked(sheet)

    def counted(self, sheet: Sheet, code: str) -> Sheet:
        """As scoring reads it: set aside with its seat, or as far as the judge before had not marked
        the same."""
        if not self.left:
            return sheet
        if sheet.judge in self.out:
            return replace(sheet, counted=False, reason="left")
        stays: frozenset[str] = frozenset()
        for judge in earlier(sheet.judge, self.appointments):
            stays |= self.given.get((judge, _work(sheet, code)), frozenset())
        if not stays or not sheet.counted:
            return sheet
        rest = {aspect: mark for aspect, mark in sheet.marks.items() if aspect not in stays}
        if rest:
            return replace(sheet, marks=rest)
        return replace(sheet, counted=False, reason="substituted")

    def vacant(self, scheme: Scheme) -> tuple[VacantSeat, ...]:
        """By module, with the aspects that the seat would have marked."""
        from contests.duties import duties  # it reads the same facts as the replay that comes here

        found = []
        for seat in emptied(self.appointments, policies_of(self.left)):
            facts = self.appointments.get(seat[-1])
            if facts is None:
                continue
            for module in scheme.modules:
                aspects = tuple(aspect.id for aspect in duties(module, facts))
                if aspects:
                    found.append(VacantSeat(seat, module.id, aspects))
        return tuple(found)


def marked(sheet: Sheet) -> frozenset[str]:
    """Aspects with a mark of any kind but "missing"."""
    return frozenset(a for a, mark in sheet.marks.items() if mark.outcome is not Outcome.MISSING)


def _work(sheet: Sheet, code: str) -> Work:
    return sheet.module, code, sheet.attempt, sheet.round
