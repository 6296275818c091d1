"""In the hall: clock, interruptions, attempts, penalties, statuses, and teams judged as one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest

from contests.actions import closing, draw, running, setup
from contests.actions.people import register_entrants
from contests.queries import standings
from core.errors import Invalid, NotReady
from core.events import ResultFinal
from core.scoring.model import (
    AttemptRule,
    ModuleScore,
    Outcome,
    OverTime,
    Scheme,
    Standing,
    TieBreak,
    TieKey,
    TiePolicy,
)
from core.settings import Settings
from tests.factories_contests import (
    SmallContest,
    dish_rules,
    dish_scheme,
    drafts,
    heard,
    listening,
    small_contest,
)

pytestmark = pytest.mark.engine

MARKS = {"look": "18", "taste": "30", "care": "2"}


def _dish(**changes: object) -> Scheme:
    scheme = dish_scheme()
    return replace(
        scheme,
        modules=(replace(scheme.modules[0], **changes), scheme.modules[1]),  # type: ignore[arg-type]
    )


async def _module(small: SmallContest, entry: int = 0, module: str = "dish") -> ModuleScore:
    view = await standings(small.contest)
    wanted = str(small.entries[entry])
    return next(m for m in view.results.modules if (m.entry, m.module) == (wanted, module))


async def _standing(small: SmallContest, entry: int = 0) -> Standing:
    view = await standings(small.contest)
    wanted = str(small.entries[entry])
    return next(s for s in view.results.standings if s.entry == wanted)


async def test_over_time_uses_net_time_and_shows_all_three(database: Settings) -> None:
    small = await small_contest(
        entrants=1, scheme=_dish(over_time=OverTime(limit=3600, points=500))
    )
    code, chief = await small.code_of(small.entries[0]), await small.actor("chief")
    start = small.at
    for stamp, minutes in (("start", 0), ("pause", 10), ("resume", 15), ("stop", 70)):
        await running.record_clock(
            chief,
            small.contest,
            module="dish",
            code=code,
            stamp=stamp,
            at=start + timedelta(minutes=minutes),
        )
    await running.record_interruption(
        chief,
        small.contest,
        module="dish",
        code=code,
        seconds=180,
        cause="gas failed",
        acknowledged=True,
    )
    await small.judge_everything()
    await small.close()

    score = await _module(small)

    assert (score.gross, score.compensation) == (70 * 60, 8 * 60)
    assert score.penalty == Fraction(1)


async def test_a_stop_watch_reading_replaces_the_stamps(database: Settings) -> None:
    small = await small_contest(entrants=1)
    code, chief = await small.code_of(small.entries[0]), await small.actor("chief")
    await running.record_clock(chief, small.contest, module="dish", code=code, stamp="start")
    await running.record_timing(
        chief, small.contest, module="dish", code=code, gross=3000, compensation=60
    )
    await small.judge_everything()
    await small.close()

    score = await _module(small)

    assert (score.gross, score.compensation) == (3000, 60)


@pytest.mark.parametrize(
    ("rule", "ruled", "expected"),
    [
        (AttemptRule.LAST, None, 2),
        (AttemptRule.BEST, None, 1),
        (AttemptRule.RULING, 1, 1),
        (AttemptRule.RULING, 2, 2),
    ],
)
async def test_which_attempt_counts_is_a_declared_rule(
    database: Settings, rule: AttemptRule, ruled: int | None, expected: int
) -> None:
    small = await small_contest(entrants=1, scheme=_dish(attempts=rule))
    code = await small.code_of(small.entries[0])
    await small.judge_everything()
    for seat in small.judges:
        await small.submit(seat, code, {**MARKS, "taste": "20"}, attempt=2)
    if ruled:
        await running.rule_attempt(
            await small.actor("chief"),
            small.contest,
            module="dish",
            code=code,
            attempt=ruled,
            reason="re-run",
        )
    await small.close()

    assert (await _module(small)).attempt == expected


async def test_a_second_attempt_begun_is_owed_by_the_whole_panel(database: Settings) -> None:
    small = await small_contest(entrants=1)
    code = await small.code_of(small.entries[0])
    await small.judge_everything()
    await small.submit(small.judges[0], code, MARKS, attempt=2)

    with pytest.raises(NotReady) as refused:
        await running.end_judging(await small.actor("chief"), small.contest)

    assert {(f.params["seat"], f.params["attempt"]) for f in refused.value.findings} == {
        ("J2", "2"),
        ("J3", "2"),
    }


async def test_penalties_by_scope_are_taken_off_and_can_be_taken_back(database: Settings) -> None:
    small = await small_contest(entrants=4)
    chief = await small.actor("chief")
    codes = [await small.code_of(entry) for entry in small.entries]

    async def penalise(place: int, scope: str, points: int = 0, **more: bool) -> object:
        return await running.record_penalty(
            chief,
            small.contest,
            scope=scope,
            module="dish",
            code=codes[place],
            points=points,
            reason="talked",
            **more,
        )

    await penalise(0, "points", 2500)
    await penalise(1, "points", 3000, whole_contest=True)
    await penalise(2, "disqualify")
    cancelled = await penalise(3, "points", 9000)
    await running.cancel_penalty(chief, small.contest, cancelled, reason="mistaken")  # type: ignore[arg-type]
    await small.judge_everything()
    await small.close()

    assert (await _module(small, 0)).penalty == Fraction(5, 2)
    second, theory = await _module(small, 1), await _module(small, 1, "theory")
    total = (await _standing(small, 1)).total
    assert second.score is not None
    assert theory.score is not None
    assert total == second.score + theory.score - 3
    assert (await _standing(small, 2)).status is Outcome.DSQ
    assert (await _module(small, 3)).penalty == 0


async def test_a_penalty_needs_a_reason_points_and_a_known_code(database: Settings) -> None:
    small = await small_contest(entrants=1)
    chief = await small.actor("chief")

    with pytest.raises(Invalid) as refused:
        await running.record_penalty(
            chief, small.contest, scope="points", module="dish", code="x", reason=""
        )
    with pytest.raises(Invalid) as unknown:
        await running.record_penalty(
            chief, small.contest, scope="warning", module="dish", code="x", reason="talked"
        )

    assert {f.code for f in refused.value.findings} == {"points-impossible", "reason-missing"}
    assert {f.code for f in unknown.value.findings} == {"code-unknown"}


@pytest.mark.parametrize("status", ["DNF", "DSQ", "void"])
async def test_a_status_is_not_a_zero_and_owes_no_sheet(database: Settings, status: str) -> None:
    small = await small_contest(entrants=2)
    code, chief = await small.code_of(small.entries[0]), await small.actor("chief")
    await running.record_status(
        chief, small.contest, status=status, module="dish", code=code, whole_contest=True
    )
    await small.judge_everything()
    await small.close()

    standing = await _standing(small)

    assert standing.rank is None
    assert standing.status is Outcome(status)


async def test_an_entry_on_trial_is_marked_and_never_counted(database: Settings) -> None:
    small = await small_contest(entrants=2, until="draft")
    organiser = await small.actor("organiser")
    trial = (await register_entrants(organiser, small.contest, drafts(1, trial=True)))[0]
    await setup.make_ready(organiser, small.contest)
    for module in ("dish", "theory"):
        await draw.draw_codes(
            await small.actor("encryption"), await small.actor("supervisor"), small.contest, module
        )
    small.rules_hash = await running.start_judging(await small.actor("chief"), small.contest)
    await small.submit(small.judges[0], await small.code_of(trial), MARKS)
    for entry in small.entries:
        for seat in small.judges:
            await small.submit(seat, await small.code_of(entry), MARKS)
        code = await small.code_of(entry, "theory")
        await small.submit(small.judges[0], code, {"paper": "20"}, module="theory")
    await small.close()

    view = await standings(small.contest)
    assert {s.entry for s in view.results.standings} == {str(e) for e in small.entries}


async def test_a_forbidden_tie_blocks_closing_until_the_chief_rules(database: Settings) -> None:
    rules = dish_rules(tie_policy=TiePolicy.NONE, tie_breaks=(TieBreak(TieKey.MODULE, "dish"),))
    small = await small_contest(entrants=2, rules=rules)
    await small.judge_everything(lambda _, __: MARKS)

    with pytest.raises(NotReady) as refused:
        await small.close()
    chief = await small.actor("chief")
    first, second = small.entries
    with pytest.raises(Invalid):
        await closing.rule_places(chief, small.contest, [first], reason="?")
    await closing.rule_places(chief, small.contest, [second, first], reason="cleaner place")
    await closing.close_contest(chief, small.contest)

    assert [f.code for f in refused.value.findings] == ["tie-unresolved"]
    assert ((await _standing(small, 1)).rank, (await _standing(small, 0)).rank) == (1, 2)


async def test_three_persons_joint_work_is_judged_once_and_names_each(database: Settings) -> None:
    small = await small_contest(entrants=2, members=3)
    answers = await small.judge_everything()
    await small.close()
    with listening(ResultFinal):
        await small.finish()
        told = await heard()

    facts = {e.facts.entry: e.facts for e in told if isinstance(e, ResultFinal)}
    first = facts[str(small.entries[0])]
    assert len(answers) == 2 * (3 + 1)
    assert len(first.persons) == len(set(first.persons)) == 3
    assert first.team["zh-Hans"] == "队0"
    assert first.outputs[0].code == "award:first"
    assert len(facts) == 2


async def test_a_flagged_prize_waits_for_a_person(database: Settings) -> None:
    small = await small_contest(entrants=2)
    await small.judge_everything(lambda _, __: MARKS)
    await small.close()
    judge = small.judges[0].actor

    with pytest.raises(NotReady) as refused:
        await closing.sign_contest(judge, small.contest)
    await closing.confirm_awards(await small.actor("chief"), small.contest)

    assert {f.code for f in refused.value.findings} == {"award-needs-confirmation"}
    assert await closing.sign_contest(judge, small.contest) == "judge"
