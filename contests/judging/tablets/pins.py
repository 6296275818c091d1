"""Judges' PINs for shared tablets: six digits, Argon2. After five wrong tries in a row a tablet takes that
judge's PIN only after a pause, a longer one each time; other tablets are not touched by it, so that whoever
holds one can shut nobody out elsewhere.

Every try is counted, and its pause begun, before it is looked at, so that many at once are no more than five.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from uuid import UUID, uuid5

from contests.judging.tablets.errors import PinLocked, PinMustChange, PinNotSet, PinWrong
from contests.statements import run
from contests.tables import JudgePin, PinTry
from core import audit, passwords
from core.db import transaction
from core.errors import Invalid
from core.scoring.model import Finding
from core.security import SYSTEM, Actor

TRIES = 5
DIGITS = 6
_FORM = re.compile(rf"[0-9]{{{DIGITS}}}", re.ASCII)
PAUSES = (60, 120, 300, 900, 3600)
"""Seconds after the fifth wrong try, the sixth, …; the last one from then on."""
_SHUT = " ".join(f"WHEN {TRIES - 1 + n} THEN {pause}" for n, pause in enumerate(PAUSES))
_TRY = (
    "INSERT INTO pin_try (id, account, failures, shut_until) VALUES ({}, {}, 1, 0) "
    "ON CONFLICT (id) DO UPDATE SET failures = pin_try.failures + 1, "
    "shut_until = CASE WHEN pin_try.failures < MOST THEN 0 ELSE CAST({} AS BIGINT) + "
    "CASE pin_try.failures PAUSES ELSE LAST END END "
    "WHERE pin_try.shut_until <= {} RETURNING failures"
)
for _name, _value in (("MOST", TRIES - 1), ("PAUSES", _SHUT), ("LAST", PAUSES[-1])):
    _TRY = _TRY.replace(_name, str(_value))
_SET = (
    "INSERT INTO judge_pin (id, pin_hash, first, failures, set_at, set_by) "
    "VALUES ({}, {}, {}, 0, {}, {}) "
    "ON CONFLICT (id) DO UPDATE SET pin_hash = excluded.pin_hash, first = excluded.first, "
    "failures = 0, set_at = excluded.set_at, set_by = excluded.set_by"
)


@dataclass(frozen=True, slots=True)
class Checked:
    """The right PIN was typed; `first`: somebody else has handed it out."""

    first: bool


async def check_pin(account: UUID, pin: str, *, kid: str = "") -> Checked:
    """Raises PinWrong with the tries that are left on this tablet, PinLocked with the pause that is left,
    or PinNotSet. `kid`: the tablet that asks, which the audit names."""
    row = await JudgePin.select().where(JudgePin.id == account).first()
    if row is None:
        raise PinNotSet
    failures = await _counted(account, kid)
    if not await passwords.fits(pin, row["pin_hash"]):
        await _note_wrong(account, failures, kid)
        raise PinWrong(left=max(0, TRIES - failures))
    await PinTry.delete().where(PinTry.id == _place(account, kid))
    await JudgePin.update({JudgePin.failures: 0}).where(JudgePin.id == account)
    return Checked(bool(row["first"]))


async def shut_out(accounts: Sequence[UUID], kid: str) -> set[UUID]:
    """Those whose PIN this tablet does not take for a while."""
    rows = await PinTry.select(PinTry.account).where(
        PinTry.id.is_in([_place(account, kid) for account in accounts]),
        PinTry.shut_until > int(time.time()),
    )
    return {row["account"] for row in rows}


async def shut_somewhere(accounts: Sequence[UUID]) -> set[UUID]:
    """Those whose PIN some tablet does not take for a while."""
    rows = await PinTry.select(PinTry.account).where(
        PinTry.account.is_in(list(accounts)), PinTry.shut_until > int(time.time())
    )
    return {row["account"] for row in rows}


async def _counted(account: UUID, kid: str) -> int:
    """How many wrong tries it would be, were it one. Raises PinLocked."""
    place, now = _place(account, kid), int(time.time())
    tried = await run(_TRY, place, account, now, now)
    if tried:
        return int(tried[0]["failures"])
    row = await PinTry.select(PinTry.shut_until).where(PinTry.id == place).first()
    left = row["shut_until"] - now if row else PAUSES[0]
    raise PinLocked(minutes=max(1, -(-left // 60)))


def _place(account: UUID, kid: str) -> UUID:
    return uuid5(account, f"tries on {kid}")


async def check_own_pin(account: UUID, pin: str, *, kid: str = "") -> None:
    """The same, and it must be one that the judge has chosen. Raises PinMustChange too."""
    if (await check_pin(account, pin, kid=kid)).first:
        raise PinMustChange


async def hashed_own(pin: str, *, old: str) -> str:
    """The hash of a PIN that a judge chooses. Raises Invalid for one that anybody would guess."""
    findings = findings_of(pin)
    if not findings and pin == old:
        findings = [Finding("/new_pin", "pin-same", {})]
    if findings:
        raise Invalid(findings)
    return await passwords.hashed(pin)


async def set_pin_row(
    account: UUID, pin_hash: str, *, first: bool, by: Actor, now: datetime
) -> None:
    """Inside the caller's transaction. No tablet is shut for the judge any more."""
    await run(_SET, account, pin_hash, first, now, by.account)
    await PinTry.delete().where(PinTry.account == account)
    action = "pin.handed_out" if first else "pin.chosen"
    await audit.record(by, action, subject=str(account))


def new_pin() -> str:
    """A random one that passes the rules."""
    while True:
        pin = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        if not findings_of(pin):
            return pin


def findings_of(pin: str, pointer: str = "/new_pin") -> list[Finding]:
    if not _FORM.fullmatch(pin):
        return [Finding(pointer, "pin-malformed", {"digits": str(DIGITS)})]
    return [Finding(pointer, "pin-too-simple", {})] if _is_simple(pin) else []


def _is_simple(pin: str) -> bool:
    """All alike, two digits only, counting up or down, or a piece said again."""
    return len(set(pin)) < 3 or _counts(pin) or any(_repeats(pin, size) for size in (1, 2, 3))


def _counts(pin: str) -> bool:
    return len({(int(b) - int(a)) % 10 for a, b in pairwise(pin)}) == 1


def _repeats(pin: str, size: int) -> bool:
    return pin == pin[:size] * (len(pin) // size)


async def _note_wrong(account: UUID, failures: int, kid: str) -> None:
    async with transaction():
        await JudgePin.update({JudgePin.failures: JudgePin.failures + 1}).where(
            JudgePin.id == account
        )
        action = "pin.locked" if failures >= TRIES else "pin.wrong"
        after = {"failures": failures, "tablet": kid}
        await audit.record(SYSTEM, action, subject=str(account), after=after)
