"""A robotics contest as its plugin has it: a type with an instrument."""

from __future__ import annotations

from contests.actions import draw, running, setup
from contests.tables import Contest
from core.options import read_options
from core.scoring.codec import canonical
from plugins.robotics import Robotics
from tests.factories_contests import SmallContest, small_contest


async def robots() -> SmallContest:
    """Judged by one judge, ready to be marked."""
    kind = Robotics()
    options, _ = read_options(kind, {"referees": 1})
    small = await small_contest(
        scheme=kind.scheme(options), rules=kind.rules(options), judges=1, until="draft"
    )
    await Contest.update(
        {Contest.type_code: "robotics", Contest.options: canonical(options).decode()}
    ).where(Contest.id == small.contest)
    organiser, officer = await small.actor("organiser"), await small.actor("encryption")
    witness = await small.actor("supervisor")
    await setup.make_ready(organiser, small.contest, now=small.at)
    for number, module in enumerate(small.scheme.modules):
        seed = number.to_bytes(32, "big")
        await draw.draw_codes(officer, witness, small.contest, module.id, seed=seed, now=small.at)
    small.rules_hash = await running.start_judging(
        await small.actor("chief"), small.contest, now=small.at
    )
    return small
