"""A certificate that was fetched beforehand: everything that tablets would object to, found at the start."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509.oid import NameOID

from admin.venue.addresses import is_address
from admin.venue.authority import names_of
from core.settings import SettingsError

WARN_BEFORE = timedelta(days=14)


def check_certificate(
    certificate: Path, key: Path, name: str, *, now: datetime | None = None
) -> list[str]:
    """What is odd but may be. Raises SettingsError with all that can't be."""
    at = now or datetime.now(UTC)
    chain = _chain(certificate)
    problems = [
        *_key_problems(chain[0], certificate, key),
        *_name_problems(chain[0], certificate, name),
        *_time_problems(chain[0], certificate, at),
    ]
    broken, odd = _chain_problems(chain, certificate, at)
    if problems or broken:
        raise SettingsError([*problems, *broken])
    return [*_ends_soon(chain[0], certificate, at), *odd]


def first_name(certificate: Path) -> str:
    """The first name in it that is no wildcard; "" when it has none."""
    plain = [name for name in names_of(_chain(certificate)[0]) if "*" not in name]
    return plain[0] if plain else ""


def _chain(path: Path) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(path.read_bytes())
    except OSError as error:
        raise SettingsError([f"{path} can't be read: {error.strerror}."]) from error
    except ValueError as error:
        raise SettingsError([f"{path} holds no certificate as PEM (-----BEGIN …)."]) from error


def _key_problems(leaf: x509.Certificate, certificate: Path, key: Path) -> list[str]:
    try:
        private = load_pem_private_key(key.read_bytes(), None)
    except OSError as error:
        return [f"{key} can't be read: {error.strerror}."]
    except TypeError:
        return [f"{key} is encrypted. Write it without a passphrase, for its owner alone."]
    except ValueError:
        return [f"{key} holds no private key as PEM."]
    if private.public_key() != leaf.public_key():
        return [f"{key} is not the key of {certificate}. Name the two that were made together."]
    return []


def _name_problems(leaf: x509.Certificate, certificate: Path, name: str) -> list[str]:
    known = names_of(leaf)
    if any(_matches(name, one) for one in known):
        return []
    return [
        f"{certificate} is for {', '.join(known) or 'no name'}, not for {name}. Name one of its "
        "names with --name, or fetch a certificate for this one."
    ]


def _matches(name: str, pattern: str) -> bool:
    pattern = pattern.lower()
    if pattern.startswith("*.") and not is_address(name):
        return name.partition(".")[2] == pattern[2:]
    return name == pattern


def _time_problems(leaf: x509.Certificate, certificate: Path, at: datetime) -> list[str]:
    if leaf.not_valid_after_utc <= at:
        return [f"{certificate} ended on {_day(leaf.not_valid_after_utc)}. Fetch a new one."]
    if at < leaf.not_valid_before_utc:
        return [
            f"{certificate} begins on {_day(leaf.not_valid_before_utc)}. Is this machine's clock "
            "right?"
        ]
    return []


def _ends_soon(leaf: x509.Certificate, certificate: Path, at: datetime) -> list[str]:
    if leaf.not_valid_after_utc - at >= WARN_BEFORE:
        return []
    days = (leaf.not_valid_after_utc - at).days
    return [
        f"{certificate} ends on {_day(leaf.not_valid_after_utc)}, in {days} days. Fetch a new one "
        "while this machine is online."
    ]


def _chain_problems(
    chain: Sequence[x509.Certificate], certificate: Path, at: datetime
) -> tuple[list[str], list[str]]:
    """Follows issuer by issuer, in whatever order they stand in the file."""
    roots = _known_roots()
    current, left = chain[0], list(chain[1:])
    while True:
        if _issued_by_one_of(current, roots):
            return [], []
        issuer = next((one for one in left if _issued(current, one)), None)
        if issuer is None:
            break
        if not issuer.not_valid_before_utc <= at < issuer.not_valid_after_utc:
            return [f"{_common_name(issuer)} in {certificate} is not valid today."], []
        left.remove(issuer)
        current = issuer
    if current is not chain[0]:
        root = _common_name(current, issuer=True)
        return [], [f"This machine does not know {root}, where {certificate} ends. Do the tablets?"]
    if _issued(current, current):
        return [
            f"{certificate} is signed by itself alone: no tablet takes it. Start without "
            "--certificate, then this server makes an authority that tablets can trust."
        ], []
    return [
        f"{certificate} lacks the certificate of {_common_name(current, issuer=True)}, which signed "
        "it. Give the whole chain (often called fullchain.pem)."
    ], []


def _known_roots() -> list[x509.Certificate]:
    """The system's, and those that httpx brings: of a system's folder ssl lists none."""
    context = httpx.create_ssl_context()
    context.load_default_certs()
    found = []
    for der in context.get_ca_certs(binary_form=True):
        with warnings.catch_warnings(), contextlib.suppress(ValueError):
            warnings.simplefilter("ignore")  # some old roots break rules that hold today
            found.append(x509.load_der_x509_certificate(der))
    return found


def _issued_by_one_of(one: x509.Certificate, roots: Sequence[x509.Certificate]) -> bool:
    return any(_issued(one, root) for root in roots if root.subject == one.issuer)


def _issued(one: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        one.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _common_name(one: x509.Certificate, *, issuer: bool = False) -> str:
    name = one.issuer if issuer else one.subject
    found = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else name.rfc4514_string()


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}"
