"""PURE: does a document name an issuer elsewhere? Then nobody here can say that it was altered."""

from __future__ import annotations

from typing import Any

from credentials.encoding import Malformed, from_base64url, from_json
from credentials.identifiers import Addresses


def names_another_issuer(document: Any, addresses: Addresses) -> bool:
    """By what it says itself, unsigned: only good for choosing between two ways of refusing it."""
    inner = document.get("vc", document) if isinstance(document, dict) else None
    issuer = inner.get("issuer") if isinstance(inner, dict) else None
    id = issuer.get("id") if isinstance(issuer, dict) else issuer
    if not isinstance(id, str) or ":" not in id:
        return False
    return not id.startswith(tuple(f"{own.origin}/" for own in addresses.everywhere()))


def body_names_another_issuer(body: str, addresses: Addresses) -> bool:
    """The same of a token's second part."""
    try:
        return names_another_issuer(from_json(from_base64url(body)), addresses)
    except Malformed:
        return False
