"""The signed document against what 1EdTech and W3C publish."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema_rs
import jwt
import pytest

from credentials import claims
from credentials.claims import ACHIEVEMENT_TYPES
from credentials.encoding import to_json
from credentials.handlers import joined
from credentials.openbadges import schema
from tests.credentials.kit import ADDRESSES, CONFERRED, HOLDER, make_issuer

SHARED = Path(__file__).parents[3] / "shared/data/openbadges"
REGISTERED = {"iss", "jti", "sub", "nbf", "exp"}


def errors(document: dict[str, Any]) -> list[str]:
    validator = jsonschema_rs.validator_for(schema("achievementcredential"))
    return [error.message for error in validator.iter_errors(document)]


def of_kind(kind: str, notice: str = "") -> dict[str, Any]:
    conferred = replace(CONFERRED, kind=kind, notice_until=notice)
    return claims.payload(conferred, replace(HOLDER, role="团队成员:甲"), ADDRESSES)


@pytest.mark.parametrize("notice", ["", "2026-12-01"])
@pytest.mark.parametrize("kind", list(ACHIEVEMENT_TYPES))
def test_every_kind_passes_the_published_schema(kind: str, notice: str) -> None:
    document = of_kind(kind, notice)

    assert errors(document) == []
    assert errors({k: v for k, v in document.items() if k not in REGISTERED}) == []


def test_the_published_schema_would_notice_an_error() -> None:
    document = of_kind("award")

    document["credentialStatus"] = [document["credentialStatus"]]

    assert errors(document) != []


def test_the_shipped_schema_is_the_published_one() -> None:
    published = SHARED / "ob_v3p0_achievementcredential_schema.json"
    if not published.exists():
        pytest.skip("needs ../shared/data beside the repository")

    assert schema("achievementcredential") == json.loads(published.read_text("utf-8"))


def test_members_stand_in_the_order_of_the_format() -> None:
    document = of_kind("level")

    assert list(document) == [
        "@context",
        "id",
        "type",
        "name",
        "issuer",
        "validFrom",
        "validUntil",
        "awardedDate",
        "credentialSubject",
        "evidence",
        "credentialStatus",
        "credentialSchema",
        "iss",
        "jti",
        "sub",
        "nbf",
        "exp",
    ]


def test_exp_is_absent_exactly_when_there_is_no_last_day() -> None:
    endless = claims.payload(CONFERRED, replace(HOLDER, valid_until=None), ADDRESSES)

    assert "exp" not in endless
    assert "validUntil" not in endless
    assert endless["nbf"] == int(HOLDER.valid_from.timestamp())


def test_nothing_empty_is_written() -> None:
    bare = claims.payload(
        replace(CONFERRED, modules=()),
        replace(HOLDER, scores=(), evidence_root="", number="", valid_until=None),
        ADDRESSES,
    )

    text = to_json(bare).decode()
    assert "[]" not in text
    assert "null" not in text
    assert '""' not in text


def test_two_certificates_of_one_person_share_no_id() -> None:
    from uuid import uuid4

    from credentials.identifiers import subject_of

    assert subject_of(uuid4()) != subject_of(uuid4())


def test_another_library_reads_the_token() -> None:
    issuer = make_issuer()

    payload = jwt.decode(
        issuer.token(),
        issuer.trusted.key,
        algorithms=["ES256"],
        issuer=ADDRESSES.issuer("centre"),
        options={"verify_exp": False, "verify_nbf": False, "require": ["iss", "sub", "jti", "nbf"]},
    )

    header = jwt.get_unverified_header(issuer.token())
    assert header == {"alg": "ES256", "kid": ADDRESSES.key(issuer.trusted.kid), "typ": "JWT"}
    assert payload["credentialSubject"]["identifier"][0]["identityHash"] == "张伟"


def test_the_holder_s_document_number_has_no_place_in_it() -> None:
    names = set(claims.Holder.__dataclass_fields__)

    assert not {name for name in names if "document" in name or "identity" in name}


def test_a_title_in_one_language_stands_in_every_title_that_is_made_with_it() -> None:
    made = joined({"en": "Dishes"}, {"zh-Hans": "一等奖", "en": "First prize"})

    assert made == {"zh-Hans": "Dishes 一等奖", "en": "Dishes First prize"}
