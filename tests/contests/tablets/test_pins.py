"""PINs: chosen, checked, locked, reset by a leader, and handed out only by who may."""

from __future__ import annotations

import asyncio
import re

import httpx
import pytest

from contests.actions import people
from contests.judging.tablets.pins import TRIES, findings_of, new_pin
from contests.tables import JudgePin, PinTry
from core.security import Role
from core.tables import AuditEntry
from tests.api.kit import caller, codes
from tests.contests.tablets.kit import PIN, enrolled, give_pin, serving, slug
from tests.factories_contests import small_contest

pytestmark = pytest.mark.usefixtures("database")


@pytest.mark.parametrize(
    "pin",
    ["000000", "777777", "123456", "654321", "890123", "135791", "121212", "123123", "112211",
     "12345", "1234567", "12345a", "１２３４５６", "", " 40726", "-40726"],
)  # fmt: skip
def test_a_pin_that_anybody_would_guess_is_refused(pin: str) -> None:
    assert findings_of(pin)


@pytest.mark.parametrize("pin", ["407261", "135790", "112233", "998877"])
def test_other_pins_are_taken(pin: str) -> None:
    assert findings_of(pin) == []


def test_a_made_pin_passes_the_rules() -> None:
    made = {new_pin() for _ in range(200)}

    assert len(made) > 190
    assert not any(findings_of(pin) for pin in made)


@pytest.mark.engine
async def test_a_first_pin_must_be_changed_at_its_first_use(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    judge = small.judges[0].account
    tablet = await enrolled(client, small)
    assert slug(await tablet.sign_in(judge, status=409)) == "pin-not-set"
    organiser = await caller(client, small.accounts["organiser"])
    handed = await organiser.post(f"/judging/contests/{small.contest}/pins")
    first = next(one["pin"] for one in handed["pins"] if one["account"] == str(judge))

    told = await tablet.sign_in(judge, first, status=409)
    simple = await tablet.sign_in(judge, first, new_pin="123456", status=422)
    same = await tablet.sign_in(judge, first, new_pin=first, status=422)
    signed_in = await tablet.sign_in(judge, first, new_pin=PIN)

    assert slug(told) == "pin-must-change"
    assert (codes(simple), codes(same)) == (["pin-too-simple"], ["pin-same"])
    assert (signed_in["first"], signed_in["label"], signed_in["leader"]) == (True, "J1", False)
    assert (await tablet.sign_in(judge, PIN))["first"] is False


async def test_pins_are_handed_out_once(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    organiser = await caller(client, small.accounts["organiser"])
    path = f"/judging/contests/{small.contest}/pins"

    first, second = await organiser.post(path), await organiser.post(path)

    assert {one["label"] for one in first["pins"]} == {"J1", "J2", "J3", "chief", "clerk", "leader"}
    assert second["pins"] == []
    rows = await JudgePin.select()
    assert not any(one["pin"] in str(row) for one in first["pins"] for row in rows)


@pytest.mark.engine
async def test_five_wrong_tries_shut_a_tablet_for_the_judge_until_a_leader_resets_the_pin(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest()
    judge = small.judges[0].account
    tablet = await enrolled(client, small)
    await give_pin(judge)
    await give_pin(small.accounts["leader"], "592038")

    left = [(await tablet.sign_in(judge, "111111", status=403))["detail"] for _ in range(TRIES)]
    locked = await tablet.sign_in(judge, PIN, status=409)
    body = {
        "leader": str(small.accounts["leader"]), "leader_pin": "592038", "account": str(judge),
    }  # fmt: skip
    reset = await tablet.post("/pins", body, 201)
    signed_in = await tablet.sign_in(judge, reset["pin"], new_pin="830174")

    assert left == [f"The PIN is wrong. Tries left: {n}." for n in (4, 3, 2, 1, 0)]
    assert slug(locked) == "pin-locked"
    assert signed_in["first"]
    actions = await AuditEntry.select(AuditEntry.action, AuditEntry.account).where(
        AuditEntry.subject == str(judge), AuditEntry.action.like("pin.%")
    )
    by = {one["action"]: one["account"] for one in actions}
    assert by["pin.locked"] is None
    assert by["pin.handed_out"] == small.accounts["leader"]
    assert by["pin.chosen"] == judge


@pytest.mark.engine
async def test_a_pause_ends_by_itself_and_the_next_one_is_longer(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    judge = small.judges[0].account
    tablet = await enrolled(client, small)
    await give_pin(judge)
    for _ in range(TRIES):
        await tablet.sign_in(judge, "111111", status=403)

    told = [(await tablet.sign_in(judge, PIN, status=409))["detail"]]
    for _ in range(2):
        await over()
        await tablet.sign_in(judge, "111111", status=403)
        told.append((await tablet.sign_in(judge, PIN, status=409))["detail"])
    await over()
    signed_in = await tablet.sign_in(judge)

    assert [int(re.findall(r"\d+", one)[0]) for one in told] == [1, 2, 5]
    assert not signed_in["first"]
    assert await PinTry.count() == 0


async def over() -> None:
    """The pauses, as if so much time had passed."""
    await PinTry.update({PinTry.shut_until: 1}, force=True)


@pytest.mark.engine
async def test_a_hundred_guesses_at_once_are_five(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    judge = small.judges[0].account
    tablet = await enrolled(client, small)
    await give_pin(judge)
    body = {"account": str(judge), "pin": "111111"}

    answers = await asyncio.gather(
        *(tablet.send("POST", "/pins/check", json=body) for _ in range(40))
    )

    slugs = [slug(answer.json()) for answer in answers]
    assert slugs.count("pin-wrong") == TRIES
    assert set(slugs) <= {"pin-wrong", "pin-locked", "too-many"}


async def test_the_right_pin_ends_the_counting(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    judge = small.judges[0].account
    tablet = await serving(client, small, small.judges[0])
    for _ in range(TRIES - 1):
        await tablet.sign_in(judge, "111111", status=403)

    await tablet.sign_in(judge)

    assert "left: 4" in (await tablet.sign_in(judge, "111111", status=403))["detail"]


async def test_a_leader_resets_nobody_but_judges_of_the_same_contest(
    client: httpx.AsyncClient,
) -> None:
    small, other = await small_contest(), await small_contest()
    leader, tablet = small.accounts["leader"], await enrolled(client, small)
    await give_pin(leader, "592038")
    await give_pin(small.judges[1].account)

    async def reset(by: object, pin: str, account: object) -> str:
        body = {"leader": str(by), "leader_pin": pin, "account": str(account)}
        return slug(await tablet.post("/pins", body, 403))

    assert await reset(leader, "592038", other.judges[0].account) == "not-served"
    assert await reset(leader, "592038", small.accounts["chief"]) == "not-served"
    assert await reset(leader, "592038", small.accounts["clerk"]) == "not-served"
    assert await reset(leader, "592038", leader) == "not-served"
    assert await reset(small.judges[1].account, PIN, small.judges[0].account) == "not-served"
    assert await reset(leader, "111111", small.judges[0].account) == "pin-wrong"


async def test_a_chief_referee_resets_a_leaders_pin(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    tablet = await enrolled(client, small)
    await give_pin(small.accounts["chief"], "592038")
    body = {
        "leader": str(small.accounts["chief"]),
        "leader_pin": "592038",
        "account": str(small.accounts["leader"]),
    }

    assert len((await tablet.post("/pins", body, 201))["pin"]) == 6


async def test_a_leader_with_a_first_pin_resets_nothing_yet(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    tablet = await enrolled(client, small)
    await give_pin(small.accounts["leader"], "592038", first=True)
    body = {
        "leader": str(small.accounts["leader"]),
        "leader_pin": "592038",
        "account": str(small.judges[0].account),
    }

    assert slug(await tablet.post("/pins", body, 409)) == "pin-must-change"


async def test_a_judge_here_who_leads_elsewhere_is_not_reset_by_a_leader_of_here(
    client: httpx.AsyncClient,
) -> None:
    small, other = await small_contest(), await small_contest()
    account = small.judges[0].account
    await people.appoint(
        await other.actor("organiser"), other.contest, account, Role.CHIEF_REFEREE, now=other.at
    )
    tablet = await enrolled(client, small)
    await give_pin(small.accounts["leader"], "592038")
    body = {
        "leader": str(small.accounts["leader"]), "leader_pin": "592038", "account": str(account),
    }  # fmt: skip
    leader = await caller(client, small.accounts["leader"])
    path = f"/judging/contests/{small.contest}/pins"

    assert slug(await tablet.post("/pins", body, 403)) == "not-served"
    assert slug(await leader.post(f"{path}/{account}", status=403)) == "forbidden"
    handed = await leader.post(path)
    assert {one["label"] for one in handed["pins"]} == {"J2", "J3"}


async def test_from_the_console_a_clerk_resets_judges_and_the_chief_referee_leaders(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest()
    clerk = await caller(client, small.accounts["clerk"])
    chief = await caller(client, small.accounts["chief"])
    judge = await caller(client, small.judges[0].account)
    path = f"/judging/contests/{small.contest}/pins"

    made = await clerk.post(f"{path}/{small.judges[0].account}")
    await clerk.post(f"{path}/{small.accounts['chief']}", status=403)
    await chief.post(f"{path}/{small.accounts['leader']}")
    await judge.post(path, status=403)
    await chief.post(f"{path}/{small.organisation}", status=404)

    assert findings_of(made["pin"]) == []


async def test_a_pin_confirms_for_somebody_who_has_not_signed_in_here(
    client: httpx.AsyncClient,
) -> None:
    small, other = await small_contest(), await small_contest()
    tablet = await enrolled(client, small)
    await give_pin(small.accounts["leader"])
    await give_pin(other.accounts["leader"])

    async def check(account: object, pin: str, status: int) -> None:
        await tablet.post("/pins/check", {"account": str(account), "pin": pin}, status)

    await check(small.accounts["leader"], PIN, 204)
    await check(small.accounts["leader"], "111111", 403)
    await check(other.accounts["leader"], PIN, 403)
