"""What a correction would change, before anybody decides on it: everything is computed as the correction
itself would, and nothing is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from contests.actions.common import contest_row
from contests.actions.correcting import CORRECTED, Wanted, correction_body
from contests.chain import chained, instant
from contests.log import AFTER_CLOSING, read
from contests.outcome import changed, facts_of, facts_of_version
from contests.replay import replay
from contests.scoring import compute
from core.errors import Conflict
from core.events import ResultFacts
from core.scoring.codec import canonical
from core.scoring.model import Finding


@dataclass(frozen=True, slots=True)
class Foreseen:
    """before: entry -> facts now in force. after: of each entry whose result would be another one."""

    before: Mapping[str, ResultFacts]
    after: Sequence[ResultFacts]


async def foresee(contest: UUID, wanted: Wanted) -> Foreseen:
    """Raises Invalid as the correction would, and Conflict before there are results."""
    row = await contest_row(contest)
    if row["state"] not in AFTER_CLOSING:
        raise Conflict([Finding("", "judging-not-ended", {})])
    lines = await read(contest)
    known = replay(lines)
    body = correction_body(contest, known, wanted)
    body |= {"by": "", "witness": "", "reason_hash": ""}
    line = chained(
        str(contest),
        seq=lines[-1].seq + 1,
        kind="correction",
        at=instant(datetime.now(UTC)),
        body=canonical(body).decode(),
        prev=lines[-1].hash,
    )
    after = replay([*lines, line])
    if after.frozen is None or after.record is None:
        raise Conflict([Finding("", "judging-not-ended", {})])
    results = compute(after.frozen, after.record)
    version = len(known.versions)
    before = await facts_of_version(contest, known, version=version)
    new = await facts_of(contest, after, results, version=version + 1, correction=CORRECTED)
    return Foreseen(before, changed(before, new))
