"""The judges' pool out of a table, from any file that is taken for entrants, and back."""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import UUID

import pytest

from contests.entering.carrying import NotUndone, carry_out, undo_import
from contests.entering.exporting import template, template_choices
from contests.entering.importing import check_import, mend, original_file, start_import
from contests.entering.kept import import_of
from contests.seating.appointing import confirm_draw, preview_draw
from contests.seating.drawing import Terms
from contests.seating.pool import PoolDraft, add_to_pool, draft_of, erase_from_pool, pool_rows
from core.errors import Conflict, Forbidden, Invalid
from core.security import Role, Scope, actor_of
from core.settings import Settings
from tests.contests.entering.tables import Rows, text, xls, xlsx
from tests.factories_contests import SmallContest, dish_scheme, make_account, small_contest

HEAD = [
    "裁判姓名",
    "工作單位",
    "职业资格",
    "证书编号",
    "有效期至",
    "级别",
    "可任组长",
    "代表队",
    "工种",
]
ROWS: Rows = [
    HEAD,
    ["王五", "酒店", "高级技师", "0012", "2030年3月1日", "省级", "是", "", "中式烹调；面点"],
    ["ZHAO Liu", "Hotel", "技师", "0013", "2029/12/31", "", "", "dongguan", ""],
]
ENGLISH = [["Name", "Employer", "Valid until", "Level", "Qualified to lead a group"],
           ["WONG Ng", "Hotel", "2030-03-01", "Provincial", "yes"]]  # fmt: skip


@pytest.fixture
async def small(database: Settings) -> SmallContest:
    return await small_contest(judges=0, scheme=dish_scheme(3), until="draft")


async def started(small: SmallContest, data: bytes = b"", pasted: str = "") -> UUID:
    organiser = await small.actor("organiser")
    return await start_import(
        organiser, "pool", competition=small.competition, data=data, pasted=pasted, file_name="裁判.xlsx"
    )  # fmt: skip


async def pool(small: SmallContest) -> dict[str, PoolDraft]:
    return {(one := draft_of(row)).name: one for row in await pool_rows(small.competition)}


@pytest.mark.parametrize(
    "made",
    [xlsx(ROWS), xls(ROWS), text(ROWS).encode(), text(ROWS).encode("gb18030"), text(ROWS, "\t")],
    ids=["xlsx", "xls", "utf-8", "gb18030", "pasted"],
)
async def test_every_file_that_brings_entrants_brings_judges(
    small: SmallContest, made: bytes | str
) -> None:
    organiser = await small.actor("organiser")
    given: dict[str, Any] = {"data": made} if isinstance(made, bytes) else {"pasted": made}

    id_ = await started(small, **given)
    before = await pool(small)
    counts = await carry_out(organiser, id_)

    assert (before, counts["made"]) == ({}, 2)
    assert (await pool(small))["王五"] == PoolDraft(
        "王五",
        "0012",
        "高级技师",
        "provincial",
        "2030-03-01",
        ("中式烹调", "面点"),
        "酒店",
        leads=True,
    )
    assert (await pool(small))["ZHAO Liu"].delegations == ("dongguan",)


async def test_headings_are_known_in_english_and_so_is_the_template(small: SmallContest) -> None:
    organiser = await small.actor("organiser")
    await carry_out(organiser, await started(small, xlsx(ENGLISH)))
    choices = await template_choices("pool", None, "zh-Hans")
    with pytest.raises(Invalid) as empty:
        await started(small, template("pool", "zh-Hans", choices=choices))

    assert (await pool(small))["WONG Ng"].level == "provincial"
    assert [f.code for f in empty.value.findings] == ["people-no-rows"]


@pytest.mark.engine
async def test_every_mistake_is_told_at_its_cell_and_nothing_is_written(
    small: SmallContest,
) -> None:
    organiser = await small.actor("organiser")
    rows = [*ROWS, ["", "厂", "", "", "someday", "galactic", "perhaps", "火星队", ""],
            ["王五", "酒店", "", "", "", "", "", "", ""]]  # fmt: skip
    id_ = await started(small, xlsx(rows))

    with pytest.raises(Invalid) as refused:
        await carry_out(organiser, id_)

    draft = (await import_of(organiser, id_)).draft
    assert draft is not None
    assert [(f.pointer, f.code) for f in refused.value.findings] == [
        ("/4/name", "people-name-missing"),
        ("/4/level", "people-judge-level-unknown"),
        ("/4/valid_until", "people-date-unreadable"),
        ("/4/delegations", "people-delegation-unknown"),
        ("/4/leads", "people-yes-unreadable"),
        ("/5/name", "people-row-twice"),
    ]
    assert draft.place(4, "valid_until") == "E4"
    assert await pool(small) == {}


@pytest.mark.engine
async def test_the_file_is_kept_with_its_fingerprint_until_a_judge_in_it_is_erased(
    small: SmallContest,
) -> None:
    organiser, data = await small.actor("organiser"), xlsx(ROWS)
    id_ = await started(small, data)
    await carry_out(organiser, id_)

    found = await import_of(organiser, id_)
    kept = await original_file(organiser, id_)
    row = (await pool_rows(small.competition))[0]
    await erase_from_pool(organiser, small.competition, row["id"])

    assert found.file_hash == hashlib.sha256(data).hexdigest()
    assert kept == ("裁判.xlsx", data)
    assert (await import_of(organiser, id_)).draft is None
    with pytest.raises(NotUndone):
        await undo_import(organiser, id_)


@pytest.mark.engine
async def test_a_second_table_changes_what_it_says_and_is_taken_back_whole(
    small: SmallContest,
) -> None:
    organiser = await small.actor("organiser")
    await carry_out(organiser, await started(small, xlsx(ROWS)))
    first = await pool(small)
    rows = [["姓名", "证书编号", "工作单位"], ["王五", "0012", "新酒店"], ["孙七", "0099", "某厂"]]

    id_ = await started(small, xlsx(rows))
    checked = await check_import(await import_of(organiser, id_))
    counts = await carry_out(organiser, id_)
    between = await pool(small)
    await undo_import(organiser, id_)

    assert [(c.field, c.old, c.new) for c in checked.rows[0].changes] == [
        ("employer", "酒店", "新酒店")
    ]
    assert (counts["made"], counts["changed"]) == (1, 1)
    assert (between["王五"].employer, between["王五"].valid_until) == ("新酒店", "2030-03-01")
    assert await pool(small) == first


async def test_who_may_be_in_the_pool_already_is_offered_and_not_merged(
    small: SmallContest,
) -> None:
    organiser = await small.actor("organiser")
    await add_to_pool(organiser, small.competition, [PoolDraft("张伟", employer="东莞酒店")])
    rows = [["姓名", "工作单位"], ["張偉", "中山酒店"], ["ZHANG, Wei", ""], ["章伟", "某厂"]]

    id_ = await started(small, pasted=text(rows, "\t"))
    checked = await check_import(await import_of(organiser, id_))
    await carry_out(organiser, id_)

    told = [[f.code for f in row.findings] for row in checked.rows]
    assert told == [
        ["people-judge-alike-warning"],
        ["people-judge-alike-warning"],
        ["people-alike-warning"],  # as ZHANG, Wei of the row above
    ]
    assert len(await pool(small)) == 4


async def test_judges_who_were_appointed_hinder_taking_the_table_back(small: SmallContest) -> None:
    organiser = await small.actor("organiser")
    rows = [["姓名", "单位", "可任组长"], *([f"裁判{n}", f"单位{n}", "是"] for n in "一二三四")]
    id_ = await started(small, xlsx(rows))
    await carry_out(organiser, id_)
    await preview_draw(organiser, small.contest, Terms(), now=small.at)
    await confirm_draw(organiser, small.contest, now=small.at)

    with pytest.raises(Conflict) as refused:
        await undo_import(organiser, id_)

    assert [f.code for f in refused.value.findings] == ["people-pool-in-use"]
    assert len(await pool(small)) == 4


async def test_only_who_holds_the_organisations_pool_adds_to_it(small: SmallContest) -> None:
    scope = Scope("competition", str(small.competition))
    local = await actor_of(await make_account("local", (Role.ORGANISER, scope)))
    await add_to_pool(
        await small.actor("organiser"), small.competition,
        [PoolDraft("王五", employer="酒店")], everywhere=True,
    )  # fmt: skip
    id_ = await start_import(local, "pool", competition=small.competition, data=xlsx(ROWS))

    with pytest.raises(Forbidden):  # 王五 is everybody's
        await carry_out(local, id_)
    await mend(local, id_, {}, left_out={2: True}, everywhere=True)
    with pytest.raises(Forbidden):
        await carry_out(local, id_)
    await mend(local, id_, {}, left_out={2: True}, everywhere=False)
    await carry_out(local, id_)

    with pytest.raises(Forbidden):
        await started_by_clerk(small)
    assert set(await pool(small)) == {"王五", "ZHAO Liu"}


async def started_by_clerk(small: SmallContest) -> UUID:
    clerk = await small.actor("clerk")
    return await start_import(clerk, "pool", competition=small.competition, data=xlsx(ROWS))
