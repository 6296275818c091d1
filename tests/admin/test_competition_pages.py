"""The rooms where competitions and contests are made: plain forms, every finding at its field."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from uuid import UUID

import httpx
import openpyxl
import pytest

from contests.actions.common import competition_row, contest_row
from contests.actions.setup import ContestStart, save_facts
from contests.founding.programme import add_venue, sessions_of, venues_of
from contests.founding.starting import found_contest
from contests.founding.templates import templates_of
from contests.packages.archive import write_zip
from contests.packages.exporting import export_contest
from contests.preparing import readiness
from contests.profile import is_small, shared_duties_of
from contests.queries import contest_overview
from contests.tables import Competition, Contest
from core.accounts import create_session
from core.security import Role, Scope
from core.web.i18n import LANGUAGES
from tests.admin.competition_kit import ACCEPT, Desk, desk
from tests.contests.founding.kit import twenty, workbook
from tests.factories_contests import ADMINISTRATOR, make_account, small_contest, text

CIS = Path(__file__).parent.parent / "data" / "cis" / "es2023-web-development.xlsx"
TYPES = ("panel", "cooking", "craftsman_index", "robotics", "drone_surveying")
TECHNICAL = re.compile(r"\b(hash|token|key|JWS|DNS|DSQ|JSON|SHA|slug|UUID)\b", re.IGNORECASE)


async def pastry(at: Desk, **options: object) -> UUID:
    start = ContestStart("", {"zh-Hans": "中式面点", "en": "Pastry"}, "cooking", options=options)
    return await found_contest(at.one.by, at.one.competition, start)


def contest_in(address: str) -> UUID:
    return UUID(address.rsplit("/", 1)[1])


def words(page: str) -> str:
    """What a reader sees: no tags, no attributes, no head, no language names."""
    main = page[page.index("<main") : page.index("</main>")]
    return re.sub(r"<[^>]+>", " ", main)


# --- the way from nothing to "ready for entrants" ------------------------------------------------


async def test_a_municipal_cooking_contest_takes_at_most_twelve_inputs(
    client: httpx.AsyncClient,
) -> None:
    at = await desk(client)

    await at.follow("/console", "/console/competitions/new")
    competition = await at.sent(
        "/console/competitions/new",
        {"title_zh_hans": "2026年中山市职工技能大赛", "held_from": "2026-06-06", "place": "中山"},
        action="",
    )
    await at.follow(competition, f"{competition}/contests/new")
    await at.follow(f"{competition}/contests/new", f"{competition}/contests/new/cooking")
    address = await at.sent(
        f"{competition}/contests/new/cooking",
        {"title_zh_hans": "中式面点制作"},
        action="/contests/new/cooking",
    )

    unmet = {finding.pointer.split("/")[1] for finding in await readiness(contest_in(address))}
    assert unmet == {"entries", "appointments"}
    assert at.inputs <= 12
    assert at.inputs == 9


async def test_no_screen_speaks_of_technical_things(client: httpx.AsyncClient) -> None:
    at = await desk(client)
    contest = await pastry(at)
    pages = [
        "/console",
        "/console/competitions/new",
        at.at,
        f"{at.at}/settings",
        f"{at.at}/programme",
        f"{at.at}/contests/new",
        *(f"{at.at}/contests/new/{type_}" for type_ in TYPES),
        f"{at.at}/contests/like?source={contest}",
        f"{at.at}/contests/file",
        f"{at.at}/contests/many",
        f"/console/contests/{contest}/settings",
        f"/console/contests/{contest}/settings/scheme",
    ]
    for path in pages:
        for language in LANGUAGES:
            answer = await client.get(path, headers={**ACCEPT, "Accept-Language": language})
            assert answer.status_code == 200, path
            shown = words(answer.text)
            assert not TECHNICAL.search(shown), (path, language, TECHNICAL.search(shown))
            assert "{" not in shown, (path, language)
            assert 'style="' not in answer.text
            assert "<script>" not in answer.text


# --- the list ------------------------------------------------------------------------------------


async def test_the_list_shows_state_next_step_and_progress_and_is_searched(
    client: httpx.AsyncClient,
) -> None:
    at = await desk(client)
    await pastry(at)
    await Competition.update({Competition.held_from: "2019-01-01"}).where(
        Competition.id == at.one.competition
    )

    newest = (await at.get("/console")).text
    found = (await at.get("/console?search=面点")).text
    nothing = (await at.get("/console?search=xyz")).text

    assert 'class="pill state-draft"' in newest
    assert "登记" in newest or "选手" in newest
    assert 'aria-current="true">2019<' in newest
    assert "中式面点" in found
    assert "中式面点" not in words(nothing)


async def test_who_has_one_contest_alone_sees_no_way_into_the_competition(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest(until="draft")
    client.cookies.set("jiangxin", await create_session(small.judges[0].account))

    page = (await client.get("/console", headers=ACCEPT)).text
    answer = await client.get(f"/console/competitions/{small.competition}", headers=ACCEPT)

    assert f"/console/contests/{small.contest}" in page
    assert f"/console/competitions/{small.competition}" not in page
    assert "/console/competitions/new" not in page
    assert answer.status_code == 403


async def test_a_competition_that_is_wrong_comes_back_as_it_was_typed(
    client: httpx.AsyncClient,
) -> None:
    at = await desk(client)

    answer = await at.fill(
        "/console/competitions/new",
        {
            "title_pt": "Concurso",
            "held_from": "2026-06-06",
            "held_to": "2026-06-01",
            "place": "珠海",
        },
    )

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert 'value="Concurso"' in answer.text
    assert 'value="珠海"' in answer.text
    assert 'aria-invalid="true"' in answer.text


# --- one competition -----------------------------------------------------------------------------


async def test_contests_stand_side_by_side_with_their_sheets(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    await small.judge_everything()
    client.cookies.set("jiangxin", await create_session(small.accounts["organiser"]))

    page = (await client.get(f"/console/competitions/{small.competition}", headers=ACCEPT)).text

    assert 'class="pill state-judging"' in page
    assert re.search(r'<td class="number">(\d+) / \1</td>', page)


async def test_a_parallel_edit_of_the_competition_is_shown_and_not_overwritten(
    client: httpx.AsyncClient,
) -> None:
    at = await desk(client)
    mine = await at.form(f"{at.at}/settings")
    await at.sent(f"{at.at}/settings", {"place": "广州"})

    answer = await client.post(
        f"{at.at}/settings", data={**mine.values, "place": "珠海"}, headers=ACCEPT
    )

    assert answer.status_code == 412
    assert "广州" in answer.text
    assert 'value="珠海"' in answer.text
    assert (await competition_row(at.one.competition))["place"] == "广州"


async def test_venues_and_sessions_are_added_and_shown_as_table_and_picture(
    client: httpx.AsyncClient,
) -> None:
    at = await desk(client)
    contest = await pastry(at)
    await at.sent(
        f"{at.at}/programme", {"title_zh_hans": "工会厨房", "city": "中山"}, action="/venues"
    )
    (venue,) = await venues_of(at.one.competition)

    wrong = await at.fill(
        f"{at.at}/programme", {"starts": "12:00", "ends": "09:00"}, action="/sessions"
    )
    await at.sent(
        f"{at.at}/programme",
        {"of": str(contest), "day": "2026-05-02", "starts": "09:00", "ends": "11:30"},
        action="/sessions",
    )
    page = (await at.get(f"{at.at}/programme")).text

    assert wrong.status_code == 422
    assert "场次结束时间" in wrong.text
    assert (venue.city, page.count("<rect")) == ("中山", 1)
    assert "09:00–11:30" in page
    (session,) = await sessions_of(at.one.competition)
    await at.sent(f"{at.at}/programme", {}, action=f"/sessions/{session.id}/remove")
    assert await sessions_of(at.one.competition) == []


# --- a contest from a type -----------------------------------------------------------------------


async def test_wrong_answers_come_back_with_each_finding_at_its_field(
    client: httpx.AsyncClient,
) -> None:
    at = await desk(client)
    path = f"{at.at}/contests/new/cooking"

    answer = await at.fill(
        path,
        {"o.judges": "many", "o.works.0.share": "-1", "title_zh_hans": "", "o.minutes": "９０"},
        action="/contests/new/cooking",
    )

    assert answer.status_code == 422
    for name in ("o.judges", "o.works.0.share", "title_zh_hans"):
        assert f'id="{name}-wrong"' in answer.text, name
    assert 'value="many"' in answer.text
    assert await Contest.count().where(Contest.competition == at.one.competition) == 0


async def test_a_row_is_added_without_losing_what_was_typed(client: httpx.AsyncClient) -> None:
    at = await desk(client)
    path = f"{at.at}/contests/new/cooking"

    answer = await at.fill(
        path,
        {"add": "works", "title_zh_hans": "甲", "o.works.1.title_zh_hans": "乙"},
        action="/contests/new/cooking",
    )

    assert answer.status_code < 300
    assert 'name="o.works.3.title_zh_hans"' in answer.text
    assert 'value="乙"' in answer.text
    assert 'value="甲"' in answer.text


async def test_the_preview_tells_what_the_answers_give_and_what_is_wrong(
    client: httpx.AsyncClient,
) -> None:
    at = await desk(client)
    form = await at.form(f"{at.at}/contests/new/cooking", "/contests/new/cooking")
    path = f"{at.at}/preview/cooking"

    right = await client.post(path, data={**form.values, "o.judges": "7"}, headers=ACCEPT)
    wrong = await client.post(path, data={**form.values, "o.judges": "0"}, headers=ACCEPT)

    assert "7 名裁判员" in right.text
    assert "公示 5 天" in right.text
    assert "需更正" in wrong.text
    assert "<html" not in right.text


@pytest.mark.parametrize("type_", TYPES)
async def test_every_type_s_own_defaults_make_a_contest(
    client: httpx.AsyncClient, type_: str
) -> None:
    at = await desk(client)

    address = await at.sent(
        f"{at.at}/contests/new/{type_}", {"title_en": f"A {type_}"}, action=f"/new/{type_}"
    )

    pointers = {f.pointer.split("/")[1] for f in await readiness(contest_in(address))}
    assert pointers == {"entries", "appointments"}


async def test_a_ready_template_fills_the_answers(client: httpx.AsyncClient) -> None:
    at = await desk(client)
    path = f"{at.at}/contests/new/cooking?template=pastry_2024"

    address = await at.sent(path, {}, action="/contests/new/cooking")

    about = await contest_overview(contest_in(address))
    assert (len(about.options["works"]), about.options["card"]) == (3, "pastry")
    assert about.title["zh-Hant"] == "中式麵點製作（三件嶺南作品）"


# --- other ways ----------------------------------------------------------------------------------


async def test_a_template_is_saved_used_and_deleted(client: httpx.AsyncClient) -> None:
    at = await desk(client)
    contest = await pastry(at, judges=9)
    await at.sent(
        f"/console/contests/{contest}/settings", {"title_zh_hans": "面点模板"}, action="/template"
    )
    (saved,) = await templates_of(at.one.by, at.one.organisation)

    assert "面点模板" in (await at.get(f"{at.at}/contests/new")).text
    address = await at.sent(f"{at.at}/contests/from-template/{saved.id}", {"title_zh_hans": "新"})
    await at.sent(f"{at.at}/contests/new", {}, action=f"{saved.id}/delete")

    assert (await contest_overview(contest_in(address))).options["judges"] == 9
    assert await templates_of(at.one.by, at.one.organisation) == []


async def test_last_year_s_contest_is_taken_over_in_parts(client: httpx.AsyncClient) -> None:
    at = await desk(client)
    contest = await pastry(at, judges=7)
    path = f"{at.at}/contests/like?source={contest}"

    address = await at.sent(path, {"title_zh_hans": "今年"}, action="/contests/like")
    nobody = await client.post(
        f"{at.at}/contests/like",
        data={**(await at.form(path, "/contests/like")).values, "source": "x"},
        headers=ACCEPT,
    )

    assert (await contest_overview(contest_in(address))).options["judges"] == 7
    assert nobody.status_code == 422


async def test_a_workbook_is_shown_before_it_becomes_a_contest(client: httpx.AsyncClient) -> None:
    at = await desk(client)
    path = f"{at.at}/contests/file"

    empty = await at.fill(path, {}, action="/contests/file", files={"file": ("", b"")})
    shown = await at.sent(
        path, {}, action="/contests/file", files={"file": ("CIS.xlsx", CIS.read_bytes())}
    )
    before = await Contest.count().where(Contest.competition == at.one.competition)
    address = await at.sent(shown, {"title_zh_hans": "网站设计"})

    assert empty.status_code == 422
    assert before == 0
    assert "CIS.xlsx" in (await at.get(shown)).text
    assert (await contest_row(contest_in(address)))["type_code"] == "panel"


async def test_a_workbook_with_mistakes_shows_each_cell_and_offers_no_button(
    client: httpx.AsyncClient,
) -> None:
    at = await desk(client)
    book = openpyxl.load_workbook(CIS)
    sheet = book.worksheets[0]
    row = next(r for r in range(1, 200) if sheet.cell(r, 4).value in ("M", "J"))
    sheet.cell(row, 11).value = "viel"
    data = io.BytesIO()
    book.save(data)

    shown = await at.sent(
        f"{at.at}/contests/file",
        {},
        action="/contests/file",
        files={"file": ("CIS.xlsx", data.getvalue())},
    )
    page = (await at.get(shown)).text

    assert f"K{row}" in page
    assert "需更正" in page
    assert 'name="title_zh_hans"' not in page


async def test_a_scheme_is_replaced_after_its_differences_were_seen(
    client: httpx.AsyncClient,
) -> None:
    at = await desk(client)
    contest, other = await pastry(at), await pastry(at, card="pastry")
    _, files = await export_contest(at.one.by, other)
    path = f"/console/contests/{contest}/settings/scheme"

    shown = await at.sent(path, {}, action="/scheme", files={"file": ("p.zip", write_zip(files))})
    page = (await at.get(shown)).text
    mine = await at.form(shown)
    row = await contest_row(contest)
    await save_facts(at.one.by, contest, json.loads(row["facts"]), revision=row["revision"])
    stale = await client.post(shown, data=mine.values, headers=ACCEPT)
    await at.sent(shown, {})

    assert "<del>20</del>" in page
    assert "<ins>10</ins>" in page
    assert stale.status_code == 412
    after, wanted = await contest_overview(contest), await contest_overview(other)
    assert after.scheme == wanted.scheme


# --- many ----------------------------------------------------------------------------------------


async def test_twenty_contests_from_one_workbook_and_back(client: httpx.AsyncClient) -> None:
    at = await desk(client)
    template = await client.get(f"{at.at}/contests/many/template.xlsx")
    shown = await at.sent(
        f"{at.at}/contests/many", {}, action="/many", files={"file": ("赛项.xlsx", twenty())}
    )
    page = (await at.get(shown)).text

    back = await at.sent(shown, {})
    made = await Contest.count().where(Contest.competition == at.one.competition)
    said = (await at.get(back)).text
    undo = re.search(r'action="([^"]+/batches/[^"]+/undo)"', said)
    assert undo is not None
    form = await at.form(back, undo.group(1))
    answer = await client.post(undo.group(1), data=form.values, headers=ACCEPT)

    assert template.content[:2] == b"PK"
    assert "可以创建 20 个赛项" in page
    assert made == 20
    assert answer.status_code == 303
    assert await Contest.count().where(Contest.competition == at.one.competition) == 0


async def test_a_workbook_full_of_mistakes_names_each_cell_and_makes_nothing(
    client: httpx.AsyncClient,
) -> None:
    at = await desk(client)
    content = workbook(
        ["赛项名称", "类型", "日期", "评委人数"],
        ["", "cooking", "", 5],
        ["花艺", "盆景", "明天", 5],
        ["面点", "cooking", "2026-05-01", "很多"],
    )
    shown = await at.sent(
        f"{at.at}/contests/many", {}, action="/many", files={"file": ("x.xlsx", content)}
    )
    page = (await at.get(shown)).text

    refused = await client.post(
        shown,
        data={"csrf_token": _token(page)},
        headers=ACCEPT,
    )

    for cell in ("A2", "B3", "C3", "D4"):
        assert f"<b>{cell}</b>" in page, cell
    assert refused.status_code == 422
    assert await Contest.count().where(Contest.competition == at.one.competition) == 0


# --- settings of a contest -----------------------------------------------------------------------


async def test_settings_are_saved_and_a_parallel_edit_is_shown(client: httpx.AsyncClient) -> None:
    at = await desk(client)
    contest = await pastry(at)
    path = f"/console/contests/{contest}/settings"
    mine = await at.form(path, "/facts")
    answers = await at.form(path, "/options")

    await at.sent(path, {"occupation": "4-03-02-02"}, action="/facts")
    stale = await client.post(
        mine.action, data={**mine.values, "occupation": "4-03-02-01"}, headers=ACCEPT
    )
    also = await client.post(
        answers.action, data={**answers.values, "o.judges": "9"}, headers=ACCEPT
    )
    await at.sent(path, {"o.judges": "7"}, action="/options")
    wrong = await at.fill(path, {"o.judges": "x"}, action="/options")
    await at.sent(path, {"title_en": "Dim sum"}, action="/name")

    about = await contest_overview(contest)
    assert stale.status_code == also.status_code == 412
    assert "4-03-02-02" in stale.text
    assert 'value="4-03-02-01"' in stale.text
    assert 'value="9"' in also.text
    assert wrong.status_code == 422
    assert 'id="o.judges-wrong"' in wrong.text
    assert about.facts["occupation"] == "4-03-02-02"
    assert about.options["judges"] == 7
    assert about.title["en"] == "Dim sum"


async def test_a_small_contest_is_declared_and_its_duties_given_in_two_forms(
    client: httpx.AsyncClient,
) -> None:
    at = await desk(client)
    contest = await pastry(at)
    scope = Scope("organisation", str(at.one.organisation))
    chief = await make_account("chief", (Role.CLERK, scope))
    path = f"/console/contests/{contest}/settings"

    await at.sent(path, {"small": "yes"}, action="/small")
    alone = await at.fill(path, {"chief_account": str(at.one.account)}, action="/duties")
    await at.sent(path, {"chief_account": str(chief)}, action="/duties")
    page = (await at.get(path)).text

    assert await is_small(contest)
    assert alone.status_code == 422
    assert 'id="chief_account-wrong"' in alone.text
    assert {one.account for one in await shared_duties_of(contest)} == {
        str(chief),
        str(at.one.account),
    }
    assert "裁判长" in words(page)


async def test_a_new_account_without_a_role_is_offered_duties_by_an_administrator_alone(
    client: httpx.AsyncClient,
) -> None:
    at = await desk(client)
    path = f"/console/contests/{await pastry(at)}/settings"
    await at.sent(path, {"small": "yes"}, action="/small")
    new = f'<option value="{await make_account("new")}"'

    organiser = (await at.get(path)).text
    client.cookies.set("jiangxin", await create_session(await make_account("a", ADMINISTRATOR)))
    administrator = (await client.get(path, headers=ACCEPT)).text

    assert new not in organiser
    assert new in administrator


async def test_what_is_no_draft_any_more_keeps_its_settings(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    client.cookies.set("jiangxin", await create_session(small.accounts["organiser"]))
    path = f"/console/contests/{small.contest}/settings"

    page = (await client.get(path, headers=ACCEPT)).text
    answer = await client.post(
        f"{path}/facts", data={"csrf_token": _token(page), "revision": "1"}, headers=ACCEPT
    )

    assert 'action="' + path + '/options"' not in page
    assert answer.status_code == 409


async def test_nobody_without_the_role_gets_in(client: httpx.AsyncClient) -> None:
    at = await desk(client)
    contest = await pastry(at)
    venue = await add_venue(at.one.by, at.one.competition, title=text("甲"))
    client.cookies.set("jiangxin", await create_session(await make_account("stranger")))
    token = _token((await client.get("/console", headers=ACCEPT)).text)

    for path in (
        at.at,
        f"{at.at}/settings",
        f"{at.at}/programme",
        f"{at.at}/contests/new",
        f"{at.at}/contests/new/cooking",
        f"{at.at}/contests/like",
        f"{at.at}/contests/many/template.xlsx",
        f"/console/contests/{contest}/settings",
        "/console/competitions/new",
    ):
        assert (await client.get(path, headers=ACCEPT)).status_code == 403, path
    for path in (
        f"{at.at}/settings",
        f"{at.at}/programme/venues/{venue}/remove",
        f"{at.at}/contests/new/cooking",
        f"{at.at}/preview/cooking",
        f"/console/contests/{contest}/settings/cancel",
        f"/console/contests/{contest}/settings/small",
    ):
        answer = await client.post(path, data={"csrf_token": token}, headers=ACCEPT)
        assert answer.status_code == 403, path


def _token(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    return found.group(1)
