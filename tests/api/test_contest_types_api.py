"""Contest types and configuration over the API."""

from __future__ import annotations

import httpx

from core.security import Role, Scope
from tests.api.kit import caller, codes, pointers
from tests.factories_contests import make_account, small_contest


async def test_contest_types_are_listed_with_their_options_in_four_languages(
    client: httpx.AsyncClient,
) -> None:
    reader = await caller(client, await make_account("reader", (Role.CLERK, Scope("installation"))))

    listed = await reader.get("/contest-types")

    found = {one["code"]: one for one in listed["items"]}
    assert {"panel", "cooking", "craftsman_index", "robotics", "drone_surveying"} <= set(found)
    assert all(set(one["title"]) == {"zh-Hans", "zh-Hant", "en", "pt"} for one in found.values())
    assert {option["kind"] for option in found["panel"]["options"]} >= {"int", "table", "choice"}
    assert (await reader.get("/contest-types/panel")) == found["panel"]
    missing = await reader.get("/contest-types/herbs", status=503)
    assert missing["type"] == "/problems/contest-type-missing"


async def test_a_change_needs_the_revision_that_it_is_based_on(client: httpx.AsyncClient) -> None:
    small = await small_contest(until="draft")
    organiser = await caller(client, small.accounts["organiser"])
    path = f"/contests/{small.contest}"
    shown = await organiser.send("GET", path)
    etag, rules = shown.headers["etag"], shown.json()["rules"]

    rules["notice_days"] = 9

    unnamed = await organiser.put(f"{path}/rules", rules, status=422)
    saved = await organiser.put(f"{path}/rules", rules, headers={"If-Match": etag})
    stale = await organiser.put(f"{path}/rules", rules, headers={"If-Match": etag}, status=412)

    assert codes(unnamed) == ["if-match-missing"]
    assert saved["revision"] == int(etag.strip('"')) + 1
    assert stale["type"] == "/problems/stale"
    assert str(saved["revision"]) in stale["detail"]


async def test_options_draft_scheme_and_rules_again(client: httpx.AsyncClient) -> None:
    small = await small_contest(until="draft")
    organiser = await caller(client, small.accounts["organiser"])
    path = f"/contests/{small.contest}"

    async def etag() -> dict[str, str]:
        return {"If-Match": (await organiser.send("GET", path)).headers["etag"]}

    await organiser.put(f"{path}/options", {"judges": 7}, headers=await etag())
    refused = await organiser.put(
        f"{path}/options", {"judges": "many", "jugdes": 3}, headers=await etag(), status=422
    )
    facts = {"organiser": "federation", "held_on": "2024-10-19"}
    await organiser.put(f"{path}/facts", facts, headers=await etag())

    shown = await organiser.get(path)
    aspects = shown["scheme"]["modules"][0]["criteria"][0]["sub_criteria"][0]["aspects"]
    assert {aspect["judges"] for aspect in aspects} == {7}
    assert shown["facts"] == facts
    assert sorted(pointers(refused)) == ["/judges", "/jugdes"]


async def test_a_cancelled_contest_keeps_its_record(client: httpx.AsyncClient) -> None:
    small = await small_contest(until="ready")
    organiser = await caller(client, small.accounts["organiser"])

    await organiser.post(f"/contests/{small.contest}/cancel", status=200)

    log = await organiser.get(f"/contests/{small.contest}/log")
    assert [line["kind"] for line in log["items"]][-1] == "cancelled"
    assert (await organiser.get(f"/contests/{small.contest}"))["state"] == "cancelled"
