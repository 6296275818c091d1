"""Other implementations that verify the same token or QR: joserfc and openbadgeslib in this interpreter,
`cwt` in `.peers`, npm `jose` under Node. Who is not installed has no row; `.ci/run` installs them all.
Counted is the processor's time, which another process beside it does not change.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from cryptography.hazmat.primitives import serialization
from joserfc import jwk, jwt
from openbadgeslib.ob3 import OB3Verifier
from table import Row

from credentials.encoding import from_base32, from_base64url
from credentials.keys import public_jwk
from credentials.verify import State, verify_token
from tests.credentials.kit import NOW, Always, Issuer, make_issuer
from tests.fixtures.processes import ROOT

CWT, JOSE = ROOT / ".peers" / "bin" / "python", ROOT / ".peers" / "npm"
HERE = ROOT / "scripts" / "bench_parts"
ROUNDS = 5


def rows(count: int) -> list[Row]:
    """Ours, all checks included, beside what each peer does: mostly the signature alone."""
    issuer = make_issuer()
    return [*_tokens(issuer, count), *_codes(issuer, count)]


def _tokens(issuer: Issuer, count: int) -> Iterator[Row]:
    token, trust, statuses = issuer.token(), issuer.trust, Always()
    key, verifier = jwk.import_key(dict(public_jwk(issuer.trusted.key))), OB3Verifier(_pem(issuer))
    form = {"token": token, "jwk": dict(public_jwk(issuer.trusted.key))}

    def ours() -> None:
        assert verify_token(token, trust=trust, statuses=statuses, now=NOW).state is State.VALID

    peers: list[tuple[str, Callable[[], object]]] = [
        ("joserfc decode", lambda: jwt.decode(token, key, algorithms=["ES256"])),
        ("openbadgeslib verify", lambda: verifier.verify(token)),
    ]
    mine = _best(ours, count)
    for name, peer in peers:
        yield _row(f"verify a token, all checks · {name}", count, mine, _best(peer, count))
    if (JOSE / "node_modules" / "jose").exists() and shutil.which("node"):
        theirs = _beside(["node", str(HERE / "_jose_timed.mjs"), str(JOSE)], count, **form)
        yield _row("verify a token, all checks · npm jose", count, mine, theirs)


def _codes(issuer: Issuer, count: int) -> Iterator[Row]:
    text = issuer.qr()
    if not CWT.exists():
        return

    def ours() -> None:
        assert issuer.verify_qr(text).state is State.VALID

    asked = {
        "jwk": {**public_jwk(issuer.trusted.key), "alg": "ES256", "key_ops": ["verify"]},
        "kid": from_base64url(issuer.signer.kid).hex(),
        "message": from_base32(text).hex(),
    }
    theirs = _beside([str(CWT), str(HERE / "_cwt_timed.py")], count, **asked)
    yield _row("verify a QR, all checks · cwt decode", count, _best(ours, count), theirs)


def _pem(issuer: Issuer) -> bytes:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return issuer.trusted.key.public_bytes(serialization.Encoding.PEM, form)


def _best(work: Callable[[], object], count: int) -> float:
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.process_time()
        for _ in range(count):
            work()
        best = min(best, time.process_time() - start)
    return best


def _beside(command: Sequence[str], count: int, **asked: Any) -> float:
    """Measured in a process of its own, by its own count."""
    text = json.dumps({**asked, "count": count, "rounds": ROUNDS})
    ran = subprocess.run(command, input=text, capture_output=True, text=True, check=True)
    return float(ran.stdout)


def _row(name: str, count: int, mine: float, theirs: float) -> Row:
    return Row(name, f"{count / mine:,.0f}/s", f"{count / theirs:,.0f}/s", theirs / mine)
