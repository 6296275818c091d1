"""Levels from elsewhere: entered with source and evidence, counted by rules, taken out again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid5

import pytest

from core.errors import Forbidden, Invalid, NotFound
from core.settings import Settings
from core.tables import AuditEntry
from credentials.erasure import forget
from credentials.identifiers import NAMESPACE
from credentials.records.known import with_record
from credentials.records.levels.holding import Entry, Odd, enter_level, entered_for, take_out
from credentials.records.people import Who
from credentials.records.tables import HeldLevel
from tests.credentials.facts import LEVEL, result
from tests.credentials.records.kit import ID, OTHER_CITY, UNIT, organisations, organiser_of

pytestmark = pytest.mark.engine
NUMBER, TODAY = "S000044010326243000123", date(2026, 11, 30)
ENTRY = Entry(
    UNIT,
    Who("张伟", document_kind="mainland_id", document=ID),
    "4-03-02-03",
    "3",
    "s0000 4401 0326 2430 00123",
    "2024-11-01",
    "测试鉴定中心",
    "全国联网查询 2026-11-20",
    hash="A" * 64,
)


async def held_by(person: UUID) -> str:
    known = await with_record(result([person], LEVEL))
    return str(known.details.get(f"held_level:{person}", ""))


async def test_a_level_is_entered_counted_and_taken_out(database: Settings) -> None:
    await organisations()
    by = await organiser_of(UNIT)

    held = await enter_level(by, ENTRY, TODAY)

    (row,) = await entered_for(by)
    assert (row["id"], row["number"], row["keeper"]) == (held, NUMBER, UNIT)
    assert row["evidence_hash"] == "a" * 64
    assert await entered_for(await organiser_of(OTHER_CITY)) == []
    assert await held_by(row["person"]) == "3"
    with pytest.raises(Forbidden):
        await take_out(await organiser_of(OTHER_CITY), held)
    await take_out(by, held)
    assert await held_by(row["person"]) == ""
    with pytest.raises(NotFound):
        await take_out(by, held)
    said = await AuditEntry.select().where(AuditEntry.subject == str(held))
    assert {one["action"] for one in said} == {"level.recorded", "level.taken-out"}
    assert NUMBER not in str(said)


async def test_a_number_is_held_once(database: Settings) -> None:
    await organisations()
    by = await organiser_of(UNIT)
    await enter_level(by, ENTRY, TODAY)

    with pytest.raises(Invalid, match="number-taken"):
        await enter_level(by, replace(ENTRY, occupation="4-08-03-07"), TODAY)

    assert await HeldLevel.count() == 1


async def test_everything_wrong_is_said_at_once(database: Settings) -> None:
    await organisations()
    wrong = Entry(UNIT, Who(""), "4-3", "9", "1", "2026-12-01", "", " ", link="ftp://x")

    with pytest.raises(Invalid) as invalid:
        await enter_level(await organiser_of(UNIT), wrong, TODAY)

    assert {f.pointer for f in invalid.value.findings} == {
        "/name", "/certificate", "/occupation", "/level", "/granted_on", "/issuer", "/source", "/link",
    }  # fmt: skip
    for change, code in (({"level": "2"}, "number-level"), ({"number": "12"}, "number-any")):
        changed: dict[str, Any] = dict(change)
        with pytest.raises(Invalid, match=code):
            await enter_level(await organiser_of(UNIT), replace(ENTRY, **changed), TODAY)
    with pytest.raises(Forbidden):
        await enter_level(await organiser_of(OTHER_CITY), ENTRY, TODAY)
    assert await HeldLevel.count() == 0


async def test_what_only_looks_wrong_is_compared_first(database: Settings) -> None:
    await organisations()
    by, late = await organiser_of(UNIT), replace(ENTRY, granted_on="2025-01-03")

    with pytest.raises(Odd, match="number-year"):
        await enter_level(by, late, TODAY)
    await enter_level(by, replace(late, compared=True), TODAY)

    assert await HeldLevel.count() == 1


@pytest.mark.parametrize(
    ("levels", "counted"),
    [(["4", "3"], "3"), (["5"], "5"), (["3", "rank-7"], "1"), (["rank-8"], "1"), (["rank-1"], "")],
)
async def test_rules_count_the_best_level_as_a_national_one(
    database: Settings, levels: list[str], counted: str
) -> None:
    person = uuid5(NAMESPACE, "somebody")
    for at, level in enumerate(levels):
        await HeldLevel.insert(
            HeldLevel(
                id=uuid5(NAMESPACE, f"{at}"),
                person=person,
                occupation="4-03-02-03",
                level=level,
                title="{}",
                issuer="x",
                number_hash=str(at),
                granted_on="2024-01-01",
                created_at=datetime.now(UTC),
            )
        )

    assert await held_by(person) == counted


async def test_erasure_leaves_that_there_was_a_level(database: Settings) -> None:
    await organisations()
    by = await organiser_of(UNIT)
    await enter_level(by, replace(ENTRY, link="https://example.org/zhang"), TODAY)
    (row,) = await entered_for(by)

    await forget(row["person"])

    (left,) = await entered_for(by)
    assert (left["number"], left["source"], left["evidence_link"], left["evidence_hash"]) == ("",) * 4  # fmt: skip
