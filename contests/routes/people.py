"""Entrants and appointments."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from litestar import Request, delete, get, post

from contests.actions.common import contest_row
from contests.actions.people import (
    EntrantDraft,
    MemberDraft,
    appoint,
    end_appointment,
    recuse_judge,
    register_entrants,
    withdraw_entrant,
)
from contests.queries import EntryView, entries
from contests.routes.lists import appointments_of, delegation_ids
from contests.routing import PAGE, described, of_contest, own_scopes, page_limit
from contests.schemas import (
    AppointmentIn,
    AppointmentOut,
    Created,
    CreatedMany,
    EntrantIn,
    EntrantsIn,
    EntryOut,
    RecusalIn,
)
from core.errors import Invalid
from core.scoring.model import Finding
from core.security import actor_in, requires
from core.web.paging import Page, page

TAG = "contests"
UNKNOWN = UUID(int=0)
"""Stands for a delegation that isn't there, so that the action reports it with all the rest."""


@post(
    "/contests/{contest:uuid}/entrants",
    guards=[requires("contest.enter", of_contest)],
    operation_id="register_entrants",
    **described(
        "Register entrants",
        TAG,
        *(403, 404, 409, 422),
        description="All rows or none. 422 lists every finding of every row, each with its place, "
        "such as /rows/3/members/0/documents/0/number.",
    ),
)
async def register(request: Request[Any, Any, Any], contest: UUID, data: EntrantsIn) -> CreatedMany:
    by = actor_in(request)
    row = await contest_row(contest)
    known = await delegation_ids(row["competition"])
    drafts = [_draft(entrant, known) for entrant in data.rows]
    try:
        entries = await register_entrants(by, contest, drafts)
    except Invalid as error:
        raise Invalid([_placed(finding, data.rows) for finding in error.findings]) from error
    return CreatedMany(entries)


def _draft(entrant: EntrantIn, known: Mapping[str, UUID]) -> EntrantDraft:
    members = [
        MemberDraft(m.name, m.facts, [(d.kind, d.number) for d in m.documents])
        for m in entrant.members
    ]
    return EntrantDraft(
        members=members,
        group=entrant.group,
        delegation=known.get(entrant.delegation, UNKNOWN) if entrant.delegation else None,
        reserve=entrant.reserve,
        trial=entrant.trial,
        team=entrant.team,
    )


def _placed(finding: Finding, rows: Sequence[EntrantIn]) -> Finding:
    """The action points into its list; the request holds the list as `rows`."""
    params = dict(finding.params)
    if finding.code == "delegation-unknown":
        params["id"] = rows[int(finding.pointer.split("/")[1])].delegation[:80]
    return Finding(f"/rows{finding.pointer}", finding.code, params)


@get(
    "/contests/{contest:uuid}/entrants",
    guards=[requires("contest.enter", of_contest)],
    operation_id="list_entrants",
    **described(
        "List entrants",
        TAG,
        *(403, 404),
        description="In the order of registration; names only for accounts that may read them.",
    ),
)
async def list_entrants(
    request: Request[Any, Any, Any], contest: UUID, after: str = "", limit: int = PAGE
) -> Page[EntryOut]:
    known = await entries(contest, by=actor_in(request))
    ids = [entry.id for entry in known]
    rest = known[ids.index(after) + 1 :] if after in ids else known
    return page([_entry(entry) for entry in rest], page_limit(limit), lambda entry: entry.id)


def _entry(entry: EntryView) -> EntryOut:
    return EntryOut(
        id=UUID(entry.id),
        group=entry.group,
        delegation=entry.delegation,
        members=entry.members,
        reserve=entry.reserve,
        trial=entry.trial,
        late=entry.late,
        status=entry.status,
        names=None if entry.names is None else list(entry.names),
    )


@delete(
    "/contests/{contest:uuid}/entrants/{entry:uuid}",
    guards=[requires("contest.enter", of_contest)],
    status_code=204,
    operation_id="withdraw_entrant",
    **described(
        "Take an entry back",
        TAG,
        *(403, 404, 409),
        description="Before the contest is ready; later it is an absence (two persons).",
    ),
)
async def withdraw(request: Request[Any, Any, Any], contest: UUID, entry: UUID) -> None:
    await withdraw_entrant(actor_in(request), contest, entry)


@post(
    "/contests/{contest:uuid}/appointments",
    guards=[requires("contest.appoint", of_contest)],
    operation_id="appoint",
    **described(
        "Appoint",
        TAG,
        *(403, 404, 409, 422),
        description="Gives an account a duty in this contest and the role for it.",
    ),
)
async def post_appointment(
    request: Request[Any, Any, Any], contest: UUID, data: AppointmentIn
) -> Created:
    appointment = await appoint(
        actor_in(request),
        contest,
        data.account,
        data.role,
        panel=data.panel,
        group=data.group,
        modules=data.modules,
        seat=data.seat,
        interests=data.interests,
    )
    return Created(appointment)


@get(
    "/contests/{contest:uuid}/appointments",
    guards=[requires("contest.read", of_contest)],
    operation_id="list_appointments",
    **described("List appointments", TAG, 403, 404),
)
async def list_appointments(contest: UUID) -> list[AppointmentOut]:
    return await appointments_of(contest)


@delete(
    "/appointments/{appointment:uuid}",
    guards=[requires("contest.appoint", own_scopes)],
    status_code=204,
    operation_id="end_appointment",
    **described(
        "End an appointment",
        TAG,
        *(403, 404, 409),
        description="What was marked stays and counts.",
    ),
)
async def end(request: Request[Any, Any, Any], appointment: UUID, reason: str = "") -> None:
    await end_appointment(actor_in(request), appointment, reason=reason)


@post(
    "/contests/{contest:uuid}/appointments/{appointment:uuid}/recusals",
    guards=[requires("contest.appoint", of_contest)],
    status_code=204,
    operation_id="recuse_judge",
    **described(
        "Recuse a judge",
        TAG,
        *(403, 404, 409, 422),
        description="The judge still marks every code of a blind module; these sheets are set aside.",
    ),
)
async def recuse(
    request: Request[Any, Any, Any], contest: UUID, appointment: UUID, data: RecusalIn
) -> None:
    await recuse_judge(actor_in(request), contest, appointment, data.entries, reason=data.reason)


HANDLERS = [
    register,
    list_entrants,
    withdraw,
    post_appointment,
    list_appointments,
    end,
    recuse,
]
