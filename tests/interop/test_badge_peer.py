"""What openbadgeslib reads of ours and writes for us: badges, pictures, the Bitstring Status List."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives import serialization
from openbadgeslib import baking as peer
from openbadgeslib.ob3 import (
    Achievement,
    IdentityObject,
    Issuer,
    OB3Signer,
    OB3VerificationError,
    OB3Verifier,
    OpenBadgeCredential,
    decode_encoded_list,
    encode_bitstring,
    set_indices,
)

from credentials import baking, claims, qr
from credentials.encoding import to_json
from credentials.offline import verify_with
from credentials.status import Status, bit_at, bits_of, bitstring_payload, read_bitstring
from credentials.verify import State
from tests.credentials.kit import ADDRESSES, CONFERRED, HOLDER, INDEX, Always, make_issuer

NOW = datetime.now(UTC).replace(microsecond=0)  # the peer asks the clock itself
CENTRE = make_issuer().with_key(activated_at=NOW - timedelta(days=9))
STATUS = make_issuer(purpose="status")


def token(days: int = 365) -> str:
    holder = replace(
        HOLDER, valid_from=NOW - timedelta(days=2), valid_until=NOW + timedelta(days=days)
    )
    return CENTRE.token(claims.payload(CONFERRED, holder, ADDRESSES))


def pem() -> bytes:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return CENTRE.trusted.key.public_bytes(serialization.Encoding.PEM, form)


def status_list(*indices: int) -> bytes:
    one, _ = bits_of((index, int(Status.REVOKED)) for index in indices)
    payload = bitstring_payload(one, addresses=ADDRESSES, issuer="centre", block=1, now=NOW)
    return STATUS.signer.sign(to_json(payload)).encode()


def test_it_reads_our_certificate_with_all_its_checks() -> None:
    found = OB3Verifier(pem()).verify(token())

    assert found.issuer.id == "https://cert.example.cn/issuers/centre"
    assert "焊工" in found.achievement.name
    with pytest.raises(OB3VerificationError, match="expired"):
        OB3Verifier(pem()).verify(token(days=-1))


def test_it_reads_our_status_list() -> None:
    verifier, found = OB3Verifier(pem()), OB3Verifier(pem()).verify(token())
    address = ADDRESSES.revocation_list("centre", 1)

    verifier.check_status(found, download={address: status_list(7)}.__getitem__)
    with pytest.raises(OB3VerificationError, match="revocation"):
        verifier.check_status(found, download={address: status_list(INDEX)}.__getitem__)


def test_each_reads_the_other_s_bitstring() -> None:
    ours, _ = bits_of([(0, 1), (7, 1), (131_071, 3)])
    payload = bitstring_payload(ours, addresses=ADDRESSES, issuer="centre", block=1, now=NOW)

    theirs = read_bitstring(encode_bitstring([5, 94_567]))

    encoded = payload["credentialSubject"]["encodedList"]
    assert set_indices(decode_encoded_list(encoded)) == {0, 7, 131_071}
    assert [index for index in (0, 5, 94_567) if bit_at(theirs, index)] == [5, 94_567]


def test_it_reads_our_pictures() -> None:
    baked = token()

    assert OB3Verifier.extract_token_from_png(qr.png("x", token=baked)) == baked
    assert OB3Verifier.extract_token_from_svg(qr.svg("x", token=baked).encode()) == baked


def test_we_read_what_it_bakes() -> None:
    baked = token()

    png = peer.bake_png(qr.png("x"), baked, keyword=b"openbadgecredential")
    svg = peer.bake_svg(
        qr.svg("x").encode(), baked, element="openbadges:credential", namespace=qr.NAMESPACE
    )

    assert baking.token_of_png(png) == baked
    assert baking.token_of_svg(svg) == baked
    for badge in (png, svg):
        assert verify_with(badge, CENTRE.trust, Always(), NOW).state is State.VALID


def test_its_own_badge_is_another_issuer_s_to_us() -> None:
    private = CENTRE.signer.key.private_bytes(  # type: ignore[attr-defined]
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    badge = OpenBadgeCredential(
        id="https://badges.example/1",
        issuer=Issuer(id="https://badges.example/", name="Somebody", url="https://badges.example/"),
        achievement=Achievement(
            id="https://badges.example/a", name="A", description="B", criteria_narrative="C"
        ),
        recipient_id="mailto:somebody@example.com",
        identifiers=[IdentityObject.create("somebody@example.com")],
    )

    signed = OB3Signer(private, algorithm="ES256").sign(badge)

    assert OB3Verifier(pem()).verify(signed)
    verdict = verify_with(signed.encode(), CENTRE.trust, Always(), NOW)
    assert verdict.state is State.UNKNOWN_ISSUER
