"""A judge leaves in the middle: three declared ways to go on, each against numbers worked out by hand,
and every reader of the contest says the same."""

from __future__ import annotations

from fractions import Fraction
from uuid import UUID

import pytest

from contests.actions import people
from contests.actions.common import contest_row
from contests.actions.draw import open_codes
from contests.conditions import unmet_marking
from contests.judging.actions import enrol_device
from contests.judging.control.snapshot import control_of
from contests.judging.packing import pack_of
from contests.judging.paper.sheets import paper_of
from contests.judging.signing import SoftwareDevice
from contests.log import read
from contests.packages.archive import Files
from contests.packages.exporting import package_of
from contests.packages.reading import read_files
from contests.packages.recount import recount_files
from contests.packages.score import score_package
from contests.packages.writing import files_of
from contests.queries import explanation, standings
from contests.queries.sheets import missing_sheets, sheet_counts, sheet_grid
from contests.seating.leaving import judge_left
from contests.tables import Appointment
from core.errors import Conflict, Forbidden, Invalid
from core.explaining import render_step
from core.scoring.model import Leaving, Rules, Trim
from core.security import actor_of
from core.settings import Settings
from core.web.i18n import LANGUAGES
from tests.factories_contests import (
    Seat,
    SmallContest,
    dish_rules,
    dish_scheme,
    make_account,
    small_contest,
)

EVERY = tuple(Leaving)
TASTE = {  # entry -> taste by J1 … J5
    0: ("30", "32", "34", "36", "40"),
    1: ("20", "22", "24", "26", "28"),
    2: ("10", "12", "14", "16", "38"),
}


def declared(*policies: Leaving) -> Rules:
    """Of five the best and the worst are dropped; of four the best alone."""
    return dish_rules(leaving=policies or EVERY, recusal_trim=Trim(1, 0, 4))


async def begun(*policies: Leaving) -> SmallContest:
    return await small_contest(
        entrants=3, judges=5, scheme=dish_scheme(5), rules=declared(*policies)
    )


async def mark(small: SmallContest, seat: Seat, place: int, taste: str) -> None:
    code = await small.code_of(small.entries[place])
    answer = await small.submit(seat, code, {"look": "10", "taste": taste, "care": "2"})
    assert (answer.answer, answer.countable) == ("accepted", True)


async def theory(small: SmallContest) -> None:
    for code in (await small.codes())["theory"]:
        await small.submit(small.judges[0], code, {"paper": "25"}, module="theory")


async def leave(
    small: SmallContest, policy: Leaving, *, substitute: UUID | None = None, judge: int = 4
) -> UUID | None:
    return await judge_left(
        await small.actor("chief"),
        small.contest,
        UUID(small.judges[judge].appointment),
        policy,
        reason="突发疾病",
        substitute=substitute,
        now=small.at,
    )


async def substitute_seat(small: SmallContest, appointment: UUID, account: UUID) -> Seat:
    device, actor = SoftwareDevice(), await actor_of(account)
    await enrol_device(actor, public_jwk=device.public_jwk, label="J6", now=small.at)
    return Seat("J6", account, actor, str(appointment), device)


async def tastes(small: SmallContest) -> list[Fraction]:
    """The award of the taste, by entry."""
    view = await standings(small.contest)
    found = {a.entry: a.award for a in view.results.aspects if a.aspect == "taste"}
    return [found[str(entry)] or Fraction(0) for entry in small.entries]


async def everybody_agrees(small: SmallContest) -> None:
    """The package counts to the same, from the log and from its tables; nothing is owed any more."""
    known = await small.replayed()
    assert unmet_marking(known, known.opened) == []
    package = await package_of(small.contest)
    files = Files(files_of(package))
    again = recount_files(files)
    assert again.findings == ()
    reading = read_files(files)
    assert reading.findings == ()
    scored = score_package(reading)
    assert scored.findings == ()
    assert scored.results is not None
    assert scored.results.standings == (await standings(small.contest)).results.standings


async def said(small: SmallContest, place: int, language: str = "en") -> str:
    steps = await explanation(small.contest, small.entries[place])
    return "\n".join(render_step(step, language) for step in steps)


async def owed(small: SmallContest) -> tuple[int, int, int]:
    """(owed, stored) as the control room says, and how many sheets the list calls missing."""
    control = await control_of(small.contest)
    grid = await sheet_grid(small.contest)
    counts = await sheet_counts(small.contest)
    assert (grid.owed, grid.signed) == (control.owed, control.stored)
    assert counts == (grid.signed, grid.owed)
    return control.owed, control.stored, sum(cell.state == "missing" for cell in grid.cells)


async def until_the_fifth_leaves(small: SmallContest) -> None:
    """All five mark the first work, then J1 to J4 everything; J5 has gone."""
    await theory(small)
    for judge, seat in enumerate(small.judges):
        for place in range(3):
            if judge < 4 or place == 0:
                await mark(small, seat, place, TASTE[place][judge])


@pytest.mark.engine
async def test_a_smaller_panel_marks_the_rest_and_what_was_signed_stays(database: Settings) -> None:
    small = await begun()
    await until_the_fifth_leaves(small)
    assert await owed(small) == (18, 16, 2)

    await leave(small, Leaving.SMALLER)

    assert await owed(small) == (16, 16, 0)
    assert await missing_sheets(small.contest) == []
    await small.close()
    # 30 … 40 without the best and the worst; 20 … 26 and 10 … 16 without the best
    assert await tastes(small) == [Fraction(34), Fraction(22), Fraction(12)]
    await everybody_agrees(small)
    assert "J5 left in the middle: here the smaller panel counts" not in await said(small, 0)
    assert "J5 left in the middle: here the smaller panel counts" in await said(small, 1)
    assert "What J5 had signed counts" in await said(small, 1)
    assert "突发疾病" in await said(small, 1)


@pytest.mark.engine
async def test_void_for_all_sets_every_sheet_of_the_seat_aside(database: Settings) -> None:
    small = await begun()
    await until_the_fifth_leaves(small)

    await leave(small, Leaving.VOID)

    assert await owed(small) == (15, 15, 0)
    await small.close()
    # 30 … 36, 20 … 26, 10 … 16, each without the best
    assert await tastes(small) == [Fraction(32), Fraction(22), Fraction(12)]
    await everybody_agrees(small)
    known = await small.replayed()
    assert known.record is not None
    aside = [s for s in known.record.sheets if not s.counted]
    assert [(s.judge, s.reason) for s in aside] == [(small.judges[4].appointment, "left")]
    assert "Nothing that J5 had marked counts" in await said(small, 0)
    assert "J5 left in the middle: here the smaller panel counts" in await said(small, 0)


@pytest.mark.engine
async def test_a_substitute_takes_the_open_sheets_and_no_signed_one(database: Settings) -> None:
    small = await begun()
    await until_the_fifth_leaves(small)
    account = await make_account("substitute")

    made = await leave(small, Leaving.SUBSTITUTE, substitute=account)

    assert made is not None
    assert await owed(small) == (18, 16, 2)
    seat = await substitute_seat(small, made, account)
    pack = await pack_of(small.contest, account)
    open_ones = {w.code for part in pack.parts if part.module.id == "dish" for w in part.codes}
    assert open_ones == {await small.code_of(small.entries[p]) for p in (1, 2)}
    paper = await paper_of(small.contest)
    on_paper = {one.code for one in paper.sheets if one.judge.id == str(made)}
    assert on_paper >= open_ones
    assert await small.code_of(small.entries[0]) not in on_paper
    for place in (1, 2):
        await mark(small, seat, place, TASTE[place][4])
    assert await owed(small) == (18, 18, 0)
    await small.close()
    assert await tastes(small) == [Fraction(34), Fraction(24), Fraction(14)]
    await everybody_agrees(small)
    assert "the rest of the works J6 marked in the same seat" in await said(small, 2)
    assert "smaller panel" not in await said(small, 2)


async def test_what_a_substitute_marks_twice_is_set_aside(database: Settings) -> None:
    small = await begun()
    await until_the_fifth_leaves(small)
    account = await make_account("substitute")
    made = await leave(small, Leaving.SUBSTITUTE, substitute=account)
    assert made is not None
    seat = await substitute_seat(small, made, account)

    for place in range(3):
        await mark(small, seat, place, "1")
    await small.close()

    known = await small.replayed()
    assert known.record is not None
    aside = [(s.judge, s.entry, s.reason) for s in known.record.sheets if not s.counted]
    assert aside == [(str(made), str(small.entries[0]), "substituted")]
    assert (await tastes(small))[0] == Fraction(34)
    await everybody_agrees(small)


async def test_a_substitute_who_leaves_leaves_the_seat_of_both(database: Settings) -> None:
    small = await begun()
    await until_the_fifth_leaves(small)
    account = await make_account("substitute")
    made = await leave(small, Leaving.SUBSTITUTE, substitute=account)
    assert made is not None
    seat = await substitute_seat(small, made, account)
    await mark(small, seat, 1, TASTE[1][4])

    await judge_left(
        await small.actor("chief"), small.contest, made, "smaller", reason="x", now=small.at
    )

    await small.close()
    # the first two works have five marks, the third has four
    assert await tastes(small) == [Fraction(34), Fraction(24), Fraction(12)]
    await everybody_agrees(small)


async def test_void_of_a_seat_counts_neither_who_sat_there_first_nor_who_followed(
    database: Settings,
) -> None:
    small = await begun()
    await until_the_fifth_leaves(small)
    account = await make_account("substitute")
    made = await leave(small, Leaving.SUBSTITUTE, substitute=account)
    assert made is not None

    await judge_left(
        await small.actor("chief"), small.contest, made, "void", reason="x", now=small.at
    )

    await small.close()
    assert await tastes(small) == [Fraction(32), Fraction(22), Fraction(12)]
    await everybody_agrees(small)


async def test_a_round_that_waited_for_the_leaver_alone_is_opened_for_the_others(
    database: Settings,
) -> None:
    small = await small_contest(
        entrants=1, judges=4, scheme=dish_scheme(4), rules=declared(), until="judging"
    )
    code = await small.code_of(small.entries[0])
    for seat, care in zip(small.judges[:3], ("0", "2", "2"), strict=True):
        await small.submit(seat, code, {"look": "10", "taste": "20", "care": care})
    assert (await small.replayed()).rounds == ()

    await leave(small, Leaving.SMALLER, judge=3)

    rounds = (await small.replayed()).rounds
    assert [(r.round, r.aspects) for r in rounds] == [(2, ("care",))]
    for seat in small.judges[:3]:
        await small.submit(seat, code, {"care": "2"}, round_=2)
    assert (await small.replayed()).rounds == ()
    await theory(small)
    await small.close()
    await everybody_agrees(small)


async def test_a_round_that_an_outlier_had_opened_is_taken_back_when_his_marks_are_void(
    database: Settings,
) -> None:
    small = await small_contest(
        entrants=1, judges=4, scheme=dish_scheme(4), rules=declared(), until="judging"
    )
    code = await small.code_of(small.entries[0])
    for seat, care in zip(small.judges, ("2", "2", "2", "0"), strict=True):
        await small.submit(seat, code, {"look": "10", "taste": "20", "care": care})
    assert len((await small.replayed()).rounds) == 1

    await leave(small, Leaving.VOID, judge=3)

    assert (await small.replayed()).rounds == ()
    await theory(small)
    await small.close()
    await everybody_agrees(small)


def codes(error: Invalid | Conflict) -> list[str]:
    return [finding.code for finding in error.findings]


@pytest.fixture
async def small(database: Settings) -> SmallContest:
    return await begun(Leaving.SMALLER)


async def test_only_what_the_rules_declared_before_may_be_chosen(small: SmallContest) -> None:
    with pytest.raises(Invalid) as refused:
        await leave(small, Leaving.VOID)
    assert codes(refused.value) == ["leaving-not-declared"]

    with pytest.raises(Invalid) as refused:
        await judge_left(
            await small.actor("chief"),
            small.contest,
            UUID(small.judges[0].appointment),
            "pretend",
            reason=" ",
        )
    assert codes(refused.value) == ["leaving-not-declared", "reason-missing"]
    assert "judge_left" not in {line.kind for line in await read(small.contest)}


@pytest.mark.parametrize("name", ["organiser", "leader", "supervisor", "clerk"])
async def test_nobody_but_the_chief_referee_chooses(small: SmallContest, name: str) -> None:
    with pytest.raises(Forbidden):
        await judge_left(
            await small.actor(name),
            small.contest,
            UUID(small.judges[0].appointment),
            "smaller",
            reason="x",
        )


async def test_who_has_left_neither_leaves_again_nor_comes_back(small: SmallContest) -> None:
    await leave(small, Leaving.SMALLER)

    with pytest.raises(Conflict) as twice:
        await leave(small, Leaving.SMALLER)
    assert codes(twice.value) == ["appointment-ended"]
    with pytest.raises(Invalid) as back:
        await people.appoint(
            await small.actor("organiser"), small.contest, small.judges[4].account, "judge"
        )
    assert codes(back.value) == ["judge-left-already"]


async def test_a_substitute_is_named_and_is_somebody_else(database: Settings) -> None:
    small = await begun()

    with pytest.raises(Invalid) as nobody:
        await leave(small, Leaving.SUBSTITUTE)
    with pytest.raises(Invalid) as same:
        await leave(small, Leaving.SUBSTITUTE, substitute=small.judges[0].account)

    assert codes(nobody.value) == ["substitute-missing"]
    assert codes(same.value) == ["substitute-judges-already"]


async def test_the_last_one_of_a_panel_can_only_be_substituted(database: Settings) -> None:
    small = await small_contest(
        entrants=1, judges=1, scheme=dish_scheme(1), rules=declared(), until="judging"
    )

    for policy in (Leaving.SMALLER, Leaving.VOID):
        with pytest.raises(Invalid) as refused:
            await leave(small, policy, judge=0)
        assert codes(refused.value) == ["leaving-nobody-left"]
    account = await make_account("substitute")
    assert await leave(small, Leaving.SUBSTITUTE, substitute=account, judge=0) is not None


async def test_when_marking_has_ended_nobody_leaves_any_more(database: Settings) -> None:
    small = await begun()
    await until_the_fifth_leaves(small)
    for place in (1, 2):
        await mark(small, small.judges[4], place, TASTE[place][4])
    await open_codes(await small.actor("chief"), await small.actor("supervisor"), small.contest)

    with pytest.raises(Conflict) as refused:
        await leave(small, Leaving.SMALLER)

    assert codes(refused.value) == ["judging-ended"]


async def test_the_log_holds_the_choice_and_no_word_of_the_reason(database: Settings) -> None:
    small = await begun()

    await leave(small, Leaving.VOID)

    line = next(line for line in await read(small.contest) if line.kind == "judge_left")
    assert '"policy":"void"' in line.body
    assert "突发疾病" not in line.body
    row = await Appointment.select().where(Appointment.id == UUID(small.judges[4].appointment))
    assert (row[0]["left_by"], row[0]["ended_at"] is not None) == ("void", True)
    assert len((await contest_row(small.contest))["head"]) == 64


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_explanation_says_it_in_every_language(database: Settings, language: str) -> None:
    small = await begun()
    await until_the_fifth_leaves(small)
    await leave(small, Leaving.SMALLER)
    await small.close()

    words = await said(small, 1, language)

    assert "突发疾病" in words
    assert "{" not in words
    assert ("left in the middle" in words) is (language == "en")


async def test_rules_that_declare_nothing_new_are_frozen_as_ever(database: Settings) -> None:
    """A field that has its default stands in no frozen body, so that no old hash changes."""
    small = await small_contest()

    frozen = next(line for line in await read(small.contest) if line.kind == "rules_frozen")

    assert "leaving" not in frozen.body
    known = await small.replayed()
    assert known.frozen is not None
    assert known.frozen.rules.leaving == (Leaving.SUBSTITUTE,)
    assert "vacant" not in frozen.body
