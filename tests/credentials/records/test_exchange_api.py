"""An authority's own database: it pulls with ETags, and hears by signed messages of what changed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio

from core.db import transaction
from core.events import CertificateRevoked, NameCorrected
from core.outbox import drain
from core.privacy import erase_person
from core.security import SYSTEM, Actor
from core.web import limits
from credentials.consents.actions import give
from credentials.employers import asking, reaching
from credentials.employers.keys import EXCHANGE
from credentials.records.exchange import access, noticing
from credentials.records.exchange.noticing import CHANGES
from credentials.records.exchange.undoing import take_back
from credentials.records.exchange.words import CHANGES as CHANGE_WORDS
from credentials.records.honours import withdrawing
from credentials.records.honours.entering import Entry, record_elsewhere
from credentials.records.honours.tables import HonourCase
from credentials.records.levels import holding
from credentials.records.people import Who
from credentials.records.tables import HeldLevel
from tests.credentials.employers.test_docs_example import example
from tests.credentials.records.kit import MEDAL, PROOF, PROVINCE, ZHANG, organiser_of
from tests.credentials.records.listing import line, people, taken

pytestmark = pytest.mark.engine
HONOURS, LEVELS = "/api/exchange/honours", "/api/exchange/levels"


@pytest.fixture(autouse=True)
def full_buckets() -> None:
    limits.forget()
    asking.wrong_keys._left.clear()


async def bearer(by: Actor, keeper: str = PROVINCE) -> dict[str, str]:
    made = await access.make_key(by, keeper, name="省数据库", days=30)
    return {"Authorization": f"Bearer {made.text}", "Accept-Language": "en"}


async def listed(client: httpx.AsyncClient, headers: dict[str, str], path: str = HONOURS) -> Any:
    return (await client.get(path, headers=headers)).json()["items"]


async def test_an_authority_pulls_its_honours_and_levels(client: httpx.AsyncClient) -> None:
    by, _ = await people()
    await taken(by, line("honours"), line("levels"))
    headers = await bearer(by)

    (honour,) = await listed(client, headers)
    (level,) = await listed(client, headers, LEVELS)

    assert honour | {"id": "", "person": ""} == {
        "id": "", "holder": "person", "person": "", "name": "", "code": MEDAL,
        "title": honour["title"], "tier": "provincial", "city": "", "document": "粤工〔2018〕7号",
        "granted_on": "2018-04-28", "state": "granted", "withdrawn_on": "", "reason": "",
        "withdrawal_document": "", "paper": True,
    }  # fmt: skip
    assert (level["number"], level["state"], level["paper"]) == ("S000044010326243000123", "granted", True)  # fmt: skip
    assert honour["person"] == level["person"] != ""
    one = await client.get(f"{HONOURS}/{honour['id']}", headers=headers)
    other = await client.get(f"{LEVELS}/{level['id']}", headers=headers)
    assert (one.json(), other.json()) == (honour, level)


async def test_a_name_is_there_once_its_holder_agreed(client: httpx.AsyncClient) -> None:
    by, _ = await people()
    await taken(by, line("honours"))
    headers = await bearer(by)
    (before,) = await listed(client, headers)

    async with transaction():
        row = await HonourCase.select(HonourCase.person).first()
        assert row is not None
        await give(row["person"], "name", source="Form 7", by=None)
    (after,) = await listed(client, headers)

    assert (before["name"], after["name"]) == ("", "张伟")


async def test_pages_follow_each_other_whatever_comes_meanwhile(client: httpx.AsyncClient) -> None:
    by, _ = await people()
    lines = [
        line("honours", at=n, name=f"测试单位{n}", document="", honour="national_may_day_certificate")
        for n in range(2, 7)
    ]  # fmt: skip
    await taken(by, *lines[:4])
    headers, seen, after = await bearer(by), list[str](), ""
    while True:
        found = await client.get(HONOURS, headers=headers, params={"limit": 3, "after": after})
        seen += [one["name"] for one in found.json()["items"]]
        after = found.json()["next"]
        if len(seen) == 3:
            await taken(by, lines[4])
        if not after:
            break

    assert seen == [one.values["name"] for one in lines]
    wrong = await client.get(HONOURS, headers=headers, params={"after": "x"})
    assert wrong.status_code == 422
    assert "Send what stood in" in wrong.text


async def test_what_has_not_changed_is_answered_by_304(client: httpx.AsyncClient) -> None:
    by, _ = await people()
    await taken(by, line("honours"))
    headers = await bearer(by)
    first = await client.get(HONOURS, headers=headers)

    same = await client.get(HONOURS, headers={**headers, "If-None-Match": first.headers["etag"]})
    await taken(by, line("honours", name="李四", document="120103198806018241"))
    other = await client.get(HONOURS, headers={**headers, "If-None-Match": first.headers["etag"]})

    assert (same.status_code, same.content) == (304, b"")
    assert same.headers["etag"] == first.headers["etag"]
    assert (other.status_code, len(other.json()["items"])) == (200, 2)
    assert "private" in first.headers["cache-control"]


async def test_withdrawn_and_erased_ones_stay_with_their_state(client: httpx.AsyncClient) -> None:
    by, _ = await people()
    await taken(by, line("honours"), line("levels"))
    (case,) = await HonourCase.select()
    await withdrawing.ask_withdrawal(by, case["id"], reason="有误", document="粤工〔2026〕1号")
    await withdrawing.confirm_withdrawal(await organiser_of(PROVINCE), case["id"])
    headers = await bearer(by)
    (withdrawn,) = await listed(client, headers)

    await erase_person(case["person"], by=SYSTEM)
    (erased,) = await listed(client, headers)
    (level,) = await listed(client, headers, LEVELS)

    assert (withdrawn["state"], withdrawn["reason"]) == ("withdrawn", "有误")
    assert withdrawn["withdrawn_on"]
    assert (erased["state"], erased["person"], erased["name"]) == ("erased", "", "")
    assert (level["state"], level["number"]) == ("erased", "")


async def test_a_key_is_rotated_and_revoked_and_has_a_rate(client: httpx.AsyncClient) -> None:
    by, _ = await people()
    first = await access.make_key(by, PROVINCE, name="a", days=1)
    second = await access.rotate_key(by, PROVINCE, first.id, hours=0)

    async def status(text: str) -> int:
        headers = {"Authorization": f"Bearer {text}"}
        found = await client.get(HONOURS, headers=headers)
        return found.status_code

    assert (await status(first.text), await status(second.text)) == (401, 200)
    assert [(one.state, list(one.scopes)) for one in await access.keys_of(by, PROVINCE)] == [
        ("in_use", [EXCHANGE]),
        ("over", [EXCHANGE]),
    ]
    found = await client.get(HONOURS, headers={"Authorization": f"Bearer {second.text}"})
    assert found.headers["ratelimit-limit"] == "120"
    await access.revoke_key(by, PROVINCE, second.id)
    assert await status(second.text) == 401


# --- messages ----------------------------------------------------------------------------------


class Receiver:
    """An authority's HTTP server."""

    def __init__(self) -> None:
        self.port = 0
        self.heard: list[tuple[dict[str, str], bytes]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/news"

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {k.lower(): v for k, _, v in (one.partition(": ") for one in head[1:] if one)}
        self.heard.append((headers, await reader.readexactly(int(headers["content-length"]))))
        writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
        await writer.drain()
        writer.close()

    async def news(self) -> list[str]:
        """What was heard since, as "kind change"."""
        await drain()
        found = [json.loads(body) for _, body in self.heard]
        self.heard.clear()
        return sorted(f"{one['kind']} {one['change']}" for one in found)


@pytest_asyncio.fixture
async def receiver(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Receiver]:
    """On this machine, which no address may be otherwise."""
    monkeypatch.setattr(reaching, "reach", reaching.Reach(("http",), public=False))
    made = Receiver()
    server = await asyncio.start_server(made.answer, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    yield made
    server.close()


async def test_each_change_is_told_by_a_signed_message_that_names_nobody(
    client: httpx.AsyncClient, receiver: Receiver
) -> None:
    by, _ = await people()
    hook = await access.add_webhook(by, PROVINCE, receiver.address)
    case = await record_elsewhere(by, Entry(MEDAL, PROVINCE, ZHANG), PROOF, disclosed=False)
    await drain()

    ((headers, body),) = receiver.heard
    told = json.loads(body)
    assert told | {"delivery": "", "at": ""} == {
        "delivery": "", "at": "", "change": "granted", "kind": "honour", "id": str(case),
        "path": f"{HONOURS}/{case}",
    }  # fmt: skip
    now = datetime.now(UTC).timestamp()
    assert example()(hook.secret, headers["jiangxin-signature"], body, now)
    assert headers["jiangxin-delivery"] == told["delivery"]
    assert "张伟" not in body.decode()
    answer = await client.get(told["path"], headers=await bearer(by))
    assert answer.json()["code"] == MEDAL


async def test_grants_corrections_withdrawals_and_lists_are_told(
    client: httpx.AsyncClient, receiver: Receiver
) -> None:
    by, other = await people()
    await access.add_webhook(by, PROVINCE, receiver.address)
    made = await taken(by, line("levels"))
    assert await receiver.news() == ["list list_taken_in"]
    await take_back(by, made)
    assert await receiver.news() == ["list list_taken_back"]

    entry = holding.Entry(
        PROVINCE, ZHANG, "4-03-02-03", "3", "S000044010326243000123", "2024-11-01", "测试鉴定中心",
        "国家查询", hash="a" * 64, compared=True,
    )  # fmt: skip
    level = await holding.enter_level(by, entry)
    case = await record_elsewhere(by, Entry(MEDAL, PROVINCE, ZHANG), PROOF, disclosed=False)
    assert await receiver.news() == ["honour granted", "level granted"]

    (held,) = await HeldLevel.select()
    async with transaction():
        await noticing.name_corrected([NameCorrected("", str(held["person"]), "")])
    assert await receiver.news() == ["honour corrected", "level corrected"]

    certificate = uuid4()
    await HeldLevel.update({HeldLevel.certificate: certificate}).where(HeldLevel.id == level)
    async with transaction():
        await noticing.level_revoked([CertificateRevoked(str(certificate), "")])
    await withdrawing.ask_withdrawal(by, case, reason="有误", document="粤工〔2026〕1号")
    await withdrawing.confirm_withdrawal(await organiser_of(PROVINCE), case)
    await holding.take_out(by, level)
    assert await receiver.news() == ["honour withdrawn", "level taken_out", "level withdrawn"]

    await record_elsewhere(other, Entry(MEDAL, "zhongshan-ftu", ZHANG_OTHER), PROOF, disclosed=False)  # fmt: skip
    assert await receiver.news() == []


ZHANG_OTHER = Who("李四", document_kind="mainland_id", document="120103198806018241")


def test_every_change_has_its_word() -> None:
    assert {*CHANGES, "test"} == set(CHANGE_WORDS)
