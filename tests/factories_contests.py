"""A small contest for tests: accounts, a competition, two modules, judges with software keys.

small = await small_contest()             # set up, drawn, judging has started
await small.judge_everything()            # every sheet, through `accept_revision`
await small.close()                       # codes opened, results computed
await small.finish()                      # … signed, published, final
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID, uuid4

from contests.actions import closing, draw, people, running, setup
from contests.actions.people import EntrantDraft, MemberDraft
from contests.identity.sealing import codes_of
from contests.judging.actions import Answer, accept_revision, enrol_device
from contests.judging.signing import SoftwareDevice
from contests.log import read
from contests.replay import Replayed, replay
from contests.tables import Contest
from core.accounts import create_account_row, grant_row
from core.db import transaction
from core.events import Event, event_from_json
from core.hookspecs import PluginContext
from core.outbox import Handler
from core.registry import Plugin, Registry, registry, use_registry
from core.scoring.codec import from_json
from core.scoring.model import (
    Aspect,
    AwardMethod,
    AwardRule,
    Criterion,
    Kind,
    Mark,
    Module,
    Prize,
    Rules,
    Scheme,
    SubCriterion,
    TieBreak,
    TieKey,
    Trim,
)
from core.security import INSTALLATION, Actor, Role, Scope, actor_of
from core.tables import Organisation, OutboxMessage

START = datetime(2024, 10, 10, 8, 0, tzinfo=UTC)
STAFF = {
    "organiser": Role.ORGANISER,
    "clerk": Role.CLERK,
    "chief": Role.CHIEF_REFEREE,
    "leader": Role.GROUP_LEADER,
    "supervisor": Role.SUPERVISOR,
    "encryption": Role.ENCRYPTION_OFFICER,
    "arbitration": Role.ARBITRATION,
}


def text(words: str) -> dict[str, str]:
    return {"zh-Hans": words, "en": words}


def dish_scheme(judges: int = 3) -> Scheme:
    """Module "dish" (70): look and taste by a panel, best and worst dropped from five on; a
    judgement aspect. Module "theory" (30): one value for the group."""
    trim = Trim(1, 1, 5)
    look = Aspect("look", Kind.POINTS, text("Look"), 20_000, step=500, judges=judges, trim=trim)
    taste = Aspect("taste", Kind.POINTS, text("Taste"), 40_000, step=500, judges=judges, trim=trim)
    care = Aspect(
        "care",
        Kind.JUDGEMENT,
        text("Care"),
        10_000,
        step=1000,
        judges=judges,
        descriptors=(text("0"), text("1"), text("2"), text("3")),
    )
    paper = Aspect("paper", Kind.POINTS, text("Paper"), 30_000, step=500, judges=1)
    return Scheme(
        "dish",
        text("Dish"),
        (
            _module("dish", 70_000, look, taste, care),
            _module("theory", 30_000, paper, blind=False),
        ),
    )


def dish_rules(**changes: Any) -> Rules:
    """Prizes 1, 1; ties by the dish; no wait for appeals."""
    values: dict[str, Any] = {
        "tie_breaks": (TieBreak(TieKey.MODULE, "dish"),),
        "awards": (
            AwardRule(
                "prizes",
                text("Prizes"),
                AwardMethod.COUNTS,
                (
                    Prize("first", text("一等奖"), Fraction(1)),
                    Prize("second", text("二等奖"), Fraction(1)),
                ),
            ),
        ),
        "notice_days": 5,
    }
    return Rules(**{**values, **changes})


def _module(id_: str, maximum: int, *aspects: Aspect, blind: bool = True) -> Module:
    criteria = (Criterion(id_, text(id_), (SubCriterion(f"{id_}-1", text(id_), aspects),)),)
    return Module(id_, text(id_), maximum, criteria, blind=blind)


@dataclass(slots=True)
class Seat:
    """One judge with a software key."""

    name: str
    account: UUID
    actor: Actor
    appointment: str
    device: SoftwareDevice
    heads: dict[tuple[str, str, int, int], str] = field(default_factory=dict)


@dataclass(slots=True)
class SmallContest:
    """Everything a test needs; `at` moves on as the contest does."""

    organisation: UUID
    competition: UUID
    contest: UUID
    accounts: dict[str, UUID]
    delegations: list[UUID]
    entries: list[UUID]
    judges: list[Seat]
    scheme: Scheme
    rules: Rules
    rules_hash: str = ""
    at: datetime = START

    async def actor(self, name: str) -> Actor:
        """organiser, clerk, chief, leader, supervisor, encryption or arbitration."""
        return await actor_of(self.accounts[name])

    async def codes(self) -> dict[str, dict[str, str]]:
        """Module -> code -> entry, unsealed: tests may know."""
        return await codes_of(self.contest)

    async def code_of(self, entry: UUID, module: str = "dish") -> str:
        codes = (await self.codes())[module]
        return next(code for code, owner in codes.items() if owner == str(entry))

    def sign_sheet(
        self,
        seat: Seat,
        code: str,
        marks: Mapping[str, Mark | str],
        *,
        module: str = "dish",
        attempt: int = 1,
        round_: int = 1,
        **changes: Any,
    ) -> str:
        """A signed revision on top of the last one that this seat signed for the work."""
        key = (module, code, attempt, round_)
        rid = str(changes.pop("rid", uuid4()))
        jws = seat.device.sign_sheet(
            contest=str(self.contest),
            module=module,
            code=code,
            judge=changes.pop("judge", seat.appointment),
            marks={aspect: as_mark(mark) for aspect, mark in marks.items()},
            rules=changes.pop("rules", self.rules_hash),
            base=changes.pop("base", seat.heads.get(key, "")),
            attempt=attempt,
            round_=round_,
            rid=rid,
            now=self.at,
            **changes,
        )
        seat.heads[key] = rid
        return jws

    async def submit(
        self, seat: Seat, code: str, marks: Mapping[str, Mark | str], **more: Any
    ) -> Answer:
        """Signs and hands in."""
        jws = self.sign_sheet(seat, code, marks, **more)
        return await accept_revision(jws, account=seat.account, now=self.at)

    async def judge_everything(
        self, marks: Callable[[str, Seat], Mapping[str, str]] | None = None
    ) -> list[Answer]:
        """Every sheet of every judge; the n-th entry gets 0.5 less in taste than the one before."""
        answers = []
        order = {str(entry): place for place, entry in enumerate(self.entries)}
        for module, codes in (await self.codes()).items():
            for code, entry in codes.items():
                for number, seat in enumerate(self.judges):
                    if module == "theory" and number:
                        continue
                    given = (
                        marks(entry, seat)
                        if marks and module == "dish"
                        else _default_marks(module, order.get(entry, len(order)))
                    )
                    answers.append(await self.submit(seat, code, given, module=module))
        return answers

    async def close(self) -> int:
        chief, supervisor = await self.actor("chief"), await self.actor("supervisor")
        self.at += timedelta(minutes=10)
        await draw.open_codes(chief, supervisor, self.contest, now=self.at)
        self.at += timedelta(minutes=10)
        return await closing.close_contest(chief, self.contest, now=self.at)

    async def close_by(self, first: Actor, second: Actor) -> int:
        """The same by two given persons."""
        self.at += timedelta(minutes=10)
        await draw.open_codes(first, second, self.contest, now=self.at)
        return await closing.close_contest(first, self.contest, now=self.at)

    async def sign(self) -> None:
        """Judge, group leader, chief referee, supervisor."""
        signers = [self.judges[0].actor]
        signers += [await self.actor(name) for name in ("leader", "chief", "supervisor")]
        for signer in signers:
            self.at += timedelta(minutes=1)
            await closing.sign_contest(signer, self.contest, now=self.at)

    async def publish(self) -> datetime:
        return await closing.publish_contest(
            await self.actor("organiser"), self.contest, now=self.at
        )

    async def finish(self) -> int:
        """From closed to final, the notice included."""
        await self.sign()
        self.at = await self.publish() + timedelta(seconds=1)
        return await closing.finalise_contest(
            await self.actor("organiser"), self.contest, now=self.at
        )

    async def replayed(self) -> Replayed:
        return replay(await read(self.contest))

    async def state(self) -> str:
        row = await Contest.select(Contest.state).where(Contest.id == self.contest).first()
        return str(row["state"]) if row else ""


async def small_contest(
    *,
    entrants: int = 4,
    judges: int = 3,
    members: int = 1,
    reserves: int = 0,
    scheme: Scheme | None = None,
    rules: Rules | None = None,
    facts: Mapping[str, Any] | None = None,
    until: str = "judging",
    code: str = "",
) -> SmallContest:
    """`until`: "draft" (entrants and appointments are in), "ready", "drawn" or "judging"."""
    small = await _set_up(
        entrants, members, reserves, scheme, rules, facts, code or uuid4().hex[:8]
    )
    await _appoint(small, judges)
    organiser = await small.actor("organiser")
    if until == "draft":
        return small
    await setup.make_ready(organiser, small.contest, now=small.at)
    if until == "ready":
        return small
    officer, witness = await small.actor("encryption"), await small.actor("supervisor")
    for number, module in enumerate(small.scheme.modules):
        seed = number.to_bytes(32, "big")
        await draw.draw_codes(officer, witness, small.contest, module.id, seed=seed, now=small.at)
    if until == "drawn":
        return small
    small.rules_hash = await running.start_judging(
        await small.actor("chief"), small.contest, now=small.at
    )
    return small


async def make_account(name: str, *grants: tuple[Role, Scope]) -> UUID:
    """An account with a login of its own."""
    async with transaction():
        account = await create_account_row(login=f"{name}-{uuid4().hex[:8]}", label=name)
        for role, scope in grants:
            await grant_row(account, role, scope)
    return account


async def make_organisation(code: str = "") -> UUID:
    organisation = uuid4()
    await Organisation.insert(
        Organisation(
            id=organisation,
            code=code or f"org-{organisation.hex[:8]}",
            title='{"en":"Federation","zh-Hans":"总工会"}',
            kind="organiser",
            created_at=START,
        )
    )
    return organisation


def as_mark(value: Mark | str) -> Mark:
    """ "7.5" as a mark."""
    return value if isinstance(value, Mark) else from_json(Mark, {"value": value})


def drafts(count: int, *, members: int = 1, **more: Any) -> list[EntrantDraft]:
    """So many entrants with generated names."""
    return [
        EntrantDraft(
            [MemberDraft(f"选手{place}-{position}") for position in range(members)],
            team=text(f"队{place}") if members > 1 else {},
            **more,
        )
        for place in range(count)
    ]


async def _set_up(
    entrants: int,
    members: int,
    reserves: int,
    scheme: Scheme | None,
    rules: Rules | None,
    facts: Mapping[str, Any] | None,
    code: str,
) -> SmallContest:
    organisation = await make_organisation()
    scope = Scope("organisation", str(organisation))
    issuer = (Role.ORGANISER, Scope("issuer", "federation"))
    accounts = {"organiser": await make_account("organiser", (Role.ORGANISER, scope), issuer)}
    organiser = await actor_of(accounts["organiser"])
    competition = await setup.create_competition(
        organiser,
        organisation=organisation,
        code=f"competition-{code}",
        title=text("大赛"),
        held_from="2024-10-10",
        held_to="2024-10-12",
        now=START,
    )
    contest = await setup.create_contest(
        organiser,
        competition=competition,
        code=f"contest-{code}",
        title=text("中式面点制作"),
        type_code="panel",
        facts={"organiser": "federation", "occupation": "4-03-02-02", **(facts or {})},
        now=START,
    )
    scheme, rules = scheme or dish_scheme(), rules or dish_rules()
    revision = await setup.save_scheme(organiser, contest, scheme, revision=0)
    await setup.save_rules(organiser, contest, rules, revision=revision)
    delegations = [
        await people.add_delegation(organiser, competition, code=name, title=text(name))
        for name in ("dongguan", "zhongshan")
    ]
    registered = [
        EntrantDraft(d.members, delegation=delegations[i % 2], team=d.team)
        for i, d in enumerate(drafts(entrants, members=members))
    ]
    spare = [
        EntrantDraft([MemberDraft(f"替补{i}")], delegation=delegations[0], reserve=True)
        for i in range(reserves)
    ]
    entries = await people.register_entrants(organiser, contest, [*registered, *spare], now=START)
    return SmallContest(
        organisation, competition, contest, accounts, delegations, entries, [], scheme, rules
    )


async def _appoint(small: SmallContest, judges: int) -> None:
    organiser = await small.actor("organiser")
    for name, role in STAFF.items():
        if name != "organiser":
            small.accounts[name] = await make_account(name)
            await people.appoint(organiser, small.contest, small.accounts[name], role, now=small.at)
    for number in range(1, judges + 1):
        small.judges.append(await add_judge(small, f"J{number}"))


async def add_judge(small: SmallContest, name: str, **more: Any) -> Seat:
    """Appoints a judge and enrols a software key."""
    account = await make_account(name)
    appointment = await people.appoint(
        await small.actor("organiser"),
        small.contest,
        account,
        Role.JUDGE,
        seat=name,
        now=small.at,
        **more,
    )
    device = SoftwareDevice()
    actor = await actor_of(account)
    await enrol_device(actor, public_jwk=device.public_jwk, label=name, now=small.at)
    return Seat(name, account, actor, str(appointment), device)


def _default_marks(module: str, place: int) -> dict[str, str]:
    if module == "theory":
        return {"paper": "25"}
    taste = 39_000 - 500 * place
    return {
        "look": "18",
        "taste": f"{taste // 1000}.{taste % 1000:03d}".rstrip("0").rstrip("."),
        "care": "2",
    }


def everybody(values: Sequence[str]) -> Mapping[str, str]:
    """look, taste and care in one line."""
    return dict(zip(("look", "taste", "care"), values, strict=True))


ADMINISTRATOR = (Role.ADMINISTRATOR, INSTALLATION)


@contextmanager
def listening(*events: type[Event]) -> Iterator[None]:
    """Adds a listener to the installed plugins; `heard` tells what it was told."""
    before = registry()
    handlers = [Handler(f"listener.{event.__name__}", event, _nothing) for event in events]
    context = PluginContext("listener", "http://127.0.0.1", "http://127.0.0.1", ("en",), {})
    listener = Plugin("listener", "listener", True, context, event_handlers=list(handlers))
    use_registry(Registry([*before.plugins, listener], before.disabled))
    try:
        yield
    finally:
        use_registry(before)


async def heard() -> list[Event]:
    """What was put for the listener, in no promised order."""
    rows = await OutboxMessage.select().where(OutboxMessage.handler.like("listener.%"))
    return [event_from_json(row["event"], row["body"]) for row in rows]


async def _nothing(_: Sequence[Any]) -> None:
    """The listener only listens."""
