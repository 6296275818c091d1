"""Status lists: written, read by an independent reader, and refused when they are not in order."""

from __future__ import annotations

import base64
import gzip
import json
import zlib
from datetime import timedelta
from typing import Any

import pytest

from credentials.encoding import Malformed, to_base64url, to_json
from credentials.lists import Lists
from credentials.status import (
    BLOCK,
    VALIDITY,
    Status,
    bits_of,
    bitstring_payload,
    permuted,
    read_bitstring,
    read_token_list,
    status_at,
    token_payload,
)
from credentials.trust import Refused, store_of
from tests.credentials.kit import ADDRESSES, NOW, Issuer, make_issuer

SET = {0: Status.REVOKED, 7: Status.SUSPENDED, 94_567: Status.REPLACED, BLOCK - 1: Status.REVOKED}


@pytest.fixture(scope="module")
def issuer() -> Issuer:
    return make_issuer(purpose="status")


def payloads(now: Any = NOW, code: str = "centre", block: int = 1) -> tuple[Any, Any]:
    one, two = bits_of((index, int(status)) for index, status in SET.items())
    about = {"addresses": ADDRESSES, "issuer": code, "block": block, "now": now}
    return bitstring_payload(one, **about), token_payload(two, **about)


def test_positions_are_a_permutation_that_the_seed_decides() -> None:
    first = [permuted(b"seed one", counter) for counter in range(BLOCK)]

    assert sorted(first) == list(range(BLOCK))
    assert first[:100] != [permuted(b"seed two", counter) for counter in range(100)]
    assert first[:1000] != sorted(first[:1000])


def test_an_independent_reader_finds_each_bit_of_the_bitstring() -> None:
    payload, _ = payloads()
    encoded = payload["credentialSubject"]["encodedList"]

    padded = encoded[1:] + "=" * (-len(encoded[1:]) % 4)
    bits = "".join(f"{byte:08b}" for byte in gzip.decompress(base64.urlsafe_b64decode(padded)))

    assert encoded[0] == "u"
    assert len(bits) == 131_072
    assert [index for index, bit in enumerate(bits) if bit == "1"] == [0, 94_567, 131_071]


def test_an_independent_reader_finds_each_status_of_the_token_list() -> None:
    _, payload = payloads()
    text = payload["status_list"]["lst"]

    raw = zlib.decompress(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    found = {i: (raw[i // 4] >> (i % 4 * 2)) & 3 for i in range(len(raw) * 4)}

    assert {index: value for index, value in found.items() if value} == dict(SET)
    assert payload["status_list"]["bits"] == 2


def test_the_drafts_own_example_is_read() -> None:
    # draft-ietf-oauth-status-list, 4.1: two bits, the first bytes 0xC9 0x44 0xF9
    raw = bytes([0xC9, 0x44, 0xF9])

    assert [int(status_at(raw, i)) for i in range(12)] == [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3]


def test_both_lists_answer(issuer: Issuer) -> None:
    one, two = payloads()
    lists = Lists(issuer.trust, now=NOW)

    lists.add(issuer.signer.sign(to_json(one)), issuer="centre", block=1, now=NOW)
    by_one_bit = {index: lists.of("centre", 1, index).status for index in (0, 1, 7, 94_567)}
    lists.add_by_name(issuer.signer.sign(to_json(two), typ="statuslist+jwt"), now=NOW)
    by_two_bits = {index: lists.of("centre", 1, index).status for index in (0, 1, 7, 94_567)}

    assert by_one_bit == {0: 1, 1: 0, 7: 0, 94_567: 1}
    assert by_two_bits == {0: 1, 1: 0, 7: 2, 94_567: 3}


def test_what_no_list_says_is_unknown_and_never_valid(issuer: Issuer) -> None:
    lists = Lists(issuer.trust, now=NOW)

    assert lists.of("centre", 1, 5).status is None


def test_a_stale_list_is_unknown_since_its_date(issuer: Issuer) -> None:
    one, _ = payloads()
    lists = Lists(issuer.trust, now=NOW)
    lists.add_by_name(issuer.signer.sign(to_json(one)), now=NOW)

    lists.now = NOW + VALIDITY
    answer = lists.of("centre", 1, 5)

    assert answer.status is None
    assert answer.at == NOW


def refusal(issuer: Issuer, payload: dict[str, Any], *, now: Any = NOW, typ: str = "JWT") -> str:
    lists = Lists(issuer.trust, now=now)
    with pytest.raises(Refused) as refused:
        lists.add(issuer.signer.sign(to_json(payload), typ=typ), issuer="centre", block=1, now=now)
    assert lists.of("centre", 1, 0).status is None
    return refused.value.code


def test_a_list_out_of_its_dates_is_refused(issuer: Issuer) -> None:
    one, two = payloads()

    assert refusal(issuer, one, now=NOW + VALIDITY) == "list-out-of-date"
    assert refusal(issuer, one, now=NOW - timedelta(hours=1)) == "list-out-of-date"
    assert refusal(issuer, two, now=NOW + VALIDITY, typ="statuslist+jwt") == "list-out-of-date"


def test_an_older_list_does_not_take_the_place_of_a_newer_one(issuer: Issuer) -> None:
    newer, older = payloads()[0], payloads(NOW - timedelta(hours=2))[0]
    lists = Lists(issuer.trust, now=NOW)
    lists.add_by_name(issuer.signer.sign(to_json(newer)), now=NOW)

    with pytest.raises(Refused, match="list-replayed"):
        lists.add_by_name(issuer.signer.sign(to_json(older)), now=NOW)


def test_another_issuer_s_or_block_s_list_is_refused(issuer: Issuer) -> None:
    assert refusal(issuer, payloads(code="other")[0]) == "status-list"
    assert refusal(issuer, payloads(block=2)[0]) == "status-list"
    assert refusal(issuer, payloads(block=2)[1], typ="statuslist+jwt") == "status-list"


def test_a_list_signed_with_another_issuer_s_key_is_refused(issuer: Issuer) -> None:
    other = make_issuer("other", "status")
    lists = Lists(store_of(ADDRESSES, [issuer.trusted, other.trusted], NOW), now=NOW)

    with pytest.raises(Refused, match="other-issuer"):
        lists.add(other.signer.sign(to_json(payloads()[0])), issuer="centre", block=1, now=NOW)


def test_a_compromised_key_s_list_is_refused(issuer: Issuer) -> None:
    lost = issuer.with_key(compromised_at=NOW)

    assert refusal(lost, payloads()[0]) == "other-issuer"


@pytest.mark.parametrize(
    "changes",
    [
        {"statusPurpose": "suspension"},
        {"statusPurpose": ["revocation", "suspension"]},
        {"type": "Other"},
        {"encodedList": "u"},
        {"encodedList": "zAAAA"},
        {"encodedList": 7},
    ],
    ids=str,
)
def test_a_bitstring_of_another_form_is_refused(issuer: Issuer, changes: dict[str, Any]) -> None:
    payload, _ = payloads()
    payload["credentialSubject"].update(changes)

    assert refusal(issuer, payload) == "status-list"


@pytest.mark.parametrize("bits", [1, 4, 8, "2", None, True])
def test_a_token_list_of_another_width_is_refused(issuer: Issuer, bits: Any) -> None:
    _, payload = payloads()
    payload["status_list"]["bits"] = bits

    assert refusal(issuer, payload, typ="statuslist+jwt") == "status-list"


def encoded(raw: bytes) -> str:
    return "u" + to_base64url(gzip.compress(raw, mtime=0))


def test_a_list_shorter_or_longer_than_a_block_is_refused() -> None:
    for size in (0, 1, BLOCK // 8 - 1, BLOCK // 8 + 1):
        with pytest.raises(Malformed):
            read_bitstring(encoded(bytes(size)))
    assert read_bitstring(encoded(bytes(BLOCK // 8))) == bytes(BLOCK // 8)


def test_a_bomb_is_not_inflated() -> None:
    bomb = zlib.compressobj(9, wbits=31)
    data = b"".join(bomb.compress(bytes(1 << 20)) for _ in range(64)) + bomb.flush()

    with pytest.raises(Malformed):
        read_bitstring("u" + to_base64url(data))
    with pytest.raises(Malformed):
        read_token_list({"bits": 2, "lst": to_base64url(zlib.compress(bytes(1 << 26)))})


def test_bytes_behind_the_list_are_refused() -> None:
    data = gzip.compress(bytes(BLOCK // 8), mtime=0)

    for spoilt in (data + b"\0", data[:-1], data + data, b"", b"rubbish"):
        with pytest.raises(Malformed):
            read_bitstring("u" + to_base64url(spoilt))


def test_a_certificate_is_no_status_list(issuer: Issuer) -> None:
    certificates = make_issuer()
    lists = Lists(store_of(ADDRESSES, [issuer.trusted, certificates.trusted], NOW), now=NOW)

    for token in (certificates.token(), "", "a.b.c", "a." + to_base64url(b"{}") + ".c"):
        with pytest.raises(Refused):
            lists.add_by_name(token, now=NOW)


def test_the_bitstring_credential_has_the_recommendation_s_shape() -> None:
    payload, token = payloads()

    json.dumps(payload)
    assert payload["type"] == ["VerifiableCredential", "BitstringStatusListCredential"]
    assert payload["credentialSubject"]["ttl"] == 3_600_000
    assert token["ttl"] == 3600
    assert token["sub"] == "https://cert.example.cn/status/t/centre/1"
