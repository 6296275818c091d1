"""This machine's addresses in the hall's network, asked of the operating system."""

from __future__ import annotations

import socket
import struct
import sys
from ipaddress import IPv4Address, ip_address

_SIOCGIFADDR = 0x8915 if sys.platform.startswith("linux") else 0xC0206921


def lan_addresses() -> list[IPv4Address]:
    """IPv4 addresses that others can reach; the one that leads out of the house comes first."""
    found = {address for address in (*_of_interfaces(), *_of_name()) if _reachable(address)}
    first = _towards_the_world()
    ordered = [first] if first is not None and _reachable(first) else []
    return ordered + sorted(found - set(ordered))


def local_name() -> str:
    """`jiangxin-laptop.local`, as macOS, Windows and Avahi answer to it; "" for a name that can't be."""
    label = socket.gethostname().partition(".")[0].lower()
    legal = label.replace("-", "").isalnum() and label.isascii() and label != "localhost"
    return f"{label}.local" if legal else ""


def addresses_of(name: str) -> list[str]:
    """What this machine's resolver answers for a name; none when it knows none."""
    try:
        return sorted({str(found[4][0]) for found in socket.getaddrinfo(name, None)})
    except OSError:
        return []


def is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _reachable(address: IPv4Address) -> bool:
    return not (address.is_loopback or address.is_unspecified or address.is_multicast)


def _of_interfaces() -> list[IPv4Address]:
    try:
        import fcntl
    except ImportError:  # Windows answers through its own name
        return []
    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        for _, interface in socket.if_nameindex():
            request = struct.pack("256s", interface.encode()[:15])
            try:
                answer = fcntl.ioctl(asking, _SIOCGIFADDR, request)
            except OSError:  # no IPv4 there
                continue
            found.append(IPv4Address(answer[20:24]))
    return found


def _of_name() -> list[IPv4Address]:
    texts = addresses_of(socket.gethostname())
    return [IPv4Address(text) for text in texts if ":" not in text]


def _towards_the_world() -> IPv4Address | None:
    """Sends nothing: a connected datagram socket only chooses a route."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect(("198.51.100.1", 9))
        except OSError:
            return None
        return IPv4Address(asking.getsockname()[0])
