"""The ways in. A password or a one-time link is the whole way for an account without a second step;
otherwise a code of its app, a recovery code or a passkey follows, in the same browser. A passkey
whose device has checked its owner is both steps in one.

Who is paused after wrong passwords is paused for codes too: they are counted together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from core import audit, passwords, sessions
from core.accounts import WrongLogin, normal
from core.db import transaction
from core.errors import Unauthenticated
from core.security import Actor
from core.signing_in import code_app, passkeys, recovery, steps
from core.signing_in.factors import factors_of
from core.tables import Account


class WrongCode(Unauthenticated):
    slug = "wrong-code"
    title = (
        "This code is wrong or was used before. Wait for the next one; after several tries you have "
        "to wait a little."
    )


class SecondStepNeeded(Unauthenticated):
    slug = "second-step-needed"
    title = (
        "This account takes a second step: send a code of its app, or a recovery code, as `code`."
    )


@dataclass(frozen=True, slots=True)
class Entered:
    """token: the session's."""

    token: str
    target: str


@dataclass(frozen=True, slots=True)
class Halfway:
    """token: of the step that is left, for a cookie of its own."""

    token: str


async def with_password(
    login: str, password: str, *, target: str = "/", device: str = ""
) -> Entered | Halfway:
    """Raises WrongLogin, alike in words and time for an unknown login, and TooMany after many wrong
    passwords."""
    account = await _check_password(login, password)
    return await _first_done(account, target=target, device=device)


async def with_link(token: str, *, device: str = "") -> Entered | Halfway:
    """Uses the link up. It stands for the password alone. Raises LinkUsed."""
    link = await sessions.use_link(token)
    async with transaction():
        who = Actor(link.account, "")
        await audit.record(who, "account.link_used", subject=str(link.account))
    return await _first_done(
        link.account, target=link.target, device=device, let_in_by=link.made_by
    )


async def finish_with_code(token: str, code: str, *, device: str = "") -> Entered:
    """token: of `Halfway`. Raises StepOver, WrongCode and TooMany."""
    step = await steps.look(steps.SECOND, token)
    account = _account_of(step)
    await _check_code(account, code)
    return await _second_done(token, device)


async def finish_with_passkey(
    token: str, credential: Mapping[str, Any], *, device: str = ""
) -> Entered:
    step = await steps.look(steps.SECOND, token)
    if not await passkeys.fits(_account_of(step), credential):
        raise passkeys.PasskeyRefused
    return await _second_done(token, device)


async def with_passkey(
    credential: Mapping[str, Any], *, target: str = "/", device: str = ""
) -> Entered:
    """Raises PasskeyRefused, and NotVerified for a device that has not checked its owner."""
    account = await passkeys.whose(credential)
    return await _enter(account, target=target, device=device)


async def of_program(login: str, password: str, code: str, *, device: str = "") -> str:
    """A bearer token for the API. Raises SecondStepNeeded when the account takes a code and there is
    none."""
    account = await _check_password(login, password)
    if (await factors_of(account)).any:
        if not code:
            raise SecondStepNeeded
        await _check_code(account, code)
    await passwords.note(account, right=True)
    return await sessions.create_session(account, "api", device=device)


async def _check_password(login: str, password: str) -> UUID:
    """The account. That the password was right is noted only when the log-in is complete: else it
    would start the count of wrong codes again."""
    row = (
        await Account.select(Account.id, Account.password_hash)
        .where(Account.login == normal(login), Account.disabled_at.is_null())
        .first()
    )
    account: UUID = row["id"] if row else passwords.nobody(normal(login))
    async with passwords.turn(account):
        await passwords.refuse_while_paused(account)
        if not await passwords.fits(password, row["password_hash"] if row else None):
            await passwords.note(account, right=False)
            raise WrongLogin
    return account


async def _check_code(account: UUID, code: str) -> None:
    typed = "".join(code.split())[:40]
    async with passwords.turn(account):
        await passwords.refuse_while_paused(account)
        digits = typed.isascii() and typed.isdigit()
        right = await (code_app.fits if digits else recovery.use)(account, typed)
        if not right:
            await passwords.note(account, right=False, wrong=passwords.WRONG_CODE)
            raise WrongCode


async def _first_done(
    account: UUID, *, target: str, device: str, let_in_by: UUID | None = None
) -> Entered | Halfway:
    if (await factors_of(account)).any:
        return Halfway(
            await steps.put(steps.SECOND, account=account, target=target, let_in_by=let_in_by)
        )
    return await _enter(account, target=target, device=device, let_in_by=let_in_by)


async def _second_done(token: str, device: str) -> Entered:
    step = await steps.take(steps.SECOND, token)
    return await _enter(_account_of(step), target=step.target, device=device)


async def _enter(
    account: UUID, *, target: str, device: str, let_in_by: UUID | None = None
) -> Entered:
    able = await Account.exists().where(Account.id == account, Account.disabled_at.is_null())
    if not able:
        raise WrongLogin
    if let_in_by is None:
        await passwords.note(account, right=True)
    token = await sessions.create_session(account, device=device, let_in_by=let_in_by)
    return Entered(token, sessions.local(target))


def _account_of(step: steps.Step) -> UUID:
    if step.account is None:
        raise steps.StepOver
    return step.account
