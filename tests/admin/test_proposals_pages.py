"""The pages "Partner rules" and "Proposals": what is asked, what is proposed, clause by clause."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from uuid import UUID

import httpx

from contests.partnering import recognition
from contests.schemes.queries import rules_in
from contests.tables import Competition, Contest
from core import outbox
from core.accounts import grant_row
from core.db import transaction
from core.security import SYSTEM, Role, Scope
from core.settings import Settings
from core.tables import Organisation
from credentials.actions import create_issuer
from credentials.records.tables import Proposal
from tests.admin.competition_kit import ACCEPT, Forms
from tests.factories_accounts import log_in_browser
from tests.factories_contests import SmallContest, make_organisation, small_contest
from tests.fixtures.processes import Jiangxin

CUP = {"contest_class": "xiangshan_cup", "held_on": "2023-10-11"}


async def recognised(facts: dict[str, Any], *, until: str = "judging") -> SmallContest:
    small = await small_contest(facts=facts, until=until)
    await Competition.update({Competition.authorities: '["guangdong"]'}).where(
        Competition.id == small.competition
    )
    return small


async def finished() -> SmallContest:
    await make_organisation("federation")
    await create_issuer(SYSTEM, "federation")
    small = await recognised(CUP)
    await small.judge_everything()
    await small.close()
    await small.finish()
    await outbox.drain()
    return small


async def page(client: httpx.AsyncClient, path: str) -> str:
    answer = await client.get(path, headers=ACCEPT)
    assert answer.status_code == 200, answer.text[:400]
    return answer.text


async def send(
    client: httpx.AsyncClient, path: str, action: str, typed: dict[str, str]
) -> httpx.Response:
    (form,) = [f for f in Forms(await page(client, path)).found if f.action.endswith(action)]
    return await client.post(form.action, data={**form.values, **typed}, headers=ACCEPT)


async def stated(contest: UUID) -> dict[str, Any]:
    return dict((await recognition(contest)).facts)


async def test_an_organiser_chooses_the_class_answers_and_takes_the_authoritys_prizes(
    database: Settings, client: httpx.AsyncClient
) -> None:
    small = await recognised({"held_on": "2024-10-11"}, until="draft")
    await log_in_browser(client, small.accounts["organiser"])
    at = f"/console/contests/{small.contest}/partner-rules"

    chosen = await send(
        client, at, "/class", {"contest_class": "shenzhen_city", "standard_level": "3"}
    )
    answered = await send(
        client, at, "/answers", {"o.level_3_prizes": "third", "o.shenzhen_places": "２"}
    )

    assert (chosen.status_code, answered.status_code) == (303, 303)
    facts = await stated(small.contest)
    assert (facts["contest_class"], facts["standard_level"]) == ("shenzhen_city", "3")
    assert facts["asked"] == {
        "level_2_prizes": "unsaid",
        "level_3_prizes": "third",
        "shenzhen_places": 2,
    }
    await send(client, at, "/class", {"contest_class": "provincial_2"})
    assert "shenzhen_places" not in (await stated(small.contest)).get("asked", {})
    taken = await send(client, at, "/prizes", {})
    assert taken.status_code == 303
    row = await Contest.select().where(Contest.id == small.contest).first()
    assert row is not None
    (award,) = [one for one in rules_in(row).awards if one.code == "prizes"]
    assert (award.method, float(award.cap or 0), float(award.merit or 0)) == ("ratio", 0.2, 0.5)


async def test_what_is_wrong_stands_at_its_field_and_everything_typed_stays(
    database: Settings, client: httpx.AsyncClient
) -> None:
    small = await recognised({"contest_class": "shenzhen_city"}, until="draft")
    await log_in_browser(client, small.accounts["organiser"])
    at = f"/console/contests/{small.contest}/partner-rules"

    wrong = await send(client, at, "/answers", {"o.level_3_prizes": "third", "o.shenzhen_places": "many"})  # fmt: skip

    assert wrong.status_code == 422
    assert 'value="many"' in wrong.text
    assert "asked" not in await stated(small.contest)


async def test_a_competition_that_nobody_recognises_says_where_to_choose(
    database: Settings, client: httpx.AsyncClient
) -> None:
    small = await small_contest(until="draft")
    await log_in_browser(client, small.accounts["organiser"])

    text = await page(client, f"/console/contests/{small.contest}/partner-rules")

    assert f"/console/competitions/{small.competition}/settings" in text


async def test_every_proposal_is_explained_and_whoever_got_none_is_told_which_clause(
    database: Settings, client: httpx.AsyncClient, jiangxin: Jiangxin
) -> None:
    small = await finished()
    await log_in_browser(client, small.accounts["organiser"])
    client.cookies.set("language", "en")
    at = f"/console/contests/{small.contest}/proposals"

    shown = await page(client, f"{at}?lang=en")
    others = await page(client, f"{at}/others?lang=en")

    rows = await Proposal.select().order_by(Proposal.code)
    codes = sorted(row["code"] for row in rows)
    assert "zhongshan_technical_expert" in codes
    assert shown.count('<section class="card"') == len(codes)
    assert "zhongshan 2023-1" in shown
    assert 'class="pill bad"' in others
    title = next(row for row in rows if row["kind"] == "title")
    told = await asyncio.to_thread(jiangxin, "explain", str(title["id"]))
    unknown = await asyncio.to_thread(jiangxin, "explain", str(UUID(int=7)))

    assert (told.returncode, unknown.returncode) == (0, 2)
    assert "  met      first prize: first prize" in told.stdout


async def test_the_body_that_a_rule_names_grants_what_was_proposed_to_it(
    database: Settings, client: httpx.AsyncClient
) -> None:
    small = await finished()
    await make_organisation("zhongshan-hr")
    await create_issuer(SYSTEM, "zhongshan-hr")
    at = f"/console/contests/{small.contest}/proposals"
    async with transaction():
        await grant_row(
            small.accounts["organiser"], Role.ORGANISER, Scope("issuer", "zhongshan-hr")
        )
    await log_in_browser(client, small.accounts["organiser"])
    row = await Proposal.select().where(Proposal.kind == "title").first()
    assert row is not None

    sent = await send(client, at, f"{row['id']}/grant", {"granted_on": "2023-11-01"})
    await outbox.drain()

    assert sent.status_code == 303
    row = await Proposal.select().where(Proposal.id == row["id"]).first()
    assert row is not None
    assert (row["state"], row["granted_on"]) == ("granted", "2023-11-01")


async def test_an_authority_that_is_an_organisation_here_goes_by_its_name(
    database: Settings, client: httpx.AsyncClient
) -> None:
    small = await finished()
    await make_organisation("model-committee")
    await Proposal.update({Proposal.issuer: "model-committee"}).where(Proposal.kind == "title")
    row = await Organisation.select().where(Organisation.code == "model-committee").first()
    assert row is not None
    await log_in_browser(client, small.accounts["organiser"])

    shown = await page(client, f"/console/contests/{small.contest}/proposals?lang=en")

    assert f"decided by {json.loads(row['title'])['en']}" in shown
    assert "decided by Human Resources" not in shown


async def test_only_the_bodys_own_people_decide_and_a_refusal_needs_its_reason(
    database: Settings, client: httpx.AsyncClient
) -> None:
    small = await finished()
    await log_in_browser(client, small.accounts["organiser"])
    at = f"/console/contests/{small.contest}/proposals"
    row = await Proposal.select().where(Proposal.kind == "title").first()
    assert row is not None

    text = await page(client, at)
    tried = await client.post(
        f"{at}/{row['id']}/grant", data={"granted_on": "2023-11-01"}, headers=ACCEPT
    )

    assert f"{row['id']}/grant" not in text  # zhongshan_hr is another's
    assert tried.status_code in (403, 404)
    row = await Proposal.select().where(Proposal.id == row["id"]).first()
    assert row is not None
    assert row["state"] == "proposed"
