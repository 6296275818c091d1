"""Check-in: who has come, who has not, who came unannounced, who takes an absent entrant's place."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from admin.console.running.forms import REASON, Done, Duty, Field, module_field
from admin.console.running.hall import Entrant, Hall, Numbered, numbered
from admin.console.running.typed import Typing
from contests.actions.approvals import request_approval
from contests.tables import Delegation, Entry
from core.registry import registry
from core.scoring.model import Finding, Text
from core.security import Actor
from core.web.i18n import pick, translate

AFTER_DRAW = ("ready", "judging")
PAGE = 60
SHOWN = ("all", "open", "present", "absent")


def listed(everybody: Sequence[Numbered], which: str) -> list[Numbered]:
    """Those that the reader asked for. which: one of SHOWN."""
    return [one for one in everybody if _in(one, which)]


def sought(among: Sequence[Entrant], words: str) -> list[Entrant]:
    """By number, name or delegation."""
    folded = words.strip().casefold()
    return [
        one
        for one in among
        if folded == one.number.casefold()
        or folded in one.who.casefold()
        or any(folded in text.casefold() for text in one.delegation.values())
    ]


def _in(one: Numbered, which: str) -> bool:
    if which == "present":
        return one.arrival is not None and not one.status
    if which == "absent":
        return bool(one.status)
    return which != "open" or (one.arrival is None and not one.status)


def counts(everybody: Sequence[Numbered]) -> dict[str, int]:
    present, absent = len(listed(everybody, "present")), len(listed(everybody, "absent"))
    total = len(everybody)
    return {"all": total, "open": total - present - absent, "present": present, "absent": absent}


async def by_number(typed: Typing, hall: Hall, name: str) -> UUID:
    """The entry with the number that somebody typed."""
    number = typed.needed(name, "Number").casefold()
    found = [one for one in await numbered(hall) if one.number.casefold() == number]
    if number and not found:
        typed.findings.append(Finding(f"/{name}", "nobody-by-number", {"number": number[:40]}))
    return UUID(found[0].id) if found else UUID(int=0)


async def _absence_fields(hall: Hall, data: Mapping[str, str], language: str) -> Sequence[Field]:
    number = Field("entry", "Number", hint="As the check-in list has it.", required=True)
    return (number, module_field(hall, language, whole=True), REASON)


async def _absence(by: Actor, contest: UUID, typed: Typing, hall: Hall) -> Done:
    entry = await by_number(typed, hall, "entry")
    reason = typed.needed("reason", "Reason")
    typed.done()
    body = {"entry": str(entry), "module": typed.text("module"), "reason": reason}
    return asked(contest, await request_approval(by, contest, "record_absence", body))


async def _reserve_fields(hall: Hall, data: Mapping[str, str], language: str) -> Sequence[Field]:
    return (
        Field("absent", "Number of the absent entrant", required=True),
        Field("reserve", "Number of the reserve", required=True),
        REASON,
    )


async def _reserve(by: Actor, contest: UUID, typed: Typing, hall: Hall) -> Done:
    absent = await by_number(typed, hall, "absent")
    reserve = await by_number(typed, hall, "reserve")
    reason = typed.needed("reason", "Reason")
    typed.done()
    body = {"absent": str(absent), "reserve": str(reserve), "reason": reason}
    return asked(contest, await request_approval(by, contest, "use_reserve", body))


async def _late_fields(hall: Hall, data: Mapping[str, str], language: str) -> Sequence[Field]:
    rows = await Delegation.select().where(Delegation.competition == hall.row["competition"])
    delegations = [("", "—")] + [(str(r["id"]), pick(_title(r), language)) for r in rows]
    kinds = [
        (d.code, pick(d.title, language)) for p in registry().partners() for d in p.documents()
    ]
    groups = sorted(await _groups(hall.contest))
    fields = [
        Field("name", "Name", hint="As in the identity document.", required=True),
        Field("kind", translate("Kind of document", language), "choice", choices=kinds, said=True),
        Field("number", "Number of the document"),
        Field(
            "delegation",
            translate("Delegation", language),
            "choice",
            choices=delegations,
            said=True,
        ),
    ]
    if groups:
        choices = [(group, group) for group in groups]
        fields.append(
            Field("group", translate("Group", language), "choice", choices=choices, said=True)
        )
    return (*fields, REASON)


async def _groups(contest: UUID) -> set[str]:
    """Those that somebody is entered in."""
    rows = await Entry.raw(
        "SELECT DISTINCT group_code FROM entry WHERE contest = {} AND status <> 'withdrawn'",
        contest,
    )
    return {row["group_code"] for row in rows} - {""}


def _title(row: Mapping[str, Any]) -> Text:
    found: Text = json.loads(row["title"])
    return found


async def _late(by: Actor, contest: UUID, typed: Typing, hall: Hall) -> Done:
    name, reason = typed.needed("name", "Name"), typed.needed("reason", "Reason")
    typed.done()
    number = typed.text("number")
    documents = [{"kind": typed.text("kind"), "number": number}] if number else []
    body: dict[str, Any] = {
        "members": [{"name": name, "facts": {}, "documents": documents}],
        "reason": reason,
    }
    body |= {key: typed.text(key) for key in ("delegation", "group") if typed.text(key)}
    return asked(contest, await request_approval(by, contest, "add_late_entrant", body))


def asked(contest: UUID, approval: UUID) -> Done:
    """Said after every request for a second person; undo withdraws it."""
    undo = f"/console/contests/{contest}/approvals/{approval}"
    return Done("Asked for. Another person has to approve it.", {}, undo)


DUTIES = (
    Duty(
        "absence",
        "checkin",
        "/check-in/absence",
        "Absent",
        "Record an absence",
        "An entrant did not come, to one module or at all. It takes two persons, and is not a zero.",
        "Ask for the absence",
        "contest.run",
        _absence_fields,
        _absence,
        AFTER_DRAW,
        two=True,
    ),
    Duty(
        "late",
        "checkin",
        "/check-in/late",
        "Late entrant",
        "Admit a late entrant",
        "Somebody who was not registered. It takes two persons; codes of their own are drawn by itself.",
        "Ask for the admission",
        "contest.enter",
        _late_fields,
        _late,
        AFTER_DRAW,
        two=True,
    ),
    Duty(
        "reserve",
        "checkin",
        "/check-in/reserve",
        "Reserve",
        "Let a reserve take an absent entrant's place",
        "The reserve gets the place and its codes; nobody else's change. It takes two persons.",
        "Ask for the exchange",
        "contest.run",
        _reserve_fields,
        _reserve,
        AFTER_DRAW,
        two=True,
    ),
)
