"""Craftsmen of a registry: entered with their certificate in hand, listed once they agree, their profiles."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from core import audit
from core.db import transaction
from core.errors import Invalid, NotFound
from core.privacy import Erased, open_for, person_name, place, seal_for
from core.same_person import records_of
from core.scoring.codec import canonical
from core.scoring.model import Finding
from core.security import Actor
from credentials.comparing.matching import same_name
from credentials.identifiers import NAMESPACE, understood
from credentials.matching import consents, forms, links
from credentials.matching.registry import check_keeper, cities, scope_of
from credentials.matching.tables import Craftsman, CraftsmanTrade
from credentials.matching.words import DAYS, LANGUAGES, SERVICES
from credentials.records.tables import HeldLevel
from credentials.tables import Certificate

MOST_TRADES = 12
LONGEST_SOURCE = 200
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Profile:
    """What a craftsman says of himself. days: bits of weekdays. from_day, until_day: ISO or ""."""

    trades: Sequence[str] = ()
    city: str = ""
    days: int = 0
    from_day: str = ""
    until_day: str = ""
    services: Sequence[str] = ()
    languages: Sequence[str] = ()
    telephone: str = ""
    email: str = ""
    studio: str = ""


def read_profile(form: Mapping[str, Any], many: Mapping[str, Sequence[str]]) -> Profile:
    """many: fields with several values. Nothing is refused here."""
    trades = [forms.plain(one) for one in str(form.get("trades", "")).splitlines()]
    weekdays = {str(bit): bit for bit, _ in DAYS}
    return Profile(
        trades=tuple(dict.fromkeys(one for one in trades if one)),
        city=forms.plain(form.get("city")),
        days=sum(weekdays.get(one, 0) for one in dict.fromkeys(many.get("days", ()))),
        from_day=forms.narrow(form.get("from_day")),
        until_day=forms.narrow(form.get("until_day")),
        services=tuple(dict.fromkeys(many.get("services", ()))),
        languages=tuple(dict.fromkeys(many.get("languages", ()))),
        telephone=forms.narrow(form.get("telephone")),
        email=forms.narrow(form.get("email")),
        studio=forms.plain(form.get("studio")),
    )


def wrong_profile(profile: Profile) -> list[Finding]:
    found: list[Finding] = []
    if not 1 <= len(profile.trades) <= MOST_TRADES:
        found.append(Finding("/trades", "matching.trades", {"most": str(MOST_TRADES)}))
    for trade in profile.trades:
        found += forms.line("/trades", trade, most=60)
    found += forms.chosen("/city", [profile.city], cities(), needed=True)
    if not profile.days:
        found.append(Finding("/days", "matching.weekdays"))
    found += forms.period(profile.from_day, profile.until_day)
    found += forms.chosen("/services", profile.services, SERVICES, needed=True)
    found += forms.chosen("/languages", profile.languages, LANGUAGES, needed=True)
    found += forms.contact(profile.telephone, profile.email)
    return found + forms.line("/studio", profile.studio, needed=False)


async def enter_craftsman(
    by: Actor,
    organisation: UUID,
    *,
    number: str,
    name: str,
    profile: Profile | None = None,
    source: str = "",
) -> UUID:
    """Puts the holder of a certificate on the registry. Number and name must belong together, so that
    nobody learns a name by a number. With a profile and a source (a signed form) the craftsman is listed
    at once; without, only once he has agreed on his own page. Raises Invalid with all findings."""
    await check_keeper(by, organisation)
    person, wrong = await _person(number, name), []
    if person is None:
        wrong.append(Finding("/number", "matching.not-together"))
    if profile is not None:
        wrong += wrong_profile(profile)
        wrong += forms.line("/source", source.strip(), most=LONGEST_SOURCE)
    id = uuid5(NAMESPACE, f"craftsman|{organisation}|{person}")
    if person and await Craftsman.exists().where(Craftsman.id == id):
        wrong.append(Finding("/number", "matching.listed-already"))
    if wrong or person is None:
        raise Invalid(wrong)
    now = datetime.now(UTC)
    async with transaction():
        row = Craftsman(id=id, organisation=organisation, person=person, made_at=now)
        await Craftsman.insert(row).on_conflict(action="DO NOTHING")
        if profile is not None:
            await store_profile(id, organisation, person, profile)
            await consents.give(id, source=source.strip(), by=by.account, now=now)
        after = {"consent": profile is not None}
        await audit.record(
            by, "craftsman.entered", scope=scope_of(organisation), subject=str(id), after=after
        )
    return id


async def invite_craftsman(by: Actor, organisation: UUID, craftsman: UUID) -> str:
    """The address of a link by which the craftsman comes to his own page, shown once."""
    await check_keeper(by, organisation)
    await craftsman_row(craftsman, organisation)
    async with transaction():
        scope = scope_of(organisation)
        await audit.record(by, "craftsman.invited", scope=scope, subject=str(craftsman))
        return await links.make_link(
            links.CRAFTSMAN, craftsman, by=by.account, now=datetime.now(UTC)
        )


async def agree(by: Actor, craftsman: UUID, profile: Profile, *, agrees: bool) -> None:
    """On the craftsman's own page: the profile, and the consent with it unless one is in force."""
    row = await craftsman_row(craftsman)
    wrong = wrong_profile(profile)
    listed = await consents.in_force(craftsman)
    if not agrees and not listed:
        wrong.append(Finding("/agrees", "matching.consent"))
    if wrong:
        raise Invalid(wrong)
    async with transaction():
        await store_profile(craftsman, row["organisation"], row["person"], profile)
        given = await consents.give(
            craftsman, source=consents.OWN_PAGE, by=by.account, now=datetime.now(UTC)
        )
        step = "craftsman.agreed" if given else "craftsman.profile_changed"
        await audit.record(by, step, scope=scope_of(row["organisation"]), subject=str(craftsman))


async def record_consent(
    by: Actor, organisation: UUID, craftsman: UUID, profile: Profile, *, source: str
) -> None:
    """What a craftsman of the registry agreed to on a signed form, and the profile that stood on it."""
    await check_keeper(by, organisation)
    row = await craftsman_row(craftsman, organisation)
    profile = await _with_contact(row, profile)
    wrong = wrong_profile(profile) + forms.line("/source", source.strip(), most=LONGEST_SOURCE)
    if wrong:
        raise Invalid(wrong)
    async with transaction():
        await store_profile(craftsman, organisation, row["person"], profile)
        await consents.give(craftsman, source=source.strip(), by=by.account, now=datetime.now(UTC))
        scope = scope_of(organisation)
        await audit.record(by, "craftsman.agreed", scope=scope, subject=str(craftsman))


async def change_profile(by: Actor, organisation: UUID, craftsman: UUID, profile: Profile) -> None:
    """By the union's office, for a craftsman who told it so. Without a contact the known one stays."""
    await check_keeper(by, organisation)
    row = await craftsman_row(craftsman, organisation)
    profile = await _with_contact(row, profile)
    if wrong := wrong_profile(profile):
        raise Invalid(wrong)
    async with transaction():
        await store_profile(craftsman, organisation, row["person"], profile)
        scope = scope_of(organisation)
        await audit.record(by, "craftsman.profile_changed", scope=scope, subject=str(craftsman))


async def _with_contact(row: Row, profile: Profile) -> Profile:
    """The office does not see the contact, so an empty one means the one that is known."""
    if profile.telephone or profile.email:
        return profile
    told = await _told(row)
    return replace(profile, telephone=told.get("telephone", ""), email=told.get("email", ""))


async def store_profile(
    craftsman: UUID, organisation: UUID, person: UUID, profile: Profile
) -> None:
    """Inside the caller's transaction, who has looked for what is wrong."""
    told = {
        "telephone": profile.telephone,
        "email": profile.email,
        "studio": profile.studio,
    }
    sealed = await seal_for(person, canonical(told), _context(craftsman))
    await Craftsman.update(
        {
            Craftsman.city: profile.city,
            Craftsman.days: profile.days,
            Craftsman.from_day: profile.from_day,
            Craftsman.until_day: profile.until_day,
            Craftsman.services: _codes(profile.services),
            Craftsman.languages: _codes(profile.languages),
            Craftsman.sealed_profile: sealed,
        }
    ).where(Craftsman.id == craftsman)
    await CraftsmanTrade.delete().where(CraftsmanTrade.craftsman == craftsman)
    await CraftsmanTrade.insert(
        *(
            CraftsmanTrade(
                id=uuid5(craftsman, trade),
                craftsman=craftsman,
                organisation=organisation,
                trade=trade,
            )
            for trade in profile.trades
        )
    )


async def craftsman_row(craftsman: UUID, organisation: UUID | None = None) -> Row:
    """Raises NotFound, also for one of another organisation's."""
    row = await Craftsman.select().where(Craftsman.id == craftsman).first()
    if row is None or (organisation is not None and row["organisation"] != organisation):
        raise NotFound(kind="craftsman", id=craftsman)
    return dict(row)


async def profile_of(row: Mapping[str, Any]) -> Profile:
    """With contact and studio: for the craftsman, and for whom `contacts` lets see them."""
    told = await _told(row)
    return Profile(
        trades=(await trades_of([row["id"]])).get(row["id"], ()),
        city=row["city"],
        days=row["days"],
        from_day=row["from_day"],
        until_day=row["until_day"],
        services=codes_in(row["services"]),
        languages=codes_in(row["languages"]),
        telephone=told.get("telephone", ""),
        email=told.get("email", ""),
        studio=told.get("studio", ""),
    )


async def suggested(row: Mapping[str, Any]) -> Profile:
    """For an empty form: the trades in which the record holds a level."""
    held = (
        await HeldLevel.select(HeldLevel.occupation)
        .where(HeldLevel.person.is_in(list(await records_of(row["person"]))))
        .order_by(HeldLevel.granted_on)
    )
    return Profile(
        trades=tuple(dict.fromkeys(one["occupation"] for one in held if one["occupation"]))
    )


async def trades_of(craftsmen: Iterable[UUID]) -> dict[UUID, tuple[str, ...]]:
    ids = list(craftsmen)
    if not ids:
        return {}
    rows = (
        await CraftsmanTrade.select()
        .where(CraftsmanTrade.craftsman.is_in(ids))
        .order_by(CraftsmanTrade.trade)
    )
    found: dict[UUID, tuple[str, ...]] = {}
    for row in rows:
        found[row["craftsman"]] = (*found.get(row["craftsman"], ()), row["trade"])
    return found


def codes_in(stored: str) -> tuple[str, ...]:
    return tuple(code for code in stored.split(",") if code)


def _codes(codes: Sequence[str]) -> str:
    """With commas around each, so that one is found by ",code,"."""
    return f",{','.join(codes)}," if codes else ""


async def _told(row: Mapping[str, Any]) -> dict[str, str]:
    if not row["sealed_profile"]:
        return {}
    try:
        opened = await open_for(row["person"], row["sealed_profile"], _context(row["id"]))
    except Erased:
        return {}
    told: dict[str, str] = json.loads(opened)
    return told


async def _person(number: str, name: str) -> UUID | None:
    row = (
        await Certificate.select(Certificate.person)
        .where(Certificate.public_id == understood(number.strip()), Certificate.erased_at.is_null())
        .first()
    )
    if row is None or row["person"] is None:
        return None
    person: UUID = row["person"]
    return person if same_name(name, await person_name(person)) else None


def _context(craftsman: UUID) -> bytes:
    return place("craftsman", "sealed_profile", craftsman)
