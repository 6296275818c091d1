"""What the control room and /healthz say of a venue."""

from __future__ import annotations

from core.findings import register

SENTENCES = {
    "venue-certificate-ends": "The server's certificate ends on {day}. Fetch a new one while this "
    "machine is online.",
    "venue-address-gone": "This machine is no longer at {address}, where tablets look for it. Give it "
    "this address again in the router.",
}


def install() -> None:
    register(SENTENCES)
