"""Many certificates at once: suspended for now, or withdrawn for good.

Suspending lasts until it is lifted, by one button for all of them. Withdrawing is for ever, so it
takes effect GRACE later: until then the certificates are held (they don't count, on every page and
in the list that has a word for it) and the whole withdrawal can be taken back. Then the outbox
carries it out by itself, and both lists say revoked.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from core import audit
from core.db import transaction
from core.errors import Invalid, NotFound
from core.events import CertificateRevoked, WithdrawalDue
from core.outbox import put
from core.scoring.model import Finding
from core.security import Actor, check
from core.tables import Organisation
from core.undo import TooLateToUndo, UndoKind, remember
from core.undo import register as register_undo
from credentials import ledger
from credentials.encoding import to_text
from credentials.identifiers import understood
from credentials.lifecycle import past
from credentials.scopes import issuer_scopes
from credentials.status import Status
from credentials.tables import Certificate, Withdrawal

SUSPENDED = "Certificates suspended: {count}."
WITHDRAWN = "Certificates held, to be withdrawn for good: {count}."
KIND = "certificates.suspended"
FOR_GOOD = "certificates.withdrawn"
GRACE = timedelta(hours=24)
"""Long enough for somebody to look at it the next morning."""
_CHUNK = 500


async def suspend_certificates(
    by: Actor, issuer: str, ids: Sequence[str], *, reason: str
) -> tuple[int, UUID]:
    """Public ids of one issuer's certificates; those that are issued are suspended, the others stay
    as they are. How many, and what takes it back. All or none."""
    scopes = await issuer_scopes(issuer)
    check(by, "certificate.revoke", *scopes)
    wanted = _wanted(ids, reason)
    async with transaction():
        known = await _known(issuer, wanted)
        moved = await _turn([row["id"] for row in known], "issued", "suspended", reason)
        undo = await remember(
            by,
            KIND,
            scopes[0],
            {"certificates": [str(one) for one in moved], "reason": reason},
            title=SUSPENDED,
            count=len(moved),
        )
        after = {"count": len(moved), "reason": reason}
        await audit.record(by, KIND, scope=scopes[0], after=after)
    return len(moved), undo


async def withdraw_certificates(
    by: Actor,
    issuer: str,
    ids: Sequence[str],
    *,
    reason: str,
    authority: str = "",
    now: datetime | None = None,
) -> tuple[int, UUID]:
    """Holds them now and withdraws them for ever GRACE later, unless it is taken back. `authority`:
    code of the organisation that decided; default the issuer. How many, and what takes it back.
    Those that are withdrawn already stay as they are. All or none."""
    scopes = await issuer_scopes(issuer)
    check(by, "certificate.revoke", *scopes)
    wanted, authority = _wanted(ids, reason), authority or issuer
    asked_at = now or datetime.now(UTC)
    due, withdrawal = asked_at + GRACE, uuid4()
    async with transaction():
        await _known_authority(authority)
        held = [row for row in await _known(issuer, wanted) if row["state"] != "revoked"]
        if not held:
            raise Invalid([Finding("/chosen", "credentials.all-withdrawn", {})])
        await _hold(held, reason)
        await Withdrawal.insert(
            Withdrawal(
                id=withdrawal,
                issuer=issuer,
                account=by.account,
                reason=reason,
                authority=authority,
                held=to_text([[str(row["id"]), row["state"], row["reason"]] for row in held]),
                asked_at=asked_at,
                due_at=due,
            )
        )
        undo = await remember(
            by,
            FOR_GOOD,
            scopes[0],
            {"withdrawal": str(withdrawal)},
            title=WITHDRAWN,
            until=due,
            count=len(held),
        )
        await put(WithdrawalDue(str(withdrawal)), at=due)
        after = {
            "count": len(held),
            "reason": reason,
            "authority": authority,
            "at": due.isoformat(),
        }
        await audit.record(by, "certificates.held", scope=scopes[0], after=after)
    return len(held), undo


@dataclass(frozen=True, slots=True)
class Pending:
    """A withdrawal that can still be taken back, by the undo of the same id in its params."""

    id: UUID
    count: int
    reason: str
    due_at: datetime


async def pending_of(issuer: str) -> list[Pending]:
    rows = (
        await Withdrawal.select()
        .where(
            Withdrawal.issuer == issuer,
            Withdrawal.taken_back_at.is_null(),
            Withdrawal.done_at.is_null(),
        )
        .order_by(Withdrawal.due_at)
    )
    return [
        Pending(row["id"], len(json.loads(row["held"])), row["reason"], row["due_at"])
        for row in rows
    ]


# --- when the time is over ---------------------------------------------------------------------


async def withdraw_due(events: Sequence[WithdrawalDue]) -> None:
    """Inside the delivery's transaction. What was let count again, or suspended anew for another
    reason meanwhile, is no longer held and stays so."""
    for event in events:
        row = await _settled(UUID(event.withdrawal), Withdrawal.done_at)
        if row is not None:
            await _carry_out(row)


async def _carry_out(row: Mapping[str, Any]) -> None:
    now, reason = datetime.now(UTC), row["reason"]
    held = await _still_held(row)
    for one in held:
        await ledger.revoke(
            one, cause="authority", reason=reason, authority=row["authority"], now=now
        )
    await put(*(CertificateRevoked(str(one["id"]), reason) for one in held))
    scopes = await issuer_scopes(row["issuer"])
    after = {"count": len(held), "reason": reason, "authority": row["authority"]}
    await audit.record(Actor(row["account"], ""), FOR_GOOD, scope=scopes[0], after=after)


async def _give_back(by: Actor, params: Mapping[str, Any]) -> None:
    """Each as it was before: in force, or suspended for the reason that it had then."""
    row = await _settled(UUID(params["withdrawal"]), Withdrawal.taken_back_at)
    if row is None:
        raise TooLateToUndo()
    before = {UUID(id_): (state, reason) for id_, state, reason in json.loads(row["held"])}
    held = [one["id"] for one in await _still_held(row)]
    for state, reason in {before[id_] for id_ in held}:
        same = [id_ for id_ in held if before[id_] == (state, reason)]
        await _turn(same, "suspended", state, reason)
    scopes = await issuer_scopes(row["issuer"])
    after = {"count": len(held)}
    await audit.record(by, "certificates.given_back", scope=scopes[0], after=after)


async def _settled(withdrawal: UUID, column: Any) -> dict[str, Any] | None:
    """The row, once: whoever comes second, the clock or the reader, gets None."""
    rows = (
        await Withdrawal.update({column: datetime.now(UTC)})
        .where(
            Withdrawal.id == withdrawal,
            Withdrawal.done_at.is_null(),
            Withdrawal.taken_back_at.is_null(),
        )
        .returning(*Withdrawal.all_columns())
    )
    return dict(rows[0]) if rows else None


async def _still_held(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    ids = [UUID(id_) for id_, _, _ in json.loads(row["held"])]
    found: list[dict[str, Any]] = []
    for start in range(0, len(ids), _CHUNK):
        found += await Certificate.select(Certificate.id).where(
            Certificate.id.is_in(ids[start : start + _CHUNK]),
            Certificate.state == "suspended",
            Certificate.reason == row["reason"],
        )
    return found


# --- turning -----------------------------------------------------------------------------------


def _wanted(ids: Sequence[str], reason: str) -> list[str]:
    if not reason.strip():
        raise Invalid([Finding("/reason", "credentials.reason-missing")])
    wanted = sorted({understood(one) for one in ids})
    if not wanted:
        raise Invalid([Finding("/chosen", "credentials.none-chosen")])
    return wanted


async def _known(issuer: str, wanted: Sequence[str]) -> list[dict[str, Any]]:
    known: list[dict[str, Any]] = await Certificate.select(
        Certificate.id, Certificate.state, Certificate.reason
    ).where(Certificate.issuer == issuer, Certificate.public_id.is_in(list(wanted)))
    if len(known) != len(wanted):
        raise NotFound(kind="certificate", id=issuer)
    return known


async def _known_authority(code: str) -> None:
    if not await Organisation.exists().where(Organisation.code == code):
        raise Invalid([Finding("/authority", "credentials.unknown-authority", {"code": code[:64]})])


async def _hold(rows: Sequence[Mapping[str, Any]], reason: str) -> None:
    for state in ("issued", "suspended"):
        same = [row["id"] for row in rows if row["state"] == state]
        if len(await _turn(same, state, "suspended", reason)) != len(same):
            raise Invalid([Finding("/chosen", "credentials.changed-meanwhile", {})])


async def _lift(by: Actor, params: Mapping[str, Any]) -> None:
    """What was withdrawn for ever meanwhile, or suspended anew for another reason, stays so."""
    ids = [UUID(one) for one in params["certificates"]]
    rows = (
        await Certificate.select(Certificate.id, Certificate.issuer).where(
            Certificate.id.is_in(ids),
            Certificate.state == "suspended",
            Certificate.reason == params["reason"],
        )
        if ids
        else []
    )
    moved = await _turn([row["id"] for row in rows], "suspended", "issued", "")
    if rows:
        scopes = await issuer_scopes(rows[0]["issuer"])
        after = {"count": len(moved)}
        await audit.record(by, "certificates.lifted", scope=scopes[0], after=after)


async def _turn(ids: Sequence[UUID], needed: str, to: str, reason: str) -> list[UUID]:
    """Those that were in the state that is needed. Inside the caller's transaction."""
    if not ids:
        return []
    places = ", ".join("{}" for _ in ids)
    moved = await Certificate.raw(
        "UPDATE certificate SET state = {}, reason = {}, changed_at = {}, cause = ''"  # noqa: S608 - no value
        f" WHERE state = {{}} AND id IN ({places}) RETURNING id",
        to,
        reason,
        now := datetime.now(UTC),
        needed,
        *ids,
    )
    found = [row["id"] for row in moved]
    if found:
        versions = await ledger.current_versions(found)
        status = Status.SUSPENDED if to == "suspended" else Status.VALID
        await ledger.set_status(list(versions.values()), status)
        kind = "suspended" if to == "suspended" else "lifted"
        await past.note(found, kind, now=now, reason=reason)
    return found


register_undo(UndoKind(KIND, "certificate.revoke", _lift))
register_undo(UndoKind(FOR_GOOD, "certificate.revoke", _give_back))
