"""A level is granted and signed only within its body's filing, under a number that fits it."""

from __future__ import annotations

import json
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from core.db import transaction
from core.errors import Invalid
from core.events import ResultFinal
from core.filing import Filing, filing_findings, filing_of, stored, typed_filing
from core.organisations import change_filing, create_organisation
from core.outbox import drain
from core.security import SYSTEM
from core.settings import Settings
from core.tables import Organisation
from credentials.issuance import issuance_of
from credentials.records import actions
from credentials.records.levels.filed import FilingLacks, lacking
from credentials.records.levels.numbers import (
    held_number_findings,
    normalised,
    number_findings,
    number_warnings,
)
from credentials.records.tables import HeldLevel, Proposal
from credentials.tables import Certificate
from tests.credentials.facts import BODY, CONTEST, LEVEL, ORGANISER, issuers, person, result, tell

NUMBER, DAY = "S000044010326243000123", "2024-11-01"
FILING = Filing("S0000", "粤", ("4-03-02-03",), ("4", "3"), "2024-01-01", "2026-12-31", "44")


async def filed(**changes: Any) -> None:
    filing = {**stored(FILING), **changes}
    await Organisation.update({Organisation.filing: json.dumps(filing)}).where(
        Organisation.code == BODY
    )


async def proposed() -> UUID:
    await issuers()
    await tell(ResultFinal(result([await person()], LEVEL)))
    row = await Proposal.select(Proposal.id).first()
    assert row is not None
    return UUID(str(row["id"]))


async def grant(proposal: UUID, today: str = "2026-11-30", on: str = DAY) -> None:
    async with transaction():
        await actions.confer(
            SYSTEM, proposal, number=NUMBER, granted_on=on, today=date.fromisoformat(today)
        )


@pytest.mark.parametrize(
    ("changes", "today", "codes"),
    [
        ({}, "2027-01-01", ["filing-days"]),
        ({"valid_from": "2024-11-02"}, "2026-11-30", ["filing-days"]),
        ({"occupations": ["4-08-03-07"]}, "2026-11-30", ["filing-occupation"]),
        ({"levels": ["4"]}, "2026-11-30", ["filing-level"]),
        (
            {"levels": ["4"], "occupations": ["4-08-03-07"], "valid_until": "2024-10-31"},
            "2026-11-30",
            ["filing-days", "filing-occupation", "filing-level"],
        ),
        ({"authority": ""}, "2026-11-30", ["filing-none"]),
    ],
)
async def test_what_the_filing_does_not_cover_is_refused_and_named(
    database: Settings, changes: dict[str, Any], today: str, codes: list[str]
) -> None:
    proposal = await proposed()
    await filed(**changes)

    with pytest.raises(FilingLacks) as refused:
        await grant(proposal, today)

    assert [f.code.removeprefix("credentials.") for f in refused.value.findings] == codes
    row = await Proposal.select(Proposal.state).first()
    assert row is not None
    assert row["state"] == "proposed"
    assert await HeldLevel.count() == 0


async def test_a_filing_that_ended_between_grant_and_signing_holds_the_certificate_back(
    database: Settings,
) -> None:
    proposal = await proposed()
    await filed(valid_until="2099-12-31")
    await grant(proposal)
    await filed(valid_until="2024-12-31")

    await drain()

    (held,) = (await issuance_of(UUID(CONTEST), ORGANISER)).held
    assert held.reason.code == "credentials.held-unfiled"
    assert await Certificate.count() == 0


async def test_the_last_day_of_a_filing_counts(database: Settings) -> None:
    proposal = await proposed()
    await filed()

    await grant(proposal, "2026-12-31")

    assert await HeldLevel.count() == 1


def test_a_level_of_a_contest_without_an_occupation_is_in_no_filing() -> None:
    (found,) = lacking(FILING, "", "3", DAY)

    assert found.code == "credentials.filing-no-occupation"


# --- the filing itself ------------------------------------------------------------------------


def test_a_filing_is_read_as_it_was_kept() -> None:
    assert filing_of(json.dumps(stored(FILING))) == FILING
    assert filing_of("") is None
    assert filing_of('{"number":"S0000"}') is None


def test_everything_wrong_with_a_filing_is_said_at_once() -> None:
    wrong = {
        "number": " ",
        "authority": 3,
        "occupations": ["4-08-3-07"],
        "levels": ["6"],
        "valid_from": "20240101",
        "valid_until": "2024-13-01",
        "province": "4",
        "colour": "red",
    }

    found = {f.pointer for f in filing_findings(wrong)}

    assert found == {f"/{name}" for name in wrong}
    late = {**stored(FILING), "valid_until": "2023-12-31"}
    assert [f.code for f in filing_findings(late)] == ["filing-days"]
    assert {f.pointer for f in filing_findings({})} >= {"/occupations", "/levels", "/number"}


def test_a_list_is_typed_with_whatever_stands_between() -> None:
    typed = typed_filing({"occupations": "4-08-03-07, 4-03-02-03\r\n4-08-03-07、demo-robot"})

    assert typed["occupations"] == ["4-08-03-07", "4-03-02-03", "demo-robot"]


async def test_only_an_assessment_body_has_a_filing(database: Settings) -> None:
    filing, title = stored(FILING), {"en": "House"}

    with pytest.raises(Invalid, match="filing-kind"):
        await create_organisation(
            SYSTEM, code="house", title=title, kind="organiser", filing=filing
        )
    with pytest.raises(Invalid) as wrong:
        await create_organisation(
            SYSTEM, code="body", title=title, kind="assessment_body", filing={"number": "1"}
        )
    assert {f.pointer.split("/")[1] for f in wrong.value.findings} == {"filing"}
    made = await create_organisation(SYSTEM, code="body", title=title, kind="assessment_body")
    await change_filing(SYSTEM, made, {**filing, "province": ""})
    row = await Organisation.select(Organisation.filing).where(Organisation.id == made).first()
    assert row is not None
    kept = filing_of(row["filing"])
    assert kept is not None
    assert kept.province == ""


# --- numbers ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "level", "code"),
    [
        (NUMBER, "3", ""),
        ("Y" + NUMBER[1:], "3", ""),
        (NUMBER, "4", "level-of-number"),
        ("2444010004301234", "3", "level-number"),
        ("YS" + "1" * 20, "rank-7", ""),
        (NUMBER, "rank-7", "number-special"),
        (NUMBER, "rank-8", ""),
        ("Y" + "1" * 20, "rank-8", "number-unpublished"),
    ],
)
def test_a_new_number_has_the_form_of_its_level(number: str, level: str, code: str) -> None:
    found = [f.code.removeprefix("credentials.") for f in number_findings(number, level)]

    assert found == ([code] if code else [])


@pytest.mark.parametrize(
    ("number", "level", "code"),
    [
        (NUMBER, "3", ""),
        (NUMBER, "2", "number-level"),
        ("1019000000301234", "3", ""),
        ("1019000000301234", "4", "number-level"),
        ("101900000030123", "3", "number-any"),
        ("X" + NUMBER[1:], "3", "number-any"),
    ],
)
def test_a_held_number_may_be_an_old_one(number: str, level: str, code: str) -> None:
    found = [f.code.removeprefix("credentials.") for f in held_number_findings(number, level)]

    assert found == ([code] if code else [])


def test_a_number_of_another_year_or_province_is_pointed_out() -> None:
    assert number_warnings(NUMBER, DAY, "44") == []
    found = number_warnings(NUMBER, "2025-01-02", "23")

    assert [(f.code, f.params["said"]) for f in found] == [
        ("credentials.number-year", "2024"),
        ("credentials.number-province", "44"),
    ]
    assert number_warnings("1019000000301234", "2010-05-01") == []
    assert number_warnings("YS" + "1" * 20, "2010-05-01", "44") == []


def test_a_number_is_read_as_people_type_it() -> None:
    assert normalised(" s0000 4401 0326 2430 00123 ") == NUMBER
    assert normalised("S000044010326243000123") == NUMBER
