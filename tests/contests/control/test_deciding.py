"""What a leader decides, as parts of the page: both versions, and what was kept apart."""

from __future__ import annotations

import httpx
import pytest

from contests.judging.actions import accept_revision, enrol_device
from contests.judging.signing import SoftwareDevice
from core.security import Role, Scope
from tests.factories_accounts import log_in_browser
from tests.factories_contests import Seat, make_account, small_contest

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.engine]

MARKS = {"look": "18", "taste": "30", "care": "2"}
PARTS = ("conflicts", "quarantine")


async def test_both_versions_of_a_sheet_stand_side_by_side(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    seat, code = small.judges[0], sorted((await small.codes())["dish"])[0]
    await small.submit(seat, code, MARKS)
    other = SoftwareDevice()
    await enrol_device(seat.actor, public_jwk=other.public_jwk, label="Spare")
    spare = Seat(seat.name, seat.account, seat.actor, seat.appointment, other)
    await accept_revision(
        small.sign_sheet(spare, code, MARKS | {"look": "12.5"}), account=seat.account, now=small.at
    )
    await log_in_browser(client, small.accounts["leader"])

    page = await client.get(f"/judging/control/{small.contest}/conflicts?lang=en")

    assert page.status_code == 200
    assert page.text.count("data-differs") == 1
    for word in ("12.5", "Spare", code, "Version 2 counts", "30"):
        assert word in page.text


async def test_what_was_kept_apart_is_shown_with_its_reason(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    seat, code = small.judges[0], sorted((await small.codes())["dish"])[0]
    wrong = small.sign_sheet(seat, code, MARKS, rules="0" * 64)
    await accept_revision(wrong, account=seat.account, now=small.at)
    await accept_revision("no sheet at all", account=seat.account, now=small.at)
    await log_in_browser(client, small.accounts["leader"])

    page = await client.get(f"/judging/control/{small.contest}/quarantine?lang=en")

    assert page.status_code == 200
    assert code in page.text
    assert "Leave it aside" in page.text


@pytest.mark.parametrize("part", PARTS)
async def test_marks_are_shown_only_to_who_decides(client: httpx.AsyncClient, part: str) -> None:
    small, other = await small_contest(), await small_contest()
    for account in (
        small.accounts["clerk"],
        small.accounts["supervisor"],
        small.judges[0].account,
        other.accounts["chief"],
        await make_account("g", (Role.GROUP_LEADER, Scope("contest", str(other.contest)))),
    ):
        await log_in_browser(client, account)
        page = await client.get(f"/judging/control/{small.contest}/{part}")
        assert page.status_code == 403
