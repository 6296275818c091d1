"""Applications by their rows, for the unit that filed them and for each body whose turn has come."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from core.errors import Conflict, NotFound
from core.scoring.codec import canonical
from core.security import Actor, Scope, check
from credentials.records.applications.tables import ApplicationStep
from credentials.records.bodies import ACTS, READS
from credentials.records.sealing import hide, shown
from credentials.records.tables import Application
from credentials.scopes import issuer_scopes

_TABLE = "application"


class ApplicationState(Conflict):
    slug = "application-state"
    title = "This application is not in the state that the step needs. Load the page again."


class NotItsTurn(Conflict):
    slug = "application-turn"
    title = "It is not this step's turn: the steps before it come first."


async def application_for(by: Actor, application: UUID) -> dict[str, Any]:
    """Unknown to whoever may read neither for the unit nor for a body whose turn has come."""
    row = await Application.select().where(Application.id == application).first()
    if row is None or not row["unit"] or not await _sees(by, row):
        raise NotFound(kind="application", id=application)
    return dict(row)


async def unit_s_own(by: Actor, application: UUID) -> tuple[dict[str, Any], Scope]:
    row = await application_for(by, application)
    scopes = await issuer_scopes(row["unit"])
    check(by, ACTS, *scopes)
    return row, scopes[0]


async def turn_of(
    by: Actor, application: UUID, step: UUID
) -> tuple[dict[str, Any], dict[str, Any], Scope]:
    """The application and the step whose turn it is, for who acts for its body."""
    row = await application_for(by, application)
    found = (
        await ApplicationStep.select()
        .where(ApplicationStep.id == step, ApplicationStep.application == application)
        .first()
    )
    if found is None:
        raise NotFound(kind="step", id=step)
    scopes = await issuer_scopes(found["body"])
    check(by, ACTS, *scopes)
    if row["state"] != "open" or found["round"] != row["round"]:
        raise ApplicationState()
    if found["state"] == "waiting":
        raise NotItsTurn()
    if found["state"] not in ("open", "notice"):
        raise ApplicationState()
    return row, dict(found), scopes[0]


async def steps_of(application: UUID) -> list[dict[str, Any]]:
    """Of every round, in order."""
    rows: list[dict[str, Any]] = (
        await ApplicationStep.select()
        .where(ApplicationStep.application == application)
        .order_by(ApplicationStep.round)
        .order_by(ApplicationStep.n)
    )
    return rows


async def move(row: Mapping[str, Any], needed: str, **values: Any) -> None:
    changes: dict[Any, Any] = {getattr(Application, name): v for name, v in values.items()}
    moved = (
        await Application.update(changes)
        .where(Application.id == row["id"], Application.state == needed)
        .returning(Application.id)
    )
    if not moved:
        raise ApplicationState()


async def move_step(step: Mapping[str, Any], **values: Any) -> None:
    changes: dict[Any, Any] = {getattr(ApplicationStep, name): v for name, v in values.items()}
    moved = (
        await ApplicationStep.update(changes)
        .where(ApplicationStep.id == step["id"], ApplicationStep.state == step["state"])
        .returning(ApplicationStep.id)
    )
    if not moved:
        raise ApplicationState()


def sealed_file(wrapped: bytes, id: UUID, file: Mapping[str, Any]) -> bytes | None:
    return hide(wrapped, canonical(dict(file)).decode(), _TABLE, "sealed_file", id)


def file_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """Empty once the person was erased."""
    found: dict[str, Any] = json.loads(
        shown(row, "sealed_file", _TABLE, row["wrapped_key"]) or "{}"
    )
    return found


def opinion_of(step: Mapping[str, Any], wrapped: bytes | None) -> str:
    return shown(step, "sealed_opinion", "application_step", wrapped)


async def _sees(by: Actor, row: Mapping[str, Any]) -> bool:
    codes = {row["unit"]}
    reached = await ApplicationStep.select(ApplicationStep.body).where(
        ApplicationStep.application == row["id"], ApplicationStep.state != "waiting"
    )
    codes |= {one["body"] for one in reached}
    for code in codes:
        scopes = await issuer_scopes(code)
        if by.may(READS, *scopes) or by.may(ACTS, *scopes):
            return True
    return False
