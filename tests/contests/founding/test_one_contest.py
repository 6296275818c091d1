"""A contest from a type, a template, last year's, a workbook or a package."""

from __future__ import annotations

import io
import json
from pathlib import Path
from uuid import UUID, uuid4

import openpyxl
import pytest

from contests.actions.common import contest_row
from contests.actions.setup import ContestStart, save_options
from contests.founding.cloning import clone_contest, sources_for
from contests.founding.differences import ADDED, CHANGED, REMOVED, differences
from contests.founding.from_files import (
    found_from_file,
    read_upload,
    replace_scheme,
    scheme_differences,
    take_in_archive,
    upload_scheme,
)
from contests.founding.naming import edit_competition, rename_contest, state_of
from contests.founding.preview import drafted
from contests.founding.starting import found_contest, free_code
from contests.founding.templates import (
    delete_template,
    save_template,
    start_of_template,
    templates_of,
)
from contests.packages.archive import write_zip
from contests.packages.exporting import export_contest
from contests.preparing import readiness
from contests.queries import contest_overview
from contests.tables import Competition, Contest, Entry
from core.errors import Forbidden, Invalid, NotFound, Stale, WrongState
from core.registry import registry
from core.scoring.codec import canonical
from core.security import actor_of
from core.settings import Settings
from core.web.i18n import LANGUAGES, pick, translate
from tests.contests.founding.kit import Founder, founder
from tests.factories_contests import ADMINISTRATOR, make_account, small_contest, text

pytestmark = pytest.mark.engine
CIS = Path(__file__).parent.parent.parent / "data" / "cis" / "es2023-web-development.xlsx"
PASTRY = {"zh-Hans": "中式面点制作", "en": "Chinese pastry"}


async def pastry(one: Founder, **changes: object) -> UUID:
    start = ContestStart("", PASTRY, "cooking", options=changes)
    return await found_contest(one.by, one.competition, start)


async def test_a_type_and_a_title_are_all_that_a_contest_needs_to_wait_for_entrants(
    database: Settings,
) -> None:
    one = await founder()

    contest = await pastry(one)

    row = await contest_row(contest)
    assert row["code"] == "chinese-pastry"
    assert json.loads(row["facts"])["held_on"] == "2026-05-03"
    unmet = {finding.pointer.split("/")[1] for finding in await readiness(contest)}
    assert unmet == {"entries", "appointments"}


async def test_a_second_contest_of_the_same_title_gets_a_code_of_its_own(
    database: Settings,
) -> None:
    one = await founder()
    await pastry(one)

    second = await contest_row(await pastry(one))

    assert second["code"] == "chinese-pastry-2"
    assert free_code({"zh-Hans": "面点"}, "cooking", set()) == "cooking"
    assert free_code({"pt": "Pastelaria à moda"}, "x", set()) == "pastelaria-a-moda"


async def test_a_saved_template_brings_scheme_rules_and_answers_but_no_date(
    database: Settings,
) -> None:
    one = await founder()
    contest = await pastry(one, judges=7, card="pastry")
    template = await save_template(one.by, contest, title=text("面点模板"))

    start = await start_of_template(one.by, template, title=text("新赛项"), code="")
    made = await found_contest(one.by, one.competition, start)

    before, after = await contest_overview(contest), await contest_overview(made)
    assert canonical(after.scheme) == canonical(before.scheme)
    assert after.options["judges"] == 7
    assert "held_on" not in start.facts
    assert [t.title["en"] for t in await templates_of(one.by, one.organisation)] == ["面点模板"]
    await delete_template(one.by, template)
    assert await templates_of(one.by, one.organisation) == []


async def test_a_template_is_nobody_else_s_business(database: Settings) -> None:
    one, other = await founder(), await founder()
    template = await save_template(one.by, await pastry(one), title=text("模板"))

    with pytest.raises(NotFound):
        await start_of_template(other.by, template, title=text("x"), code="")
    with pytest.raises(Forbidden):
        await delete_template(other.by, template)
    with pytest.raises(Invalid):
        await save_template(one.by, await pastry(one), title={"en": " "})


async def test_a_clone_takes_what_was_chosen_and_nobody_with_it(database: Settings) -> None:
    small = await small_contest(until="draft")
    by = await small.actor("organiser")

    made = await clone_contest(
        by, small.contest, small.competition, title=text("今年"), held_on="2025-10-12"
    )

    before, after = await contest_overview(small.contest), await contest_overview(made)
    assert canonical(after.scheme) == canonical(before.scheme)
    assert canonical(after.rules) == canonical(before.rules)
    assert after.facts["held_on"] == "2025-10-12"
    assert after.facts["occupation"] == before.facts["occupation"]
    assert [s["seat"] for s in after.facts["seats"] if s["role"] == "judge"] == ["J1", "J2", "J3"]
    assert not any(str(account) in json.dumps(after.facts) for account in small.accounts.values())
    assert await Entry.count().where(Entry.contest == made) == 0


async def test_without_scheme_and_rules_the_type_drafts_them_again(database: Settings) -> None:
    small = await small_contest(until="draft")
    by = await small.actor("organiser")

    made = await clone_contest(
        by, small.contest, small.competition, title=text("今年"), take=("facts",)
    )

    after = await contest_overview(made)
    panel = registry().contest_type("panel")
    assert canonical(after.scheme) == canonical(panel.scheme(after.options))
    assert "seats" not in after.facts


async def test_only_what_one_may_configure_can_be_cloned(database: Settings) -> None:
    one, small = await founder(), await small_contest(until="draft")

    with pytest.raises(Forbidden):
        await clone_contest(one.by, small.contest, one.competition, title=text("x"))

    assert small.contest not in {source.id for source in await sources_for(one.by)}
    assert small.contest in {
        source.id for source in await sources_for(await small.actor("organiser"))
    }


async def test_a_workbook_is_shown_whole_and_then_becomes_a_contest(database: Settings) -> None:
    one = await founder()
    file = await upload_scheme(one.by, one.competition, name="CIS.xlsx", content=CIS.read_bytes())

    read = await read_upload(one.by, file)
    assert (read.usable, read.told) == (True, [])
    contest = await found_from_file(one.by, file, title=PASTRY, held_on="2026-05-01")

    assert canonical((await contest_overview(contest)).scheme) == canonical(read.scheme)


async def test_a_new_scheme_is_compared_before_it_takes_the_old_one_s_place(
    database: Settings,
) -> None:
    one = await founder()
    contest, other = await pastry(one), await pastry(one, card="pastry", judges=7)
    _, files = await export_contest(one.by, other)
    file = await upload_scheme(
        one.by, one.competition, name="p.zip", content=write_zip(files), contest=contest
    )

    shown = await scheme_differences(one.by, contest, file)
    revision = (await contest_row(contest))["revision"]
    await replace_scheme(one.by, contest, file, revision=revision)

    assert {d.kind for d in shown} >= {CHANGED}
    assert any(change.field == "judges" for d in shown for change in d.changes)
    assert await scheme_differences(one.by, contest, file) == []
    with pytest.raises(Stale):
        await replace_scheme(one.by, contest, file, revision=revision)


async def test_a_difference_names_what_comes_what_goes_and_what_changes(
    database: Settings,
) -> None:
    cooking = registry().contest_type("cooking")
    dish, pastry_ = (drafted(cooking, {"card": card}) for card in ("dish", "pastry"))
    before, after = cooking.scheme(dish.options), cooking.scheme(pastry_.options)

    found = {d.id: d for d in differences(before, after)}
    back = {d.id: d.kind for d in differences(after, before)}

    assert {id_: d.kind for id_, d in found.items()} == {
        "W1.1": CHANGED,
        "W1.3": CHANGED,
        "W1.4": CHANGED,
        "W1.5": ADDED,
    }
    (change,) = found["W1.1"].changes
    assert (change.field, change.before, change.after) == ("maximum", "20", "10")
    assert back["W1.5"] == REMOVED
    assert differences(before, before) == []


async def test_a_workbook_with_mistakes_is_shown_by_cell_and_refused(database: Settings) -> None:
    one = await founder()
    book = openpyxl.load_workbook(CIS)
    sheet = book.worksheets[0]
    row = next(r for r in range(1, 200) if sheet.cell(r, 4).value in ("M", "J"))
    sheet.cell(row, 11).value = "viel"
    data = io.BytesIO()
    book.save(data)
    file = await upload_scheme(one.by, one.competition, name="CIS.xlsx", content=data.getvalue())

    read = await read_upload(one.by, file)
    with pytest.raises(Invalid):
        await found_from_file(one.by, file, title=PASTRY)

    assert not read.usable
    assert f"{sheet.title}!K{row}" in {told.place for told in read.errors}


async def test_a_package_without_a_record_becomes_a_draft_here(database: Settings) -> None:
    one = await founder()
    _, files = await export_contest(one.by, await pastry(one, judges=7))
    file = await upload_scheme(one.by, one.competition, name="p.zip", content=write_zip(files))

    read = await read_upload(one.by, file)
    contest = await found_from_file(one.by, file, title=read.title)

    assert (read.archive, read.errors) == (False, [])
    assert (await contest_overview(contest)).options["judges"] == 7


async def test_a_package_with_its_record_comes_whole(database: Settings) -> None:
    small = await small_contest(until="judging")
    await small.judge_everything()
    await small.close()
    organiser = await small.actor("organiser")
    _, files = await export_contest(organiser, small.contest)
    await _forget(small.contest)
    administrator = await actor_of(await make_account("admin", ADMINISTRATOR))
    file = await upload_scheme(
        administrator, small.competition, name="p.zip", content=write_zip(files)
    )

    read = await read_upload(administrator, file)
    with pytest.raises(Invalid):
        await found_from_file(administrator, file, title=read.title)
    taken = await take_in_archive(administrator, file)

    assert read.archive
    assert (taken.contest, taken.state) == (small.contest, "closed")


async def test_what_another_has_saved_is_never_overwritten(database: Settings) -> None:
    one = await founder()
    contest = await pastry(one)
    revision = (await contest_row(contest))["revision"]
    await rename_contest(one.by, contest, text("新名"), revision=revision)

    with pytest.raises(Stale):
        await rename_contest(one.by, contest, text("旧名"), revision=revision)
    with pytest.raises(Stale):
        await save_options(one.by, contest, {}, revision=revision)
    with pytest.raises(Invalid):
        await rename_contest(one.by, contest, {"en": ""}, revision=revision + 1)

    row = await Competition.select().where(Competition.id == one.competition).first()
    assert row is not None
    seen = state_of(row)
    values = {"held_from": "2026-05-01", "held_to": "2026-05-04", "place": "珠海"}
    await edit_competition(one.by, one.competition, title=text("甲"), seen=seen, **values)
    with pytest.raises(Stale):
        await edit_competition(one.by, one.competition, title=text("乙"), seen=seen, **values)


async def test_a_contest_that_is_marked_keeps_its_name(database: Settings) -> None:
    small = await small_contest()
    row = await contest_row(small.contest)

    with pytest.raises(WrongState):
        await rename_contest(
            await small.actor("organiser"), small.contest, text("x"), revision=row["revision"]
        )


@pytest.mark.parametrize(
    "type_", ["panel", "cooking", "craftsman_index", "robotics", "drone_surveying"]
)
async def test_the_rules_of_every_type_are_told_in_every_language(
    database: Settings, type_: str
) -> None:
    contest_type = registry().contest_type(type_)
    for template in (None, *contest_type.templates):
        shown = drafted(contest_type, template.options if template else {})

        assert not shown.findings
        assert shown.aspects == sum(m.aspects for m in shown.modules) > 0
        assert shown.judges > 0
        for sentence in shown.rules:
            told = {
                translate(
                    sentence.words,
                    language,
                    **{k: pick(v, language) for k, v in sentence.params.items()},
                )
                for language in LANGUAGES
            }
            assert len(told) == len(LANGUAGES)
            assert not any("{" in words for words in told)


async def _forget(contest: UUID) -> None:
    """As another installation would stand: nothing of it here."""
    from contests.tables import LogEntry, ResultRow

    await Contest.delete().where(Contest.id == contest)
    await Entry.delete().where(Entry.contest == contest)
    await LogEntry.delete().where(LogEntry.contest == contest)
    await ResultRow.delete().where(ResultRow.contest == contest)
    assert uuid4() != contest
