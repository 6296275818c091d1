"""The pool, what judges declare, the draw with its appointments and its undoing."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import pytest

from contests.actions.people import EntrantDraft, MemberDraft, register_entrants
from contests.actions.setup import make_ready
from contests.interests import conflicts_of
from contests.log import read
from contests.seating.appointing import (
    confirm_draw,
    groups_of,
    latest_draw,
    name_leader,
    preview_draw,
    regroup,
    undo_draw,
)
from contests.seating.declaring import (
    declare_interest,
    declare_own_interest,
    interests_link,
    withdraw_interest,
)
from contests.seating.drawing import Terms
from contests.seating.handling import save_handling
from contests.seating.leaving import declare_leaving, leaving_rules
from contests.seating.pool import (
    PoolDraft,
    add_to_pool,
    change_in_pool,
    erase_from_pool,
    pool_rows,
    remove_from_pool,
    return_to_pool,
)
from contests.seating.queries import attendance_list, draw_of, interests_of, pool_of, seated_judges
from contests.seating.tables import Interest, PoolJudge
from contests.tables import Contest
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.scoring.model import Leaving, Trim
from core.security import Role, Scope, actor_of
from core.settings import Settings
from core.tables import Grant
from tests.factories_contests import SmallContest, dish_scheme, make_account, small_contest


def judges(count: int, **more: Any) -> list[PoolDraft]:
    return [PoolDraft(f"裁判{n}", employer=f"单位{n}", leads=n == 0, **more) for n in range(count)]


async def drafted(count: int = 8, **more: Any) -> SmallContest:
    """A contest in draft for three judges, with a pool, an entrant of 广州酒家 and no judge yet."""
    small = await small_contest(judges=0, scheme=dish_scheme(3), until="draft")
    organiser = await small.actor("organiser")
    person = EntrantDraft([MemberDraft("陈大文", {"employer": "广州酒家"})])
    await register_entrants(organiser, small.contest, [person], now=small.at)
    if count:
        await add_to_pool(organiser, small.competition, judges(count, **more))
    return small


def codes(error: Any) -> list[str]:
    return [finding.code for finding in error.value.findings]


@pytest.fixture
async def small(database: Settings) -> SmallContest:
    return await drafted()


@pytest.mark.engine
async def test_what_is_personal_in_the_pool_is_sealed(small: SmallContest) -> None:
    row = (await pool_rows(small.competition))[0]

    stored = b"".join(bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode()
                      for v in row.values())  # fmt: skip
    lines = await pool_of(small.competition)

    assert "裁判".encode() not in stored
    assert "单位".encode() not in stored
    assert [line.facts["name"] for line in lines][:2] == ["裁判0", "裁判1"]


async def test_all_rows_or_none_with_every_finding(small: SmallContest) -> None:
    rows = [
        PoolDraft("裁判0", employer=" 单位0 "),
        PoolDraft(""),
        PoolDraft("新", valid_until="soon", level="galactic", employer="x" * 200),
        PoolDraft("双", employer="同"),
        PoolDraft("双", employer="同"),
    ]

    with pytest.raises(Invalid) as refused:
        await add_to_pool(await small.actor("organiser"), small.competition, rows)

    found = {(f.pointer, f.code) for f in refused.value.findings}
    assert found == {
        ("/0/name", "pool-judge-twice"),
        ("/1/name", "name-missing"),
        ("/2/employer", "text-too-long"),
        ("/2/level", "unknown-value"),
        ("/2/valid_until", "date-malformed"),
        ("/4/name", "pool-judge-twice"),
    }
    assert len(await pool_rows(small.competition)) == 8


async def test_a_judge_is_changed_removed_taken_back_and_erased(small: SmallContest) -> None:
    organiser = await small.actor("organiser")
    first, second = (line.id for line in (await pool_of(small.competition))[:2])

    await change_in_pool(organiser, small.competition, first, PoolDraft("王师傅", employer="酒店"))
    await remove_from_pool(organiser, small.competition, second)
    assert len(await pool_of(small.competition)) == 7
    await return_to_pool(organiser, small.competition, second)
    await erase_from_pool(organiser, small.competition, second)

    names = [line.facts["name"] for line in await pool_of(small.competition)]
    row = await PoolJudge.select().where(PoolJudge.id == second).first()
    assert "王师傅" in names
    assert row is not None
    assert (row["wrapped_key"], row["sealed_facts"], row["match_hash"]) == (None, None, "")


async def test_another_competitions_pool_is_not_there(small: SmallContest) -> None:
    other = await drafted(0)
    judge = (await pool_of(small.competition))[0].id

    with pytest.raises(NotFound):
        await change_in_pool(
            await other.actor("organiser"), other.competition, judge, PoolDraft("x")
        )
    with pytest.raises(Forbidden):
        await remove_from_pool(await other.actor("organiser"), small.competition, judge)
    with pytest.raises(Forbidden):
        await add_to_pool(await small.actor("chief"), small.competition, judges(1))


@pytest.mark.engine
async def test_a_draw_is_shown_confirmed_and_taken_back(small: SmallContest) -> None:
    organiser = await small.actor("organiser")

    plan = await preview_draw(organiser, small.contest, Terms(reserves=2), now=small.at)
    again = await preview_draw(organiser, small.contest, Terms(reserves=2), now=small.at)
    made = await confirm_draw(organiser, small.contest, now=small.at)

    assert plan == again
    assert len(plan["seats"]) == 3
    assert len(plan["reserves"]) == 2
    assert len(made) == 4  # three judges, the first of whom leads
    seated = await seated_judges(small.contest)
    assert [(one.seat, one.leads) for one in seated] == [("J1", True), ("J2", False), ("J3", False)]
    log = {line.kind: line.body for line in await read(small.contest)}
    drawn = json.loads(log["judges_drawn"])
    assert drawn["seats"] == plan["seats"]
    assert "裁判" not in "".join(log.values())
    grants = await Grant.count().where(
        Grant.role == Role.JUDGE.value, Grant.scope_id == str(small.contest)
    )
    assert grants == 3

    await undo_draw(organiser, small.contest, now=small.at)

    assert await seated_judges(small.contest) == []
    left = await Grant.count().where(
        Grant.role == Role.JUDGE.value,
        Grant.scope_id == str(small.contest),
        Grant.revoked_at.is_null(),
    )
    assert left == 0
    second = await preview_draw(organiser, small.contest, Terms(), now=small.at)
    assert second["number"] == 2


async def test_anybody_with_the_seed_repeats_the_draw(small: SmallContest) -> None:
    import hashlib

    from contests.seating.appointing import candidates_of
    from contests.seating.drawing import draw_judges, seats_wanted

    organiser = await small.actor("organiser")
    await preview_draw(organiser, small.contest, Terms(reserves=1), now=small.at)
    candidates = await candidates_of(small.contest)
    await confirm_draw(organiser, small.contest, now=small.at)
    log = {line.kind: json.loads(line.body) for line in await read(small.contest)}
    said, opened = log["judges_drawn"], log["judges_draw_opened"]
    seed = bytes.fromhex(said["seed"])

    drawn = draw_judges(
        seed, candidates, seats_wanted(small.scheme), Terms(reserves=1, on="2024-10-12")
    )

    assert [seat["judge"] for seat in said["seats"]] == list(drawn.seats.values())
    committed = hashlib.sha256(seed + f"|{small.contest}|1".encode()).hexdigest()
    assert opened["commitment"] == committed


async def test_what_changed_since_the_preview_is_looked_at_again(small: SmallContest) -> None:
    organiser = await small.actor("organiser")
    plan = await preview_draw(organiser, small.contest, Terms(), now=small.at)
    await remove_from_pool(organiser, small.competition, UUID(plan["seats"][0]["judge"]))

    with pytest.raises(Conflict) as refused:
        await confirm_draw(organiser, small.contest, now=small.at)

    assert codes(refused) == ["draw-changed"]
    assert await seated_judges(small.contest) == []


async def test_a_draw_that_fills_nothing_appoints_nobody_and_says_why(database: Settings) -> None:
    small = await drafted(2)
    organiser = await small.actor("organiser")
    await preview_draw(organiser, small.contest, Terms(), now=small.at)

    with pytest.raises(Invalid) as refused:
        await confirm_draw(organiser, small.contest, now=small.at)

    assert codes(refused) == ["seat-nobody", "draw-out-seated"]


async def test_nobody_is_drawn_twice_for_one_contest(small: SmallContest) -> None:
    organiser = await small.actor("organiser")
    await preview_draw(organiser, small.contest, Terms(), now=small.at)
    await confirm_draw(organiser, small.contest, now=small.at)

    with pytest.raises(Conflict) as again:
        await preview_draw(organiser, small.contest, Terms(), now=small.at)
    with pytest.raises(Conflict) as nothing:
        await confirm_draw(organiser, small.contest, now=small.at)

    assert codes(again) == ["draw-appointed-already"]
    assert codes(nothing) == ["draw-not-open"]


@pytest.mark.parametrize(
    ("kind", "value"),
    [("employer", "广 州 酒家"), ("relation", "陈大文")],
)
async def test_who_shares_something_with_an_entrant_is_never_drawn(
    small: SmallContest, kind: str, value: str
) -> None:
    organiser = await small.actor("organiser")
    lines = await pool_of(small.competition)
    for line in lines[3:]:
        await declare_interest(organiser, small.competition, line.id, kind, value=value)

    plan = await preview_draw(organiser, small.contest, Terms(), now=small.at)

    assert {seat["judge"] for seat in plan["seats"]} == {str(line.id) for line in lines[:3]}
    view = await draw_of(small.contest)
    assert [hint.code for hint in view.hints] == ["pool-small"]
    assert view.hints[0].params["pool"] == "3"


async def test_an_interest_that_is_withdrawn_or_ignored_keeps_nobody_out(
    small: SmallContest,
) -> None:
    organiser = await small.actor("organiser")
    lines = await pool_of(small.competition)
    made = [
        await declare_interest(organiser, small.competition, line.id, "employer", value="广州酒家")
        for line in lines[2:]
    ]
    assert (await preview_draw(organiser, small.contest, Terms(), now=small.at))["findings"]

    await withdraw_interest(organiser, small.competition, made[0])

    assert not (await preview_draw(organiser, small.contest, Terms(), now=small.at))["findings"]
    row = await Contest.select(Contest.revision).where(Contest.id == small.contest).first()
    assert row is not None
    await save_handling(organiser, small.contest, {"employer": "ignore"}, revision=row["revision"])
    plan = await preview_draw(organiser, small.contest, Terms(reserves=99), now=small.at)
    assert len(plan["reserves"]) == 5


async def test_who_may_judge_but_not_count_is_recused_as_he_is_appointed(
    database: Settings,
) -> None:
    small = await drafted(3)
    organiser = await small.actor("organiser")
    row = await Contest.select(Contest.revision).where(Contest.id == small.contest).first()
    assert row is not None
    await save_handling(organiser, small.contest, {"employer": "recuse"}, revision=row["revision"])
    line = (await pool_of(small.competition))[1]
    await declare_interest(organiser, small.competition, line.id, "employer", value="广州酒家")

    await preview_draw(organiser, small.contest, Terms(), now=small.at)
    await confirm_draw(organiser, small.contest, now=small.at)

    seated = {one.name: one.recused for one in await seated_judges(small.contest)}
    assert seated == {"裁判0": 0, "裁判1": 1, "裁判2": 0}
    assert len((await small.replayed()).recused) == 1
    assert await conflicts_of(small.contest) == []


async def test_a_conflict_declared_after_the_draw_stands_in_the_way(small: SmallContest) -> None:
    organiser = await small.actor("organiser")
    await preview_draw(organiser, small.contest, Terms(), now=small.at)
    await confirm_draw(organiser, small.contest, now=small.at)
    rows = await pool_rows(small.competition)
    row = next(row for row in rows if row["account"] is not None)

    await declare_interest(organiser, small.competition, row["id"], "relation", value="陈大文")

    found = await conflicts_of(small.contest)
    assert {(f.params["kind"], blocks) for f, blocks in found} == {("relation", False)}


async def test_a_judge_declares_by_link_and_learns_nothing(small: SmallContest) -> None:
    organiser = await small.actor("organiser")
    judge = (await pool_of(small.competition))[0].id

    link = await interests_link(organiser, small.competition, judge)
    row = await PoolJudge.select(PoolJudge.account).where(PoolJudge.id == judge).first()
    assert row is not None
    himself = await actor_of(row["account"])
    made = await declare_own_interest(himself, small.competition, "school", value="技师学院")

    assert "/in/" in link
    assert himself.grants == ()
    with pytest.raises(Invalid) as entry:
        await declare_own_interest(himself, small.competition, "declared", value="x")
    assert codes(entry) == ["interest-kind-unknown"]
    with pytest.raises(Forbidden):
        await declare_own_interest(
            await actor_of(await make_account("stranger")), small.competition, "school", value="x"
        )
    lines = await interests_of(small.competition, judge)
    assert [(one.kind, one.value, one.own) for one in lines] == [("school", "技师学院", True)]
    stored = await Interest.select().where(Interest.id == made).first()
    assert stored is not None
    assert "技师".encode() not in bytes(stored["sealed_value"])
    await withdraw_interest(himself, small.competition, made)
    assert await interests_of(small.competition, judge) == []


async def test_a_link_is_never_a_way_into_somebody_elses_powers(small: SmallContest) -> None:
    """The judge's account administers something elsewhere: this organiser gets no link that is it."""
    judge = (await pool_of(small.competition))[0].id
    account = await make_account("boss", (Role.ORGANISER, Scope("organisation", "elsewhere")))
    await PoolJudge.update({PoolJudge.account: account}).where(PoolJudge.id == judge)

    with pytest.raises(Forbidden):
        await interests_link(await small.actor("organiser"), small.competition, judge)


async def test_a_judge_takes_back_only_what_he_declared_himself(small: SmallContest) -> None:
    organiser = await small.actor("organiser")
    judge = (await pool_of(small.competition))[0].id
    await interests_link(organiser, small.competition, judge)
    row = await PoolJudge.select(PoolJudge.account).where(PoolJudge.id == judge).first()
    assert row is not None
    made = await declare_interest(organiser, small.competition, judge, "school", value="x")

    with pytest.raises(Forbidden):
        await withdraw_interest(await actor_of(row["account"]), small.competition, made)


async def test_an_interest_says_something_and_names_what_is_here(small: SmallContest) -> None:
    organiser = await small.actor("organiser")
    judge = (await pool_of(small.competition))[0].id
    stranger = UUID(int=7)

    with pytest.raises(Invalid) as refused:
        await declare_interest(organiser, small.competition, judge, "hobby")
    with pytest.raises(Invalid) as foreign:
        await declare_interest(
            organiser,
            small.competition,
            judge,
            "delegation",
            delegation=stranger,
            entry=stranger,
            value="x" * 200,
        )

    assert codes(refused) == ["interest-kind-unknown", "interest-empty"]
    assert codes(foreign) == ["text-too-long", "delegation-not-here", "entry-unknown"]


async def test_an_expired_qualification_is_said_and_not_drawn(database: Settings) -> None:
    small = await drafted(4, valid_until="2024-10-11")
    organiser = await small.actor("organiser")

    plan = await preview_draw(organiser, small.contest, Terms(), now=small.at)
    view = await draw_of(small.contest)

    assert [f["code"] for f in plan["findings"]] == ["seat-nobody", "draw-out-expired"]
    assert [hint.code for hint in view.hints] == ["pool-small", *["pool-expired"] * 4]


async def test_groups_and_leaders_change_before_marking(small: SmallContest) -> None:
    organiser = await small.actor("organiser")
    await preview_draw(organiser, small.contest, Terms(), now=small.at)
    await confirm_draw(organiser, small.contest, now=small.at)
    one, two, _ = await seated_judges(small.contest)

    await name_leader(organiser, small.contest, two.appointment, now=small.at)

    assert [j.seat for j in await seated_judges(small.contest) if j.leads] == ["J2"]
    assert await groups_of(small.contest) == [""]
    with pytest.raises(Invalid) as unknown:
        await regroup(organiser, small.contest, {one.appointment: "B", UUID(int=3): ""})
    assert codes(unknown) == ["appointment-unknown", "group-unknown"]
    assert await regroup(organiser, small.contest, {one.appointment: ""}) == 0
    roles = {line.role for line in await attendance_list(small.contest)}
    assert {"judge", "group_leader", "chief_referee"} <= roles


async def test_a_drawn_contest_becomes_ready_and_its_draw_stays(small: SmallContest) -> None:
    organiser = await small.actor("organiser")
    await preview_draw(organiser, small.contest, Terms(), now=small.at)
    await confirm_draw(organiser, small.contest, now=small.at)

    await make_ready(organiser, small.contest, now=small.at)

    known = await small.replayed()
    assert sum(a.role == "judge" for a in known.appointments.values()) == 3
    with pytest.raises(Conflict):
        await undo_draw(organiser, small.contest, now=small.at)
    draw = await latest_draw(small.contest)
    assert draw is not None
    assert draw["state"] == "confirmed"


async def test_ways_to_go_on_are_declared_while_the_contest_is_a_draft(small: SmallContest) -> None:
    organiser = await small.actor("organiser")
    row = await Contest.select(Contest.revision).where(Contest.id == small.contest).first()
    assert row is not None

    await declare_leaving(
        organiser,
        small.contest,
        ["substitute", "smaller"],
        first="smaller",
        trim=Trim(1, 0, 4),
        revision=row["revision"],
    )

    rules = await leaving_rules(small.contest)
    assert rules.leaving == (Leaving.SMALLER, Leaving.SUBSTITUTE)
    assert rules.recusal_trim == Trim(1, 0, 4)
    with pytest.raises(Invalid) as none:
        await declare_leaving(organiser, small.contest, [], revision=row["revision"] + 1)
    assert codes(none) == ["leaving-undeclared"]
    with pytest.raises(Invalid) as wrong:
        await declare_leaving(
            organiser, small.contest, ["pretend"], first="void", revision=row["revision"] + 1
        )
    assert codes(wrong) == ["leaving-unknown", "leaving-first-unchosen"]
