"""A server killed in the middle of issuing: afterwards every certificate is there, once."""

from __future__ import annotations

import asyncio
import time

from core.db import transaction
from core.events import ResultFinal
from core.outbox import put, stuck
from core.settings import Settings
from credentials.queries import certificates_of
from credentials.tables import Certificate, CertificateVersion
from tests.credentials.facts import CONTEST, issuers, person, result
from tests.fixtures.processes import Server

RESULTS = 1_500
SECONDS = 120


async def issued_at_least(count: int) -> int:
    until = time.monotonic() + SECONDS
    while (found := await Certificate.count()) < count and time.monotonic() < until:
        await asyncio.sleep(0.02)
    return int(found)


async def test_every_certificate_is_issued_once(database: Settings, server: Server) -> None:
    await issuers()
    holders = [await person(f"人{n}") for n in range(10)]
    async with transaction():
        await put(*(ResultFinal(result([holders[n % 10]])) for n in range(RESULTS)))

    at_the_kill = await issued_at_least(1)
    server.kill()
    server.start()
    after = await issued_at_least(RESULTS)

    assert 0 < at_the_kill <= RESULTS
    assert after == RESULTS
    versions = await CertificateVersion.select(
        CertificateVersion.certificate, CertificateVersion.position
    )
    assert len(versions) == RESULTS
    assert len({row["certificate"] for row in versions}) == RESULTS
    assert len({row["position"] for row in versions}) == RESULTS
    assert len(await certificates_of(CONTEST)) == RESULTS
    assert await stuck() == []
