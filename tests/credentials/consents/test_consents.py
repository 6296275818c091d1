"""What a holder allows, and that nothing of it happens without."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from core.db import transaction
from core.errors import Forbidden, Invalid
from core.events import ResultFinal
from core.privacy import create_person, erase_person
from core.security import SYSTEM, Actor
from core.settings import Settings
from credentials import limits
from credentials.comparing import actions as comparing
from credentials.consents.actions import consents_of, end_consent, record_consent
from credentials.consents.tables import HolderConsent
from credentials.queries import certificates_of
from tests.credentials.comparing.test_comparing import answers, typed
from tests.credentials.facts import CONTEST, issuers, result, tell

pytestmark = pytest.mark.engine

NAME, NUMBER = "欧阳晓明", "11010519491231002X"
SIGNED = "Form signed on 2026-11-20"


@pytest.fixture(autouse=True)
def full_buckets() -> None:
    limits.guesses._left.clear()
    comparing._addresses.forget()


@pytest.fixture
async def one(database: Settings) -> dict[str, Any]:
    await issuers()
    async with transaction():
        documents = [("mainland_id", NUMBER), ("home_return_permit", "H12345678")]
        holder = await create_person(name=NAME, documents=documents)
        await create_person(name="张伟", documents=[("mainland_id", "440524188001010014")])
    await tell(ResultFinal(result([holder])))
    return {**(await certificates_of(CONTEST))[0], "holder": holder}


async def document(client: httpx.AsyncClient, one: dict[str, Any], number: str) -> str:
    comparing._addresses.forget()
    page = await typed(client, one["public_id"], document=number)
    assert number not in page.text
    return answers(page).get("document", "used up" if "five tries" in page.text else "not asked")


async def test_a_document_s_number_is_compared_only_with_consent_and_five_times_a_day(
    client: httpx.AsyncClient, one: dict[str, Any]
) -> None:
    assert await document(client, one, NUMBER) == "not asked"
    await record_consent(SYSTEM, one["public_id"], "document", source=SIGNED)

    tried = [NUMBER.lower(), "110105 1949 1231 002x", NUMBER[:-1], "440524188001010014"]
    said = [await document(client, one, number) for number in [*tried, "H12345678"]]

    assert said == ["yes", "yes", "no", "no", "yes"]
    assert await document(client, one, NUMBER) == "used up"
    page = await typed(client, one["public_id"], name=NAME, document=NUMBER)
    assert answers(page) == {"name": "yes"}  # the rest is still answered
    await end_consent(SYSTEM, one["public_id"], "document")
    assert await document(client, one, NUMBER) == "not asked"


async def test_the_full_name_is_public_while_the_holder_wants_it(
    client: httpx.AsyncClient, one: dict[str, Any]
) -> None:
    async def seen() -> tuple[bool, bool]:
        url = f"/c/{one['public_id']}"
        page, verdict = await client.get(url), await client.get(f"{url}.json")
        return NAME in page.text, NAME in verdict.text

    before = await seen()
    await record_consent(SYSTEM, one["public_id"], "name", source=SIGNED)
    during = await seen()
    await end_consent(SYSTEM, one["public_id"], "name")
    after = await seen()

    assert (before, during, after) == ((False, False), (True, True), (False, False))


async def test_a_consent_stays_on_record_with_the_wording_that_was_agreed_to(
    one: dict[str, Any],
) -> None:
    for _ in range(2):
        await record_consent(SYSTEM, one["public_id"], "name", source=SIGNED)
    await end_consent(SYSTEM, one["public_id"], "name")
    await record_consent(SYSTEM, one["public_id"], "name", source="By telephone")

    rows = await consents_of(SYSTEM, one["public_id"])

    assert [(row["source"], row["wording"], row["withdrawn_at"] is None) for row in rows] == [
        ("By telephone", 1, True),
        (SIGNED, 1, False),
    ]


async def test_it_is_recorded_by_whoever_may_with_its_source_and_forgotten_with_the_person(
    one: dict[str, Any],
) -> None:
    with pytest.raises(Forbidden):
        await record_consent(Actor(None, "nobody"), one["public_id"], "name", source=SIGNED)
    with pytest.raises(Invalid) as wrong:
        await record_consent(SYSTEM, one["public_id"], "face", source=" ")
    assert [finding.pointer for finding in wrong.value.findings] == ["/kind", "/source"]
    await record_consent(SYSTEM, one["public_id"], "name", source=SIGNED)

    await erase_person(one["holder"])

    assert await HolderConsent.count() == 0
