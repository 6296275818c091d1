"""The venue's own certificate authority: made at the first start, it signs this server's certificate.

A tablet that trusts it trusts it for the hall's names and addresses only (name constraints): a
stolen laptop can't pretend to be a bank. Apple takes at most 825 days for such a certificate and
397 for a public one; ours lives for the shorter time and is renewed by itself.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from admin.venue.addresses import is_address

FOLDER = "venue"
CA_CERTIFICATE, CA_KEY = "ca.pem", "ca-key.pem"
CERTIFICATE, KEY = "server.pem", "server-key.pem"
CA_LIFE = timedelta(days=3 * 365)
LIFE = timedelta(days=397)
RENEW_BEFORE = timedelta(days=30)
BACKDATED = timedelta(days=2)
"""Borrowed tablets' clocks are slow."""
LOCAL_NAMES = ("local", "localhost", "lan", "home.arpa", "internal")
LOCAL_NETWORKS: tuple[IPv4Network | IPv6Network, ...] = tuple(
    ip_network(text)
    for text in (
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "169.254.0.0/16",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "fc00::/7",
        "fe80::/10",
    )
)


class NotCovered(Exception):
    """The authority was made for other names: tablets would refuse what it signs for this one."""


@dataclass(frozen=True, slots=True)
class Authority:
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def fingerprint(self) -> str:
        """SHA-256 as phones show it: pairs of hex digits."""
        return self.certificate.fingerprint(hashes.SHA256()).hex(" ").upper()

    @property
    def title(self) -> str:
        names = self.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        return str(names[0].value)


def authority_in(folder: Path, names: Iterable[str], *, now: datetime | None = None) -> Authority:
    """The authority of this folder, made for these names when there is none or it has ended."""
    at = now or datetime.now(UTC)
    found = _read(folder)
    if found is not None and at < found.certificate.not_valid_after_utc - LIFE / 4:
        return found
    return _make(folder, names, at)


def certificate_for(
    authority: Authority, folder: Path, names: Sequence[str], *, now: datetime | None = None
) -> tuple[Path, Path]:
    """Files of a certificate for exactly these names; made anew when it lacks one or ends soon.
    Raises NotCovered."""
    at = now or datetime.now(UTC)
    certificate, key = folder / CERTIFICATE, folder / KEY
    if not _fits(certificate, key, authority, names, at):
        _sign(authority, folder, names, at)
    return certificate, key


def ends_at(certificate: Path) -> datetime:
    return x509.load_pem_x509_certificates(certificate.read_bytes())[0].not_valid_after_utc


def covers(authority: Authority, name: str) -> bool:
    """Whether tablets would take this authority's word for the name."""
    constraints = authority.certificate.extensions.get_extension_for_class(x509.NameConstraints)
    for permitted in constraints.value.permitted_subtrees or ():
        value = permitted.value
        if is_address(name):
            if isinstance(value, IPv4Network | IPv6Network) and ip_address(name) in value:
                return True
        elif isinstance(value, str) and (name == value or name.endswith(f".{value}")):
            return True
    return False


def write_private(path: Path, data: bytes) -> None:
    """Replaces the file in one step, readable by its owner alone from its first byte."""
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _make(folder: Path, names: Iterable[str], at: datetime) -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    title = f"Jiangxin venue {os.urandom(3).hex().upper()}"
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, title)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - BACKDATED)
        .not_valid_after(at + CA_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.NameConstraints(_permitted(names), None), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_private(folder / CA_KEY, _key_pem(key))
    write_private(folder / CA_CERTIFICATE, certificate.public_bytes(Encoding.PEM))
    return Authority(certificate, key)


def _permitted(names: Iterable[str]) -> list[x509.GeneralName]:
    """The hall's own names and networks, and whatever else this server is called."""
    dns = dict.fromkeys([*LOCAL_NAMES, *(name for name in names if not is_address(name))])
    single = dict.fromkeys(ip_network(name) for name in names if is_address(name))
    foreign = [n for n in single if not any(_inside(n, known) for known in LOCAL_NETWORKS)]
    return [
        *(x509.DNSName(name) for name in dns),
        *(x509.IPAddress(network) for network in (*LOCAL_NETWORKS, *foreign)),
    ]


def _inside(one: IPv4Network | IPv6Network, other: IPv4Network | IPv6Network) -> bool:
    return one.version == other.version and one.network_address in other


def _sign(authority: Authority, folder: Path, names: Sequence[str], at: datetime) -> None:
    outside = [name for name in names if not covers(authority, name)]
    if outside:
        raise NotCovered(", ".join(outside))
    key = ec.generate_private_key(ec.SECP256R1())
    issuer = authority.certificate
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0][:64])]))
        .issuer_name(issuer.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(max(at - BACKDATED, issuer.not_valid_before_utc))
        .not_valid_after(min(at + LIFE - BACKDATED, issuer.not_valid_after_utc))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(_general(names)), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()),
            critical=False,
        )
        .sign(authority.key, hashes.SHA256())
    )
    chain = [certificate, issuer]
    write_private(folder / KEY, _key_pem(key))
    write_private(folder / CERTIFICATE, b"".join(one.public_bytes(Encoding.PEM) for one in chain))


def _general(names: Sequence[str]) -> list[x509.GeneralName]:
    return [
        x509.IPAddress(ip_address(name)) if is_address(name) else x509.DNSName(name)
        for name in names
    ]


def names_of(certificate: x509.Certificate) -> list[str]:
    """Its subject alternative names, in their order."""
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        return []
    return [str(name.value) for name in found.value]


def _fits(
    certificate: Path, key: Path, authority: Authority, names: Sequence[str], at: datetime
) -> bool:
    try:
        found = x509.load_pem_x509_certificates(certificate.read_bytes())[0]
        private = load_pem_private_key(key.read_bytes(), None)
        found.verify_directly_issued_by(authority.certificate)
    except (OSError, ValueError, TypeError, InvalidSignature):
        return False
    return (
        private.public_key() == found.public_key()
        and set(names) <= set(names_of(found))
        and at + RENEW_BEFORE < found.not_valid_after_utc
    )


def _read(folder: Path) -> Authority | None:
    try:
        certificate = x509.load_pem_x509_certificate((folder / CA_CERTIFICATE).read_bytes())
        key = load_pem_private_key((folder / CA_KEY).read_bytes(), None)
    except FileNotFoundError:
        return None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or (
        key.public_key() != certificate.public_key()
    ):
        return None
    return Authority(certificate, key)


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
