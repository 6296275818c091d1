"""The sample badges of 1EdTech's public validator, each answered as its name says.

None of them is ours, so none may ever be called valid, and none that names its own issuer may be called
altered: whether it is genuine only that issuer can say. What the published schema says of each is held
beside that. Read from `../shared/data/openbadges`: their licence is 1EdTech's, so no copy stands here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from credentials.baking import token_of_png
from credentials.encoding import from_base64url
from credentials.offline import verify_with
from credentials.openbadges import schema
from credentials.verify import State
from tests.credentials.kit import NOW, Always, make_issuer

SAMPLES = Path(__file__).parents[3] / "shared/data/openbadges/samples"
FOUND = sorted(
    path.relative_to(SAMPLES).as_posix() for path in SAMPLES.rglob("*") if path.is_file()
)
ISSUER = make_issuer()

NOT_OURS_IN_OTHER_WORDS: Mapping[str, str] = {
    "complete.json": "too-large",  # 25 KB, and a token has at most 16
    "complete_v1.json": "too-large",
    "simple-err-issuer.json": "encoding",  # names no issuer at all: nobody could be asked
    "simple-json.svg": "encoding",  # drawings with a document type are not looked into
    "simple-jwt.svg": "encoding",
    "simple-jwt_v1.svg": "encoding",
}
"""Samples that are refused for another reason than that their issuer is not known here."""

NAMED_GOOD_BUT_NOT_BY_THE_SCHEMA: Mapping[str, str] = {
    "bit-string-list/credential-status-revoked-blank-nodes.json": "proof without verification method",
    "bit-string-list/credential-status-revoked.json": "proof without verification method",
    "bit-string-list/testlist": "a status list, no achievement",
    "complete_v1.json": "data model 1.1: issuanceDate",
    "credential-status-revoked.json": "data model 1.1: issuanceDate",
    "endorsement-valid.json": "an endorsement, which has a schema of its own",
    "simple-did-web-method.json": "proof written as the older suite did",
    "simple-eddsa-2022.json": "data model 1.1: issuanceDate",
    "simple-jwt_v1.png": "data model 1.1: issuanceDate",
    "simple.jwt": "data model 1.1: issuanceDate",
    "simple-noproof.json": "data model 1.1: issuanceDate",
    "simple_v1.json": "data model 1.1: issuanceDate",
    "velocity.jwt": "data model 1.1: issuanceDate",
}
NAMED_WRONG_BUT_NOT_BY_THE_SCHEMA: Mapping[str, str] = {
    "simple-err-expired.json": "its last day is over; the schema knows no today",
    "simple-err-proof-method-no-scheme.json": "its proof's method; proofs inside are not read here",
    "simple-err-proof-method-unknown-did-method.json": "the same",
    "simple-err-proof-method-unknown-scheme.json": "the same",
    "simple-err-proof-value.json": "its proof's value; proofs inside are not read here",
}


@pytest.fixture(autouse=True)
def there() -> None:
    if not FOUND:
        pytest.skip("the sample badges are not beside this repository: ../shared/data/openbadges")


def test_they_are_all_there() -> None:
    assert len(FOUND) >= 44
    lists = (
        NOT_OURS_IN_OTHER_WORDS,
        NAMED_GOOD_BUT_NOT_BY_THE_SCHEMA,
        NAMED_WRONG_BUT_NOT_BY_THE_SCHEMA,
    )
    assert {name for names in lists for name in names} <= set(FOUND)


@pytest.mark.parametrize("name", FOUND)
def test_nobody_else_s_badge_is_called_valid_or_without_reason_altered(name: str) -> None:
    verdict = verify_with((SAMPLES / name).read_bytes(), ISSUER.trust, Always(), NOW)
    codes = [check.code for check in verdict.checks if check.ok is False]

    expected = NOT_OURS_IN_OTHER_WORDS.get(name)
    assert verdict.credential is None
    assert codes == [expected or "unknown-key"]
    assert verdict.state is (State.ALTERED if expected else State.UNKNOWN_ISSUER)


def document_in(name: str) -> dict[str, Any] | None:
    """The credential in a file of any of the forms; None in a drawing, which is not looked into."""
    data = (SAMPLES / name).read_bytes()
    if name.endswith(".svg"):
        return None
    text = token_of_png(data) if name.endswith(".png") else data.decode().strip()
    document: dict[str, Any] = json.loads(
        text if text.startswith("{") else from_base64url(text.split(".")[1])
    )
    return dict(document.get("vc", document))


@pytest.mark.parametrize("name", [name for name in FOUND if not name.endswith(".svg")])
def test_the_published_schema_says_of_each_what_its_name_says(name: str) -> None:
    validator = jsonschema_rs.validator_for(schema("achievementcredential"))
    wrong = "-err-" in name

    errors = [error.message for error in validator.iter_errors(document_in(name))]

    exceptions = NAMED_WRONG_BUT_NOT_BY_THE_SCHEMA if wrong else NAMED_GOOD_BUT_NOT_BY_THE_SCHEMA
    assert bool(errors) is (wrong is (name not in exceptions)), errors[:3]


@pytest.mark.skipif(not FOUND, reason="the sample badges are not beside this repository")
def test_the_expired_one_is_over() -> None:
    document = document_in("simple-err-expired.json") or {}

    assert datetime.fromisoformat(document["validUntil"]) < datetime(2011, 1, 1, tzinfo=UTC)
