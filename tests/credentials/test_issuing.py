"""What a result issues: once and only once, in the right hands."""

from __future__ import annotations

import asyncio

import jsonschema_rs
import pytest

from core.db import transaction
from core.events import ResultFinal, ResultSigned
from core.outbox import drain, put, stuck, sweep
from core.settings import Settings
from core.tables import OutboxMessage
from credentials import ledger
from credentials.encoding import from_base64url, from_json
from credentials.openbadges import schema
from credentials.queries import certificates_of, verify_by_id
from credentials.status import BLOCK
from credentials.tables import Certificate, CertificateVersion, StatusBlock
from credentials.verify import State
from tests.credentials.facts import (
    CONTEST,
    FIRST,
    ORGANISER,
    SECOND,
    issued,
    issuers,
    person,
    result,
    tell,
    text,
)

pytestmark = pytest.mark.engine


async def test_a_final_result_issues_the_award(database: Settings) -> None:
    await issuers()

    handed_out = await issued()

    verdict = await verify_by_id(handed_out["public_id"])
    assert verdict.state is State.VALID
    assert verdict.read is not None
    assert verdict.read.name == "张伟"
    document = from_json(from_base64url(handed_out["token"].split(".")[1]))
    validator = jsonschema_rs.validator_for(schema("achievementcredential"))
    assert list(validator.iter_errors(document)) == []
    assert document["name"] == "中式面点制作 一等奖 · Chinese Pastry First prize"


async def test_the_same_result_told_again_issues_nothing(database: Settings) -> None:
    await issuers()
    holder = await person()
    event = ResultFinal(result([holder]))

    await tell(event)
    first = await certificates_of(CONTEST)
    await tell(event, event)

    assert await certificates_of(CONTEST) == first
    assert await CertificateVersion.count() == 1


async def test_five_hundred_results_issue_five_hundred_certificates(database: Settings) -> None:
    await issuers()
    holders = [await person(f"人{n}") for n in range(20)]
    events = [ResultFinal(result([holders[n % 20]])) for n in range(500)]

    await tell(*events)

    rows = await CertificateVersion.select(CertificateVersion.position)
    assert len({row["position"] for row in rows}) == 500
    assert len({row["public_id"] for row in await Certificate.select(Certificate.public_id)}) == 500
    indices = [row["position"] % BLOCK for row in rows]
    assert max(indices) - min(indices) > BLOCK // 2
    assert await stuck() == []


async def test_workers_at_the_same_time_issue_each_certificate_once(database: Settings) -> None:
    await issuers()
    holder = await person()
    events = [ResultFinal(result([holder])) for _ in range(40)]
    async with transaction():
        await put(*events)

    await asyncio.gather(*(sweep() for _ in range(4)))
    await drain()

    assert await Certificate.count() == 40
    assert await CertificateVersion.count() == 40


async def test_a_worker_that_dies_in_the_middle_leaves_nothing_half_done(
    database: Settings,
) -> None:
    await issuers()
    holder = await person()
    async with transaction():
        await put(ResultFinal(result([holder])))

    class Died(Exception):
        pass

    from credentials import handlers

    row = (
        await OutboxMessage.select()
        .where(OutboxMessage.handler == "credentials.issue_final")
        .first()
    )
    assert row is not None
    from core.events import event_from_json

    with pytest.raises(Died):
        async with transaction():
            await handlers.issue_final([event_from_json(row["event"], row["body"])])  # type: ignore[list-item]
            raise Died
    assert await Certificate.count() == 0
    await drain()

    assert await Certificate.count() == 1
    assert await StatusBlock.exists().where(StatusBlock.used == 1)


async def test_without_an_issuer_s_key_the_result_waits(database: Settings) -> None:
    holder = await person()

    await tell(ResultFinal(result([holder])))

    assert await Certificate.count() == 0
    waiting = await OutboxMessage.select(OutboxMessage.last_error).where(
        OutboxMessage.done_at.is_null()
    )
    assert any("active certificate key" in row["last_error"] for row in waiting)


async def test_each_member_of_a_team_gets_one_that_names_the_team(database: Settings) -> None:
    await issuers()
    members = [await person(name) for name in ("甲一", "乙二", "丙三")]
    facts = result(members, team=text("东莞一队", "東莞一隊", "Dongguan 1", "Dongguan 1"))

    await tell(ResultFinal(facts))

    found = await certificates_of(CONTEST)
    documents = [from_json(from_base64url(one["token"].split(".")[1])) for one in found]
    assert len(found) == 3
    assert {d["credentialSubject"]["role"] for d in documents} == {
        "团队成员:东莞一队 · member of Dongguan 1"
    }
    names = {d["credentialSubject"]["identifier"][0]["identityHash"] for d in documents}
    assert names == {"甲一", "乙二", "丙三"}
    assert len({d["sub"] for d in documents}) == 3


async def test_a_ceremony_s_certificate_is_in_notice_and_then_valid(database: Settings) -> None:
    await issuers()
    holder = await person()
    facts = result([holder], notice_until="2024-10-18")
    soon = result([holder], notice_until="2999-10-18")

    await tell(ResultSigned(facts, issue=True), ResultSigned(soon, issue=True))
    await tell(ResultFinal(facts))

    states = {}
    for one in await certificates_of(CONTEST):
        verdict = await verify_by_id(one["public_id"])
        states[one["entry"]] = verdict.state
    assert states == {facts.entry: State.VALID, soon.entry: State.IN_NOTICE}
    assert await CertificateVersion.count() == 2


async def test_a_signed_result_issues_nothing_unless_the_rules_say_so(database: Settings) -> None:
    await issuers()
    holder = await person()

    await tell(ResultSigned(result([holder]), issue=False))

    assert await Certificate.count() == 0


async def test_only_the_organiser_s_award_issues_by_itself(database: Settings) -> None:
    from dataclasses import replace

    await issuers()
    holder = await person()
    foreign = replace(FIRST, issuer="somebody-else")
    level = replace(SECOND, kind="level", code="level:3", grade="3")

    await tell(ResultFinal(result([holder], foreign, level)))

    assert await Certificate.count() == 0


async def test_scores_stay_private_unless_the_rules_disclose_them(database: Settings) -> None:
    await issuers()

    private = await issued()
    disclosed = await issued(details={"disclosure": "modules"})

    assert "91.25" not in _payload(private)
    assert "91.25" in _payload(disclosed)


def _payload(one: dict[str, str]) -> str:
    return from_base64url(one["token"].split(".")[1]).decode()


async def test_a_full_block_is_followed_by_the_next(database: Settings) -> None:
    async with transaction():
        first = await ledger.reserve_positions(ORGANISER, 3)
    await StatusBlock.update({StatusBlock.used: BLOCK - 2}, force=True)
    async with transaction():
        over = await ledger.reserve_positions(ORGANISER, 5)

    assert {position // BLOCK for position in first} == {1}
    assert [position // BLOCK for position in over] == [1, 1, 2, 2, 2]
    assert len({*first, *over}) == 8
