"""Certificates of three generations of keys, and one key that got into other hands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.security import SYSTEM
from core.settings import Settings
from credentials import actions, keyring, published, queries
from credentials.encoding import to_json
from credentials.presented import verify
from credentials.rendering import payload_of
from credentials.tables import SigningKey
from credentials.trust import CERTIFICATE, STATUS, read_bundle
from credentials.trusting.among import known_of, verify_among
from credentials.verify import State
from tests.credentials.facts import CONTEST, ORGANISER, issued, issuers

pytestmark = pytest.mark.engine
NAMES = ("张伟", "欧阳晓明", "热合曼")


async def next_generation(purpose: str) -> str:
    """Published two days ago, taken into use now."""
    kid = await actions.rotate_key(SYSTEM, ORGANISER, purpose)
    await SigningKey.update({SigningKey.published_at: datetime.now(UTC) - timedelta(days=2)}).where(
        SigningKey.kid == kid
    )
    await actions.activate_key(SYSTEM, kid)
    return kid


async def fetched() -> tuple[str, str]:
    """What an offline verifier takes along: the bundle and the list."""
    return await published.trust_bundle(), await published.status_list("t", ORGANISER, 1)


def offline(text: str, bundle: str, status: str) -> State:
    now = datetime.now(UTC)
    known = known_of([read_bundle(bundle, now)], [status], now)
    return verify_among(text.encode(), known, now)[0].state


async def online(text: str) -> State:
    return (await verify(text.encode()))[0].state


async def three_generations() -> tuple[list[dict[str, Any]], list[str]]:
    await issuers()
    kids = [(await keyring.signer_of(ORGANISER, CERTIFICATE)).kid]
    ones = [await issued(name=NAMES[0])]
    for name in NAMES[1:]:
        kids.append(await next_generation(CERTIFICATE))
        await next_generation(STATUS)
        ones.append(await issued(name=name))
    return ones, kids


async def test_old_certificates_go_on_counting_through_three_generations_and_one_compromise(
    database: Settings,
) -> None:
    ones, kids = await three_generations()
    before = await fetched()

    for one, kid in zip(ones, kids, strict=True):
        assert (await queries.signed_with(kid)) == {"signed": 1, "current": 1}
        for text in (one["token"], one["qr_text"]):
            assert await online(text) is State.VALID
            assert offline(text, *before) is State.VALID

    spare = await actions.rotate_key(SYSTEM, ORGANISER, CERTIFICATE)
    thief = await keyring.signer_of(ORGANISER, CERTIFICATE)
    new = await actions.report_compromise(SYSTEM, kids[2], "The server was stolen")
    after = await fetched()

    assert new == spare  # the published one is in use at once
    for text in (ones[2]["token"], ones[2]["qr_text"]):
        assert offline(text, *before) is State.VALID  # a verifier that has not refreshed
        assert offline(text, *after) is State.UNKNOWN_ISSUER
        assert await online(text) is State.VALID  # the ledger recorded it before
    for one in ones[:2]:
        assert offline(one["token"], *after) is State.VALID
        assert offline(one["qr_text"], *after) is State.VALID
        assert await online(one["token"]) is State.VALID
    forged = payload_of(ones[2]["token"])
    forged["credentialSubject"]["identifier"][0]["identityHash"] = "李四"
    back_dated = thief.sign(to_json(forged))
    assert offline(back_dated, *after) is State.UNKNOWN_ISSUER
    assert await online(back_dated) is not State.VALID


async def test_a_paper_reprinted_after_a_compromise_counts_offline_again(
    database: Settings,
) -> None:
    await issuers()
    one = await issued()
    await actions.report_compromise(
        SYSTEM, (await keyring.signer_of(ORGANISER, CERTIFICATE)).kid, "The server was stolen"
    )

    reprinted = (await queries.certificates_of(CONTEST))[0]["qr_text"]
    again = (await queries.certificates_of(CONTEST))[0]["qr_text"]

    assert reprinted != one["qr_text"]
    assert reprinted == again
    assert offline(reprinted, *await fetched()) is State.VALID


async def test_a_retired_key_can_date_nothing_back(database: Settings) -> None:
    _, kids = await three_generations()

    rows = (
        await SigningKey.select()
        .where(SigningKey.kid.is_in(kids))
        .order_by(SigningKey.published_at)
    )

    kept = {row["kid"]: row["sealed_private"] is not None for row in rows}
    assert kept == {kids[0]: False, kids[1]: False, kids[2]: True}
