"""A tablet that asks too often is told when to come back; the others, and its sheets, are not touched."""

from __future__ import annotations

import time

import httpx
import pytest

from contests.judging.routes import SHEETS_A_MINUTE
from core.web import limits
from tests.contests.tablets.kit import Tablet, serving
from tests.factories_contests import small_contest

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.engine]


async def hand_in(tablet: Tablet) -> httpx.Response:
    return await tablet.client.post(
        "/api/v1/judging/revisions",
        json={"revisions": ["no.sheet.atall"]},
        headers={"Authorization": f"Tablet {tablet.token}"},
    )


def used_up(kid: str) -> None:
    """As if the tablet, which has sent before, had just sent as much as it may."""
    wanted = (SHEETS_A_MINUTE, SHEETS_A_MINUTE / 60)
    known = [one for one in limits._buckets if kid in one._levels]
    (sheets,) = [one for one in known if (one._burst, one._rate) == wanted]
    sheets._levels[kid] = (0.0, time.monotonic() + 60)


async def test_a_tablet_over_its_limit_is_told_when_to_come_back_and_no_other_tablet_is(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest()
    first, second = [await serving(client, small, judge) for judge in small.judges[:2]]
    assert (await hand_in(first)).status_code == 200

    used_up(first.device.kid)
    refused, other = await hand_in(first), await hand_in(second)

    assert (refused.status_code, other.status_code) == (429, 200)
    assert int(refused.headers["retry-after"]) >= 1


def test_five_hundred_waiting_sheets_fit_even_one_by_one() -> None:
    sheets = limits.Buckets(SHEETS_A_MINUTE, SHEETS_A_MINUTE)
    try:
        waits = [sheets.take("tablet", now=0.0) for _ in range(500)]
        rest = [sheets.take("tablet", now=0.0) for _ in range(SHEETS_A_MINUTE)]
    finally:
        limits._buckets.remove(sheets)

    assert not any(waits)
    assert any(rest)
