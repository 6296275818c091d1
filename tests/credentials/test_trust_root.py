"""The offline root: made on another machine, authorises the trust key, pinned by verifiers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core import notices
from core.security import SYSTEM
from core.settings import Settings
from credentials import actions, keyring, published
from credentials.encoding import from_base64url, from_json, to_base64url, to_json
from credentials.keys import Signer, kid_of, new_private_key, public_jwk, thumbprint_of
from credentials.tables import SigningKey
from credentials.trust import BUNDLE_TYPE, Refused, read_bundle
from credentials.trusting import actions as trusting
from credentials.trusting.authorisation import (
    Request,
    Unauthorised,
    authorise,
    check_authorised,
    read_authorisation,
    read_request,
    request_payload,
)
from tests.credentials.facts import ORGANISER, issuers
from tests.credentials.kit import NOW
from tests.fixtures.processes import Jiangxin

ROOT = new_private_key()
THUMB = thumbprint_of(public_jwk(ROOT.public_key()))
TRUST_JWK = public_jwk(new_private_key().public_key())
ORIGINS = ("https://cert.example.cn", "https://old.example.cn")
TOKEN = authorise(Request(3, ORIGINS, (TRUST_JWK,)), ROOT, NOW, days=30)


def test_an_authorisation_says_which_keys_may_speak_for_which_origins() -> None:
    found = read_authorisation(TOKEN, root=THUMB)

    assert (found.root, found.n, found.origins) == (THUMB, 3, ORIGINS)
    check_authorised(found, kid=kid_of(TRUST_JWK), origins=ORIGINS, now=NOW, least=3)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"least": 4}, "authorisation-replayed"),
        ({"now": NOW + timedelta(days=30)}, "authorisation-out-of-date"),
        ({"now": NOW - timedelta(hours=1)}, "authorisation-out-of-date"),
        ({"kid": "AAAAAAAAAAA"}, "authorisation-other-key"),
        ({"origins": ["https://cert-example.cn"]}, "authorisation-other-origin"),
    ],
    ids=str,
)
def test_it_authorises_nothing_else(changes: dict[str, object], code: str) -> None:
    asked = {"kid": kid_of(TRUST_JWK), "origins": ORIGINS, "now": NOW, "least": 0, **changes}

    with pytest.raises(Unauthorised, match=code):
        check_authorised(read_authorisation(TOKEN), **asked)  # type: ignore[arg-type]


def test_only_the_pinned_root_s_own_signature_counts() -> None:
    header, body, signature = TOKEN.split(".")
    claims = from_json(from_base64url(body))
    other = new_private_key()
    spoilt = to_base64url(to_json({**claims, "n": 4}))
    plain = to_base64url(to_json({"alg": "ES256", "kid": THUMB, "typ": "JWT"}))
    borrowed = Signer(THUMB, THUMB, other).sign(to_json(claims), typ="jiangxin-root+jwt")
    theirs = authorise(Request(3, ORIGINS, (TRUST_JWK,)), other, NOW, days=30)
    of_text = Signer(THUMB, THUMB, ROOT).sign(
        to_json({**claims, "n": "3"}), typ="jiangxin-root+jwt"
    )

    for token in (
        *("", "a.b", "a.b.c", TOKEN[:-4] + "AAAA", f"{header}.{spoilt}.{signature}"),
        *(f"{plain}.{body}.{signature}", borrowed, theirs, of_text, TOKEN + "A" * 70_000),
    ):
        with pytest.raises(Unauthorised):
            read_authorisation(token, root=THUMB)


def test_a_request_of_another_form_is_refused() -> None:
    good = request_payload(Request(1, ORIGINS, (TRUST_JWK,)))

    assert read_request(to_json(good)).keys == (TRUST_JWK,)
    for changes in ({"format": "x"}, {"n": "1"}, {"origins": "x"}, {"keys": [{}]}):
        with pytest.raises(ValueError):
            read_request(to_json({**good, **changes}))


@pytest.mark.engine
async def test_a_bundle_counts_under_a_pinned_root_only_while_its_key_is_authorised(
    database: Settings,
) -> None:
    await issuers()
    now = datetime.now(UTC)
    with pytest.raises(Refused, match="unauthorised"):
        read_bundle(await published.trust_bundle(), now, root=THUMB)

    first = authorise(await trusting.root_request(), ROOT, now, days=30)
    await trusting.install_authorisation(SYSTEM, first)
    bundle = await published.trust_bundle()
    assert read_bundle(bundle, now, root=THUMB, least=1).keys

    with pytest.raises(Refused, match="other-root"):
        read_bundle(bundle, now, root="A" * 43)
    with pytest.raises(trusting.AuthorisationRefused, match="replayed"):
        await trusting.install_authorisation(SYSTEM, first)
    stranger = authorise(await trusting.root_request(), new_private_key(), now, days=30)
    with pytest.raises(trusting.AnotherRoot):
        await trusting.install_authorisation(SYSTEM, stranger)


async def test_somebody_is_told_before_the_root_s_authorisation_ends(database: Settings) -> None:
    await issuers()
    now = datetime.now(UTC)
    for days, said in ((30, ["credentials.root-ends"]), (400, [])):
        answer = authorise(await trusting.root_request(), ROOT, now, days=days)
        await trusting.install_authorisation(SYSTEM, answer)
        await published.trust_bundle()

        assert [notice.finding.code for notice in notices.standing()] == said


async def test_a_stolen_trust_key_ends_with_the_root_s_next_word(database: Settings) -> None:
    await issuers()
    now = datetime.now(UTC)
    spare = await actions.rotate_key(SYSTEM, ORGANISER, "trust")
    thief = await keyring.signer_of("", "trust")
    await trusting.install_authorisation(
        SYSTEM, authorise(await trusting.root_request(), ROOT, now, days=30)
    )
    before = from_json(from_base64url((await published.trust_bundle()).split(".")[1]))

    new = await actions.report_compromise(SYSTEM, thief.kid, "The server was stolen")
    second = authorise(await trusting.root_request(), ROOT, now, days=30)
    await trusting.install_authorisation(SYSTEM, second)
    bundle = await published.trust_bundle()

    assert new == spare  # known to the root already
    assert read_bundle(bundle, now, root=THUMB, least=2)
    forged = thief.sign(to_json(before), typ=BUNDLE_TYPE)
    with pytest.raises(Refused, match="replayed"):
        read_bundle(forged, now, root=THUMB, least=2)
    with pytest.raises(Refused, match="other-key"):
        with_new = thief.sign(to_json({**before, "authorisation": second}), typ=BUNDLE_TYPE)
        read_bundle(with_new, now, root=THUMB, least=2)


async def test_a_trust_key_that_the_root_does_not_know_is_not_taken_into_use(
    database: Settings,
) -> None:
    await issuers()
    now = datetime.now(UTC)
    await trusting.install_authorisation(
        SYSTEM, authorise(await trusting.root_request(), ROOT, now, days=30)
    )
    kid = await actions.rotate_key(SYSTEM, ORGANISER, "trust")
    later = now + timedelta(hours=25)

    with pytest.raises(actions.TrustKeyUnauthorised):
        await actions.activate_key(SYSTEM, kid, now=later)
    await trusting.install_authorisation(
        SYSTEM, authorise(await trusting.root_request(), ROOT, now, days=30)
    )
    await actions.activate_key(SYSTEM, kid, now=later)

    assert read_bundle(await published.trust_bundle(), now, root=THUMB, pinned=kid)


async def test_the_root_s_machine_and_the_server_work_by_files(
    database: Settings, jiangxin: Jiangxin, tmp_path: Path
) -> None:
    await issuers()
    words, root = tmp_path / "words", tmp_path / "root.pem"
    words.write_text("correct horse battery\n")
    request, answer, bundle = (tmp_path / name for name in ("request.json", "answer", "bundle"))
    elsewhere = {"JIANGXIN_DATA": str(tmp_path / "elsewhere")}

    made = jiangxin("keys", "root", "make", str(root), "--passphrase-file", str(words), **elsewhere)
    request.write_text(jiangxin("keys", "root", "request").stdout)
    sign = ("keys", "root", "authorise", str(request), "--root", str(root))
    unasked = jiangxin(*sign, "--passphrase-file", str(words), **elsewhere)
    signed = jiangxin(*sign, "--passphrase-file", str(words), "--yes", **elsewhere)
    answer.write_text(signed.stdout)
    installed = jiangxin("keys", "root", "install", str(answer))
    bundle.write_text(jiangxin("keys", "bundle").stdout)
    again = jiangxin(
        "keys", "root", "make", str(root), "--passphrase-file", str(words), **elsewhere
    )

    thumb = made.stdout.strip()
    assert made.returncode == 0, made.stderr
    assert root.stat().st_mode & 0o777 == 0o600
    assert b"ENCRYPTED" in root.read_bytes()
    assert (unasked.returncode, signed.returncode) == (1, 0), signed.stderr
    assert f"origin {database.origin}" in signed.stderr
    assert installed.returncode == 0, installed.stderr
    assert thumb in jiangxin("keys", "root", "show").stdout
    assert read_bundle(bundle.read_text().strip(), datetime.now(UTC), root=thumb)
    assert again.returncode == 2
    assert "exists already" in again.stderr
    assert not (tmp_path / "elsewhere" / "jiangxin.sqlite").exists()
    assert await SigningKey.count() == 5
