"""The room of the marking scheme over plain HTTP, as a browser without a script uses it."""

from __future__ import annotations

import html
import re
from typing import Any

import httpx
import pytest

from contests.actions import setup
from contests.schemes.queries import asides_of, draft_of, history_of
from contests.tables import Contest
from core.accounts import create_session
from tests.factories_contests import SmallContest, dish_scheme, small_contest

pytestmark = pytest.mark.engine


class Room:
    """One reader at one contest."""

    def __init__(self, client: httpx.AsyncClient, small: SmallContest) -> None:
        self.client = client
        self.small = small
        self.path = f"/console/contests/{small.contest}"

    async def enter(self, name: str = "organiser") -> None:
        self.client.cookies.set("jiangxin", await create_session(self.small.accounts[name]))

    async def get(self, path: str = "/scheme", language: str = "en") -> httpx.Response:
        return await self.client.get(
            f"{self.path}{path}", headers={"Accept": "text/html", "Accept-Language": language}
        )

    async def post(self, path: str, on: str = "/scheme", **fields: Any) -> httpx.Response:
        """With the token and the version of the page `on`, unless other ones are given."""
        page = (await self.get(on)).text
        data = {
            "csrf_token": value_of(page, "csrf_token"),
            "base": value_of(page, "base"),
            **fields,
        }
        return await self.client.post(
            f"{self.path}{path}",
            data=data,
            headers={"Accept": "text/html", "Accept-Language": "en"},
        )

    async def typed(self, key: str, column: str, text: str, **fields: str) -> httpx.Response:
        return await self.post("/scheme/save", **{f"cell:{key}:{column}": text, **fields})


def value_of(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    return html.unescape(found.group(1)) if found else ""


def rows_of(page: str) -> list[str]:
    return re.findall(r'<tr id="row-([^"]+)"', page)


async def room(client: httpx.AsyncClient, until: str = "draft") -> Room:
    made = Room(client, await small_contest(until=until))
    await made.enter()
    return made


async def maximum_of(small: SmallContest, aspect: str) -> int | None:
    row = await Contest.select().where(Contest.id == small.contest).first()
    assert row is not None
    from contests.schemes.queries import scheme_in

    found = [a for m in scheme_in(row).modules for a in m.aspects() if a.id == aspect]
    return found[0].maximum


async def test_the_whole_scheme_is_a_table_with_its_sums(client: httpx.AsyncClient) -> None:
    here = await room(client)

    page = await here.get()

    assert page.status_code == 200
    assert rows_of(page.text) == [
        "module-dish", "criterion-dish", "sub-dish-1", "aspect-look", "aspect-taste", "aspect-care",
        "module-theory", "criterion-theory", "sub-theory-1", "aspect-paper",
    ]  # fmt: skip
    assert "Everything is right" in page.text
    assert "Total 100" in page.text


async def test_what_is_typed_is_kept_and_what_is_left_is_said(client: httpx.AsyncClient) -> None:
    here = await room(client)

    answer = await here.typed("aspect-look", "maximum", "１５，５")
    page = await here.get()

    assert answer.status_code == 200
    assert "15.5" in answer.text
    assert "１５，５" in answer.text
    assert "4.5 left" in page.text
    assert "1 place to put right before the contest can be made ready" in page.text
    assert await maximum_of(here.small, "look") == 20_000


async def test_a_table_that_is_right_becomes_the_contests_scheme(client: httpx.AsyncClient) -> None:
    here = await room(client)

    await here.typed("aspect-look", "maximum", "15", **{"cell:aspect-taste:maximum": "45"})

    assert await maximum_of(here.small, "look") == 15_000
    assert await maximum_of(here.small, "taste") == 45_000


async def test_a_contest_is_not_made_ready_with_a_table_that_is_not_right(
    client: httpx.AsyncClient,
) -> None:
    from core.errors import NotReady

    here = await room(client)
    await here.typed("aspect-look", "maximum", "15")

    with pytest.raises(NotReady) as refused:
        await setup.make_ready(await here.small.actor("organiser"), here.small.contest)

    assert "scheme-unfinished" in [finding.code for finding in refused.value.findings]


@pytest.mark.parametrize(
    ("do", "first"),
    [("down:aspect-look", "aspect-taste"), ("up:aspect-care", "aspect-look"),
     ("remove:aspect-look", "aspect-taste")],
)  # fmt: skip
async def test_rows_are_moved_and_removed_by_buttons(
    client: httpx.AsyncClient, do: str, first: str
) -> None:
    here = await room(client)

    answer = await here.post("/scheme/save", do=do)
    rows = [key for key in rows_of((await here.get()).text) if key.startswith("aspect")]

    assert answer.status_code == 303
    assert rows[0] == first


async def test_undo_and_repeat_go_through_all_versions(client: httpx.AsyncClient) -> None:
    here = await room(client)
    await here.typed("aspect-look", "maximum", "15")
    await here.typed("aspect-look", "maximum", "16")
    shown = []

    for do in ("undo", "undo", "redo", "redo", "undo"):
        await here.post("/scheme/save", do=do)
        draft = await draft_of(here.small.contest)
        row = draft.document.row("aspect-look")
        assert row is not None
        shown.append(row.fields["maximum"])

    assert shown == ["15", "20", "15", "16", "15"]
    assert [v.kind for v in await history_of(here.small.contest)][:5] == [
        "undo", "redo", "redo", "undo", "undo",
    ]  # fmt: skip


async def test_two_changes_at_the_same_time_stand_side_by_side_and_neither_is_lost(
    client: httpx.AsyncClient,
) -> None:
    here = await room(client)
    base = value_of((await here.get()).text, "base")
    await here.typed("aspect-look", "title", "Appearance")

    late = await here.typed(
        "aspect-look", "title", "Looks", base=base, **{"cell:aspect-taste:step": "1"}
    )
    beside = await here.get(late.headers["location"].removeprefix(here.path))

    assert late.status_code == 303
    assert "/scheme/aside/" in late.headers["location"]
    assert "Looks" in beside.text
    assert "Appearance" in beside.text
    draft = await draft_of(here.small.contest)
    assert draft.document.row("aspect-look").title["en"] == "Appearance"  # type: ignore[union-attr]

    path = late.headers["location"].removeprefix(here.path)
    await here.post(path, on=path, do="together", **{"row:aspect-look": "mine"})
    draft = await draft_of(here.small.contest)
    assert draft.document.row("aspect-look").title["en"] == "Looks"  # type: ignore[union-attr]
    assert draft.document.row("aspect-taste").fields["step"] == "1"  # type: ignore[union-attr]
    assert not await asides_of(here.small.contest, here.small.accounts["organiser"])


async def test_a_scheme_that_was_written_elsewhere_is_a_version_of_its_own(
    client: httpx.AsyncClient,
) -> None:
    here = await room(client)
    await here.typed("aspect-look", "title", "Appearance")
    row = await Contest.select(Contest.revision).where(Contest.id == here.small.contest).first()
    assert row is not None
    await setup.save_scheme(
        await here.small.actor("organiser"),
        here.small.contest,
        dish_scheme(judges=5),
        revision=row["revision"],
    )

    await here.typed("aspect-look", "title", "Look!")

    assert [v.kind for v in await history_of(here.small.contest)][:2] == ["edit", "outside"]


async def test_a_block_from_a_spreadsheet_makes_rows_and_says_what_was_understood(
    client: httpx.AsyncClient,
) -> None:
    here = await room(client)
    block = "摆盘\t评价分\t７，５\nPlating\tJ\t2,5\n"

    answer = await here.post("/scheme/save", do="paste:aspect-care:title", text=block)
    draft = await draft_of(here.small.contest)

    new = [row for row in draft.document.rows if row.level == "aspect"]
    assert [row.fields["maximum"] for row in new] == ["20", "40", "7.5", "2.5", "30"]
    assert answer.status_code == 200
    assert "Cells filled: 6. Rows added: 1." in answer.text


async def test_a_row_keeps_everything_that_was_typed_on_its_page(client: httpx.AsyncClient) -> None:
    here = await room(client)
    path = "/scheme/rows/aspect-care"

    fields = {"level": "aspect", "kind": "judgement", "scale-3-pt": "Excelente", "spread": "一"}
    answer = await here.post(path, on=path, **fields)
    page = await here.get(path)

    assert answer.status_code == 303
    assert "Excelente" in page.text
    assert 'value="一"' in page.text
    assert "can&#39;t be read as a number" in page.text


async def test_descriptors_are_copied_into_traditional_characters_for_reading_through(
    client: httpx.AsyncClient,
) -> None:
    here = await room(client)
    path = "/scheme/rows/aspect-care"
    simplified = {"level": "aspect", "scale-0-zh-Hans": "面团干燥，头发复杂"}

    page = await here.post(path, on=path, do="convert", **simplified)

    assert "麵團乾燥，頭髮複雜" in page.text.replace("麵糰", "麵團")
    assert "not kept yet" in page.text


async def test_a_calculator_is_tried_with_what_stands_on_the_page(
    client: httpx.AsyncClient,
) -> None:
    here = await room(client)
    path = "/scheme/rows/aspect-look"

    page = await here.post(
        f"{path}/try", on=path, level="aspect", kind="measurement", maximum="10",
        calculator="PER_ERROR@1", **{"parameter-deduction": "0,5", "samples": "0\n３\nmany"},
    )  # fmt: skip

    assert page.status_code == 200
    assert "<b>10</b>" in page.text
    assert "<b>8.5</b>" in page.text
    assert "many" in page.text
    assert "is not a number of things" in page.text
    assert await maximum_of(here.small, "look") == 20_000


async def test_weights_by_the_standard_stand_beside_what_the_scheme_has(
    client: httpx.AsyncClient,
) -> None:
    here = await room(client)

    await here.post(
        "/scheme/sections", on="/scheme/sections",
        **{"section-0-id": "1", "section-0-title": "Hygiene", "section-0-weight": "30"},
    )  # fmt: skip
    await here.typed("aspect-look", "section", "1")
    page = await here.get()

    assert "Weights by the standard" in page.text
    assert re.search(r"Hygiene.*?30.*?20.*?−10", page.text, re.S)
    assert "Everything is right" in page.text


async def test_rules_with_mistakes_come_back_as_typed_with_each_finding_at_its_field(
    client: httpx.AsyncClient,
) -> None:
    here = await room(client)
    before = (await here.get("/rules")).text
    wrong = {"revision": value_of(before, "revision"), "notice_days": "七天", "round_total": "２"}

    page = await here.post("/rules", on="/rules", **wrong)

    assert page.status_code == 422
    assert 'value="七天"' in page.text
    assert 'id="notice_days-wrong"' in page.text
    assert 'role="alert"' in page.text


async def test_rules_are_said_in_words(client: httpx.AsyncClient) -> None:
    here = await room(client)
    page = (await here.get("/rules")).text
    fields = {"judges": "5", "high": "1", "low": "1", "minimum": "5"}

    await here.post(
        "/rules/panel", on="/rules", module="dish", panel="referees", blind="yes", **fields
    )
    after = (await here.get("/rules")).text

    assert "The mean of the rest counts" not in page
    assert (
        "The highest and the lowest are dropped from 5 judges; the mean of the rest counts."
        in after
    )


async def test_rules_are_saved_with_what_the_page_does_not_show(client: httpx.AsyncClient) -> None:
    from contests.schemes.queries import contest_of, rules_in

    here = await room(client)
    page = (await here.get("/rules")).text
    fields = dict(re.findall(r'<input id="([^"]+)" name="\1" type="text" value="([^"]*)"', page))
    before = rules_in(await contest_of(here.small.contest))

    answer = await here.post(
        "/rules", on="/rules", **{**fields, "revision": value_of(page, "revision"),
        "notice_days": "7", "tie-0": "module:dish", "tie-1": "unrounded:", "tie_policy": "none",
        "award-0-method": "shares", "award-0-prize-0-title": "一等奖", "award-0-prize-0-amount": "10",
        "award-0-prize-1-title": "二等奖", "award-0-prize-1-amount": "20"},
    )  # fmt: skip
    after = rules_in(await contest_of(here.small.contest))

    assert answer.status_code == 303, answer.text[:3000]
    assert (after.notice_days, len(after.tie_breaks), str(after.tie_policy)) == (7, 2, "none")
    assert [str(prize.amount) for prize in after.awards[0].prizes] == ["1/10", "1/5"]
    assert after.recheck == before.recheck


async def test_a_frozen_scheme_says_since_when_and_by_whom_and_takes_nothing(
    client: httpx.AsyncClient,
) -> None:
    here = await room(client, until="judging")

    page = (await here.get()).text
    rules = (await here.get("/rules")).text
    refused = await here.client.post(
        f"{here.path}/scheme/save",
        data={"csrf_token": value_of(rules, "csrf_token"), "base": "1-x", "cell:aspect-look:title": "x"},
        headers={"Accept": "text/html"},
    )  # fmt: skip

    assert "Nothing changes here any more" in page
    assert "by chief" in page
    assert here.small.rules_hash in page
    assert "More about the record" in page
    assert 'id="scheme-form"' not in page
    assert refused.status_code == 409
    assert "disabled" in rules


async def test_a_judge_may_look_and_change_nothing(client: httpx.AsyncClient) -> None:
    here = await room(client)
    here.client.cookies.set("jiangxin", await create_session(here.small.judges[0].account))

    page = await here.get()
    answer = await here.post("/scheme/save", do="remove:aspect-look")

    assert page.status_code == 200
    assert 'id="scheme-form"' not in page.text
    assert answer.status_code == 403


PAGES = ["/scheme", "/scheme/print", "/scheme/preview", "/scheme/history", "/scheme/sections", "/rules",
         "/scheme/rows/aspect-care", "/scheme/rows/module-dish", "/scheme/rows/sub-dish-1"]  # fmt: skip


async def test_every_page_is_there_in_each_language(client: httpx.AsyncClient) -> None:
    here = await room(client)
    await here.typed("aspect-look", "title", "Appearance")

    for path in PAGES:
        for language in ("zh-Hans", "zh-Hant", "en", "pt"):
            page = await here.get(path, language)

            assert page.status_code == 200, (path, language)
            assert "style=" not in page.text
            assert "<script>" not in page.text
