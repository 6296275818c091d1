"""Attack 20: certificate numbers, copied from lists or guessed, and the whole name behind them."""

from __future__ import annotations

import base64
import contextlib
from collections.abc import Iterator

import httpx
import pytest

from core.security import SYSTEM, Role, Scope
from credentials import limits
from credentials.consents.actions import record_consent
from tests.credentials.facts import ORGANISER, issued, issuers
from tests.factories_accounts import log_in_browser, make_account

ENDINGS = (".jwt", ".svg", ".png", ".json", ".pdf")
ACCEPTED = ("application/vc+jwt", "text/plain", "image/png", "image/svg+xml", "application/json")


@pytest.fixture(autouse=True)
def full_buckets() -> Iterator[None]:
    for bucket in (limits.guesses, limits.forgeries):
        bucket._left.clear()
    yield
    for bucket in (limits.guesses, limits.forgeries):
        bucket._left.clear()


async def test_attack_20_a_number_alone_gives_nobody_the_whole_name(
    client: httpx.AsyncClient,
) -> None:
    """Somebody copies numbers from lists and asks for each form that there is of a certificate."""
    await issuers()
    one, other = await issued(name="欧阳晓明"), await issued(name="张伟")
    number, origin = one["public_id"], one["qr_text"].partition("/c/")[0]
    crossed = f"{origin}/c/{number}#{other['qr_text'].partition('#')[2]}"
    bent = one["qr_text"][:-2] + ("AB" if one["qr_text"][-2:] != "AB" else "BA")

    asked = [await client.get(f"/c/{number}{end}") for end in ENDINGS]
    asked += [await client.get(f"/c/{number}", headers={"Accept": kind}) for kind in ACCEPTED]
    asked += [await client.get(f"/c/{number}.jwt?t={text}") for text in (number, "1", one["token"])]
    asked += [
        await client.post(f"/c/{number}/badge/{form}", content=text)
        for form in ("jwt", "svg", "png")
        for text in (number, other["qr_text"], crossed, bent, other["token"], "")
    ]
    asked.append(await client.post("/api/verify", content=f"{origin}/c/{number}"))
    unknown = await client.get("/c/7K3M9QXT2F4H.jwt")
    holder = await client.post(f"/c/{number}/badge/jwt", content=one["qr_text"])

    for answer in asked:
        assert "欧阳晓明" not in unicode_of(answer), answer.request.url
        assert one["token"] not in unicode_of(answer)
        assert answer.headers["content-type"].partition(";")[0] not in (
            "application/vc+jwt",
            "image/png",
            "image/svg+xml",
            "application/pdf",
        )
    assert unknown.status_code == 404
    assert holder.text == one["token"]


async def test_attack_20_the_office_and_a_holder_who_agreed_open_it(
    client: httpx.AsyncClient,
) -> None:
    await issuers()
    one = await issued(name="欧阳晓明")
    path = f"/c/{one['public_id']}.jwt"

    await log_in_browser(client, await make_account((Role.ORGANISER, Scope("issuer", "another"))))
    stranger = await client.get(path)
    await log_in_browser(client, await make_account((Role.ORGANISER, Scope("issuer", ORGANISER))))
    office = await client.get(path)
    client.cookies.clear()
    await record_consent(SYSTEM, one["public_id"], "name", source="form signed on 2026-11-20")
    public = await client.get(path)

    assert stranger.status_code == 403
    assert office.text == one["token"]
    assert public.text == one["token"]


def unicode_of(answer: httpx.Response) -> str:
    """With what a base64 body would tell."""
    parts = answer.text.split(".")
    padded = [part + "=" * (-len(part) % 4) for part in parts if part.isascii()]
    told = []
    for part in padded:
        with contextlib.suppress(ValueError):
            told.append(base64.urlsafe_b64decode(part).decode("utf-8", "replace"))
    return answer.text + "".join(told)
