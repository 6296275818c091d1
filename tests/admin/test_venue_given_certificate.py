"""A certificate fetched beforehand: what tablets would object to is said before anything is opened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from admin.venue.given import check_certificate, first_name
from core.settings import SettingsError

NAME = "app.example.org"
NOW = datetime.now(UTC)


@dataclass
class Made:
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def make(
    name: str, issuer: Made | None = None, *, days: float = 90, ca: bool = False, begins: float = -1
) -> Made:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW + timedelta(days=min(begins, days - 1)))
        .not_valid_after(NOW + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    )
    if not ca:
        builder = builder.add_extension(
            x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False
        )
    return Made(builder.sign(issuer.key if issuer else key, hashes.SHA256()), key)


Write = Callable[..., tuple[Path, Path]]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(*chain: Made, key: bytes | None = None) -> tuple[Path, Path]:
        certificate, private = tmp_path / "full.pem", tmp_path / "key.pem"
        certificate.write_bytes(b"".join(one.pem for one in chain))
        private.write_bytes(key if key is not None else chain[0].key_pem)
        return certificate, private

    return written


@pytest.fixture
def root() -> Made:
    return make("Test Root", ca=True, days=3000)


@pytest.fixture
def middle(root: Made) -> Made:
    return make("Test Middle", root, ca=True, days=1000)


def problems(certificate: Path, key: Path, name: str = NAME) -> str:
    with pytest.raises(SettingsError) as caught:
        check_certificate(certificate, key, name)
    return "\n".join(caught.value.problems)


def test_a_whole_chain_in_any_order_is_taken(write: Write, root: Made, middle: Made) -> None:
    notes = check_certificate(*write(make(NAME, middle), root, middle), NAME)

    assert len(notes) == 1
    assert "does not know Test Root" in notes[0]


def test_another_name_is_refused_and_its_own_are_listed(write: Write, middle: Made) -> None:
    assert "is for app.example.org, not for other.example.org" in problems(
        *write(make(NAME, middle), middle), "other.example.org"
    )


@pytest.mark.parametrize(
    ("name", "fits"),
    [("a.example.org", True), ("example.org", False), ("a.b.example.org", False)],
)
def test_a_star_stands_for_one_label(write: Write, middle: Made, name: str, fits: bool) -> None:
    files = write(make("*.example.org", middle), middle)
    if fits:
        check_certificate(*files, name)
    else:
        assert "not for" in problems(*files, name)


def test_one_that_has_ended_is_refused(write: Write, middle: Made) -> None:
    assert "ended on" in problems(*write(make(NAME, middle, days=-2, begins=-9), middle))


def test_one_that_begins_tomorrow_points_at_the_clock(write: Write, middle: Made) -> None:
    assert "clock" in problems(*write(make(NAME, middle, begins=2), middle))


def test_one_that_ends_within_a_fortnight_is_taken_with_a_warning(
    write: Write, middle: Made
) -> None:
    notes = check_certificate(*write(make(NAME, middle, days=13.5), middle), NAME)

    assert "in 13 days" in notes[0]
    assert not any("days" in n for n in check_certificate(*write(make(NAME, middle), middle), NAME))


def test_a_leaf_without_its_chain_is_refused(write: Write, middle: Made) -> None:
    assert "lacks the certificate of Test Middle" in problems(*write(make(NAME, middle)))


def test_a_chain_whose_link_has_ended_is_refused(write: Write, root: Made) -> None:
    ended = make("Old Middle", root, ca=True, days=-1, begins=-100)

    assert "Old Middle" in problems(*write(make(NAME, ended), ended))


def test_one_that_signed_itself_leads_to_the_venues_authority(write: Write) -> None:
    assert "Start without --certificate" in problems(*write(make(NAME)))


def test_a_strangers_key_and_a_broken_one_are_told_apart(write: Write, middle: Made) -> None:
    own = make(NAME, middle)

    assert "is not the key of" in problems(*write(own, middle, key=middle.key_pem))
    assert "no private key" in problems(*write(own, middle, key=b"nonsense"))


def test_files_that_are_missing_or_no_certificate_are_named(tmp_path: Path, write: Write) -> None:
    assert "can't be read" in problems(tmp_path / "none.pem", tmp_path / "none.key")
    empty = tmp_path / "empty.pem"
    empty.write_text("x")
    assert "holds no certificate" in problems(empty, empty)


def test_all_that_is_wrong_is_told_at_once(write: Write, root: Made, middle: Made) -> None:
    found = problems(*write(make("x.org", middle, days=-2, begins=-9), key=root.key_pem))

    assert len(found.splitlines()) == 4


def test_the_name_may_be_left_to_the_certificate(write: Write, middle: Made) -> None:
    assert first_name(write(make(NAME, middle), middle)[0]) == NAME
