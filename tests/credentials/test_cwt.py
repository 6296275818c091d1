"""What the verifier refuses of a QR's signed content."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace
from typing import Any

import cbor2
import pytest

from credentials.cwt import CLAIM, open_printed
from credentials.encoding import Malformed, from_base32, from_base64url, to_base32
from credentials.trust import store_of
from credentials.verify import State, verify_printed
from tests.credentials.kit import ADDRESSES, NOW, PRINTED, PUBLIC_ID, Always, Issuer, make_issuer


@pytest.fixture(scope="module")
def issuer() -> Issuer:
    return make_issuer()


def test_a_genuine_qr_says_everything_that_is_needed(issuer: Issuer) -> None:
    verdict = issuer.verify_qr(issuer.qr(notice_until="2026-11-25"), path_id=PUBLIC_ID)

    assert verdict.state is State.IN_NOTICE
    assert verdict.read is not None
    assert verdict.read.printed == replace(PRINTED, notice_until="2026-11-25")


def test_an_independent_reader_finds_the_published_layout(issuer: Issuer) -> None:
    text = issuer.qr()
    data = base64.b32decode(text + "=" * (-len(text) % 8))

    protected, loose, payload, signature = cbor2.loads(data)

    assert cbor2.loads(protected) == {1: -7, 4: from_base64url(issuer.signer.kid)}
    assert (loose, len(signature)) == ({}, 64)
    claims = cbor2.loads(payload)
    assert claims[7] == int_of(PUBLIC_ID).to_bytes(8, "big")
    assert claims[CLAIM] == [1, "level", "张伟", "6-18-02-04", "3", 1, 94_567]


def int_of(public_id: str) -> int:
    number = 0
    for letter in public_id:
        number = number * 32 + "0123456789ABCDEFGHJKMNPQRSTVWXYZ".index(letter)
    return number


def signed_as(issuer: Issuer, protected: bytes, payload: bytes, loose: Any = None) -> str:
    """A genuine signature over any parts at all."""
    to_sign = cbor2.dumps(["Signature1", protected, b"", payload])
    return to_base32(
        cbor2.dumps([protected, loose or {}, payload, issuer.signer.signature(to_sign)])
    )


def parts(issuer: Issuer) -> tuple[bytes, dict[int, Any]]:
    message = cbor2.loads(from_base32(issuer.qr()))
    return message[0], cbor2.loads(message[2])


def refused(issuer: Issuer, text: str) -> bool:
    return issuer.verify_qr(text).state in (State.ALTERED, State.UNKNOWN_ISSUER)


def test_other_spellings_of_base32_are_refused(issuer: Issuer) -> None:
    text = issuer.qr()

    for spelling in (text.lower(), text + "=", text + "A", text[:-1], text + " ", "", "1" + text):
        assert refused(issuer, spelling)


def test_bits_behind_the_last_letter_must_be_zero(issuer: Issuer) -> None:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    texts = [issuer.qr(name="张伟" + "a" * n) for n in range(2)]
    text = next(text for text in texts if len(from_base32(text)) * 8 % 5)

    spelling = text[:-1] + alphabet[alphabet.index(text[-1]) ^ 1]

    with pytest.raises(Malformed):
        open_printed(spelling)


def test_trailing_bytes_tags_and_other_forms_are_refused(issuer: Issuer) -> None:
    data = from_base32(issuer.qr())
    message = cbor2.loads(data)
    forms = [
        data + b"\0",
        cbor2.dumps(cbor2.CBORTag(18, message)),
        b"\x9f" + data[1:] + b"\xff",
        cbor2.dumps(message[:3]),
        cbor2.dumps([*message, b""]),
        cbor2.dumps([message[0], {4: message[0]}, message[2], message[3]]),
        cbor2.dumps({}),
        b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff",
        b"\x81" * 1000,
        b"\x5b\x7f\xff\xff\xff\xff\xff\xff\xff",
    ]

    for form in forms:
        assert refused(issuer, to_base32(form))


def test_a_kid_outside_the_signed_header_is_not_read(issuer: Issuer) -> None:
    _, claims = parts(issuer)
    payload = cbor2.dumps(claims, canonical=True)
    kid = from_base64url(issuer.signer.kid)

    outside = signed_as(issuer, cbor2.dumps({1: -7}), payload, {4: kid})
    both = signed_as(issuer, cbor2.dumps({1: -7, 4: kid}, canonical=True), payload, {4: kid})

    assert refused(issuer, outside)
    assert refused(issuer, both)


@pytest.mark.parametrize("algorithm", [-8, -9, -35, 5, "ES256", None])
def test_another_algorithm_is_refused(issuer: Issuer, algorithm: Any) -> None:
    _, claims = parts(issuer)
    protected = cbor2.dumps({1: algorithm, 4: from_base64url(issuer.signer.kid)}, canonical=True)

    assert refused(issuer, signed_as(issuer, protected, cbor2.dumps(claims, canonical=True)))


def test_the_same_key_twice_in_a_map_is_refused(issuer: Issuer) -> None:
    protected, claims = parts(issuer)
    payload = cbor2.dumps(claims, canonical=True)
    doubled = bytes([payload[0] + 1]) + b"\x06\x00" + payload[1:]

    assert cbor2.loads(doubled) == claims
    assert refused(issuer, signed_as(issuer, protected, doubled))


@pytest.mark.parametrize(
    "changes",
    [
        {6: 1.5},
        {6: "2026"},
        {6: -1},
        {6: True},
        {6: 10**15},
        {4: 4e9},
        {7: b"\xff" * 8},
        {7: b"\0" * 7},
        {7: "7K3M9QXT2F4H"},
        {8: b"x"},
        {CLAIM: []},
        {CLAIM: [2, "level", "张伟", "6", "3", 1, 5]},
        {CLAIM: [1, "session", "张伟", "6", "3", 1, 5]},
        {CLAIM: [1, "level", "张伟", "6", 3, 1, 5]},
        {CLAIM: [1, "level", "张伟", "6", "3", 1, -5]},
        {CLAIM: [1, "level", "张伟", "6", "3", 1, 131_072]},
        {CLAIM: [1, "level", "张伟", "6", "3", True, 5]},
        {CLAIM: [1, "level", "张伟", "6", "3", 1, 5, "soon"]},
        {CLAIM: [1, "level", "张伟", "6", "3", 1, 5, "2026-11-25", "002X"]},
    ],
    ids=str,
)
def test_claims_of_another_form_are_refused(issuer: Issuer, changes: dict[int, Any]) -> None:
    protected, claims = parts(issuer)

    text = signed_as(issuer, protected, cbor2.dumps({**claims, **changes}, canonical=True))

    assert refused(issuer, text)


def test_a_real_id_on_a_forged_paper_is_noticed(issuer: Issuer) -> None:
    verdict = issuer.verify_qr(issuer.qr(), path_id="0000000000ZZ")

    assert verdict.state is State.ALTERED
    assert [c.code for c in verdict.checks if c.ok is False] == ["other-paper"]


def test_a_stranger_s_signature_is_noticed(issuer: Issuer) -> None:
    stranger = make_issuer()
    impostor = replace(stranger, signer=replace(stranger.signer, kid=issuer.signer.kid))

    assert issuer.verify_qr(stranger.qr()).state is State.UNKNOWN_ISSUER
    assert issuer.verify_qr(impostor.qr()).state is State.ALTERED


def test_a_key_for_lists_signs_no_paper() -> None:
    lists = make_issuer(purpose="status")

    assert lists.verify_qr(lists.qr()).state is State.ALTERED


def test_two_keys_never_share_a_name(issuer: Issuer) -> None:
    twin = replace(make_issuer().trusted, kid=issuer.trusted.kid)

    with pytest.raises(ValueError, match="same kid"):
        store_of(ADDRESSES, [issuer.trusted, twin], NOW)


def test_every_flipped_bit_is_noticed(issuer: Issuer) -> None:
    data = from_base32(issuer.qr())
    trust = issuer.trust

    for at in range(0, len(data) * 8, 7):
        flipped = bytearray(data)
        flipped[at // 8] ^= 1 << at % 8
        verdict = verify_printed(to_base32(bytes(flipped)), trust=trust, statuses=Always(), now=NOW)
        assert verdict.state in (State.ALTERED, State.UNKNOWN_ISSUER)


def test_rubbish_never_raises(issuer: Issuer) -> None:
    for seed in range(300):
        rubbish = hashlib.shake_128(seed.to_bytes(2, "big")).digest(seed % 120 + 1)
        assert refused(issuer, to_base32(rubbish))
