"""Craftsmen selected by an index, from the type page to the honour that is proposed."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from uuid import UUID

import httpx
import pytest

from contests.actions import draw, people, running, setup
from contests.queries import contest_overview, explanation, standings
from core.db import transaction
from core.events import ResultFinal
from core.explaining import render_step
from core.outbox import drain, put
from core.scoring.codec import from_json
from core.scoring.model import Mark
from core.settings import Settings
from credentials.records.tables import Proposal
from plugins.craftsman_index.examples import CRAFTSMAN, DIGITAL
from tests.admin.competition_kit import desk
from tests.factories_contests import (
    STAFF,
    SmallContest,
    add_judge,
    drafts,
    heard,
    listening,
    small_contest,
    text,
)

pytestmark = pytest.mark.engine
TITLE = text("年度工匠")
HONOUR = {
    "kind": "honour",
    "code": "craftsman",
    "grade": "district",
    "title": TITLE,
    "issuer": "federation",
    "prizes": ["selected"],
}
OPTIONS = {**CRAFTSMAN.options, "selected_count": 1, "shortlisted_count": 1, "least_total": "60"}


# --- from the type page --------------------------------------------------------------------------


async def test_an_organiser_finds_the_type_and_founds_one_from_its_template(
    client: httpx.AsyncClient,
) -> None:
    at = await desk(client)
    path = f"{at.at}/contests/new/craftsman_index?template=craftsman_4_12"

    types = (await at.get(f"{at.at}/contests/new")).text
    form = (await at.get(path)).text
    address = await at.sent(
        path, {"o.first_level.3.title_zh_hans": "职业精神"}, action="/contests/new/craftsman_index"
    )

    assert "工匠量化指标评选" in types
    assert "示例名称与权重" in types
    assert DIGITAL.title["zh-Hans"] in types
    assert "名称与权重由主办方确定" in form
    about = await contest_overview(UUID(address.rsplit("/", 1)[1]))
    assert [m.title["zh-Hans"] for m in about.scheme.modules][3] == "职业精神"
    assert [m.maximum for m in about.scheme.modules] == [40_000, 30_000, 20_000, 10_000]
    assert sum(len(m.aspects()) for m in about.scheme.modules) == 12


async def test_weights_that_do_not_add_up_come_back_at_their_indicator(
    client: httpx.AsyncClient,
) -> None:
    at = await desk(client)
    path = f"{at.at}/contests/new/craftsman_index?template=craftsman_4_12"

    answer = await at.fill(
        path,
        {"o.second_level.0.weight": "17", "o.second_level.4.scale": "2.5"},
        action="/contests/new/craftsman_index",
    )

    assert answer.status_code == 422
    assert 'id="o.first_level.0.weight-wrong"' in answer.text
    assert "指标 A 之下的权重之和为 39，须等于该指标的权重 40，或等于 100。" in answer.text
    assert "2.5 不是件数" in answer.text


# --- a whole selection ---------------------------------------------------------------------------


async def selection() -> SmallContest:
    """Three candidates, seven experts E1 to E7, the verifier V1; marking has started."""
    small = await small_contest(until="draft")
    organiser = await small.actor("organiser")
    contest = await setup.create_contest(
        organiser,
        competition=small.competition,
        code=f"craftsmen-{str(small.contest)[:8]}",
        title=TITLE,
        type_code="craftsman_index",
        options=OPTIONS,
        facts={"organiser": "federation", "outputs": [HONOUR]},
        now=small.at,
    )
    about = await contest_overview(contest)
    entries = await people.register_entrants(organiser, contest, drafts(3), now=small.at)
    one = replace(
        small, contest=contest, entries=entries, judges=[], scheme=about.scheme, rules=about.rules
    )
    for name, role in STAFF.items():
        if name != "organiser":
            await people.appoint(organiser, contest, one.accounts[name], role, now=one.at)
    one.judges = [await add_judge(one, f"E{n}") for n in range(1, 8)]
    one.judges.append(await add_judge(one, "V1", panel="verifiers"))
    await setup.make_ready(organiser, contest, now=one.at)
    officer, witness = await one.actor("encryption"), await one.actor("supervisor")
    for number, module in enumerate(one.scheme.modules):
        seed = number.to_bytes(32, "big")
        await draw.draw_codes(officer, witness, contest, module.id, seed=seed, now=one.at)
    one.rules_hash = await running.start_judging(await one.actor("chief"), contest, now=one.at)
    return one


async def judge(one: SmallContest) -> None:
    """Candidate 1 gets around 90 of 100 and all the evidence, candidate 2 around 80 and half of it,
    candidate 3 around 50 and none. E1 is harsh and E7 generous, with everybody."""
    middle = dict(zip(map(str, one.entries), (90, 80, 50), strict=True))
    share = dict(
        zip(map(str, one.entries), (Fraction(1), Fraction(1, 2), Fraction(0)), strict=True)
    )
    for module in one.scheme.modules:
        for code, entry in (await one.codes())[module.id].items():
            for seat in one.judges:
                marks = {}
                for aspect in module.aspects():
                    if (aspect.panel == "verifiers") != (seat.name == "V1"):
                        continue
                    if aspect.calculation is not None:
                        total = int(aspect.calculation.parameters["total"])
                        marks[aspect.id] = from_json(Mark, {"raw": str(int(total * share[entry]))})
                    elif seat.name == "V1":
                        marks[aspect.id] = Mark(int((aspect.maximum or 0) * share[entry]))
                    else:
                        away = {"E1": -40, "E7": 10}.get(seat.name, 0)
                        marks[aspect.id] = Mark((middle[entry] + away) * 1000)
                answer = await one.submit(seat, code, marks, module=module.id)
                assert (answer.answer, answer.countable) == ("accepted", True), answer


async def test_a_selection_ends_in_the_proposal_of_an_honour_for_who_is_selected(
    database: Settings,
) -> None:
    one = await selection()
    await judge(one)
    await one.close()

    view = await standings(one.contest)
    totals = {str(s.entry): (s.rank, s.total) for s in view.results.standings}
    first, second, third = map(str, one.entries)
    # Experts give 71 points of the 100: all seven without the harshest and the most generous.
    assert totals[first] == (1, Fraction("92.9"))  # 63.9, and 29 for the whole evidence
    # 56.8; 2 of 4 prizes 4, 2 of 5 patents 3.2, 4 of 8 apprentices 4, 7 of 15 years 1.4, 5 of 10: 1
    assert totals[second] == (2, Fraction("70.4"))
    assert totals[third] == (3, Fraction("35.5"))
    assert view.prizes == {
        first: (("selection", "selected"),),
        second: (("selection", "shortlisted"),),
    }
    told = [render_step(s, "zh-Hans") for s in await explanation(one.contest, one.entries[0])]
    assert "去掉的最高分和最低分：100, 50" in told
    assert "登记数值 4：100 分" in told

    with listening(ResultFinal):
        await one.finish()
        facts = {e.facts.entry: e.facts for e in await heard() if isinstance(e, ResultFinal)}

    assert [o.code for o in facts[first].outputs] == ["award:selected", "craftsman"]
    assert [o.code for o in facts[second].outputs] == ["award:shortlisted"]
    assert facts[third].outputs == ()
    async with transaction():
        await put(*(ResultFinal(one_of) for one_of in facts.values()))
    await drain()
    rows = await Proposal.select().where(Proposal.contest == str(one.contest))
    assert [(r["kind"], r["code"], r["grade"], r["entry"]) for r in rows] == [
        ("honour", "craftsman", "district", first)
    ]
