"""The secrets in a copy: sealed under a key that a passphrase makes.

A USB stick is formatted as FAT, where no file is its owner's alone, and it gets lost. The database's
names are sealed by exactly these secrets, so it may lie there as it is; the secrets may not, so there
is no way to write them in clear. The key (never the passphrase) stands in the data folder beside
secrets.toml, so that a restarted server goes on copying without asking.
"""

from __future__ import annotations

import base64
import json
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from admin.backup.errors import CopyUnusable
from admin.venue.authority import write_private

KEY_FILE = "copy-key.json"
SHORTEST = 12
N, R, P = 2**17, 8, 1
"""scrypt: 128 MB and about half a second a try."""
_CONTEXT = b"jiangxin copy|"
_MOST_N = 2**20


class PassphraseWrong(CopyUnusable):
    """It does not open this copy, or the copy was altered."""


@dataclass(frozen=True, slots=True)
class CopyKey:
    salt: bytes
    key: bytes


def key_from(passphrase: str) -> CopyKey:
    """A new key; raises ValueError for a passphrase that is too short."""
    if len(passphrase) < SHORTEST:
        raise ValueError(f"the passphrase needs {SHORTEST} characters or more")
    salt = os.urandom(16)
    return CopyKey(salt, _derived(passphrase, salt, N, R, P))


def stored_key(data: Path) -> CopyKey | None:
    try:
        found = json.loads((data / KEY_FILE).read_text("utf-8"))
        return CopyKey(_bytes(found["salt"]), _bytes(found["key"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def store_key(data: Path, key: CopyKey) -> None:
    content = {"salt": _text(key.salt), "key": _text(key.key)}
    write_private(data / KEY_FILE, json.dumps(content).encode())


def seal_files(files: dict[str, bytes], key: CopyKey, *, manifest: bytes) -> bytes:
    """Bound to the manifest, which names the database's hash: who can't open one can't swap the other."""
    plain = json.dumps({name: _text(content) for name, content in files.items()}).encode()
    nonce = os.urandom(12)
    sealed = AESGCM(key.key).encrypt(nonce, plain, _CONTEXT + manifest)
    content = {"kdf": "scrypt", "n": N, "r": R, "p": P, "salt": _text(key.salt)}
    content |= {"nonce": _text(nonce), "sealed": _text(sealed)}
    return json.dumps(content, indent=1).encode() + b"\n"


def open_files(sealed: bytes, passphrase: str, *, manifest: bytes) -> dict[str, bytes]:
    """Raises PassphraseWrong, CopyUnusable."""
    try:
        found = json.loads(sealed)
        n, r, p = int(found["n"]), int(found["r"]), int(found["p"])
        salt, nonce, box = (_bytes(found[name]) for name in ("salt", "nonce", "sealed"))
    except (ValueError, KeyError, TypeError) as error:
        raise CopyUnusable("The copy's secrets can't be read.") from error
    if not (1 < n <= _MOST_N and 0 < r <= 16 and 0 < p <= 4):
        raise CopyUnusable("The copy's secrets ask for an impossible key.")
    try:
        key = _derived(passphrase, salt, n, r, p)
        plain = AESGCM(key).decrypt(nonce, box, _CONTEXT + manifest)
    except InvalidTag as error:
        raise PassphraseWrong(
            "This passphrase does not open the copy's secrets, or the copy was altered."
        ) from error
    return {name: _bytes(content) for name, content in json.loads(plain).items()}


def _derived(passphrase: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    return Scrypt(salt=salt, length=32, n=n, r=r, p=p).derive(passphrase.strip().encode())


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
