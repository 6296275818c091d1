"""直接采认: a Macao electrician's proof is proposed to Zhuhai, explained, and granted by nobody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import httpx
import pytest

from core.errors import Forbidden, Invalid
from core.outbox import drain
from core.security import SYSTEM, Role
from core.settings import Settings
from core.tables import Organisation
from credentials.actions import create_issuer
from credentials.encoding import to_text
from credentials.queries import verify_by_id
from credentials.records.actions import grant_proposal, refuse_proposal
from credentials.records.explaining import explained
from credentials.records.levels import recognition
from credentials.records.levels.recognition import (
    Entry,
    offered,
    propose_recognition,
    recognitions_for,
)
from credentials.records.people import Who
from credentials.records.tables import HeldLevel, Proposal
from credentials.tables import Certificate
from credentials.verify import State
from tests.credentials.records.kit import UNIT, account_of, organisations, organiser_of
from tests.factories_accounts import log_in_browser

ZHUHAI = "zhuhai-training"
HTML = {"Accept": "text/html", "Accept-Language": "en"}
PROOF = Entry(
    UNIT,
    Who("陈伟", document_kind="macao_bir", document="1234567(8)"),
    "electrician_recognition",
    "intermediate",
    "劳工事务局",
    "M-2019-0042",
    "2019-05-06",
    hash="a" * 64,
)
TODAY = date(2026, 3, 2)


async def bodies() -> None:
    await organisations()
    await Organisation.insert(
        Organisation(
            id=uuid4(),
            code=ZHUHAI,
            title=to_text({"zh-Hans": "珠海市职业训练指导服务中心"}),
            kind="assessment_body",
            created_at=datetime.now(UTC),
        )
    )
    await create_issuer(SYSTEM, ZHUHAI)


async def entered() -> UUID:
    await bodies()
    return await propose_recognition(await organiser_of(UNIT), PROOF, TODAY)


@pytest.mark.engine
async def test_the_proof_is_proposed_with_its_explanation_and_granted_by_nobody(
    database: Settings,
) -> None:
    proposal = await entered()
    await drain()

    about = await explained(proposal)
    row = await Proposal.select().where(Proposal.id == proposal).first()
    assert row is not None
    assert (row["state"], row["kind"], row["issuer"], row["grade"]) == (
        "proposed", "partner", ZHUHAI, "",
    )  # fmt: skip
    assert about.authority_title["zh-Hans"] == "珠海市职业训练指导服务中心"
    assert about.verdict is not None
    assert about.verdict.proposes
    proof = about.verdict.checks[0]
    assert "维修电工" in proof.wanted["zh-Hans"]
    assert proof.found["zh-Hans"] == "中级 · 劳工事务局 · M-2019-0042 · 2019-05-06"
    assert proof.found["pt"].startswith("intermédio")
    assert "2016" in about.source
    assert await Certificate.count() == 0
    assert await HeldLevel.count() == 0


@pytest.mark.engine
async def test_the_authority_grants_with_its_own_level_and_number(database: Settings) -> None:
    proposal = await entered()
    unit, zhuhai = await organiser_of(UNIT), await organiser_of(ZHUHAI)

    with pytest.raises(Forbidden):
        await grant_proposal(unit, proposal, number="Z1", level="junior", granted_on="2026-03-20")
    with pytest.raises(Invalid) as nothing:
        await grant_proposal(zhuhai, proposal, granted_on="2026-03-20")
    await grant_proposal(zhuhai, proposal, number="Z-1", level="junior", granted_on="2026-03-20")
    await drain()

    assert {one.pointer for one in nothing.value.findings} == {"/number", "/level"}
    certificate = await Certificate.select().first()
    assert certificate is not None
    assert (certificate["kind"], certificate["issuer"], certificate["grade"]) == (
        "partner", ZHUHAI, "junior",
    )  # fmt: skip
    assert (await verify_by_id(certificate["public_id"])).state is State.VALID


async def test_nobody_is_proposed_twice_but_again_after_a_refusal(database: Settings) -> None:
    proposal = await entered()
    by = await organiser_of(UNIT)

    with pytest.raises(Invalid) as twice:
        await propose_recognition(by, PROOF, TODAY)
    await refuse_proposal(await organiser_of(ZHUHAI), proposal, reason="证明已失效")
    again = await propose_recognition(by, PROOF, TODAY)

    assert [one.code for one in twice.value.findings] == ["credentials.recognition-before"]
    assert again != proposal


async def test_all_that_is_wrong_with_a_proof_is_said_at_once(database: Settings) -> None:
    await bodies()
    by = await organiser_of(UNIT)
    wrong = replace(
        PROOF, level="senior", issuer="", number="", granted_on="2030-01-01", hash="", link=""
    )

    with pytest.raises(Invalid) as found:
        await propose_recognition(by, wrong, TODAY)
    with pytest.raises(Invalid) as unknown:
        await propose_recognition(by, replace(PROOF, output="dsal_skill_proof"), TODAY)

    assert [one.code for one in found.value.findings] == [
        "credentials.recognition-level",
        "filing-text",
        "filing-text",
        "credentials.day-future",
        "credentials.evidence-missing",
    ]
    assert [one.code for one in unknown.value.findings] == ["credentials.recognition-unknown"]
    assert [output.code for _, output in offered()] == ["electrician_recognition"]


async def test_who_entered_it_and_who_decides_see_it_and_nobody_else(database: Settings) -> None:
    await entered()
    unit, zhuhai = await organiser_of(UNIT), await organiser_of(ZHUHAI)
    clerk, stranger = await organiser_of(ZHUHAI, Role.CLERK), await organiser_of("foshan-ftu")

    assert [one.may_decide for one in await recognitions_for(unit)] == [False]
    assert [one.may_decide for one in await recognitions_for(zhuhai)] == [True]
    assert [one.may_decide for one in await recognitions_for(clerk)] == [False]
    assert await recognitions_for(stranger) == []


async def test_it_is_entered_and_decided_on_its_page(client: httpx.AsyncClient) -> None:
    await bodies()
    csrf = await log_in_browser(client, await account_of(UNIT))
    typed = {
        "csrf_token": csrf, "body": UNIT, "name": "陈伟", "document_kind": "macao_bir",
        "document_number": "1234567(8)", "output": "electrician_recognition/junior",
        "issuer": "劳工事务局", "number": "M-1", "granted_on": "2019-05-06", "hash": "a" * 64,
    }  # fmt: skip

    wrong = await client.post(
        "/console/levels/recognition", data={**typed, "number": ""}, headers=HTML
    )
    done = await client.post("/console/levels/recognition", data=typed, headers=HTML)
    row = await Proposal.select(Proposal.id).first()
    assert row is not None
    csrf = await log_in_browser(client, await account_of(ZHUHAI))
    page = await client.get("/console/levels/recognition", headers=HTML)
    at = f"/console/levels/recognition/{row['id']}"
    lacking = await client.post(
        f"{at}/grant", data={"csrf_token": csrf, "granted_on": "2026-03-20"}, headers=HTML
    )
    refused = await client.post(
        f"{at}/refuse", data={"csrf_token": csrf, "reason": "已失效"}, headers=HTML
    )
    after = await client.get("/console/levels/recognition", headers=HTML)

    assert "1 to 120 characters" in wrong.text or "120" in wrong.text
    assert done.status_code == 303
    assert "junior · 劳工事务局 · M-1 · 2019-05-06" in page.text
    assert "1234567" not in page.text
    assert lacking.status_code == 422
    assert refused.status_code == 303
    assert "已失效" in after.text


@pytest.mark.engine
async def test_of_two_who_propose_the_same_at_the_same_moment_one_is_told_of_the_other(
    database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    await entered()

    async def nothing_yet(*_: object) -> int:
        return 0

    monkeypatch.setattr(recognition, "_before", nothing_yet)
    with pytest.raises(Invalid, match="recognition-before"):
        await propose_recognition(await organiser_of(UNIT), PROOF, TODAY)

    assert await Proposal.count() == 1
