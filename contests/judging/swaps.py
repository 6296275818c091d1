"""Two works whose sheets were mixed up after signing: two revisions, each naming the other, that
count together or not at all."""

from __future__ import annotations

from uuid import UUID

from contests.judging.admission import DeviceState
from contests.judging.checking import device_refusal, slot_refusal
from contests.judging.desk import Desk
from contests.judging.graph import (
    SWAP_COMPLETE,
    SWAP_WAITING,
    Stored,
    decisions_of,
    stored_by_rid,
)
from contests.judging.incoming import Incoming
from contests.judging.locks import countersigner
from contests.judging.panel import Panel
from contests.judging.rounds import round_aspects
from contests.sheets import Payload

SWAP_WRONG = "wrong"


async def swap_of(
    desk: Desk, panel: Panel, incoming: Incoming, device: DeviceState
) -> tuple[str, Stored | None]:
    """What this revision is to a swap, and the other half when that is stored already: "" (no swap),
    SWAP_WAITING, SWAP_COMPLETE or SWAP_WRONG (it names a sheet that it can't be swapped with)."""
    payload = incoming.payload
    if not payload.swap:
        return "", None
    if not countersigner(panel, payload, device):
        return SWAP_WRONG, None
    other = await _other_half(desk, payload)
    if other is None:
        wrong = any(one.payload.rid == payload.swap and not _fit(incoming, one.payload, one.kid)
                    for one in desk.batch)  # fmt: skip
        return (SWAP_WRONG if wrong else SWAP_WAITING), None
    fits = other.swap == SWAP_WAITING and _fit(incoming, other.node.payload, other.node.device)
    if not fits or await _set_aside(desk, other):
        return SWAP_WRONG, None
    return SWAP_COMPLETE, other


def comes_with_its_half(desk: Desk, panel: Panel, incoming: Incoming, device: DeviceState) -> bool:
    """Whether the other half is in the same batch and will be stored as well."""
    for one in desk.batch:
        if one.payload.rid == incoming.payload.swap and one.payload.rid not in desk.known:
            return (
                _fit(incoming, one.payload, one.kid)
                and device_refusal(device) is None
                and slot_refusal(one.payload, panel, device) is None
                and round_aspects(desk, panel, one.payload) is not None
                and bool(countersigner(panel, one.payload, device))
            )
    return False


async def _set_aside(desk: Desk, other: Stored) -> bool:
    """Whether a leader has decided against the other half meanwhile."""
    decided = await decisions_of(desk.contest, UUID(other.node.payload.sheet))
    return any(d.place > other.node.place and d.chosen != other.node.rid for d in decided)


async def _other_half(desk: Desk, payload: Payload) -> Stored | None:
    fresh = [one for one in desk.fresh if one.node.rid == payload.swap]
    found = fresh or await stored_by_rid(desk.contest, [payload.swap])
    return found[0] if found else None


def _fit(incoming: Incoming, other: Payload, kid: str) -> bool:
    mine = incoming.payload
    return (
        (mine.swap, other.swap) == (other.rid, mine.rid)
        and incoming.kid == kid
        and abs(mine.seq - other.seq) == 1
        and mine.code != other.code
        and _place(mine) == _place(other)
        and mine.countersign is not None
        and other.countersign is not None
        and mine.countersign.judge == other.countersign.judge
    )


def _place(payload: Payload) -> tuple[object, ...]:
    return payload.contest, payload.module, payload.judge, payload.attempt, payload.round
