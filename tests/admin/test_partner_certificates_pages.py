"""The pages about partners' certificates: what a test is recognised for, and whom each waits for."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import httpx

from contests.declared import RECOGNISED
from contests.identity.sealing import persons_of
from contests.partnering import recognition
from contests.tables import Competition
from core import audit, outbox
from core.accounts import grant_row
from core.db import transaction
from core.privacy import change_person
from core.security import SYSTEM, Role, Scope
from core.settings import Settings
from core.tables import Organisation
from credentials.actions import create_issuer
from credentials.keys import new_private_key
from credentials.partners.actions import enrol_partner
from credentials.partners.batch import enrolment
from credentials.partners.tables import PartnerConsent
from credentials.records.actions import grant_proposal
from credentials.records.tables import Proposal
from tests.admin.competition_kit import ACCEPT, Forms
from tests.factories_accounts import log_in_browser
from tests.factories_contests import SmallContest, make_organisation, small_contest

MACAO, AGENCY = "dsal_skill_proof", "hkqf_rpl"
CHOICE = {
    f"take.{MACAO}": "yes",
    f"level.{MACAO}": "intermediate",
    f"minimum.{MACAO}": "６０,5",
    f"take.{AGENCY}": "yes",
}


async def recognised(*, until: str = "draft", **facts: Any) -> SmallContest:
    small = await small_contest(facts={"held_on": "2024-10-11", **facts}, until=until)
    await Competition.update({Competition.authorities: '["hong_kong","macao"]'}).where(
        Competition.id == small.competition
    )
    return small


async def shown(client: httpx.AsyncClient, small: SmallContest, room: str) -> str:
    answer = await client.get(f"/console/contests/{small.contest}/{room}?lang=en", headers=ACCEPT)
    assert answer.status_code == 200, answer.text[:400]
    return answer.text


async def send_level(
    client: httpx.AsyncClient, small: SmallContest, typed: dict[str, str]
) -> httpx.Response:
    return await send(client, small, typed, action="/level")


async def send(
    client: httpx.AsyncClient,
    small: SmallContest,
    typed: dict[str, str],
    *,
    action: str = "/outputs",
) -> httpx.Response:
    text = await shown(client, small, "partner-rules")
    (form,) = [f for f in Forms(text).found if f.action.endswith(action)]
    values = {name: value for name, value in form.values.items() if not name.startswith("take.")}
    return await client.post(f"{form.action}?lang=en", data={**values, **typed}, headers=ACCEPT)


async def chosen(small: SmallContest) -> list[dict[str, str]]:
    return list((await recognition(small.contest)).facts.get(RECOGNISED, []))


async def test_an_organiser_chooses_among_what_fits_and_sees_what_is_missing(
    database: Settings, client: httpx.AsyncClient
) -> None:
    small = await recognised()
    await log_in_browser(client, small.accounts["organiser"])

    before = await shown(client, small, "partner-rules")
    saved = await send(client, small, CHOICE)

    assert all(f'name="take.{code}"' in before for code in (MACAO, "mors", AGENCY))
    assert all(f'name="take.{c}"' not in before for c in ("vtc_competency", "electrician_recognition"))  # fmt: skip
    assert "What does not fit this contest (3)" in before
    assert saved.status_code == 303
    assert await chosen(small) == [
        {"code": AGENCY, "level": "", "minimum": ""},
        {"code": MACAO, "level": "intermediate", "minimum": "60.5"},
    ]
    (entry,) = [
        one
        for one in await audit.entries(Scope("contest", str(small.contest)))
        if one["action"] == "choose_outputs"
    ]
    assert json.loads(entry["before"]) == {"certificates": ""}
    assert json.loads(entry["after"]) == {"certificates": f"{AGENCY}, {MACAO} intermediate 60.5"}
    after = await shown(client, small, "partner-rules")
    for said in (
        "Labour Affairs Bureau (DSAL) is no organisation here yet",
        "4 of 4 entrants have no such document on record: Macao resident identity card (BIR)",
        "You propose no level: Hong Kong RPL assessment agency states one",
        "junior · intermediate · senior · technician",
        "繁體中文 · Português",
    ):
        assert said in after

    none = await send(client, small, {})
    assert (none.status_code, await chosen(small)) == (303, [])
    assert RECOGNISED not in (await recognition(small.contest)).facts


async def test_everything_wrong_stands_at_its_field_and_what_was_typed_stays(
    database: Settings, client: httpx.AsyncClient
) -> None:
    small = await recognised()
    await log_in_browser(client, small.accounts["organiser"])
    typed = {**CHOICE, f"level.{MACAO}": "9", f"minimum.{MACAO}": "many"}

    wrong = await send(client, small, typed)
    unknown = await send(client, small, {"take.vtc_competency": "yes", "take.nobody": "yes"})

    assert (wrong.status_code, unknown.status_code) == (422, 422)
    assert "“9” is not one of junior, intermediate, senior, technician" in wrong.text
    assert "“many” are no points" in wrong.text
    assert 'value="many"' in wrong.text
    assert f'name="take.{AGENCY}" value="yes" checked' in wrong.text
    assert "This is not for the contest&#39;s occupation" in unknown.text
    assert "has a certificate nobody" in unknown.text
    assert await chosen(small) == []


async def test_a_level_is_chosen_among_what_a_body_here_is_filed_for(
    database: Settings, client: httpx.AsyncClient
) -> None:
    filing = {
        "number": "S0000",
        "authority": "测试",
        "occupations": ["4-03-02-02"],
        "levels": ["4", "3"],
        "valid_from": "2019-01-01",
        "valid_until": "2099-12-31",
    }
    for code in ("filed-body", "other-body"):
        await make_organisation(code)
    body = Organisation.code == "filed-body"
    await Organisation.update(
        {Organisation.kind: "assessment_body", Organisation.filing: json.dumps(filing)}
    ).where(body)
    small = await recognised(outputs=[{"kind": "honour", "code": "kept"}])
    await log_in_browser(client, small.accounts["organiser"])

    page = await shown(client, small, "partner-rules")
    wrong = await send_level(client, small, {"level": "other-body 3", "minimum": "a few"})
    saved = await send_level(client, small, {"level": "filed-body 3", "minimum": "６０"})

    assert page.count('value="filed-body ') == 2
    assert (wrong.status_code, saved.status_code) == (422, 303)
    assert "No body here is filed for other-body 3" in wrong.text
    assert "“a few” is not a whole number" in wrong.text
    honour, level = (await recognition(small.contest)).facts["outputs"]
    assert honour == {"kind": "honour", "code": "kept"}
    assert (level["issuer"], level["grade"], level["minimum"]) == ("filed-body", "3", 60)
    assert level["title"]["zh-Hans"] == "三级/高级工"

    ended = json.dumps({**filing, "valid_until": "2024-10-10"})
    await Organisation.update({Organisation.filing: ended}).where(body)
    assert "does not cover this level any more" in await shown(client, small, "partner-rules")
    gone = await send_level(client, small, {"level": "", "minimum": ""})
    assert gone.status_code == 303
    assert (await recognition(small.contest)).facts["outputs"] == [honour]


async def test_levels_with_conditions_of_their_own_stay_as_they_were_stated(
    database: Settings, client: httpx.AsyncClient
) -> None:
    stated = [{"kind": "level", "code": "level:3", "grade": "3", "prizes": ["first"]}]
    small = await recognised(outputs=stated)
    await log_in_browser(client, small.accounts["organiser"])
    at = f"/console/contests/{small.contest}/partner-rules"

    page = await shown(client, small, "partner-rules")
    tried = await client.post(f"{at}/level", data={"level": ""}, headers=ACCEPT)

    assert "Levels were stated over the interface" in page
    assert tried.status_code in (403, 409)
    assert (await recognition(small.contest)).facts["outputs"] == stated


async def test_a_choice_that_does_not_fit_any_more_is_said_before_the_contest_is_ready(
    database: Settings, client: httpx.AsyncClient
) -> None:
    small = await recognised(recognised=[{"code": MACAO}], occupation="4-08-03-07")
    await log_in_browser(client, small.accounts["organiser"])

    assert f"partner&#39;s certificate {MACAO} any more" in await shown(client, small, "")
    assert "does not fit the contest any more" in await shown(client, small, "partner-rules")
    await Competition.update({Competition.authorities: "[]"}).where(
        Competition.id == small.competition
    )
    assert f"partner&#39;s certificate {MACAO} any more" in await shown(client, small, "")


async def test_each_body_decides_its_own_and_the_page_says_whom_a_certificate_waits_for(
    database: Settings, client: httpx.AsyncClient
) -> None:
    await make_organisation("federation")
    await create_issuer(SYSTEM, "federation")
    for code in ("dsal", "hk-rpl"):
        await make_organisation(code)
    await called("dsal", "Bureau in Macao")
    await create_issuer(SYSTEM, "hk-rpl")
    choice = [{"code": AGENCY}, {"code": MACAO, "level": "intermediate", "minimum": "60"}]
    small = await recognised(until="judging", recognised=choice)
    everybody = await persons_of(small.contest)
    winner = everybody[str(small.entries[0])][0]
    async with transaction():
        await change_person(winner, documents=[("macao_bir", "12345678")])
        for code in ("dsal", "hk-rpl"):
            await grant_row(small.accounts["organiser"], Role.ORGANISER, Scope("issuer", code))
    await log_in_browser(client, small.accounts["organiser"])

    frozen = await client.post(
        f"/console/contests/{small.contest}/partner-rules/outputs", data={}, headers=ACCEPT
    )
    await small.judge_everything()
    await small.close()
    await small.finish()
    await outbox.drain()

    assert frozen.status_code in (403, 409)
    rows = await Proposal.select()
    assert sorted(row["issuer"] for row in rows) == ["dsal", *["hk-rpl"] * 4]
    (macao,) = [row for row in rows if row["issuer"] == "dsal"]
    assert (macao["person"], macao["grade"]) == (winner, "intermediate")
    ours = next(r["id"] for r in rows if r["issuer"] == "hk-rpl" and r["person"] == winner)
    assert "Macao resident identity card (BIR)" in await shown(client, small, "proposals/others")

    at = f"/console/contests/{small.contest}/proposals"
    unstated = await decide(client, small, f"{at}/{ours}/grant", {"granted_on": "2024-11-01"})
    for id_, level in ((ours, "3"), (macao["id"], "intermediate")):
        typed = {"granted_on": "2024-11-01", "level": level}
        sent = await decide(client, small, f"{at}/{id_}/grant", typed)
        assert sent.status_code == 303, sent.text[:400]
    await outbox.drain()

    assert unstated.status_code == 422
    assert "has levels of its own" in unstated.text
    page = await shown(client, small, "proposals")
    assert "waiting for Bureau in Macao: it has no key to sign with" in page
    assert page.count('href="/c/') == 1
    assert "12345678" not in page
    states = [row["state"] for row in await Proposal.select()]
    assert sorted(states) == ["granted", "granted", *["proposed"] * 3]


async def called(code: str, name: str) -> None:
    """An organisation here goes by its own name, not by the one that the pack gives it."""
    title = json.dumps({"en": name})
    await Organisation.update({Organisation.title: title}).where(Organisation.code == code)


async def test_a_holders_consent_is_put_on_record_and_taken_back_on_the_page(
    database: Settings, client: httpx.AsyncClient
) -> None:
    await make_organisation("federation")
    await create_issuer(SYSTEM, "federation")
    await make_organisation("hk-rpl")
    await called("hk-rpl", "Agency in Hong Kong")
    await enrol_partner(SYSTEM, enrolment("hk-rpl", new_private_key(), datetime.now(UTC)))
    small = await recognised(until="judging", recognised=[{"code": AGENCY}])
    async with transaction():
        await grant_row(small.accounts["organiser"], Role.ORGANISER, Scope("issuer", "hk-rpl"))
    await small.judge_everything()
    await small.close()
    await small.finish()
    await outbox.drain()
    row = await Proposal.select().order_by(Proposal.id).first()
    assert row is not None
    await grant_proposal(SYSTEM, row["id"], level="3", granted_on="2024-11-01")
    await outbox.drain()
    await log_in_browser(client, small.accounts["organiser"])
    at = f"/console/contests/{small.contest}/proposals/{row['id']}/consent"

    without = await decide(client, small, at, {"source": " "})
    agreed = await decide(client, small, at, {"source": "Form 7"})

    assert (without.status_code, agreed.status_code) == (422, 303)
    assert "Say where the consent is kept" in without.text
    consents = await PartnerConsent.select()
    assert [(one["fields"], one["source"]) for one in consents] == [("name", "Form 7")]
    page = await shown(client, small, "proposals")
    assert "not sent there to be signed yet" in page
    assert 'name="field.scores"' not in without.text  # the agency's certificate shows none
    back = await decide(client, small, f"{at}/back", {})
    assert back.status_code == 303
    page = await shown(client, small, "proposals")
    assert "consent to what Agency in Hong Kong gets" in page
    other = at.replace(str(row["id"]), str(row["person"]))
    strange = await client.post(other, data={"source": "Form 7"}, headers=ACCEPT)
    assert strange.status_code in (403, 404)


async def decide(
    client: httpx.AsyncClient, small: SmallContest, action: str, typed: dict[str, str]
) -> httpx.Response:
    text = await shown(client, small, "proposals")
    (form,) = [f for f in Forms(text).found if f.action == action]
    return await client.post(f"{action}?lang=en", data={**form.values, **typed}, headers=ACCEPT)
