"""Who may see what of a stack, how much it takes, and that nothing of it is kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from piccolo.table import Table

from core.db import transaction
from core.registry import registry
from core.settings import Settings
from core.tables import Job, JobResult
from credentials import limits
from credentials.stacks import bounds, keeping
from credentials.stacks.tables import Stack, StackFile, StackInvitation, StackResult
from tests.credentials.facts import issued, issuers
from tests.credentials.stacks.kit import begun, blank, checked, id_in, link, pdf_of, sent

pytestmark = pytest.mark.engine
ALL: list[type[Table]] = [StackInvitation, Stack, StackFile, StackResult, Job, JobResult]


@pytest.fixture(autouse=True)
def full_buckets() -> Iterator[None]:
    registry()
    limits.guesses._left.clear()
    yield
    limits.guesses._left.clear()


async def everything() -> bytes:
    """All that the tables hold, as bytes: repr shows bytes escaped, so they are added as they are."""
    rows: list[dict[str, Any]] = [row for table in ALL for row in await table.select()]
    values = [value for row in rows for value in row.values()]
    return b"|".join(v if isinstance(v, bytes) else str(v).encode() for v in values)


async def test_one_link_cannot_read_another_s_stack(
    client: httpx.AsyncClient, database: Settings
) -> None:
    mine, other = await link(), await link()
    _, stack = await checked(client, mine, {"1.png": blank()})
    id = id_in(stack)

    answers = [
        await client.get(f"{other}/{id}"),
        await client.get(f"{other}/{id}/result/xlsx"),
        await client.get(f"{other}/{id}/result/pdf"),
        await client.get(f"/check/{'x' * 32}/{id}/result/xlsx"),
        await client.get(f"/check/{'x' * 32}"),
        await client.post(f"{other}/{id}/files", files=[("files", ("1.png", blank()))]),
        await client.post(f"{other}/{id}/send"),
        await client.post(f"{other}/{id}/cancel"),
        await client.post(f"{other}/{id}/again"),
        await client.get(f"{mine}/{id}/result/secret"),
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text.replace(str(answer.url.path), "") for answer in answers[3:5]}) == 1
    own = await client.get(f"{stack}/result/xlsx")
    assert own.status_code == 200
    assert own.headers["cache-control"] == "no-store"
    assert own.headers["x-robots-tag"] == "noindex, nofollow"


async def test_guessing_links_is_slow(
    client: httpx.AsyncClient, database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits.guesses, "per_second", 0.001)

    codes = [(await client.get(f"/check/{n:032d}")).status_code for n in range(70)]

    assert codes[0] == 404
    assert codes[-1] == 429


async def test_a_link_ends_after_its_uses_and_its_days(
    client: httpx.AsyncClient, database: Settings
) -> None:
    at = await link(uses=1)
    await begun(client, at)
    used_up = await client.post(at, headers={"Accept-Language": "en"})
    old = await link()
    past = datetime.now(UTC) - timedelta(minutes=1)
    await StackInvitation.update({StackInvitation.expires_at: past}, force=True)

    over = await client.post(old, headers={"Accept-Language": "en"})

    assert (used_up.status_code, over.status_code) == (409, 409)
    assert "over or used up" in used_up.text
    assert (await client.get(old)).status_code == 200  # what was checked with it is still there


async def test_what_is_too_much_is_named_and_the_rest_is_kept(
    client: httpx.AsyncClient, database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "FILES", 2)
    monkeypatch.setattr(bounds, "FILE_BYTES", 50_000)
    stack = await begun(client, await link())
    files = {"large.png": b"x" * 50_001, "1.png": blank(), "empty.pdf": b"", "2.png": blank(), "3.png": blank()}  # fmt: skip

    answer = await sent(client, stack, files)
    nothing = await client.post(f"{stack}/files", files=[("files", ("", b""))])
    alone = await client.post(
        f"{stack}/files",
        files=[("files", ("4.png", blank()))],
        headers={"x-one-file": "yes", "Accept-Language": "en"},
    )

    assert answer.status_code == 422
    for name in ("large.png", "empty.pdf", "3.png"):
        assert f"<li>{name} " in answer.text
    assert await StackFile.count() == 2
    assert nothing.status_code == 422
    assert alone.json()["wrong"][0].startswith("4.png")
    assert (await client.post(f"{stack}/send")).status_code == 303
    assert (await sent(client, stack, {"late.png": blank()})).status_code == 409


async def test_nothing_of_a_stack_is_readable_in_the_database_nor_left_when_its_time_is_over(
    client: httpx.AsyncClient, database: Settings
) -> None:
    await issuers()
    one = await issued(name="欧阳晓明")
    pdf = await pdf_of(one)
    at = await link()
    stack = await begun(client, at)
    await sent(client, stack, {"欧阳晓明.pdf": pdf})
    held = await everything()
    rows, other = await checked(client, at, {"欧阳晓明.pdf": pdf})
    made = await everything()

    assert rows[0]["Name as signed"] == "欧阳晓明"
    for stored in (held, made):
        assert "欧阳晓明".encode() not in stored
        assert one["public_id"].encode() not in stored
        assert pdf[:200] not in stored
    assert not await StackFile.exists().where(StackFile.stack == id_in(other))

    await later(bounds.KEEP_FILES)
    assert not await StackFile.exists()
    assert await StackResult.count() == 2
    await later(bounds.KEEP_RESULTS)
    assert not await StackResult.exists()
    assert {row["wrapped_key"] for row in await Stack.select()} == {None}
    gone = await client.get(f"{other}/result/xlsx", headers={"Accept-Language": "en"})
    assert "Everything of this stack was deleted" in gone.text
    assert (await StackInvitation.select())[0][
        "used"
    ] == 1  # the one that was never sent counts not


async def later(passed: timedelta) -> None:
    """As if so much more time had passed, and the clock's events had come."""
    rows = await Stack.select()
    for row in rows:
        moved = {Stack.created_at: row["created_at"] - passed - timedelta(minutes=1)}
        if row["made_at"]:
            moved[Stack.made_at] = row["made_at"] - (passed if passed > bounds.KEEP_FILES else timedelta())  # fmt: skip
        await Stack.update(moved).where(Stack.id == row["id"])
    async with transaction():
        await keeping.forget_due([keeping.StackDue(str(row["id"])) for row in rows])
