"""A small contest: one organiser and one chief referee hold every duty, and the record says so."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest

from contests.actions import closing, correcting, draw, running, setup
from contests.actions.approvals import decide_approval, request_approval
from contests.actions.common import contest_row
from contests.actions.people import appoint, end_appointment
from contests.founding.small import share_duties
from contests.log import read
from contests.packages.archive import Files
from contests.packages.exporting import export_contest
from contests.packages.recount import recount_files
from contests.queries import contest_overview, explanation
from contests.replay import replay
from contests.tables import Appointment, Approval, Contest
from core.errors import Conflict, Invalid, TwoPersons
from core.explaining import render_step
from core.scoring.codec import from_json
from core.scoring.model import Mark
from core.security import actor_of
from core.settings import Settings
from core.web.i18n import LANGUAGES
from tests.factories_contests import STAFF, SmallContest, add_judge, small_contest

pytestmark = pytest.mark.engine


@dataclass
class Two:
    """The two persons of a small contest, and the contest of the factory."""

    small: SmallContest
    organiser: UUID
    chief: UUID


async def draft() -> Two:
    """Every duty that the factory gave to somebody else is the two persons' now."""
    small = await small_contest(until="draft", facts={"profile": "small"})
    organiser = small.accounts["organiser"]
    chief = small.accounts["chief"]
    by = await actor_of(organiser)
    rows = await Appointment.select(Appointment.id, Appointment.role).where(
        Appointment.contest == small.contest, Appointment.role.is_in(list(STAFF.values()))
    )
    for row in rows:
        if row["role"] not in ("judge", "chief_referee"):
            await end_appointment(by, row["id"], now=small.at)
    await share_duties(by, small.contest, organiser=organiser, chief=chief, now=small.at)
    return Two(small, organiser, chief)


async def judging(two: Two) -> Two:
    small, organiser = two.small, await actor_of(two.organiser)
    await setup.make_ready(organiser, small.contest, now=small.at)
    for module in small.scheme.modules:
        await request_approval(
            organiser, small.contest, "draw_codes", {"module": module.id}, now=small.at
        )
    small.rules_hash = await running.start_judging(
        await actor_of(two.chief), small.contest, now=small.at
    )
    return two


async def test_two_persons_run_a_contest_from_the_draft_to_the_final_result(
    database: Settings,
) -> None:
    two = await judging(await draft())
    small, organiser, chief = two.small, await actor_of(two.organiser), await actor_of(two.chief)
    await small.judge_everything()

    approval = await request_approval(chief, small.contest, "open_codes", {}, now=small.at)
    await decide_approval(organiser, approval, True, now=small.at)
    await closing.close_contest(chief, small.contest, now=small.at)
    await closing.sign_contest(small.judges[0].actor, small.contest, now=small.at)
    for signer in (chief, chief, organiser):
        await closing.sign_contest(signer, small.contest, now=small.at)
    small.at = await closing.publish_contest(organiser, small.contest, now=small.at) + timedelta(
        seconds=1
    )
    await closing.finalise_contest(organiser, small.contest, now=small.at)

    assert await small.state() == "final"
    _, files = await export_contest(organiser, small.contest)
    assert recount_files(Files(files)).findings == ()


async def test_one_person_draws_alone_and_the_record_names_that_person_twice(
    database: Settings,
) -> None:
    two = await judging(await draft())

    drawn = [json.loads(x.body) for x in await read(two.small.contest) if x.kind == "drawn"]

    assert {(b["by"], b["witness"]) for b in drawn} == {(str(two.organiser), str(two.organiser))}
    assert not await Approval.exists().where(Approval.decided_at.is_null())


async def test_opening_the_codes_takes_two_persons_all_the_same(database: Settings) -> None:
    two = await judging(await draft())
    small, chief = two.small, await actor_of(two.chief)
    await small.judge_everything()

    with pytest.raises(TwoPersons):
        await draw.open_codes(chief, chief, small.contest, now=small.at)
    approval = await request_approval(chief, small.contest, "open_codes", {}, now=small.at)
    with pytest.raises(TwoPersons):
        await decide_approval(chief, approval, True, now=small.at)

    assert replay(await read(small.contest)).opened == {}


async def test_correcting_a_mark_takes_two_persons_all_the_same(database: Settings) -> None:
    two = await judging(await draft())
    small, organiser = two.small, await actor_of(two.organiser)
    await small.judge_everything()
    await small.close_by(await actor_of(two.chief), organiser)
    code = await small.code_of(small.entries[0])
    wanted = {
        "module": "dish",
        "code": code,
        "judge": small.judges[0].appointment,
        "aspect": "look",
        "mark": {"value": "20"},
        "reason": "读错",
    }

    with pytest.raises(TwoPersons):
        await correcting.correct_mark(
            organiser,
            organiser,
            small.contest,
            module="dish",
            code=code,
            judge=UUID(small.judges[0].appointment),
            aspect="look",
            mark=from_json(Mark, {"value": "20"}),
            reason="读错",
            now=small.at,
        )
    approval = await request_approval(
        organiser, small.contest, "correct_mark", wanted, now=small.at
    )
    with pytest.raises(TwoPersons):
        await decide_approval(organiser, approval, True, now=small.at)

    assert replay(await read(small.contest)).corrections == ()


async def test_in_any_other_contest_nothing_is_relaxed(database: Settings) -> None:
    small = await small_contest(until="ready")
    organiser = await small.actor("organiser")

    with pytest.raises(TwoPersons):
        await draw.draw_codes(organiser, organiser, small.contest, "dish", now=small.at)
    approval = await request_approval(
        organiser, small.contest, "draw_codes", {"module": "dish"}, now=small.at
    )
    with pytest.raises(TwoPersons):
        await decide_approval(organiser, approval, True, now=small.at)

    assert (await contest_overview(small.contest)).shared_duties == []


async def test_one_person_can_t_sign_twice_in_any_other_contest(database: Settings) -> None:
    small = await small_contest(until="draft")
    organiser, chief = await small.actor("organiser"), small.accounts["chief"]
    await appoint(organiser, small.contest, chief, "group_leader", now=small.at)
    await setup.make_ready(organiser, small.contest, now=small.at)
    officer, supervisor = await small.actor("encryption"), await small.actor("supervisor")
    for module in small.scheme.modules:
        await draw.draw_codes(officer, supervisor, small.contest, module.id, now=small.at)
    signer = await small.actor("chief")
    small.rules_hash = await running.start_judging(signer, small.contest, now=small.at)
    await small.judge_everything()
    await small.close()
    await closing.sign_contest(small.judges[0].actor, small.contest, now=small.at)
    await closing.sign_contest(signer, small.contest, now=small.at)

    with pytest.raises(Conflict) as refused:
        await closing.sign_contest(signer, small.contest, now=small.at)

    assert refused.value.findings[0].code == "signed-already"


async def test_facts_that_somebody_alters_behind_the_log_relax_nothing(database: Settings) -> None:
    small = await small_contest(until="ready")
    facts = json.loads((await contest_row(small.contest))["facts"])
    await Contest.update({Contest.facts: json.dumps({**facts, "profile": "small"})}).where(
        Contest.id == small.contest
    )
    organiser = await small.actor("organiser")

    with pytest.raises(TwoPersons):
        await draw.draw_codes(organiser, organiser, small.contest, "dish", now=small.at)


async def test_the_profile_is_set_before_the_contest_is_ready_and_is_a_known_one(
    database: Settings,
) -> None:
    two = await draft()
    small, organiser = two.small, await actor_of(two.organiser)
    row = await contest_row(small.contest)
    facts = json.loads(row["facts"])

    with pytest.raises(Invalid) as wrong:
        await setup.save_facts(
            organiser, small.contest, {**facts, "profile": "tiny"}, revision=row["revision"]
        )
    await setup.make_ready(organiser, small.contest, now=small.at)
    row = await contest_row(small.contest)
    with pytest.raises(Conflict):
        await setup.save_facts(organiser, small.contest, facts, revision=row["revision"])

    assert [f.pointer for f in wrong.value.findings] == ["/profile"]


async def test_every_duty_held_twice_is_in_the_record_the_overview_and_the_explanation(
    database: Settings,
) -> None:
    two = await judging(await draft())
    small = two.small
    await small.judge_everything()
    await small.close_by(await actor_of(two.chief), await actor_of(two.organiser))

    (line,) = [x for x in await read(small.contest) if x.kind == "duties_shared"]
    overview = await contest_overview(small.contest)
    told = (await explanation(small.contest, small.entries[0]))[-2:]

    held = {p["account"]: set(p["duties"]) for p in json.loads(line.body)["persons"]}
    assert held == {
        str(two.chief): {"chief_referee", "group_leader", "clerk"},
        str(two.organiser): {"encryption_officer", "supervisor", "arbitration"},
    }
    assert {one.account: set(one.duties) for one in overview.shared_duties} == held
    assert {step.code for step in told} == {"shared-duties"}
    sentences = {render_step(told[0], language) for language in LANGUAGES}
    assert len(sentences) == len(LANGUAGES)
    assert not any("{" in s or "_" in s for s in sentences)


async def test_a_refused_step_of_one_person_leaves_no_request_open(database: Settings) -> None:
    two = await judging(await draft())
    organiser = await actor_of(two.organiser)

    with pytest.raises(Conflict):
        await request_approval(
            organiser, two.small.contest, "draw_codes", {"module": "dish"}, now=two.small.at
        )

    assert not await Approval.exists().where(Approval.decided_at.is_null())


async def test_a_judge_may_be_added_to_the_two(database: Settings) -> None:
    two = await draft()
    seat = await add_judge(two.small, "J9")

    found = (await contest_overview(two.small.contest)).shared_duties

    assert str(seat.account) not in {one.account for one in found}
