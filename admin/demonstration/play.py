"""The whole demonstration: organisations, contests, certificates, and every QR picture read back."""

from __future__ import annotations

import asyncio
import io
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

import httpx

from admin.demonstration import facts
from admin.demonstration.contest import ContestPlay, Played
from admin.demonstration.facts import MEETINGS, Meeting
from admin.demonstration.people import Crowd
from admin.demonstration.progress import Report, Step
from admin.demonstration.staff import Staff
from admin.demonstration.tryout import Tryout, open_tryout
from contests.actions import competition as competitions
from contests.actions import people, setup
from core import outbox
from core.accounts import login_link
from core.organisations import create_organisation
from core.scoring.model import Milli, Prize, TeamFormula, TeamRule
from core.security import SYSTEM, Role, Scope
from credentials.actions import create_issuer
from credentials.queries import certificates_of
from credentials.records.actions import grant_proposal
from credentials.records.notices import today_in_china
from credentials.records.queries import proposal_page

DELIVERY_SECONDS = 120


@dataclass
class Outcome:
    """What `--json` prints."""

    contests: int = 0
    entrants: int = 0
    sheets: int = 0
    marks: int = 0
    certificates: int = 0
    verified: int = 0
    seconds: float = 0.0
    jwks: dict[str, Any] = field(default_factory=dict)
    samples: list[dict[str, str]] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)
    tryout: Tryout | None = None
    kinds: Counter[str] = field(default_factory=Counter)


class Demonstration:
    """Plays on the process's own, open database; `client` reaches its server over HTTP."""

    def __init__(self, client: httpx.AsyncClient, report: Report) -> None:
        self._client, self._report = client, report
        self._staff, self._crowd = Staff(), Crowd(seed=20241010)
        self._outcome = Outcome()
        self._played: list[tuple[Meeting, Played]] = []
        self._plays: dict[UUID, ContestPlay] = {}
        self._organisers: dict[str, UUID] = {}
        self._competitions: dict[str, UUID] = {}

    async def run(self) -> Outcome:
        started = time.monotonic()
        await self._found()
        for meeting in MEETINGS:
            await self._prepare(meeting)
        await self._judge()
        await self._finish()
        await self._certify()
        await self._verify()
        await self._open_tryout()
        self._outcome.seconds = round(time.monotonic() - started, 1)
        self._outcome.jwks = (await self._get("/.well-known/jwks.json")).json()
        self._outcome.links = await self._links()
        return self._outcome

    # --- set-up -------------------------------------------------------------------------------

    async def _found(self) -> None:
        await self._staff.hire()
        for meeting in MEETINGS:
            self._organisers[meeting.organiser] = await self._organisation(
                meeting.organiser, meeting.organiser_title, "organiser"
            )
        filing = {
            "number": "DEMONSTRATION",
            "authority": "DEMONSTRATION",
            "occupations": sorted({trade.occupation for m in MEETINGS for trade in m.trades}),
            "levels": ["3"],
            "valid_from": "2019-01-01",
            "valid_until": "2099-12-31",
        }
        await self._organisation(
            facts.ASSESSMENT_BODY, facts.ASSESSMENT_BODY_TITLE, "assessment_body", filing
        )
        await self._organisation(facts.AUTHORITY, facts.AUTHORITY_TITLE, "authority")

    async def _organisation(
        self, code: str, title: facts.Text, kind: str, filing: dict[str, Any] | None = None
    ) -> UUID:
        organisation = await create_organisation(
            SYSTEM, code=code, title=title, kind=kind, filing=filing, demonstration=True
        )
        await self._staff.grant(Role.ORGANISER, Scope("organisation", str(organisation)))
        await self._staff.grant(Role.ORGANISER, Scope("issuer", code))
        await create_issuer(await self._staff.actor(Role.ORGANISER), code)
        return organisation

    async def _prepare(self, meeting: Meeting) -> None:
        step = self._report.step(f"{meeting.title['zh-Hans']} 筹备", len(meeting.trades))
        organiser = await self._staff.actor(Role.ORGANISER)
        competition = await setup.create_competition(
            organiser,
            organisation=self._organisers[meeting.organiser],
            code=meeting.code,
            title=meeting.title,
            held_from=meeting.held_from,
            held_to=meeting.held_to,
            place=meeting.place,
            authorities=("guangdong", "hong_kong", "macao"),
            team_rule=team_rule(meeting),
            demonstration=True,
        )
        delegations = {
            d.code: await people.add_delegation(
                organiser, competition, code=d.code, title=d.title, city=d.city
            )
            for d in meeting.delegations
        }
        for trade in meeting.trades:
            play = ContestPlay(meeting, trade, self._staff, self._crowd, self._client)
            played = await play.prepare(competition, delegations)
            self._played.append((meeting, played))
            self._plays[played.contest] = play
            self._outcome.entrants += played.entrants
            step.advance()
        self._competitions[meeting.code] = competition

    # --- the contests -------------------------------------------------------------------------

    async def _judge(self) -> None:
        for _, played in self._played:
            total = played.entrants * await self._plays[played.contest].sheets_each(played)
            step = self._report.step(f"{played.trade.title['zh-Hans']} 评分", total)
            await self._plays[played.contest].judge(played, step)
            self._outcome.sheets += played.sheets
            self._outcome.marks += played.marks

    async def _finish(self) -> None:
        step = self._report.step("核定、签名、公布、终定", len(self._played))
        for _, played in self._played:
            await self._plays[played.contest].finish(played)
            self._outcome.contests += 1
            step.advance()
        organiser = await self._staff.actor(Role.ORGANISER)
        for meeting in MEETINGS:
            if meeting.team_points:
                await competitions.compute_team_standings(
                    organiser, self._competitions[meeting.code]
                )

    # --- certificates -------------------------------------------------------------------------

    async def _certify(self) -> None:
        """Award certificates by themselves; levels and titles after their authority's decision."""
        winners = 8 * len(self._played)
        awards = self._report.step("颁发获奖证书", winners)
        await self._delivered(awards, winners)
        proposals = await self._proposals()
        decided = self._report.step("核准拟授的等级与称号", len(proposals))
        organiser = await self._staff.actor(Role.ORGANISER)
        for number, proposal in enumerate(proposals, 1):
            await grant_proposal(
                organiser,
                proposal["id"],
                number=_number(proposal, number),
                granted_on=today_in_china().isoformat(),
            )
            decided.advance()
        issued = self._report.step("颁发等级证书与荣誉证书", len(proposals))
        await self._delivered(issued, winners + len(proposals), already=winners)

    async def _proposals(self) -> list[dict[str, Any]]:
        """Those that our fictional bodies decide; other authorities' stay proposals."""
        ours = {facts.ASSESSMENT_BODY, facts.AUTHORITY}
        found = []
        for _, played in self._played:
            rows = await proposal_page(
                contest=str(played.contest), state="proposed", limit=500, after=""
            )
            found += [row for row in rows if row["issuer"] in ours]
        return found

    async def _delivered(self, step: Step, wanted: int, *, already: int = 0) -> None:
        """Waits for the worker, which delivers what the actions left in the outbox."""
        shown, until = already, time.monotonic() + DELIVERY_SECONDS
        while shown < wanted:
            if time.monotonic() > until:
                stuck = await outbox.stuck()
                raise RuntimeError(
                    f"{shown} of {wanted} certificates after {DELIVERY_SECONDS} s; {stuck}"
                )
            found = len(await self._issued())
            step.advance(found - shown)
            shown = found
            await asyncio.sleep(0.1)

    async def _issued(self) -> list[dict[str, Any]]:
        found = []
        for _, played in self._played:
            found += await certificates_of(str(played.contest))
        return found

    async def _badge(self, certificate: Mapping[str, Any]) -> httpx.Response:
        """As somebody who holds the paper."""
        path = f"/c/{certificate['public_id']}/badge/png"
        answer = await self._client.post(path, content=certificate["qr_text"])
        answer.raise_for_status()
        return answer

    async def _verify(self) -> None:
        """Every QR picture from the server, read by a real decoder, verified by the server."""
        certificates = await self._issued()
        step = self._report.step("扫描并核验二维码", len(certificates))
        for certificate in certificates:
            picture = await self._badge(certificate)
            read = decode(picture.content)
            if read != certificate["qr_text"]:
                raise RuntimeError(f"the QR picture of {certificate['public_id']} reads {read!r}")
            self._outcome.verified += await self._genuine(read)
            step.advance()
            self._outcome.kinds[certificate["kind"]] += 1
            if self._outcome.kinds[certificate["kind"]] == 1:
                self._outcome.samples.append(
                    {
                        "kind": certificate["kind"],
                        "token": certificate["token"],
                        "qr": certificate["qr_text"],
                    }
                )
        self._outcome.certificates = len(certificates)

    async def _genuine(self, text: str) -> bool:
        answer = await self._client.post(
            "/api/verify", content=text, headers={"Content-Type": "text/plain"}
        )
        answer.raise_for_status()
        verdict = answer.json()["verdict"]
        if verdict != "valid":
            raise RuntimeError(f"a certificate of the demonstration is {verdict}: {answer.json()}")
        return True

    async def _get(self, path: str) -> httpx.Response:
        answer = await self._client.get(path)
        answer.raise_for_status()
        return answer

    async def _open_tryout(self) -> None:
        step = self._report.step("留一个赛项供体验评分", 1)
        self._outcome.tryout = await open_tryout(
            self._organisers[facts.TRYOUT.organiser],
            self._staff,
            self._crowd,
            self._client,
            str(self._client.base_url).rstrip("/"),
        )
        step.advance()

    async def _links(self) -> dict[str, str]:
        """One log-in link a role, each to the page that the role works on."""
        first = self._played[1][1].contest
        targets = {Role.JUDGE: "/judging/", Role.EMPLOYER: "/", Role.ADMINISTRATOR: "/"}
        return {
            role.value: await login_link(
                account, target=targets.get(role, f"/console/contests/{first}"), hours=72
            )
            for role, account in self._staff.accounts.items()
        }


def team_rule(meeting: Meeting) -> TeamRule | None:
    """Points per place, as the meeting declares them; prizes one first, two second, three third."""
    if not meeting.team_points:
        return None
    points: tuple[Milli, ...] = tuple(int(p) * 1000 for p in meeting.team_points)
    titles = {
        "first": facts.text("一等奖", "一等獎", "First prize", "Primeiro prémio"),
        "second": facts.text("二等奖", "二等獎", "Second prize", "Segundo prémio"),
        "third": facts.text("三等奖", "三等獎", "Third prize", "Terceiro prémio"),
    }
    return TeamRule(
        code="team",
        title=facts.text("团体奖", "團體獎", "Team award", "Prémio por equipas"),
        formula=TeamFormula.PLACE_POINTS,
        points=points,
        prizes=tuple(
            Prize(code, titles[code], Fraction(amount))
            for code, amount in zip(titles, (1, 2, 3), strict=True)
        ),
    )


def _number(proposal: dict[str, Any], serial: int) -> str:
    """A level certificate's number in the national form: social body, Guangdong, year, level, serial."""
    year = datetime.now(UTC).year
    if proposal["kind"] != "level":
        return f"演示〔{year}〕{serial}号"
    return f"S000044999999{year % 100:02d}{proposal['grade']}{serial:06d}"


def decode(picture: bytes) -> str:
    """What a real QR decoder (ZXing) reads in a PNG."""
    import zxingcpp
    from PIL import Image

    found: Sequence[Any] = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)).convert("L"))
    return str(found[0].text) if found else ""
