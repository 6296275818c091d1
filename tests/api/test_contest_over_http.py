"""A whole small contest by nothing but HTTP, from the competition to the final result."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import httpx

from core.security import Role, Scope
from tests.api.kit import Caller, caller, codes, tablet
from tests.factories_contests import make_account, make_organisation

TITLE = {"zh-Hans": "花艺设计", "zh-Hant": "花藝設計", "en": "Floristry", "pt": "Arte floral"}
OPTIONS = {"judges": 3, "notice_days": 0, "count_first": 1, "count_second": 1, "count_third": 0}
STAFF = ("chief_referee", "group_leader", "supervisor", "encryption_officer")


async def organiser_of(client: httpx.AsyncClient) -> tuple[Caller, str]:
    organisation = await make_organisation("gba-unions")
    account = await make_account(
        "organiser",
        (Role.ORGANISER, Scope("organisation", str(organisation))),
        (Role.ORGANISER, Scope("issuer", "gba-unions")),
    )
    return await caller(client, account), str(organisation)


async def competition_of(organiser: Caller, organisation: str) -> str:
    body = {
        "organisation": organisation,
        "code": "gba-4",
        "title": {"zh-Hans": "大赛"},
        "held_from": "2024-10-18",
        "held_to": "2024-10-20",
        "place": "东莞",
        "authorities": [],
        "team_rule": {
            "code": "team",
            "title": {"zh-Hans": "团体奖"},
            "formula": "best",
            "best": 1,
        },
    }
    return str((await organiser.post("/competitions", body))["id"])


async def draft_contest(organiser: Caller, competition: str) -> str:
    body = {
        "code": "gba-4-flowers",
        "title": TITLE,
        "type_code": "panel",
        "options": OPTIONS,
        "facts": {"organiser": "gba-unions", "occupation": "4-03-02-01"},
    }
    path = f"/competitions/{competition}/contests"
    contest = str((await organiser.post(path, body))["id"])
    for code in ("MO", "DG"):
        delegation = {"code": code, "title": {"zh-Hans": code}}
        await organiser.post(f"/competitions/{competition}/delegations", delegation)
    rows = [
        {"members": [{"name": name}], "delegation": delegation}
        for name, delegation in (("欧阳晓明", "MO"), ("李建国", "DG"), ("Maria João", "MO"))
    ]
    registered = await organiser.post(f"/contests/{contest}/entrants", {"rows": rows})
    assert len(registered["ids"]) == 3
    return contest


async def appoint_everybody(
    client: httpx.AsyncClient, organiser: Caller, contest: str
) -> dict[str, Caller]:
    people = {}
    for role in (*STAFF, "J1", "J2", "J3"):
        account = await make_account(role)
        body = {"account": str(account), "role": "judge" if role.startswith("J") else role}
        await organiser.post(f"/contests/{contest}/appointments", body)
        people[role] = await caller(client, account)
    return people


async def approve(asking: Caller, deciding: Caller, contest: str, verb: str, **body: Any) -> None:
    asked = await asking.post(f"/contests/{contest}/approvals", {"verb": verb, "body": body})
    refused = await asking.post(f"/approvals/{asked['id']}/decision", {"approve": True}, status=403)
    assert refused["type"] == "/problems/two-persons"
    decided = await deciding.post(
        f"/approvals/{asked['id']}/decision", {"approve": True}, status=200
    )
    assert decided == {"outcome": "approved"}


async def mark_everything(judges: list[Caller], contest: str) -> None:
    for number, judge in enumerate(judges):
        own = await tablet(judge, contest)
        revisions = [
            own.sign(part, work, {"A1.1": {"value": f"{80 + 5 * place + number}"}})
            for place, (part, work) in enumerate(own.works())
        ]
        answers = await own.submit(*revisions)
        assert {answer["answer"] for answer in answers} == {"accepted"}
        assert all(answer["receipt"].count(".") == 2 for answer in answers)
        assert [a["seq"] for a in answers] == sorted(a["seq"] for a in answers)


async def test_a_contest_goes_from_draft_to_final_over_http_alone(
    client: httpx.AsyncClient,
) -> None:
    organiser, organisation = await organiser_of(client)
    competition = await competition_of(organiser, organisation)
    contest = await draft_contest(organiser, competition)

    unready = await organiser.post(f"/contests/{contest}/ready", status=409)
    assert "seats-short" in codes(unready) or len(unready["findings"]) > 1
    people = await appoint_everybody(client, organiser, contest)
    chief, supervisor = people["chief_referee"], people["supervisor"]
    shown = await organiser.get(f"/contests/{contest}")
    assert shown["next_step"] == "make_ready", shown["unmet"]
    await organiser.post(f"/contests/{contest}/ready", status=200)

    await approve(people["encryption_officer"], supervisor, contest, "draw_codes", module="A")
    await chief.post(f"/contests/{contest}/start", status=200)
    judges = [people[seat] for seat in ("J1", "J2", "J3")]
    await mark_everything(judges, contest)
    grid = await chief.get(f"/contests/{contest}/sheets")
    assert (grid["signed"], grid["owed"]) == (9, 9)

    await chief.post(f"/contests/{contest}/end-judging", status=200)
    await approve(chief, supervisor, contest, "open_codes")
    closed = await chief.post(f"/contests/{contest}/close", status=200)
    assert closed == {"state": "closed", "result_version": 1}
    for signer in (judges[0], people["group_leader"], chief, supervisor):
        signed = await signer.post(f"/contests/{contest}/signatures", status=200)
    assert signed == {"state": "signed", "role": "supervisor"}

    hidden = await client.get(f"/api/v1/board/{contest}")
    assert hidden.json()["groups"] == []
    await organiser.post(f"/contests/{contest}/publish", status=200)
    final = await organiser.post(f"/contests/{contest}/finalise", status=200)
    assert final == {"state": "final", "entries": 3}

    await look_at_everything(client, organiser, competition, contest)


async def look_at_everything(
    client: httpx.AsyncClient, organiser: Caller, competition: str, contest: str
) -> None:
    standings = (await organiser.get(f"/contests/{contest}/standings"))["standings"]
    assert [(s["rank"], s["total"]) for s in standings] == [
        (1, "91.00"),
        (2, "86.00"),
        (3, "81.00"),
    ]
    assert [s["prizes"] for s in standings] == [["first"], ["second"], []]
    assert {s["names"][0] for s in standings} == {"欧阳晓明", "李建国", "Maria João"}

    first = standings[0]["entry"]
    explained = await organiser.get(f"/contests/{contest}/standings/{first}")
    assert any("91" in step["text"] for step in explained["steps"])
    assert not any("{" in step["text"] for step in explained["steps"])

    results = await organiser.get(f"/contests/{contest}/results")
    assert {aspect["aspect"] for aspect in results["aspects"]} == {"A1.1"}
    teams = await organiser.post(f"/competitions/{competition}/team-standings", status=200)
    assert [team["rank"] for team in teams] == [1, 2]
    assert await organiser.get(f"/competitions/{competition}/team-standings") == teams

    package = await organiser.send("GET", f"/contests/{contest}/package")
    assert package.headers["content-type"] == "application/zip"
    names = zipfile.ZipFile(io.BytesIO(package.content)).namelist()
    assert any(name.endswith("contest.json") for name in names), names
    scored = await organiser.send(
        "POST", "/packages/score", files={"data": ("contest.zip", package.content)}
    )
    assert [s["total"] for s in scored.json()["standings"]] == ["91", "86", "81"]

    board = await client.get(f"/api/v1/board/{contest}")
    assert [line["rank"] for line in board.json()["groups"][0]["lines"]] == [1, 2, 3]
    assert "欧阳晓明" not in board.text
    again = await client.get(
        f"/api/v1/board/{contest}", headers={"If-None-Match": board.headers["etag"]}
    )
    assert again.status_code == 304


async def test_the_record_is_read_page_by_page_and_chains(client: httpx.AsyncClient) -> None:
    organiser, organisation = await organiser_of(client)
    contest = await draft_contest(organiser, await competition_of(organiser, organisation))
    people = await appoint_everybody(client, organiser, contest)
    await organiser.post(f"/contests/{contest}/ready", status=200)
    await approve(
        people["encryption_officer"], people["supervisor"], contest, "draw_codes", module="A"
    )

    lines, after = [], "0"
    while after:
        page = await organiser.get(f"/contests/{contest}/log?limit=1&after={after}")
        lines += page["items"]
        after = page["next"]

    assert [line["kind"] for line in lines] == ["contest_prepared", "drawn"]
    assert [line["prev"] for line in lines] == ["", lines[0]["hash"]]


async def test_in_the_hall_clock_penalty_and_status_reach_the_total(
    client: httpx.AsyncClient,
) -> None:
    organiser, organisation = await organiser_of(client)
    contest = await draft_contest(organiser, await competition_of(organiser, organisation))
    people = await appoint_everybody(client, organiser, contest)
    chief, supervisor = people["chief_referee"], people["supervisor"]
    await organiser.post(f"/contests/{contest}/ready", status=200)
    await approve(people["encryption_officer"], supervisor, contest, "draw_codes", module="A")
    await chief.post(f"/contests/{contest}/start", status=200)
    judges = [people[seat] for seat in ("J1", "J2", "J3")]
    pack = await judges[0].get(f"/judging/pack/{contest}")
    late, other, out = (work["code"] for work in pack["parts"][0]["codes"])
    work = {"module": "A", "code": late}

    for stamp in ("start", "stop"):
        await chief.post(f"/contests/{contest}/clock", {**work, "stamp": stamp}, status=204)
    await chief.post(f"/contests/{contest}/timings", {**work, "gross": 3600}, status=204)
    await chief.post(
        f"/contests/{contest}/interruptions",
        {**work, "seconds": 60, "cause": "power cut", "acknowledged": True},
        status=204,
    )
    given = await chief.post(
        f"/contests/{contest}/penalties",
        {**work, "scope": "points", "points": "2.5", "reason": "safety"},
    )
    await chief.delete(f"/contests/{contest}/penalties/{given['id']}?reason=mistaken")
    await chief.post(
        f"/contests/{contest}/penalties",
        {**work, "scope": "points", "points": "1.5", "reason": "safety"},
    )
    await chief.post(
        f"/contests/{contest}/statuses",
        {"module": "A", "code": out, "status": "DNS", "whole_contest": True},
        status=204,
    )
    await mark_everything(judges, contest)
    await approve(chief, supervisor, contest, "open_codes")
    await chief.post(f"/contests/{contest}/close", status=200)

    standings = (await chief.get(f"/contests/{contest}/standings"))["standings"]
    by_code = {s["codes"]["A"]: s for s in standings}
    assert by_code[late]["total"] == "79.50"
    assert by_code[other]["total"] == "86.00"
    assert (by_code[out]["rank"], by_code[out]["status"]) == (None, "DNS")


async def test_people_are_listed_page_by_page_with_names_for_those_who_may(
    client: httpx.AsyncClient,
) -> None:
    organiser, organisation = await organiser_of(client)
    competition = await competition_of(organiser, organisation)
    contest = await draft_contest(organiser, competition)
    people = await appoint_everybody(client, organiser, contest)

    first = await organiser.get(f"/contests/{contest}/entrants?limit=2")
    rest = await organiser.get(f"/contests/{contest}/entrants?after={first['next']}")
    await organiser.delete(f"/contests/{contest}/entrants/{rest['items'][0]['id']}")
    listed = await organiser.get(f"/contests/{contest}/appointments")
    refused = await people["J1"].get(f"/contests/{contest}/entrants", status=403)
    mine = await people["J1"].get("/competitions")

    assert [entry["names"] for entry in first["items"]] == [["欧阳晓明"], ["李建国"]]
    assert [entry["delegation"] for entry in rest["items"]] == ["MO"]
    assert rest["next"] is None
    assert sorted(one["seat"] for one in listed if one["role"] == "judge") == ["J1", "J2", "J3"]
    assert refused["type"] == "/problems/forbidden"
    assert [c["id"] for c in mine["items"][0]["contests"]] == [contest]
    ended = next(one["id"] for one in listed if one["seat"] == "J3")
    await organiser.delete(f"/appointments/{ended}?reason=ill")
    assert (await organiser.get(f"/competitions/{competition}"))["code"] == "gba-4"
    assert len(await organiser.get(f"/competitions/{competition}/delegations")) == 2
    page = await organiser.get(f"/competitions/{competition}/contests")
    assert [one["state"] for one in page["items"]] == ["draft"]
