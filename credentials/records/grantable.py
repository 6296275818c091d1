"""What must be settled before an authority may grant a title, a medal or an honour."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from core.errors import NotReady
from core.same_person import records_of
from core.scoring.model import Finding
from credentials.claims import printed
from credentials.records import messages as messages
from credentials.records.honours.catalogue import kind_of
from credentials.records.honours.tables import HonourCase
from credentials.records.notices import in_the_way, objections_to, today_in_china
from credentials.records.tables import Application, Honour

GRANTED_ONCE = ("title", "medal", "honour")


async def check_grantable(proposal: Mapping[str, Any], today: date | None = None) -> None:
    """Raises NotReady with everything that stands in the way."""
    if proposal["kind"] not in GRANTED_ONCE:
        return
    found = await held_already(proposal["person"], proposal["code"])
    found += await _on_its_way(proposal["id"], today or today_in_china())
    if found:
        raise NotReady(found)


async def held_already(person: UUID, code: str) -> list[Finding]:
    """Not twice for the same title: the earlier one, by name."""
    kind = kind_of(code)
    if kind is None or not kind.once:
        return []
    row = (
        await Honour.select()
        .where(
            Honour.person.is_in(list(await records_of(person))),
            Honour.code == code,
            Honour.withdrawn_at.is_null(),
        )
        .order_by(Honour.granted_on)
        .first()
    )
    if row is None:
        return []
    granted_by = printed(json.loads(row["authority_title"] or "{}")) or printed(
        kind.authority_title
    )
    params = {
        "title": printed(json.loads(row["title"])),
        "day": row["granted_on"],
        "authority": granted_by,
    }
    return [Finding("/code", "credentials.title-held", params)]


def once_of(code: str) -> str:
    """Of `Honour.once`."""
    kind = kind_of(code)
    return code if kind and kind.once else ""


async def enter_once(honour: Honour) -> None:
    """Inside the caller's transaction. Of two who grant the same title at the same moment one is second:
    raises NotReady, which names the other's."""
    made = await Honour.insert(honour).on_conflict(action="DO NOTHING").returning(Honour.id)
    if not made:
        raise NotReady(await held_already(honour.person, honour.code))


async def _on_its_way(proposal: UUID, today: date) -> list[Finding]:
    applied = await Application.select(Application.state).where(
        Application.proposal == proposal, Application.state.is_in(["open", "sent_back", "passed"])
    )
    states = {row["state"] for row in applied}
    if states & {"open", "sent_back"}:
        return [Finding("", "credentials.application-open", {})]
    case = (
        await HonourCase.select()
        .where(HonourCase.proposal == proposal, HonourCase.state.is_in(["proposed", "notice"]))
        .first()
    )
    if case is None or ("passed" in states and not case["notice_until"]):
        return []
    objections = await objections_to(case["id"], case["wrapped_key"])
    return in_the_way(case["notice_from"], case["notice_until"], objections, today)
