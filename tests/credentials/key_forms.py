"""Looking for a private key where none may be: every spelling of it, in every file."""

from __future__ import annotations

import base64
import gzip
import lzma
import zipfile
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization


def forms(key: Any) -> list[bytes]:
    """Every way in which a private key might be written down."""
    raw = key.private_numbers().private_value.to_bytes(32, "big")
    der = key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    middle = base64.b64encode(der)[40:80]
    number = str(int.from_bytes(raw, "big")).encode()
    return [
        *(raw, raw.hex().encode(), raw.hex().upper().encode(), base64.b64encode(raw)[:40]),
        *(base64.urlsafe_b64encode(raw)[:40], middle, number),
    ]


def contents(folder: Path) -> list[bytes]:
    """Each file's bytes, and what is inside those that are packed."""
    found = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        data = path.read_bytes()
        found.append(data)
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as packed:
                found += [packed.read(name) for name in packed.namelist()]
        elif data[:2] == b"\x1f\x8b":
            found.append(gzip.decompress(data))
        elif data[:6] == b"\xfd7zXZ\x00":
            found.append(lzma.decompress(data))
    return found
