"""Attacks 4, 5, 9, 16 and 17 on a certificate's content, each with a genuine signature over it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import cbor2
import pytest

from credentials.cwt import CLAIM
from credentials.encoding import from_base32, to_base32, to_json
from credentials.lists import Lists
from credentials.status import BLOCK, token_payload
from credentials.trust import store_of
from credentials.verify import State, Verdict, verify_printed, verify_token
from tests.credentials.kit import ADDRESSES, NOW, Issuer, good, make_issuer, spoilt

ISSUER = make_issuer()


def failed(verdict: Verdict) -> list[tuple[str, str]]:
    return [(check.id, check.code) for check in verdict.checks if check.ok is False]


@pytest.mark.parametrize("claim", ["nbf", "exp"])
@pytest.mark.parametrize(
    "spelling", [b"NaN", b"-Infinity", b"1e400", b"1e9", b"1.0", b'"1"', b"true", b"null", b"[1]"]
)
def test_attack_05_a_date_has_no_other_spelling(claim: str, spelling: bytes) -> None:
    payload = to_json(good())

    changed = re.sub(rb'("%s":)[0-9]+' % claim.encode(), rb"\g<1>" + spelling, payload)

    assert changed != payload
    assert ISSUER.verify(ISSUER.raw(changed)).state is State.ALTERED


@pytest.mark.parametrize(
    "changes",
    [
        {6: cbor2.CBORTag(1, 1_795_000_000)},
        {4: cbor2.CBORTag(1, 1_795_000_000)},
        {7: cbor2.CBORTag(37, b"\0" * 8)},
        {CLAIM: cbor2.CBORTag(40, [1, "level", "张伟", "6", "3", 1, 5])},
        {CLAIM: (1, "level", cbor2.undefined, "6", "3", 1, 5)},
        {CLAIM: [1.0, "level", "张伟", "6", "3", 1, 5]},
    ],
    ids=str,
)
def test_attack_09_tags_and_floats_are_no_claims(changes: dict[int, Any]) -> None:
    protected, _, payload, _ = cbor2.loads(from_base32(ISSUER.qr()))
    forged = cbor2.dumps({**cbor2.loads(payload), **changes}, canonical=True)
    signature = ISSUER.signer.signature(cbor2.dumps(["Signature1", protected, b"", forged]))

    text = to_base32(cbor2.dumps([protected, {}, forged, signature]))

    assert ISSUER.verify_qr(text).state is State.ALTERED


def test_attack_04_an_issuer_whose_name_is_another_s_is_shown_as_the_trust_store_names_it() -> None:
    verdict = ISSUER.verify(
        ISSUER.token(spoilt(lambda d: d["issuer"].update(name="清华大学 Tsinghua University")))
    )

    assert verdict.read is not None
    assert "清华大学" not in str(verdict.read.key.issuer_name)


def lists_of(issued_at: datetime, now: datetime) -> tuple[Lists, Issuer]:
    """A verifier without a network that holds the list of `issued_at`, its clock at `now`."""
    status = make_issuer(purpose="status")
    lists = Lists(store_of(ADDRESSES, [ISSUER.trusted, status.trusted], issued_at), now=now)
    payload = token_payload(
        bytes(BLOCK // 4), addresses=ADDRESSES, issuer="centre", block=1, now=issued_at
    )
    token = status.signer.sign(to_json(payload), typ="statuslist+jwt")
    lists.add(token, issuer="centre", block=1, now=issued_at)
    return lists, status


def test_attack_16_a_clock_that_was_set_back_makes_no_expired_paper_valid() -> None:
    after_its_end, before = NOW + timedelta(days=366), NOW
    lists, _ = lists_of(after_its_end, before)

    token = verify_token(ISSUER.token(), trust=ISSUER.trust, statuses=lists, now=before)
    paper = verify_printed(
        ISSUER.qr(expires_at=NOW + timedelta(days=365)),
        trust=ISSUER.trust,
        statuses=lists,
        now=before,
    )

    assert token.state is State.STATUS_UNKNOWN
    assert paper.state is State.STATUS_UNKNOWN


def test_attack_16_a_clock_that_runs_ahead_makes_a_list_unknown_and_nothing_valid() -> None:
    lists, _ = lists_of(NOW, NOW + timedelta(days=30))

    verdict = verify_token(
        ISSUER.token(), trust=ISSUER.trust, statuses=lists, now=NOW + timedelta(days=30)
    )

    assert verdict.state is State.STATUS_UNKNOWN


REDEFINED = {"name": "https://evil.example/name", "achievement": "https://evil.example/award"}


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d["credentialSubject"].update({"@context": REDEFINED}),
        lambda d: d["credentialSubject"]["achievement"].update({"@context": REDEFINED}),
        lambda d: d["issuer"].update({"@context": [REDEFINED]}),
        lambda d: d["credentialSubject"]["identifier"][0].update({"@context": REDEFINED}),
        lambda d: d["evidence"][0].update({"@context": "https://evil.example/c.json"}),
    ],
)
def test_attack_17_a_context_further_inside_is_refused(
    change: Callable[[dict[str, Any]], object],
) -> None:
    document = spoilt(change)
    escaped = to_json(document).replace(b'{"@context":{', b'{"\\u0040context":{')

    assert failed(ISSUER.verify(ISSUER.token(document))) == [("unaltered", "context")]
    assert ISSUER.verify(ISSUER.raw(escaped)).state is State.ALTERED
