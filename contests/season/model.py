"""What a season's figures are made of. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from core.scoring.model import Text


@dataclass(frozen=True, slots=True)
class PrizeCount:
    """How often one prize was won in one contest."""

    code: str
    title: Text
    won: int


@dataclass(frozen=True, slots=True)
class SeasonContest:
    """One contest. city: as the venue or the competition states it, "" where neither does. trade: the
    occupation, else "". days: ISO dates. judges and delegations: ids, so that several contests of one
    judge count once. prizes: empty before publication."""

    id: str
    organisation: str
    competition_title: Text
    title: Text
    type_title: Text
    state: str
    city: str
    trade: str
    days: frozenset[str] = frozenset()
    entrants: int = 0
    finalists: int = 0
    judges: frozenset[str] = frozenset()
    delegations: frozenset[str] = frozenset()
    marks: int = 0
    prizes: tuple[PrizeCount, ...] = ()
    demonstration: bool = False
    sees_proposals: bool = False
    sees_certificates: bool = False

    @property
    def published(self) -> bool:
        return self.state in ("published", "final")


@dataclass(slots=True)
class Tally:
    """Of several contests together."""

    contests: int = 0
    published: int = 0
    entrants: int = 0
    finalists: int = 0
    marks: int = 0
    prizes: int = 0
    judges: set[str] = field(default_factory=set)
    delegations: set[str] = field(default_factory=set)
    days: set[str] = field(default_factory=set)

    def add(self, one: SeasonContest) -> None:
        self.contests += 1
        self.published += one.published
        self.entrants += one.entrants
        self.finalists += one.finalists
        self.marks += one.marks
        self.prizes += sum(prize.won for prize in one.prizes)
        self.judges |= one.judges
        self.delegations |= one.delegations
        self.days |= one.days


@dataclass(frozen=True, slots=True)
class ContestSeason:
    """years: those that have a contest which the reader may see, the newest first."""

    year: int
    years: Sequence[int]
    contests: Sequence[SeasonContest]

    @property
    def fictional(self) -> bool:
        """Whether all of it is a demonstration."""
        return bool(self.contests) and all(one.demonstration for one in self.contests)


def tally(contests: Iterable[SeasonContest]) -> Tally:
    total = Tally()
    for one in contests:
        total.add(one)
    return total


def by_place_and_trade(contests: Iterable[SeasonContest]) -> dict[tuple[str, str], Tally]:
    """(city, trade) -> its tally, in this order; those without come last."""
    found: dict[tuple[str, str], Tally] = {}
    for one in contests:
        found.setdefault((one.city, one.trade), Tally()).add(one)
    return {place: found[place] for place in sorted(found, key=_unknown_last)}


def _unknown_last(place: tuple[str, str]) -> tuple[bool, str, bool, str]:
    city, trade = place
    return (not city, city, not trade, trade)
