"""Records that may be one person's: the same name once spelling is set aside, or the same number, also
where it was entered under another kind of document or in its older form."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from core.privacy import documents_of_all, facts_of, names_of
from core.same_person import records_of
from credentials.comparing.matching import folded

_HONG_KONG = re.compile(r"([a-z]{1,2}[0-9]{6})[0-9a]")
_FACTS = ("birth_date", "contact")


@dataclass(frozen=True, slots=True)
class Candidate:
    """signs: what both have in common, the strongest first: document, name, birth_date, contact."""

    person: UUID
    name: str
    signs: Sequence[str]


async def candidates_for(person: UUID, among: Collection[UUID]) -> list[Candidate]:
    """Those of `among` that share name or number with one of the person's records. The most alike first."""
    own = set(await records_of(person))
    others = [one for one in among if one not in own]
    names = await names_of([*others, *own])
    numbers = {
        one: {number_key(number) for _, number in held}
        for one, held in (await documents_of_all([*others, *own])).items()
    }
    mine = {folded(names.get(one, "")) for one in own} - {""}
    my_numbers = set().union(*(numbers.get(one, set()) for one in own))
    alike = [
        one
        for one in others
        if folded(names.get(one, "")) in mine or numbers.get(one, set()) & my_numbers
    ]
    facts = await facts_of([*alike, *own])
    my_facts = [facts.get(one, {}) for one in own]
    found = []
    for one in alike:
        signs = ["document"] if numbers.get(one, set()) & my_numbers else []
        signs += ["name"] if folded(names.get(one, "")) in mine else []
        signs += [key for key in _FACTS if _shared(key, facts.get(one, {}), my_facts)]
        found.append(Candidate(one, names.get(one, ""), signs))
    return sorted(found, key=lambda one: (-len(one.signs), one.signs, str(one.person)))


def number_key(number: str) -> str:
    """What is the same in every form of one number: the mainland's of 15 digits is the one of 18 without
    century and check digit, Hong Kong's may stand without its check digit."""
    plain = folded(number)
    if len(plain) == 18 and plain[:17].isdecimal() and plain[6:8] == "19":
        return plain[:6] + plain[8:17]
    found = _HONG_KONG.fullmatch(plain)
    return found[1] if found else plain


def _shared(key: str, one: dict[str, Any], others: Sequence[dict[str, Any]]) -> bool:
    value = folded(str(one.get(key) or ""))
    return bool(value) and any(folded(str(other.get(key) or "")) == value for other in others)
