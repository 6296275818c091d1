"""How long something is kept, why, and what becomes of it when its time is over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import ClassVar
from uuid import UUID, uuid4

import pytest

from core.db import transaction
from core.errors import Forbidden, Invalid, TwoPersons
from core.partner import PartnerRules, Retention
from core.privacy import create_person, names_of
from core.registry import registry
from core.security import SYSTEM, Actor, Role, actor_of
from core.settings import Settings
from credentials.holder.tables import HolderSession
from credentials.records.person import clocks, retention
from credentials.records.person.tables import RetentionCase
from credentials.tables import Certificate
from tests.credentials.facts import FIRST, issued, issuers
from tests.factories_accounts import make_account

pytestmark = pytest.mark.engine
LATER = date(2046, 1, 1)


class Harbour(PartnerRules):
    code = "harbour"
    title: ClassVar[dict[str, str]] = {"en": "Harbour"}

    def retention(self) -> Sequence[Retention]:
        return [Retention("holders", 2, {"en": "Two years"}, "Harbour Act 7")]


class _Registry:
    def __init__(self, rules: list[PartnerRules]) -> None:
        self._rules = rules

    def partners(self) -> list[PartnerRules]:
        return self._rules


@pytest.fixture
def harbour(database: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another authority, which gives a figure."""
    rules = [*registry().partners(), Harbour()]
    monkeypatch.setattr(clocks, "registry", lambda: _Registry(rules))


async def organiser() -> Actor:
    return await actor_of(await make_account(Role.ORGANISER))


async def administrator() -> Actor:
    return await actor_of(await make_account(Role.ADMINISTRATOR))


async def somebody() -> UUID:
    async with transaction():
        return await create_person(name="张伟")


async def session_of(person: UUID) -> None:
    now = datetime.now(UTC)
    await HolderSession.insert(
        HolderSession(
            id=uuid4(),
            person=person,
            link=uuid4(),
            token_hash=str(person),
            created_at=now,
            expires_at=now,
        )
    )


async def the_case(kind: str = "record") -> UUID:
    row = await RetentionCase.select().where(RetentionCase.kind == kind).first()
    assert row is not None
    return UUID(str(row["id"]))


async def test_without_a_figure_nothing_becomes_due_and_the_clauses_are_named(
    database: Settings,
) -> None:
    person = await somebody()

    await retention.look(LATER)
    (clock,) = await clocks.clocks_of(person, LATER.isoformat())

    assert await retention.cases_for(SYSTEM, ()) == []
    assert clock.until == ""
    assert {source.split(" ")[0] for _, _, source in clock.period.clauses} >= {
        "个人信息保护法",
        "Lei",
    }


async def test_the_shortest_figure_counts_and_starts_at_the_last_thing_that_happened(
    harbour: None,
) -> None:
    person = await somebody()
    await session_of(person)
    today = datetime.now(UTC).date()
    admin = await administrator()

    await retention.decide_period(admin, "holders", "5", "Board, 1 March")
    longer = {one.kind: one for one in await clocks.periods()}["holders"]
    await retention.decide_period(admin, "holders", "1", "Board, 2 March")
    shorter = {one.kind: one for one in await clocks.periods()}["holders"]
    found = {one.period.kind: one for one in await clocks.clocks_of(person, today.isoformat())}

    assert (longer.years, longer.own, longer.source) == (2, False, "Harbour Act 7")
    assert (shorter.years, shorter.own, shorter.source) == (1, True, "Board, 2 March")
    assert found["holders"].until == clocks.over_on(today.isoformat(), 1)
    assert clocks.over_on("2024-02-29", 1) == "2025-03-01"
    assert clocks.over_on("9999-12-31", 5) == "9999-12-31"
    assert clocks.over_on("9996-02-29", 5) == "9999-03-01"


async def test_what_is_due_is_listed_once_a_day_and_erased_by_two_persons(
    database: Settings,
) -> None:
    await issuers()
    await issued(FIRST)
    row = await Certificate.select(Certificate.person).first()
    assert row is not None
    person = row["person"]
    await retention.decide_period(await administrator(), "record", "10", "Board")
    await retention.look(LATER)
    await retention.look(LATER)
    case, by = await the_case(), await organiser()
    both = await actor_of(await make_account(Role.ORGANISER, Role.ADMINISTRATOR))

    with pytest.raises(Forbidden):
        await retention.ask_to_erase(by, {UUID(int=1)}, case, "over")
    await retention.ask_to_erase(both, {person}, case, "over")
    with pytest.raises(TwoPersons):
        await retention.confirm(both, case, LATER)
    with pytest.raises(Forbidden):
        await retention.confirm(by, case, LATER)
    kept = await names_of([person])
    await retention.confirm(await administrator(), case, LATER)

    assert kept[person]
    assert await names_of([person]) == {person: ""}
    assert [row["state"] for row in await RetentionCase.select()] == ["erased"]
    assert [one.kind for one in (await retention.case_page(SYSTEM, (), case)).history] == [
        "retention_asked",
        "retention_erased",
    ]


async def test_only_the_due_kind_is_erased(harbour: None) -> None:
    person = await somebody()
    await session_of(person)
    await retention.look(LATER)
    case = await the_case("holders")

    await retention.ask_to_erase(await organiser(), {person}, case, "over")
    await retention.confirm(await administrator(), case, LATER)

    assert not await HolderSession.exists().where(HolderSession.person == person)
    assert (await names_of([person]))[person] == "张伟"


async def test_it_is_kept_longer_with_a_reason_and_due_again_afterwards(database: Settings) -> None:
    whole = {await somebody()}
    await retention.decide_period(await administrator(), "record", "10", "Board")
    await retention.look(LATER)
    case, by = await the_case(), await organiser()

    with pytest.raises(Invalid):
        await retention.keep_longer(by, whole, case, LATER.isoformat(), why="", today=LATER)
    await retention.keep_longer(by, whole, case, "2050-01-01", why="申诉未决", today=LATER)
    meanwhile = await retention.everything_due("2049-12-31")
    again = await retention.everything_due("2050-01-01")

    assert meanwhile == []
    assert [one.due_on for one in again] == ["2050-01-01"]
    assert again[0].id != case


async def test_something_new_takes_it_off_the_list(database: Settings) -> None:
    person = await somebody()
    await retention.decide_period(await administrator(), "record", "10", "Board")
    today = datetime.now(UTC).date()
    due = date.fromisoformat(clocks.over_on(today.isoformat(), 10))
    await retention.look(due)
    case = await the_case()
    await retention.ask_to_erase(await organiser(), {person}, case, "over")

    await retention.decide_period(await administrator(), "record", "11", "Board")
    with pytest.raises(retention.NotDue):
        await retention.confirm(await administrator(), case, due)
    await retention.look(due + timedelta(days=1))

    assert await retention.cases_for(SYSTEM, ()) == []
    assert (await names_of([person]))[person] == "张伟"


async def test_a_figure_that_makes_no_sense_is_refused_with_everything(database: Settings) -> None:
    with pytest.raises(Invalid) as caught:
        await retention.decide_period(await administrator(), "x", "ten", "")
    with pytest.raises(Forbidden):
        await retention.decide_period(await organiser(), "record", "10", "Board")

    assert [one.pointer for one in caught.value.findings] == ["/kind", "/years", "/source"]
