"""The replay of a log, kept in this process and brought up to date by what was added since.

A log only grows, so what was read of it stays true; the last entry that was read is looked at again,
and a log that is not the same one any more is read from its beginning.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from uuid import UUID

from contests.chain import LogLine
from contests.log import read
from contests.replay import Replayed
from contests.replay.reading import State

MOST = 6
"""So many contests are kept; a large one takes some 50 MB."""


@dataclass(slots=True)
class _Kept:
    state: State
    seq: int = 0
    hash: str = ""
    result: Replayed | None = None


_kept: OrderedDict[UUID, _Kept] = OrderedDict()


async def replayed(contest: UUID) -> Replayed:
    """`replay(await read(contest))`, without reading everything again."""
    known = _kept.get(contest)
    if known is not None and known.seq:
        lines = await read(contest, after=known.seq - 1)
        if lines and lines[0].seq <= known.seq and _follows(known, lines):
            return _grown(contest, known, lines)
    fresh = _Kept(State(str(contest)))
    lines = await read(contest)
    _kept[contest] = fresh
    return _grown(contest, fresh, lines)


def _follows(known: _Kept, lines: list[LogLine]) -> bool:
    """Another request may have read further while this one waited for its lines."""
    return all(line.hash == known.hash for line in lines if line.seq == known.seq)


def _grown(contest: UUID, known: _Kept, lines: list[LogLine]) -> Replayed:
    """Without a wait in it, so that no other request sees half of it."""
    for line in lines:
        if line.seq > known.seq:
            known.state.apply(line)
            known.seq, known.hash, known.result = line.seq, line.hash, None
    if known.result is None:
        known.result = known.state.result()
    _kept[contest] = known
    _kept.move_to_end(contest)
    while len(_kept) > MOST:
        _kept.popitem(last=False)
    return known.result
