"""Private keys that never leave a device: PKCS#11 behind the two functions of `keys.PrivateKey`.

Needs the extra `hsm`. The device's session is opened once a process and found again by its settings.
"""

from __future__ import annotations

import hashlib
import threading
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from core.errors import Unavailable

_P256 = "06082a8648ce3d030107"
"""The curve's object identifier, as DER."""


class Place(NamedTuple):
    """A token in a device: its library, its label, its PIN."""

    module: Path
    token: str
    pin: str


class DeviceKey:
    """Signs inside the device, one signature at a time. After a failure it is looked for anew, because
    a device that was away has forgotten our session."""

    def __init__(self, place: Place, label: str, private: Any) -> None:
        self._place, self._label, self._private = place, label, private
        self._public = _public(_object(place, label, "PUBLIC_KEY"))

    def public_key(self) -> ec.EllipticCurvePublicKey:
        return self._public

    def sign(self, data: bytes, signature_algorithm: ec.EllipticCurveSignatureAlgorithm) -> bytes:
        """DER. The digest is made here, because not every device has a mechanism that makes it."""
        digest = hashlib.sha256(data).digest()
        with _reached(self._place):
            private, self._private = self._private, None
            private = private or _object(self._place, self._label, "PRIVATE_KEY")
            raw = private.sign(digest, mechanism=_pkcs11().Mechanism.ECDSA)
            self._private = private
        return encode_dss_signature(
            int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
        )


_LOCK = threading.Lock()
"""A PKCS#11 session does one thing at a time."""


def make_key(module: Path, token: str, pin: str, *, label: str) -> DeviceKey:
    """A new key in the device, which can neither be read nor copied out of it."""
    place = Place(module, token, pin)
    with _reached(place):
        pkcs11, session = _pkcs11(), _session(place)
        names = pkcs11.Attribute
        curve = session.create_domain_parameters(
            pkcs11.KeyType.EC, {names.EC_PARAMS: bytes.fromhex(_P256)}, local=True
        )
        _, private = curve.generate_keypair(
            label=label,
            store=True,
            private_template={names.SENSITIVE: True, names.EXTRACTABLE: False},
        )
        return DeviceKey(place, label, private)


def open_key(module: Path, token: str, pin: str, *, label: str) -> DeviceKey:
    """Raises Unavailable, so that what waits for the key is tried again."""
    place = Place(module, token, pin)
    with _reached(place):
        return DeviceKey(place, label, _object(place, label, "PRIVATE_KEY"))


def _object(place: Place, label: str, kind: str) -> Any:
    wanted = _pkcs11().ObjectClass[kind]
    return _session(place).get_key(object_class=wanted, label=label)


def _public(public: Any) -> ec.EllipticCurvePublicKey:
    point = bytes(public[_pkcs11().Attribute.EC_POINT])
    # The attribute is the point inside an OCTET STRING, but some devices leave the wrapping out.
    if len(point) == 67 and point[:2] == b"\x04\x41":
        point = point[2:]
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)


@lru_cache(maxsize=4)
def _session(place: Place) -> Any:
    found = _pkcs11().lib(str(place.module)).get_token(token_label=place.token)
    try:
        return found.open(rw=True, user_pin=place.pin)
    except _pkcs11().UserAlreadyLoggedIn:
        return found.open(rw=True)  # a log-in counts for the whole process


def _pkcs11() -> Any:
    try:
        import pkcs11
    except ImportError:
        raise Unavailable(
            what="the device of the keys (its extra is not installed: pip install 'jiangxin[hsm]')"
        ) from None
    return pkcs11


class _reached:  # noqa: N801 - reads as a verb where it is used
    """Turns the device's many errors into one that names it."""

    def __init__(self, place: Place) -> None:
        self.what = f"the key device {place.token} behind {place.module}"

    def __enter__(self) -> None:
        _LOCK.acquire()

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: object) -> None:
        _LOCK.release()
        if kind is not None and issubclass(kind, _failures()):
            _session.cache_clear()
            raise Unavailable(what=f"{self.what} ({kind.__name__})") from None


def _failures() -> tuple[type[Exception], ...]:
    return (_pkcs11().PKCS11Error, RuntimeError)
