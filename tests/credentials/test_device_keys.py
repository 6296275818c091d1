"""Signing keys in a PKCS#11 device, with SoftHSM standing in for one."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from core.errors import Unavailable
from core.security import SYSTEM
from core.settings import Settings, use
from credentials import actions, device, keyring, published
from credentials.cwt import claims_bytes
from credentials.encoding import from_base64url, to_json
from credentials.keys import key_from_jwk, kid_of, signed_by
from credentials.partners.batch import (
    Asked,
    UnsignedBatch,
    read_enrolment,
    read_signed,
    write_unsigned,
)
from credentials.presented import verify
from credentials.tables import SigningKey
from credentials.trust import CERTIFICATE
from credentials.verify import State
from tests.credentials.facts import ORGANISER, issued, issuers
from tests.credentials.kit import ADDRESSES, PRINTED, good
from tests.fixtures.processes import Jiangxin

PLACES = (
    "/usr/lib/softhsm",
    "/usr/lib/x86_64-linux-gnu/softhsm",
    "/usr/lib/aarch64-linux-gnu/softhsm",
)
FOUND = next((p for place in PLACES if (p := Path(place) / "libsofthsm2.so").exists()), None)
LIBRARY = FOUND or Path("absent")
ECDSA = ec.ECDSA(hashes.SHA256())
PIN = "74081"
DOCUMENT = to_json(good()).decode()
PAPER = claims_bytes(PRINTED)

pytestmark = pytest.mark.skipif(
    FOUND is None, reason="needs SoftHSM: apt-get install softhsm2 && pip install 'jiangxin[hsm]'"
)


@pytest.fixture(scope="module")
def token(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A fresh token in a folder of its own; its label."""
    folder = tmp_path_factory.mktemp("device")
    (folder / "tokens").mkdir()
    file = folder / "softhsm2.conf"
    file.write_text(f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n")
    label = f"test {uuid4().hex[:8]}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(file))
        made = ["softhsm2-util", "--init-token", "--free", "--label", label]
        subprocess.run(
            [*made, "--pin", PIN, "--so-pin", "12345678"], check=True, capture_output=True
        )
        yield label


@pytest.fixture
def with_device(database: Settings, token: str) -> Settings:
    made = replace(database, hsm_module=LIBRARY, hsm_token=token, hsm_pin=PIN)
    use(made)
    return made


async def test_certificates_are_signed_by_keys_that_never_leave_the_device(
    with_device: Settings,
) -> None:
    await issuers()
    one = await issued()

    rows = await SigningKey.select()
    signer = await keyring.signer_of(ORGANISER, CERTIFICATE)

    assert {row["place"] for row in rows} == {"device"}
    assert {(row["wrapped_key"], row["sealed_private"]) for row in rows} == {(None, None)}
    assert isinstance(signer.key, device.DeviceKey)
    assert not hasattr(signer.key, "private_numbers")
    for text in (one["token"], one["qr_text"]):
        assert (await verify(text.encode()))[0].state is State.VALID
    assert await published.trust_bundle()
    assert await published.status_list("r", ORGANISER, 1)


async def test_the_device_refuses_to_tell_a_private_key(token: str) -> None:
    import pkcs11

    label = f"jiangxin {uuid4()}"
    made = device.make_key(LIBRARY, token, PIN, label=label)
    again = device.open_key(LIBRARY, token, PIN, label=label)

    made.public_key().verify(again.sign(b"a paper", ECDSA), b"a paper", ECDSA)
    with pytest.raises(pkcs11.AttributeSensitive):
        again._private[pkcs11.Attribute.VALUE]
    assert again._private[pkcs11.Attribute.EXTRACTABLE] is False


async def test_a_rotation_moves_an_issuer_into_the_device(database: Settings, token: str) -> None:
    await issuers()
    before = await issued()
    use(replace(database, hsm_module=LIBRARY, hsm_token=token, hsm_pin=PIN))

    old = await keyring.signer_of(ORGANISER, CERTIFICATE)
    new = await actions.report_compromise(SYSTEM, old.kid, "It stood in a file")
    after = await issued(name="欧阳晓明")

    assert (await keyring.signer_of(ORGANISER, CERTIFICATE)).kid == new
    assert (await verify(after["token"].encode()))[0].state is State.VALID
    assert (await verify(before["token"].encode()))[0].state is State.VALID


async def test_a_key_is_found_again_after_the_device_was_away(token: str) -> None:
    label = f"jiangxin {uuid4()}"
    key = device.make_key(LIBRARY, token, PIN, label=label)

    device._session(device.Place(LIBRARY, token, PIN)).close()
    with pytest.raises(Unavailable, match="behind"):
        key.sign(b"a paper", ECDSA)

    key.public_key().verify(key.sign(b"a paper", ECDSA), b"a paper", ECDSA)


async def test_an_absent_device_is_named_and_what_waits_for_it_is_tried_again(
    with_device: Settings, token: str
) -> None:
    library = LIBRARY
    await issuers()

    with pytest.raises(Unavailable, match="no such token"):
        device.open_key(library, "no such token", PIN, label="x")
    with pytest.raises(Unavailable, match="NoSuchKey"):
        device.open_key(library, token, PIN, label="x")
    keyring._signers.clear()
    use(replace(with_device, hsm_module=None))
    with pytest.raises(Unavailable, match="JIANGXIN_HSM_MODULE"):
        await keyring.signer_of(ORGANISER, CERTIFICATE)


async def test_a_partner_signs_a_batch_inside_its_own_device(
    token: str, jiangxin: Jiangxin, tmp_path: Path
) -> None:
    pin, enrolled, file = (tmp_path / name for name in ("pin", "enrolment", "batch.json"))
    pin.write_text(PIN + "\n")
    device_of = ("--module", str(LIBRARY), "--token", token, "--object", "partner")
    there = {"JIANGXIN_DATA": str(tmp_path / "nowhere")}
    asked = UnsignedBatch(
        uuid4(), ADDRESSES.issuer("centre"), ADDRESSES.key("AAAAAAAAAAA"), (Asked(DOCUMENT, PAPER),)
    )

    made = jiangxin(
        "sign", "--make", "--enrol", "centre", *device_of, "--pin-file", str(pin), **there
    )
    enrolled.write_text(made.stdout)
    kid = kid_of(read_enrolment(made.stdout.strip()).jwk)
    file.write_bytes(write_unsigned(replace(asked, kid=ADDRESSES.key(kid))))
    words = ("sign", str(file), *device_of, "--yes")
    signed = jiangxin(*words, "--pin-file", str(pin), **there)
    without = jiangxin(*words, **there)

    assert made.returncode == 0, made.stderr
    assert signed.returncode == 0, signed.stderr
    assert without.returncode == 2
    assert "--pin-file" in without.stderr
    _, (one,) = read_signed((tmp_path / "batch.signed.json").read_bytes())
    key = key_from_jwk(dict(read_enrolment(made.stdout.strip()).jwk))
    header, body, signature = one.token.split(".")
    assert signed_by(key, from_base64url(signature), f"{header}.{body}".encode())
    assert from_base64url(body).decode() == DOCUMENT
    assert not (tmp_path / "nowhere").exists()
