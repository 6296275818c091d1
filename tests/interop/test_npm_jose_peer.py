"""What npm `jose` reads of ours with our published keys, and writes for us, under Node (`jose_peer.mjs`).

JIANGXIN_TEST_JOSE names the folder that it is installed in; `.peers/npm` is where `.ci/run` installs it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest

from credentials.encoding import to_base64url
from credentials.keys import public_jwk
from credentials.rendering import payload_of
from credentials.verify import State
from tests.credentials.facts import ORGANISER, issued, issuers
from tests.credentials.kit import good, make_issuer

HERE = Path(__file__)
FOLDER = Path(os.environ.get("JIANGXIN_TEST_JOSE") or HERE.parents[2] / ".peers" / "npm")
CENTRE = make_issuer()

pytestmark = pytest.mark.skipif(
    not (FOLDER / "node_modules" / "jose").exists() or not shutil.which("node"),
    reason="needs Node and `mkdir -p .peers && cp -r tests/interop/npm .peers/ && npm ci --prefix .peers/npm`",
)


def peer(**asked: Any) -> Any:
    command = ["node", str(HERE.with_name("jose_peer.mjs")), str(FOLDER)]
    ran = subprocess.run(command, input=json.dumps(asked), capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def private() -> dict[str, Any]:
    secret = CENTRE.signer.key.private_numbers().private_value  # type: ignore[attr-defined]
    return {**public_jwk(CENTRE.trusted.key), "d": to_base64url(secret.to_bytes(32, "big"))}


def written(*, jwk: dict[str, Any] | None, **header: str) -> str:
    """A credential as the peer puts it together and signs it."""
    named = {"alg": "ES256", "kid": CENTRE.signer.kid_url, "typ": "JWT", **header}
    return str(peer(payload=good(), header=named, jwk=jwk)["token"])


async def test_it_reads_all_that_we_sign_with_the_keys_that_we_publish(
    client: httpx.AsyncClient,
) -> None:
    await issuers()
    certificate = await issued()
    jwks = (await client.get("/.well-known/jwks.json")).json()
    addresses = (f"/status/r/{ORGANISER}/1", f"/status/t/{ORGANISER}/1", "/trust/bundle")
    tokens = [certificate["token"], *[(await client.get(one)).text for one in addresses]]
    header, body, signature = certificate["token"].split(".")
    other = to_base64url(json.dumps({**payload_of(certificate["token"]), "sub": "x"}).encode())

    *read, altered = peer(tokens=[*tokens, f"{header}.{other}.{signature}"], jwks=jwks)

    assert [one.get("payload") for one in read] == [payload_of(token) for token in tokens]
    assert [one["header"]["typ"] for one in read[:3]] == ["JWT", "JWT", "statuslist+jwt"]
    assert altered == {"code": "ERR_JWS_SIGNATURE_VERIFICATION_FAILED"}
    assert body != other


def test_we_read_a_credential_of_its_making() -> None:
    verdict = CENTRE.verify(written(jwk=private()))

    assert verdict.state is State.VALID
    assert verdict.credential == good()


@pytest.mark.parametrize(
    ("header", "state"),
    [
        ({}, State.ALTERED),  # our key's address, another key's signature
        ({"kid": "https://badges.example/keys/AAAAAAAAAAA"}, State.UNKNOWN_ISSUER),
        ({"alg": "ES384"}, State.ALTERED),
        ({"typ": "statuslist+jwt"}, State.ALTERED),
    ],
)
def test_what_it_signs_with_its_own_key_is_refused_for_what_it_is(
    header: dict[str, str], state: State
) -> None:
    assert CENTRE.verify(written(jwk=None, **header)).state is state
