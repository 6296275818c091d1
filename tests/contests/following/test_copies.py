"""What goes into a chat group holds no document, no telephone, and nothing that is not published."""

from __future__ import annotations

import json
import re
from io import BytesIO
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from contests.actions import people
from contests.following.copies import (
    COPIES,
    NothingPublished,
    Table,
    as_text,
    copy_of,
    without_numbers,
)
from contests.following.picture import ROWS, parts_of, picture
from contests.founding.tables import ProgrammeSession, Venue
from contests.tables import Contest, Entry
from core.errors import NotFound
from core.security import Role
from tests.factories_contests import START, SmallContest, make_account, small_contest

LANGUAGES = ("zh-Hans", "zh-Hant", "en", "pt")
LONG_RUN = re.compile(r"\d(?:[\s\-–().（）]{0,2}\d){6,}")

documents = st.one_of(
    st.from_regex(r"[1-9]\d{16}[\dX]", fullmatch=True),
    st.from_regex(r"[A-Z]{1,2}\d{6}\([\dA]\)", fullmatch=True),
    st.from_regex(r"[157]\d{6}\(\d\)", fullmatch=True),
    st.from_regex(r"[HM]\d{8}(\d{2})?", fullmatch=True),
    st.from_regex(r"E[A-Z]?\d{7,8}", fullmatch=True),
    st.from_regex(r"1[3-9]\d \d{4} \d{4}", fullmatch=True),
    st.from_regex(r"\+86[ -]1[3-9]\d{9}", fullmatch=True),
    st.from_regex(r"\(0755\) ?\d{4}[ -]\d{4}", fullmatch=True),
    st.from_regex(r"\+85[23] \d{4} \d{4}", fullmatch=True),
    st.from_regex(r"1[3-9]\d{9}", fullmatch=True).map(
        lambda n: n.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    ),
    st.from_regex(r"[a-z]{3,8}@[a-z]{3,8}\.com", fullmatch=True),
)


@given(
    st.sampled_from(["王师傅 ", "Wong, ", "", "电话:"]), documents, st.sampled_from([" 谢谢", ""])
)
def test_whatever_looks_like_a_document_or_a_telephone_is_taken_out(
    before: str, number: str, after: str
) -> None:
    left = without_numbers(f"{before}{number}{after}")

    assert number not in left
    assert sum(c.isdigit() for c in left) < 6
    assert "@" not in left


@pytest.mark.parametrize(
    "text",
    ["92.50", "08:30–10:00", "18 October 2024", "2024年10月18日", "101、102、103", "A区 3 号"],
)
def test_totals_times_days_and_codes_stay_as_they_are(text: str) -> None:
    assert without_numbers(text) == text


async def crowded(**more: object) -> SmallContest:
    """Numbers wherever somebody might have typed one."""
    small = await small_contest(entrants=4, **more)  # type: ignore[arg-type]
    for place, entry in enumerate(small.entries, 1):
        await Entry.update({Entry.number: f"{place:03}"}).where(Entry.id == entry)
    account = await make_account("陈裁判 138 0013 8000")
    await people.appoint(
        await small.actor("organiser"), small.contest, account, Role.CLERK, now=START
    )
    venue = uuid4()
    await Venue.insert(
        Venue(
            id=venue,
            competition=small.competition,
            title=json.dumps({"zh-Hans": "A馆", "en": "Hall A"}),
            address="联系 0755-8888 1234",
            created_at=START,
        )
    )
    await ProgrammeSession.insert(
        ProgrammeSession(
            id=uuid4(),
            competition=small.competition,
            venue=venue,
            contest=small.contest,
            module="dish",
            day="2024-10-11",
            starts="08:30",
            ends="11:00",
            note="找王 440106199001011234",
            created_at=START,
        )
    )
    return small


@pytest.mark.parametrize("until", ["drawn", "published"])
async def test_no_copy_holds_a_number_a_name_of_an_entrant_or_anything_unpublished(
    database: object, until: str
) -> None:
    small = await crowded(until="judging")
    if until == "published":
        await small.judge_everything()
        await small.close()
        await small.sign()
        await small.publish()
    for code in COPIES:
        for language in LANGUAGES:
            if code == "results" and until != "published":
                with pytest.raises(NothingPublished):
                    await copy_of(small.contest, code, language)
                continue
            words = as_text(await copy_of(small.contest, code, language))

            assert not LONG_RUN.search(words), words
            assert "选手" not in words
            assert "138 0013" not in words
            assert "{" not in words


async def test_published_names_stay_out_unless_the_organiser_publishes_them(
    database: object,
) -> None:
    small = await crowded(facts={"public_names": True})
    await small.judge_everything()
    await small.close()
    with pytest.raises(NothingPublished):
        await copy_of(small.contest, "results", "en")
    await small.sign()
    await small.publish()

    words = as_text(await copy_of(small.contest, "results", "en"))

    assert "选手0-0" in words


async def test_the_numbers_tell_nobody_whose_a_work_is(database: object) -> None:
    small = await crowded()
    table = await copy_of(small.contest, "numbers", "zh-Hans")
    codes = {code for works in (await small.codes()).values() for code in works}

    assert [row[0] for row in table.rows] == ["001", "002", "003", "004"]
    assert not any(code in cell for row in table.rows for cell in row for code in codes - {"001"})
    assert all(code in " ".join(table.notes) for code in codes)


async def test_the_programme_falls_back_on_the_days_that_are_stated(database: object) -> None:
    small = await small_contest(until="draft")
    row = await Contest.select(Contest.facts).where(Contest.id == small.contest).first()
    assert row is not None

    words = as_text(await copy_of(small.contest, "programme", "zh-Hans"))

    assert "2024年10月12日" in words
    with pytest.raises(NotFound):
        await copy_of(small.contest, "standings", "zh-Hans")


async def test_a_picture_is_drawn_in_parts_with_every_character(database: object) -> None:
    rows = tuple((str(n), "选手甲", "拉丁ção") for n in range(ROWS + 5))
    table = Table("judges", "裁判分工 · 評審", "粵港澳大灣區", ("座位", "姓名", "备注"), rows)

    first = Image.open(BytesIO(await picture(table, "zh-Hant", 1)))
    second = Image.open(BytesIO(await picture(table, "zh-Hant", 2)))

    assert parts_of(table) == 2
    assert first.format == "PNG"
    assert 600 < first.width < 1400
    assert first.height > second.height * 3
    assert len(first.convert("L").getcolors() or []) > 20
    with pytest.raises(NotFound):
        await picture(table, "zh-Hant", 3)
