"""Attacks on lists that are taken in and on the interface for databases: foreign keys, made-up codes of persons,
Hong Kong numbers, formulas, sizes."""

from __future__ import annotations

import json

import httpx
import pytest

from core.db import transaction
from core.errors import Forbidden, NotFound
from core.settings import Settings
from core.web import limits
from credentials.consents.actions import give
from credentials.employers import asking
from credentials.employers.keys import revoke_key
from credentials.records.exchange import access
from credentials.records.exchange.exporting import export
from credentials.records.exchange.importing import checked_list
from credentials.records.honours.tables import HonourCase
from plugins.greater_bay_area.documents import hkid_check_digit
from tests.admin.test_hong_kong_numbers import leaks, texts
from tests.credentials.employers.kit import bearing, office
from tests.credentials.records.kit import CITY, PROVINCE
from tests.credentials.records.listing import line, looked, people, taken

PATHS = ("/api/exchange/honours", "/api/exchange/levels")
HKID = f"Z793793{hkid_check_digit('Z', '793793')}"


@pytest.fixture(autouse=True)
def full_buckets() -> None:
    limits.forget()
    asking.wrong_keys._left.clear()


async def test_another_authority_s_key_sees_nothing(client: httpx.AsyncClient) -> None:
    by, other = await people()
    await taken(by, line("honours"), line("levels"))
    (case,) = await HonourCase.select()
    made = await access.make_key(other, CITY, name="city", days=1)

    for path in PATHS:
        answer = await client.get(path, headers=bearing(made.text))
        assert (answer.status_code, answer.json()["items"]) == (200, [])
    one = await client.get(f"{PATHS[0]}/{case['id']}", headers=bearing(made.text))
    assert one.status_code == 404


async def test_a_level_that_names_another_body_as_its_issuer_stays_with_who_entered_it(
    client: httpx.AsyncClient,
) -> None:
    by, other = await people()
    await taken(other, line("levels", issuer=PROVINCE), keeper=CITY)
    made = await access.make_key(by, PROVINCE, name="province", days=1)

    answer = await client.get(PATHS[1], headers=bearing(made.text))

    assert answer.json()["items"] == []


async def test_an_employer_s_key_opens_no_exchange_and_the_other_way_round(
    client: httpx.AsyncClient,
) -> None:
    by, _ = await people()
    employer = await office()
    made = await access.make_key(by, PROVINCE, name="province", days=1)

    for path in PATHS:
        assert (await client.get(path, headers=employer.headers)).status_code == 403
        assert (await client.get(path)).status_code == 401
    assert (
        await client.get("/api/employers/follows", headers=bearing(made.text))
    ).status_code == 403
    with pytest.raises(NotFound):
        await revoke_key(employer.actor, employer.id, made.id)
    with pytest.raises(NotFound):
        await access.make_key(employer.actor, "employer-example", name="x", days=1)
    with pytest.raises(Forbidden):
        await access.keys_of(employer.actor, PROVINCE)


async def test_a_person_s_code_leads_to_the_person_only_together_with_the_name(
    database: Settings,
) -> None:
    by, other = await people()
    await taken(by, line("results"))
    told = json.loads(await export(by, PROVINCE, "json", "en"))["results"][0]

    fields = {"document": "", "person": told["person"]}
    made = await looked(
        other, line("levels", **fields), line("honours", name="李四", **fields), keeper=CITY
    )
    checked = {one.line.kind: one for one in await checked_list(other, made)}

    assert (checked["levels"].right, checked["levels"].new) == (True, False)
    assert [one.code for one in checked["honours"].wrong] == ["credentials.who-differs"]


async def test_no_answer_and_no_file_has_a_part_of_a_hong_kong_number(
    client: httpx.AsyncClient,
) -> None:
    by, _ = await people()
    lines = [
        line(kind, name="司徒甲明", document=HKID, document_kind="hkid") for kind in ("results", "honours", "levels")
    ]  # fmt: skip
    await taken(by, *lines)
    (case,) = await HonourCase.select()
    async with transaction():
        await give(case["person"], "name", source="Form 7", by=None)
    made = await access.make_key(by, PROVINCE, name="province", days=1)

    answers = [await client.get(path, headers=bearing(made.text)) for path in PATHS]
    files = [await export(by, PROVINCE, form, "en") for form in ("json", "xlsx")]

    assert all("司徒甲明" in answer.text for answer in answers)
    assert [leaks_in(answer.content) for answer in answers] == [set(), set()]
    assert [leaks_in(file) for file in files] == [set(), set()]


def leaks_in(content: bytes) -> set[str]:
    return {part for text in texts(content, "") for part in leaks(text)}


async def test_a_hong_kong_number_in_a_free_text_is_refused(database: Settings) -> None:
    by, _ = await people()

    made = await looked(by, line("results", prize=f"一等奖 {HKID}"))
    (one,) = await checked_list(by, made)

    assert [each.code for each in one.wrong] == ["credentials.taken-hkid"]
