"""Comparing over HTTP: match or no match, counted, and nothing else learnt or kept."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from core.events import ResultFinal
from core.privacy import erase_person
from core.settings import Settings
from credentials import limits
from credentials.comparing import actions as comparing
from credentials.comparing.tables import ComparisonTries
from credentials.comparing.tries import A_DAY
from credentials.queries import certificates_of
from tests.credentials.facts import CONTEST, issued, issuers, person, result, tell

pytestmark = pytest.mark.engine

ANSWER = re.compile(r'id="(\w+)-said" class="(\w+)"')


@pytest.fixture(autouse=True)
def full_buckets() -> None:
    limits.guesses._left.clear()
    comparing._addresses.forget()


@pytest.fixture
async def one(database: Settings) -> dict[str, Any]:
    await issuers()
    return await issued(name="欧阳晓明")


async def typed(client: httpx.AsyncClient, id: str, **fields: str) -> httpx.Response:
    return await client.post(f"/c/{id}", data=fields, headers={"Accept-Language": "en"})


def answers(page: httpx.Response) -> dict[str, str]:
    return dict(ANSWER.findall(page.text))


async def test_each_field_is_answered_by_itself(
    client: httpx.AsyncClient, one: dict[str, Any]
) -> None:
    page = await typed(client, one["public_id"], name="欧阳小明", grade="一等奖", number="")

    assert answers(page) == {"name": "no", "grade": "yes"}
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    assert 'value="欧阳小明"' in page.text
    assert "欧阳晓明" not in page.text
    again = await client.get(f"/c/{one['public_id']}")
    assert "欧阳小明" not in again.text  # nobody else sees what somebody typed


async def test_an_empty_form_is_told_what_to_do(
    client: httpx.AsyncClient, one: dict[str, Any]
) -> None:
    page = await typed(client, one["public_id"])

    assert "Type in at least one thing" in page.text
    assert answers(page) == {}


async def test_hostile_text_stays_text(client: httpx.AsyncClient, one: dict[str, Any]) -> None:
    page = await typed(client, one["public_id"], name='"><script>alert(1)</script>')

    assert "<script>alert" not in page.text


async def test_one_address_can_t_try_names_out(
    client: httpx.AsyncClient, one: dict[str, Any]
) -> None:
    pages = [await typed(client, one["public_id"], name=f"欧阳{n}") for n in range(12)]

    assert answers(pages[0]) == {"name": "no"}
    assert answers(pages[-1]) == {}
    assert "Wait a minute" in pages[-1].text
    assert 'value="欧阳11"' in pages[-1].text  # nothing typed is lost


async def test_one_certificate_is_not_compared_without_end_by_many_addresses(
    client: httpx.AsyncClient, one: dict[str, Any]
) -> None:
    for n in range(A_DAY["paper"] + 1):
        comparing._addresses.forget()
        page = await typed(client, one["public_id"], name=f"欧阳{n}")

    row = await ComparisonTries.select().first()
    assert answers(page) == {}
    assert "Try again tomorrow" in page.text
    assert row is not None
    assert (row["kind"], row["tries"]) == ("paper", A_DAY["paper"])


async def test_an_id_that_is_not_there_answers_as_it_always_does(
    client: httpx.AsyncClient, one: dict[str, Any]
) -> None:
    for id in ("0000000000ZZ", "%27--"):
        page = await typed(client, id, name="x")
        assert page.status_code == 404
        assert "This does not mean that it is forged." in page.text


async def test_after_erasure_there_is_nothing_to_compare_with(
    client: httpx.AsyncClient, database: Settings
) -> None:
    await issuers()
    holder = await person("独孤求败")
    await tell(ResultFinal(result([holder])))
    gone = (await certificates_of(CONTEST))[0]
    await erase_person(holder)

    page = await typed(client, gone["public_id"], name="独孤求败")

    assert "Erased on request" in page.text
    assert answers(page) == {}
