"""A contest that is left open for judging: a control room, one tablet's code, and PINs for five judges,
so that a visitor can mark with his own fingers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

import httpx

from admin.demonstration.contest import ContestPlay
from admin.demonstration.facts import TRYOUT
from admin.demonstration.people import Crowd
from admin.demonstration.staff import Staff
from contests.actions import people, setup
from contests.judging.tablets.codes import make_code
from contests.judging.tablets.handing_out import hand_out_missing
from core.accounts import login_link
from core.security import Role

HOURS = 72


@dataclass(frozen=True, slots=True)
class Tryout:
    """control: one-time link to the control room. tablet: address that enrols one browser as a shared
    tablet, for fifteen minutes. pins: "seat label" -> first PIN."""

    contest: UUID
    control: str
    tablet: str
    pins: dict[str, str] = field(default_factory=dict)


async def open_tryout(
    organisation: UUID, staff: Staff, crowd: Crowd, client: httpx.AsyncClient, origin: str
) -> Tryout:
    """Twelve invented pastry cooks, drawn and ready to be marked."""
    organiser = await staff.actor(Role.ORGANISER)
    competition = await setup.create_competition(
        organiser,
        organisation=organisation,
        code=TRYOUT.code,
        title=TRYOUT.title,
        held_from=TRYOUT.held_from,
        held_to=TRYOUT.held_to,
        place=TRYOUT.place,
        demonstration=True,
    )
    delegations = {
        d.code: await people.add_delegation(
            organiser, competition, code=d.code, title=d.title, city=d.city
        )
        for d in TRYOUT.delegations
    }
    play = ContestPlay(TRYOUT, TRYOUT.trades[0], staff, crowd, client)
    contest = (await play.prepare(competition, delegations)).contest
    organiser = await staff.actor(Role.ORGANISER)
    now = datetime.now(UTC)
    handed = await hand_out_missing(organiser, contest, now=now)
    code = await make_code(organiser, contest, label="平板 01", competition=False, now=now)
    return Tryout(
        contest,
        control=await login_link(
            staff.accounts[Role.ORGANISER], target=f"/judging/control/{contest}", hours=HOURS
        ),
        tablet=f"{origin}/judging/#enrol={code.code}",
        pins={f"{one.seat} {one.label}".strip(): one.pin for one in handed},
    )
