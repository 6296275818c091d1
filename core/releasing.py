"""Releasing one-time links into a second person's account, so that no organiser lets himself in there.

Who releases vouches that the link reached its owner. That is neither who made it nor its owner, but
an administrator or somebody with a duty in the same place; and whoever made the link must not be
able to come in as the one who releases: so that one is out of his reach, or has a second step.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from core import audit, enclosing
from core.db import transaction
from core.errors import Conflict, NotFound, TwoPersons, Unauthenticated
from core.reach import (
    SECOND_PERSONS,
    has_second_step,
    link_is_held,
    reaches,
    second_duties,
)
from core.security import INSTALLATION, Actor, Role, Scope, actor_of
from core.tables import Account, Grant, LoginLink


class SecondStepFirst(Conflict):
    slug = "second-step-first"
    title = (
        "Whoever made this link could also have let himself in as you. Set up a second step under"
        " “My account”, then release it."
    )


@dataclass(frozen=True, slots=True)
class HeldLink:
    """label: whom it lets in; maker: who made it; duties: those that it is held for."""

    id: UUID
    label: str
    maker: str
    made_at: datetime | None
    duties: Sequence[tuple[Role, Scope]]


async def held_links(by: Actor) -> list[HeldLink]:
    """Those that `by` may be the second person for, the oldest first."""
    holders = await Grant.select(Grant.account).where(
        Grant.role.is_in([role.value for role in SECOND_PERSONS]), Grant.revoked_at.is_null()
    )
    accounts = {row["account"] for row in holders}
    rows = await _open_links(LoginLink.account.is_in(list(accounts))) if accounts else []
    return [
        HeldLink(
            row["id"],
            await _label(row["account"]),
            await _label(row["made_by"]),
            row["made_at"],
            await second_duties(row["account"]),
        )
        for row in rows
        if await _stands_by(by, row) and await _held(row)
    ]


async def release_link(by: Actor, link: UUID) -> str:
    """From now on it lets its owner in; whom it is for. Raises NotFound for one that `by` is no
    second person for, TwoPersons for one's own, and SecondStepFirst."""
    rows = await _open_links(LoginLink.id == link)
    if not rows or not await _held(rows[0]) or not await _near(by, rows[0]):
        raise NotFound(kind="link", id=link)
    row = rows[0]
    if not await _stands_by(by, row):
        raise TwoPersons(permission="account.manage")
    maker = await actor_of(row["made_by"])
    if by.account and await reaches(maker, by.account) and not await has_second_step(by.account):
        raise SecondStepFirst()
    async with transaction():
        await LoginLink.update(
            {LoginLink.released_by: by.account, LoginLink.released_at: datetime.now(UTC)}
        ).where(LoginLink.id == link, LoginLink.released_by.is_null())
        await audit.record(
            by, "account.link_released", subject=str(row["account"]), before=str(row["made_by"])
        )
    return await _label(row["account"])


async def _open_links(where: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (
        await LoginLink.select(
            LoginLink.id, LoginLink.account, LoginLink.made_by, LoginLink.made_at
        )
        .where(
            where,
            LoginLink.used_at.is_null(),
            LoginLink.released_by.is_null(),
            LoginLink.made_by.is_not_null(),
            LoginLink.expires_at > datetime.now(UTC),
        )
        .order_by(LoginLink.made_at)
    )
    return found


async def _held(row: Mapping[str, Any]) -> bool:
    try:
        return await link_is_held(await actor_of(row["made_by"]), row["account"])
    except Unauthenticated:  # its maker's account is shut: it lets nobody in anyway
        return False


async def _stands_by(by: Actor, row: Mapping[str, Any]) -> bool:
    return by.account not in (None, row["made_by"], row["account"]) and await _near(by, row)


async def _near(by: Actor, row: Mapping[str, Any]) -> bool:
    """Whether `by` is an administrator, or has a duty where the account has its own."""
    if by.may("installation.manage"):
        return True
    for _, scope in await second_duties(row["account"]):
        if by.roles_in(*await enclosing.scopes(scope), INSTALLATION):
            return True
    return False


async def _label(account: UUID) -> str:
    row = await Account.select(Account.label, Account.login).where(Account.id == account).first()
    return str(row["label"] or row["login"]) if row else ""
