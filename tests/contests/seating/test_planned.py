"""The seats that a contest brings along from last year's: shown as a plan, drawn from, filled."""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID

import openpyxl
import pytest

from contests.actions.people import appoint
from contests.declared import declared_findings
from contests.entering.exporting import planned_rows, template
from contests.entering.importing import check_import, start_import
from contests.entering.kept import import_of
from contests.founding.cloning import clone_contest, seats_of
from contests.seating.appointing import confirm_draw, name_leader, preview_draw
from contests.seating.drawing import Terms
from contests.seating.planned import plan_of, planned_duties, planned_seats
from contests.seating.pool import PoolDraft, add_to_pool
from contests.seating.queries import draw_of, seated_judges
from core.security import Role
from core.settings import Settings
from tests.factories_contests import SmallContest, dish_scheme, make_account, small_contest

DUTIES: list[dict[str, Any]] = [
    {"role": "chief_referee", "panel": "referees", "group": "", "modules": [], "seat": "chief_referee"},
    {"role": "group_leader", "panel": "referees", "group": "", "modules": [], "seat": "group_leader"},
    *({"role": "judge", "panel": "referees", "group": "", "modules": [], "seat": f"J{n}"} for n in (10, 2, 1)),
]  # fmt: skip


async def cloned(judges: int = 3) -> tuple[SmallContest, UUID]:
    """A draft like a contest with `judges` judges and a leader, and a pool of six who may lead."""
    small = await small_contest(judges=judges, scheme=dish_scheme(3), until="draft")
    by = await small.actor("organiser")
    await name_leader(by, small.contest, UUID(small.judges[1].appointment), now=small.at)
    pool = [PoolDraft(f"裁判{n}", employer=f"单位{n}", leads=True) for n in range(6)]
    await add_to_pool(by, small.competition, pool)
    title = {"zh-Hans": "今年"}
    made = await clone_contest(by, small.contest, small.competition, title=title, now=small.at)
    return small, made


def test_judges_are_seated_by_their_number_and_the_first_of_a_led_group_leads() -> None:
    duties = planned_duties({"seats": DUTIES})
    seats = planned_seats(duties, dish_scheme(3))

    assert [d.seat for d in duties] == ["chief_referee", "group_leader", "J1", "J2", "J10"]
    assert [(s.number, s.leader) for s in seats] == [(1, True), (2, False), (3, False)]


def test_a_seat_without_work_in_the_scheme_is_not_drawn() -> None:
    gone = [{**DUTIES[-1], "group": "cold"}, {**DUTIES[-1], "modules": ["Z"]}, DUTIES[-1]]

    assert len(planned_seats(planned_duties({"seats": gone}), dish_scheme(3))) == 1


def test_a_plan_that_could_not_be_read_is_refused_when_it_is_stated() -> None:
    wrong = declared_findings({"seats": ["J1", {"role": 3, "modules": "A"}]})

    assert [f.pointer for f in wrong] == ["/seats/0", "/seats/1/role", "/seats/1/modules"]
    assert declared_findings({"seats": DUTIES}) == []


@pytest.mark.engine
async def test_a_clone_shows_what_is_to_fill_and_draws_from_it(database: Settings) -> None:
    small, made = await cloned(judges=4)
    by = await small.actor("organiser")

    before = await draw_of(made)
    plan = await preview_draw(by, made, before.terms, now=small.at)
    await confirm_draw(by, made, now=small.at)
    after = await plan_of(made)

    assert (before.terms.planned, before.wanted, len(before.plan.judges)) == (True, 3, 4)
    assert [f.code for f in before.plan.findings] == ["plan-seats-differ"]
    assert before.plan.open == len(before.plan.duties)
    assert [seat["leader"] for seat in plan["seats"]] == [True, False, False, False]
    assert len(await seated_judges(made)) == 4
    open_ = {duty.role for duty in after.duties if not duty.name}
    assert {"judge", "group_leader"}.isdisjoint(open_)
    assert "chief_referee" in open_


async def test_the_scheme_s_seats_may_be_drawn_instead(database: Settings) -> None:
    small, made = await cloned(judges=4)

    plan = await preview_draw(await small.actor("organiser"), made, Terms(), now=small.at)

    assert len(plan["seats"]) == 3


async def test_a_contest_of_its_own_has_no_plan(database: Settings) -> None:
    small = await small_contest(judges=0, until="draft")

    view = await draw_of(small.contest)

    assert (view.plan.duties, view.terms.planned) == ((), False)


@pytest.mark.engine
async def test_open_duties_come_as_a_table_that_is_taken_back_filled_in(
    database: Settings,
) -> None:
    small, made = await cloned()
    by = await small.actor("organiser")
    await appoint(by, made, await make_account("chief"), Role.CHIEF_REFEREE.value, now=small.at)

    rows = await planned_rows(by, made, "zh-Hans")
    book = openpyxl.load_workbook(io.BytesIO(template("staff", "zh-Hans", rows=rows)))
    page = book.worksheets[0]
    for number in range(2, len(rows) + 2):
        page.cell(number, 1, "王" + chr(0x4E00 + number))
        page.cell(number, 2, f"login-{number}")
    filled = io.BytesIO()
    book.save(filled)
    id_ = await start_import(by, "staff", contest=made, data=filled.getvalue())
    checked = await check_import(await import_of(by, id_))

    assert "裁判长" not in {row["role"] for row in rows}
    assert sum(row["role"] == "裁判员" for row in rows) == 3
    assert (checked.wrong, len(checked.rows)) == (set(), len(rows))


async def test_a_plan_that_nobody_has_filled_comes_along_once_more(database: Settings) -> None:
    small, made = await cloned()
    by = await small.actor("organiser")

    again = await clone_contest(
        by, made, small.competition, title={"zh-Hans": "明年"}, now=small.at
    )

    assert await seats_of(made) == []
    assert len((await plan_of(again)).judges) == 3
