"""PURE: how far a need and an offer of it may go, as two small tables. Whatever is not there is refused."""

from __future__ import annotations

from collections.abc import Mapping

from core.errors import Conflict
from credentials.matching.words import NEED_WORDS, OFFER_WORDS

FILED, DISPATCHED, ACCEPTED, REPORTED = "filed", "dispatched", "accepted", "reported"
CONFIRMED, CLOSED, WITHDRAWN = "confirmed", "closed", "withdrawn"
WAITING, DECLINED, TAKEN_BACK, PASSED, LEFT = "waiting", "declined", "taken_back", "passed", "left"
ENDED = frozenset({CONFIRMED, CLOSED, WITHDRAWN})

NEED: Mapping[tuple[str, str], str] = {
    (FILED, "dispatch"): DISPATCHED,
    (FILED, "withdraw"): WITHDRAWN,
    (DISPATCHED, "dispatch"): DISPATCHED,
    (DISPATCHED, "accept"): ACCEPTED,
    (DISPATCHED, "nobody"): FILED,
    (DISPATCHED, "withdraw"): WITHDRAWN,
    (ACCEPTED, "dispatch"): ACCEPTED,
    (ACCEPTED, "accept"): ACCEPTED,
    (ACCEPTED, "visit"): ACCEPTED,
    (ACCEPTED, "report"): REPORTED,
    (ACCEPTED, "nobody"): FILED,
    (ACCEPTED, "close"): CLOSED,
    (REPORTED, "object"): ACCEPTED,
    (REPORTED, "confirm"): CONFIRMED,
    (REPORTED, "close"): CLOSED,
}
"""(state, step) -> state. `nobody`: nobody waits or goes any more, so it is open again."""

OFFER: Mapping[tuple[str, str], str] = {
    (WAITING, "accept"): ACCEPTED,
    (WAITING, "decline"): DECLINED,
    (WAITING, "take_back"): TAKEN_BACK,
    (WAITING, "pass"): PASSED,
    (ACCEPTED, "leave"): LEFT,
}


class WrongStep(Conflict):
    slug = "matching-step"
    title = "This need is {state} now, so this can't be done any more. Load the page again."


class OfferAnswered(Conflict):
    slug = "matching-answered"
    title = "This offer is {state} already. Load the page again."


def need_after(state: str, step: str) -> str:
    """Raises WrongStep."""
    if (state, step) not in NEED:
        raise WrongStep(state=NEED_WORDS.get(state, state))
    return NEED[state, step]


def offer_after(state: str, step: str) -> str:
    """Raises OfferAnswered."""
    if (state, step) not in OFFER:
        raise OfferAnswered(state=OFFER_WORDS.get(state, state))
    return OFFER[state, step]
