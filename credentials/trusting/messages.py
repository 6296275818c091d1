"""Sentences of what soon ends: the root's authorisation, another installation's bundle; msgids."""

from __future__ import annotations

from collections.abc import Mapping

from core.findings import register

FINDINGS: Mapping[str, str] = {
    "credentials.root-ends": (
        "The root's authorisation of our trust bundle ends on {date}; then verifiers that pin the root"
        " believe nothing new from us. Make a request with `jiangxin keys root request` and have it"
        " signed."
    ),
    "credentials.bundle-ends": (
        "What we know of {origin} is good until {date}. Accept its trust bundle again with `jiangxin"
        " keys accept`."
    ),
}

register(FINDINGS)
