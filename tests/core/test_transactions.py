"""Transactions keep their promises on both engines."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from core import db
from core.settings import Settings
from core.tables import Organisation

pytestmark = pytest.mark.engine


def organisation(code: str) -> Organisation:
    return Organisation(
        id=uuid4(), code=code, title="{}", kind="organiser", created_at=datetime.now(UTC)
    )


async def codes() -> list[str]:
    return sorted(await Organisation.select(Organisation.code).output(as_list=True))


async def test_what_an_action_writes_is_there_after_the_block(database: Settings) -> None:
    async with db.transaction():
        await Organisation.insert(organisation("one"))
        assert db.in_transaction()

    assert not db.in_transaction()
    assert await codes() == ["one"]


async def test_an_exception_takes_everything_back(database: Settings) -> None:
    with pytest.raises(ValueError, match="no"):
        async with db.transaction():
            await Organisation.insert(organisation("one"))
            raise ValueError("no")

    assert await codes() == []


async def test_returning_gives_the_types_of_the_columns(database: Settings) -> None:
    one = organisation("one")
    await Organisation.insert(one)

    rows = await Organisation.raw(
        "UPDATE organisation SET title = {} WHERE code = {} RETURNING id, code", "{}", "one"
    )
    updated = (
        await Organisation.update({Organisation.title: "{}"})
        .where(Organisation.code == "one")
        .returning(Organisation.id)
    )

    print(rows, updated)


async def test_a_second_transaction_inside_the_first_is_refused(database: Settings) -> None:
    with pytest.raises(db.TransactionMisused, match="already open"):
        async with db.transaction():
            await Organisation.insert(organisation("one"))
            async with db.transaction():
                await Organisation.insert(organisation("two"))

    assert await codes() == []
