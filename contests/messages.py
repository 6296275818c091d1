"""The sentences of this package's findings: what is wrong and what to do."""

from __future__ import annotations

from core.findings import register

SENTENCES: dict[str, str] = {}


def install() -> None:
    register(SENTENCES)
