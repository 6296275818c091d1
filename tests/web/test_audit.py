"""The audit: committed with the change that it tells of, or not at all."""

from __future__ import annotations

import pytest

from core import audit
from core.db import TransactionMisused, transaction
from core.security import SYSTEM, Scope
from core.settings import Settings
from core.tables import AuditEntry

pytestmark = pytest.mark.engine
CONTEST = Scope("contest", "c1")


async def test_an_entry_says_who_what_where_and_the_values_before_and_after(
    database: Settings,
) -> None:
    async with transaction():
        await audit.record(
            SYSTEM, "close", scope=CONTEST, subject="c1", before={"b": 1, "a": 2}, after=["x"]
        )

    entry = (await audit.entries(CONTEST))[0]

    assert (entry["action"], entry["scope_kind"], entry["scope_id"]) == ("close", "contest", "c1")
    assert (entry["before"], entry["after"]) == ('{"a":2,"b":1}', '["x"]')
    assert entry["account"] is None


async def test_a_change_that_is_rolled_back_takes_its_entry_with_it(database: Settings) -> None:
    with pytest.raises(LookupError):
        async with transaction():
            await audit.record(SYSTEM, "close", scope=CONTEST)
            raise LookupError

    assert not await AuditEntry.exists()


async def test_outside_a_transaction_nothing_is_recorded(database: Settings) -> None:
    with pytest.raises(TransactionMisused):
        await audit.record(SYSTEM, "close", scope=CONTEST)


async def test_entries_come_newest_first_and_of_the_scope_that_was_asked_for(
    database: Settings,
) -> None:
    async with transaction():
        for n in range(3):
            await audit.record(SYSTEM, f"step {n}", scope=CONTEST)
        await audit.record(SYSTEM, "elsewhere", scope=Scope("contest", "c2"))

    found = await audit.entries(CONTEST, limit=2)

    assert [entry["action"] for entry in found] == ["step 2", "step 1"]
