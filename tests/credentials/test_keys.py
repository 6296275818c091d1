"""The life of a key: published, active, retired, compromised."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from core.errors import Forbidden, Invalid, NotFound
from core.security import SYSTEM, Actor, GrantFacts, Role, Scope
from core.settings import Settings
from credentials import actions, keyring, published
from credentials.encoding import to_json
from credentials.keys import Signer
from credentials.presented import verify
from credentials.queries import certificates_of, verify_by_id
from credentials.rendering import payload_of
from credentials.tables import CertificateVersion, SigningKey
from credentials.trust import read_bundle
from credentials.verify import State, verify_token
from tests.credentials.facts import CONTEST, ORGANISER, issued, issuers
from tests.credentials.kit import Always

pytestmark = pytest.mark.engine
LATER = timedelta(hours=25)


async def keys_of(purpose: str) -> dict[str, str]:
    rows = await SigningKey.select(SigningKey.kid, SigningKey.state).where(
        SigningKey.issuer == ORGANISER, SigningKey.purpose == purpose
    )
    return {row["kid"]: row["state"] for row in rows}


async def test_an_issuer_has_a_key_for_each_purpose(database: Settings) -> None:
    await issuers()

    again = await actions.create_issuer(SYSTEM, ORGANISER)

    rows = await SigningKey.select(SigningKey.issuer, SigningKey.purpose, SigningKey.state)
    assert len(rows) == 5  # two issuers of two keys, and the installation's trust key
    assert len(set(again)) == 3
    assert {row["state"] for row in rows} == {"active"}


async def test_a_private_key_is_never_stored_in_the_clear(database: Settings) -> None:
    await issuers()
    await issued()
    signer = await keyring.signer_of(ORGANISER, "certificate")
    secret = signer.key.private_numbers().private_value.to_bytes(32, "big")

    rows = await SigningKey.select()

    assert all(secret not in bytes(row["sealed_private"]) for row in rows)
    assert all(secret.hex() not in str(row) for row in rows)


async def test_a_key_signs_only_after_a_day_of_being_published(database: Settings) -> None:
    await issuers()
    old = next(iter(await keys_of("certificate")))

    new = await actions.rotate_key(SYSTEM, ORGANISER, "certificate")
    with pytest.raises(actions.TooEarly):
        await actions.activate_key(SYSTEM, new)
    before = await issued()
    assert new in str(await published.jwks())

    await actions.activate_key(SYSTEM, new, now=datetime.now(UTC) + LATER)

    assert await keys_of("certificate") == {old: "retired", new: "active"}
    assert (await keyring.signer_of(ORGANISER, "certificate")).kid == new
    assert (await verify_by_id(before["public_id"])).state is State.VALID


async def test_steps_out_of_order_are_refused(database: Settings) -> None:
    await issuers()
    active = next(iter(await keys_of("certificate")))

    with pytest.raises(actions.KeyState):
        await actions.activate_key(SYSTEM, active)
    with pytest.raises(NotFound):
        await actions.retire_key(SYSTEM, "unknown")
    with pytest.raises(Invalid):
        await actions.rotate_key(SYSTEM, ORGANISER, "login")
    with pytest.raises(NotFound):
        await actions.create_issuer(SYSTEM, "nobody")
    await actions.retire_key(SYSTEM, active)
    with pytest.raises(actions.KeyState):
        await actions.retire_key(SYSTEM, active)


async def test_no_grant_on_the_installation_signs_for_an_issuer(database: Settings) -> None:
    await issuers()
    everywhere = Actor(
        None,
        "administrator",
        tuple(GrantFacts(role, Scope("installation")) for role in Role),
    )
    own = Actor(None, "owner", (GrantFacts(Role.ORGANISER, Scope("issuer", ORGANISER)),))

    with pytest.raises(Forbidden):
        await actions.rotate_key(everywhere, ORGANISER, "certificate")
    with pytest.raises(Forbidden):
        await actions.rotate_key(own, ORGANISER, "trust")
    assert await actions.rotate_key(own, ORGANISER, "certificate")


async def test_a_compromised_key_fails_offline_but_the_ledger_still_speaks(
    database: Settings,
) -> None:
    await issuers()
    one = await issued()
    kid = next(iter(await keys_of("certificate")))

    new = await actions.report_compromise(SYSTEM, kid, "The server was stolen")

    trust = await keyring.trust_store()
    offline = verify_token(one["token"], trust=trust, statuses=Always(), now=datetime.now(UTC))
    online, _ = await verify(one["token"].encode())
    assert offline.state is State.UNKNOWN_ISSUER
    assert online.state is State.VALID
    assert kid not in str(await published.jwks())
    assert (await published.jwk(kid))["crv"] == "P-256"
    assert (await keyring.signer_of(ORGANISER, "certificate")).kid == new


async def test_a_thief_s_back_dated_certificate_is_found_out(database: Settings) -> None:
    await issuers()
    one = await issued()
    thief = await keyring.signer_of(ORGANISER, "certificate")
    await actions.report_compromise(SYSTEM, thief.kid, "The server was stolen")

    forged = payload_of(one["token"])
    forged["credentialSubject"]["identifier"][0]["identityHash"] = "李四"
    verdict, _ = await verify(thief.sign(to_json(forged)).encode())

    assert verdict.state is not State.VALID
    assert verdict.state is not State.IN_NOTICE


async def test_a_certificate_that_the_ledger_does_not_know_is_not_found(database: Settings) -> None:
    await issuers()
    one = await issued()
    signer: Signer = await keyring.signer_of(ORGANISER, "certificate")
    forged = payload_of(one["token"])
    forged["name"] = "another"
    moved = payload_of(one["token"])
    entry = moved["credentialStatus"]
    entry["statusListIndex"] = str((int(entry["statusListIndex"]) + 1) % 131_072)
    entry["id"] = f"{entry['statusListCredential']}#{entry['statusListIndex']}"

    for document in (forged, moved):
        verdict, _ = await verify(signer.sign(to_json(document)).encode())
        assert verdict.state is State.NOT_FOUND


async def test_the_bundle_says_what_happened_to_each_key(database: Settings) -> None:
    await issuers()
    kid = next(iter(await keys_of("certificate")))
    await actions.report_compromise(SYSTEM, kid, "x")

    store = read_bundle(await published.trust_bundle(), datetime.now(UTC))

    assert store.by_kid[kid].compromised_at is not None
    assert len(store.keys) == 6


async def test_a_paper_is_signed_once_and_stays_the_same(database: Settings) -> None:
    await issuers()
    one = await issued()

    again = (await certificates_of(CONTEST))[0]

    assert again["qr_text"] == one["qr_text"]
    assert await CertificateVersion.exists().where(CertificateVersion.sealed_cwt.is_not_null())


async def test_a_paper_drawn_after_a_rotation_carries_the_new_key(database: Settings) -> None:
    await issuers()
    one = await issued()
    await CertificateVersion.update({CertificateVersion.sealed_cwt: None}, force=True)
    new = await actions.rotate_key(SYSTEM, ORGANISER, "certificate")
    await SigningKey.update({SigningKey.published_at: datetime.now(UTC) - LATER}).where(
        SigningKey.kid == new
    )
    await actions.activate_key(SYSTEM, new)

    again = (await certificates_of(CONTEST))[0]

    assert again["qr_text"] != one["qr_text"]
    assert (await verify(again["qr_text"].encode()))[0].state is State.VALID
    assert (await verify(one["qr_text"].encode()))[0].state is State.VALID
