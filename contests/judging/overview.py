"""A judge's list of contests: what is signed and what is still to be marked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from contests.judging.packing import pack_of
from contests.judging.queries import my_contests
from core.errors import NotFound
from core.scoring.model import Text


@dataclass(frozen=True, slots=True)
class MyWork:
    """One contest in the list. owed and signed count sheets; both 0 before marking starts."""

    contest: str
    title: Text
    competition: Text
    state: str
    ended: bool
    seats: tuple[str, ...]
    owed: int = 0
    signed: int = 0


async def my_work(account: UUID) -> list[MyWork]:
    """Contests in which the account marks, in the order of their codes."""
    seats: dict[str, list[str]] = {}
    facts = {}
    for mine in await my_contests(account):
        if mine.appointment.role == "judge":
            seats.setdefault(mine.contest, []).append(mine.appointment.seat)
            facts[mine.contest] = mine
    found = []
    for contest, mine in facts.items():
        owed, signed, competition = await _counts(UUID(contest), account)
        found.append(
            MyWork(
                contest=contest,
                title=mine.title,
                competition=competition,
                state=mine.state,
                ended=mine.ended,
                seats=tuple(seats[contest]),
                owed=owed,
                signed=signed,
            )
        )
    return found


async def _counts(contest: UUID, account: UUID) -> tuple[int, int, Mapping[str, str]]:
    try:
        pack = await pack_of(contest, account)
    except NotFound:
        return 0, 0, {}
    works = [work for part in pack.parts for work in part.codes]
    return len(works), sum(work.state == "signed" for work in works), pack.contest.competition
