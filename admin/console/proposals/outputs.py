"""What the page "Partner rules" shows of partners' certificates: what is chosen, what is still missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from admin.console.proposals.words import MISSING, NOTED
from contests.identity.sealing import persons_of
from contests.recognised import Offer
from core.scoring.model import Text
from core.web.i18n import pick
from credentials.keyring import active_issuers, organisations_of, outside_key
from credentials.records.bodies import organisation_code
from credentials.records.explaining import document_titles
from credentials.records.known import kinds_shown

TAKE, LEVEL, MINIMUM = "take.", "level.", "minimum."
"""Names of the form's fields, each with the code of a certificate behind it."""


@dataclass(frozen=True, slots=True)
class Remark:
    """words: msgid. stops: nothing comes of the certificate before this is put right."""

    words: str
    params: Mapping[str, str]
    stops: bool


@dataclass(frozen=True, slots=True)
class ShownOffer:
    """As the form shows it: what was typed stays."""

    offer: Offer
    chosen: bool
    level: str
    minimum: str
    remarks: Sequence[Remark]


@dataclass(frozen=True, slots=True)
class _Around:
    """What is known of issuers and entrants. shown: the kinds of documents of each entrant."""

    organisations: Mapping[str, object]
    able: frozenset[str]
    outside: frozenset[str]
    shown: Sequence[frozenset[str]]
    titles: Mapping[str, Text]


def typed_choice(data: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Code -> level and minimum of what was ticked."""
    codes = [name.removeprefix(TAKE) for name in data if name.startswith(TAKE)]
    return {
        code: {
            "level": data.get(LEVEL + code, "").strip(),
            "minimum": data.get(MINIMUM + code, "").strip(),
        }
        for code in codes
    }


async def shown_offers(
    contest: UUID, offers: Sequence[Offer], typed: Mapping[str, str] | None, language: str
) -> list[ShownOffer]:
    """Those that fit the contest, and those that were chosen before it changed."""
    choosable = [one for one in offers if one.chosen or not one.unfit]
    around = await _around(contest, choosable)
    return [_shown(one, typed, around, language) for one in choosable]


def _shown(
    offer: Offer, typed: Mapping[str, str] | None, around: _Around, language: str
) -> ShownOffer:
    code, level, minimum, chosen = offer.output.code, offer.level, offer.minimum, offer.chosen
    if typed is not None:
        chosen = TAKE + code in typed
        level, minimum = typed.get(LEVEL + code, level), typed.get(MINIMUM + code, minimum)
    return ShownOffer(offer, chosen, level, minimum, list(_remarks(offer, around, language)))


def _remarks(offer: Offer, around: _Around, language: str) -> Iterable[Remark]:
    output, code = offer.output, organisation_code(offer.output.issuer)
    issuer = {"issuer": pick(output.issuer_title, language), "code": code}
    if code not in around.organisations:
        yield Remark(MISSING["organisation"], issuer, True)
    elif code not in around.able:
        yield Remark(MISSING["key"], issuer, True)
    lacking = sum(not set(output.documents) & kinds for kinds in around.shown)
    if output.documents and lacking:
        yield Remark(MISSING["documents"], _lacking(offer, lacking, around, language), True)
    if code in around.outside:
        yield Remark(NOTED["outside"], issuer, False)
    if output.levels and offer.chosen and not offer.level:
        yield Remark(NOTED["level"], issuer, False)
    if "number" in output.fields:
        yield Remark(NOTED["number"], issuer, False)


def _lacking(offer: Offer, count: int, around: _Around, language: str) -> dict[str, str]:
    titles = [pick(around.titles.get(kind, {}), language) for kind in offer.output.documents]
    return {"count": str(count), "all": str(len(around.shown)), "document": " / ".join(titles)}


async def _around(contest: UUID, offers: Sequence[Offer]) -> _Around:
    codes = {organisation_code(one.output.issuer) for one in offers}
    able = frozenset(await active_issuers()) & codes
    asked = any(one.output.documents for one in offers)
    return _Around(
        organisations=await organisations_of(codes),
        able=able,
        outside=frozenset([code for code in able if await outside_key(code)]),
        shown=await _kinds(contest) if asked else (),
        titles=document_titles(),
    )


async def _kinds(contest: UUID) -> list[frozenset[str]]:
    """Of each entrant, without saying whose; an erased one is left out."""
    persons = {person for team in (await persons_of(contest)).values() for person in team}
    found = await kinds_shown(persons)
    return [frozenset(found.get(person, ())) for person in persons]
