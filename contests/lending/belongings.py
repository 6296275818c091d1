"""What goes with a contest besides its package: who has a duty, which keys sign, who uses which tablet."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

from contests.chain import LogLine, instant, moment_of
from contests.lending.format import LentAccount, LentAdmission, LentDevice, LoanFile
from contests.replay import Replayed
from contests.tables import Appointment, Contest, Device, TabletJudge
from core.accounts import grant_row, revoke_grant_row
from core.scoring.codec import canonical
from core.security import Role, Scope
from core.tables import Account

DESK, TABLET = "desk", "tablet"


@dataclass(frozen=True, slots=True)
class KeysInLog:
    """What a log says of keys. Unlike loan.json, which a stick's finder could edit, it is what
    somebody compared by its last hash."""

    kinds: dict[str, str] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    admitted: set[tuple[str, str]] = field(default_factory=set)
    """(kid, account)."""


def keys_in(log: Sequence[LogLine]) -> KeysInLog:
    found = KeysInLog()
    for line in log:
        if line.kind not in {"device_enrolled", "judge_admitted"}:
            continue
        body = json.loads(line.body)
        if line.kind == "device_enrolled":
            found.kinds[body["kid"]] = body.get("kind", "")
            found.owners[body["kid"]] = body.get("account", "")
        found.admitted.add((body["kid"], body.get("account", "")))
    return found


async def accounts_of(known: Replayed) -> tuple[LentAccount, ...]:
    """Those whom an entry of the log appoints."""
    ids = sorted({UUID(one.account) for one in known.appointments.values() if one.account})
    rows = await _accounts(ids)
    return tuple(LentAccount(str(r["id"]), r["label"], r["language"]) for r in rows)


async def devices_of(contest: UUID, known: Replayed) -> tuple[LentDevice, ...]:
    """Keys of its judges' own browsers, of its tablets, and whatever has signed in its log."""
    row = await Contest.select(Contest.competition).where(Contest.id == contest).first()
    accounts = [UUID(one.account) for one in known.appointments.values() if one.account]
    of_contest = Device.contest == contest
    shared = Device.contest.is_null() & (
        Device.competition == (row["competition"] if row else None)
    )
    wanted = of_contest | shared | Device.kid.is_in(list(known.devices) or [""])
    if accounts:
        wanted |= Device.account.is_in(accounts)
    rows = await Device.select().where(wanted).order_by(Device.kid)
    return tuple(_lent(row) for row in rows)


async def admissions_of(devices: Sequence[LentDevice]) -> tuple[LentAdmission, ...]:
    """Who has signed in on these tablets."""
    kids = [one.kid for one in devices]
    rows = await Device.select(Device.id, Device.kid).where(Device.kid.is_in(kids or [""]))
    names = {row["id"]: row["kid"] for row in rows}
    found = (
        await TabletJudge.select()
        .where(TabletJudge.device.is_in(list(names) or [UUID(int=0)]))
        .order_by(TabletJudge.id)
    )
    return tuple(
        LentAdmission(
            names[row["device"]],
            str(row["account"]),
            instant(row["admitted_at"]),
            _said(row["ended_at"]),
        )
        for row in found
    )


async def bring_accounts(loan: LoanFile, at: datetime) -> None:
    """Those that are not here yet; nobody can log in as one before somebody lets him."""
    ids = [UUID(one.id) for one in loan.accounts]
    there = {row["id"] for row in await _accounts(ids)}
    new = [one for one in loan.accounts if UUID(one.id) not in there]
    for one in new:
        await Account.insert(
            Account(
                id=UUID(one.id),
                login=f"lent-{one.id}",
                label=one.label[:200],
                language=one.language[:20],
                created_at=at,
            )
        )


async def bring_appointments(
    contest: UUID, known: Replayed, at: datetime, *, roles: frozenset[str]
) -> list[str]:
    """Every duty that the log knows, and the grant for those of `roles`. Returns the seats whose duty
    began elsewhere and brings no grant here."""
    rows = await Appointment.select(Appointment.id, Appointment.ended_at).where(
        Appointment.contest == contest
    )
    there = {row["id"]: row["ended_at"] for row in rows}
    left = []
    for one in known.appointments.values():
        id_, ended = UUID(one.id), one.id in known.ended
        if id_ not in there:
            await Appointment.insert(
                Appointment(
                    id=id_,
                    contest=contest,
                    account=UUID(one.account),
                    role=one.role,
                    panel=one.panel,
                    group_code=one.group,
                    modules=canonical(list(one.modules)).decode(),
                    seat=one.seat,
                    instead_of=UUID(one.instead_of) if one.instead_of else None,
                    left_by=_left_by(known, one.id),
                    ended_at=at if ended else None,
                    created_at=at,
                )
            )
            if not ended and one.role in roles:
                scope = Scope("contest", str(contest))
                await grant_row(UUID(one.account), Role(one.role), scope)
            elif not ended:
                left.append(one.seat)
        elif ended and there[id_] is None:
            ending: dict[Any, Any] = {
                Appointment.ended_at: at,
                Appointment.left_by: _left_by(known, one.id),
            }
            await Appointment.update(ending).where(Appointment.id == id_)
            await _end_grant(contest, UUID(one.account), one.role)
        elif not ended and there[id_] is not None:
            await Appointment.update({Appointment.ended_at: None}).where(Appointment.id == id_)
    return left


def _left_by(known: Replayed, appointment: str) -> str:
    return known.left[appointment].policy if appointment in known.left else ""


async def bring_devices(loan: LoanFile, *, contest: UUID, competition: UUID, at: datetime) -> None:
    """To a venue: keys that are not here yet, as they are at home."""
    known = await _known_devices(loan)
    new = [one for one in loan.devices if one.kid not in known]
    for one in new:
        shared = one.kind == TABLET
        await Device.insert(
            _row(
                one,
                at,
                kind=one.kind,
                account=UUID(one.account) if one.account else None,
                contest=contest if shared else None,
                competition=competition if shared else None,
            )
        )


async def bring_devices_home(
    loan: LoanFile,
    *,
    contest: UUID,
    competition: UUID,
    at: datetime,
    keys: KeysInLog,
    revoked: bool = False,
) -> LoanFile:
    """From a venue: its keys sign sheets of this contest and of no other, whosever browser they were
    there, so that a stranger's laptop gets no power over other contests. A key that signed nothing in
    the log comes revoked: a leader decides about what it signed. `revoked`: of a venue that is not
    listened to any more. Returns the loan with the admissions that this takes."""
    known = await _known_devices(loan)
    admissions = [one for one in loan.admissions if (one.kid, one.account) in keys.admitted]
    for one in loan.devices:
        stored = known.get(one.kid)
        if stored is None:
            kind = DESK if keys.kinds.get(one.kid) == DESK else TABLET
            row = _row(one, at, kind=kind, account=None, contest=contest, competition=competition)
            if revoked or one.kid not in keys.kinds:
                row.revoked_at = row.revoked_at or at
            await Device.insert(row)
            owner = keys.owners.get(one.kid)
            if owner:
                admissions.append(LentAdmission(one.kid, owner, one.enrolled_at or instant(at)))
        elif one.revoked_at and stored["revoked_at"] is None:
            ended: dict[Any, Any] = {Device.revoked_at: moment_of(one.revoked_at)}
            if await _is_of(stored, contest, competition):
                await Device.update(ended).where(Device.kid == one.kid)
    return replace(loan, admissions=tuple(admissions))


async def bring_admissions(
    loan: LoanFile, *, contest: UUID, competition: UUID, reopen: bool
) -> None:
    """Who signed in on which tablet of the contest. `reopen`: a judge who had left one may be let in
    again; without it only his PIN does that."""
    rows = await Device.select().where(
        Device.kid.is_in([one.kid for one in loan.admissions] or [""]), Device.kind == TABLET
    )
    devices = {r["kid"]: r["id"] for r in rows if await _is_of(r, contest, competition)}
    ids = [UUID(one.account) for one in loan.admissions]
    accounts = {row["id"] for row in await _accounts(ids)}
    for one in loan.admissions:
        device, account = devices.get(one.kid), UUID(one.account)
        if device is None or account not in accounts:
            continue
        id_ = uuid5(device, str(account))
        ended = moment_of(one.ended_at) if one.ended_at else None
        if not await TabletJudge.exists().where(TabletJudge.id == id_):
            await TabletJudge.insert(
                TabletJudge(
                    id=id_,
                    device=device,
                    account=account,
                    admitted_at=moment_of(one.admitted_at),
                    ended_at=ended,
                )
            )
        elif reopen or ended is not None:
            await TabletJudge.update({TabletJudge.ended_at: ended}).where(TabletJudge.id == id_)


async def _end_grant(contest: UUID, account: UUID, role: str) -> None:
    if not await Appointment.exists().where(
        Appointment.contest == contest,
        Appointment.account == account,
        Appointment.role == role,
        Appointment.ended_at.is_null(),
    ):
        await revoke_grant_row(account, Role(role), Scope("contest", str(contest)))


async def _is_of(device: Mapping[str, Any], contest: UUID, competition: UUID) -> bool:
    """Whether a key that is here serves this contest; our own paper desk serves all."""
    if device["account"] is not None:
        found: bool = await Appointment.exists().where(
            Appointment.contest == contest, Appointment.account == device["account"]
        )
        return found
    if device["kind"] == DESK and device["contest"] is None:
        return False
    served = device["contest"] or contest
    return bool(served == contest and device["competition"] == competition)


def _lent(row: Mapping[str, Any]) -> LentDevice:
    return LentDevice(
        kid=row["kid"],
        jwk=json.loads(row["public_jwk"]),
        kind=row["kind"],
        label=row["label"],
        account=str(row["account"] or ""),
        last_seq=row["last_seq"],
        last_hash=row["last_hash"],
        enrolled_at=_said(row["enrolled_at"]),
        revoked_at=_said(row["revoked_at"]),
        returned_at=_said(row["returned_at"]),
    )


def _row(
    one: LentDevice,
    at: datetime,
    *,
    kind: str,
    account: UUID | None,
    contest: UUID | None,
    competition: UUID | None,
) -> Device:
    return Device(
        id=uuid4(),
        account=account,
        kind=kind,
        competition=competition,
        contest=contest,
        kid=one.kid,
        public_jwk=json.dumps(dict(one.jwk), sort_keys=True, separators=(",", ":")),
        label=one.label[:80],
        last_seq=one.last_seq,
        last_hash=one.last_hash,
        enrolled_at=moment_of(one.enrolled_at) if one.enrolled_at else at,
        revoked_at=_moment(one.revoked_at),
        returned_at=_moment(one.returned_at),
    )


async def _known_devices(loan: LoanFile) -> dict[str, dict[str, Any]]:
    kids = [one.kid for one in loan.devices]
    rows = await Device.select().where(Device.kid.is_in(kids)) if kids else []
    return {row["kid"]: row for row in rows}


async def _accounts(ids: Sequence[UUID]) -> list[dict[str, Any]]:
    if not ids:
        return []
    found: list[dict[str, Any]] = (
        await Account.select(Account.id, Account.label, Account.language)
        .where(Account.id.is_in(list(ids)))
        .order_by(Account.id)
    )
    return found


def _said(at: datetime | None) -> str:
    return instant(at) if at else ""


def _moment(text: str) -> datetime | None:
    return moment_of(text) if text else None
