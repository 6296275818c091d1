"""Shared tablets with software keys, straight into the tables, and what stands in a contest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

from contests.chain import verify_chain
from contests.judging.signing import SoftwareDevice, read_public_key
from contests.log import read
from contests.packages.signatures import check_signatures
from contests.replay import replay
from contests.sheets import Countersign, slot_id
from contests.tables import Device, Revision, SheetRow, TabletJudge
from core.scoring.codec import canonical, to_json
from tests.factories_contests import START, Seat, SmallContest

MARKS = {"look": "18", "taste": "30.5", "care": "2"}


async def tablet(*accounts: UUID, kind: str = "tablet") -> SoftwareDevice:
    """An enrolled tablet on which these accounts have signed in."""
    device = SoftwareDevice()
    kid, text = read_public_key(device.public_jwk)
    id_ = uuid4()
    await Device.insert(
        Device(id=id_, kind=kind, kid=kid, public_jwk=text, label="Tablet", enrolled_at=START)
    )
    for account in accounts:
        await admit(device, account)
    return device


async def admit(device: SoftwareDevice, account: UUID, *, ended_at: datetime | None = None) -> None:
    row = await Device.select(Device.id).where(Device.kid == device.kid).first()
    assert row is not None
    await TabletJudge.insert(
        TabletJudge(
            id=uuid5(row["id"], str(account)),
            device=row["id"],
            account=account,
            admitted_at=START,
            ended_at=ended_at,
        )
    )


async def appointment_of(small: SmallContest, name: str) -> str:
    """Of the chief, the leader … in this contest."""
    account = str(small.accounts[name])
    known = (await small.replayed()).appointments.values()
    return next(facts.id for facts in known if facts.account == account)


async def countersign(small: SmallContest, name: str = "leader") -> Countersign:
    return Countersign(await appointment_of(small, name), "read again")


def slot_of(small: SmallContest, seat: Seat, code: str, round_: int = 1) -> UUID:
    return slot_id(str(small.contest), "dish", code, 1, round_, seat.appointment)


async def projection(small: SmallContest) -> dict[str, tuple[Any, ...]]:
    """Slot -> state, head, marks; the log says the same, or this fails. What stands undecided has no
    head, because which of the two came first is chance."""
    known = await small.replayed()
    told = {
        stored.slot: (
            "conflict"
            if stored.slot in known.conflicts
            else "accepted"
            if stored.countable
            else "not_countable",
            tuple(sorted(known.conflicts.get(stored.slot, (stored.rid,)))),
        )
        for stored in known.sheets
    }
    rows = await SheetRow.select().where(SheetRow.contest == small.contest)
    marks = {s.slot: {a: to_json(m) for a, m in s.sheet.marks.items()} for s in known.sheets}
    for row in rows:
        state, rids = told[str(row["id"])]
        assert row["state"] == state
        assert row["revision"] in rids
        if state != "conflict":
            assert SheetRow(**row).marks == _text(marks[str(row["id"])])
    assert len(rows) == len(told)
    return {slot: (*facts, _text(marks[slot]) if facts[0] != "conflict" else "")
            for slot, facts in told.items()}  # fmt: skip


async def sound(small: SmallContest) -> None:
    """The chain holds, every signature was allowed, every revision is in the log once."""
    lines = await read(small.contest)
    assert verify_chain(lines) == []
    assert check_signatures(lines, small.rules_hash) == []
    known = replay(lines)
    sheets = [line for line in lines if line.kind in {"sheet", "conflict"}]
    stored = await Revision.select().where(Revision.contest == small.contest)
    assert sorted(row["seq"] for row in stored) == [line.seq for line in sheets]
    assert len({row["id"] for row in stored}) == len(sheets)
    assert known.frozen is not None


def in_batches(jws: Sequence[str], sizes: Sequence[int]) -> list[list[str]]:
    """The revisions in batches of these sizes, over and over until all are in one."""
    batches, start, turn = [], 0, 0
    while start < len(jws):
        size = sizes[turn % len(sizes)]
        batches.append(list(jws[start : start + size]))
        start, turn = start + size, turn + 1
    return batches


def _text(marks: Any) -> str:
    return canonical(marks).decode()
