"""The official clock: what the time-keepers' stamps of one attempt add up to. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from contests.chain import moment_of

Stamp = Mapping[str, Any]


@dataclass(slots=True)
class Clock:
    """Instants as the log spells them, "" for none; compensation in whole seconds of pauses."""

    started: str = ""
    stopped: str = ""
    paused: str = ""
    compensation: int = 0


def read_clock(stamps: Iterable[Stamp]) -> Clock:
    """Stamps with an id are put in the order of their instants, because a device without a network
    sends them late; older ones stand as they were written."""
    known = list(stamps)
    if all(stamp.get("id") for stamp in known):
        known.sort(key=lambda stamp: stamp["at"])
    clock = Clock()
    for stamp in known:
        _apply(clock, stamp["stamp"], stamp["at"])
    return clock


def _apply(clock: Clock, stamp: str, at: str) -> None:
    if stamp == "start":
        clock.started, clock.stopped, clock.paused = at, "", ""
    elif stamp == "pause":
        clock.paused = at
    elif stamp == "stop":
        clock.stopped = at
    if stamp in {"resume", "stop"} and clock.paused:
        clock.compensation += seconds(clock.paused, at)
        clock.paused = ""


def seconds(start: str, end: str) -> int:
    """Whole seconds; a fraction that has begun is not counted."""
    return int((moment_of(end) - moment_of(start)).total_seconds())
