"""A great many results, and workers that issue their certificates and are killed."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean
from uuid import UUID, uuid4

from core.db import transaction
from core.events import ResultFinal
from core.outbox import put
from core.privacy import NewPerson, create_persons
from core.settings import Settings
from credentials.identifiers import certificate_key
from tests.credentials.facts import FIRST, ORGANISER, result
from tests.fixtures.processes import ROOT, environment_of

BATCH = 500
KILLS = ("before:1", "within:2", "after:1", "before:2", "within:1")
COMMITTED = (0, 1, 1, 1, 0)
"""Batches that each of those leaves behind."""
_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Sample:
    """After a batch of one worker: results acted on, bytes of memory held, seconds since its first."""

    done: int
    held: int
    seconds: float


async def told(count: int) -> set[UUID]:
    """So many final results in the outbox; the ids of the certificates that they lead to."""
    wanted: set[UUID] = set()
    for start in range(0, count, _AT_ONCE):
        some = range(start, min(start + _AT_ONCE, count))
        async with transaction():
            holders = await create_persons([NewPerson(f"测试人{n}") for n in some])
            facts = [result([holder], entry=str(uuid4())) for holder in holders]
            await put(*(ResultFinal(one) for one in facts))
        wanted |= {
            certificate_key(one.entry, one.persons[0], FIRST.code, ORGANISER) for one in facts
        }
    return wanted


def worked(settings: Settings, *kill_at: str) -> list[list[Sample]]:
    """What each worker said, one after the other, each ended where it is asked for."""
    ended = subprocess.run(
        [sys.executable, "-m", "tests.credentials.issuing_process", *kill_at],
        cwd=ROOT,
        env=environment_of(settings),
        stdout=subprocess.PIPE,
        check=True,
    )
    runs = [json.loads(line) for line in ended.stdout.splitlines()]
    codes = [code for _, code in runs]
    if codes != [0 if one == "never" else -9 for one in kill_at]:
        raise RuntimeError(f"workers {kill_at} ended with {codes}")
    return [[Sample(int(said[0]), int(said[1]), said[2]) for said in run] for run, _ in runs]


def thirds(samples: Sequence[Sample]) -> tuple[list[Sample], list[Sample]]:
    """The first and the last third of the work."""
    third = max(len(samples) // 3, 1)
    return list(samples[:third]), list(samples[-third:])


def memory(samples: Sequence[Sample]) -> tuple[float, float]:
    """Bytes held in the first third and in the last."""
    first, last = thirds(samples)
    return mean(one.held for one in first), mean(one.held for one in last)


def speed(samples: Sequence[Sample]) -> tuple[float, float]:
    """Results a second in the first third and in the last."""
    first, last = (
        (part[-1].done - part[0].done) / (part[-1].seconds - part[0].seconds)
        for part in thirds(samples)
    )
    return first, last
