"""Reads of applications, as far as the reader may see. No writes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from core.privacy import names_of
from core.scoring.model import Text
from core.security import Actor
from credentials.records.applications.filing import with_the_unit
from credentials.records.applications.gathering import states_of
from credentials.records.applications.reaching import (
    application_for,
    file_of,
    opinion_of,
    steps_of,
)
from credentials.records.applications.tables import ApplicationPaper, ApplicationStep
from credentials.records.bodies import ACTS, READS, codes_for, titles_of
from credentials.records.history import Happened, history_of
from credentials.records.honours.catalogue import kind_of
from credentials.records.honours.tables import HonourCase
from credentials.records.notices import Objected, objections_to
from credentials.records.papers import keeping
from credentials.records.sealing import shown
from credentials.records.tables import Application, Proposal
from credentials.scopes import issuer_scopes

MOST = 1000


@dataclass(frozen=True, slots=True)
class Step:
    """mine: it is this step's turn and the reader acts for its body."""

    row: Mapping[str, Any]
    title: Text
    body: Text
    opinion: str
    objections: Sequence[Objected]
    mine: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """step: the one whose turn it is, or None. mine: the reader acts for whoever has to move."""

    row: Mapping[str, Any]
    title: Text
    name: str
    unit: Text
    step: Mapping[str, Any] | None
    mine: bool


@dataclass(frozen=True, slots=True)
class ApplicationPage:
    """papers: (title, link, hash). steps: of this round; earlier: those of the rounds before.
    proposal_state: "" when there is none any more. case: the honour's page, or None."""

    row: Mapping[str, Any]
    title: Text
    name: str
    unit: Text
    file: Mapping[str, Any]
    states: Mapping[str, str]
    issuers: Mapping[str, Text]
    papers: Sequence[tuple[str, str, str]]
    steps: Sequence[Step]
    earlier: Sequence[Step]
    history: Sequence[Happened]
    own: bool
    with_unit: bool
    proposal_state: str
    case: UUID | None
    clause: Text
    source: str
    may_grant: bool
    files: Sequence[keeping.Listed]


async def applications_for(by: Actor, *, code: str = "", state: str = "") -> list[Listed]:
    """The newest first; those that wait for the reader's body before the others."""
    ids = await _visible(by)
    query = (
        Application.select()
        .where(Application.unit != "")
        .order_by(Application.filed_at, ascending=False)
        .limit(MOST)
    )
    if ids is not None:
        query = query.where(Application.id.is_in(ids or [UUID(int=0)]))
    if code:
        query = query.where(Application.code == code)
    if state:
        query = query.where(Application.state == state)
    rows = await query
    listed = await _listed(by, rows)
    return sorted(listed, key=lambda one: not one.mine)


async def application_page(by: Actor, application: UUID) -> ApplicationPage:
    """Raises NotFound."""
    row = await application_for(by, application)
    wrapped, file = row["wrapped_key"], file_of(row)
    rows = await steps_of(application)
    steps = await _steps(by, row, rows)
    gathered = file.get("gathered", {})
    proved = [*gathered.get("certificates", ()), *gathered.get("levels", ())]
    proposal = await Proposal.select().where(Proposal.id == row["proposal"]).first()
    case = (
        await HonourCase.select(HonourCase.id).where(HonourCase.proposal == row["proposal"]).first()
    )
    kind = kind_of(row["code"])
    unit = await issuer_scopes(row["unit"])
    return ApplicationPage(
        row=row,
        title=json.loads(row["title"]),
        name=(await names_of([row["person"]])).get(row["person"], ""),
        unit=(await titles_of([row["unit"]])).get(row["unit"], {}),
        file=file,
        states=await states_of([one["number"] for one in gathered.get("certificates", ())]),
        issuers=await titles_of(one["issuer"] for one in proved),
        papers=await _papers(application, wrapped),
        steps=[one for one in steps if one.row["round"] == row["round"]],
        earlier=[one for one in steps if one.row["round"] != row["round"]],
        history=await history_of(row),
        own=by.may(ACTS, *unit),
        with_unit=await with_the_unit(row),
        proposal_state=proposal["state"] if proposal else "",
        case=case["id"] if case else None,
        clause=kind.clause if kind else {},
        source=kind.source if kind else "",
        may_grant=proposal is not None and by.may(ACTS, *await issuer_scopes(proposal["issuer"])),
        files=await keeping.files_of(row),
    )


async def _visible(by: Actor) -> list[UUID] | None:
    codes = await codes_for(by, READS)
    if codes is None:
        return None
    wanted = sorted(codes | (await codes_for(by, ACTS) or frozenset())) or [""]
    reached = await ApplicationStep.select(ApplicationStep.application).where(
        ApplicationStep.body.is_in(wanted), ApplicationStep.state != "waiting"
    )
    own = await Application.select(Application.id).where(Application.unit.is_in(wanted))
    return list({row["application"] for row in reached} | {row["id"] for row in own})


async def _listed(by: Actor, rows: Sequence[Mapping[str, Any]]) -> list[Listed]:
    names = await names_of({row["person"] for row in rows})
    units = await titles_of(row["unit"] for row in rows)
    turns = await _turns([row["id"] for row in rows])
    acting = await codes_for(by, ACTS) or frozenset()
    return [
        Listed(
            row,
            json.loads(row["title"]),
            names.get(row["person"], ""),
            units.get(row["unit"], {}),
            turns.get(row["id"]) if row["state"] == "open" else None,
            _waits(row, turns.get(row["id"]), acting),
        )
        for row in rows
    ]


def _waits(row: Mapping[str, Any], turn: Mapping[str, Any] | None, acting: Iterable[str]) -> bool:
    if row["state"] == "sent_back":
        return row["unit"] in acting
    return row["state"] == "open" and turn is not None and turn["body"] in acting


async def _turns(applications: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    if not applications:
        return {}
    rows = await ApplicationStep.select().where(
        ApplicationStep.application.is_in(list(applications)),
        ApplicationStep.state.is_in(["open", "notice"]),
    )
    return {row["application"]: row for row in rows}


async def _steps(
    by: Actor, row: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]
) -> list[Step]:
    bodies = await titles_of(one["body"] for one in rows)
    acting = await codes_for(by, ACTS) or frozenset()
    return [
        Step(
            one,
            json.loads(one["title"]),
            bodies.get(one["body"], {}),
            opinion_of(one, row["wrapped_key"]),
            await objections_to(one["id"], row["wrapped_key"]),
            row["state"] == "open" and one["state"] in ("open", "notice") and one["round"] == row["round"] and one["body"] in acting,
        )
        for one in rows
    ]  # fmt: skip


async def _papers(application: UUID, wrapped: bytes | None) -> list[tuple[str, str, str]]:
    rows = (
        await ApplicationPaper.select()
        .where(ApplicationPaper.application == application)
        .order_by(ApplicationPaper.added_at)
    )
    return [
        (shown(one, "sealed_title", "application_paper", wrapped), one["link"], one["hash"])
        for one in rows
    ]
