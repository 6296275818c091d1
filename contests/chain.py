"""The hash chain of a log, pure: what an entry's hash is and where a chain is broken.

No table and no clock here: `jiangxin recount` reads a package's log with nothing else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from core.scoring.codec import canonical
from core.scoring.model import Finding

GENESIS = ""
"""What the first entry chains on."""


@dataclass(frozen=True, slots=True)
class LogLine:
    """One entry of a log. `at`: UTC with microseconds and Z; `body`: canonical JSON, exactly as
    hashed; `contest`: the id of the contest or competition."""

    contest: str
    seq: int
    kind: str
    at: str
    body: str
    prev: str
    hash: str


def entry_hash(contest: str, seq: int, kind: str, at: str, body: str, prev: str) -> str:
    """Lower-case hex SHA-256 over the canonical JSON of all six."""
    content = {"at": at, "body": body, "contest": contest, "kind": kind, "prev": prev, "seq": seq}
    return hashlib.sha256(canonical(content)).hexdigest()


def chained(contest: str, *, seq: int, kind: str, at: str, body: str, prev: str) -> LogLine:
    """The line that follows `prev`."""
    return LogLine(
        contest, seq, kind, at, body, prev, entry_hash(contest, seq, kind, at, body, prev)
    )


def instant(moment: datetime) -> str:
    """The log's spelling of an instant. A naive one is refused."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no time zone")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def moment_of(text: str) -> datetime:
    """The instant that `instant` wrote."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


def verify_chain(
    lines: Sequence[LogLine], *, contest: str | None = None, head: str | None = None
) -> list[Finding]:
    """Everything broken, each named by the number of its entry: altered, missing, reordered,
    doubled, not chained, of another contest; with `head`, an end that was cut off."""
    findings: list[Finding] = []
    expected = contest or (lines[0].contest if lines else "")
    previous: LogLine | None = None
    for place, line in enumerate(lines):
        at = f"/{place}"
        if line.contest != expected:
            findings.append(_finding(at, "log-other-contest", line.seq, contest=line.contest))
        if _computed(line) != line.hash:
            findings.append(_finding(at, "log-altered", line.seq))
        findings.extend(_order(at, line, previous))
        previous = line
    if head is not None and (previous.hash if previous else GENESIS) != head:
        findings.append(_finding("", "log-head-differs", previous.seq if previous else 0))
    return findings


def _computed(line: LogLine) -> str:
    try:
        return entry_hash(line.contest, line.seq, line.kind, line.at, line.body, line.prev)
    except (UnicodeEncodeError, ValueError):
        return ""


def _order(at: str, line: LogLine, previous: LogLine | None) -> list[Finding]:
    expected = previous.seq + 1 if previous else 1
    if previous and line.seq == previous.seq:
        return [_finding(at, "log-doubled", line.seq)]
    if line.seq < expected:
        return [_finding(at, "log-reordered", line.seq)]
    if line.seq > expected:
        last = line.seq - 1
        return [_finding(at, "log-missing", expected, last=str(last))]
    if line.prev != (previous.hash if previous else GENESIS):
        return [_finding(at, "log-not-chained", line.seq)]
    return []


def _finding(pointer: str, code: str, seq: int, **params: str) -> Finding:
    return Finding(pointer, code, {"seq": str(seq), **params})
