"""A venue that does not come back, and an opening that was cut off."""

from __future__ import annotations

import json

import pytest

from contests.judging.actions import accept_revision
from contests.lending.giving_back import give_back
from contests.log import read
from contests.sheets import payload_of
from contests.tables import Quarantine, Revision
from contests.texts import texts_of
from core.security import SYSTEM
from tests.contests.lending.lending_kit import (
    borrowed,
    findings,
    home_again,
    lent,
    recalled,
    rids,
    sheet,
)
from tests.contests.lending.two_houses import House
from tests.factories_contests import SmallContest

pytestmark = pytest.mark.engine


async def test_two_persons_call_it_back_and_the_log_says_so(
    small: SmallContest, venue: House
) -> None:
    one = small.judges[0]
    jws = await sheet(small, one, 0)
    await lent(small, venue)
    held = await accept_revision(jws, account=one.account)

    await recalled(small)

    line = next(line for line in await read(small.contest) if line.kind == "recalled")
    body = json.loads(line.body)
    assert (await texts_of(small.contest))[body["reason_hash"]] == "The laptop was stolen"
    assert body["by"] != body["witness"]
    assert held.answer == "held"
    assert len(await rids(small.contest)) == 1
    assert (await accept_revision(jws, account=one.account)).answer == "duplicate"


async def test_a_contest_at_home_cannot_be_called_back(small: SmallContest) -> None:
    from contests.actions.approvals import decide_approval, request_approval

    organiser, supervisor = await small.actor("organiser"), await small.actor("supervisor")
    body = {"reason": "why"}
    asked = await request_approval(organiser, small.contest, "recall_contest", body)

    assert await findings(decide_approval(supervisor, asked, approve=True)) == ["not-lent"]


async def test_a_venue_that_comes_after_the_recall_loses_no_sheet(
    small: SmallContest, venue: House
) -> None:
    one, two = small.judges[:2]
    there, both = await sheet(small, one, 0), await sheet(small, two, 0)
    package = await lent(small, venue)
    async with venue.open():
        await borrowed(package)
        await accept_revision(there, account=one.account)
        await accept_revision(both, account=two.account)
        back = await give_back(SYSTEM, small.contest)
    await recalled(small)
    assert (await accept_revision(both, account=two.account)).answer == "accepted"
    length = len(await read(small.contest))

    for _ in range(2):
        taken = await home_again(back)
        assert taken.added == 0

    assert len(await read(small.contest)) == length
    kept = await Quarantine.select().where(
        Quarantine.contest == small.contest, Quarantine.reason == "loan-recalled"
    )
    assert [bytes(row["payload"]).decode() for row in kept] == [there]


async def test_opening_what_was_held_goes_on_where_it_was_cut_off(
    small: SmallContest, venue: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    from contests.lending import held

    one = small.judges[0]
    sheets = [await sheet(small, one, place) for place in range(4)]
    package = await lent(small, venue)
    for jws in sheets:
        await accept_revision(jws, account=one.account)
    async with venue.open():
        await borrowed(package)
        back = await give_back(SYSTEM, small.contest)
    whole, count = held.accept_revisions, 0

    async def cut(*arguments: object, **more: object) -> object:
        nonlocal count
        count += 1
        answer = await whole(*arguments, **more)  # type: ignore[arg-type]
        if count == 2:
            raise KeyError("the power is cut")
        return answer

    monkeypatch.setattr(held, "accept_revisions", cut)
    with pytest.raises(KeyError):
        await home_again(back)
    monkeypatch.setattr(held, "accept_revisions", whole)
    taken = await home_again(back)

    assert taken.again
    assert sorted(await rids(small.contest)) == sorted({payload_of(jws).rid for jws in sheets})
    assert await Revision.count().where(Revision.contest == small.contest) == 4
    assert await Quarantine.count().where(Quarantine.resolution == "") == 0
