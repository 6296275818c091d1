"""Puts one line of a list on record, with whom it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from core.db import transaction
from core.errors import Invalid, JiangxinError
from core.partner import HonourKind
from core.privacy import person_name
from core.scoring.model import Finding
from core.security import Actor
from core.skill_levels import ALL_LEVELS
from credentials.encoding import to_text
from credentials.records import history
from credentials.records.exchange.checking import Checked, city_of, number_hash
from credentials.records.exchange.fields import HONOURS, RESULTS
from credentials.records.exchange.tables import EarlierResult
from credentials.records.exchange.whose import person_for
from credentials.records.grantable import enter_once, once_of
from credentials.records.honours import cases
from credentials.records.levels.numbers import normalised
from credentials.records.sealing import hide, new_wrapped
from credentials.records.tables import HeldLevel, Honour

Row = Mapping[str, Any]


async def enter(by: Actor, of: Row, one: Checked) -> Sequence[Finding]:
    """of: the list's row. What stood against it after all; nothing of the line is on record then."""
    try:
        async with transaction():
            await _enter(by, of, one)
            taken = "UPDATE record_import SET taken = taken + 1 WHERE id = {}"
            await EarlierResult.raw(taken, of["id"])
    except JiangxinError as error:
        return error.findings or [Finding("/name", "credentials.who-differs", {})]
    return ()


async def _enter(by: Actor, of: Row, one: Checked) -> None:
    person = None
    if one.about_person:
        name = one.line.values["name"]
        person = await person_for(of["keeper"], name, one.whose, made_by=of["id"])
        if await person_name(person) != name:  # erased or corrected since the list was looked at
            raise Invalid([Finding("/name", "credentials.who-differs", {})])
    if one.line.kind == HONOURS and one.honour:
        await _honour(by, of, one, one.honour, person)
    elif person and one.line.kind == RESULTS:
        await _result(of, one, person)
    elif person:
        await _level(of, one, person)


def _paper(of: Row, one: Checked) -> bool:
    """A list from paper says so of every line; a file of each."""
    return bool(of["origin"] == "paper" or one.line.values["paper"] == "yes")


def _hash(of: Row, told: Mapping[str, str]) -> str:
    """Behind a line from paper stands the scan of its list."""
    own: str = "" if told["link"] or of["origin"] != "paper" else of["evidence_hash"]
    return told["hash"].lower() or own


async def _result(of: Row, one: Checked, person: UUID) -> None:
    told = one.line.values
    row = EarlierResult(
        id=one.id(person),
        person=person,
        keeper=of["keeper"],
        contest=told["contest"],
        year=told["year"],
        occupation=told["occupation"],
        place=told["place"],
        prize=told["prize"],
        taken_in=of["id"],
        line=one.line.at,
        created_at=datetime.now(UTC),
    )
    await EarlierResult.insert(row).on_conflict(action="DO NOTHING")


async def _level(of: Row, one: Checked, person: UUID) -> None:
    told = one.line.values
    row = HeldLevel(
        id=one.id(person),
        person=person,
        occupation=told["occupation"],
        level=told["level"],
        title=to_text(dict(ALL_LEVELS[told["level"]])),
        issuer=told["issuer"],
        number_hash=number_hash(told["number"]),
        number=normalised(told["number"]),
        granted_on=told["granted_on"],
        source=told["source"],
        keeper=of["keeper"],
        created_at=datetime.now(UTC),
        taken_in=of["id"],
        paper=_paper(of, one),
        evidence_link=told["link"],
        evidence_hash=_hash(of, told),
    )
    await HeldLevel.insert(row).on_conflict(action="DO NOTHING")


async def _honour(by: Actor, of: Row, one: Checked, kind: HonourKind, person: UUID | None) -> None:
    told, id, wrapped = one.line.values, one.id(person), new_wrapped()
    withdrawn = told["state"] == "withdrawn"
    named = "" if person or one.studio else told["name"]
    if person:
        await enter_once(_of_person(of, one, kind, person, id))
    row = await cases.insert_case(
        id=id,
        code=kind.code,
        family=kind.family,
        tier=kind.tier,
        city=kind.city or city_of(told["city"]) or "",
        year=int(told["granted_on"][:4]),
        title=to_text(dict(kind.title)),
        holder=kind.holder,
        person=person,
        studio=one.studio,
        wrapped_key=wrapped,
        sealed_holder=hide(wrapped, named, "honour_case", "sealed_holder", id),
        authority=of["keeper"],
        authority_title=to_text(dict(kind.authority_title)),
        state="withdrawn" if withdrawn else "granted",
        elsewhere=True,
        document=told["authority_document"],
        granted_on=told["granted_on"],
        honour=id if person else None,
        reason=told["reason"] if withdrawn else "",
        withdrawal_document=told["withdrawal_document"] if withdrawn else "",
        withdrawn_on=told["withdrawn_on"] if withdrawn else "",
        taken_in=of["id"],
        paper=_paper(of, one),
        evidence_link=told["link"],
        evidence_hash=_hash(of, told),
    )
    await history.note(by, row, "recorded", note=row["document"])


def _of_person(of: Row, one: Checked, kind: HonourKind, person: UUID, id: UUID) -> Honour:
    """Not disclosed: its authority says so of each by itself."""
    told = one.line.values
    withdrawn = None
    if told["state"] == "withdrawn":
        withdrawn = datetime.fromisoformat(told["withdrawn_on"]).replace(tzinfo=UTC)
    return Honour(
        id=id,
        person=person,
        kind=kind.family,
        code=kind.code,
        once=once_of(kind.code),
        grade=kind.tier,
        title=to_text(dict(kind.title)),
        authority=kind.authority or of["keeper"],
        authority_title=to_text(dict(kind.authority_title)),
        granted_on=told["granted_on"],
        source=told["authority_document"],
        disclosed=False,
        withdrawn_at=withdrawn,
        created_at=datetime.now(UTC),
        paper=_paper(of, one),
    )
