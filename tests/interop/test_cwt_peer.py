"""What `cwt` reads of a QR's content and writes for us, in an interpreter of its own (`cwt_peer.py`).

JIANGXIN_TEST_CWT names that interpreter; `.peers` is where `.ci/run` makes one.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import cbor2
import pytest

from credentials.cwt import CLAIM, claims_bytes
from credentials.encoding import from_base32, from_base64url, to_base32, to_base64url
from credentials.keys import public_jwk
from credentials.verify import State
from tests.credentials.kit import PRINTED, PUBLIC_ID, make_issuer

HERE = Path(__file__)
PYTHON = Path(os.environ.get("JIANGXIN_TEST_CWT") or HERE.parents[2] / ".peers" / "bin" / "python")
ISSUER = make_issuer()

pytestmark = pytest.mark.skipif(
    not PYTHON.exists(),
    reason="needs `python3 -m venv .peers && .peers/bin/pip install cwt==3.3.0`",
)


def peer(**asked: Any) -> subprocess.CompletedProcess[str]:
    asked["kid"] = from_base64url(ISSUER.signer.kid).hex()
    command = [str(PYTHON), str(HERE.with_name("cwt_peer.py"))]
    return subprocess.run(command, input=json.dumps(asked), capture_output=True, text=True)


def public() -> dict[str, Any]:
    return {**public_jwk(ISSUER.trusted.key), "alg": "ES256", "key_ops": ["verify"]}


def private() -> dict[str, Any]:
    secret = ISSUER.signer.key.private_numbers().private_value  # type: ignore[attr-defined]
    return {**public(), "key_ops": ["sign"], "d": to_base64url(secret.to_bytes(32, "big"))}


def test_it_reads_a_code_of_ours_and_not_a_changed_one() -> None:
    message = from_base32(ISSUER.qr())

    read = peer(jwk=public(), message=message.hex())
    spoilt = peer(jwk=public(), message=(message[:-1] + bytes([message[-1] ^ 1])).hex())

    assert read.returncode == 0, read.stderr
    claims = cbor2.loads(bytes.fromhex(read.stdout))
    assert claims[CLAIM] == [1, "level", "张伟", "6-18-02-04", "3", 1, 94_567]
    assert spoilt.returncode != 0
    assert "verify" in spoilt.stderr


def test_we_read_a_code_of_its_making() -> None:
    written = peer(jwk=private(), claims=claims_bytes(PRINTED).hex())

    text = to_base32(bytes.fromhex(written.stdout))

    verdict = ISSUER.verify_qr(text, path_id=PUBLIC_ID)
    assert verdict.state is State.VALID
    assert verdict.read is not None
    assert verdict.read.printed == PRINTED
