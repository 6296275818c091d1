"""Says in time that the root's authorisation or another installation's bundle ends. Nobody would notice
until scanners refuse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from core import notices
from core.scoring.model import Finding
from credentials.trusting import messages
from credentials.trusting.authorisation import Authorisation

SOON_ROOT, SOON_BUNDLE = timedelta(days=45), timedelta(days=10)
ROOT = "root"

__all__ = ["messages", "say_what_ends"]


def say_what_ends(
    root: Authorisation | None, others: Sequence[Mapping[str, Any]], now: datetime
) -> None:
    """`others`: all accepted installations. Called whenever the bundle is made."""
    if root and root.expires_at - now < SOON_ROOT:
        _say(ROOT, "credentials.root-ends", root.expires_at)
    else:
        notices.take_down(ROOT)
    for one in others:
        name = f"installation {one['origin']}"
        if one["expires_at"] - now < SOON_BUNDLE:
            _say(name, "credentials.bundle-ends", one["expires_at"], origin=one["origin"])
        else:
            notices.take_down(name)


def _say(name: str, code: str, at: datetime, **params: str) -> None:
    date = at.astimezone(UTC).date().isoformat()
    notices.put_up(name, Finding("", code, {"date": date, **params}), trouble=True)
