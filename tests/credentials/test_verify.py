"""What the verifier refuses: every attack on a token that we know of."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from credentials import keys
from credentials.encoding import from_base64url, to_base64url, to_json
from credentials.keys import ALGORITHM
from credentials.status import Status
from credentials.trust import store_of
from credentials.verify import Answer, State, verify_token
from tests.credentials.kit import (
    ADDRESSES,
    ISSUED,
    NOW,
    Always,
    Issuer,
    good,
    make_issuer,
    spoilt,
)

ORDER = keys._ORDER


@pytest.fixture(scope="module")
def issuer() -> Issuer:
    return make_issuer()


def failed(verdict: Any) -> list[tuple[str, str]]:
    return [(check.id, check.code) for check in verdict.checks if check.ok is False]


def test_a_genuine_certificate_passes_every_check(issuer: Issuer) -> None:
    verdict = issuer.verify(issuer.token())

    assert verdict.state is State.VALID
    assert [(check.id, check.ok) for check in verdict.checks] == [
        ("unaltered", True),
        ("issuer", True),
        ("status", True),
        ("dates", True),
        ("person", None),
    ]


# --- the header --------------------------------------------------------------------------------


def header(issuer: Issuer, **changes: Any) -> bytes:
    made = {"alg": ALGORITHM, "kid": issuer.signer.kid_url, "typ": "JWT", **changes}
    return to_json({name: value for name, value in made.items() if value != "absent"})


@pytest.mark.parametrize(
    "changes",
    [
        {"alg": "none"},
        {"alg": "nOnE"},
        {"alg": "NONE"},
        {"alg": ["ES256"]},
        {"alg": "absent"},
        {"alg": "es256"},
        {"alg": "ES384"},
        {"alg": "EdDSA"},
        {"alg": None},
        {"typ": "vc+jwt"},
        {"typ": "statuslist+jwt"},
        {"typ": "absent"},
        {"crit": ["b64"], "b64": False},
        {"jku": "https://evil.example/jwks.json"},
        {"x5c": ["MIIB"]},
        {"kid": "absent"},
        {"kid": 7},
        {"kid": ["x"]},
    ],
)
def test_a_header_that_is_not_ours_is_refused(issuer: Issuer, changes: dict[str, Any]) -> None:
    token = issuer.raw(to_json(good()), header(issuer, **changes))

    verdict = issuer.verify(token)

    assert verdict.state in (State.ALTERED, State.UNKNOWN_ISSUER)
    assert verdict.credential is None


def test_unsigned_tokens_are_refused(issuer: Issuer) -> None:
    body = to_base64url(to_json(good()))

    for first in (b'{"alg":"none"}', header(issuer, alg="none")):
        for signature in ("", "AA"):
            verdict = issuer.verify(f"{to_base64url(first)}.{body}.{signature}")
            assert verdict.state is State.ALTERED


def public_forms(issuer: Issuer) -> list[bytes]:
    key = issuer.trusted.key
    pem = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    der = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    point = serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    jwk = keys.public_jwk(key)
    return [
        key.public_bytes(*pem),
        key.public_bytes(*pem).strip(),
        key.public_bytes(*der),
        key.public_bytes(*point),
        to_json(jwk),
        json.dumps(jwk).encode(),
        from_base64url(jwk["x"]),
    ]


def test_our_public_key_is_no_shared_secret(issuer: Issuer) -> None:
    body = to_base64url(to_json(good()))
    for secret in public_forms(issuer):
        for changes in ({"alg": "HS256"}, {}):
            signed = f"{to_base64url(header(issuer, **changes))}.{body}"
            mac = hmac.new(secret, signed.encode(), hashlib.sha256).digest()

            verdict = issuer.verify(f"{signed}.{to_base64url(mac)}")

            assert verdict.state is State.ALTERED


def test_a_key_that_the_token_brings_along_is_not_used(issuer: Issuer) -> None:
    stranger = make_issuer()
    jwk = keys.public_jwk(stranger.trusted.key)

    carried = stranger.raw(to_json(good()), header(issuer, jwk=jwk))
    hosted = stranger.raw(to_json(good()), header(issuer, kid="https://evil.example/keys/abc"))
    local = stranger.raw(to_json(good()), header(issuer, kid="file:///etc/passwd"))

    assert issuer.verify(carried).state is State.ALTERED
    assert issuer.verify(hosted).state is State.UNKNOWN_ISSUER
    assert issuer.verify(local).state is State.UNKNOWN_ISSUER


def test_another_issuer_s_key_can_t_speak_for_this_one(issuer: Issuer) -> None:
    other = make_issuer("other")
    trust = store_of(ADDRESSES, [issuer.trusted, other.trusted], NOW)

    verdict = verify_token(other.token(), trust=trust, statuses=Always(), now=NOW)

    assert verdict.state is State.UNKNOWN_ISSUER
    assert failed(verdict) == [("issuer", "other-issuer")]


def test_a_key_for_lists_signs_no_certificate() -> None:
    lists = make_issuer(purpose="status")

    assert lists.verify(lists.token()).state is State.ALTERED


# --- the signature -----------------------------------------------------------------------------


def with_signature(token: str, signature: bytes) -> str:
    return token.rpartition(".")[0] + "." + to_base64url(signature)


def test_signatures_of_another_form_are_refused(issuer: Issuer) -> None:
    token = issuer.token()
    signature = from_base64url(token.rpartition(".")[2])
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    wrong = [
        b"",
        bytes(64),
        signature[:-1],
        signature + b"\0",
        encode_dss_signature(r, s),
        ORDER.to_bytes(32, "big") * 2,
        signature[:32] + bytes(32),
        signature[32:] + signature[:32],
        ed25519.Ed25519PrivateKey.generate().sign(token.encode()),
    ]

    for bytes_ in wrong:
        assert issuer.verify(with_signature(token, bytes_)).state is State.ALTERED


def test_the_signature_s_twin_has_the_same_status(issuer: Issuer) -> None:
    token = issuer.token()
    signature = from_base64url(token.rpartition(".")[2])
    s = int.from_bytes(signature[32:], "big")
    twin = with_signature(token, signature[:32] + (ORDER - s).to_bytes(32, "big"))

    verdict = issuer.verify(twin, answer=Answer(Status.REVOKED, NOW))

    assert twin != token
    assert verdict.state is State.REVOKED


def test_one_changed_letter_is_noticed(issuer: Issuer) -> None:
    first, body, signature = issuer.token().split(".")
    changed = from_base64url(body).replace("张伟".encode(), "张三".encode())

    verdict = issuer.verify(f"{first}.{to_base64url(changed)}.{signature}")

    assert failed(verdict) == [("unaltered", "signature")]


# --- the encoding ------------------------------------------------------------------------------


def test_large_tokens_are_refused_before_they_are_read(issuer: Issuer) -> None:
    huge = "A" * (8 * 1024 * 1024)
    deep = to_base64url(b"[" * 200_000)

    for token in (
        huge,
        f"{huge}.e30.AA",
        f"{deep}.e30.AA",
        issuer.token() + huge,
        issuer.raw(to_json(good(padding="x" * 20_000))),
    ):
        assert failed(issuer.verify(token)) == [("unaltered", "too-large")]


def test_nested_brackets_within_the_limit_are_refused(issuer: Issuer) -> None:
    assert issuer.verify(issuer.raw(b"[" * 11_000)).state is State.ALTERED
    assert issuer.verify(issuer.raw(b'{"a":' * 2_200)).state is State.ALTERED
    assert issuer.verify(issuer.raw(b"{}", b"[" * 300)).state is State.ALTERED


@pytest.mark.parametrize(
    "token", ["", ".", "..", "...", "a.b", "a.b.c", "a.b.c.d", "ä.ö.ü", "\0.\0.\0", " "]
)
def test_what_is_no_token_is_refused(issuer: Issuer, token: str) -> None:
    assert issuer.verify(token).state is State.ALTERED


def test_other_spellings_of_the_same_bytes_are_refused(issuer: Issuer) -> None:
    token = issuer.token()
    first, body, signature = token.split(".")
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    sibling = letters[letters.index(signature[-1]) ^ 1]
    spellings = [
        f"{token}==",
        f"{token}\n",
        f" {token}",
        f"{first}.{body}.{signature[:-1]}{sibling}",
        f"{first}.{body}.{signature}.",
        f"{first}.{body}!.{signature}",
        f"{first}={body}.{signature}",
    ]

    for spelling in spellings:
        assert issuer.verify(spelling).state is State.ALTERED


def doubled(issuer: Issuer, name: str) -> bytes:
    text = to_json(good()).decode()
    return (text[:-1] + f',"{name}":"x"}}').encode()


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"null",
        b"[]",
        b'"text"',
        b"\xef\xbb\xbf" + to_json(good()),
        to_json(good()) + b"\0",
        to_json(good()) + b"{}",
        to_json(good()).replace("张".encode(), b"\xff\xfe"),
        to_json(good()).replace("张伟".encode(), b"\\ud800"),
        to_json(good())[:-1] + b',"score":NaN}',
        to_json(good())[:-1] + b',"score":Infinity}',
        to_json(good())[:-1] + b',"score":1e400}',
        to_json(good())[:-1] + b',"score":' + b"9" * 5_000 + b"}",
        to_json(good())[:-1] + b',"id":"x"}',
        to_json(good())[:-1] + b',"padding":{"a":1,"a":2}}',
    ],
)
def test_json_that_others_would_read_otherwise_is_refused(issuer: Issuer, payload: bytes) -> None:
    assert issuer.verify(issuer.raw(payload)).state is State.ALTERED


# --- the claims --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://cert.example.cn/issuers/other"},
        {"iss": None},
        {"jti": "https://cert.example.cn/c/0000000000ZZ"},
        {"jti": None},
        {"sub": "urn:uuid:other"},
        {"sub": None},
        {"sub": 7},
        {"nbf": None},
        {"nbf": int(ISSUED.timestamp()) + 1},
        {"nbf": str(int(ISSUED.timestamp()))},
        {"nbf": True},
        {"exp": None},
        {"exp": "4000000000"},
        {"exp": True},
        {"exp": -1},
        {"exp": 4_000_000_000},
        {"validUntil": None},
        {"validFrom": "2026-11-18"},
        {"validFrom": "2026-11-18T08:00:00+00:00"},
        {"validFrom": "2026-13-45T08:00:00Z"},
        {"validFrom": 1},
        {"validFrom": None},
        {
            "id": "https://cert.example.cn/c/7K3M9QXT2F4H/",
            "jti": "https://cert.example.cn/c/7K3M9QXT2F4H/",
        },
        {
            "id": "https://cert-example.cn/c/7K3M9QXT2F4H",
            "jti": "https://cert-example.cn/c/7K3M9QXT2F4H",
        },
        {
            "id": "https://cert.example.cn/c/7k3m9qxt2f4h",
            "jti": "https://cert.example.cn/c/7k3m9qxt2f4h",
        },
        {"vc": {}},
        {"proof": {}},
        {"type": ["VerifiableCredential"]},
        {"type": ["OpenBadgeCredential", "VerifiableCredential"]},
        {"type": ["VerifiableCredential", "EndorsementCredential"]},
        {"type": ["VerifiablePresentation"]},
        {"type": ["VerifiableCredential", "BitstringStatusListCredential"]},
        {"type": "OpenBadgeCredential"},
        {"issuer": "https://cert.example.cn/issuers/centre"},
        {"credentialSubject": "x"},
        {"credentialSubject": []},
        {"credentialStatus": None},
        {"credentialStatus": []},
    ],
    ids=str,
)
def test_claims_that_contradict_the_credential_are_refused(
    issuer: Issuer, changes: dict[str, Any]
) -> None:
    assert issuer.verify(issuer.token(good(**changes))).state is State.ALTERED


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d["@context"].reverse(),
        lambda d: d["@context"].pop(),
        lambda d: d["@context"].append("https://evil.example/context.json"),
        lambda d: d["@context"].append({"name": "https://evil.example/name"}),
        lambda d: d.update({"@context": d["@context"][0]}),
        lambda d: d["@context"].__setitem__(1, d["@context"][1].replace("3.0.3", "3.0.9")),
    ],
)
def test_only_the_known_contexts_are_accepted(
    issuer: Issuer, change: Callable[[dict[str, Any]], object]
) -> None:
    verdict = issuer.verify(issuer.token(spoilt(change)))

    assert failed(verdict) == [("unaltered", "context")]


@pytest.mark.parametrize(
    "index", ["-1", "1e3", "007", "131072", "+5", " 5", "5 ", "٥", "", "0x1", 5, None, "9" * 30]
)
def test_a_status_index_has_one_spelling(issuer: Issuer, index: Any) -> None:
    def change(document: dict[str, Any]) -> None:
        entry = document["credentialStatus"]
        entry["statusListIndex"] = index
        entry["id"] = f"{entry['statusListCredential']}#{index}"

    verdict = issuer.verify(issuer.token(spoilt(change)))

    assert failed(verdict) == [("unaltered", "status-entry")]


@pytest.mark.parametrize(
    "changes",
    [
        {"statusPurpose": "suspension"},
        {"type": "StatusList2021Entry"},
        {"statusListCredential": "https://evil.example/status/r/centre/1"},
        {"statusListCredential": "https://cert.example.cn/status/r/other/1"},
        {"statusListCredential": "https://cert.example.cn/status/t/centre/1"},
        {"statusListCredential": "https://cert.example.cn/status/r/centre/1?old"},
        {"statusListCredential": "https://cert.example.cn/status/r/centre/-1"},
        {"id": "https://cert.example.cn/status/r/centre/1"},
        {"statusSize": 2},
    ],
    ids=str,
)
def test_a_status_stands_in_this_issuer_s_list_alone(
    issuer: Issuer, changes: dict[str, Any]
) -> None:
    verdict = issuer.verify(issuer.token(spoilt(lambda d: d["credentialStatus"].update(changes))))

    assert failed(verdict) == [("unaltered", "status-entry")]


# --- dates, status, keys -----------------------------------------------------------------------


def test_it_expires_on_the_very_second(issuer: Issuer) -> None:
    last = NOW + timedelta(days=365)

    assert issuer.verify(issuer.token(), now=last - timedelta(seconds=1)).state is State.VALID
    assert issuer.verify(issuer.token(), now=last).state is State.EXPIRED


def test_a_certificate_from_the_future_is_not_valid_yet(issuer: Issuer) -> None:
    assert (
        issuer.verify(issuer.token(), now=ISSUED - timedelta(hours=1)).state is State.NOT_YET_VALID
    )
    assert issuer.verify(issuer.token(), now=ISSUED - timedelta(minutes=1)).state is State.VALID


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (Answer(Status.REVOKED, NOW), State.REVOKED),
        (Answer(Status.SUSPENDED, NOW), State.SUSPENDED),
        (Answer(Status.REPLACED, NOW), State.REPLACED),
        (Answer(None, NOW - timedelta(days=9)), State.STATUS_UNKNOWN),
        (Answer(None, None), State.STATUS_UNKNOWN),
        (Answer(None, NOW, missing=True), State.NOT_FOUND),
    ],
)
def test_the_status_decides(issuer: Issuer, answer: Answer, state: State) -> None:
    assert issuer.verify(issuer.token(), answer=answer).state is state


def test_a_withdrawn_certificate_stays_withdrawn_after_its_last_day(issuer: Issuer) -> None:
    later = NOW + timedelta(days=400)

    verdict = issuer.verify(issuer.token(), now=later, answer=Answer(Status.REVOKED, later))

    assert verdict.state is State.REVOKED


def test_the_notice_ends_with_its_last_day_in_china(issuer: Issuer) -> None:
    from dataclasses import replace
    from datetime import UTC, datetime

    from credentials import claims
    from tests.credentials.kit import CONFERRED, HOLDER

    noticed = claims.payload(replace(CONFERRED, notice_until="2026-11-25"), HOLDER, ADDRESSES)
    token = issuer.token(noticed)

    before = issuer.verify(token, now=datetime(2026, 11, 25, 15, 59, tzinfo=UTC))
    after = issuer.verify(token, now=datetime(2026, 11, 25, 16, 0, tzinfo=UTC))

    assert before.state is State.IN_NOTICE
    assert after.state is State.VALID


def test_a_retired_key_vouches_for_what_it_signed_before(issuer: Issuer) -> None:
    before = issuer.with_key(retired_at=ISSUED + timedelta(hours=1))
    after = issuer.with_key(retired_at=ISSUED - timedelta(hours=1))

    assert before.verify(before.token()).state is State.VALID
    assert failed(after.verify(after.token())) == [("issuer", "signed-after-retirement")]


def test_nothing_may_be_dated_before_its_key_was_in_use(issuer: Issuer) -> None:
    unborn = issuer.with_key(activated_at=ISSUED + timedelta(seconds=1))
    never = issuer.with_key(activated_at=None)

    assert unborn.verify(unborn.token()).state is State.UNKNOWN_ISSUER
    assert never.verify(never.token()).state is State.UNKNOWN_ISSUER


def test_a_compromised_key_vouches_for_nothing_by_itself(issuer: Issuer) -> None:
    lost = issuer.with_key(compromised_at=NOW)
    recorded = Answer(Status.VALID, NOW, recorded_at=ISSUED)
    late = Answer(Status.VALID, NOW, recorded_at=NOW + timedelta(seconds=1))

    assert failed(lost.verify(lost.token())) == [("issuer", "key-compromised")]
    assert lost.verify(lost.token(), answer=late).state is State.UNKNOWN_ISSUER
    assert lost.verify(lost.token(), answer=recorded).state is State.VALID


def test_floods_of_unknown_keys_cost_a_look_in_a_table_each(issuer: Issuer) -> None:
    for number in range(200):
        kid = base64.urlsafe_b64encode(number.to_bytes(8, "big")).rstrip(b"=").decode()
        token = issuer.raw(to_json(good()), header(issuer, kid=ADDRESSES.key(kid)))

        assert issuer.verify(token).state is State.UNKNOWN_ISSUER
