"""A leader's link in the wrong hands: what it never tells, and how it ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import pytest

from contests.following.links import make_link
from contests.tables import FollowLink
from core.accounts import create_session
from core.audit import entries as audit_entries
from core.errors import Forbidden
from core.web import limits
from tests.factories_contests import small_contest


async def test_a_link_that_is_unknown_over_or_ended_answers_alike(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest()
    organiser = await small.actor("organiser")
    old = await make_link(organiser, small.contest, now=datetime.now(UTC) - timedelta(days=2))
    ended = await make_link(organiser, small.contest)
    await FollowLink.update({FollowLink.revoked_at: datetime.now(UTC)}).where(
        FollowLink.revoked_at.is_null()
    )

    answers = [await client.get(f"/follow/{token}") for token in (old, ended, "x" * 32, "y" * 5000)]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text.replace(str(answer.request.url.path), "") for answer in answers}) == 1


async def test_the_page_is_neither_kept_nor_found_nor_told_to_others(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest()
    token = await make_link(await small.actor("organiser"), small.contest)
    for address in (f"/follow/{token}", "/follow/nothing"):
        headers = (await client.get(address)).headers

        assert headers["cache-control"] == "no-store"
        assert "noindex" in headers["x-robots-tag"]
        assert headers["referrer-policy"] == "no-referrer"
    assert (await client.get(f"/follow/{token}")).headers["refresh"] == "20"
    assert "refresh" not in (await client.get(f"/follow/{token}?still=yes")).headers


async def test_nobody_guesses_a_link_quickly(client: httpx.AsyncClient) -> None:
    limits.forget()

    answers = [(await client.get(f"/follow/{uuid4().hex}")).status_code for _ in range(60)]

    assert 429 in answers


async def test_a_link_opens_nothing_but_its_own_page(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    token = await make_link(await small.actor("organiser"), small.contest)
    await client.get(f"/follow/{token}")

    page = await client.get(f"/console/contests/{small.contest}", headers={"Accept": "text/html"})
    api = await client.get(
        f"/api/v1/contests/{small.contest}", headers={"Authorization": f"Bearer {token}"}
    )
    posted = await client.post(f"/follow/{token}")

    assert (page.status_code, api.status_code, posted.status_code) == (303, 401, 405)


async def test_only_who_runs_the_contest_makes_a_link_and_the_audit_names_no_secret(
    client: httpx.AsyncClient,
) -> None:
    small, other = await small_contest(), await small_contest()
    with pytest.raises(Forbidden):
        await make_link(small.judges[0].actor, small.contest)
    with pytest.raises(Forbidden):
        await make_link(await other.actor("organiser"), small.contest)
    token = await make_link(await small.actor("clerk"), small.contest)

    written = str(await audit_entries(limit=500))

    assert "make_leaders_link" in written
    assert token not in written
    client.cookies.set("jiangxin", await create_session(small.judges[0].account))
    page = await client.get(
        f"/console/contests/{small.contest}/leader", headers={"Accept": "text/html"}
    )
    assert page.status_code == 403
