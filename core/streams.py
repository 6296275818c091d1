"""Answers that stay open (server-sent events): they end by themselves when the process is asked to end,
so that nobody waits for them.

    while not streams.ending():
        …at most a second…
"""

from __future__ import annotations

_ending = False


def ending() -> bool:
    return _ending


def begin() -> None:
    """A web server starts in this process."""
    global _ending
    _ending = False


def end() -> None:
    """It was asked to end; open answers finish now."""
    global _ending
    _ending = True
