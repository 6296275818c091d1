"""A contest with one judge and prizes for everybody, and what became of its certificates."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from contests.actions.correcting import Wanted
from core.scoring.model import AwardMethod, AwardRule, Prize, Scheme
from core.security import SYSTEM
from credentials import keyring, rendering
from credentials.actions import create_issuer
from credentials.lists import Lists
from credentials.published import status_list
from credentials.queries import stored
from credentials.tables import Certificate
from credentials.verify import State, verify_token
from tests.factories_contests import (
    SmallContest,
    as_mark,
    dish_rules,
    dish_scheme,
    make_organisation,
    small_contest,
    text,
)

ISSUER = "federation"


def fine_scheme() -> Scheme:
    """One judge, who marks taste in tenths, so that three hundred entries have as many totals."""
    scheme = dish_scheme(judges=1)
    dish = scheme.modules[0]
    sub = dish.criteria[0].sub_criteria[0]
    aspects = tuple(replace(a, step=100) if a.id == "taste" else a for a in sub.aspects)
    criterion = replace(dish.criteria[0], sub_criteria=(replace(sub, aspects=aspects),))
    return replace(scheme, modules=(replace(dish, criteria=(criterion,)), *scheme.modules[1:]))


def prizes(entrants: int, first: int, second: int) -> tuple[AwardRule, ...]:
    counts = (("first", first), ("second", second), ("third", entrants - first - second))
    ranked = tuple(Prize(code, text(code), Fraction(count)) for code, count in counts)
    return (AwardRule("prizes", text("Prizes"), AwardMethod.COUNTS, ranked),)


def tenths(place: int) -> str:
    return f"{(390 - place) / 10:.1f}"


async def played(entrants: int, first: int, second: int, **rules: Any) -> SmallContest:
    """Closed; the n-th entry has a tenth less than the one before."""
    await make_organisation(ISSUER)
    await create_issuer(SYSTEM, ISSUER)
    awards = prizes(entrants, first, second)
    small = await small_contest(
        entrants=entrants,
        judges=1,
        scheme=fine_scheme(),
        rules=dish_rules(awards=awards, **rules),
    )
    places = {str(entry): place for place, entry in enumerate(small.entries)}
    await small.judge_everything(
        lambda entry, _: {"look": "18", "taste": tenths(places[entry]), "care": "2"}
    )
    await small.close()
    return small


async def half_a_mark(small: SmallContest, place: int) -> dict[str, Any]:
    return {
        "module": "dish",
        "code": await small.code_of(small.entries[place]),
        "judge": small.judges[0].appointment,
        "aspect": "taste",
        "mark": {"value": f"{float(tenths(place)) + 0.5:.1f}"},
        "reason": "A 4 was read as a 9.",
    }


def wanted(body: dict[str, Any]) -> Wanted:
    mark = as_mark(body["mark"]["value"])
    return Wanted(
        body["module"], body["code"], UUID(body["judge"]), body["aspect"], mark, body["reason"]
    )


async def tokens() -> dict[str, str]:
    """Entry -> the signed text of the certificate that it has now."""
    rows = await Certificate.select(Certificate.public_id, Certificate.entry).where(
        Certificate.state != "revoked"
    )
    found = {}
    for row in rows:
        full = await stored(row["public_id"])
        assert full is not None
        found[row["entry"]] = rendering.token_of(full)
    return found


async def by_lists(token: str, at: datetime | None = None) -> dict[str, State]:
    """What somebody without this server finds, with lists fetched then."""
    now, trust = at or datetime.now(UTC), await keyring.trust_store()
    found = {}
    for kind in ("r", "t"):
        lists = Lists(trust, now=now)
        lists.add_by_name(await status_list(kind, ISSUER, 1, now), now=now)
        found[kind] = verify_token(token, trust=trust, statuses=lists, now=now).state
    return found


async def states() -> dict[str, str]:
    """Entry -> state and cause, of those that are anything but issued."""
    rows = await Certificate.select().where(Certificate.state != "issued")
    return {row["entry"]: f"{row['state']} {row['cause']}" for row in rows}
