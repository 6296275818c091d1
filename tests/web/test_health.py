"""/healthz: may this process be sent requests?"""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import httpx

from core import db
from core.registry import DisabledPlugin, Registry, registry, use_registry
from core.tables import Installation, OutboxMessage


async def test_a_well_installation_says_which_engine_and_queue_it_has(
    client: httpx.AsyncClient,
) -> None:
    use_registry(Registry(registry().plugins))

    answer = await client.get("/healthz")

    body = answer.json()
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert body["status"] == "ok"
    assert body["engine"] == db.engine().engine_type
    assert (body["waiting"], body["stuck"], body["disabled_plugins"]) == (0, 0, [])


async def test_a_disabled_plugin_is_named_and_takes_nobody_out_of_service(
    client: httpx.AsyncClient,
) -> None:
    use_registry(Registry(registry().plugins, [DisabledPlugin("woodwork", "can't be imported")]))

    answer = await client.get("/healthz")

    assert answer.status_code == 200
    assert answer.json()["status"] == "degraded"
    assert answer.json()["disabled_plugins"] == ["woodwork"]


async def test_stuck_messages_are_counted(client: httpx.AsyncClient) -> None:
    now = datetime.now(UTC)
    await OutboxMessage.insert(
        *(
            OutboxMessage(
                id=uuid4(), handler="h", event="E", body="{}", created_at=now, not_before=now,
                stuck_at=stuck,
            )
            for stuck in (now, now, None)
        )
    )  # fmt: skip

    body = (await client.get("/healthz")).json()

    assert (body["status"], body["stuck"], body["waiting"]) == ("degraded", 2, 3)


async def test_without_its_database_it_is_down(client: httpx.AsyncClient) -> None:
    await db.close_database()

    answer = await client.get("/healthz")

    assert answer.status_code == 503
    assert (answer.json()["status"], answer.json()["engine"]) == ("down", "unreachable")


async def test_a_database_that_is_nobodys_is_down(client: httpx.AsyncClient) -> None:
    await Installation.delete(force=True)

    assert (await client.get("/healthz")).status_code == 503
