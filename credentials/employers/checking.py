"""One line of an employer's list: what the certificate's page would say, and whether the name matches.

A key must not become a way to guess names. By a number alone a name is compared TRIES times a day for
each certificate and employer, and within what everybody together may compare; a number of an assessment
body, which can be guessed, answers only together with its name. With the QR's text in hand the name is known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from core.errors import TooMany
from core.privacy import keyed_hash
from credentials import keyring, presented, queries
from credentials.comparing.matching import same_name
from credentials.comparing.tries import take
from credentials.employers.keys import VERIFY
from credentials.identifiers import NAMESPACE
from credentials.limits import Misses
from credentials.records.actions import LEVEL_NUMBER
from credentials.records.tables import HeldLevel
from credentials.tables import Certificate
from credentials.trust import Refused
from credentials.verify import Verdict, not_found

TRIES = 5
LONGEST = 20_000
misses = Misses(capacity=2_000, per_second=0.1)
"""Numbers that are not there, for each employer."""
YES, NO, NOT_GIVEN, UNREAD = "yes", "no", "not-given", "unread"
NEEDED, USED_UP, GUESSED, NO_NUMBER = "needed", "used-up", "guessed", "no-number"
_BARE = re.compile(r"[A-Z2-7]{80,}")
"""The signed content of a QR without its address."""


@dataclass(frozen=True, slots=True)
class Checked:
    """verdict: None when none could be given, and `match` says why: "needed" (a name), "guessed" (too many
    unknown numbers), "no-number". match: "yes", "no", "not-given", "used-up" (tries), "unread" (nothing to
    compare with).
    in_hand: the token or the QR's text was presented. certificate: the key of a stored one."""

    verdict: Verdict | None
    match: str
    in_hand: bool = False
    certificate: UUID | None = None


async def check(
    number: str, name: str, *, organisation: UUID, now: datetime | None = None
) -> Checked:
    """number: of the certificate, its address, the QR's text or the token."""
    at = now or datetime.now(UTC)
    text = number.strip()[:LONGEST]
    if LEVEL_NUMBER.fullmatch(text.upper().replace(" ", "")):
        return await _by_level(text.upper().replace(" ", ""), name, organisation, at)
    try:
        kind = presented.recognised(text.encode(), keyring.addresses())
    except Refused:
        kind = None
    if kind is not None and kind.kind == "id":
        return await _by_id(kind.text, name, organisation, at)
    if (
        kind is not None
        and kind.kind == "printed"
        and "#" not in text
        and not _BARE.fullmatch(text)
    ):
        return Checked(None, NO_NUMBER)
    verdict, _ = await presented.verify(text.encode(), at)
    return await _in_hand(verdict, name)


async def _in_hand(verdict: Verdict, name: str) -> Checked:
    read = verdict.read
    if read is None:
        return Checked(verdict, NOT_GIVEN if not name.strip() else UNREAD, in_hand=True)
    match = NOT_GIVEN
    if name.strip():
        match = YES if same_name(name, read.name) else NO
    return Checked(verdict, match, True, await _key_of(read.public_id, read.key.issuer))


async def _key_of(public_id: str, issuer: str) -> UUID | None:
    row = (
        await Certificate.select(Certificate.id)
        .where(Certificate.public_id == public_id, Certificate.issuer == issuer)
        .first()
    )
    return row["id"] if row else None


async def _by_id(text: str, name: str, organisation: UUID, now: datetime) -> Checked:
    if _guesses(organisation):
        return Checked(None, GUESSED)
    row = await queries.for_page(text)
    if row is None:
        misses.miss(str(organisation))
        return Checked(not_found(now), UNREAD if name.strip() else NOT_GIVEN)
    return await _compared(row, name, organisation, now)


async def _by_level(number: str, name: str, organisation: UUID, now: datetime) -> Checked:
    """Without its name it would tell which numbers there are."""
    if not name.strip():
        return Checked(None, NEEDED)
    if _guesses(organisation):
        return Checked(None, GUESSED)
    hashed = keyed_hash("level certificate number", number)
    if not await _try(uuid5(NAMESPACE, f"tried|{hashed}"), organisation, now):
        return Checked(None, USED_UP)  # alike for a number that is not there
    row = await _level_row(hashed)
    if row is not None:
        verdict = await queries.verify_stored(row, now)
        if verdict.read is not None and same_name(name, verdict.read.name):
            return Checked(verdict, YES, certificate=row["id"])
    misses.miss(str(organisation))
    return Checked(not_found(now), UNREAD)


async def _level_row(hashed: str) -> dict[str, Any] | None:
    held = (
        await HeldLevel.select(HeldLevel.certificate)
        .where(HeldLevel.number_hash == hashed, HeldLevel.number != "")
        .first()
    )
    if held is None or held["certificate"] is None:
        return None
    known = (
        await Certificate.select(Certificate.public_id)
        .where(Certificate.id == held["certificate"])
        .first()
    )
    return await queries.for_page(known["public_id"]) if known else None


async def _compared(
    row: Mapping[str, Any], name: str, organisation: UUID, now: datetime
) -> Checked:
    verdict = await queries.verify_stored(row, now)
    if not name.strip():
        return Checked(verdict, NOT_GIVEN, certificate=row["id"])
    if verdict.read is None:
        return Checked(verdict, UNREAD, certificate=row["id"])
    if not await _try(row["id"], organisation, now):
        return Checked(verdict, USED_UP, certificate=row["id"])
    match = YES if same_name(name, verdict.read.name) else NO
    return Checked(verdict, match, certificate=row["id"])


async def _try(tried: UUID, organisation: UUID, now: datetime) -> bool:
    """One of the employer's own, and one of everybody's."""
    own = await take(tried, f"{VERIFY} {organisation}", now, most=TRIES)
    return own and await take(tried, "paper", now)


def _guesses(organisation: UUID) -> bool:
    try:
        misses.check(str(organisation))
    except TooMany:
        return True
    return False
