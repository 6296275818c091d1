"""Status lists at hand, for verifying without a network: each believed only while it is in date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

from credentials.encoding import Malformed, from_base64url, from_json
from credentials.identifiers import Addresses
from credentials.status import (
    Status,
    bit_at,
    read_bitstring,
    read_correcting,
    read_token_list,
    status_at,
)
from credentials.trust import STATUS, Refused, Signed, TrustStore, open_signed
from credentials.verify import CORRECTING, Answer

LIST_LIMIT = 256 * 1024
"""Characters; a block with every second position set has about 60,000."""


@dataclass(frozen=True, slots=True)
class KnownList:
    raw: bytes
    bits: int
    issued_at: datetime
    expires_at: datetime
    correcting: Mapping[int, datetime] = field(default_factory=dict)

    def status(self, index: int) -> Status:
        if self.bits == 2:
            return status_at(self.raw, index)
        return Status.REVOKED if bit_at(self.raw, index) else Status.VALID

    def answer(self, index: int) -> Answer:
        status, since = self.status(index), self.correcting.get(index)
        if since is None or status is not Status.SUSPENDED:
            return Answer(status, self.issued_at)
        note = {"changedAt": since.isoformat()}
        return Answer(status, self.issued_at, code=CORRECTING, note=note)


@dataclass
class Lists:
    """Both kinds by issuer and block; the two-bit list is asked first because it says more."""

    trust: TrustStore
    known: dict[tuple[int, str, int], KnownList] = field(default_factory=dict)
    now: datetime | None = None

    def add(self, token: str, *, issuer: str, block: int, now: datetime) -> None:
        """Raises Refused for a list that is not this issuer's, is out of date, or is older than
        the one at hand."""
        signed = open_signed(token, self.trust, purpose=STATUS, limit=LIST_LIMIT)
        if signed.key.issuer != issuer or signed.key.compromised_at:
            raise Refused("status", "other-issuer")
        try:
            known = _known(signed, issuer, block)
        except (Malformed, KeyError, TypeError, ValueError, OverflowError, OSError):
            raise Refused("status", "status-list") from None
        if not known.issued_at.timestamp() - 300 <= now.timestamp() < known.expires_at.timestamp():
            raise Refused("status", "list-out-of-date")
        before = self.known.get((known.bits, issuer, block))
        if before and before.issued_at > known.issued_at:
            raise Refused("status", "list-replayed")
        self.known[known.bits, issuer, block] = known

    def add_by_name(self, token: str, *, now: datetime) -> None:
        """Adds a list under the issuer and block that it names itself."""
        try:
            claims = from_json(from_base64url(token[:LIST_LIMIT].split(".")[1]))
            *_, issuer, block = (claims["sub"] if "status_list" in claims else claims["id"]).split(
                "/"
            )
            number = int(block)
        except (Malformed, LookupError, AttributeError, TypeError, ValueError):
            raise Refused("status", "status-list") from None
        self.add(token, issuer=unquote(issuer), block=number, now=now)

    def of(self, issuer: str, block: int, index: int) -> Answer:
        now = self.now or datetime.now(UTC)
        lists = [known for bits in (2, 1) if (known := self.known.get((bits, issuer, block)))]
        for known in lists:
            if known.issued_at.timestamp() - 300 <= now.timestamp() < known.expires_at.timestamp():
                return known.answer(index)
        return Answer(None, lists[0].issued_at if lists else None)


def _known(signed: Signed, issuer: str, block: int) -> KnownList:
    claims, addresses = signed.payload, signed.addresses
    if "status_list" in claims:
        if claims["sub"] != addresses.token_list(issuer, block):
            raise Malformed("status-list")
        raw, issued, bits = read_token_list(claims["status_list"]), claims["iat"], 2
        correcting = read_correcting(claims)
    else:
        raw = read_bitstring(_subject(claims, addresses, issuer, block)["encodedList"])
        issued, bits, correcting = claims["nbf"], 1, {}
    if claims["iss"] != addresses.issuer(issuer) or type(issued) is not int:
        raise Malformed("status-list")
    if type(claims["exp"]) is not int:
        raise Malformed("status-list")
    at = datetime.fromtimestamp(issued, UTC), datetime.fromtimestamp(claims["exp"], UTC)
    return KnownList(raw, bits, *at, correcting)


def _subject(
    claims: dict[str, Any], addresses: Addresses, issuer: str, block: int
) -> dict[str, Any]:
    subject = claims["credentialSubject"]
    url = addresses.revocation_list(issuer, block)
    if claims["type"] != ["VerifiableCredential", "BitstringStatusListCredential"]:
        raise Malformed("status-list")
    if claims["id"] != url or claims["issuer"] != claims["iss"]:
        raise Malformed("status-list")
    if subject["type"] != "BitstringStatusList" or subject["statusPurpose"] != "revocation":
        raise Malformed("status-list")
    return dict(subject)
