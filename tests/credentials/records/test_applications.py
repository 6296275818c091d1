"""Applications: gathered once, agreed step by step, and never a grant by themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from core.about_person import Within, about
from core.errors import Forbidden, Invalid, NotFound, NotReady
from core.outbox import drain
from core.privacy import erase_person
from core.security import SYSTEM, Role, Scope, actor_of
from core.settings import Settings
from core.tables import Organisation
from credentials.queries import certificates_of
from credentials.records.actions import grant_proposal
from credentials.records.applications import deciding, filing
from credentials.records.applications.queries import (
    ApplicationPage,
    application_page,
    applications_for,
)
from credentials.records.applications.reaching import ApplicationState, NotItsTurn
from credentials.records.applications.tables import ApplicationPaper, ApplicationStep
from credentials.records.honours import deciding as honours
from credentials.records.honours import entering
from credentials.records.people import Who
from credentials.records.tables import Application, Honour, Proposal
from credentials.tables import Certificate
from tests.credentials.facts import CONTEST
from tests.credentials.records.applying import (
    AFTER,
    STATEMENT,
    UNTIL,
    agree,
    filed,
    new,
    proposed,
    turn,
)
from tests.credentials.records.kit import (
    CITY,
    MEDAL,
    OTHER_CITY,
    PROOF,
    PROVINCE,
    TODAY,
    UNIT,
    organiser_of,
)
from tests.factories_accounts import make_account

pytestmark = pytest.mark.engine


def codes(error: pytest.ExceptionInfo[Invalid] | pytest.ExceptionInfo[NotReady]) -> set[str]:
    return {finding.code for finding in error.value.findings}


async def test_after_the_last_step_the_authority_grants_and_only_then_is_there_an_honour(
    database: Settings,
) -> None:
    application, unit = await filed()
    city, province = await organiser_of(CITY), await organiser_of(PROVINCE)
    (proposal,) = await Proposal.select()

    with pytest.raises(NotReady) as early:
        await grant_proposal(SYSTEM, proposal["id"], granted_on="2026-03-20")
    for by in (unit, city, province):
        await agree(application, by)
    passed = await application_page(province, application)
    before = await Honour.count()
    case = await entering.take_up(province, proposal["id"])
    await honours.grant_honour(province, case, PROOF, today=AFTER)
    await drain()

    assert codes(early) == {"credentials.application-open"}
    assert (passed.row["state"], passed.proposal_state, before) == ("passed", "proposed", 0)
    assert [one.opinion for one in passed.steps] == ["同意推荐"] * 3
    assert {one.row["decided_on"] for one in passed.steps} == {AFTER.isoformat()}
    after = await application_page(province, application)
    assert (after.proposal_state, after.case) == ("granted", case)
    signed = [one["kind"] for one in await certificates_of(CONTEST)]
    assert sorted(signed) == ["award", "honour"]
    assert [one.kind for one in after.history] == [
        "filed", "notice", "agreed", "notice", "agreed", "notice", "agreed", "passed",
    ]  # fmt: skip


async def test_the_file_holds_result_certificate_evidence_and_is_sealed(database: Settings) -> None:
    application, unit = await filed()

    await filing.add_paper(
        unit, application, title="张伟发明专利", link="https://example.cn/p", hash=""
    )
    with pytest.raises(Invalid) as wrong:
        await filing.add_paper(unit, application, title=" ", link="ftp://x", hash="1")

    page = await application_page(unit, application)
    gathered = page.file["gathered"]
    assert gathered["result"]["rank"] == 1
    assert gathered["result"]["prize"]["en"] == "First prize"
    assert [page.states[one["number"]] for one in gathered["certificates"]] == ["issued"]
    assert page.papers == [("张伟发明专利", "https://example.cn/p", "")]
    assert page.file["statement"] == STATEMENT
    assert codes(wrong) == {
        "credentials.paper-title",
        "credentials.evidence-link",
        "credentials.evidence-hash",
    }
    stored = [str(await table.select()) for table in (Application, ApplicationPaper)]
    assert "张伟" not in "".join(stored)


async def test_who_holds_the_title_already_is_refused_with_the_earlier_one(
    database: Settings,
) -> None:
    (who,) = await proposed()
    unit, province = await organiser_of(UNIT), await organiser_of(PROVINCE)
    earlier = replace(PROOF, granted_on="2019-04-28")
    await entering.record_elsewhere(
        province, entering.Entry(MEDAL, PROVINCE, who), earlier, disclosed=False
    )

    with pytest.raises(Invalid) as twice:
        await filing.file_application(unit, new(who))

    (held,) = twice.value.findings
    assert held.code == "credentials.title-held"
    assert held.params["day"] == "2019-04-28"
    assert "广东省总工会" in held.params["authority"]


async def test_of_two_persons_only_the_first_named_may_apply(database: Settings) -> None:
    first, second = await proposed("张伟", "李四")
    unit = await organiser_of(UNIT)

    with pytest.raises(Invalid) as not_first:
        await filing.file_application(unit, new(second))
    made = await filing.file_application(unit, new(first))
    with pytest.raises(Invalid) as again:
        await filing.file_application(unit, new(first))

    assert codes(not_first) == {"credentials.first-named"}
    assert codes(again) == {"credentials.applied-already"}
    assert isinstance(made, UUID)


async def test_everything_that_is_wrong_with_an_application_is_said_at_once(
    database: Settings,
) -> None:
    (who,) = await proposed()
    unit = await organiser_of(UNIT)
    wrong = new(replace(who, name=""), bodies=(CITY, "nobody", CITY), statement=" ", city="1")

    with pytest.raises(Invalid) as all_of_it:
        await filing.file_application(unit, wrong)
    with pytest.raises(Invalid) as nothing:
        await filing.file_application(unit, new(who, code="guangdong_technical_expert", bodies=(UNIT, CITY, PROVINCE)))  # fmt: skip
    with pytest.raises(Invalid) as no_steps:
        await filing.file_application(unit, new(who, code="nanyue_craftsman"))
    with pytest.raises(Forbidden):
        await filing.file_application(await organiser_of(CITY), new(who))

    assert {(f.pointer, f.code) for f in all_of_it.value.findings} == {
        ("/name", "credentials.name-missing"),
        ("/statement", "credentials.text-missing"),
        ("/city", "credentials.city-unknown"),
        ("/body-1", "credentials.step-own"),
        ("/body-2", "credentials.step-body"),
        ("/body-3", "credentials.step-authority"),
    }
    assert codes(nothing) == {"credentials.step-authority"}
    assert codes(no_steps) == {"credentials.steps-none"}
    assert await Application.count() == 0


async def test_nobody_is_agreed_to_while_the_notice_runs_or_an_objection_is_open(
    database: Settings,
) -> None:
    application, unit = await filed()
    step = (await turn(application)).id

    with pytest.raises(NotReady) as without:
        await deciding.decide(unit, application, step, "agreed", "同意", today=TODAY)
    await deciding.open_notice(unit, application, step, until=UNTIL, today=TODAY)
    objection = await deciding.object_to(
        unit, application, step, "王五称材料不实", today=date.fromisoformat(UNTIL)
    )
    with pytest.raises(NotReady) as running:
        last = date.fromisoformat(UNTIL)
        await deciding.decide(unit, application, step, "agreed", "同意", today=last)
    with pytest.raises(NotReady) as opened:
        await deciding.decide(unit, application, step, "agreed", "同意", today=AFTER)
    with pytest.raises(Invalid) as late:
        await deciding.object_to(unit, application, step, "x", today=AFTER)
    await deciding.answer(unit, application, step, objection, "属实", upheld=True)
    with pytest.raises(NotReady) as upheld:
        await deciding.decide(unit, application, step, "agreed", "同意", today=AFTER)
    await deciding.decide(unit, application, step, "refused", "异议成立", today=AFTER)

    assert codes(without) == {"credentials.notice-missing"}
    assert codes(running) == {"credentials.notice-runs", "credentials.objections-open"}
    assert codes(opened) == {"credentials.objections-open"}
    assert codes(late) == {"credentials.objection-late"}
    assert codes(upheld) == {"credentials.objection-upheld"}
    page = await application_page(unit, application)
    assert page.row["state"] == "refused"
    assert page.steps[0].objections[0].answer == "属实"
    with pytest.raises(ApplicationState):
        await deciding.decide(unit, application, step, "agreed", "同意", today=AFTER)


async def test_no_step_is_skipped(database: Settings) -> None:
    application, unit = await filed()
    steps = await ApplicationStep.select().order_by(ApplicationStep.n)
    ids = {
        code: str(row["id"])
        for code in (UNIT, PROVINCE)
        if (row := await Organisation.select().where(Organisation.code == code).first())
    }
    both = await make_account(
        *((Role.ORGANISER, Scope("organisation", ids[code])) for code in (UNIT, PROVINCE))
    )
    by = await actor_of(both)

    with pytest.raises(NotItsTurn):
        await deciding.decide(by, application, steps[2]["id"], "agreed", "同意", today=AFTER)
    with pytest.raises(NotItsTurn):
        await deciding.open_notice(by, application, steps[2]["id"], until=UNTIL, today=TODAY)
    with pytest.raises(Forbidden):
        await deciding.decide(unit, application, steps[1]["id"], "agreed", "同意", today=AFTER)

    states = [row["state"] for row in await ApplicationStep.select().order_by(ApplicationStep.n)]
    assert states == ["open", "waiting", "waiting"]


async def test_another_city_s_body_neither_sees_nor_acts_and_a_later_one_waits(
    database: Settings,
) -> None:
    application, unit = await filed()
    city, other = await organiser_of(CITY), await organiser_of(OTHER_CITY)
    early = await applications_for(city)
    await agree(application, unit)
    step = (await turn(application)).id

    for stranger in (other, await organiser_of(PROVINCE)):
        with pytest.raises(NotFound):
            await application_page(stranger, application)
        with pytest.raises(NotFound):
            await deciding.decide(stranger, application, step, "agreed", "同意", today=AFTER)
        assert await applications_for(stranger) == []
    clerk = await organiser_of(CITY, Role.CLERK)
    with pytest.raises(Forbidden):
        await deciding.decide(clerk, application, step, "agreed", "同意", today=AFTER)

    assert early == []
    assert [one.mine for one in await applications_for(city)] == [True]
    assert [one.mine for one in await applications_for(unit)] == [False]
    assert [one.mine for one in await applications_for(clerk)] == [False]


async def test_sent_back_it_is_handed_in_again_and_goes_through_every_step(
    database: Settings,
) -> None:
    application, unit = await filed()
    city = await organiser_of(CITY)
    await agree(application, unit)
    step = (await turn(application)).id
    await deciding.decide(city, application, step, "sent_back", "请补充专利证明", today=TODAY)

    waiting = await applications_for(unit)
    with pytest.raises(Forbidden):
        await filing.hand_in_again(city, application, "x")
    await filing.add_paper(unit, application, title="专利", link="", hash="c" * 64)
    await filing.hand_in_again(unit, application, STATEMENT + "已补充。")
    page = await application_page(unit, application)

    assert [one.mine for one in waiting] == [True]
    assert [(one.row["n"], one.row["state"]) for one in page.steps] == [
        (1, "open"),
        (2, "waiting"),
        (3, "waiting"),
    ]
    assert [one.opinion for one in page.earlier] == ["同意推荐", "请补充专利证明", ""]
    assert page.file["statement"].endswith("已补充。")
    with pytest.raises(ApplicationState):
        await deciding.decide(city, application, step, "agreed", "同意", today=AFTER)


async def test_the_unit_withdraws_it_and_may_file_it_anew(database: Settings) -> None:
    application, unit = await filed()
    with pytest.raises(Invalid):
        await filing.take_back(unit, application, " ")
    await filing.take_back(unit, application, "本人要求暂缓")

    page = await application_page(unit, application)
    (row,) = await Certificate.select(Certificate.public_id)
    again = await filing.file_application(unit, new(Who("张伟", certificate=row["public_id"])))

    assert page.row["state"] == "withdrawn"
    assert page.history[-1].why == "本人要求暂缓"
    assert again != application
    with pytest.raises(ApplicationState):
        await filing.take_back(unit, application, "x")


async def test_a_ground_that_a_correction_took_away_lets_nobody_agree(database: Settings) -> None:
    application, unit = await filed()
    await Proposal.update({Proposal.state: "withdrawn"}).where(Proposal.code == MEDAL)
    step = (await turn(application)).id
    await deciding.open_notice(unit, application, step, until=UNTIL, today=TODAY)

    with pytest.raises(NotReady) as gone:
        await deciding.decide(unit, application, step, "agreed", "同意", today=AFTER)

    assert codes(gone) == {"credentials.proposal-gone"}


async def test_erasure_leaves_an_application_without_its_texts(database: Settings) -> None:
    application, unit = await filed()
    await filing.add_paper(unit, application, title="专利", link="", hash="c" * 64)
    await agree(application, unit)
    (row,) = await Application.select(Application.person)

    await erase_person(row["person"])

    page: ApplicationPage = await application_page(unit, application)
    assert (page.name, page.file, page.papers) == ("", {}, [])
    assert {one.opinion for one in page.steps} == {""}
    assert {one.why for one in page.history} == {""}


async def test_the_person_is_told_everything_that_stands_in_them(database: Settings) -> None:
    application, unit = await filed()
    await filing.add_paper(unit, application, title="专利", link="", hash="c" * 64)
    await agree(application, unit, "该同志表现突出")
    (row,) = await Application.select(Application.person)

    told = {one.code: one.records for one in await about(row["person"], Within())}
    elsewhere = await about(row["person"], Within(frozenset(), frozenset({"nobody"})))

    said = str(told["applications_and_steps"])
    for words in (STATEMENT, "该同志表现突出", "专利"):
        assert words in said
    hidden = {one.code: one.records for one in elsewhere}
    assert hidden["applications_and_steps"] == []
