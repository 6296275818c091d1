"""Judges who hand in over HTTP at the same time, and what was acknowledged to whom."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from uuid import UUID

import httpx

from core.accounts import create_session
from core.scoring.model import AwardMethod, AwardRule, Prize
from core.security import Role, Scope, actor_of
from credentials.actions import create_issuer
from tests.factories_contests import (
    Seat,
    SmallContest,
    dish_rules,
    make_account,
    make_organisation,
    small_contest,
    text,
)

SCALE = float(os.environ.get("JIANGXIN_TEST_SCALE", "0.1"))


@dataclass
class Handed:
    """rid -> the answer that came back; `waiting` holds what was not acknowledged, in order."""

    answers: dict[str, dict[str, str]] = field(default_factory=dict)
    waiting: dict[str, list[str]] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def acknowledged(self) -> set[str]:
        return {rid for rid, a in self.answers.items() if a["answer"] in {"accepted", "duplicate"}}


async def sheets_to_hand_in(small: SmallContest) -> Handed:
    """Every judge's sheets of the dish, signed in the order of the tablet."""
    handed = Handed()
    codes = list((await small.codes())["dish"])
    for seat in small.judges:
        handed.tokens[seat.name] = await create_session(seat.account, "api")
        handed.waiting[seat.name] = [
            small.sign_sheet(seat, code, {"look": "18", "taste": "35.5", "care": "2"})
            for code in codes
        ]
    return handed


async def hand_in(
    small: SmallContest,
    handed: Handed,
    urls: list[str],
    *,
    batch: int = 4,
    after_each: Callable[[], None] = lambda: None,
) -> None:
    """All judges at once, each to a server of the list in turn; ends quietly when one is gone."""
    await asyncio.gather(
        *(
            _one(seat, handed, urls, batch=batch, start=number, after_each=after_each)
            for number, seat in enumerate(small.judges)
        )
    )


async def _one(
    seat: Seat,
    handed: Handed,
    urls: list[str],
    *,
    batch: int,
    start: int,
    after_each: Callable[[], None],
) -> None:
    headers = {"Authorization": f"Bearer {handed.tokens[seat.name]}"}
    waiting, turn = handed.waiting[seat.name], start
    async with httpx.AsyncClient(headers=headers, timeout=30) as client:
        while waiting:
            url = f"{urls[turn % len(urls)]}/api/v1/judging/revisions"
            try:
                answer = await client.post(url, json={"revisions": waiting[:batch]})
            except httpx.TransportError:
                return
            assert answer.status_code == 200, answer.text
            for item in answer.json()["answers"]:
                handed.answers[item["rid"]] = item
            del waiting[:batch]
            turn += 1
            after_each()


async def a_contest_where_everybody_wins(entrants: int = 6) -> SmallContest:
    """Closed and ready to be signed; its organiser is an issuer and every entrant gets a prize."""
    code = "federation"
    organisation: UUID = await make_organisation(code)
    keeper = await make_account(
        "keeper",
        (Role.ORGANISER, Scope("issuer", code)),
        (Role.ORGANISER, Scope("organisation", str(organisation))),
    )
    await create_issuer(await actor_of(keeper), code)
    prize = Prize("merit", text("优胜奖"), Fraction(entrants))
    rules = dish_rules(
        awards=(AwardRule("all", text("Everybody"), AwardMethod.COUNTS, (prize,)),), notice_days=0
    )
    small = await small_contest(entrants=entrants, rules=rules)
    await small.judge_everything(lambda entry, seat: {"look": "18", "taste": "35.5", "care": "2"})
    await small.close()
    return small
