"""Sentences of what may be in the way of a certificate's paper."""

from __future__ import annotations

from core.findings import register

FINDINGS = {
    "credentials.layout-both-scripts": (
        "Simplified and traditional characters of one text do not stand side by side. Choose one."
    ),
    "credentials.layout-many": "At most {most} languages fit on one page. Leave this one empty.",
    "credentials.document-never": (
        "This document may not stand on a certificate, not even in part. Choose “Not printed”."
    ),
    "credentials.document-rule": "There is no rule {given}. Choose one of: {known}.",
    "credentials.glyph-one": "Give exactly one character.",
    "credentials.glyph-source": "Say where the shape was taken from: a document or a decision.",
    "credentials.glyph-picture": (
        "Take a PNG of one character in black on white, {least} to {most} pixels a side."
    ),
    "credentials.stock-size": "A sheet measures {least} to {most} mm a side.",
    "credentials.stock-half": "{given} is no multiple of half a millimetre. Write it as 12.5.",
    "credentials.stock-offset": "A printer misses by {most} mm at most; beyond that move the field.",
    "credentials.stock-needed": "Name, number and QR stand on every certificate. Give it a place.",
    "credentials.stock-place": "This lies outside the sheet. Move it or make it narrower.",
    "credentials.stock-letters": "Letters measure {least} to {most} points.",
    "credentials.seal-keeper": "There is no account {given} here. Give the login of who keeps the seal.",
    "credentials.seal-picture": (
        "Take a PNG of the seal, {least} to {most} pixels a side, best on a clear ground."
    ),
    "certificate-suspended": (
        "This certificate is suspended, so it is not handed out. Let it count again first."
    ),
    "certificate-revoked": "This certificate was withdrawn for ever, so it is not handed out.",
    "certificate-erased": "The holder asked for erasure, so there is nothing to print.",
}


def install() -> None:
    register(FINDINGS)
