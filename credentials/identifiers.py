"""Ids and addresses of certificates: Crockford base32, deterministic keys, the signed URLs.

Every address starts with the setting `certificate_origin` and answers for ever.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID, uuid5

NAMESPACE = UUID("6f9b7a52-0c0e-5d0b-9f57-2f6a1f0a7c11")
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PUBLIC_ID = re.compile(rf"[{CROCKFORD}]{{12}}")
NOBODY = "0" * 12
"""Well formed and never drawn: what is looked up in the place of a malformed id."""

_VALUES = {letter: value for value, letter in enumerate(CROCKFORD)}
_TYPED = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})


def new_public_id() -> str:
    """60 random bits in 12 characters."""
    return public_id_of(secrets.randbits(60) or 1)


def public_id_of(number: int) -> str:
    return "".join(CROCKFORD[number >> shift & 31] for shift in range(55, -5, -5))


def public_id_bytes(public_id: str) -> bytes:
    """The eight bytes that stand as `cti` in the QR."""
    number = 0
    for letter in public_id:
        number = number << 5 | _VALUES[letter]
    return number.to_bytes(8, "big")


def public_id_from_bytes(data: object) -> str:
    """Empty when this is not the id of any certificate."""
    if not isinstance(data, bytes) or len(data) != 8:
        return ""
    number = int.from_bytes(data, "big")
    return public_id_of(number) if number < 1 << 60 else ""


def understood(typed: str) -> str:
    """A typed id as we write it (O is 0, I and L are 1, hyphens fall out), or NOBODY."""
    if len(typed) > 32:
        return NOBODY
    text = typed.upper().translate(_TYPED)
    return text if PUBLIC_ID.fullmatch(text) else NOBODY


def certificate_key(entry: str, person: str, output: str, issuer: str) -> UUID:
    """One fact, one certificate: no result version in it."""
    return uuid5(NAMESPACE, f"{entry}|{person}|{output}|{issuer}")


def version_key(certificate: UUID, n: int) -> UUID:
    return uuid5(NAMESPACE, f"{certificate}|{n}")


def subject_of(certificate: UUID) -> str:
    """The holder within one certificate. Differs from certificate to certificate, so that two
    employers can't join what they saw."""
    return f"urn:uuid:{uuid5(NAMESPACE, f'subject|{certificate}')}"


@dataclass(frozen=True, slots=True)
class Addresses:
    """The signed URLs under one origin. `former`: origins that the installation was served under
    before it moved; what was signed there goes on counting."""

    origin: str
    former: tuple[str, ...] = ()

    def everywhere(self) -> tuple[Addresses, ...]:
        """One for each origin, the present one first."""
        return tuple(Addresses(origin) for origin in (self.origin, *self.former))

    def at(self, host: str) -> Addresses:
        """As seen by somebody who asked this host: the origin of that name, or the present one."""
        known = {addresses.host: addresses for addresses in self.everywhere()}
        return known.get(host.lower(), Addresses(self.origin))

    def public_id_in(self, url: str) -> str | None:
        """What follows `/c/` in an address under any of the origins; None for another's."""
        for addresses in self.everywhere():
            if url.startswith(prefix := addresses.certificate("")):
                return url.removeprefix(prefix)
        return None

    def certificate(self, public_id: str) -> str:
        return f"{self.origin}/c/{public_id}"

    def issuer(self, code: str) -> str:
        return f"{self.origin}/issuers/{_segment(code)}"

    def key(self, thumb: str) -> str:
        return f"{self.origin}/keys/{thumb}"

    def revocation_list(self, issuer: str, block: int) -> str:
        return f"{self.origin}/status/r/{_segment(issuer)}/{block}"

    def token_list(self, issuer: str, block: int) -> str:
        return f"{self.origin}/status/t/{_segment(issuer)}/{block}"

    def achievement(self, issuer: str, slug: str) -> str:
        return f"{self.origin}/achievements/{_segment(issuer)}/{_segment(slug)}"

    @property
    def bundle(self) -> str:
        return f"{self.origin}/trust/bundle"

    @property
    def host(self) -> str:
        return self.origin.partition("://")[2]


def _segment(text: str) -> str:
    return quote(text, safe="")
