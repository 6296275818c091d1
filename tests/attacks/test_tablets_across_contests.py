"""A tablet of one competition, a disabled account and a colleague's room reach for what is not theirs."""

from __future__ import annotations

import json
import time
from uuid import UUID

import httpx
import pytest

from contests.judging.actions import accept_revision
from contests.judging.handover.reading import read_file
from contests.tables import Device
from core.accounts import grant_row
from core.db import transaction
from core.errors import Conflict
from core.security import Role, Scope
from core.tables import Account, AuditEntry
from tests.api.kit import caller
from tests.contests.storing.kit import MARKS, tablet
from tests.contests.tablets.kit import enrolled, give_pin, serving, slug
from tests.factories_contests import SmallContest, make_account, small_contest

pytestmark = pytest.mark.usefixtures("database")


async def _first_code(small: SmallContest) -> str:
    return next(iter((await small.codes())["dish"]))


async def test_a_tablet_of_one_competition_signs_for_nobody_in_another() -> None:
    small, other = await small_contest(), await small_contest(code="other")
    seat = small.judges[0]
    seat.device = await tablet(seat.account)
    await Device.update({Device.competition: other.competition}).where(
        Device.kid == seat.device.kid
    )

    answer = await small.submit(seat, await _first_code(small), MARKS)
    assert (answer.answer, answer.reason) == ("quarantined", "judge-not-admitted")

    await Device.update({Device.competition: small.competition}).where(
        Device.kid == seat.device.kid
    )
    answer = await small.submit(seat, await _first_code(small), MARKS)
    assert answer.answer == "accepted"


async def _disable(account: UUID, small: SmallContest) -> None:
    await Account.update({Account.disabled_at: small.at}).where(Account.id == account)


async def test_a_disabled_account_signs_nothing_in_its_own_browser_nor_on_a_tablet() -> None:
    small = await small_contest()
    own, shared = small.judges[:2]
    shared.device = await tablet(shared.account)
    code = await _first_code(small)
    for seat in (own, shared):
        await _disable(seat.account, small)

    jws = small.sign_sheet(own, code, MARKS)
    answer = await accept_revision(jws, kid="courier", now=small.at)
    assert (answer.answer, answer.reason) == ("quarantined", "device-revoked")
    jws = small.sign_sheet(shared, code, MARKS, at="2999-01-01T00:00:00Z")
    answer = await accept_revision(jws, kid="courier", now=small.at)
    assert (answer.answer, answer.reason) == ("quarantined", "judge-not-admitted")
    row = await Device.select(Device.revoked_at).where(Device.kid == own.device.kid).first()
    assert row == {"revoked_at": None}


async def test_a_disabled_accounts_own_browser_has_no_session(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    one = await enrolled(client, small)
    await Device.update({Device.account: small.judges[0].account, Device.kind: "personal"}).where(
        Device.kid == one.device.kid
    )
    await one.get("/roster")
    await _disable(small.judges[0].account, small)
    await one.get("/roster", status=401)


async def test_nobody_writes_to_a_tablet_in_another_control_rooms_name(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest()
    other = await small_contest(code="other")
    one = await serving(client, small, small.judges[0])
    await Device.update({Device.account: small.judges[0].account, Device.kind: "personal"}).where(
        Device.kid == one.device.kid
    )
    from contests.actions import people

    await people.appoint(
        await other.actor("organiser"), other.contest, small.judges[0].account, Role.JUDGE
    )
    here = await make_account("clerk of one", (Role.CLERK, Scope("contest", str(small.contest))))
    room = await caller(client, here)
    path = f"/judging/tablets/{one.device.kid}/messages"
    await room.post(path, {"text": "Lunch.", "contest": str(small.contest)})
    refused = await room.post(path, {"text": "Go.", "contest": str(other.contest)}, status=403)
    assert slug(refused) == "forbidden"


async def test_a_roster_names_no_tablet_of_another_competition(client: httpx.AsyncClient) -> None:
    small, other = await small_contest(), await small_contest(code="other")
    seat = small.judges[0]
    one = await serving(client, small, seat)
    secret = await tablet(seat.account)
    await Device.update({Device.competition: other.competition}).where(Device.kid == secret.kid)
    beside = await tablet(seat.account)
    await Device.update({Device.competition: small.competition}).where(Device.kid == beside.kid)

    for told in ((await one.get("/roster"))["people"], [await one.beat()]):
        kids = {found["kid"] for person in told for found in person["elsewhere"]}
        assert kids == {beside.kid}


async def test_who_locks_anothers_pin_is_named(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    one = await enrolled(client, small)
    await give_pin(small.judges[0].account)
    await one.sign_in(small.judges[0].account, "000000", status=403)
    rows = await AuditEntry.select().where(AuditEntry.action == "pin.wrong")
    assert [one.device.kid in row["after"] for row in rows] == [True]


@pytest.mark.parametrize(
    "text", ["a" * 3_000_000, "a" * 17 + "." + "a" * 3_000_000, "ab." * 900_000]
)
def test_a_file_of_one_long_word_does_not_stop_the_server(text: str) -> None:
    began = time.process_time()
    assert read_file(text.encode()).findings
    assert time.process_time() - began < 5


async def test_a_leader_who_marks_sees_no_colleagues_marks_before_his_own_sheet(
    client: httpx.AsyncClient,
) -> None:
    """Neither in a conflict, nor in what was kept apart, nor by typing nonsense from paper."""
    from contests.judging.paper.sheets import paper_of
    from contests.judging.paper.typists import type_sheet

    small = await small_contest()
    colleague, own = small.judges[:2]
    code = await _first_code(small)
    scope = Scope("contest", str(small.contest))
    async with transaction():
        await grant_row(own.account, Role.GROUP_LEADER, scope)
        await grant_row(own.account, Role.CLERK, scope)
    await small.submit(colleague, code, MARKS)
    other = {**MARKS, "look": "20"}
    assert (await small.submit(colleague, code, other, base="")).answer == "conflict"
    colleague.device = await tablet()
    await small.submit(colleague, code, {**MARKS, "look": "11"})

    room = await caller(client, own.account)
    path = f"/contests/{small.contest}"
    (conflict,) = await room.get(f"{path}/conflicts")
    (kept,) = await room.get(f"{path}/quarantine")
    assert (conflict["unseen"], conflict["cells"]) == (True, [])
    assert (kept["unseen"], kept["changes"]) == (True, [])
    assert "30.5" not in json.dumps([conflict, kept])
    for part in ("conflicts", "quarantine"):
        page = await client.get(
            f"/judging/control/{small.contest}/{part}",
            headers={"Authorization": f"Bearer {room.token}", "Accept-Language": "en"},
        )
        assert "You still have to mark this work" in page.text
        assert "30.5" not in page.text
    paper = await paper_of(small.contest)
    theirs = next(s for s in paper.sheets if (s.code, s.judge.id) == (code, colleague.appointment))
    with pytest.raises(Conflict):
        raw = {aspect: {"value": "1"} for aspect in MARKS}
        await type_sheet(own.actor, small.contest, theirs.sheet, raw, now=small.at)

    await small.submit(own, code, MARKS)
    (conflict,) = await room.get(f"{path}/conflicts")
    (kept,) = await room.get(f"{path}/quarantine")
    assert conflict["cells"]
    assert kept["changes"]
