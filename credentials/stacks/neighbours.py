"""PURE: whose certificate a foreign address may be. Known neighbours are where an employer looks next; an
unknown one is only named, never recommended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Neighbour:
    """`hosts`: each with everything below it. `title` and `look`: msgids."""

    code: str
    hosts: tuple[str, ...]
    title: str
    look: str


NEIGHBOURS: Mapping[str, Neighbour] = {
    one.code: one
    for one in (
        Neighbour(
            "osta",
            ("osta.mohrss.gov.cn", "osta.org.cn"),
            "Mainland skill certificates",
            "Look it up by hand at zscx.osta.org.cn or jndj.osta.org.cn, with the number and the name.",
        ),
        Neighbour(
            "cettic",
            ("cettic.gov.cn", "cettic.cn"),
            "Mainland employment training centre (CETTIC)",
            "Look it up by hand at www.cettic.gov.cn, or ask the training body that is named on it.",
        ),
        Neighbour(
            "hongkong",
            ("vtc.edu.hk", "hkqr.gov.hk", "hkqf.gov.hk", "cic.hk"),
            "Hong Kong",
            "Ask the Hong Kong body that is named on it; qualifications are listed at www.hkqr.gov.hk.",
        ),
        Neighbour(
            "macao",
            ("dsal.gov.mo", "cpttm.org.mo"),
            "Macao",
            "Ask the Labour Affairs Bureau of Macao (DSAL, www.dsal.gov.mo) or the body named on it.",
        ),
    )
}


def host_of(text: str) -> str:
    """The host that a browser would open, in ASCII, so that letters of another script show; "" for what is
    no web address."""
    try:
        parts = urlsplit(text.strip())
        host = parts.hostname or ""
        if parts.scheme.lower() not in ("http", "https") or not host or len(host) > 253:
            return ""
        return host.encode("idna").decode("ascii") if not host.isascii() else host
    except (ValueError, UnicodeError):
        return ""


def neighbour_of(host: str) -> Neighbour | None:
    for one in NEIGHBOURS.values():
        if any(host == known or host.endswith(f".{known}") for known in one.hosts):
            return one
    return None
