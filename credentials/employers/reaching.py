"""Sends a message to an address that somebody else chose, without letting him reach into our network.

https alone; the name is looked up once, every address that it has must be public, and the connection goes
to what was checked, so that a name that answers differently the second time gains nothing. No redirect is
followed and nothing but the status line is read.
"""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from core.scoring.model import Finding

LONGEST_ADDRESS = 400
SECONDS = 10.0
_LONGEST_LINE = 1024
_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})(?: |\r)")
_NAT64 = ip_network("64:ff9b::/96")
_HEADER = re.compile(r"[\x21-\x7e ]+")


@dataclass(frozen=True, slots=True)
class Reach:
    """Where messages may go; `public`: to public addresses alone."""

    schemes: tuple[str, ...] = ("https",)
    public: bool = True


reach = Reach()


class Unreached(Exception):
    """word: why no answer came: "address", "private", "connection", "certificate", "time" or "answer"."""

    def __init__(self, word: str) -> None:
        self.word = word
        super().__init__(word)


async def address_findings(address: str) -> list[Finding]:
    """Why this can't be an address of a webhook. Looks its name up."""
    try:
        parts = _parts(address)
        await _place(parts)
    except Unreached as unreached:
        return [Finding("/address", f"credentials.webhook-{unreached.word}", {})]
    return []


async def post(address: str, body: bytes, headers: Mapping[str, str]) -> int:
    """The status of the answer. Raises Unreached."""
    try:
        async with asyncio.timeout(SECONDS):
            return await _post(_parts(address), body, headers)
    except TimeoutError:
        raise Unreached("time") from None
    except ssl.SSLError:
        raise Unreached("certificate") from None
    except OSError:
        raise Unreached("connection") from None


def is_public(text: str) -> bool:
    """Whether this is an address of the public internet, also when it hides in one of IPv6."""
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return False
    return all(one.is_global and not one.is_multicast for one in (found, *_within(found)))


def _within(address: IPv4Address | IPv6Address) -> list[IPv4Address]:
    if isinstance(address, IPv4Address):
        return []
    inner = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in _NAT64 or int(address) >> 32 == 0:
        inner.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return [one for one in inner if one is not None]


def _parts(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018 - raises for one that is no number
    except ValueError:
        raise Unreached("address") from None
    plain = address.isascii() and address.isprintable() and " " not in address
    named = bool(parts.hostname) and parts.username is None and parts.password is None
    if not plain or not named or parts.fragment or len(address) > LONGEST_ADDRESS:
        raise Unreached("address")
    if parts.scheme not in reach.schemes:
        raise Unreached("address")
    return parts


async def _place(parts: SplitResult) -> tuple[str, int]:
    """The address and port to connect to. Raises Unreached, also when one of several is not public."""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        found = await look_up(parts.hostname or "", port)
    except OSError:
        raise Unreached("address") from None
    if not found or (reach.public and not all(is_public(one) for one in found)):
        raise Unreached("private" if found else "address")
    return found[0], port


async def look_up(host: str, port: int) -> list[str]:
    infos = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(info[4][0]) for info in infos]


async def _post(parts: SplitResult, body: bytes, headers: Mapping[str, str]) -> int:
    place, port = await _place(parts)
    secure = ssl.create_default_context() if parts.scheme == "https" else None
    name = parts.hostname if secure else None
    reader, writer = await asyncio.open_connection(
        place, port, ssl=secure, server_hostname=name, limit=_LONGEST_LINE
    )
    try:
        writer.write(_request(parts, body, headers))
        await writer.drain()
        return await _status(reader)
    finally:
        writer.close()


def _request(parts: SplitResult, body: bytes, headers: Mapping[str, str]) -> bytes:
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    given = {
        "Host": parts.netloc,
        "User-Agent": "Jiangxin",
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        "Connection": "close",
        **headers,
    }
    if not all(_HEADER.fullmatch(value) for value in given.values()):
        raise Unreached("address")
    lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in given.items())]
    return "\r\n".join([*lines, "", ""]).encode("ascii") + body


async def _status(reader: asyncio.StreamReader) -> int:
    try:
        line = await reader.readuntil(b"\r\n")
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        raise Unreached("answer") from None
    found = _STATUS.match(line)
    if not found:
        raise Unreached("answer")
    return int(found[1])
