"""Honours: proposed, in public notice, granted and withdrawn, each with its certificate and history."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from core.errors import Forbidden, Invalid, NotFound, NotReady, TwoPersons
from core.events import Output, ResultFinal
from core.outbox import drain
from core.privacy import erase_person
from core.security import SYSTEM, Role
from core.settings import Settings
from credentials.queries import verify_by_id
from credentials.records.actions import grant_proposal
from credentials.records.honours import deciding, entering, studios, withdrawing
from credentials.records.honours.queries import HonourPage, Wanted, honour_page, honours_for
from credentials.records.honours.tables import HonourCase, Objection, Studio
from credentials.records.people import Who
from credentials.records.queries import disclosed_honours
from credentials.records.tables import Honour, Proposal
from credentials.status import Status
from credentials.tables import Certificate, CertificateVersion
from credentials.verify import State
from tests.credentials.facts import ORGANISER, issuers, person, result, tell, text
from tests.credentials.records.kit import (
    CITY,
    MEDAL,
    PROOF,
    PROVINCE,
    TODAY,
    ZHANG,
    federation,
    organisations,
    organiser_of,
    proposed,
)

pytestmark = pytest.mark.engine

AFTER = TODAY + timedelta(days=8)
UNTIL = (TODAY + timedelta(days=7)).isoformat()


def codes(error: pytest.ExceptionInfo[Invalid] | pytest.ExceptionInfo[NotReady]) -> set[str]:
    return {finding.code for finding in error.value.findings}


async def granted() -> tuple[UUID, HonourPage]:
    await federation()
    by = await organiser_of(PROVINCE)
    case = await proposed(by)
    await deciding.open_notice(by, case, until=UNTIL, today=TODAY)
    await deciding.grant_honour(by, case, PROOF, today=AFTER)
    await drain()
    return case, await honour_page(by, case)


async def test_a_granted_honour_is_signed_by_its_authority_and_tells_its_document(
    database: Settings,
) -> None:
    _, page = await granted()

    assert page.certificate is not None
    number, state = page.certificate
    assert state == "issued"
    verdict = await verify_by_id(number)
    assert verdict.state is State.VALID
    version = await CertificateVersion.select().first()
    assert version is not None
    assert (page.row["state"], page.row["tier"], page.row["year"]) == (
        "granted",
        "provincial",
        2026,
    )
    assert page.row["document"] == "粤工〔2026〕3号"
    assert [one.kind for one in page.history] == ["proposed", "notice", "granted"]
    assert verdict.read is not None
    assert "粤工〔2026〕3号" in str(verdict.read)
    honour = await Honour.select().first()
    assert honour is not None
    assert (honour["kind"], honour["grade"]) == ("medal", "provincial")


async def test_nothing_is_granted_before_the_notice_is_over_and_every_objection_answered(
    database: Settings,
) -> None:
    await federation()
    by = await organiser_of(PROVINCE)
    case = await proposed(by)

    with pytest.raises(NotReady) as without:
        await deciding.grant_honour(by, case, PROOF, today=TODAY)
    with pytest.raises(Invalid) as short:
        await deciding.open_notice(by, case, until=TODAY.isoformat(), today=TODAY)
    await deciding.open_notice(by, case, until=UNTIL, today=TODAY)
    one = await deciding.object_to(by, case, "李四称成绩有误", today=TODAY)
    with pytest.raises(NotReady) as running:
        await deciding.grant_honour(by, case, PROOF, today=date.fromisoformat(UNTIL))
    with pytest.raises(NotReady) as opened:
        await deciding.grant_honour(by, case, PROOF, today=AFTER)
    with pytest.raises(Invalid) as late:
        await deciding.object_to(by, case, "x", today=AFTER)
    await deciding.answer(by, case, one, "经核实，成绩无误", upheld=False)
    with pytest.raises(NotFound):
        await deciding.answer(by, case, one, "again", upheld=True)
    await deciding.grant_honour(by, case, PROOF, today=AFTER)

    assert codes(without) == {"credentials.notice-missing"}
    assert codes(short) == {"credentials.notice-short"}
    assert codes(running) == {"credentials.notice-runs", "credentials.objections-open"}
    assert codes(opened) == {"credentials.objections-open"}
    assert codes(late) == {"credentials.objection-late"}
    stored = await Objection.select().first()
    assert stored is not None
    assert "李四" not in str(stored)
    (told,) = (await honour_page(by, case)).objections
    assert (told.text, told.answer, told.state) == (
        "李四称成绩有误",
        "经核实，成绩无误",
        "rejected",
    )


async def test_an_upheld_objection_leaves_only_declining(database: Settings) -> None:
    await federation()
    by = await organiser_of(PROVINCE)
    case = await proposed(by)
    await deciding.open_notice(by, case, until=UNTIL, today=TODAY)
    one = await deciding.object_to(by, case, "不符合条件", today=TODAY)
    await deciding.answer(by, case, one, "属实", upheld=True)

    with pytest.raises(NotReady) as upheld:
        await deciding.grant_honour(by, case, PROOF, today=AFTER)
    await deciding.decline_honour(by, case, why="异议成立")

    assert codes(upheld) == {"credentials.objection-upheld"}
    row = await Proposal.select(Proposal.state).first()
    assert row == {"state": "refused"}
    assert await Certificate.count() == 0


async def test_a_withdrawal_by_two_persons_revokes_the_certificate_on_both_lists(
    database: Settings,
) -> None:
    case, page = await granted()
    assert page.certificate is not None
    first, second = await organiser_of(PROVINCE), await organiser_of(PROVINCE)

    await withdrawing.ask_withdrawal(first, case, reason="材料不实", document="粤工〔2026〕9号")
    still = await verify_by_id(page.certificate[0])
    with pytest.raises(TwoPersons):
        await withdrawing.confirm_withdrawal(first, case)
    await withdrawing.confirm_withdrawal(second, case, today=AFTER)
    await drain()

    verdict = await verify_by_id(page.certificate[0])
    version = await CertificateVersion.select(CertificateVersion.status).first()
    certificate = await Certificate.select().first()
    honour = await Honour.select(Honour.withdrawn_at).first()
    assert still.state is State.VALID
    assert verdict.state is State.REVOKED
    assert certificate is not None
    assert (certificate["reason"], certificate["authority"]) == ("材料不实", PROVINCE)
    assert version == {"status": int(Status.REVOKED)}
    assert honour is not None
    assert honour["withdrawn_at"] is not None
    after = await honour_page(second, case)
    assert after.row["state"] == "withdrawn"
    assert [one.kind for one in after.history][-2:] == ["withdrawal_asked", "withdrawn"]
    assert after.history[-1].why == "材料不实"


async def test_a_withdrawal_that_was_asked_for_can_be_dropped(database: Settings) -> None:
    case, page = await granted()
    by, other = await organiser_of(PROVINCE), await organiser_of(PROVINCE)
    with pytest.raises(Invalid) as empty:
        await withdrawing.ask_withdrawal(by, case, reason=" ", document="")
    await withdrawing.ask_withdrawal(by, case, reason="x", document="y")

    await withdrawing.drop_withdrawal(by, case)

    with pytest.raises(deciding.HonourState):
        await withdrawing.confirm_withdrawal(other, case)
    assert codes(empty) == {"credentials.reason-missing", "credentials.honour-document"}
    assert page.certificate is not None
    assert (await verify_by_id(page.certificate[0])).state is State.VALID


async def test_a_certificate_that_was_not_signed_yet_when_its_honour_was_withdrawn_never_is(
    database: Settings,
) -> None:
    await federation()
    by, other = await organiser_of(PROVINCE), await organiser_of(PROVINCE)
    case = await proposed(by)
    await deciding.open_notice(by, case, until=UNTIL, today=TODAY)
    await deciding.grant_honour(by, case, PROOF, today=AFTER)
    await withdrawing.ask_withdrawal(by, case, reason="x", document="y")
    await withdrawing.confirm_withdrawal(other, case)

    await drain()

    assert await Certificate.count() == 0


async def test_nobody_holds_the_same_title_twice(database: Settings) -> None:
    await granted()
    by = await organiser_of(PROVINCE)

    with pytest.raises(Invalid) as twice:
        await proposed(by)
    other = await proposed(by, "nanyue_craftsman")
    with pytest.raises(Invalid) as pending:
        await proposed(by, "nanyue_craftsman")

    (held,) = twice.value.findings
    assert held.code == "credentials.title-held"
    assert held.params["day"] == "2026-03-20"
    assert "广东省总工会" in held.params["authority"]
    assert codes(pending) == {"credentials.honour-pending"}
    assert isinstance(other, UUID)


async def test_only_its_own_authority_grants_an_honour(database: Settings) -> None:
    await federation()
    await organisations(CITY)
    city, province = await organiser_of(CITY), await organiser_of(PROVINCE)
    clerk = await organiser_of(PROVINCE, Role.CLERK)
    case = await proposed(province)

    with pytest.raises(Invalid) as foreign:
        await entering.propose_honour(city, entering.Entry(MEDAL, CITY, ZHANG))
    with pytest.raises(Forbidden):
        await entering.propose_honour(city, entering.Entry(MEDAL, PROVINCE, ZHANG))
    with pytest.raises(NotFound):
        await deciding.open_notice(city, case, until=UNTIL, today=TODAY)
    with pytest.raises(NotFound):
        await honour_page(city, case)
    with pytest.raises(Forbidden):
        await deciding.open_notice(clerk, case, until=UNTIL, today=TODAY)

    assert codes(foreign) == {"credentials.honour-authority"}
    assert not (await honour_page(clerk, case)).may_act
    assert (await honours_for(city, Wanted()))[0] == []


async def test_an_honour_of_a_city_that_was_granted_elsewhere_is_on_record_with_its_source(
    database: Settings,
) -> None:
    await federation()
    await organisations(CITY)
    by = await organiser_of(CITY)
    entry = entering.Entry("national_model_worker", CITY, ZHANG)

    with pytest.raises(Invalid) as wrong:
        await entering.record_elsewhere(
            by, entry, entering.Proof("", "yesterday", "http://x", "abc"), disclosed=True
        )
    case = await entering.record_elsewhere(by, entry, PROOF, disclosed=True)
    row = await HonourCase.select(HonourCase.person).where(HonourCase.id == case).first()
    assert row is not None
    shown = await disclosed_honours(row["person"])
    await withdrawing.ask_withdrawal(by, case, reason="x", document="y")
    await withdrawing.confirm_withdrawal(await organiser_of(CITY), case)

    assert codes(wrong) == {
        "credentials.honour-document",
        "credentials.date",
        "credentials.evidence-link",
        "credentials.evidence-hash",
    }
    page = await honour_page(by, case)
    assert [one["kind"] for one in shown] == ["model_worker"]
    assert await disclosed_honours(row["person"]) == []
    assert (page.row["elsewhere"], page.certificate) == (True, None)
    assert await Certificate.count() == 0


async def test_a_person_is_known_by_number_and_name_together(database: Settings) -> None:
    await federation()
    by = await organiser_of(PROVINCE)
    await proposed(by)

    for who in (
        replace(ZHANG, name="李四"),
        Who("张伟", certificate="0000-0000-0000"),
    ):
        with pytest.raises(Invalid) as wrong:
            await proposed(by, "nanyue_craftsman", who)
        assert codes(wrong) == {"credentials.who-differs"}
    with pytest.raises(Invalid) as nothing:
        await proposed(by, "nanyue_craftsman", Who(" "))
    with pytest.raises(Invalid) as mistyped:
        await proposed(by, "nanyue_craftsman", replace(ZHANG, document="360426199101010072"))

    assert codes(nothing) == {"credentials.name-missing", "credentials.who-missing"}
    assert codes(mistyped) == {"mainland-id-check"}


async def test_what_a_contest_proposed_is_taken_up_once_or_granted_at_once(
    database: Settings,
) -> None:
    await issuers()
    by = await organiser_of(ORGANISER)
    output = Output("honour", "craftsman:city", "municipal", text("甲", "甲", "A", "A"), ORGANISER)
    await tell(ResultFinal(result([await person()], output)))
    await tell(ResultFinal(result([await person("李四")], output)))
    first, second = [row["id"] for row in await entering.to_take_up(by)]

    case = await entering.take_up(by, first)
    with pytest.raises(entering.TakenUp):
        await entering.take_up(by, first)
    with pytest.raises(NotReady) as waits:
        await grant_proposal(SYSTEM, first, granted_on="2026-03-20")
    await grant_proposal(SYSTEM, second, granted_on="2026-03-20")
    await drain()

    assert codes(waits) == {"credentials.notice-missing"}
    listed, _ = await honours_for(by, Wanted(state="granted"))
    assert [one.holder for one in listed] in (["李四"], ["张伟"])
    assert await entering.to_take_up(by) == []
    assert (await honour_page(by, case)).row["state"] == "proposed"


async def test_the_list_is_filtered_and_comes_in_pages(
    database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    await federation()
    by = await organiser_of(PROVINCE)
    await proposed(by)
    await proposed(by, "nanyue_craftsman")
    team = entering.Entry("guangdong_workers_pioneer", PROVINCE, holder="焊接一班", city="442000")
    case = await entering.propose_honour(by, team)
    monkeypatch.setattr("credentials.records.honours.queries.PAGE", 2)

    first, following = await honours_for(by, Wanted())
    rest, end = await honours_for(by, Wanted(after=following))
    city, _ = await honours_for(by, Wanted(city="442000", tier="provincial"))
    none, _ = await honours_for(by, Wanted(state="withdrawn"))

    assert (len(first), len(rest), end, none) == (2, 1, "", [])
    assert [(one.row["id"], one.holder) for one in city] == [(case, "焊接一班")]
    stored = await HonourCase.select().where(HonourCase.id == case).first()
    assert "焊接" not in str(stored)


async def test_a_team_s_honour_waits_for_its_notice_too(database: Settings) -> None:
    await federation()
    by = await organiser_of(PROVINCE)
    team = entering.Entry("guangdong_workers_pioneer", PROVINCE, holder="焊接一班")
    case = await entering.propose_honour(by, team)

    with pytest.raises(NotReady):
        await deciding.grant_honour(by, case, PROOF, today=TODAY)


async def test_a_studio_has_members_over_time_and_results(database: Settings) -> None:
    await federation()
    await organisations(CITY)
    by, stranger = await organiser_of(PROVINCE), await organiser_of(CITY)
    new = studios.NewStudio(PROVINCE, "张伟创新工作室", "municipal", ZHANG, "442000", "机器人", "2021-05-01")  # fmt: skip
    studio = await studios.found_studio(by, new)
    second = Who("李四", document_kind="mainland_id", document="120103198806018241")

    await studios.join_studio(by, studio, second, "member", "2022-01-01")
    with pytest.raises(Invalid):
        await studios.join_studio(by, studio, second, "member", "2022-01-02")
    await studios.join_studio(by, studio, second, "leader", "2024-01-01")
    await studios.add_result(
        by, studio, on="2023-06-01", title="夹具改进", figure="节约 120 万元", evidence="ZL2023"
    )
    entry = entering.Entry("city_innovation_studio", PROVINCE, studio=str(studio))
    case = await entering.propose_honour(by, entry)

    page = await studios.studio_page(by, studio)
    assert [(m.name, m.role, m.from_on, m.until_on) for m in page.members] == [
        ("李四", "leader", "2024-01-01", ""),
        ("李四", "member", "2022-01-01", ""),
        ("张伟", "leader", "2021-05-01", "2024-01-01"),
    ]
    assert page.results == [("2023-06-01", "夹具改进", "节约 120 万元", "ZL2023")]
    assert (await honour_page(by, case)).holder == "张伟创新工作室"
    with pytest.raises(NotFound):
        await studios.studio_page(stranger, studio)
    stored = await Studio.select().first()
    assert stored is not None
    assert "张伟" not in str(stored)
    await studios.end_studio(by, studio, "2025-12-31")
    ended = await studios.studio_page(by, studio)
    assert {m.until_on for m in ended.members} == {"2024-01-01", "2025-12-31"}


async def test_erasure_leaves_the_fact_without_the_person(database: Settings) -> None:
    case, page = await granted()
    by = await organiser_of(PROVINCE)
    new = studios.NewStudio(PROVINCE, "张伟创新工作室", "municipal", ZHANG, founded_on="2021-05-01")
    studio = await studios.found_studio(by, new)

    await erase_person(page.row["person"])

    after = await honour_page(by, case)
    assert after.holder == ""
    assert {one.why for one in after.history} == {""}
    stored = await HonourCase.select().where(HonourCase.id == case).first()
    assert stored is not None
    assert stored["wrapped_key"] is None
    left = await studios.studio_page(by, studio)
    assert (left.name, left.members) == ("", [])
