"""The room of the season: figures, Excel, pictures and slides of what the reader may see, and of nothing else."""

from __future__ import annotations

import io
import json
import re
from uuid import uuid4
from xml.etree import ElementTree

import httpx
from openpyxl import load_workbook
from PIL import Image

from admin.console.season.figures import MOST, figures_of
from admin.console.season.gathering import Season
from contests.season.model import ContestSeason, PrizeCount, tally
from contests.tables import Competition, Contest
from core.security import INSTALLATION, Role, Scope
from credentials.records.tables import Proposal
from tests.contests.test_season import contest as season_contest
from tests.contests.test_season import finished
from tests.factories_accounts import log_in_browser, make_account
from tests.factories_contests import START, SmallContest, small_contest

HTML = {"Accept": "text/html", "Accept-Language": "en"}
HOUSE = "/console/season"
_KEY = re.compile(r"<dt>([^<]+)</dt><dd>([^<]+)</dd>")


def key_figures(page: httpx.Response) -> dict[str, str]:
    return dict(_KEY.findall(page.text))


async def over() -> SmallContest:
    """A final contest, with a title proposed to one authority and granted by it."""
    small = await finished()
    await small.finish()
    for state in ("proposed", "granted"):
        await Proposal.insert(
            Proposal(
                id=uuid4(),
                contest=str(small.contest),
                entry=str(uuid4()),
                person=uuid4(),
                kind="title",
                code="expert",
                grade="",
                title='{"zh-Hans":"技术能手","en":"Technical expert"}',
                authority="guangdong_ftu",
                issuer="city",
                facts="{}",
                state=state,
                created_at=START,
            )
        )
    return small


async def test_a_season_is_shown_and_taken_along_as_excel_pictures_and_slides(
    client: httpx.AsyncClient,
) -> None:
    small = await over()
    await log_in_browser(client, small.accounts["organiser"])

    page = await client.get(HOUSE, headers=HTML)
    book = await client.get(f"{HOUSE}/files/season.xlsx?year=2024", headers=HTML)
    svg = await client.get(f"{HOUSE}/files/prizes.svg?year=2024", headers=HTML)
    png = await client.get(f"{HOUSE}/files/trades.png?year=2024", headers=HTML)
    own = await client.get(f"{HOUSE}/{small.organisation}?year=2024", headers=HTML)

    shown = key_figures(page)
    assert shown == key_figures(own)
    assert (shown["Contests"], shown["Finalists"], shown["Marks given"]) == ("1", "4", "40")
    assert (shown["Prizes won"], shown["People who judged"]) == ("2", "5")
    assert shown["Titles and honours proposed"] == "2"
    assert shown["Titles and honours granted"] == "1"
    assert "Federation" in own.text
    assert "选手" not in page.text
    sheets = load_workbook(io.BytesIO(book.content))
    assert sheets.sheetnames == [
        "Key figures",
        "By city and trade",
        "Contests of the year",
        "Prizes",
        "Levels, titles and medals",
    ]
    assert [row[3] for row in sheets["Prizes"].iter_rows(min_row=2, values_only=True)] == [1, 1]
    (conferred,) = sheets["Levels, titles and medals"].iter_rows(min_row=2, values_only=True)
    assert conferred[3:] == ("Technical expert", "Guangdong Federation of Trade Unions", 2, 1)
    assert svg.headers["content-type"].startswith("image/svg+xml")
    assert "一等奖: 1" in svg.text
    assert ElementTree.fromstring(svg.text).attrib["viewBox"] == "0 0 360 156"
    assert Image.open(io.BytesIO(png.content)).size == (1920, 1080)


async def test_a_judge_sees_no_proposals_a_stranger_nothing_and_an_empty_year_says_why(
    client: httpx.AsyncClient,
) -> None:
    small = await over()
    await log_in_browser(client, small.judges[0].account)
    judge = await client.get(HOUSE, headers=HTML)
    empty = await client.get(f"{HOUSE}?year=2019", headers=HTML)
    nothing = await client.get(f"{HOUSE}/files/season.xlsx?year=2019", headers=HTML)
    unknown = await client.get(f"{HOUSE}/files/salaries.png?year=2024", headers=HTML)
    other = await small_contest(entrants=1, until="draft")
    elsewhere = await client.get(f"{HOUSE}/{other.organisation}", headers=HTML)
    await log_in_browser(client, await make_account((Role.EMPLOYER, INSTALLATION)))
    employer = await client.get(HOUSE, headers=HTML)

    assert key_figures(judge)["Prizes won"] == "2"
    assert not {"Certificates issued", "Titles and honours proposed"} & set(key_figures(judge))
    assert "Technical expert" not in judge.text
    assert "You see no contest in 2019." in empty.text
    assert (nothing.status_code, unknown.status_code, elsewhere.status_code) == (404, 404, 404)
    assert employer.status_code == 403


async def test_an_organiser_without_a_contest_reads_why_the_room_is_empty(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest(entrants=1, until="draft")
    await Contest.update({Contest.state: "cancelled"}).where(Contest.id == small.contest)
    scope = Scope("organisation", str(small.organisation))
    await log_in_browser(client, await make_account((Role.ORGANISER, scope)))

    for address in (HOUSE, f"{HOUSE}/{small.organisation}", f"{HOUSE}?year=20x4"):
        page = await client.get(address, headers=HTML)
        assert "You see no contest in" in page.text


async def test_what_is_invented_says_so_on_the_page_and_in_the_file(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest(entrants=2, until="draft")
    await Competition.update({Competition.demonstration: True}, force=True)
    await log_in_browser(client, small.accounts["organiser"])

    page = await client.get(HOUSE, headers=HTML)
    book = await client.get(f"{HOUSE}/files/season.xlsx", headers=HTML)

    assert "These contests are invented" in page.text
    svg = await client.get(f"{HOUSE}/files/cities.svg", headers=HTML)
    words = [one.text for one in ElementTree.fromstring(svg.text).iter() if one.text]
    assert words[:2] == ["Contests by city", "2024 · demonstration"]
    names = load_workbook(io.BytesIO(book.content)).sheetnames
    assert names[0] == "Key figures (demonstration)"
    assert max(map(len, names)) <= 31


async def test_each_language_has_its_page(client: httpx.AsyncClient) -> None:
    small = await small_contest(entrants=1, until="draft")
    title = {"zh-Hans": "赛", "zh-Hant": "賽", "en": "Contest X", "pt": "Prova X"}
    await Contest.update({Contest.title: json.dumps(title)}, force=True)
    await log_in_browser(client, small.accounts["organiser"])

    names = {"zh-Hans": "赛季", "zh-Hant": "賽季", "en": "Season", "pt": "Época"}
    for language, name in names.items():
        page = await client.get(HOUSE, headers={**HTML, "Accept-Language": language})
        assert f"<h1>{name} 2024</h1>" in page.text
        assert f"{title[language]} (4-03-02-02)" in page.text


def test_what_a_picture_has_no_room_for_is_added_up() -> None:

    prizes = tuple(PrizeCount(f"p{n}", {"en": f"Prize {n:02}"}, n) for n in range(1, 15))
    contests = [season_contest(prizes=prizes)]
    trades = {"4-03-02-02": {"en": "Pastry"}}
    whole = ContestSeason(2024, [2024], contests)
    season = Season(whole, tally(contests), None, None, trades, {}, {}, {})

    bars = {one.code: one.bars for one in figures_of(season, "en")}

    assert "conferred" not in bars
    assert len(bars["prizes"]) == MOST
    assert bars["prizes"][0] == ("Prize 14", 14, "14")
    assert bars["prizes"][-1] == ("all others", 15, "15")
