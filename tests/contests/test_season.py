"""A year's contests in figures: only what the reader may see, and prizes of published results alone."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from piccolo.query.base import Query

from contests.founding.tables import ProgrammeSession, Venue
from contests.season.counting import marks_of
from contests.season.model import PrizeCount, SeasonContest, by_place_and_trade, tally
from contests.season.reading import contest_season
from contests.tables import Competition, Contest, Entry, SheetRow
from core.security import INSTALLATION, Actor, GrantFacts, Role
from tests.factories_contests import START, SmallContest, small_contest

HOUSE = Actor(uuid4(), "house", (GrantFacts(Role.ORGANISER, INSTALLATION),))
YEAR = {"this_year": 2024}


def contest(**values: Any) -> SeasonContest:
    known: dict[str, Any] = {
        "id": uuid4().hex,
        "organisation": "",
        "competition_title": {},
        "title": {},
        "type_title": {},
        "state": "final",
        "city": "东莞",
        "trade": "4-03-02-02",
    }
    return SeasonContest(**{**known, **values})


def test_people_delegations_and_days_of_several_contests_count_once_but_entrants_add_up() -> None:
    first = contest(
        judges=frozenset("ab"),
        delegations=frozenset("x"),
        days=frozenset({"2024-10-10"}),
        entrants=9,
        finalists=8,
        marks=100,
        prizes=(PrizeCount("first", {}, 1), PrizeCount("second", {}, 2)),
    )
    second = contest(
        judges=frozenset("bc"),
        delegations=frozenset("xy"),
        days=frozenset({"2024-10-10", "2024-10-11"}),
        entrants=5,
        finalists=4,
        marks=50,
        state="judging",
    )

    total = tally([first, second])

    assert (total.contests, total.published, total.entrants, total.finalists) == (2, 1, 14, 12)
    assert (total.marks, total.prizes) == (150, 3)
    assert (len(total.judges), len(total.delegations), len(total.days)) == (3, 2, 2)


def test_places_and_trades_are_in_order_with_the_unknown_last() -> None:
    some = [contest(city=""), contest(city="B", trade=""), contest(city="B"), contest(city="A")]

    assert list(by_place_and_trade(some)) == [
        ("A", "4-03-02-02"),
        ("B", "4-03-02-02"),
        ("B", ""),
        ("", "4-03-02-02"),
    ]


async def finished() -> SmallContest:
    small = await small_contest(entrants=4, reserves=1)
    await small.judge_everything()
    await small.close()
    return small


@pytest.mark.engine
async def test_a_season_counts_what_happened_and_tells_prizes_only_once_they_are_published(
    database: object,
) -> None:
    small = await finished()
    venue = uuid4()
    await Venue.insert(
        Venue(id=venue, competition=small.competition, title="{}", city="东莞", created_at=START)
    )
    for day in ("2024-10-11", "2024-10-12"):
        await ProgrammeSession.insert(
            ProgrammeSession(
                id=uuid4(),
                competition=small.competition,
                venue=venue,
                contest=small.contest,
                day=day,
                starts="09:00",
                ends="10:00",
                created_at=START,
            )
        )

    before = await contest_season(HOUSE, 2024, **YEAR)
    await small.finish()
    after = await contest_season(HOUSE, 2024, **YEAR)

    (closed,), (final,) = before.contests, after.contests
    assert closed.prizes == ()
    assert [(prize.code, prize.won) for prize in final.prizes] == [("first", 1), ("second", 1)]
    assert final.prizes[0].title["zh-Hans"] == "一等奖"
    assert (final.entrants, final.finalists, len(final.delegations)) == (4, 4, 2)
    assert len(final.judges) == 5  # three judges, their leader, the chief referee
    assert final.marks == 4 * 3 * 3 + 4
    assert (final.city, final.trade) == ("东莞", "4-03-02-02")
    assert final.days == {"2024-10-11", "2024-10-12"}
    assert (after.years, after.fictional) == ([2024], False)


@pytest.mark.engine
async def test_marks_are_counted_whatever_a_judge_wrote_beside_them(database: object) -> None:
    of = uuid4()
    marks = {
        "look": {"value": 18_000, "note": 'sagt "a":{"b":{} und \\'},
        "taste": {"defects": [{"code": "d1", "points": 5}, {"code": "d2", "points": 5}]},
        "care": {},
    }
    for number, state in enumerate(("accepted", "accepted", "conflict")):
        text = json.dumps(marks if number == 0 else {}, separators=(",", ":"))
        row = SheetRow(
            id=uuid4(),
            contest=of,
            module="m",
            code=str(number),
            judge=uuid4(),
            state=state,
            marks=text,
            stored_at=START,
        )
        await SheetRow.insert(row)

    assert await marks_of([of]) == {str(of): 3}


async def test_others_contests_cancelled_ones_and_other_years_are_not_counted(
    database: object,
) -> None:
    mine, theirs = await small_contest(until="draft"), await small_contest(until="draft")
    organiser = await mine.actor("organiser")
    first = await Entry.select(Entry.id).where(Entry.contest == mine.contest).first()
    assert first
    await Entry.update({Entry.status: "withdrawn"}).where(Entry.id == first["id"])
    facts = {"held_on": "2024-10-12", "registered": {"": 30}, "place": "中山"}
    await Contest.update({Contest.facts: json.dumps(facts)}).where(Contest.id == mine.contest)

    async def seen(by: Actor, year: int = 2024, of: UUID | None = None) -> list[str]:
        season = await contest_season(by, year, organisation=of, **YEAR)
        return sorted(one.id for one in season.contests)

    both = sorted([str(mine.contest), str(theirs.contest)])
    assert await seen(organiser) == [str(mine.contest)]
    assert await seen(HOUSE) == both
    assert await seen(HOUSE, 0) == both
    assert await seen(HOUSE, 2023) == []
    assert await seen(HOUSE, of=theirs.organisation) == [str(theirs.contest)]
    assert await seen(organiser, of=theirs.organisation) == []
    assert await seen(Actor(uuid4(), "nobody")) == []
    (own,) = (await contest_season(organiser, 2024, **YEAR)).contests
    assert (own.entrants, own.finalists, own.city) == (30, 3, "中山")
    assert own.days == {"2024-10-10", "2024-10-11", "2024-10-12"}  # the competition's
    assert (own.sees_proposals, own.sees_certificates) == (True, True)
    await Competition.update({Competition.demonstration: True}).where(
        Competition.id == theirs.competition
    )
    assert await seen(HOUSE) == [str(mine.contest)]
    await Contest.update({Contest.state: "cancelled"}).where(Contest.id == mine.contest)
    assert (await contest_season(HOUSE, 2024, **YEAR)).fictional
    assert await seen(organiser) == []


async def test_the_number_of_queries_does_not_grow_with_the_contests(
    database: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, asked = Query.run, []

    async def counting(self: Any, *args: Any, **more: Any) -> Any:
        asked.append(self)
        return await run(self, *args, **more)

    async def queries() -> int:
        asked.clear()
        with monkeypatch.context() as patch:
            patch.setattr(Query, "run", counting)
            await contest_season(HOUSE, 2024, **YEAR)
        return len(asked)

    await small_contest(entrants=1, until="draft")
    one = await queries()
    for _ in range(3):
        await small_contest(entrants=1, until="draft")

    assert 4 < one == await queries()
