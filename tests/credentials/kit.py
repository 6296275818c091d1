"""An issuer without a database: keys, a trust store, one good certificate, ways to spoil it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from core.events import ModuleLine
from credentials import claims, keys
from credentials.cwt import Printed, sign_printed
from credentials.encoding import to_base64url, to_json
from credentials.identifiers import Addresses, subject_of
from credentials.keys import Signer
from credentials.status import BLOCK, Status
from credentials.trust import TrustedKey, TrustStore, store_of
from credentials.verify import Answer, Verdict, verify_printed, verify_token

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
ISSUED = NOW - timedelta(days=2)
ACTIVE = NOW - timedelta(days=30)
ADDRESSES = Addresses("https://cert.example.cn")
PUBLIC_ID = "7K3M9QXT2F4H"
INDEX = 94_567
ISSUER_NAME = {"zh-Hans": "示例技能评价中心", "en": "Example Skills Centre"}
MODULES = (
    ModuleLine("theory", {"zh-Hans": "理论知识", "en": "Theory"}, "86", "100"),
    ModuleLine("practice", {"zh-Hans": "操作技能", "en": "Practice"}, "91", "100"),
)


VALID = Answer(Status.VALID, NOW)


@dataclass(frozen=True)
class Always:
    """A status source that always says the same."""

    answer: Answer = VALID

    def of(self, issuer: str, block: int, index: int) -> Answer:
        return self.answer


@dataclass(frozen=True)
class Issuer:
    """`trusted` and `signer` are two sides of one key."""

    trusted: TrustedKey
    signer: Signer

    @property
    def trust(self) -> TrustStore:
        return store_of(ADDRESSES, [self.trusted], NOW)

    def with_key(self, **changes: Any) -> Issuer:
        return replace(self, trusted=replace(self.trusted, **changes))

    def token(self, document: dict[str, Any] | None = None) -> str:
        return self.signer.sign(to_json(document if document is not None else good()))

    def raw(self, payload: bytes, header: bytes | None = None) -> str:
        """A genuine signature over any bytes at all."""
        first = to_base64url(header) if header is not None else self.signer.header("JWT")
        return self.signer.sign_under(first, payload)

    def verify(self, token: str, *, now: datetime = NOW, answer: Answer | None = None) -> Verdict:
        statuses = Always(answer) if answer else Always()
        return verify_token(token, trust=self.trust, statuses=statuses, now=now)

    def verify_qr(self, text: str, *, now: datetime = NOW, path_id: str = "") -> Verdict:
        return verify_printed(text, trust=self.trust, statuses=Always(), now=now, path_id=path_id)

    def qr(self, **changes: Any) -> str:
        return sign_printed(replace(PRINTED, **changes), self.signer)


def make_issuer(code: str = "centre", purpose: str = "certificate") -> Issuer:
    private = keys.new_private_key()
    kid = keys.kid_of(keys.public_jwk(private.public_key()))
    trusted = TrustedKey(kid, code, ISSUER_NAME, purpose, private.public_key(), ACTIVE)
    return Issuer(trusted, Signer(kid, ADDRESSES.key(kid), private))


PRINTED = Printed(
    public_id=PUBLIC_ID,
    kind="level",
    name="张伟",
    title_code="6-18-02-04",
    grade="3",
    block=1,
    index=INDEX,
    issued_at=ISSUED,
)
CONFERRED = claims.Conferred(
    kind="level",
    issuer="centre",
    issuer_name=ISSUER_NAME,
    slug="6-18-02-04-3",
    title_code="6-18-02-04",
    grade="3",
    title={"zh-Hans": "焊工 三级/高级工", "en": "Welder, level 3"},
    description={"zh-Hans": "职业技能等级认定", "en": "Skill level 3 of 5, occupation 6-18-02-04"},
    criteria={"zh-Hans": "均达到 60 分。", "en": "Both at least 60 of 100."},
    modules=MODULES,
)
HOLDER = claims.Holder(
    public_id=PUBLIC_ID,
    subject=subject_of(UUID(int=1)),
    name="张伟",
    awarded_on="2026-11-15",
    valid_from=ISSUED,
    position=BLOCK + INDEX,
    number="S000011010326263000123",
    scores=MODULES,
    evidence_root="47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU",
    valid_until=NOW + timedelta(days=365),
)


def good(**changes: Any) -> dict[str, Any]:
    """The payload of a genuine certificate, with members replaced; None takes one away."""
    document = copy.deepcopy(claims.payload(CONFERRED, HOLDER, ADDRESSES))
    for name, value in changes.items():
        document.pop(name, None)
        if value is not None:
            document[name] = value
    return document


def spoilt(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    document = good()
    change(document)
    return document
