"""Venues in several cities and sessions on days; answers as people type them."""

from __future__ import annotations

from uuid import UUID

import pytest

from contests.actions.setup import ContestStart
from contests.founding.answers import answers_of
from contests.founding.programme import (
    add_session,
    add_venue,
    clock,
    edit_venue,
    remove_session,
    remove_venue,
    sessions_of,
    venues_of,
)
from contests.founding.starting import found_contest
from core.contest_type import read_options
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.registry import registry
from core.settings import Settings
from tests.contests.founding.kit import Founder, founder
from tests.factories_contests import text

pytestmark = pytest.mark.engine


async def session(
    one: Founder, venue: UUID, day: str, starts: str, ends: str, **more: object
) -> UUID:
    return await add_session(
        one.by, one.competition, venue=venue, day=day, starts=starts, ends=ends, **more
    )  # type: ignore[arg-type]


async def test_sessions_in_two_cities_stand_by_day_and_hour(database: Settings) -> None:
    one = await founder()
    contest = await found_contest(
        one.by, one.competition, ContestStart("", text("面点"), "cooking")
    )
    south = await add_venue(one.by, one.competition, title=text("南区厨房"), city="中山")
    north = await add_venue(one.by, one.competition, title=text("工会大厦"), city="广州")
    await session(one, north, "2026-05-02", "14:00", "17:30")
    await session(one, south, "2026-05-02", "9：00", "11:00", contest=contest, module="W")
    await session(one, south, "2026-05-01", "10:00", "12:00")

    found = await sessions_of(one.competition)

    assert [(s.day, s.starts, s.city) for s in found] == [
        ("2026-05-01", "10:00", "中山"),
        ("2026-05-02", "09:00", "中山"),
        ("2026-05-02", "14:00", "广州"),
    ]
    assert not any(s.clash for s in found)
    assert [v.sessions for v in await venues_of(one.competition)] == [2, 1]


async def test_everything_wrong_with_a_session_is_said_at_once(database: Settings) -> None:
    one, other = await founder(), await founder()
    foreign = await add_venue(other.by, other.competition, title=text("别处"))

    with pytest.raises(Invalid) as refused:
        await session(one, foreign, "2026-06-01", "25:00", "8", module="Z")

    assert {(f.pointer, f.code) for f in refused.value.findings} == {
        ("/day", "session-outside"),
        ("/starts", "time-malformed"),
        ("/ends", "time-malformed"),
        ("/venue", "venue-choose"),
        ("/module", "module-unknown"),
    }
    assert await sessions_of(one.competition) == []


async def test_a_venue_taken_twice_and_a_contest_in_two_places_are_shown(
    database: Settings,
) -> None:
    one = await founder()
    contest = await found_contest(
        one.by, one.competition, ContestStart("", text("面点"), "cooking")
    )
    a, b = [await add_venue(one.by, one.competition, title=text(n)) for n in ("甲", "乙")]
    await session(one, a, "2026-05-01", "09:00", "11:00", contest=contest)
    await session(one, b, "2026-05-01", "10:00", "12:00", contest=contest)
    await session(one, b, "2026-05-01", "12:00", "13:00")

    assert [s.clash for s in await sessions_of(one.competition)] == [True, True, False]


async def test_a_venue_goes_when_nothing_is_held_there(database: Settings) -> None:
    one, other = await founder(), await founder()
    venue = await add_venue(one.by, one.competition, title=text("甲"))
    held = await session(one, venue, "2026-05-01", "09:00", "11:00")

    with pytest.raises(Conflict):
        await remove_venue(one.by, one.competition, venue)
    with pytest.raises(Forbidden):
        await remove_session(other.by, one.competition, held)
    with pytest.raises(NotFound):
        await remove_session(other.by, other.competition, held)
    await remove_session(one.by, one.competition, held)
    await edit_venue(one.by, one.competition, venue, title=text("乙"), city="珠海")
    assert [v.city for v in await venues_of(one.competition)] == ["珠海"]
    await remove_venue(one.by, one.competition, venue)

    assert await venues_of(one.competition) == []


@pytest.mark.parametrize(
    ("typed", "read"),
    [("9:05", "09:05"), ("09：05", "09:05"), ("24:00", None), ("9:5", None), ("", None)],
)
def test_times_of_day(typed: str, read: str | None) -> None:
    assert clock(typed) == read


def test_typed_answers_are_understood_and_what_can_t_be_stays() -> None:
    cooking = registry().contest_type("cooking")
    form = {
        "o.judges": " ７ ",
        "o.step": "0,5",
        "o.blind": "no",
        "o.minutes": "two hours",
        "o.spread": "",
        "o.works.0.title_zh_hans": "甲",
        "o.works.0.share": "１",
        "o.works.1.title_zh_hans": "",
        "o.works.1.share": " ",
        "o.works.7.title_en": "B",
        "other": "x",
    }

    answers = answers_of(cooking.options, form)
    _, findings = read_options(cooking, answers)

    assert answers == {
        "judges": 7,
        "step": "0.5",
        "blind": False,
        "minutes": "two hours",
        "works": [{"title_zh_hans": "甲", "share": "1"}, {"title_en": "B"}],
    }
    assert [f.pointer for f in findings] == ["/minutes"]
    assert answers_of(cooking.options, {"o.faults.0.code": ""}) == {"faults": []}
