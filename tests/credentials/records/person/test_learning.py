"""Training, masters and apprentices: both sides' timelines, corrections with history, erasure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from core import about_person, timeline
from core.about_person import Within
from core.db import transaction
from core.errors import Forbidden, Invalid, NotFound
from core.privacy import create_person, erase_person
from core.security import SYSTEM, Role
from core.settings import Settings
from credentials.records.people import Who
from credentials.records.person import learning
from credentials.records.person.learning import Entry, Facts
from tests.credentials.records.kit import CITY, OTHER_CITY, organisations, organiser_of

pytestmark = pytest.mark.engine
TODAY = date(2026, 3, 2)
NUMBER = "110101199003070038"
MASTER = Who("李师傅", document_kind="mainland_id", document=NUMBER)
FACTS = Facts("手工面点", "4-03-02-03", "2024-01-01", "", hash="a" * 64)


async def pair() -> tuple[UUID, UUID]:
    await organisations(CITY, OTHER_CITY)
    async with transaction():
        apprentice = await create_person(name="张伟")
        master = await create_person(name="李师傅", documents=[("mainland_id", NUMBER)])
    return apprentice, master


async def entered(apprentice: UUID) -> UUID:
    entry = Entry(CITY, "apprentice", FACTS, MASTER)
    return await learning.enter(await organiser_of(CITY), apprentice, entry, TODAY)


async def test_an_apprenticeship_stands_in_both_timelines_with_the_other_s_name(
    database: Settings,
) -> None:
    apprentice, master = await pair()
    await entered(apprentice)

    (own,) = await timeline.moments_of(apprentice, Within())
    (his,) = await timeline.moments_of(master, Within())
    elsewhere = await timeline.moments_of(master, Within(frozenset(), frozenset({OTHER_CITY})))

    assert (own.kind, own.title, own.day) == ("mentoring", "手工面点", "2024-01-01")
    assert own.facts == [("trade", "4-03-02-03"), ("master", "李师傅")]
    assert his.facts[-1] == ("apprentice", "张伟")
    assert elsewhere == []
    assert await timeline.persons_within(Within(frozenset(), frozenset({CITY}))) == {
        apprentice,
        master,
    }
    assert await timeline.persons_within(Within(frozenset(), frozenset({OTHER_CITY}))) == set()


async def test_a_correction_keeps_what_was_there_and_a_mistake_can_be_put_back(
    database: Settings,
) -> None:
    apprentice, _ = await pair()
    id, by = await entered(apprentice), await organiser_of(CITY)

    await learning.correct(by, id, replace(FACTS, until_on="2025-12-31"), "期满", TODAY)
    await learning.take_out(by, id, "录错了人")
    gone = await timeline.moments_of(apprentice, Within())
    await learning.put_back(by, id)
    page = await learning.learning_page(by, id)

    assert gone == []
    assert [(one.kind, one.note, one.why) for one in page.history] == [
        ("learning_entered", "", ""),
        ("learning_corrected", "— → 2025-12-31", "期满"),
        ("learning_taken_out", "", "录错了人"),
        ("learning_put_back", "", ""),
    ]
    assert (await timeline.moments_of(apprentice, Within()))[0].until == "2025-12-31"


async def test_everything_that_is_wrong_is_said_at_once(database: Settings) -> None:
    apprentice, master = await pair()
    by = await organiser_of(CITY)
    wrong = Facts("", "x" * 81, "2027-01-01", "2020-01-01")

    with pytest.raises(Invalid) as caught:
        await learning.enter(by, apprentice, Entry(CITY, "master", wrong, Who("")), TODAY)
    with pytest.raises(Invalid) as itself:
        await learning.enter(by, master, Entry(CITY, "apprentice", FACTS, MASTER), TODAY)

    assert [one.pointer for one in caught.value.findings] == [
        "/name", "/certificate", "/title", "/trade", "/from_on", "/until_on", "/link",
    ]  # fmt: skip
    assert itself.value.findings[0].code == "credentials.learning-self"


async def test_another_organisation_neither_enters_nor_reads_nor_changes_it(
    database: Settings,
) -> None:
    apprentice, _ = await pair()
    id, other = await entered(apprentice), await organiser_of(OTHER_CITY)
    clerk = await organiser_of(CITY, Role.CLERK)

    with pytest.raises(Forbidden):
        await learning.enter(other, apprentice, Entry(CITY, "trainee", FACTS), TODAY)
    for step in (
        learning.learning_page(other, id),
        learning.correct(other, id, FACTS, "x", TODAY),
        learning.take_out(other, id, "x"),
    ):
        with pytest.raises(NotFound):
            await step
    with pytest.raises(Forbidden):
        await learning.take_out(clerk, id, "x")
    assert (await learning.learning_page(clerk, id)).title == "手工面点"


async def test_the_person_s_own_file_tells_it_and_erasure_takes_its_words(
    database: Settings,
) -> None:
    apprentice, master = await pair()
    id = await entered(apprentice)
    told = {one.code: one.records for one in await about_person.about(apprentice, Within())}

    await erase_person(master)
    page = await learning.learning_page(SYSTEM, id)

    assert told["learning"][0]["master"] == "李师傅"
    assert (page.title, page.names[master], page.row["evidence_hash"]) == ("", "", "")
    assert all(not one.why for one in page.history)


async def test_a_day_in_another_form_of_the_standard_is_kept_as_all_days_are(
    database: Settings,
) -> None:
    apprentice, _ = await pair()
    typed = replace(FACTS, from_on="20240105", until_on="2025-W01-1")

    await learning.enter(await organiser_of(CITY), apprentice, Entry(CITY, "trainee", typed), TODAY)

    (moment,) = await timeline.moments_of(apprentice, Within())
    assert (moment.day, moment.until) == ("2024-01-05", "2024-12-30")
