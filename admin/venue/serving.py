"""`jiangxin serve --venue`: https for the hall's tablets, and what has to be kept up meanwhile."""

from __future__ import annotations

import asyncio
import contextlib
from argparse import ArgumentParser, Namespace
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from admin.venue.addresses import is_address, lan_addresses
from admin.venue.authority import certificate_for, ends_at
from admin.venue.given import WARN_BEFORE
from admin.venue.place import LOOPBACK_NAMES, Place, folder_of, names_for, place_of
from admin.venue.terminal import guide
from core.commands.output import say
from core.notices import put_up, take_down
from core.scoring.model import Finding
from core.serving import Server, cannot_listen
from core.settings import Settings, SettingsError

LOOK_SECONDS = 600


class Venue:
    """Adds `--venue` to `jiangxin serve`."""

    def __init__(self) -> None:
        self._place: Place | None = None

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--venue",
            action="store_true",
            default=None,
            help="serve tablets in a hall without the internet: docs/venue.md (JIANGXIN_VENUE)",
        )
        parser.add_argument(
            "--name", help="with --venue: name or address that tablets open (JIANGXIN_VENUE_NAME)"
        )
        parser.add_argument(
            "--help-port",
            help="with --venue: port of the page that leads through trusting this server "
            "(JIANGXIN_VENUE_HELP_PORT)",
        )

    def given(self, arguments: Namespace) -> Mapping[str, object]:
        return {
            "venue": arguments.venue,
            "venue_name": arguments.name,
            "venue_help_port": arguments.help_port,
        }

    def settings(self, settings: Settings) -> Settings:
        if not settings.venue:
            return settings
        self._place = place_of(settings)
        if self._place.authority is not None:
            helper = replace(self._place.settings, port=settings.venue_help_port)
            if problem := cannot_listen(helper):
                raise SettingsError([problem.replace("--port", "--help-port")])
        return self._place.settings

    @asynccontextmanager
    async def beside(self, settings: Settings, server: Server) -> AsyncIterator[None]:
        place = self._place
        if place is None:
            yield
            return
        from admin.venue.helper import helping  # late: it draws the pages

        fingerprint = place.authority.fingerprint if place.authority else ""
        notes = place.notes
        for line in guide(settings, helper=place.helper, fingerprint=fingerprint, notes=notes):
            say(line)
        async with helping(place):
            keeper = asyncio.create_task(_keep(place, server), name="venue")
            try:
                yield
            finally:
                keeper.cancel()
                await asyncio.gather(keeper, return_exceptions=True)


async def _keep(place: Place, server: Server) -> None:
    certificate = place.settings.tls_certificate
    changed = _changed(certificate)
    while True:
        changed = look_again(place, server, changed)
        await asyncio.sleep(LOOK_SECONDS)


def look_again(place: Place, server: Server, changed: float) -> float:
    """Renews what ends, uses a certificate that was replaced, says what needs somebody. Takes and
    returns when the certificate's file was changed last."""
    certificate, key = place.settings.tls_certificate, place.settings.tls_key
    if certificate is None or key is None:
        return changed
    if place.authority is not None:
        names = names_for(place.name, place.authority)
        certificate_for(place.authority, folder_of(place.settings), names)
    now = _changed(certificate)
    if now != changed:
        with contextlib.suppress(OSError):  # half replaced: the next look takes both
            server.use_certificate(certificate, key)
            changed = now
    _say_when_it_ends(certificate)
    _say_when_the_address_is_gone(place)
    return changed


def _say_when_it_ends(certificate: Path) -> None:
    end = ends_at(certificate)
    if end - datetime.now(UTC) < WARN_BEFORE:
        params = {"day": f"{end:%Y-%m-%d}"}
        put_up("venue-certificate", Finding("", "venue-certificate-ends", params), trouble=True)
    else:
        take_down("venue-certificate")


def _say_when_the_address_is_gone(place: Place) -> None:
    """The hall's router may give this machine another address at any moment."""
    own = {str(address) for address in lan_addresses()} | set(LOOPBACK_NAMES)
    if is_address(place.name) and place.name not in own:
        finding = Finding("", "venue-address-gone", {"address": place.name})
        if put_up("venue-address", finding, trouble=True):
            say(f"  ! This machine is no longer at {place.name}. Give it this address again.")
    else:
        take_down("venue-address")


def _changed(path: Path | None) -> float:
    with contextlib.suppress(OSError):
        return path.stat().st_mtime if path else 0.0
    return 0.0
