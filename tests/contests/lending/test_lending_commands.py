"""Lending by command and by route: what each side prints and answers."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import httpx
import pytest

from contests.lending.borrowing import borrow_contest
from contests.lending.giving_back import give_back
from contests.lending.out import lend_contest
from contests.packages.archive import read_zip, write_zip
from contests.tables import Contest, LogEntry
from core.security import SYSTEM, Role
from core.settings import Settings
from tests.api.kit import caller
from tests.contests.lending.two_houses import House
from tests.factories_accounts import make_account
from tests.factories_contests import small_contest
from tests.fixtures.processes import environment_of, run_command

pytestmark = pytest.mark.engine


async def call(settings: Settings, *words: str, code: int = 0) -> str:
    done = await asyncio.to_thread(run_command, words, environment_of(settings))
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def shown(said: str) -> str:
    found = re.search(r"log: (\d+ entries, last hash [0-9a-f ]+)", said)
    assert found is not None, said
    return found[1]


async def test_a_contest_goes_out_and_comes_home_by_four_words(
    database: Settings, venue: House, tmp_path: Path
) -> None:
    small = await small_contest(entrants=2, judges=3)
    row = await Contest.select(Contest.code).where(Contest.id == small.contest).first()
    assert row is not None
    out, back = str(tmp_path / "loan.zip"), str(tmp_path / "return.zip")
    if not venue.settings.embedded:
        await call(venue.settings, "migrate")

    lent = await call(database, "lend", row["code"], "--to", venue.id, "--out", out)
    borrowed = await call(venue.settings, "borrow", out)
    given = await call(venue.settings, "give-back", row["code"], "--out", back)
    head = re.search(r"--head ([0-9a-f]+)", given)
    assert head is not None
    wrong = await call(database, "take-back", back, "--head", "0" * 12, code=2)
    taken = await call(database, "take-back", back, "--head", head[1])
    again = await call(database, "take-back", back, "--head", head[1])

    assert shown(lent) == shown(borrowed)
    assert shown(given) == shown(taken) == shown(again)
    assert "Compare both again" in wrong
    assert borrowed.count("/in/") == 4
    assert "1 entries came from the venue" in taken
    assert "nothing changed in its log" in again


async def test_a_loan_goes_out_and_home_over_http(
    client: httpx.AsyncClient, database: Settings, venue: House
) -> None:
    small = await small_contest(entrants=2, judges=3)
    organiser = await caller(client, small.accounts["organiser"])
    chief = await caller(client, small.accounts["chief"])
    path = f"/contests/{small.contest}/loans"

    refused = await chief.send("POST", path, {"installation": venue.id})
    answer = await organiser.send("POST", path, {"installation": venue.id})
    listed = await organiser.get(path)
    nobody = await organiser.post(path, {"installation": "the hall"}, status=422)

    assert refused.status_code == 403
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/zip"
    head, length = answer.headers["x-log-head"], int(answer.headers["x-log-length"])
    last = (
        await LogEntry.select()
        .where(LogEntry.contest == small.contest)
        .order_by(LogEntry.seq, ascending=False)
        .first()
    )
    assert last is not None
    assert (last["kind"], last["hash"], last["seq"]) == ("lent", head, length)
    assert [(one["head"], one["returned_at"]) for one in listed] == [(head, None)]
    assert nobody["findings"][0]["code"] == "loan-installation"

    async with venue.open():
        await borrow_contest(SYSTEM, read_zip(answer.content))
        back = await give_back(SYSTEM, small.contest)
    data = write_zip(back.files)
    home = f"/api/v1/contests/{small.contest}/homecoming"
    headers = {"Authorization": f"Bearer {organiser.token}", "Accept-Language": "en"}

    async def take(head: str) -> httpx.Response:
        files = {"data": ("return.zip", data, "application/zip")}
        return await client.post(home, params={"head": head}, files=files, headers=headers)

    wrong, taken, again = await take("0" * 8), await take(back.head[:8]), await take(back.head)

    assert wrong.status_code == 422, wrong.text
    assert wrong.json()["findings"][0]["code"] == "return-head"
    assert taken.status_code == 200, taken.text
    assert (taken.json()["head"], taken.json()["again"]) == (back.head, False)
    assert again.json()["again"] is True


async def test_the_same_loan_is_taken_in_and_given_back_over_http(
    client: httpx.AsyncClient, database: Settings, venue: House
) -> None:
    """This house plays the venue; the other one lent."""
    async with venue.open():
        small = await small_contest(entrants=2, judges=3)
        secrets = database.secrets
        assert secrets is not None
        organiser = await small.actor("organiser")
        package = await lend_contest(organiser, small.contest, secrets.installation)
    admin = await caller(client, await make_account(Role.ADMINISTRATOR))
    local = await caller(client, await make_account(Role.ORGANISER))
    headers = {"Authorization": f"Bearer {admin.token}"}
    files = {"data": ("loan.zip", write_zip(package.files), "application/zip")}

    taken = await client.post("/api/v1/loans", files=files, headers=headers)
    given = await local.send("POST", f"/contests/{small.contest}/return")
    again = await local.send("POST", f"/contests/{small.contest}/return")

    assert taken.status_code == 201, taken.text
    assert (taken.json()["head"], taken.json()["length"]) == (package.head, package.length)
    assert given.status_code == 200, given.text
    assert given.headers["x-log-head"] == again.headers["x-log-head"] != package.head
