"""A team's and a studio's honour is signed, shown and withdrawn like a person's, with a name and no person."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
import pypdfium2
import pytest

from core.db import transaction
from core.outbox import drain
from core.privacy import erase_person
from core.security import SYSTEM
from core.settings import Settings
from credentials import queries, rendering
from credentials.cwt import open_printed
from credentials.files.making import certificate_pdf
from credentials.keys import new_private_key
from credentials.partners import actions as partners
from credentials.partners.batch import enrolment
from credentials.partners.tables import UnsignedCertificate
from credentials.queries import verify_by_id
from credentials.records.honours import deciding, entering, studios, withdrawing
from credentials.records.honours.collective import issue_collective
from credentials.records.honours.events import CollectiveHonoured
from credentials.records.honours.queries import honour_page
from credentials.records.honours.tables import HonourCase
from credentials.records.tables import Proposal
from credentials.status import Status
from credentials.tables import Certificate, CertificateVersion
from credentials.verify import OF_COLLECTIVE, State, collective
from tests.credentials.records.kit import (
    PROOF,
    PROVINCE,
    TODAY,
    ZHANG,
    federation,
    organisations,
    organiser_of,
)

AFTER = TODAY + timedelta(days=8)
UNTIL = (TODAY + timedelta(days=7)).isoformat()
TEAM = "焊接一班"
HTML = {"Accept": "text/html", "Accept-Language": "en"}


async def granted(entry: entering.Entry) -> UUID:
    by = await organiser_of(PROVINCE)
    case = await entering.propose_honour(by, entry)
    await deciding.open_notice(by, case, until=UNTIL, today=TODAY)
    await deciding.grant_honour(by, case, PROOF, today=AFTER)
    return case


async def elsewhere() -> None:
    """The province's federation signs on its own machine."""
    await organisations(PROVINCE)
    enrolled = enrolment(PROVINCE, new_private_key(), datetime.now(UTC))
    await partners.enrol_partner(SYSTEM, enrolled)


async def team() -> UUID:
    await federation()
    case = await granted(entering.Entry("guangdong_workers_pioneer", PROVINCE, holder=TEAM))
    await drain()
    return case


async def number() -> str:
    row = await Certificate.select(Certificate.public_id).first()
    assert row is not None
    return str(row["public_id"])


@pytest.mark.engine
async def test_a_team_s_certificate_names_the_team_and_no_person(database: Settings) -> None:
    case = await team()

    page = await honour_page(await organiser_of(PROVINCE), case)
    row = await Certificate.select().first()
    assert row is not None
    assert page.certificate == (row["public_id"], "issued")
    assert (row["kind"], row["person"], row["proposal"]) == ("collective", None, None)
    assert TEAM not in str(row)
    verdict = await verify_by_id(row["public_id"])
    assert verdict.state is State.VALID
    assert verdict.read is not None
    assert collective(verdict.read)
    assert verdict.read.name == TEAM
    assert {check.id: check.code for check in verdict.checks}["person"] == OF_COLLECTIVE
    assert verdict.credential is not None
    subject = verdict.credential["credentialSubject"]
    assert subject["type"] == ["AchievementSubject", "Profile"]
    assert "粤工〔2026〕3号" in subject["achievement"]["description"]
    assert await Proposal.count() == 0


async def test_its_code_says_by_itself_that_a_collective_holds_it(database: Settings) -> None:
    await team()
    row = await queries.stored(await number())
    assert row is not None

    text = await rendering.qr_text(row)

    printed = open_printed(text.partition("#")[2]).printed
    assert (printed.kind, printed.name, printed.grade) == ("collective", TEAM, "provincial")


async def test_its_paper_has_the_team_s_name_under_the_honour(database: Settings) -> None:
    await team()
    row = await queries.stored(await number())
    assert row is not None

    (page,) = pypdfium2.PdfDocument(await certificate_pdf(row))
    said = page.get_textpage().get_text_range()

    assert TEAM in said
    assert "荣誉证书" in said


@pytest.mark.engine
async def test_a_withdrawal_by_two_persons_revokes_it_with_reason(database: Settings) -> None:
    case = await team()
    asking, confirming = await organiser_of(PROVINCE), await organiser_of(PROVINCE)

    await withdrawing.ask_withdrawal(asking, case, reason="材料不实", document="粤工9号")
    await withdrawing.confirm_withdrawal(confirming, case, today=AFTER)
    await drain()

    verdict = await verify_by_id(await number())
    version = await CertificateVersion.select(CertificateVersion.status).first()
    row = await Certificate.select(Certificate.reason, Certificate.authority).first()
    assert verdict.state is State.REVOKED
    assert version == {"status": int(Status.REVOKED)}
    assert row == {"reason": "材料不实", "authority": PROVINCE}


async def test_nothing_is_signed_after_a_withdrawal_nor_without_keys_here(
    database: Settings,
) -> None:
    await federation()
    case = await granted(entering.Entry("guangdong_workers_pioneer", PROVINCE, holder=TEAM))
    asking, confirming = await organiser_of(PROVINCE), await organiser_of(PROVINCE)
    await withdrawing.ask_withdrawal(asking, case, reason="材料不实", document="粤工9号")
    await withdrawing.confirm_withdrawal(confirming, case, today=AFTER)

    await drain()

    assert await Certificate.count() == 0


@pytest.mark.engine
async def test_a_withdrawal_while_it_is_signed_finds_the_certificate(database: Settings) -> None:
    await federation()
    case = await granted(entering.Entry("guangdong_workers_pioneer", PROVINCE, holder=TEAM))
    asking, confirming = await organiser_of(PROVINCE), await organiser_of(PROVINCE)
    await withdrawing.ask_withdrawal(asking, case, reason="材料不实", document="粤工9号")
    signed, confirmed = asyncio.Event(), asyncio.Event()

    async def sign() -> None:
        async with transaction():
            await issue_collective([CollectiveHonoured(str(case))])
            signed.set()
            with suppress(TimeoutError):
                await asyncio.wait_for(confirmed.wait(), 0.5)

    async def confirm() -> None:
        await signed.wait()
        await withdrawing.confirm_withdrawal(confirming, case, today=AFTER)
        confirmed.set()

    await asyncio.gather(sign(), confirm())
    await drain()

    assert (await verify_by_id(await number())).state is State.REVOKED


@pytest.mark.engine
async def test_what_waits_to_be_signed_elsewhere_waits_no_longer_once_it_is_withdrawn(
    database: Settings,
) -> None:
    await elsewhere()
    case = await granted(entering.Entry("guangdong_workers_pioneer", PROVINCE, holder=TEAM))
    await drain()
    (waiting,) = await partners.waiting_for(SYSTEM, PROVINCE)
    asking, confirming = await organiser_of(PROVINCE), await organiser_of(PROVINCE)

    await withdrawing.ask_withdrawal(asking, case, reason="材料不实", document="粤工9号")
    await withdrawing.confirm_withdrawal(confirming, case, today=AFTER)

    assert waiting["title"]["zh-Hans"]
    assert await partners.waiting_for(SYSTEM, PROVINCE) == []


async def test_an_authority_that_signs_elsewhere_leaves_the_fact_alone(database: Settings) -> None:
    await organisations(PROVINCE)
    case = await granted(entering.Entry("guangdong_workers_pioneer", PROVINCE, holder=TEAM))

    await drain()

    row = await HonourCase.select(HonourCase.state).where(HonourCase.id == case).first()
    assert row == {"state": "granted"}
    assert await Certificate.count() == 0


async def test_nothing_of_a_studio_waits_to_be_signed_once_its_leader_is_forgotten(
    database: Settings,
) -> None:
    await elsewhere()
    by = await organiser_of(PROVINCE)
    new = studios.NewStudio(PROVINCE, "张伟创新工作室", "municipal", ZHANG, founded_on="2021-05-01")
    studio = await studios.found_studio(by, new)
    await granted(entering.Entry("guangdong_innovation_studio", PROVINCE, studio=str(studio)))
    await drain()
    assert await UnsignedCertificate.count() == 1
    page = await studios.studio_page(by, studio)

    await erase_person(page.members[0].person)

    assert await UnsignedCertificate.count() == 0


@pytest.mark.engine
async def test_a_studio_s_certificate_is_unreadable_once_its_leader_is_forgotten(
    database: Settings,
) -> None:
    await federation()
    by = await organiser_of(PROVINCE)
    new = studios.NewStudio(PROVINCE, "张伟创新工作室", "municipal", ZHANG, founded_on="2021-05-01")
    studio = await studios.found_studio(by, new)
    await granted(entering.Entry("guangdong_innovation_studio", PROVINCE, studio=str(studio)))
    await drain()
    before = await verify_by_id(await number())
    page = await studios.studio_page(by, studio)

    await erase_person(page.members[0].person)

    after = await verify_by_id(await number())
    assert before.read is not None
    assert before.read.name == "张伟创新工作室"
    assert (after.state, after.read) == (State.ERASED, None)


async def test_the_page_of_the_certificate_speaks_of_a_collective(
    client: httpx.AsyncClient,
) -> None:
    await team()

    page = await client.get(f"/c/{await number()}", headers=HTML)

    assert TEAM in page.text
    assert "Unit, team or studio honoured" in page.text
    assert "there is no identity document to compare" in page.text
    assert "Whether the person before you" not in page.text
