"""PURE: a single leaf of a score-sheet tree, and whether it leads to a root. The format is described in
docs/certificates/evidence.md; contests/evidence.py makes the trees.

    leaf = SHA-256(0x00 | salt | content)        salt: 16 bytes; content: canonical JSON in UTF-8
    node = SHA-256(0x01 | left | right)          an odd node goes up unchanged
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from credentials.encoding import Malformed, from_base64url, from_json, to_base64url

SALT, HASH = 16, 32
LONGEST_CONTENT, LONGEST_PATH = 4096, 24
_ROOT = "sha-256 "


@dataclass(frozen=True, slots=True)
class OpenLeaf:
    """`path`: ("left" or "right", hash) of the neighbour at each step up to the root."""

    content: str
    salt: bytes
    path: Sequence[tuple[str, bytes]]


def leaf_hash(salt: bytes, content: str) -> bytes:
    return hashlib.sha256(b"\x00" + salt + content.encode()).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_above(leaf: OpenLeaf) -> str:
    """The root that this leaf leads to, base64url."""
    found = leaf_hash(leaf.salt, leaf.content)
    for side, neighbour in leaf.path:
        found = node_hash(neighbour, found) if side == "left" else node_hash(found, neighbour)
    return to_base64url(found)


def root_in(credential: Mapping[str, Any]) -> str:
    """The root that the issuer signed; "" in a certificate without one."""
    for evidence in credential.get("evidence", []):
        described = str(evidence.get("description", ""))
        if described.startswith(_ROOT):
            return described.removeprefix(_ROOT)
    return ""


def belongs(leaf: OpenLeaf, credential: Mapping[str, Any]) -> bool:
    root = root_in(credential)
    return bool(root) and root_above(leaf) == root


def opened(leaves: Sequence[tuple[bytes, str]], position: int) -> OpenLeaf:
    """One of all leaves (salt, content) in their order: the others are in it as hashes only."""
    level, index, path = [leaf_hash(*leaf) for leaf in leaves], position, []
    while len(level) > 1:
        if (neighbour := index ^ 1) < len(level):
            path.append(("right" if neighbour > index else "left", level[neighbour]))
        pairs = zip(level[::2], level[1::2], strict=False)
        odd = level[-1:] if len(level) % 2 else []
        level, index = [node_hash(*pair) for pair in pairs] + odd, index // 2
    salt, content = leaves[position]
    return OpenLeaf(content, salt, path)


def written(leaf: OpenLeaf) -> dict[str, Any]:
    """As JSON: {"content", "salt", "path": [["left", hash], …]}."""
    path = [[side, to_base64url(neighbour)] for side, neighbour in leaf.path]
    return {"content": leaf.content, "salt": to_base64url(leaf.salt), "path": path}


def read(value: object) -> OpenLeaf:
    """Raises Malformed for anything that `written` would not have written. Salt and hashes have their one
    length, so that no byte can move from one to another."""
    match value:
        case {"content": str(content), "salt": str(salt), "path": list(path), **rest} if not rest:
            leaf = OpenLeaf(content, _bytes(salt, SALT), [_step(step) for step in path])
        case _:
            raise Malformed("leaf")
    if len(content) > LONGEST_CONTENT or len(path) > LONGEST_PATH:
        raise Malformed("too-large")
    if not isinstance(from_json(content.encode()), dict):
        raise Malformed("leaf")
    return leaf


def _step(step: object) -> tuple[str, bytes]:
    match step:
        case ["left" | "right" as side, str(neighbour)]:
            return side, _bytes(neighbour, HASH)
    raise Malformed("leaf")


def _bytes(text: str, length: int) -> bytes:
    data = from_base64url(text)
    if len(data) != length:
        raise Malformed("leaf")
    return data
