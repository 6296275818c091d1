"""A competition's certificates by the worker, killed at every kind of moment: each is there exactly
once, and the worker's memory does not grow with their number.

JIANGXIN_TEST_SCALE=1 is a hundred thousand.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from statistics import mean
from uuid import UUID, uuid4

import pytest

from core.db import transaction
from core.events import ResultFinal
from core.outbox import put, stuck, waiting
from core.privacy import NewPerson, create_persons
from core.settings import Settings
from credentials.identifiers import certificate_key
from credentials.issuance import issuance_of
from credentials.status import BLOCK
from credentials.tables import Certificate, CertificateVersion, StatusBlock
from tests.credentials.facts import CONTEST, FIRST, ORGANISER, issuers, result
from tests.fixtures.processes import ROOT, environment_of

pytestmark = pytest.mark.engine

BATCH = 500
COUNT = max(round(100_000 * float(os.environ.get("JIANGXIN_TEST_SCALE", "0.03"))), 6 * BATCH)
AT_ONCE = 2_000
KILLS = ("before:1", "within:2", "after:1", "before:2", "within:1")
GROWTH = 1.1


async def told(count: int) -> set[UUID]:
    """So many final results in the outbox; the ids of the certificates that they lead to."""
    wanted: set[UUID] = set()
    for start in range(0, count, AT_ONCE):
        some = range(start, min(start + AT_ONCE, count))
        async with transaction():
            holders = await create_persons([NewPerson(f"测试人{n}") for n in some])
            facts = [result([holder], entry=str(uuid4())) for holder in holders]
            await put(*(ResultFinal(one) for one in facts))
        wanted |= {
            certificate_key(one.entry, one.persons[0], FIRST.code, ORGANISER) for one in facts
        }
    return wanted


def worked(settings: Settings, *kill_at: str) -> list[list[tuple[int, int]]]:
    """For each worker, one after the other: (results acted on, bytes held) after each batch."""
    ended = subprocess.run(
        [sys.executable, "-m", "tests.credentials.issuing_process", *kill_at],
        cwd=ROOT,
        env=environment_of(settings),
        stdout=subprocess.PIPE,
        check=True,
    )
    runs = [json.loads(line) for line in ended.stdout.splitlines()]
    assert [code for _, code in runs] == [0 if one == "never" else -9 for one in kill_at]
    return [[(done, held) for done, held in said] for said, _ in runs]


def growth(samples: Sequence[tuple[int, int]]) -> float:
    """Memory in the last third of the work, as a multiple of that in the first."""
    third = max(len(samples) // 3, 1)
    return mean(held for _, held in samples[-third:]) / mean(held for _, held in samples[:third])


async def test_each_is_issued_exactly_once_whenever_the_worker_is_killed(
    database: Settings,
) -> None:
    await issuers()
    wanted = await told(COUNT)
    before = await issuance_of(UUID(CONTEST), ORGANISER)

    *killed, samples = worked(database, *KILLS, "never")

    after = await issuance_of(UUID(CONTEST), ORGANISER)
    committed = sum(done for run in killed for done, _ in run[-1:])
    assert [len(run) for run in killed] == [0, 1, 1, 1, 0]
    assert 0 < committed < COUNT
    assert samples[-1][0] == COUNT - committed
    assert (before.done, after.done, after.asked) == (0, after.asked, before.asked)
    assert await waiting() == {}
    assert await stuck() == []
    await _each_once(wanted)
    assert growth(samples) < GROWTH, samples


async def _each_once(wanted: set[UUID]) -> None:
    certificates = await Certificate.select(
        Certificate.id, Certificate.public_id, Certificate.current
    )
    versions = await CertificateVersion.select(
        CertificateVersion.id, CertificateVersion.certificate, CertificateVersion.position
    )
    blocks = {
        row["block"]: row["used"]
        for row in await StatusBlock.select().where(StatusBlock.issuer == ORGANISER)
    }
    assert {row["id"] for row in certificates} == wanted
    assert len({row["public_id"] for row in certificates}) == len(wanted)
    assert {row["certificate"] for row in versions} == wanted
    assert {row["id"] for row in versions} == {row["current"] for row in certificates}
    assert len(versions) == len({row["position"] for row in versions}) == len(wanted)
    assert {row["position"] // BLOCK for row in versions} == set(blocks)
    assert sum(blocks.values()) == len(wanted), "a rolled back batch gives its positions back"
