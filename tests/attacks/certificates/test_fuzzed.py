"""`POST /api/verify` under whatever a machine can think of: always an answer, never a late one.

Real tokens, codes, pictures and drawings with bits, pieces and lengths changed, and requests made from the
API document. JIANGXIN_TEST_FUZZ says how many examples each is tried with.
"""

from __future__ import annotations

import gzip
import json
import os
import time
import zlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import cbor2
import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from litestar import Litestar
from schemathesis.specs.openapi.checks import response_schema_conformance

from core.settings import Settings
from credentials import baking, limits, qr
from credentials.encoding import from_base32, from_base64url, to_base32, to_base64url
from credentials.verify import State
from tests.credentials.facts import issued, issuers

pytestmark = pytest.mark.engine

EXAMPLES = int(os.environ.get("JIANGXIN_TEST_FUZZ", "40"))
MOST = 20
"""Times a good token's. A picture may be a hundred times as large, and takes about ten times as long."""
STATES = {state.value for state in State}
quick = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize="JIANGXIN_TEST_FUZZ" not in os.environ,
    database=None,
    phases=[Phase.explicit, Phase.generate],  # no shrinking: a failure must not take minutes
    suppress_health_check=list(HealthCheck),
)


@dataclass(frozen=True)
class Counter:
    """Where an employer hands things in, and one genuine certificate in each of its forms."""

    client: httpx.AsyncClient
    token: str
    qr_text: str
    png: bytes
    svg: bytes

    async def verdict(self, content: bytes, **headers: str) -> str:
        answer = await self.client.post("/api/verify", content=content, headers=headers)
        if answer.status_code == 413:
            assert len(content) > baking.LIMIT
            return "altered"
        assert answer.status_code == 200, answer.text
        found: str = answer.json()["verdict"]
        assert found in STATES
        return found


@pytest.fixture
async def counter(
    client: httpx.AsyncClient, database: Settings, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Counter]:
    for bucket in (limits.guesses, limits.forgeries):
        bucket._left.clear()
        monkeypatch.setattr(bucket, "capacity", 1e9)
    await issuers()
    one = await issued(name="欧阳晓明")
    token, text = one["token"], one["qr_text"]
    png, svg = qr.png(text, token=token), qr.svg(text, token=token).encode()
    yield Counter(client, token, text, png, svg)
    for bucket in (limits.guesses, limits.forgeries):
        bucket._left.clear()


@pytest.fixture
def asked(app: Litestar) -> st.SearchStrategy[Any]:
    """Requests to the address as the API document describes them, good ones and others."""
    described = schemathesis.openapi.from_dict(app.openapi_schema.to_schema())
    return described["/api/verify"]["POST"].as_strategy()


pieces = st.one_of(
    st.binary(max_size=40),
    st.sampled_from([b"", b".", b"=", b"#", b"/", b"{", b'"', b"\0", b"<", b"\xff", b"\\u0000"]),
)


@st.composite
def changes(draw: st.DrawFn) -> Callable[[bytes], bytes]:
    """Some cuts, doublings, flipped bits and foreign pieces, at places given as parts of the whole."""
    places = st.floats(0, 1, exclude_max=True)
    steps = draw(
        st.lists(
            st.tuples(
                st.sampled_from(["cut", "flip", "put", "double", "drop"]),
                places,
                places,
                st.integers(0, 7),
                pieces,
            ),
            min_size=1,
            max_size=4,
        )
    )

    def change(data: bytes) -> bytes:
        for step in steps:
            data = changed(data, *step)
        return data

    return change


def changed(data: bytes, kind: str, start: float, end: float, bit: int, piece: bytes) -> bytes:
    a, b = sorted((int(start * len(data)), int(end * len(data))))
    if kind == "cut":
        return data[:a]
    if kind == "drop":
        return data[:a] + data[b:]
    if kind == "double":
        return data[:b] + data[a:]
    if kind == "put" or not data:
        return data[:a] + piece + data[a:]
    return data[:a] + bytes([data[a] ^ 1 << bit]) + data[a + 1 :]


FORMS = ("token", "address", "fragment", "json", "png", "svg")


def form(counter: Counter, name: str) -> bytes:
    return {
        "token": counter.token.encode(),
        "address": counter.qr_text.encode(),
        "fragment": counter.qr_text.partition("#")[2].encode(),
        "json": json.dumps({"token": counter.token}).encode(),
        "png": counter.png,
        "svg": counter.svg,
    }[name]


@quick
@given(name=st.sampled_from(FORMS), change=changes())
async def test_what_was_changed_is_answered_and_never_vouched_for_as_another_s(
    counter: Counter, name: str, change: Callable[[bytes], bytes]
) -> None:
    await counter.verdict(change(form(counter, name)))


@quick
@given(part=st.integers(0, 2), change=changes())
async def test_a_token_with_a_changed_part_counts_only_if_it_says_the_same(
    counter: Counter, part: int, change: Callable[[bytes], bytes]
) -> None:
    parts = [from_base64url(piece) for piece in counter.token.split(".")]
    same, parts[part] = parts[part], change(parts[part])

    verdict = await counter.verdict(".".join(map(to_base64url, parts)).encode())

    assert (verdict == "valid") is (parts[part] == same)


@quick
@given(part=st.integers(0, 3), change=changes())
async def test_a_code_with_a_changed_part_counts_only_if_it_says_the_same(
    counter: Counter, part: int, change: Callable[[bytes], bytes]
) -> None:
    message = cbor2.loads(from_base32(counter.qr_text.partition("#")[2]))
    if part == 1:
        forged = change(cbor2.dumps(message))
        same = forged == cbor2.dumps(message)
    else:
        forged_part = change(message[part])
        same = forged_part == message[part]
        forged = cbor2.dumps([*message[:part], forged_part, *message[part + 1 :]])

    verdict = await counter.verdict(to_base32(forged).encode())

    assert (verdict == "valid") is same


@quick
@given(change=changes())
async def test_a_picture_whose_token_was_changed_does_not_count(
    counter: Counter, change: Callable[[bytes], bytes]
) -> None:
    forged = change(counter.token.encode()).decode("latin-1")
    same = forged.strip() == counter.token
    body = qr.BADGE.encode() + b"\0" * 5 + forged.encode("utf-8")
    plain = qr.png("x")
    chunk = len(body).to_bytes(4, "big") + b"iTXt" + body
    chunk += zlib.crc32(b"iTXt" + body).to_bytes(4, "big")

    picture = await counter.verdict(plain[:-12] + chunk + plain[-12:])
    drawing = await counter.verdict(qr.svg("x", token=forged).encode())

    assert (picture == "valid") <= same
    assert (drawing == "valid") <= same


def hostile_bodies(counter: Counter) -> dict[str, bytes]:
    """The dearest of each kind that the limits let through."""
    first, body, signature = counter.token.split(".")
    space = b" " * 200_000
    text = qr.BADGE.encode() + b"\0" * 5 + b"{" * 200_000
    chunk = len(text).to_bytes(4, "big") + b"iTXt" + text
    chunk += zlib.crc32(b"iTXt" + text).to_bytes(4, "big")
    empty = b"\0\0\0\0tEXt" + zlib.crc32(b"tEXt").to_bytes(4, "big")
    png = qr.png("x")
    return {
        "long header": f"{'A' * 16_000}.{body}.{signature}".encode(),
        "long body": f"{first}.{'A' * 15_000}.{signature}".encode(),
        "long signature": f"{first}.{body}.{'A' * 12_000}".encode(),
        "dots": b"." * 16_000,
        "deep header": f"{to_base64url(b'[' * 11_000)}.e30.AA".encode(),
        "deep body": f"e30.{to_base64url(b'[' * 11_000)}.AA".encode(),
        "deep json": b'{"token":' * 1_700,
        "wide json": b'{"token":[' + b"1," * 8_000,
        "many names": b"{" + b",".join(b'"%d":1' % n for n in range(1_800)) + b"}",
        "long number": b'{"token":' + b"9" * 16_000 + b"}",
        "base32": b"A" * 16_000,
        "deep cbor": to_base32(b"\x81" * 1_200).encode(),
        "wide cbor": to_base32(b"\x98\xff" + b"\xa0" * 255).encode(),
        "big cbor number": to_base32(b"\xc2\x59\x04\x00" + b"\xff" * 1_024).encode(),
        "empty chunks": png[:-12] + empty * 18_000 + png[-12:],
        "deep picture": png[:-12] + chunk + png[-12:],
        "spaces": b"<svg" + space + b">",
        "starts": b"<" + b"<openbadges:credential " * 11_000,
        "halves": b"<" + b'<openbadges:credential verify="' * 8_000,
        "gap": b"<openbadges:credential" + space + b'verify="x"',
        "handlers": b"<svg" + b" on" * 80_000,
        "prefixes": b"<svg" + b"<a" * 100_000,
        "packed": gzip.compress(b"A" * 10_000_000),
    }


async def test_no_answer_takes_many_times_as_long_as_a_good_one(counter: Counter) -> None:
    bodies = hostile_bodies(counter)
    took: dict[str, list[float]] = {name: [] for name in ("", *bodies)}

    for _ in range(5):
        for name, content in {"": counter.token.encode(), **bodies}.items():
            start = time.process_time()
            verdict = await counter.verdict(content)
            took[name].append(time.process_time() - start)
            assert (verdict == "valid") is (name == "")

    least = {name: min(times) for name, times in took.items()}
    slow = {name: round(time / least[""], 1) for name, time in least.items()}
    assert max(slow.values()) < MOST, slow


@quick
@given(data=st.data())
async def test_requests_made_from_the_api_document_get_what_it_promises(
    counter: Counter, asked: st.SearchStrategy[Any], data: st.DataObject
) -> None:
    case = data.draw(asked)
    made = requests.Request(**case.as_transport_kwargs(base_url="http://x")).prepare()
    body: Any = made.body.encode() if isinstance(made.body, str) else made.body or b""
    # Nobody is logged in here, and a wrong session is refused before anything is looked at.
    without = ("content-length", "authorization", "cookie")
    headers: Any = {
        name: value for name, value in made.headers.items() if name.lower() not in without
    }

    answer = await counter.client.post("/api/verify", content=body, headers=headers)

    assert answer.status_code in (200, 413), answer.text
    case.validate_response(answer, checks=[response_schema_conformance])
