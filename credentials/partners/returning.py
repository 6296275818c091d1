"""What came back signed: each token compared byte for byte with what was asked, then kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from core.errors import Invalid
from core.privacy import new_key, seal, wrap
from core.scoring.model import Finding
from credentials import issuing, keyring
from credentials.cwt import open_printed
from credentials.encoding import Malformed, from_base64url, to_base64url
from credentials.identifiers import version_key
from credentials.issuing import TOKEN_CONTEXT, Signing, Wanted
from credentials.keys import header_segment, signed_by
from credentials.partners import waiting
from credentials.partners.batch import Returned
from credentials.rendering import CWT_CONTEXT
from credentials.status import Status
from credentials.trust import TrustedKey


@dataclass(frozen=True, slots=True)
class Taken:
    """A returned certificate, and the row that asked for it."""

    row: Mapping[str, Any]
    asked: Mapping[str, Any]
    returned: Returned


async def checked(
    batch: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], returned: Sequence[Returned]
) -> list[Taken]:
    """Raises Invalid with every certificate that is not what was asked for. One that nobody waits for
    any more is left out; it is stored nowhere."""
    key = (await keyring.trust_store()).by_kid[batch["kid"]]
    header = header_segment(keyring.addresses().key(key.kid), "JWT")
    asked = {
        _body(found["document"]): (row, found) for row in rows for found in [waiting.asked_in(row)]
    }
    gone = int(batch["size"]) - len(rows)
    taken, findings, strangers = [], [], []
    for n, one in enumerate(returned):
        match asked.pop(one.token.split(".")[1] if one.token.count(".") == 2 else "", None):
            case None:
                strangers.append(n)
            case row, found if _as_asked(one, found, header, key):
                taken.append(Taken(row, found, one))
            case _:
                findings.append(Finding(f"/certificates/{n}", "credentials.returned-signature"))
    if len(strangers) > gone:
        findings += [
            Finding(f"/certificates/{n}", "credentials.returned-altered") for n in strangers
        ]
    if asked:
        findings.append(
            Finding("/certificates", "credentials.returned-missing", {"count": str(len(asked))})
        )
    if findings:
        raise Invalid(findings)
    return taken


def _body(document: str) -> str:
    return to_base64url(document.encode())


def _as_asked(one: Returned, asked: Mapping[str, Any], header: str, key: TrustedKey) -> bool:
    """Header, payload and QR are what was asked for, and the enrolled key signed both."""
    first, body, signature = one.token.split(".")
    try:
        paper = open_printed(one.paper)
        return (
            first == header
            and signed_by(key.key, from_base64url(signature), f"{first}.{body}".encode("ascii"))
            and paper.kid == key.kid
            and paper.claims == from_base64url(asked["paper"])
            and signed_by(key.key, paper.signature, paper.signed)
        )
    except (Malformed, UnicodeEncodeError):
        return False


async def store(taken: Sequence[Taken], batch: Mapping[str, Any]) -> set[UUID]:
    """Into the ledger, as if it had been signed here; the keys of those that nothing overtook."""
    wanted = [waiting.wanted_in(one.row, Wanted) for one in taken]
    now = await issuing.signings_for(wanted)
    due = [
        (one, signing)
        for one, signing in zip(taken, now, strict=True)
        if signing is not None and _still(signing) == (one.asked["n"], one.asked["content"])
    ]
    stored: set[UUID] = set()
    for at in sorted({one.asked["at"] for one, _ in due}):
        group = [pair for pair in due if pair[0].asked["at"] == at]
        signings = [_as_signed(one, signing) for one, signing in group]
        versions = [_version(one, signing, batch["kid"]) for one, signing in group]
        stored |= await issuing.store_signed(signings, versions, datetime.fromisoformat(at))
    return stored


def _still(signing: Signing) -> tuple[int, str]:
    """A name that was corrected while the batch was away makes another content."""
    return signing.n, signing.content


def _as_signed(one: Taken, signing: Signing) -> Signing:
    """With name, title and id as they stand in the signed bytes."""
    asked = one.asked
    return Signing(
        signing.wanted,
        asked["name"],
        asked["title"],
        asked["content"],
        asked["public_id"],
        asked["n"],
        signing.before,
    )


def _version(one: Taken, signing: Signing, kid: str) -> dict[str, Any]:
    key, id = new_key(), version_key(signing.wanted.key, one.asked["n"])
    suspended = signing.before is not None and signing.before["state"] == "suspended"
    return {
        "id": id,
        "certificate": signing.wanted.key,
        "n": one.asked["n"],
        "issuer": signing.wanted.conferred.issuer,
        "source": signing.wanted.source,
        "position": one.asked["position"],
        "status": int(Status.SUSPENDED if suspended else Status.VALID),
        "kid": kid,
        "wrapped_key": wrap(key),
        "sealed_token": seal(key, one.returned.token.encode("ascii"), TOKEN_CONTEXT + id.bytes),
        "sealed_cwt": seal(key, one.returned.paper.encode("ascii"), CWT_CONTEXT + id.bytes),
        "issued_at": datetime.fromisoformat(one.asked["at"]),
    }
