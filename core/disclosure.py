"""Who may see what of a person's record. The authorities declare it (`PartnerRules.disclosure`); every
page, file and answer that shows something of a record asks here, and nowhere else.

    disclosure.level("name", "public", consents={"name"})       # "full"
    disclosure.number("mainland_id", "110101199003070030", "staff")  # "…0030"
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from core.partner import SHOWN, Disclosure
from core.registry import registry
from core.scoring.model import Text

ENDING = 4
"""Characters of a number that a mask leaves: the same everywhere, so that two masks of one number can't
be joined to the whole."""
HIDDEN = frozenset({"hkid"})
"""Kinds whose number never stands beside a name, not even in part, whatever a plugin declares."""
DEFAULTS: Mapping[str, Mapping[str, str]] = {
    "name": {"public": "masked", "employer": "masked", "partner": "full", "staff": "full", "person": "full"},
    "birth_date": {"public": "none", "employer": "none", "partner": "none", "staff": "full", "person": "full"},
    "contact": {"public": "none", "employer": "none", "partner": "none", "staff": "full", "person": "full"},
    "employer": {"public": "none", "employer": "none", "partner": "none", "staff": "full", "person": "full"},
    "document": {"public": "none", "employer": "none", "partner": "none", "staff": "masked", "person": "full"},
}  # fmt: skip
"""Where no authority says anything. "document": every kind of document."""
_WITH_CONSENT = {("name", "public"): "full", ("name", "employer"): "full"}
_HKID = re.compile(r"(?<![A-Z0-9])[A-Z]{1,2}[ \-]?[0-9]{6}[ \-]?[(\[]?[0-9A][)\]]?(?![A-Z0-9])")
_WHOLE_HKID = re.compile(r"[A-Z]{1,2}[0-9]{6}[0-9A]?")


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the policy as it counts. clauses: (clause, source) of the authorities that declare it."""

    field: str
    audience: str
    shown: str
    with_consent: str
    clauses: Sequence[tuple[Text, str]]


def declared() -> list[Disclosure]:
    return [one for partner in registry().partners() for one in partner.disclosure()]


def level(field: str, audience: str, *, consents: Collection[str] = ()) -> str:
    """ "none", "masked" or "full". consents: what the person has agreed to, by field."""
    rule = rule_of(field, audience)
    return rule.with_consent if rule.with_consent and field in consents else rule.shown


def rule_of(field: str, audience: str) -> Rule:
    """The strictest of what is declared; the platform's own where nobody declares anything."""
    group, _, kind = field.partition(":")
    said = [one for one in declared() if one.field == field and one.audience == audience]
    clauses = [(one.clause, one.source) for one in said]
    if kind in never():
        return Rule(field, audience, "none", "", clauses)
    own = DEFAULTS.get(group, {}).get(audience, "none")
    own_with = _WITH_CONSENT.get((field, audience), "")
    shown = _strictest(own, *(one.shown for one in said))
    with_consent = _strictest(own_with or own, *(one.with_consent or one.shown for one in said))
    return Rule(field, audience, shown, with_consent if with_consent != shown else "", clauses)


def never() -> frozenset[str]:
    """Kinds of documents whose numbers stand on no page, file or paper that shows a name."""
    return HIDDEN.union(*(rules.never_disclosed() for rules in registry().partners()))


def number(kind: str, value: str, audience: str) -> str:
    """The number of a document as this audience sees it beside a name; "" for not at all."""
    if kind in never() or hong_kong(value):
        return ""
    how = level(f"document:{kind}", audience)
    return value if how == "full" else masked_number(value) if how == "masked" else ""


def masked_number(value: str) -> str:
    """Enough to tell two apart: the last four, of a number that is long enough to hide the rest."""
    return f"…{value[-ENDING:]}" if len(value) > 2 * ENDING else "…"


def hong_kong(value: str) -> bool:
    """Whether it is spelt like a Hong Kong number, under whatever kind it was entered, with or without
    its check digit, right or wrong."""
    folded = unicodedata.normalize("NFKC", value).upper()
    return bool(_WHOLE_HKID.fullmatch("".join(c for c in folded if c.isalnum())))


def without_hong_kong(words: str) -> str:
    """Free words, with "…" for whatever is spelt like a Hong Kong number."""
    folded = unicodedata.normalize("NFKC", words).upper()
    return _HKID.sub("…", folded) if _HKID.search(folded) else words


def _strictest(*shown: str) -> str:
    return min(shown, key=SHOWN.index)
