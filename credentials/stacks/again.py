"""Last month's Excel handed in again: each certificate asked for anew, and what changed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from core.web.i18n import pick
from credentials import queries
from credentials.pages.display import masked, shown
from credentials.queries import SHOWN
from credentials.stacks.judging import since_of
from credentials.stacks.lines import Line, Ruling
from credentials.status import BLOCK
from credentials.tables import Certificate
from credentials.verify import State, Verdict, not_found

_OF_VERSION = " FROM certificate c JOIN certificate_version v ON v.certificate = c.id"
_VERSION = (
    "SELECT "
    + SHOWN
    + _OF_VERSION
    + " WHERE c.public_id = {} AND v.issuer = {} AND v.position = {}"
)
_UNDECIDED = frozenset(
    {State.NOT_FOUND, State.STATUS_UNKNOWN, State.ERASED, State.UNKNOWN_ISSUER, State.ALTERED}
)


async def changed(
    file: str, earlier: Sequence[Line], now: datetime, language: str
) -> AsyncIterator[Line | None]:
    """One for each row of the earlier Excel: what it is now, or None where nothing changed."""
    for row in earlier:
        verdict = await _now(row, now)
        if verdict.state.value == row.before:
            yield None
            continue
        yield _line(file, row, verdict, language)


async def _now(row: Line, now: datetime) -> Verdict:
    """Of the very version that was on the paper, where the Excel names it."""
    if row.known_as:
        issuer, block, index = row.known_as.rsplit("/", 2)
        found = await Certificate.raw(_VERSION, row.number, issuer, int(block) * BLOCK + int(index))
    else:
        stored: Mapping[str, Any] | None = await queries.for_page(row.number)
        found = [stored] if stored else []
    return await queries.verify_stored(dict(found[0]), now) if found else not_found(now)


def _line(file: str, row: Line, verdict: Verdict, language: str) -> Line:
    failed = next((check.code for check in verdict.checks if check.ok is False), "")
    line = Line(
        file,
        0,
        Ruling.UNDECIDED if verdict.state in _UNDECIDED else Ruling.GENUINE,
        failed,
        verdict.state.value,
        number=row.number,
        since=since_of(verdict),
        known_as=row.known_as,
        before=row.before,
        before_at=row.before_at,
    )
    if (read := verdict.read) is not None:
        line.name = shown(masked(read.name))  # the number alone shows no name
        line.title = shown(str((verdict.credential or {}).get("name", "")))
        line.issuer = shown(pick(read.key.issuer_name, language) or read.key.issuer)
    return line
