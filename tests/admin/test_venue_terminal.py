"""What the terminal shows, and a certificate that changes while the server runs."""

from __future__ import annotations

import asyncio
import re
import ssl
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import zxingcpp
from cryptography import x509
from PIL import Image

from admin.venue import place as place_module
from admin.venue import serving
from admin.venue.authority import authority_in, certificate_for
from admin.venue.place import Place, place_of
from admin.venue.serving import look_again
from admin.venue.terminal import qr_lines
from core.notices import standing, take_down
from core.serving import server_of
from core.settings import Settings, SettingsError, use
from tests.fixtures.processes import free_port

_ANSI = re.compile(r"\x1b\[[0-9;]*m")
ADDRESS = "http://192.168.8.10:8080/"


@pytest.mark.parametrize("colour", [True, False])
def test_the_qr_in_the_terminal_can_be_read(colour: bool) -> None:
    lines = [_ANSI.sub("", line) for line in qr_lines(ADDRESS, colour=colour)]
    dark = {" ": "00", "▄": "01", "▀": "10", "█": "11"}
    rows = []
    for line in lines:
        rows.append([dark[character][0] for character in line])
        rows.append([dark[character][1] for character in line])
    ink = "1" if colour else "0"  # without colours the terminal is dark: blocks are light
    picture = Image.new("L", (len(rows[0]), len(rows)), 255)
    picture.putdata([0 if cell == ink else 255 for row in rows for cell in row])
    big = picture.resize((picture.width * 6, picture.height * 6), Image.Resampling.NEAREST)

    found = zxingcpp.read_barcodes(big)

    assert [one.text for one in found] == [ADDRESS]
    assert len({len(line) for line in lines}) == 1


@pytest.fixture
def place(database: Settings) -> Place:
    venue = replace(database, venue=True, venue_name="127.0.0.1", port=free_port())
    return place_of(venue)


async def serial(place: Place) -> int:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    port = place.settings.port
    _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context)
    der = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
    writer.close()
    return x509.load_der_x509_certificate(der).serial_number


async def test_a_renewed_certificate_is_used_without_a_restart(place: Place) -> None:
    use(place.settings)
    server = server_of(place.settings)
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.02)
    try:
        before = await serial(place)
        changed = look_again(place, server, serving._changed(place.settings.tls_certificate))
        assert await serial(place) == before

        assert place.authority is not None
        folder = place.settings.data / "venue"
        later = datetime.now(UTC) + timedelta(days=380)
        certificate_for(place.authority, folder, ["127.0.0.1"], now=later)
        look_again(place, server, changed - 1)

        assert await serial(place) != before
    finally:
        server.should_exit = True
        await running


async def test_an_end_that_comes_near_is_said_until_it_is_renewed(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = server_of(place.settings)
    soon = datetime.now(UTC) + timedelta(days=9)
    monkeypatch.setattr(serving, "ends_at", lambda _: soon)
    look_again(place, server, 0)
    assert [n.finding.code for n in standing() if n.trouble] == ["venue-certificate-ends"]

    monkeypatch.undo()
    look_again(place, server, 0)
    assert not [n for n in standing() if n.name == "venue-certificate"]


async def test_an_address_that_the_router_took_away_is_said(place: Place) -> None:
    gone = replace(place, name="203.0.113.77")
    try:
        serving._say_when_the_address_is_gone(gone)
        found = [n for n in standing() if n.name == "venue-address"]
        assert found[0].finding.params == {"address": "203.0.113.77"}
        serving._say_when_the_address_is_gone(place)
        assert not [n for n in standing() if n.name == "venue-address"]
    finally:
        take_down("venue-address")


def test_a_machine_in_no_network_is_told_to_join_one(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place_module, "lan_addresses", list)

    with pytest.raises(SettingsError, match="in no network"):
        place_of(replace(settings, venue=True))


def test_a_name_outside_the_authority_is_refused_with_the_way_out(
    settings: Settings, tmp_path: Path
) -> None:
    authority_in(settings.data / "venue", ["127.0.0.1"])

    with pytest.raises(SettingsError, match=r"move .* away"):
        place_of(replace(settings, venue=True, venue_name="judge.example.org"))
