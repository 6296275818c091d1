"""A competition's certificates by the worker, killed at every kind of moment: each is there exactly
once, and the worker's memory does not grow with their number.

JIANGXIN_TEST_SCALE=1 is a hundred thousand.
"""

from __future__ import annotations

import os
from uuid import UUID

import pytest

from core.outbox import stuck, waiting
from core.settings import Settings
from credentials.issuance import issuance_of
from credentials.status import BLOCK
from credentials.tables import Certificate, CertificateVersion, StatusBlock
from tests.credentials.facts import CONTEST, ORGANISER, issuers
from tests.credentials.many import BATCH, COMMITTED, KILLS, memory, told, worked

pytestmark = [pytest.mark.engine, pytest.mark.long]

COUNT = max(round(100_000 * float(os.environ.get("JIANGXIN_TEST_SCALE", "0.03"))), 6 * BATCH)
GROWTH = 1.1


async def test_each_is_issued_exactly_once_whenever_the_worker_is_killed(
    database: Settings,
) -> None:
    await issuers()
    wanted = await told(COUNT)
    before = await issuance_of(UUID(CONTEST), ORGANISER)

    *killed, samples = worked(database, *KILLS, "never")

    after = await issuance_of(UUID(CONTEST), ORGANISER)
    assert tuple(len(run) for run in killed) == COMMITTED
    # PostgreSQL may hold a dead worker's rows for a moment, which makes the next batch smaller.
    assert COUNT - BATCH * sum(COMMITTED) <= samples[-1].done < COUNT
    assert (before.done, after.done, after.asked) == (0, after.asked, before.asked)
    assert (before.certificates, after.certificates) == (0, COUNT)
    assert await waiting() == {}
    assert await stuck() == []
    await _each_once(wanted)
    first, last = memory(samples)
    assert last < first * GROWTH, samples


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
