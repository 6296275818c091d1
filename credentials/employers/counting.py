"""How many certificates an employer had checked. Nothing of which ones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from core.db import transaction
from credentials.employers.tables import EmployerChecks
from credentials.verify import CHINA

KEPT_DAYS = 400
_ADD = (
    "INSERT INTO employer_checks (id, organisation, day, checks) VALUES ({}, {}, {}, {})"
    " ON CONFLICT (id) DO UPDATE SET checks = employer_checks.checks + {}"
)


async def count(organisation: UUID, checks: int, *, now: datetime | None = None) -> None:
    today = (now or datetime.now(UTC)).astimezone(CHINA).date()
    day = today.isoformat()
    async with transaction():
        await EmployerChecks.raw(
            _ADD, uuid5(organisation, f"checks|{day}"), organisation, day, checks, checks
        )
        await EmployerChecks.delete().where(
            EmployerChecks.organisation == organisation,
            EmployerChecks.day < (today - timedelta(days=KEPT_DAYS)).isoformat(),
        )


async def checked(organisation: UUID, *, days: int, now: datetime | None = None) -> int:
    """In the last so many days, today with them."""
    today = (now or datetime.now(UTC)).astimezone(CHINA).date()
    since = (today - timedelta(days=days - 1)).isoformat()
    rows = await EmployerChecks.select(EmployerChecks.checks).where(
        EmployerChecks.organisation == organisation, EmployerChecks.day >= since
    )
    return sum(row["checks"] for row in rows)
