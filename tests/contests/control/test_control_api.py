"""The control room's snapshot: states of sheets and tablets, never marks or names of entrants."""

from __future__ import annotations

import json

import httpx
import pytest

from contests.actions.running import record_status
from contests.actions.sheets import open_round
from contests.sheets import slot_id
from tests.api.kit import caller
from tests.contests.tablets.kit import enrolled, give_pin, serving
from tests.factories_accounts import log_in_browser
from tests.factories_contests import SmallContest, small_contest

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.engine]

MARKS = {"look": "17.5", "taste": "31.5", "care": "2"}


async def room(client: httpx.AsyncClient, small: SmallContest, name: str = "clerk") -> dict:  # type: ignore[type-arg]
    who = await caller(client, small.accounts[name])
    found: dict = await who.get(f"/judging/contests/{small.contest}/control")  # type: ignore[type-arg]
    return found


async def a_code(small: SmallContest, place: int = 0) -> str:
    return sorted((await small.codes())["dish"])[place]


def states(shown: dict, code: str) -> list[str]:  # type: ignore[type-arg]
    works = shown["modules"][0]["works"]
    cells = next(work for work in works if work["code"] == code)["cells"]
    return [cell.get("state", "") for cell in cells]


async def test_who_has_handed_in_what(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    code = await a_code(small)
    before = await room(client, small)
    await small.submit(small.judges[0], code, MARKS)

    shown = await room(client, small)

    assert states(before, code) == ["open"] * 3
    assert states(shown, code) == ["stored", "missing", "missing"]
    assert [(one["seat"], one["codes"]) for one in shown["missing"]] == [("J2", [code]), ("J3", [code])]  # fmt: skip
    assert (shown["stored"], shown["owed"]) == (1, 16)
    assert before["version"] != shown["version"]


async def test_a_sheet_that_a_judge_has_begun_is_shown_as_begun_and_by_its_own_tablet_alone(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest()
    code = await a_code(small)
    first, second = small.judges[:2]
    own = await serving(client, small, first)
    contest = str(small.contest)
    begun = [str(slot_id(contest, "dish", code, 1, 1, str(j.appointment))) for j in (first, second)]

    await own.beat(started=begun)
    shown = await room(client, small)
    await small.submit(first, code, MARKS)
    signed = await room(client, small)

    assert states(shown, code) == ["started", "open", "open"]
    assert (shown["stored"], shown["owed"], shown["missing"]) == (0, 16, [])
    assert states(signed, code) == ["stored", "missing", "missing"]


async def test_no_mark_and_no_entrant_is_ever_shown(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    code = await a_code(small)
    await small.submit(small.judges[0], code, MARKS)

    for name in ("organiser", "chief", "clerk", "supervisor"):
        told = json.dumps(await room(client, small, name), ensure_ascii=False)
        assert "17.5" not in told
        assert "31.5" not in told
        assert "选手" not in told
        assert not any(str(entry) in told for entry in small.entries)


async def test_only_who_controls_that_very_contest_may_look(client: httpx.AsyncClient) -> None:
    small, other = await small_contest(), await small_contest()
    judge = await caller(client, small.judges[0].account)
    elsewhere = await caller(client, other.accounts["chief"])
    path = f"/judging/contests/{small.contest}/control"

    await judge.get(path, status=403)
    await elsewhere.get(path, status=403)
    await (await caller(client, small.accounts["leader"])).get(path)


async def test_an_unchanged_room_is_not_sent_again(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    chief = await caller(client, small.accounts["chief"])
    path = f"/judging/contests/{small.contest}/control"

    first = await chief.send("GET", path)
    again = await chief.send("GET", path, headers={"If-None-Match": first.headers["etag"]})

    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")


async def test_before_the_start_there_are_tablets_and_people_and_no_grid(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest(until="ready")

    shown = await room(client, small)

    assert (shown["state"], shown["modules"], shown["owed"]) == ("ready", [], 0)
    assert {person["seat"] for person in shown["people"]} >= {"J1", "J2", "J3"}


async def test_a_tablet_is_shown_as_it_told_of_itself(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    tablet = await serving(client, small, small.judges[1], label="03")
    await tablet.beat(
        battery=15, charging=False, waiting=4, installed=True, persisted=False, free_mb=2048,
        fit=False, unfit=["persisted"], judge=str(small.judges[1].account),
    )  # fmt: skip

    shown = await room(client, small)

    (one,) = [each for each in shown["tablets"] if each["kind"] == "tablet"]
    assert (one["label"], one["now"], one["judges"]) == ("03", "J2", ["J2"])
    assert (one["battery"], one["waiting"], one["unfit"]) == (15, 4, ["persisted"])
    assert (one["outdated"], one["state"], one["installed"]) == (True, "active", True)
    assert one["seen"]


async def test_a_number_that_never_arrived_is_an_alarm_until_it_does(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest()
    judge = small.judges[0]
    first, second = await a_code(small, 0), await a_code(small, 1)
    kept_back = small.sign_sheet(judge, first, MARKS)
    await small.submit(judge, second, MARKS)

    alarmed = await room(client, small)
    who = await caller(client, judge.account)
    await who.post("/judging/revisions", {"revisions": [kept_back]}, status=200)
    after = await room(client, small)

    assert [(gap["label"], gap["numbers"]) for gap in alarmed["gaps"]] == [("J1", [1])]
    assert after["gaps"] == []
    assert states(after, first)[0] == "stored"


async def test_a_work_called_back_and_one_that_is_not_marked(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    again, gone = await a_code(small, 0), await a_code(small, 1)
    for seat in small.judges:
        await small.submit(seat, again, MARKS)
    chief = await small.actor("chief")
    await open_round(
        chief, small.contest, module="dish", code=again, aspects=["look"], reason="unsure"
    )
    await record_status(chief, small.contest, status="DNF", module="dish", code=gone, reason="ill")

    shown = await room(client, small)

    assert states(shown, again) == ["again"] * 3
    assert shown["again"][0]["waiting"] == ["J1", "J2", "J3"]
    assert states(shown, gone) == ["excused"] * 3
    assert shown["missing"] == []


async def test_whether_somebody_has_a_pin(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    before = await room(client, small)
    await give_pin(small.judges[0].account)
    await give_pin(small.judges[1].account, first=True)

    after = await room(client, small)

    pins = {person["seat"]: person["pin"] for person in after["people"]}
    assert (pins["J1"], pins["J2"], pins["J3"]) == ("set", "first", "none")
    assert before["version"] != after["version"]


async def test_a_revoked_tablet_and_one_of_another_contest(client: httpx.AsyncClient) -> None:
    small, other = await small_contest(), await small_contest()
    tablet = await enrolled(client, small, "03")
    await enrolled(client, other, "elsewhere")
    organiser = await caller(client, small.accounts["organiser"])
    await organiser.post(f"/judging/tablets/{tablet.device.kid}/revocation", status=204)

    shown = await room(client, small)

    shared = [one for one in shown["tablets"] if one["kind"] == "tablet"]
    assert [(one["label"], one["state"]) for one in shared] == [("03", "revoked")]


async def test_the_part_that_changes_is_small_on_the_wire_and_holds_no_token(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest(entrants=20)
    token = await log_in_browser(client, small.accounts["chief"])
    path = f"/judging/control/{small.contest}/board"

    page = await client.get(path)
    plain = await client.get(path, headers={"Accept-Encoding": "identity"})
    again = await client.get(path, headers={"If-None-Match": page.headers["etag"]})

    assert page.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert len(page.text) == len(plain.text) > 5 * int(page.headers["content-length"])
    assert token not in page.text
    assert (again.status_code, again.content) == (304, b"")
