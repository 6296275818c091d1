"""After the draw: a late entrant, an absence, a reserve, a recusal. Nobody else is touched."""

from __future__ import annotations

from fractions import Fraction
from uuid import UUID

import pytest

from contests.actions import people
from contests.actions.late import add_late_entrant, record_absence, use_reserve
from contests.actions.people import EntrantDraft, MemberDraft, recuse_judge, register_entrants
from contests.identity.sealing import persons_of
from contests.log import read
from contests.queries import contest_overview, entries, standings
from contests.tables import Entry, LogText, SheetRow
from contests.texts import texts_of
from core.errors import Forbidden, Invalid, NotReady, WrongState
from core.privacy import erase_person
from core.scoring.model import AwardBase, AwardMethod, AwardRule, Outcome, Prize
from core.settings import Settings
from tests.factories_contests import (
    dish_rules,
    drafts,
    make_account,
    small_contest,
    text,
)

pytestmark = pytest.mark.engine

MARKS = {"look": "18", "taste": "30", "care": "2"}


async def test_a_late_entrant_gets_unused_codes_and_nobody_elses_change(
    database: Settings,
) -> None:
    small = await small_contest(entrants=3)
    code = await small.code_of(small.entries[0])
    await small.submit(small.judges[0], code, MARKS)
    before, sheets = await small.codes(), await SheetRow.select()
    by, witness = await small.actor("organiser"), await small.actor("clerk")

    entry = await add_late_entrant(
        by, witness, small.contest, drafts(1)[0], reason="train was late"
    )

    after = await small.codes()
    for module, codes in before.items():
        assert after[module].items() >= codes.items()
        assert list(after[module].values()).count(str(entry)) == 1
    assert await SheetRow.select() == sheets
    row = await Entry.select().where(Entry.id == entry).first()
    assert row is not None
    assert row["late"]
    known = await small.replayed()
    assert known.registered == {"": 4}
    assert set(known.codes["dish"]) == set(after["dish"])


async def test_a_late_entrant_is_marked_and_ranked_like_everybody(database: Settings) -> None:
    small = await small_contest(entrants=2)
    by, witness = await small.actor("organiser"), await small.actor("clerk")
    entry = await add_late_entrant(by, witness, small.contest, drafts(1)[0], reason="late train")

    answers = await small.judge_everything()
    await small.close()

    view = await standings(small.contest)
    assert {answer.answer for answer in answers} == {"accepted"}
    assert {standing.entry for standing in view.results.standings} == {
        *(str(e) for e in small.entries),
        str(entry),
    }
    assert all(standing.rank for standing in view.results.standings)


async def test_one_person_alone_admits_nobody(database: Settings) -> None:
    small = await small_contest(entrants=2)
    by = await small.actor("organiser")

    with pytest.raises(Forbidden):
        await add_late_entrant(by, by, small.contest, drafts(1)[0], reason="late train")
    with pytest.raises(Invalid) as refused:
        await add_late_entrant(
            by, await small.actor("clerk"), small.contest, drafts(1)[0], reason=" "
        )

    assert [f.code for f in refused.value.findings] == ["reason-missing"]
    assert await Entry.count().where(Entry.contest == small.contest) == 2


async def test_an_absent_entrant_owes_nothing_and_did_not_start(database: Settings) -> None:
    small = await small_contest(entrants=3)
    absent = small.entries[2]
    by, witness = await small.actor("organiser"), await small.actor("chief")
    await record_absence(by, witness, small.contest, absent, reason="did not come")
    gone = {await small.code_of(absent, module) for module in ("dish", "theory")}

    for module, codes in (await small.codes()).items():
        for code in set(codes) - gone:
            for number, seat in enumerate(small.judges):
                if module == "dish":
                    await small.submit(seat, code, MARKS)
                elif not number:
                    await small.submit(seat, code, {"paper": "20"}, module="theory")
    await small.close()

    view = await standings(small.contest)
    found = {standing.entry: standing for standing in view.results.standings}
    assert found[str(absent)].status is Outcome.DNS
    assert found[str(absent)].rank is None
    assert found[str(small.entries[0])].rank == 1


@pytest.mark.parametrize(("base", "count"), [(AwardBase.REGISTERED, 4), (AwardBase.PRESENT, 3)])
async def test_what_prizes_are_a_share_of_is_a_declared_rule(
    database: Settings, base: AwardBase, count: int
) -> None:
    rule = AwardRule(
        "share",
        text("奖"),
        AwardMethod.SHARES,
        (Prize("first", text("一等奖"), Fraction(1, 4)),),
        base=base,
    )
    small = await small_contest(entrants=4, rules=dish_rules(awards=(rule,)))
    by, witness = await small.actor("organiser"), await small.actor("chief")
    await record_absence(by, witness, small.contest, small.entries[3], reason="did not come")
    await small.judge_everything()
    await small.close()

    view = await standings(small.contest)

    assert [counted.base for counted in view.results.counts] == [count]


async def test_a_reserve_takes_an_absent_entrants_place_and_codes(database: Settings) -> None:
    small = await small_contest(entrants=3, reserves=1)
    absent, reserve = small.entries[1], small.entries[3]
    before = await small.codes()
    by, witness = await small.actor("organiser"), await small.actor("chief")

    await use_reserve(
        by, witness, small.contest, absent=absent, reserve=reserve, reason="broken arm"
    )

    after = await small.codes()
    for module, codes in before.items():
        expected = {c: str(reserve) if e == str(absent) else e for c, e in codes.items()}
        assert after[module] == expected
    await small.judge_everything()
    await small.close()
    view = await standings(small.contest)
    ranked = {s.entry for s in view.results.standings if s.rank is not None}
    assert ranked == {str(small.entries[0]), str(small.entries[2]), str(reserve)}
    assert (await small.replayed()).registered == {"": 3}


async def test_a_place_whose_work_is_marked_is_not_handed_over(database: Settings) -> None:
    small = await small_contest(entrants=2, reserves=1)
    absent = small.entries[0]
    await small.submit(small.judges[0], await small.code_of(absent), MARKS)
    by, witness = await small.actor("organiser"), await small.actor("chief")

    with pytest.raises(Invalid) as refused:
        await use_reserve(
            by,
            witness,
            small.contest,
            absent=absent,
            reserve=small.entries[2],
            reason="broken arm",
        )
    with pytest.raises(Invalid):
        await use_reserve(
            by,
            witness,
            small.contest,
            absent=absent,
            reserve=small.entries[1],
            reason="broken arm",
        )

    assert [f.code for f in refused.value.findings] == ["marked-already"]


async def test_a_reserve_that_was_not_called_is_not_ranked(database: Settings) -> None:
    small = await small_contest(entrants=2, reserves=1)
    await small.judge_everything()
    await small.close()

    view = await standings(small.contest)

    assert str(small.entries[2]) not in {s.entry for s in view.results.standings}
    assert str(small.entries[2]) not in set((await small.codes())["dish"].values())


async def test_a_recused_judge_marks_every_code_and_is_not_counted(database: Settings) -> None:
    small = await small_contest(entrants=2)
    seat, entry = small.judges[1], small.entries[0]
    await recuse_judge(
        await small.actor("organiser"),
        small.contest,
        UUID(seat.appointment),
        [entry],
        reason="her sister",
    )
    low = {"look": "1", "taste": "1", "care": "2"}
    high = {"look": "20", "taste": "40", "care": "2"}

    answers = await small.judge_everything(
        lambda _, judge: low if judge.name == seat.name else high
    )
    await small.close()

    view = await standings(small.contest)
    assert {answer.answer for answer in answers} == {"accepted"}
    looks = {a.entry: a for a in view.results.aspects if a.aspect == "look"}
    assert looks[str(entry)].award == 20
    assert "J2" not in {judge for judge, _ in looks[str(entry)].used}
    assert looks[str(small.entries[1])].award != 20
    known = await small.replayed()
    assert known.record is not None
    aside = [s for s in known.record.sheets if not s.counted]
    assert {(s.entry, s.reason) for s in aside} == {(str(entry), "recusal")}


async def test_a_recused_judges_agreed_value_is_owed_by_another(database: Settings) -> None:
    small = await small_contest(entrants=1)
    seat, entry = small.judges[0], small.entries[0]
    await recuse_judge(
        await small.actor("organiser"), small.contest, UUID(seat.appointment), [entry]
    )
    await small.judge_everything()

    with pytest.raises(NotReady) as refused:
        await small.close()
    code = await small.code_of(entry, "theory")
    await small.submit(small.judges[1], code, {"paper": "20"}, module="theory")
    await small.close()

    assert [(f.params["module"], f.params["seat"]) for f in refused.value.findings] == [
        ("theory", "J2")
    ]


async def test_a_recusal_says_nothing_about_codes(database: Settings) -> None:
    small = await small_contest(entrants=2)
    seat = small.judges[0]
    codes = {code for module in (await small.codes()).values() for code in module}

    await recuse_judge(
        await small.actor("organiser"), small.contest, UUID(seat.appointment), [small.entries[0]]
    )

    body = (await read(small.contest))[-1].body
    assert not [code for code in codes if f'"{code}"' in body]


async def test_the_same_entrant_twice_is_named_with_its_first_row(database: Settings) -> None:
    small = await small_contest(until="draft")
    organiser = await small.actor("organiser")
    chen = EntrantDraft([MemberDraft("陈大文", {}, [("mainland_id", "11010519491231002X")])])
    wrong = EntrantDraft([MemberDraft("", {}, [("mainland_id", "110105194912310021")])])
    before = await Entry.count()

    with pytest.raises(Invalid) as refused:
        await register_entrants(organiser, small.contest, [chen, *drafts(1), chen, wrong])

    codes = {(f.pointer, f.code) for f in refused.value.findings}
    assert ("/2/members/0", "entrant-twice") in codes
    assert ("/3/members/0/name", "name-missing") in codes
    assert any(pointer.startswith("/3/members/0/documents/0") for pointer, _ in codes)
    assert await Entry.count() == before


async def test_somebody_who_is_entered_already_is_not_entered_again(database: Settings) -> None:
    small = await small_contest(until="draft")
    organiser = await small.actor("organiser")
    chen = EntrantDraft([MemberDraft("陈大文", {}, [("mainland_id", "11010519491231002X")])])
    await register_entrants(organiser, small.contest, [chen])
    again = EntrantDraft([MemberDraft("陳大文", {}, [("mainland_id", "11010519491231002x")])])

    with pytest.raises(Invalid) as refused:
        await register_entrants(organiser, small.contest, [again])

    assert [(f.pointer, f.code) for f in refused.value.findings] == [
        ("/0/members/0", "entrant-twice")
    ]


async def test_entrants_are_not_added_silently_after_the_contest_is_ready(
    database: Settings,
) -> None:
    small = await small_contest(until="ready")

    with pytest.raises(WrongState):
        await register_entrants(await small.actor("organiser"), small.contest, drafts(1))


async def test_a_conflict_of_interest_blocks_or_warns_as_declared(database: Settings) -> None:
    small = await small_contest(until="draft", facts={"conflicts": {"delegation": "block"}})
    organiser, account = await small.actor("organiser"), await make_account("J9")
    interests = {"delegation": [str(small.delegations[0])]}

    with pytest.raises(Invalid) as refused:
        await people.appoint(organiser, small.contest, account, "judge", interests=interests)
    lenient = await small_contest(until="draft")
    await people.appoint(
        await lenient.actor("organiser"),
        lenient.contest,
        account,
        "judge",
        interests={"delegation": [str(lenient.delegations[0])]},
    )

    assert {f.code for f in refused.value.findings} == {"conflict-of-interest"}
    assert {f.code for f in (await contest_overview(lenient.contest)).warnings} == {
        "conflict-of-interest"
    }


async def test_a_shared_employer_is_a_conflict(database: Settings) -> None:
    small = await small_contest(until="draft", facts={"conflicts": {"employer": "block"}})
    organiser = await small.actor("organiser")
    await register_entrants(
        organiser, small.contest, [EntrantDraft([MemberDraft("李", {"employer": "Canton Hotel"})])]
    )

    with pytest.raises(Invalid):
        await people.appoint(
            organiser,
            small.contest,
            await make_account("J9"),
            "judge",
            interests={"employer": "canton  hotel"},
        )


async def test_erasing_a_person_takes_the_reasons_about_the_entry_along(
    database: Settings,
) -> None:
    small = await small_contest(entrants=2)
    by, witness = await small.actor("organiser"), await small.actor("chief")
    await record_absence(by, witness, small.contest, small.entries[0], reason="fell ill")
    person = (await persons_of(small.contest))[str(small.entries[0])][0]

    await erase_person(person)

    assert "fell ill" not in (await texts_of(small.contest)).values()
    assert await LogText.count() == 1
    assert [e.names for e in await entries(small.contest, by=by)] == [(), ("选手1-0",)]
