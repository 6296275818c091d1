"""A private key as a PEM file with a passphrase: the offline root's, or a partner's on his machine.

Needs no installation: nothing here reads settings or opens a database.
"""

from __future__ import annotations

import getpass
import os
import sys
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from credentials.keys import new_private_key

SHORTEST = 12


class KeyFileError(Exception):
    """Says which file, what is wrong with it, and what to do."""


def make_key_file(path: Path, passphrase: bytes) -> ec.EllipticCurvePrivateKey:
    """A new key, readable by its owner alone. Never replaces a file."""
    key = new_private_key()
    sealed = serialization.BestAvailableEncryption(passphrase)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, sealed)
    try:
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise KeyFileError(f"{path} exists already; it was left as it is.") from None
    except OSError as error:
        raise KeyFileError(f"{path} can't be written: {error.strerror}.") from None
    with os.fdopen(number, "wb") as file:
        file.write(pem)
    return key


def read_key_file(path: Path, passphrase: bytes | None) -> ec.EllipticCurvePrivateKey:
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), passphrase)
    except OSError as error:
        raise KeyFileError(f"{path} can't be read: {error.strerror}.") from None
    except (ValueError, TypeError):
        raise KeyFileError(
            f"{path} does not open: it is no private key as PEM, or the passphrase is wrong."
        ) from None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name != "secp256r1":
        raise KeyFileError(f"{path} holds another kind of key. One on the curve P-256 is needed.")
    return key


def is_sealed(path: Path) -> bool:
    try:
        return b"ENCRYPTED" in path.read_bytes()[:200]
    except OSError:
        return False


def passphrase_for(path: Path, given: Path | None) -> bytes | None:
    """Of an existing key: from the file `given`, or asked at the terminal; None where none is needed."""
    if given is not None:
        return _first_line(given)
    if not is_sealed(path):
        return None
    if not sys.stdin.isatty():
        raise KeyFileError(f"{path} needs its passphrase: name a file with --passphrase-file.")
    return getpass.getpass(f"Passphrase of {path}: ").encode()


def new_passphrase(given: Path | None) -> bytes:
    typed = _first_line(given) if given is not None else _typed_twice()
    if len(typed) < SHORTEST:
        raise KeyFileError(
            f"The passphrase is shorter than {SHORTEST} characters. Take a longer one."
        )
    return typed


def _typed_twice() -> bytes:
    if not sys.stdin.isatty():
        raise KeyFileError("A new key needs a passphrase: name a file with --passphrase-file.")
    first = getpass.getpass(f"New passphrase ({SHORTEST} characters or more): ")
    if getpass.getpass("Once more: ") != first:
        raise KeyFileError("The two differ. Start again.")
    return first.encode()


def _first_line(path: Path) -> bytes:
    try:
        return path.read_bytes().partition(b"\n")[0].rstrip(b"\r")
    except OSError as error:
        raise KeyFileError(f"{path} can't be read: {error.strerror}.") from None
