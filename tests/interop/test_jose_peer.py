"""What joserfc reads of ours and writes for us: certificates, both status lists, the trust bundle."""

from __future__ import annotations

import json
from typing import Any

import pytest
from joserfc import jwk, jws, jwt
from joserfc.errors import BadSignatureError

from credentials.encoding import from_base64url, to_json
from credentials.keys import public_jwk, to_bytes
from credentials.lists import Lists
from credentials.status import BLOCK, Status, bits_of, bitstring_payload, token_payload
from credentials.trust import BUNDLE_TYPE, bundle_payload, read_bundle, store_of
from credentials.verify import State
from tests.credentials.kit import ADDRESSES, NOW, Issuer, good, make_issuer, spoilt

CERTIFICATES = make_issuer()
STATUS = make_issuer(purpose="status")
TRUST = make_issuer("", "trust")
STORE = store_of(ADDRESSES, [one.trusted for one in (CERTIFICATES, STATUS, TRUST)], NOW)
ABOUT: dict[str, Any] = {"addresses": ADDRESSES, "issuer": "centre", "block": 1, "now": NOW}


def theirs(issuer: Issuer, token: str) -> dict[str, Any]:
    """The payload as the peer reads it, with nothing but the published key."""
    key = jwk.import_key(dict(public_jwk(issuer.trusted.key)))
    found: dict[str, Any] = jwt.decode(token, key, algorithms=["ES256"]).claims
    return found


def written(issuer: Issuer, payload: Any, typ: str = "JWT") -> str:
    """The same header and payload, put together and signed by the peer."""
    key = jwk.ECKey.import_key(to_bytes(issuer.signer.key))  # type: ignore[arg-type]
    header = {"alg": "ES256", "kid": issuer.signer.kid_url, "typ": typ}
    return str(jws.serialize_compact(header, to_json(payload), key, algorithms=["ES256"]))


def lists() -> tuple[dict[str, Any], dict[str, Any]]:
    one, two = bits_of([(94_567, Status.REVOKED), (7, Status.SUSPENDED)])
    return bitstring_payload(one, **ABOUT), token_payload(two, **ABOUT)


def test_it_reads_our_certificate() -> None:
    assert theirs(CERTIFICATES, CERTIFICATES.token()) == good()


def test_it_reads_both_lists_and_the_bundle() -> None:
    for payload, typ in zip(lists(), ("JWT", "statuslist+jwt"), strict=True):
        assert theirs(STATUS, STATUS.signer.sign(to_json(payload), typ=typ)) == payload
    bundle = bundle_payload(STORE, NOW)
    assert theirs(TRUST, TRUST.signer.sign(to_json(bundle), typ=BUNDLE_TYPE)) == bundle


def test_it_notices_what_we_notice() -> None:
    first, body, signature = CERTIFICATES.token().split(".")
    other = CERTIFICATES.token(spoilt(lambda d: d.update(name="x"))).split(".")[1]

    with pytest.raises(BadSignatureError):
        theirs(CERTIFICATES, f"{first}.{other}.{signature}")
    assert CERTIFICATES.verify(f"{first}.{other}.{signature}").state is State.ALTERED
    assert body != other


def test_we_read_its_certificate_with_every_check() -> None:
    verdict = CERTIFICATES.verify(written(CERTIFICATES, good()))

    assert verdict.state is State.VALID
    assert verdict.credential == good()


def test_we_read_its_lists() -> None:
    found = Lists(STORE, now=NOW)
    for payload, typ in zip(lists(), ("JWT", "statuslist+jwt"), strict=True):
        found.add(written(STATUS, payload, typ), issuer="centre", block=1, now=NOW)

    statuses = {index: found.of("centre", 1, index).status for index in (94_567, 7, 8, BLOCK - 1)}

    assert statuses == {
        94_567: Status.REVOKED,
        7: Status.SUSPENDED,
        8: Status.VALID,
        BLOCK - 1: Status.VALID,
    }


def test_we_read_its_bundle() -> None:
    store = read_bundle(written(TRUST, bundle_payload(STORE, NOW), BUNDLE_TYPE), NOW)

    assert set(store.by_kid) == set(STORE.by_kid)


def test_its_own_way_of_writing_a_header_is_ours() -> None:
    header = written(CERTIFICATES, good()).partition(".")[0]

    assert json.loads(from_base64url(header))["kid"] == CERTIFICATES.signer.kid_url
    assert header == CERTIFICATES.signer.header("JWT")
