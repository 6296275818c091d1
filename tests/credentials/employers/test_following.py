"""Following certificates, and the messages that changes send: to a real receiver over a socket."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
import pytest_asyncio

from core import outbox
from core.db import transaction
from core.events import NameCorrected, ResultFinal
from core.privacy import change_person, erase_person
from core.security import SYSTEM
from core.settings import Settings
from core.tables import OutboxMessage
from core.web import limits
from credentials import actions
from credentials.employers import checking, delivering, reaching, webhooks
from credentials.employers.tables import Following, Webhook, WebhookDelivery
from credentials.lifecycle.settling import confirm, hold
from credentials.queries import certificates_of
from credentials.tables import Certificate
from tests.credentials.employers.kit import Office, follow, office
from tests.credentials.facts import (
    CONTEST,
    ORGANISER,
    SECOND,
    issued,
    issuers,
    person,
    result,
    tell,
)

pytestmark = pytest.mark.engine
NAME = "欧阳晓明"


@dataclass
class Receiver:
    """An employer's HTTP server. answers: what it says next, 204 when there is nothing left."""

    port: int = 0
    answers: list[bytes] = field(default_factory=list)
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/news?from=jiangxin"

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.heard]

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {k.lower(): v for k, _, v in (line.partition(": ") for line in head[1:] if line)}
        body = await reader.readexactly(int(headers["content-length"]))
        self.heard.append(({**headers, "line": head[0]}, body))
        writer.write(self.answers.pop(0) if self.answers else b"HTTP/1.1 204 No Content\r\n\r\n")
        await writer.drain()
        writer.close()


@pytest_asyncio.fixture
async def receiver(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Receiver]:
    """On this machine, which no employer's address may be otherwise."""
    monkeypatch.setattr(reaching, "reach", reaching.Reach(("http",), public=False))
    made = Receiver()
    server = await asyncio.start_server(made.answer, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    yield made
    server.close()
    await server.wait_closed()


@pytest.fixture(autouse=True)
def full_buckets() -> None:
    limits.forget()
    checking.misses._left.clear()


@pytest.fixture
async def one(database: Settings) -> Office:
    await issuers()
    return await office()


async def hooked(one: Office, receiver: Receiver) -> webhooks.NewWebhook:
    return await webhooks.add_webhook(one.actor, one.id, receiver.address)


# --- following ---------------------------------------------------------------------------------


async def test_with_the_paper_in_hand_or_number_and_name_a_certificate_is_followed(
    client: httpx.AsyncClient, one: Office
) -> None:
    first, second, third = [await issued(name=NAME) for _ in range(3)]

    answers = [
        await follow(client, one, certificate=first["qr_text"]),
        await follow(client, one, certificate=second["token"]),
        await follow(client, one, certificate=third["public_id"], name=NAME),
        await follow(client, one, certificate=first["qr_text"]),
    ]

    assert [answer.status_code for answer in answers] == [201] * 4
    listed = (await client.get("/api/employers/follows", headers=one.headers)).json()["items"]
    assert [item["id"] for item in listed] == sorted(c["public_id"] for c in (first, second, third))
    assert {(item["state"], item["version"]) for item in listed} == {("valid", 1)}
    assert NAME not in json.dumps(listed)

    gone = await client.delete(f"/api/employers/follows/{first['public_id']}", headers=one.headers)
    again = await client.delete(f"/api/employers/follows/{first['public_id']}", headers=one.headers)
    assert (gone.status_code, again.status_code) == (204, 404)


async def test_a_number_alone_or_with_another_name_follows_nothing(
    client: httpx.AsyncClient, one: Office
) -> None:
    good = await issued(name=NAME)

    answers = [
        await follow(client, one, certificate=good["public_id"]),
        await follow(client, one, certificate=good["public_id"], name="张三"),
        await follow(client, one, certificate="0000000000ZZ", name="张三"),
        await follow(client, one, certificate=good["qr_text"][:-9] + "AAAAAAAAA"),
        await follow(client, one, certificate="nothing of the kind"),
    ]

    assert {answer.status_code for answer in answers} == {409}
    assert len({answer.json()["detail"] for answer in answers}) == 1
    assert (await follow(client, one, certificate=" ")).status_code == 422
    assert await Following.count() == 0


async def test_another_employers_followed_certificates_and_addresses_are_not_there(
    client: httpx.AsyncClient, one: Office, receiver: Receiver
) -> None:
    good = await issued(name=NAME)
    other = await office("employer-other")
    await follow(client, other, certificate=good["qr_text"])
    hook = await hooked(other, receiver)

    mine = await client.get("/api/employers/follows", headers=one.headers)
    hooks = await client.get("/api/employers/webhooks", headers=one.headers)
    attacks = [
        await client.delete(f"/api/employers/follows/{good['public_id']}", headers=one.headers),
        await client.delete(f"/api/employers/webhooks/{hook.id}", headers=one.headers),
        await client.post(f"/api/employers/webhooks/{hook.id}/test", headers=one.headers),
    ]

    assert mine.json()["items"] == hooks.json() == []
    assert {attack.status_code for attack in attacks} == {404}
    assert await Following.count() == await Webhook.count() == 1


# --- messages ----------------------------------------------------------------------------------


async def test_a_message_that_failed_twice_arrives_the_third_time(
    client: httpx.AsyncClient,
    one: Office,
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    good = await issued(name=NAME)
    hook = await hooked(one, receiver)
    await follow(client, one, certificate=good["qr_text"])
    receiver.answers = [b"HTTP/1.1 500 Oops\r\n\r\n", b"HTTP/1.1 302 Found\r\nLocation: /x\r\n\r\n"]
    monkeypatch.setattr(delivering, "PAUSES", (timedelta(), timedelta(), timedelta()))

    await actions.suspend_certificate(SYSTEM, good["public_id"], reason="Under inquiry")
    await outbox.drain()

    assert len(receiver.heard) == 3
    headers, body = receiver.heard[-1]
    assert headers["line"] == "POST /news?from=jiangxin HTTP/1.1"
    assert hmac.compare_digest(*signatures(hook.secret, headers, body))
    told = json.loads(body)
    at = told.pop("at")
    assert at.endswith("Z")
    assert told == {
        "delivery": headers["jiangxin-delivery"],
        "change": "suspended",
        "id": good["public_id"],
        "old": {"state": "valid", "version": 1},
        "new": {"state": "suspended", "version": 1},
        "url": f"{good['qr_text'].partition('#')[0]}",
    }
    assert {headers["jiangxin-delivery"] for headers, _ in receiver.heard} == {told["delivery"]}
    assert NAME.encode() not in body
    message = (await webhooks.webhooks_of(one.id))[0].messages[0]
    assert (message.attempts, message.answer, message.next_at) == (3, "204", None)
    assert message.done_at is not None
    assert (await webhooks.webhooks_of(one.id))[0].failing_since is None


def signatures(secret: str, headers: dict[str, str], body: bytes) -> tuple[str, str]:
    time, _, sent = headers["jiangxin-signature"].removeprefix("t=").partition(",v1=")
    signed = time.encode() + b"." + body
    return sent, hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


async def test_every_kind_of_change_is_told_once_and_in_order(
    client: httpx.AsyncClient, one: Office, receiver: Receiver
) -> None:
    holder = await person("欧阳小明")
    await tell(ResultFinal(facts := result([holder])))
    good = (await certificates_of(CONTEST))[0]
    await hooked(one, receiver)
    await follow(client, one, certificate=good["qr_text"])
    row = await Certificate.select(Certificate.id).first()
    assert row is not None

    await actions.suspend_certificate(SYSTEM, good["public_id"], reason="Under inquiry")
    await outbox.drain()
    await actions.lift_suspension(SYSTEM, good["public_id"])
    await outbox.drain()
    async with transaction():
        await hold([row["id"]], datetime.now(UTC))
    await outbox.drain()
    async with transaction():
        await confirm([row["id"]])
    await outbox.drain()
    async with transaction():
        await change_person(holder, name=NAME)
        await outbox.put(NameCorrected(CONTEST, str(holder), ORGANISER))
    await outbox.drain()
    await tell(ResultFinal(result([holder], SECOND, entry=facts.entry, result_version=2)))
    await actions.revoke_certificate(SYSTEM, good["public_id"], reason="Forged papers")
    await outbox.drain()

    told = [(b["change"], b["new"]["state"], b["new"]["version"]) for b in receiver.bodies]
    assert told[:5] == [
        ("suspended", "suspended", 1),
        ("lifted", "valid", 1),
        ("under_correction", "under_correction", 1),
        ("confirmed", "valid", 1),
        ("corrected", "valid", 2),
    ]
    assert told[-1][:2] in (("revoked", "revoked"), ("revoked", "replaced"))
    for before, after in zip(receiver.bodies, receiver.bodies[1:], strict=False):
        assert before["new"] == after["old"]


async def test_nobody_hears_of_what_nobody_follows(one: Office, receiver: Receiver) -> None:
    good = await issued(name=NAME)
    await hooked(one, receiver)

    await actions.suspend_certificate(SYSTEM, good["public_id"], reason="Under inquiry")
    await outbox.drain()

    assert receiver.heard == []
    assert await WebhookDelivery.count() == 0


async def test_a_change_that_is_taken_back_with_its_transaction_tells_nobody(
    client: httpx.AsyncClient, one: Office, receiver: Receiver
) -> None:
    good = await issued(name=NAME)
    await hooked(one, receiver)
    await follow(client, one, certificate=good["qr_text"])

    with pytest.raises(ZeroDivisionError):
        async with transaction():
            row = await Certificate.select(Certificate.id).first()
            assert row is not None
            await hold([row["id"]], datetime.now(UTC))
            raise ZeroDivisionError
    await outbox.drain()

    assert receiver.heard == []


async def test_erasure_is_told_once_and_then_nothing_is_followed_any_more(
    client: httpx.AsyncClient, one: Office, receiver: Receiver
) -> None:
    holder = await person(NAME)
    await tell(ResultFinal(result([holder])))
    good = (await certificates_of(CONTEST))[0]
    await hooked(one, receiver)
    await follow(client, one, certificate=good["qr_text"])

    await erase_person(holder)
    await outbox.drain()

    assert [body["change"] for body in receiver.bodies] == ["erased"]
    assert await Following.count() == 0
    kept = [await Following.select(), await WebhookDelivery.select(), await Webhook.select()]
    assert NAME not in str(kept)


async def test_an_address_that_nobody_answers_at_is_switched_off_and_on_again(
    client: httpx.AsyncClient, one: Office, receiver: Receiver
) -> None:
    good = await issued(name=NAME)
    hook = await hooked(one, receiver)
    await follow(client, one, certificate=good["qr_text"])
    receiver.answers = [b"HTTP/1.1 500 Oops\r\n\r\n"] * 2

    await actions.suspend_certificate(SYSTEM, good["public_id"], reason="Under inquiry")
    await outbox.drain()
    waiting = (await webhooks.webhooks_of(one.id))[0]
    assert waiting.failing_since is not None
    assert waiting.messages[0].next_at is not None
    assert waiting.messages[0].next_at - waiting.messages[0].made_at >= delivering.PAUSES[0]

    long_ago = datetime.now(UTC) - timedelta(days=6)
    await Webhook.update({Webhook.failing_since: long_ago}).where(Webhook.id == hook.id)
    await due_now()
    await outbox.drain()
    off = (await webhooks.webhooks_of(one.id))[0]
    assert off.disabled_at is not None
    assert off.messages[0].given_up_at is not None
    refused = await client.post(f"/api/employers/webhooks/{hook.id}/test", headers=one.headers)
    assert refused.status_code == 409

    await actions.lift_suspension(SYSTEM, good["public_id"])
    await outbox.drain()
    assert len(receiver.heard) == 2  # while it was off nothing was sent
    await webhooks.switch_on(one.actor, one.id, hook.id)
    await actions.suspend_certificate(SYSTEM, good["public_id"], reason="Again")
    await outbox.drain()
    assert receiver.bodies[-1]["old"]["state"] == "valid"
    assert not await outbox.stuck()


async def due_now() -> None:
    await OutboxMessage.update({OutboxMessage.not_before: datetime.now(UTC)}).where(
        OutboxMessage.done_at.is_null()
    )


async def test_a_test_is_sent_once_whatever_is_answered(
    client: httpx.AsyncClient, one: Office, receiver: Receiver
) -> None:
    hook = await hooked(one, receiver)
    receiver.answers = [b"SSH-2.0-OpenSSH_9\r\n"]

    asked = await client.post(f"/api/employers/webhooks/{hook.id}/test", headers=one.headers)
    await outbox.drain()

    assert asked.status_code == 202
    assert receiver.bodies[0]["change"] == "test"
    assert receiver.bodies[0]["delivery"] == asked.json()["delivery"]
    shown = (await client.get("/api/employers/webhooks", headers=one.headers)).json()[0]
    assert shown["messages"][0]["answer"] == "answer"
    assert shown["messages"][0]["given_up_at"] is not None
    assert shown["failing_since"] is None


async def test_a_secret_is_sealed_and_never_shown_again(
    client: httpx.AsyncClient, one: Office, receiver: Receiver
) -> None:
    made = await client.post(
        "/api/employers/webhooks", headers=one.headers, json={"address": receiver.address}
    )

    secret = made.json()["secret"]
    row = await Webhook.select().first()
    listed = await client.get("/api/employers/webhooks", headers=one.headers)
    assert made.status_code == 201
    assert row is not None
    assert secret.encode() not in bytes(row["sealed_secret"])
    assert webhooks.secret_of(row) == secret
    assert secret not in listed.text
    assert UUID(made.json()["id"]) == row["id"]


async def test_a_message_is_taken_up_after_a_crash(
    client: httpx.AsyncClient, one: Office, receiver: Receiver
) -> None:
    good = await issued(name=NAME)
    await hooked(one, receiver)
    await follow(client, one, certificate=good["qr_text"])
    await actions.suspend_certificate(SYSTEM, good["public_id"], reason="Under inquiry")
    message = await WebhookDelivery.select(WebhookDelivery.id).first()
    assert message is not None

    event = delivering.WebhookDue(str(message["id"]))
    await delivering.perform(event)  # sent, and then the power fails
    await outbox.drain()

    assert len(receiver.heard) == 2
    assert receiver.heard[0][1] == receiver.heard[1][1]  # the same message with the same id
