"""What somebody with some power tries in order to get more: another's issuer, another's contest,
both persons of a two-person step, the sealed mapping of a draw."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx
import pytest

from contests.actions import people, setup
from contests.actions.approvals import decide_approval, request_approval
from contests.tables import Approval, Contest, LogText
from core.accounts import create_account
from core.audit import entries as audit_entries
from core.errors import Forbidden, Invalid
from core.registry import registry
from core.security import Role, Scope, actor_of
from core.tables import AuditEntry
from credentials.records.tables import Proposal
from tests.api.kit import caller
from tests.factories_contests import SmallContest, make_account, make_organisation, small_contest

pytestmark = pytest.mark.usefixtures("database")


async def test_an_organiser_cannot_name_another_organisation_as_the_issuer_of_the_awards() -> None:
    small = await small_contest(until="draft")
    await make_organisation("city-federation")
    organiser = await small.actor("organiser")
    with pytest.raises(Forbidden):
        await setup.create_contest(
            organiser,
            competition=small.competition,
            code=f"c-{uuid4().hex[:8]}",
            title={"en": "Forged"},
            type_code="panel",
            facts={"organiser": "city-federation"},
        )
    with pytest.raises(Forbidden):
        await setup.save_facts(
            organiser, small.contest, {"organiser": "city-federation"}, revision=2
        )


async def test_who_may_not_issue_still_saves_the_other_facts_of_a_contest() -> None:
    small = await small_contest(until="draft")
    helper = await make_account("helper", (Role.ORGANISER, Scope("contest", str(small.contest))))
    overview = {"organiser": "federation", "occupation": "4-03-02-02", "held_on": "2024-10-12"}
    revision = await _revision(small)
    await setup.save_facts(await actor_of(helper), small.contest, overview, revision=revision)
    assert await _revision(small) == revision + 1


@pytest.mark.parametrize(
    "facts",
    [
        {"x": 1.5},
        {"conflicts": ["school"]},
        {"conflicts": {"school": 5}},
        {"registered": {"": "many"}},
        {"outputs": "everything"},
        {"outputs": [{"kind": "level"}]},
        {"outputs": [{"kind": "level", "code": "x", "rank": "first"}]},
        {"outputs": [{"kind": "level", "code": "x", "prizes": 3}]},
        {"organiser": 7},
        {"held_on": "tomorrow"},
    ],
)
async def test_facts_that_could_not_be_read_later_are_refused_with_their_place(
    client: httpx.AsyncClient, facts: dict[str, Any]
) -> None:
    small = await small_contest(until="draft")
    organiser = await caller(client, small.accounts["organiser"])
    headers = {"If-Match": f'"{await _revision(small)}"'}
    path = f"/contests/{small.contest}"
    answer = await organiser.put(f"{path}/facts", facts, status=422, headers=headers)
    assert answer["findings"]
    assert "{" not in answer["findings"][0]["detail"]
    await organiser.get(path)


async def test_interests_that_could_not_be_compared_are_refused(client: httpx.AsyncClient) -> None:
    small = await small_contest(until="draft")
    organiser = await caller(client, small.accounts["organiser"])
    body = {"account": str(small.judges[0].account), "role": "judge", "interests": {"school": 5}}
    answer = await organiser.post(f"/contests/{small.contest}/appointments", body, status=422)
    assert answer["findings"][0]["pointer"] == "/interests/school"
    await organiser.get(f"/contests/{small.contest}")


@pytest.mark.parametrize(
    "role", ["supervisor", "encryption_officer", "arbitration", "chief_referee"]
)
async def test_the_chief_referee_makes_nobody_a_watcher_over_the_referees(role: str) -> None:
    small = await small_contest(until="draft")
    chief = await small.actor("chief")
    with pytest.raises(Forbidden):
        await people.appoint(chief, small.contest, small.accounts["chief"], role)
    await people.appoint(chief, small.contest, await make_account("judge"), "judge")


async def test_the_chief_referee_cannot_dismiss_the_supervisor() -> None:
    small = await small_contest()
    appointed = people.appointment_id(
        small.contest, small.accounts["supervisor"], "supervisor", "referees"
    )
    with pytest.raises(Forbidden):
        await people.end_appointment(await small.actor("chief"), appointed, reason="in the way")


async def test_a_parameter_given_twice_is_not_one_contest_for_the_guard_and_another_for_the_answer(
    client: httpx.AsyncClient,
) -> None:
    mine, other = str(uuid4()), str(uuid4())
    spy = await caller(client, await make_account("spy", (Role.ORGANISER, Scope("contest", mine))))
    await Proposal.insert(_proposal(other))
    for path in ("/proposals", "/certificates"):
        for order in ((mine, other), (other, mine)):
            query = [("contest", contest) for contest in order]
            await spy.get(path, status=403, params=query)
    assert (await spy.get("/proposals", params={"contest": mine}))["items"] == []


async def test_nobody_who_marks_learns_from_a_paper_draws_request_whose_code_is_which(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest(until="ready")
    codes = {str(entry): f"Z{number}" for number, entry in enumerate(small.entries)}
    officer = await small.actor("encryption")
    body = {"module": "dish", "codes": codes}
    approval = await request_approval(officer, small.contest, "draw_codes", body)
    path = f"/contests/{small.contest}/approvals"
    markers = [small.accounts["chief"], small.accounts["leader"], small.judges[0].account]
    for account in markers:
        shown = json.dumps(await (await caller(client, account)).get(path))
        assert [code for code in codes.values() if code in shown] == []
    stored = await Approval.select().where(Approval.id == approval).first()
    assert stored is not None
    assert not any(entry in stored["body"] for entry in codes)
    witness = await caller(client, small.accounts["supervisor"])
    assert (await witness.get(path))[0]["body"] == body
    await decide_approval(await small.actor("supervisor"), approval, True)
    assert {v: k for k, v in (await small.codes())["dish"].items()} == codes


async def test_who_asked_for_a_step_cannot_be_its_second_person() -> None:
    small = await small_contest(until="ready")
    officer = await small.actor("encryption")
    approval = await request_approval(officer, small.contest, "draw_codes", {"module": "dish"})
    with pytest.raises(Forbidden):
        await decide_approval(officer, approval, True)


async def test_two_requests_do_not_enter_one_person_twice() -> None:
    small = await small_contest()
    organiser, clerk = await small.actor("organiser"), await small.actor("clerk")
    body = {
        "members": [
            {"name": "后来", "documents": [{"kind": "mainland", "number": "11010519491231002X"}]}
        ],
        "reason": "bus",
    }
    document = await _document_kind()
    body["members"][0]["documents"][0]["kind"] = document  # type: ignore[index]
    first = await request_approval(organiser, small.contest, "add_late_entrant", body)
    second = await request_approval(organiser, small.contest, "add_late_entrant", body)
    await decide_approval(clerk, first, True)
    with pytest.raises(Invalid):
        await decide_approval(clerk, second, True)


async def test_a_late_entrant_cannot_come_from_another_competitions_delegation() -> None:
    small, other = await small_contest(), await small_contest()
    body = {"members": [{"name": "后来"}], "reason": "bus", "delegation": str(other.delegations[0])}
    with pytest.raises(Invalid):
        await request_approval(
            await small.actor("organiser"), small.contest, "add_late_entrant", body
        )


@pytest.mark.parametrize(
    ("verb", "body"),
    [
        ("draw_codes", {"module": ["dish"]}),
        ("draw_codes", {"module": "dish", "codes": ["A"]}),
        ("draw_codes", {"module": "dish", "codes": {"x": 7}}),
        ("add_late_entrant", {"members": 5, "reason": "x"}),
        ("add_late_entrant", {"members": ["Zhang"], "reason": "x"}),
        ("add_late_entrant", {"members": [{"name": 5}], "reason": "x"}),
        ("add_late_entrant", {"members": [{"name": "x", "documents": [5]}], "reason": "x"}),
        ("add_late_entrant", {"members": [{"name": "x"}], "reason": "x", "team": {"en": 5}}),
        ("add_late_entrant", {"members": [{"name": "x"}], "reason": "x", "group": {}}),
        ("add_late_entrant", {"members": [{"name": "x"}], "reason": "x", "delegation": "no id"}),
        ("record_absence", {"entry": {}, "reason": "x"}),
        ("record_absence", {"entry": "x", "reason": 5}),
    ],
)
async def test_a_request_of_the_wrong_shape_is_refused_when_it_is_made(
    client: httpx.AsyncClient, verb: str, body: dict[str, Any]
) -> None:
    small = await small_contest(until="ready")
    organiser = await caller(client, small.accounts["organiser"])
    path = f"/contests/{small.contest}/approvals"
    answer = await organiser.post(path, {"verb": verb, "body": body}, status=422)
    assert answer["findings"]
    assert await organiser.get(path) == []


@pytest.mark.parametrize(
    "wrong", [{"attempt": "one"}, {"attempt": 10**30}, {"mark": "7"}, {"module": []}, {"judge": 5}]
)
async def test_a_correction_of_the_wrong_shape_is_refused_when_it_is_asked_for(
    client: httpx.AsyncClient, wrong: dict[str, Any]
) -> None:
    small = await small_contest()
    body = {
        "module": "dish",
        "code": "A",
        "judge": small.judges[0].appointment,
        "aspect": "look",
        "mark": {"value": "7.5"},
        "reason": "a slip",
    }
    organiser = await caller(client, small.accounts["organiser"])
    path = f"/contests/{small.contest}/approvals"
    await organiser.post(path, {"verb": "correct_mark", "body": {**body, **wrong}}, status=422)


@pytest.mark.parametrize("approve", [True, False])
async def test_the_reason_of_a_request_is_gone_after_the_decision_but_for_the_records_own_copy(
    approve: bool,
) -> None:
    small = await small_contest()
    organiser, clerk = await small.actor("organiser"), await small.actor("clerk")
    body = {"members": [{"name": "张三丰"}], "reason": "Zhang Sanfeng's bus was late"}
    approval = await request_approval(organiser, small.contest, "add_late_entrant", body)
    await decide_approval(clerk, approval, approve)
    texts = await LogText.select().where(LogText.contest == small.contest)
    assert len(texts) == approve
    assert all(text["entry"] is not None for text in texts)


async def test_no_name_stands_in_the_audit() -> None:
    small = await small_contest()
    await small.judge_everything()
    await small.close()
    await create_account(await small.actor("organiser"), login="judge-9", label="赵钱孙")
    written = json.dumps(await audit_entries(limit=1000), default=str, ensure_ascii=False)
    assert await AuditEntry.count() > 10
    assert "选手" not in written
    assert "赵钱孙" not in written


async def test_a_total_of_nobody_is_not_found_instead_of_a_crash(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    reader = await caller(client, small.accounts["organiser"])
    address = f"/console/contests/{small.contest}/results/entries/{uuid4()}"
    headers = {"Authorization": f"Bearer {reader.token}"}
    assert (await client.get(address, headers=headers)).status_code == 404


async def _revision(small: SmallContest) -> int:
    row = await Contest.select(Contest.revision).where(Contest.id == small.contest).first()
    assert row is not None
    return int(row["revision"])


async def _document_kind() -> str:
    kinds = [d.code for partner in registry().partners() for d in partner.documents()]
    return next(kind for kind in kinds if "resident" in kind or "mainland" in kind)


def _proposal(contest: str) -> Proposal:
    return Proposal(
        id=uuid4(),
        contest=contest,
        entry="e",
        person=uuid4(),
        kind="level",
        code="c",
        grade="3",
        title="{}",
        authority="a",
        issuer="a",
        occupation="o",
        clause="{}",
        source="",
        rules_version="",
        facts="{}",
        result_version=1,
        created_at=datetime.now(UTC),
    )
