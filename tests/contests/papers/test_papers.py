"""The eight papers: what stands on each, never a name with a code before the opening, lines to sign on."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest

from contests import papers
from contests.actions import people
from contests.actions.running import record_interruption, record_penalty
from contests.log import read
from contests.papers.kinds import KINDS
from contests.papers.printing import print_paper
from core.errors import Forbidden, Invalid, NotFound, NotReady
from core.security import Role
from core.settings import Settings
from tests.factories_contests import SmallContest, as_mark, make_account, small_contest
from tests.fixtures.pdf import sizes, texts

NOW = datetime(2026, 11, 21, 4, 30, tzinfo=UTC)
PARTS = {"draw_record": "dish", "summary": "dish", "marking_sheet": "dish"}
TITLES = {
    "draw_record": "抽签记录表",
    "check_in": "检录表",
    "attendance": "裁判员签到表",
    "marking_sheet": "评分表",
    "incident": "异常情况记录",
    "summary": "汇总表",
    "result_list": "成绩单",
    "correction": "更正单",
}


@pytest.fixture(autouse=True)
def _templates(database: Settings) -> None:
    papers.install()


async def printed(
    small: SmallContest, kind: str, by: str = "organiser", part: str | None = None
) -> list[str]:
    made = await print_paper(
        await small.actor(by),
        small.contest,
        kind,
        part=PARTS.get(kind, "") if part is None else part,
        now=NOW,
    )
    assert set(sizes(made.content)) <= {(210, 297), (297, 210)}
    return texts(made.content)


async def correct_one(small: SmallContest) -> None:
    from contests.actions.closing import correct_mark

    await correct_mark(
        await small.actor("chief"),
        await small.actor("supervisor"),
        small.contest,
        module="dish",
        code=await small.code_of(small.entries[0]),
        judge=UUID(small.judges[0].appointment),
        aspect="look",
        mark=as_mark("17.5"),
        reason="录入时看错一行",
        now=small.at,
    )


async def test_every_paper_is_a4_named_numbered_timed_and_has_lines_for_its_signers() -> None:
    small = await small_contest()
    await small.judge_everything()
    await small.close()

    for kind, title in TITLES.items():
        pages = await printed(small, kind)

        assert title in pages[0], kind
        for number, text in enumerate(pages, 1):
            assert f"第{number}页，共{len(pages)}页" in text, kind
            assert "打印时间：2026年11月21日12:30" in text, kind
        if kind != "marking_sheet":
            signers = {"chief_referee": "裁判长", "supervisor": "监督员"}
            wanted = [words for role, words in signers.items() if role in KINDS[kind].signers]
            assert all(words in "".join(pages) for words in wanted), kind
            assert "日期" in "".join(pages), kind


@pytest.mark.parametrize("kind", [kind for kind in TITLES if kind != "result_list"])
async def test_no_paper_holds_a_name_before_the_codes_are_open_not_even_the_organisers(
    kind: str,
) -> None:
    small = await small_contest()
    if kind != "marking_sheet":  # which is there for what is still to be marked
        await small.judge_everything()

    text = "".join(await printed(small, kind))

    assert "解密前以编号代替选手" in text or kind in {"attendance", "correction"}
    assert not any(f"选手{n}" in text for n in range(4))


async def test_a_draw_record_has_the_codes_before_and_whose_they_are_after_the_opening() -> None:
    small = await small_contest()
    code = await small.code_of(small.entries[0])

    before = "".join(await printed(small, "draw_record"))
    await small.judge_everything()
    await small.close()
    after = "".join(await printed(small, "draw_record"))

    assert code in before
    assert "dongguan" not in before
    assert code in after
    assert "选手0-0" in after
    assert "dongguan" in after


async def test_before_the_draw_its_record_is_a_form_to_fill_in_by_hand() -> None:
    small = await small_contest(until="ready")

    text = "".join(await printed(small, "draw_record"))

    assert text.count("dongguan") == 2
    assert "选手0" not in text
    assert "签名" in text


async def test_after_the_opening_names_stand_only_for_who_may_know_them() -> None:
    small = await small_contest()
    await small.judge_everything()
    await small.close()

    for kind in ("check_in", "summary", "result_list", "draw_record"):
        assert "选手0-0" in "".join(await printed(small, kind))
        assert "选手0-0" not in "".join(await printed(small, kind, by="chief"))


async def test_the_check_in_list_has_a_line_for_each_entrant_and_no_code() -> None:
    small = await small_contest(entrants=7, reserves=1)
    code = await small.code_of(small.entries[0])

    text = "".join(await printed(small, "check_in", by="clerk"))

    assert text.count("☐") == 8
    assert "替补" in text
    assert code not in text.replace("2024", "")


async def test_a_summary_adds_up_points_and_shows_what_each_judge_gave() -> None:
    small = await small_contest(judges=3)
    await small.judge_everything()
    code = await small.code_of(small.entries[1])

    text = "".join(await printed(small, "summary", by="chief"))

    assert code in text
    assert all(seat in text for seat in ("J1", "J2", "J3"))
    assert "63.17" in text  # look 18, taste 38.5, care 2 of 3 times 10
    assert "58.5" in text  # 18 + 38.5 + 2, what one judge gave


async def test_a_result_list_holds_places_totals_prizes_and_the_fingerprint_that_is_signed() -> (
    None
):
    small = await small_contest()
    await small.judge_everything()
    await small.close()
    await small.sign()
    signed = (await small.replayed()).signatures[0].content_hash

    text = "".join(await printed(small, "result_list"))

    assert "一等奖" in text
    assert "二等奖" in text
    assert signed[:16] in text
    assert signed[48:] in text
    with pytest.raises(NotFound):
        await printed(small, "result_list", part="7")


async def test_a_correction_slip_tells_what_was_changed_why_and_by_whom() -> None:
    small = await small_contest()
    await small.judge_everything()
    await small.close()
    await correct_one(small)
    await correct_one(small)

    pages = await printed(small, "correction")

    assert len(pages) == 2
    for words in ("J1", "look Look", "18", "17.5", "录入时看错一行", "chief", "supervisor"):
        assert words in pages[0]
    seq = (await read(small.contest))[-1].seq
    assert "选手" not in "".join(pages)
    with pytest.raises(NotFound):
        await printed(small, "correction", part="x")
    assert seq > 0


async def test_an_incident_record_lists_what_happened_and_leaves_space_to_write() -> None:
    small = await small_contest()
    code = await small.code_of(small.entries[2])
    chief = await small.actor("chief")
    await record_interruption(
        chief, small.contest, module="dish", code=code, seconds=150, cause="停电", acknowledged=True,
        now=small.at,
    )  # fmt: skip
    await record_penalty(
        chief, small.contest, scope="points", module="dish", code=code, reason="台面不洁",
        points=500, now=small.at,
    )  # fmt: skip

    text = "".join(await printed(small, "incident", by="clerk"))

    for words in ("停电", "2:30", "台面不洁", "0.5", code):
        assert words in text


async def test_attendance_names_every_judge_with_seat_and_duty() -> None:
    small = await small_contest(judges=3)

    text = "".join(await printed(small, "attendance", part="2024-10-10"))

    assert "2024年10月10日" in text
    assert all(words in text for words in ("J1", "J2", "J3", "裁判长", "加密裁判", "到场", "离场"))


async def test_a_marking_sheet_is_there_for_each_judge_and_work_that_is_still_open() -> None:
    small = await small_contest(entrants=2, judges=3)
    code = await small.code_of(small.entries[0])

    pages = await printed(small, "marking_sheet", by="clerk")
    one_seat = await printed(small, "marking_sheet", by="clerk", part="dish/J2")

    assert len(pages) == 6
    assert len(one_seat) == 2
    assert all("J2" in page for page in one_seat)
    assert any(code in page for page in one_seat)
    assert "taste" in pages[0]
    assert "40" in pages[0]


async def test_only_who_handles_papers_prints_and_marks_need_a_right_of_their_own() -> None:
    small = await small_contest()
    await small.judge_everything()
    judge = small.judges[0].actor

    with pytest.raises(Forbidden):
        await print_paper(judge, small.contest, "check_in")
    with pytest.raises(Forbidden):
        await print_paper(await small.actor("leader"), small.contest, "summary", part="dish")
    with pytest.raises(NotFound):
        await print_paper(await small.actor("chief"), small.contest, "menu")


async def test_what_is_not_there_yet_is_refused_in_words() -> None:
    small = await small_contest(until="drawn")
    organiser = await small.actor("organiser")

    with pytest.raises(NotReady):
        await print_paper(organiser, small.contest, "summary", part="dish")
    with pytest.raises(NotReady):
        await print_paper(organiser, small.contest, "marking_sheet", part="dish")
    with pytest.raises(NotFound):
        await print_paper(organiser, small.contest, "result_list")
    with pytest.raises(NotFound):
        await print_paper(organiser, small.contest, "draw_record", part="soup")


async def test_too_many_sheets_ask_for_a_seat(monkeypatch: pytest.MonkeyPatch) -> None:
    small = await small_contest()
    monkeypatch.setattr("contests.papers.printing.MOST_SHEETS", 5)

    with pytest.raises(Invalid) as refused:
        await print_paper(await small.actor("clerk"), small.contest, "marking_sheet", part="dish")

    assert refused.value.findings[0].code == "too-many-sheets"


@pytest.mark.parametrize("language", ["zh-Hant", "en", "pt"])
async def test_papers_speak_the_other_languages_too(language: str) -> None:
    small = await small_contest()
    titles = {"zh-Hant": "檢錄表", "en": "Check-in list", "pt": "Lista de chamada"}

    made = await print_paper(
        await small.actor("organiser"), small.contest, "check_in", language=language
    )

    assert titles[language] in texts(made.content)[0]


async def test_judges_with_names_of_their_own_are_named_on_the_attendance() -> None:
    small = await small_contest(until="draft")
    account = await make_account("王裁判")
    await people.appoint(
        await small.actor("organiser"), small.contest, account, Role.JUDGE, seat="J9", now=small.at
    )

    assert "王裁判" in "".join(await printed(small, "attendance", part=""))
