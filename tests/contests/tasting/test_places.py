"""Tasters: places with paper codes of which only hashes are kept, one grant, one aspect, no names."""

from __future__ import annotations

import asyncio
import json
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from contests.actions import draw, people, running, setup
from contests.actions.tasters import TasterPlace, add_tasters, renew_codes, shut_out
from contests.judging.tasting.codes import CodeUnknown, enter_with
from contests.log import read
from contests.sheets import payload_of
from contests.tables import Appointment
from core.errors import Forbidden, Invalid
from core.scoring.model import Aspect, Criterion, Kind, MissingPolicy, Module, Scheme, SubCriterion
from core.security import Role, actor_of
from core.sessions import session_of
from core.settings import Settings
from core.tables import LoginLink
from tests.api.kit import API, Caller, tablet
from tests.factories_contests import SmallContest, dish_scheme, make_account, small_contest, text

pytestmark = pytest.mark.engine


def tasted(tasters: int) -> Scheme:
    aspect = Aspect(
        "T1", Kind.POINTS, text("Overall"), 100_000, step=1000, panel="tasters", judges=tasters,
        missing=MissingPolicy.PRESENT,
    )  # fmt: skip
    criteria = (Criterion("T", text("T"), (SubCriterion("T1", text("T1"), (aspect,)),)),)
    scheme = dish_scheme(1)
    tasting = Module("T", text("Tasting"), 100_000, criteria, weight=0)
    return replace(scheme, modules=(*scheme.modules, tasting))


async def contest(tasters: int = 2, entrants: int = 2) -> tuple[SmallContest, list[TasterPlace]]:
    small = await small_contest(entrants=entrants, judges=1, scheme=tasted(tasters), until="draft")
    places = await add_tasters(await small.actor("clerk"), small.contest, tasters)
    await setup.make_ready(await small.actor("organiser"), small.contest, now=small.at)
    officer, witness = await small.actor("encryption"), await small.actor("supervisor")
    for module in small.scheme.modules:
        await draw.draw_codes(officer, witness, small.contest, module.id, now=small.at)
    chief = await small.actor("chief")
    small.rules_hash = await running.start_judging(chief, small.contest, now=small.at)
    return small, places


async def test_a_place_is_one_account_with_one_grant_and_a_code_kept_as_a_keyed_hash(
    database: Settings,
) -> None:
    _, places = await contest()
    assert [one.seat for one in places] == ["T1", "T2"]
    for one in places:
        actor = await actor_of(one.account)
        assert [(g.role, g.scope.kind) for g in actor.grants] == [(Role.TASTER, "contest")]
    rows = await LoginLink.select()
    stored = json.dumps([str(row) for row in rows])
    assert all(one.code not in stored and len(one.code) == 10 for one in places)
    appointed = await Appointment.select().where(Appointment.role == "taster")
    assert {row["panel"] for row in appointed} == {"tasters"}


async def test_a_code_logs_in_again_until_a_new_one_replaces_it_or_it_is_shut_out(
    database: Settings,
) -> None:
    small, places = await contest()
    clerk, code = await small.actor("clerk"), places[0].code
    for typed in (code, f" {code[:5].lower()}-{code[5:].lower()} ", code):
        entered = await enter_with(typed)
        assert entered.account == places[0].account
    with pytest.raises(CodeUnknown):
        await enter_with("0" * 10)
    with pytest.raises(CodeUnknown):
        await enter_with(code, now=datetime.now(UTC) + timedelta(days=15))

    (renewed,) = await renew_codes(clerk, small.contest, ["T1"])
    with pytest.raises(CodeUnknown):
        await enter_with(code)
    session = await enter_with(renewed.code)
    await shut_out(clerk, small.contest, "T1")
    with pytest.raises(CodeUnknown):
        await enter_with(renewed.code)
    assert await session_of(session.token) is None
    unused = await renew_codes(clerk, small.contest)
    assert {one.seat for one in unused} == {"T1", "T2"}


async def test_only_who_manages_tablets_makes_places_and_only_where_there_is_a_tasting(
    database: Settings,
) -> None:
    small, _ = await contest()
    with pytest.raises(Forbidden):
        await add_tasters(small.judges[0].actor, small.contest, 1)
    for count in (0, 101, -3):
        with pytest.raises(Invalid):
            await add_tasters(await small.actor("clerk"), small.contest, count)
    plain = await small_contest(until="draft")
    with pytest.raises(Invalid) as refused:
        await add_tasters(await plain.actor("clerk"), plain.contest, 1)
    assert [f.code for f in refused.value.findings] == ["nothing-to-taste"]


async def test_a_taster_is_always_in_the_tasters_panel(database: Settings) -> None:
    small, _ = await contest()
    account = await make_account("guest")
    organiser = await small.actor("organiser")
    id_ = await people.appoint(
        organiser, small.contest, account, "taster", panel="referees", interests={"school": ["x"]}
    )
    row = await Appointment.select().where(Appointment.id == id_).first()
    assert row is not None
    assert (row["panel"], row["interests"], row["seat"]) == ("tasters", "{}", "T3")


async def taster(client: httpx.AsyncClient, code: str) -> Caller:
    """In by the paper's code; the session's token as a client's."""
    response = await client.post(f"{API}/judging/taste/session", json={"code": code})
    assert response.status_code == 200, response.text
    token = response.headers["set-cookie"].partition("=")[2].partition(";")[0]
    client.cookies.clear()
    return Caller(client, token)


async def test_over_http_a_taster_has_only_the_tasters_aspect_and_no_door_else(
    database: Settings, client: httpx.AsyncClient
) -> None:
    small, places = await contest()
    guest = await taster(client, places[0].code)
    phone = await tablet(guest, str(small.contest))
    assert [
        (p["module"]["id"], [a["id"] for a in p["module"]["aspects"]]) for p in phone.pack["parts"]
    ] == [("T", ["T1"])]
    part, work = phone.works()[0]
    (answer,) = await phone.submit(phone.sign(part, work, {"T1": {"value": "85"}}))
    assert (answer["answer"], answer["countable"]) == ("accepted", True)
    foreign = phone.sign({**part, "module": {"id": "dish"}}, work, {"look": {"value": "20"}})
    assert (await phone.submit(foreign))[0]["answer"] == "quarantined"

    for path in ("", "/standings", "/entries", "/tasters", "/log"):
        response = await guest.send("GET", f"/contests/{small.contest}{path}")
        assert response.status_code in {403, 404}, (path, response.status_code)
    wrong = await client.post(f"{API}/judging/taste/session", json={"code": "ZZZZZZZZZZ"})
    assert (wrong.status_code, wrong.json()["type"]) == (401, "/problems/code-unknown")


async def test_a_hundred_tasters_mark_every_dish_once(
    database: Settings, client: httpx.AsyncClient
) -> None:
    scale = float(os.environ.get("JIANGXIN_TEST_SCALE", "0.05"))
    count = max(5, round(100 * scale))
    small, places = await contest(tasters=count, entrants=3)
    phones = [await tablet(await taster(client, one.code), str(small.contest)) for one in places]

    async def mark_all(number: int) -> list[str]:
        phone = phones[number]
        answers = []
        for part, work in phone.works():
            jws = phone.sign(part, work, {"T1": {"value": str(number % 101)}})
            answers += await phone.submit(jws)
            answers += await phone.submit(jws)  # its first answer was lost
        return [answer["answer"] for answer in answers]

    heard = await asyncio.gather(*(mark_all(n) for n in range(count)))

    assert {tuple(one) for one in heard} == {("accepted", "duplicate") * 3}
    stored = [
        payload_of(json.loads(line.body)["jws"])
        for line in await read(small.contest)
        if line.kind == "sheet"
    ]
    assert len(stored) == count * 3
    assert len({(one.judge, one.code) for one in stored}) == count * 3


async def test_a_code_is_not_guessed_by_its_link_address(
    database: Settings, client: httpx.AsyncClient
) -> None:
    _, places = await contest()
    response = await client.get(f"/in/{places[0].code}")
    assert response.status_code == 409
    short: Any = await client.get("/taste", follow_redirects=False)
    assert (short.status_code, short.headers["location"]) == (302, "/judging/taste")
