"""The sentences of what only the API refuses."""

from __future__ import annotations

from core.findings import register

SENTENCES = {
    "instant-malformed": "“{value}” is no instant. Write it like 2024-10-19T08:30:00.000000Z.",
}


def install() -> None:
    register(SENTENCES)
