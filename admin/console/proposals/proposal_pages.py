"""What is proposed from a contest's results, clause by clause, and decided by whoever may; what holders
agreed that a body gets which signs on its own machine."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from litestar import Response, get, post

from admin.console.frame import Form, Req, see_other, show
from admin.console.proposals.words import FIELDS, STANDING
from contests.actions.common import scopes_of
from contests.exports.reading import codes_by_entry, facts
from contests.result_facts import newest_facts
from contests.routing import of_contest
from core.errors import JiangxinError, NotFound
from core.events import ResultFacts
from core.partner import RuleVerdict
from core.privacy import names_of
from core.scoring.model import Text
from core.security import Actor, Scope, actor_in, requires
from core.tables import Organisation
from credentials.partners.actions import consent, withdraw_consent
from credentials.partners.fields import NAME
from credentials.records.actions import grant_proposal, refuse_proposal
from credentials.records.explaining import Explanation, explanation_of, verdicts_now
from credentials.records.proposals import certificate_of
from credentials.records.recognised import shows
from credentials.records.standing import Standing, standings
from credentials.records.tables import Proposal
from credentials.scopes import issuer_scopes

ROOM = "/console/contests/{contest:uuid}/proposals"
READS = [requires("proposal.read", of_contest)]
MOST = 200
"""Proposals of a page; more are reached by "after"."""
BESIDES = ("number", "scores", "evidence")
"""What a holder may let a body have beside the name, where its certificate shows it."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A proposal as the page shows it. who: the name, or the code for a reader who may not know."""

    id: UUID
    who: str
    kind: str
    state: str
    reason: str
    granted_on: str
    may_decide: bool
    about: Explanation
    grade: str
    standing: Standing | None
    may_consent: bool

    @property
    def besides(self) -> Sequence[str]:
        return [one for one in BESIDES if shows(self.about.output, one)]


@dataclass(frozen=True, slots=True)
class Passed:
    """An entrant for whom a rule was asked and did not hold: the first check that failed is told."""

    who: str
    rank: int | None
    verdicts: Sequence[RuleVerdict]


@get(ROOM, guards=READS, include_in_schema=False)
async def proposals_page(request: Req, contest: UUID) -> Response[bytes]:
    return await _page(request, contest)


@get(f"{ROOM}/others", guards=READS, include_in_schema=False)
async def others_page(request: Req, contest: UUID) -> Response[bytes]:
    """Who was not proposed for what, and by which clause."""
    by, scopes = actor_in(request), await scopes_of(contest)
    found = list((await newest_facts(contest)).values())
    names = await _names(by, scopes, [UUID(p) for one in found for p in one.persons])
    codes = await _codes(contest)
    verdicts = await verdicts_now(found)
    passed = [_passed(*each, names, codes) for each in zip(found, verdicts, strict=True)]
    passed.sort(key=lambda one: (one.rank is None, one.rank or 0, one.who))
    return await show(
        request, "proposals/others.html", room="proposals", contest=contest, passed=passed
    )


@post(f"{ROOM}/{{proposal:uuid}}/grant", guards=READS, include_in_schema=False)
async def grant(request: Req, contest: UUID, proposal: UUID, data: Form) -> Response[Any]:
    """The issuer's own grants decide who may."""
    try:
        await _of_this(contest, proposal)
        await grant_proposal(
            actor_in(request),
            proposal,
            number=data.get("number", "").strip().upper(),
            level=data.get("level", "").strip(),
            granted_on=data.get("granted_on", "").strip(),
        )
    except JiangxinError as error:
        return await _page(request, contest, error, proposal, data)
    return see_other(_at(contest), "Granted. The certificate follows by itself.")


@post(f"{ROOM}/{{proposal:uuid}}/refuse", guards=READS, include_in_schema=False)
async def refuse(request: Req, contest: UUID, proposal: UUID, data: Form) -> Response[Any]:
    try:
        await _of_this(contest, proposal)
        await refuse_proposal(actor_in(request), proposal, reason=data.get("reason", "").strip())
    except JiangxinError as error:
        return await _page(request, contest, error, proposal, data)
    return see_other(_at(contest), "Refused, with the reason on record.")


@post(f"{ROOM}/{{proposal:uuid}}/consent", guards=READS, include_in_schema=False)
async def agree(request: Req, contest: UUID, proposal: UUID, data: Form) -> Response[Any]:
    """What the holder agreed to outside, on a form say. The issuer's own grants decide who may."""
    fields = [NAME, *(field for field in BESIDES if f"field.{field}" in data)]
    try:
        row = await _of_this(contest, proposal)
        source = data.get("source", "").strip()
        await consent(actor_in(request), certificate_of(row), fields, source=source)
    except JiangxinError as error:
        return await _page(request, contest, error, proposal, data)
    return see_other(_at(contest), "The consent is on record. The certificate leaves with the next batch.")  # fmt: skip


@post(f"{ROOM}/{{proposal:uuid}}/consent/back", guards=READS, include_in_schema=False)
async def take_back(request: Req, contest: UUID, proposal: UUID) -> Response[Any]:
    try:
        row = await _of_this(contest, proposal)
        await withdraw_consent(actor_in(request), certificate_of(row))
    except JiangxinError as error:
        return await _page(request, contest, error, proposal)
    return see_other(_at(contest), "The consent was taken back. The certificate stays here.")


async def _of_this(contest: UUID, proposal: UUID) -> dict[str, Any]:
    row = (
        await Proposal.select()
        .where(Proposal.id == proposal, Proposal.contest == str(contest))
        .first()
    )
    if row is None:
        raise NotFound(kind="proposal", id=proposal)
    return dict(row)


async def _page(
    request: Req,
    contest: UUID,
    error: JiangxinError | None = None,
    touched: UUID | None = None,
    data: Mapping[str, str] | None = None,
) -> Response[bytes]:
    by, scopes = actor_in(request), await scopes_of(contest)
    query = Proposal.select().where(Proposal.contest == str(contest)).order_by(Proposal.id)
    if after := _uuid(request.query_params.get("after", "")):
        query = query.where(Proposal.id > after)
    rows = await query.limit(MOST + 1)
    names = await _names(by, scopes, [row["person"] for row in rows])
    codes = await _codes(contest)
    certificates = await standings(rows[:MOST])
    bodies = await _bodies({row[one] for row in rows for one in ("issuer", "authority")})
    issuers = {row["issuer"] for row in rows}
    may = {issuer: await _may(by, "proposal.grant", issuer) for issuer in issuers}
    consents = {issuer: await _may(by, "certificate.issue", issuer) for issuer in issuers}
    shown = [
        Shown(
            id=row["id"],
            who=names.get(row["person"]) or codes.get(row["entry"], "—"),
            kind=row["kind"],
            state=row["state"],
            reason=row["reason"],
            granted_on=row["granted_on"],
            may_decide=may[row["issuer"]] and row["state"] == "proposed",
            about=_called(explanation_of(row), row["issuer"], bodies),
            grade=row["grade"],
            standing=certificates.get(row["id"]),
            may_consent=consents[row["issuer"]],
        )
        for row in rows[:MOST]
    ]
    return await show(
        request,
        "proposals/proposals.html",
        room="proposals",
        contest=contest,
        error=error,
        shown=sorted(shown, key=lambda one: (one.who, one.kind)),
        more=rows[MOST - 1]["id"] if len(rows) > MOST else None,
        touched=touched,
        typed=data or {},
        waits=STANDING,
        fields=FIELDS,
        signers=by.may_somewhere("issuer.manage"),
        final=bool(await newest_facts(contest)) if not rows else True,
    )


async def _bodies(codes: Collection[str]) -> dict[str, Text]:
    """Those that are organisations here, by their code."""
    rows = await Organisation.select(Organisation.code, Organisation.title).where(
        Organisation.code.is_in([*codes, ""])
    )
    return {row["code"]: json.loads(row["title"]) for row in rows}


def _called(about: Explanation, issuer: str, bodies: Mapping[str, Text]) -> Explanation:
    """Whoever decides goes by the name that it has here, if it is an organisation here."""
    title = bodies.get(issuer) or bodies.get(about.authority) or about.authority_title
    return replace(about, authority_title=title)


async def _may(by: Actor, permission: str, issuer: str) -> bool:
    return by.may(permission, *await issuer_scopes(issuer))


async def _names(by: Actor, scopes: Sequence[Scope], persons: Sequence[UUID]) -> dict[UUID, str]:
    return dict(await names_of(set(persons))) if by.may("person.read", *scopes) else {}


async def _codes(contest: UUID) -> dict[str, str]:
    """Entry -> a code of it, for readers who may not know names."""
    found = codes_by_entry(await facts(contest))
    return {entry: next(iter(codes.values()), "—") for entry, codes in found.items()}


def _passed(
    one: ResultFacts,
    verdicts: Sequence[RuleVerdict],
    names: Mapping[UUID, str],
    codes: Mapping[str, str],
) -> Passed:
    held_against = [v for v in verdicts if not v.proposes and not v.covered_by]
    who = "、".join(names.get(UUID(p), "") for p in one.persons) if names else ""
    return Passed(who or codes.get(one.entry, "—"), one.rank, held_against)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _at(contest: UUID) -> str:
    return f"/console/contests/{contest}/proposals"


HANDLERS = [proposals_page, others_page, grant, refuse, agree, take_back]
