"""The console's buttons over plain HTTP: what stands in the way is said, on the same page."""

from __future__ import annotations

import re

import httpx
import pytest

from admin.console.history import SENTENCES
from admin.console.steps import APPROVALS, STEPS
from contests.next_step import _BY_STATE, _DRAFT_STEPS  # the verbs that it may name
from core.accounts import create_session
from core.web.i18n import LANGUAGES, SOURCE, catalogue
from tests.factories_contests import SmallContest, small_contest


async def log_in(client: httpx.AsyncClient, small: SmallContest, name: str) -> None:
    account = small.accounts.get(name) or small.judges[0].account
    client.cookies.set("jiangxin", await create_session(account))


async def press(
    client: httpx.AsyncClient, small: SmallContest, verb: str, **fields: str
) -> httpx.Response:
    """As a browser does: with the token of the page."""
    path = f"/console/contests/{small.contest}"
    page = await client.get(path, headers={"Accept": "text/html"})
    found = re.search(r'name="csrf_token" value="(\w+)"', page.text)
    assert found is not None
    data = {"csrf_token": found.group(1), **fields}
    return await client.post(f"{path}/steps/{verb}", data=data, headers={"Accept": "text/html"})


async def test_closing_too_early_lists_everything_that_is_missing_and_changes_nothing(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest()
    await log_in(client, small, "chief")

    answer = await press(client, small, "close_contest")

    assert answer.status_code == 409
    assert answer.text.count("<li>") >= 8
    assert 'role="alert"' in answer.text
    assert await small.state() == "judging"


async def test_more_prizes_than_entrants_are_said_with_the_way_to_the_rules_and_stop_nothing(
    client: httpx.AsyncClient,
) -> None:
    few, enough = await small_contest(entrants=1, until="draft"), await small_contest(until="draft")
    await log_in(client, few, "organiser")
    seen = (await client.get(f"/console/contests/{few.contest}")).text
    await press(client, few, "make_ready")
    await log_in(client, enough, "organiser")
    other = (await client.get(f"/console/contests/{enough.contest}")).text

    assert "设了 2 个奖项名额，而参赛者只有 1 个" in seen
    assert f'href="/console/contests/{few.contest}/rules">修改奖项' in seen
    assert "奖项名额" not in other
    assert await few.state() == "ready"


async def test_a_button_that_an_account_may_not_press_is_not_shown_and_refused(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest(until="drawn")
    await log_in(client, small, "judge")
    page = await client.get(f"/console/contests/{small.contest}", headers={"Accept": "text/html"})

    answer = await press(client, small, "start_judging")

    assert "steps/start_judging" not in page.text
    assert answer.status_code == 403
    assert await small.state() == "ready"


async def test_a_step_leads_back_to_the_page(client: httpx.AsyncClient) -> None:
    small = await small_contest(until="drawn")
    await log_in(client, small, "chief")

    answer = await press(client, small, "start_judging")

    assert (answer.status_code, await small.state()) == (303, "judging")
    assert answer.headers["location"] == f"/console/contests/{small.contest}"


@pytest.mark.parametrize("verb", ["collect_sheets", "drop_tables"])
async def test_what_is_no_button_is_not_found(client: httpx.AsyncClient, verb: str) -> None:
    small = await small_contest()
    await log_in(client, small, "chief")

    assert (await press(client, small, verb)).status_code == 404


async def test_a_judge_sees_no_standings_before_they_are_public(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    await small.judge_everything()
    await small.close()
    await log_in(client, small, "judge")

    page = await client.get(f"/console/contests/{small.contest}", headers={"Accept": "text/html"})

    assert page.status_code == 200
    assert 'class="places"' not in page.text


async def test_a_stranger_is_asked_to_log_in(client: httpx.AsyncClient) -> None:
    for path in ("/console", "/judging/control"):
        page = await client.get(path, headers={"Accept": "text/html"})
        assert page.status_code == 303
        assert page.headers["location"].startswith("/login?")


def test_every_next_step_has_words() -> None:
    named = {*_DRAFT_STEPS.values(), "make_ready", "draw_codes", "start_judging"}
    named |= {"collect_sheets", "open_codes", "rule_places", "close_contest", "confirm_awards"}
    named |= {"sign_contest", "publish_contest", "rule_appeal", "finalise_contest"}

    assert named <= set(STEPS)
    assert set(_BY_STATE) <= {"draft", "ready", "judging", "closed", "signed", "published"}


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != SOURCE])
def test_every_sentence_of_the_console_is_translated(language: str) -> None:
    wanted = {*SENTENCES.values(), *APPROVALS.values()}
    wanted |= {words for s in STEPS.values() for words in (s.title, s.help, s.button) if words}

    assert wanted - set(catalogue(language)) == set()
