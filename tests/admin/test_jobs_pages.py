"""Long work on its pages: how far it is, its end, its result, and none of it for strangers."""

from __future__ import annotations

from uuid import uuid4

import httpx

from core import jobs, outbox
from core.jobs import JobContext, JobKind
from core.scoring.model import Finding
from core.security import INSTALLATION, actor_of
from tests.factories_accounts import log_in_browser, make_account

HTML = {"Accept": "text/html"}


async def work(context: JobContext) -> None:
    await context.progress(1, 2)
    if context.params.get("fails"):
        await context.failed("row 7", Finding("/rows/7", "missing-key", {"key": "name"}))
    await context.result("名单".encode(), "名单.csv", "text/csv")


KIND = JobKind(f"pages-{uuid4().hex}", "Contests", work)


async def test_a_page_shows_the_work_until_it_has_ended(client: httpx.AsyncClient) -> None:
    jobs.register(KIND)
    account = await make_account()
    await log_in_browser(client, account)
    job = await jobs.start_job(
        await actor_of(account), KIND.name, INSTALLATION, {"fails": True}, total=2
    )
    path = f"/console/jobs/{job}"

    waiting = await client.get(path, headers=HTML)
    card = await client.get(f"{path}/card", headers=HTML)
    await outbox.drain()
    ended = await client.get(path, headers=HTML)
    listed = await client.get("/console/jobs", headers=HTML)
    file = await client.get(f"{path}/result")

    assert 'http-equiv="refresh"' in waiting.text
    assert 'hx-trigger="every 2s"' in waiting.text
    assert 'hx-trigger="every 2s"' in card.text
    assert "hx-trigger" not in ended.text
    assert "refresh" not in ended.text
    assert "row 7" in ended.text
    assert path in listed.text
    assert file.content.decode() == "名单"
    assert "filename*=UTF-8''%E5%90%8D%E5%8D%95.csv" in file.headers["content-disposition"]
    assert file.headers["cache-control"] == "no-store"


async def test_work_is_cancelled_and_tried_again_by_buttons(client: httpx.AsyncClient) -> None:
    jobs.register(KIND)
    account = await make_account()
    token = await log_in_browser(client, account)
    by = await actor_of(account)
    job = await jobs.start_job(by, KIND.name, INSTALLATION, {})
    path, form = f"/console/jobs/{job}", {"csrf_token": token}

    cancelled = await client.post(f"{path}/cancel", data=form, headers=HTML)
    twice = await client.post(f"{path}/cancel", data=form, headers=HTML)
    assert (await jobs.read_job(by, job)).state == "cancelled"
    again = await client.post(f"{path}/again", data=form, headers=HTML)
    await outbox.drain()

    assert (cancelled.status_code, twice.status_code, again.status_code) == (303, 409, 303)
    assert 'role="alert"' in twice.text
    assert (await jobs.read_job(by, job)).state == "done"


async def test_somebody_elses_work_is_not_there(client: httpx.AsyncClient) -> None:
    jobs.register(KIND)
    owner = await actor_of(await make_account())
    job = await jobs.start_job(owner, KIND.name, INSTALLATION, {})
    token = await log_in_browser(client, await make_account())

    listed = await client.get("/console/jobs", headers=HTML)

    assert str(job) not in listed.text
    for path in ("", "/card", "/result"):
        assert (await client.get(f"/console/jobs/{job}{path}", headers=HTML)).status_code == 404
    for verb in ("cancel", "again"):
        answer = await client.post(
            f"/console/jobs/{job}/{verb}", data={"csrf_token": token}, headers=HTML
        )
        assert answer.status_code == 404
    assert (await jobs.read_job(owner, job)).state == "asked"
