"""A copy by a button, and one by itself whenever a contest comes into another state."""

from __future__ import annotations

import asyncio
import io
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from admin.backup import on_change
from admin.backup.manifest import check, copies_in
from admin.backup.on_change import EFFECT, OWN_FOLDER, STATES
from contests.actions import setup
from contests.tables import Contest
from core import jobs, outbox
from core.accounts import create_session
from core.notices import standing
from core.security import Role, actor_of
from core.settings import Settings, current, load, use
from core.tables import AuditEntry, OutboxMessage
from tests.factories_accounts import log_in_browser, make_account
from tests.factories_contests import small_contest
from tests.fixtures.processes import ROOT, Server, environment_of

HTML = {"Accept": "text/html"}


async def test_an_administrator_makes_a_copy_and_takes_it_away(client: httpx.AsyncClient) -> None:
    account = await make_account(Role.ADMINISTRATOR)
    token = await log_in_browser(client, account)
    form = {"csrf_token": token}

    asked = await client.post("/console/copies", data=form, headers=HTML)
    await outbox.drain()
    job = await jobs.read_job(await actor_of(account), UUID(asked.headers["location"][-36:]))
    page = await client.get("/console/copies", headers=HTML)
    folder = current().data / OWN_FOLDER
    copy = copies_in(folder)[0]
    file = await client.post(f"/console/copies/{copy.name}", data=form)

    assert job.state == "done"
    assert copy.name in page.text
    check(copy)
    with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
        assert f"{copy.name}/manifest.json" in archive.namelist()
        for name in archive.namelist():
            assert archive.read(name) == (folder / name).read_bytes()
    assert list(folder.parent.glob("*.zip")) == []
    taken = await AuditEntry.select().where(AuditEntry.action == "copy.taken").first()
    assert taken is not None
    assert taken["account"] == account


async def test_copies_are_for_administrators_of_the_installation_alone(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest(until="draft")
    token = await log_in_browser(client, small.accounts["organiser"])

    for address in ("/console/copies", "/console/copies/jiangxin-00000000-000001-x"):
        answer = await client.post(address, data={"csrf_token": token}, headers=HTML)
        assert answer.status_code == 403
    assert (await client.get("/console/copies", headers=HTML)).status_code == 403


async def test_a_copy_that_is_not_there_is_not_made_up(client: httpx.AsyncClient) -> None:
    token = await log_in_browser(client, await make_account(Role.ADMINISTRATOR))

    for name in ("none", "..%2Fsecrets.toml", "secrets.toml"):
        answer = await client.post(f"/console/copies/{name}", data={"csrf_token": token})
        assert answer.status_code == 404


@pytest.mark.engine
async def test_each_change_of_state_is_told_of_once(database: Settings) -> None:
    small = await small_contest()
    await small.judge_everything()
    await small.close()
    await small.finish()

    rows = await OutboxMessage.select().where(OutboxMessage.handler == EFFECT.name)
    bodies = " ".join(str(row["body"]) for row in rows)

    for state in ("ready", "judging", "closed", "signed", "published", "final"):
        assert bodies.count(f'"state":"{state}"') == 1


async def test_a_change_of_state_leaves_a_whole_copy_in_the_configured_folder(
    database: Settings, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    use(replace(database, copy_to=stick, copy_keep=2, copy_states=True))
    (stick / "jiangxin-copies.json").write_text("{}")  # adopted when the server was started
    small = await small_contest(until="ready")
    await outbox.drain()
    first = copies_in(stick / STATES)
    await small_contest(until="ready")
    await outbox.drain()
    await small_contest(until="ready")
    await outbox.drain()

    copies = copies_in(stick / STATES)

    assert len(first) == 1
    contests = check(first[0]).contests if first[0].exists() else ()
    assert len(copies) == 2
    marks = {mark.code: mark.state for mark in check(copies[0]).contests}
    assert len(marks) == 3
    assert set(marks.values()) == {"ready"}
    assert contests == ()  # the oldest went when the third came
    made = await AuditEntry.select().where(AuditEntry.action == "copy.made")
    assert str(small.contest) in {row["scope_id"] for row in made}


async def test_a_stick_that_is_away_is_waited_for_and_never_replaced_by_the_disk(
    database: Settings, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    use(replace(database, copy_to=stick, copy_states=True))
    await small_contest(until="ready")
    await outbox.drain()

    row = await OutboxMessage.select().where(OutboxMessage.handler == EFFECT.name).first()

    assert row is not None
    assert (row["attempts"], row["done_at"]) == (1, None)
    assert not stick.exists()


def test_copies_of_changes_are_made_without_any_setting(settings: Settings) -> None:
    assert load({"JIANGXIN_DATA": str(settings.data)}).copy_states


async def test_where_they_are_switched_off_nothing_is_copied_by_itself(database: Settings) -> None:
    await small_contest(until="ready")
    await outbox.drain()

    assert not (database.data / OWN_FOLDER).exists()
    assert not await AuditEntry.exists().where(AuditEntry.action == "copy.made")


@pytest.mark.engine
async def test_a_server_started_without_any_word_copies_each_change_of_state_by_itself(
    database: Settings, start_server: Callable[..., Server]
) -> None:
    server = start_server(by_default(database))
    with delivering(database):
        small = await small_contest(until="ready")
        folder = database.data / OWN_FOLDER / STATES
        await until(lambda: bool(folder.is_dir() and copies_in(folder)))
        await setup.cancel_contest(await small.actor("organiser"), small.contest)
        await until(lambda: len(copies_in(folder)) == 2)
        async with await administrator(server) as client:
            page = (await client.get("/console/copies?lang=en", headers=HTML)).text

    newest = check(copies_in(folder)[0])
    assert page.count("a contest changed its state") == 2
    assert f"{newest.size / 1048576:.1f} MB" in page
    assert "they help against a mistake" in page
    assert 'id="no-copy"' not in page


@pytest.mark.engine
async def test_a_copy_that_can_not_be_made_holds_up_no_contest_and_is_said_until_it_works(
    database: Settings, start_server: Callable[..., Server]
) -> None:
    (database.data / OWN_FOLDER).write_text("a file in the way")
    server = start_server(by_default(database))
    small = await small_contest(until="ready")
    await setup.cancel_contest(await small.actor("organiser"), small.contest)

    async with await administrator(server) as client:
        page = ""
        with delivering(database):
            for _ in range(300):
                page = (await client.get("/console/copies?lang=en", headers=HTML)).text
                if 'id="no-copy"' in page:
                    break
                await asyncio.sleep(0.1)
        health = (await client.get("/healthz")).json()

    state = await Contest.select(Contest.state).where(Contest.id == small.contest).first()
    assert state == {"state": "cancelled"}
    assert "No copy could be made in" in page
    assert "It is tried again by itself." in page
    if database.embedded:  # elsewhere it is the worker that knows
        assert "copies-of-changes" in str(health)


async def test_a_disk_that_is_nearly_full_is_left_to_the_database(
    database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(replace(database, copy_states=True))
    await small_contest(until="ready")
    await outbox.drain()
    first = copies_in(database.data / OWN_FOLDER / STATES)
    monkeypatch.setattr(on_change, "SPARE", 10**18)
    await small_contest(until="ready")
    await outbox.drain()

    (late,) = await on_change.waiting()
    (said,) = [one.finding for one in standing() if one.name == on_change.TROUBLE]

    assert copies_in(database.data / OWN_FOLDER / STATES) == first
    assert (late.state, late.tries, late.given_up) == ("ready", 1, False)
    assert said.code == "copy-disk-full"
    assert str(check(first[0]).made_at.year) in said.params["at"]


@contextmanager
def delivering(settings: Settings) -> Iterator[None]:
    """Beside PostgreSQL a worker of its own makes the copies; embedded, the server does."""
    if settings.embedded:
        yield
        return
    command = [sys.executable, "-m", "core", "worker"]
    worker = subprocess.Popen(command, cwd=ROOT, env=by_default(settings))
    try:
        yield
    finally:
        worker.kill()
        worker.wait()


def by_default(settings: Settings) -> dict[str, str]:
    """Nothing is said about copies."""
    found = environment_of(settings)
    return {name: value for name, value in found.items() if "_COPY_" not in name}


async def administrator(server: Server) -> httpx.AsyncClient:
    session = await create_session(await make_account(Role.ADMINISTRATOR))
    return httpx.AsyncClient(base_url=server.url, cookies={"jiangxin": session}, timeout=30)


async def until(true: Callable[[], bool]) -> None:
    for _ in range(300):
        if true():
            return
        await asyncio.sleep(0.1)
    pytest.fail("It did not come about.")
