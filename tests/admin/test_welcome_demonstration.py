"""The demonstration beside a real installation, as background work. What is played is proved in
test_demonstration.py; here a short play stands for it."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from admin.console.first_run import demonstration
from admin.demonstration.facts import MEETINGS
from core import jobs, outbox
from core.accounts import create_account, grant
from core.errors import Forbidden
from core.organisations import create_organisation
from core.security import SYSTEM, Role, actor_of
from core.tables import Account
from tests.factories_accounts import log_in_browser, make_account

pytestmark = pytest.mark.usefixtures("client")
HTML = {"Accept": "text/html", "Accept-Language": "en"}


class ShortPlay:
    """Founds what the play founds first, and tells of three steps."""

    waits = False

    def __init__(self, client: httpx.AsyncClient, report: Any) -> None:
        self._client, self._report = client, report

    async def run(self) -> None:
        step = self._report.step("筹备", 3)
        made = await create_account(SYSTEM, login="demo-administrator")
        await grant(SYSTEM, made, Role.ADMINISTRATOR)
        await create_organisation(
            SYSTEM, code=MEETINGS[0].organiser, title={"en": "Demo"}, kind="organiser"
        )
        (await self._client.get("/healthz")).read()
        step.advance(3)
        while self.waits:
            await asyncio.sleep(0.02)


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> type[ShortPlay]:
    monkeypatch.setattr(demonstration, "Demonstration", ShortPlay)
    monkeypatch.setattr(ShortPlay, "waits", False)
    return ShortPlay


async def is_administrator(login: str) -> bool:
    row = await Account.select(Account.id).where(Account.login == login).first()
    assert row is not None
    return (await actor_of(row["id"])).may("installation.manage")


async def test_the_button_plays_it_in_the_background_and_leaves_no_second_administrator(
    client: httpx.AsyncClient,
) -> None:
    root = await make_account(Role.ADMINISTRATOR, login="root")
    csrf = await log_in_browser(client, root)

    asked = await client.post(
        "/console/welcome/demonstration", data={"csrf_token": csrf}, headers=HTML
    )
    await outbox.drain()
    [job] = await jobs.jobs_for(await actor_of(root))
    welcome = await client.get("/console/welcome", headers=HTML)
    again = await client.post(
        "/console/welcome/demonstration", data={"csrf_token": csrf}, headers=HTML
    )

    assert asked.headers["location"] == f"/console/jobs/{job.id}"
    assert (job.state, job.done, job.total) == (jobs.DONE, 3, 3)
    assert not await is_administrator("demo-administrator")
    assert await is_administrator("root")
    assert "Load the demonstration" not in welcome.text
    assert again.status_code == 409


async def test_a_cancelled_play_ends_and_leaves_no_administrator_either(
    short: type[ShortPlay], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(short, "waits", True)
    root = await actor_of(await make_account(Role.ADMINISTRATOR))
    job = await demonstration.load(root)

    playing = asyncio.create_task(outbox.drain())
    while (await jobs.read_job(root, job)).done < 3:
        await asyncio.sleep(0.02)
    await jobs.cancel_job(root, job)
    await playing

    assert (await jobs.read_job(root, job)).state == jobs.CANCELLED
    assert not await is_administrator("demo-administrator")


async def test_it_is_the_administrators_to_load() -> None:
    with pytest.raises(Forbidden):
        await demonstration.load(await actor_of(await make_account(Role.ORGANISER)))
