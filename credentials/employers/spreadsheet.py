"""An employer's list in, the same list out with what became of each certificate on the right."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from core.errors import Invalid, TooLarge
from core.scoring.model import Finding
from core.web.i18n import show_date, show_moment, translate
from credentials.employers import checking, counting
from credentials.employers.checking import Checked, check
from credentials.employers.columns import MOST_ROWS, Book, Row
from credentials.employers.csv_list import read_csv
from credentials.employers.words import ADVICE, HEADINGS, MATCHES, UNCHECKED
from credentials.employers.workbook import MAGIC, read_workbook
from credentials.messages import STATES
from credentials.pages.sentences import NOT_FORGED, UNPROVEN, WHAT_NOW
from credentials.verify import State, Verdict

LARGEST = 5 * 1024 * 1024
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
CUT = "cut"


@dataclass(frozen=True, slots=True)
class Answered:
    data: bytes
    media: str
    name: str


async def check_list(
    data: bytes, *, organisation: UUID, language: str, now: datetime | None = None
) -> Answered:
    """Raises Invalid when no list can be read; what is wrong with one row stands in that row."""
    at = now or datetime.now(UTC)
    book = await asyncio.to_thread(_read, data)
    rows = book.rows()
    if len(rows) > MOST_ROWS:
        raise Invalid([Finding("", "credentials.list-long", {"most": str(MOST_ROWS)})])
    answers = {}
    for row in rows:
        answers[row.at] = _said(await _checked(row, organisation, at), language, at)
    await counting.count(organisation, len(rows), now=at)
    headings = [translate(heading, language) for heading in HEADINGS.values()]
    made = await asyncio.to_thread(book.answered, headings, answers)
    return Answered(made, book.media, f"checked-{at:%Y-%m-%d}.{book.suffix}")


def _read(data: bytes) -> Book:
    if len(data) > LARGEST:
        raise TooLarge(limit=f"{LARGEST // 1024**2} MB")
    if data.startswith(_OLD_EXCEL):
        raise Invalid([Finding("", "credentials.list-old", {})])
    book = read_workbook(data) if data.startswith(MAGIC) else read_csv(data)
    if isinstance(book, Finding):
        raise Invalid([book])
    return book


async def _checked(row: Row, organisation: UUID, now: datetime) -> Checked:
    if row.cut:
        return Checked(None, CUT)
    if not row.number.strip():
        return Checked(None, checking.NO_NUMBER)
    return await check(row.number, row.name, organisation=organisation, now=now)


def _said(checked: Checked, language: str, now: datetime) -> list[str]:
    """In the order of HEADINGS."""
    if checked.verdict is None:
        word, advice = UNCHECKED[checked.match], ADVICE[checked.match]
        return [translate(word, language), "", "", translate(advice, language), ""]
    verdict = checked.verdict
    return [
        translate(STATES[verdict.state][0], language),
        _since(verdict, language),
        translate(MATCHES[checked.match], language),
        _advice(checked, verdict, language),
        show_moment(now, language),
    ]


def _since(verdict: Verdict, language: str) -> str:
    """Of a state that somebody decided, when; of one that counts, when it was signed."""
    note: Mapping[str, str] = verdict.answer.note if verdict.answer else {}
    if verdict.state in (State.SUSPENDED, State.REVOKED, State.REPLACED) and "changedAt" in note:
        return show_date(note["changedAt"], language)
    if verdict.read is None:
        return ""
    if verdict.state is State.EXPIRED and verdict.read.expires_at:
        return show_date(verdict.read.expires_at, language)
    return show_date(verdict.read.signed_at, language)


def _advice(checked: Checked, verdict: Verdict, language: str) -> str:
    said = [ADVICE[checked.match]] if checked.match in ADVICE else []
    if verdict.state in UNPROVEN:
        said.append(NOT_FORGED)
    if verdict.state in WHAT_NOW:
        said.append(WHAT_NOW[verdict.state])
    space = "" if language.startswith("zh") else " "
    return space.join(translate(sentence, language) for sentence in said)
