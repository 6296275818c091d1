"""What the control room shows of a contest's tablets and of the people who judge with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from contests.chain import instant
from contests.judging.control.grid import Started
from contests.judging.control.schemas import Gap, Message, Seated, TabletOut
from contests.judging.tablets.listing import ListedDevice, devices_of
from contests.judging.tablets.pins import shut_somewhere
from contests.judging.tablets.serving import SIGNS_IN
from contests.judging.tablets.talking import messages_of
from contests.tables import Appointment, Device, JudgePin
from core.security import Role
from core.tables import Account

MESSAGES_SHOWN = 5


async def seated(contest: UUID) -> list[Seated]:
    """Everybody who may sign in on a tablet, in the order of seats; an account once for each seat."""
    rows = (
        await Appointment.select(Appointment.account, Appointment.seat, Appointment.role)
        .where(
            Appointment.contest == contest,
            Appointment.ended_at.is_null(),
            Appointment.role.is_in(list(SIGNS_IN)),
        )
        .order_by(Appointment.created_at, Appointment.seat)
    )
    accounts = list({row["account"] for row in rows})
    if not accounts:
        return []
    labels = {
        row["id"]: row["label"] or row["login"]
        for row in await Account.select(Account.id, Account.label, Account.login).where(
            Account.id.is_in(accounts)
        )
    }
    pins = {
        row["id"]: row
        for row in await JudgePin.select(JudgePin.id, JudgePin.first).where(
            JudgePin.id.is_in(accounts)
        )
    }
    shut = await shut_somewhere(accounts)
    return [
        Seated(
            str(row["account"]),
            row["seat"],
            labels.get(row["account"], ""),
            row["role"],
            _pin(pins.get(row["account"]), shut),
        )
        for row in rows
    ]


def _pin(row: Mapping[str, Any] | None, shut: set[UUID]) -> Any:
    if row is None:
        return "none"
    if row["id"] in shut:
        return "locked"
    return "first" if row["first"] else "set"


async def tablets(contest: UUID, people: Sequence[Seated], *, app: str) -> list[TabletOut]:
    """Shared tablets of the contest, and the own browsers of its judges."""
    devices = await devices_of(contest)
    owners = await _owners([one.kid for one in devices if one.kind == "personal"])
    messages: dict[str, list[Message]] = {}
    for one in await messages_of(contest):
        messages.setdefault(one.kid, []).append(
            Message(
                str(one.id),
                one.text,
                instant(one.sent_at),
                one.from_tablet,
                one.read_at is not None,
            )
        )
    return [
        _tablet(device, _seats_on(device, owners, people), messages.get(device.kid, ()), app)
        for device in devices
    ]


async def started(contest: UUID) -> Started:
    """A tablet tells of those alone who sign on it."""
    devices = [one for one in await devices_of(contest) if not (one.revoked or one.returned)]
    owners = await _owners([one.kid for one in devices if one.kind == "personal"])
    sheets: dict[str, frozenset[str]] = {}
    for one in devices:
        begun = frozenset(one.facts.get("started") or ())
        own = [owners[one.kid]] if one.kid in owners else [str(s.account) for s in one.signed_in]
        for account in own if begun else ():
            sheets[account] = sheets.get(account, frozenset()) | begun
    return Started(str(contest), sheets)


async def _owners(kids: Sequence[str]) -> dict[str, str]:
    """Whose a judge's own browser is."""
    if not kids:
        return {}
    rows = await Device.select(Device.kid, Device.account).where(Device.kid.is_in(list(kids)))
    return {row["kid"]: str(row["account"]) for row in rows}


def _seats_on(
    device: ListedDevice, owners: Mapping[str, str], people: Sequence[Seated]
) -> dict[str, str]:
    """Account -> seat of everybody who signs with this device."""
    if device.kid in owners:
        own = [one for one in people if one.account == owners[device.kid]]
        return {one.account: _short(one.role, one.seat, one.label) for one in own}
    return {str(one.account): _short(one.role, one.seat, one.label) for one in device.signed_in}


def _short(role: str, seat: str, label: str) -> str:
    """J2, or the name of somebody who has no seat."""
    return seat if role == Role.JUDGE.value and seat else label


def _tablet(
    device: ListedDevice, seats: Mapping[str, str], messages: Sequence[Message], app: str
) -> TabletOut:
    facts, told = device.facts, str(device.facts.get("app") or "")
    return TabletOut(
        kid=device.kid,
        label=device.label,
        kind=device.kind,  # type: ignore[arg-type]
        state="returned" if device.returned else "revoked" if device.revoked else "active",
        now=seats.get(str(facts.get("judge") or ""), ""),
        judges=list(dict.fromkeys(seats.values())),
        seen=instant(device.last_seen_at) if device.last_seen_at else "",
        battery=facts.get("battery"),
        charging=bool(facts.get("charging")),
        waiting=facts.get("waiting"),
        app=told,
        outdated=bool(told) and told != app,
        fit=facts.get("fit"),
        unfit=list(facts.get("unfit") or ()),
        installed=facts.get("installed"),
        persisted=facts.get("persisted"),
        free_mb=facts.get("free_mb"),
        gaps=list(device.gaps),
        messages=list(messages[:MESSAGES_SHOWN]),
    )


def gaps_in(tablets: Sequence[TabletOut]) -> list[Gap]:
    return [Gap(one.kid, one.label, one.gaps) for one in tablets if one.gaps]
