"""A tablet's sign of life, every few seconds, and everything that it must hear: one answer, in a handful
of statements, because two hundred of them ask."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from contests.judging.changes import disputed_since
from contests.judging.tablets.gaps import missing_numbers
from contests.judging.tablets.packs import pack_tag
from contests.judging.tablets.roster import Elsewhere, signed_in_elsewhere
from contests.judging.tablets.serving import Seat, admitted_seats
from contests.judging.tablets.sessions import Tablet
from contests.judging.tablets.talking import Waiting, waiting_messages
from contests.statements import run
from core.scoring.codec import canonical

SEEN_EVERY = timedelta(seconds=15)
"""A beat that tells nothing new is written down this often."""
_COARSE_MB = 100
_STATES = {"accepted": "signed", "not_countable": "not_countable", "conflict": "conflict"}
_SEEN = "UPDATE device SET facts = {}, last_seen_at = {} WHERE id = {}"
_HEAD = (
    "SELECT id, contest, module, code, attempt, round, judge, revision, state, countable, marks, "
    "seq, hash FROM sheet_row"
)
_ROUNDS = (
    "SELECT contest, module, code, attempt, round, aspects, panel, group_code FROM mark_round "
    "WHERE contest IN (%s) AND resolved_at IS NULL ORDER BY opened_at, id"
)


@dataclass(frozen=True, slots=True)
class Told:
    """What the tablet says of itself."""

    facts: Mapping[str, Any]
    judge: UUID | None
    answered: int
    """The number up to which it has an answer for every sheet."""
    since: Mapping[str, int]
    """Contest -> length of its log when the tablet last heard."""


@dataclass(frozen=True, slots=True)
class State:
    """One judge's part of one contest."""

    seat: Seat
    tag: str
    heads: Sequence[Mapping[str, Any]]
    rounds: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Heard:
    states: Sequence[State]
    messages: Sequence[Waiting]
    gaps: Sequence[int]
    elsewhere: Sequence[Elsewhere]


async def beat(tablet: Tablet, told: Told, *, now: datetime) -> Heard:
    seats = await admitted_seats(tablet)
    await _write_down(tablet, told, seats, now)
    heads, rounds = await _heads(seats, told.since), await _rounds(seats)
    upto = max(tablet.last_seq, told.answered)
    return Heard(
        states=_states(seats, heads, rounds),
        messages=await waiting_messages(tablet.id),
        gaps=await missing_numbers(tablet.id, tablet.kid, upto),
        elsewhere=await signed_in_elsewhere(tablet, {seat.account for seat in seats}),
    )


async def _write_down(tablet: Tablet, told: Told, seats: Sequence[Seat], now: datetime) -> None:
    here = told.judge if any(seat.account == told.judge for seat in seats) else None
    facts = {**told.facts, "judge": str(here) if here else "", "answered": told.answered}
    if facts.get("free_mb") is not None:
        facts["free_mb"] -= facts["free_mb"] % _COARSE_MB
    text = canonical(facts).decode()
    lately = tablet.last_seen_at is not None and now - tablet.last_seen_at < SEEN_EVERY
    if text != tablet.facts or not lately:
        await run(_SEEN, text, now, tablet.id)


def _states(
    seats: Sequence[Seat],
    heads: Sequence[Mapping[str, Any]],
    rounds: Sequence[Mapping[str, Any]],
) -> list[State]:
    grouped: dict[tuple[UUID, UUID], list[Seat]] = {}
    for seat in seats:
        grouped.setdefault((seat.contest, seat.account), []).append(seat)
    return [
        State(
            seat=own[0],
            tag=pack_tag(own[0]),
            heads=[h for h in heads if h["judge"] in {seat.appointment for seat in own}],
            rounds=[r for r in rounds if any(_concerns(r, seat) for seat in own)],
        )
        for own in grouped.values()
    ]


async def _heads(seats: Sequence[Seat], since: Mapping[str, int]) -> list[dict[str, Any]]:
    """Heads that have changed since the tablet last heard of the contest's log."""
    wanted, values = [], list[Any]()
    for contest, length in {seat.contest: seat.length for seat in seats}.items():
        known = since.get(str(contest), 0)
        if known == length:
            continue
        known = 0 if known > length else known  # it heard of a log that this server has lost
        judges = [seat.appointment for seat in seats if seat.contest == contest]
        disputed = await disputed_since(contest, known) if known else []
        wanted.append(_condition(len(judges), len(disputed)))
        values += [contest, *judges, known, *disputed]
    if not wanted:
        return []
    rows = await run(f"{_HEAD} WHERE {' OR '.join(wanted)}", *values)
    return [_head(row) for row in rows]


def _condition(judges: int, disputed: int) -> str:
    among = ", ".join(["{}"] * judges)
    named = f" OR id IN ({', '.join(['{}'] * disputed)})" if disputed else ""
    return f"(contest = {{}} AND judge IN ({among}) AND (seq > {{}}{named}))"


async def _rounds(seats: Sequence[Seat]) -> list[dict[str, Any]]:
    contests = list({seat.contest for seat in seats})
    if not contests:
        return []
    return await run(_ROUNDS % ", ".join(["{}"] * len(contests)), *contests)


def _concerns(round_: Mapping[str, Any], seat: Seat) -> bool:
    own = (seat.contest, seat.panel, seat.group_code)
    return own == (round_["contest"], round_["panel"], round_["group_code"])


def _head(row: Mapping[str, Any]) -> dict[str, Any]:
    state = _STATES.get(row["state"], row["state"])
    return {**row, "state": state, "marks": json.loads(row["marks"])}
