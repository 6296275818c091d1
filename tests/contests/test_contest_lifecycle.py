"""From set-up to final result: the states, their conditions, and what they tell others."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from contests.actions import closing, competition, draw, running, setup
from contests.chain import verify_chain
from contests.log import read
from contests.queries import (
    contest_overview,
    entries,
    explanation,
    sheet_counts,
    sheet_grid,
    standings,
)
from contests.replay import lines_of_version, replay
from contests.scoring import compute, results_hash, results_text
from contests.tables import ResultRow
from core.errors import Conflict, Forbidden, Invalid, NotReady, Stale, TwoPersons, WrongState
from core.events import ResultFinal, ResultSigned
from core.scoring.model import TeamFormula, TeamRule
from core.settings import Settings
from tests.factories_contests import dish_rules, heard, listening, small_contest, text

pytestmark = pytest.mark.engine


async def test_a_contest_goes_from_draft_to_final(database: Settings) -> None:
    small = await small_contest()

    answers = await small.judge_everything()
    await small.close()
    count = await small.finish()

    assert {answer.answer for answer in answers} == {"accepted"}
    assert all(answer.countable for answer in answers)
    assert count == 4
    assert await small.state() == "final"
    assert verify_chain(await read(small.contest)) == []


async def test_stored_results_are_what_the_log_gives_again(database: Settings) -> None:
    small = await small_contest()
    await small.judge_everything()
    version = await small.close()

    lines = lines_of_version(await read(small.contest), version)
    known = replay(lines)
    assert known.frozen is not None
    assert known.record is not None
    again = results_text(compute(known.frozen, known.record))

    row = await ResultRow.select().where(ResultRow.contest == small.contest).first()
    assert row is not None
    assert again == row["body"]
    assert row["log_head"] == lines[-1].hash
    after = (await small.replayed()).versions[-1]
    assert (after.results_hash, after.log_head) == (results_hash(again), lines[-1].hash)


async def test_an_unready_contest_lists_everything_that_is_unmet(database: Settings) -> None:
    small = await small_contest(entrants=1, judges=2, until="draft", facts={"organiser": ""})

    with pytest.raises(NotReady) as refused:
        await setup.make_ready(await small.actor("organiser"), small.contest)

    assert {finding.code for finding in refused.value.findings} >= {"fact-missing", "panel-short"}
    assert await small.state() == "draft"
    overview = await contest_overview(small.contest)
    assert overview.unmet


async def test_a_scheme_that_sums_to_99_75_is_refused_with_the_difference(
    database: Settings,
) -> None:
    small = await small_contest(until="draft")
    theory = small.scheme.modules[1]
    criterion = theory.criteria[0]
    sub = criterion.sub_criteria[0]
    paper = replace(sub.aspects[0], maximum=29_750)
    wrong = replace(
        small.scheme,
        modules=(
            small.scheme.modules[0],
            replace(
                theory,
                criteria=(replace(criterion, sub_criteria=(replace(sub, aspects=(paper,)),)),),
            ),
        ),
    )

    with pytest.raises(Invalid) as refused:
        await setup.save_scheme(await small.actor("organiser"), small.contest, wrong, revision=2)

    assert any("0.25" in " ".join(f.params.values()) for f in refused.value.findings)


async def test_a_draft_saved_over_a_newer_one_is_stale(database: Settings) -> None:
    small = await small_contest(until="draft")

    with pytest.raises(Stale):
        await setup.save_scheme(
            await small.actor("organiser"), small.contest, small.scheme, revision=0
        )


async def test_opening_codes_names_the_missing_sheets_by_code_and_seat(database: Settings) -> None:
    small = await small_contest(entrants=2)
    await small.judge_everything()
    other = await small_contest(entrants=2)
    seat = other.judges[0]
    code = await other.code_of(other.entries[0])
    await other.submit(seat, code, {"look": "18", "taste": "30", "care": "2"})

    with pytest.raises(NotReady) as refused:
        await draw.open_codes(
            await other.actor("chief"), await other.actor("supervisor"), other.contest
        )

    missing = {
        (f.params["code"], f.params["seat"])
        for f in refused.value.findings
        if f.code == "sheet-missing" and f.params["module"] == "dish"
    }
    assert (code, "J2") in missing
    assert (code, "J1") not in missing
    assert (await other.replayed()).opened == {}


async def test_a_contest_with_sealed_codes_does_not_close(database: Settings) -> None:
    small = await small_contest(entrants=2)
    await small.judge_everything()

    with pytest.raises(NotReady) as refused:
        await closing.close_contest(await small.actor("chief"), small.contest)

    assert {finding.code for finding in refused.value.findings} == {"codes-not-open"}


async def test_signatures_are_given_in_their_order_by_four_persons(database: Settings) -> None:
    small = await small_contest()
    await small.judge_everything()
    await small.close()

    with pytest.raises(Forbidden):
        await closing.sign_contest(await small.actor("supervisor"), small.contest)
    await small.sign()

    signatures = (await small.replayed()).signatures
    assert [s.role for s in signatures] == ["judge", "group_leader", "chief_referee", "supervisor"]
    assert len({s.content_hash for s in signatures}) == 1
    assert len({s.account for s in signatures}) == 4
    assert await small.state() == "signed"


async def test_the_result_is_not_final_before_the_notice_is_over(database: Settings) -> None:
    small = await small_contest()
    await small.judge_everything()
    await small.close()
    await small.sign()
    until = await small.publish()
    organiser = await small.actor("organiser")

    with pytest.raises(NotReady) as refused:
        await closing.finalise_contest(organiser, small.contest, now=until - timedelta(minutes=1))

    assert [finding.code for finding in refused.value.findings] == ["notice-running"]
    assert await closing.finalise_contest(organiser, small.contest, now=until) == 4


async def test_final_results_are_told_entry_by_entry(database: Settings) -> None:
    small = await small_contest(
        facts={
            "outputs": [
                {
                    "kind": "level",
                    "code": "level:3",
                    "grade": "3",
                    "title": text("三级"),
                    "issuer": "body",
                    "prizes": ["first"],
                }
            ]
        }
    )
    await small.judge_everything()
    await small.close()
    with listening(ResultFinal, ResultSigned):
        await small.finish()
        told = await heard()

    signed = [event for event in told if isinstance(event, ResultSigned)]
    final = {event.facts.entry: event.facts for event in told if isinstance(event, ResultFinal)}
    first = final[str(small.entries[0])]
    assert {event.issue for event in signed} == {False}
    assert len(final) == 4
    assert first.rank == 1
    assert [output.code for output in first.outputs] == ["award:first", "level:3"]
    assert first.outputs[0].issuer == "federation"
    assert len(first.persons) == 1
    assert first.evidence_root
    assert first.entrants == 4
    assert (first.modules[0].id, first.modules[0].maximum) == ("dish", "70")


async def test_certificates_for_the_ceremony_are_told_at_signing(database: Settings) -> None:
    small = await small_contest(rules=dish_rules(issue_at="signed"))
    await small.judge_everything()
    await small.close()
    with listening(ResultSigned):
        await small.sign()
        events = await heard()

    assert len(events) == 4
    assert all(isinstance(e, ResultSigned) and e.issue and e.facts.notice_until for e in events)


async def test_a_step_out_of_turn_is_refused(database: Settings) -> None:
    small = await small_contest(until="ready")

    with pytest.raises(WrongState):
        await closing.publish_contest(await small.actor("organiser"), small.contest)
    with pytest.raises(NotReady):
        await running.start_judging(await small.actor("chief"), small.contest)


async def test_two_steps_of_two_persons_need_two_accounts(database: Settings) -> None:
    small = await small_contest(until="ready")
    officer = await small.actor("encryption")

    with pytest.raises(TwoPersons):
        await draw.draw_codes(officer, officer, small.contest, "dish")


async def test_a_module_is_drawn_once(database: Settings) -> None:
    small = await small_contest(until="drawn")

    with pytest.raises(Conflict):
        await draw.draw_codes(
            await small.actor("encryption"), await small.actor("supervisor"), small.contest, "dish"
        )


async def test_a_draw_on_paper_is_entered_with_all_its_mistakes_named(database: Settings) -> None:
    small = await small_contest(until="ready", entrants=3)
    officer, witness = await small.actor("encryption"), await small.actor("supervisor")
    first, second, third = small.entries

    with pytest.raises(Invalid) as refused:
        await draw.draw_codes(
            officer, witness, small.contest, "dish", codes={first: "A1", second: "A1"}
        )
    await draw.draw_codes(
        officer,
        witness,
        small.contest,
        "dish",
        codes={first: "A1", second: "A2", third: "A3"},
    )

    assert {f.code for f in refused.value.findings} == {"draw-code-twice", "draw-entry-missing"}
    assert (await small.codes())["dish"] == {
        "A1": str(first),
        "A2": str(second),
        "A3": str(third),
    }


async def test_the_log_knows_only_codes_until_they_are_opened(database: Settings) -> None:
    small = await small_contest()
    await small.judge_everything()
    before = await read(small.contest)
    entries_and_codes = {
        str(line.seq)
        for line in before
        for module in (await small.codes()).values()
        for code, entry in module.items()
        if f'"{code}"' in line.body and entry in line.body
    }

    await small.close()

    assert entries_and_codes == set()
    known = await small.replayed()
    assert known.opened == await small.codes()


async def test_nobody_who_may_not_know_sees_names(database: Settings) -> None:
    small = await small_contest(entrants=2)

    organiser = await entries(small.contest, by=await small.actor("organiser"))
    judge = await entries(small.contest, by=small.judges[0].actor)

    assert [entry.names for entry in organiser] == [("选手0-0",), ("选手1-0",)]
    assert [entry.names for entry in judge] == [None, None]


async def test_the_standings_explain_themselves_by_seat(database: Settings) -> None:
    small = await small_contest()
    await small.judge_everything()
    await small.close()

    view = await standings(small.contest, by=await small.actor("organiser"))
    steps = await explanation(small.contest, small.entries[0])
    grid = await sheet_grid(small.contest)
    counts = await sheet_counts(small.contest)

    assert [standing.rank for standing in view.results.standings] == [1, 2, 3, 4]
    assert view.prizes[str(small.entries[0])] == (("prizes", "first"),)
    used = {judge for aspect in view.results.aspects for judge, _ in aspect.used}
    assert used == {"J1", "J2", "J3"}
    assert steps
    assert (grid.owed, grid.signed) == counts == (16, 16)


async def test_the_team_award_quotes_the_heads_of_its_contests(database: Settings) -> None:
    small = await small_contest()
    organiser = await small.actor("organiser")
    rule = TeamRule("team", text("团体奖"), TeamFormula.SUM)
    await competition.save_team_rule(organiser, small.competition, rule)
    with pytest.raises(NotReady):
        await competition.compute_team_standings(organiser, small.competition)
    await small.judge_everything()
    await small.close()
    row = (await contest_overview(small.contest)).row

    result = await competition.compute_team_standings(organiser, small.competition)

    lines = await read(small.competition)
    assert [team.rank for team in result] == [1, 2]
    assert verify_chain(lines) == []
    assert row["head"] in lines[-1].body


async def test_each_state_names_its_next_step(database: Settings) -> None:
    small = await small_contest(until="drawn")
    steps = [(await contest_overview(small.contest)).next_step]
    small.rules_hash = await running.start_judging(await small.actor("chief"), small.contest)
    steps.append((await contest_overview(small.contest)).next_step)
    await small.judge_everything()
    steps.append((await contest_overview(small.contest)).next_step)
    await small.close()
    steps.append((await contest_overview(small.contest)).next_step)
    await small.sign()
    steps.append((await contest_overview(small.contest)).next_step)
    until = await small.publish()
    steps.append((await contest_overview(small.contest, now=until)).next_step)

    assert steps == [
        "start_judging",
        "collect_sheets",
        "open_codes",
        "sign_contest",
        "publish_contest",
        "finalise_contest",
    ]


async def test_a_contest_of_an_unknown_type_names_the_types_that_there_are(
    database: Settings,
) -> None:
    small = await small_contest(until="draft")

    with pytest.raises(Invalid) as refused:
        await setup.create_contest(
            await small.actor("organiser"),
            competition=small.competition,
            code="another",
            title={"en": "Another"},
            type_code="knitting",
        )

    (finding,) = refused.value.findings
    assert (finding.pointer, finding.code) == ("/type_code", "contest-type-unknown")
    assert "panel" in finding.params["known"]
