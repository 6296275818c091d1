"""Organisations over the API, and the way in to a new installation."""

from __future__ import annotations

import httpx

from core.security import Role
from tests.factories_accounts import bearer, make_account
from tests.fixtures.processes import Jiangxin

ORGANISER = {
    "code": "example-unions",
    "title": {"zh-Hans": "示例市总工会", "en": "Example City Federation of Trade Unions"},
    "kind": "organiser",
}


async def test_an_administrator_makes_an_organisation_and_everybody_logged_in_finds_its_id(
    client: httpx.AsyncClient,
) -> None:
    administrator = await bearer(await make_account(Role.ADMINISTRATOR))
    anybody = await bearer(await make_account(login="anybody"))

    made = await client.post("/api/v1/organisations", json=ORGANISER, headers=administrator)
    listed = await client.get("/api/v1/organisations", headers=anybody)

    assert made.status_code == 201
    identity = {"id": made.json()["organisation"], "demonstration": False}
    assert listed.json()["items"] == [{**ORGANISER, **identity}]


async def test_a_wrong_organisation_is_refused_with_all_findings_at_once(
    client: httpx.AsyncClient,
) -> None:
    headers = await bearer(await make_account(Role.ADMINISTRATOR))
    wrong = {"code": "Ü", "title": {}, "kind": "club"}

    answer = await client.post("/api/v1/organisations", json=wrong, headers=headers)

    assert answer.status_code == 422
    assert {f["pointer"] for f in answer.json()["findings"]} == {"/code", "/title", "/kind"}


async def test_nobody_else_makes_an_organisation(client: httpx.AsyncClient) -> None:
    headers = await bearer(await make_account(login="anybody"))

    made = await client.post("/api/v1/organisations", json=ORGANISER, headers=headers)
    unknown = await client.get("/api/v1/organisations")

    assert (made.status_code, unknown.status_code) == (403, 401)


async def test_the_machine_lets_its_administrator_in_as_often_as_needed(
    client: httpx.AsyncClient, jiangxin: Jiangxin
) -> None:
    first = jiangxin("administrator", "chen")
    again = jiangxin("administrator", "chen")

    assert (first.returncode, again.returncode) == (0, 0), first.stderr + again.stderr
    link = again.stdout.split()[-1]
    assert link != first.stdout.split()[-1]
    opened = await client.get(link, headers={"accept": "text/html"})
    assert opened.status_code == 200
    assert "chen" in opened.text
