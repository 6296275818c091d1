"""The order in which people are called up at a ceremony, and the sheet for whoever hands over.

The lowest prize first, as a ceremony goes; within a prize by the entrant's number, a team together.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from contests.actions.common import contest_row
from contests.tables import Entry
from core import paper
from core.scoring.model import Text
from core.web.i18n import pick, translate
from credentials import queries, rendering
from credentials.files.making import not_handed_out
from credentials.tables import Certificate

HERE = Path(__file__).parent
PACKAGE = "ceremony"
LINES = 1000
"""On one sheet's file: more take the typesetter much memory."""
_AT_ONCE = 500


def register() -> None:
    paper.register(PACKAGE, HERE / "paper")


class Rank(NamedTuple):
    """Where a certificate stands in the order of calling up."""

    certificate: UUID
    issuer: str


async def ranks_of(contest: UUID) -> list[Rank]:
    """All of a contest, awards first, then what other issuers conferred. Without what is signed: there
    may be a hundred thousand."""
    place, numbers = await _places(contest), await _numbers(contest)
    found = [
        (
            row["kind"] != "award",
            -place.get(row["grade"], 0),
            numbers.get(row["entry"], ""),
            row["entry"],
            row["public_id"],
            Rank(row["id"], row["issuer"]),
        )
        for row in await Certificate.select(
            Certificate.id,
            Certificate.issuer,
            Certificate.kind,
            Certificate.grade,
            Certificate.entry,
            Certificate.public_id,
        ).where(Certificate.contest == str(contest))
    ]
    return [one[-1] for one in sorted(found, key=lambda one: one[:-1])]


async def calling_sheets(
    contest: UUID, title: Text, ranks: Sequence[Rank], language: str
) -> AsyncIterator[tuple[str, bytes]]:
    """Name and PDF of each sheet, one line a certificate, numbered as the stack of paper lies."""
    numbers, n = await _numbers(contest), 0
    for sheet, start in enumerate(range(0, len(ranks), LINES), 1):
        ids = [rank.certificate for rank in ranks[start : start + LINES]]
        lines = await _lines(ids, n, numbers, language)
        n += len(lines)
        made = await _sheet(lines, title, language)
        yield ("calling" if sheet == 1 else f"calling-{sheet:03}"), made


async def calling_sheet(contest: UUID, title: Text, language: str) -> bytes:
    """All of them in one PDF."""
    ids = [rank.certificate for rank in await ranks_of(contest)]
    return await _sheet(await _lines(ids, 0, await _numbers(contest), language), title, language)


async def _lines(
    ids: Sequence[UUID], before: int, numbers: Mapping[str, str], language: str
) -> list[list[str]]:
    lines: list[list[str]] = []
    for start in range(0, len(ids), _AT_ONCE):
        for row in await queries.stored_all(ids[start : start + _AT_ONCE]):
            if not not_handed_out(row):
                number = numbers.get(row["entry"], "")
                lines.append(_line(row, before + len(lines) + 1, number, language))
    return lines


def _line(row: Mapping[str, Any], n: int, number: str, language: str) -> list[str]:
    return [
        str(n),
        _drawable(rendering.name_in(rendering.token_of(row)), language),
        pick(json.loads(row["title"]), language),
        number,
        row["public_id"],
    ]


async def _sheet(lines: Sequence[Sequence[str]], title: Text, language: str) -> bytes:
    head = ("No.", "Name", "For", "Entrant's number", "Number", "Handed over")
    data = {
        "title": translate("In the order of calling up", language),
        "under": pick(title, language),
        "head": [translate(word, language) for word in head],
        "rows": lines,
    }
    return await paper.pdf(f"{PACKAGE}/calling.typ", data, language=language)


def _drawable(name: str, language: str) -> str:
    """A character that no font has, by its number: one rare name does not stop the ceremony's list."""
    missing = paper.lacking([name], language)
    return "".join(f"[U+{ord(c):04X}]" if c in missing else c for c in name)


async def _places(contest: UUID) -> dict[str, int]:
    """0 for the highest prize."""
    rules = json.loads((await contest_row(contest))["rules"] or "{}")
    codes = [prize["code"] for award in rules.get("awards", []) for prize in award["prizes"]]
    return {code: n for n, code in enumerate(dict.fromkeys(codes))}


async def _numbers(contest: UUID) -> dict[str, str]:
    rows = await Entry.select(Entry.id, Entry.number).where(Entry.contest == contest)
    return {str(row["id"]): row["number"].rjust(8) if row["number"] else "" for row in rows}
