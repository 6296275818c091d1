"""Who finds the stick between home and venue edits loan.json, which no hash of the log covers."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from contests.actions import people
from contests.judging.actions import accept_revision, enrol_device
from contests.judging.signing import SoftwareDevice, read_public_key
from contests.lending.giving_back import give_back
from contests.lending.out import LoanPackage
from contests.packages.archive import Files, with_sums
from contests.packages.format import LOAN
from contests.tables import Device, TabletJudge
from core.security import SYSTEM, actor_of
from core.settings import Settings
from tests.contests.lending.conftest import venue  # noqa: F401 - a fixture
from tests.contests.lending.lending_kit import (
    MARKS,
    borrowed,
    findings,
    home_again,
    lent,
    organising,
    sheet,
)
from tests.contests.lending.two_houses import House, carried
from tests.contests.storing.kit import admit, tablet
from tests.factories_contests import START, SmallContest, make_account, small_contest

pytestmark = pytest.mark.engine


@pytest.fixture
async def small(database: Settings) -> SmallContest:
    return await small_contest(entrants=4, judges=3)


def edited(package: LoanPackage, change: Callable[[dict[str, Any]], None]) -> Files:
    """With sums that are right again."""
    contents = {k: v for k, v in package.files.items() if k != "SHA256SUMS"}
    loan = json.loads(contents[LOAN])
    change(loan)
    contents[LOAN] = json.dumps(loan).encode()
    return carried(with_sums(contents))


async def there_and_back(small: SmallContest, venue: House) -> LoanPackage:  # noqa: F811
    jws = await sheet(small, small.judges[0], 0)
    package = await lent(small, venue)
    async with venue.open():
        await borrowed(package)
        assert (await accept_revision(jws, account=small.judges[0].account)).answer == "accepted"
        return await give_back(SYSTEM, small.contest)


def row_of(device: SoftwareDevice, kind: str, **more: Any) -> dict[str, Any]:
    return {"kid": device.kid, "jwk": device.public_jwk, "kind": kind, **more}


@pytest.mark.parametrize("kind", ["desk", "tablet", "personal"])
async def test_a_key_that_was_slipped_in_signs_nothing(
    small: SmallContest,
    venue: House,  # noqa: F811
    kind: str,
) -> None:
    seat, forger = small.judges[1], SoftwareDevice()
    back = await there_and_back(small, venue)

    def slip_in(loan: dict[str, Any]) -> None:
        owner = str(seat.account) if kind == "personal" else ""
        loan["devices"].append(row_of(forger, kind, account=owner))
        loan.setdefault("admissions", []).append(
            {"kid": forger.kid, "account": str(seat.account), "admitted_at": loan["at"]}
        )

    await home_again(LoanPackage(back.code, back.length, back.head, edited(back, slip_in).contents))

    assert await TabletJudge.count() == 0
    row = await Device.select().where(Device.kid == forger.kid).first()
    assert row is not None
    assert (row["kind"], row["revoked_at"] is not None) == ("tablet", True)
    seat.device = forger
    answer = await accept_revision(await sheet(small, seat, 1), account=seat.account)
    assert (answer.answer, answer.reason) == ("quarantined", "device-revoked")


async def test_another_key_under_a_tablets_name_is_refused_whole(
    small: SmallContest,
    venue: House,  # noqa: F811
) -> None:
    back, forger = await there_and_back(small, venue), SoftwareDevice()

    def exchange(loan: dict[str, Any]) -> None:
        loan["devices"][0]["jwk"] = forger.public_jwk

    changed = edited(back, exchange).contents
    refused = home_again(LoanPackage(back.code, back.length, back.head, dict(changed)))
    assert await findings(refused) == ["loan-key-wrong"]


async def test_a_return_lets_nobody_in_on_a_tablet_of_another_contest(
    small: SmallContest,
    venue: House,  # noqa: F811
) -> None:
    other = await small_contest(entrants=2, judges=3, code="other")
    stolen, own = await tablet(), await tablet()
    contests = {stolen.kid: other.contest, own.kid: small.contest}
    for kid, contest in contests.items():
        await Device.update({Device.contest: contest}).where(Device.kid == kid)
    await admit(own, small.judges[2].account, ended_at=START)
    back = await there_and_back(small, venue)

    def let_in(loan: dict[str, Any]) -> None:
        loan.setdefault("admissions", [])
        for device in (stolen, own):
            loan["admissions"] += [
                {"kid": device.kid, "account": str(seat.account), "admitted_at": loan["at"]}
                for seat in (*other.judges, *small.judges)
            ]

    await home_again(LoanPackage(back.code, back.length, back.head, edited(back, let_in).contents))

    rows = await TabletJudge.select()
    assert [(row["account"], row["ended_at"]) for row in rows] == [(small.judges[2].account, START)]


async def test_a_return_revokes_no_key_of_another_contest_and_not_our_desk(
    small: SmallContest,
    venue: House,  # noqa: F811
) -> None:
    from contests.judging.actions import paper_desk_key

    other = await small_contest(entrants=2, judges=3, code="other")
    foreign, desk = other.judges[0].device, await paper_desk_key()
    back = await there_and_back(small, venue)

    def revoke(loan: dict[str, Any]) -> None:
        ended = {"revoked_at": loan["at"]}
        loan["devices"] = [one for one in loan["devices"] if one["kid"] != desk["kid"]]
        loan["devices"].append({**row_of(foreign, "tablet"), **ended})
        jwk = json.loads(desk["public_jwk"])
        loan["devices"].append({"kid": desk["kid"], "jwk": jwk, "kind": "desk", **ended})

    await home_again(LoanPackage(back.code, back.length, back.head, edited(back, revoke).contents))

    for kid in (foreign.kid, desk["kid"]):
        row = await Device.select(Device.revoked_at).where(Device.kid == kid).first()
        assert row is not None
        assert row["revoked_at"] is None


async def test_a_key_that_signed_at_the_venue_goes_on_at_home(
    small: SmallContest,
    venue: House,  # noqa: F811
) -> None:
    seat, fresh = small.judges[1], SoftwareDevice()
    own, seat.device = seat.device, fresh
    package = await lent(small, venue)
    async with venue.open():
        await borrowed(package)
        await enrol_device(await actor_of(seat.account), public_jwk=fresh.public_jwk, label="x")
        jws = await _signed(small, seat)
        assert (await accept_revision(jws, account=seat.account)).answer == "accepted"
        back = await give_back(SYSTEM, small.contest)
    await home_again(back)

    answer = await accept_revision(await sheet(small, seat, 1), account=seat.account)
    assert answer.answer == "accepted"
    assert read_public_key(fresh.public_jwk)[0] != own.kid


async def test_a_duty_that_ended_at_the_venue_ends_its_rights_at_home(
    small: SmallContest,
    venue: House,  # noqa: F811
) -> None:
    leader = small.accounts["leader"]
    package = await lent(small, venue)
    async with venue.open():
        await borrowed(package)
        home = small.accounts["organiser"]
        small.accounts["organiser"] = await make_account("hall", *organising(small))
        organiser = await small.actor("organiser")
        appointment = people.appointment_id(small.contest, leader, "group_leader", "referees")
        await people.end_appointment(organiser, appointment, reason="ill", now=small.at)
        small.accounts["organiser"] = home
        back = await give_back(SYSTEM, small.contest)
    assert (await actor_of(leader)).grants
    await home_again(back)

    assert not (await actor_of(leader)).grants


async def _signed(small: SmallContest, seat: Any) -> str:
    from tests.contests.lending.lending_kit import drawn

    return small.sign_sheet(seat, (await drawn(small))[0], MARKS)
