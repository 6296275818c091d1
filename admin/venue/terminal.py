"""What the terminal shows of a venue: addresses, a QR, what to do next."""

from __future__ import annotations

import sys

from core.settings import Settings
from credentials.qr import QUIET, matrix

_LIGHT, _END = "\x1b[30;107m", "\x1b[0m"


def qr_lines(text: str, *, colour: bool) -> list[str]:
    """Two rows of modules a line, dark on light. Without colour the terminal is taken to be dark."""
    dark = matrix(text)
    width = len(dark) + 2 * QUIET
    empty = [False] * width
    side = [False] * QUIET
    rows = [empty] * QUIET + [[*side, *row, *side] for row in dark] + [empty] * QUIET
    rows += [empty] * (len(rows) % 2)
    blocks = " ▄▀█" if colour else "█▀▄ "
    lines = [
        "".join(blocks[2 * upper + lower] for upper, lower in zip(*pair, strict=True))
        for pair in zip(rows[::2], rows[1::2], strict=True)
    ]
    return [f"{_LIGHT}{line}{_END}" for line in lines] if colour else lines


def guide(settings: Settings, *, helper: str, fingerprint: str, notes: list[str]) -> list[str]:
    """Everything that the person at the laptop needs to read aloud."""
    tablets = f"{settings.origin}/judging/"
    shown = helper or tablets
    qr = qr_lines(shown, colour=True) if sys.stdout.isatty() else []
    first = _trust(helper, fingerprint) if helper else _public(settings)
    return [
        "",
        f"Tablets reach this server at {tablets}",
        *first,
        *qr,
        *(f"  ! {note}" for note in notes),
        "",
    ]


def _trust(helper: str, fingerprint: str) -> list[str]:
    half = len(fingerprint) // 2
    return [
        f"1. Once on each tablet, in the hall's Wi-Fi, open {helper}",
        "   It leads through trusting this server, step by step. Compare the fingerprint:",
        f"   {fingerprint[:half].strip()}",
        f"   {fingerprint[half:].strip()}",
        "2. The last step opens the address above: there the tablet is enrolled.",
        "3. Keep this machine's address as it is: tablets know the server by it (docs/venue.md).",
    ]


def _public(settings: Settings) -> list[str]:
    return [
        "Its certificate is one that every tablet trusts. The hall's router must answer this name",
        "with this machine's address, and no tablet may use a private relay or private DNS.",
    ]
