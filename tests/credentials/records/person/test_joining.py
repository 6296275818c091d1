"""Two records of one person: found, joined by two persons, and taken apart exactly as they were."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from core import about_person, privacy, timeline
from core.about_person import Within
from core.db import transaction
from core.errors import Invalid, NotFound, TwoPersons
from core.events import ResultFinal
from core.privacy import create_person, erase_person, names_of, owners_of
from core.same_person import records_of
from core.security import INSTALLATION, SYSTEM, Actor, Role, actor_of
from core.settings import Settings
from core.tables import Person, PersonDocument
from core.undo import TooLateToUndo
from credentials.consents.actions import NAME, give, in_force
from credentials.queries import certificates_of
from credentials.records.grantable import held_already
from credentials.records.known import with_record
from credentials.records.person import joining
from credentials.records.person.candidates import candidates_for, number_key
from credentials.records.person.joining import (
    JoinOver,
    approve_join,
    ask_to_join,
    refuse_join,
    undo_join,
)
from credentials.records.person.tables import RecordJoin
from credentials.records.queries import whole_record
from credentials.records.tables import HeldLevel, Honour
from credentials.tables import Certificate, CertificateVersion
from tests.credentials.facts import CONTEST, FIRST, issuers, result, tell
from tests.factories_accounts import make_account

pytestmark = pytest.mark.engine
OLD, NEW = "440101800101001", "440101198001010018"
"""One number in its old form of 15 digits and in the one of 18."""


async def two() -> tuple[UUID, UUID]:
    """One human being who was entered twice; the second record has a certificate of a contest."""
    await issuers()
    async with transaction():
        first = await create_person(name="张 伟", documents=[("mainland_id", NEW)])
        second = await create_person(
            name="张伟", documents=[("residence_permit", OLD)], facts={"employer": "某厂"}
        )
    await tell(ResultFinal(result([second], FIRST)))
    return first, second


async def organiser() -> Actor:
    return await actor_of(await make_account(Role.ORGANISER))


async def joined(stays: UUID, goes: UUID) -> UUID:
    reach = {stays, goes}
    join = await ask_to_join(
        await organiser(), reach, stays, goes, why="同一身份证", scope=INSTALLATION
    )
    await approve_join(await organiser(), reach, join, scope=INSTALLATION)
    return join


async def everything_of(*persons: UUID) -> list[Any]:
    """All rows that joining could have touched, as they stand."""
    ids = list(persons)
    found: list[Any] = []
    for table, column in (
        (Person, Person.id),
        (PersonDocument, PersonDocument.person),
        (Certificate, Certificate.person),
    ):
        found.append(
            sorted(await table.select().where(column.is_in(ids)), key=lambda r: str(r["id"]))
        )
    # The content of the QR is made when the picture is first asked for.
    versions = await CertificateVersion.select(
        CertificateVersion.all_columns(exclude=["sealed_cwt"])
    )
    found.append(sorted(versions, key=lambda r: str(r["id"])))
    return found


async def test_records_are_found_by_spelling_and_by_the_same_number(database: Settings) -> None:
    first, second = await two()
    async with transaction():
        other = await create_person(name="李四", documents=[("mainland_id", "110101199003070038")])

    found = await candidates_for(first, {first, second, other})

    assert [(one.person, one.signs[:2]) for one in found] == [(second, ["document", "name"])]
    assert await candidates_for(other, {first, second, other}) == []
    assert number_key("A123456(3)") == number_key("A123456") != number_key("A1234567890")


async def test_joined_records_are_one_and_taken_apart_both_are_as_they_were(
    database: Settings,
) -> None:
    first, second = await two()
    before = await everything_of(first, second)
    public_id = (await certificates_of(CONTEST))[0]["public_id"]

    join = await joined(first, second)
    shown = await timeline.moments_of(second, Within())
    together = await everything_of(first, second)
    owners = await owners_of([("residence_permit", OLD)])
    told = await about_person.about(first, Within())
    record = await whole_record(first)
    await undo_join(await organiser(), {first}, join, scope=INSTALLATION)

    assert together == before == await everything_of(first, second)
    assert await records_of(first) == (first,)
    assert f"/c/{public_id}" in [one.link for one in shown]
    assert owners == {("residence_permit", OLD): first}
    assert (await owners_of([("residence_permit", OLD)])) == {("residence_permit", OLD): second}
    certificates = next(one for one in told if one.code == "certificates")
    assert [one["public_id"] for one in certificates.records] == [public_id]
    assert [one["public_id"] for one in record["certificates"]] == [public_id]
    assert (await names_of([second]))[second] == "张伟"


async def test_nobody_approves_alone_and_nobody_outside_reach_decides(database: Settings) -> None:
    first, second = await two()
    by, reach = await organiser(), {first, second}
    join = await ask_to_join(by, reach, first, second, why="x", scope=INSTALLATION)

    with pytest.raises(TwoPersons):
        await approve_join(by, reach, join, scope=INSTALLATION)
    with pytest.raises(NotFound):
        await approve_join(await organiser(), {first}, join, scope=INSTALLATION)
    with pytest.raises(NotFound):
        await ask_to_join(by, {first}, first, second, why="x", scope=INSTALLATION)
    with pytest.raises(Invalid):
        await ask_to_join(by, reach, first, second, why="x", scope=INSTALLATION)
    await refuse_join(await organiser(), reach, join, why="是两个人", scope=INSTALLATION)
    with pytest.raises(JoinOver):
        await approve_join(await organiser(), reach, join, scope=INSTALLATION)
    assert await records_of(first) == (first,)


async def test_it_is_taken_back_within_thirty_days_and_not_after(database: Settings) -> None:
    first, second = await two()
    join = await joined(first, second)
    late = datetime.now(UTC) + joining.UNDO + timedelta(seconds=1)

    with pytest.raises(TooLateToUndo):
        await undo_join(await organiser(), {first}, join, scope=INSTALLATION, now=late)
    await undo_join(await organiser(), {first}, join, scope=INSTALLATION)
    again = await joined(second, first)

    assert await records_of(first) == (second, first)
    assert await RecordJoin.exists().where(RecordJoin.id == again)


async def test_one_record_stands_for_all_and_each_is_joined_once(database: Settings) -> None:
    first, second = await two()
    async with transaction():
        third = await create_person(name="张伟")
        fourth = await create_person(name="张伟")
    await joined(first, second)
    reach, by = {first, second, third, fourth}, await organiser()

    for stays, goes in ((second, third), (third, first), (third, second), (first, first)):
        with pytest.raises(Invalid):
            await ask_to_join(by, reach, stays, goes, why="x", scope=INSTALLATION)
    await joined(first, third)

    assert await records_of(third) == (first, *sorted([second, third]))
    assert await records_of(fourth) == (fourth,)


async def test_rules_count_what_stands_in_any_of_the_records(database: Settings) -> None:
    first, second = await two()
    now = datetime.now(UTC)
    await HeldLevel.insert(
        HeldLevel(id=UUID(int=7), person=first, occupation="4-03-02-03", level="3", title="{}",
                  issuer="x", number_hash="x", granted_on="2020-01-01", created_at=now)
    )  # fmt: skip
    await Honour.insert(
        Honour(id=UUID(int=8), person=first, kind="medal", code="guangdong_may_day_medal",
               title='{"en":"x"}', authority="x", granted_on="2020-01-01", created_at=now)
    )  # fmt: skip
    facts = result([second], FIRST, occupation="4-03-02-03")

    alone = (await with_record(facts)).details
    free = await held_already(second, "guangdong_may_day_medal")
    await joined(first, second)
    both = (await with_record(facts)).details
    held = await held_already(second, "guangdong_may_day_medal")

    assert f"held_level:{second}" not in alone
    assert not free
    assert both[f"held_level:{second}"] == "3"
    assert both[f"titles:{second}"] == "guangdong_may_day_medal"
    assert [one.code for one in held] == ["credentials.title-held"]


async def test_a_consent_counts_and_ends_for_both(database: Settings) -> None:
    first, second = await two()
    async with transaction():
        await give(second, NAME, source="paper", by=None)
    await joined(first, second)
    half = await in_force(first)
    async with transaction():
        await give(first, NAME, source="paper", by=None)

    assert half == set()
    assert await in_force(second) == {NAME}


async def test_erasing_one_erases_both(database: Settings) -> None:
    first, second = await two()
    join = await joined(first, second)

    await erase_person(first)

    assert await names_of([first, second]) == {first: "", second: ""}
    row = await RecordJoin.select().where(RecordJoin.id == join).first()
    assert row is not None
    assert row["wrapped_key"] is None
    with pytest.raises(TooLateToUndo):
        await undo_join(SYSTEM, {first}, join, scope=INSTALLATION)


async def test_a_document_of_a_joined_record_leads_to_the_one_that_stands(
    database: Settings,
) -> None:
    first, second = await two()
    await joined(first, second)

    async with transaction():
        found = await create_person(name="张伟", documents=[("residence_permit", OLD)])
        await privacy.change_person(
            first, documents=[("mainland_id", NEW), ("residence_permit", OLD)]
        )

    assert found == first
