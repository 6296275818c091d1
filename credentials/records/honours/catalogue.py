"""The honours that there are: what every partner's rules bring, each code once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.partner import City, HonourKind
from core.registry import registry

FAMILIES = ("model_worker", "medal", "technical_expert", "craftsman", "studio", "pioneer")
TIERS = ("national", "provincial", "municipal", "district", "enterprise")
PROPOSAL_KINDS: Mapping[str, str] = {"medal": "medal", "technical_expert": "title"}
"""How a proposal of a family is called; the others are honours."""


def kinds() -> Sequence[HonourKind]:
    """In the order of the plugins that brought them."""
    found: dict[str, HonourKind] = {}
    for rules in registry().partners():
        for kind in rules.honours():
            found.setdefault(kind.code, kind)
    return list(found.values())


def kind_of(code: str) -> HonourKind | None:
    return next((kind for kind in kinds() if kind.code == code), None)


def tier_of(code: str) -> str:
    """ "" for an honour that no catalogue has."""
    kind = kind_of(code)
    return kind.tier if kind else ""


def cities() -> Sequence[City]:
    found = {city.code: city for rules in registry().partners() for city in rules.cities()}
    return list(found.values())
