"""Drawing the judges, pure: from a seed, the pool and the seats to who sits where, so that anybody who
knows the seed can repeat it; and, when it can't be done, everything that stood in the way.

Seats are filled in order, leaders first, each with the first of the drawn order who fits; when that leads
nowhere the draw goes back a step, always the same way for the same seed.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from contests.duties import TASTERS, on_sheets, sub_criteria
from core.scoring.model import Finding, Scheme

MOST_STEPS = 20_000
"""Beyond so many tries the constraints are taken as impossible to meet together."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody of the pool. conflicts: kinds of interest that keep this judge out of the contest."""

    id: str
    trades: frozenset[str] = frozenset()
    valid_until: str = ""
    leads: bool = False
    employer: str = ""
    delegations: frozenset[str] = frozenset()
    conflicts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SeatWanted:
    """One judge's seat. modules empty = all."""

    number: int
    panel: str = "referees"
    group: str = ""
    modules: tuple[str, ...] = ()
    leader: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """What is asked of the judges. per_employer, per_delegation: at most so many seats, 0 = any number.
    on: ISO date on which a qualification must be valid. planned: the seats that the contest brought along
    from last year's, not those that the scheme asks for."""

    on: str = ""
    trade: str = ""
    per_employer: int = 1
    per_delegation: int = 0
    leaders_qualified: bool = True
    reserves: int = 0
    planned: bool = False


@dataclass(frozen=True, slots=True)
class Drawn:
    """seats: seat number -> candidate. reserves: in the order in which they are called."""

    seats: Mapping[int, str] = field(default_factory=dict)
    reserves: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


def seats_wanted(scheme: Scheme, *, leaders: bool = True) -> list[SeatWanted]:
    """The seats that a scheme asks for: for each panel and group as many as its largest module marks
    with; modules that ask for another number of judges (but one agreed value) get judges of their own."""
    asked: dict[tuple[str, str], dict[str, int]] = {}
    for module in scheme.modules:
        for sub in sub_criteria(module):
            for aspect in filter(on_sheets, sub.aspects):
                if aspect.panel != TASTERS:
                    own = asked.setdefault((aspect.panel, sub.group), {})
                    own[module.id] = max(own.get(module.id, 1), aspect.judges, 1)
    seats: list[SeatWanted] = []
    for (panel, group), modules in asked.items():
        most = max(modules.values())
        for count in sorted({n for n in modules.values() if n > 1} | {most}, reverse=True):
            named = [m for m, n in modules.items() if n == count or (n <= 1 and count == most)]
            only = () if len(named) == len(modules) else tuple(named)
            for place in range(count):
                lead = leaders and place == 0
                seats.append(SeatWanted(len(seats) + 1, panel, group, only, lead))
    return seats


def draw_judges(
    seed: bytes, candidates: Sequence[Candidate], seats: Sequence[SeatWanted], terms: Terms
) -> Drawn:
    """The order of `candidates` does not matter."""
    order = sorted(candidates, key=lambda one: _lot(seed, one.id))
    wanted = sorted(seats, key=lambda seat: (not seat.leader, seat.number))
    search = _Search(order, wanted, terms)
    if not search.fill(0):
        return Drawn(findings=tuple(_why(search, order, wanted, terms)))
    taken = set(search.seated.values())
    rest = [
        one.id for one in order if one.id not in taken and not _unfit(one, SeatWanted(0), terms)
    ]
    return Drawn(dict(sorted(search.seated.items())), tuple(rest[: terms.reserves]))


@dataclass(slots=True)
class _Search:
    order: Sequence[Candidate]
    seats: Sequence[SeatWanted]
    terms: Terms
    seated: dict[int, str] = field(default_factory=dict)
    employers: Counter[str] = field(default_factory=Counter)
    delegations: Counter[str] = field(default_factory=Counter)
    steps: int = 0
    furthest: int = 0
    best: dict[int, str] = field(default_factory=dict)

    def fill(self, place: int) -> bool:
        if place > self.furthest or not self.best:
            self.furthest, self.best = place, dict(self.seated)
        if place == len(self.seats):
            return True
        seat = self.seats[place]
        for one in self.order:
            if self.steps >= MOST_STEPS:
                return False
            if self.hindrance(one, seat):
                continue
            self.steps += 1
            self._put(seat, one, 1)
            if self.fill(place + 1):
                return True
            self._put(seat, one, -1)
        return False

    def hindrance(self, one: Candidate, seat: SeatWanted) -> str:
        """The first reason why somebody can't have the seat now, or ""."""
        unfit = _unfit(one, seat, self.terms)
        if unfit:
            return unfit
        if one.id in self.seated.values():
            return "seated"
        if _full(self.employers, [one.employer], self.terms.per_employer):
            return "employer"
        if _full(self.delegations, one.delegations, self.terms.per_delegation):
            return "delegation"
        return ""

    def _put(self, seat: SeatWanted, one: Candidate, count: int) -> None:
        if count > 0:
            self.seated[seat.number] = one.id
        else:
            del self.seated[seat.number]
        if one.employer:
            self.employers[one.employer] += count
        for delegation in one.delegations:
            self.delegations[delegation] += count


def _full(counts: Mapping[str, int], names: Sequence[str] | frozenset[str], most: int) -> bool:
    return most > 0 and any(counts.get(name, 0) >= most for name in names if name)


def _unfit(one: Candidate, seat: SeatWanted, terms: Terms) -> str:
    """Why somebody could not have this seat whoever has the others."""
    if one.conflicts:
        return f"conflict-{one.conflicts[0]}"
    if terms.on and one.valid_until and one.valid_until < terms.on:
        return "expired"
    if terms.trade and one.trades and terms.trade not in one.trades:
        return "trade"
    if seat.leader and terms.leaders_qualified and not one.leads:
        return "leader"
    return ""


def _why(
    search: _Search, order: Sequence[Candidate], seats: Sequence[SeatWanted], terms: Terms
) -> Iterator[Finding]:
    """Of the first seat that stayed empty when the draw had got furthest: each reason, with how many it
    keeps out."""
    state = _Search(order, seats, terms)
    known = {one.id: one for one in order}
    for seat in seats:
        if seat.number in search.best:
            state._put(seat, known[search.best[seat.number]], 1)
    empty = next(seat for seat in seats if seat.number not in search.best)
    params = {
        "number": str(empty.number),
        "panel": empty.panel,
        "group": empty.group or "—",
        "pool": str(len(order)),
        "seats": str(len(seats)),
    }
    yield Finding(f"/seats/{empty.number}", "seat-nobody", params)
    counts = Counter(state.hindrance(one, empty) for one in order)
    for reason, count in sorted(counts.items()):
        if reason.startswith("conflict-"):
            kind = reason.removeprefix("conflict-")
            yield Finding("/pool", "draw-out-conflict", {"count": str(count), "kind": kind})
        elif reason:
            yield Finding("/pool", f"draw-out-{reason}", {"count": str(count)})


def _lot(seed: bytes, candidate: str) -> bytes:
    return hmac.new(seed, f"judge|{candidate}".encode(), hashlib.sha256).digest()
