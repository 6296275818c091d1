"""Two hundred tablets that come back at once, and what their beats cost.

600 sheets of 40 aspects, three a tablet, over HTTP to a server of its own: first with sessions that are
open, then, as after an hour without a network, with each tablet's proof before them. Beside it a direct
insert that commits each sheet's same rows, by as many at once. A beat beside a bare handler that reads
as many rows by their keys, both called as ASGI in this process; and beats over HTTP beside the 40 a
second that 200 tablets send.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

from _asgi import call
from _served import Connection, direct_inserts, installed, on_each_engine, serving
from litestar import Litestar, get
from table import Row

from contests.judging.signing import SoftwareDevice, read_public_key
from contests.judging.tablets.proofs import make_nonce
from contests.judging.tablets.sessions import open_session
from contests.tables import (
    Appointment,
    Contest,
    Device,
    LogEntry,
    Revision,
    SheetRow,
    TabletJudge,
)
from core.app import create_app
from core.scoring.model import Aspect, Criterion, Kind, Module, Scheme, SubCriterion
from core.settings import Settings
from tests.contests.tablets.kit import proof_of
from tests.factories_contests import Seat, SmallContest, small_contest

TABLETS, SHEETS, ASPECTS, JUDGES = 200, 600, 40, 10
EVERY = 5
"""Seconds between two beats of a tablet."""
MUST, BEAT_MUST, BEATS_MUST = "≥ 0.3", "≥ 0.4", "≥ 2"
_REVISIONS, _BEAT = "/api/v1/judging/revisions", "/api/v1/judging/tablet/beat"


@dataclass(slots=True)
class Tablet:
    id: UUID
    device: SoftwareDevice
    seat: Seat
    sheets: list[str]
    token: str = ""


def run(scale: float = 1.0) -> list[Row]:
    tablets = max(int(TABLETS * scale), JUDGES)
    return on_each_engine(lambda engine, server: _measure(engine, server, tablets))


def _measure(engine: str, server: str, tablets: int) -> list[Row]:
    open_, proving, direct, beats = installed(server, lambda s: _returning(s, tablets))
    ours, bare = installed(server, lambda s: _one_beat(s, max(tablets * 10, 200)))
    sheets = tablets * SHEETS // TABLETS
    name = f"{sheets} sheets of {ASPECTS} aspects from {tablets} tablets at once, {engine}"
    needed = tablets / EVERY
    return [
        Row(name, f"{open_:,.0f} /s", f"{direct:,.0f} /s", open_ / direct, MUST),
        Row(f"… each with a proof first, {engine}", f"{proving:,.0f} /s", "", None),
        Row(f"beat · as many rows by key, {engine}", f"{ours:,.0f} /s", f"{bare:,.0f} /s", ours / bare, BEAT_MUST),
        Row(f"beats over HTTP · needed by {tablets}, {engine}", f"{beats:,.0f} /s", f"{needed:,.0f} /s", beats / needed, BEATS_MUST),
    ]  # fmt: skip


async def _returning(settings: Settings, count: int) -> tuple[float, float, float, float]:
    """Sheets a second with open sessions, with proofs first, by direct insert; beats a second."""
    small, tablets = await _hall(count)
    other, others = await _hall(count)
    with serving(settings) as port:
        open_ = await _at_once(tablets, lambda one: _send(port, one))
        proving = await _at_once(others, lambda one: _prove_and_send(settings, port, one))
        beats = await _beats(port, small, tablets)
    await _forget(other.contest)
    return open_, proving, await direct_inserts(count), beats


async def _at_once(tablets: Sequence[Tablet], work: Callable[[Tablet], Awaitable[None]]) -> float:
    started = time.perf_counter()
    await asyncio.gather(*(work(tablet) for tablet in tablets))
    return sum(len(tablet.sheets) for tablet in tablets) / (time.perf_counter() - started)


async def _send(port: int, tablet: Tablet, connection: Connection | None = None) -> None:
    connection = connection or Connection(port)
    body = {"revisions": tablet.sheets}
    answer = await connection.post(_REVISIONS, body, f"Tablet {tablet.token}")
    told = [one["answer"] for one in answer["answers"]]
    if told != ["accepted"] * len(tablet.sheets):
        raise RuntimeError(f"not accepted: {answer}")
    connection.close()


async def _prove_and_send(settings: Settings, port: int, tablet: Tablet) -> None:
    connection = Connection(port)
    nonce = (await connection.get("/api/v1/judging/tablet/nonce"))["nonce"]
    proof = proof_of(tablet.device, nonce=nonce)
    answer = await connection.post("/api/v1/judging/tablet/session", {"proof": proof})
    tablet.token = answer["token"]
    await _send(port, tablet, connection)


async def _beats(port: int, small: SmallContest, tablets: Sequence[Tablet]) -> float:
    row = await Contest.select(Contest.length).where(Contest.id == small.contest).first()
    body = _told({str(small.contest): row["length"] if row else 0})
    rounds = 5

    async def beat(tablet: Tablet) -> None:
        connection = Connection(port)
        for _ in range(rounds):
            await connection.post(_BEAT, body, f"Tablet {tablet.token}")
        connection.close()

    started = time.perf_counter()
    await asyncio.gather(*(beat(tablet) for tablet in tablets))
    return rounds * len(tablets) / (time.perf_counter() - started)


async def _one_beat(settings: Settings, count: int) -> tuple[float, float]:
    """Beats a second of the whole application, and answers a second of a bare handler."""
    small, (tablet, *_) = await _hall(JUDGES)
    keys = {
        Device: tablet.id,
        TabletJudge: uuid5(tablet.id, str(tablet.seat.account)),
        Appointment: UUID(tablet.seat.appointment),
        Contest: small.contest,
    }

    @get("/bare")
    async def bare() -> dict[str, str]:
        rows = [await table.select().where(table.id == key).first() for table, key in keys.items()]
        return {str(n): str(row["id"]) for n, row in enumerate(rows) if row}

    row = await Contest.select(Contest.length).where(Contest.id == small.contest).first()
    body = _told({str(small.contest): row["length"] if row else 0})
    ours = create_app(settings)
    peer = Litestar([bare], openapi_config=None, logging_config=None)
    token = f"Tablet {tablet.token}"
    asks: list[Callable[[], Awaitable[bytes]]] = [
        lambda: call(ours, _BEAT, body=body, authorization=token),
        lambda: call(peer, "/bare"),
    ]
    best = [1e9, 1e9]
    rounds = 10
    for _ in range(rounds):
        for which, ask in enumerate(asks):
            started = time.perf_counter()
            for _request in range(count // rounds):
                await ask()
            best[which] = min(best[which], time.perf_counter() - started)
    return count // rounds / best[0], count // rounds / best[1]


def _told(since: dict[str, int]) -> dict[str, Any]:
    return {"app": "1", "waiting": 0, "battery": 80, "free_mb": 4000, "since": since}


async def _hall(count: int) -> tuple[SmallContest, list[Tablet]]:
    """A contest whose judges have signed in on so many tablets, three signed sheets on each."""
    each = SHEETS // TABLETS
    per_judge = -(-count // JUDGES)
    small = await small_contest(entrants=per_judge * each, judges=JUDGES, scheme=_scheme())
    codes = list((await small.codes())["dish"])
    marks = {f"A{n:02}": f"{n % 10}.5" for n in range(ASPECTS)}
    tablets = []
    for n in range(count):
        seat, device = small.judges[n % JUDGES], SoftwareDevice()
        own = codes[n // JUDGES * each :][:each]
        seat.device = device
        sheets = [small.sign_sheet(seat, code, marks, module="dish") for code in own]
        tablets.append(Tablet(uuid4(), device, seat, sheets))
    await _enrol(small, tablets)
    return small, tablets


async def _enrol(small: SmallContest, tablets: Sequence[Tablet]) -> None:
    now = datetime.now(UTC)
    for tablet in tablets:
        kid, device = tablet.device.kid, tablet.device
        await Device.insert(
            Device(
                id=tablet.id,
                kind="tablet",
                competition=small.competition,
                contest=small.contest,
                kid=kid,
                public_jwk=read_public_key(device.public_jwk)[1],
                label=kid,
                enrolled_at=now,
            )
        )
        await TabletJudge.insert(
            TabletJudge(
                id=uuid5(tablet.id, str(tablet.seat.account)),
                device=tablet.id,
                account=tablet.seat.account,
                admitted_at=now,
            )
        )
        proof = proof_of(device, nonce=make_nonce(now))
        tablet.token, _ = await open_session(proof, now=datetime.now(UTC))


async def _forget(contest: UUID) -> None:
    """So that as many rows are inserted directly as were sent once."""
    for table in (LogEntry, Revision, SheetRow):
        await table.delete().where(table.contest == contest)


def _scheme() -> Scheme:
    title = {"en": "Card"}
    aspects = tuple(
        Aspect(f"A{n:02}", Kind.POINTS, title, 10_000, step=500, judges=JUDGES)
        for n in range(ASPECTS)
    )
    criterion = Criterion("A", title, (SubCriterion("A1", title, aspects),))
    return Scheme("dish", title, (Module("dish", title, ASPECTS * 10_000, (criterion,)),))
