"""Batches that are replayed, reordered, doubled and brought by several couriers at once end the same:
every revision once in the log, and what stands is what the revisions themselves say."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field
from uuid import uuid4

import pytest

from contests.judging.actions import Answer, accept_revisions
from contests.judging.lineage import Node, standing
from contests.judging.signing import SoftwareDevice
from contests.log import read
from contests.sheets import payload_of
from contests.tables import Quarantine
from core.settings import Settings
from tests.contests.storing.kit import MARKS, in_batches, projection, sound, tablet
from tests.factories_contests import Seat, SmallContest, small_contest

pytestmark = pytest.mark.engine


@dataclass(slots=True)
class Signed:
    """Everything that was signed, in that order, and which device saw which head last."""

    jws: list[str] = field(default_factory=list)
    nodes: dict[str, list[Node]] = field(default_factory=dict)

    def add(self, jws: str, device: SoftwareDevice) -> None:
        payload = payload_of(jws)
        self.jws.append(jws)
        self.nodes.setdefault(payload.sheet, []).append(
            Node(payload, device.kid, len(self.jws), "")
        )


async def _signed(small: SmallContest, chance: random.Random) -> Signed:
    """Each of two judges on two tablets, going on from what this or the other tablet knew last."""
    signed = Signed()
    shared = await tablet(*(seat.account for seat in small.judges))
    codes = list((await small.codes())["dish"])[:3]
    heads: dict[tuple[str, str], list[str]] = {}
    for _ in range(30):
        seat, code = chance.choice(small.judges[:2]), chance.choice(codes)
        device = chance.choice([seat.device, shared])
        known = heads.setdefault((seat.appointment, code), [])
        base = known[-1] if known and chance.random() < 0.8 else chance.choice(["", *known])
        rid = str(uuid4())
        jws = small.sign_sheet(
            _with(seat, device),
            code,
            {**MARKS, "look": str(chance.randrange(20))},
            base=base,
            rid=rid,
        )
        known.append(rid)
        signed.add(jws, device)
    return signed


def _with(seat: Seat, device: SoftwareDevice) -> Seat:
    return Seat(seat.name, seat.account, seat.actor, seat.appointment, device)


@pytest.mark.parametrize("seed", range(4))
async def test_any_order_ends_the_same(database: Settings, seed: int) -> None:
    chance = random.Random(seed)
    small = await small_contest(entrants=3)
    signed = await _signed(small, chance)
    sent = [*signed.jws, *chance.sample(signed.jws, 10)]
    if seed:
        chance.shuffle(sent)
    couriers = [sent[::2], sent[1::2]] if seed % 2 else [sent]

    answers = await asyncio.gather(*(_bring(small, some, chance) for some in couriers))

    assert {a.answer for some in answers for a in some} <= {"accepted", "conflict", "duplicate"}
    await sound(small)
    assert await Quarantine.count() == 0
    lines = [line for line in await read(small.contest) if line.kind in {"sheet", "conflict"}]
    assert len(lines) == len(signed.jws)
    found = await projection(small)
    expected = {
        slot: tuple(sorted(standing(nodes, ()).rivals)) for slot, nodes in signed.nodes.items()
    }
    assert {slot: facts[1] for slot, facts in found.items()} == expected
    assert {slot: facts[0] == "conflict" for slot, facts in found.items()} == {
        slot: len(rids) > 1 for slot, rids in expected.items()
    }


async def _bring(small: SmallContest, jws: list[str], chance: random.Random) -> list[Answer]:
    answers: list[Answer] = []
    for batch in in_batches(jws, [chance.randrange(1, 9) for _ in range(5)]):
        answers += await accept_revisions(batch, kid="courier", now=small.at)
    return answers


async def test_a_batch_sent_twice_gets_the_same_receipts(database: Settings) -> None:
    small = await small_contest(entrants=3)
    seat, codes = small.judges[0], list((await small.codes())["dish"])
    batch = [small.sign_sheet(seat, code, MARKS) for code in codes]

    once = await accept_revisions(batch, account=seat.account)
    again = await accept_revisions([*reversed(batch), *batch], account=small.judges[1].account)

    receipts = {answer.rid: answer.receipt for answer in once}
    assert {answer.answer for answer in again} == {"duplicate"}
    assert all(receipts[answer.rid] == answer.receipt for answer in again)
    await sound(small)
