"""The log: an append-only, hash-chained list of facts per contest (or competition), behind a gate.

The only writer of LogEntry. The gate is one UPDATE of the contest's row, so that a submit and a
close wait for each other on both engines; what it returns is what the next entry chains on.

    async with transaction(), writing(contest, "judging", now=now) as log:
        log.add("penalty", {...})

Bodies hold ids, codes and decimal strings: never a name, a contact or a document (`texts.py`).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from piccolo.table import Table

from contests.chain import LogLine, chained, instant, moment_of
from contests.statements import insert, run
from contests.tables import Competition, Contest, LogEntry
from core.errors import NotFound, WrongState
from core.scoring.codec import canonical
from core.settings import current

EVERY_STATE = ("draft", "ready", "judging", "closed", "signed", "published", "final")
AFTER_CLOSING = ("closed", "signed", "published", "final")
_ENDS: Mapping[type[Table], str] = {
    Contest: "UPDATE contest SET head = {}, length = {} WHERE id = {}",
    Competition: "UPDATE competition SET head = {}, length = {} WHERE id = {}",
}
_GATE = (
    "UPDATE contest SET revision = revision + 1 WHERE id = {{}} AND home = {{}} AND state IN ({})"
    " RETURNING head, length, state, rules_hash, roster, judging_ended_at, result_version, revision,"
    " competition"
)


@dataclass(slots=True)
class Writing:
    """An open gate: the log's end, held until the transaction ends.

    `row`: the contest's state, rules_hash, roster, judging_ended_at, result_version, revision.
    """

    contest: UUID
    table: type[Table]
    head: str
    length: int
    row: Mapping[str, Any]
    now: datetime
    lines: list[LogLine] = field(default_factory=list)

    def add(self, kind: str, body: Mapping[str, Any] | str) -> LogLine:
        """Chains one entry on the end; `flush` stores it."""
        text = body if isinstance(body, str) else canonical(body).decode()
        line = chained(
            str(self.contest),
            seq=self.length + 1,
            kind=kind,
            at=instant(self.now),
            body=text,
            prev=self.head,
        )
        self.head, self.length = line.hash, line.seq
        self.lines.append(line)
        return line

    async def flush(self) -> None:
        """Stores what was added, and the new end."""
        if not self.lines:
            return
        await insert(LogEntry, [_row(self.contest, line, at=self.now) for line in self.lines])
        self.lines.clear()
        await run(_ENDS[self.table], self.head, self.length, self.contest)


def here() -> str:
    """This installation's id: the only home whose logs may be appended to."""
    secrets = current().secrets
    if secrets is None:
        raise RuntimeError("This installation has no secrets: run `jiangxin init` first.")
    return secrets.installation


async def open_gate(contest: UUID, states: Sequence[str], *, now: datetime) -> Writing | None:
    """The gate, or None when the contest is in another state, at another home or unknown."""
    query = _GATE.format(", ".join(["{}"] * len(states)))
    rows = await run(query, contest, here(), *states)
    if not rows:
        return None
    row = rows[0]
    return Writing(contest, Contest, row["head"], row["length"], row, now)


@asynccontextmanager
async def writing(contest: UUID, *states: str, now: datetime) -> AsyncIterator[Writing]:
    """The gate of a contest in one of these states; what was added is stored at the end.

    Inside a transaction. Raises NotFound or WrongState.
    """
    gate = await open_gate(contest, states or EVERY_STATE, now=now)
    if gate is None:
        raise await refusal(contest, states)
    yield gate
    await gate.flush()


@asynccontextmanager
async def writing_competition(competition: UUID, *, now: datetime) -> AsyncIterator[Writing]:
    """The same for a competition's own log, which has no states."""
    rows = await Competition.raw(
        "UPDATE competition SET length = length WHERE id = {} RETURNING head, length", competition
    )
    if not rows:
        raise NotFound(kind="competition", id=competition)
    gate = Writing(competition, Competition, rows[0]["head"], rows[0]["length"], rows[0], now)
    yield gate
    await gate.flush()


async def append(
    contest: UUID, kind: str, body: Mapping[str, Any] | str, *, now: datetime | None = None
) -> LogLine:
    """One entry, in whatever state. Inside a transaction."""
    async with writing(contest, now=now or datetime.now(UTC)) as log:
        return log.add(kind, body)


async def read(contest: UUID, *, after: int = 0) -> list[LogLine]:
    """The log of a contest or competition, in order."""
    rows = (
        await LogEntry.select(
            LogEntry.seq, LogEntry.kind, LogEntry.at, LogEntry.body, LogEntry.prev, LogEntry.hash
        )
        .where(LogEntry.contest == contest, LogEntry.seq > after)
        .order_by(LogEntry.seq)
    )
    return [
        LogLine(
            str(contest), r["seq"], r["kind"], instant(r["at"]), r["body"], r["prev"], r["hash"]
        )
        for r in rows
    ]


async def store(contest: UUID, lines: Sequence[LogLine]) -> None:
    """Stores lines that another home wrote (an imported log), as they are. Inside a transaction;
    the caller has verified the chain."""
    await insert(LogEntry, [_row(contest, line, at=moment_of(line.at)) for line in lines])


async def refusal(contest: UUID, states: Sequence[str]) -> Exception:
    """Why the gate stayed shut, as the error to raise."""
    row = await Contest.select(Contest.state, Contest.home).where(Contest.id == contest).first()
    if row is None:
        return NotFound(kind="contest", id=contest)
    state = row["state"] if row["home"] == here() else "lent"
    return WrongState(contest=contest, state=state, needed=" / ".join(states))


def _row(contest: UUID, line: LogLine, *, at: datetime) -> LogEntry:
    return LogEntry(
        id=uuid5(contest, str(line.seq)),
        contest=contest,
        seq=line.seq,
        kind=line.kind,
        at=at,
        body=line.body,
        prev=line.prev,
        hash=line.hash,
    )
