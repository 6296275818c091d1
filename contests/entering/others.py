"""Delegations and staff out of a table: loads what they are held against and writes them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from contests.actions.common import contest_row, json_text
from contests.actions.people import appoint, end_appointment
from contests.entering.checked import CHANGED, NEW
from contests.entering.draft import Draft
from contests.entering.judges import check_pool
from contests.entering.known import Known
from contests.entering.names import folded
from contests.entering.plain import (
    CheckedPlain,
    KnownStaff,
    Plain,
    check_delegations,
    check_staff,
)
from contests.entering.pooling import known_pool
from contests.tables import Appointment, Delegation, Entry
from core.accounts import create_account
from core.errors import Conflict
from core.registry import registry
from core.scoring.codec import from_json
from core.scoring.model import Finding, Scheme
from core.security import Actor
from core.tables import Account


async def check_other(
    kind: str, draft: Draft, contest: UUID | None, competition: UUID
) -> CheckedPlain:
    known = await delegations_known(competition)
    if kind == "pool":
        return check_pool(draft, await known_pool(competition, known))
    if kind == "staff" and contest is not None:
        return check_staff(draft, await _staff(contest, draft, known))
    return check_delegations(draft, known, _cities())


async def write_delegations(competition: UUID, good: Sequence[Plain]) -> dict[str, Any]:
    made, changed = [], []
    for one in good:
        if one.kind == NEW:
            id_ = uuid5(competition, f"delegation|{one.values['code']}")
            await Delegation.insert(
                Delegation(
                    id=id_,
                    competition=competition,
                    code=one.values["code"],
                    title=json_text(one.values["title"]),
                    city=one.values["city"],
                )
            )
            made.append(str(id_))
        elif one.kind == CHANGED and one.id is not None:
            row = await Delegation.select().where(Delegation.id == one.id).first()
            if row is None:
                continue
            title = {**json.loads(row["title"]), **one.values["title"]}
            changed.append({"id": str(one.id), "title": row["title"], "city": row["city"]})
            await Delegation.update(
                {
                    Delegation.title: json_text(title),
                    Delegation.city: one.values["city"] or row["city"],
                }
            ).where(Delegation.id == one.id)
    return {"made": made, "changed": changed, "persons": []}


async def take_back_delegations(outcome: Mapping[str, Any]) -> None:
    """Raises Conflict when one has entrants by now."""
    made = [UUID(id_) for id_ in outcome["made"]]
    if made and await Entry.exists().where(
        Entry.delegation.is_in(made), Entry.status != "withdrawn"
    ):
        raise Conflict([Finding("", "people-delegation-in-use", {})])
    if made:
        await Delegation.delete().where(Delegation.id.is_in(made))
    for one in outcome["changed"]:
        await Delegation.update(
            {Delegation.title: one["title"], Delegation.city: one["city"]}
        ).where(Delegation.id == UUID(one["id"]))


async def write_staff(
    by: Actor, contest: UUID, good: Sequence[Plain], *, now: datetime
) -> dict[str, Any]:
    made, accounts = [], []
    logins: dict[str, UUID] = {}
    for one in good:
        values = one.values
        account = one.id or logins.get(values["login"])
        if account is None:
            account = await create_account(
                by, login=values["login"], label=values["label"], language=values["language"]
            )
            accounts.append(str(account))
        logins[values["login"]] = account
        appointment = await appoint(
            by,
            contest,
            account,
            values["role"],
            panel=values["panel"],
            group=values["group"],
            modules=values["modules"],
            seat=values["seat"],
            interests=values["interests"],
            now=now,
        )
        if one.kind == NEW:
            made.append(str(appointment))
    return {"made": made, "changed": [], "accounts": accounts, "persons": []}


async def take_back_staff(by: Actor, outcome: Mapping[str, Any]) -> None:
    """Ends the duties; accounts stay, without any."""
    for appointment in outcome["made"]:
        row = (
            await Appointment.select(Appointment.ended_at)
            .where(Appointment.id == UUID(appointment))
            .first()
        )
        if row is not None and row["ended_at"] is None:
            await end_appointment(by, UUID(appointment))


async def delegations_known(competition: UUID) -> Known:
    rows = (
        await Delegation.select()
        .where(Delegation.competition == competition)
        .order_by(Delegation.code)
    )
    return Known(
        delegations={d["id"]: json.loads(d["title"]) for d in rows},
        delegation_codes={d["id"]: d["code"] for d in rows},
        delegation_cities={d["id"]: d["city"] for d in rows},
    )


async def _staff(contest: UUID, draft: Draft, delegations: Known) -> KnownStaff:
    row = await contest_row(contest)
    scheme = from_json(Scheme, json.loads(row["scheme"])) if row["scheme"] else None
    logins = sorted({line.get("login").strip().casefold() for line in draft.lines()} - {""})
    accounts = await Account.select(Account.id, Account.login, Account.label).where(
        Account.login.is_in(logins or [""]), Account.disabled_at.is_null()
    )
    appointed = await Appointment.select().where(
        Appointment.contest == contest, Appointment.ended_at.is_null()
    )
    return KnownStaff(
        accounts={a["login"]: (a["id"], a["label"]) for a in accounts},
        appointed=frozenset((a["account"], a["role"], a["panel"]) for a in appointed),
        seats={a["seat"].upper(): a["account"] for a in appointed if a["seat"]},
        modules=[module.id for module in scheme.modules] if scheme else [],
        delegations=delegations,
    )


def _cities() -> dict[str, str]:
    """Folded name or code -> code; 市 at the end makes no difference."""
    found: dict[str, str] = {}
    for partner in registry().partners():
        for city in partner.cities():
            for words in (city.code, *city.title.values()):
                found[folded(words)] = city.code
                found[folded(words).removesuffix("市")] = city.code
    return found
