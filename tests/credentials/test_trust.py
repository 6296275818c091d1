"""The trust bundle: what a verifier without a network believes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from credentials.encoding import to_json
from credentials.identifiers import Addresses
from credentials.keys import key_from_jwk, public_jwk
from credentials.lists import Lists
from credentials.offline import verify_with
from credentials.trust import (
    BUNDLE_TYPE,
    BUNDLE_VALIDITY,
    Refused,
    bundle_payload,
    read_bundle,
    read_bundles,
    store_of,
)
from credentials.verify import State
from tests.credentials.kit import ADDRESSES, NOW, PUBLIC_ID, Always, make_issuer

CERTIFICATES = make_issuer()
ROOT = make_issuer("", "trust")
STORE = store_of(ADDRESSES, [CERTIFICATES.with_key(retired_at=NOW).trusted, ROOT.trusted], NOW)


def signed(payload: dict[str, Any], signer: Any = ROOT.signer) -> str:
    return str(signer.sign(to_json(payload), typ=BUNDLE_TYPE))


def bundle(**changes: Any) -> str:
    return signed({**bundle_payload(STORE, NOW), **changes})


def test_a_bundle_carries_keys_with_their_dates() -> None:
    store = read_bundle(bundle(), NOW, pinned=ROOT.signer.kid)

    found = store.by_kid[CERTIFICATES.signer.kid]
    assert found.retired_at == NOW
    assert found.issuer_name == CERTIFICATES.trusted.issuer_name
    assert public_jwk(found.key) == public_jwk(CERTIFICATES.trusted.key)


def test_a_certificate_is_verified_with_the_bundle_alone() -> None:
    store = read_bundle(bundle(), NOW)

    token = CERTIFICATES.token().encode()
    paper = f"{ADDRESSES.certificate(PUBLIC_ID)}#{CERTIFICATES.qr()}".encode()

    assert verify_with(token, store, Always(), NOW).state is State.VALID
    assert verify_with(paper, store, Always(), NOW).state is State.VALID
    assert verify_with(token, store, Lists(store, now=NOW), NOW).state is State.STATUS_UNKNOWN
    assert verify_with(PUBLIC_ID.encode(), store, Always(), NOW).state is State.ALTERED


def test_a_paper_that_points_elsewhere_is_not_ours() -> None:
    forged = f"https://cert-example.cn/c/{PUBLIC_ID}#{CERTIFICATES.qr()}".encode()

    assert verify_with(forged, STORE, Always(), NOW).state is State.UNKNOWN_ISSUER


def test_an_old_bundle_is_refused() -> None:
    with pytest.raises(Refused, match="bundle-expired"):
        read_bundle(bundle(), NOW + BUNDLE_VALIDITY)
    assert read_bundle(bundle(), NOW + BUNDLE_VALIDITY - timedelta(seconds=1))


def test_a_bundle_must_be_signed_by_its_trust_key() -> None:
    stranger = make_issuer("", "trust")

    for token in (
        signed(bundle_payload(STORE, NOW), CERTIFICATES.signer),
        signed(bundle_payload(STORE, NOW), stranger.signer),
        bundle()[:-4] + "AAAA",
    ):
        with pytest.raises(Refused):
            read_bundle(token, NOW)
    with pytest.raises(Refused):
        read_bundle(bundle(), NOW, pinned=stranger.signer.kid)


@pytest.mark.parametrize(
    "changes", [{"keys": None}, {"keys": [{}]}, {"iss": 7}, {"exp": "x"}, {"issuers": "x"}], ids=str
)
def test_a_bundle_of_another_form_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        read_bundle(bundle(**changes), NOW)


@pytest.mark.parametrize("token", ["", "a", "a.b.c", "a..c"])
def test_what_is_no_bundle_is_refused(token: str) -> None:
    with pytest.raises(Refused):
        read_bundle(token, NOW)


def test_a_key_under_another_key_s_name_is_refused() -> None:
    payload = bundle_payload(STORE, NOW)
    payload["keys"][0]["jwk"] = public_jwk(make_issuer().trusted.key)

    with pytest.raises(Refused):
        read_bundle(signed(payload), NOW)


def test_only_points_of_the_curve_are_keys() -> None:
    jwk: dict[str, Any] = public_jwk(CERTIFICATES.trusted.key)

    for spoilt in ({"crv": "P-384"}, {"kty": "OKP"}, {"x": jwk["y"]}, {"x": "AAAA"}):
        with pytest.raises(ValueError):
            key_from_jwk({**jwk, **spoilt})


def test_a_bundle_carries_other_installations_each_by_its_own_signature() -> None:
    elsewhere, theirs = Addresses("https://cert.example.mo"), make_issuer("", "trust")
    signer = theirs.signer.at(elsewhere)
    other = signed(bundle_payload(store_of(elsewhere, [theirs.trusted], NOW), NOW), signer)
    entry = {"origin": elsewhere.origin, "root": "", "bundle": other}

    def origins(*entries: Any, now: datetime = NOW) -> list[str]:
        token = bundle(installations=list(entries))
        return [store.addresses.origin for store in read_bundles(token, now)]

    assert origins(entry) == [ADDRESSES.origin, elsewhere.origin]
    assert origins({**entry, "bundle": other[:-4] + "AAAA"}) == [ADDRESSES.origin]
    assert origins({**entry, "origin": "https://cert-example.mo"}) == [ADDRESSES.origin]
    assert origins({**entry, "root": "A" * 43}) == [ADDRESSES.origin]
    assert origins("x", 7, {}) == [ADDRESSES.origin]
    assert read_bundles(bundle(installations=7), NOW)[1:] == []


def test_former_origins_count_like_the_present_one() -> None:
    moved = store_of(Addresses("https://cert.new.example.cn", (ADDRESSES.origin,)), STORE.keys, NOW)
    signer = ROOT.signer.at(moved.addresses)
    store = read_bundle(signed(bundle_payload(moved, NOW), signer), NOW)
    paper = f"{ADDRESSES.certificate(PUBLIC_ID)}#{CERTIFICATES.qr()}".encode()

    assert verify_with(CERTIFICATES.token().encode(), store, Always(), NOW).state is State.VALID
    assert verify_with(paper, store, Always(), NOW).state is State.VALID
    for spoilt in ("https://x", ["ftp://x"], [7], 7):
        with pytest.raises(Refused):
            read_bundle(bundle(formerOrigins=spoilt), NOW)
