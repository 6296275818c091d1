"""Whoever holds one tablet must not be able to shut a judge out of the others."""

from __future__ import annotations

import httpx
import pytest

from contests.judging.tablets.pins import TRIES
from tests.contests.tablets.kit import PIN, enrolled, give_pin, slug
from tests.factories_contests import small_contest

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.engine]


async def test_wrong_tries_on_one_tablet_lock_the_judge_nowhere_else(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest()
    judge = small.judges[0].account
    hostile, own = await enrolled(client, small), await enrolled(client, small)
    await give_pin(judge)

    for _ in range(TRIES):
        await hostile.sign_in(judge, "111111", status=403)
    shut = await hostile.sign_in(judge, PIN, status=409)
    signed_in = await own.sign_in(judge)
    people = {p["label"]: p for p in (await own.get("/roster"))["people"]}
    there = {p["label"]: p for p in (await hostile.get("/roster"))["people"]}

    assert slug(shut) == "pin-locked"
    assert signed_in["label"] == "J1"
    assert (people["J1"]["pin_locked"], there["J1"]["pin_locked"]) == (False, True)


async def test_the_right_pin_elsewhere_gives_a_guesser_no_new_tries(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest()
    judge = small.judges[0].account
    hostile, own = await enrolled(client, small), await enrolled(client, small)
    await give_pin(judge)
    for _ in range(TRIES):
        await hostile.sign_in(judge, "111111", status=403)

    await own.sign_in(judge)

    assert slug(await hostile.sign_in(judge, "222222", status=409)) == "pin-locked"


async def test_a_leader_who_is_shut_out_of_one_tablet_resets_a_pin_on_another(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest()
    judge, leader = small.judges[0].account, small.accounts["leader"]
    hostile, own = await enrolled(client, small), await enrolled(client, small)
    await give_pin(judge)
    await give_pin(leader, "592038")
    for account in (judge, leader):
        for _ in range(TRIES):
            await hostile.sign_in(account, "111111", status=403)
    body = {"leader": str(leader), "leader_pin": "592038", "account": str(judge)}

    reset = await own.post("/pins", body, 201)
    signed_in = await hostile.sign_in(judge, reset["pin"], new_pin="830174")

    assert signed_in["first"]
