"""Honours by their rows: read for whoever may, written by the verbs beside this file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from core.errors import NotFound
from core.security import Actor, Scope, check
from credentials.records import history
from credentials.records.bodies import ACTS, READS
from credentials.records.exchange.noticing import note_honour
from credentials.records.honours.catalogue import kind_of
from credentials.records.honours.tables import HonourCase
from credentials.records.sealing import new_wrapped
from credentials.scopes import issuer_scopes


async def case_for(
    by: Actor, case: UUID, permission: str = READS
) -> tuple[dict[str, Any], list[Scope]]:
    """Unknown to whoever may not even read it; Forbidden to whoever may read and not act."""
    row = await HonourCase.select().where(HonourCase.id == case).first()
    if row is None:
        raise NotFound(kind="honour", id=case)
    scopes = await issuer_scopes(row["authority"])
    if not by.may(READS, *scopes) and not by.may(ACTS, *scopes):
        raise NotFound(kind="honour", id=case)
    check(by, permission, *scopes)
    return dict(row), scopes


async def insert_case(**values: Any) -> dict[str, Any]:
    """The row with a key of its own."""
    values = {"wrapped_key": new_wrapped(), "created_at": datetime.now(UTC), **values}
    await HonourCase.insert(HonourCase(**values))
    row = await HonourCase.select().where(HonourCase.id == values["id"]).first()
    return dict(row or {})


async def move(row: Mapping[str, Any], needed: tuple[str, ...], **values: Any) -> bool:
    """False when somebody else has moved it on meanwhile."""
    changes: dict[Any, Any] = {getattr(HonourCase, name): v for name, v in values.items()}
    moved = (
        await HonourCase.update(changes)
        .where(HonourCase.id == row["id"], HonourCase.state.is_in(list(needed)))
        .returning(HonourCase.id)
    )
    return bool(moved)


async def note_granted(by: Actor, proposal: Mapping[str, Any], honour: Any) -> None:
    """After an authority granted a proposal: its case says so, or there is one from now on."""
    found = await HonourCase.select().where(HonourCase.proposal == proposal["id"]).first()
    granted = {"state": "granted", "honour": honour.id, "granted_on": honour.granted_on}
    year = int(honour.granted_on[:4])
    if found:
        row = dict(found)
        await move(row, ("proposed", "notice"), year=year, **granted)
    else:
        row = await insert_case(
            id=honour.id,
            family=_family(honour.kind, proposal["code"]),
            code=proposal["code"],
            tier=honour.grade,
            city=_city(proposal["code"]),
            year=year,
            title=proposal["title"],
            person=proposal["person"],
            authority=proposal["issuer"],
            proposal=proposal["id"],
            **granted,
        )
    await history.note(by, row, "granted", note=honour.granted_on)
    await note_honour(row, "granted")


async def note_recorded(by: Actor, honour: Any, *, keeper: str, **more: Any) -> dict[str, Any]:
    """An honour that was granted elsewhere and is on record from now on. Twice is once."""
    if found := await HonourCase.select().where(HonourCase.id == honour.id).first():
        return dict(found)
    row = await insert_case(
        **{
            "id": honour.id,
            "code": honour.code,
            "family": _family(honour.kind, honour.code),
            "tier": honour.grade,
            "city": _city(honour.code),
            "year": int(honour.granted_on[:4]),
            "title": honour.title,
            "person": honour.person,
            "authority": keeper,
            "authority_title": honour.authority_title,
            "state": "granted",
            "elsewhere": True,
            "document": honour.source,
            "granted_on": honour.granted_on,
            "honour": honour.id,
            **more,
        }
    )
    await history.note(by, row, "recorded", note=honour.source)
    await note_honour(row, "granted")
    return row


def _family(kind: str, code: str) -> str:
    known = kind_of(code)
    return known.family if known else kind


def _city(code: str) -> str:
    known = kind_of(code)
    return known.city if known else ""
