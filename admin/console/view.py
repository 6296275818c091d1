"""What the organiser's pages show, read once for each request."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from admin.console.history import Happening, happenings
from admin.console.picture import Bar, bars
from admin.console.steps import APPROVALS, PERMISSIONS, STEPS, Step
from contests.actions.common import competition_row, scopes_of
from contests.breakdown import Place, places
from contests.log import read
from contests.preparing import SIGNING_ROLES
from contests.queries import (
    ApprovalView,
    Grid,
    Overview,
    StandingsView,
    approvals,
    contest_overview,
    sheet_grid,
    standings,
    team_standings,
)
from contests.replay import Replayed, replay
from contests.tables import Competition, Contest, Delegation
from core.errors import ContestTypeMissing
from core.registry import registry
from core.scoring.model import Finding, TeamStanding, Text
from core.scoring.numbers import decimal_text, rounded_text
from core.security import INSTALLATION, Actor, Scope
from core.tables import Account
from credentials.queries import certificate_page

STATES = ("draft", "ready", "judging", "closed", "signed", "published", "final")
_HISTORY = 14
_CERTIFICATES = 500


@dataclass(frozen=True, slots=True)
class ContestCard:
    """A contest in the list."""

    id: UUID
    title: Text
    state: str
    step: Step
    unmet: int


@dataclass(frozen=True, slots=True)
class CompetitionCard:
    id: UUID
    title: Text
    held_from: str
    held_to: str
    place: str
    demonstration: bool
    contests: Sequence[ContestCard]


@dataclass(frozen=True, slots=True)
class Seat:
    """How far one judge is."""

    seat: str
    signed: int
    owed: int


@dataclass(frozen=True, slots=True)
class Ranked:
    """A place with what this reader may know of whose it is."""

    place: Place
    who: str
    codes: str
    delegation: Text
    prizes: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class PrizeCount:
    prize: Text
    group: Text
    base: int
    asked: str
    proposed: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """A two-person step that somebody asked for. may: this account can decide it."""

    id: str
    sentence: str
    params: Mapping[str, Any]
    by: str
    at: datetime
    may: bool
    own: bool


@dataclass(frozen=True, slots=True)
class Signed:
    """One of the four signatures; by "" = not given yet."""

    role: str
    by: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class Team:
    standing: TeamStanding
    title: Text
    total: str
    prize: Text


@dataclass(frozen=True, slots=True)
class ContestPage:
    about: Overview
    competition: Mapping[str, Any]
    competition_title: Text
    type_title: Text
    verb: str
    step: Step
    module: str
    may_step: bool
    grid: Grid
    seats: Sequence[Seat]
    waiting: Sequence[Waiting]
    signatures: Sequence[Signed]
    history: Sequence[Happening]
    length: int
    groups: Sequence[tuple[Text, Sequence[Ranked]]] = ()
    version: int = 0
    reason: str = ""
    counts: Sequence[PrizeCount] = ()
    picture: Sequence[Bar] = ()
    teams: Sequence[Team] = ()
    certificates: Sequence[Mapping[str, Any]] = field(default=())

    @property
    def state(self) -> str:
        return str(self.about.row["state"])

    @property
    def unmet(self) -> Sequence[Finding]:
        return self.about.unmet


async def competition_cards(by: Actor) -> list[CompetitionCard]:
    """Everything that the account may see, the newest competition first."""
    held = await Competition.select().order_by(Competition.held_from, ascending=False)
    contests = await Contest.select().order_by(Contest.code)
    cards = []
    for row in held:
        own = [c for c in contests if c["competition"] == row["id"] and _sees(by, row, c)]
        if own or _sees(by, row):
            cards.append(
                CompetitionCard(
                    id=row["id"],
                    title=json.loads(row["title"]),
                    held_from=row["held_from"],
                    held_to=row["held_to"],
                    place=row["place"],
                    demonstration=row["demonstration"],
                    contests=[await _card(contest) for contest in own],
                )
            )
    return cards


def _sees(
    by: Actor, competition: Mapping[str, Any], contest: Mapping[str, Any] | None = None
) -> bool:
    scopes = [
        INSTALLATION,
        Scope("organisation", str(competition["organisation"])),
        Scope("competition", str(competition["id"])),
    ]
    if contest is not None:
        scopes.append(Scope("contest", str(contest["id"])))
    return by.may("contest.read", *scopes)


async def _card(contest: Mapping[str, Any]) -> ContestCard:
    about = await contest_overview(contest["id"])
    return ContestCard(
        id=contest["id"],
        title=about.title,
        state=contest["state"],
        step=STEPS.get(about.next_step, STEPS[""]),
        unmet=len(about.unmet),
    )


async def contest_page(contest: UUID, by: Actor) -> ContestPage:
    """Raises NotFound. Standings, names and certificates only as far as the account may."""
    about = await contest_overview(contest)
    competition = await competition_row(about.row["competition"])
    lines = await read(contest)
    known = replay(lines)
    scopes = await scopes_of(contest)
    seats = {appointed.id: appointed.seat for appointed in known.appointments.values()}
    grid = await sheet_grid(contest)
    pending = await approvals(contest)
    shown: dict[str, Any] = {}
    if by.may("contest.read_standings", *scopes) and about.row["result_version"]:
        view = await standings(contest, by=by)
        shown = await _results(view, about, by)
    if by.may("certificate.read", *scopes):
        shown["certificates"] = await certificate_page(
            str(contest), issuer="", limit=_CERTIFICATES, after=""
        )
    step = STEPS.get(about.next_step, STEPS[""])
    return ContestPage(
        about=about,
        competition=competition,
        competition_title=json.loads(competition["title"]),
        type_title=_type_title(about),
        verb=about.next_step,
        step=step,
        module=_module(about),
        may_step=by.may(step.permission, *scopes) and not _asked(about, pending),
        grid=grid,
        seats=_seats(grid),
        waiting=[await _waiting(one, by, scopes) for one in pending],
        signatures=await _signatures(known, about.row["result_version"]),
        history=happenings(lines, seats, latest=_HISTORY),
        length=len(lines),
        **shown,
    )


def _type_title(about: Overview) -> Text:
    try:
        return registry().contest_type(about.row["type_code"], about.row["type_version"]).title
    except ContestTypeMissing:
        return {"en": about.row["type_code"]}


def _module(about: Overview) -> str:
    return next((f.params["module"] for f in about.unmet if f.code == "module-not-drawn"), "")


def _asked(about: Overview, pending: Sequence[ApprovalView]) -> bool:
    """Whether somebody has asked for this very step already."""
    return any(
        one.verb == about.next_step and one.body.get("module", "") in ("", _module(about))
        for one in pending
    )


def _seats(grid: Grid) -> list[Seat]:
    counted: dict[str, list[int]] = {}
    for cell in grid.cells:
        if cell.round == 1 and cell.attempt == 1:
            seat = counted.setdefault(cell.seat, [0, 0])
            seat[0] += cell.state != "missing"
            seat[1] += 1
    return [Seat(seat, signed, owed) for seat, (signed, owed) in sorted(counted.items())]


async def _waiting(one: ApprovalView, by: Actor, scopes: Sequence[Scope]) -> Waiting:
    own = one.requested_by == str(by.account)
    return Waiting(
        id=one.id,
        sentence=APPROVALS.get(one.verb, one.verb),
        params=dict(one.body),
        by=(await _labels([one.requested_by])).get(one.requested_by, ""),
        at=one.requested_at,
        may=not own and by.may(PERMISSIONS.get(one.verb, "contest.configure"), *scopes),
        own=own,
    )


async def _signatures(known: Replayed, version: int) -> list[Signed]:
    given = {s.role: s for s in known.signatures if s.version == version}
    labels = await _labels([signature.account for signature in given.values()])
    return [
        Signed(role, labels.get(given[role].account, ""), given[role].at)
        if role in given
        else Signed(role)
        for role in SIGNING_ROLES
    ]


async def _labels(accounts: Sequence[str]) -> dict[str, str]:
    wanted = [UUID(account) for account in accounts if account]
    if not wanted:
        return {}
    rows = await Account.select(Account.id, Account.label, Account.login).where(
        Account.id.is_in(wanted)
    )
    return {str(row["id"]): row["label"] or row["login"] for row in rows}


async def _results(view: StandingsView, about: Overview, by: Actor) -> dict[str, Any]:
    competition = about.row["competition"]
    delegations = await _delegations(competition)
    titles = {(r.code, p.code): p.title for r in view.rules.awards for p in r.prizes}
    groups: dict[str, list[Ranked]] = {}
    for place in places(view.scheme, view.rules, view.results, prizes=view.prizes):
        groups.setdefault(place.group, []).append(_ranked(place, view, delegations, titles))
    named = view.rules.group_titles
    return {
        "groups": [(named.get(group, {"en": group}), ranked) for group, ranked in groups.items()],
        "version": view.version,
        "reason": view.reason,
        "counts": [
            PrizeCount(
                titles.get((count.rule, count.prize), {"en": count.prize}),
                named.get(count.group, {"en": count.group}),
                count.base,
                decimal_text(count.asked),
                count.proposed,
            )
            for count in view.results.counts
        ],
        "picture": bars([s.total for s in view.results.standings if s.total is not None]),
        "teams": await _teams(competition, delegations),
    }


def _ranked(
    place: Place,
    view: StandingsView,
    delegations: Mapping[str, Text],
    titles: Mapping[tuple[str, str], Text],
) -> Ranked:
    names = view.names.get(place.entry, ()) if view.names else ()
    return Ranked(
        place=place,
        who="、".join(name for name in names if name),
        codes=" · ".join(dict.fromkeys(view.codes.get(place.entry, {}).values())),
        delegation=delegations.get(view.delegations.get(place.entry, ""), {}),
        prizes=tuple(titles[won] for won in place.prizes if won in titles),
    )


async def _teams(competition: UUID, delegations: Mapping[str, Text]) -> list[Team]:
    computed, body = await team_standings(competition)
    prizes = {p["code"]: p["title"] for p in body.get("rule", {}).get("prizes", ())}
    return [
        Team(
            standing,
            delegations.get(standing.delegation, {"en": standing.delegation}),
            "" if standing.total is None else rounded_text(standing.total, 2),
            prizes.get(standing.prize, {}),
        )
        for standing in computed
    ]


async def _delegations(competition: UUID) -> dict[str, Text]:
    """Titles by code and by id."""
    rows = await Delegation.select().where(Delegation.competition == competition)
    titles = {row["code"]: json.loads(row["title"]) for row in rows}
    return titles | {str(row["id"]): json.loads(row["title"]) for row in rows}
