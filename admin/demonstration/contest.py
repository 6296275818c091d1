"""One contest of the demonstration, from set-up to final result, by the same actions as the API."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from itertools import count
from random import Random
from typing import Any
from uuid import UUID

import httpx

from admin.demonstration import facts
from admin.demonstration.facts import Delegation, Meeting, Trade
from admin.demonstration.instruments import readings
from admin.demonstration.people import Crowd
from admin.demonstration.progress import Step
from admin.demonstration.staff import Judge, Staff, account
from admin.demonstration.work import Performance, Seat, Stage
from contests.actions import closing, draw, people, running, setup, sheets
from contests.duties import duties
from contests.identity.sealing import codes_of
from contests.judging.panel import read_panel
from contests.tables import Contest
from core import accounts
from core.contest_type import ContestType
from core.options import read_options
from core.registry import registry
from core.scoring.model import Rules, Scheme
from core.security import Actor, Role

BATCH = 25
GAP = 0.028
"""Shares of the full marks between two of the places that are published."""
BEST = 0.95


@dataclass
class Played:
    """What a contest amounted to."""

    contest: UUID
    trade: Trade
    entrants: int
    sheets: int = 0
    marks: int = 0
    judges: list[Judge] = field(default_factory=list)


class ContestPlay:
    """Plays one trade. `staff` holds the roles, `crowd` invents the entrants."""

    def __init__(
        self, meeting: Meeting, trade: Trade, staff: Staff, crowd: Crowd, client: httpx.AsyncClient
    ) -> None:
        self._meeting, self._trade, self._staff = meeting, trade, staff
        self._crowd, self._client = crowd, client
        self._random = Random(trade.code)  # noqa: S311  who is good is invented
        self._seeds = count(1)

    async def prepare(self, competition: UUID, delegations: dict[str, UUID]) -> Played:
        """Draft → ready: options, entrants, appointments, the draw."""
        organiser = await self._staff.actor(Role.ORGANISER)
        contest = await self._create(organiser, competition)
        await self._open_roles(contest)
        places = self._field()
        drafts = [self._draft(delegation, delegations) for delegation in places]
        entries = await people.register_entrants(organiser, contest, drafts)
        self._aims = dict(zip(map(str, entries), self._levels(len(entries)), strict=True))
        played = Played(contest, self._trade, len(entries))
        played.judges = await self._appoint(contest)
        await setup.make_ready(organiser, contest)
        await self._draw(contest)
        await running.start_judging(await self._staff.actor(Role.CHIEF_REFEREE), contest)
        return played

    async def sheets_each(self, played: Played) -> int:
        """How many sheets one entry gets: a judge marks a module on one sheet."""
        panel = await read_panel(played.contest)
        return sum(
            bool(duties(module, panel.appointments[judge.appointment]))
            for module in panel.frozen.scheme.modules
            for judge in played.judges
        )

    async def judge(self, played: Played, step: Step) -> None:
        """Every sheet as a signed revision over HTTP, every clock by the clerk."""
        panel = await read_panel(played.contest)
        stage = self._stage(panel.frozen.scheme, panel.frozen.rules, played, panel)
        codes = await codes_of(played.contest)
        chief = await self._staff.actor(Role.CHIEF_REFEREE)
        done = await self._perform(stage, panel.frozen.scheme)
        waiting: dict[str, list[str]] = {judge.appointment: [] for judge in played.judges}
        for entry, performance in done.items():
            for module, seconds in performance.seconds.items():
                code = _code_of(codes, module, entry)
                await running.record_timing(
                    chief, played.contest, module=module, code=code, gross=seconds
                )
            for judge in played.judges:
                sheets = self._sheets_of(
                    judge, entry, performance, codes, panel.frozen.rules_hash, played
                )
                waiting[judge.appointment] += sheets
                if len(waiting[judge.appointment]) >= BATCH:
                    await self._send(judge, waiting, step)
        for judge in played.judges:
            await self._send(judge, waiting, step)

    async def finish(self, played: Played) -> None:
        """Codes opened, closed, signed by four, published, final."""
        chief = await self._staff.actor(Role.CHIEF_REFEREE)
        supervisor = await self._staff.actor(Role.SUPERVISOR)
        organiser = await self._staff.actor(Role.ORGANISER)
        await sheets.end_judging(chief, played.contest)
        await draw.open_codes(chief, supervisor, played.contest)
        await closing.close_contest(chief, played.contest)
        await closing.confirm_awards(chief, played.contest)
        for signer in await self._signers(played):
            await closing.sign_contest(signer, played.contest)
        await closing.publish_contest(organiser, played.contest)
        await closing.finalise_contest(organiser, played.contest)

    # --- preparing ----------------------------------------------------------------------------

    async def _create(self, organiser: Actor, competition: UUID) -> UUID:
        return await setup.create_contest(
            organiser,
            competition=competition,
            code=self._trade.code,
            title=self._trade.title,
            type_code=self._trade.type_code,
            options=self._answers(),
            facts={
                "occupation": self._trade.occupation,
                "contest_class": self._trade.contest_class,
                "held_on": self._trade.held_on,
                "standard_level": self._trade.level,
                "organiser": self._meeting.organiser,
                "outputs": self._outputs(),
            },
        )

    def _answers(self) -> dict[str, Any]:
        """The organiser's answers: a template's, and no waiting between publication and final."""
        contest_type = registry().contest_type(self._trade.type_code)
        templates = {template.code: template.options for template in contest_type.templates}
        start = templates[self._trade.template] if self._trade.template else {}
        return {**start, "notice_days": 0, "appeal_minutes": 0}

    def _outputs(self) -> list[dict[str, Any]]:
        """A level for every prize, a title for the first: both only proposed."""
        return [
            {
                "kind": "level",
                "code": f"level:{self._trade.level}",
                "grade": self._trade.level,
                "title": facts.LEVEL_TITLES[self._trade.level],
                "issuer": facts.ASSESSMENT_BODY,
                "prizes": ["first", "second", "third"],
            },
            {
                "kind": "honour",
                "code": "technical_expert",
                "grade": "demonstration",
                "title": facts.EXPERT_TITLE,
                "issuer": facts.AUTHORITY,
                "prizes": ["first"],
            },
        ]

    async def _open_roles(self, contest: UUID) -> None:
        organiser = await self._staff.actor(Role.ORGANISER)
        for role in (Role.CHIEF_REFEREE, Role.GROUP_LEADER, Role.ENCRYPTION_OFFICER,
                     Role.SUPERVISOR, Role.ARBITRATION, Role.CLERK):  # fmt: skip
            await people.appoint(organiser, contest, self._staff.accounts[role], role.value)

    def _field(self) -> list[Delegation]:
        """Delegations of the entrants, best first: the published places, then the rest by lot."""
        by_code = {d.code: d for d in self._meeting.delegations}
        each = (self._trade.entrants - len(self._trade.extra)) // len(by_code)
        everybody = [*by_code] * each + [*self._trade.extra]
        for winner in self._trade.places:
            everybody.remove(winner)
        self._random.shuffle(everybody)
        return [by_code[code] for code in (*self._trade.places, *everybody)]

    def _draft(self, delegation: Delegation, delegations: dict[str, UUID]) -> people.EntrantDraft:
        person = self._crowd.person(delegation)
        member = people.MemberDraft(
            name=person.name,
            facts={"romanised": person.romanised, "employer": person.employer},
            documents=[(person.document_kind, person.document_number)],
        )
        return people.EntrantDraft(members=[member], delegation=delegations[delegation.code])

    def _levels(self, entrants: int) -> list[float]:
        """Aims as shares of the full marks, falling: clear steps for the prizes, close below."""
        prizes = [BEST - GAP * place for place in range(len(self._trade.places))]
        rest = sorted(
            (self._random.uniform(0.52, prizes[-1] - GAP) for _ in range(entrants - len(prizes))),
            reverse=True,
        )
        return [*prizes, *rest]

    async def _appoint(self, contest: UUID) -> list[Judge]:
        """As many judges a panel as its aspects ask for."""
        scheme, _ = await self._drafted(contest)
        wanted: dict[tuple[str, str], int] = {}
        for module in scheme.modules:
            for criterion in module.criteria:
                for sub in criterion.sub_criteria:
                    for aspect in sub.aspects:
                        key = (aspect.panel, sub.group)
                        wanted[key] = max(wanted.get(key, 1), aspect.judges)
        judges: list[Judge] = []
        organiser = await self._staff.actor(Role.ORGANISER)
        for (panel, group), number in wanted.items():
            for place in range(1, number + 1):
                seat = f"{group or panel[:1].upper()}{place}" if group else f"J{place}"
                who = await self._judge_account(place if not judges else len(judges) + 1, seat)
                appointment = await people.appoint(
                    organiser, contest, who, Role.JUDGE.value, panel=panel, group=group, seat=seat
                )
                token = await accounts.create_session(who, "api")
                judges.append(Judge(who, str(appointment), panel, token))
        for judge in judges:
            await judge.enrol(self._client, f"平板 {len(judges):02d}")
        return judges

    async def _judge_account(self, number: int, seat: str) -> UUID:
        """The first judge of a contest is the one whose log-in link is printed."""
        if number == 1:
            return self._staff.accounts[Role.JUDGE]
        code = self._trade.code.lower()
        return await account(f"{code}-judge-{number}", f"裁判员 {seat}")

    async def _drafted(self, contest: UUID) -> tuple[Scheme, Rules]:
        row = await Contest.select(Contest.options).where(Contest.id == contest).first()
        assert row is not None
        self._type: ContestType = registry().contest_type(self._trade.type_code)
        self._options, findings = read_options(self._type, self._answers())
        assert not findings, findings
        return self._type.scheme(self._options), self._type.rules(self._options)

    async def _draw(self, contest: UUID) -> None:
        officer = await self._staff.actor(Role.ENCRYPTION_OFFICER)
        supervisor = await self._staff.actor(Role.SUPERVISOR)
        scheme, _ = await self._drafted(contest)
        for module in scheme.modules:
            await draw.draw_codes(officer, supervisor, contest, module.id)

    # --- judging ------------------------------------------------------------------------------

    def _stage(self, scheme: Scheme, rules: Rules, played: Played, panel: Any) -> Stage:
        seats = [
            Seat(
                judge.appointment,
                judge.panel,
                {
                    module.id: duties(module, panel.appointments[judge.appointment])
                    for module in scheme.modules
                },
            )
            for judge in played.judges
        ]
        return Stage(
            scheme, rules, registry().calculators(), seats, seed=sum(map(ord, self._trade.code))
        )

    async def _perform(self, stage: Stage, scheme: Scheme) -> dict[str, Performance]:
        done: dict[str, Performance] = {}
        tolerance = Fraction(GAP).limit_denominator(1000) * 100 * Fraction(2, 5)
        for entry, aim in self._aims.items():
            given = await readings(self._type, self._options, scheme, aim, next(self._seeds))
            done[entry] = stage.perform(aim, tolerance, given)
        return done

    def _sheets_of(
        self,
        judge: Judge,
        entry: str,
        performance: Performance,
        codes: dict[str, dict[str, str]],
        rules_hash: str,
        played: Played,
    ) -> list[str]:
        """What one judge signs for one entry, a revision a module."""
        signed = []
        for (module, appointment), marks in performance.sheets.items():
            if appointment != judge.appointment:
                continue
            played.sheets += 1
            played.marks += len(marks)
            signed.append(
                judge.device.sign_sheet(
                    contest=str(played.contest),
                    module=module,
                    code=_code_of(codes, module, entry),
                    judge=appointment,
                    marks=marks,
                    rules=rules_hash,
                )
            )
        return signed

    async def _send(self, judge: Judge, waiting: dict[str, list[str]], step: Step) -> None:
        revisions, waiting[judge.appointment] = waiting[judge.appointment], []
        if not revisions:
            return
        answer = await self._client.post(
            "/api/v1/judging/revisions", json={"revisions": revisions}, headers=judge.headers
        )
        answer.raise_for_status()
        for item in answer.json()["answers"]:
            if item["answer"] != "accepted" or item["findings"]:
                raise RuntimeError(f"a sheet of the demonstration was not accepted: {item}")
        step.advance(len(revisions))

    # --- finishing ----------------------------------------------------------------------------

    async def _signers(self, played: Played) -> list[Actor]:
        roles = (Role.JUDGE, Role.GROUP_LEADER, Role.CHIEF_REFEREE, Role.SUPERVISOR)
        return [await self._staff.actor(role) for role in roles]


def _code_of(codes: dict[str, dict[str, str]], module: str, entry: str) -> str:
    return next(code for code, drawn in codes[module].items() if drawn == entry)
