"""After closing: corrections, appeals, and steps that one person asks for and another approves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from contests.actions import approvals, closing, draw
from contests.actions.correcting import CORRECTED, correct_mark
from contests.chain import verify_chain
from contests.log import read
from contests.queries import approvals as pending
from contests.queries import standings
from contests.replay import lines_of_version, replay
from contests.scoring import compute, results_hash, results_text
from contests.tables import Appeal, Approval, Entry, ResultRow
from core.errors import Conflict, Forbidden, Invalid, NotReady
from core.events import ResultFinal
from core.settings import Settings
from tests.factories_contests import (
    SmallContest,
    as_mark,
    heard,
    listening,
    small_contest,
)

pytestmark = pytest.mark.engine


async def _correct(small: SmallContest, entry: int, taste: str, **more: Any) -> int:
    values: dict[str, Any] = {
        "module": "dish",
        "code": await small.code_of(small.entries[entry]),
        "judge": UUID(small.judges[0].appointment),
        "aspect": "taste",
        "mark": as_mark(taste),
        "reason": "misread paper",
        "now": small.at,
    }
    by, witness = await small.actor("chief"), await small.actor("supervisor")
    return await correct_mark(by, witness, small.contest, **{**values, **more})


async def _played(**more: Any) -> SmallContest:
    small = await small_contest(**more)
    await small.judge_everything()
    await small.close()
    return small


async def test_a_correction_is_a_new_entry_and_a_new_version(database: Settings) -> None:
    small = await _played()
    before = await read(small.contest)

    version = await _correct(small, 3, "40")

    lines = await read(small.contest)
    correction = next(line for line in lines if line.kind == "correction")
    assert version == 2
    assert lines[: len(before)] == before
    assert verify_chain(lines) == []
    assert '"old":{"value":"37.5"}' in correction.body
    assert '"new":{"value":"40"}' in correction.body
    assert "misread" not in correction.body
    for number in (1, 2):
        known = replay(lines_of_version(lines, number))
        assert known.frozen is not None
        assert known.record is not None
        text = results_text(compute(known.frozen, known.record))
        row = await ResultRow.select().where(
            ResultRow.contest == small.contest, ResultRow.version == number
        )
        assert results_hash(text) == results_hash(row[0]["body"])


async def test_a_signed_result_is_signed_again_after_a_correction(database: Settings) -> None:
    small = await _played()
    await small.sign()

    await _correct(small, 3, "40")

    assert await small.state() == "closed"
    await small.sign()
    assert [s.version for s in (await small.replayed()).signatures] == [1] * 4 + [2] * 4


async def test_a_published_result_is_corrected_in_a_new_notice(database: Settings) -> None:
    small = await _played()
    await small.sign()
    until = await small.publish()
    small.at = until - timedelta(hours=1)

    await _correct(small, 3, "40")

    organiser = await small.actor("organiser")
    with pytest.raises(NotReady):
        await closing.finalise_contest(organiser, small.contest, now=until)
    assert await closing.finalise_contest(
        organiser, small.contest, now=small.at + timedelta(days=5)
    )


async def test_after_final_only_those_whose_result_changed_are_told(database: Settings) -> None:
    small = await _played()
    await small.finish()
    with listening(ResultFinal):
        await _correct(small, 3, "36")
        told = await heard()

    facts = [event.facts for event in told if isinstance(event, ResultFinal)]
    assert [one.entry for one in facts] == [str(small.entries[3])]
    assert (facts[0].result_version, facts[0].correction) == (2, CORRECTED)
    assert await small.state() == "final"


async def test_a_correction_that_changes_places_tells_everybody_concerned(
    database: Settings,
) -> None:
    small = await _played()
    await small.finish()
    with listening(ResultFinal):
        await _correct(small, 0, "30")
        told = await heard()

    facts = {event.facts.entry: event.facts for event in told if isinstance(event, ResultFinal)}
    assert {entry: one.rank for entry, one in facts.items()} == {
        str(small.entries[place]): rank for place, rank in enumerate((4, 1, 2, 3))
    }
    view = await standings(small.contest, version=1)
    assert view.results.standings[0].entry == str(small.entries[0])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"mark": as_mark("40.1")}, None),
        ({"mark": as_mark("41")}, None),
        ({"aspect": "paper2"}, "aspect-not-theirs"),
        ({"code": "000"}, "code-unknown"),
        ({"judge": UUID(int=1)}, "appointment-unknown"),
        ({"reason": ""}, "reason-missing"),
    ],
)
async def test_a_wrong_correction_changes_nothing(
    database: Settings, change: dict[str, Any], code: str | None
) -> None:
    small = await _played()
    before = await read(small.contest)

    with pytest.raises(Invalid) as refused:
        await _correct(small, 0, "30", **change)

    assert refused.value.findings
    assert code is None or [f.code for f in refused.value.findings] == [code]
    assert await read(small.contest) == before


async def test_an_open_appeal_holds_publication_and_its_ruling_is_final(
    database: Settings,
) -> None:
    small = await _played()
    await small.sign()
    clerk, arbitration = await small.actor("clerk"), await small.actor("arbitration")
    organiser = await small.actor("organiser")
    appeal = await closing.file_appeal(
        clerk,
        small.contest,
        entry=small.entries[1],
        module="dish",
        grounds="The oven was cold.",
        now=small.at,
    )

    with pytest.raises(NotReady) as refused:
        await closing.publish_contest(organiser, small.contest, now=small.at)
    with pytest.raises(Forbidden):
        await closing.rule_appeal(clerk, appeal, ruling="dismissed", reason="measured: 180 °C")
    await closing.rule_appeal(arbitration, appeal, ruling="dismissed", reason="measured: 180 °C")
    with pytest.raises(Conflict):
        await closing.rule_appeal(arbitration, appeal, ruling="upheld", reason="again")

    assert [f.code for f in refused.value.findings] == ["appeal-open"]
    assert await closing.publish_contest(organiser, small.contest, now=small.at)
    row = await Appeal.select().where(Appeal.id == appeal).first()
    assert row is not None
    assert row["ruling"] == "dismissed"
    assert not [line for line in await read(small.contest) if "oven" in line.body]


async def test_an_appeal_after_its_window_is_refused(database: Settings) -> None:
    small = await _played()

    with pytest.raises(Invalid) as refused:
        await closing.file_appeal(
            await small.actor("clerk"),
            small.contest,
            entry=small.entries[0],
            grounds="too late",
            now=small.at + timedelta(hours=5),
        )

    assert [f.code for f in refused.value.findings] == ["appeal-too-late"]


async def test_what_one_asks_for_another_approves(database: Settings) -> None:
    small = await small_contest(entrants=2)
    organiser, clerk = await small.actor("organiser"), await small.actor("clerk")
    member = {
        "name": "晚来者",
        "documents": [{"kind": "mainland_id", "number": "11010519491231002X"}],
    }
    asked = await approvals.request_approval(
        organiser,
        small.contest,
        "add_late_entrant",
        {"members": [member], "reason": "his train was late"},
    )
    rows = await pending(small.contest)

    with pytest.raises(Forbidden):
        await approvals.decide_approval(organiser, asked, True)
    outcome = await approvals.decide_approval(clerk, asked, True)
    with pytest.raises(Conflict):
        await approvals.decide_approval(clerk, asked, True)

    assert outcome == "approved"
    assert [row.verb for row in rows] == ["add_late_entrant"]
    assert "晚来者" not in str(rows[0].body)
    assert "train" not in str(rows[0].body)
    assert await Entry.count().where(Entry.contest == small.contest) == 3
    assert len((await small.codes())["dish"]) == 3


async def test_a_declined_step_is_not_carried_out(database: Settings) -> None:
    small = await small_contest(entrants=2)
    asked = await approvals.request_approval(
        await small.actor("organiser"),
        small.contest,
        "record_absence",
        {"entry": str(small.entries[0]), "reason": "not seen"},
    )

    outcome = await approvals.decide_approval(await small.actor("chief"), asked, False)

    assert outcome == "declined"
    assert (await small.replayed()).absent == frozenset()


async def test_an_approved_step_that_cannot_be_done_stays_open(database: Settings) -> None:
    small = await small_contest(entrants=2)
    chief, supervisor = await small.actor("chief"), await small.actor("supervisor")
    asked = await approvals.request_approval(chief, small.contest, "open_codes", {})

    with pytest.raises(NotReady):
        await approvals.decide_approval(supervisor, asked, True)

    row = await Approval.select().where(Approval.id == asked).first()
    assert row is not None
    assert row["decided_at"] is None


@pytest.mark.parametrize(
    ("verb", "body"),
    [
        ("open_codes", {"surprise": 1}),
        ("record_absence", {"entry": "x"}),
        ("record_absence", {"entry": "x", "reason": " "}),
        ("explode", {}),
    ],
)
async def test_a_malformed_request_is_refused(
    database: Settings, verb: str, body: dict[str, Any]
) -> None:
    small = await small_contest(entrants=2)

    with pytest.raises(Invalid):
        await approvals.request_approval(await small.actor("chief"), small.contest, verb, body)


async def test_a_correction_by_approval_recomputes(database: Settings) -> None:
    small = await _played()
    body = {
        "module": "dish",
        "code": await small.code_of(small.entries[3]),
        "judge": small.judges[0].appointment,
        "aspect": "taste",
        "mark": {"value": "36"},
        "reason": "misread",
    }
    asked = await approvals.request_approval(
        await small.actor("chief"), small.contest, "correct_mark", body
    )

    await approvals.decide_approval(await small.actor("supervisor"), asked, True)

    assert len((await small.replayed()).versions) == 2


async def test_what_is_found_between_opening_and_closing_is_corrected_by_two(
    database: Settings,
) -> None:
    small = await small_contest(entrants=2)
    await small.judge_everything()
    chief, supervisor = await small.actor("chief"), await small.actor("supervisor")
    with pytest.raises(Conflict):
        await _correct(small, 0, "20")
    await draw.open_codes(chief, supervisor, small.contest)

    version = await _correct(small, 0, "20")
    await closing.close_contest(chief, small.contest)

    assert version == 0
    view = await standings(small.contest)
    taste = next(
        a for a in view.results.aspects if (a.entry, a.aspect) == (str(small.entries[0]), "taste")
    )
    assert ("J1", 20_000) in taste.used
