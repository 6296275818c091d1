"""The scanner's reader of QRs against the platform's own: what one refuses, the other refuses too."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from typing import Any

import cbor2
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from credentials.cwt import CLAIM, Printed, open_printed
from credentials.encoding import Malformed, from_base32, to_base32
from credentials.status import BLOCK
from tests.browser.scan_modules import (
    CERTIFICATES,
    modules,
)
from tests.credentials.kit import ADDRESSES, NOW, PUBLIC_ID

pytestmark = pytest.mark.browser

OPEN = """async (texts) => {
  const { openPrinted } = await import("/cwt.js");
  return texts.map((text) => {
    try {
      const { kid, printed } = openPrinted(text);
      return { kid, ...printed };
    } catch (error) {
      return error.code ?? null;
    }
  });
}"""
PLACE = """async ([texts, origins]) => {
  const { placeOf } = await import("/places.js");
  return texts.map((text) => placeOf(text, { origins }));
}"""


@pytest_asyncio.fixture
async def app(browser: Browser) -> AsyncIterator[Page]:
    async with modules(browser) as page:
        yield page


async def test_every_content_that_one_reader_takes_the_other_takes_alike(app: Page) -> None:
    texts = [*genuine(), *spelt_otherwise(), *with_other_claims(), *flipped(), *rubbish()]

    read = await app.evaluate(OPEN, texts)

    wrong = [
        (text, found)
        for text, found in zip(texts, read, strict=True)
        if found != known(text, found)
    ]
    assert wrong == []
    assert sum(isinstance(found, dict) for found in read) >= len(genuine())
    assert len(texts) > 400


def known(text: str, found: Any) -> Any:
    """What the platform's reader says; of a refusal only that it is one."""
    try:
        opened = open_printed(text)
    except Malformed:
        return found if isinstance(found, str) else "refused"
    return {"kid": opened.kid, **facts(opened.printed)}


def facts(printed: Printed) -> dict[str, Any]:
    ends = printed.expires_at
    return {
        "id": printed.public_id,
        "kind": printed.kind,
        "name": printed.name,
        "titleCode": printed.title_code,
        "grade": printed.grade,
        "block": printed.block,
        "index": printed.index,
        "issuedAt": int(printed.issued_at.timestamp()) * 1000,
        "expiresAt": int(ends.timestamp()) * 1000 if ends else None,
        "noticeUntil": printed.notice_until,
    }


def genuine() -> list[str]:
    changes: list[dict[str, Any]] = [
        {},
        {"notice_until": "2026-11-25"},
        {"expires_at": NOW},
        {"name": "阿卜杜·热合曼", "kind": "award"},
        {"name": "Maria João " * 25, "block": 2**40 - 1, "index": BLOCK - 1},
        {"name": "", "grade": "", "public_id": "0" * 12},
        {"name": "\ufeff𬭎", "block": 0, "index": 0, "issued_at": datetime.fromtimestamp(0, UTC)},
    ]
    return [CERTIFICATES.qr(**change) for change in changes]


def spelt_otherwise() -> list[str]:
    text, data = CERTIFICATES.qr(), from_base32(CERTIFICATES.qr())
    message = cbor2.loads(data)
    forms = [
        data + b"\0",
        cbor2.dumps(cbor2.CBORTag(18, message)),
        b"\x9f" + data[1:] + b"\xff",
        b"\x98\x04" + data[1:],
        cbor2.dumps(message[:3]),
        cbor2.dumps([*message, b""]),
        cbor2.dumps([message[0], {4: message[0]}, message[2], message[3]]),
        cbor2.dumps([{}, {}, message[2], message[3]]),
        cbor2.dumps({}),
        b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff",
        b"\x81" * 1000,
        b"\x5b\x7f\xff\xff\xff\xff\xff\xff\xff",
        b"\x1b\x00\x00\x00\x00\x00\x00\x00\x01",
        b"",
    ]
    letters = [text.lower(), text + "=", text + "A", text[:-1], f" {text}", f"1{text}", "A" * 2049]
    return [*letters, *map(to_base32, forms)]


def with_other_claims() -> list[str]:
    message = cbor2.loads(from_base32(CERTIFICATES.qr()))
    claims = cbor2.loads(message[2])
    listed = claims[CLAIM]
    changes: list[dict[int, Any]] = [
        {6: 1.5}, {6: "2026"}, {6: -1}, {6: True}, {6: 10**15}, {6: 2**53}, {4: 4e9}, {4: None},
        {7: b"\xff" * 8}, {7: b"\0" * 7}, {7: PUBLIC_ID}, {8: b"x"}, {CLAIM: []}, {CLAIM: {}},
        *({CLAIM: [*listed[:at], value, *listed[at + 1 :]]}
          for at in range(7) for value in (None, True, -5, 1.0, "", b"", [], BLOCK, 2**40)),
        *({CLAIM: [*listed, *more]}
          for more in (["soon"], ["2026-02-30"], ["2026-11-25", "002X"], [20261125], [""], ["2028-02-29"])),
    ]  # fmt: skip
    made = [_spelt(message, {**claims, **change}) for change in changes]
    order = {key: claims[key] for key in reversed(claims)}
    doubled = bytes([message[2][0] + 1]) + b"\x06\x00" + message[2][1:]
    headers = [
        {1: -8, 4: b"x" * 8},
        {1: -7},
        {1: -7, 4: b"x" * 7},
        {1: -7, 4: b"x" * 8, 5: 1},
        {1: "ES256", 4: b"x" * 8},
    ]
    heads = [
        _message(cbor2.dumps(head, canonical=True), message[2], message[3]) for head in headers
    ]
    return [
        *made,
        *heads,
        _message(message[0], cbor2.dumps(order), message[3]),
        _message(message[0], doubled, message[3]),
    ]


def _spelt(message: list[Any], claims: Mapping[int, Any]) -> str:
    return _message(message[0], cbor2.dumps(claims, canonical=True), message[3])


def _message(head: bytes, payload: bytes, signature: bytes) -> str:
    return to_base32(cbor2.dumps([head, {}, payload, signature]))


def flipped() -> list[str]:
    """One bit in another state, over the whole length."""
    data = from_base32(CERTIFICATES.qr(notice_until="2026-11-25"))
    made = []
    for at in range(0, len(data) * 8, 5):
        changed = bytearray(data)
        changed[at // 8] ^= 1 << at % 8
        made.append(to_base32(bytes(changed)))
    return made


def rubbish() -> list[str]:
    return [
        to_base32(hashlib.shake_128(seed.to_bytes(2, "big")).digest(seed % 90 + 1))
        for seed in range(120)
    ]


async def test_addresses_that_are_not_ours_are_told_from_ours(app: Page) -> None:
    ours = [ADDRESSES.origin]
    content = CERTIFICATES.qr()
    alike = [
        "https://cert-example.cn/c/7K3M9QXT2F4H",
        "https://certexample.cn/c/7K3M9QXT2F4H",
        "https://cert.examp1e.cn/c/7K3M9QXT2F4H",
        "https://cert.exmaple.cn/c/7K3M9QXT2F4H",
        "https://cert.example.cn.verify.top/c/7K3M9QXT2F4H",
        "https://cert.example.cn@verify.top/c/7K3M9QXT2F4H",
        "https://cert.exаmple.cn/c/7K3M9QXT2F4H",
        "http://cert.example.cn/c/7K3M9QXT2F4H",
        "HTTPS://CERT.EXAMPLE.CN:8443/c/7K3M9QXT2F4H",
    ]
    others = ["https://weixin.qq.com/r/abc", "http://10.0.0.1/c/7K3M9QXT2F4H"]
    signed = [f"{ADDRESSES.origin}/c/7k3m-9qxt-2f4h#{content}", content]

    found = await app.evaluate(
        PLACE, [[*alike, *others, *signed, "noodles", "javascript:alert(1)"], ours]
    )

    near, far, good, rest = found[:9], found[9:11], found[11:13], found[13:]
    assert {place["kind"] for place in (*near, *far)} == {"foreign"}
    assert {place["like"] for place in near} == {ADDRESSES.host}
    assert {place["like"] for place in far} == {""}
    assert (near[5]["host"], near[6]["foreign"]) == ("verify.top", True)
    assert [place["kind"] for place in good] == ["signed", "signed"]
    assert good[0]["pathId"] == PUBLIC_ID
    assert [place["kind"] for place in rest] == ["other", "other"]
