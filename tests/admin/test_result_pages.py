"""The room "Results": standings by group, each total explained down to a mark, for those who may know."""

from __future__ import annotations

import re
from collections.abc import Mapping
from uuid import UUID

import httpx
import pytest

from admin.console.rooms import ROOMS
from contests.actions.closing import correct_mark
from contests.actions.competition import save_team_rule
from contests.actions.late import record_absence
from contests.awarding_messages import WHY
from contests.exports.taking import FORMATS
from contests.exports.words import OUTCOMES
from contests.papers.words import STEPS, TITLES
from core.accounts import create_session, grant_row
from core.db import transaction
from core.scoring.model import Rules, TeamFormula, TeamRule
from core.security import Role, Scope
from core.web.i18n import LANGUAGES, SOURCE, catalogue
from tests.factories_contests import SmallContest, as_mark, dish_rules, everybody, small_contest

HTML = {"Accept": "text/html"}


async def log_in(client: httpx.AsyncClient, small: SmallContest, name: str) -> None:
    account = small.accounts.get(name) or small.judges[0].account
    client.cookies.set("jiangxin", await create_session(account))


async def page(client: httpx.AsyncClient, small: SmallContest, path: str) -> httpx.Response:
    return await client.get(f"/console/contests/{small.contest}{path}", headers=HTML)


async def post(
    client: httpx.AsyncClient,
    small: SmallContest,
    path: str,
    fields: Mapping[str, str] | None = None,
    *,
    form_on: str = "/results",
) -> httpx.Response:
    """As a browser does: with the token of a page."""
    shown = await page(client, small, form_on)
    token = re.search(r'x-csrf-token": "(\w+)"', shown.text)
    assert token is not None
    return await client.post(
        f"/console/contests/{small.contest}{path}",
        data={"csrf_token": token.group(1), **(fields or {})},
        headers=HTML,
    )


async def closed_contest(**more: object) -> SmallContest:
    small = await small_contest(**more)  # type: ignore[arg-type]
    await small.judge_everything()
    await small.close()
    return small


async def test_before_the_first_closing_the_page_says_that_there_are_no_results(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest()
    await log_in(client, small, "organiser")

    shown = await page(client, small, "/results")

    assert shown.status_code == 200
    assert "There are no results yet" in shown.text or "还没有成绩" in shown.text
    assert 'class="place"' not in shown.text


async def test_standings_stand_in_their_order_with_names_for_the_organiser(
    client: httpx.AsyncClient,
) -> None:
    small = await closed_contest()
    await log_in(client, small, "organiser")

    shown = await page(client, small, "/results")

    assert [shown.text.index(f"选手{n}-0") for n in range(4)] == sorted(
        shown.text.index(f"选手{n}-0") for n in range(4)
    )
    assert shown.text.count('class="place"') == 4
    assert "一等奖" in shown.text


async def test_a_chief_referee_sees_codes_and_no_name(client: httpx.AsyncClient) -> None:
    small = await closed_contest()
    await log_in(client, small, "chief")

    shown = await page(client, small, "/results")

    assert shown.status_code == 200
    assert "选手" not in re.sub(r"<title>.*?</title>", "", shown.text)
    assert await small.code_of(small.entries[0]) in shown.text


@pytest.mark.parametrize("path", ["/results", "/results/entries/{entry}", "/results/figures"])
async def test_a_judge_may_not_enter(client: httpx.AsyncClient, path: str) -> None:
    small = await closed_contest()
    await log_in(client, small, "judge")

    shown = await page(client, small, path.format(entry=small.entries[0]))

    assert shown.status_code == 403


async def test_a_total_opens_down_to_each_judges_mark(client: httpx.AsyncClient) -> None:
    small = await closed_contest()
    await log_in(client, small, "organiser")
    address = f"/results/entries/{small.entries[1]}"

    listed = await page(client, small, "/results")
    piece = await client.get(
        f"/console/contests/{small.contest}{address}", headers={**HTML, "HX-Request": "true"}
    )
    whole = await page(client, small, address)

    assert f"/console/contests/{small.contest}{address}" in listed.text
    assert "<html" not in piece.text
    for seat in ("J1", "J2", "J3"):
        assert f"<small>{seat}</small> 38.5" in piece.text
        assert f"<small>{seat}</small> 38.5" in whole.text
    assert 'class="level-2"' in whole.text


async def test_an_entry_of_another_contest_is_not_found(client: httpx.AsyncClient) -> None:
    small, other = await closed_contest(), await closed_contest()
    await log_in(client, small, "organiser")

    assert (await page(client, small, f"/results/entries/{other.entries[0]}")).status_code == 404
    assert (await page(client, small, f"/results/entries/{UUID(int=7)}")).status_code == 404


async def test_long_standings_come_in_pages_and_small(client: httpx.AsyncClient) -> None:
    small = await closed_contest(entrants=60, judges=3)
    await log_in(client, small, "organiser")

    first = await page(client, small, "/results")
    second = await page(client, small, "/results?page=2")
    beyond = await page(client, small, "/results?page=99")

    assert (first.text.count('class="place"'), second.text.count('class="place"')) == (50, 10)
    assert "选手59-0" in second.text
    assert "选手59-0" in beyond.text
    assert "选手59-0" not in first.text


# --- figures ------------------------------------------------------------------------------------


async def test_each_figure_is_a_picture_with_words_and_a_table(client: httpx.AsyncClient) -> None:
    small = await closed_contest()
    await log_in(client, small, "organiser")

    shown = await page(client, small, "/results/figures?lang=en")

    assert shown.text.count("<svg") == 4  # progress, two criteria, judges
    assert shown.text.count('role="img"') == shown.text.count("<desc>") == 4
    assert shown.text.count("As a table") == 4
    assert "style=" not in shown.text
    assert "A statistic, not a judgement on anybody" in shown.text


async def test_a_picture_is_a_file_of_its_own(client: httpx.AsyncClient) -> None:
    small = await closed_contest()
    await log_in(client, small, "organiser")

    made = await page(client, small, "/results/figures/judges")
    none = await page(client, small, "/results/figures/nobody")

    assert made.headers["content-type"].startswith("image/svg+xml")
    assert made.text.startswith("<svg xmlns=")
    assert none.status_code == 404


async def test_who_marks_sees_no_comparison_of_judges_before_the_results_are_public(
    client: httpx.AsyncClient,
) -> None:
    small = await closed_contest()
    account = small.accounts["chief"]
    async with transaction():
        await grant_row(account, Role.JUDGE, Scope("contest", str(small.contest)))
    await log_in(client, small, "chief")

    before = await page(client, small, "/results/figures")
    file = await page(client, small, "/results/figures/judges")
    await small.sign()
    await small.publish()
    after = await page(client, small, "/results/figures")

    assert 'id="judges"' not in before.text
    assert file.status_code == 404
    assert 'id="judges"' in after.text


# --- prizes -------------------------------------------------------------------------------------


def tied_rules() -> Rules:
    """Two equal entries for one prize: a person has to look."""
    return dish_rules(tie_breaks=())


async def tied_contest() -> SmallContest:
    small = await small_contest(rules=tied_rules())
    await small.judge_everything(lambda entry, seat: everybody(["18", "30", "2"]))
    await small.close()
    return small


async def test_prizes_that_need_a_person_ask_for_a_tick_each(client: httpx.AsyncClient) -> None:
    small = await tied_contest()
    await log_in(client, small, "chief")
    shown = await page(client, small, "/results/prizes?lang=en")
    flagged = re.findall(r'name="(decided-\d+)"', shown.text)

    refused = await post(client, small, "/results/prizes", {"reason": "kept as typed"})
    answer = await post(client, small, "/results/prizes", dict.fromkeys(flagged, "yes"))
    done = await page(client, small, "/results/prizes?lang=en")

    assert len(flagged) == 4
    assert "Equal places at the limit of the prize" in shown.text
    assert refused.status_code == 422
    assert "kept as typed" in refused.text
    assert refused.text.count("look at this proposal") == 4
    assert answer.status_code == 303
    assert "Prizes confirmed" in done.text
    assert 'name="decided-0"' not in done.text


async def test_a_prize_that_differs_from_the_proposal_needs_a_reason(
    client: httpx.AsyncClient,
) -> None:
    small = await closed_contest()
    await log_in(client, small, "organiser")
    await page(client, small, "/results/prizes?lang=en")
    third = {"entry-0": str(small.entries[2]), "added-0": "prizes|second", "prize-0": "first"}

    refused = await post(client, small, "/results/prizes", {**third, "prize-1": ""})
    answer = await post(
        client, small, "/results/prizes", {**third, "prize-1": "", "reason": "裁判长裁定"}
    )
    known = await small.replayed()

    assert refused.status_code == 422
    assert 'aria-invalid="true"' in refused.text
    assert answer.status_code == 303
    assert [(a["prize"], a["entry"]) for a in known.awards[1]] == [
        ("first", str(small.entries[0])),
        ("second", str(small.entries[2])),
    ]


async def test_a_supervisor_sees_prizes_and_confirms_none(client: httpx.AsyncClient) -> None:
    small = await closed_contest()
    await log_in(client, small, "supervisor")

    shown = await page(client, small, "/results/prizes")
    answer = await post(client, small, "/results/prizes")

    assert shown.status_code == 200
    assert 'name="reason"' not in shown.text
    assert answer.status_code == 403


# --- delegations and files -----------------------------------------------------------------------


async def test_delegations_are_ranked_once_a_rule_says_how(client: httpx.AsyncClient) -> None:
    small = await closed_contest()
    await log_in(client, small, "organiser")

    refused = await post(client, small, "/results/teams")
    rule = TeamRule("teams", {"en": "Teams"}, TeamFormula.SUM, best=2)
    await save_team_rule(await small.actor("organiser"), small.competition, rule)
    answer = await post(client, small, "/results/teams")
    shown = await page(client, small, "/results/teams")

    assert refused.status_code == 409
    assert answer.status_code == 303
    assert shown.text.index("dongguan") < shown.text.index("zhongshan")


async def test_a_file_is_taken_by_a_button(client: httpx.AsyncClient) -> None:
    small = await closed_contest()
    await log_in(client, small, "organiser")
    listed = await page(client, small, "/results/files")

    made = await post(client, small, "/results/files/excel")
    unknown = await post(client, small, "/results/files/docx")

    assert listed.text.count("/results/files/") >= 5
    assert made.status_code == 200
    assert made.content.startswith(b"PK")
    assert "filename*=UTF-8''" in made.headers["content-disposition"]
    assert unknown.status_code == 404


async def test_a_large_file_leads_to_the_page_of_its_job(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = await closed_contest()
    await log_in(client, small, "organiser")
    monkeypatch.setattr("contests.exports.taking.MOST_AT_ONCE", 1)

    answer = await post(client, small, "/results/files/marks")

    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/console/jobs/")


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != SOURCE])
def test_words_that_code_passes_on_are_translated(language: str) -> None:
    wanted = {*WHY.values(), *OUTCOMES.values(), *TITLES.values(), *STEPS.values()}
    wanted |= {words for one in FORMATS.values() for words in (one.title, one.help)}
    wanted |= {room.title for room in ROOMS if room.code in {"results", "papers"}}
    wanted |= {
        "Results as a file",
        "The prizes are confirmed.",
        "The delegations' standings are computed.",
        "The signed paper is kept: {title}.",
    }

    assert wanted - set(catalogue(language)) == set()


async def test_no_page_says_the_letters_of_an_outcome(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    await record_absence(
        await small.actor("chief"),
        await small.actor("organiser"),
        small.contest,
        entry=small.entries[3],
        reason="没有到场",
        now=small.at,
    )
    await small.judge_everything()
    await small.close()
    await log_in(client, small, "organiser")

    shown = await page(client, small, "/results?lang=en")
    explained = await page(client, small, f"/results/entries/{small.entries[3]}")

    assert "Absent" in shown.text
    assert not re.search(r"\bDNS\b", shown.text + explained.text)


async def test_a_correction_makes_a_version_and_the_earlier_one_stays_to_be_seen(
    client: httpx.AsyncClient,
) -> None:
    small = await closed_contest()
    await log_in(client, small, "organiser")
    first = await page(client, small, "/results?lang=en")
    await correct_mark(
        await small.actor("chief"),
        await small.actor("supervisor"),
        small.contest,
        module="dish",
        code=await small.code_of(small.entries[0]),
        judge=UUID(small.judges[0].appointment),
        aspect="taste",
        mark=as_mark("30"),
        reason="录入时看错一行",
        now=small.at,
    )

    newest = await page(client, small, "/results")
    older = await page(client, small, "/results?version=1")
    entry = await page(client, small, f"/results/entries/{small.entries[0]}?version=1")

    assert "Version 1 of the results" in first.text
    assert "A mark was corrected after closing" in newest.text
    assert newest.text.index("选手1-0") < newest.text.index("选手0-0")
    assert older.text.index("选手0-0") < older.text.index("选手1-0")
    assert "Show the newest version" in older.text
    assert "<small>J1</small> 39" in entry.text
