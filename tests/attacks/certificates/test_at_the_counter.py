"""Attacks 3, 4, 6, 11 to 14, 18 and 20 on an installation, over HTTP as a forger would try them."""

from __future__ import annotations

import socket
import statistics
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from core.accounts import create_session
from core.security import SYSTEM
from core.settings import Settings
from credentials import actions, keyring, limits, qr, rendering
from credentials.cwt import open_printed, sign_printed
from credentials.encoding import from_base64url, to_base64url, to_json
from credentials.keys import _ORDER, Signer, new_private_key
from credentials.queries import stored
from credentials.rendering import payload_of
from tests.credentials.facts import BODY, ORGANISER, issued, issuers
from tests.factories_accounts import make_account

pytestmark = pytest.mark.engine

REFUSED = {"altered", "unknown_issuer", "not_found"}


@pytest.fixture(autouse=True)
def full_buckets() -> Iterator[None]:
    for bucket in (limits.guesses, limits.forgeries):
        bucket._left.clear()
    yield
    for bucket in (limits.guesses, limits.forgeries):
        bucket._left.clear()


@pytest.fixture
async def one(database: Settings) -> dict[str, Any]:
    await issuers()
    return await issued(name="欧阳晓明")


async def verdict_of(client: httpx.AsyncClient, content: bytes | str) -> str:
    answer = await client.post("/api/verify", content=content)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["verdict"])


async def signing(issuer: str = ORGANISER, purpose: str = "certificate") -> Signer:
    signer: Signer = await keyring.signer_of(issuer, purpose)
    return signer


def under(signer: Signer, payload: dict[str, Any], **header: Any) -> str:
    named = {"alg": "ES256", "kid": signer.kid_url, "typ": "JWT", **header}
    return signer.sign_under(to_base64url(to_json(named)), to_json(payload))


async def test_attack_03_nothing_that_a_header_names_is_fetched(
    client: httpx.AsyncClient, one: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    monkeypatch.setattr(socket, "getaddrinfo", lambda *place, **_: asked.append(place))
    monkeypatch.setattr(socket.socket, "connect", lambda _, place: asked.append(place))
    payload = payload_of(one["token"])
    key = new_private_key()
    thief = Signer("AAAAAAAAAAA", "https://evil.example/keys/AAAAAAAAAAA", key)
    places = ("https://evil.example/jwks.json", "http://127.0.0.1:1/", "file:///etc/passwd")

    for place in places:
        for header in ({"kid": place}, {"jku": place}, {"x5u": place}, {"x5c": ["MIIB"]}):
            assert await verdict_of(client, under(thief, payload, **header)) in REFUSED
    for text in places:
        assert await verdict_of(client, f"{text}#{'A' * 200}") in REFUSED

    assert asked == []


async def test_attack_04_one_issuer_signs_nothing_in_another_s_name(
    client: httpx.AsyncClient, one: dict[str, Any]
) -> None:
    other = await signing(BODY)
    payload = payload_of(one["token"])
    claimed = {**payload, "issuer": {**payload["issuer"], "id": other.kid_url}}
    printed = open_printed(one["qr_text"].partition("#")[2]).printed

    assert await verdict_of(client, other.sign(to_json(payload))) == "unknown_issuer"
    assert await verdict_of(client, other.sign(to_json(claimed))) in REFUSED
    assert await verdict_of(client, sign_printed(printed, other)) == "not_found"


async def test_attack_06_a_signature_s_twin_shares_its_fate(
    client: httpx.AsyncClient, one: dict[str, Any]
) -> None:
    first, _, signature = one["token"].rpartition(".")
    raw = from_base64url(signature)
    s = (_ORDER - int.from_bytes(raw[32:], "big")).to_bytes(32, "big")
    twin = f"{first}.{to_base64url(raw[:32] + s)}"

    before = await verdict_of(client, twin)
    await actions.revoke_certificate(SYSTEM, one["public_id"], reason="Mistaken identity")

    assert (before, await verdict_of(client, twin)) == ("valid", "revoked")


async def test_attack_11_a_real_id_and_a_real_code_of_two_papers_do_not_fit(
    client: httpx.AsyncClient, one: dict[str, Any]
) -> None:
    other = await issued(name="李四", entry="5b0c0a52-6f41-4a2e-8d8e-2f0a51f6a009")
    address, _, content = one["qr_text"].partition("#")
    wrong_address, _, wrong_content = other["qr_text"].partition("#")

    for text in (
        f"{wrong_address}#{content}",
        f"{address}#{wrong_content}",
        f"{address}X#{content}",
    ):
        assert await verdict_of(client, text) == "altered"


async def test_attack_12_a_copied_code_shows_whose_it_is_and_asks_for_the_document(
    client: httpx.AsyncClient, database: Settings
) -> None:
    await issuers()
    one = await issued(name="欧阳晓明")
    asks = {"zh-Hans": "证件", "zh-Hant": "證件", "en": "document", "pt": "documento"}

    answer = (await client.post("/api/verify", content=one["qr_text"])).json()
    person = next(check for check in answer["checks"] if check["id"] == "person")

    assert (person["ok"], person["code"]) == (None, "compare-document")
    assert "欧阳晓明" in str(answer["credential"])
    for language, word in asks.items():
        page = (await client.get(f"/c/{one['public_id']}?lang={language}")).text
        spaced = "-".join(one["public_id"][at : at + 4] for at in (0, 4, 8))
        assert word in page
        assert spaced in page
        assert "欧***" in page


LOOK_ALIKES = (
    "https://cert-example.cn/c/{id}#{code}",
    "{origin}.evil.example/c/{id}#{code}",
    "{origin}@evil.example/c/{id}#{code}",
    "{origin}%2eevil.example/c/{id}#{code}",
    "{origin}:443@evil.example/c/{id}#{code}",
    "https://evil.example/?{origin}/c/{id}#{code}",
    "https://xn--cert-xample-ffh.cn/c/{id}#{code}",
    "https://сert.example.cn/c/{id}#{code}",
    "//evil.example/c/{id}#{code}",
    "javascript:location='{origin}/c/{id}'#{code}",
)


@pytest.mark.parametrize("form", LOOK_ALIKES)
async def test_attack_13_a_code_with_a_look_alike_address_is_not_ours(
    client: httpx.AsyncClient, one: dict[str, Any], form: str
) -> None:
    origin = keyring.addresses().origin
    code = one["qr_text"].partition("#")[2]

    text = form.format(origin=origin, id=one["public_id"], code=code)

    assert await verdict_of(client, text) in ("unknown_issuer", "altered")


async def test_attack_13_no_address_of_ours_sends_anybody_elsewhere(
    client: httpx.AsyncClient, one: dict[str, Any]
) -> None:
    evil = "https://evil.example/"
    addresses = [
        f"/c/{one['public_id']}?next={evil}",
        f"/c/{one['public_id']}?lang={evil}",
        f"/c/{one['public_id']}/",
        "//evil.example/c/x",
        "/%2f%2fevil.example/",
        "/\\evil.example/",
        f"/login?next={evil}",
        f"/scan?next={evil}",
        f"/console?next={evil}",
        "/c/..%2f..%2fevil.example",
    ]

    for address in addresses:
        answer = await client.get(address, headers={"Host": "cert.example.cn"})
        target = httpx.URL(answer.headers.get("location", "/"))
        assert target.host in ("", "127.0.0.1"), address
        assert 'href="https://evil.example' not in answer.text
        assert 'http-equiv="refresh"' not in answer.text


async def test_attack_14_what_else_we_sign_is_no_certificate(
    client: httpx.AsyncClient, one: dict[str, Any]
) -> None:
    payload = payload_of(one["token"])
    entry = payload["credentialStatus"]["statusListCredential"]
    block = entry.rpartition("/")[2]
    lists = [(await client.get(f"/status/{kind}/{ORGANISER}/{block}")).text for kind in "rt"]
    bundle = (await client.get("/trust/bundle")).text
    session = await create_session(await make_account(), "browser")
    signer = await signing()
    kinds = [
        {**payload, "type": ["VerifiableCredential", "EndorsementCredential"]},
        {**payload, "type": ["VerifiablePresentation"], "verifiableCredential": [one["token"]]},
        {"vp": {"type": ["VerifiablePresentation"]}, **payload, "type": ["VerifiablePresentation"]},
        {"vc": payload},
    ]

    for token in (*lists, bundle, session, *(signer.sign(to_json(kind)) for kind in kinds)):
        assert await verdict_of(client, token) in REFUSED
    for purpose, issuer in (("status", ORGANISER), ("trust", "")):
        other = await signing(issuer, purpose)
        assert await verdict_of(client, other.sign(to_json(payload))) in REFUSED


async def test_attack_14_a_certificate_lets_nobody_in(
    client: httpx.AsyncClient, one: dict[str, Any]
) -> None:
    for headers in (
        {"Authorization": f"Bearer {one['token']}"},
        {"Cookie": f"session={one['token']}; __Host-session={one['token']}"},
    ):
        answer = await client.get("/api/v1/me", headers=headers)
        assert answer.status_code == 401


async def test_attack_18_a_stolen_key_changes_no_paper_that_the_ledger_holds(
    client: httpx.AsyncClient, database: Settings
) -> None:
    await issuers()
    one = await issued()
    real = one["qr_text"].partition("#")[2]
    printed = open_printed(real).printed
    thief = await signing()
    await actions.report_compromise(SYSTEM, thief.kid, "The server was stolen")
    forged = [
        replace(printed, grade="special"),
        replace(printed, kind="level"),
        replace(printed, title_code="6-18-02-04"),
        replace(printed, name="李四"),
        replace(printed, notice_until="2099-01-01"),
    ]

    for paper in forged:
        assert await verdict_of(client, sign_printed(paper, thief)) in REFUSED
    assert await verdict_of(client, real) == "valid"


async def test_attack_18_a_stolen_key_gives_an_expiring_paper_no_longer_life(
    client: httpx.AsyncClient, database: Settings
) -> None:
    await issuers()
    one = await issued()
    row = await stored(one["public_id"])
    assert row is not None
    printed = rendering.printed_of(
        row, "张伟", open_printed(one["qr_text"].partition("#")[2]).printed.issued_at
    )
    thief = await signing()

    longer = replace(printed, expires_at=printed.issued_at.replace(year=2099, microsecond=0))

    assert await verdict_of(client, sign_printed(longer, thief)) in REFUSED


async def test_attack_18_a_flood_of_unknown_keys_asks_the_database_for_nothing(
    client: httpx.AsyncClient, one: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    payload, key = payload_of(one["token"]), new_private_key()
    prefix = keyring.addresses().key("")
    await verdict_of(client, one["token"])
    looked: list[int] = []
    monkeypatch.setattr(keyring, "store_of", lambda *a: looked.append(1))
    monkeypatch.setattr(limits.forgeries, "capacity", 40.0)
    monkeypatch.setattr(limits.forgeries, "per_second", 0.001)  # however slow this machine is

    answers = []
    for number in range(60):
        kid = to_base64url(number.to_bytes(8, "big"))
        token = Signer(kid, prefix + kid, key).sign(to_json(payload))
        answers.append((await client.post("/api/verify", content=token)).status_code)

    assert looked == []
    assert set(answers[:35]) == {200}
    assert answers[-1] == 429
    assert (await client.get(f"/c/{one['public_id']}.json")).json()["verdict"] == "valid"


async def test_attack_20_a_badge_tells_nothing_but_its_one_token(
    client: httpx.AsyncClient, one: dict[str, Any]
) -> None:
    png, token = qr.png("x", token=one["token"]), one["token"]
    svg = qr.svg("x", token=token)
    bare = qr.svg("x")
    hidden = f'<openbadges:credential verify="{token}"/>'
    evil = {
        "twice": svg.replace("<path", f"{hidden}<path", 1),
        "script": svg.replace("</svg>", "<ScRiPt>1</sCrIpT></svg>"),
        "doctype": '<!DOCTYPE svg [<!ENTITY x "y">]>' + svg,
        "bomb": '<!doctype svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + svg,
        "prefix": bare.replace("<path", hidden.replace("openbadges:", "ob:") + "<path", 1),
        "handler": svg.replace("<svg", '<svg onload="alert(1)"', 1),
        "foreign": svg.replace("</svg>", "<foreignObject><p>1</p></foreignObject></svg>"),
        "link": svg.replace("</svg>", '<a href="javascript:1">x</a></svg>'),
    }
    polyglots = [png + b"PK\3\4", png + b"%PDF-1.7\n", b"%PDF-1.7\n" + png, b"GIF89a" + png]

    for name, text in evil.items():
        assert await verdict_of(client, text) in REFUSED, name
    for data in (*polyglots, b"\xef\xbb\xbf" + svg.encode(), svg.encode("utf-16")):
        assert await verdict_of(client, data) in REFUSED


async def test_attack_20_an_unknown_id_takes_as_long_as_a_malformed_one(
    client: httpx.AsyncClient, database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    await issuers()
    monkeypatch.setattr(limits.guesses, "capacity", 10_000.0)
    forms = ("0000000000ZZ", "zz", "A" * 32, "7K3M9QXT2F4H")
    took: dict[str, list[float]] = {form: [] for form in forms}

    for _ in range(15):
        for form in forms:
            start = time.perf_counter()
            assert (await client.get(f"/c/{form}.json")).status_code == 404
            took[form].append(time.perf_counter() - start)

    medians = sorted(statistics.median(times) for times in took.values())
    assert medians[-1] < 2.5 * medians[0]
