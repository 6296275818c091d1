"""The sentences of this folder's findings."""

from __future__ import annotations

from core.findings import register

SENTENCES: dict[str, str] = {
    "nobody-chosen": "Nobody is chosen. Tick the entrants first.",
    "arrival-unknown": "“{status}” is no answer at the check-in. Choose present or late.",
    "recorded-otherwise": "Entry {entry} is recorded as {status} already. Have that cancelled first.",
    "links-too-many": "{count} links are open for this contest. End one that nobody needs.",
    "link-ended": "This link has ended already.",
}


def install() -> None:
    """Called when the package is loaded."""
    register(SENTENCES)
