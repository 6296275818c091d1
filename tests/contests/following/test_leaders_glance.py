"""What a leader sees of a contest: four figures, and never a mark, a place, a name or a code."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
import pytest

from contests.actions import late
from contests.actions.check_in import arrivals_of, check_in, undo_check_in
from contests.actions.closing import file_appeal
from contests.following.glance import glance
from contests.following.links import end_link, followed, links_of, make_link, night_of
from contests.following.pace import expected_end
from contests.tables import FollowLink
from core.errors import Conflict, Forbidden, Invalid, NotFound, WrongState
from tests.factories_contests import SmallContest, small_contest

NOON = datetime(2024, 10, 10, 4, 0, tzinfo=UTC)


async def present(small: SmallContest, *entries: UUID) -> int:
    chosen = dict.fromkeys(entries, "present")
    return await check_in(await small.actor("chief"), small.contest, chosen, now=small.at)


@pytest.mark.engine
async def test_present_judged_and_registered_are_counted_from_the_record(database: object) -> None:
    small = await small_contest(entrants=4)
    before = await glance(small.contest, now=small.at)
    assert (before.registered, before.present, before.judged) == (4, None, 0)

    await present(small, *small.entries[:3])
    code = await small.code_of(small.entries[0])
    for seat in small.judges:
        await small.submit(seat, code, {"look": "18", "taste": "30", "care": "2"})
    paper = await small.code_of(small.entries[0], "theory")
    halfway = await glance(small.contest, now=small.at)
    await small.submit(small.judges[0], paper, {"paper": "25"}, module="theory")
    shown = await glance(small.contest, now=small.at)

    assert (halfway.present, halfway.judged) == (3, 0)
    assert (shown.present, shown.judged) == (3, 1)


async def test_who_is_absent_is_neither_present_nor_waited_for(database: object) -> None:
    small = await small_contest(entrants=3)
    await present(small, *small.entries)
    await late.record_absence(
        await small.actor("chief"),
        await small.actor("clerk"),
        small.contest,
        small.entries[2],
        reason="did not come back",
        now=small.at,
    )

    shown = await glance(small.contest, now=small.at)

    assert (shown.registered, shown.present) == (3, 2)


async def test_a_check_in_is_taken_back_by_a_new_entry_and_says_what_was_known_before(
    database: object,
) -> None:
    small = await small_contest(until="drawn")
    first, second = small.entries[:2]
    await present(small, first)
    seq = await check_in(
        await small.actor("chief"), small.contest, {first: "late", second: "late"}, now=small.at
    )

    count = await undo_check_in(await small.actor("chief"), small.contest, seq, now=small.at)

    assert count == 2
    assert {e: a.status for e, a in (await arrivals_of(small.contest)).items()} == {
        str(first): "present"
    }
    with pytest.raises(NotFound):
        await undo_check_in(await small.actor("chief"), small.contest, 1, now=small.at)


async def test_a_check_in_refuses_strangers_wrong_words_and_the_wrong_state(
    database: object,
) -> None:
    small, other = await small_contest(until="drawn"), await small_contest(until="draft")
    chief = await small.actor("chief")
    with pytest.raises(Invalid) as refused:
        chosen = {other.entries[0]: "present", small.entries[0]: "perhaps"}
        await check_in(chief, small.contest, chosen)
    assert {f.code for f in refused.value.findings} == {"entry-unknown", "arrival-unknown"}
    with pytest.raises(Invalid):
        await check_in(chief, small.contest, {})
    with pytest.raises(WrongState):
        await check_in(await other.actor("chief"), other.contest, {other.entries[0]: "present"})
    with pytest.raises(Forbidden):
        await check_in(small.judges[0].actor, small.contest, {small.entries[0]: "present"})


async def test_open_incidents_are_counted_by_kind(database: object) -> None:
    small = await small_contest()
    assert (await glance(small.contest)).incidents == []
    await file_appeal(
        await small.actor("clerk"), small.contest, entry=small.entries[0], grounds="power cut"
    )

    shown = await glance(small.contest)

    assert shown.incidents == [("appeal", 1)]
    assert shown.open_incidents == 1


def test_the_end_is_reckoned_from_the_pace_of_the_newest_sheets() -> None:
    times = [NOON - timedelta(minutes=10 - n) for n in range(11)]

    assert expected_end(times, 20, NOON) == NOON + timedelta(minutes=20)
    assert expected_end(times[:4], 20, NOON) is None
    assert expected_end(times, 0, NOON) is None
    assert expected_end([NOON] * 9, 20, NOON) is None
    assert expected_end(times, 20, NOON + timedelta(hours=3)) is None
    stalled = expected_end(times, 20, NOON + timedelta(minutes=10))
    assert stalled is not None
    assert stalled > NOON + timedelta(minutes=30)


@pytest.mark.engine
async def test_a_link_ends_at_night_and_when_it_is_ended(database: object) -> None:
    small = await small_contest()
    organiser = await small.actor("organiser")
    token = await make_link(organiser, small.contest, "Director", now=NOON)
    other = await make_link(organiser, small.contest, now=NOON)

    assert night_of(NOON).astimezone(UTC) == datetime(2024, 10, 10, 15, 59, 59, tzinfo=UTC)
    assert await followed(token, now=NOON) == small.contest
    assert await followed(token, now=night_of(NOON)) is None
    assert await followed(token[:-1] + ("a" if token[-1] != "a" else "b"), now=NOON) is None
    (link,) = [one.id for one in await links_of(small.contest, now=NOON) if one.label]
    await end_link(organiser, small.contest, link, now=NOON)
    assert await followed(token, now=NOON) is None
    assert await followed(other, now=NOON) == small.contest
    with pytest.raises(Conflict):
        await end_link(organiser, small.contest, link, now=NOON)


async def test_the_secret_of_a_link_is_long_and_stands_nowhere(database: object) -> None:
    small = await small_contest(until="draft")
    organiser = await small.actor("organiser")
    tokens = [await make_link(organiser, small.contest) for _ in range(20)]

    rows = await FollowLink.select()

    assert len(set(tokens)) == 20
    assert all(len(token) >= 32 for token in tokens)
    assert not any(token in str(row) for token in tokens for row in rows)
    with pytest.raises(Invalid):
        await make_link(organiser, small.contest)


async def test_the_page_shows_counts_in_every_language_and_nothing_else(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest(entrants=4)
    await small.judge_everything()
    await small.close()
    token = await make_link(await small.actor("organiser"), small.contest)
    codes = {code for works in (await small.codes()).values() for code in works}

    for language in ("zh-Hans", "zh-Hant", "en", "pt"):
        page = await client.get(f"/follow/{token}?lang={language}")
        words = re.sub(r"<[^>]+>", " ", page.text)

        assert page.status_code == 200
        assert "{" not in words
        assert "选手" not in words
        assert not codes & set(re.findall(r"\w+", words))
        assert "一等奖" not in words
