"""Keys of employers' programs: what they open, how they end, and what a thief can do with a hash."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from core.errors import Invalid, NotFound
from core.settings import Settings
from core.web import limits
from credentials import limits as misses
from credentials.employers import asking
from credentials.employers.keys import (
    MOST_KEYS,
    KeyOver,
    caller_of,
    keys_of,
    make_key,
    revoke_key,
    rotate_key,
)
from credentials.employers.tables import EmployerKey
from tests.credentials.employers.kit import Office, bearing, office
from tests.credentials.facts import issued, issuers
from tests.factories_accounts import log_in_browser, make_account

pytestmark = pytest.mark.engine


@pytest.fixture(autouse=True)
def full_buckets() -> None:
    limits.forget()
    asking.wrong_keys._left.clear()
    misses.forgeries._left.clear()


@pytest.fixture
async def one(database: Settings) -> Office:
    return await office()


async def listed(client: httpx.AsyncClient, key: str) -> int:
    found = await client.get("/api/employers/follows", headers=bearing(key))
    return found.status_code


async def test_a_key_opens_what_its_scopes_say_and_tells_how_much_is_left(
    client: httpx.AsyncClient, one: Office
) -> None:
    narrow = await make_key(one.actor, one.id, name="reader", scopes=["verify"], days=1)

    found = await client.get("/api/employers/follows", headers=one.headers)
    refused = await client.get("/api/employers/follows", headers=bearing(narrow.text))
    without = await client.get("/api/employers/follows")

    assert found.status_code == 200
    assert (found.headers["ratelimit-limit"], found.headers["ratelimit-remaining"]) == (
        "120",
        "119",
    )
    assert refused.status_code == 403
    assert "follow" in refused.json()["detail"]
    assert without.status_code == 401


async def test_only_a_hash_is_kept_and_it_opens_nothing(
    client: httpx.AsyncClient, one: Office
) -> None:
    row = await EmployerKey.select().first()

    assert row is not None
    assert one.key not in str(row)
    for stolen in (row["secret_hash"], f"jx_{row['prefix']}_{row['secret_hash'][:43]}"):
        assert await caller_of(stolen) is None
    assert await listed(client, f"jx_{row['prefix']}_{row['secret_hash'][:43]}") == 401


async def test_a_revoked_an_expired_and_an_unknown_key_are_refused_alike(
    client: httpx.AsyncClient, one: Office
) -> None:
    key = (await keys_of(one.id))[0]
    later = datetime.now(UTC) + timedelta(days=31)

    assert await caller_of(one.key) is not None
    assert await caller_of(one.key, now=later) is None
    await revoke_key(one.actor, one.id, key.id)

    answers = [
        await client.get("/api/employers/follows", headers=bearing(text))
        for text in (one.key, one.key[:-1] + "x", "jx_nonsense", "jx_")
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.json()["detail"] for answer in answers}) == 1


async def test_after_a_rotation_both_keys_go_on_for_as_long_as_was_chosen(one: Office) -> None:
    key = (await keys_of(one.id))[0]

    made = await rotate_key(one.actor, one.id, key.id, hours=24)

    soon, later = (datetime.now(UTC) + timedelta(hours=hours) for hours in (23, 25))
    assert await caller_of(one.key, now=soon) is not None
    assert await caller_of(one.key, now=later) is None
    new = await caller_of(made.text, now=later)
    assert new is not None
    assert new.scopes == frozenset(key.scopes)
    with pytest.raises(KeyOver):
        await rotate_key(one.actor, one.id, key.id, hours=0)
    assert {known.state for known in await keys_of(one.id)} == {"in_use", "ending"}


async def test_a_rotation_without_an_overlap_ends_the_old_key_at_once(one: Office) -> None:
    key = (await keys_of(one.id))[0]

    await rotate_key(one.actor, one.id, key.id, hours=0)

    assert await caller_of(one.key) is None


async def test_everything_wrong_with_a_new_key_is_said_at_once(one: Office) -> None:
    with pytest.raises(Invalid) as wrong:
        await make_key(one.actor, one.id, name=" ", scopes=["everything"], days=9999)

    assert [f.code for f in wrong.value.findings] == [
        "credentials.key-name",
        "credentials.key-scopes",
        "credentials.key-days",
    ]
    for n in range(MOST_KEYS - 1):
        await make_key(one.actor, one.id, name=f"program {n}", scopes=["verify"], days=1)
    with pytest.raises(Invalid) as many:
        await make_key(one.actor, one.id, name="one more", scopes=["verify"], days=1)
    assert many.value.findings[0].code == "credentials.key-many"


async def test_another_employers_key_can_t_be_seen_revoked_or_rotated(
    client: httpx.AsyncClient, one: Office
) -> None:
    other = await office("employer-other")
    theirs = (await keys_of(other.id))[0]

    for attack in (
        revoke_key(one.actor, one.id, theirs.id),
        revoke_key(one.actor, other.id, theirs.id),
        rotate_key(one.actor, one.id, theirs.id, hours=0),
    ):
        with pytest.raises(NotFound):
            await attack
    await log_in_browser(client, one.account)
    page = await client.get(f"/employers/{other.id}", headers={"Accept": "text/html"})
    own = await client.get(f"/employers/{one.id}", headers={"Accept": "text/html"})
    assert (page.status_code, own.status_code) == (404, 200)
    assert await caller_of(other.key) is not None


async def test_a_key_is_no_log_in_and_a_log_in_is_no_key(
    client: httpx.AsyncClient, one: Office
) -> None:
    me = await client.get("/api/v1/me", headers=one.headers)
    await log_in_browser(client, await make_account())
    follows = await client.get("/api/employers/follows")

    assert (me.status_code, follows.status_code) == (401, 401)


async def test_a_key_has_a_rate_of_its_own_and_says_when_to_come_again(
    client: httpx.AsyncClient, one: Office
) -> None:
    answers = [
        await client.post("/api/employers/spreadsheet", headers=one.headers, content=b"x")
        for _ in range(7)
    ]

    assert [answer.status_code for answer in answers] == [422] * 6 + [429]
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 10
    assert answers[-1].headers["ratelimit-remaining"] == "0"
    assert await listed(client, one.key) == 200  # another scope has its own


async def test_verifying_with_a_key_counts_for_the_key_and_not_for_the_address(
    client: httpx.AsyncClient, one: Office
) -> None:
    await issuers()
    certificate = await issued(name="欧阳晓明")
    for _ in range(600):
        misses.forgeries.miss("127.0.0.1")

    blocked = await client.post("/api/verify", content=certificate["token"])
    by_number = await verified(client, one, certificate["public_id"])
    in_hand = await verified(client, one, certificate["token"])

    assert blocked.status_code == 429
    assert by_number["verdict"] == in_hand["verdict"] == "valid"
    assert "欧阳晓明" not in str(by_number)
    assert "欧阳晓明" in str(in_hand)
    misses.forgeries._left.clear()
    wrong = await client.post("/api/verify", headers=bearing("jx_wrong"), content="7K3M9QXT2F4H")
    assert wrong.status_code == 401


async def verified(client: httpx.AsyncClient, one: Office, content: str) -> dict[str, Any]:
    answer = await client.post("/api/verify", headers=one.headers, content=content)
    assert answer.headers["ratelimit-limit"] == "600"
    found: dict[str, Any] = answer.json()
    return found
