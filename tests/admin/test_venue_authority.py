"""The venue's own authority: what it signs, for whom, for how long, and who may read its key."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from admin.venue.authority import (
    CA_KEY,
    CERTIFICATE,
    KEY,
    LIFE,
    Authority,
    NotCovered,
    authority_in,
    certificate_for,
    covers,
    ends_at,
    names_of,
)
from admin.venue.profile import mobileconfig

NAMES = ["192.168.8.10", "judge.local", "127.0.0.1"]
NOW = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return authority_in(tmp_path, NAMES, now=NOW)


def leaf(folder: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificates((folder / CERTIFICATE).read_bytes())[0]


def test_it_is_made_once_and_its_keys_are_its_owners_alone(
    authority: Authority, tmp_path: Path
) -> None:
    certificate_for(authority, tmp_path, NAMES, now=NOW)

    again = authority_in(tmp_path, ["10.0.0.9"], now=NOW + timedelta(days=400))

    assert again.fingerprint == authority.fingerprint
    assert isinstance(authority.key.curve, ec.SECP256R1)
    for name in (CA_KEY, KEY):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


def test_it_speaks_for_the_halls_names_and_networks_alone(authority: Authority) -> None:
    constraints = authority.certificate.extensions.get_extension_for_class(x509.NameConstraints)

    assert constraints.critical
    assert all(covers(authority, name) for name in [*NAMES, "10.1.2.3", "laptop.lan"])
    assert not any(covers(authority, name) for name in ("bank.example", "8.8.8.8", "xlocal"))


def test_the_first_names_are_covered_whatever_they_are(tmp_path: Path) -> None:
    authority = authority_in(tmp_path, ["203.0.113.9", "judge.example.org"], now=NOW)

    assert covers(authority, "203.0.113.9")
    assert covers(authority, "judge.example.org")
    assert not covers(authority, "203.0.113.10")
    assert not covers(authority, "example.org")


def test_it_signs_nothing_outside_its_names(authority: Authority, tmp_path: Path) -> None:
    with pytest.raises(NotCovered, match=r"bank\.example"):
        certificate_for(authority, tmp_path, ["bank.example"], now=NOW)


def test_a_certificate_lives_397_days_at_most_and_names_every_address(
    authority: Authority, tmp_path: Path
) -> None:
    certificate_for(authority, tmp_path, NAMES, now=NOW)

    found = leaf(tmp_path)
    assert found.not_valid_after_utc - found.not_valid_before_utc <= LIFE
    assert found.not_valid_before_utc < NOW - timedelta(days=1)
    assert names_of(found) == NAMES


def test_it_is_renewed_a_month_before_its_end_and_when_an_address_is_new(
    authority: Authority, tmp_path: Path
) -> None:
    certificate_for(authority, tmp_path, NAMES, now=NOW)
    first = leaf(tmp_path)
    certificate_for(authority, tmp_path, NAMES[:1], now=NOW + timedelta(days=300))
    assert leaf(tmp_path) == first

    certificate_for(authority, tmp_path, NAMES, now=NOW + timedelta(days=370))
    renewed = leaf(tmp_path)
    certificate_for(authority, tmp_path, [*NAMES, "192.168.8.11"], now=NOW + timedelta(days=371))

    assert renewed.not_valid_after_utc > first.not_valid_after_utc
    assert "192.168.8.11" in names_of(leaf(tmp_path))


def test_it_is_made_anew_before_it_ends_under_a_running_contest(tmp_path: Path) -> None:
    first = authority_in(tmp_path, NAMES, now=NOW)
    certificate_for(first, tmp_path, NAMES, now=NOW)
    later = NOW + timedelta(days=3 * 365 - 30)

    second = authority_in(tmp_path, NAMES, now=later)
    certificate_for(second, tmp_path, NAMES, now=later)

    assert second.fingerprint != first.fingerprint
    leaf(tmp_path).verify_directly_issued_by(second.certificate)
    assert ends_at(tmp_path / CERTIFICATE) > later + timedelta(days=390)


def test_an_ipads_profile_holds_the_certificate_and_can_be_taken_off(authority: Authority) -> None:
    import plistlib

    profile = plistlib.loads(mobileconfig(authority, "zh-Hans"))

    root = profile["PayloadContent"][0]
    assert root["PayloadType"] == "com.apple.security.root"
    assert root["PayloadContent"] == authority.der
    assert profile["PayloadRemovalDisallowed"] is False
    assert mobileconfig(authority, "zh-Hans") == mobileconfig(authority, "zh-Hans")
    assert "信任" in profile["PayloadDescription"]
