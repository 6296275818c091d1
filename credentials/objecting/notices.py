"""A public notice by its address, and objections that anybody files in it, with a name or without.

Nobody can look notices up: the body that gives one hands the address out. A notice names its candidate in full,
as published lists do, and no document; what is objected is sealed and read by that body alone.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from core import audit
from core.db import transaction
from core.errors import Conflict, Invalid, NotFound
from core.privacy import person_name
from core.scoring.model import Finding, Text
from core.security import SYSTEM
from credentials.identifiers import CROCKFORD
from credentials.objecting import messages as messages
from credentials.records import history
from credentials.records.applications.tables import ApplicationStep
from credentials.records.bodies import titles_of
from credentials.records.honours.collective import holder_of
from credentials.records.honours.studios import names_of_studios
from credentials.records.honours.tables import HonourCase, Objection
from credentials.records.notices import file_objection, running, text_findings, today_in_china
from credentials.records.tables import Application
from credentials.scopes import issuer_scopes

LONGEST_NAME, LONGEST_CONTACT = 100, 200
MOST = 200
"""Of one notice without an answer: each has to be answered before anything is decided."""
_RECEIPT = 10


class TooManyObjections(Conflict):
    slug = "objections-many"
    title = "Too many objections wait for an answer here. Write to the organisation that gave the notice."


@dataclass(frozen=True, slots=True)
class PublicNotice:
    """row: of the honour or application, whose key seals what is objected. body: who gives the notice."""

    id: UUID
    row: Mapping[str, Any]
    holder: str
    title: Text
    unit: Text
    authority: str
    body: Text
    notice_from: str
    notice_until: str


@dataclass(frozen=True, slots=True)
class Typed:
    """name and contact: "" of who stays unknown."""

    text: str
    name: str = ""
    contact: str = ""


async def notice_of(id: UUID, today: date | None = None) -> PublicNotice:
    """Raises NotFound, also for one that does not run today."""
    found = await _of_honour(id) or await _of_step(id)
    if found is None or not found.holder or not running(_days(found), today or today_in_china()):
        raise NotFound(kind="notice", id=id)
    return found


async def object_publicly(id: UUID, typed: Typed, today: date | None = None) -> str:
    """The receipt. Raises NotFound, Invalid, TooManyObjections."""
    now = today or today_in_china()
    async with transaction():
        notice = await notice_of(id, now)
        if wrong := _findings(typed):
            raise Invalid(wrong)
        if await _waiting(id) >= MOST:
            raise TooManyObjections()
        receipt = "".join(secrets.choice(CROCKFORD) for _ in range(_RECEIPT))
        days = (notice.notice_from, notice.notice_until)
        wrapped, sender = notice.row["wrapped_key"], _sender(typed)
        await file_objection(
            SYSTEM, id, wrapped, days, typed.text, now, receipt=receipt, sender=sender
        )
        await history.note(SYSTEM, notice.row, "objection", note=receipt)
        scopes = await issuer_scopes(notice.authority)
        told = {"receipt": receipt}
        await audit.record(SYSTEM, "objection.public", scope=scopes[0], subject=str(id), after=told)
    return receipt


async def state_of(id: UUID, receipt: str) -> str:
    """open, rejected or upheld; "" where no objection of this notice has the receipt."""
    asked = "".join(c for c in receipt.upper() if c.isalnum())
    row = (
        await Objection.select(Objection.state)
        .where(Objection.about == id, Objection.receipt == asked, Objection.receipt != "")
        .first()
    )
    return str(row["state"]) if row else ""


def _days(notice: PublicNotice) -> dict[str, str]:
    return {"notice_from": notice.notice_from, "notice_until": notice.notice_until}


async def _of_honour(id: UUID) -> PublicNotice | None:
    row = await HonourCase.select().where(HonourCase.id == id, HonourCase.state == "notice").first()
    if row is None:
        return None
    title: Text = json.loads(row["title"])
    return await _notice(id, row, row, await _holder(row), title, row["authority"], "")


async def _of_step(id: UUID) -> PublicNotice | None:
    step = (
        await ApplicationStep.select()
        .where(ApplicationStep.id == id, ApplicationStep.state == "notice")
        .first()
    )
    row = (
        await Application.select()
        .where(Application.id == step["application"], Application.state == "open")
        .first()
        if step
        else None
    )
    if step is None or row is None or row["round"] != step["round"]:
        return None
    title: Text = json.loads(row["title"])
    holder = await person_name(row["person"])
    return await _notice(id, row, step, holder, title, step["body"], row["unit"])


async def _notice(
    id: UUID,
    row: Mapping[str, Any],
    days: Mapping[str, Any],
    holder: str,
    title: Text,
    authority: str,
    unit: str,
) -> PublicNotice:
    titles = await titles_of([authority, *([unit] if unit else [])])
    return PublicNotice(
        id,
        row,
        holder,
        title,
        titles.get(unit, {}),
        authority,
        titles.get(authority, {}),
        days["notice_from"],
        days["notice_until"],
    )


async def _holder(row: Mapping[str, Any]) -> str:
    if row["person"]:
        return await person_name(row["person"])
    if row["studio"]:
        return (await names_of_studios([row["studio"]])).get(row["studio"], "")
    return holder_of(row)


async def _waiting(id: UUID) -> int:
    return int(await Objection.count().where(Objection.about == id, Objection.state == "open"))


def _findings(typed: Typed) -> list[Finding]:
    found = text_findings(typed.text, "/objection")
    for name, said, most in (
        ("name", typed.name, LONGEST_NAME),
        ("contact", typed.contact, LONGEST_CONTACT),
    ):
        if len(said.strip()) > most or not said.strip().isprintable():
            found.append(Finding(f"/{name}", "credentials.sender-long", {"most": str(most)}))
    return found


def _sender(typed: Typed) -> str:
    return " · ".join(part for part in (typed.name.strip(), typed.contact.strip()) if part)
