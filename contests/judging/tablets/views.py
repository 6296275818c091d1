"""From what the actions return to what tablets and the control room read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from contests.judging.tablets.beat import Heard, State, Told
from contests.judging.tablets.console_schemas import MessageOut, SignedInOut, TabletOut
from contests.judging.tablets.listing import ListedDevice
from contests.judging.tablets.roster import Elsewhere, Listed
from contests.judging.tablets.schemas import (
    Beat,
    BeatAnswer,
    BeatHead,
    BeatMessage,
    BeatRound,
    BeatState,
    Chain,
    OtherTablet,
    Roster,
    RosterContest,
    RosterPerson,
    RosterSeat,
)
from contests.judging.tablets.serving import Seat
from contests.judging.tablets.sessions import Tablet
from contests.judging.tablets.talking import Message

_FACTS = (
    "app",
    "battery",
    "charging",
    "waiting",
    "persisted",
    "installed",
    "free_mb",
    "fit",
    "unfit",
)


def told(data: Beat) -> Told:
    facts = {name: getattr(data, name) for name in _FACTS}
    facts["started"] = sorted(str(sheet) for sheet in data.started)
    return Told(facts, data.judge, data.answered, data.since)


def roster_out(seats: Sequence[Seat], people: Iterable[Listed]) -> Roster:
    contests = {seat.contest: seat for seat in seats}
    return Roster(
        contests=[
            RosterContest(
                id=seat.contest,
                code=seat.code,
                title=json.loads(seat.title),
                competition=seat.competition,
                state=seat.state,
                ended=seat.judging_ended_at is not None,
            )
            for seat in contests.values()
        ],
        people=[_person(one) for one in people],
    )


def beat_out(
    tablet: Tablet, heard: Heard, *, now: datetime, installation: str, app: str
) -> BeatAnswer:
    return BeatAnswer(
        time=now,
        installation=installation,
        chain=Chain(tablet.last_seq, tablet.last_hash),
        app=app,
        states=[_state(one) for one in heard.states],
        messages=[BeatMessage(one.id, one.text, one.sent_at) for one in heard.messages],
        elsewhere=[_other(one) for one in heard.elsewhere],
        gaps=list(heard.gaps),
    )


def tablet_out(device: ListedDevice) -> TabletOut:
    hidden = {"waiting", "answered"}
    return TabletOut(
        kid=device.kid,
        label=device.label,
        kind=device.kind,
        signed_in=[
            SignedInOut(one.account, one.label, one.seat, one.role, one.open)
            for one in device.signed_in
        ],
        facts={name: value for name, value in device.facts.items() if name not in hidden},
        enrolled_at=device.enrolled_at,
        waiting=device.waiting,
        gaps=list(device.gaps),
        revoked=device.revoked,
        returned=device.returned,
        last_seen_at=device.last_seen_at,
    )


def message_out(one: Message) -> MessageOut:
    return MessageOut(
        id=one.id,
        text=one.text,
        from_tablet=one.from_tablet,
        sent_at=one.sent_at,
        kid=one.kid,
        label=one.label,
        sender=one.sender,
        read_at=one.read_at,
    )


def _person(one: Listed) -> RosterPerson:
    return RosterPerson(
        account=one.account,
        label=one.label,
        leader=one.leader,
        has_pin=one.has_pin,
        pin_first=one.pin_first,
        pin_locked=one.pin_locked,
        admitted=one.admitted,
        seats=[
            RosterSeat(s.contest, s.appointment, s.role, s.seat, s.panel, s.group_code)
            for s in one.seats
        ],
        elsewhere=[_other(other) for other in one.elsewhere],
        pin_set_at=one.pin_set_at,
    )


def _state(one: State) -> BeatState:
    seat = one.seat
    return BeatState(
        contest=seat.contest,
        account=seat.account,
        state=seat.state,
        ended=seat.judging_ended_at is not None,
        length=seat.length,
        pack=one.tag,
        heads=[_head(head) for head in one.heads],
        rounds=[_round(round_) for round_ in one.rounds],
    )


def _head(row: Mapping[str, Any]) -> BeatHead:
    return BeatHead(
        sheet=row["id"],
        module=row["module"],
        code=row["code"],
        attempt=row["attempt"],
        round=row["round"],
        rid=row["revision"],
        seq=row["seq"],
        hash=row["hash"],
        state=row["state"],
        countable=bool(row["countable"]),
        marks=row["marks"],
    )


def _round(row: Mapping[str, Any]) -> BeatRound:
    return BeatRound(
        module=row["module"],
        code=row["code"],
        attempt=row["attempt"],
        round=row["round"],
        aspects=json.loads(row["aspects"]),
        panel=row["panel"],
        group=row["group_code"],
    )


def _other(one: Elsewhere) -> OtherTablet:
    shows = json.loads(one.facts or "{}").get("judge") == str(one.account)
    return OtherTablet(one.account, one.kid, one.label, shows, one.last_seen_at)
