"""An organisation's names, telephone and hours: changed by who may, with before and after on record."""

from __future__ import annotations

import json
from uuid import UUID

import httpx
import pytest

from core.errors import Forbidden, Invalid
from core.organisations import change_organisation, description_of
from core.security import INSTALLATION, Role, Scope, actor_of
from core.settings import Settings
from core.tables import AuditEntry, Organisation
from tests.factories_accounts import log_in_browser, make_account
from tests.factories_contests import make_organisation

ROOM = "/console/organisations"
HTML = {"Accept": "text/html", "Accept-Language": "en"}
TITLE = {
    "zh-Hans": "澳门工会联合总会",
    "zh-Hant": "澳門工會聯合總會",
    "pt": "Federação das Associações",
}
TYPED = {
    "title/zh-Hans": TITLE["zh-Hans"],
    "title/zh-Hant": f" {TITLE['zh-Hant']} ",
    "title/en": "",
    "title/pt": TITLE["pt"],
    "telephone": "+853 2857 6231",
    "hours/zh-Hant": "週一至五 9:00–18:00",
    "hours/pt": "2.ª a 6.ª, 9h00–18h00",
}


async def organiser_of(organisation: UUID) -> UUID:
    return await make_account((Role.ORGANISER, Scope("organisation", str(organisation))))


async def row(organisation: UUID) -> dict[str, object]:
    found = await Organisation.select().where(Organisation.id == organisation).first()
    assert found is not None
    return description_of(found)


async def test_its_organiser_changes_it_and_the_record_has_before_and_after(
    client: httpx.AsyncClient,
) -> None:
    house, other = await make_organisation("house"), await make_organisation("other")
    before = await row(house)
    csrf = await log_in_browser(client, await organiser_of(house))

    listed = await client.get("/console/organisations", headers=HTML)
    saved = await client.post(
        f"/console/organisations/{house}", data={"csrf_token": csrf, **TYPED}, headers=HTML
    )
    page = await client.get(f"/console/organisations/{house}", headers=HTML)
    foreign = await client.post(
        f"/console/organisations/{other}", data={"csrf_token": csrf, **TYPED}, headers=HTML
    )

    after = {
        "title": TITLE,
        "telephone": "+853 2857 6231",
        "hours": {"zh-Hant": "週一至五 9:00–18:00", "pt": "2.ª a 6.ª, 9h00–18h00"},
    }
    assert f"/console/organisations/{house}" in listed.text
    assert f"/console/organisations/{other}" not in listed.text
    assert (saved.status_code, foreign.status_code) == (303, 403)
    assert await row(house) == after
    assert 'value="+853 2857 6231"' in page.text
    said = await AuditEntry.select().where(AuditEntry.action == "organisation.changed")
    assert [(json.loads(one["before"]), json.loads(one["after"])) for one in said] == [
        (before, after)
    ]


async def test_all_that_is_wrong_is_said_at_once_and_nothing_typed_is_lost(
    client: httpx.AsyncClient,
) -> None:
    house = await make_organisation("house")
    before = await row(house)
    csrf = await log_in_browser(client, await make_account(Role.ADMINISTRATOR))
    wrong = {
        "title/zh-Hans": " ",
        "telephone": "ask at the desk",
        "hours/en": "x" * 201,
        "hours/pt": "a\u202eb",
    }

    answer = await client.post(
        f"/console/organisations/{house}", data={"csrf_token": csrf, **wrong}, headers=HTML
    )

    assert answer.status_code == 422
    assert "There is no name." in answer.text
    assert "This is no telephone number." in answer.text
    assert answer.text.count('class="wrong"') == 4
    assert answer.text.count("characters that can&#39;t be seen") == 4  # above, and at its field
    assert 'value="ask at the desk"' in answer.text
    assert await row(house) == before


@pytest.mark.engine
async def test_nobody_else_changes_it_and_the_same_again_is_no_change(database: Settings) -> None:
    house = await make_organisation("house")
    clerk = (Role.CLERK, Scope("organisation", str(house)))
    by = await actor_of(await organiser_of(house))

    with pytest.raises(Forbidden):
        await change_organisation(await actor_of(await make_account(clerk)), house, title=TITLE)
    with pytest.raises(Invalid):
        await change_organisation(by, house, title=TITLE, telephone="+" * 61)
    for _ in range(2):
        await change_organisation(by, house, title=TITLE, telephone="2857 6231")

    assert await AuditEntry.count().where(AuditEntry.action == "organisation.changed") == 1


FILED = {
    "number": "Y000144000001",
    "authority": "广东省人力资源和社会保障厅",
    "occupations": "4-08-03-07\n4-03-02-03",
    "level/3": "yes",
    "level/rank-7": "yes",
    "valid_from": "2026-01-01",
    "valid_until": "2028-12-31",
    "province": "44",
}


async def test_the_administrator_enters_a_filing_and_the_body_only_reads_it(
    client: httpx.AsyncClient,
) -> None:
    body = await make_organisation("body")
    await Organisation.update({Organisation.kind: "assessment_body"}).where(Organisation.id == body)
    at = f"/console/organisations/{body}"
    csrf = await log_in_browser(client, await make_account((Role.ADMINISTRATOR, Scope("installation"))))  # fmt: skip

    empty = await client.get(at, headers=HTML)
    assert f'action="{at}/filing"' in empty.text
    wrong = await client.post(
        f"{at}/filing", data={"csrf_token": csrf, **FILED, "occupations": "pastry!"}, headers=HTML
    )
    saved = await client.post(f"{at}/filing", data={"csrf_token": csrf, **FILED}, headers=HTML)

    assert saved.status_code == 303
    assert "“pastry!” is no occupation code" in wrong.text
    assert 'value="Y000144000001"' in wrong.text
    row = await Organisation.select(Organisation.filing).where(Organisation.id == body).first()
    assert row is not None
    kept = json.loads(row["filing"])
    await Organisation.update({Organisation.filing: '{"number":"of before"}'}).where(
        Organisation.id == body
    )
    incomplete = await client.get(at, headers=HTML)
    assert 'value="of before"' in incomplete.text
    await Organisation.update({Organisation.filing: row["filing"]}).where(Organisation.id == body)
    assert kept["occupations"] == ["4-08-03-07", "4-03-02-03"]
    assert kept["levels"] == ["3", "rank-7"]
    client.cookies.clear()
    csrf = await log_in_browser(client, await organiser_of(body))
    page = await client.get(at, headers=HTML)
    refused = await client.post(f"{at}/filing", data={"csrf_token": csrf, **FILED}, headers=HTML)
    assert "Y000144000001" in page.text
    assert f"{at}/filing" not in page.text
    assert refused.status_code == 403


async def test_an_administrator_adds_an_organisation_and_no_organiser_does(
    client: httpx.AsyncClient,
) -> None:
    house = await make_organisation("house")
    added = {"title/zh-Hant": "香港評估機構", "kind": "authority", "code": "hk-rpl"}
    csrf = await log_in_browser(client, await make_account((Role.ADMINISTRATOR, INSTALLATION)))

    home = await client.get("/console?lang=en", headers=HTML)
    wrong = await client.post(
        ROOM,
        data={"csrf_token": csrf, **added, "code": "HK RPL", "title/pt": "Avaliação"},
        headers=HTML,
    )
    sent = await client.post(ROOM, data={"csrf_token": csrf, **added}, headers=HTML)
    csrf = await log_in_browser(client, await organiser_of(house))
    listed = await client.get(ROOM, headers=HTML)
    refused = await client.post(
        ROOM, data={"csrf_token": csrf, **added, "code": "hk-two"}, headers=HTML
    )

    assert f'href="{ROOM}"' in home.text
    assert (wrong.status_code, sent.status_code, refused.status_code) == (422, 303, 403)
    assert 'value="HK RPL"' in wrong.text
    assert 'value="Avaliação"' in wrong.text
    assert 'name="code"' not in listed.text
    assert (
        '<option value="guangdong-ftu">Guangdong Federation of Trade Unions</option>' in wrong.text
    )
    made = await Organisation.select().where(Organisation.code.is_in(["hk-rpl", "hk-two"]))
    assert [(one["code"], one["kind"], json.loads(one["title"])) for one in made] == [
        ("hk-rpl", "authority", {"zh-Hant": "香港評估機構"})
    ]
