"""Reads for the API's lists: plain rows, one page at a time, nothing that needs the log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

from contests.routing import loaded
from contests.schemas import AppointmentOut, CompetitionOut, ContestLine, DelegationOut
from contests.tables import Appointment, Competition, Contest, Delegation
from core.security import INSTALLATION, Actor, Scope
from core.tables import Account
from core.web.paging import Page

T = TypeVar("T")


async def competitions_for(by: Actor, *, after: str, limit: int) -> Page[CompetitionOut]:
    """Competitions that the account has any grant in, with those of its contests, by code."""
    rows = await Competition.select().where(Competition.code > after).order_by(Competition.code)
    contests = await Contest.select().order_by(Contest.code)
    scopes = {grant.scope for grant in by.grants}
    seen = []
    for row in rows:
        own = [contest for contest in contests if contest["competition"] == row["id"]]
        whole = sees_all(scopes, row)
        visible = [c for c in own if whole or Scope("contest", str(c["id"])) in scopes]
        if whole or visible:
            seen.append(competition_out(row, visible))
    return cut(seen, limit, lambda competition: competition.code)


def sees_all(scopes: set[Scope], competition: Mapping[str, Any]) -> bool:
    return bool(
        scopes
        & {
            INSTALLATION,
            Scope("competition", str(competition["id"])),
            Scope("organisation", str(competition["organisation"])),
        }
    )


def competition_out(
    row: Mapping[str, Any], contests: Sequence[Mapping[str, Any]]
) -> CompetitionOut:
    return CompetitionOut(
        id=row["id"],
        organisation=row["organisation"],
        code=row["code"],
        title=loaded(row["title"], {}),
        held_from=row["held_from"],
        held_to=row["held_to"],
        place=row["place"],
        authorities=loaded(row["authorities"], []),
        demonstration=row["demonstration"],
        contests=[contest_line(contest) for contest in contests],
    )


def contest_line(row: Mapping[str, Any]) -> ContestLine:
    return ContestLine(
        id=row["id"],
        code=row["code"],
        title=loaded(row["title"], {}),
        state=row["state"],
        type_code=row["type_code"],
        type_version=row["type_version"],
    )


async def contests_of(competition: UUID, *, after: str, limit: int) -> Page[ContestLine]:
    rows = (
        await Contest.select()
        .where(Contest.competition == competition, Contest.code > after)
        .order_by(Contest.code)
        .limit(limit + 1)
    )
    return cut([contest_line(row) for row in rows], limit, lambda contest: contest.code)


async def delegations_of(competition: UUID) -> list[DelegationOut]:
    rows = (
        await Delegation.select()
        .where(Delegation.competition == competition)
        .order_by(Delegation.code)
    )
    return [DelegationOut(r["id"], r["code"], loaded(r["title"], {}), r["city"]) for r in rows]


async def delegation_ids(competition: UUID) -> dict[str, UUID]:
    """Delegations by code and by id."""
    rows = await Delegation.select(Delegation.id, Delegation.code).where(
        Delegation.competition == competition
    )
    return {row["code"]: row["id"] for row in rows} | {str(row["id"]): row["id"] for row in rows}


async def appointments_of(contest: UUID) -> list[AppointmentOut]:
    rows = (
        await Appointment.select()
        .where(Appointment.contest == contest)
        .order_by(Appointment.role, Appointment.seat)
    )
    labels = await _labels([row["account"] for row in rows])
    return [
        AppointmentOut(
            id=row["id"],
            account=row["account"],
            label=labels.get(row["account"], ""),
            role=row["role"],
            panel=row["panel"],
            group=row["group_code"],
            modules=loaded(row["modules"], []),
            seat=row["seat"],
            ended=row["ended_at"] is not None,
        )
        for row in rows
    ]


async def _labels(accounts: Sequence[UUID]) -> dict[UUID, str]:
    if not accounts:
        return {}
    rows = await Account.select(Account.id, Account.label, Account.login).where(
        Account.id.is_in(list(set(accounts)))
    )
    return {row["id"]: row["label"] or row["login"] for row in rows}


def cut(items: list[T], limit: int, key: Any) -> Page[T]:
    """The first `limit` items, with the key to go on after when there are more."""
    if len(items) <= limit:
        return Page(items)
    return Page(items[:limit], key(items[limit - 1]))
