"""What each line of a list would put on record, what is wrong with it, what is odd. Nothing is changed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from piccolo.table import Table

from core import disclosure
from core.filing import OCCUPATION, is_day
from core.partner import HonourKind
from core.privacy import keyed_hash
from core.same_person import records_of_all
from core.scoring.model import Finding
from core.security import Actor, check
from core.skill_levels import ALL_LEVELS
from credentials.identifiers import NAMESPACE
from credentials.occupations.looking import unlisted
from credentials.records.bodies import ACTS
from credentials.records.exchange.fields import HONOURS, LEVELS, RESULTS, folded
from credentials.records.exchange.reading import Line
from credentials.records.exchange.tables import EarlierResult
from credentials.records.exchange.whose import Whose, whose
from credentials.records.grantable import held_already
from credentials.records.honours.catalogue import cities, kinds
from credentials.records.honours.entering import evidence_findings
from credentials.records.honours.studios import names_of_studios
from credentials.records.honours.tables import HonourCase, Studio
from credentials.records.levels.holding import day_findings
from credentials.records.levels.numbers import held_number_findings, normalised, number_warnings
from credentials.records.notices import today_in_china
from credentials.records.tables import HeldLevel, Honour
from credentials.scopes import issuer_scopes

LONGEST = 120
FIRST_YEAR = 1949
_WORDS = (
    "contest",
    "occupation",
    "prize",
    "authority_document",
    "issuer",
    "source",
    "reason",
    "withdrawal_document",
)
_NEEDED: Mapping[str, Sequence[str]] = {
    RESULTS: ("name", "contest"),
    HONOURS: ("name", "authority_document"),
    LEVELS: ("name", "issuer"),
}  # fmt: skip
"""What must not be empty and has no check of its own."""
_PLACE = re.compile(r"[1-9][0-9]{0,3}")


@dataclass(frozen=True, slots=True)
class Checked:
    """keeper: code of the body whose list it is. done: it is on record. new: it puts somebody on record too.
    honour, studio: what the line means by them."""

    line: Line
    keeper: str
    whose: Whose
    wrong: Sequence[Finding] = ()
    odd: Sequence[Finding] = ()
    done: bool = False
    honour: HonourKind | None = None
    studio: UUID | None = None

    @property
    def new(self) -> bool:
        return self.about_person and self.whose.person is None

    @property
    def about_person(self) -> bool:
        return self.honour is None or self.honour.holder == "person"

    @property
    def right(self) -> bool:
        return not self.wrong and not self.done

    def id(self, person: UUID | None = None) -> UUID:
        """What the record is called: the same whatever list it comes in. person: whom it turned out to be."""
        told = self.line.values
        if self.line.kind == LEVELS:
            return uuid5(NAMESPACE, f"level|{number_hash(told['number'])}")
        if self.about_person:
            holder = str(person) if person else self.whose.key
        else:
            holder = keyed_hash("holder in lists", self.keeper, told["name"])
        if self.line.kind == RESULTS:
            parts = (
                told["contest"],
                told["year"],
                told["occupation"],
                told["place"],
                told["prize"],
            )
            return uuid5(NAMESPACE, "|".join(("earlier result", holder, *map(folded, parts))))
        code = self.honour.code if self.honour else ""
        parts = ("honour in lists", self.keeper, holder, code, told["granted_on"])
        return uuid5(NAMESPACE, "|".join(parts))

    def ids(self, own: Sequence[UUID]) -> list[UUID]:
        """Under each of the person's records; nothing of somebody new."""
        if not self.about_person:
            return [self.id()]
        return [self.id(each) for each in own]


async def check_lines(
    by: Actor, keeper: str, lines: Sequence[Line], today: date | None = None
) -> list[Checked]:
    """One for each line, in order."""
    check(by, ACTS, *await issuer_scopes(keeper))
    now, meant = today or today_in_china(), {"": None, **_honours()}
    honours = [meant.get(folded(line.values.get("honour", ""))) for line in lines]
    of_persons = [n for n, kind in enumerate(honours) if kind is None or kind.holder == "person"]
    found = await whose([lines[n] for n in of_persons])
    persons = dict(zip(of_persons, found, strict=True))
    studios = await _studios(keeper) if any(k and k.holder == "studio" for k in honours) else {}
    checked = [
        _checked(keeper, line, honours[n], persons.get(n, Whose()), studios, now)
        for n, line in enumerate(lines)
    ]
    known = await _on_record([one for one in checked if not one.wrong])
    return _once([one if one.wrong else await _with_record(one, known) for one in checked])


def _checked(
    keeper: str,
    line: Line,
    honour: HonourKind | None,
    of: Whose,
    studios: Mapping[str, UUID],
    today: date,
) -> Checked:
    told, odd = line.values, list[Finding]()
    wrong = _common(line)
    studio = studios.get(told["name"]) if honour and honour.holder == "studio" else None
    if line.kind == RESULTS:
        wrong += _result(told, today)
    elif line.kind == HONOURS:
        wrong += _honour(told, honour, today)
        if honour and honour.holder == "studio" and studio is None:
            wrong.append(Finding("/name", "credentials.taken-studio", {}))
    else:
        found = _level(told, today)
        wrong += found
        odd += [] if found else number_warnings(normalised(told["number"]), told["granted_on"])
    wrong += of.wrong
    return Checked(line, keeper, of, wrong, odd, honour=honour, studio=studio)


def _common(line: Line) -> list[Finding]:
    told, found = line.values, list[Finding]()
    for field in _NEEDED[line.kind]:
        if not told[field]:
            found.append(Finding(f"/{field}", "credentials.taken-empty", {}))
    for field in ("name", *_WORDS):
        words = told.get(field, "")
        if len(words) > LONGEST:
            found.append(Finding(f"/{field}", "credentials.taken-long", {"most": str(LONGEST)}))
        elif not words.isprintable():
            found.append(Finding(f"/{field}", "filing-text", {"most": str(LONGEST)}))
        elif field != "name" and disclosure.without_hong_kong(words) != words:
            found.append(Finding(f"/{field}", "credentials.taken-hkid", {}))
    if told["paper"] not in ("", "yes"):
        params = {"value": told["paper"][:40]}
        found.append(Finding("/paper", "credentials.taken-paper", params))
    if told.get("link") or told.get("hash"):
        found += evidence_findings(told["link"], told["hash"])
    return found


def _result(told: Mapping[str, str], today: date) -> list[Finding]:
    found, year = [], told["year"]
    if not re.fullmatch(r"[0-9]{4}", year) or not FIRST_YEAR <= int(year) <= today.year:
        params = {"value": year[:40], "until": str(today.year)}
        found.append(Finding("/year", "credentials.taken-year", params))
    if told["place"] and not _PLACE.fullmatch(told["place"]):
        params = {"value": told["place"][:40]}
        found.append(Finding("/place", "credentials.taken-place", params))
    if not told["place"] and not told["prize"]:
        found.append(Finding("/prize", "credentials.taken-prize", {}))
    return found


def _honour(told: Mapping[str, str], honour: HonourKind | None, today: date) -> list[Finding]:
    found = day_findings(told["granted_on"], today)
    if honour is None:
        params = {"value": told["honour"][:40]}
        found.append(Finding("/honour", "credentials.taken-honour", params))
    if told["city"] and city_of(told["city"]) is None:
        found.append(Finding("/city", "credentials.city-unknown", {}))
    if told["state"] not in ("", "granted", "withdrawn"):
        params = {"value": told["state"][:40]}
        found.append(Finding("/state", "credentials.taken-state", params))
    if told["state"] == "withdrawn" and not (is_day(told["withdrawn_on"]) and told["reason"]):
        found.append(Finding("/withdrawn_on", "credentials.taken-withdrawn", {}))
    return found


def _level(told: Mapping[str, str], today: date) -> list[Finding]:
    found = day_findings(told["granted_on"], today)
    if not OCCUPATION.fullmatch(told["occupation"]):
        params = {"code": told["occupation"][:40]}
        found.append(Finding("/occupation", "filing-occupation", params))
    if told["level"] not in ALL_LEVELS:
        params = {"code": told["level"][:40], "known": ", ".join(ALL_LEVELS)}
        found.append(Finding("/level", "filing-level", params))
    else:
        found += held_number_findings(normalised(told["number"]), told["level"])
    return found


def number_hash(number: str) -> str:
    return keyed_hash("level certificate number", normalised(number))


@dataclass(frozen=True, slots=True)
class _OnRecord:
    """What of a list is on record, found for all of its lines together. records: person -> all records of that
    person. levels: by the hash of their number. ids: of results and honours. honours: of these records.
    unlisted: code of an occupation -> what is odd about it."""

    records: Mapping[UUID, Sequence[UUID]]
    levels: Mapping[str, Mapping[str, Any]]
    ids: Set[UUID]
    honours: Sequence[Mapping[str, Any]]
    unlisted: Mapping[str, Finding]

    def own(self, one: Checked) -> Sequence[UUID]:
        return _own(one, self.records)


def _own(one: Checked, records: Mapping[UUID, Sequence[UUID]]) -> Sequence[UUID]:
    """Nothing of somebody new."""
    return records[one.whose.person] if one.whose.person else ()


async def _on_record(checked: Sequence[Checked]) -> _OnRecord:
    records = await records_of_all(one.whose.person for one in checked if one.whose.person)
    levels = [one.line.values for one in checked if one.line.kind == LEVELS]
    honours = [one for one in checked if one.line.kind == HONOURS]
    persons = {each for one in honours for each in _own(one, records)}
    return _OnRecord(
        records,
        await _levels([told["number"] for told in levels]),
        await _ids(EarlierResult, [one for one in checked if one.line.kind == RESULTS], records)
        | await _ids(HonourCase, honours, records),
        await Honour.select().where(Honour.person.is_in(sorted(persons))) if persons else (),
        {
            finding.params["code"]: finding
            for finding in await unlisted(told["occupation"] for told in levels)
        },
    )


async def _levels(numbers: Sequence[str]) -> dict[str, dict[str, Any]]:
    hashes = [number_hash(number) for number in numbers]
    rows = await HeldLevel.select().where(HeldLevel.number_hash.is_in(hashes)) if hashes else []
    return {row["number_hash"]: row for row in rows}


async def _ids(
    table: type[Table], checked: Sequence[Checked], records: Mapping[UUID, Sequence[UUID]]
) -> set[UUID]:
    """Under which the lines would be on record, and one of them is."""
    known = table._meta.primary_key
    wanted = [id for one in checked for id in one.ids(_own(one, records))]
    found = await table.select(known).where(known.is_in(wanted)) if wanted else []
    return {row["id"] for row in found}


async def _with_record(one: Checked, known: _OnRecord) -> Checked:
    """With what is on record: the same, or what stands against it."""
    if one.line.kind == LEVELS:
        return _level_on_record(one, known)
    if not known.ids.isdisjoint(one.ids(known.own(one))):
        return replace(one, done=True)
    return await _honour_on_record(one, known) if one.line.kind == HONOURS else one


def _level_on_record(one: Checked, known: _OnRecord) -> Checked:
    told = one.line.values
    row = known.levels.get(number_hash(told["number"]))
    if row is None:
        odd = known.unlisted.get(told["occupation"])
        return replace(one, odd=[*one.odd, *([odd] if odd else [])])
    same = (row["level"], row["occupation"]) == (told["level"], told["occupation"])
    if row["person"] in known.own(one) and same:
        return replace(one, done=True)
    params = {"number": normalised(told["number"])}
    return replace(one, wrong=[Finding("/number", "credentials.number-taken", params)])


async def _honour_on_record(one: Checked, known: _OnRecord) -> Checked:
    own, kind = known.own(one), one.honour
    if kind is None or not own:
        return one
    held = [row for row in known.honours if row["person"] in own and row["code"] == kind.code]
    if any(row["granted_on"] == one.line.values["granted_on"] for row in held):
        return replace(one, done=True)
    if one.line.values["state"] == "withdrawn" or not held:
        return one
    against = await held_already(own[0], kind.code)
    return replace(one, wrong=[Finding("/honour", each.code, each.params) for each in against])


def _once(checked: Sequence[Checked]) -> list[Checked]:
    """Of what stands in the list twice the later one is wrong."""
    first, found = dict[UUID, Line](), list[Checked]()
    for one in checked:
        id = one.id()
        if one.right and id in first:
            at = {"at": str(first[id].at)}
            one = replace(one, wrong=[Finding("/name", "credentials.taken-twice", at)])
        elif one.right:
            first[id] = one.line
        found.append(one)
    return found


def _honours() -> dict[str, HonourKind]:
    """By code and by title in every language."""
    found: dict[str, HonourKind] = {}
    for kind in kinds():
        for words in (kind.code, *kind.title.values()):
            found.setdefault(folded(words), kind)
    return found


def city_of(text: str) -> str | None:
    """The code of a city that is given by code or name; None for an unknown one."""
    for city in cities():
        if folded(text) in {folded(city.code), *(folded(words) for words in city.title.values())}:
            return city.code
    return None


async def _studios(keeper: str) -> dict[str, UUID]:
    rows = await Studio.select(Studio.id).where(Studio.keeper == keeper)
    named: Mapping[Any, str] = await names_of_studios(row["id"] for row in rows)
    return {name: id for id, name in named.items() if name}
