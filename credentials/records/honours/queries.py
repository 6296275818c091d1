"""Reads of honours, as far as the reader may see. No writes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from core.privacy import names_of
from core.scoring.model import Text
from core.security import Actor
from credentials.records.bodies import ACTS, READS, codes_for
from credentials.records.history import Happened, history_of
from credentials.records.honours import cases, collective
from credentials.records.honours.studios import names_of_studios
from credentials.records.honours.tables import HonourCase
from credentials.records.notices import Objected, objections_to
from credentials.records.papers import keeping
from credentials.records.tables import Application, Honour, Proposal
from credentials.scopes import issuer_scopes
from credentials.tables import Certificate

PAGE = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """ "" and 0: any. after: of `Found.following`."""

    family: str = ""
    tier: str = ""
    city: str = ""
    year: int = 0
    state: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    row: Mapping[str, Any]
    title: Text
    holder: str


@dataclass(frozen=True, slots=True)
class HonourPage:
    """certificate: number and state of the one that came of it, or None. applications: (id, state) of
    those on the same proposal. waits_signing: granted, and its certificate is not signed yet."""

    row: Mapping[str, Any]
    title: Text
    holder: str
    authority_title: Text
    history: Sequence[Happened]
    objections: Sequence[Objected]
    certificate: tuple[str, str] | None
    clause: Text
    source: str
    contest: str
    applications: Sequence[tuple[UUID, str]]
    may_act: bool
    files: Sequence[keeping.Listed]


async def honours_for(by: Actor, wanted: Wanted) -> tuple[list[Listed], str]:
    """The newest first, and what `after` must be for the next page."""
    codes = await codes_for(by, READS)
    query = HonourCase.select().order_by(HonourCase.created_at, ascending=False)
    query = query.order_by(HonourCase.id, ascending=False).limit(PAGE + 1)
    if codes is not None:
        query = query.where(HonourCase.authority.is_in(sorted(codes) or [""]))
    for name in ("family", "tier", "city", "state"):
        if value := getattr(wanted, name):
            query = query.where(getattr(HonourCase, name) == value)
    if wanted.year:
        query = query.where(HonourCase.year == wanted.year)
    if place := _place(wanted.after):
        at, id = place
        query = query.where(
            (HonourCase.created_at < at) | ((HonourCase.created_at == at) & (HonourCase.id < id))
        )
    rows = await query
    shown_rows = rows[:PAGE]
    last = shown_rows[-1] if len(rows) > PAGE else None
    following = f"{last['created_at'].isoformat()}~{last['id']}" if last else ""
    return await _listed(shown_rows), following


async def years_for(by: Actor) -> list[int]:
    codes = await codes_for(by, READS)
    query = HonourCase.select(HonourCase.year).distinct()
    if codes is not None:
        query = query.where(HonourCase.authority.is_in(sorted(codes) or [""]))
    return sorted({row["year"] for row in await query}, reverse=True)


async def honour_page(by: Actor, case: UUID) -> HonourPage:
    """Raises NotFound."""
    row, scopes = await cases.case_for(by, case)
    (one,) = await _listed([row])
    proposal = None
    if row["proposal"]:
        proposal = await Proposal.select().where(Proposal.id == row["proposal"]).first()
    return HonourPage(
        row=row,
        title=one.title,
        holder=one.holder,
        authority_title=json.loads(row["authority_title"] or "{}"),
        history=await history_of(row),
        objections=await objections_to(case, row["wrapped_key"]),
        certificate=await _certificate(row),
        clause=json.loads(proposal["clause"] or "{}") if proposal else {},
        source=proposal["source"] if proposal else "",
        contest=proposal["contest"] if proposal else "",
        applications=await _applications(row["proposal"]),
        may_act=by.may(ACTS, *scopes),
        files=await keeping.files_of(row),
    )


async def authority_scopes(case: UUID) -> Sequence[Any]:
    row = await HonourCase.select(HonourCase.authority).where(HonourCase.id == case).first()
    return await issuer_scopes(row["authority"]) if row else []


async def _listed(rows: Iterable[Mapping[str, Any]]) -> list[Listed]:
    kept = list(rows)
    names = await names_of({row["person"] for row in kept if row["person"]})
    studios = await names_of_studios(row["studio"] for row in kept if row["studio"])
    return [Listed(row, json.loads(row["title"]), _holder(row, names, studios)) for row in kept]


def _holder(row: Mapping[str, Any], names: Mapping[UUID, str], studios: Mapping[UUID, str]) -> str:
    if row["person"]:
        return names.get(row["person"], "")
    if row["studio"]:
        return studios.get(row["studio"], "")
    return collective.holder_of(row)


async def _certificate(row: Mapping[str, Any]) -> tuple[str, str] | None:
    if row["honour"] is None:
        own = await collective.certificate_of(row)
        return (own["public_id"], own["state"]) if own else None
    honour = await Honour.select(Honour.certificate).where(Honour.id == row["honour"]).first()
    if honour is None or honour["certificate"] is None:
        return None
    one = (
        await Certificate.select(Certificate.public_id, Certificate.state)
        .where(Certificate.id == honour["certificate"])
        .first()
    )
    return (one["public_id"], one["state"]) if one else None


async def _applications(proposal: UUID | None) -> list[tuple[UUID, str]]:
    if proposal is None:
        return []
    rows = await Application.select(Application.id, Application.state).where(
        Application.proposal == proposal
    )
    return [(row["id"], row["state"]) for row in rows]


def _place(text: str) -> tuple[datetime, UUID] | None:
    at, _, id = text.partition("~")
    try:
        return datetime.fromisoformat(at), UUID(id)
    except ValueError:
        return None
