"""A contest whose certificates are issued, and an organiser at its page."""

from __future__ import annotations

from typing import Any

import httpx

from core import outbox
from core.security import SYSTEM
from credentials import rendering
from credentials.actions import create_issuer
from credentials.published import status_list
from credentials.status import Status, bit_at, read_bitstring, read_token_list, split, status_at
from credentials.tables import Certificate
from tests.factories_contests import SmallContest, make_organisation, small_contest

HTML = {"Accept": "text/html"}
ISSUER = "federation"
FOREVER = "Withdraw it for ever"


async def final_contest(*, issued: bool = True) -> SmallContest:
    """Two prizes, so two certificates."""
    await make_organisation(ISSUER)
    if issued:
        await create_issuer(SYSTEM, ISSUER)
    small = await small_contest()
    await small.judge_everything()
    await small.close()
    await small.finish()
    await outbox.drain()
    return small


async def numbers() -> list[str]:
    query = Certificate.select(Certificate.public_id).order_by(Certificate.public_id)
    return list(await query.output(as_list=True))


async def state(number: str) -> str:
    row = await Certificate.select().where(Certificate.public_id == number).first()
    assert row is not None
    return str(row["state"])


def path(small: SmallContest, rest: str = "") -> str:
    return f"/console/contests/{small.contest}/certificates{rest}"


async def press(client: httpx.AsyncClient, address: str, **fields: Any) -> httpx.Response:
    return await client.post(address, data=fields, headers=HTML)


async def both_lists(number: str) -> tuple[bool, Status]:
    """Whether the list of one bit says withdrawn, and what the list of two bits says."""
    rows = await Certificate.raw(
        "SELECT v.position FROM certificate c JOIN certificate_version v ON v.id = c.current"
        " WHERE c.public_id = {}",
        number,
    )
    block, index = split(rows[0]["position"])
    one = rendering.payload_of(await status_list("r", ISSUER, block))
    two = rendering.payload_of(await status_list("t", ISSUER, block))
    bits = read_bitstring(one["credentialSubject"]["encodedList"])
    return bit_at(bits, index), status_at(read_token_list(two["status_list"]), index)
