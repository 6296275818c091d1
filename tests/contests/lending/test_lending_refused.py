"""What may not be lent, taken in, given back: refused and named."""

from __future__ import annotations

import pytest

from contests.actions import running
from contests.judging.actions import accept_revision
from contests.lending.borrowing import borrow_contest
from contests.lending.giving_back import give_back
from contests.lending.home import take_back
from contests.lending.out import lend_contest
from contests.tables import Contest
from core.errors import Forbidden, WrongState
from core.security import SYSTEM, actor_of
from core.settings import Settings
from tests.contests.lending.lending_kit import (
    altered,
    borrowed,
    findings,
    home_again,
    lent,
    sheet,
)
from tests.contests.lending.two_houses import House, carried
from tests.factories_contests import SmallContest

pytestmark = pytest.mark.engine


async def test_only_who_may_lend_lends(small: SmallContest, venue: House) -> None:
    with pytest.raises(Forbidden):
        await lend_contest(await small.actor("chief"), small.contest, venue.id)


async def test_a_loan_to_nobody_or_to_itself_is_refused(
    small: SmallContest, venue: House, database: Settings
) -> None:
    organiser = await small.actor("organiser")
    assert database.secrets is not None

    assert await findings(lend_contest(organiser, small.contest, "the hall")) == [
        "loan-installation"
    ]
    own = database.secrets.installation
    assert await findings(lend_contest(organiser, small.contest, own)) == ["loan-to-itself"]


async def test_it_is_lent_to_one_only(small: SmallContest, venue: House) -> None:
    await lent(small, venue)
    organiser = await small.actor("organiser")

    with pytest.raises(WrongState):
        await lend_contest(organiser, small.contest, "0b8d3c8e-3a52-4f87-9a8a-111111111111")


async def test_another_installation_cannot_take_it_in(small: SmallContest, venue: House) -> None:
    organiser = await small.actor("organiser")
    package = await lend_contest(
        organiser, small.contest, "0b8d3c8e-3a52-4f87-9a8a-111111111111", now=small.at
    )
    async with venue.open():
        assert await findings(borrowed(package)) == ["loan-to-another"]
        assert await Contest.count() == 0


async def test_a_loan_is_no_archive_and_an_archive_no_loan(
    small: SmallContest, venue: House
) -> None:
    from contests.packages.exporting import export_contest
    from contests.packages.taking_in import take_in

    _, archive = await export_contest(await small.actor("organiser"), small.contest)
    package = await lent(small, venue)
    async with venue.open():
        assert await findings(take_in(SYSTEM, carried(package.files))) == ["package-is-loan"]
        assert await findings(borrow_contest(SYSTEM, carried(archive))) == ["loan-missing"]
    assert await findings(take_back(SYSTEM, carried(package.files), head=package.head)) == [
        "loan-direction"
    ]


async def test_an_altered_package_is_named(small: SmallContest, venue: House) -> None:
    package = await lent(small, venue)
    changed = carried({**package.files, "rules.json": package.files["rules.json"] + b" "})
    entry = altered(package, "log.jsonl", b'"kind":"drawn"', b'"kind":"drawm"')
    async with venue.open():
        assert await findings(borrow_contest(SYSTEM, changed)) == ["package-file-changed"]
        assert "log-altered" in await findings(borrow_contest(SYSTEM, entry))
        assert await Contest.count() == 0


async def test_the_return_must_be_compared_by_somebody_who_reads_it_there(
    small: SmallContest, venue: House
) -> None:
    package = await lent(small, venue)
    async with venue.open():
        await borrowed(package)
        back = await give_back(SYSTEM, small.contest)
    files = carried(back.files)

    assert await findings(take_back(SYSTEM, files, head="")) == ["return-head-short"]
    assert await findings(take_back(SYSTEM, files, head="00000000")) == ["return-head"]
    assert await small.state() == "judging"
    assert (await take_back(SYSTEM, files, head=f" {back.head[:8].upper()} ")).length == back.length


async def test_a_return_that_does_not_end_or_adds_what_it_may_not_is_refused(
    small: SmallContest, venue: House
) -> None:
    from contests.log import writing
    from core.db import transaction

    package = await lent(small, venue)
    async with venue.open():
        await borrowed(package)
        async with transaction(), writing(small.contest, now=small.at) as log:
            log.add("drawn", {"module": "dish", "codes": ["99"], "by": "", "witness": ""})
        back = await give_back(SYSTEM, small.contest)

    assert await findings(home_again(back)) == ["return-entry-foreign"]
    row = await Contest.select(Contest.home).where(Contest.id == small.contest).first()
    assert row is not None
    assert row["home"] == venue.id


async def test_a_forged_sheet_in_the_return_is_found(small: SmallContest, venue: House) -> None:
    one = small.judges[0]
    jws = await sheet(small, one, 0)
    package = await lent(small, venue)
    async with venue.open():
        await borrowed(package)
        await accept_revision(jws, account=one.account)
        back = await give_back(SYSTEM, small.contest)
    head, _, _ = jws.partition(".")
    forged = altered(back, "log.jsonl", jws.encode(), f"{head}.e30.{'A' * 86}".encode())

    found = await findings(take_back(SYSTEM, forged, head=back.head))
    assert set(found) & {"log-altered", "recount-signature-wrong", "loan-unreadable"}


async def test_what_is_at_home_is_not_given_back_and_what_is_not_lent_not_taken(
    small: SmallContest, venue: House
) -> None:
    organiser = await small.actor("organiser")

    assert await findings(give_back(organiser, small.contest)) == ["not-borrowed"]


async def test_judging_that_has_ended_is_not_lent(small: SmallContest, venue: House) -> None:
    await small.judge_everything()
    await running.end_judging(await small.actor("chief"), small.contest, now=small.at)

    organiser = await small.actor("organiser")
    assert await findings(lend_contest(organiser, small.contest, venue.id)) == [
        "loan-judging-ended"
    ]


async def test_steps_that_need_names_wait_until_it_is_home(
    small: SmallContest, venue: House
) -> None:
    from contests.actions.approvals import request_approval

    package = await lent(small, venue)
    async with venue.open():
        await borrowed(package)
        chief = await actor_of(small.accounts["chief"])
        found = await findings(request_approval(chief, small.contest, "open_codes", {}))
    assert found == ["borrowed"]
