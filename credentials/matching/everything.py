"""What the registries hold of one person, for that person alone (`core.about_person`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from core.about_person import Chapter, Source, Within, register
from core.scoring.model import Text
from core.web import i18n
from credentials.matching import consents
from credentials.matching.craftsmen import profile_of
from credentials.matching.dispatching import offers_for
from credentials.matching.registry import cities, title_of
from credentials.matching.tables import CraftNeed, Craftsman, Visit
from credentials.matching.words import DAYS, LANGUAGES, OFFER_WORDS, SERVICES


def install() -> None:
    register(Source("matching", _tell, frozenset({"matching"})))


async def _tell(person: UUID, within: Within) -> list[Chapter]:
    """The whole of it: a registry knows only what the person agreed to tell it."""
    rows = await Craftsman.select().where(Craftsman.person == person).order_by(Craftsman.made_at)
    offers = await offers_for([row["id"] for row in rows])
    return [
        Chapter("registries", "Registries of craftsmen", [await _profile(row) for row in rows]),
        Chapter("found_consents", "Consents to be found", await _consents(rows)),
        Chapter("offers", "Needs that were offered to you", [await _offer(one) for one in offers]),
        Chapter("visits", "Visits to enterprises", await _visits([one["id"] for one in offers])),
    ]


async def _profile(row: Mapping[str, Any]) -> dict[str, Any]:
    profile = await profile_of(row)
    return {
        "organisation": await title_of(row["organisation"]),
        "trades": list(profile.trades),
        "city": cities().get(profile.city, profile.city),
        "weekdays": [_text(word) for bit, word in DAYS if profile.days & bit],
        "from_day": profile.from_day,
        "until_day": profile.until_day,
        "services": [_text(SERVICES[code]) for code in profile.services],
        "languages": [_text(LANGUAGES[code]) for code in profile.languages],
        "telephone": profile.telephone,
        "email": profile.email,
        "studio": profile.studio,
        "listed_at": row["listed_at"],
    }


async def _consents(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "wording": _text(consents.WORDING[1]),
            "source": one["source"],
            "given_at": one["given_at"],
            "withdrawn_at": one["withdrawn_at"],
        }
        for row in rows
        for one in await consents.history(row["id"])
    ]


async def _offer(row: Mapping[str, Any]) -> dict[str, Any]:
    need = await CraftNeed.select().where(CraftNeed.id == row["need"]).first()
    place = cities().get(need["city"], need["city"]) if need else ""
    told = {"trade": need["trade"], "city": place} if need else {}
    return {
        **told,
        "state": _text(OFFER_WORDS[row["state"]]),
        "sent_at": row["sent_at"],
        "answered_at": row["answered_at"],
    }


async def _visits(offers: Sequence[UUID]) -> list[dict[str, Any]]:
    if not offers:
        return []
    rows = await Visit.select().where(Visit.dispatch.is_in(list(offers))).order_by(Visit.day)
    return [{"day": row["day"], "minutes": row["minutes"]} for row in rows]


def _text(word: str) -> Text:
    """A word of ours in every language."""
    return {language: i18n.translate(word, language) for language in i18n.LANGUAGES}
