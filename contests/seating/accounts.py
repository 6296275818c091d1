"""Accounts of judges: made for one of the pool when one is needed, without a password and without any
role; and what they are called."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID, uuid4

from contests.seating.sealing import open_facts
from contests.seating.tables import PoolJudge
from core.accounts import create_account_row
from core.errors import NotFound
from core.tables import Account


async def account_of(person: UUID) -> UUID:
    """The account of a judge of the pool, made if missing; an account's own id is taken as it is.
    Inside a transaction. Raises NotFound."""
    row = (
        await PoolJudge.select()
        .where(PoolJudge.id == person, PoolJudge.removed_at.is_null())
        .first()
    )
    if row is None:
        if await Account.exists().where(Account.id == person, Account.disabled_at.is_null()):
            return person
        raise NotFound(kind="judge", id=person)
    if row["account"] is not None:
        known: UUID = row["account"]
        return known
    name = open_facts(row)["name"]
    account = await create_account_row(login=f"judge-{uuid4().hex[:10]}", label=name)
    await PoolJudge.update({PoolJudge.account: account}).where(PoolJudge.id == person)
    return account


async def labels_of(accounts: Sequence[UUID]) -> dict[UUID, str]:
    """What colleagues see; the login where nothing is given."""
    ids = list(set(accounts))
    rows = (
        await Account.select(Account.id, Account.label, Account.login).where(Account.id.is_in(ids))
        if ids
        else []
    )
    return {row["id"]: row["label"] or row["login"] for row in rows}
