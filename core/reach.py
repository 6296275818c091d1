"""How far somebody who manages accounts reaches: never above himself.

A role may be given by whoever manages accounts in a scope around it; an administrator's only by an
administrator; one that signs in an issuer's name only by who manages that issuer or the
installation. An account is within reach when each of its roles could have been given: a one-time
link, a reset or an ended session is as good as being that account.

Some duties must be a second person's (SECOND_PERSONS). Who has a duty of his own in the same place is
opposed to them: he takes no second step away and sets no password there, and a link that he makes
lets nobody in before somebody else has released it (`releasing.py`), unless a second step of the
owner's own stands behind it.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from core import enclosing
from core.errors import Conflict, Forbidden, NotFound
from core.security import INSTALLATION, SYSTEM, Actor, Role, Scope, check
from core.tables import Account, CodeApp, Grant, Passkey

SECOND_PERSONS = frozenset(
    {Role.CHIEF_REFEREE, Role.SUPERVISOR, Role.ENCRYPTION_OFFICER, Role.ARBITRATION}
)


class SecondPerson(Conflict):
    slug = "second-person"
    title = (
        "This account holds a duty of a second person beside your own duty there. Ask an administrator"
        " who has no duty there."
    )


class OwnAccount(Conflict):
    slug = "own-account"
    title = (
        "This is your own account. Change it under “My account”, or ask somebody else who manages "
        "accounts."
    )


async def check_gives(by: Actor, role: Role, scope: Scope) -> None:
    """Raises Forbidden when `by` may not give or take back this role within this scope."""
    if by is SYSTEM or by.may("installation.manage"):
        return
    around = await enclosing.scopes(scope)
    if scope.kind == "issuer":
        check(by, "issuer.manage", *around)
    check(by, "installation.manage" if role is Role.ADMINISTRATOR else "account.manage", *around)


async def check_over(by: Actor, account: UUID) -> None:
    """Raises Forbidden unless `by` could have given the account all that it has. An account without
    any role is its maker's until it gets one."""
    row = await _row(account)
    if by is SYSTEM:
        return
    if by.account == account:
        raise OwnAccount()
    if by.may("installation.manage"):
        return
    held = await Grant.select().where(Grant.account == account, Grant.revoked_at.is_null())
    if not held and (by.account is None or row["created_by"] != by.account):
        raise Forbidden(permission="account.manage")
    if not by.may_somewhere("account.manage"):
        raise Forbidden(permission="account.manage")
    for one in held:
        if one["role"] not in set(Role):  # of a newer version: nobody knows what it brings
            raise Forbidden(permission="account.manage")
        await check_gives(by, Role(one["role"]), Scope(one["scope_kind"], one["scope_id"]))


async def opposed(by: Actor, account: UUID) -> bool:
    """Whether the account's owner is there as a second person beside `by`."""
    if by is SYSTEM or by.account is None:
        return False
    return any(
        [await stands_against(by, role, scope) for role, scope in await second_duties(account)]
    )


async def stands_against(by: Actor, role: Role, scope: Scope) -> bool:
    """Whether `by` has a duty where this one is a second person's. Managing the installation is
    none."""
    if role not in SECOND_PERSONS:
        return False
    around = (*await enclosing.scopes(scope), INSTALLATION)
    return bool(by.roles_in(*around) - {Role.ADMINISTRATOR})


async def second_duties(account: UUID) -> list[tuple[Role, Scope]]:
    """The account's duties that must be a second person's."""
    rows = await Grant.select(Grant.role, Grant.scope_kind, Grant.scope_id).where(
        Grant.account == account,
        Grant.role.is_in([role.value for role in SECOND_PERSONS]),
        Grant.revoked_at.is_null(),
    )
    return [(Role(row["role"]), Scope(row["scope_kind"], row["scope_id"])) for row in rows]


async def check_not_opposed(by: Actor, account: UUID) -> None:
    """Raises SecondPerson."""
    if await opposed(by, account):
        raise SecondPerson()


async def link_is_held(maker: Actor, account: UUID) -> bool:
    """Whether a link that `maker` makes for the account waits for somebody else's release."""
    return await opposed(maker, account) and not await has_second_step(account)


async def has_second_step(account: UUID) -> bool:
    """Whether a link is only the first step, so that it lets nobody in but the owner."""
    app: bool = await CodeApp.exists().where(
        CodeApp.id == account, CodeApp.confirmed_at.is_not_null()
    )
    return app or await Passkey.exists().where(Passkey.account == account)


async def reaches(by: Actor, account: UUID) -> bool:
    try:
        await check_over(by, account)
    except (Forbidden, NotFound, OwnAccount):
        return False
    return True


async def could_give(by: Actor, role: Role, scope: Scope) -> bool:
    try:
        await check_gives(by, role, scope)
    except (Forbidden, NotFound):
        return False
    return True


async def is_last_administrator(account: UUID) -> bool:
    """Whether the installation would be without one."""
    rows = await Grant.raw(
        'SELECT DISTINCT g.account FROM "grant" g JOIN account a ON a.id = g.account '
        "WHERE g.role = {} AND g.scope_kind = {} AND g.revoked_at IS NULL AND a.disabled_at IS NULL",
        Role.ADMINISTRATOR.value,
        INSTALLATION.kind,
    )
    return [UUID(str(row["account"])) for row in rows] == [account]


async def _row(account: UUID) -> dict[str, Any]:
    row = await Account.select(Account.created_by).where(Account.id == account).first()
    if row is None:
        raise NotFound(kind="account", id=account)
    return dict(row)
