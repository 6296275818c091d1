"""Sentences of what may be in the way of a certificate's file."""

from __future__ import annotations

from core.findings import register

FINDINGS = {
    "certificate-unprinted": (
        "This one could not be put on paper: {reason} Its picture is in the file all the same."
    ),
    "certificate-layout-failed": (
        "The layout itself failed on this certificate. Choose the other layout and try again; tell"
        " the operator if that fails too."
    ),
    "certificate-without-photo": (
        "It was printed without a photo, because there is none. Add it under “Entrants”, then make"
        " the file again."
    ),
}


def install() -> None:
    register(FINDINGS)
