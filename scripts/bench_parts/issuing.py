"""A hundred thousand certificates by the worker, killed five times on the way: whether its speed and its
memory stay what they were at the start.

PostgreSQL is measured when JIANGXIN_TEST_DATABASE_URL names a server on which databases may be made.
"""

from __future__ import annotations

from _served import installed, on_each_engine
from table import Row

from core.outbox import waiting
from core.settings import Settings
from credentials.tables import Certificate, CertificateVersion
from tests.credentials.facts import issuers
from tests.credentials.many import BATCH, KILLS, Sample, memory, speed, told, worked

COUNT = 100_000
MIB = 1 << 20


def run(scale: float = 1.0) -> list[Row]:
    count = max(round(COUNT * scale), 12 * BATCH)
    return on_each_engine(lambda engine, server: _rows(engine, server, count))


def _rows(engine: str, server: str, count: int) -> list[Row]:
    samples = installed(server, lambda settings: _issued(settings, count))
    about = f"{count:,} certificates by the worker, {engine}"
    (slow, fast), (before, after) = speed(samples), memory(samples)
    return [
        Row(
            f"speed, last third · first, {about}",
            f"{fast:,.0f} /s",
            f"{slow:,.0f} /s",
            fast / slow,
            "≥ 0.7",
        ),
        Row(
            f"memory, last third · first, {about}",
            f"{after / MIB:.0f} MiB",
            f"{before / MIB:.0f} MiB",
            after / before,
            "≤ 1.1",
        ),
    ]


async def _issued(settings: Settings, count: int) -> list[Sample]:
    await issuers()
    wanted = await told(count)
    *_, samples = worked(settings, *KILLS, "never")
    rows = await CertificateVersion.select(
        CertificateVersion.certificate, CertificateVersion.position
    )
    certificates = await Certificate.count()
    if not (
        {row["certificate"] for row in rows} == wanted
        and len({row["position"] for row in rows}) == len(rows) == certificates == count
        and not await waiting()
    ):
        raise RuntimeError(f"{certificates} certificates and {len(rows)} versions of {count}")
    return samples
