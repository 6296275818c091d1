"""What may come between a result and its grant: another rule, another result, the end of a filing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from core.events import ResultFacts, ResultFinal
from core.outbox import drain
from core.privacy import person_name
from core.security import SYSTEM
from core.settings import Settings
from credentials.actions import create_issuer
from credentials.queries import verify_by_id
from credentials.records.actions import ProposalDecided, grant_proposal
from credentials.records.explaining import explained
from credentials.records.honours import deciding, entering
from credentials.records.known import with_record
from credentials.records.levels.issued.checking import check_list
from credentials.records.levels.issued.taking_back import take_list_back
from credentials.records.tables import HeldLevel, Honour, Proposal
from credentials.tables import Certificate
from credentials.verify import State
from plugins.greater_bay_area.authorities import Guangdong
from tests.credentials.facts import BODY, FIRST, LEVEL, issuers, person, result, tell
from tests.credentials.records.kit import MEDAL, PROOF, PROVINCE, TODAY, organisations, organiser_of
from tests.credentials.records.test_issued_numbers import line, two
from tests.credentials.records.test_lists_taken_back import granted_unsigned

pytestmark = pytest.mark.engine

UNTIL, AFTER = (TODAY + timedelta(days=5)).isoformat(), TODAY + timedelta(days=6)


async def winner() -> tuple[ResultFacts, UUID]:
    """First place of a provincial contest, and the medal that it proposes."""
    await issuers()
    await organisations()
    await create_issuer(SYSTEM, PROVINCE)
    facts = replace(
        result([await person()], FIRST, contest_class="gba", authorities=("guangdong",)),
        delegation="GD",
        details={"delegation_city": "442000"},
    )
    await tell(ResultFinal(facts))
    row = await Proposal.select(Proposal.id).where(Proposal.code == MEDAL).first()
    assert row is not None
    await Proposal.update({Proposal.issuer: PROVINCE}).where(Proposal.id == row["id"])
    return facts, row["id"]


async def test_a_rule_that_changed_before_the_grant_changes_neither_proposal_nor_explanation(
    database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, proposal = await winner()
    before = await explained(proposal)
    monkeypatch.setattr(Guangdong, "packs", ())

    await grant_proposal(SYSTEM, proposal, granted_on="2026-03-20")
    await drain()

    after = await explained(proposal)
    assert after.verdict == before.verdict
    assert after.verdict is not None
    assert after.verdict.proposes
    row = await Certificate.select().where(Certificate.kind == "honour").first()
    assert row is not None
    assert (await verify_by_id(row["public_id"])).state is State.VALID


async def test_a_result_withdrawn_during_the_notice_is_granted_by_nobody(
    database: Settings,
) -> None:
    facts, proposal = await winner()
    by = await organiser_of(PROVINCE)
    case = await entering.take_up(by, proposal)
    await deciding.open_notice(by, case, until=UNTIL, today=TODAY)

    lost = replace(facts, result_version=2, rank=2, correction="重新计分", outputs=())
    await tell(ResultFinal(lost))
    with pytest.raises(ProposalDecided):
        await deciding.grant_honour(by, case, PROOF, today=AFTER)
    await drain()

    row = await Proposal.select(Proposal.state).where(Proposal.id == proposal).first()
    assert row == {"state": "withdrawn"}
    assert await Honour.count() == 0
    assert await Certificate.count().where(Certificate.kind == "honour") == 0


async def test_a_result_withdrawn_after_the_grant_is_questioned_and_the_title_stays_with_its_body(
    database: Settings,
) -> None:
    facts, proposal = await winner()
    await grant_proposal(SYSTEM, proposal, granted_on="2026-03-20")

    await tell(ResultFinal(replace(facts, result_version=2, rank=2, correction="重新计分")))

    row = await Proposal.select(Proposal.state).where(Proposal.id == proposal).first()
    assert row == {"state": "questioned"}
    assert await Honour.count().where(Honour.withdrawn_at.is_null()) == 1


async def test_a_list_handed_in_after_the_filing_s_last_day_grants_nothing(
    database: Settings,
) -> None:
    await two()

    (last,) = await check_list(SYSTEM, BODY, [line()], date(2099, 12, 31))
    (late,) = await check_list(SYSTEM, BODY, [line()], date(2100, 1, 1))

    assert last.proposal is not None
    assert late.proposal is None
    assert [one.code for one in late.wrong] == ["credentials.filing-days"]


async def test_a_level_that_was_taken_back_with_its_list_is_no_held_level_of_any_rule(
    database: Settings,
) -> None:
    await two()
    job = await granted_unsigned(line())
    row = await HeldLevel.select(HeldLevel.person).first()
    assert row is not None
    assert await person_name(row["person"]) == "张伟"
    later = result([row["person"]], LEVEL)
    held = await with_record(later)

    await take_list_back(SYSTEM, job, "1")

    key = f"held_level:{row['person']}"
    assert held.details[key] == "3"
    assert key not in (await with_record(later)).details
