"""Where a venue's server stands: the settings of `serve --venue`, and what was true of them last time."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

from admin.venue.addresses import addresses_of, is_address, lan_addresses, local_name
from admin.venue.authority import (
    FOLDER,
    Authority,
    NotCovered,
    authority_in,
    certificate_for,
    covers,
    write_private,
)
from admin.venue.given import check_certificate, first_name
from core.settings import Settings, SettingsError

MEMORY = "venue.json"
PLAIN_PORT, OWN_PORT, PUBLIC_PORT = 8000, 8443, 443
LOOPBACK_NAMES = ("localhost", "127.0.0.1")


@dataclass(frozen=True, slots=True)
class Place:
    """`authority` None: the certificate was fetched beforehand. `notes`: what is odd but may be."""

    settings: Settings
    name: str
    authority: Authority | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def helper(self) -> str:
        """The http page's address, by number: a name that was once visited by https stays https."""
        if self.authority is None:
            return ""
        addresses = [str(address) for address in lan_addresses()]
        host = self.name if is_address(self.name) else (addresses or ["127.0.0.1"])[0]
        return f"http://{host}:{self.settings.venue_help_port}/"


def place_of(settings: Settings) -> Place:
    """The venue's settings, its certificate made or checked. Raises SettingsError."""
    found = _public(settings) if settings.tls_certificate else _own(settings)
    notes = [*found.notes, *_moved(found.settings)]
    remember(found.settings)
    return replace(found, notes=notes)


def folder_of(settings: Settings) -> Path:
    return settings.data / FOLDER


def remembered(settings: Settings) -> str:
    """The origin that tablets know from the last time; "" when there was none."""
    try:
        found = json.loads((folder_of(settings) / MEMORY).read_text("utf-8"))
    except (OSError, ValueError):
        return ""
    return str(found.get("origin", "")) if isinstance(found, dict) else ""


def remember(settings: Settings) -> None:
    folder = folder_of(settings)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_private(folder / MEMORY, json.dumps({"origin": settings.origin}).encode())


def names_for(name: str, authority: Authority) -> list[str]:
    """The server's name, and whatever else reaches this machine and the authority covers."""
    others = [local_name(), *(str(address) for address in lan_addresses()), *LOOPBACK_NAMES]
    known = [other for other in others if other and covers(authority, other)]
    return list(dict.fromkeys([name, *known]))


def _public(settings: Settings) -> Place:
    certificate, key = settings.tls_certificate, settings.tls_key
    if certificate is None or key is None:
        raise SettingsError(["--certificate and --key belong together: name both."])
    name = settings.venue_name or _host_of(settings) or first_name(certificate)
    notes = check_certificate(certificate, key, name)
    listening = _listening(settings, name, PUBLIC_PORT)
    return Place(listening, name, None, [*notes, *_resolved(name)])


def _own(settings: Settings) -> Place:
    addresses = [str(address) for address in lan_addresses()]
    known = urlsplit(remembered(settings)).hostname or ""
    still_here = known if known in addresses else ""
    name = settings.venue_name or still_here or next(iter(addresses), "")
    if not name:
        raise SettingsError(
            [
                "This machine is in no network. Join the hall's Wi-Fi or plug the cable in, then start."
            ]
        )
    folder = folder_of(settings)
    authority = authority_in(folder, [name, *addresses])
    try:
        certificate, key = certificate_for(authority, folder, names_for(name, authority))
    except NotCovered as error:
        raise SettingsError(
            [
                f"The venue's authority is not for {error}. Start with a name it knows, or move "
                f"{folder} away: then a new one is made, and every tablet has to trust it again."
            ]
        ) from error
    listening = _listening(settings, name, OWN_PORT)
    return Place(replace(listening, tls_certificate=certificate, tls_key=key), name, authority)


def _listening(settings: Settings, name: str, usual: int) -> Settings:
    port = usual if settings.port == PLAIN_PORT else settings.port
    origin = f"https://{name}" if port == PUBLIC_PORT else f"https://{name}:{port}"
    same = settings.certificate_origin == settings.origin
    return replace(
        settings,
        host="0.0.0.0" if settings.host in LOOPBACK_NAMES else settings.host,  # noqa: S104 - tablets
        port=port,
        origin=origin,
        certificate_origin=origin if same else settings.certificate_origin,
    )


def _host_of(settings: Settings) -> str:
    parts = urlsplit(settings.origin)
    return (parts.hostname or "") if parts.scheme == "https" else ""


def _resolved(name: str) -> list[str]:
    own = {str(address) for address in lan_addresses()} | {"127.0.0.1"}
    found = [name] if is_address(name) else addresses_of(name)
    if not found:
        return [f"{name} has no address here yet. Let the hall's router answer it: {_say(own)}."]
    if not own & set(found):
        return [
            f"{name} leads to {_say(found)} from here, not to this machine ({_say(own)}). Set it in "
            "the hall's router."
        ]
    return []


def _moved(settings: Settings) -> list[str]:
    before = remembered(settings)
    if not before or before == settings.origin:
        return []
    return [
        f"Tablets know this server as {before}; now it is {settings.origin}. What they keep belongs "
        "to the old address: give this machine that one again, or start with --name."
    ]


def _say(addresses: set[str] | Sequence[str]) -> str:
    return ", ".join(sorted(addresses))
